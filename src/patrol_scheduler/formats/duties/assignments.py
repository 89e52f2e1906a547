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
from patrol_scheduler.formats.duties.assignment_tables import AssignmentTable, TableRow, read_table
from patrol_scheduler.formats.duties.roster_cells import rostered_date
from patrol_scheduler.formats.names import ids_by_name
from patrol_scheduler.formats.plan_tables.sheets import choice_spellings, sheets
from patrol_scheduler.problem import Problem, Role, Shift
from patrol_scheduler.records import names_a_patrol
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules.roles import named
from patrol_scheduler.texts import LANGUAGES, text

_ROLES: tuple[str, ...] = get_args(Role)
_TIME = re.compile(r"(?:次日)?(\d{1,2}):(\d{2})(?::00)?")


def read_assignments(path: str | Path, problem: Problem) -> Roster:
    """The roster in a CSV file or a workbook with the columns of ``COLUMNS``, also in Chinese.

    CSV is UTF-8 with or without byte order mark, or GB18030; of a workbook the sheet counts that
    has the columns, such as that of one row a duty which is written with a roster. Areas, shifts,
    officers and agencies stand by id, or by a name that only one has. ``area`` holds an area or a
    post; ``date``, ``area`` and ``officer`` are required, ``shift`` too unless the plan has only
    one or the ``start`` tells it; what else is given must agree with the plan, and where a staff
    number and a name stand side by side, both must mean the same officer. Without a column
    ``role`` whoever can leads and drives, as in a roster that was searched. The rows of one area,
    date and shift make one patrol; the roster is in order of date, shift and area, members as in
    the file. Raises :class:`InvalidInputError` with every fault at once, each with its line.
    """
    table = read_table(path)
    reader = _Rows(str(path), problem, table)
    rows = [found for row in table.rows if (found := reader.row(row)) is not None]
    roster = reader.roster(rows)
    if reader.faults:
        raise InvalidInputError(sorted(reader.faults, key=lambda fault: fault.line or 0))
    told = any("role" in row.cells for row in table.rows)
    return roster if told else named(problem, roster, dt.date.min)


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

    def __init__(self, file: str, problem: Problem, table: AssignmentTable) -> None:
        self.file = file
        self.table = table
        self.problem = problem
        self.faults: list[Fault] = []
        self.speller = Speller()
        self._shifts = {shift.id: n for n, shift in enumerate(problem.shifts)}
        self._ids = {
            "area": ids_by_name(
                [(area.id, area.name) for area in problem.areas]
                + [(post.id, post.name) for post in problem.posts]
            ),
            "shift": ids_by_name((shift.id, shift.name) for shift in problem.shifts),
            "officer": ids_by_name((officer.id, officer.name) for officer in problem.officers),
        }
        self._agencies = ids_by_name((agency.id, agency.name) for agency in problem.agencies)
        self._roles = {role: role for role in _ROLES} | _role_words()

    def _fault(self, line: int, column: str, value: object, what: str, **values: object) -> None:
        path = ("line", line, column)
        self.faults.append(
            Fault(
                self.file, self.table.place(column), line, value, what, tuple(values.items()), path
            )
        )

    def row(self, told: TableRow) -> _Row | None:
        """The row, or ``None`` where something in it is wrong."""
        before = len(self.faults)
        line, cells = told.line, told.cells
        date = self._date(line, cells.get("date", ""))
        place = self._known(line, "area", cells, "unknown-place")
        shift = self._shift(line, cells)
        officer = self._known(line, "officer", cells, "unknown-officer")
        if officer:
            agency, expected = cells.get("agency", ""), self.problem.officer_by_id[officer].agency
            if agency and self._agencies.get(_plain(agency, self._agencies) or "") != expected:
                self._fault(
                    line, "agency", agency, "agency-differs", officer=officer, expected=expected
                )
        word = cells.get("role", "") or "member"
        role = self._roles.get(word.casefold(), word)
        if role not in _ROLES:
            nearest = self.speller.nearest(role, self._roles)
            self._fault(line, "role", role, "unknown-role", allowed=_ROLES, nearest=nearest)
        patrol = cells.get("patrol", "")
        if patrol and not names_a_patrol(patrol):
            self._fault(line, "patrol", patrol, "not-a-patrol-name")
        self._agree(told, {"area": place, "shift": shift.id if shift else None, "officer": officer})
        if len(self.faults) > before or not (date and place and shift and officer):
            return None
        return _Row(line, date, place, shift.id, officer, role, patrol)  # type: ignore[arg-type]

    def _date(self, line: int, cell: str) -> dt.date | None:
        try:
            return rostered_date(cell, self.problem)
        except CellError as wrong:
            self._fault(line, "date", cell or None, wrong.what, **wrong.values)
            return None

    def _known(self, line: int, column: str, cells: dict[str, str], what: str) -> str | None:
        """The id that a cell holds, or whose name it holds."""
        cell, known = cells.get(column, ""), self._ids[column]
        if not cell:
            self._fault(line, column, None, "empty-cell")
            return None
        plain = _plain(cell, known)
        if plain is None:
            nearest = self.speller.nearest(cell, known)
            self._fault(line, column, cell, what, nearest=nearest)
            return None
        return known[plain]

    def _agree(self, row: TableRow, found: dict[str, str | None]) -> None:
        """Cells that stand beside the one that counts must not name anybody or anything else."""
        for column, heading, cell in row.also:
            counts = found.get(column)
            if counts is None or self._means(column, cell, counts):
                continue
            values = (("first", self.table.headings[column]), ("other", row.cells[column]))
            place, path = self.table.under(heading), ("line", row.line, heading)
            self.faults.append(Fault(self.file, place, row.line, cell, "told-twice", values, path))

    def _means(self, column: str, cell: str, identifier: str) -> bool:
        """Whether a cell can mean an entry: names that several have do, and so do other words."""
        known = self._ids[column]
        plain = _plain(cell, known)
        if plain is not None:
            return known[plain] == identifier
        if column != "officer":
            return True
        name = self.problem.officer_by_id[identifier].name
        calls = (name, f"{name}({identifier})")
        return not name or _closed(cell) in map(_closed, calls)

    def _shift(self, line: int, cells: dict[str, str]) -> Shift | None:
        start = self._time(line, "start", cells.get("start", ""))
        end = self._time(line, "end", cells.get("end", ""))
        cell, shifts = cells.get("shift", ""), self.problem.shifts
        if cell:
            name = self._known(line, "shift", cells, "unknown-shift")
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


def _role_words() -> dict[str, str]:
    """The words for roles that people and the workbook write."""
    column = next(c for s in sheets() for c in s.columns if c.choices == _ROLES)
    words = choice_spellings(column)
    for lang in LANGUAGES:
        words |= {text(f"workbook.role.{role}", lang).casefold(): role for role in _ROLES}
    return words


def _plain(cell: str, known: Collection[str]) -> str | None:
    """The known id or name that a cell holds; spreadsheets' guard against formulas is taken off."""
    if cell in known:
        return cell
    closed = _closed(cell)
    if closed in known:
        return closed
    guarded = cell[:1] == "'" and cell[1:2] in "=+-@" and cell[1:] in known
    return cell[1:] if guarded else None


def _closed(name: str) -> str:
    return "".join(name.split())
