"""What one officer may do, as a network: a path through its days is the officer's whole roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from patrol_scheduler.solver.program import Vector

MOST_RESOURCES = 10
UNBOUNDED = 2**40

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """One officer's days as layers of states and arcs between them.

    States are numbered through all layers; the arcs from state ``s`` are those between
    ``arc_start[s]`` and ``arc_start[s + 1]``. Arc ``a`` leads to state ``arc_to[a]`` of the next
    layer and says yes to the columns of its cell. ``use[a, r]`` is what it adds to resource ``r``,
    whose sum ends within ``lower`` and ``upper``; ``least`` and ``most`` are what a path from a
    state on can still add. ``level`` names the resource whose sums are told apart exactly (-1:
    none).
    """

    officer: int
    days: int
    layer: Integers
    arc_start: Integers
    arc_to: Integers
    arc_cell: Integers
    use: Integers
    lower: Integers
    upper: Integers
    least: Integers
    most: Integers
    level: int
    unit: int
    cell_start: Integers
    cell_columns: Integers

    def prices(self, price: Vector) -> Vector:
        """The price of each arc, from the prices of the program's columns."""
        sums = np.concatenate(([0.0], np.cumsum(price[self.cell_columns])))
        return (sums[self.cell_start[1:]] - sums[self.cell_start[:-1]])[self.arc_cell]

    def columns_of(self, path: Integers) -> Integers:
        """The columns to which a path, one arc a day, says yes."""
        cells = self.arc_cell[path]
        parts = [
            self.cell_columns[self.cell_start[cell] : self.cell_start[cell + 1]] for cell in cells
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def assembled(
    officer: int,
    days: int,
    sizes: list[int],
    arcs: list[list[tuple[int, int, int]]],
    cells: dict[tuple[int, ...], int],
    sums: Mapping[frozenset[tuple[int, int]], tuple[int, int]],
) -> Network | None:
    """The network without dead ends, its resources and what they can still add."""
    alive = [np.zeros(size, dtype=bool) for size in sizes]
    alive[-1][:] = True
    tables = [np.array(made, dtype=np.int64).reshape(-1, 3) for made in arcs]
    for day in range(days - 1, -1, -1):
        table = tables[day] = tables[day][alive[day + 1][tables[day][:, 1]]]
        alive[day][table[:, 0]] = True
    numbers, total = [], 0
    for mask in alive:
        numbers.append(np.where(mask, total + np.cumsum(mask) - 1, -1))
        total += int(mask.sum())
    layer = np.concatenate(([0], np.cumsum([int(mask.sum()) for mask in alive]))).astype(np.int64)
    froms = np.concatenate([numbers[d][t[:, 0]] for d, t in enumerate(tables)])
    tos = np.concatenate([numbers[d + 1][t[:, 1]] for d, t in enumerate(tables)])
    which = np.concatenate([t[:, 2] for t in tables])
    order = np.argsort(froms, kind="stable")
    froms, tos, which = froms[order], tos[order], which[order]
    arc_start = np.searchsorted(froms, np.arange(total + 1)).astype(np.int64)
    cell_list = list(cells)
    cell_start = np.concatenate(([0], np.cumsum([len(cell) for cell in cell_list])))
    flat = [column for cell in cell_list for column in cell]
    uses, bounds = [], []
    for terms, (low, high) in sums.items():
        weight = dict(terms)
        worth = np.array([sum(weight.get(c, 0) for c in cell) for cell in cell_list])
        uses.append(worth[which])
        bounds.append((low, high))
    use = np.array(uses, dtype=np.int64).reshape(len(uses), len(which)).T
    least, most = _to_go(arc_start, tos, use, total)
    root = slice(0, 1)
    if total == 0 or layer[1] == 0:
        return None
    binding = [
        r
        for r, (low, high) in enumerate(bounds)
        if least[root, r][0] < low or most[root, r][0] > high
    ]
    if len(binding) > MOST_RESOURCES:
        return None
    use, least, most = (np.ascontiguousarray(array[:, binding]) for array in (use, least, most))
    lower = np.array([bounds[r][0] for r in binding], dtype=np.int64)
    upper = np.array([bounds[r][1] for r in binding], dtype=np.int64)
    level, unit = _exact(use, lower, upper)
    return Network(
        officer=officer,
        days=days,
        layer=layer,
        arc_start=arc_start,
        arc_to=tos,
        arc_cell=which,
        use=use,
        lower=lower,
        upper=upper,
        least=least,
        most=most,
        level=level,
        unit=unit,
        cell_start=cell_start.astype(np.int64),
        cell_columns=np.array(flat, dtype=np.int64),
    )


def _to_go(
    arc_start: Integers, tos: Integers, use: Integers, states: int
) -> tuple[Integers, Integers]:
    """The least and the most that a path from each state on adds to each resource."""
    least = np.zeros((states, use.shape[1]), dtype=np.int64)
    most = np.zeros_like(least)
    for state in range(states - 1, -1, -1):
        first, last = arc_start[state], arc_start[state + 1]
        if first < last:
            least[state] = (use[first:last] + least[tos[first:last]]).min(axis=0)
            most[state] = (use[first:last] + most[tos[first:last]]).max(axis=0)
    return least, most


def _exact(use: Integers, lower: Integers, upper: Integers) -> tuple[int, int]:
    """The resource whose sums are told apart exactly, one bounded on both sides, and its unit."""
    for r in range(use.shape[1]):
        if lower[r] > -UNBOUNDED and upper[r] < UNBOUNDED and use[:, r].min(initial=0) >= 0:
            unit = int(np.gcd.reduce(use[:, r])) or 1
            if upper[r] // unit <= 2000:
                return r, unit
    return -1, 1
