"""Limits put together into one sparse program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import Literal

import numpy as np

from patrol_scheduler.rules import Columns, Level, Limit
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.solver.program import INFINITE, Follow, Indices, Mask, Program, Slacks, Vector


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
    stated_by: list[int] = field(default_factory=list)

    def add(
        self,
        terms: Sequence[tuple[int, Number]],
        low: float,
        high: float,
        scale: int = 1,
        stated_by: int = -1,
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
        self.stated_by.append(stated_by)


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
        self._held: dict[int, float] = {}

    def add(self, limits: Iterable[Limit], stated_by: int = -1) -> None:
        """Add what the limits ask; ``stated_by`` is the place of their rule in a list of rules."""
        for limit in limits:
            self._add(limit, stated_by)

    def count(self, name: tuple[object, ...], upper: int, parts: tuple[int, ...]) -> int:
        """A whole-number column from 0 to ``upper`` that moves when any of ``parts`` does."""
        column = self._columns.count(name)
        self._upper[column] = upper
        self._counts[column] = parts
        return column

    def hold(self, column: int, value: float) -> None:
        """Say what a yes/no column is, whatever limits on it alone ask.

        What follows from it, and which rows can be broken, is reckoned with that.
        """
        self._held[column] = value

    def _add(self, limit: Limit, stated_by: int) -> None:
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
        self._rows.add(terms, low, high, scale, stated_by)
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
        no, yes = (float(price_of(weight * value, limit)) for value in (0, 1))
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
        most: dict[int, float] = self._upper | self._held
        for column in range(len(columns)):
            if column in columns.any_parts:
                self._follow_any(column, columns.any_parts[column])
            elif column in columns.sum_parts:
                terms = [(c, _whole(w)) for c, w in columns.sum_parts[column]]
                rows.add([*terms, (column, -1)], 0, 0)
                most[column] = sum(w * most.get(c, 1.0) for c, w in terms if w > 0)
        named = len(columns)
        highest = np.ones(named)
        highest[list(most)] = list(most.values())
        binding = self._binding(highest)
        # A priced "at most" that none breaks costs nothing and needs no row.
        self._slacks = [
            (row, level, price, above)
            for row, level, price, above in self._slacks
            if not above or binding[row]
        ]
        width = named + len(self._slacks)
        lower, upper = np.zeros(width), np.ones(width)
        least = self._lower | self._held
        lower[list(least)] = list(least.values())
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
        binding[list(slacks)] = True
        kept = np.nonzero(binding)[0]
        start, index, value = _put_together(rows, kept, slacks)
        scale = np.array(rows.scale, dtype=float)[kept]
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
            low=np.array(rows.low, dtype=float)[kept] / scale,
            high=np.array(rows.high, dtype=float)[kept] / scale,
            scale=scale,
            stated_by=np.array(rows.stated_by, dtype=np.int64)[kept],
            decided=decided,
            counts=tuple(self._counts),
            follows=self._follows(),
            slacks=self._placed_slacks(named, kept),
        )

    def _placed_slacks(self, named: int, kept: Indices) -> Slacks:
        rows = np.array([row for row, *_ in self._slacks], dtype=np.int64)
        return Slacks(
            columns=np.arange(named, named + len(self._slacks)),
            rows=np.searchsorted(kept, rows),
            above=np.array([above for *_, above in self._slacks], dtype=bool),
        )

    def _follow_any(self, column: int, parts: tuple[int, ...]) -> None:
        if column in self._one_of:
            self._rows.add([*((part, 1) for part in parts), (column, -1)], 0, 0)
            return
        self._rows.add([*((part, 1) for part in parts), (column, -1)], 0, INFINITE)
        for part in parts:
            self._rows.add([(part, 1), (column, -1)], -INFINITE, 0)

    def _group_of(self, width: int) -> Indices:
        """The ``any_of`` column of each part of which at most one is yes; -1 for other columns."""
        found = np.full(width, -1, dtype=np.int64)
        for column in self._one_of:
            found[list(self._columns.any_parts[column])] = column
        return found

    def _binding(self, upper: Vector) -> Mask:
        """Whether any choice could break each row; an "at most" that none breaks is dropped."""
        rows = self._rows
        start, index = np.array(rows.start, dtype=np.int64), np.array(rows.index, dtype=np.int64)
        worth = np.maximum(0.0, np.array(rows.value, dtype=float)) * upper[index]
        row_of = np.repeat(np.arange(len(start) - 1), np.diff(start))
        group = self._group_of(len(upper))[index]
        most = np.bincount(row_of, np.where(group < 0, worth, 0.0), minlength=len(start) - 1)
        # Of the parts of one column the dearest one is yes.
        parts = np.nonzero((group >= 0) & (worth > 0))[0]
        parts = parts[np.lexsort((worth[parts], group[parts], row_of[parts]))]
        mine, theirs = row_of[parts], group[parts]
        dearest = np.ones(len(parts), dtype=bool)
        dearest[:-1] = (np.diff(mine) != 0) | (np.diff(theirs) != 0)
        np.add.at(most, mine[dearest], worth[parts[dearest]])
        at_most_only = np.equal(rows.low, -INFINITE)
        return np.asarray(~at_most_only | (most > np.array(rows.high, dtype=float)))

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


def _whole(weight: Number) -> int:
    if weight != int(weight):
        raise ValueError(f"a sum of columns is a whole number, its weights are, too: not {weight}")
    return int(weight)


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


def price_of(value: Number, limit: Limit) -> Number:
    """What a limit that may be missed costs at a value of its sum."""
    cost: Number = 0
    if limit.at_least is not None and value < limit.at_least:
        cost += limit.below * (limit.at_least - value)
    if limit.at_most is not None and value > limit.at_most:
        cost += limit.above * (value - limit.at_most)
    return cost


def _put_together(
    rows: Rows, kept: Indices, slacks: dict[int, list[tuple[int, int]]]
) -> tuple[Indices, Indices, Vector]:
    """The kept rows as arrays, with the slack columns put at the end of theirs."""
    start = np.array(rows.start, dtype=np.int64)
    length = np.diff(start)
    own, scale = np.repeat(np.arange(len(length)), length), np.array(rows.scale, dtype=float)
    theirs = [(row, column, weight) for row, mine in slacks.items() for column, weight in mine]
    more = np.array(theirs, dtype=np.int64).reshape(-1, 3).T
    row_of = np.concatenate((own, more[0]))
    index = np.concatenate((np.array(rows.index, dtype=np.int64), more[1]))
    value = np.concatenate((np.array(rows.value, dtype=float) / scale[own], more[2]))
    place = np.full(len(length), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    mine = np.nonzero(place[row_of] >= 0)[0]
    mine = mine[np.argsort(row_of[mine], kind="stable")]
    lengths = np.bincount(place[row_of[mine]], minlength=len(kept))
    return np.concatenate(([0], np.cumsum(lengths))), index[mine], value[mine]
