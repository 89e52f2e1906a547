"""The search on the roster level: a constructed start, then neighbourhoods that improve it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget, Stage
from patrol_scheduler.solver.program import Mask, Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.timetable import timetable

# Windows of the constructed start hold about this many duty cells; HiGHS solves them at the root.
WINDOW_CELLS = 130
WINDOW_GAP = 0.02
# What a patrol costs the timetable besides its load: first as few patrols as possible, then ever
# more, for towns so tight that the fewest do not leave enough people on some day.
PATROL_PRICES = (1e5, 300.0, 60.0)
WEIGHT_OF_SHORTAGE = 1000.0
PART_NODES = 40
PART_SECONDS = 20.0
PATIENCE = 80


@dataclass(frozen=True, slots=True)
class Goal:
    """What a stage minimises, level by level, and which levels' costs it has to keep."""

    stage: Stage
    prices: Mapping[Level, float]
    keep: Mapping[Level, float]

    @property
    def level(self) -> Level:
        """The level that comes first."""
        return next(iter(self.prices))

    def costs(self, level: RosterLevel, x: Vector) -> tuple[float, ...]:
        """The costs in the order in which they count."""
        return tuple(level.program.value(name, x) for name in self.prices)


def better(costs: tuple[float, ...], than: tuple[float, ...]) -> bool:
    """Whether costs are lower, the first difference deciding."""
    for mine, other in zip(costs, than, strict=True):
        if abs(mine - other) > 1e-7 * max(1.0, abs(other)):
            return mine < other
    return False


