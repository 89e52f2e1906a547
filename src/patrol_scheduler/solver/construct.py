"""A first roster: the timetable, then who is on duty, week by week."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from patrol_scheduler.rules import Level, Rule
from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Mask, Program, Vector
from patrol_scheduler.solver.roster_level import Entry, RosterLevel
from patrol_scheduler.solver.timetable import Timetable

# The days whose duties are shared out together. Most rules speak of weeks.
WINDOW_DAYS = 7
WINDOW_SECONDS = 20.0
# How much the first timetable spreads patrols over windows that are alike; the next ones do more.
SPREAD = 1.0
# So many timetables are tried, each more careful where the one before could not be filled.
ATTEMPTS = 7
PART_NODES = 40
PART_GAP = 0.02
# How much deterministic time the second solver has to show a window impossible.
PART_EFFORT = 5.0


class Constructor:
    """Builds first solutions of one roster level."""

    def __init__(self, level: RosterLevel, rules: tuple[Rule, ...], budget: Budget) -> None:
        self._level, self._rules, self._budget = level, rules, budget
        self.table: Timetable | None = None
        self.shown_none = False

    def first(self, goal: Goal) -> Vector | None:
        """A first solution whose every shift can be formed.

        Days that cannot be filled are strained: the next timetable asks less of them.
        ``shown_none`` is set where days are found that are impossible by themselves.
        """
        strain = np.zeros(len(self._level.problem.dates))
        for attempt in range(ATTEMPTS):
            x = self.timetabled(goal, SPREAD * 2**attempt, strain)
            filled = 0 if x is None else self.shared_out(goal, x)
            if not isinstance(filled, int):
                return self.repaired(goal, filled)
            if attempt == 0:
                # Of no day in particular, any may be the one that is impossible.
                windows = [filled] if filled else range(0, len(strain), WINDOW_DAYS)
                self.shown_none = any(map(self._are_impossible, windows))
            if x is None or self.shown_none:
                return None
            if self._budget.over() or not self._level.problem.areas:
                return None
            strain[max(0, filled - WINDOW_DAYS) : filled + WINDOW_DAYS] += 1
        return None

    def timetabled(self, goal: Goal, spread: float, strain: Vector) -> Vector | None:
        """A solution with patrols on their dates and nobody on duty yet."""
        level, program = self._level, self._level.program
        x = program.lower.copy()
        if level.problem.areas:
            if self.table is None:
                self.table = Timetable(level, self._rules, goal.level)
            entries = self.table.entries(self._budget, spread=spread, strain=strain)
            if entries is None:
                return None
            self._put_on(entries, x)
        x = np.clip(x, program.lower, program.upper)
        return program.settled(x)

    def with_fewer_leaders(self, goal: Goal, x: Vector) -> Vector | None:
        """A solution whose patrols lie on fewer days, so that fewer leaders on duty are needed."""
        budget = self._budget
        if self.table is None or not self.table.conditions.led or budget.over():
            return None
        entries = self.table.drawn_together(
            self._level.entries(x), budget, self.table.worth(budget)
        )
        return self.dated(goal, entries)

    def dated(self, goal: Goal, entries: set[Entry]) -> Vector | None:
        """A solution with patrols on these dates, as far as people allow, that can be formed."""
        program = self._level.program
        x = program.lower.copy()
        self._put_on(entries, x)
        filled = self.shared_out(goal, program.settled(np.clip(x, program.lower, program.upper)))
        return None if isinstance(filled, int) else self.repaired(goal, filled)

    def _put_on(self, entries: set[Entry], x: Vector) -> None:
        """Put patrols on their dates."""
        level = self._level
        for column in np.nonzero(level.cells.patrol)[0].tolist():
            _, area, day, shift = level.program.columns.names[column]
            x[column] = (area, day, shift) in entries

    def shared_out(self, goal: Goal, x: Vector) -> Vector | int:
        """The duties of everybody, window by window, leaning towards whoever has had few.

        A window that cannot be filled takes back the days before it, then the dates of patrols.
        Gives the first day of the window where all of that is in vain.
        """
        level, program, cells = self._level, self._level.program, self._level.cells
        days = len(level.problem.dates)
        for start, low in zip(range(0, days, WINDOW_DAYS), self._lower_ends(), strict=True):
            window = (cells.day >= start) & (cells.day < start + WINDOW_DAYS)
            back = (cells.day >= start - WINDOW_DAYS) & (cells.day < start + WINDOW_DAYS)
            leaning = tuple(name for name in goal.prices if name is not Level.SHORTAGE)
            lean = pull(program, x, leaning) if level.problem.areas else None
            if lean is not None:
                # Whoever has had too few goes first, but nobody only because of that.
                lean[cells.duty] -= min(0.0, float(lean[cells.duty & window].min(initial=0.0)))
            for free in (window & cells.own, back & cells.own, window, back):
                found = None if self._budget.over() else self._filled(goal, free, x, lean, low)
                if found is not None:
                    x = found
                    break
            else:
                return start
        return x if program.keeps(x) else 0

    def _are_impossible(self, start: int) -> bool:
        """Whether two solvers show that nothing can be done in a window and the one before it,
        whatever lies around them.
        """
        if self._budget.over():
            return False
        program, days = self._level.program, self._level.cells.day
        free = (days >= max(0, start - WINDOW_DAYS)) & (days < start + WINDOW_DAYS)
        part, budget = program.alone(free, program.lower), self._budget
        found = highs.search(part, {}, budget, seconds=WINDOW_SECONDS, nodes=PART_NODES)
        if found.status != "infeasible":
            return False
        again = cpsat.search(part, None, budget, seconds=WINDOW_SECONDS, effort=PART_EFFORT)
        return again.status == "infeasible"

    def _lower_ends(self) -> Iterator[Vector]:
        """Window by window, the rows' lower ends, less what later duties can still add to them."""
        level, program = self._level, self._level.program
        owner_day = np.where(program.fixed, -1, level.cells.owner_day)
        added = program.row_value * program.upper[program.row_index]
        added[owner_day[program.row_index] < 0] = 0.0
        entries = np.nonzero(added > 0)[0]
        day = owner_day[program.row_index[entries]]
        order = np.argsort(day, kind="stable")
        entries, day = entries[order], day[order]
        rows, added = program.row_of[entries], added[entries]
        for start in range(0, len(level.problem.dates), WINDOW_DAYS):
            ahead = np.searchsorted(day, start + WINDOW_DAYS)
            room = np.bincount(rows[ahead:], weights=added[ahead:], minlength=program.height)
            room[program.slacks.rows] = 0.0
            room[program.stated_by < 0] = 0.0
            yield program.low - room

    def _filled(
        self, goal: Goal, free: Mask, x: Vector, lean: Vector | None, low: Vector
    ) -> Vector | None:
        prices = goal.prices
        if lean is not None:
            # Leaning says who goes; that somebody has to, where seats may stay empty, is a price.
            prices = {name: w for name, w in prices.items() if name is Level.SHORTAGE}
        return highs.search(
            self._level.program.part(free, x, low),
            prices,
            self._budget,
            seconds=WINDOW_SECONDS,
            nodes=PART_NODES,
            gap=PART_GAP,
            lean=lean,
            quick=True,
        ).x

    def repaired(self, goal: Goal, x: Vector) -> Vector | None:
        """The solution changed around the shifts that cannot be formed until all can be."""
        for reach in (1, 2, 4, 8, 16, 400):
            failing = self._level.unformable(x, over=self._budget.over)
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
                seconds=WINDOW_SECONDS,
                nodes=PART_NODES,
                gap=PART_GAP,
            )
            if answer.x is not None:
                x = answer.x
        return None if self._level.unformable(x, over=self._budget.over) else x


def pull(program: Program, x: Vector, levels: tuple[Level, ...]) -> Vector:
    """What each column would cost more for every bound that is missed already, miss by miss.

    The slope of half the squared misses: whoever is far below a fair share is cheaper than whoever
    is a little below it, which the prices themselves do not tell.
    """
    slacks = program.slacks
    slope = np.zeros(program.height)
    lean = np.zeros(program.width)
    for level in levels:
        lean += program.cost[level]
        signs = np.where(slacks.above, 1.0, -1.0)
        missed = program.cost[level][slacks.columns] * x[slacks.columns] * signs
        np.add.at(slope, slacks.rows, missed)
    lean[slacks.columns] = 0.0
    weights = program.row_value * slope[program.row_of]
    lean += np.bincount(program.row_index, weights=weights, minlength=program.width)
    lean[slacks.columns] = 0.0
    for follow in reversed(program.follows):
        of_part = np.repeat(lean[follow.columns], np.diff(follow.start)) * follow.weights
        np.add.at(lean, follow.parts, of_part)
        lean[follow.columns] = 0.0
    return lean
