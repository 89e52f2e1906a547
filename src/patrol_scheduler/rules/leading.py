"""Rules about the leader on duty: one for each patrol day, and a fair share of these days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar, Literal, Self

from patrol_scheduler.problem import Measure, Officer, Post, Problem
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import PostDuty, Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, exact, never
from patrol_scheduler.rules.sharing import ONE, OverSomeDays


def leader_posts(problem: Problem) -> tuple[Post, ...]:
    """The posts at which the leader on duty is entered."""
    return tuple(post for post in problem.posts if post.kind == "leader-on-duty")


def may_lead(problem: Problem) -> tuple[Officer, ...]:
    """The officers who may be leader on duty."""
    return tuple(officer for officer in problem.officers if officer.leader_on_duty)


class LeaderOnDuty(Rule):
    """Each patrol day has one leader on duty, and a day without patrols has none.

    It asks this of every post of the kind ``leader-on-duty``; only officers with
    ``leader_on_duty`` may be entered there. A patrol day without one is a shortage.
    """

    rule: Literal["leader-on-duty"] = "leader-on-duty"
    price: Amount = 100

    def used_by(self, problem: Problem) -> bool:
        return bool(leader_posts(problem))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        able = {officer.id for officer in may_lead(problem)}
        for post in leader_posts(problem):
            for day in range(len(problem.dates)):
                terms: list[tuple[int, Number]] = []
                patrols: list[int] = []
                for shift in problem.shifts:
                    here = [columns.patrol(area.id, day, shift.id) for area in problem.areas]
                    patrols += here
                    closed = post.shifts and shift.id not in post.shifts
                    allowed = set[str]() if closed else able
                    open_terms: list[tuple[int, Number]] = []
                    for officer in problem.officers:
                        column = columns.on(officer.id, day, shift.id, post.id)
                        if officer.id in allowed:
                            open_terms.append((column, 1))
                        else:
                            yield never(column)
                    terms += open_terms
                    if not post.shifts:
                        yield Limit([*open_terms, *((p, -1) for p in here)], at_most=0)
                patrolled = columns.any_of((self.rule, day), patrols)
                terms.append((patrolled, -1))
                price = exact(self.price)
                yield Limit(terms, at_least=0, level=Level.SHORTAGE, below=price)
                yield Limit(terms, at_most=0)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        able = {officer.id for officer in may_lead(problem)}
        patrols: dict[dt.date, set[str]] = {}
        for patrol in roster.patrols:
            patrols.setdefault(patrol.date, set()).add(patrol.shift)
        for post in leader_posts(problem):
            found: dict[dt.date, set[tuple[str, str]]] = {}
            for duty in roster.post_duties:
                if duty.post != post.id:
                    continue
                if duty.officer not in able:
                    yield self._of(duty, "not-able")
                elif post.shifts and duty.shift not in post.shifts:
                    yield self._of(duty, "other-shift")
                else:
                    found.setdefault(duty.date, set()).add((duty.officer, duty.shift))
                    if not post.shifts and duty.shift not in patrols.get(duty.date, ()):
                        yield self._of(duty, "no-patrol")
            for date in sorted(patrols.keys() | found.keys()):
                leaders, wanted = len(found.get(date, ())), 1 if date in patrols else 0
                if leaders < wanted:
                    yield Violation(
                        self.rule, "none", Level.SHORTAGE, ONE, exact(self.price), date,
                        details=(("post", post.id),),
                    )  # fmt: skip
                elif leaders > wanted:
                    amount = Fraction(leaders - wanted)
                    yield Violation(
                        self.rule, "too-many", Level.MUST, amount, amount, date,
                        details=(("post", post.id), ("leaders", leaders), ("wanted", wanted)),
                    )  # fmt: skip

    def _of(self, duty: PostDuty, what: str) -> Violation:
        return Violation(
            self.rule, what, Level.MUST, ONE, ONE, duty.date, duty.officer, shift=duty.shift,
            details=(("post", duty.post),),
        )  # fmt: skip


class LeaderShare(OverSomeDays):
    """Days as leader on duty are shared in proportion to the days on which each one is available.

    All officers who may be leader on duty share them, whatever their agency, each to the part of
    full time; the distance between an officer's days and the fair share costs ``price`` a day.
    ``over`` is read as by the rule ``fair-share``, and what was before the plan counts as there.
    """

    rule: Literal["leader-share"] = "leader-share"
    measure: ClassVar[Measure] = "leader-days"

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (
            cls(over="all-days", price=3),
            cls(over="rest-days", price=3),
            cls(over="statutory-holidays", price=3),
        )

    def groups(self, problem: Problem) -> Mapping[str, tuple[Officer, ...]]:
        return {"": may_lead(problem)}

    def used(self, problem: Problem) -> bool:
        return bool(leader_posts(problem)) and super().used(problem)

    def counts_at(self, problem: Problem, post: str | None) -> bool:
        return any(one.id == post for one in leader_posts(problem))
