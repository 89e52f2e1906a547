"""What a rule about one patrol is: needs of its team, and of all teams of a shift together."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patrol_scheduler.problem import Area, Officer, Problem, Team
from patrol_scheduler.rules.base import Rule
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit


@dataclass(frozen=True, slots=True)
class Need:
    """What a team rule asks of one patrol: enough officers out of a group, or not too many.

    ``key`` tells the needs of one patrol apart; those of a shift's patrols with one key name the
    same officers and add up. Each officer of ``against`` takes ``worth`` away from the count, or
    adds to it where ``worth`` is negative. Needs of a rule keep the tuples of their officers from
    call to call, so that days that ask the same are known to.
    """

    key: object
    officers: tuple[Officer, ...]
    at_least: int
    at_most: int | None = None
    against: tuple[Officer, ...] = ()
    worth: int = 0


class TeamRule(Rule):
    """A rule about who is in one patrol, stated as needs; a need not met is a shortage."""

    @property
    def asked_on(self) -> Level:
        """The level on which its needs count; beyond ``SHORTAGE`` they only have a price."""
        return Level.SHORTAGE

    @property
    def a_miss(self) -> Number:
        """What one officer too few costs; rules that only forbid have none too few."""
        return 0

    @abstractmethod
    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        """What a patrol of ``area`` that needs ``team`` asks on ``date`` in ``shift``."""

    def looks_at(self, problem: Problem, area: Area) -> object:
        """What of the area itself the needs depend on; areas of one value are asked alike."""
        del problem, area
        return None

    def team_limits(
        self, problem: Problem, columns: Columns, area: str, day: int, shift: str
    ) -> Iterator[Limit]:
        """What the rule asks of the patrol of one area in one shift."""
        date = problem.date(day)
        team = problem.team(area, date, shift)
        if team is None:
            return
        for need in self.needs(problem, team, date, problem.area_by_id[area], shift):
            terms: list[tuple[int, Number]] = [
                (columns.member(officer.id, area, day, shift), 1) for officer in need.officers
            ]
            terms += [
                (columns.member(officer.id, area, day, shift), -need.worth)
                for officer in need.against
            ]
            patrol = columns.patrol(area, day, shift)
            yield from self._between(terms, [(patrol, need.at_least)], [(patrol, need.at_most)])

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        if not self.used_by(problem):
            return
        for day in range(len(problem.dates)):
            for shift in problem.shifts:
                for area in problem.areas:
                    yield from self.team_limits(problem, columns, area.id, day, shift.id)

    def roster_limits(
        self, problem: Problem, columns: Columns, beside: Sequence[TeamRule] = ()
    ) -> Iterator[Limit]:
        if not self.used_by(problem):
            return
        for day in range(len(problem.dates)):
            for shift in problem.shifts:
                yield from self.shift_limits(problem, columns, day, shift.id, beside)

    def shift_limits(
        self,
        problem: Problem,
        columns: Columns,
        day: int,
        shift: str,
        beside: Sequence[TeamRule] = (),
    ) -> Iterator[Limit]:
        """The needs of all patrols of a shift added up, asked of everybody on patrol in it.

        ``beside`` are rules whose needs every patrol meets: whom these tie to another patrol is
        not counted here.
        """
        date = problem.date(day)
        summed: dict[object, list[tuple[Need, int]]] = {}
        met: dict[int, list[Need]] = {}
        capped, teams = True, 0
        for area in problem.areas:
            if not problem.patrols_allowed(area.id, date, shift):
                continue
            team = problem.team(area.id, date, shift)
            if team is None:
                capped = False
                continue
            teams += 1
            patrol = columns.patrol(area.id, day, shift)
            for need in self.needs(problem, team, date, area, shift):
                summed.setdefault(need.key, []).append((need, patrol))
            met[patrol] = [
                need for rule in beside for need in rule.needs(problem, team, date, area, shift)
            ]
        for needs in summed.values():
            (first, _), *_ = needs
            terms: list[tuple[int, Number]] = [
                (columns.on(officer.id, day, shift), 1) for officer in first.officers
            ]
            terms += [
                (columns.on(officer.id, day, shift), -first.worth) for officer in first.against
            ]
            # A patrol that does not ask it, or has no team to meet, takes any number.
            all_ask = capped and len(needs) == teams
            yield from self._between(
                terms,
                _least(needs, met),
                [(patrol, need.at_most if all_ask else None) for need, patrol in needs],
            )

    def _between(
        self,
        terms: list[tuple[int, Number]],
        least: list[tuple[int, int]],
        most: list[tuple[int, int | None]],
    ) -> Iterator[Limit]:
        if any(n for _, n in least):
            asked: list[tuple[int, Number]] = [(patrol, -n) for patrol, n in least]
            yield Limit(terms + asked, at_least=0, level=self.asked_on, below=self.a_miss)
        capped: list[tuple[int, Number]] = [(patrol, -n) for patrol, n in most if n is not None]
        if len(capped) == len(most):
            priced = self.asked_on > Level.SHORTAGE
            level, price = (self.asked_on, self.a_miss) if priced else (Level.MUST, 0)
            yield Limit(terms + capped, at_most=0, level=level, above=price)


def _least(
    needs: Sequence[tuple[Need, int]], met: Mapping[int, Sequence[Need]]
) -> list[tuple[int, int]]:
    """How many officers of one need's group each patrol of a shift has, or should have."""
    least = {patrol: need.at_least for need, patrol in needs}
    group = frozenset(officer.id for officer in needs[0][0].officers)
    if any(least.values()) and not needs[0][0].against:
        for patrol, others in met.items():
            for other in others:
                more = other.at_least > least.get(patrol, 0) and not other.against
                if more and group.issuperset(officer.id for officer in other.officers):
                    least[patrol] = other.at_least
    return list(least.items())
