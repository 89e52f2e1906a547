"""Reads the record sheet: which patrols took place, who went, and what they found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patrol_scheduler.faults import Fault, InvalidInputError, Notice, Speller, Word, listed
from patrol_scheduler.formats.cells import CellError, read_clock
from patrol_scheduler.formats.duties.record_forms import form_rows
from patrol_scheduler.formats.duties.roster_cells import rostered_date
from patrol_scheduler.formats.files import csv_rows, decode_table, read_bytes
from patrol_scheduler.formats.names import ids_by_name
from patrol_scheduler.formats.workbook import is_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import names_a_patrol
from patrol_scheduler.roster import Member, Patrol, Roster, patrol_id
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.sightings import Sighting, Went
from patrol_scheduler.texts.labels import label

HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("date", "日期"),
    "patrol": ("patrol", "计划编号", "编号"),
    "area": ("area", "片区", "路段", "片区或路段"),
    "shift": ("shift", "时段"),
    "leader": ("leader", "带队", "带班领导"),
    "officers": ("officers", "人员", "参加人员"),
    "kind": ("kind", "类型", "问题类型"),
    "place": ("place", "地点"),
    "count": ("count", "数量"),
    "handling": ("handling", "处理"),
    "open": ("open", "未办结"),
    "start": ("start", "实际开始", "开始", "开始时间"),
    "end": ("end", "实际结束", "结束", "结束时间"),
    "times": ("times", "起止时间", "实际起止时间"),
}
"""What each column of the sheet may be called; others are passed over."""

_DAY = 24 * 60
_LONGEST = 16 * 60
"""No patrol takes longer, in minutes: an end that would make it so long is a slip."""
_TO = re.compile(r"[-–—~～至到]+")
REQUIRED = ("date", "area", "officers")
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_BETWEEN_NAMES = re.compile(r"[、,，;；/\n]+")
"""What stands between names that may hold spaces themselves."""


@dataclass(frozen=True)
class PatrolRecords:
    """What took place: the patrols as a roster, what they found, and remarks on the sheet.

    A patrol that was never planned stands in the roster too; ``notices`` name it. ``times`` say
    when patrols really began and ended, by their ids, where that was noted.
    """

    roster: Roster
    sightings: tuple[Sighting, ...]
    notices: tuple[Notice, ...]
    times: Mapping[str, Went] = field(default_factory=dict)


@dataclass(slots=True)
class _Row:
    line: int
    date: dt.date
    area: str
    shift: str
    patrol: str
    officers: tuple[str, ...]
    leader: str | None
    went: Went


def read_records(
    path: str | Path,
    problem: Problem,
    planned: Roster,
    *,
    until: dt.date | None = None,
    none_took_place: bool = False,
) -> PatrolRecords:
    """The record sheet in a CSV file, one row a patrol or one row a finding of it.

    UTF-8 with or without byte order mark, or GB18030; or the workbook of record forms, filled in:
    there a row counts when the patrol has noted anything. Patrols are told by the name that the
    plan gives them, else by date and area. Officers stand by id or by name. Raises
    :class:`InvalidInputError` with every fault at once, each with its line; also for a sheet in
    which no patrol up to and including ``until`` is recorded, unless it is said that none took
    place, and for one in which some is although that is said.
    """
    file = str(path)
    reader = _Reader(file, problem, planned)
    if is_workbook(path):
        for sheet, line, cells, headings in form_rows(path, set(problem.officer_by_id)):
            reader.sheet, reader.headings = f"{sheet}!", headings
            reader.read(line, cells)
    else:
        for line, cells in _table(file, decode_table(file, read_bytes(path))):
            reader.read(line, cells)
    if not reader.faults:
        reader.judge(until, none_took_place=none_took_place)
    if reader.faults:
        raise InvalidInputError(reader.faults)
    return reader.records()


def _table(file: str, words: str) -> Iterable[tuple[int, dict[str, str]]]:
    rows = csv_rows(file, words)
    names = {word.casefold(): name for name, words_ in HEADERS.items() for word in words_}
    at_top, header = rows[0]
    columns = [names.get(cell.casefold(), "") for cell in header]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InvalidInputError(
            Fault(file, HEADERS[name][1], at_top, tuple(header), "faults_change.record-column")
            for name in missing
        )
    return [(at, dict(zip(columns, cells, strict=False))) for at, cells in rows[1:]]


class _Reader:
    def __init__(self, file: str, problem: Problem, planned: Roster) -> None:
        self._file, self._problem = file, problem
        self.faults: list[Fault] = []
        self.sheet = ""
        self._patrol = ""
        self._told: set[tuple[object, ...]] = set()
        self.headings: dict[str, str] = {}
        self._planned = {patrol.id: patrol for patrol in planned.patrols}
        self._by_slot = {(p.date, p.area): p for p in planned.patrols}
        self._speller = Speller()
        self._rows: dict[str, _Row] = {}
        self._sightings: list[Sighting] = []
        self._officers = ids_by_name((o.id, o.name) for o in problem.officers)
        self._areas = ids_by_name((a.id, a.name) for a in problem.areas)
        self._shifts = ids_by_name((s.id, s.name) for s in problem.shifts)
        self._kinds = ids_by_name((k.id, k.name) for k in problem.violation_kinds)

    def _fault(self, line: int, column: str, value: object, what: str, **values: object) -> None:
        # A cell over several rows of a patrol is told once.
        told = (self.sheet, self._patrol, column, value, what)
        if self._patrol and told in self._told:
            return
        self._told.add(told)
        place = self.sheet + self.headings.get(column, HEADERS[column][1])
        self.faults.append(Fault(self._file, place, line, value, what, tuple(values.items())))

    def read(self, line: int, cells: dict[str, str]) -> None:
        """One row of the sheet."""
        before = len(self.faults)
        self._patrol = cells.get("patrol", "")
        date = self._date(line, cells.get("date", ""))
        area = self._one(line, "area", cells.get("area", ""), self._areas, "unknown-place")
        named = cells.get("patrol", "")
        if named and not names_a_patrol(named):
            self._fault(line, "patrol", named, "not-a-patrol-name")
        plan = self._planned.get(named) or (
            self._by_slot.get((date, area)) if date and area else None
        )
        possible = self._possible_shifts(plan, named, date, area)
        if cells.get("shift"):
            told = self._one(line, "shift", cells["shift"], self._shifts, "unknown-shift")
            possible = [told] if told else possible
        officers = [
            self._one(line, "officers", name, self._officers, "unknown-officer")
            for name in self._people(cells.get("officers", ""))
        ]
        if not officers and named not in self._rows and (plan is None or plan.id not in self._rows):
            self._fault(line, "officers", None, "empty-cell")
        leader = cells.get("leader", "")
        led = (
            self._one(line, "leader", leader, self._officers, "unknown-officer") if leader else None
        )
        went = self._times(line, cells, possible)
        count, left = (self._number(line, name, cells.get(name, "")) for name in ("count", "open"))
        if len(self.faults) > before or date is None or not area:
            return
        shift = self._shift(line, possible, went, date, area)
        if shift is None:
            return
        who = tuple(dict.fromkeys([*([led] if led else []), *(o for o in officers if o)]))
        name = plan.id if plan else named or patrol_id(date, area)
        known = self._rows.get(name)
        if known is None:
            self._rows[name] = _Row(line, date, area, shift, name, who, led, went)
        elif (known.date, known.area) != (date, area):
            self._fault(line, "patrol", name, "faults_change.record-differs", other=known.line)
        elif known.went == Went():
            known.went = went  # the first row that notes them
        if count and not cells.get("kind"):
            self._fault(line, "kind", None, "faults_change.kind-not-told", count=count)
        if cells.get("kind"):
            if len(_BETWEEN.split(cells["kind"])) > 1:
                self._fault(line, "kind", cells["kind"], "faults_change.several-kinds")
            kind = self._kinds.get(cells["kind"], cells["kind"])
            self._sightings.append(
                Sighting(
                    date=date,
                    area=area,
                    patrol=name,
                    kind=kind,
                    place=cells.get("place", ""),
                    count=1 if count is None else count,
                    handling=cells.get("handling", ""),
                    open=left or 0,
                )
            )

    def _possible_shifts(
        self, plan: Patrol | None, named: str, date: dt.date | None, area: str | None
    ) -> list[str]:
        """The shifts in which a patrol can have been: one where it is planned or told before."""
        if plan is not None:
            return [plan.shift]
        every = [shift.id for shift in self._problem.shifts]
        if date is None or not area:
            return every
        before = self._rows.get(named or patrol_id(date, area))
        if before is not None:
            return [before.shift]
        problem = self._problem
        some = (
            shift
            for shift in every
            if problem.patrols_allowed(area, date, shift) and problem.shift_applies(shift, date)
        )
        return list(some) or every

    def _shift(
        self, line: int, possible: list[str], went: Went, date: dt.date, area: str
    ) -> str | None:
        """The only possible shift, else the only one that its real times overlap; or it is asked
        for: no shift is as good as another.
        """
        if len(possible) > 1 and went.start is not None:
            end = went.start + 1 if went.end is None else went.end
            there = [self._problem.shift_by_id[shift] for shift in possible]
            met = [s.id for s in there if s.start_minute < end and went.start < s.end_minute]
            possible = met if len(met) == 1 else possible
        if len(possible) == 1:
            return possible[0]
        # The printed forms have no column for the shift, but for the times.
        column = "start" if "start" in self.headings else "shift"
        shifts = [label(s, self._problem.shift_by_id[s].name) for s in possible]
        self._fault(line, column, None, "faults_change.shift-not-told", date=date,
                    area=place_label(self._problem, area), shifts=Word(listed(shifts)))  # fmt: skip
        return None

    def _times(self, line: int, cells: dict[str, str], shifts: list[str]) -> Went:
        """When the patrol began and ended; an end before the start is on the next day."""
        told = {name: cells.get(name, "") for name in ("start", "end")}
        column = dict.fromkeys(told, "times")
        parts = [part.strip() for part in _TO.split(cells.get("times", "")) if part.strip()]
        if len(parts) > len(told):
            self._fault(line, "times", cells["times"], "not-a-time")
            return Went()
        for name, part in zip(told, parts, strict=False):
            if not told[name]:
                told[name] = part
            else:
                column[name] = name
        found: dict[str, int | None] = {}
        for name, cell in told.items():
            place = column[name] if parts else name
            found[name] = self._clock(line, place, cell) if cell else None
        start, end = found["start"], found["end"]
        if start is None or end is None or end > start:
            return Went(start, end)
        by_day = all(self._problem.shift_by_id[shift].end_minute <= _DAY for shift in shifts)
        if by_day or end + _DAY - start > _LONGEST:
            self._fault(line, "end", cells.get("end") or cells.get("times"),
                        "faults_change.ends-before", start=told["start"])  # fmt: skip
        return Went(start, end + _DAY)

    def _clock(self, line: int, column: str, cell: str) -> int | None:
        """The minutes from midnight that a cell says; a spreadsheet may show a time as a number."""
        part_of_day = re.fullmatch(r"0?\.\d+", cell)
        try:
            hour, minute = str(read_clock(float(cell) if part_of_day else cell).value).split(":")
        except CellError as wrong:
            self._fault(line, column, cell, wrong.what, **wrong.values)
            return None
        return int(hour) * 60 + int(minute)

    def _people(self, cell: str) -> list[str]:
        """The names in a cell; spaces part them where they are not part of one."""
        return [
            name
            for part in _BETWEEN_NAMES.split(cell)
            for name in ([part] if "".join(part.split()) in self._officers else part.split())
            if name
        ]

    def _date(self, line: int, cell: str) -> dt.date | None:
        try:
            return rostered_date(cell, self._problem)
        except CellError as wrong:
            self._fault(line, "date", cell or None, wrong.what, **wrong.values)
            return None

    def _one(
        self, line: int, column: str, cell: str, known: dict[str, str], what: str
    ) -> str | None:
        if not cell:
            self._fault(line, column, None, "empty-cell")
            return None
        found = known.get(cell) or known.get("".join(cell.split()))
        if found is None:
            nearest = self._speller.nearest(cell, known)
            self._fault(line, column, cell, what, nearest=nearest)
        return found

    def _number(self, line: int, column: str, cell: str) -> int | None:
        if not cell:
            return None
        if not re.fullmatch(r"\d{1,6}", cell):
            self._fault(line, column, cell, "faults_change.not-a-count")
            return None
        return int(cell)

    def judge(self, until: dt.date | None, *, none_took_place: bool) -> None:
        """Refuse a sheet left empty: it would say that no patrol took place at all."""
        recorded = [
            row
            for row in self._rows.values()
            if until is None or min(row.date, self._planned_date(row)) <= until
        ]
        if none_took_place and recorded:
            row = min(recorded, key=lambda row: row.line)
            self._fault(row.line, "patrol", row.patrol, "faults_change.took-place-after-all")
        elif not recorded and not none_took_place:
            what = "nothing-recorded" if until is None else "nothing-recorded-until"
            self.faults.append(Fault(self._file, "", None, until, f"faults_change.{what}"))

    def _planned_date(self, row: _Row) -> dt.date:
        planned = self._planned.get(row.patrol)
        return planned.date if planned else row.date

    def records(self) -> PatrolRecords:
        """Everything read, in order of date."""
        order = {area.id: n for n, area in enumerate(self._problem.areas)}
        rows = sorted(self._rows.values(), key=lambda r: (r.date, order[r.area], r.patrol))
        return PatrolRecords(
            Roster(
                patrols=tuple(
                    Patrol(
                        id=row.patrol,
                        date=row.date,
                        area=row.area,
                        shift=row.shift,
                        members=self._members(row),
                    )
                    for row in rows
                )
            ),
            tuple(self._sightings),
            tuple(self._never_planned(row) for row in rows if row.patrol not in self._planned),
            {row.patrol: row.went for row in rows if row.went != Went()},
        )  # fmt: skip

    def _never_planned(self, row: _Row) -> Notice:
        told = (("area", place_label(self._problem, row.area)), ("date", row.date))
        what = "notices_change.never-planned"
        return Notice(self._file, HEADERS["patrol"][1], row.line, row.patrol, what, told)

    def _members(self, row: _Row) -> tuple[Member, ...]:
        planned = self._planned.get(row.patrol)
        roles = {m.officer: m.role for m in planned.members} if planned else {}
        return tuple(
            Member(officer=o, role="leader" if o == row.leader else roles.get(o, "member"))
            for o in row.officers
        )
