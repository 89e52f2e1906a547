"""Bringing one level's cost down, while its bounds are worked out beside the search."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Self

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.bounds import (
    AT_ONCE,
    Bound,
    Question,
    best_bound,
    bounds_of,
    from_prices,
)
from patrol_scheduler.solver.budget import LOOK_EVERY, Branch, Budget
from patrol_scheduler.solver.first_roster import First
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import CLOSE, Vector
from patrol_scheduler.solver.rosters import improve_by_rosters
from patrol_scheduler.solver.search import Searcher
from patrol_scheduler.solver.timetable import Timetable

# A program with more columns is not searched as a whole.
WIDEST_PROOF = 200_000


class Lowering:
    """Brings down the costs of a first roster, level by level, and holds the bounds known.

    To be closed after use, which ends the bounds that are still running.
    """

    def __init__(
        self, first: First, x: Vector, budget: Budget, *, gap: float, seed: int, workers: int
    ) -> None:
        self._level, self._constructor = first.level, first.constructor
        self._budget, self._gap, self._seed, self._workers = budget, gap, seed, workers
        self._searcher = Searcher(first.level, budget, seed=seed, workers=workers)
        self.best = x  # the best so far, also where memory runs out on the way
        self.bounds: dict[Level, Bound] = {}
        # One worker for bounds, one after the other; and those still running when their level's
        # search ended, with what ends them.
        self._beside = ThreadPoolExecutor(1)
        self._late: list[tuple[Level, Future[Bound], Branch]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        for _, _, branch in self._late:
            branch.end()
        self._beside.shutdown()

    def lower(self, goal: Goal, share: float) -> None:
        """Bring one level's cost as close to its bound as its share of the time and the gap ask.

        The solution is ``best``, also where memory runs out: that raises ``MemoryError``.
        """
        self.best = self._lowered(goal, share)

    def _lowered(self, goal: Goal, share: float) -> Vector:
        level, budget, name = self._level, self._budget, goal.level
        x = self.best
        until = budget.elapsed() + share * budget.left()
        cost = level.program.value(name, x)
        budget.tell(goal.stage, cost, None)
        branch = budget.branch()
        question = Question(level, goal, branch, self._table_of(name), cost)
        by_rosters = self._by_rosters(question, x, until)
        if by_rosters is not None:
            return by_rosters
        x = self._with_fewer_leaders(question, x)
        bound = self.bounds[name] = best_bound(question, AT_ONCE)

        def tell(better: Vector) -> None:
            self.best = better
            budget.tell(goal.stage, level.program.value(name, better), bound.value)

        def good_enough(cost: float) -> bool:
            return self._within(bound, self._gap)(cost)

        tell(x)
        # Who told the search to stop does not wait for a bound either.
        ahead = [] if budget.over() else bounds_of(question)
        running: Future[Bound] | None = None
        while True:
            if running is None and ahead and not good_enough(level.program.value(name, x)):
                bounds = ahead.pop(0)
                if self._workers == 1:
                    bound = max(bound, best_bound(question, bounds), key=_value)
                    continue
                running = self._beside.submit(best_bound, question, bounds)
            # One worker is busy with the bound until it is known.
            busy = running is not None or any(not late.done() for _, late, _ in self._late)
            try:
                x = self._searcher.improve(
                    goal,
                    x,
                    good_enough=good_enough,
                    found=tell,
                    until=until,
                    workers=self._workers - 1 if busy else self._workers,
                    interrupted=running.done if running else lambda: False,
                )
            except MemoryError:
                known = running.result() if running else bound
                self.bounds[name] = max(bound, known, key=_value)
                raise
            if running is None:
                break
            if not running.done():
                if good_enough(level.program.value(name, x)):
                    branch.end()
                    ahead.clear()
                elif budget.elapsed() >= until:
                    self._late.append((name, running, branch))
                    break
            if running.done() or branch.told_to_stop():
                bound, running = max(bound, running.result(), key=_value), None
                tell(x)
        tight = self._within(bound, max(self._gap, CLOSE))
        if not tight(level.program.value(name, x)) and level.program.width < WIDEST_PROOF:
            x, proven = self._searcher.proved(goal, x, gap=self._gap, found=tell, until=until)
            bound = max(bound, Bound(proven, "tree-search"), key=_value)
            tell(x)
        self.bounds[name] = bound
        return x

    def _table_of(self, name: Level) -> Timetable | None:
        """The timetable of a complete roster, which tells what its patrols cost in fairness."""
        if self._constructor is None or name is not Level.FAIRNESS or self._level.soften:
            return None
        return self._constructor.table

    def wait_for_bounds(self) -> None:
        """Take the bounds that were still running when their level's search ended."""
        for name, running, branch in self._late:
            while not running.done():
                wait([running], LOOK_EVERY)
                if self._budget.over():
                    branch.end()
            self.bounds[name] = max(self.bounds[name], running.result(), key=_value)

    def _with_fewer_leaders(self, question: Question, x: Vector) -> Vector:
        """The roster, or a cheaper one whose patrols lie on fewer days."""
        if question.table is None or self._constructor is None:
            return x
        goal, level = question.goal, question.level
        before = level.program
        again = self._constructor.with_fewer_leaders(goal, x)
        if level.program is not before:  # shifts are held exactly that were not
            x = level.moved(before, x)
        if again is None or level.program.value(goal.level, again) >= question.cost:
            return x
        return again

    def _by_rosters(self, question: Question, x: Vector, until: float) -> Vector | None:
        """One level's cost brought down by the officers' whole rosters, where that can be done."""
        level, goal = question.level, question.goal
        bound = from_prices(question)

        def tell(better: Vector, proven: float) -> None:
            cost = level.program.value(goal.level, better)
            self._budget.tell(goal.stage, cost, max(proven, bound.value))

        answer = improve_by_rosters(
            level,
            goal,
            x,
            self._budget.branch(until),
            gap=self._gap,
            seed=self._seed,
            workers=self._workers,
            found=tell,
        )
        if answer is None:
            return None
        better, proven = answer
        self.bounds[goal.level] = max(bound, Bound(proven, "branch-and-price"), key=_value)
        return x if better is None else better

    def _within(self, bound: Bound, gap: float) -> Callable[[float], bool]:
        def within(cost: float) -> bool:
            return cost - bound.value <= max(gap * abs(cost), CLOSE * max(1.0, abs(cost)))

        return within


def _value(bound: Bound) -> float:
    return bound.value
