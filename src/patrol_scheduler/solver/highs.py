"""The door to HiGHS: linear bounds, mixed-integer search, a second opinion on the impossible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.budget import Budget, run_beside
from patrol_scheduler.solver.program import Indices, Part, Program, Vector

Prices = Mapping[Level, float]
"""What is minimised: each level's cost times a weight."""


class QuietHighs(highspy.Highs):
    """HiGHS that never prints: its banner comes with the first call, so output goes off before."""

    def enableCallbacks(self) -> None:  # noqa: N802  # the name is HiGHS's
        """Enable callbacks as HiGHS does, silently."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS found: a solution of the whole program, and a bound of the part's objective."""

    status: Literal["optimal", "feasible", "infeasible", "stopped"]
    x: Vector | None = None
    bound: float | None = None
    effort: float = 1.0
    """What it took, about in seconds, told from size and simplex steps: alike on every machine."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A row that every solution keeps: the weighted sum of columns is at least ``least``."""

    columns: Indices
    weights: Vector
    least: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a program put together by hand: the weighted sum of columns between two ends."""

    columns: Indices
    weights: Vector
    low: float
    high: float


def linear(
    cost: Vector, ends: tuple[Vector, Vector], rows: Sequence[Row], budget: Budget
) -> tuple[float, Vector] | None:
    """The least cost of columns between their lower and upper ``ends`` that keep the rows.

    Columns may be fractions; a millionth is taken off. With it comes what a unit more on the right
    of each row would cost. ``None`` where that was not found out.
    """
    solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
    solver.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows)
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = ends
    lp.row_lower_ = np.array([row.low for row in rows])
    lp.row_upper_ = np.array([row.high for row in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)])
    lp.a_matrix_.index_ = np.concatenate([np.zeros(0, int), *(row.columns for row in rows)])
    lp.a_matrix_.value_ = np.concatenate([np.zeros(0), *(row.weights for row in rows)])
    solver.passModel(lp)
    run(solver, budget, budget.left())
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    value = float(solver.getInfo().objective_function_value)
    worth = np.array(solver.getSolution().row_dual)
    return _proven(value), worth


def linear_bound(
    program: Program,
    level: Level,
    budget: Budget,
    *,
    keep: Prices,
    cuts: Sequence[Cut] = (),
) -> Answer:
    """A lower bound of a level's cost from the linear relaxation.

    Interior point without crossover: the vertex is not needed, and on rosters the simplex method
    takes many times longer. The objective at the end is within the solver's tolerance of the
    bound, so a millionth is taken off.
    """
    part = program.whole()
    solver = passed(part, {level: 1.0}, keep, whole=False)
    place = np.full(program.width, -1, dtype=np.int64)
    place[part.columns] = np.arange(len(part.columns))
    for cut in cuts:
        free = place[cut.columns] >= 0
        settled = float(cut.weights[~free] @ part.base[cut.columns[~free]])
        solver.addRow(
            cut.least - settled,
            highspy.kHighsInf,
            int(free.sum()),
            place[cut.columns[free]],
            cut.weights[free],
        )
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    run(solver, budget, budget.left())
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer("infeasible")
    if status != highspy.HighsModelStatus.kOptimal:
        return Answer("stopped")
    value = float(solver.getInfo().objective_function_value) + part.settled_cost(level)
    return Answer("optimal", None, _proven(value))


def _proven(value: float) -> float:
    """What of the value of a linear program is a bound whatever the solver rounds."""
    return value - 1e-6 * max(1.0, abs(value))


def search(
    part: Part,
    prices: Prices,
    budget: Budget,
    *,
    seconds: float,
    nodes: int = 2**31 - 1,
    gap: float = 0.0,
    keep: Prices = {},  # noqa: B006  # never changed
    start: Vector | None = None,
    lean: Vector | None = None,
    quick: bool = False,
) -> Answer:
    """Look for the cheapest solution of a part.

    At most ``seconds`` and ``nodes`` of the search tree, down to a relative ``gap``. ``keep`` are
    levels whose cost may not exceed the value given. ``start`` is a solution of the whole program
    to improve on. ``lean`` prices columns beside the levels; bounds then mean nothing. ``quick``
    leaves out the searches inside the search, which cost more than they bring where many parts
    follow one another.
    """
    solver = passed(part, prices, keep, whole=True, lean=lean)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-7)
    if quick:
        solver.setOptionValue("mip_heuristic_run_rins", False)
        solver.setOptionValue("mip_heuristic_run_rens", False)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(start[part.columns])
        solver.setSolution(given)
    run(solver, budget, seconds)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer("infeasible")
    info = solver.getInfo()
    entries, steps = len(part.row_index), info.simplex_iteration_count
    effort = 0.01 + 4e-6 * entries + steps * (1e-4 + 7e-9 * entries)
    settled = sum(weight * part.settled_cost(level) for level, weight in prices.items())
    bound = float(info.mip_dual_bound) + settled if np.isfinite(info.mip_dual_bound) else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer("stopped", None, bound, effort)
    # Rounding makes the decided columns whole; the slack columns are then found anew.
    x = part.solution(np.rint(np.array(solver.getSolution().col_value)))
    proven = status == highspy.HighsModelStatus.kOptimal
    x = part.program.settled(x, part.columns)
    return Answer("optimal" if proven else "feasible", x, bound, effort)


def is_infeasible(program: Program, budget: Budget, seconds: float) -> bool:
    """Whether HiGHS, too, proves that no solution keeps every bound.

    It is given every column and row as they are, also those with nothing left to choose.
    """
    solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
    solver.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.width, program.height
    lp.col_cost_ = np.zeros(program.width)
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.low, program.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.row_start
    lp.a_matrix_.index_, lp.a_matrix_.value_ = program.row_index, program.row_value
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    solver.passModel(lp)
    run(solver, budget, seconds)
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible)


def passed(
    part: Part, prices: Prices, keep: Prices, *, whole: bool, lean: Vector | None = None
) -> QuietHighs:
    """A solver that holds the part."""
    solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
    solver.setOptionValue("threads", 1)
    start, index, value = part.row_start, part.row_index, part.row_value
    low, high = part.low, part.high
    for level, most in keep.items():
        cost = part.cost(level)
        priced = np.nonzero(cost)[0]
        start = np.append(start, start[-1] + len(priced))
        index = np.append(index, priced)
        value = np.append(value, cost[priced])
        low = np.append(low, -np.inf)
        high = np.append(high, most - part.settled_cost(level) + 1e-9)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(part.columns), len(low)
    objective = np.zeros(len(part.columns)) if lean is None else lean[part.columns].copy()
    for level, weight in prices.items():
        objective += weight * part.cost(level)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = objective, part.lower, part.upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
    if whole:
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
            for integer in part.program.integer[part.columns]
        ]
    solver.passModel(lp)
    return solver


def run(solver: QuietHighs, budget: Budget, seconds: float) -> None:
    """Run until done, out of time or told to stop."""
    solver.setOptionValue("time_limit", max(0.01, min(seconds, budget.left())))
    solver.HandleUserInterrupt = True
    run_beside(solver.run, budget, solver.cancelSolve)
