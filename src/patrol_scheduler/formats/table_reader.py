"""Reads the tables of a plan into a plan document, with the cell of every fault and repair."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from patrol_scheduler.faults import Fault, Path, Speller, Word
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError, Reading
from patrol_scheduler.formats.sheets import (
    CERTIFICATE,
    GAPS,
    KEY,
    PLAN,
    RULES,
    Column,
    Sheet,
    choice_spellings,
    heading,
    sheet_spellings,
    sheets,
    spellings,
)
from patrol_scheduler.formats.tables import (
    NOTES,
    At,
    PlanTables,
    Repair,
    Table,
    column_of,
    find_header,
    heading_key,
)
from patrol_scheduler.texts import LANGUAGES


def read_tables(file: str, tables: Sequence[Table]) -> PlanTables:
    """The plan document that tables hold; every fault and repair with its cell."""
    return _Reader(file, tables).read()


@dataclass
class _Row:
    """One row: its number and, by column, the cell with its place."""

    number: int
    cells: dict[str, tuple[Cell, At]]


class _Reader:
    def __init__(self, file: str, tables: Sequence[Table]) -> None:
        self.found = PlanTables(file)
        self.speller = Speller()
        self.sheets: dict[str, tuple[Table, list[_Row]]] = {}
        self.linked = next((table.name for table in tables if table.linked), "")
        for table in tables:
            sheet = self._sheet_of(table)
            if sheet is None:
                continue
            if sheet.name in self.sheets:
                other = self.sheets[sheet.name][0].name
                self._fault(At(table.name, 1), table.name, "sheet-twice", other=other)
                continue
            self.sheets[sheet.name] = (table, list(self._rows(table, sheet)))

    def read(self) -> PlanTables:
        if PLAN not in self.sheets and not self.found.faults:
            self._fault(None, None, "no-plan-sheet")
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
        self._gaps()
        document.setdefault("shifts", [])
        if self.linked:
            self._repair(At(self.linked, 1), None, "repair-links")
        return self.found

    # What is wrong, and what was mended

    def _fault(
        self, at: At | None, value: object, what: str, path: Path = (), **values: object
    ) -> None:
        key = what if "." in what else f"{'tables' if what in _OWN else 'faults'}.{what}"
        place = at.say() if at else ""
        fault = Fault(self.found.file, place, None, value, key, tuple(values.items()), path)
        self.found.faults.append(fault)
        if at and path:
            self.found.places[path] = at

    def _repair(self, at: At, value: object, what: str, **values: object) -> None:
        self.found.repairs.append(
            Repair(self.found.file, at.say(), None, value, f"tables.{what}", tuple(values.items()))
        )

    # Sheets and headers

    def _sheet_of(self, table: Table) -> Sheet | None:
        wanted = heading_key(table.name)
        for sheet in sheets():
            if wanted in {heading_key(word) for word in sheet_spellings(sheet.name)}:
                return sheet
        used = any(not cells.blank(cell) for _, row in table.rows for cell in row)
        if used and wanted not in _UNREAD:
            names = [s.title(lang) for s in sheets() for lang in LANGUAGES]
            nearest = self.speller.nearest(table.name, names)
            self._repair(At(table.name, 1), table.name, "sheet-ignored", nearest=nearest)
        return None

    def _rows(self, table: Table, sheet: Sheet) -> Iterator[_Row]:
        columns = (Column("key", "text"), Column("value", "text")) if sheet.name == PLAN else None
        known = columns or sheet.columns
        spelled = {
            heading_key(word): c.name for c in known for word in spellings(sheet.name, c.name)
        }
        rows = [(n, row) for n, row in table.rows if any(not cells.blank(c) for c in row)]
        if not rows:
            return
        place, named = find_header(rows, spelled)
        if not named:
            self._fault(
                At(table.name, rows[0][0]), None, "no-header-row",
                expected=tuple(heading(sheet.name, c.name, "zh-CN") for c in known[:6]),
            )  # fmt: skip
            return
        number, header = rows[place]
        if place:
            self._repair(At(table.name, number), None, "repair-title-rows", rows=place)
        labels = {at: cells.plain(cell).strip() for at, cell in enumerate(header)}
        self._check_header(table, sheet, number, header, named, rows[place + 1 :], known)
        for at_row, at_column, what in table.repairs:
            if at_row > number:
                label = labels.get((at_column or 0) - 1, "")
                self._repair(At(table.name, at_row, at_column, label), None, what)
        for row_number, values in rows[place + 1 :]:
            found: dict[str, tuple[Cell, At]] = {}
            for position, name in named.items():
                cell = values[position] if position < len(values) else None
                at = At(table.name, row_number, position + 1, labels[position])
                wrong = table.faulty.get((row_number, position + 1))
                if wrong:
                    self._fault(at, cell, wrong)
                elif not cells.blank(cell):
                    found[name] = (cell, at)
            if found:
                yield _Row(row_number, found)

    def _check_header(
        self,
        table: Table,
        sheet: Sheet,
        number: int,
        header: list[Cell],
        named: dict[int, str],
        rows: list[tuple[int, list[Cell]]],
        known: Sequence[Column],
    ) -> None:
        """Columns with cells but without a known heading are a fault: nothing may get lost."""
        words = [heading(sheet.name, c.name, lang) for c in known for lang in LANGUAGES]
        width = max([len(header), *(len(row) for _, row in rows)])
        for position in range(width):
            label = cells.plain(header[position]).strip() if position < len(header) else ""
            used = any(position < len(row) and not cells.blank(row[position]) for _, row in rows)
            parts = re.split(r"[\n/·]", label)
            if position in named or not used or label.startswith("#"):
                continue
            if any(heading_key(part) in NOTES for part in parts):
                continue
            at = At(table.name, number, position + 1)
            if label:
                nearest = self.speller.nearest(label, words)
                self._fault(at, label, "unknown-column", nearest=nearest)
            else:
                self._fault(at, None, "column-without-heading")

    # Entries

    def _plan(self) -> None:
        sheet = next(s for s in sheets() if s.name == PLAN)
        if PLAN not in self.sheets:
            return
        spelled = {heading_key(w): c for c in sheet.columns for w in spellings(PLAN, c.name)}
        words = [heading(PLAN, c.name, lang) for c in sheet.columns for lang in LANGUAGES]
        rows = self.sheets[PLAN][1]
        for row in rows:
            if "key" not in row.cells:
                continue
            label, at = row.cells["key"]
            name = column_of(label, {k: c.name for k, c in spelled.items()})
            column = sheet.column(name) if name else None
            if column is None:
                if "value" in row.cells:
                    nearest = self.speller.nearest(cells.plain(label), words)
                    self._fault(at, cells.plain(label), "unknown-item", nearest=nearest)
                continue
            if "value" in row.cells:
                cell, place = row.cells["value"]
                place = replace(place, label=cells.plain(label).split("\n")[0])
                path: Path = (column.name,)
                if column.name in self.found.document:
                    self._fault(place, cells.plain(label), "item-twice")
                elif column.name not in ("counted",):
                    self._value(column, cell, place, self.found.document, path)
                else:
                    self._counted = self._read(column, cell, place)

    _counted: object = None

    @property
    def _near(self) -> tuple[dt.date, dt.date] | None:
        """The dates of the plan, between which dates without a year lie."""
        first, last = self.found.document.get("start"), self.found.document.get("end")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and first <= last:
            return first - dt.timedelta(days=60), last + dt.timedelta(days=60)
        return None

    def _entries(self, sheet: Sheet) -> None:
        entries: list[dict[str, Any]] = []
        self.found.document[sheet.name] = entries
        group: object = None
        for row in self._each_day(sheet):
            if sheet.grouped and entries and self._continues(sheet, row, group):
                self._agency_row(sheet, row, entries[-1], (sheet.name, len(entries) - 1))
                continue
            if sheet.grouped:
                group = cells.plain(row.cells[KEY][0]) if KEY in row.cells else None
            path: Path = (sheet.name, len(entries))
            entry: dict[str, Any] = {}
            entries.append(entry)
            self.found.places[path] = At(self.sheets[sheet.name][0].name, row.number)
            for column in sheet.columns:
                special = column.name in (KEY, *GAPS, *CERTIFICATE, *sheet.grouped) or (
                    sheet.grouped and column.name == "agency"
                )
                if column.name in row.cells and not special:
                    cell, at = row.cells[column.name]
                    self._value(column, cell, at, entry, (*path, column.name))
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

    def _each_day(self, sheet: Sheet) -> Iterator[_Row]:
        """The rows of a sheet; a wish for a weekday stands for each such day of the phases."""
        for row in self.sheets[sheet.name][1]:
            cell, at = row.cells.get("start", (None, None))
            weekday = cells.weekday_of(cell) if sheet.name == "requests" else None
            if weekday is None or at is None:
                yield row
                continue
            dates = [d for d in self._phase_dates() if d.isoweekday() == weekday]
            self._repair(at, cell, "repair-weekday", n=len(dates))
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

    def _continues(self, sheet: Sheet, row: _Row, group: object) -> bool:
        """Whether a row belongs to the entry above it: it names the same group, or none."""
        if KEY in row.cells:
            return group is not None and cells.plain(row.cells[KEY][0]) == group
        return row.cells.keys() <= {"agency", *sheet.grouped} or group is not None

    def _agency_row(self, sheet: Sheet, row: _Row, entry: dict[str, Any], path: Path) -> None:
        """The numbers of one agency."""
        counts = [name for name in sheet.grouped if name in row.cells]
        if not counts and "agency" not in row.cells:
            return
        at = next(iter(row.cells.values()))[1]
        if "agency" not in row.cells:
            self._fault(at, None, "agency-missing")
            return
        cell, at = row.cells["agency"]
        agency = self._read(Column("agency", "reference", target="agencies"), cell, at)
        if not isinstance(agency, str):
            return
        self.found.places[*path, "members", agency] = at
        for name in counts:
            number, place = row.cells[name]
            numbers = entry.setdefault(name, {})
            if agency in numbers:
                self._fault(at, agency, "agency-twice")
                continue
            self._value(
                Column(name, "count"), number, place, numbers, (*path, name, agency), agency
            )

    def _certificate(self, row: _Row, entry: dict[str, Any], path: Path) -> None:
        found: dict[str, Any] = {}
        sheet = next(s for s in sheets() if s.name == "officers")
        for name, field_name in CERTIFICATE.items():
            column = sheet.column(name)
            if name in row.cells and column:
                cell, at = row.cells[name]
                inner = (*path, "certificates", 0, field_name)
                self._value(column, cell, at, found, inner, field_name)
        if found:
            entry["certificates"] = [found]

    def _name_as_id(self, sheet: Sheet, row: _Row, entry: dict[str, Any], path: Path) -> None:
        """An entry without an id is called by its name, where no other has the name."""
        if "id" in entry or "id" in row.cells or not isinstance(entry.get("name"), str):
            return
        at = row.cells["name"][1]
        name = cells.read_id(entry["name"]).value
        names = [r.cells["name"][0] for r in self.sheets[sheet.name][1] if "name" in r.cells]
        same = sum(1 for other in names if _same(other, name))
        if same > 1:
            self._fault(at, name, "name-twice", (*path, "id"))
            entry["id"] = f"{name} ({row.number})"
            return
        entry["id"] = name
        self.found.places[*path, "id"] = at
        self._repair(at, name, "repair-name-as-id")

    def _children(self, sheet: Sheet) -> None:
        parents: list[dict[str, Any]] = self.found.document.get(sheet.parent, [])
        by_id = {entry.get("id"): place for place, entry in enumerate(parents)}
        for row in self.sheets[sheet.name][1]:
            if KEY not in row.cells:
                at = At(self.sheets[sheet.name][0].name, row.number)
                self._fault(at, None, "missing")
                continue
            cell, at = row.cells[KEY]
            parent = self._read(Column(KEY, "reference", target=sheet.parent), cell, at)
            if parent not in by_id:
                if parent is not None:
                    nearest = self.speller.nearest(parent, [i for i in by_id if i])
                    self._fault(at, parent, f"unknown-{_SINGULAR[sheet.parent]}", nearest=nearest)
                continue
            owner = parents[by_id[parent]]
            listed = owner.setdefault(sheet.field, [])
            path: Path = (sheet.parent, by_id[parent], sheet.field, len(listed))
            entry: dict[str, Any] = {}
            listed.append(entry)
            self.found.places[path] = At(at.table, row.number)
            for column in sheet.columns:
                if column.name in row.cells and column.name != KEY:
                    value, place = row.cells[column.name]
                    self._value(column, value, place, entry, (*path, column.name))

    def _rules(self, sheet: Sheet) -> None:
        entries: list[dict[str, Any]] = []
        self.found.document[RULES] = entries
        for row in self.sheets[RULES][1]:
            path: Path = (RULES, len(entries))
            entry: dict[str, Any] = {}
            self.found.places[path] = At(self.sheets[RULES][0].name, row.number)
            for column in sheet.columns:
                if column.name in row.cells and column.name != "parameters":
                    cell, at = row.cells[column.name]
                    self._value(column, cell, at, entry, (*path, column.name))
            if "parameters" in row.cells:
                cell, at = row.cells["parameters"]
                for name, value in self._parameters(cell, at).items():
                    entry[name] = value
                    self.found.places[*path, name] = at
            entries.append(entry)

    def _parameters(self, cell: Cell, at: At) -> dict[str, Any]:
        text = str(cells.read_text(cell).value)
        for attempt in (text, _loose(text)):
            try:
                return tomllib.loads(f"x = {{ {attempt} }}")["x"]  # type: ignore[no-any-return]
            except (ValueError, RecursionError):
                continue
        self._fault(at, text, "parameters-unreadable")
        return {}

    def _gaps(self) -> None:
        """Cadences that stand in columns of phases and areas come before those of their own."""
        document = self.found.document
        own: list[dict[str, Any]] = []
        for name, target in (("phases", "phases"), ("areas", "areas")):
            rows = self.sheets[name][1] if name in self.sheets else []
            for place, row in enumerate(rows):
                if not set(GAPS) & row.cells.keys() or place >= len(document.get(name, [])):
                    continue
                identifier = document[name][place].get("id")
                entry: dict[str, Any] = {target: [identifier] if identifier else []}
                for gap, field_name in zip(GAPS, ("min_days", "max_days"), strict=True):
                    if gap in row.cells:
                        cell, at = row.cells[gap]
                        path = ("cadences", len(own), field_name)
                        column = Column(gap, "count")
                        self._value(column, cell, at, entry, path, field_name)
                self.found.places["cadences", len(own)] = next(iter(row.cells.values()))[1]
                if self._counted:
                    entry["counted"] = self._counted
                own.append(entry)
        if own:
            further = document.get("cadences", [])
            moved = {
                ("cadences", path[1] + len(own), *path[2:]): at
                for path, at in self.found.places.items()
                if path[0] == "cadences" and len(path) > 1 and isinstance(path[1], int)
                and at.table == (self.sheets["cadences"][0].name if further else "")
            }  # fmt: skip
            self.found.places |= moved
            document["cadences"] = own + further

    # Values

    def _value(
        self,
        column: Column,
        cell: Cell,
        at: At,
        entry: dict[str, Any],
        path: Path,
        name: str | None = None,
    ) -> None:
        self.found.places[path] = at
        value = self._read(column, cell, at, path)
        if value is not None:
            entry[name or column.name] = value

    def _read(self, column: Column, cell: Cell, at: At, path: Path = ()) -> object:
        try:
            reading = self._reading(column, cell)
        except CellError as wrong:
            self._fault(at, cell, wrong.what, path, **wrong.values)
            return None
        for what in reading.repairs:
            self._repair(at, cell, what, read=_shown(reading.value))
        return reading.value

    def _reading(self, column: Column, cell: Cell) -> Reading:
        match column.kind:
            case "text":
                if column.name == "phone" and cells._SCIENTIFIC.fullmatch(
                    cells.plain(cell).strip()
                ):
                    raise CellError("cell-scientific")
                return cells.read_text(cell)
            case "id":
                return cells.read_id(cell)
            case "reference":
                return self._reference(column, cell)
            case "references" | "texts":
                parts = [self._reference(column, part) for part in cells.split(cell)]
                return Reading([p.value for p in parts], [r for p in parts for r in p.repairs])
            case "dates":
                dates = [cells.read_date(part, self._near) for part in self._dates(cell)]
                return Reading([d.value for d in dates], [r for d in dates for r in d.repairs])
            case "date":
                return cells.read_date(cell, self._near)
            case "moment":
                return cells.read_moment(cell, self._near)
            case "choice":
                return self._choice(column, cell)
            case "json" | "map":
                return self._json(cell)
            case _:
                return _PLAIN[column.kind](cell)

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
            for row in self.sheets[target][1] if target in self.sheets else []:
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


_UNREAD = {"说明", "readme", "选项", "choices", "填写说明"}
"""Sheets for people; they are not read."""

_PLAIN: dict[str, Callable[[Cell], Reading]] = {
    "count": cells.read_count,
    "number": cells.read_number,
    "flag": cells.read_flag,
    "clock": cells.read_clock,
}

_SINGULAR = {"officers": "officer", "areas": "area", "agencies": "agency", "phases": "phase"}

_OWN = frozenset(
    {
        "sheet-twice", "no-plan-sheet", "no-header-row", "unknown-column", "column-without-heading",
        "unknown-item", "item-twice", "agency-missing", "agency-twice", "name-twice",
        "name-not-unique", "parameters-unreadable", "cell-scientific", "cell-number-for-name",
        "cell-not-a-flag", "cell-year-unclear", "cell-not-a-moment", "cell-not-json",
        "cell-formula", "cell-error",
    }
)  # fmt: skip
"""Faults whose sentences speak of tables; the others speak of plans in any form."""


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


def _shown(value: object) -> object:
    if isinstance(value, list):
        return Word(cells.SEPARATOR.join(map(str, value)))
    return value
