"""Limits put together into one sparse program, with its doors to HiGHS and CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import lcm
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.rules import Columns, Level, Limit
from patrol_scheduler.rules.base import Number

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
INFINITE = float("inf")


@dataclass
class Rows:
    """Rows of a sparse matrix with their bounds, grown one by one.

    ``value`` and the bounds are whole numbers: a row with fractions is multiplied by its least
    common denominator, ``scale``.
    """

    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    scale: list[int] = field(default_factory=list)

    def add(
        self, terms: Sequence[tuple[int, Number]], low: float, high: float, scale: int = 1
    ) -> None:
        """One row: ``low <= sum of weight times column <= high``, all times ``scale``.

        Weights are whole numbers.
        """
        self.index += [column for column, _ in terms]
        self.value += [int(weight) for _, weight in terms]
        self.start.append(len(self.index))
        self.low.append(low)
        self.high.append(high)
        self.scale.append(scale)


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
    times ``scale`` they are whole numbers. ``decided`` marks the yes/no columns that make a roster;
    every other column follows from them, first by ``follows``, in its order, then by ``slacks``.
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
        return bool(np.any(most < self.low - 1e-6) or np.any(least > self.high + 1e-6))

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
        rows, slip = self._activity(x), 1e-6
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
        parts = [follow.parts for follow in self.follows]
        mine = [np.repeat(follow.columns, np.diff(follow.start)) for follow in self.follows]
        if not parts:
            return np.zeros(self.width + 1, dtype=np.int64), np.zeros(0, dtype=np.int64)
        part, column = np.concatenate(parts), np.concatenate(mine)
        order = np.argsort(part, kind="stable")
        counts = np.bincount(part, minlength=self.width)
        return np.concatenate(([0], np.cumsum(counts))), column[order]

    def whole(self) -> Part:
        """The whole program as a part."""
        return self.part(np.ones(self.width, dtype=bool), np.zeros(self.width))

    def part(self, free: Mask, base: Vector) -> Part:
        """The program in which only ``free`` columns, and what follows from them, may change.

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
            low=self.low[touched] - settled,
            high=self.high[touched] - settled,
            scale=self.scale[touched],
        )


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


