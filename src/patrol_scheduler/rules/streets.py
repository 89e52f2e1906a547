"""Rules about the shifts and cars of an area's patrols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Literal

from patrol_scheduler.problem import Problem, Shift
from patrol_scheduler.records import Amount, Id, Positive
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact

ONE = Fraction(1)
DAY = 24 * 60


class ShiftRotation(Rule):
    """Of any ``of`` patrol days of an area in a row, at least one has a patrol in ``shifts``.

    Days in a row lie no further apart than the longest gap of the area's cadence, from the first
    to the last; patrols before the plan do not count. Empty ``shifts`` ask nothing; empty
    ``areas`` mean all.
    """

    rule: Literal["shift-rotation"] = "shift-rotation"
    shifts: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()
    of: Positive = 3

    def _areas(self, problem: Problem) -> Iterator[tuple[str, int, int]]:
        """(area, shortest gap, days that ``of`` patrol days span at most)."""
        for area in problem.areas if self.shifts else ():
            if self.areas and area.id not in self.areas:
                continue
            gaps = [
                cadence
                for phase in problem.rostered_phases
                if (cadence := problem.cadence(phase.id, area.id)) is not None
            ]
            if gaps:
                longest = max(cadence.max_gap for cadence in gaps)
                shortest = min(cadence.min_gap for cadence in gaps)
                yield area.id, shortest, (self.of - 1) * longest + 1

    def _windows(
        self, problem: Problem, columns: Columns, area: str, lengths: range
    ) -> Iterator[Limit]:
        days = len(problem.dates)
        visited = [columns.visited(area, day) for day in range(days)]
        wanted = [
            columns.any_of(
                ("patrolled-in", area, day, self.shifts),
                [columns.patrol(area, day, shift) for shift in self.shifts],
            )
            for day in range(days)
        ]
        for length in lengths:
            # A patrol in one of the shifts makes up for all that the days could hold too many.
            worth = length - self.of + 1
            for first in range(days - length + 1):
                window = range(first, first + length)
                terms: list[tuple[int, Number]] = [(visited[day], 1) for day in window]
                terms += [(wanted[day], -worth) for day in window]
                yield Limit(terms, at_most=self.of - 1)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for area, _, span in self._areas(problem):
            lengths = range(self.of, min(span, len(problem.dates)) + 1)
            yield from self._windows(problem, columns, area, lengths)

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for area, shortest, span in self._areas(problem):
            least = (self.of - 1) * shortest + 1
            lengths = range(least, min(span, len(problem.dates)) + 1)
            yield from self._windows(problem, columns, area, lengths)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for area, _, span in self._areas(problem):
            mine = [p for p in roster.patrols if p.area == area]
            good = {p.date for p in mine if p.shift in self.shifts}
            dates = sorted({p.date for p in mine if problem.first <= p.date <= problem.last})
            for i in range(len(dates) - self.of + 1):
                row = dates[i : i + self.of]
                if (row[-1] - row[0]).days < span and not good & set(row):
                    yield Violation(
                        self.rule, "broken", Level.MUST, ONE, ONE, row[-1], area=area,
                        details=(("first", row[0]), ("of", self.of)),
                    )  # fmt: skip


class HighRiskShifts(Rule):
    """A patrol outside the shifts in which its area's violations are frequent costs ``price``.

    The violation kinds that the area targets name these ``shifts``; where none does, nothing is
    asked.
    """

    rule: Literal["high-risk-shifts"] = "high-risk-shifts"
    price: Amount = 1
    level: PricedLevel = "wishes"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        level = Level[self.level.upper()]
        risky = {kind.id: kind.shifts for kind in problem.violation_kinds}
        for area in problem.areas:
            shifts = {shift for kind in area.targets for shift in risky.get(kind, ())}
            if not shifts:
                continue
            for day in range(len(problem.dates)):
                for shift in problem.shifts:
                    if shift.id not in shifts:
                        patrol = columns.patrol(area.id, day, shift.id)
                        yield Limit([(patrol, 1)], at_most=0, level=level, above=exact(self.price))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol in roster.patrols:
            area = problem.area_by_id[patrol.area]
            told = [kind for kind in problem.violation_kinds if kind.id in area.targets]
            loud = any(kind.shifts for kind in told)
            inside = problem.first <= patrol.date <= problem.last
            if loud and inside and not any(patrol.shift in kind.shifts for kind in told):
                yield Violation(
                    self.rule, "quiet", Level[self.level.upper()], ONE, exact(self.price),
                    patrol.date, area=patrol.area, shift=patrol.shift,
                )  # fmt: skip


def _meeting(shifts: Sequence[Shift]) -> Iterator[tuple[str, str, int]]:
    """The shifts that overlap, and how many days after the first the second begins: 0 or 1."""
    for one, other in combinations(shifts, 2):
        if one.start_minute < other.end_minute and other.start_minute < one.end_minute:
            yield one.id, other.id, 0
    for one, other in product(shifts, repeat=2):
        if other.start_minute + DAY < one.end_minute:
            yield one.id, other.id, 1


class SharedCar(Rule):
    """Areas that share a vehicle are not patrolled at the same time."""

    rule: Literal["shared-car"] = "shared-car"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        days, meeting = len(problem.dates), tuple(_meeting(problem.shifts))
        for vehicle in problem.vehicles:
            if len(vehicle.areas) < 2:
                continue
            for day in range(days):
                for shift in problem.shifts:
                    here: list[tuple[int, Number]] = [
                        (columns.patrol(area, day, shift.id), 1) for area in vehicle.areas
                    ]
                    yield Limit(here, at_most=1)
                for first, second, later in meeting:
                    if day + later < days:
                        for area in vehicle.areas:
                            one = columns.patrol(area, day, first)
                            others: list[tuple[int, Number]] = [
                                (columns.patrol(other, day + later, second), 1)
                                for other in vehicle.areas
                                if other != area
                            ]
                            yield Limit([(one, len(others)), *others], at_most=len(others))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for vehicle in problem.vehicles:
            trips = sorted(
                {
                    (problem.day(p.date) * DAY + problem.shift_by_id[p.shift].start_minute,
                     problem.day(p.date) * DAY + problem.shift_by_id[p.shift].end_minute,
                     p.area, p.date, p.shift)
                    for p in roster.patrols
                    if p.area in vehicle.areas and problem.first <= p.date <= problem.last
                }
            )  # fmt: skip
            for one, two in combinations(trips, 2):
                if two[0] < one[1] and one[2] != two[2]:
                    yield Violation(
                        self.rule, "broken", Level.MUST, ONE, ONE, two[3], area=two[2],
                        shift=two[4],
                        details=(("vehicle", vehicle.name or vehicle.id), ("other", one[2])),
                    )  # fmt: skip
