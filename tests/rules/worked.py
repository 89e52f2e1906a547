"""Worked examples: a roster written line by line, and what a rule must say about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    PastDuty,
    Phase,
    Post,
    Problem,
    Shift,
)
from patrol_scheduler.roster import CompensatoryRest, Member, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules import Columns, Level, Limit, Rule, Violation

Costs = dict[Level, Fraction]


def plan(start: str = "2010-08-02", end: str = "2010-08-15", **changes: Any) -> Problem:
    """A small plan from Monday 2 August 2010: four officers, two areas, one post, two shifts."""
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    given: dict[str, Any] = {
        "name": "worked",
        "start": first,
        "end": last,
        "agencies": (Agency(id="police"), Agency(id="city")),
        "officers": (
            Officer(id="P1", agency="police"),
            Officer(id="P2", agency="police"),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city"),
        ),
        "areas": (Area(id="town"), Area(id="road")),
        "posts": (Post(id="gate"),),
        "shifts": (
            Shift(id="day", start="08:00", end="16:00"),
            Shift(id="night", start="22:00", end="06:00"),
        ),
        "phases": (Phase(id="routine", start=first, end=last),),
        "cadences": (Cadence(min_days=2, max_days=3, areas=("town",)),),
    }
    return Problem(**(given | changes))


def roster(problem: Problem, *lines: str) -> Roster:
    """A roster from lines like ``2010-08-02 town day P1 C1``; a post may stand for the area.

    ``2010-08-04 rest P1`` is a day of compensatory rest, ``P1=leader`` an officer with a role.
    """
    posts = {post.id for post in problem.posts}
    patrols, duties, rests = [], [], []
    for line in lines:
        when, place, *more = line.split()
        date = dt.date.fromisoformat(when)
        if place == "rest":
            rests += [CompensatoryRest(officer=officer, date=date) for officer in more]
            continue
        shift, *officers = more
        if place in posts:
            duties += [PostDuty(date=date, post=place, shift=shift, officer=o) for o in officers]
        else:
            pairs = [officer.partition("=") for officer in officers]
            members = tuple(
                Member(officer=officer, role=role or "member") for officer, _, role in pairs
            )
            patrols.append(
                Patrol(
                    id=patrol_id(date, place), date=date, area=place, shift=shift, members=members
                )
            )
    return Roster(
        patrols=tuple(patrols), post_duties=tuple(duties), compensatory_rests=tuple(rests)
    )


def past(*lines: str) -> tuple[PastDuty, ...]:
    """Past duties from lines like ``2010-08-01 town day P1``; ``gate`` is the post."""
    found = []
    for line in lines:
        when, place, shift, *officers = line.split()
        where = {"post": place} if place == "gate" else {"area": place}
        found += [
            PastDuty(date=dt.date.fromisoformat(when), shift=shift, officer=officer, **where)
            for officer in officers
        ]
    return tuple(found)


def limit_costs(limits: list[Limit], columns: Columns, roster: Roster) -> tuple[int, Costs]:
    """How many limits that must hold are broken, and what the others cost, by level."""
    values = columns.values(roster)
    broken, costs = 0, Costs()
    for limit in limits:
        total = sum(weight * values[column] for column, weight in limit.terms)
        below = limit.at_least is not None and max(0, limit.at_least - total)
        above = limit.at_most is not None and max(0, total - limit.at_most)
        if not (below or above):
            continue
        if limit.level is Level.MUST:
            broken += 1
        else:
            cost = below * limit.below + above * limit.above
            costs[limit.level] = costs.get(limit.level, Fraction(0)) + cost
    return broken, {level: cost for level, cost in costs.items() if cost}


def violation_costs(violations: list[Violation]) -> tuple[int, Costs]:
    """How many violations are forbidden, and what the others cost, by level."""
    costs = Costs()
    for violation in violations:
        if violation.level is not Level.MUST:
            costs[violation.level] = costs.get(violation.level, Fraction(0)) + violation.cost
    broken = sum(1 for violation in violations if violation.level is Level.MUST)
    return broken, {level: cost for level, cost in costs.items() if cost}


def asked_days(columns: Columns) -> set[int]:
    """The days of all patrols and duties that limits have asked about."""
    place = {"on": 2, "patrol": 2, "member": 3}
    names = [name for name in columns.names if name[0] in place]
    return {day for name in names if isinstance(day := name[place[str(name[0])]], int)}


@dataclass(frozen=True)
class Found:
    """One expected violation; where no cost is given it equals the amount."""

    zh: str
    en: str
    level: str = "must"
    date: str | None = None
    amount: Fraction | int = 1
    cost: Fraction | int | None = None


@dataclass(frozen=True)
class Example:
    """A rule, a plan, a roster in lines, and everything the rule must find in it."""

    title: str
    rule: Rule
    lines: tuple[str, ...]
    found: tuple[Found, ...] = ()
    problem: Problem = field(default_factory=plan)

    def __str__(self) -> str:
        return f"{self.rule.rule}: {self.title}"

    def holds(self) -> None:
        """Assert that the rule finds exactly this, in these words, and that its limits agree."""
        made = roster(self.problem, *self.lines)
        violations = list(self.rule.violations(self.problem, made))
        told = [
            Found(
                zh=self.rule.say(violation, self.problem, "zh-CN"),
                en=self.rule.say(violation, self.problem, "en"),
                level=violation.level.name.lower(),
                date=violation.date.isoformat() if violation.date else None,
                amount=violation.amount,
                cost=violation.cost,
            )
            for violation in violations
        ]
        expected = [
            Found(f.zh, f.en, f.level, f.date, f.amount, f.amount if f.cost is None else f.cost)
            for f in self.found
        ]
        assert told == expected
        assert all(violation.rule == self.rule.rule for violation in violations)
        columns = Columns(self.problem)
        limits = list(self.rule.limits(self.problem, columns))
        broken, costs = limit_costs(limits, columns, made)
        asked, charged = violation_costs(violations)
        assert (bool(broken), costs) == (bool(asked), charged)
        assert asked_days(columns) <= set(range(len(self.problem.dates)))
