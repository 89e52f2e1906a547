"""The search on the roster level: neighbourhoods improve a solution, then the whole program."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal, better
from patrol_scheduler.solver.neighbourhoods import NEIGHBOURHOODS, Sight
from patrol_scheduler.solver.program import CLOSE, Part, Vector
from patrol_scheduler.solver.roster_level import RosterLevel

WEIGHT_OF_SHORTAGE = 1000.0
PART_NODES = 40
PART_SECONDS = 20.0
# This many neighbourhoods in a row, and one more for each officer, may bring nothing.
PATIENCE = 80
# How fast a neighbourhood's yield is forgotten, and how often one is chosen whatever its yield.
FORGOTTEN, CURIOUS = 0.15, 0.25
# A try that takes more effort is not made larger, and one of twice the effort smaller.
LONG_TRY = 0.5
# A shift that could not be formed this often is held exactly from then on, in programs that are
# quickly built anew.
TOO_OFTEN = 2


@dataclass
class _Yield:
    """How a kind of neighbourhood has done: its size now and what it brings a second of effort."""

    size: float
    gain: float = 1.0


@dataclass(frozen=True)
class _Trial:
    """A neighbourhood that is being solved."""

    name: str
    part: Part
    base: Vector
    generation: int


class Searcher:
    """Searches the rosters of one :class:`RosterLevel`."""

    def __init__(self, level: RosterLevel, budget: Budget, *, seed: int, workers: int) -> None:
        self._level, self._budget = level, budget
        self._seed, self._workers = seed, workers
        self._random = random.Random(seed)  # noqa: S311  # a search, not a secret
        self._yields: dict[str, _Yield] = {}
        self._refused: dict[tuple[int, str], int] = {}
        self._generation = 0
        self._moved: Vector = np.zeros(0)

    def anywhere(self, seconds: float) -> tuple[Vector | None, bool]:
        """Any solution at all, from a search of the whole program; and whether there is none."""
        answer = cpsat.search(
            self._level.program.whole(),
            None,
            self._budget,
            seconds=seconds,
            workers=self._workers,
            seed=self._seed,
        )
        return answer.x, answer.status == "infeasible"

    def improve(
        self,
        goal: Goal,
        x: Vector,
        *,
        good_enough: Callable[[float], bool],
        found: Callable[[Vector], None],
        until: float,
        workers: int,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> Vector:
        """Better solutions from one neighbourhood after another.

        Ends when ``good_enough`` says so of the cost, when too many neighbourhoods in a row brought
        nothing, when ``until`` seconds of the budget are used, when ``interrupted``, or with the
        budget. Every better solution is told to ``found``. With one of ``workers`` the search
        repeats itself exactly.
        """
        branch = self._budget.branch()
        self._yields = {
            name: _Yield(kind.size)
            for name, kind in NEIGHBOURHOODS.items()
            if goal.level in kind.levels
        }
        costs, without = goal.costs(self._level, x), 0
        patience = PATIENCE + len(self._level.problem.officers)

        def over() -> bool:
            return (
                without >= patience
                or self._budget.over()
                or self._budget.elapsed() >= until
                or interrupted()
                or good_enough(costs[0])
            )

        with ThreadPoolExecutor(workers) as pool:
            running: dict[Future[highs.Answer], _Trial] = {}
            while not over():
                while len(running) < workers:
                    trial = self._trial(goal, x)
                    running[pool.submit(self._solved, goal, trial, branch)] = trial
                done, _ = wait(running, timeout=0.05, return_when=FIRST_COMPLETED)
                self._budget.told_to_stop()
                for future in done:
                    trial, answer = running.pop(future), future.result()
                    candidate = self._joined(trial, answer, x)
                    before = costs[0]
                    without += 1
                    if candidate is not None:
                        reached = goal.costs(self._level, candidate)
                        if better(reached, costs):
                            taken = self._taken(candidate, x)
                            if taken is not None:
                                x, costs, without = taken, reached, 0
                                found(x)
                            elif self._generation != trial.generation:
                                x = self._moved
                    self._learn(trial, answer, before - costs[0])
            branch.end()
        return x

    def _trial(self, goal: Goal, x: Vector) -> _Trial:
        """The next neighbourhood: mostly of a kind that has brought much for its time."""
        names = list(self._yields)
        if self._random.random() < CURIOUS:
            name = self._random.choice(names)
        else:
            gains = [self._yields[name].gain + 1e-9 for name in names]
            name = self._random.choices(names, gains)[0]
        size = max(2, round(self._yields[name].size))
        free = NEIGHBOURHOODS[name].choose(Sight(self._level, goal, x, self._random), size)
        return _Trial(name, self._level.program.part(free, x), x, self._generation)

    def _solved(self, goal: Goal, trial: _Trial, budget: Budget) -> highs.Answer:
        return highs.search(
            trial.part,
            goal.prices,
            budget,
            seconds=PART_SECONDS,
            nodes=PART_NODES,
            keep=goal.keep,
            start=trial.base,
        )

    def _learn(self, trial: _Trial, answer: highs.Answer, gain: float) -> None:
        """Larger next time where it was soon solved to the end; chosen more often where it paid."""
        mine = self._yields[trial.name]
        if answer.effort > 2 * LONG_TRY:
            mine.size *= 0.8
        elif answer.status != "optimal":
            mine.size *= 0.9
        elif answer.effort <= LONG_TRY:
            mine.size *= 1.05
        mine.gain += FORGOTTEN * (gain / answer.effort - mine.gain)

    def _joined(self, trial: _Trial, answer: highs.Answer, x: Vector) -> Vector | None:
        """What a neighbourhood found, put into the solution of today."""
        if answer.x is None or trial.generation != self._generation:
            return None
        if trial.base is x:
            return answer.x
        program, columns = self._level.program, trial.part.columns
        changed = columns[np.abs(answer.x[columns] - trial.base[columns]) > 0.5]
        changed = changed[program.integer[changed]]
        joined = x.copy()
        joined[changed] = answer.x[changed]
        part = program.part(program.marked(changed), joined)
        joined = program.settled(joined, part.columns)
        return joined if program.keeps(joined) else None

    def _taken(self, candidate: Vector, x: Vector) -> Vector | None:
        """The better solution, where all its shifts can be formed."""
        level = self._level
        changed = level.cells.day[np.abs(candidate - x) > 0.5]
        failing = level.misjudged(candidate, set(changed.tolist()) - {-1})
        if not failing:
            return candidate
        for key in failing:
            self._refused[key] = self._refused.get(key, 0) + 1
        often = [key for key in failing if self._refused[key] >= TOO_OFTEN]
        if often and level.quickly_built:
            self._moved = level.hold_exactly(often, x)
            self._generation += 1
        return None

    def proved(
        self, goal: Goal, x: Vector, *, gap: float, found: Callable[[Vector], None], until: float
    ) -> tuple[Vector, float]:
        """A search of the whole program from ``x`` for the rest of the time, and its bound.

        A solution whose shifts cannot all be formed makes the program more exact and the search
        start again; its bound stands all the same.
        """
        costs, bound = goal.costs(self._level, x), float("-inf")
        level = goal.level
        start: Vector | None = x
        while not self._budget.over() and self._budget.elapsed() < until:
            answer = highs.search(
                self._level.program.whole(),
                {level: 1.0},
                self._budget,
                seconds=until - self._budget.elapsed(),
                gap=gap,
                keep=goal.keep,
                start=start,
            )
            bound = max(bound, float("-inf") if answer.bound is None else answer.bound)
            if answer.x is None or not better(goal.costs(self._level, answer.x)[:1], costs[:1]):
                # HiGHS may end a search from a start with a bound below the start: it then says
                # optimal of what it has not shown. Without a start it goes on.
                unshown = costs[0] - bound > max(gap, CLOSE) * max(1.0, abs(costs[0]))
                if answer.status == "optimal" and start is not None and unshown:
                    start = None
                    continue
                break
            failing = self._level.misjudged(answer.x)
            if not failing:
                x = answer.x
                found(x)
                break
            x = self._level.hold_exactly(failing, x)
            start = x
        return x, bound
