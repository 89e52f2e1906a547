"""The rule about auxiliaries: beside regular officers where penalties are imposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Area, Problem, Team
from patrol_scheduler.records import Count, Positive
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Violation
from patrol_scheduler.rules.limits import Level
from patrol_scheduler.rules.team import CountingRule, patrols_of
from patrol_scheduler.rules.team_rule import Need


class Auxiliaries(CountingRule):
    """On an enforcement patrol auxiliaries go only with regular officers, a few to each of them.

    ``per_regular`` is how many to each regular officer. Patrols of other phases may be auxiliaries
    alone, but no fewer of them than ``alone_at_least``; 0 asks nothing. No patrol has more of them
    than its team's ``auxiliaries``.
    """

    rule: Literal["auxiliaries"] = "auxiliaries"
    per_regular: Positive = 2
    alone_at_least: Count = 0

    def used_by(self, problem: Problem) -> bool:
        return bool(problem.staff.auxiliaries)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        auxiliaries = problem.staff.auxiliaries
        if not auxiliaries:
            return
        yield Need("in-all", auxiliaries, 0, team.auxiliaries)
        if problem.enforces_on(date):
            regulars, each = problem.staff.regulars, self.per_regular
            yield Need("beside-regulars", auxiliaries, 0, 0, against=regulars, worth=each)
        elif self.alone_at_least > 1:
            # Whoever is no auxiliary counts for as many as are asked.
            others, least = problem.staff.not_auxiliaries, self.alone_at_least
            yield Need("alone", auxiliaries, least, against=others, worth=-least)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        if not any(officer.auxiliary for officer in problem.officers):
            return
        for patrol, team, officers in patrols_of(problem, roster):
            present = sum(1 for officer in officers if officer.auxiliary)
            most = team.auxiliaries
            if most is not None and present > most:
                amount = Fraction(present - most)
                yield self.violation(
                    patrol, "too-many", Level.MUST, amount, amount,
                    (("most", most), ("present", present)),
                )  # fmt: skip
            if problem.enforces_on(patrol.date):
                regulars = sum(1 for officer in officers if officer.regular)
                if present > self.per_regular * regulars:
                    amount = Fraction(present - self.per_regular * regulars)
                    yield self.violation(
                        patrol, "above" if regulars else "without-regular", Level.MUST, amount,
                        amount, (("present", present), ("regulars", regulars)),
                    )  # fmt: skip
            elif present == len(officers) and self.alone_at_least > 1:
                yield from self.short(patrol, "alone", self.alone_at_least, present)
