"""Demands that clash, made fewer until none can be left out, with a solution to show for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.oracle import IMPOSSIBLE, Oracle
from patrol_scheduler.explaining.witness import Values, Witnesses
from patrol_scheduler.rules import Rule
from patrol_scheduler.solver.budget import Budget

Group = frozenset[int]
PATIENCE = 12
"""So many exchanges one after the other that showed nothing are enough."""

BY: tuple[Callable[[Demand], object], ...] = (
    lambda d: d.rule,
    lambda d: (d.first, d.last),
    lambda d: d.subject.area,
    lambda d: d.subject.officer,
    id,
)
"""What is tried to be left out together, pass by pass; the last pass tries each by itself.

What has nothing to be told by stays in that pass.
"""


class Shrinking:
    """Leaves out demands as long as the others still clash.

    A group of demands cannot be left out once there is a solution that misses nothing outside it:
    leaving out further ones never brings a clash back. Such solutions come from the solver, and
    from exchanging two officers or two areas that are alike in one that is known; each is held
    against every demand, so it does not matter how it was found.
    """

    def __init__(
        self, demands: Demands, oracle: Oracle, budget: Budget, asked: Sequence[Demand]
    ) -> None:
        self._demands, self._oracle, self._budget = demands, oracle, budget
        self._asked = tuple(asked)
        self._kept = frozenset(range(len(asked)))
        # What each known solution misses.
        self._missed: list[frozenset[int]] = []

    def run(self) -> tuple[tuple[Demand, ...], bool]:
        """The demands kept, and whether each of them was shown to be needed."""
        for key in BY:
            self._numbers = tuple(sorted(self._kept))
            kept = [self._asked[n] for n in self._numbers]
            self._witnesses = Witnesses(self._demands, kept)
            groups: dict[object, list[int]] = {}
            for n, demand in zip(self._numbers, kept, strict=True):
                told = key(demand)
                if told is not None:
                    groups.setdefault(told, []).append(n)
            alike: dict[object, list[Group]] = {}
            signature = self._signatures()
            for group in groups.values():
                alike.setdefault(frozenset(signature[n] for n in group), []).append(
                    frozenset(group)
                )
            for self._alike in alike.values():
                self._try(self._alike)
        needed = {next(iter(mine)) for mine in self._now_missed() if len(mine) == 1}
        return tuple(self._asked[n] for n in sorted(self._kept)), needed == self._kept

    def _signatures(self) -> dict[int, object]:
        """What each kept demand asks, but for the name: the same for those who are alike."""
        of_subject: dict[object, set[object]] = {}
        asks: dict[int, tuple[object, ...]] = {}
        subjects: dict[int, object] = {}
        agency = {officer.id: officer.agency for officer in self._demands.problem.officers}
        for n in self._numbers:
            demand = self._asked[n]
            subject = demand.subject
            who = subject.area or subject.officer
            what = (self._rules[demand.rule], demand.first, demand.last, subject.shift,
                    agency.get(subject.officer or ""), bool(subject.area),
                    tuple((limit.at_least is None) for limit in demand.limits))  # fmt: skip
            of_subject.setdefault(who, set()).add(what)
            asks[n], subjects[n] = what, who
        whole = {who: frozenset(mine) for who, mine in of_subject.items()}
        return {n: (asks[n], whole[subjects[n]]) for n in self._numbers}

    @cached_property
    def _rules(self) -> dict[Rule, int]:
        return {rule: n for n, rule in enumerate(self._demands.rules)}

    def _now_missed(self) -> Iterator[frozenset[int]]:
        return (missed & self._kept for missed in self._missed)

    def _try(self, groups: list[Group]) -> None:
        """Groups that are alike tried to be left out: all, else one, else each half of the others.

        What shows that the one is needed often shows the same of all that are like it.
        """
        groups = self._open(groups)
        if not groups or self._budget.over():
            return
        out = frozenset[int]().union(*groups)
        if (out < self._kept and self._left_out(out)) or len(groups) == 1:
            return
        middle = (len(groups) + 1) // 2
        for part in (groups[:1], groups[1:middle], groups[middle:]):
            self._try(part)

    def _open(self, groups: Iterable[Group]) -> list[Group]:
        """The groups, without what is left out already, not known to be needed."""
        needed = set(self._now_missed())
        found = []
        for group in dict.fromkeys(kept for group in groups if (kept := group & self._kept)):
            if not any(missed <= group for missed in needed):
                found.append(group)
        return found

    def _left_out(self, out: frozenset[int]) -> bool:
        """Whether the demands still clash without some, which are then left out for good."""
        rest = [self._asked[n] for n in sorted(self._kept - out)]
        found = self._oracle.solution(rest)
        if found is IMPOSSIBLE:
            self._kept -= out
            return True
        if found is not None:
            values = self._witnesses.vector(found)
            if values is not None:
                missed = self._missed_by(values)
                if missed and missed <= out:
                    self._missed.append(missed)
                    self._spread(values, missed)
        return False

    def _spread(self, values: Values, missed: frozenset[int]) -> None:
        """Solutions that miss others of the same kind, by exchanging two who are alike."""
        demands = [self._asked[n] for n in missed]
        subjects = {(d.subject.area, d.subject.officer) for d in demands}
        if len(subjects) != 1:
            return
        ((area, officer),) = subjects
        mine = officer or area
        if mine is None:
            return
        others = dict.fromkeys(
            self._asked[n].subject.officer if officer else self._asked[n].subject.area
            for group in self._open(self._alike)
            for n in group
        )
        failed = 0
        for other in others:
            if other is None or other == mine:
                continue
            like = self._witnesses.exchanged(values, mine, other)
            found = frozenset[int]() if like is None else self._missed_by(like)
            if found and len(found) <= len(missed):
                self._missed.append(found)
                failed = 0
            elif (failed := failed + 1) == PATIENCE:
                return

    def _missed_by(self, values: Values) -> frozenset[int]:
        missed = self._witnesses.missed(values)
        return frozenset(self._numbers[place] for place in missed) & self._kept
