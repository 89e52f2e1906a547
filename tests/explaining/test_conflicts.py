"""Conflicts of small random plans, held against a judge that knows neither kinds nor windows."""

from __future__ import annotations

from random import Random

import pytest

from patrol_scheduler.explaining import Demands, shortfalls
from patrol_scheduler.explaining.conflict import find_conflict, whole_conflict
from patrol_scheduler.explaining.counting import first_look
from patrol_scheduler.problem import Problem
from patrol_scheduler.solver.budget import Branch, Budget
from patrol_scheduler.validation import faults_of
from tests.explaining.judge import Judge
from tests.explaining.plans import on_leave, town
from tests.strategies import random_problem


def sound_problem(seed: int) -> Problem:
    """The first plan without faults that a seed gives."""
    rng = Random(seed)  # noqa: S311
    while True:
        problem = random_problem(rng, days=(3, 6), most_officers=4)
        if not faults_of(problem):
            return problem


@pytest.mark.parametrize("seed", range(12))
def test_a_conflict_is_found_exactly_where_there_is_no_complete_roster(seed: int) -> None:
    problem = sound_problem(seed)
    demands = Demands(problem)
    judge = Judge(demands)
    everything = [d for d in demands.loose() if not d.summed]
    everything += demands.of_teams(range(len(problem.dates)))
    possible = judge.possible(everything)
    conflict = find_conflict(demands, Budget(60, None, None))
    assert (conflict is None) == possible
    if shortfalls(problem):
        assert not possible
    if conflict is not None:
        clash = conflict.demands
        assert conflict.verified
        assert conflict.minimal
        assert not judge.possible(clash)
        for n in range(len(clash)):
            assert judge.possible([*clash[:n], *clash[n + 1 :]])


def test_the_whole_plan_gives_a_conflict_as_its_windows_do() -> None:
    seeds = (seed for seed in range(100, 200))
    found = 0
    for seed in seeds:
        demands = Demands(sound_problem(seed))
        conflict = whole_conflict(demands, Budget(60, None, None))
        if conflict is not None:
            found += 1
            assert conflict.minimal
            assert not Judge(demands).possible(conflict.demands)
        if found == 3:
            return
    raise AssertionError("too few impossible plans")


class Impatient(Budget):
    """A budget that says it is over, though it still gives the solvers their time."""

    def over(self) -> bool:
        return True

    def branch(self, until: float | None = None) -> Branch:
        made = super().branch(until)
        made.end()
        return made


def test_a_clash_that_could_not_be_made_smaller_in_time_is_kept_and_said_to_be_larger() -> None:
    # Five of six 城管 are away for three days in which two areas need two of them each.
    away = ("CG1", "CG2", "CG3", "CG4", "CG5")
    problem = on_leave(town(), away, "2010-09-13", "2010-09-15")
    demands = Demands(problem)
    look = first_look(problem, shortfalls(problem))
    found = find_conflict(demands, Impatient(60, None, None), first_look=look)
    smallest = find_conflict(demands, Budget(60, None, None), first_look=look)
    assert found is not None
    assert smallest is not None
    assert found.verified
    assert not found.minimal
    assert smallest.minimal
    assert len(found.demands) > len(smallest.demands)
    assert not Judge(demands).possible(found.demands)
