"""A proof that a part has no solution: a sum of its rows that no choice can keep."""

from __future__ import annotations

from fractions import Fraction

import highspy
import numpy as np

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.highs import passed, run
from patrol_scheduler.solver.program import Part, Vector


def refuted(part: Part, budget: Budget, *, seconds: float) -> bool:
    """Whether even fractions of duties cannot keep the rows, and a proof of that holds exactly.

    HiGHS proposes how often each row is to be taken (Farkas' lemma); :func:`contradicts` reckons
    the sum, so that a fault of the solver or of its rounding is found out. ``False``: no such proof
    was found; there may still be no solution.
    """
    solver = passed(part, {}, {}, whole=False)
    # Only the simplex method on the rows as they are tells how often to take each.
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("presolve", "off")
    run(solver, budget, seconds)
    if solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return False
    # Not every release of HiGHS declares it.
    status, there, weights = solver.getDualRay()  # type: ignore[attr-defined,unused-ignore]
    if status != highspy.HighsStatus.kOk or not there:
        return False
    return contradicts(part, np.array(weights))


def contradicts(part: Part, weights: Vector) -> bool:
    """Whether the rows, each taken ``weights`` times, ask for more than any choice can give.

    Reckoned in fractions. A row taken a negative number of times counts with its upper bound; one
    whose bound is missing is left out.
    """
    bounds = np.where(weights > 0, part.low, part.high)
    asked, worth = Fraction(0), dict[int, Fraction]()
    for row in np.nonzero((weights != 0) & np.isfinite(bounds))[0].tolist():
        weight = Fraction(float(weights[row])) / int(part.scale[row])
        asked += weight * round(bounds[row] * part.scale[row])
        first, last = part.row_start[row], part.row_start[row + 1]
        values = np.rint(part.row_value[first:last] * part.scale[row])
        for column, value in zip(part.row_index[first:last].tolist(), values, strict=True):
            worth[column] = worth.get(column, Fraction(0)) + weight * int(value)
    lower, upper, units = part.lower, part.upper, part.units
    most = Fraction(0)
    for column, value in worth.items():
        edge, unit = (upper if value > 0 else lower)[column], int(units[column])
        most += value * Fraction(round(edge * unit), unit)
    return asked > most
