"""Reads the tables of a plan into a plan document, with the cell of every fault and repair."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from patrol_scheduler.faults import Path, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError
from patrol_scheduler.formats.sheets import (
    BUSY_COLUMNS,
    CERTIFICATE,
    DAY_BASIS,
    KEY,
    LEAVE,
    PLAN,
    RULES,
    SHORT_COLUMNS,
    Column,
    Sheet,
    choice_spellings,
    heading,
    sheets,
    spellings,
)
from patrol_scheduler.formats.short_columns import ShortColumns
from patrol_scheduler.formats.table_rows import rows_of_sheets
from patrol_scheduler.formats.table_values import CellReader
from patrol_scheduler.formats.tables import At, PlanTables, Row, Table, column_of, heading_key
from patrol_scheduler.problem import LEAVE_KINDS, Shift
from patrol_scheduler.rules import BY_NAME
from patrol_scheduler.texts import LANGUAGES


def read_tables(file: str, tables: Sequence[Table]) -> PlanTables:
    """The plan document that tables hold; every fault and repair with its cell."""
    return _Reader(file, tables).read()


class _Reader:
    def __init__(self, file: str, tables: Sequence[Table]) -> None:
        self.found = PlanTables(file)
        self.speller = Speller()
        self.sheets = rows_of_sheets(self.found, tables)
        self.cells = CellReader(self.found, self.sheets)
        self.rows: dict[str, list[tuple[int, Row]]] = {}
        self.short: dict[str, object] = {}
        self.groups: dict[str, int] = {}
        self.linked = next((table.name for table in tables if table.linked), "")

    def read(self) -> PlanTables:
        if PLAN not in self.sheets and not self.found.faults:
            self.found.fault(None, None, "no-plan-sheet")
        document = self.found.document
        self._plan()
        for sheet in sheets():
            if sheet.name != PLAN and not sheet.parent:
                if sheet.name in self.sheets:
                    read = self._rules if sheet.name == RULES else self._entries
                    read(sheet)
                elif sheet.column("id") and sheet.name in ("agencies", "officers", "phases"):
                    document.setdefault(sheet.name, [])
        for sheet in sheets():
            if sheet.parent and sheet.name in self.sheets:
                self._children(sheet)
        ShortColumns(self.found, self.cells, self.rows).read(self.short, self.groups)
        document.setdefault("shifts", [])
        if self.linked:
            self.found.repair(At(self.linked, 1), None, "repair-links")
        return self.found

    # Entries

    def _plan(self) -> None:
        sheet = next(s for s in sheets() if s.name == PLAN)
        if PLAN not in self.sheets:
            return
        spelled = {heading_key(w): c for c in sheet.columns for w in spellings(PLAN, c.name)}
        words = [heading(PLAN, c.name, lang) for c in sheet.columns for lang in LANGUAGES]
        rows = self.sheets[PLAN].rows
        for row in rows:
            if "key" not in row.cells:
                continue
            label, at = row.cells["key"]
            name = column_of(label, {k: c.name for k, c in spelled.items()})
            column = sheet.column(name) if name else None
            if column is None:
                if "value" in row.cells:
                    nearest = self.speller.nearest(cells.plain(label), words)
                    self.found.fault(at, cells.plain(label), "unknown-item", nearest=nearest)
                continue
            if "value" in row.cells:
                cell, place = row.cells["value"]
                place = replace(place, label=cells.plain(label).split("\n")[0])
                path: Path = (column.name,)
                if column.name in self.found.document:
                    self.found.fault(place, cells.plain(label), "item-twice")
                elif column.name not in ("counted", DAY_BASIS.name):
                    self.cells.value(column, cell, place, self.found.document, path)
                elif column.name in self.short:
                    self.found.fault(place, cells.plain(label), "item-twice")
                else:
                    self.short[column.name] = self.cells.read(column, cell, place)

    def _entries(self, sheet: Sheet) -> None:
        entries: list[dict[str, Any]] = self.found.document.setdefault(sheet.name, [])
        rows = self.rows[sheet.name] = []
        group: object = None
        for row in self._each_day(sheet):
            if sheet.name == "busy":
                self._busy_row(sheet, row)
                continue
            if (known := self._about_the_same(sheet, row, entries)) is not None:
                rows.append((known, row))
                continue
            rows.append((len(entries), row))
            if _only_carries(sheet, row):
                continue
            if sheet.grouped and entries and self._continues(sheet, row, group):
                self._agency_row(sheet, row, entries[-1], (sheet.name, len(entries) - 1))
                continue
            path: Path = (sheet.name, len(entries))
            entry: dict[str, Any] = {}
            if sheet.grouped:
                group = cells.plain(row.cells[KEY][0]) if KEY in row.cells else None
                if group is not None:
                    self.groups.setdefault(str(group), len(entries))
                    self._group_name(row, entry, path)
            entries.append(entry)
            self.found.places[path] = At(self.sheets[sheet.name].title, row.number)
            short = {column.name for column in SHORT_COLUMNS.get(sheet.name, ())}
            elsewhere = {KEY, *short, *CERTIFICATE, *sheet.grouped}
            for column in sheet.columns:
                special = (
                    column.name in elsewhere
                    or (sheet.grouped and column.name == "agency")
                    or (column.name == "competent" and "place" in row.cells)
                )
                if column.name in row.cells and not special:
                    cell, at = row.cells[column.name]
                    self.cells.value(column, cell, at, entry, (*path, column.name))
            if sheet.grouped:
                for name in sheet.grouped:
                    column = next(c for c in sheet.columns if c.name == name)
                    if column.required:
                        entry[name] = {}
                self._agency_row(sheet, row, entry, path)
            if sheet.name == "officers":
                self._certificate(row, entry, path)
            if sheet.column("id"):
                self._name_as_id(sheet, row, entry, path)

    def _group_name(self, row: Row, entry: dict[str, Any], path: Path) -> None:
        """What holds the rows of a team together is its name, unless it is a mere number."""
        cell, at = row.cells[KEY]
        told = cells.read_text(cell).value
        if not cells.folded(cells.plain(cell)).strip().isdecimal() and isinstance(told, str):
            entry["name"] = told
            self.found.places[*path, "name"] = at
            self.groups.setdefault(told, path[1] if isinstance(path[1], int) else 0)

    def _about_the_same(self, sheet: Sheet, row: Row, entries: list[dict[str, Any]]) -> int | None:
        """The entry of a row that tells of it once more: a kind of violation at another place."""
        if sheet.name != "violation_kinds" or "place" not in row.cells or "id" not in row.cells:
            return None
        read: dict[str, Any] = {}
        for column in sheet.columns:
            if column.name in row.cells and column.name not in ("place", "competent"):
                cell, at = row.cells[column.name]
                value = self.cells.read(column, cell, at)
                known = [n for n, entry in enumerate(entries) if entry.get("id") == value]
                if column.name == "id" and not known:
                    return None
                read[column.name] = value
        place = next(n for n, entry in enumerate(entries) if entry.get("id") == read["id"])
        for name, value in read.items():
            if entries[place].setdefault(name, value) != value:
                cell, at = row.cells[name]
                self.found.fault(at, cells.plain(cell), "differs-from-above")
        return place

    def _each_day(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet; a wish for a weekday stands for each such day of the phases."""
        for row in self.sheets[sheet.name].rows:
            cell, at = row.cells.get("start", (None, None))
            weekday = cells.weekday_of(cell) if sheet.name == "requests" else None
            if weekday is None or at is None:
                if sheet.name == "requests" and at is not None:
                    row = replace(row, cells={"end": (cell, at)} | row.cells)
                yield row
                continue
            dates = [d for d in self._phase_dates() if d.isoweekday() == weekday]
            self.found.repair(at, cell, "repair-weekday", n=len(dates))
            for date in dates:
                days = {"start": (date, at), "end": (date, row.cells.get("end", (None, at))[1])}
                yield replace(row, cells=row.cells | days)

    def _phase_dates(self) -> list[dt.date]:
        """Every date of the phases that are rostered, as far as their dates can be read."""
        found: set[dt.date] = set()
        for phase in self.found.document.get("phases", []):
            first, last = phase.get("start"), phase.get("end")
            if (
                phase.get("rostered", True)
                and isinstance(first, dt.date)
                and isinstance(last, dt.date)
            ):
                days = min((last - first).days, 3660)
                found |= {first + dt.timedelta(days=n) for n in range(days + 1)}
        return sorted(found)

    def _continues(self, sheet: Sheet, row: Row, group: object) -> bool:
        """Whether a row belongs to the entry above it: it names the same group, or none."""
        if KEY in row.cells:
            return group is not None and cells.plain(row.cells[KEY][0]) == group
        return row.cells.keys() <= {"agency", *sheet.grouped} or group is not None

    def _agency_row(self, sheet: Sheet, row: Row, entry: dict[str, Any], path: Path) -> None:
        """The numbers of one agency."""
        counts = [name for name in sheet.grouped if name in row.cells]
        if not counts and "agency" not in row.cells:
            return
        at = next(iter(row.cells.values()))[1]
        if "agency" not in row.cells:
            self.found.fault(at, None, "agency-missing")
            return
        cell, at = row.cells["agency"]
        agency = self.cells.read(Column("agency", "reference", target="agencies"), cell, at)
        if not isinstance(agency, str):
            return
        self.found.places[*path, "members", agency] = at
        for name in counts:
            number, place = row.cells[name]
            numbers = entry.setdefault(name, {})
            if agency in numbers:
                self.found.fault(at, agency, "agency-twice")
                continue
            self.cells.value(
                Column(name, "count"), number, place, numbers, (*path, name, agency), agency
            )
        self._soften(row, entry, agency)

    def _soften(self, row: Row, entry: dict[str, Any], agency: str) -> None:
        """A number that is only wished for is an ideal one."""
        if "level" not in row.cells:
            return
        column = next(column for column in SHORT_COLUMNS["teams"] if column.name == "level")
        told = self.cells.read(column, *row.cells["level"])
        if told not in column.choices:
            self.found.fault(
                row.cells["level"][1], told, "not-a-choice", allowed=column.choices, nearest=None
            )
        least = entry.get("members", {}).get(agency)
        if told == "soft" and least is not None:
            del entry["members"][agency]
            ideal = entry.setdefault("ideal", {})
            ideal[agency] = max(least, ideal.get(agency, 0))

    def _certificate(self, row: Row, entry: dict[str, Any], path: Path) -> None:
        found: dict[str, Any] = {}
        sheet = next(s for s in sheets() if s.name == "officers")
        for name, field_name in CERTIFICATE.items():
            column = sheet.column(name)
            if name in row.cells and column:
                cell, at = row.cells[name]
                inner = (*path, "certificates", 0, field_name)
                self.cells.value(column, cell, at, found, inner, field_name)
        if found:
            entry["certificates"] = [found]

    def _name_as_id(self, sheet: Sheet, row: Row, entry: dict[str, Any], path: Path) -> None:
        """An entry without an id is called by its name, where no other has the name."""
        if "id" in entry or "id" in row.cells or not isinstance(entry.get("name"), str):
            return
        at = row.cells["name"][1]
        name = cells.read_id(entry["name"]).value
        names = [r.cells["name"][0] for r in self.sheets[sheet.name].rows if "name" in r.cells]
        same = sum(1 for other in names if _same(other, name))
        if same > 1:
            self.found.fault(at, name, "name-twice", (*path, "id"))
            entry["id"] = f"{name} ({row.number})"
            return
        entry["id"] = name
        self.found.places[*path, "id"] = at
        self.found.repair(at, name, "repair-name-as-id")

    def _children(self, sheet: Sheet) -> None:
        parents: list[dict[str, Any]] = self.found.document.get(sheet.parent, [])
        by_id = {entry.get("id"): place for place, entry in enumerate(parents)}
        unsure = sheet.parent not in self.sheets or self.found.ids_unread(sheet.parent)
        for row in self.sheets[sheet.name].rows:
            if KEY not in row.cells:
                at = At(self.sheets[sheet.name].title, row.number)
                self.found.fault(at, None, "missing")
                continue
            cell, at = row.cells[KEY]
            parent = self.cells.read(Column(KEY, "reference", target=sheet.parent), cell, at)
            if parent not in by_id:
                if parent is not None and not unsure:
                    nearest = self.speller.nearest(parent, [i for i in by_id if i])
                    what = f"unknown-{_SINGULAR[sheet.parent]}"
                    self.found.fault(at, parent, what, nearest=nearest)
                continue
            if sheet.name == LEAVE and self._is_busy(sheet, row):
                self._busy(sheet, row, parent)
                continue
            owner = parents[by_id[parent]]
            listed = owner.setdefault(sheet.field, [])
            path: Path = (sheet.parent, by_id[parent], sheet.field, len(listed))
            entry: dict[str, Any] = {}
            listed.append(entry)
            self.found.places[path] = At(at.table, row.number)
            for column in sheet.columns:
                told = column.name != KEY and not (sheet.name == LEAVE and column in BUSY_COLUMNS)
                if column.name in row.cells and told:
                    value, place = row.cells[column.name]
                    self.cells.value(column, value, place, entry, (*path, column.name))
            if sheet.name == LEAVE and "kind" in row.cells:
                entry.setdefault("reason", cells.plain(row.cells["kind"][0]))

    def _is_busy(self, sheet: Sheet, row: Row) -> bool:
        """Whether a row of leave tells more than days: hours, a shift, duty elsewhere, a wish."""
        kind, hard = (
            cells.folded(cells.plain(row.cells[name][0])) if name in row.cells else ""
            for name in ("kind", "hard")
        )
        column = sheet.column("kind")
        away = choice_spellings(column).get(kind.casefold(), kind) if column else kind
        return (
            "shift" in row.cells
            or away not in ("", *LEAVE_KINDS)
            or (bool(hard) and not _says_yes(row.cells["hard"][0]))
            or any(_has_time(row.cells[name][0]) for name in ("start", "end") if name in row.cells)
        )

    def _busy_row(self, sheet: Sheet, row: Row) -> None:
        """A row of busy times, read like one of leave."""
        officer = None
        if "officer" in row.cells:
            cell, at = row.cells["officer"]
            path = ("busy", len(self.found.document["busy"]), "officer")
            self.found.places[path] = at
            officer = self.cells.read(Column("officer", "reference", target="officers"), cell, at)
        self._busy(sheet, row, officer)

    def _busy(self, sheet: Sheet, row: Row, officer: object) -> None:
        """The busy times of a row: one stretch, or one a day in the hours of a shift."""
        listed: list[dict[str, Any]] = self.found.document.setdefault("busy", [])
        path: Path = ("busy", len(listed))
        self.found.places[path] = At(self.sheets[sheet.name].title, row.number)
        entry: dict[str, Any] = {"officer": officer} if officer is not None else {}
        for name in ("kind", "hard", "reason", "remarks"):
            column = sheet.column(name)
            if column and name in row.cells:
                cell, at = row.cells[name]
                self.cells.value(column, cell, at, entry, (*path, name))
        for name, end in (("start", False), ("end", True)):
            source = name if name in row.cells or "shift" not in row.cells else "start"
            if source in row.cells:
                cell, at = row.cells[source]
                found = self.cells.moment(cell, at, (*path, name), end=end)
                if found is not None:
                    entry[name] = found
        shift = self._shift_of(sheet, row)
        if shift is None or not isinstance(entry.get("start"), dt.datetime) or "end" not in entry:
            listed.append(entry)
            return
        first, last = entry["start"].date(), (entry["end"] - dt.timedelta(minutes=1)).date()
        for n in range(min((last - first).days, 3660) + 1):
            day = dt.datetime.combine(first + dt.timedelta(days=n), dt.time())
            times = {
                "start": day + dt.timedelta(minutes=shift.start_minute),
                "end": day + dt.timedelta(minutes=shift.end_minute),
            }
            self.found.places["busy", len(listed)] = self.found.places[path]
            listed.append(entry | times)

    def _shift_of(self, sheet: Sheet, row: Row) -> Shift | None:
        """The shift that a row names, where its hours can be read."""
        column = sheet.column("shift")
        if column is None or "shift" not in row.cells:
            return None
        cell, at = row.cells["shift"]
        found = self.cells.read(column, cell, at)
        told = [s for s in self.found.document.get("shifts", ()) if s.get("id") == found]
        if not told and found is not None:
            known = [str(s.get("id", "")) for s in self.found.document.get("shifts", ())]
            nearest = self.speller.nearest(str(found), known)
            self.found.fault(at, found, "unknown-shift", nearest=nearest)
        try:
            return Shift(id="-", start=told[0]["start"], end=told[0]["end"])
        except (IndexError, KeyError, ValueError):
            return None

    def _rules(self, sheet: Sheet) -> None:
        entries: list[dict[str, Any]] = []
        self.found.document[RULES] = entries
        for row in self.sheets[RULES].rows:
            path: Path = (RULES, len(entries))
            entry: dict[str, Any] = {}
            self.found.places[path] = At(self.sheets[RULES].title, row.number)
            for column in sheet.columns:
                if column.name in row.cells and column.name not in ("parameters", "title"):
                    cell, at = row.cells[column.name]
                    self.cells.value(column, cell, at, entry, (*path, column.name))
            if "parameters" in row.cells:
                cell, at = row.cells["parameters"]
                for name, value in self._parameters(cell, at).items():
                    entry[name] = value
                    self.found.places[*path, name] = at
            level = cells.folded(str(entry.get("level", ""))).casefold()
            kind = BY_NAME.get(str(entry.get("rule")))
            if level in HARD and kind is not None and "level" not in kind.model_fields:
                del entry["level"]  # the rule knows no other
            entries.append(entry)

    def _parameters(self, cell: Cell, at: At) -> dict[str, Any]:
        text = str(cells.read_text(cell).value)
        for attempt in (text, _loose(text)):
            try:
                return tomllib.loads(f"x = {{ {attempt} }}")["x"]  # type: ignore[no-any-return]
            except (ValueError, RecursionError):
                continue
        self.found.fault(at, text, "parameters-unreadable")
        return {}


