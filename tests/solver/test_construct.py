"""A first roster, and what the roster level says of the teams that come of it."""

from __future__ import annotations

from typing import Any

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Certificate, Leave, Officer, Problem, Team
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from tests.rules.worked import plan

GOAL = Goal("roster", {Level.FAIRNESS: 1.0}, {})


def one_road(**changes: Any) -> Problem:
    """The town is patrolled every 2 or 3 days by one of each agency, the road as anybody likes."""
    given: dict[str, Any] = {
        "posts": (),
        "teams": (Team(members={"police": 1, "city": 1}, areas=("town",)),),
    }
    return plan(**(given | changes))


def constructor(problem: Problem) -> Constructor:
    rules = rules_of(problem)
    return Constructor(RosterLevel(problem, rules, soften=False), rules, Budget(60, None, None))


def test_a_week_without_a_leader_shows_at_once_that_no_roster_is_complete() -> None:
    away = Leave(start="2010-08-09", end="2010-08-15")
    officers = (
        Officer(id="P1", agency="police", leader=True, leave=(away,)),
        Officer(id="P2", agency="police"),
        Officer(id="C1", agency="city"),
        Officer(id="C2", agency="city"),
    )
    led = Team(members={"police": 1, "city": 1}, leaders=1, areas=("town",))
    hopeless = constructor(one_road(officers=officers, teams=(led,)))
    assert hopeless.first(GOAL) is None
    assert hopeless.shown_none


def test_nothing_is_said_of_a_plan_that_can_be_kept() -> None:
    able = constructor(one_road())
    assert able.first(GOAL) is not None
    assert not able.shown_none


def on_duty(level: RosterLevel, *names: tuple[object, ...]) -> Vector:
    """A solution with these columns, and what follows from them."""
    program = level.program
    x = program.lower.copy()
    for name in names:
        x[program.columns.names.index(name)] = 1.0
    return program.settled(x)


def test_a_shift_whose_patrol_lacks_more_than_its_sums_say_is_misjudged() -> None:
    """Two seats for a leader, a driver and one with a certificate: the third stays at home.

    The road takes anybody, so that the sums of a shift do not count its seats.
    """
    certificate = Certificate(number="A-1", valid_from="2010-01-01", valid_to="2010-12-31")
    problem = one_road(
        officers=(
            Officer(id="P1", agency="police", leader=True),
            Officer(id="P2", agency="police", driver=True),
            Officer(id="P3", agency="police", certificates=(certificate,)),
        ),
        teams=(
            Team(
                members={"police": 2},
                leaders=1,
                drivers=1,
                certified={"police": 1},
                areas=("town",),
            ),
        ),
    )
    level = RosterLevel(problem, rules_of(problem), soften=True)
    town = ("patrol", "town", 0, "day")
    leader, driver, certified = (("on", f"P{i}", 0, "day", None) for i in (1, 2, 3))
    three = on_duty(level, town, leader, driver, certified)
    assert level.unformable(three) == level.unformable(three, over=lambda: True) == []
    assert level.misjudged(three) == [(0, "day")]
    assert level.misjudged(three, among={1}) == []
    two = on_duty(level, town, leader, driver)
    assert level.misjudged(two) == []
    two = level.hold_exactly([(0, "day")], two)
    assert level.misjudged(two) == []
    checked = check(problem, level.roster(two, level.teams_of(two)))
    assert level.program.value(Level.SHORTAGE, two) == checked.cost(Level.SHORTAGE)


def test_without_shortages_only_what_cannot_be_formed_is_misjudged() -> None:
    problem = one_road()
    level = RosterLevel(problem, rules_of(problem), soften=False)
    alone = on_duty(level, ("patrol", "town", 0, "day"), ("on", "P1", 0, "day", None))
    assert level.misjudged(alone) == level.unformable(alone) == [(0, "day")]
