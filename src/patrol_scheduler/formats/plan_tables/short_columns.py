"""Columns that say in one cell what a plan states elsewhere: a gap, a team, a rule, a balance.

They stand in the leader's workbook beside the entry that they are about; reading puts what they say
where the plan has it. ``contracted`` goes the other way for the rules that have such a cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from patrol_scheduler.faults import Path, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError
from patrol_scheduler.formats.plan_tables.sheets import GAPS, SHORT_COLUMNS, WORKING_DAYS, Column
from patrol_scheduler.formats.plan_tables.values import CellReader
from patrol_scheduler.formats.tables import At, PlanTables, Row

Rows = Mapping[str, Sequence[tuple[int, Row]]]
"""The rows of each sheet, each with the number of the entry that it is about."""

ROTATION_OF = 3
"""A shift in which an area must be patrolled has one of any so many patrol days in a row."""

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DAYS = {
    "lunar-digit": Column("digits", "counts"),
    "solar-digit": Column("digits", "counts"),
    "weekday": Column("weekdays", "counts"),
    "branch": Column("branches", "texts"),
    "date": Column("dates", "dates"),
}


class ShortColumns:
    """Puts what short columns say into the document of ``found``."""

    def __init__(self, found: PlanTables, reader: CellReader, rows: Rows) -> None:
        self.found, self.cells, self.rows = found, reader, rows
        self.speller = Speller()

    def read(self, plan: Mapping[str, object], teams: Mapping[str, int]) -> None:
        """Read them all; ``plan`` has those of the plan's sheet, ``teams`` the groups by label."""
        self._gaps(plan.get("counted"))
        self._compositions(teams)
        self._next_days()
        self._places()
        self._market_days()
        self._carried()
        rules = list(self._rotations())
        if plan.get("day_basis") == "working-days":
            rules.append(patrol_on_working_days())
        if rules:
            self._list("rules").extend(rules)

    def _list(self, name: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.found.document.setdefault(name, [])
        return listed

    def _cells(self, sheet: str, name: str) -> Iterator[tuple[int, Row, Column, Cell, At]]:
        """The filled cells of a short column, each with its row and entry."""
        column = next(c for c in SHORT_COLUMNS[sheet] if c.name == name)
        for place, row in self.rows.get(sheet, ()):
            if name in row.cells:
                yield place, row, column, *row.cells[name]

    def _gaps(self, counted: object) -> None:
        """Cadences that stand in columns of phases and areas come before those of their own."""
        document = self.found.document
        own: list[dict[str, Any]] = []
        for name in ("phases", "areas"):
            for place, row in self.rows.get(name, ()):
                if not set(GAPS) & row.cells.keys():
                    continue
                identifier = document[name][place].get("id")
                entry: dict[str, Any] = {name: [identifier] if identifier else []}
                for gap, field_name in zip(GAPS, ("min_days", "max_days"), strict=True):
                    if gap in row.cells:
                        cell, at = row.cells[gap]
                        path = ("cadences", len(own), field_name)
                        self.cells.value(Column(gap, "count"), cell, at, entry, path, field_name)
                self.found.places["cadences", len(own)] = next(iter(row.cells.values()))[1]
                if counted:
                    entry["counted"] = counted
                own.append(entry)
        if own:
            further = document.get("cadences", [])
            tables = {row.cells[c][1].table for _, row in self.rows.get("cadences", ())
                      for c in row.cells}  # fmt: skip
            moved = {
                ("cadences", path[1] + len(own), *path[2:]): at
                for path, at in self.found.places.items()
                if path[0] == "cadences" and len(path) > 1 and isinstance(path[1], int)
                and at.table in tables
            }  # fmt: skip
            self.found.places |= moved
            document["cadences"] = own + further

    def _compositions(self, teams: Mapping[str, int]) -> None:
        """A phase that names a team is one in which the team applies."""
        listed = self.found.document.get("teams", [])
        for place, _, column, cell, at in self._cells("phases", "composition"):
            phase = self.found.document["phases"][place].get("id")
            named = self.cells.read(column, cell, at)
            for name in named if isinstance(named, list) else ():
                if name not in teams:
                    nearest = self.speller.nearest(name, list(teams))
                    self.found.fault(at, name, "unknown-team", nearest=nearest)
                elif phase is not None:
                    phases = listed[teams[name]].setdefault("phases", [])
                    if phase not in phases:
                        phases.append(phase)

    def _next_days(self) -> None:
        """Whether a shift ends on the next day follows from its times; the cell has to agree."""
        for place, _, column, cell, at in self._cells("shifts", "next_day"):
            told = self.cells.read(column, cell, at)
            shift = self.found.document["shifts"][place]
            start, end = (_clock(shift.get(name)) for name in ("start", "end"))
            if isinstance(told, bool) and start and end and told != (end <= start):
                what = "next-day-too-long" if told else "next-day-needed"
                self.found.fault(at, cells.plain(cell), what, start=str(start), end=str(end))

    def _places(self) -> None:
        """A row of violations with a place tells the agencies that are competent there."""
        for place, row, column, cell, at in self._cells("violation_kinds", "place"):
            owner = self.found.document["violation_kinds"][place]
            listed = owner.setdefault("places", [])
            path: Path = ("violation_kinds", place, "places", len(listed))
            entry: dict[str, Any] = {}
            listed.append(entry)
            self.cells.value(column, cell, at, entry, (*path, "kind"), "kind")
            if "competent" in row.cells:
                competent, where = row.cells["competent"]
                agencies = Column("agencies", "references", target="agencies")
                self.cells.value(agencies, competent, where, entry, (*path, "agencies"))

    def _market_days(self) -> None:
        """The days of a market, told as its rule tells days."""
        for place, _, _, cell, at in self._cells("markets", "days"):
            market = self.found.document["markets"][place]
            column = _DAYS.get(str(market.get("every")))
            if column is None:
                continue  # a rule that is missing or not known is told as such
            if column.name in market:
                self.found.fault(at, cells.plain(cell), "item-twice")
                continue
            if column.name == "digits" and isinstance(cell, str):
                cell = re.sub("^[逢每]", "", cells.folded(cell)).translate(_DIGITS)
            self.cells.value(column, cell, at, market, ("markets", place, column.name))

    def _carried(self) -> None:
        """What past duties carry on of one officer is one balance."""
        sums: dict[object, dict[str, Any]] = {}
        for _, row, column, cell, at in self._cells("history", "carried"):
            told = self.cells.read(column, cell, at)
            if "officer" not in row.cells:
                self.found.fault(at, cells.plain(cell), "carried-without-officer")
                continue
            person, where = row.cells["officer"]
            named = Column("officer", "reference", target="officers")
            officer = self.cells.read(named, person, where)
            if not isinstance(told, (int, float)) or officer is None:
                continue
            if officer in sums:
                sums[officer]["carried"] += told
                continue
            listed = self._list("balances")
            self.found.places["balances", len(listed)] = at
            sums[officer] = {"officer": officer, "carried": told}
            listed.append(sums[officer])

    def _rotations(self) -> Iterator[dict[str, Any]]:
        """The shifts in which an area must be patrolled, each as a rule of its own."""
        first = len(self.found.document.get("rules", ()))
        for place, _, column, cell, at in self._cells("areas", "must_shifts"):
            area = self.found.document["areas"][place].get("id")
            shifts = self.cells.read(column, cell, at)
            if isinstance(shifts, list) and area is not None:
                for rule in rotations(area, shifts):
                    self.found.places["rules", first] = at
                    first += 1
                    yield rule


def rotations(area: str, shifts: Sequence[str]) -> list[dict[str, Any]]:
    """The rules by which an area is patrolled in each of some shifts again and again."""
    return [
        {
            "rule": "shift-rotation",
            "shifts": [shift],
            "areas": [area],
            "of": max(ROTATION_OF, len(shifts)),
        }
        for shift in shifts
    ]


def patrol_on_working_days() -> dict[str, Any]:
    """The rule by which patrols take place on working days only."""
    return {"rule": "patrol-days", "day_types": list(WORKING_DAYS)}


def contracted(
    document: Mapping[str, Any],
) -> tuple[list[Mapping[str, Any]], dict[str, list[str]], bool]:
    """The rules that need a row, the must-shifts of areas, and whether working days alone count.

    The last rules of a plan have short columns where these read back as just these rules.
    """
    rules = list(document.get("rules", ()))
    plain = [_plain(rule) for rule in rules]
    working = bool(plain) and plain[-1] == patrol_on_working_days()
    left = len(rules) - working
    order = [area["id"] for area in document.get("areas", ())]
    for first in range(left + 1):
        shifts: dict[str, list[str]] = {}
        for rule in plain[first:left]:
            if rule["rule"] == "shift-rotation" and len(rule.get("areas", ())) == 1:
                shifts.setdefault(rule["areas"][0], []).extend(rule.get("shifts", ()))
        again = [rule for area in order for rule in rotations(area, shifts.get(area, []))]
        if again == plain[first:left]:
            return rules[:first], shifts, working
    raise AssertionError("no rules at all read back as no rules")


def _plain(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as a document has it: lists, and the words of choices."""
    found = dict(rule)
    if found.get("rule") == "shift-rotation":
        found.setdefault("of", ROTATION_OF)
    return {
        name: [str(getattr(v, "value", v)) for v in value] if isinstance(value, tuple) else value
        for name, value in found.items()
    }


def _clock(value: Cell) -> dt.time | None:
    try:
        return dt.time.fromisoformat(str(cells.read_clock(value).value))
    except (CellError, ValueError):
        return None
