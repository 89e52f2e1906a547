"""A part of a program says the same as the whole of it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.validation import faults_of
from tests.strategies import random_problem, without_clashes

GOAL = Goal("shortage", {Level.SHORTAGE: 1000.0, Level.FAIRNESS: 1.0}, {})
SEEDS = [
    seed
    for seed in range(40)
    if not faults_of(without_clashes(random_problem(Random(seed))))  # noqa: S311  # no secret
]


def made(seed: int) -> RosterLevel:
    problem = without_clashes(random_problem(Random(seed)))  # noqa: S311  # a seed, not a secret
    return RosterLevel(problem, rules_of(problem), soften=True)


def test_there_are_plans_to_try() -> None:
    assert len(SEEDS) >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_of_a_part_lie_where_those_of_the_whole_program_do(seed: int) -> None:
    program, rng = made(seed).program, np.random.default_rng(0)
    x = program.lower + (program.upper > program.lower) * rng.integers(0, 2, program.width)
    x = program.settled(np.minimum(x, program.upper))
    free = rng.random(program.width) < 0.3
    part = program.part(free, x)
    values = x[part.columns]
    rows = np.repeat(np.arange(len(part.low)), np.diff(part.row_start))
    activity = np.bincount(
        rows, weights=part.row_value * values[part.row_index], minlength=len(part.low)
    )
    inside = np.all(activity >= part.low - 1e-6) and np.all(activity <= part.high + 1e-6)
    touched = program.part(np.ones(program.width, dtype=bool), x)
    assert part.program is touched.program
    if program.keeps(x):
        assert inside
    for name in program.cost:
        cost = float(part.cost(name) @ values) + part.settled_cost(name)
        # A random solution may break a bound on a column that can have only one value.
        bounded = np.where(program.fixed, program.lower, x)
        assert cost == pytest.approx(program.value(name, bounded))


@pytest.mark.parametrize("seed", SEEDS)
def test_settling_what_has_changed_is_settling_everything(seed: int) -> None:
    program, rng = made(seed).program, np.random.default_rng(1)
    x = program.settled(program.lower.copy())
    free = program.decided & (program.upper > program.lower) & (rng.random(program.width) < 0.2)
    part = program.part(free, x)
    changed = x.copy()
    changed[free] = rng.integers(0, 2, int(free.sum()))
    whole = program.settled(changed)
    if np.any(np.abs(whole - program.lower)[program.fixed] > 1e-6):
        return  # a random change may break a bound on a column that can have only one value
    assert np.allclose(program.settled(changed, part.columns), whole)


@pytest.mark.parametrize("seed", SEEDS)
def test_days_by_themselves_ask_what_the_program_asks_of_them_only(seed: int) -> None:
    """Whatever keeps the program keeps the days by themselves, and their rows reach no further."""
    level = made(seed)
    program, day = level.program, level.cells.day
    x = Constructor(level, level.rules, Budget(10, None, None)).first(GOAL)
    assert x is not None
    part = program.alone((day >= 0) & (day < 5), x)
    assert len(part.columns)
    values = x[part.columns]
    rows = np.repeat(np.arange(len(part.low)), np.diff(part.row_start))
    activity = np.bincount(
        rows, weights=part.row_value * values[part.row_index], minlength=len(part.low)
    )
    assert np.all(activity >= part.low - 1e-6)
    assert np.all(activity <= part.high + 1e-6)
    columns = program.columns.names
    named = [columns[column] for column in part.columns if column < len(columns)]
    assert all(int(str(name[2])) < 5 for name in named if name[0] in ("on", "patrol"))
    whole = program.alone(~program.fixed, x)
    assert len(whole.columns) == int((~program.fixed).sum())
