"""Reads a roster made by hand or written before: one row for each officer on duty."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats.cells import CellError
from patrol_scheduler.formats.files import csv_rows, decode_table, read_bytes, refuse
from patrol_scheduler.formats.roster_cells import rostered_date
from patrol_scheduler.problem import Problem, Role, Shift
from patrol_scheduler.records import names_a_patrol
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules.roles import named

COLUMNS = ("date", "start", "end", "area", "shift", "officer", "agency", "role", "patrol")
"""The columns that are read; others are passed over."""

REQUIRED = ("date", "area", "officer")

_ROLES: tuple[str, ...] = get_args(Role)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


def read_assignments(path: str | Path, problem: Problem) -> Roster:
    """The roster in a CSV file with the columns of ``COLUMNS``.

    UTF-8 with or without byte order mark, or GB18030. ``area`` holds an area or a post;
    ``date``, ``area`` and ``officer`` are required, ``shift`` too unless the plan has only one or
    the ``start`` tells it; what else is given must agree with the plan. Without a column ``role``
    whoever can leads and drives, as in a roster that was searched. The rows of one area, date
    and shift make one patrol; the roster is in order of date, shift and area, members as in the
    file. Raises :class:`InvalidInputError` with every fault at once, each with its line.
    """
    file = str(path)
    table = _table(file, decode_table(file, read_bytes(path)))
    reader = _Rows(file, problem)
    rows = [row for line, cells in table if (row := reader.row(line, cells)) is not None]
    roster = reader.roster(rows)
    if reader.faults:
        raise InvalidInputError(sorted(reader.faults, key=lambda fault: fault.line or 0))
    told = any("role" in cells for _, cells in table)
    return roster if told else named(problem, roster, dt.date.min)


def _table(file: str, text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows that are not blank as (line, cell by column); needs the required columns."""
    rows = csv_rows(file, text)
    line, header = rows[0]
    header = [cell.casefold() for cell in header]
    _check_header(file, line, header)
    too_long = [at for at, cells in rows[1:] if any(cells[len(header) :])]
    if too_long:
        most = (("most", len(header)),)
        raise InvalidInputError(Fault(file, "", at, None, "row-too-long", most) for at in too_long)
    return [(at, dict(zip(header, cells, strict=False))) for at, cells in rows[1:]]


