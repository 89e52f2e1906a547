"""The solver against the best roster found by trying them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Level
from patrol_scheduler.solver import solve
from patrol_scheduler.validation import faults_of
from tests.exhaustive import Best, TooManyError, best, best_of_all
from tests.strategies import random_problem, tiny_problem

LEVELS = (Level.SHORTAGE, Level.FAIRNESS, Level.WISHES)
ALMOST = 1e-6


def assert_agrees(problem: Problem, truth: Best) -> None:
    """Assert that the solver finds the truth, or claims no more than it found."""
    result = solve(problem, time_limit=20.0, gap=0.0, seed=0, workers=1)
    if truth.roster is None:
        assert result.status == "impossible"
        assert result.roster is None
        return
    assert result.status in ({"optimal", "feasible"} if truth.complete else {"short"})
    assert result.roster is not None
    found = check(problem, result.roster)
    assert not found.broken
    assert found.complete == truth.complete
    levels = {Level[level.level.upper()]: level for level in result.levels}
    earlier_equal = True
    for level, least in zip(LEVELS, truth.costs, strict=True):
        if level not in levels:
            assert found.cost(level) == least == 0
            continue
        told = levels[level]
        assert told.cost == pytest.approx(float(found.cost(level)), abs=ALMOST)
        assert told.bound <= told.cost + ALMOST
        if earlier_equal:  # a level's optimum and bound are given what the earlier levels cost
            assert told.bound <= float(least) + ALMOST
            assert told.cost >= float(least) - ALMOST
            if result.status == "optimal" or level is Level.SHORTAGE:
                assert told.cost == pytest.approx(float(least), abs=ALMOST)
        earlier_equal = earlier_equal and abs(told.cost - float(least)) <= ALMOST


def truth_of(
    problem: Problem, most: int, search: Callable[[Problem, int], Best | None] = best
) -> Best | None:
    """The best roster, or nothing where the plan is refused or has too many rosters to try."""
    if faults_of(problem):
        return None
    try:
        return search(problem, most)
    except TooManyError:
        return None


@cache
def example(seed: int) -> tuple[Problem, Best | None]:
    problem = tiny_problem(Random(seed))  # noqa: S311  # a seed, not a secret
    return problem, truth_of(problem, most=2_000)


@pytest.mark.parametrize("seed", range(40))
def test_the_solver_finds_the_best_of_all_rosters(seed: int) -> None:
    problem, truth = example(seed)
    if truth is not None:
        assert_agrees(problem, truth)


def test_the_plans_that_are_tried_are_many_and_of_both_kinds() -> None:
    truths = [example(seed)[1] for seed in range(40)]
    assert sum(truth is not None for truth in truths) >= 20
    assert {truth.complete for truth in truths if truth} == {True, False}
    assert sum(bool(truth and truth.roster and truth.roster.duties) for truth in truths) >= 8


@settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.randoms(use_true_random=False))
def test_the_solver_finds_the_best_of_all_rosters_of_any_tiny_plan(rng: Random) -> None:
    problem = tiny_problem(rng)
    truth = truth_of(problem, most=500)
    assume(truth is not None)
    assert truth is not None
    assert_agrees(problem, truth)


@pytest.mark.parametrize("seed", range(25))
def test_the_search_that_thinks_agrees_with_the_one_that_does_not(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    size = rng.choice([(1, 0, 1), (0, 1, 1), (1, 0, 2)])
    problem = random_problem(rng, days=(2, 3 if size[2] == 1 else 2), most_officers=2, size=size)
    thought, tried = best(problem), best_of_all(problem)
    assert (thought.complete, thought.costs) == (tried.complete, tried.costs)
