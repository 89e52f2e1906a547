"""Rows that hold the team of a patrol: one for each agency, held together by their group."""

from __future__ import annotations

from typing import Any

from patrol_scheduler.faults import Path
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.plan_tables.sheets import KEY, SHORT_COLUMNS, Column, Sheet
from patrol_scheduler.formats.plan_tables.values import CellReader
from patrol_scheduler.formats.tables import PlanTables, Row


class TeamRows:
    """Reads the rows of teams into ``found``; ``groups`` are the entries by the name of a group."""

    def __init__(self, found: PlanTables, reader: CellReader) -> None:
        self.found, self.cells = found, reader
        self.groups: dict[str, int] = {}
        self._group: object = None

    def continues(self, sheet: Sheet, row: Row) -> bool:
        """Whether a row belongs to the entry above it: it names the same group, or none."""
        if KEY in row.cells:
            return self._group is not None and cells.plain(row.cells[KEY][0]) == self._group
        return row.cells.keys() <= {"agency", *sheet.grouped} or self._group is not None

    def begin(self, row: Row, entry: dict[str, Any], path: Path, place: int) -> None:
        """Note the group with whose first row an entry begins.

        What holds the rows of a team together is its name, unless it is a mere number.
        """
        if KEY not in row.cells:
            self._group = None
            return
        cell, at = row.cells[KEY]
        self._group = cells.plain(cell)
        self.groups.setdefault(str(self._group), place)
        told = cells.read_text(cell).value
        if not cells.folded(cells.plain(cell)).strip().isdecimal() and isinstance(told, str):
            entry["name"] = told
            self.found.places[*path, "name"] = at
            self.groups.setdefault(told, place)

    def read(self, sheet: Sheet, row: Row, entry: dict[str, Any], path: Path) -> None:
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