class Builder:
    """Turns limits into a :class:`Program`.

    With ``soften`` a limit on level ``SHORTAGE`` may be missed at its price; without, it holds.
    """

    def __init__(self, columns: Columns, *, soften: bool) -> None:
        self._columns = columns
        self._soften = soften
        self._rows = Rows()
        self._lower: dict[int, float] = {Columns.YES: 1}
        self._upper: dict[int, float] = {Columns.NO: 0}
        self._cost: dict[Level, dict[int, float]] = {level: {} for level in Level}
        self._constant: dict[Level, float] = dict.fromkeys(Level, 0.0)
        self._slacks: list[tuple[int, Level, float, bool]] = []  # (row, level, price, above?)
        self._one_of: set[int] = set()
        self._counts: dict[int, tuple[int, ...]] = {}

    def add(self, limits: Iterable[Limit]) -> None:
        """Add what the limits ask."""
        for limit in limits:
            self._add(limit)

    def count(self, name: tuple[object, ...], upper: int, parts: tuple[int, ...]) -> int:
        """A whole-number column from 0 to ``upper`` that moves when any of ``parts`` does."""
        column = self._columns.count(name)
        self._upper[column] = upper
        self._counts[column] = parts
        return column

    def _add(self, limit: Limit) -> None:
        hard = limit.level is Level.MUST or (limit.level is Level.SHORTAGE and not self._soften)
        terms = _merged(limit.terms)
        if len(terms) == 1 and not self._is_sum(terms[0][0]):
            self._add_single(terms[0], limit, hard)
            return
        if hard and self._ties_any(limit):
            return
        scale = lcm(*(weight.denominator for _, weight in terms if type(weight) is not int))
        low = -INFINITE if limit.at_least is None else float(limit.at_least * scale)
        high = INFINITE if limit.at_most is None else float(limit.at_most * scale)
        row = len(self._rows.low)
        if scale > 1:
            terms = [(column, int(weight * scale)) for column, weight in terms]
        self._rows.add(terms, low, high, scale)
        if not hard:
            if limit.at_least is not None:
                self._slacks.append((row, limit.level, float(limit.below), False))
            if limit.at_most is not None:
                self._slacks.append((row, limit.level, float(limit.above), True))

    def _is_sum(self, column: int) -> bool:
        return column in self._columns.sum_parts

    def _ties_any(self, limit: Limit) -> bool:
        """Whether the limit says that at most one part of an ``any_of`` column is yes.

        The column is then the sum of its parts, which is a tighter row than the general ones.
        """
        if limit.at_most != 0 or limit.at_least is not None or len(limit.terms) < 3:
            return False
        column, weight = limit.terms[-1]
        parts = self._columns.any_parts.get(column)
        if (
            weight != -1
            or parts is None
            or {c for c, w in limit.terms[:-1] if w == 1} != set(parts)
        ):
            return False
        self._one_of.add(column)
        return True

    def _add_single(self, term: tuple[int, Number], limit: Limit, hard: bool) -> None:
        """A limit on one yes/no column is a bound on it, or a price for yes and for no."""
        column, weight = term
        if hard:
            for value in (0, 1):
                if not _within(weight * value, limit):
                    if value == 1:
                        self._upper[column] = min(self._upper.get(column, 1), 0)
                    else:
                        self._lower[column] = max(self._lower.get(column, 0), 1)
            return
        no, yes = (float(_price(weight * value, limit)) for value in (0, 1))
        self._constant[limit.level] += no
        cost = self._cost[limit.level]
        cost[column] = cost.get(column, 0.0) + yes - no

    def _largest_miss(self, row: int, upper: Vector, *, up: bool) -> float:
        """How far the row can lie above (``up``) or below its bounds."""
        first, last = self._rows.start[row], self._rows.start[row + 1]
        terms = zip(self._rows.index[first:last], self._rows.value[first:last], strict=True)
        if up:
            most = sum(w * upper[c] for c, w in terms if w > 0)
            return float(max(0, most - self._rows.high[row])) / self._rows.scale[row]
        least = sum(w * upper[c] for c, w in terms if w < 0)
        return float(max(0, self._rows.low[row] - least)) / self._rows.scale[row]

    def build(self) -> Program:
        """The program of everything added so far."""
        columns, rows = self._columns, self._rows
        most: dict[int, float] = dict(self._upper)
        for column in range(len(columns)):
            if column in columns.any_parts:
                self._follow_any(column, columns.any_parts[column])
            elif column in columns.sum_parts:
                terms = [(c, int(w)) for c, w in columns.sum_parts[column]]
                rows.add([*terms, (column, -1)], 0, 0)
                most[column] = sum(w * most.get(c, 1.0) for c, w in terms if w > 0)
        named = len(columns)
        width = named + len(self._slacks)
        lower, upper = np.zeros(width), np.ones(width)
        lower[list(self._lower)] = list(self._lower.values())
        upper[list(most)] = list(most.values())
        cost = {level: np.zeros(width) for level in Level}
        for level, prices in self._cost.items():
            cost[level][list(prices)] = list(prices.values())
        slacks: dict[int, list[tuple[int, int]]] = {}
        for i, (row, level, price, above) in enumerate(self._slacks):
            slack = named + i
            upper[slack] = self._largest_miss(row, upper, up=above)
            cost[level][slack] = price
            slacks.setdefault(row, []).append((slack, -1 if above else 1))
        kept = [row for row in range(len(rows.low)) if row in slacks or self._binds(row, upper)]
        start, index, value = _put_together(rows, kept, slacks)
        scale = np.array([rows.scale[row] for row in kept], dtype=float)
        decided = np.zeros(width, dtype=bool)
        decided[2:named] = True
        derived = [*columns.any_parts, *columns.sum_parts, *self._counts]
        decided[derived] = False
        return Program(
            columns=columns,
            lower=lower,
            upper=upper,
            cost=cost,
            constant=self._constant,
            row_start=start,
            row_index=index,
            row_value=value,
            low=np.array([rows.low[row] for row in kept], dtype=float) / scale,
            high=np.array([rows.high[row] for row in kept], dtype=float) / scale,
            scale=scale,
            decided=decided,
            counts=tuple(self._counts),
            follows=self._follows(),
            slacks=self._placed_slacks(named, kept),
        )

    def _placed_slacks(self, named: int, kept: list[int]) -> Slacks:
        place = {row: i for i, row in enumerate(kept)}
        return Slacks(
            columns=np.arange(named, named + len(self._slacks)),
            rows=np.array([place[row] for row, *_ in self._slacks], dtype=np.int64),
            above=np.array([above for *_, above in self._slacks], dtype=bool),
        )

    def _follow_any(self, column: int, parts: tuple[int, ...]) -> None:
        if column in self._one_of:
            self._rows.add([*((part, 1) for part in parts), (column, -1)], 0, 0)
            return
        self._rows.add([*((part, 1) for part in parts), (column, -1)], 0, INFINITE)
        for part in parts:
            self._rows.add([(part, 1), (column, -1)], -INFINITE, 0)

    @cached_property
    def _group(self) -> dict[int, int]:
        """The ``any_of`` column of each part of which at most one is yes."""
        return {part: c for c in self._one_of for part in self._columns.any_parts[c]}

    def _binds(self, row: int, upper: Vector) -> bool:
        """Whether any choice could break the row; an "at most" that none breaks is dropped."""
        rows = self._rows
        if rows.low[row] != -INFINITE:
            return True
        most, in_group = 0.0, dict[int, float]()
        for i in range(rows.start[row], rows.start[row + 1]):
            column, weight = rows.index[i], rows.value[i]
            if weight > 0:
                group = self._group.get(column)
                if group is None:
                    most += weight * upper[column]
                else:
                    worth = weight * upper[column]
                    in_group[group] = max(in_group.get(group, 0.0), worth)
        return most + sum(in_group.values()) > rows.high[row]

    def _follows(self) -> tuple[Follow, ...]:
        columns = self._columns
        terms_of: dict[int, tuple[tuple[int, Number], ...]] = {
            c: tuple((part, 1) for part in parts)
            for c, parts in (columns.any_parts | self._counts).items()
        }
        terms_of |= columns.sum_parts
        depth: dict[int, int] = {}
        for column in sorted(terms_of):
            depth[column] = 1 + max((depth.get(part, 0) for part, _ in terms_of[column]), default=0)
        groups: dict[tuple[int, Literal["any", "sum", "count"]], list[int]] = {}
        for column, level in depth.items():
            if terms_of[column]:
                groups.setdefault((level, self._kind(column)), []).append(column)
        return tuple(
            _follow(kind, members, terms_of) for (_, kind), members in sorted(groups.items())
        )

    def _kind(self, column: int) -> Literal["any", "sum", "count"]:
        if column in self._columns.any_parts:
            return "any"
        return "sum" if column in self._columns.sum_parts else "count"


