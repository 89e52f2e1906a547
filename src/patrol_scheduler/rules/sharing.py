"""What the rules about fair shares have in common."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import ClassVar, Self

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import Measure, Officer, Over, Problem, Shift
from patrol_scheduler.records import Amount, dates_between
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact
from patrol_scheduler.texts import text

ZERO, ONE = Fraction(0), Fraction(1)

DAY_TYPE: Mapping[Over, DayType] = {
    "working-days": DayType.WORKING_DAY,
    "make-up-working-days": DayType.MAKE_UP_WORKING_DAY,
    "rest-days": DayType.REST_DAY,
    "statutory-holidays": DayType.STATUTORY_HOLIDAY,
}
"""The kind of day that duties are shared over; all days and nights are not tied to one."""


@dataclass(frozen=True, slots=True)
class Load:
    """What an officer has of what is shared, and what would be fair; both count what was before."""

    officer: str
    load: Fraction
    target: Fraction
    before: Fraction
    amount: Fraction
    cost: Fraction

    @property
    def away(self) -> Fraction:
        """How far the load is above its target, below it with a minus."""
        return self.load - self.target


class SharingRule(Rule):
    """A rule that holds officers' loads against fair shares.

    Groups share what all of their officers have together, each officer in proportion to the days on
    which the officer is available, times the part of full time. What the officers had before the
    plan counts on both sides: their duties since the plan's ``fair_since``, and the balances that
    they bring.
    """

    price: Amount = 3
    level: PricedLevel = "fairness"
    measure: ClassVar[Measure] = "duties"

    @abstractmethod
    def day_worth(self, problem: Problem, date: dt.date) -> Fraction:
        """What a duty on a date counts; 0 where it does not."""

    def shift_worth(self, problem: Problem, shift: Shift) -> Fraction:
        """What a duty in a shift counts; 0 where it does not."""
        return ONE

    def counts_at(self, problem: Problem, post: str | None) -> bool:
        """Whether duties at a post count, or on patrol where there is none."""
        return True

    def takes_part(self, officer: Officer) -> bool:
        """Whether the officer has a share of what counts."""
        return True

    def groups(self, problem: Problem) -> Mapping[str, tuple[Officer, ...]]:
        """The officers who share with each other, by the name of their group."""
        return problem.officers_of

    def covers(self) -> Over:
        """Which balances this rule reads."""
        return "all-days"

    def told_apart(self) -> tuple[object, ...]:
        """What two rules whose loads count differently differ in."""
        return (self.measure, self.covers())

    def dates(self, problem: Problem) -> list[dt.date]:
        """The rostered dates that count."""
        return [
            date
            for date in problem.dates
            if problem.phase_on(date) is not None and self.day_worth(problem, date)
        ]

    def shift_worths(self, problem: Problem) -> dict[str, Fraction]:
        """What a duty counts in each of the shifts that count."""
        worths = {shift.id: self.shift_worth(problem, shift) for shift in problem.shifts}
        return {shift: worth for shift, worth in worths.items() if worth}

    def used(self, problem: Problem) -> bool:
        """Whether the plan can have anything to share."""
        return bool(self.shift_worths(problem)) and bool(self.dates(problem))

    def worth(self, problem: Problem, date: dt.date, shift: str, post: str | None) -> Fraction:
        """What a duty counts: on patrol, or at a post; 0 outside the rostered phases."""
        if problem.phase_on(date) is None or not self.counts_at(problem, post):
            return ZERO
        return self._worth(problem, date, shift)

    def _worth(self, problem: Problem, date: dt.date, shift: str) -> Fraction:
        return self.day_worth(problem, date) * self.shift_worth(problem, problem.shift_by_id[shift])

    def shares(self, problem: Problem) -> dict[str, Fraction]:
        """Each officer's share of what the group has, 0 to 1; 0 where nobody is available."""
        dates = self.dates(problem) + self.dates_before(problem)
        found: dict[str, Fraction] = {}
        for officers in self.groups(problem).values():
            free = {
                o.id: o.full_time_percent * sum(map(o.available_on, dates))
                if self.takes_part(o)
                else 0
                for o in officers
            }
            total = sum(free.values())
            found |= {o: Fraction(n, total) if total else ZERO for o, n in free.items()}
        return found

    def dates_before(self, problem: Problem) -> list[dt.date]:
        """The dates before the plan, since ``fair_since``, that count."""
        if problem.fair_since is None:
            return []
        before = dates_between(problem.fair_since, problem.first - dt.timedelta(days=1))
        return [date for date in before if self.day_worth(problem, date)]

    def before(self, problem: Problem) -> dict[str, Fraction]:
        """What each officer brings: balances, and what was done since ``fair_since``."""
        found = dict.fromkeys(problem.officer_by_id, ZERO)
        for balance in problem.balances:
            if (balance.measure, balance.over) == (self.measure, self.covers()):
                found[balance.officer] += exact(balance.carried)
        if problem.fair_since is not None:
            past = {(h.officer, h.date, h.shift, h.post) for h in problem.history}
            for officer, date, shift, post in past:
                if date >= problem.fair_since and self.counts_at(problem, post):
                    found[officer] += self._worth(problem, date, shift)
        return found

    def load_columns(
        self, problem: Problem, columns: Columns, officers: tuple[Officer, ...]
    ) -> tuple[dict[str, int], int]:
        """A column for what each officer has in the plan, and how many of its units are one.

        Columns hold whole numbers: a duty that counts 2.5 is five units of a half.
        """
        worths = self.shift_worths(problem)
        days = [(problem.day(d), self.day_worth(problem, d)) for d in self.dates(problem)]
        units = lcm(*((w * worth).denominator for _, w in days for worth in worths.values()))
        places = [place for place in columns.places if self.counts_at(problem, place)]
        counted = [
            (day, shift, place, int(units * day_worth * worth))
            for day, day_worth in days
            for shift, worth in worths.items()
            for place in places
        ]
        found = {}
        for officer in officers:
            terms = [
                (columns.on(officer.id, day, shift, place), weight)
                for day, shift, place, weight in counted
            ]
            name = ("load", *self.told_apart(), officer.id)
            found[officer.id] = columns.sum_of(name, terms)
        return found, units

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        if not self.used(problem):
            return
        before, shares = self.before(problem), self.shares(problem)
        for group, officers in self.groups(problem).items():
            if not officers:
                continue
            loads, units = self.load_columns(problem, columns, officers)
            name = ("group-load", *self.told_apart(), group)
            total = columns.sum_of(name, [(load, 1) for load in loads.values()])
            brought = sum((before[officer] for officer in loads), ZERO)
            for officer, load in loads.items():
                # The load and the total as they are with what was before them.
                past = shares[officer] * brought - before[officer]
                away: list[tuple[int, Number]] = [
                    (load, Fraction(1, units)),
                    (total, -shares[officer] / units),
                ]
                yield from self.limits_of(away, shares[officer], past, len(loads))

    def limits_of(
        self, away: list[tuple[int, Number]], share: Fraction, past: Fraction, officers: int
    ) -> Iterator[Limit]:
        """What is asked of one officer's load.

        ``away`` is the load less its share of what the group has in the plan; ``past`` by how much
        less the officer brings than the share of what the group brings.
        """
        yield Limit(
            away,
            at_least=past,
            at_most=past,
            level=Level[self.level.upper()],
            below=exact(self.price),
            above=exact(self.price),
        )

    def missed(self, share: Fraction, away: Fraction, officers: int) -> tuple[Fraction, Fraction]:
        """By how much a load that is so far above its target misses it, and what that costs."""
        return abs(away), abs(away) * exact(self.price)

    def loads(self, problem: Problem, roster: Roster) -> Iterator[tuple[str, list[Load]]]:
        """The officers' loads of a roster, group by group."""
        for group, (whole,) in self.loads_until(problem, roster, [problem.last]):
            yield group, whole

    def loads_until(
        self, problem: Problem, roster: Roster, lasts: Sequence[dt.date]
    ) -> Iterator[tuple[str, list[list[Load]]]]:
        """The officers' loads up to each of some dates, group by group; shares as of the whole."""
        if not self.used(problem):
            return
        before, shares = self.before(problem), self.shares(problem)
        turns = {turn for mine in roster.turns.values() for turn in mine}
        worths = {turn: self.worth(problem, *turn) for turn in turns}
        # Counted in whole units of the smallest part that a duty counts: quicker than fractions.
        units = lcm(*(worth.denominator for worth in worths.values()))
        counted = {turn: int(units * worth) for turn, worth in worths.items() if worth}
        for group, officers in self.groups(problem).items():
            had = {
                o.id: [(t[0], counted[t]) for t in roster.turns.get(o.id, ()) if t in counted]
                for o in officers
            }
            found = []
            for last in lasts:
                load = {
                    officer: before[officer]
                    + Fraction(sum(n for date, n in mine if date <= last), units)
                    for officer, mine in had.items()
                }
                total = sum(load.values(), ZERO)
                loads = []
                for officer, n in load.items():
                    target = shares[officer] * total
                    missed = self.missed(shares[officer], n - target, len(load))
                    loads.append(Load(officer, n, target, before[officer], *missed))
                found.append(loads)
            yield group, found

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for _, loads in self.loads(problem, roster):
            for one in loads:
                if one.amount:
                    yield Violation(
                        self.rule,
                        "above" if one.away > 0 else "below",
                        Level[self.level.upper()],
                        one.amount,
                        one.cost,
                        officer=one.officer,
                        details=(
                            ("load", one.load),
                            ("target", one.target),
                            ("before", one.before),
                            ("over", self.covers()),
                        ),
                    )

    def say(self, violation: Violation, problem: Problem, lang: str) -> str:
        details = dict(violation.details)
        over = text(f"sharing.over.{details['over']}", lang)
        before = text("sharing.before", lang) if details["before"] else ""
        more = (("over", over), ("before", before))
        return super().say(replace(violation, details=(*violation.details, *more)), problem, lang)


class OverSomeDays(SharingRule):
    """A sharing rule that looks at duties on some days only, or at night."""

    over: Over = "all-days"

    @classmethod
    @abstractmethod
    def defaults(cls) -> tuple[Self, ...]:
        """One rule for each kind of duty that is shared where a plan does not mention it."""

    def covers(self) -> Over:
        return self.over

    def takes_part(self, officer: Officer) -> bool:
        return officer.night_ok or self.over != "nights"

    def day_worth(self, problem: Problem, date: dt.date) -> Fraction:
        wanted = DAY_TYPE.get(self.over)
        return ONE if wanted in (None, problem.day_table.day_type(date)) else ZERO

    def shift_worth(self, problem: Problem, shift: Shift) -> Fraction:
        return ONE if self.over != "nights" or shift.at_night else ZERO
