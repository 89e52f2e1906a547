"""The peers' model: one program with a yes/no column per officer, area and day, as people write it.

It says what the library's two levels say, all at once: who is in which patrol on which day. CP-SAT
and HiGHS are both given the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.patrol_instance import Instance, InstanceOfficer

Rows = list[tuple[str, str, str]]
DUTY, FAIR_ALL, FAIR_WEEKEND = 10.0, 2.0, 3.0


@dataclass
class Whole:
    """The program: ``upper`` bounds of whole columns from 0, prices, rows of terms with bounds."""

    upper: list[int] = field(default_factory=list)
    price: list[float] = field(default_factory=list)
    rows: list[tuple[list[tuple[int, int]], int | None, int | None]] = field(default_factory=list)
    member: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    """Of each column of a seat: day, area, officer."""

    def column(self, upper: int = 1, price: float = 0.0) -> int:
        self.upper.append(upper)
        self.price.append(price)
        return len(self.upper) - 1

    def row(self, terms: list[tuple[int, int]], low: int | None, high: int | None = None) -> None:
        self.rows.append((terms, low, high))


def days_off(given: Instance) -> dict[str, set[int]]:
    """The days on which each officer is on leave, counted from 0."""
    return {o.id: {(date - given.start).days for date in o.leave} for o in given.officers}


def length(given: Instance) -> int:
    return (given.end - given.start).days + 1


def weekend(given: Instance) -> list[int]:
    """The Saturdays and Sundays."""
    first = given.start.weekday()
    return [day for day in range(length(given)) if (first + day) % 7 >= 5]


def written(given: Instance) -> Whole:
    """The program of an instance."""
    program, days, off = Whole(), length(given), days_off(given)
    visit = {(a.id, d): program.column() for a in given.areas for d in range(days)}
    seat: dict[tuple[str, str, int], int] = {}
    for officer in given.officers:
        for area in given.areas:
            for day in range(days):
                if day not in off[officer.id]:
                    column = program.column(price=DUTY)
                    seat[officer.id, area.id, day] = column
                    program.member[column] = (day, area.id, officer.id)
    _cadences(program, given, visit, days)
    _teams(program, given, visit, seat, days)
    duties = _people(program, given, seat, days)
    _fairness(program, given, duties, days, list(range(days)), FAIR_ALL)
    _fairness(program, given, duties, days, weekend(given), FAIR_WEEKEND)
    return program


def _cadences(
    program: Whole, given: Instance, visit: dict[tuple[str, int], int], days: int
) -> None:
    for area in given.areas:
        shortest, longest = area.gap_days
        for day in range(days - longest + 1):
            program.row([(visit[area.id, d], 1) for d in range(day, day + longest)], 1)
        for day in range(days - shortest + 1):
            program.row([(visit[area.id, d], 1) for d in range(day, day + shortest)], None, 1)


def _teams(
    program: Whole,
    given: Instance,
    visit: dict[tuple[str, int], int],
    seat: dict[tuple[str, str, int], int],
    days: int,
) -> None:
    for area in given.areas:
        size = sum(area.team.values()) + area.extra_members
        for day in range(days):
            here = [
                (o, seat[o.id, area.id, day])
                for o in given.officers
                if (o.id, area.id, day) in seat
            ]
            patrol = visit[area.id, day]

            def asked(who: list[tuple[InstanceOfficer, int]], n: int, patrol: int = patrol) -> None:
                program.row([*((c, 1) for _, c in who), (patrol, -n)], 0)

            program.row([*((c, 1) for _, c in here), (patrol, -size)], 0, 0)
            for agency, n in area.team.items():
                asked([(o, c) for o, c in here if o.agency == agency], n)
            for agency, n in area.min_certified.items():
                asked([(o, c) for o, c in here if o.agency == agency and o.certified], n)
            asked([(o, c) for o, c in here if o.driver], area.min_drivers)
            asked([(o, c) for o, c in here if o.leader], area.min_leaders)


def _people(
    program: Whole, given: Instance, seat: dict[tuple[str, str, int], int], days: int
) -> dict[str, dict[int, list[int]]]:
    """Rest and weekly limits; gives the columns of each officer's duties by day."""
    found: dict[str, dict[int, list[int]]] = {}
    rest = given.min_days_between_duties
    for officer in given.officers:
        duties: dict[int, list[int]] = defaultdict(list)
        for area in given.areas:
            for day in range(days):
                if (officer.id, area.id, day) in seat:
                    duties[day].append(seat[officer.id, area.id, day])
        for day in range(days - rest + 1):
            close = [(c, 1) for d in range(day, day + rest) for c in duties.get(d, ())]
            program.row(close, None, 1)
        for monday in range(0, days, 7):
            week = [(c, 1) for d in range(monday, monday + 7) for c in duties.get(d, ())]
            program.row(week, None, officer.max_duties_per_week)
        found[officer.id] = duties
    return found


def _fairness(
    program: Whole,
    given: Instance,
    duties: dict[str, dict[int, list[int]]],
    days: int,
    span: list[int],
    price: float,
) -> None:
    """|load - share times the agency's load|, in parts of the agency's days of availability."""
    off = days_off(given)
    for agency in sorted({o.agency for o in given.officers}):
        mine = [o for o in given.officers if o.agency == agency]
        free = {o.id: sum(d not in off[o.id] for d in span) for o in mine}
        whole = sum(free.values())
        if not whole:
            continue
        loads = {o.id: program.column(len(span)) for o in mine}
        for o in mine:
            own = [(c, 1) for d in span for c in duties[o.id].get(d, ())]
            program.row([*own, (loads[o.id], -1)], 0, 0)
        total = program.column(len(span) * len(mine))
        program.row([*((c, 1) for c in loads.values()), (total, -1)], 0, 0)
        for o in mine:
            over = program.column(whole * days * len(mine), price / whole)
            under = program.column(whole * days * len(mine), price / whole)
            terms = [(loads[o.id], whole), (total, -free[o.id]), (over, -1), (under, 1)]
            program.row(terms, 0, 0)


def roster_rows(given: Instance, program: Whole, values: list[float]) -> Rows:
    """The (date, area, officer) rows of a solution."""
    return [
        ((given.start.fromordinal(given.start.toordinal() + day)).isoformat(), area, officer)
        for column, (day, area, officer) in program.member.items()
        if values[column] > 0.5
    ]
