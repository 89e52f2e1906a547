"""The rule that whoever may act against an offence is there where it is looked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Area, Problem, Team
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Violation
from patrol_scheduler.rules.limits import Level, exact
from patrol_scheduler.rules.team import CountingRule, patrols_of
from patrol_scheduler.rules.team_rule import Need

Organs = tuple[str, ...]
"""Agencies of which any may act."""


def organs_of(problem: Problem, area: Area) -> dict[Organs, bool]:
    """The competent agencies of each kind an area targets, and whether one needs a certificate.

    Kinds with the same agencies are one; a kind for which none is named asks nothing.
    """
    found: dict[Organs, bool] = {}
    for kind in problem.violation_kinds:
        organs = kind.competent_in(area.kind)
        if kind.id in area.targets and organs:
            found[organs] = found.get(organs, False) or kind.certified
    return found


class Competent(CountingRule):
    """A patrol has an officer of an agency competent for each kind of violation its area targets.

    Which agency that is may depend on the kind of area. On an enforcement patrol the officer holds
    a valid certificate where the kind says so. What the team's own numbers already ask is not
    asked again.
    """

    rule: Literal["competent-agency"] = "competent-agency"

    def used_by(self, problem: Problem) -> bool:
        return any(organs_of(problem, area) for area in problem.areas)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for organs, with_certificate in self.looks_at(problem, area):
            certified = with_certificate and problem.enforces_on(date)
            own = team.certified if certified else team.members
            if not any(own.get(agency, 0) for agency in organs):
                officers = problem.staff.of_any(organs, date if certified else None)
                yield Need((self.rule, organs, certified), officers, 1)

    def looks_at(self, problem: Problem, area: Area) -> tuple[tuple[Organs, bool], ...]:
        return tuple(organs_of(problem, area).items())

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            area = problem.area_by_id[patrol.area]
            told: dict[Organs, list[str]] = {}
            strict: set[Organs] = set()
            for kind in problem.violation_kinds:
                if kind.id in area.targets and (organs := kind.competent_in(area.kind)):
                    told.setdefault(organs, []).append(kind.name or kind.id)
                    strict |= {organs} if kind.certified else set()
            for organs, kinds in told.items():
                certified = organs in strict and problem.enforces_on(patrol.date)
                sure = team.certified if certified else team.members
                if sum(sure.get(agency, 0) for agency in organs):
                    continue
                mine = [officer for officer in officers if officer.agency in organs]
                if not [o for o in mine if not certified or o.certified_on(patrol.date)]:
                    names = [a.name or a.id for a in problem.agencies if a.id in organs]
                    yield self.violation(
                        patrol,
                        "no-certificate" if certified else "nobody",
                        Level.SHORTAGE,
                        Fraction(1),
                        exact(self.price),
                        (("kinds", "/".join(kinds)), ("agencies", "/".join(names))),
                    )
