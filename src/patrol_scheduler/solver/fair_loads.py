"""Whole-number arguments about fair loads.

A fair share is a fraction of what a group does together, but duties are whole: even the fairest
roster misses some shares. How much at the least depends only on what the group does together, so it
is worked out for every number of duties that the group can have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.cells import Cells
from patrol_scheduler.solver.program import Indices, Program, Vector


@dataclass(frozen=True)
class Group:
    """Loads that are held against shares of their own sum, ``total``.

    Load ``i`` misses by its distance from ``share[i] * total + offset[i]``, which costs ``below``
    or ``above`` a unit on the group's slack columns. ``officers`` and ``days`` say whose duties on
    which days the loads count, and ``whole`` whether they count all of these duties; ``slacks`` are
    the columns that carry the cost.
    """

    total: int
    share: Vector
    offset: Vector
    below: Vector
    above: Vector
    officers: frozenset[int]
    days: frozenset[int]
    whole: bool
    slacks: Indices

    def least(self, first: int, last: int) -> Vector:
        """The least cost of the group for each total from ``first`` to ``last``."""
        totals = np.arange(first, last + 1, dtype=float)
        costs = np.empty(len(totals))
        for place in range(0, len(totals), 512):
            some = totals[place : place + 512, None]
            target = some * self.share + self.offset
            down = np.floor(target + 1e-9)
            rest = np.maximum(0.0, target - down)
            low, high = self.below * rest, self.above * (1 - rest)
            # Where the rounded loads have to add up, the cheapest ones are rounded up.
            up = np.rint(some[:, 0] - down.sum(axis=1)).astype(int)
            step = np.sort(high - low, axis=1)
            sums = np.concatenate((np.zeros((len(some), 1)), step.cumsum(axis=1)), axis=1)
            inside = (up >= 0) & (up <= self.share.size)
            chosen = np.clip(up, 0, self.share.size)
            exact = low.sum(axis=1) + sums[np.arange(len(some)), chosen]
            free = np.minimum(low, high).sum(axis=1)
            costs[place : place + 512] = np.where(inside, exact, free)
        return costs


def groups_of(program: Program, cells: Cells, priced: Level) -> Iterator[Group]:
    """The groups of a program whose misses are priced on a level, read from its rows."""
    sums = program.columns.sum_parts
    slack_rows = program.slacks.rows
    slack_of: dict[int, list[int]] = {}
    for place, row in enumerate(slack_rows.tolist()):
        if program.cost[priced][program.slacks.columns[place]] > 0:
            slack_of.setdefault(row, []).append(place)
    named = len(program.columns)
    loads: dict[int, list[tuple[int, float, float, dict[bool, float], list[int]]]] = {}
    for row, places in slack_of.items():
        entries = slice(program.row_start[row], program.row_start[row + 1])
        weights = {
            c: w
            for c, w in zip(
                program.row_index[entries].tolist(),
                program.row_value[entries].tolist(),
                strict=True,
            )
            if c < named
        }
        pair = _load_and_total(weights, sums)
        if pair is None or program.low[row] != program.high[row]:
            continue
        load, total = pair
        prices = {
            bool(program.slacks.above[place]): float(
                program.cost[priced][program.slacks.columns[place]]
            )
            * weights[load]
            for place in places
        }
        share = -weights.get(total, 0.0) / weights[load]
        offset = float(program.low[row]) / weights[load]
        columns = [int(program.slacks.columns[place]) for place in places]
        loads.setdefault(total, []).append((load, share, offset, prices, columns))
    for total, mine in loads.items():
        if sorted(load for load, *_ in mine) == sorted(part for part, _ in sums[total]):
            yield _group(program, cells, total, mine)


def _load_and_total(
    weights: dict[int, float], sums: Mapping[int, Sequence[tuple[int, object]]]
) -> tuple[int, int] | None:
    """Of a row's two columns the load and the total that it is a part of, once."""
    if len(weights) != 2:
        return None
    for load, total in (tuple(weights), tuple(weights)[::-1]):
        parts = sums.get(total, ())
        # Only loads that are numbers of duties are whole.
        counted = [*parts, *(one for part, _ in parts for one in sums.get(part, ()))]
        if load in sums and (load, 1) in parts and all(weight == 1 for _, weight in counted):
            return (load, total) if weights[load] > 0 else None
    return None


def _group(
    program: Program,
    cells: Cells,
    total: int,
    mine: list[tuple[int, float, float, dict[bool, float], list[int]]],
) -> Group:
    sums = program.columns.sum_parts
    parts = [part for load, *_ in mine for part, _ in sums[load]]
    owners, days = (
        frozenset(cells.owner[parts].tolist()),
        frozenset(cells.owner_day[parts].tolist()),
    )
    theirs = np.isin(cells.owner, list(owners)) & np.isin(cells.owner_day, list(days))
    return Group(
        total,
        np.array([share for _, share, _, _, _ in mine]),
        np.array([offset for _, _, offset, _, _ in mine]),
        np.array([prices.get(False, 0.0) for _, _, _, prices, _ in mine]),
        np.array([prices.get(True, 0.0) for _, _, _, prices, _ in mine]),
        owners,
        days,
        set(np.nonzero(theirs & cells.duty)[0].tolist()) <= set(parts),
        np.array([column for *_, columns in mine for column in columns], dtype=np.int64),
    )


def hull(first: int, costs: Vector) -> list[tuple[float, float]]:
    """The lines (slope, value at 0) whose highest is the largest convex function below the costs.

    ``costs`` belong to the numbers from ``first`` on.
    """
    corners: list[int] = []
    for i in range(len(costs)):
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if (costs[b] - costs[a]) * (i - a) >= (costs[i] - costs[a]) * (b - a):
                corners.pop()
            else:
                break
        corners.append(i)
    if len(corners) == 1:
        return [(0.0, float(costs[0]))]
    lines = []
    for a, b in pairwise(corners):
        slope = float(costs[b] - costs[a]) / (b - a)
        lines.append((slope, float(costs[a]) - slope * (first + a)))
    return lines


def value_below(program: Program, priced: Level) -> float:
    """What a level costs where every priced column is at its cheapest."""
    cost = program.cost[priced]
    used = cost < 0
    return float(cost[used] @ program.upper[used]) + program.constant[priced]
