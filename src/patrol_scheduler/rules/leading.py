"""Rules about the leader on duty: one for each patrol day, and a fair share of these days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, Self

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import Officer, Post, Problem
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import PostDuty, Roster
from patrol_scheduler.rules.base import (
    Columns,
    Level,
    Limit,
    Number,
    PricedLevel,
    Rule,
    Violation,
    exact,
)

ONE = Fraction(1)
Over = Literal["all-days", "rest-days", "statutory-holidays"]


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
                            yield Limit([(column, 1)], at_most=0)
                    terms += open_terms
                    if open_terms and not post.shifts:
                        yield Limit([*open_terms, *((p, -1) for p in here)], at_most=0)
                if not patrols:
                    yield Limit(terms, at_most=0)
                    continue
                patrolled = columns.any_of(("patrolled", day), patrols)
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


class LeaderShare(Rule):
    """Days as leader on duty are shared in proportion to the days on which each one is available.

    All officers who may be leader on duty share them, whatever their agency, each to the part of
    full time; the distance between an officer's days and the fair share costs ``price`` a day.
    ``rest-days`` are days off that are no statutory holiday.
    """

    rule: Literal["leader-share"] = "leader-share"
    over: Over = "all-days"
    price: Amount = 3
    level: PricedLevel = "fairness"

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (
            cls(over="all-days", price=3),
            cls(over="rest-days", price=3),
            cls(over="statutory-holidays", price=3),
        )

    def dates(self, problem: Problem) -> list[dt.date]:
        """The rostered dates that count."""
        wanted = DayType.REST_DAY if self.over == "rest-days" else DayType.STATUTORY_HOLIDAY
        return [
            date
            for date in problem.dates
            if problem.phase_on(date) is not None
            and (self.over == "all-days" or problem.day_table.day_type(date) is wanted)
        ]

    def shares(self, problem: Problem) -> dict[str, Fraction]:
        """Each one's share, 0 to 1; 0 where nobody is available."""
        dates = self.dates(problem)
        free = {
            o.id: o.full_time_percent * sum(map(o.available_on, dates)) for o in may_lead(problem)
        }
        total = sum(free.values())
        return {o: Fraction(n, total) if total else Fraction(0) for o, n in free.items()}

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        posts, dates = leader_posts(problem), self.dates(problem)
        shares, price = self.shares(problem), exact(self.price)
        if not posts or not dates:
            return
        loads = {
            officer: columns.sum_of(
                ("leader-load", self.over, officer),
                [
                    (columns.on(officer, problem.day(date), shift.id, post.id), 1)
                    for date in dates
                    for shift in problem.shifts
                    for post in posts
                ],
            )
            for officer in shares
        }
        total = columns.sum_of(("leader-days", self.over), [(load, 1) for load in loads.values()])
        for officer, load in loads.items():
            yield Limit(
                [(load, 1), (total, -shares[officer])],
                at_least=0,
                at_most=0,
                level=Level[self.level.upper()],
                below=price,
                above=price,
            )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        posts = {post.id for post in leader_posts(problem)}
        counted, shares = set(self.dates(problem)), self.shares(problem)
        led = {
            (duty.officer, duty.date, duty.shift, duty.post)
            for duty in roster.post_duties
            if duty.post in posts and duty.date in counted and duty.officer in shares
        }
        days = {officer: sum(1 for one in led if one[0] == officer) for officer in shares}
        for officer, share in shares.items():
            target = share * len(led)
            if days[officer] != target:
                amount = abs(days[officer] - target)
                yield Violation(
                    self.rule,
                    f"{'above' if days[officer] > target else 'below'}-{self.over}",
                    Level[self.level.upper()],
                    amount,
                    amount * exact(self.price),
                    officer=officer,
                    details=(("days", days[officer]), ("target", round(float(target), 2))),
                )
