"""Rules about posts that are staffed in every shift."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Cover, Problem
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact, never


class CoverRule(Rule):
    """A post has as many officers in a shift as its cover asks, and nobody where none is asked.

    A cover's own prices count on ``level``. Where it has none, an officer too few is a shortage
    that costs ``price``, and an officer too many is forbidden. Whom a pin wants at a post may be
    there.
    """

    rule: Literal["cover"] = "cover"
    price: Amount = 100
    level: PricedLevel = "fairness"

    def _below(self, cover: Cover) -> tuple[Level, Fraction]:
        if cover.price_below is None:
            return Level.SHORTAGE, exact(self.price)
        return Level[self.level.upper()], exact(cover.price_below)

    def _above(self, cover: Cover) -> tuple[Level, Fraction]:
        if cover.price_above is None:
            return Level.MUST, Fraction(1)
        return Level[self.level.upper()], exact(cover.price_above)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for day, date in enumerate(problem.dates):
            for post in problem.posts:
                for shift in problem.shifts:
                    if not problem.is_staffed(post, date, shift.id):
                        pinned = problem.pinned_at(post.id, date, shift.id)
                        for officer in problem.officers:
                            if officer.id in pinned:
                                continue
                            yield never(columns.on(officer.id, day, shift.id, post.id))
                    for cover in problem.covers_on(post.id, date, shift.id):
                        terms: list[tuple[int, Number]] = [
                            (columns.on(officer.id, day, shift.id, post.id), 1)
                            for officer in problem.officers
                        ]
                        level, price = self._below(cover)
                        yield Limit(terms, at_least=cover.at_least, level=level, below=price)
                        if cover.at_most is not None:
                            level, price = self._above(cover)
                            yield Limit(terms, at_most=cover.at_most, level=level, above=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        present: dict[tuple[str, object, str], set[str]] = {}
        for duty in roster.post_duties:
            present.setdefault((duty.post, duty.date, duty.shift), set()).add(duty.officer)
        for date in problem.dates:
            for post in problem.posts:
                for shift in problem.shifts:
                    there = present.get((post.id, date, shift.id), set())
                    n = len(there)
                    if there and not problem.is_staffed(post, date, shift.id):
                        unasked = len(there - problem.pinned_at(post.id, date, shift.id))
                        if unasked:
                            yield Violation(
                                self.rule, "unasked", Level.MUST,
                                Fraction(unasked), Fraction(unasked), date,
                                shift=shift.id, details=(("post", post.id), ("present", unasked)),
                            )  # fmt: skip
                    for cover in problem.covers_on(post.id, date, shift.id):
                        sides = [("below", cover.at_least - n, self._below(cover))]
                        if cover.at_most is not None:
                            sides.append(("above", n - cover.at_most, self._above(cover)))
                        for what, amount, (level, price) in sides:
                            if amount > 0:
                                yield Violation(
                                    self.rule,
                                    what,
                                    level,
                                    Fraction(amount),
                                    amount * price,
                                    date,
                                    shift=shift.id,
                                    details=(
                                        ("post", post.id),
                                        ("present", n),
                                        ("at_least", cover.at_least),
                                        ("at_most", cover.at_most),
                                    ),
                                )
