"""Finds the sheets, headers and rows of a plan among tables; nothing in them may get lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patrol_scheduler.faults import Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.plan_tables.sheets import (
    PLAN,
    Column,
    Sheet,
    SheetTitle,
    heading,
    sheet_spellings,
    sheets,
    spellings,
)
from patrol_scheduler.formats.tables import (
    NOTES,
    At,
    PlanTables,
    Row,
    Table,
    find_header,
    heading_key,
)
from patrol_scheduler.texts import LANGUAGES


@dataclass(frozen=True)
class SheetRows:
    """The rows of a known sheet below its header; ``title`` is the name on the tab."""

    title: str
    rows: list[Row]


def rows_of_sheets(found: PlanTables, tables: Sequence[Table]) -> dict[str, SheetRows]:
    """The rows of each sheet of a plan by its name; faults and repairs go to ``found``."""
    finder = _Finder(found)
    by_name: dict[str, SheetRows] = {}
    for table in tables:
        sheet = finder.sheet_of(table)
        if sheet is None:
            continue
        if sheet.name in by_name:
            other = by_name[sheet.name].title
            found.fault(At(table.name, 1), table.name, "sheet-twice", other=other)
            continue
        found.titles[sheet.name] = table.name
        by_name[sheet.name] = SheetRows(table.name, list(finder.rows(table, sheet)))
    return by_name


class _Finder:
    def __init__(self, found: PlanTables) -> None:
        self.found = found
        self.speller = Speller()

    def sheet_of(self, table: Table) -> Sheet | None:
        wanted = heading_key(table.name)
        for sheet in sheets():
            if wanted in {heading_key(word) for word in sheet_spellings(sheet.name)}:
                return sheet
        used = any(not cells.blank(cell) for _, row in table.rows for cell in row)
        if used and wanted not in _UNREAD:
            names = [s.title(lang) for s in sheets() for lang in LANGUAGES]
            nearest = self.speller.nearest(table.name, names) or _by_headings(table)
            self.found.repair(At(table.name, 1), table.name, "sheet-ignored", nearest=nearest)
        return None

    def rows(self, table: Table, sheet: Sheet) -> Iterator[Row]:
        columns = (Column("key", "text"), Column("value", "text")) if sheet.name == PLAN else None
        known = columns or sheet.columns
        if table.hidden:
            self.found.repair(At(table.name, 1), table.name, "repair-hidden-sheet")
        if table.beyond:
            self.found.fault(At(table.name, *table.beyond), None, "column-too-far")
        spelled = {
            heading_key(word): c.name for c in known for word in spellings(sheet.name, c.name)
        }
        rows = [(n, row) for n, row in table.rows if any(not cells.blank(c) for c in row)]
        if not rows:
            return
        place, named = find_header(rows, spelled)
        if not named:
            self.found.fault(
                At(table.name, rows[0][0]), None, "no-header-row",
                expected=tuple(heading(sheet.name, c.name, "zh-CN") for c in known[:6]),
            )  # fmt: skip
            return
        number, header = rows[place]
        if place:
            self.found.repair(At(table.name, number), None, "repair-title-rows", rows=place)
        labels = {at: cells.plain(cell).strip().split("\n")[0] for at, cell in enumerate(header)}
        self._check_header(table, sheet, number, header, named, rows[place + 1 :], known)
        for position in named:
            if position + 1 in table.hidden_columns:
                at = At(table.name, number, position + 1, labels[position])
                self.found.repair(at, None, "repair-hidden-column")
        for at_row, at_column, what in table.repairs:
            if at_row > number:
                label = labels.get((at_column or 0) - 1, "")
                self.found.repair(At(table.name, at_row, at_column, label), None, what)
        for row_number, values in rows[place + 1 :]:
            found: dict[str, tuple[Cell, At]] = {}
            for position, name in named.items():
                cell = values[position] if position < len(values) else None
                at = At(table.name, row_number, position + 1, labels[position])
                wrong = table.faulty.get((row_number, position + 1))
                if wrong:
                    self.found.fault(at, cell, wrong)
                    self.found.unread.add((table.name, row_number, name))
                elif not cells.blank(cell):
                    found[name] = (cell, at)
            if found:
                yield Row(row_number, found)

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
                self.found.fault(at, label, "unknown-column", nearest=nearest)
            else:
                self.found.fault(at, None, "column-without-heading")


_LIKE = 3
"""So many known headings make a sheet look like one of the plan's."""


def _by_headings(table: Table) -> SheetTitle | None:
    """The sheet of a plan whose headings a table has, whatever it is called."""
    rows = [(n, row) for n, row in table.rows if any(not cells.blank(c) for c in row)]
    best, most = None, _LIKE - 1
    for sheet in sheets():
        spelled = {
            heading_key(word): column.name
            for column in sheet.columns
            for word in spellings(sheet.name, column.name)
        }
        named = len(find_header(rows, spelled)[1])
        if named > most:
            best, most = SheetTitle(sheet.name), named
    return best


_UNREAD = {"说明", "readme", "选项", "choices", "填写说明"}
"""Sheets for people; they are not read."""
