"""The rows that link the officers' rosters, and what a whole roster of one officer adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.program import Indices, Program, Vector
from patrol_scheduler.solver.rosters.compiling import Compiled

PENALTY = 1e6
"""What a unit costs that breaks a bound which nothing else prices."""


@dataclass(frozen=True, slots=True)
class OneRoster:
    """A whole roster of one officer: the columns it says yes to, its cost and its linking rows."""

    officer: int
    columns: Indices
    cost: float
    rows: Indices
    weights: Vector
    held: frozenset[int]

    def priced(self, duals: Vector) -> float:
        """Its cost when the linking rows are paid at ``duals``."""
        return self.cost - float(duals[self.rows] @ self.weights)


class Links:
    """The linking rows of a compiled program at given prices of its levels."""

    def __init__(
        self,
        program: Program,
        compiled: Compiled,
        prices: Mapping[Level, float],
        keep: Mapping[Level, float],
    ) -> None:
        self.program, self.compiled = program, compiled
        self.cost = np.zeros(program.width)
        self.constant = 0.0
        for level, weight in prices.items():
            self.cost += weight * program.cost[level]
            self.constant += weight * program.constant[level]
        found = list(_rows_of(program, compiled.linking))
        low, high = program.low[compiled.linking], program.high[compiled.linking]
        for level, most in keep.items():
            priced = np.nonzero(program.cost[level])[0]
            found.append((priced, program.cost[level][priced]))
            low = np.append(low, -np.inf)
            high = np.append(high, most - program.constant[level] + 1e-9)
        self.low, self.high = low, high
        self.officer_of = np.full(program.width, -1, dtype=np.int64)
        for network in compiled.networks:
            self.officer_of[network.cell_columns] = network.officer
        self.height = len(low)
        self._row = np.repeat(np.arange(self.height), [len(index) for index, _ in found])
        self._column = (
            np.concatenate([index for index, _ in found]) if found else np.zeros(0, dtype=np.int64)
        )
        self._weight = np.concatenate([value for _, value in found]) if found else np.zeros(0)
        order = np.argsort(self._column, kind="stable")
        self._by_column = self._row[order], self._weight[order]
        self._start = np.searchsorted(self._column[order], np.arange(program.width + 1))

    @cached_property
    def margins(self) -> tuple[Vector, Vector]:
        """What one unit below, and above, the bounds of each row costs."""
        below = np.where(np.isfinite(self.low), PENALTY, 0.0)
        above = np.where(np.isfinite(self.high), PENALTY, 0.0)
        for column in self.compiled.static:
            rows, weights = self.of_columns(np.array([column]))
            if len(rows) == 1 and weights[0]:
                side = below if weights[0] > 0 else above
                side[rows[0]] = min(side[rows[0]], self.cost[column] / abs(weights[0]))
        return below, above

    def price(self, duals: Vector) -> Vector:
        """What each column costs when the linking rows are paid at ``duals``."""
        paid = np.bincount(
            self._column, weights=self._weight * duals[self._row], minlength=self.program.width
        )
        return np.asarray(self.cost - paid)

    def of_columns(self, columns: Indices) -> tuple[Indices, Vector]:
        """The linking rows of some columns together, with the sums of the weights."""
        parts = [slice(self._start[c], self._start[c + 1]) for c in columns]
        rows, weights = self._by_column
        index = np.concatenate([rows[part] for part in parts]) if parts else rows[:0]
        value = np.concatenate([weights[part] for part in parts]) if parts else weights[:0]
        unique, place = np.unique(index, return_inverse=True)
        sums = np.bincount(place, weights=value, minlength=len(unique))
        return unique.astype(np.int64), sums.astype(float)

    def roster(self, officer: int, columns: Indices) -> OneRoster:
        """An officer's roster from its columns."""
        rows, weights = self.of_columns(columns)
        return OneRoster(
            officer,
            columns,
            float(self.cost[columns].sum()),
            rows,
            weights,
            frozenset(columns.tolist()),
        )

    def activity(self, rosters: Iterable[OneRoster]) -> Vector:
        """What some rosters add to each linking row."""
        total = np.zeros(self.height)
        for roster in rosters:
            total[roster.rows] += roster.weights
        return total

    def paid(self, duals: Vector) -> float:
        """What the bounds of the rows are worth at ``duals``; -inf where a dual has no bound."""
        side = np.where(duals > 0, self.low, self.high)
        used = duals != 0
        return float(duals[used] @ side[used])


def _rows_of(program: Program, rows: Indices) -> Iterator[tuple[Indices, Vector]]:
    """The columns and weights of some rows."""
    for row in rows:
        span = slice(program.row_start[row], program.row_start[row + 1])
        yield program.row_index[span], program.row_value[span]
