"""A part of a program says the same as the whole of it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from patrol_scheduler.rules import rules_of
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.validation import faults_of
from tests.strategies import random_problem, without_clashes

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
