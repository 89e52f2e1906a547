"""Branch and price: the proof that nothing is better, and what is best on the way.

A node of the tree is a list of decisions, each that an officer has one of some duties of a day or
none of them; its bound comes from column generation under them. The node with the lowest bound is
always next, so the lowest bound of the open nodes is a bound of everything. What to decide is tried
out before (strong branching): rosters are so alike that most decisions change nothing, and a few
raise the bound on both sides at once.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.rosters.links import OneRoster
from patrol_scheduler.solver.rosters.master import Master
from patrol_scheduler.solver.rosters.pricing import Decision

SLIP = 1e-4
WHOLE = 1e-5
# Decisions tried out at a node, and after how many that were no better the best one is taken.
TRIED, WITHOUT_BETTER = 24, 6
SMALL_GAIN = 1e-3

Duties = dict[tuple[int, int], tuple[int, ...]]
"""(officer, day): the columns of the officer's duties on the day."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What whole solutions cost: a multiple of ``step`` more than ``base``; 0: nothing is known."""

    step: float
    base: float

    def rounded(self, bound: float) -> float:
        """The least that a whole solution with this bound can cost."""
        if not self.step or not math.isfinite(bound):
            return bound
        return self.base + math.ceil((bound - self.base) / self.step - SLIP) * self.step

    def below(self, cost: float) -> float:
        """A bound above this is a bound of nothing better than ``cost``."""
        return cost - self.step * (1 - SLIP)

    def beaten(self, bound: float, cost: float) -> bool:
        """Whether nothing with this bound is better than ``cost``."""
        return self.rounded(bound) >= cost - 1e-6


@dataclass(order=True)
class _Node:
    bound: float
    order: int
    decisions: tuple[Decision, ...] = field(compare=False)


@dataclass
class _Gains:
    """By how much deciding about an officer raised the bound, on the side where it did less."""

    total: dict[int, float] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)

    def add(self, officer: int, gain: float) -> None:
        self.total[officer] = self.total.get(officer, 0.0) + gain
        self.tries[officer] = self.tries.get(officer, 0) + 1

    def expected(self, officer: int) -> float:
        everybody = sum(self.total.values()) / max(1, sum(self.tries.values()))
        # One try more, with what is usual, so that nobody is judged by a single day.
        return (self.total.get(officer, 0.0) + everybody) / (self.tries.get(officer, 0) + 1)


class Tree:
    """The search tree of one master program."""

    def __init__(
        self,
        master: Master,
        duties: Duties,
        steps: Steps,
        *,
        found: Callable[[list[OneRoster]], float],
        best: float = math.inf,
    ) -> None:
        self.master, self._steps, self._found = master, steps, found
        self._duties = duties
        self._order = 0
        self._open: list[_Node] = []
        self._gains = _Gains()
        self.best = best
        self.bound = -math.inf
        self.nodes = 0
        self.duals: Vector | None = None  # the prices without any decision
        self.stuck = False  # a linear program could not be solved: nothing more can be told
        self._push(-math.inf, ())

    @property
    def done(self) -> bool:
        """Whether nothing is left that could be better than the best known."""
        return not self._open or self._steps.beaten(self._open[0].bound, self.best)

    def run(self, budget: Budget, *, nodes: int) -> None:
        """Search until proven, out of time or after some nodes."""
        for _ in range(nodes):
            if self.done or self.stuck or budget.over():
                break
            self._node(heapq.heappop(self._open), budget)
            self._note_bound()
        if self.done:
            self.bound = self.best

    def _note_bound(self) -> None:
        least = min((node.bound for node in self._open), default=self.best)
        self.bound = max(self.bound, min(least, self.best))

    def _push(self, bound: float, decisions: tuple[Decision, ...]) -> None:
        self._order += 1
        heapq.heappush(self._open, _Node(bound, -self._order, decisions))

    def _bounded(
        self, decisions: tuple[Decision, ...], least: float, budget: Budget
    ) -> float | None:
        """The bound under some decisions, exact only up to the next step above ``least``.

        Infinite where nothing is better than the best known; nothing where time ran out.
        """
        master, steps = self.master, self._steps
        if not master.decide(decisions):
            return math.inf
        until = steps.below(self.best)
        if steps.step and math.isfinite(least):
            until = min(until, least + steps.step * SLIP)
        value = master.generate(budget, until=until)
        bound = max(least, steps.rounded(value))
        if steps.beaten(bound, self.best):
            return math.inf
        if bound > least and value > until:
            return bound
        if budget.over() or not master.solved:
            self.stuck = not budget.over()
            return None
        return bound

    def _node(self, node: _Node, budget: Budget) -> None:
        decisions, least = node.decisions, node.bound
        while True:
            self.nodes += 1
            bound = self._bounded(decisions, least, budget)
            if bound == math.inf:
                return
            if bound is None or bound > node.bound > -math.inf:
                # Out of time, or others are lower now.
                self._push(least if bound is None else bound, decisions)
                return
            if self.duals is None:
                self.duals = self.master.duals
            candidates = self._candidates()
            if not candidates:
                self.best = min(self.best, self._found(self.master.chosen()))
                return
            tried = self._tried(decisions, bound, candidates, budget)
            if tried is None:
                self._push(bound, decisions)
                return
            sides = [(one, low) for one, low in tried if low < math.inf]
            if len(sides) == 1 and sides[0][1] <= bound:
                # Nothing on the other side is better: the node goes on with what is known now.
                decisions, least = (*decisions, sides[0][0]), sides[0][1]
                continue
            for one, low in sides:
                self._push(low, (*decisions, one))
            return

    def _tried(
        self,
        decisions: tuple[Decision, ...],
        least: float,
        candidates: list[Decision],
        budget: Budget,
    ) -> list[tuple[Decision, float]] | None:
        """What to decide, both ways, each with its bound; nothing where time ran out."""
        base, steps = self.master.objective, self._steps
        top = steps.step or math.inf
        best, chosen, worse = -1.0, None, 0
        for candidate in candidates[:TRIED]:
            sides, gains = list[tuple[Decision, float]](), list[float]()
            for one in (candidate, candidate.other):
                bound = self._bounded((*decisions, one), least, budget)
                if bound is None:
                    return None
                sides.append((one, bound))
                up = top if bound > least else min(top, self.master.objective - base)
                gains.append(max(up, SMALL_GAIN))
            low, high = sorted(gains)
            self._gains.add(candidate.officer, low)
            if all(bound > least for _, bound in sides) or math.inf in (b for _, b in sides):
                return sides
            if low * high > best:
                best, chosen, worse = low * high, sides, 0
            else:
                worse += 1
                if worse >= WITHOUT_BETTER:
                    break
        return chosen

    def _candidates(self) -> list[Decision]:
        """What can be decided, the most promising first: whether on duty, then at what."""
        values = self.master.column_values()
        scored = list[tuple[float, int, Decision]]()
        for (officer, day), columns in self._duties.items():
            shares = [float(values[column]) for column in columns]
            on, most = sum(shares), max(shares)
            expected = self._gains.expected(officer) + SMALL_GAIN
            if WHOLE < on < 1 - WHOLE:
                score = expected * min(on, 1 - on)
                scored.append((-score, len(scored), Decision(officer, day, columns, on >= 0.5)))
            elif WHOLE < most < 1 - WHOLE:
                column, score = columns[shares.index(most)], expected * min(most, 1 - most)
                scored.append((-score / 2, len(scored), Decision(officer, day, (column,), True)))
        return [decision for _, _, decision in sorted(scored, key=lambda one: one[:2])]
