"""The second opinion on what cannot be, also where nothing is left to choose."""

from __future__ import annotations

import datetime as dt

from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Problem, Shift, Team
from patrol_scheduler.rules import DaysBetweenDuties, Level, Limit
from patrol_scheduler.rules.columns import Columns
from patrol_scheduler.solver import highs, solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.program import Program

DAY = dt.date(2010, 8, 2)


def plan() -> Problem:
    return Problem(
        name="one day",
        start=DAY,
        end=DAY,
        agencies=(Agency(id="PS"),),
        officers=(Officer(id="P1", agency="PS"),),
        areas=(Area(id="town"),),
        shifts=(Shift(id="day", start="08:00", end="12:00"),),
        phases=(Phase(id="plan", start=DAY, end=DAY),),
        cadences=(Cadence(min_days=1, max_days=1),),
        teams=(Team(members={"PS": 1}),),
        rules=(DaysBetweenDuties(days=1),),
    )


def program(*limits: tuple[int | None, int | None]) -> Program:
    """A program in which one officer's duty has to lie within every pair of bounds."""
    columns = Columns(plan())
    duty = columns.on("P1", 0, "day")
    builder = Builder(columns, soften=False)
    builder.add(Limit([(duty, 1)], least, most, Level.MUST) for least, most in limits)
    return builder.build()


def infeasible(made: Program) -> bool:
    return highs.is_infeasible(made, Budget(10.0, None, None), 10.0)


def test_a_duty_that_must_be_and_must_not_be_is_shown_twice() -> None:
    made = program((1, None), (None, 0))
    assert made.contradicts_itself
    assert infeasible(made)


def test_a_duty_that_must_be_is_possible() -> None:
    made = program((1, None))
    assert not made.contradicts_itself
    assert not infeasible(made)


def test_the_plan_of_one_day_is_solved() -> None:
    assert solve(plan(), time_limit=10.0, workers=1).complete
