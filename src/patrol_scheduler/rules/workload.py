"""Rules about how much one officer works in a day, a week, a month or the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, Self

from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount, Count, Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import (
    Columns,
    Level,
    Limit,
    Number,
    OfficerRule,
    Violation,
    at_most,
    exact,
    label,
)

Period = Literal["week", "month", "plan"]


def _period(problem: Problem, day: int, per: Period, week_starts: str) -> tuple[int, ...]:
    """The week or calendar month that a day belongs to, or the plan without its history."""
    if per == "plan":
        return (day >= 0,)
    date = problem.date(day)
    if per == "month":
        return (date.year, date.month)
    if week_starts == "first-day":
        return (day // 7,)
    return ((date.toordinal() - 1) // 7,)  # 1 January of year 1 was a Monday


class _PerPeriod(OfficerRule):
    """What the two workload rules share: one total per officer and week, month or plan."""

    per: Period = "week"
    week_starts: Literal["monday", "first-day"] = "monday"

    def _days_of(self, problem: Problem) -> dict[tuple[int, ...], list[int]]:
        """The rostered days of each period, and the days of the history in it."""
        first = min((problem.day(past.date) for past in problem.history), default=0)
        found: dict[tuple[int, ...], list[int]] = {}
        for day in range(first, len(problem.dates)):
            found.setdefault(_period(problem, day, self.per, self.week_starts), []).append(day)
        return {key: days for key, days in found.items() if days[-1] >= 0}

    def _totals(
        self, problem: Problem, roster: Roster, worth: dict[str, int]
    ) -> Iterator[tuple[str, dt.date, int]]:
        """(officer, first planned duty, total) of periods with a planned duty that counts."""
        for officer in self.who(problem):
            totals: dict[tuple[int, ...], int] = {}
            turns = [(problem.day(date), s) for date, s, _ in roster.turns.get(officer.id, ())]
            past = {
                (problem.day(h.date), h.shift, h.post)
                for h in problem.history
                if h.officer == officer.id
            }
            for day, shift in turns + [(day, shift) for day, shift, _ in past]:
                key = _period(problem, day, self.per, self.week_starts)
                totals[key] = totals.get(key, 0) + worth[shift]
            planned: dict[tuple[int, ...], int] = {}
            for day, shift in turns:
                if not worth[shift]:
                    continue
                planned.setdefault(_period(problem, day, self.per, self.week_starts), day)
            for key, day in planned.items():
                yield officer.id, problem.date(day), totals[key]


class DutiesAtMost(_PerPeriod):
    """An officer has at most ``duties`` duties in a week, calendar month or the plan.

    With ``shifts`` only duties in these count; empty means all.
    """

    rule: Literal["duties-at-most"] = "duties-at-most"
    duties: Count = 5
    shifts: tuple[Id, ...] = ()

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (cls(per="week", duties=5), cls(per="month", duties=21))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for days in self._days_of(problem).values():
            for officer in self.who(problem):
                turns: list[tuple[int, Number]] = [
                    (turn, 1)
                    for day in days
                    for shift, turn in columns.turns(officer.id, day)
                    if not self.shifts or shift in self.shifts
                ]
                if len(turns) > self.duties:
                    yield at_most(turns, self.duties)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        counted = self.shifts or tuple(problem.shift_by_id)
        worth = {shift.id: int(shift.id in counted) for shift in problem.shifts}
        names = [label(s.id, s.name) for s in problem.shifts if s.id in self.shifts]
        for officer, date, n in self._totals(problem, roster, worth):
            if n > self.duties:
                amount = Fraction(n - self.duties)
                yield Violation(
                    self.rule,
                    f"{'shifts' if names else 'broken'}-{self.per}",
                    Level.MUST,
                    amount,
                    amount,
                    date,
                    officer,
                    details=(
                        ("duties", n),
                        ("at_most", self.duties),
                        ("shifts", ", ".join(names)),
                    ),
                )


class HoursAtMost(_PerPeriod):
    """An officer is on duty at most ``hours`` hours in a week, calendar month or the plan."""

    rule: Literal["hours-at-most"] = "hours-at-most"
    hours: Amount = 40

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """40 hours a week (State Council regulation on working hours, 1995, art. 3) and 166.64
        hours a month (20.83 working days of 8 hours, labour ministry notice [2008] No. 3)."""
        return (cls(per="week", hours=40), cls(per="month", hours=166.64))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        minutes = {shift.id: shift.minutes for shift in problem.shifts}
        most = exact(self.hours) * 60
        for days in self._days_of(problem).values():
            for officer in self.who(problem):
                terms: list[tuple[int, Number]] = [
                    (column, minutes[shift])
                    for day in days
                    for shift, column in columns.turns(officer.id, day)
                ]
                # Whole minutes: rounding the limit down changes nothing.
                yield at_most(terms, int(most))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        worth = {shift.id: shift.minutes for shift in problem.shifts}
        for officer, date, minutes in self._totals(problem, roster, worth):
            amount = Fraction(minutes, 60) - exact(self.hours)
            if amount > 0:
                yield Violation(
                    self.rule,
                    f"broken-{self.per}",
                    Level.MUST,
                    amount,
                    amount,
                    date,
                    officer,
                    details=(("hours", Fraction(minutes, 60)), ("at_most", self.hours)),
                )
