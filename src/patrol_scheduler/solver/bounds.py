"""Lower bounds: what a level must cost at the least, each with the reason that proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.search import Goal


@dataclass(frozen=True, slots=True)
class Bound:
    """A proven lower bound of a level's cost; ``reason`` names the argument."""

    value: float
    reason: str


def from_prices(level: RosterLevel, goal: Goal, budget: Budget) -> Bound:
    """Every column at its cheapest: costs are never negative, so this needs no search."""
    del budget
    program = level.program
    cost = program.cost[goal.level]
    cheapest = np.where(cost < 0, program.upper, program.lower)
    priced = cost != 0
    value = float(cost[priced] @ cheapest[priced]) + program.constant[goal.level]
    return Bound(value, "prices")


def from_linear_relaxation(level: RosterLevel, goal: Goal, budget: Budget) -> Bound:
    """The cheapest roster in which duties may be fractions.

    It holds for whole rosters and for formed teams too: both only add to what must hold, and team
    costs are never negative.
    """
    answer = highs.linear_bound(level.program, goal.level, budget, keep=goal.keep)
    return Bound(-np.inf if answer.bound is None else answer.bound, "linear-relaxation")


BOUNDS: tuple[Callable[[RosterLevel, Goal, Budget], Bound], ...] = (
    from_prices,
    from_linear_relaxation,
)
"""Every bound; the best of them is reported."""


def best_bound(level: RosterLevel, goal: Goal, budget: Budget) -> Bound:
    """The highest of all bounds of a goal's first level."""
    found = [bound(level, goal, budget) for bound in BOUNDS]
    return max(found, key=lambda bound: bound.value)
