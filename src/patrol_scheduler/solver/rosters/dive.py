"""Diving: a whole solution from a fractional one, by taking what is nearly whole, step by step."""

from __future__ import annotations

import math
from collections.abc import Callable

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.rosters.master import Master, OneRoster
from patrol_scheduler.solver.rosters.pricing import Decision
from patrol_scheduler.solver.rosters.tree import WHOLE, Duties, Steps

# How nearly whole a duty must be to be taken; this part of the open ones is taken in any case.
NEARLY, AT_A_TIME = 0.92, 0.02


def dive(
    master: Master,
    duties: Duties,
    steps: Steps,
    budget: Budget,
    *,
    best: float,
    found: Callable[[list[OneRoster]], float],
) -> float:
    """Look once for a solution better than ``best``; gives the bound without any decision."""
    decisions, root = tuple[Decision, ...](), -float("inf")
    while not budget.over() and master.decide(decisions):
        value = master.generate(budget, until=steps.below(best))
        if not decisions:
            root = steps.rounded(value)
        if steps.beaten(value, best) or budget.over() or not master.solved:
            break
        taken = _nearly(master, duties, decisions)
        if not taken:
            found(master.chosen())
            break
        decisions = (*decisions, *taken)
    return root


def _nearly(master: Master, duties: Duties, known: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """The duties to take next: those nearly whole, at the least a few that are the nearest."""
    values = master.column_values()
    decided = {column for one in known for column in one.columns}
    open_ = list[tuple[float, Decision]]()
    for (officer, day), columns in duties.items():
        for column in columns:
            value = float(values[column])
            if WHOLE < value < 1 - WHOLE and column not in decided:
                open_.append((value, Decision(officer, day, (column,), True)))
    open_.sort(key=lambda one: -one[0])
    at_least = math.ceil(len(open_) * AT_A_TIME)
    taken, days = list[Decision](), set[tuple[int, int]]()
    for value, one in open_:
        if value < NEARLY and len(taken) >= at_least:
            break
        if (one.officer, one.day) not in days:
            taken.append(one)
            days.add((one.officer, one.day))
    return tuple(taken)
