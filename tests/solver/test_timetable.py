"""The timetable: dates that keep every cadence, and a bound below every roster."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import CadenceRule, Effort, Level, WithinPhase, rules_of
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.timetable import Entry, Timetable
from patrol_scheduler.validation import faults_of
from tests.exhaustive import TooManyError, best
from tests.strategies import changed, random_problem, tiny_problem, without_clashes


def made(problem: Problem) -> Timetable:
    rules = rules_of(problem)
    return Timetable(RosterLevel(problem, rules, soften=False), rules, Level.FAIRNESS)


def budget() -> Budget:
    return Budget(60.0, None, None)


def entries(problem: Problem) -> set[Entry]:
    found = made(problem).entries(budget(), spread=1.0, strain=np.zeros(len(problem.dates)))
    assert found is not None
    return found


def roster(problem: Problem, found: set[Entry]) -> Roster:
    return Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(problem.date(day), area),
                date=problem.date(day),
                area=area,
                shift=shift,
                members=(),
            )
            for area, day, shift in sorted(found)
        )
    )


def plain(seed: int) -> Problem:
    problem = without_clashes(random_problem(Random(seed)))  # noqa: S311  # a seed, not a secret
    return changed(problem, rules=(), markets=(), days=())


SEEDS = [seed for seed in range(150) if plain(seed).areas and not faults_of(plain(seed))]


def test_there_are_plans_to_try() -> None:
    assert len(SEEDS) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_keep_phases_and_cadences_wherever_they_can(seed: int) -> None:
    problem = plain(seed)
    planned = roster(problem, entries(problem))
    assert not list(WithinPhase().violations(problem, planned))
    assert not [v for v in CadenceRule().violations(problem, planned) if v.level is Level.MUST]


@pytest.mark.parametrize("seed", range(60))
def test_what_patrols_must_cost_is_no_more_than_the_best_roster_costs(seed: int) -> None:
    problem = tiny_problem(Random(seed))  # noqa: S311  # a seed, not a secret
    if faults_of(problem) or not problem.areas:
        return
    try:
        truth = best(problem, 2_000)
    except TooManyError:
        return
    if truth.complete:
        spent = sum(
            violation.cost
            for rule in rules_of(problem)
            if isinstance(rule, Effort) and rule.level == "fairness"
            for violation in rule.violations(problem, truth.roster)
        )
        assert made(problem).bound(budget()) <= float(spent) + 1e-6