HARD = ("硬", "hard", "must", "必须")
"""What the level of a rule without a price is called."""

_SINGULAR = {"officers": "officer", "areas": "area", "agencies": "agency", "phases": "phase"}


def _only_carries(sheet: Sheet, row: Row) -> bool:
    """Whether a row of the history tells of no duty, but of what an officer carries on."""
    return sheet.name == "history" and "carried" in row.cells and "shift" not in row.cells


def _says_yes(cell: Cell) -> bool:
    try:
        return bool(cells.read_flag(cell).value)
    except CellError:
        return False


def _has_time(cell: Cell) -> bool:
    """Whether a cell tells a time of day beside a date."""
    if isinstance(cell, dt.datetime):
        return cell.time() != dt.time()
    return isinstance(cell, str) and bool(re.search(r"\d\s*[:时点T]", cells.folded(cell)))


def _same(cell: Cell, name: object) -> bool:
    try:
        return cells.read_id(cell).value == name
    except CellError:
        return False


def _loose(text: str) -> str:
    """Parameters as people write them: ``days=2；per=week``."""
    parts = []
    for part in re.split(r"[;；\n]|[,，、](?=\s*\w+\s*[=＝])", text):
        name, _, value = cells.folded(part).partition("=")
        if not name.strip():
            continue
        word = value.strip()
        try:
            tomllib.loads(f"x = {word}")
        except ValueError:
            word = json.dumps(word, ensure_ascii=False)
        parts.append(f"{name.strip()} = {word}")
    return ", ".join(parts)
