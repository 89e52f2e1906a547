"""A sparse program with one objective a level, its solutions and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.rules import Columns, Level

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
INFINITE = float("inf")
CLOSE = 1e-6
"""Values that differ by no more are the same: solvers count in floats."""


@dataclass(frozen=True)
class Follow:
    """Columns that follow from ``parts``; ``columns[i]`` from those between two of ``start``.

    ``any``: yes when any part is; ``sum``: the sum of weight times part; ``count``: moves with its
    parts, but only a solver says how.
    """

    kind: Literal["any", "sum", "count"]
    columns: Indices
    parts: Indices
    weights: Vector
    start: Indices


@dataclass(frozen=True)
class Slacks:
    """Slack columns with their rows: how far a row lies above or below its bounds."""

    columns: Indices
    rows: Indices
    above: Mask


@dataclass(frozen=True)
class Program:
    """A mixed-integer program with one objective a level.

    Columns lie between ``lower`` and ``upper``; all but the slack columns are whole.
    ``cost[level]`` prices columns, ``constant[level]`` adds what is owed anyway. Rows are
    ``row_start``, ``row_index``, ``row_value`` (compressed rows) with bounds ``low`` and ``high``;
    times ``scale`` they are whole numbers. ``stated_by`` is the place of each row's rule in the
    list of rules, or -1 where it ties columns together. ``decided`` marks the yes/no columns that
    make a roster; every other column follows from them, first by ``follows``, in its order, then by
    ``slacks``.
    """

    columns: Columns
    lower: Vector
    upper: Vector
    cost: dict[Level, Vector]
    constant: dict[Level, float]
    row_start: Indices
    row_index: Indices
    row_value: Vector
    low: Vector
    high: Vector
    scale: Vector
    stated_by: Indices
    decided: Mask
    counts: tuple[int, ...]
    follows: tuple[Follow, ...]
    slacks: Slacks

    @property
    def contradicts_itself(self) -> bool:
        """Whether limits on one column, or a row and the bounds of its columns, exclude another."""
        if np.any(self.lower > self.upper):
            return True
        low, high = (
            self.row_value * self.lower[self.row_index],
            self.row_value * self.upper[self.row_index],
        )
        most = np.bincount(self.row_of, weights=np.maximum(low, high), minlength=self.height)
        least = np.bincount(self.row_of, weights=np.minimum(low, high), minlength=self.height)
        return bool(np.any(most < self.low - CLOSE) or np.any(least > self.high + CLOSE))

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.lower)

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.low)

    @cached_property
    def integer(self) -> Mask:
        """The columns that a search has to make whole; where these are, so is every other."""
        return self.decided | self._counts

    @cached_property
    def _counts(self) -> Mask:
        mask = np.zeros(self.width, dtype=bool)
        mask[list(self.counts)] = True
        return mask

    @cached_property
    def row_of(self) -> Indices:
        """The row of each matrix entry."""
        return np.repeat(np.arange(self.height), np.diff(self.row_start))

    def value(self, level: Level, x: Vector) -> float:
        """What a solution costs on a level."""
        return float(self.cost[level] @ x) + self.constant[level]

    def keeps(self, x: Vector) -> bool:
        """Whether a solution lies within every bound."""
        rows, slip = self._activity(x), CLOSE
        return bool(
            np.all(rows >= self.low - slip)
            and np.all(rows <= self.high + slip)
            and np.all(x >= self.lower - slip)
            and np.all(x <= self.upper + slip)
        )

    def settled(self, x: Vector, columns: Indices | None = None) -> Vector:
        """The solution with every column that follows from the decided ones put right.

        ``columns`` limits this to some of them, where no others can have changed.
        """
        x = x.copy()
        wanted = None if columns is None else self.marked(columns)
        for follow in self.follows:
            if follow.kind == "count":
                continue
            places = np.arange(len(follow.columns))
            if wanted is not None:
                places = places[wanted[follow.columns]]
            if not len(places):
                continue
            entries, start = _slices(follow.start, places)
            values = x[follow.parts[entries]]
            if follow.kind == "any":
                x[follow.columns[places]] = np.maximum.reduceat(values, start)
            else:
                x[follow.columns[places]] = np.add.reduceat(follow.weights[entries] * values, start)
        slacks = self.slacks
        places = np.arange(len(slacks.columns))
        if wanted is not None:
            places = places[wanted[slacks.columns]]
        if len(places):
            mine, rows = slacks.columns[places], slacks.rows[places]
            x[mine] = 0
            activity = self._activity_of(rows, x)
            over, under = activity - self.high[rows], self.low[rows] - activity
            x[mine] = np.maximum(0, np.where(slacks.above[places], over, under))
        return x

    def about(self, column: int) -> Indices:
        """The decided columns on which a priced column depends, a slack as its row does."""
        known = len(self.columns)
        new = np.array([column], dtype=np.int64)
        if column >= known:
            row = self.slacks.rows[column - known]
            new = self.row_index[self.row_start[row] : self.row_start[row + 1]]
            new = new[new < known]
        found = self.marked(new)
        start, parts = self._parts
        while len(new):
            behind = np.unique(parts[_slices(start, new)[0]])
            new = behind[~found[behind]]
            found[new] = True
        return np.nonzero(found & self.decided)[0]

    def marked(self, columns: Indices) -> Mask:
        """A mask of some columns."""
        mask = np.zeros(self.width, dtype=bool)
        mask[columns] = True
        return mask

    def _activity(self, x: Vector) -> Vector:
        return self._per_row(self.row_value * x[self.row_index])

    def _per_row(self, entries: Vector) -> Vector:
        return np.bincount(self.row_of, weights=entries, minlength=self.height).astype(float)

    def _activity_of(self, rows: Indices, x: Vector) -> Vector:
        entries, start = _slices(self.row_start, rows)
        return _sums(self.row_value[entries] * x[self.row_index[entries]], start)

    @cached_property
    def fixed(self) -> Mask:
        """The columns that can have only one value."""
        return np.equal(self.lower, self.upper)

    @cached_property
    def _rows_of_columns(self) -> tuple[Indices, Indices]:
        """The rows that touch each column: where they start, and the rows."""
        order = np.argsort(self.row_index, kind="stable")
        counts = np.bincount(self.row_index, minlength=self.width)
        return np.concatenate(([0], np.cumsum(counts))), self.row_of[order]

    @cached_property
    def _followers(self) -> tuple[Indices, Indices]:
        """The columns that follow from each column: where they start, and the columns."""
        parts, columns = self._ties
        return _grouped(parts, columns, self.width)

    @cached_property
    def _parts(self) -> tuple[Indices, Indices]:
        """The columns that each column follows from: where they start, and the columns."""
        parts, columns = self._ties
        return _grouped(columns, parts, self.width)

    @cached_property
    def _ties(self) -> tuple[Indices, Indices]:
        """Columns, and those that follow from them at the same places."""
        none = np.zeros(0, dtype=np.int64)
        parts = [follow.parts for follow in self.follows]
        mine = [np.repeat(follow.columns, np.diff(follow.start)) for follow in self.follows]
        return np.concatenate([none, *parts]), np.concatenate([none, *mine])

    def whole(self) -> Part:
        """The whole program as a part."""
        return self.part(np.ones(self.width, dtype=bool), np.zeros(self.width))

    def alone(self, free: Mask, base: Vector) -> Part:
        """``free`` columns by themselves: no row that reaches beyond them is asked.

        Every other column is as in ``base``, which only its price can tell.

        What excludes every solution of this excludes every solution of the program; and where
        nothing costs less than nothing, the program costs at least what this does.
        """
        constant = self.fixed
        free = free.copy()
        for follow in self.follows:
            if follow.kind != "count":
                known = (free | constant)[follow.parts]
                free[follow.columns] |= np.logical_and.reduceat(known, follow.start[:-1])
        free &= ~constant
        within, mine = (free | constant)[self.row_index], free[self.row_index]
        outside = np.bincount(self.row_of[~within], minlength=self.height)
        inside = np.bincount(self.row_of[mine], minlength=self.height)
        rows = (outside == 0) & (inside > 0)
        kept = rows[self.row_of] & mine
        settled = np.bincount(
            self.row_of[~mine],
            weights=(self.row_value * self.lower[self.row_index])[~mine],
            minlength=self.height,
        )
        columns = np.nonzero(free)[0]
        place = np.zeros(self.width, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        lengths = np.bincount(self.row_of[kept], minlength=self.height)[rows]
        return Part(
            program=self,
            base=np.where(constant, self.lower, base),
            columns=columns,
            row_start=np.concatenate(([0], np.cumsum(lengths))),
            row_index=place[self.row_index[kept]],
            row_value=self.row_value[kept],
            low=(self.low - settled)[rows],
            high=(self.high - settled)[rows],
            scale=self.scale[rows],
        )

    def part(self, free: Mask, base: Vector, low: Vector | None = None) -> Part:
        """The program in which only ``free`` columns, and what follows from them, may change.

        ``low`` stands in for the rows' lower bounds, where it is given.
        Every other column stays as in ``base``. The work grows with the part, not the program.
        """
        free = free.copy()
        start, followers = self._followers
        new = np.nonzero(free)[0]
        while len(new):
            found = np.unique(followers[_slices(start, new)[0]])
            new = found[~free[found]]
            free[new] = True
        free &= ~self.fixed
        base = np.where(self.fixed, self.lower, base)
        start, rows = self._rows_of_columns
        touched = np.unique(rows[_slices(start, np.nonzero(free)[0])[0]])
        entries, row_start = _slices(self.row_start, touched)
        index, value = self.row_index[entries], self.row_value[entries]
        slack = index[index >= len(self.columns)]
        free[slack[~self.fixed[slack]]] = True
        settled = _sums(np.where(free[index], 0.0, value * base[index]), row_start)
        columns = np.nonzero(free)[0]
        place = np.zeros(self.width, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        mine = free[index]
        lengths = _sums(mine.astype(float), row_start).astype(np.int64)
        return Part(
            program=self,
            base=base,
            columns=columns,
            row_start=np.concatenate(([0], np.cumsum(lengths))),
            row_index=place[index[mine]],
            row_value=value[mine],
            low=(self.low if low is None else low)[touched] - settled,
            high=self.high[touched] - settled,
            scale=self.scale[touched],
        )


def _grouped(keys: Indices, values: Indices, width: int) -> tuple[Indices, Indices]:
    """Values by their keys from 0 to ``width``: where each key's start, and the values."""
    counts = np.bincount(keys, minlength=width)
    return np.concatenate(([0], np.cumsum(counts))), values[np.argsort(keys, kind="stable")]


