"""Worked examples of the rule that looks at the days after the plan, 2 to 15 August 2010."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.days import DayType, Market
from patrol_scheduler.problem import Area, Cadence, HotDays, PatrolDate, Phase, Problem
from patrol_scheduler.rules import (
    Heat,
    LookAhead,
    MarketDays,
    PatrolDates,
    PatrolDays,
    Rule,
    ShiftDays,
)

from .worked import Example, Found, plan

ROUTINE = Phase(id="routine", start="2010-08-02", end="2010-08-15")


def stranded(
    date: str, gaps: tuple[int, int] = (2, 3), until: str = "08-29", cost: int = 200
) -> Found:
    least, most = gaps
    return Found(
        f"town最后一次巡逻在 {date}，由此按 {least} 至 {most} 天的间隔无法排到 2010-{until}；"
        "换一个最后巡逻日则可以。",
        f"town is last patrolled on {date}; from there no gaps of {least} to {most} days lead "
        f"through the dates up to 2010-{until}, from another last day they do.",
        "shortage",
        date=date,
        cost=cost,
    )


def named(want: str, *dates: str, **more: Any) -> Problem:
    entry = PatrolDate(want=want, dates=tuple(f"2010-08-{day}" for day in dates), **more)
    return plan(patrol_dates=(entry,))


def followed(
    end: str = "20", areas: tuple[str, ...] = (), must: str = "17", **cadence: Any
) -> Problem:
    """The plan with a phase after it that another plan rosters, with a must-date."""
    after = Phase(id="after", start="2010-08-16", end=f"2010-08-{end}", areas=areas, rostered=False)
    usual = Cadence(min_days=2, max_days=3, areas=("town",), phases=("routine",))
    other = (Cadence(areas=("town",), phases=("after",), **cadence),) if cadence else ()
    return plan(
        end="2010-08-20",
        phases=(ROUTINE, after),
        cadences=(usual, *other),
        patrol_dates=(PatrolDate(want="must", dates=(f"2010-08-{must}",)),),
    )


def market(area: str = "town", must: bool = True) -> Problem:
    stalls = Market(id="stalls", areas=(area,), every="solar-digit", digits=(6, 9), must=must)
    return plan(markets=(stalls,))


def on_working_days(*shifts: str) -> Problem:
    """The plan up to Saturday, 14 August, with some shifts on working days only."""
    problem = plan(end="2010-08-14")
    kinds = {"day_types": (DayType.WORKING_DAY,)}
    return problem.model_copy(
        update={
            "shifts": tuple(
                shift.model_copy(update=kinds) if shift.id in shifts else shift
                for shift in problem.shifts
            )
        }
    )


def hot(degrees: int, patrol_dates: tuple[PatrolDate, ...] = ()) -> Problem:
    """The plan with a forecast for the 16th and 17th, which follow it."""
    days = HotDays(start="2010-08-16", end="2010-08-17", highest=degrees)
    return plan(hot_days=(days,), patrol_dates=patrol_dates)


def without(rule: Rule, problem: Problem) -> Problem:
    """The plan with a rule switched off."""
    return problem.model_copy(update={"rules": (rule,)})


EARLY, LATE = "2010-08-14 town day P1", "2010-08-15 town day P1"
EXAMPLES = (
    Example(
        "the day after the plan must be patrolled, so its last day may not be",
        LookAhead(price=7),
        (EARLY, LATE),
        (stranded("2010-08-15", cost=7),),
        named("must", "16"),
    ),
    Example("two days before it is well", LookAhead(), (EARLY,), (), named("must", "16")),
    Example(
        "two closed days are reached over from the last day alone",
        LookAhead(),
        (EARLY,),
        (stranded("2010-08-14"),),
        named("forbidden", "16", "17"),
    ),
    Example("from the last day", LookAhead(), (LATE,), (), named("forbidden", "16", "17")),
    Example(
        "the last patrol alone counts",
        LookAhead(),
        (EARLY, LATE),
        (),
        named("forbidden", "16", "17"),
    ),
    Example(
        "three closed days are reached over from nowhere",
        LookAhead(),
        (LATE,),
        (),
        named("forbidden", "16", "17", "18"),
    ),
    Example(
        "a closed shift leaves the other one",
        LookAhead(),
        (EARLY,),
        (),
        named("forbidden", "16", "17", shifts=("day",)),
    ),
    Example(
        "a day with one shift in which it must be patrolled",
        LookAhead(),
        (LATE,),
        (stranded("2010-08-15"),),
        named("must", "16", shifts=("night",)),
    ),
    Example(
        "closed elsewhere",
        LookAhead(),
        (EARLY,),
        (),
        named("forbidden", "16", "17", areas=("road",)),
    ),
    Example(
        "markets on the 16th and 19th: from the 15th the first is too soon",
        LookAhead(days=5),
        (LATE,),
        (stranded("2010-08-15", until="08-20"),),
        market(),
    ),
    Example(
        "a market that need not be patrolled",
        LookAhead(),
        (LATE,),
        (),
        market(must=False),
    ),
    Example("a market in another area", LookAhead(), (LATE,), (), market("road")),
    Example(
        "a market that another area shares",
        LookAhead(days=5),
        (LATE,),
        (stranded("2010-08-15", until="08-20"),),
        plan(markets=(market().markets[0].model_copy(update={"areas": ("road", "town")}),)),
    ),
    Example(
        "rules that are switched off ask nothing of the days after the plan",
        LookAhead(),
        (LATE,),
        (),
        without(MarketDays(on=False), market()),
    ),
    Example(
        "nor of dates named",
        LookAhead(),
        (LATE,),
        (),
        without(PatrolDates(on=False), named("must", "16")),
    ),
    Example(
        "nor of dates closed",
        LookAhead(),
        (EARLY,),
        (),
        without(PatrolDates(on=False), named("forbidden", "16", "17")),
    ),
    Example(
        "nor of kinds of day",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (),
        plan(
            end="2010-08-14",
            rules=(PatrolDays(day_types=(DayType.WORKING_DAY,), on=False),),
        ),
    ),
    Example(
        "one rule off leaves the other",
        LookAhead(),
        (LATE,),
        (stranded("2010-08-15"),),
        without(MarketDays(on=False), named("must", "16")),
    ),
    Example(
        "one day ahead only",
        LookAhead(days=1),
        (LATE,),
        (),
        named("must", "17", "18"),
    ),
    Example(
        "longer gaps in the next phase, which another plan rosters: two days are too few",
        LookAhead(),
        (LATE,),
        (stranded("2010-08-15", (3, 4)),),
        followed(min_days=3, max_days=4),
    ),
    Example("three days will do", LookAhead(), (EARLY,), (), followed(min_days=3, max_days=4)),
    Example(
        "a next phase that goes on alike",
        LookAhead(),
        (LATE,),
        (),
        followed(min_days=2, max_days=3),
    ),
    Example("a next phase without patrols of the area", LookAhead(), (LATE,), (), followed()),
    Example(
        "a next phase in other areas only",
        LookAhead(),
        (LATE,),
        (),
        followed(areas=("road",), min_days=3, max_days=4),
    ),
    Example(
        "a next phase in this area too",
        LookAhead(),
        (LATE,),
        (stranded("2010-08-15", (3, 4)),),
        followed(areas=("road", "town"), min_days=3, max_days=4),
    ),
    Example(
        "a next phase without patrols, though it lasts but a day",
        LookAhead(),
        (LATE,),
        (),
        followed(end="16", must="16"),
    ),
    Example(
        "gaps so long that only days before the window lead on, which are overdue",
        LookAhead(),
        (LATE,),
        (),
        followed(min_days=6, max_days=10),
    ),
    Example(
        "working days only: from the 12th, a Thursday, the next week is too far",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (stranded("2010-08-12", until="08-18"),),
        plan(
            end="2010-08-14",
            rules=(PatrolDays(day_types=(DayType.WORKING_DAY,)),),
        ),
    ),
    Example(
        "working days only, which in another area are asked for too",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (stranded("2010-08-12", until="08-18"),),
        plan(
            end="2010-08-14",
            rules=(
                PatrolDays(day_types=(DayType.WORKING_DAY,), areas=("town",)),
                PatrolDays(day_types=(DayType.WORKING_DAY,), areas=("road",)),
            ),
        ),
    ),
    Example(
        "shifts on working days only: from the 12th the next week is too far",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (stranded("2010-08-12", until="08-18"),),
        on_working_days("day", "night"),
    ),
    Example(
        "one shift on every day is enough",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (),
        on_working_days("day"),
    ),
    Example(
        "a rule about the days of shifts that is switched off",
        LookAhead(days=4),
        ("2010-08-12 town day P1",),
        (),
        without(ShiftDays(on=False), on_working_days("day", "night")),
    ),
    Example(
        "40 degrees on the 16th and 17th: nobody is outdoors in any shift",
        LookAhead(),
        (EARLY,),
        (stranded("2010-08-14"),),
        hot(40),
    ),
    Example("from the last day they are reached over", LookAhead(), (LATE,), (), hot(40)),
    Example("at 38 degrees the night is left", LookAhead(), (EARLY,), (), hot(38)),
    Example(
        "at 38 degrees with the night closed nothing is left",
        LookAhead(),
        (EARLY,),
        (stranded("2010-08-14"),),
        hot(38, named("forbidden", "16", "17", shifts=("night",)).patrol_dates),
    ),
    Example(
        "at 38 degrees nothing is left of a phase that is patrolled by day alone",
        LookAhead(),
        (EARLY,),
        (stranded("2010-08-14"),),
        hot(38).model_copy(update={"phases": (ROUTINE.model_copy(update={"shifts": ("day",)}),)}),
    ),
    Example(
        "a rule about heat that is switched off",
        LookAhead(),
        (EARLY,),
        (),
        without(Heat(on=False), hot(40)),
    ),
    Example(
        "the last patrol before a plan of one day",
        LookAhead(),
        (),
        (stranded("2010-08-14"),),
        plan(
            start="2010-08-15",
            areas=(Area(id="town", last_patrol="2010-08-14"),),
            patrol_dates=(PatrolDate(want="forbidden", dates=("2010-08-16", "2010-08-17")),),
        ),
    ),
    Example(
        "only a day before the plan would lead on",
        LookAhead(),
        (LATE,),
        (),
        plan(
            start="2010-08-15",
            patrol_dates=(PatrolDate(want="must", dates=("2010-08-16",)),),
        ),
    ),
    Example(
        "patrols outside the plan do not count",
        LookAhead(),
        (LATE, "2010-08-18 town day P1"),
        (stranded("2010-08-15"),),
        named("must", "16"),
    ),
    Example(
        "a last phase without patrols of the area has no way on to leave",
        LookAhead(),
        (LATE,),
        (),
        plan(
            end="2010-08-20",
            phases=(
                Phase(id="routine", start="2010-08-02", end="2010-08-10"),
                Phase(id="last", start="2010-08-11", end="2010-08-15", areas=("road",)),
                Phase(id="after", start="2010-08-16", end="2010-08-20", rostered=False),
            ),
            patrol_dates=(PatrolDate(want="must", dates=("2010-08-16",)),),
        ),
    ),
    Example(
        "an area that is overdue already is told by the cadence",
        LookAhead(),
        ("2010-08-12 town day P1",),
        (),
        named("must", "16"),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_a_year_that_nobody_has_arranged_is_left_open() -> None:
    rule = PatrolDays(day_types=(DayType.WORKING_DAY,))
    problem = plan("2026-12-01", "2026-12-31", rules=(rule,))
    for date in ("2026-12-30", "2026-12-31"):
        Example("open", LookAhead(days=2), (f"{date} town day P1",), (), problem).holds()
