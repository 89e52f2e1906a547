"""The timetable: dates that keep every cadence, and a bound below every roster."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import (
    CadenceRule,
    DaysBetweenDuties,
    Effort,
    Heat,
    Level,
    PatrolDates,
    ShiftDays,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.roster_level import Entry, RosterLevel
from patrol_scheduler.solver.timetable import Timetable
from patrol_scheduler.validation import faults_of
from tests.exhaustive import TooManyError, best
from tests.explaining.plans import town
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


def can_be_planned(problem: Problem) -> bool:
    """Whether there are areas, and no day that must and may not be patrolled."""
    if not problem.areas or faults_of(problem):
        return False
    return not RosterLevel(problem, rules_of(problem), soften=False).program.contradicts_itself


SEEDS = [seed for seed in range(150) if can_be_planned(plain(seed))]


def test_there_are_plans_to_try() -> None:
    assert len(SEEDS) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_keep_phases_and_cadences_wherever_they_can(seed: int) -> None:
    problem = plain(seed)
    planned = roster(problem, entries(problem))
    assert not list(WithinPhase().violations(problem, planned))
    assert not [v for v in CadenceRule().violations(problem, planned) if v.level is Level.MUST]
    for rule in (ShiftDays(), Heat(), PatrolDates()):
        assert not [v for v in rule.violations(problem, planned) if v.level is Level.MUST], rule


def plan_with_two_shifts(**changes: Any) -> Problem:
    """One area, gaps of 2 or 3 days, shifts in the morning and, on working days, at night."""
    return Problem.model_validate(
        {
            "name": "a week with a make-up working day",
            "start": "2010-09-20",
            "end": "2010-09-26",
            "agencies": [{"id": "cg"}],
            "officers": [{"id": "cg-01", "agency": "cg"}],
            "shifts": [
                {
                    "id": "night",
                    "start": "20:30:00",
                    "end": "23:00:00",
                    "day_types": ["working-day"],
                },
                {"id": "day", "start": "08:00:00", "end": "11:00:00", "burden": 3},
            ],
            "areas": [{"id": "town", "last_patrol": "2010-09-18"}],
            "phases": [{"id": "routine", "start": "2010-09-20", "end": "2010-09-26"}],
            "cadences": [{"min_days": 2, "max_days": 3}],
            "teams": [{"members": {"cg": 1}}],
            **changes,
        }
    )


def test_a_patrol_lies_in_a_shift_that_applies_on_its_day() -> None:
    # 20 and 21 September 2010 are working days, the 22nd to the 24th is the Mid-autumn Festival,
    # and the 25th, a Saturday, is a make-up working day, which is no plain working day.
    problem = plan_with_two_shifts(patrol_dates=[{"want": "must", "dates": ["2010-09-25"]}])
    found = entries(problem)
    assert ("town", 5, "day") in found
    assert all(shift == "day" for _, day, shift in found if day >= 2), found
    assert not list(ShiftDays().violations(problem, roster(problem, found)))


def test_a_pinned_patrol_keeps_its_day_and_shift() -> None:
    for shift in ("day", "night"):
        pin = {"date": "2010-09-21", "area": "town", "officer": "cg-01", "kind": "must"}
        problem = plan_with_two_shifts(pins=[{**pin, "shift": shift}])
        assert ("town", 1, shift) in entries(problem)


@pytest.mark.parametrize("seed", range(60))
def test_what_patrols_must_cost_is_no_more_than_the_best_roster_costs(seed: int) -> None:
    problem = tiny_problem(Random(seed))  # noqa: S311  # a seed, not a secret
    if faults_of(problem) or not problem.areas:
        return
    try:
        truth = best(problem, 2_000)
    except TooManyError:
        return
    if truth.complete and truth.roster is not None:
        spent = sum(
            violation.cost
            for rule in rules_of(problem)
            if isinstance(rule, Effort) and rule.level == "fairness"
            for violation in rule.violations(problem, truth.roster)
        )
        assert made(problem).bound(budget()) <= float(spent) + 1e-6


def test_where_people_are_short_all_over_every_area_is_patrolled_as_often_as_they_can() -> None:
    # Two areas have seven patrols each in 21 days at the least, with two 城管 each; six 城管 who
    # may have a duty every sixth day have 24 duties, for 12 patrols.
    short = changed(town(), rules=(DaysBetweenDuties(days=6),))
    found = entries(short)
    days = {area.id: [day for a, day, _ in found if a == area.id] for area in short.areas}
    assert all(len(mine) >= 5 for mine in days.values())
    assert len(found) <= 14