class Searcher:
    """Searches the rosters of one :class:`RosterLevel`."""

    def __init__(self, level: RosterLevel, budget: Budget, *, seed: int, workers: int) -> None:
        self._level, self._budget = level, budget
        self._seed, self._workers = seed, workers
        self._random = random.Random(seed)  # noqa: S311  # a search, not a secret
        self._sizes = {"people": 4.0, "days": 4.0, "areas": 6.0}

    def first(self, goal: Goal) -> Vector | None:
        """A first solution whose every shift can be formed, built up window by window."""
        for price in PATROL_PRICES:
            if self._budget.over():
                return None
            x = self._rolled(goal, price)
            if x is not None and (x := self.repaired(goal, x)) is not None:
                return x
        return None

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

    def _rolled(self, goal: Goal, patrol_price: float) -> Vector | None:
        level, cells = self._level, self._level.cells
        program, problem = level.program, level.problem
        entries = timetable(problem, patrol_price)
        x = program.lower.copy()
        for column in np.nonzero(cells.patrol)[0]:
            _, area, day, shift = program.columns.names[column]
            x[column] = (area, day, shift) in entries
        if np.any(x > program.upper) or np.any(x < program.lower):
            return None
        x = program.settled(x)
        days = len(problem.dates)
        a_day = max(1, int(cells.duty.sum()) // max(1, days))
        length = max(1, min(14, round(WINDOW_CELLS / a_day)))
        for start in range(0, days, length):
            window = (cells.day >= start) & (cells.day < start + length)
            back = (cells.day >= start - length) & (cells.day < start + length)
            for free in (window & cells.duty, back & cells.duty, back):
                if self._budget.over():
                    return None
                answer = highs.search(
                    program.part(free, x),
                    goal.prices,
                    self._budget,
                    seconds=PART_SECONDS,
                    nodes=1,
                    gap=WINDOW_GAP,
                    quick=True,
                )
                if answer.x is not None:
                    x = answer.x
                    break
            else:
                return None
        return x if program.keeps(x) else None

    def repaired(self, goal: Goal, x: Vector) -> Vector | None:
        """The solution changed around the shifts that cannot be formed until all can be."""
        for reach in (1, 2, 4, 8, 16, 400):
            failing = self._level.unformable(x)
            if not failing:
                return x
            x = self._level.hold_exactly(failing, x)
            cells = self._level.cells
            free = np.zeros(self._level.program.width, dtype=bool)
            for day, _ in failing:
                free |= (cells.day >= day - reach) & (cells.day <= day + reach)
            answer = highs.search(
                self._level.program.part(free, x),
                goal.prices,
                self._budget,
                seconds=PART_SECONDS,
                nodes=PART_NODES,
                gap=WINDOW_GAP,
            )
            if answer.x is not None:
                x = answer.x
        return None if self._level.unformable(x) else x

    def improve(
        self,
        goal: Goal,
        x: Vector,
        *,
        good_enough: Callable[[float], bool],
        found: Callable[[Vector], None],
    ) -> Vector:
        """Better solutions from one neighbourhood after another.

        Ends when ``good_enough`` says so of the cost, when ``PATIENCE`` neighbourhoods in a row
        brought nothing, or with the budget. Every better solution is told to ``found``.
        """
        costs, without = goal.costs(self._level, x), 0
        while without < PATIENCE and not self._budget.over() and not good_enough(costs[0]):
            name = self._random.choice(("people", "people", "days", "areas"))
            candidate = self._tried(goal, x, name)
            without += 1
            if candidate is None or not better(goal.costs(self._level, candidate), costs):
                continue
            days = set(self._level.cells.day[np.abs(candidate - x) > 0.5].tolist()) - {-1}
            failing = self._level.unformable(candidate, days)
            if failing:
                x = self._level.hold_exactly(failing, x)
                continue
            x, without = candidate, 0
            costs = goal.costs(self._level, x)
            found(x)
        return x

    def proved(
        self, goal: Goal, x: Vector, *, gap: float, found: Callable[[Vector], None]
    ) -> tuple[Vector, float]:
        """A search of the whole program from ``x`` for the rest of the time, and its bound.

        A solution whose shifts cannot all be formed makes the program more exact and the search
        start again; its bound stands all the same.
        """
        costs, bound = goal.costs(self._level, x), float("-inf")
        level = goal.level
        while not self._budget.over():
            answer = highs.search(
                self._level.program.whole(),
                {level: 1.0},
                self._budget,
                seconds=self._budget.left(),
                gap=gap,
                keep=goal.keep,
                start=x,
            )
            bound = max(bound, float("-inf") if answer.bound is None else answer.bound)
            if answer.x is None or not better(goal.costs(self._level, answer.x)[:1], costs[:1]):
                break
            failing = self._level.unformable(answer.x)
            if not failing:
                x = answer.x
                found(x)
                break
            x = self._level.hold_exactly(failing, x)
        return x, bound

    def _tried(self, goal: Goal, x: Vector, name: str) -> Vector | None:
        """The best of one neighbourhood, whose kind grows while it is solved and else shrinks."""
        free = self._neighbourhood(name, max(2, int(self._sizes[name])), goal, x)
        answer = highs.search(
            self._level.program.part(free, x),
            goal.prices,
            self._budget,
            seconds=PART_SECONDS,
            nodes=PART_NODES,
            keep=goal.keep,
            start=x,
        )
        self._sizes[name] *= 1.05 if answer.status == "optimal" else 0.9
        return answer.x

    def _neighbourhood(self, name: str, size: int, goal: Goal, x: Vector) -> Mask:
        cells, problem = self._level.cells, self._level.problem
        days = len(problem.dates)
        if name == "people":
            return cells.duty & np.isin(cells.officer, self._people(size, goal, x))
        start = self._random.randrange(1 - size // 2, max(2, days - size // 2))
        window = (cells.day >= start) & (cells.day < start + size)
        if name == "days" or not problem.areas:
            return window
        areas = self._random.sample(range(len(problem.areas)), min(2, len(problem.areas)))
        return window & (cells.duty | np.isin(cells.area, areas))

    def _people(self, size: int, goal: Goal, x: Vector) -> list[int]:
        """Officers to share their duties anew: mostly of one agency, now and then of all."""
        del goal, x
        officers = self._level.problem.officers
        pool = list(range(len(officers)))
        if self._random.random() < 0.7:
            agency = self._random.choice(officers).agency
            pool = [i for i in pool if officers[i].agency == agency]
        return self._random.sample(pool, min(size, len(pool)))