def _check_header(file: str, line: int, header: list[str]) -> None:
    missing = [column for column in REQUIRED if column not in header]
    if len(missing) == len(REQUIRED):
        refuse(file, "no-header", ",".join(header), line)
    speller = Speller()
    others = [column for column in header if column not in COLUMNS]
    if missing:
        raise InvalidInputError(
            Fault(
                file,
                column,
                line,
                tuple(header),
                "column-missing",
                (("nearest", speller.nearest(column, others)),),
                ("header", column),
            )
            for column in missing
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One row that agrees with the plan; ``place`` is an area or a post."""

    line: int
    date: dt.date
    place: str
    shift: str
    officer: str
    role: Role
    patrol: str


class _Rows:
    """Reads rows against a plan and keeps what is wrong with them."""

    def __init__(self, file: str, problem: Problem) -> None:
        self.file = file
        self.problem = problem
        self.faults: list[Fault] = []
        self.speller = Speller()
        self._places = [area.id for area in problem.areas] + [post.id for post in problem.posts]
        self._shifts = {shift.id: n for n, shift in enumerate(problem.shifts)}

    def _fault(self, line: int, column: str, value: object, what: str, **values: object) -> None:
        path = ("line", line, column)
        self.faults.append(Fault(self.file, column, line, value, what, tuple(values.items()), path))

    def row(self, line: int, cells: dict[str, str]) -> _Row | None:
        """The row, or ``None`` where something in it is wrong."""
        before = len(self.faults)
        date = self._date(line, cells.get("date", ""))
        place = self._known(line, "area", cells, self._places, "unknown-place")
        shift = self._shift(line, cells)
        officer = self._known(line, "officer", cells, self.problem.officer_by_id, "unknown-officer")
        if officer:
            agency, expected = cells.get("agency", ""), self.problem.officer_by_id[officer].agency
            if agency and _plain(agency, (expected,)) != expected:
                self._fault(
                    line, "agency", agency, "agency-differs", officer=officer, expected=expected
                )
        role = cells.get("role", "") or "member"
        if role not in _ROLES:
            nearest = self.speller.nearest(role, _ROLES)
            self._fault(line, "role", role, "unknown-role", allowed=_ROLES, nearest=nearest)
        patrol = cells.get("patrol", "")
        if patrol and not names_a_patrol(patrol):
            self._fault(line, "patrol", patrol, "not-a-patrol-name")
        if len(self.faults) > before or not (date and place and shift and officer):
            return None
        return _Row(line, date, place, shift.id, officer, role, patrol)  # type: ignore[arg-type]

    def _date(self, line: int, cell: str) -> dt.date | None:
        try:
            return rostered_date(cell, self.problem)
        except CellError as wrong:
            self._fault(line, "date", cell or None, wrong.what, **wrong.values)
            return None

    def _known(
        self, line: int, column: str, cells: dict[str, str], known: Collection[str], what: str
    ) -> str | None:
        cell = cells.get(column, "")
        if not cell:
            self._fault(line, column, None, "empty-cell")
            return None
        plain = _plain(cell, known)
        if plain is None:
            nearest = self.speller.nearest(cell, known)
            self._fault(line, column, cell, what, nearest=nearest)
        return plain

    def _shift(self, line: int, cells: dict[str, str]) -> Shift | None:
        start = self._time(line, "start", cells.get("start", ""))
        end = self._time(line, "end", cells.get("end", ""))
        cell, shifts = cells.get("shift", ""), self.problem.shifts
        if cell:
            name = self._known(line, "shift", cells, self._shifts, "unknown-shift")
            shift = self.problem.shift_by_id[name] if name else None
        elif len(shifts) == 1:
            shift = shifts[0]
        else:
            alike = [s for s in shifts if start == s.start and end in (None, s.end)]
            shift = alike[0] if len(alike) == 1 else None
            if shift is None:
                ids = tuple(self._shifts)
                self._fault(line, "shift", None, "shift-not-told", shifts=ids)
        if shift and start not in (None, shift.start):
            self._fault(line, "start", start, "start-differs", shift=shift.id, expected=shift.start)
        if shift and end not in (None, shift.end):
            self._fault(line, "end", end, "end-differs", shift=shift.id, expected=shift.end)
        return shift

    def _time(self, line: int, column: str, cell: str) -> dt.time | None:
        if not cell:
            return None
        found = _TIME.fullmatch(cell)
        try:
            if found and found.groups() == ("24", "00"):
                return dt.time(0)
            if found:
                return dt.time(int(found.group(1)), int(found.group(2)))
        except ValueError:
            pass
        self._fault(line, column, cell, "not-a-time")
        return None

    def roster(self, rows: list[_Row]) -> Roster:
        """The rows put together, in the order of date, shift and area."""
        problem = self.problem
        areas = {area.id: n for n, area in enumerate(problem.areas)}
        posts = {post.id: n for n, post in enumerate(problem.posts)}
        slots: dict[tuple[dt.date, int, str], dict[str, _Row]] = {}
        for row in rows:
            seen = slots.setdefault((row.date, self._shifts[row.shift], row.place), {})
            if row.officer in seen:
                other = seen[row.officer].line
                self._fault(row.line, "officer", row.officer, "officer-twice", other=other)
            else:
                seen[row.officer] = row
        in_order = sorted(slots, key=lambda s: (s[0], s[1], areas.get(s[2], posts.get(s[2], 0))))
        patrols = {slot: list(slots[slot].values()) for slot in in_order if slot[2] in areas}
        names = self._names(patrols)
        return Roster(
            patrols=tuple(
                Patrol(
                    id=names[slot],
                    date=slot[0],
                    area=slot[2],
                    shift=team[0].shift,
                    members=tuple(Member(officer=row.officer, role=row.role) for row in team),
                )
                for slot, team in patrols.items()
            ),
            post_duties=tuple(
                PostDuty(date=row.date, post=row.place, shift=row.shift, officer=row.officer)
                for slot in in_order
                if slot[2] in posts
                for row in slots[slot].values()
            ),
        )

    def _names(
        self, patrols: dict[tuple[dt.date, int, str], list[_Row]]
    ) -> dict[tuple[dt.date, int, str], str]:
        """The name of each patrol: the one its rows give, else a new one."""
        names: dict[tuple[dt.date, int, str], str] = {}
        taken: set[str] = set()
        for slot, team in patrols.items():
            given = [row for row in team if row.patrol]
            for row in given[1:]:
                if row.patrol != given[0].patrol:
                    expected = given[0].patrol
                    self._fault(row.line, "patrol", row.patrol, "patrol-differs", expected=expected)
            if given:
                if given[0].patrol in taken:
                    self._fault(given[0].line, "patrol", given[0].patrol, "patrol-name-taken")
                names[slot] = given[0].patrol
                taken.add(given[0].patrol)
        for date, shift, area in patrols:
            if (date, shift, area) not in names:
                nth = 1
                while patrol_id(date, area, nth) in taken:
                    nth += 1
                names[date, shift, area] = patrol_id(date, area, nth)
                taken.add(names[date, shift, area])
        return names


def _plain(cell: str, known: Collection[str]) -> str | None:
    """The known id that a cell holds; spreadsheets' guard against formulas is taken off."""
    if cell in known:
        return cell
    guarded = cell[:1] == "'" and cell[1:2] in "=+-@" and cell[1:] in known
    return cell[1:] if guarded else None
