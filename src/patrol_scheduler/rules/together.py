"""Wishes about who is in a patrol: with whom, and in which area."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import combinations
from typing import Literal, Self

from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount, Count, Id, Positive
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, exact

Mark = tuple[str, str]
"""What a wish counts over the patrols of a roster, such as two officers going together."""


class TeamWish(Rule):
    """A wish about who is in one patrol: it has a price and never keeps a patrol from being formed.

    Each patrol leaves marks, which are counted over the plan and what was before it; what a mark
    costs depends on its number alone. The teams of each shift are formed by these numbers.
    """

    price: Amount = 1

    @abstractmethod
    def marks(
        self, problem: Problem, area: str, date: dt.date, officers: Collection[str]
    ) -> Iterator[Mark]:
        """What a patrol of an area with these officers leaves."""

    @abstractmethod
    def charged(self, problem: Problem, mark: Mark, before: int, times: int) -> int:
        """How many units a mark costs that the plan leaves ``times`` times after so many before."""

    def inclined(self, before: int, times: int) -> int:
        """Of rosters that cost the same, those with a small sum of this over the marks lead on."""
        return 0

    def before(self, problem: Problem) -> Counter[Mark]:
        """The marks of the patrols before the plan."""
        return Counter()

    def counted(self, problem: Problem, roster: Roster) -> Counter[Mark]:
        """The marks of a roster."""
        return Counter(
            mark
            for patrol in roster.patrols
            for mark in self.marks(
                problem, patrol.area, patrol.date, {m.officer for m in patrol.members}
            )
        )

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """Nothing: who is together is decided when the teams are formed."""
        return iter(())


class _PairRule(TeamWish):
    """What the two rules about partners share: pairs of officers, in the order of the plan.

    Empty ``agencies`` mean all officers; otherwise both of a pair are of these.
    """

    agencies: tuple[Id, ...] = ()

    def who(self, problem: Problem) -> list[str]:
        """The officers whose pairs count."""
        return [o.id for o in problem.officers if not self.agencies or o.agency in self.agencies]

    def marks(
        self, problem: Problem, area: str, date: dt.date, officers: Collection[str]
    ) -> Iterator[Mark]:
        return combinations(sorted(o for o in officers if self._counts(problem, o)), 2)

    def _counts(self, problem: Problem, officer: str) -> bool:
        return not self.agencies or problem.officer_by_id[officer].agency in self.agencies

    def before(self, problem: Problem) -> Counter[Mark]:
        teams: dict[tuple[dt.date, str, str], set[str]] = {}
        for duty in problem.history:
            if duty.area is not None:
                teams.setdefault((duty.date, duty.shift, duty.area), set()).add(duty.officer)
        return Counter(
            mark
            for (date, _, area), officers in teams.items()
            for mark in self.marks(problem, area, date, officers)
        )

    def together(
        self, problem: Problem, columns: Columns
    ) -> Iterator[tuple[Mark, list[dict[int, int]]]]:
        """Each pair with a sum for every patrol that is 1 where both are in it, else 0."""
        for one, other in combinations(sorted(self.who(problem)), 2):
            sums = []
            for day in range(len(problem.dates)):
                for shift in problem.shifts:
                    for area in problem.areas:
                        both = [columns.member(o, area.id, day, shift.id) for o in (one, other)]
                        name = ("either", one, other, area.id, day, shift.id)
                        sums.append({both[0]: 1, both[1]: 1, columns.any_of(name, both): -1})
            yield (one, other), sums


class MixPartners(_PairRule):
    """Partners change: each patrol of the same two beyond ``times`` costs ``price``.

    The patrols of the history count. Empty ``agencies`` mean all officers; otherwise both of a
    pair are of these.
    """

    rule: Literal["mix-partners"] = "mix-partners"
    times: Count = 3

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (cls(on=False),)

    def charged(self, problem: Problem, mark: Mark, before: int, times: int) -> int:
        return max(0, times - max(0, self.times - before))

    def inclined(self, before: int, times: int) -> int:
        return (before + times) ** 2

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        before = self.before(problem)
        for pair, sums in self.together(problem, columns):
            terms: list[tuple[int, Number]] = [t for one in sums for t in one.items()]
            yield Limit(
                terms,
                at_most=max(0, self.times - before[pair]),
                level=Level.WISHES,
                above=exact(self.price),
            )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        before = self.before(problem)
        for pair, times in sorted(self.counted(problem, roster).items(), key=str):
            one, other = pair
            more = Fraction(times - max(0, self.times - before[pair]))
            if more > 0:
                yield Violation(
                    self.rule,
                    "again",
                    Level.WISHES,
                    more,
                    more * exact(self.price),
                    officer=one,
                    details=(
                        ("partner", other),
                        ("patrols", before[pair] + times),
                        ("times", self.times),
                    ),
                )


class KeepPartners(_PairRule):
    """Partners stay together: each two who go together at all cost ``price``, however often.

    So the fewer different partners, the better. Pairs of the history cost nothing. Empty
    ``agencies`` mean all officers; otherwise both of a pair are of these.
    """

    rule: Literal["keep-partners"] = "keep-partners"

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (cls(on=False),)

    def charged(self, problem: Problem, mark: Mark, before: int, times: int) -> int:
        return int(times > 0 and not before)

    def inclined(self, before: int, times: int) -> int:
        # A pair that is seldom together is given up for one that often is, or was before.
        return -1000 * times if before else -times * times

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        before = self.before(problem)
        for pair, sums in self.together(problem, columns):
            if before[pair]:
                continue
            both = [
                columns.sum_of((self.rule, *pair, n), list(one.items()))
                for n, one in enumerate(sums)
            ]
            ever = columns.any_of((self.rule, *pair), both)
            yield Limit([(ever, 1)], at_most=0, level=Level.WISHES, above=exact(self.price))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        before = self.before(problem)
        for pair, times in sorted(self.counted(problem, roster).items(), key=str):
            one, other = pair
            if not before[pair]:
                yield Violation(
                    self.rule,
                    "new",
                    Level.WISHES,
                    Fraction(1),
                    exact(self.price),
                    officer=one,
                    details=(("partner", other), ("patrols", times)),
                )


class FamiliarAreas(TeamWish):
    """A patrol has ``at_least`` officers who know its area; each one too few costs ``price``.

    Only areas that some officer knows count.
    """

    rule: Literal["familiar-areas"] = "familiar-areas"
    at_least: Positive = 1

    def marks(
        self, problem: Problem, area: str, date: dt.date, officers: Collection[str]
    ) -> Iterator[Mark]:
        knowing = problem.staff.knowing.get(area)
        if knowing:
            for _ in range(self.at_least - len(knowing.intersection(officers))):
                yield self.rule, area

    def charged(self, problem: Problem, mark: Mark, before: int, times: int) -> int:
        return times

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for area, officers in problem.staff.knowing.items():
            for day in range(len(problem.dates)):
                for shift in problem.shifts:
                    members = [columns.member(o, area, day, shift.id) for o in sorted(officers)]
                    yield self._limit(members, columns.patrol(area, day, shift.id))

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """Of the officers on patrol in the shift, enough know the area."""
        for area, officers in problem.staff.knowing.items():
            for day, date in enumerate(problem.dates):
                for shift in problem.shifts:
                    if problem.patrols_allowed(area, date, shift.id):
                        on = [columns.on(o, day, shift.id) for o in sorted(officers)]
                        yield self._limit(on, columns.patrol(area, day, shift.id))

    def _limit(self, officers: list[int], patrol: int) -> Limit:
        return Limit(
            [*((o, 1) for o in officers), (patrol, -self.at_least)],
            at_least=0,
            level=Level.WISHES,
            below=exact(self.price),
        )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        knowing = problem.staff.knowing
        for patrol in roster.patrols:
            if patrol.area in knowing:
                there = {m.officer for m in patrol.members} & knowing[patrol.area]
                missing = Fraction(self.at_least - len(there))
                if missing > 0:
                    yield Violation(
                        self.rule,
                        "too-few",
                        Level.WISHES,
                        missing,
                        missing * exact(self.price),
                        patrol.date,
                        area=patrol.area,
                        shift=patrol.shift,
                        details=(("there", len(there)), ("asked", self.at_least)),
                    )
