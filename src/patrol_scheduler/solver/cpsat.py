"""The door to CP-SAT: a program, or the part of it that is free, searched for a solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from ortools.sat.python import cp_model

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.budget import Budget, run_beside
from patrol_scheduler.solver.program import Part, Vector

# Costs become whole numbers in millionths; rounding down keeps every bound a bound.
PRECISION = 1_000_000
UNBOUNDED = 10**15


@dataclass(frozen=True, slots=True)
class Answer:
    """What CP-SAT found: a solution of the whole program, and a bound of the part's cost."""

    status: Literal["optimal", "feasible", "infeasible", "stopped"]
    x: Vector | None = None
    bound: float | None = None


def search(
    part: Part,
    level: Level | None,
    budget: Budget,
    *,
    seconds: float,
    effort: float = float("inf"),
    workers: int = 1,
    seed: int = 0,
    hint: Vector | None = None,
    presolve: bool = True,
) -> Answer:
    """Look for a solution of a part, the cheapest on ``level`` where one is named.

    At most ``seconds`` and ``effort`` units of CP-SAT's deterministic time. ``hint`` is a solution
    of the whole program to start near. Without ``presolve`` the model is searched as it stands.
    """
    model = cp_model.CpModel()
    # A slack column counts in units of one over its row's scale, so that it is whole, too.
    unit = part.units
    variables = [
        model.new_int_var(round(low), round(high), "")
        for low, high in zip(part.lower * unit, part.upper * unit, strict=True)
    ]
    row_scale = np.repeat(part.scale, np.diff(part.row_start))
    weights = np.rint(part.row_value * row_scale / unit[part.row_index]).astype(np.int64)
    for row in range(len(part.low)):
        first, last = part.row_start[row], part.row_start[row + 1]
        model.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum(
                [variables[place] for place in part.row_index[first:last]],
                weights[first:last].tolist(),
            ),
            _whole(part.low[row] * part.scale[row], -UNBOUNDED),
            _whole(part.high[row] * part.scale[row], UNBOUNDED),
        )
    if level is not None:
        prices = np.floor(part.cost(level) / unit * PRECISION + 1e-6).astype(np.int64)
        priced = np.nonzero(prices)[0]
        model.minimize(
            cp_model.LinearExpr.weighted_sum(
                [variables[place] for place in priced], prices[priced].tolist()
            )
        )
    if hint is not None:
        for variable, value in zip(variables, hint[part.columns] * unit, strict=True):
            model.add_hint(variable, round(value))
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.max_time_in_seconds = max(0.001, min(seconds, budget.left()))
    settings.max_deterministic_time = effort
    settings.num_workers = workers
    settings.random_seed = seed % (2**31)
    settings.catch_sigint_signal = False
    settings.cp_model_presolve = presolve
    status = _run(solver, model, budget)
    if status == "INFEASIBLE":
        return Answer("infeasible")
    if status not in ("OPTIMAL", "FEASIBLE"):
        return Answer("stopped")
    bound = None
    if level is not None:
        bound = solver.best_objective_bound / PRECISION + part.settled_cost(level)
    x = part.solution(np.array(solver.response_proto.solution, dtype=float) / unit)
    x = part.program.settled(x)
    return Answer("optimal" if status == "OPTIMAL" else "feasible", x, bound)


def _run(solver: Any, model: Any, budget: Budget) -> str:
    """Run until done or told to stop; the search itself runs beside, so that the caller can."""
    found: list[str] = []
    run_beside(
        lambda: found.append(solver.status_name(solver.solve(model))), budget, solver.stop_search
    )
    return found[0] if found else "UNKNOWN"


def _whole(bound: float, instead: int) -> int:
    return round(bound) if np.isfinite(bound) else instead
