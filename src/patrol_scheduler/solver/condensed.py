"""A program made small for a bound: days that ask the same are counted together.

For each officer only the number of duties in each class of days is left. Rows of one rule about
days of one class are added up, and so are an officer's rows about windows. Where the columns that
are counted together have different weights in such a sum, the weight that asks least stands for
all, so that every solution of the program, fractions included, is one of the condensed program,
whatever the classes are. What is about patrols alone stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Level
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cells import Cells
from patrol_scheduler.solver.program import Indices, Mask, Program, Vector

# What tells rows and columns apart is added up in whole numbers; those that by chance come out
# alike are counted together, which costs tightness and never truth.
EXACT = 5040
MOST = 2**40


@dataclass(frozen=True)
class Relaxation:
    """What a level costs at the least where duties may be fractions.

    ``worth`` is what one more in each column would cost the officers by then, fair shares included.
    """

    bound: float
    worth: Vector


@dataclass(frozen=True)
class Condensed:
    """The condensed program: ``column[i]`` and ``row[i]`` stand for column and row ``i``.

    ``people`` marks the columns about one officer's day.
    """

    program: Program
    column: Indices
    row: Indices
    people: Mask

    def relaxed(
        self, priced: Level, budget: Budget, cuts: Sequence[highs.Cut]
    ) -> Relaxation | None:
        """The cheapest fractions, where the whole program keeps the ``cuts``.

        ``None`` where the time is over, or nothing keeps them.
        """
        program, free = self.program, ~self.program.fixed
        answer = self._solved(priced, budget, [self._cut(cut, free) for cut in cuts])
        if answer is None:
            return None
        fixed = program.cost[priced][~free] @ program.lower[~free]
        price = np.zeros(self._width)
        of_people = np.zeros(self._width, dtype=bool)
        of_people[self.column[self.people]] = True
        for row, dual in zip(self._rows, answer[1].tolist(), strict=False):
            if dual and of_people[row.columns].any():
                price[row.columns] -= dual * row.weights
        return Relaxation(answer[0] + float(fixed) + program.constant[priced], price[self.column])

    @property
    def _width(self) -> int:
        return int(self.column.max(initial=-1)) + 1

    def _solved(
        self, priced: Level, budget: Budget, cuts: Sequence[highs.Row]
    ) -> tuple[float, Vector] | None:
        program, free, width = self.program, ~self.program.fixed, self._width
        cost = np.full(width, np.inf)
        np.minimum.at(cost, self.column[free], program.cost[priced][free])
        cost[~np.isfinite(cost)] = 0.0
        ends = [
            np.bincount(self.column[free], weights=end[free], minlength=width).astype(float)
            for end in (program.lower, program.upper)
        ]
        return highs.linear(cost, (ends[0], ends[1]), [*self._rows, *cuts], budget)

    def _cut(self, cut: highs.Cut, free: Mask) -> highs.Row:
        """A row that every solution keeps, over the columns of the condensed program."""
        mine = free[cut.columns]
        settled = float(cut.weights[~mine] @ self.program.lower[cut.columns[~mine]])
        column, place = np.unique(self.column[cut.columns[mine]], return_inverse=True)
        heaviest = np.full(len(column), -np.inf)
        np.maximum.at(heaviest, place, cut.weights[mine])
        partly = np.bincount(place) < self._size(free)[column]
        heaviest = np.where(partly, np.maximum(heaviest, 0.0), heaviest)
        return highs.Row(column, heaviest, cut.least - settled, np.inf)

    def _size(self, free: Mask) -> Indices:
        return np.bincount(self.column[free], minlength=self._width)

    @cached_property
    def _rows(self) -> list[highs.Row]:
        """The rows, each the sum of those that it stands for."""
        program, free, width = self.program, ~self.program.fixed, self._width
        height = int(self.row.max(initial=-1)) + 1
        of_row = self.row[program.row_of]
        fixed = ~free[program.row_index]
        settled = np.bincount(
            of_row[fixed],
            weights=program.row_value[fixed] * program.lower[program.row_index[fixed]],
            minlength=height,
        )
        low, high = (
            np.bincount(self.row, weights=ends, minlength=height) - settled
            for ends in (program.low, program.high)
        )
        key = of_row[~fixed] * program.width + program.row_index[~fixed]
        key, place = np.unique(key, return_inverse=True)
        weight = np.bincount(place, weights=program.row_value[~fixed])
        row, column = key // program.width, self.column[key % program.width]
        key, place = np.unique(row * width + column, return_inverse=True)
        row, column = key // width, key % width
        most, least = np.full(len(key), -np.inf), np.full(len(key), np.inf)
        np.maximum.at(most, place, weight)
        np.minimum.at(least, place, weight)
        partly = np.bincount(place, minlength=len(key)) < self._size(free)[column]
        most = np.where(partly, np.maximum(most, 0.0), most)
        least = np.where(partly, np.minimum(least, 0.0), least)
        starts = np.searchsorted(row, np.arange(height + 1))
        found = []
        for i in range(height):
            mine = slice(starts[i], starts[i + 1])
            if mine.start == mine.stop:
                continue
            if np.array_equal(most[mine], least[mine]):
                found.append(highs.Row(column[mine], most[mine], low[i], high[i]))
                continue
            if np.isfinite(low[i]):
                found.append(highs.Row(column[mine], most[mine], low[i], np.inf))
            if np.isfinite(high[i]):
                found.append(highs.Row(column[mine], least[mine], -np.inf, high[i]))
        return found


def condensed(program: Program, cells: Cells, problem: Problem) -> Condensed:
    """A program with days that ask the same counted together."""
    names = program.columns.names
    day = _day_of(program, cells)
    kinds: dict[object, int] = {}
    kind = np.zeros(program.width, dtype=np.int64)
    for i, (name, on) in enumerate(zip(names, day.tolist(), strict=False)):
        about = tuple(part for part in name if on < 0 or part != on)
        kind[i] = kinds.setdefault((len(name), about), len(kinds))
    owner = np.maximum(cells.owner, np.where(cells.own, cells.officer, -1))
    class_of = _classes(program, problem, day, kind)
    marks = np.random.default_rng(0).integers(1, MOST, size=len(kinds) + 1)
    row = _row_groups(program, problem, day, owner, marks[kind], class_of)
    column = np.where(owner >= 0, kind * (len(class_of) + 1) + class_of[day] + 1, -1)
    slacks = program.slacks
    alone = np.nonzero(owner < 0)[0]
    column[alone] = -2 - alone
    top = int(column.max(initial=0)) + 1
    column[slacks.columns] = top + 2 * row[slacks.rows] + slacks.above
    return Condensed(program, np.unique(column, return_inverse=True)[1], row, owner >= 0)


def _day_of(program: Program, cells: Cells) -> Indices:
    """The one day that each column is about, or -1."""
    day = np.maximum(cells.day, cells.owner_day)
    for column, parts in program.columns.any_parts.items():
        days = set(day[list(parts)].tolist())
        if len(days) == 1:
            day[column] = days.pop()
    return day


def _classes(program: Program, problem: Problem, day: Indices, kind: Indices) -> Indices:
    """The class of each day: what its duties count for, and which teams go on patrol on it."""
    counts: list[set[tuple[int, int, object]]] = [set() for _ in problem.dates]
    for column, parts in program.columns.sum_parts.items():
        for part, weight in parts:
            if day[part] >= 0:
                counts[day[part]].add((int(kind[part]), column, weight))
    classes: dict[object, int] = {}
    found = []
    for i, date in enumerate(problem.dates):
        teams = frozenset(
            (shift.id, id(problem.team(area.id, date, shift.id)))
            for area in problem.areas
            for shift in problem.shifts
            if problem.patrols_allowed(area.id, date, shift.id)
        )
        found.append(classes.setdefault((frozenset(counts[i]), teams), len(classes)))
    return np.array([*found, -1], dtype=np.int64)


def _row_groups(
    program: Program,
    problem: Problem,
    day: Indices,
    owner: Indices,
    mark: Indices,
    class_of: Indices,
) -> Indices:
    """Which rows are added up: those of one rule, about one class of days or one officer."""
    entry, height = program.row_index, program.height
    if not height:
        return np.zeros(0, dtype=np.int64)
    starts = program.row_start[:-1]
    slack = program.marked(program.slacks.columns)[entry]
    mine = np.where(slack, -1, owner[entry])
    last = np.maximum.reduceat(mine, starts)
    first = np.minimum.reduceat(np.where(slack, len(problem.officers), mine), starts)
    single = (first == last) & (last >= 0)
    from_day = np.minimum.reduceat(np.where(day[entry] < 0, len(class_of), day[entry]), starts)
    to_day = np.maximum.reduceat(day[entry], starts)
    one_day = from_day == to_day
    # Of people only their agencies tell rows about many apart: who is certified, and who is
    # away, changes from day to day.
    weight = np.rint(program.row_value * EXACT).astype(np.int64)
    told = np.where(slack | ((mine >= 0) & ~single[program.row_of]), 0, weight * mark[entry])
    agency = {agency.id: i for i, agency in enumerate(problem.agencies)}
    bits = np.array([1 << agency[o.agency] % 60 for o in problem.officers] + [0], dtype=np.int64)
    shifts = {shift.id: i for i, shift in enumerate(problem.shifts)}
    shift = np.zeros(program.width, dtype=np.int64)
    for column, name in enumerate(program.columns.names):
        if name[0] in ("on", "in-shift"):
            shift[column] = 1 << shifts[str(name[3])] % 60
    keys = [
        np.add.reduceat(told, starts),
        np.bitwise_or.reduceat(bits[mine], starts),
        np.bitwise_or.reduceat(shift[entry], starts),
        program.stated_by,
        _ends(program.low),
        _ends(program.high),
        np.where(one_day, class_of[np.minimum(from_day, len(class_of) - 1)], -1),
    ]
    group = _numbered(keys)
    # The first such row of a day goes with the first of another, the second with the second.
    shared = one_day & ~single & (last >= 0)
    order = np.lexsort((np.arange(height), from_day, group))
    again = (np.diff(group[order]) == 0) & (np.diff(from_day[order]) == 0)
    place = np.arange(height)
    begins = np.maximum.accumulate(np.where(np.append(False, again), 0, place))
    turn = np.zeros(height, dtype=np.int64)
    turn[order] = place - begins
    alone = np.where(last < 0, np.arange(height), -1)
    return _numbered([group, np.where(shared, turn, 0), alone])


def _ends(bounds: Vector) -> Indices:
    return np.rint(np.clip(bounds * EXACT, -MOST, MOST)).astype(np.int64)


def _numbered(keys: list[Indices]) -> Indices:
    """Numbers from 0 on that are equal where all keys are."""
    number = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        _, values = np.unique(key, return_inverse=True)
        number = number * (int(values.max(initial=0)) + 1) + values
        number = np.unique(number, return_inverse=True)[1]
    return number
