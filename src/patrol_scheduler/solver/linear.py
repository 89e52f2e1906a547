"""A small mixed-integer program put together term by term, for models that are not rosters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import INFINITE, Vector


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of a small program found; without a solution only the bound is told.

    ``impossible`` says that no solution keeps every row.
    """

    values: Vector | None
    bound: float
    impossible: bool


class Linear:
    """Columns with prices and rows over them, minimised by HiGHS."""

    def __init__(self) -> None:
        self._price: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._start: list[int] = [0]
        self._index: list[int] = []
        self._weight: list[float] = []

    def column(self, upper: float, price: float = 0.0, *, whole: bool = True) -> int:
        """A column from 0 to ``upper``."""
        self._price.append(price)
        self._upper.append(upper)
        self._whole.append(whole)
        return len(self._price) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """A row between two bounds."""
        for column, weight in terms:
            self._index.append(column)
            self._weight.append(weight)
        self._start.append(len(self._index))
        self._low.append(low)
        self._high.append(high)

    def reprice(self, prices: dict[int, float]) -> None:
        """Minimise something else: every column not named costs nothing."""
        self._price = [prices.get(column, 0.0) for column in range(len(self._price))]

    def minimised(
        self,
        budget: Budget,
        *,
        seconds: float,
        nodes: int,
        gap: float = 0.0,
        relaxed: bool = False,
        kept: Mapping[int, float] | None = None,
        start: Vector | None = None,
    ) -> Found:
        """The cheapest values of a search of at most ``nodes``, so that it repeats itself.

        With ``relaxed`` columns need not be whole; those in ``kept`` have the values given.
        ``start`` holds values to begin with.
        """
        solver = highs.QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
        solver.setOptionValue("threads", 1)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self._price), len(self._low)
        lp.col_cost_ = np.array(self._price)
        lower, upper = np.zeros(len(self._price)), np.array(self._upper)
        for column, value in (kept or {}).items():
            lower[column] = upper[column] = value
        lp.col_lower_, lp.col_upper_ = lower, upper
        lp.row_lower_, lp.row_upper_ = np.array(self._low), np.array(self._high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._start)
        lp.a_matrix_.index_ = np.array(self._index, dtype=np.int64)
        lp.a_matrix_.value_ = np.array(self._weight)
        if not relaxed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[whole] for whole in self._whole]
        solver.passModel(lp)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_max_nodes", nodes)
        if start is not None:
            begin = highspy.HighsSolution()
            begin.col_value = start.tolist()
            solver.setSolution(begin)
        highs.run(solver, budget, seconds)
        status, info = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Found(None, INFINITE, impossible=True)
        if relaxed:
            done = status == highspy.HighsModelStatus.kOptimal
            bound = float(info.objective_function_value) if done else -INFINITE
        else:
            bound = float(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Found(None, bound, impossible=False)
        return Found(np.array(solver.getSolution().col_value), bound, impossible=False)
