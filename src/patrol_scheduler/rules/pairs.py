"""Rules about officers who may not be in one patrol, go only together, or should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Area, Problem, Team
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import (
    Level,
    Need,
    TeamRule,
    Violation,
    exact,
    label,
)
from patrol_scheduler.rules.team import TeamWishes, patrols_of

ONE = Fraction(1)
HARD = ("must-together", "never-together")
WISHED = ("rather-together", "rather-apart")


class Pairs(TeamRule):
    """Two officers who may not be together are in different patrols; two who must are in the same.

    Recusal, as between relatives or where there is an interest, is a ground for keeping two apart
    (Administrative Penalty Law 2021, art. 43). Duties at posts are not looked at.
    """

    rule: Literal["pairs"] = "pairs"

    def used_by(self, problem: Problem) -> bool:
        return any(pair.kind in HARD for pair in problem.pairs)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for n, pair in enumerate(problem.pairs):
            one, other = problem.alone[pair.a], problem.alone[pair.b]
            if pair.kind == "never-together":
                # One officer takes nobody's place from the other: each counts for himself.
                yield Need(("apart", n), one, 0, 1, against=other, worth=-1)
            elif pair.kind == "must-together":
                yield Need(("with", n), one, 0, 0, against=other, worth=1)
                yield Need(("back", n), other, 0, 0, against=one, worth=1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, _, officers in patrols_of(problem, roster):
            there = {officer.id for officer in officers}
            for pair in problem.pairs:
                both = len(there & {pair.a, pair.b})
                if (pair.kind, both) in (("never-together", 2), ("must-together", 1)):
                    first = sorted((pair.a, pair.b), key=lambda officer: officer not in there)
                    names = [label(o, problem.officer_by_id[o].name) for o in first]
                    yield Violation(
                        self.rule,
                        "together" if both == 2 else "alone",
                        Level.MUST,
                        ONE,
                        ONE,
                        patrol.date,
                        area=patrol.area,
                        shift=patrol.shift,
                        details=(
                            ("one", names[0]),
                            ("other", names[1]),
                            ("reason", " ".join(pair.reason.split()) or "-"),
                        ),
                    )


class PairWishes(TeamWishes):
    """Two who should be together cost ``price`` when one goes without the other, and so do two
    who should be apart when they are in one patrol.
    """

    rule: Literal["pair-wishes"] = "pair-wishes"
    price: Amount = 2

    def used_by(self, problem: Problem) -> bool:
        return any(pair.kind in WISHED for pair in problem.pairs)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for n, pair in enumerate(problem.pairs):
            one, other = problem.alone[pair.a], problem.alone[pair.b]
            if pair.kind == "rather-apart":
                yield Need(("apart", n), one, 0, 1, against=other, worth=-1)
            elif pair.kind == "rather-together":
                yield Need(("with", n), one, 0, 0, against=other, worth=1)
                yield Need(("back", n), other, 0, 0, against=one, worth=1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        level = Level[self.level.upper()]
        for patrol, _, officers in patrols_of(problem, roster):
            there = {officer.id for officer in officers}
            for pair in problem.pairs:
                apart = pair.kind == "rather-apart" and {pair.a, pair.b} <= there
                if apart or (
                    pair.kind == "rather-together" and (pair.a in there) != (pair.b in there)
                ):
                    first = sorted((pair.a, pair.b), key=lambda officer: officer not in there)
                    names = [label(o, problem.officer_by_id[o].name) for o in first]
                    yield Violation(
                        self.rule,
                        "together" if apart else "alone",
                        level,
                        ONE,
                        exact(self.price),
                        patrol.date,
                        area=patrol.area,
                        shift=patrol.shift,
                        details=(("one", names[0]), ("other", names[1])),
                    )
