"""Conflicts of small random plans, held against a judge that knows neither kinds nor windows."""

from __future__ import annotations

from random import Random

import pytest

from patrol_scheduler.explaining import Demands, shortfalls
from patrol_scheduler.explaining.conflict import find_conflict, whole_conflict
from patrol_scheduler.explaining.counting import first_look
from patrol_scheduler.problem import Officer, Problem, Team
from patrol_scheduler.rules import CadenceRule, Certificates, DaysBetweenDuties, DutiesAtMost
from patrol_scheduler.solver.budget import Branch, Budget
from patrol_scheduler.validation import faults_of
from tests.explaining.judge import Judge
from tests.explaining.plans import on_leave, town
from tests.strategies import changed, random_problem


def able(problem: Problem) -> tuple[Officer, ...]:
    """The officers of a plan, all with a driving licence."""
    return tuple(o.model_copy(update={"driver": True}) for o in problem.officers)


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


def only(problem: Problem, field: str, ids: tuple[str, ...], without: object) -> Problem:
    """The plan in which of all who have something only these have it still."""
    officers = tuple(
        o if o.id in ids else o.model_copy(update={field: without}) for o in problem.officers
    )
    return changed(problem, officers=officers)


DRIVEN = town(teams=(Team(members={"ga": 1, "cg": 2}, drivers=1),))
MONTHLY = changed(DRIVEN, rules=(DutiesAtMost(per="month", duties=3), DutiesAtMost(duties=2)))
LACKING = {
    "on leave": on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15"),
    "nobody certified": only(town(), "certificates", (), ()),
    "no driver": DRIVEN,
    "one driver": changed(
        only(changed(DRIVEN, officers=able(DRIVEN)), "driver", ("CG1",), False),
        rules=(DaysBetweenDuties(days=3),),
    ),
    "a driver with few duties a month": only(
        changed(MONTHLY, officers=able(DRIVEN)), "driver", ("CG1", "GA1"), False
    ),
}


@pytest.mark.parametrize("lacking", LACKING)
def test_what_counting_finds_first_gives_a_clash_that_is_one_and_is_smallest(lacking: str) -> None:
    problem = LACKING[lacking]
    counted = shortfalls(problem)
    assert counted
    demands = Demands(problem)
    found = find_conflict(demands, Budget(60, None, None), first_look=first_look(problem, counted))
    assert found is not None
    assert (found.verified, found.minimal) == (True, True)
    assert found.last - found.first < 31
    judge, clash = Judge(demands), found.demands
    assert not judge.possible(clash)
    for n in range(len(clash)):
        assert judge.possible([*clash[:n], *clash[n + 1 :]])


def test_of_people_of_whom_there_are_none_a_few_demands_clash() -> None:
    problem = LACKING["nobody certified"]
    look = first_look(problem, shortfalls(problem))
    found = find_conflict(Demands(problem), Budget(60, None, None), first_look=look)
    assert found is not None
    # One area has to be patrolled on one of three days, each of which asks for certificates.
    assert len(found.demands) == 4
    assert {type(d.rule) for d in found.demands} == {CadenceRule, Certificates}


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
