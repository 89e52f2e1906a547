"""Branch and price: whole rosters from fractional ones, with proof.

A node of the tree is a list of decisions, each that an officer has a duty or not; its bound comes
from column generation under them. The search dives: at each node all duties that are nearly whole
are taken at once, and what was not taken is kept as further nodes, so nothing is lost and the
lowest bound of the open nodes is a bound of everything.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import Indices, Vector
from patrol_scheduler.solver.rosters.master import Master, OneRoster
from patrol_scheduler.solver.rosters.pricing import Decision

NEARLY = 0.92
SLIP = 1e-4
WHOLE = 1e-5


@dataclass(order=True)
class _Node:
    bound: float
    order: int
    decisions: tuple[Decision, ...] = field(compare=False)


class Tree:
    """The search tree of one master program.

    Every solution costs a multiple of ``step`` more than ``base``, so bounds may be rounded up to
    one; 0 means that nothing of the kind is known.
    """

    def __init__(
        self,
        master: Master,
        day_of: dict[int, int],
        *,
        step: float,
        base: float,
        found: Callable[[list[OneRoster]], float],
        best: float = math.inf,
    ) -> None:
        self._master, self._day_of, self._found = master, day_of, found
        self._step, self._base = step, base
        self._order = 0
        self._open: list[_Node] = []
        self.best = best
        self.bound = -math.inf
        self.nodes = 0
        self.stuck = False  # a linear program could not be solved: nothing more can be told
        self._push(-math.inf, ())

    def _rounded(self, bound: float) -> float:
        if not self._step or not math.isfinite(bound):
            return bound
        steps = math.ceil((bound - self._base) / self._step - SLIP)
        return float(self._base + steps * self._step)

    def _beaten(self, bound: float) -> bool:
        """Whether nothing with this bound is better than the best known."""
        return self._rounded(bound) >= self.best - 1e-6

    @property
    def done(self) -> bool:
        """Whether nothing is left that could be better than the best known."""
        return not self._open or self._beaten(self._open[0].bound)

    def run(self, budget: Budget, *, dives: int) -> None:
        """Search until proven, out of time or after some dives."""
        for _ in range(dives):
            if self.done or self.stuck or budget.over():
                break
            self._dive(heapq.heappop(self._open), budget)
            least = min((node.bound for node in self._open), default=self.best)
            self.bound = max(self.bound, min(least, self.best))
        if self.done and not budget.over():
            self.bound = self.best

    def _push(self, bound: float, decisions: tuple[Decision, ...]) -> None:
        self._order += 1
        heapq.heappush(self._open, _Node(bound, -self._order, decisions))

    def _dive(self, node: _Node, budget: Budget) -> None:
        """Follow one branch down to a solution or to where it is beaten."""
        master, decisions, bound = self._master, node.decisions, node.bound
        while True:
            if budget.over():
                self._push(bound, decisions)
                return
            self.nodes += 1
            if not master.decide(decisions):
                return
            limit = self.best - self._step * (1 - SLIP)
            value = master.generate(budget, until=limit)
            if not decisions:
                self.bound = max(self.bound, self._rounded(value))
            bound = max(bound, self._rounded(value))
            if self._beaten(bound):
                return
            if budget.over() or not master.solved:
                self.stuck = not budget.over()
                self._push(bound, decisions)
                return
            taken = self._nearly(decisions)
            if not taken:
                self.best = min(self.best, self._found(master.chosen()))
                return
            for place, one in enumerate(taken):
                other = Decision(one.officer, one.day, one.column, not one.yes)
                self._push(bound, (*decisions, *taken[:place], other))
            decisions = (*decisions, *taken)

    def _nearly(self, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """The duties to take next: those nearly whole, at the least the nearest one."""
        values = self._master.column_values()
        known = {one.column for one in decisions}
        open_ = [
            (float(value), int(column))
            for column, value in zip(*_fractional(values), strict=True)
            if column in self._day_of and column not in known
        ]
        if not open_:
            return ()
        open_.sort(reverse=True)
        near = [column for value, column in open_ if value >= NEARLY] or [open_[0][1]]
        of = self._master.links.officer_of
        return tuple(Decision(int(of[c]), self._day_of[c], c, True) for c in near)


def _fractional(values: Vector) -> tuple[Indices, Vector]:
    open_ = np.nonzero((values > WHOLE) & (values < 1 - WHOLE))[0]
    return open_, values[open_]
