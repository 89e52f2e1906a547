"""Rules about who is together in one patrol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Officer, Problem, Team
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules.base import (
    Columns,
    Level,
    Limit,
    Need,
    Number,
    TeamRule,
    Violation,
    exact,
)


def _patrols(problem: Problem, roster: Roster) -> Iterator[tuple[Patrol, Team, list[Officer]]]:
    """Every patrol that has a team to meet, with the officers in it, each once."""
    for patrol in roster.patrols:
        team = problem.team(patrol.area, patrol.date, patrol.shift)
        if team is not None:
            ids = dict.fromkeys(member.officer for member in patrol.members)
            yield patrol, team, [problem.officer_by_id[officer] for officer in ids]


class _CountingRule(TeamRule):
    """What the violations of all team rules share."""

    def _short(
        self, patrol: Patrol, what: str, needed: int, present: int, agency: str = ""
    ) -> Iterator[Violation]:
        if present < needed:
            amount = Fraction(needed - present)
            yield self._violation(
                patrol, what, Level.SHORTAGE, amount, amount * exact(self.price),
                (("needed", needed), ("present", present), ("agency", agency)),
            )  # fmt: skip

    def _violation(
        self,
        patrol: Patrol,
        what: str,
        level: Level,
        amount: Fraction,
        cost: Fraction,
        details: tuple[tuple[str, object], ...],
    ) -> Violation:
        return Violation(
            self.rule,
            what,
            level,
            amount,
            cost,
            patrol.date,
            area=patrol.area,
            shift=patrol.shift,
            details=details,
        )


class Composition(_CountingRule):
    """A patrol has the officers of each agency that its team needs, and the team's size."""

    rule: Literal["composition"] = "composition"

    def needs(self, problem: Problem, team: Team, date: dt.date) -> Iterator[Need]:
        for agency, needed in team.members.items():
            yield Need(("agency", agency), problem.officers_of[agency], needed)
        # Without extra members the agencies' own numbers already give the size.
        yield Need("size", problem.officers, team.size if team.extra else 0, team.size)

    def shift_limits(
        self, problem: Problem, columns: Columns, day: int, shift: str
    ) -> Iterator[Limit]:
        yield from super().shift_limits(problem, columns, day, shift)
        # Where teams with and without extra members meet in a shift, only the sum of all sizes
        # keeps one patrol's extra members from standing in for another's agencies. Its price is
        # nothing, because the needs above already charge every empty seat.
        date = problem.date(day)
        sizes = [
            (columns.patrol(area.id, day, shift), team)
            for area in problem.areas
            if problem.patrols_allowed(area.id, date, shift)
            and (team := problem.team(area.id, date, shift)) is not None
        ]
        if len({team.extra > 0 for _, team in sizes}) > 1:
            terms: list[tuple[int, Number]] = [
                (columns.on(officer.id, day, shift), 1) for officer in problem.officers
            ]
            terms += [(patrol, -team.size) for patrol, team in sizes]
            yield Limit(terms, at_least=0, level=Level.SHORTAGE, below=0)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in _patrols(problem, roster):
            for agency, needed in team.members.items():
                present = sum(1 for officer in officers if officer.agency == agency)
                yield from self._short(patrol, "agency", needed, present, agency)
            if team.extra:
                yield from self._short(patrol, "size", team.size, len(officers))
            if len(officers) > team.size:
                amount = Fraction(len(officers) - team.size)
                yield self._violation(
                    patrol, "too-many", Level.MUST, amount, amount,
                    (("needed", team.size), ("present", len(officers))),
                )  # fmt: skip


class Certificates(_CountingRule):
    """A patrol has enough officers of an agency whose certificate is valid on its date.

    Penalties need at least two certified officers (Administrative Penalty Law 2021, art. 42; in
    2010 the 1996 text, art. 37), of the agency that would act.
    """

    rule: Literal["certificates"] = "certificates"

    def needs(self, problem: Problem, team: Team, date: dt.date) -> Iterator[Need]:
        for agency, needed in team.certified.items():
            yield Need(("certified", agency), problem.certified(agency, date), needed)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in _patrols(problem, roster):
            for agency, needed in team.certified.items():
                valid = [
                    officer
                    for officer in officers
                    if officer.agency == agency and officer.certified_on(patrol.date)
                ]
                yield from self._short(patrol, "broken", needed, len(valid), agency)


class Leader(_CountingRule):
    """A patrol has enough officers who can lead it."""

    rule: Literal["leader"] = "leader"

    def needs(self, problem: Problem, team: Team, date: dt.date) -> Iterator[Need]:
        yield Need("leaders", problem.leaders, team.leaders)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in _patrols(problem, roster):
            leaders = sum(1 for officer in officers if officer.leader)
            yield from self._short(patrol, "broken", team.leaders, leaders)


class Driver(_CountingRule):
    """A patrol has enough officers who can drive."""

    rule: Literal["driver"] = "driver"

    def needs(self, problem: Problem, team: Team, date: dt.date) -> Iterator[Need]:
        yield Need("drivers", problem.drivers, team.drivers)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in _patrols(problem, roster):
            drivers = sum(1 for officer in officers if officer.driver)
            yield from self._short(patrol, "broken", team.drivers, drivers)
