"""The peers that are given the whole program: CP-SAT and HiGHS."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from ortools.sat.python import cp_model

from benchmarks.patrol_instance import Instance
from benchmarks.peer_program import Whole, roster_rows, written
from benchmarks.peers import Found
from patrol_scheduler.solver.highs import QuietHighs


class _Solutions(cp_model.CpSolverSolutionCallback):
    """Keeps every solution with the moment at which it came."""

    def __init__(self, given: Instance, program: Whole, columns: list[Any], found: Found) -> None:
        super().__init__()
        self._given, self._program, self._columns, self._found = given, program, columns, found

    def on_solution_callback(self) -> None:
        values = [0.0] * len(self._columns)
        for column in self._program.member:
            values[column] = float(self.value(self._columns[column]))
        self._found(roster_rows(self._given, self._program, values), self.best_objective_bound)


def cpsat(given: Instance, seconds: float, workers: int, seed: int, found: Found) -> float | None:
    """CP-SAT on the whole program; gives its bound."""
    began = time.monotonic()
    program = written(given)
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, upper, "") for upper in program.upper]
    for terms, low, high in program.rows:
        total = cp_model.LinearExpr.weighted_sum(
            [columns[c] for c, _ in terms], [w for _, w in terms]
        )
        most = 10**15
        model.add_linear_constraint(
            total, -most if low is None else low, most if high is None else high
        )
    priced = [c for c, price in enumerate(program.price) if price]
    model.minimize(
        cp_model.LinearExpr.weighted_sum(
            [columns[c] for c in priced], [program.price[c] for c in priced]
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - began))
    status = solver.solve(model, _Solutions(given, program, columns, found))
    known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN)
    bound = solver.best_objective_bound
    return float(bound) if known and abs(bound) < 1e15 else None


def highs(given: Instance, seconds: float, workers: int, seed: int, found: Found) -> float | None:
    """HiGHS on the same program; gives its bound."""
    began = time.monotonic()
    program = written(given)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.upper), len(program.rows)
    lp.col_cost_ = np.array(program.price)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.array(program.upper, dtype=float)
    lp.row_lower_ = np.array([-np.inf if low is None else low for _, low, _ in program.rows], float)
    lp.row_upper_ = np.array([np.inf if top is None else top for _, _, top in program.rows], float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(terms) for terms, _, _ in program.rows)])
    lp.a_matrix_.index_ = np.array([c for terms, _, _ in program.rows for c, _ in terms])
    lp.a_matrix_.value_ = np.array([w for terms, _, _ in program.rows for _, w in terms], float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
    for name, value in {
        "output_flag": False,
        "threads": workers,
        "random_seed": seed,
        "time_limit": max(0.1, seconds - (time.monotonic() - began)),
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)

    def improved(event: Any) -> None:
        found(roster_rows(given, program, list(event.data_out.mip_solution)), None)

    solver.cbMipImprovingSolution.subscribe(improved)
    solver.run()
    bound = solver.getInfo().mip_dual_bound
    return float(bound) if np.isfinite(bound) else None
