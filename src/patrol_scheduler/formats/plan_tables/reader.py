"""Reads the tables of a plan into a plan document, with the cell of every fault and repair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from patrol_scheduler.faults import Path, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError
from patrol_scheduler.formats.plan_tables.busy_rows import BusyRows
from patrol_scheduler.formats.plan_tables.rows import rows_of_sheets
from patrol_scheduler.formats.plan_tables.rule_rows import RuleRows
from patrol_scheduler.formats.plan_tables.sheets import (
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
    heading,
    sheets,
    spellings,
)
from patrol_scheduler.formats.plan_tables.short_columns import ShortColumns
from patrol_scheduler.formats.plan_tables.team_rows import TeamRows
from patrol_scheduler.formats.plan_tables.values import CellReader
from patrol_scheduler.formats.tables import At, PlanTables, Row, Table, column_of, heading_key
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
        self.teams = TeamRows(self.found, self.cells)
        self.busy = BusyRows(self.found, self.cells, self.sheets, self.speller)
        self.linked = next((table.name for table in tables if table.linked), "")

    def read(self) -> PlanTables:
        if PLAN not in self.sheets and not self.found.faults:
            self.found.fault(None, None, "no-plan-sheet")
        document = self.found.document
        self._plan()
        for sheet in sheets():
            if sheet.name != PLAN and not sheet.parent:
                if sheet.name in self.sheets:
                    self._sheet(sheet)
                elif sheet.column("id") and sheet.name in ("agencies", "officers", "phases"):
                    document.setdefault(sheet.name, [])
        for sheet in sheets():
            if sheet.parent and sheet.name in self.sheets:
                self._children(sheet)
        ShortColumns(self.found, self.cells, self.rows).read(self.short, self.teams.groups)
        document.setdefault("shifts", [])
        if self.linked:
            self.found.repair(At(self.linked, 1), None, "repair-links")
        return self.found

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

    def _sheet(self, sheet: Sheet) -> None:
        if sheet.name == RULES:
            RuleRows(self.found, self.cells).read(sheet, self.sheets[RULES])
        else:
            self._entries(sheet)

    def _entries(self, sheet: Sheet) -> None:
        entries: list[dict[str, Any]] = self.found.document.setdefault(sheet.name, [])
        rows = self.rows[sheet.name] = []
        for row in self._each_day(sheet):
            if sheet.name == "busy":
                self.busy.read(sheet, row)
                continue
            if (known := self._about_the_same(sheet, row, entries)) is not None:
                rows.append((known, row))
                continue
            rows.append((len(entries), row))
            if _only_carries(sheet, row):
                continue
            if sheet.grouped and entries and self.teams.continues(sheet, row):
                self.teams.read(sheet, row, entries[-1], (sheet.name, len(entries) - 1))
                continue
            path: Path = (sheet.name, len(entries))
            entry: dict[str, Any] = {}
            if sheet.grouped:
                self.teams.begin(row, entry, path, len(entries))
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
                self.teams.read(sheet, row, entry, path)
            if sheet.name == "officers":
                self._certificate(row, entry, path)
            if sheet.column("id"):
                self._name_as_id(sheet, row, entry, path)

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
                    nearest = self.speller.nearest_named(
                        parent, {e["id"]: e.get("name", "") for e in parents if e.get("id")}
                    )
                    what = f"unknown-{_SINGULAR[sheet.parent]}"
                    self.found.fault(at, parent, what, nearest=nearest)
                continue
            if sheet.name == LEAVE and self.busy.is_busy(sheet, row):
                self.busy.add(sheet, row, parent)
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


_SINGULAR = {"officers": "officer", "areas": "area", "agencies": "agency", "phases": "phase"}


def _only_carries(sheet: Sheet, row: Row) -> bool:
    """Whether a row of the history tells of no duty, but of what an officer carries on."""
    return sheet.name == "history" and "carried" in row.cells and "shift" not in row.cells


def _same(cell: Cell, name: object) -> bool:
    try:
        return cells.read_id(cell).value == name
    except CellError:
        return False