def _follow(
    kind: Literal["any", "sum", "count"],
    members: list[int],
    terms_of: dict[int, tuple[tuple[int, Number], ...]],
) -> Follow:
    terms = [term for column in members for term in terms_of[column]]
    lengths = [len(terms_of[column]) for column in members]
    return Follow(
        kind=kind,
        columns=np.array(members, dtype=np.int64),
        parts=np.array([part for part, _ in terms], dtype=np.int64),
        weights=np.array([float(weight) for _, weight in terms]),
        start=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
    )


def _merged(terms: Iterable[tuple[int, Number]]) -> list[tuple[int, Number]]:
    """Terms without zeros and with each column once."""
    weights: dict[int, Number] = {}
    for column, weight in terms:
        weights[column] = weights.get(column, 0) + weight
    return [term for term in weights.items() if term[1]]


def _within(value: Number, limit: Limit) -> bool:
    return (limit.at_least is None or value >= limit.at_least) and (
        limit.at_most is None or value <= limit.at_most
    )


def _price(value: Number, limit: Limit) -> Number:
    cost: Number = 0
    if limit.at_least is not None and value < limit.at_least:
        cost += limit.below * (limit.at_least - value)
    if limit.at_most is not None and value > limit.at_most:
        cost += limit.above * (value - limit.at_most)
    return cost


def _put_together(
    rows: Rows, kept: list[int], slacks: dict[int, list[tuple[int, int]]]
) -> tuple[Indices, Indices, Vector]:
    """The kept rows as arrays, with the slack columns put at the end of theirs."""
    start, index, value = [0], list[int](), list[float]()
    for row in kept:
        first, last, scale = rows.start[row], rows.start[row + 1], rows.scale[row]
        index += rows.index[first:last]
        value += [weight / scale for weight in rows.value[first:last]]
        for column, weight in slacks.get(row, ()):
            index.append(column)
            value.append(weight)
        start.append(len(index))
    return (
        np.array(start, dtype=np.int64),
        np.array(index, dtype=np.int64),
        np.array(value, dtype=float),
    )
