"""Rules about how duties are shared out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, Self

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import (
    Columns,
    Level,
    Limit,
    Number,
    OfficerRule,
    PricedLevel,
    Rule,
    Violation,
    exact,
)

OPEN_COUNT = 1000
"""What a duty costs less where the number of patrols is open; fairness costs whole units."""

Over = Literal["all-days", "rest-days", "statutory-holidays"]


class FairShare(Rule):
    """Inside each agency, duties are shared in proportion to availability.

    An officer's share is the number of days of ``over`` on which the officer is available, times
    the part of full time, over the sum of the same in the agency; the distance between the
    officer's duties and share times the agency's duties costs ``price`` a duty. ``rest-days`` are
    Saturdays, Sundays and other days off that are no statutory holiday.
    """

    rule: Literal["fair-share"] = "fair-share"
    over: Over = "all-days"
    price: Amount = 2
    level: PricedLevel = "fairness"

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (
            cls(over="all-days", price=2),
            cls(over="rest-days", price=3),
            cls(over="statutory-holidays", price=3),
        )

    def days(self, problem: Problem) -> list[int]:
        """The rostered days that count."""
        wanted = {
            "all-days": set(DayType),
            "rest-days": {DayType.REST_DAY},
            "statutory-holidays": {DayType.STATUTORY_HOLIDAY},
        }[self.over]
        return [
            day
            for day, date in enumerate(problem.dates)
            if problem.phase_on(date) is not None
            and (self.over == "all-days" or problem.day_table.day_type(date) in wanted)
        ]

    def shares(self, problem: Problem) -> dict[str, Fraction]:
        """Each officer's share of the agency's duties, 0 to 1; 0 where nobody is available."""
        days = [problem.date(day) for day in self.days(problem)]
        found: dict[str, Fraction] = {}
        for officers in problem.officers_of.values():
            free = {
                o.id: o.full_time_percent * sum(1 for date in days if o.available_on(date))
                for o in officers
            }
            total = sum(free.values())
            found |= {o: Fraction(n, total) if total else Fraction(0) for o, n in free.items()}
        return found

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        days, shares, price = self.days(problem), self.shares(problem), exact(self.price)
        if not days:
            return
        for agency, officers in problem.officers_of.items():
            loads = {}
            for officer in officers:
                turns: list[tuple[int, Number]] = [
                    (turn, 1) for day in days for _, turn in columns.turns(officer.id, day)
                ]
                loads[officer.id] = columns.sum_of(("load", self.over, officer.id), turns)
            total = columns.sum_of(
                ("agency-load", self.over, agency), [(load, 1) for load in loads.values()]
            )
            for name, load in loads.items():
                yield Limit(
                    [(load, 1), (total, -shares[name])],
                    at_least=0,
                    at_most=0,
                    level=Level[self.level.upper()],
                    below=price,
                    above=price,
                )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        counted = {problem.date(day) for day in self.days(problem)}
        shares = self.shares(problem)
        for officers in problem.officers_of.values():
            load = {
                o.id: sum(1 for date, _, _ in roster.turns.get(o.id, ()) if date in counted)
                for o in officers
            }
            total = sum(load.values())
            for officer, duties in load.items():
                target = shares[officer] * total
                if duties != target:
                    amount = abs(duties - target)
                    yield Violation(
                        self.rule,
                        f"{'above' if duties > target else 'below'}-{self.over}",
                        Level[self.level.upper()],
                        amount,
                        amount * exact(self.price),
                        officer=officer,
                        details=(("duties", duties), ("target", target)),
                    )


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
        for officer in self.who(problem):
            dates = [date for date, _, _ in roster.turns.get(officer.id, ())]
            if dates:
                yield Violation(
                    self.rule,
                    "duties",
                    Level[self.level.upper()],
                    Fraction(len(dates)),
                    sum((self.price_on(problem, date) for date in dates), Fraction(0)),
                    officer=officer.id,
                    details=(("duties", len(dates)),),
                )
