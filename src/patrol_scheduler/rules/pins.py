"""Rules about what is settled beforehand: who is on duty where, and who is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Area, Pin, Problem, Role, Team
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, exact, never
from patrol_scheduler.rules.team import TeamWishes, patrols_of
from patrol_scheduler.rules.team_rule import Need, TeamRule

ONE = Fraction(1)


def _shifts(problem: Problem, pin: Pin) -> list[str]:
    return [shift.id for shift in problem.shifts if pin.shift in (None, shift.id)]


def _some(columns: Iterable[int]) -> Limit:
    return Limit([(column, 1) for column in columns], at_least=1)


def _pinned(problem: Problem, area: Area) -> str | None:
    """The area, where a pin names it: its patrols may ask what those of no other area ask."""
    return area.id if any(pin.area == area.id for pin in problem.pins) else None


ROLE_OF: dict[frozenset[str], Role] = {
    frozenset(): "member",
    frozenset({"leader"}): "leader",
    frozenset({"driver"}): "driver",
    frozenset({"leader", "driver"}): "leader-driver",
}
"""The name of what an officer does in a patrol, by its parts."""


PARTS = ("leader", "driver")
"""What an officer may do in a patrol beside being in it; an officer is able to by this field."""


def pinned_roles(problem: Problem, area: str, date: dt.date, shift: str) -> dict[str, Role]:
    """The roles that pins ask for in a patrol, by officer."""
    return {
        pin.officer: pin.role
        for pin in problem.pins_with_roles.get(date, ())
        if pin.role and pin.area in (None, area) and pin.shift in (None, shift)
    }


def rank(asked: Mapping[str, Role], officer: str, part: str) -> int:
    """Who leads or drives first: 0 whom a pin names, 2 whom a pin gives another role, 1 others."""
    role = asked.get(officer)
    return 1 if role is None else 0 if part in role.split("-") else 2


class Pins(Rule):
    """Whoever is pinned to a date is on duty on it, and whoever is kept from one is not.

    A pin to an area also has the area patrolled that day, in a shift in which the officer is on
    patrol. Whoever is pinned to leading or driving a patrol does so when in it, or another who is;
    whoever is pinned to another role does so only where nobody else can. A preferred duty that the
    officer does not have costs ``price``.
    """

    rule: Literal["pins"] = "pins"
    price: Amount = 3

    def used_by(self, problem: Problem) -> bool:
        return bool(problem.pins)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        yield from self.roster_limits(problem, columns)
        for date in problem.pins_with_roles:
            day = problem.day(date)
            for shift in problem.shifts if 0 <= day < len(problem.dates) else ():
                for area in problem.areas:
                    asked = pinned_roles(problem, area.id, date, shift.id)
                    if asked:
                        yield from self._roles(problem, columns, (area.id, day, shift.id), asked)

    @staticmethod
    def _roles(
        problem: Problem,
        columns: Columns,
        patrol: tuple[str, int, str],
        asked: Mapping[str, Role],
    ) -> Iterator[Limit]:
        for part in PARTS:
            place: list[list[str]] = [[], [], []]
            for officer in problem.officers:
                place[rank(asked, officer.id, part)].append(officer.id)
            has = {o.id: columns.role(o.id, *patrol, part) for o in problem.officers}
            there = {o.id: columns.member(o.id, *patrol) for o in problem.officers}
            for one in place[0]:
                named: list[tuple[int, Number]] = [(has[other], 1) for other in place[0]]
                yield Limit([*named, (there[one], -1)], at_least=0)
            rather = place[0] + place[1]
            for one in place[2]:
                for other in rather:
                    if getattr(problem.officer_by_id[other], part):
                        others: list[tuple[int, Number]] = [(has[o], -1) for o in rather]
                        yield Limit([(has[one], 1), (there[other], 1), *others], at_most=1)

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        # Roles are given when the teams are known, those that pins name first.
        for pin in problem.pins:
            yield from self.asked_by(pin, problem, columns)

    def asked_by(self, pin: Pin, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """What one pin asks of who is on duty when and which areas are patrolled."""
        day = problem.day(pin.date)
        if not 0 <= day < len(problem.dates):
            return
        if pin.area is not None:
            if pin.kind == "must":
                patrols = {s: columns.patrol(pin.area, day, s) for s in _shifts(problem, pin)}
                yield _some(patrols.values())
                for shift, patrol in patrols.items():
                    on = columns.on(pin.officer, day, shift)
                    yield Limit([(on, 1), (patrol, -1)], at_least=0)
            return
        duties = [
            column
            for shift, post, column in self._duties(problem, columns, pin, day)
            if pin.shift in (None, shift) and pin.post in (None, post)
        ]
        if pin.kind == "forbidden":
            yield from map(never, duties)
        elif pin.kind == "must":
            yield _some(duties)
        else:
            has = columns.any_of((self.rule, pin.officer, day, pin.shift, pin.post), duties)
            yield Limit([(has, 1)], at_least=1, level=Level.WISHES, below=exact(self.price))

    @staticmethod
    def _duties(
        problem: Problem, columns: Columns, pin: Pin, day: int
    ) -> Iterator[tuple[str, str | None, int]]:
        for shift in problem.shifts:
            for post in columns.places:
                yield shift.id, post, columns.on(pin.officer, day, shift.id, post)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        if problem.pins_with_roles:
            yield from self._wrong_roles(problem, roster)
        for pin in problem.pins:
            if not problem.first <= pin.date <= problem.last:
                continue
            turns = [t for t in roster.turns.get(pin.officer, ()) if t[0] == pin.date]
            if pin.area is not None:
                if pin.kind == "must":
                    yield from self._unpatrolled(
                        roster, pin, {s for _, s, post in turns if not post}
                    )
                continue
            mine = [
                shift
                for _, shift, post in turns
                if pin.shift in (None, shift) and pin.post in (None, post)
            ]
            if pin.kind == "forbidden":
                for shift in mine:
                    yield self._of(pin, "forbidden", shift=shift)
            elif not mine and pin.kind == "must":
                yield self._of(pin, "missing")
            elif not mine:
                yield self._of(pin, "not-preferred", Level.WISHES, exact(self.price))

    def _wrong_roles(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol in roster.patrols:
            asked = pinned_roles(problem, patrol.area, patrol.date, patrol.shift)
            inside = problem.first <= patrol.date <= problem.last
            team = {m.officer: m.role for m in patrol.members} if asked and inside else {}
            for part in PARTS:
                able = [o for o in team if getattr(problem.officer_by_id[o], part)]
                holders = [o for o, role in team.items() if part in role]
                best = min((rank(asked, o, part) for o in holders), default=3)
                named = [o for o in team if rank(asked, o, part) == 0]
                wrong = {f"not-{part}": named if best else []}
                if best == 2 and any(rank(asked, o, part) < 2 for o in able):
                    wrong[f"is-{part}"] = holders
                for what, officers in wrong.items():
                    for officer in officers[:1]:
                        yield Violation(
                            self.rule, what, Level.MUST, ONE, ONE, patrol.date, officer,
                            patrol.area, patrol.shift,
                        )  # fmt: skip

    def _unpatrolled(self, roster: Roster, pin: Pin, on: set[str]) -> Iterator[Violation]:
        patrols = [
            p.shift
            for p in roster.patrols
            if (p.area, p.date) == (pin.area, pin.date) and pin.shift in (None, p.shift)
        ]
        if not patrols:
            yield self._of(pin, "no-patrol")
        for shift in patrols:
            if shift not in on:
                yield self._of(pin, "not-on-patrol", shift=shift)

    def _of(
        self,
        pin: Pin,
        what: str,
        level: Level = Level.MUST,
        cost: Fraction = ONE,
        shift: str | None = None,
    ) -> Violation:
        return Violation(
            self.rule, what, level, ONE, cost, pin.date, pin.officer, pin.area, shift or pin.shift
        )


class PinnedPatrols(TeamRule):
    """Whoever is pinned to an area's patrol is in it, and whoever is kept from it is not."""

    rule: Literal["pinned-patrols"] = "pinned-patrols"

    def used_by(self, problem: Problem) -> bool:
        return any(pin.area is not None and pin.kind != "prefer" for pin in problem.pins)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for n, pin in enumerate(problem.pinned.get((area.id, date), ())):
            if pin.shift in (None, shift) and pin.kind != "prefer":
                officer, key = problem.staff.alone[pin.officer], (area.id, n)
                if pin.kind == "forbidden":
                    yield Need(key, officer, 0, 0)
                else:
                    # Nobody but the officer, less the officer, is one short of nobody.
                    yield Need(key, (), 0, -1, against=officer, worth=1)

    def looks_at(self, problem: Problem, area: Area) -> str | None:
        return _pinned(problem, area)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, _, officers in patrols_of(problem, roster):
            there = {officer.id for officer in officers}
            for pin in problem.pins:
                if (pin.area, pin.date) != (patrol.area, patrol.date) or pin.kind == "prefer":
                    continue
                if pin.shift in (None, patrol.shift) and (pin.officer in there) != (
                    pin.kind == "must"
                ):
                    yield Violation(
                        self.rule,
                        "missing" if pin.kind == "must" else "forbidden",
                        Level.MUST,
                        ONE,
                        ONE,
                        patrol.date,
                        pin.officer,
                        patrol.area,
                        patrol.shift,
                    )


class PreferredPatrols(TeamWishes):
    """A patrol of an area that an officer should be in costs ``price`` without the officer."""

    rule: Literal["preferred-patrols"] = "preferred-patrols"
    price: Amount = 3

    def used_by(self, problem: Problem) -> bool:
        return any(pin.kind == "prefer" and pin.area is not None for pin in problem.pins)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for n, pin in enumerate(problem.pinned.get((area.id, date), ())):
            if pin.kind == "prefer" and pin.shift in (None, shift):
                yield Need((area.id, n), problem.staff.alone[pin.officer], 1)

    def looks_at(self, problem: Problem, area: Area) -> str | None:
        return _pinned(problem, area)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        level = Level[self.level.upper()]
        for patrol, _, officers in patrols_of(problem, roster):
            there = {officer.id for officer in officers}
            for pin in problem.pins:
                if (
                    (pin.area, pin.date, pin.kind) == (patrol.area, patrol.date, "prefer")
                    and pin.shift in (None, patrol.shift)
                    and pin.officer not in there
                ):
                    yield Violation(
                        self.rule, "missing", level, ONE, exact(self.price), patrol.date,
                        pin.officer, patrol.area, patrol.shift,
                    )  # fmt: skip
