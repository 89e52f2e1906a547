"""Rules about the pattern of one officer's days: what follows what, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from math import ceil
from typing import Literal, Self

from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount, Count, Id, Positive
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, at_most, exact
from patrol_scheduler.texts.labels import label

SATURDAY = 5


class ShiftSuccession(OfficerRule):
    """On the day after a duty in one of ``shifts``, an officer has none in ``next_shifts``."""

    rule: Literal["shift-succession"] = "shift-succession"
    shifts: tuple[Id, ...] = ()
    next_shifts: tuple[Id, ...] = ()

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            for day in range(len(problem.dates)):
                for shift in dict.fromkeys(self.shifts):
                    before = columns.in_shift(officer.id, day - 1, shift)
                    if before == columns.NO:
                        continue
                    for later in dict.fromkeys(self.next_shifts):
                        after = columns.in_shift(officer.id, day, later)
                        yield Limit([(before, 1), (after, 1)], at_most=1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        shifts = problem.shift_by_id
        for officer in self.who(problem):
            turns = {(problem.day(date), s) for date, s, _ in roster.turns.get(officer.id, ())}
            turns |= {
                (problem.day(h.date), h.shift) for h in problem.history if h.officer == officer.id
            }
            for day, shift in sorted(turns):
                for before in sorted(set(self.shifts)):
                    if day >= 0 and shift in self.next_shifts and (day - 1, before) in turns:
                        yield Violation(
                            self.rule,
                            "broken",
                            Level.MUST,
                            Fraction(1),
                            Fraction(1),
                            problem.date(day),
                            officer.id,
                            shift=shift,
                            details=(("before", label(before, shifts[before].name)),),
                        )


class HoursAtLeast(OfficerRule):
    """An officer is on duty at least ``hours`` hours in the plan."""

    rule: Literal["hours-at-least"] = "hours-at-least"
    hours: Amount = 0

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        minutes = {shift.id: shift.minutes for shift in problem.shifts}
        # Whole minutes: rounding the limit up changes nothing.
        least = ceil(exact(self.hours) * 60)
        if not least:
            return
        for officer in self.who(problem):
            terms: list[tuple[int, Number]] = [
                (column, minutes[shift])
                for day in range(len(problem.dates))
                for shift, column in columns.turns(officer.id, day)
            ]
            yield Limit(terms, at_least=least)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            minutes = sum(
                problem.shift_by_id[shift].minutes
                for date, shift, _ in roster.turns.get(officer.id, ())
                if problem.first <= date <= problem.last
            )
            amount = exact(self.hours) - Fraction(minutes, 60)
            if amount > 0:
                yield Violation(
                    self.rule,
                    "broken",
                    Level.MUST,
                    amount,
                    amount,
                    None,
                    officer.id,
                    details=(("hours", Fraction(minutes, 60)), ("at_least", self.hours)),
                )


class _Stretches(OfficerRule):
    """What the two rules on stretches share; those at either end of the plan may be shorter."""

    days: Positive = 1

    def _short(
        self, problem: Problem, roster: Roster, *, on_duty: bool
    ) -> Iterator[tuple[str, int, int]]:
        """(officer, first day, length) of each stretch that is too short."""
        plan = range(len(problem.dates))
        for officer in self.who(problem):
            worked = {problem.day(date) for date, _, _ in roster.turns.get(officer.id, ())}
            for duty, days in groupby(plan, key=lambda day: day in worked):
                stretch = list(days)
                inside = stretch[0] > 0 and stretch[-1] < plan[-1]
                if duty == on_duty and inside and len(stretch) < self.days:
                    yield officer.id, stretch[0], len(stretch)

    def _windows(self, problem: Problem, columns: Columns) -> Iterator[tuple[int, int, int]]:
        """A day, the next, and each day that the stretch from the next one on has to reach."""
        days = len(problem.dates)
        for officer in self.who(problem):
            works = [columns.works(officer.id, day) for day in range(days)] if self.days > 1 else ()
            for apart in range(1, self.days):
                for day in range(1, days - apart):
                    yield works[day - 1], works[day], works[day + apart]

    def _violation(self, problem: Problem, officer: str, day: int, length: int) -> Violation:
        amount = Fraction(self.days - length)
        return Violation(
            self.rule,
            "broken",
            Level.MUST,
            amount,
            amount,
            problem.date(day),
            officer,
            details=(("length", length), ("days", self.days)),
        )


class ConsecutiveDutyDays(_Stretches):
    """An officer who begins a stretch of duty is on duty at least ``days`` days in a row.

    A stretch that holds the first or the last day of the plan may be shorter: what lies beyond is
    not known. The rule ``rest-days`` says how long a stretch may be at most.
    """

    rule: Literal["consecutive-duty-days"] = "consecutive-duty-days"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for before, first, later in self._windows(problem, columns):
            yield Limit([(first, 1), (before, -1), (later, -1)], at_most=0)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer, day, length in self._short(problem, roster, on_duty=True):
            yield self._violation(problem, officer, day, length)


class ConsecutiveFreeDays(_Stretches):
    """An officer who gets days off gets at least ``days`` in a row.

    A stretch that holds the first or the last day of the plan may be shorter: what lies beyond is
    not known.
    """

    rule: Literal["consecutive-free-days"] = "consecutive-free-days"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for before, first, later in self._windows(problem, columns):
            yield Limit([(before, 1), (first, -1), (later, 1)], at_most=1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer, day, length in self._short(problem, roster, on_duty=False):
            yield self._violation(problem, officer, day, length)


class WeekendsAtMost(OfficerRule):
    """An officer is on duty on at most ``weekends`` weekends of the plan.

    A weekend counts when there is a duty on its Saturday or its Sunday, whatever kind of day they
    are; days before the plan do not count.
    """

    rule: Literal["weekends-at-most"] = "weekends-at-most"
    weekends: Count = 2

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """Off: no law asks it."""
        return (cls(on=False),)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        days_of: dict[int, list[int]] = {}
        for day, date in enumerate(problem.dates):
            if date.weekday() >= SATURDAY:
                days_of.setdefault(date.toordinal() - date.weekday(), []).append(day)
        if len(days_of) <= self.weekends:
            return
        for officer in self.who(problem):
            yield at_most(
                [
                    (
                        columns.any_of(
                            (self.rule, officer.id, days[0]),
                            [columns.works(officer.id, day) for day in days],
                        ),
                        1,
                    )
                    for days in days_of.values()
                ],
                self.weekends,
            )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            weekends = {
                date.isocalendar()[:2]
                for date, _, _ in roster.turns.get(officer.id, ())
                if date.isoweekday() > SATURDAY and problem.first <= date <= problem.last
            }
            amount = Fraction(len(weekends) - self.weekends)
            if amount > 0:
                yield Violation(
                    self.rule,
                    "broken",
                    Level.MUST,
                    amount,
                    amount,
                    None,
                    officer.id,
                    details=(("weekends", len(weekends)), ("at_most", self.weekends)),
                )