def _slices(start: Indices, places: Indices) -> tuple[Indices, Indices]:
    """The entries of some slices of compressed rows, and where each slice starts among them."""
    lengths = start[places + 1] - start[places]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    first = ends - lengths
    return np.arange(total) + np.repeat(start[places] - first, lengths), first


def _sums(values: Vector, start: Indices) -> Vector:
    """The sum of each slice; a slice may be empty."""
    slices = np.repeat(np.arange(len(start)), np.diff(np.append(start, len(values))))
    return np.bincount(slices, weights=values, minlength=len(start)).astype(float)


@dataclass(frozen=True)
class Part:
    """The free columns of a program with the rows that touch them; rows name columns by place."""

    program: Program
    base: Vector
    columns: Indices
    row_start: Indices
    row_index: Indices
    row_value: Vector
    low: Vector
    high: Vector
    scale: Vector

    @property
    def lower(self) -> Vector:
        """Lower bounds of the free columns."""
        return self.program.lower[self.columns]

    @property
    def upper(self) -> Vector:
        """Upper bounds of the free columns."""
        return self.program.upper[self.columns]

    @property
    def units(self) -> Vector:
        """What makes the free columns whole: 1, and for a slack column its row's scale."""
        units = np.ones(self.program.width)
        slacks = self.program.slacks
        units[slacks.columns] = self.program.scale[slacks.rows]
        return units[self.columns]

    def cost(self, level: Level) -> Vector:
        """The prices of the free columns."""
        return self.program.cost[level][self.columns]

    def settled_cost(self, level: Level) -> float:
        """What the columns that are not free cost, constant included."""
        rest = self.program.cost[level].copy()
        rest[self.columns] = 0
        return float(rest @ self.base) + self.program.constant[level]

    def solution(self, values: Vector) -> Vector:
        """A solution of the whole program from values of the free columns."""
        x = self.base.copy()
        x[self.columns] = values
        return x
