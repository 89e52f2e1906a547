"""Rules about how duties are shared out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import Measure, Problem, Shift
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact
from patrol_scheduler.rules.sharing import ONE, OverSomeDays, SharingRule

OPEN_COUNT = 1000
"""What a duty costs less where the number of patrols is open; fairness costs whole units."""


class FairShare(OverSomeDays):
    """Inside each agency, duties are shared in proportion to availability.

    An officer's share is the number of days of ``over`` on which the officer is available, times
    the part of full time, over the sum of the same in the agency; the distance between the
    officer's duties and share times the agency's duties costs ``price`` a duty. ``rest-days`` are
    Saturdays, Sundays and other days off that are no statutory holiday; ``working-days`` leave out
    make-up working days; ``nights`` are duties in shifts that touch the hours from 22:00 to 06:00.
    Duties since the plan's ``fair_since`` and balances count on both sides.
    """

    rule: Literal["fair-share"] = "fair-share"
    price: Amount = 2

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (
            cls(over="all-days", price=2),
            cls(over="rest-days", price=3),
            cls(over="statutory-holidays", price=3),
            cls(over="nights", price=3),
        )


class BurdenShare(SharingRule):
    """Inside each agency, the burden of duties is shared in proportion to availability.

    A duty weighs its shift's ``burden`` (1 where other shifts have one) times the factor of its
    kind of day; shares follow days and the part of full time as in ``fair-share``; the distance
    between the officer's burden and share times the agency's costs ``price`` a unit. A plan in
    which no shift has a burden shares none. The factors follow what the Labour Law, art. 44, has
    paid on rest days and statutory holidays: twice and three times.
    """

    rule: Literal["burden-share"] = "burden-share"
    price: Amount = 1
    working_day: Amount = 1
    make_up_working_day: Amount = 1
    rest_day: Amount = 2
    statutory_holiday: Amount = 3
    measure: ClassVar[Measure] = "burden"

    def used(self, problem: Problem) -> bool:
        return super().used(problem) and any(s.burden is not None for s in problem.shifts)

    def told_apart(self) -> tuple[object, ...]:
        return (*super().told_apart(), *self._factors.values())

    @property
    def _factors(self) -> dict[DayType, Fraction]:
        return {
            DayType.WORKING_DAY: exact(self.working_day),
            DayType.MAKE_UP_WORKING_DAY: exact(self.make_up_working_day),
            DayType.REST_DAY: exact(self.rest_day),
            DayType.STATUTORY_HOLIDAY: exact(self.statutory_holiday),
        }

    def day_worth(self, problem: Problem, date: dt.date) -> Fraction:
        return self._factors[problem.day_table.day_type(date)]

    def shift_worth(self, problem: Problem, shift: Shift) -> Fraction:
        return ONE if shift.burden is None else exact(shift.burden)


class LargestLoad(OverSomeDays):
    """Inside each agency, the largest load is made smaller first, whatever the smaller ones do.

    An officer's load for its share is the duties, before the plan and in it, over the share times
    the number of officers: who is there half the time carries each duty twice. What it is above
    the mean costs ``price`` a duty, what it is more than one duty above it n times that again,
    what it is more than two above it n times as much once more, and so on for ``steps`` steps,
    where n is the number of officers: no number of smaller loads outweighs a larger one. Among
    officers of equal shares, rosters of as many duties then cost the less the smaller their
    largest load is, then the next largest, down to the mean (leximax).
    """

    rule: Literal["largest-load"] = "largest-load"
    price: Amount = 1
    steps: Annotated[int, Field(strict=True, ge=1, le=4)] = 3

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (cls(on=False),)

    def _prices(self, officers: int) -> list[Fraction]:
        return [exact(self.price) * max(2, officers) ** step for step in range(self.steps)]

    def limits_of(
        self, away: list[tuple[int, Number]], share: Fraction, past: Fraction, officers: int
    ) -> Iterator[Limit]:
        scale = _scale(share, officers)
        terms = [(column, weight * scale) for column, weight in away]
        for step, price in enumerate(self._prices(officers)):
            yield Limit(
                terms,
                at_most=past * scale + step,
                level=Level[self.level.upper()],
                above=price,
            )

    def missed(self, share: Fraction, away: Fraction, officers: int) -> tuple[Fraction, Fraction]:
        above = away * _scale(share, officers)
        cost = Fraction(0)
        for step, price in enumerate(self._prices(officers)):
            cost += max(Fraction(0), above - step) * price
        return max(Fraction(0), above), cost


def _scale(share: Fraction, officers: int) -> Fraction:
    """How many times an officer carries each duty, against one of an even share."""
    return 1 / (share * officers) if share else Fraction(1)


class Effort(OfficerRule):
    """Every duty costs ``price``, so that nobody is sent out more often than the plan asks.

    Where a phase's ``patrol_count`` is ``fair`` or ``most``, a duty costs a thousandth of it: only
    among rosters that are equally fair those with the fewest duties are preferred.
    """

    rule: Literal["effort"] = "effort"
    price: Amount = 10
    level: PricedLevel = "fairness"

    def price_on(self, problem: Problem, date: dt.date) -> Fraction:
        """What a duty on a date costs."""
        phase = problem.phase_on(date)
        fewest = phase is None or phase.patrol_count == "fewest"
        return exact(self.price) / (1 if fewest else OPEN_COUNT)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        level = Level[self.level.upper()]
        prices = [self.price_on(problem, date) for date in problem.dates]
        for officer in self.who(problem):
            for day, price in enumerate(prices):
                for _, turn in columns.turns(officer.id, day):
                    yield Limit([(turn, 1)], at_most=0, level=level, above=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        prices = cache(partial(self.price_on, problem))
        for officer in self.who(problem):
            dates = [date for date, _, _ in roster.turns.get(officer.id, ())]
            if dates:
                yield Violation(
                    self.rule,
                    "duties",
                    Level[self.level.upper()],
                    Fraction(len(dates)),
                    sum(map(prices, dates), Fraction(0)),
                    officer=officer.id,
                    details=(("duties", len(dates)),),
                )
