"""Who fits into no patrol is sent home, but not where a rule wants the officer on duty."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler import check, solve
from patrol_scheduler.problem import Cadence, Phase, Problem, Team
from patrol_scheduler.rules import HoursAtLeast, LookAhead, rules_of
from patrol_scheduler.solver import team_level
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.first_roster import FirstRoster
from patrol_scheduler.solver.forming import Numbers, formed
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Vector
from tests.explaining.plans import day, on_leave, town


def plan() -> Problem:
    """Five days in which only patrols of the road, which need not be, have a seat for 警3.

    The market's patrols take one or two 城管 and nobody else; those of the road also one more of
    whatever agency. 警3 owes three hours.
    """
    return town(
        phases=(Phase(id="routine", start=day("2010-09-06"), end=day("2010-09-10")),),
        officers=town().officers[2:6],
        cadences=(
            Cadence(min_days=2, max_days=2, areas=("market",)),
            Cadence(min_days=1, max_days=9, areas=("road",)),
        ),
        teams=(
            Team(members={"cg": 1}, most={"cg": 2}, areas=("market",)),
            Team(members={"cg": 2}, extra=1, areas=("road",)),
        ),
        rules=(HoursAtLeast(hours=3, officers=("GA3",)), LookAhead(on=False)),
    )


@pytest.mark.parametrize("known_short", [False, True])
@pytest.mark.parametrize("away", [(), ("CG1", "CG2", "CG3")])
def test_hours_that_an_officer_owes_are_worked_on_a_patrol_with_a_seat(
    away: tuple[str, ...], *, known_short: bool
) -> None:
    # Without anybody of 城管 on the 9th and 10th the market waits too long.
    problem = on_leave(plan(), away, "2010-09-09", "2010-09-10")
    result = solve(problem, time_limit=20, workers=1, known_short=known_short)
    assert result.roster is not None
    found = check(problem, result.roster)
    assert not found.broken
    assert found.complete == (not away)
    assert any(d.officer == "GA3" and d.area == "road" for d in result.roster.duties)


def test_once_the_time_is_over_teams_are_made_in_haste_before_it_is_looked_who_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = on_leave(plan(), ("CG1", "CG2"), "2010-09-06", "2010-09-10")
    over: list[bool] = []
    hasty: list[bool] = []
    first = Constructor.first

    def found(constructor: Constructor, goal: Goal) -> Vector | None:
        x = first(constructor, goal)
        constructor._level.teams = team_level.TeamLevel(away, rules_of(away))  # none made yet
        over.append(True)
        return x

    def watched(*asked: Any, short: bool, haste: bool = False) -> Numbers | None:
        hasty.extend([haste] if over else [])
        return formed(*asked, short=short, haste=haste)

    monkeypatch.setattr(Constructor, "first", found)
    monkeypatch.setattr(team_level, "formed", watched)
    budget = Budget(60, lambda: bool(over), None)
    FirstRoster(away, rules_of(away), budget, seed=0, workers=1).short()
    assert hasty
    assert all(hasty)
