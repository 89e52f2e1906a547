"""Dates drawn anew among rosters that cost no more, so that a watcher can guess little.

The most random rule for gaps from a window draws uniformly from all sequences of dates that the
window allows: over a long plan its gaps are those with P(g) = rho^-g, whose entropy a day, log2
rho, no other rule exceeds (Shannon 1948). So stretch by stretch, the dates of each area are drawn
uniformly from the sequences that fit between its patrols before and after, with a shift for each,
and the nearest solution is looked for in which every level costs no more than it may; people are
put on duty anew for it. Each draw depends on the others only through what is kept, as in Gibbs
sampling.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from patrol_scheduler.rules import Level, Rule
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.conditions import Conditions
from patrol_scheduler.solver.goal import exceeds
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.roster_level import RosterLevel

# How many days are drawn together, and how often each of them is.
WINDOW_DAYS = 14
ROUNDS = 4
PART_NODES = 20
PART_SECONDS = 6.0
PART_GAP = 0.02
# What one drawn patrol is worth, and what it still is in another shift of its day.
DRAWN, OTHER_SHIFT = 1.0, 0.5

Steps = Mapping[int, Sequence[int]]
"""From each day of an area's patrols the days of the next; -1 is before the plan."""


def redrawn(
    level: RosterLevel,
    rules: tuple[Rule, ...],
    x: Vector,
    keep: Mapping[Level, float],
    budget: Budget,
    *,
    seed: int,
) -> Vector:
    """A solution with dates drawn anew in which no level costs more than ``keep`` allows.

    ``x`` itself where there is nothing to draw. The same ``seed`` draws the same dates.
    """
    draw = random.Random(seed)  # noqa: S311  # the seed is the secret, and the draw repeats
    return _Redraw(level, rules, dict(keep), draw).drawn(x, budget)


def drawn_between(
    steps: Steps, before: int, after: int, days: range, counts: Sequence[int], draw: random.Random
) -> list[int] | None:
    """Patrol days of one area inside ``days``, uniformly from all sequences of so many patrols.

    ``before`` and ``after`` are the patrols outside. ``None`` where the steps allow no sequence.
    """

    @cache
    def ways(day: int, more: int) -> int:
        found = int(more == 0 and after in steps.get(day, ()))
        if more:
            found += sum(ways(n, more - 1) for n in steps.get(day, ()) if n in days)
        return found

    weights = [ways(before, count) for count in counts]
    if not any(weights):
        return None
    more, day, found = draw.choices(counts, weights)[0], before, []
    while more:
        onward = [n for n in steps[day] if n in days]
        day = draw.choices(onward, [ways(n, more - 1) for n in onward])[0]
        found.append(day)
        more -= 1
    return found


class _Redraw:
    def __init__(
        self,
        level: RosterLevel,
        rules: tuple[Rule, ...],
        keep: dict[Level, float],
        draw: random.Random,
    ) -> None:
        self._level, self._keep, self._draw = level, keep, draw
        self._days = len(level.problem.dates)
        self._steps: dict[str, dict[int, list[int]]] = {}
        for kind in Conditions(level, rules, Level.FAIRNESS).kinds:
            steps: dict[int, list[int]] = {}
            for before, after, overdue in kind.arcs:
                if not overdue:
                    steps.setdefault(before, []).append(after)
            self._steps |= dict.fromkeys(kind.areas, steps)
        program, cells = level.program, level.cells
        self._columns: dict[str, dict[int, dict[str, int]]] = {}
        for column in np.nonzero(cells.patrol & (program.upper > program.lower))[0].tolist():
            _, area, day, shift = program.columns.names[column]
            by_day = self._columns.setdefault(str(area), {})
            by_day.setdefault(int(str(day)), {})[str(shift)] = column

    def drawn(self, x: Vector, budget: Budget) -> Vector:
        if not self._steps:
            return x
        for _ in range(ROUNDS):
            offset = self._draw.randrange(WINDOW_DAYS)
            starts = list(range(-offset, self._days, WINDOW_DAYS))
            self._draw.shuffle(starts)
            for start in starts:
                if budget.over():
                    return x
                days = range(max(0, start), min(self._days, start + WINDOW_DAYS))
                x = self._window(x, days, budget)
        return x

    def _window(self, x: Vector, days: range, budget: Budget) -> Vector:
        """A solution nearest to dates drawn for a stretch of days."""
        level, program, cells = self._level, self._level.program, self._level.cells
        lean = np.zeros(program.width)
        for area in self._steps:
            self._lean_towards(area, x, days, lean)
        if not lean.any():
            return x
        free = (cells.day >= days.start) & (cells.day < days.stop)
        answer = highs.search(
            program.part(free, x),
            {},
            budget,
            seconds=PART_SECONDS,
            nodes=PART_NODES,
            gap=PART_GAP,
            keep=self._keep,
            start=x,
            lean=lean,
            quick=True,
        )
        if answer.x is None or not self._kept(answer.x):
            return x
        changed = cells.day[np.abs(answer.x - x) > 0.5]
        return x if level.misjudged(answer.x, set(changed.tolist()) - {-1}) else answer.x

    def _kept(self, x: Vector) -> bool:
        program = self._level.program
        return program.keeps(x) and all(
            not exceeds(program.value(name, x), most) for name, most in self._keep.items()
        )

    def _lean_towards(self, area: str, x: Vector, days: range, lean: Vector) -> None:
        """Draw an area's dates and shifts, and make its other patrols dearer."""
        by_day = self._columns.get(area, {})
        held = self._held(area, x)
        inside = [day for day in held if day in days]
        before = max((day for day in held if day < days.start), default=-1)
        after = min((day for day in held if day >= days.stop), default=self._days)
        n = len(inside)
        drawn = drawn_between(
            self._steps[area], before, after, days, [n - 1, n, n + 1][n == 0 :], self._draw
        )
        if drawn is None:
            return
        for day in days:
            columns = by_day.get(day, {})
            chosen = self._draw.choice(sorted(columns)) if columns else ""
            for shift, column in columns.items():
                worth = DRAWN if shift == chosen else OTHER_SHIFT
                lean[column] = -worth if day in drawn else DRAWN

    def _held(self, area: str, x: Vector) -> list[int]:
        """The days on which an area is patrolled in a solution."""
        cells = self._level.cells
        index = [one.id for one in self._level.problem.areas].index(area)
        mine = cells.patrol & (cells.area == index) & (x > 0.5)
        return sorted(set(cells.day[mine].tolist()))
