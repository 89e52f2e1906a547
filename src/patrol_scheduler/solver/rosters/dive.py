"""Diving: a whole solution from a fractional one, by taking what is nearly whole, step by step."""

from __future__ import annotations

import math
from collections.abc import Callable

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.rosters.links import OneRoster
from patrol_scheduler.solver.rosters.master import Master
from patrol_scheduler.solver.rosters.pricing import Decision
from patrol_scheduler.solver.rosters.tree import SLIP, WHOLE, Duties, Steps

# How nearly whole a duty must be to be taken; this part of the open ones is taken in any case.
NEARLY, AT_A_TIME = 0.92, 0.03


def dive(
    master: Master,
    duties: Duties,
    steps: Steps,
    budget: Budget,
    *,
    target: float,
    found: Callable[[list[OneRoster]], float],
    settled: tuple[Decision, ...] = (),
) -> bool:
    """Look once for a solution that costs ``target`` at most; whether one was found.

    What would cost more is taken in smaller parts; where a single duty would, it is not done, and
    where that would, too, the dive ends. What is ``settled`` stays.
    """
    decisions, taken = settled, tuple[Decision, ...]()
    until = target + max(steps.step * SLIP, 1e-6)
    while not budget.over():
        within = master.decide((*decisions, *taken))
        if within:
            # Prices need not be the best ones: it is enough that the target can still be reached.
            value = master.generate(budget, until=until, enough=target)
            if budget.over() or not master.solved:
                return False
            within = value <= until and master.objective <= until
        if not within:
            if not taken:
                return False
            if len(taken) > 1:
                taken = taken[: len(taken) // 2]
            elif taken[0].yes:
                taken = (taken[0].other,)
            else:
                return False
            continue
        decisions = (*decisions, *taken)
        taken = _nearly(master, duties, decisions)
        if not taken:
            return found(master.chosen()) <= until
    return False


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
