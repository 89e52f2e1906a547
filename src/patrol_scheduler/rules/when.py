"""Rules about the dates of patrols: market days, dates that the plan names, kinds of day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount, Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns
from patrol_scheduler.rules.limits import Level, Limit, exact, never

ONE = Fraction(1)


def rostered(problem: Problem, area: str, date: dt.date) -> bool:
    """Whether a rostered phase has the area on the date in any shift."""
    return any(problem.patrols_allowed(area, date, shift.id) for shift in problem.shifts)


class MarketDays(Rule):
    """An area with a market that must be patrolled is patrolled on each market day.

    Only days in a rostered phase with the area count; a market day without a patrol is a shortage.
    """

    rule: Literal["market-days"] = "market-days"
    price: Amount = 150

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        price = exact(self.price)
        for market in problem.markets:
            if not market.must:
                continue
            for day, date in enumerate(problem.dates):
                if not market.held_on(date):
                    continue
                for area in market.areas:
                    if rostered(problem, area, date):
                        patrols = [
                            columns.patrol(area, day, shift.id)
                            for shift in problem.shifts
                            if not market.shifts or shift.id in market.shifts
                        ]
                        visited = columns.any_of(
                            ("patrolled-in", area, day, market.shifts), patrols
                        )
                        yield Limit([(visited, 1)], at_least=1, level=Level.SHORTAGE, below=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        patrolled = {(p.area, p.date, p.shift) for p in roster.patrols}
        for market in problem.markets:
            shifts = market.shifts or tuple(shift.id for shift in problem.shifts)
            for date in filter(market.held_on, problem.dates if market.must else ()):
                for area in market.areas:
                    if not rostered(problem, area, date):
                        continue
                    if not any((area, date, shift) in patrolled for shift in shifts):
                        yield Violation(
                            self.rule, "missed", Level.SHORTAGE, ONE, exact(self.price), date,
                            area=area, details=(("market", market.name or market.id),),
                        )  # fmt: skip


class PatrolDates(Rule):
    """Areas are patrolled on the dates on which they must be, and not on those forbidden.

    Only dates in a rostered phase with the area count; a date without its patrol is a shortage.
    """

    rule: Literal["patrol-dates"] = "patrol-dates"
    price: Amount = 150

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        price = exact(self.price)
        for entry in problem.patrol_dates:
            for date in entry.all_dates:
                if not problem.first <= date <= problem.last:
                    continue
                day = problem.day(date)
                shifts = entry.shifts or tuple(shift.id for shift in problem.shifts)
                for area in entry.areas or tuple(area.id for area in problem.areas):
                    patrols = [columns.patrol(area, day, shift) for shift in shifts]
                    if entry.want == "forbidden":
                        for patrol in patrols:
                            yield never(patrol)
                    elif rostered(problem, area, date):
                        visited = columns.any_of(("patrolled-in", area, day, entry.shifts), patrols)
                        yield Limit([(visited, 1)], at_least=1, level=Level.SHORTAGE, below=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        patrolled = {(p.area, p.date, p.shift) for p in roster.patrols}
        for entry in problem.patrol_dates:
            details = (("reason", " ".join(entry.reason.split()) or "-"),)
            for date in entry.all_dates:
                for area in [area.id for area in problem.areas]:
                    if entry.areas and area not in entry.areas:
                        continue
                    found = [
                        shift.id
                        for shift in problem.shifts
                        if (not entry.shifts or shift.id in entry.shifts)
                        and (area, date, shift.id) in patrolled
                    ]
                    if entry.want == "forbidden":
                        for shift_id in found:
                            yield Violation(
                                self.rule, "forbidden", Level.MUST, ONE, ONE, date,
                                area=area, shift=shift_id, details=details,
                            )  # fmt: skip
                    elif not found and rostered(problem, area, date):
                        yield Violation(
                            self.rule, "missed", Level.SHORTAGE, ONE, exact(self.price), date,
                            area=area, details=details,
                        )  # fmt: skip


class PatrolDays(Rule):
    """Patrols take place on certain kinds of day only, such as working days.

    Empty ``day_types`` ask nothing; empty ``areas`` mean all.
    """

    rule: Literal["patrol-days"] = "patrol-days"
    day_types: tuple[DayType, ...] = ()
    areas: tuple[Id, ...] = ()

    def forbids(self, problem: Problem, area: str, date: dt.date) -> bool:
        """Whether the rule keeps the area from being patrolled on the date."""
        return bool(
            self.day_types
            and (not self.areas or area in self.areas)
            and problem.day_table.day_type(date) not in self.day_types
        )

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for area in problem.areas:
            for day, date in enumerate(problem.dates):
                if self.forbids(problem, area.id, date):
                    for shift in problem.shifts:
                        yield never(columns.patrol(area.id, day, shift.id))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol in roster.patrols if self.day_types else ():
            if self.areas and patrol.area not in self.areas:
                continue
            if not problem.first <= patrol.date <= problem.last:
                continue
            kind = problem.day_table.day_type(patrol.date)
            if kind not in self.day_types:
                yield Violation(
                    self.rule, kind.value, Level.MUST, ONE, ONE, patrol.date,
                    area=patrol.area, shift=patrol.shift,
                )  # fmt: skip


class ShiftDays(Rule):
    """Duties lie in shifts only on the kinds of day on which these apply.

    A post asks for nobody in a shift on a day on which it does not apply.
    """

    rule: Literal["shift-days"] = "shift-days"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for day, date in enumerate(problem.dates):
            closed = [s.id for s in problem.shifts if not problem.shift_applies(s.id, date)]
            for shift in closed:
                for area in problem.areas:
                    yield never(columns.patrol(area.id, day, shift))
            for officer in problem.officers if closed else ():
                for shift, turn in columns.turns(officer.id, day):
                    if shift in closed:
                        yield never(turn)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        kinds = {shift.id: shift.day_types for shift in problem.shifts if shift.day_types}
        for patrol in roster.patrols:
            if self._outside(problem, kinds, patrol.date, patrol.shift):
                yield Violation(
                    self.rule, "patrol", Level.MUST, ONE, ONE, patrol.date,
                    area=patrol.area, shift=patrol.shift,
                )  # fmt: skip
        for duty in roster.post_duties:
            if self._outside(problem, kinds, duty.date, duty.shift):
                yield Violation(
                    self.rule, "post", Level.MUST, ONE, ONE, duty.date, duty.officer,
                    shift=duty.shift, details=(("post", duty.post),),
                )  # fmt: skip

    def _outside(
        self, problem: Problem, kinds: dict[str, tuple[DayType, ...]], date: dt.date, shift: str
    ) -> bool:
        return (
            shift in kinds
            and problem.first <= date <= problem.last
            and problem.day_table.day_type(date) not in kinds[shift]
        )
