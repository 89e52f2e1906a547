"""Rules about officers who may not be in one patrol, go only together, or should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Area, Pair, Problem, Team
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules.base import Violation
from patrol_scheduler.rules.limits import Level, exact
from patrol_scheduler.rules.team import TeamWishes, patrols_of
from patrol_scheduler.rules.team_rule import Need, TeamRule
from patrol_scheduler.texts.labels import label

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
        return _needs(problem, "never-together", "must-together")

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, pair, what, details in _at_fault(
            problem, roster, "never-together", "must-together"
        ):
            yield Violation(
                self.rule, what, Level.MUST, ONE, ONE, patrol.date,
                area=patrol.area, shift=patrol.shift,
                details=(*details, ("reason", " ".join(pair.reason.split()) or "-")),
            )  # fmt: skip


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
        return _needs(problem, "rather-apart", "rather-together")

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        level, price = Level[self.level.upper()], exact(self.price)
        for patrol, _, what, details in _at_fault(
            problem, roster, "rather-apart", "rather-together"
        ):
            yield Violation(
                self.rule, what, level, ONE, price, patrol.date,
                area=patrol.area, shift=patrol.shift, details=details,
            )  # fmt: skip


def _needs(problem: Problem, apart: str, together: str) -> Iterator[Need]:
    """What pairs of two kinds ask of every patrol."""
    for n, pair in enumerate(problem.pairs):
        one, other = problem.staff.alone[pair.a], problem.staff.alone[pair.b]
        if pair.kind == apart:
            # One officer takes nobody's place from the other: each counts for himself.
            yield Need(("apart", n), one, 0, 1, against=other, worth=-1)
        elif pair.kind == together:
            yield Need(("with", n), one, 0, 0, against=other, worth=1)
            yield Need(("back", n), other, 0, 0, against=one, worth=1)


def _at_fault(
    problem: Problem, roster: Roster, apart: str, together: str
) -> Iterator[tuple[Patrol, Pair, str, tuple[tuple[str, object], ...]]]:
    """Every patrol with both of a pair that goes apart, or one of a pair that goes together."""
    for patrol, _, officers in patrols_of(problem, roster):
        there = {officer.id for officer in officers}
        for pair in problem.pairs:
            both = len(there & {pair.a, pair.b})
            if (pair.kind, both) in ((apart, 2), (together, 1)):
                first = sorted((pair.a, pair.b), key=lambda officer: officer not in there)
                names = [label(o, problem.officer_by_id[o].name) for o in first]
                what = "together" if both == 2 else "alone"
                yield patrol, pair, what, (("one", names[0]), ("other", names[1]))
