"""Reads the cells of a plan's tables: each by its column, names as ids, slips mended and told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from patrol_scheduler.faults import Path, Word
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError, Reading
from patrol_scheduler.formats.plan_tables.rows import SheetRows
from patrol_scheduler.formats.plan_tables.sheets import Column, choice_spellings
from patrol_scheduler.formats.tables import At, PlanTables


class CellReader:
    """Reads cells into ``found``; ``sheets`` tell which ids and names there are."""

    def __init__(self, found: PlanTables, sheets: Mapping[str, SheetRows]) -> None:
        self.found = found
        self._sheets = sheets

    @property
    def near(self) -> tuple[dt.date, dt.date] | None:
        """The dates of the plan, between which dates without a year lie."""
        first, last = self.found.document.get("start"), self.found.document.get("end")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and first <= last:
            return first - dt.timedelta(days=60), last + dt.timedelta(days=60)
        return None

    def value(
        self,
        column: Column,
        cell: Cell,
        at: At,
        entry: dict[str, Any],
        path: Path,
        name: str | None = None,
    ) -> None:
        """Put what a cell says into ``entry`` and note its place; a fault puts nothing."""
        self.found.places[path] = at
        value = self.read(column, cell, at, path)
        if value is not None:
            entry[name or column.name] = value

    def read(self, column: Column, cell: Cell, at: At, path: Path = ()) -> object:
        """What a cell says, or ``None`` after a fault."""
        try:
            reading = self._reading(column, cell)
        except CellError as wrong:
            self.found.fault(at, cell, wrong.what, path, **wrong.values)
            return None
        for what in reading.repairs:
            self.found.repair(at, cell, what, read=_shown(reading.value))
        return reading.value

    def moment(self, cell: Cell, at: At, path: Path, *, end: bool) -> dt.datetime | None:
        """A date with or without a time of day; a bare date is its first or last instant."""
        self.found.places[path] = at
        try:
            found = cells.read_date(cell, self.near)
        except CellError:
            told = self.read(Column("moment", "moment"), cell, at, path)
            return dt.datetime.fromisoformat(told) if isinstance(told, str) else None
        for what in found.repairs:
            self.found.repair(at, cell, what, read=_shown(found.value))
        date = found.value
        if not isinstance(date, dt.date):
            return None
        return dt.datetime.combine(date, dt.time()) + dt.timedelta(days=int(end))

    def _reading(self, column: Column, cell: Cell) -> Reading:
        match column.kind:
            case "text":
                return cells.read_text(cell)
            case "id":
                return cells.read_id(cell)
            case "reference":
                return self._reference(column, cell)
            case "references" | "texts":
                parts = [self._reference(column, part) for part in cells.split(cell)]
                return Reading([p.value for p in parts], [r for p in parts for r in p.repairs])
            case "counts":
                numbers = [self._number_of(column, part) for part in cells.split(cell)]
                return Reading([n.value for n in numbers], [r for n in numbers for r in n.repairs])
            case "dates":
                dates = [cells.read_date(part, self.near) for part in self._dates(cell)]
                return Reading([d.value for d in dates], [r for d in dates for r in d.repairs])
            case "date":
                return cells.read_date(cell, self.near)
            case "moment":
                return cells.read_moment(cell, self.near)
            case "choice":
                return self._choice(column, cell)
            case "choices":
                words = [self._choice(column, part) for part in cells.split(cell)]
                return Reading([w.value for w in words], [r for w in words for r in w.repairs])
            case "json" | "map":
                return self._json(cell)
            case "count" if column.name in PERCENTS:
                return _percent(cell)
            case "count" if column.name in ("leaders", "drivers"):
                return _number_or_flag(cell)
            case _:
                return _PLAIN[column.kind](cell)

    def _number_of(self, column: Column, cell: Cell) -> Reading:
        """A whole number; a day of the week also by its name."""
        day = cells.weekday_of(cell) if column.name == "weekdays" else None
        return Reading(day, ["repair-number"]) if day else cells.read_count(cell)

    def _dates(self, cell: Cell) -> list[Cell]:
        return list(cells.split(cell)) if isinstance(cell, str) else [cell]

    def _json(self, cell: Cell) -> Reading:
        try:
            return Reading(json.loads(cells.plain(cell)), [])
        except (ValueError, RecursionError):
            raise CellError("cell-not-json") from None

    def _choice(self, column: Column, cell: Cell) -> Reading:
        found = cells.read_id(cell)
        word = str(found.value)
        value = choice_spellings(column).get(word.casefold())
        return Reading(value if value is not None else word, found.repairs)

    def _reference(self, column: Column, cell: Cell) -> Reading:
        """An id; a name stands for the id of the only entry that bears it."""
        found = cells.read_id(cell)
        if not column.target:
            return found
        ids, names = self._known(column.target)
        word = found.value
        if word in ids or word not in names:
            return found
        fitting = names[str(word)]
        if len(fitting) > 1:
            raise CellError("name-not-unique", ids=tuple(fitting))
        return Reading(fitting[0], found.repairs)

    def _known(self, target: str) -> tuple[set[object], dict[str, list[str]]]:
        """The ids of a list, and who bears each name, from what its sheet says."""
        if target not in self._lists:
            ids: set[object] = set()
            names: dict[str, list[str]] = {}
            for row in self._sheets[target].rows if target in self._sheets else []:
                texts: dict[str, str] = {}
                for name in ("id", "name"):
                    if name in row.cells:
                        try:
                            texts[name] = str(cells.read_id(row.cells[name][0]).value)
                        except CellError:
                            continue
                identifier = texts.get("id") or texts.get("name")
                if identifier:
                    ids.add(identifier)
                    if "name" in texts:
                        names.setdefault(texts["name"], []).append(identifier)
            self._lists[target] = (ids, names)
        return self._lists[target]

    @cached_property
    def _lists(self) -> dict[str, tuple[set[object], dict[str, list[str]]]]:
        return {}


_PLAIN: dict[str, Callable[[Cell], Reading]] = {
    "count": cells.read_count,
    "number": cells.read_number,
    "flag": cells.read_flag,
    "clock": cells.read_clock,
}


PERCENTS = ("full_time_percent", "lends_percent")
"""Columns of whole percentages, which people also write as 50% or as a part of one."""


def _percent(cell: Cell) -> Reading:
    """A whole percentage; a part of one, such as 0.5, is 50."""
    if isinstance(cell, str) and (text := cells.folded(cell)).endswith("%"):
        return Reading(cells.read_count(text[:-1]).value, ["repair-number"])
    found = cells.read_number(cell)
    if isinstance(found.value, float) and 0 < found.value < 1:
        return Reading(cells.read_count(round(found.value * 100, 9)).value, ["repair-number"])
    return cells.read_count(cell)


def _number_or_flag(cell: Cell) -> Reading:
    """How many officers of some ability; yes is one."""
    try:
        return cells.read_count(cell)
    except CellError:
        try:
            return Reading(int(bool(cells.read_flag(cell).value)), ["repair-number"])
        except CellError:
            pass
        raise


def _shown(value: object) -> object:
    if isinstance(value, list):
        return Word(cells.SEPARATOR.join(map(str, value)))
    return value
