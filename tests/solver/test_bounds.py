"""Every bound of fairness against the best of all rosters of tiny plans."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.solver import bounds, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.condensed import condensed
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.timetable import Timetable
from tests.exhaustive import Best, best_complete
from tests.solver.test_exhaustive import truth_of
from tests.strategies import changed, random_problem, tiny_problem

GOAL = Goal("fairness", {Level.FAIRNESS: 1.0}, {})
BOUNDS = (
    bounds.from_prices,
    bounds.from_counting,
    bounds.from_classes_of_days,
    bounds.from_linear_relaxation,
)


def led(problem: Problem) -> Problem:
    """The plan with its posts as those of leaders on duty, which everybody may be."""
    posts = tuple(p.model_copy(update={"kind": "leader-on-duty"}) for p in problem.posts)
    able = tuple(o.model_copy(update={"leader_on_duty": True}) for o in problem.officers)
    return changed(problem, posts=posts, officers=able)


@cache
def complete_plans() -> tuple[tuple[Problem, Best], ...]:
    """Tiny plans with areas whose best roster leaves nothing short, some with leaders on duty."""
    drawn = (tiny_problem(Random(seed)) for seed in range(260))  # noqa: S311  # no secret
    plans = (led(plan) if plan.posts else plan for plan in drawn if plan.areas)
    tried = ((plan, truth_of(plan, most=400, search=best_complete)) for plan in plans)
    return tuple((plan, truth) for plan, truth in tried if truth is not None)


def asked(problem: Problem, cost: float, goal: Goal = GOAL) -> bounds.Question:
    rules = rules_of(problem)
    level = RosterLevel(problem, rules, soften=False)
    table = Timetable(level, rules, goal.level) if goal.level is Level.FAIRNESS else None
    return bounds.Question(level, goal, Budget(30.0, None, None), table, cost)


def test_the_plans_say_something_about_the_bounds() -> None:
    costs = [truth.costs[1] for _, truth in complete_plans()]
    assert len(costs) >= 15
    assert sum(cost > 0 for cost in costs) >= 10
    tables = [asked(problem, 1e3).table for problem, _ in complete_plans()]
    assert sum(bool(table and table.conditions.led) for table in tables) >= 2


@pytest.mark.parametrize("bound", BOUNDS)
def test_no_bound_is_above_the_fairest_of_all_rosters(bound: bounds.Bounding) -> None:
    for problem, truth in complete_plans():
        question = asked(problem, float(truth.costs[1]) + 100.0)
        assert bound(question).value <= float(truth.costs[1]) + 1e-6, problem


def test_no_bound_of_the_wishes_is_above_the_best_of_all_rosters_as_fair() -> None:
    for problem, truth in complete_plans():
        goal = Goal("wishes", {Level.WISHES: 1.0}, {Level.FAIRNESS: float(truth.costs[1])})
        question = asked(problem, float(truth.costs[2]) + 100.0, goal)
        assert bounds.from_classes_of_days(question).value <= float(truth.costs[2]) + 1e-6


@pytest.mark.parametrize("seed", range(15))
def test_classes_of_days_never_prove_more_than_the_whole_linear_relaxation(seed: int) -> None:
    problem = random_problem(Random(seed), days=(6, 14), most_officers=6, size=(2, 1, 2))  # noqa: S311  # a seed, not a secret
    question = asked(problem, 1e6)
    program, budget = question.program, question.budget
    whole = highs.linear_bound(program, Level.FAIRNESS, budget, keep={})
    small = condensed(program, question.cells, problem).relaxed(Level.FAIRNESS, budget, ())
    if whole.bound is not None:
        assert small is not None
        assert small.bound <= whole.bound + 1e-4 * max(1.0, whole.bound)


def test_a_cut_of_single_days_holds_for_the_days_counted_together() -> None:
    for problem, truth in complete_plans():
        question = asked(problem, float(truth.costs[1]) + 100.0)
        program, duty = question.program, question.cells.duty & (question.program.upper > 0)
        columns = np.nonzero(duty)[0][:2]
        cut = highs.Cut(columns, np.array([1.0] * len(columns)), 0.0)
        small = condensed(program, question.cells, problem)
        with_cut = small.relaxed(Level.FAIRNESS, question.budget, [cut])
        assert with_cut is not None
        assert with_cut.bound <= float(truth.costs[1]) + 1e-6
