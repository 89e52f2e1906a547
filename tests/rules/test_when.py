"""Worked examples of the rules about the dates of patrols."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.days import DayType, Market
from patrol_scheduler.problem import LunarDay, PatrolDate, Phase, Problem, Shift
from patrol_scheduler.rules import Columns, MarketDays, PatrolDates, PatrolDays, ShiftDays
from patrol_scheduler.rules.limits import never
from tests.strategies import changed

from .worked import Example, Found, plan

WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY)


def market(every: str, must: bool = True, **days: Any) -> Problem:
    """Ten days with a market in the town: 2 to 11 August 2010 is the 22nd to 2nd lunar day."""
    stalls = Market(id="stalls", name="Old market", areas=("town",), every=every, must=must, **days)
    return plan(
        end="2010-08-11",
        markets=(stalls,),
        phases=(Phase(id="routine", start="2010-08-02", end="2010-08-11"),),
    )


def named(*entries: PatrolDate, **more: Any) -> Problem:
    return plan(patrol_dates=entries, **more)


HOLIDAY = plan(
    start="2010-09-24",
    end="2010-10-10",
    phases=(Phase(id="routine", start="2010-09-24", end="2010-10-10"),),
)


def by_kind(*kinds: DayType) -> tuple[Shift, ...]:
    """The shifts of the plan, the one by day on some kinds of day only."""
    return tuple(
        shift.model_copy(update={"day_types": kinds if shift.id == "day" else ()})
        for shift in HOLIDAY.shifts
    )


EXAMPLES = (
    Example(
        "both days of the month that end in 3 and 6",
        MarketDays(),
        ("2010-08-03 town day P1", "2010-08-06 town night P1"),
        (),
        market("solar-digit", digits=(3, 6)),
    ),
    Example(
        "a day of the month missed",
        MarketDays(price=9),
        ("2010-08-06 town day P1", "2010-08-03 road day P1"),
        (
            Found(
                "2010-08-03 是Old market的赶集日，town没有巡逻。",
                "2010-08-03 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-03",
                cost=9,
            ),
        ),
        market("solar-digit", digits=(3, 6)),
    ),
    Example(
        "lunar days that end in 0 and 3",
        MarketDays(),
        ("2010-08-03 town day P1",),
        (),
        market("lunar-digit", digits=(0, 3)),
    ),
    Example(
        "every Saturday",
        MarketDays(),
        ("2010-08-06 town day P1",),
        (
            Found(
                "2010-08-07 是Old market的赶集日，town没有巡逻。",
                "2010-08-07 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-07",
                cost=150,
            ),
        ),
        market("weekday", weekdays=(6,)),
    ),
    Example(
        "a phase of night patrols alone owes its market day too",
        MarketDays(),
        (),
        (
            Found(
                "2010-08-07 是Old market的赶集日，town没有巡逻。",
                "2010-08-07 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-07",
                cost=150,
            ),
        ),
        changed(
            market("weekday", weekdays=(6,)),
            phases=(Phase(id="nights", start="2010-08-02", end="2010-08-11", shifts=("night",)),),
        ),
    ),
    Example(
        "a market without a name by its id",
        MarketDays(),
        (),
        (
            Found(
                "2010-08-05 是stalls的赶集日，town没有巡逻。",
                "2010-08-05 is a day of stalls, but town is not patrolled.",
                "shortage",
                date="2010-08-05",
                cost=150,
            ),
        ),
        plan(
            markets=(
                Market(
                    id="stalls", areas=("town",), every="date", dates=("2010-08-05",), must=True
                ),
            )
        ),
    ),
    Example(
        "days of the rat and of the dragon",
        MarketDays(),
        (),
        (
            Found(
                "2010-08-06 是Old market的赶集日，town没有巡逻。",
                "2010-08-06 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-06",
                cost=150,
            ),
            Found(
                "2010-08-10 是Old market的赶集日，town没有巡逻。",
                "2010-08-10 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-10",
                cost=150,
            ),
        ),
        market("branch", branches=("子", "辰")),
    ),
    Example(
        "a list of dates, in the night only",
        MarketDays(),
        ("2010-08-05 town day P1",),
        (
            Found(
                "2010-08-05 是Old market的赶集日，town没有巡逻。",
                "2010-08-05 is a day of Old market, but town is not patrolled.",
                "shortage",
                date="2010-08-05",
                cost=150,
            ),
        ),
        market("date", dates=("2010-08-05",), shifts=("night",)),
    ),
    Example(
        "a market that need not be patrolled",
        MarketDays(),
        (),
        (),
        market("solar-digit", must=False, digits=(3, 6)),
    ),
    Example(
        "an inspection day is patrolled",
        PatrolDates(),
        ("2010-08-05 town day P1",),
        (),
        named(PatrolDate(want="must", dates=("2010-08-05",), areas=("town",))),
    ),
    Example(
        "an inspection day missed in one of all areas",
        PatrolDates(price=4),
        ("2010-08-05 town day P1",),
        (
            Found(
                "road在 2010-08-05 必须巡逻（inspection），却没有安排。",
                "road must be patrolled on 2010-08-05 (inspection) and is not.",
                "shortage",
                date="2010-08-05",
                cost=4,
            ),
        ),
        named(PatrolDate(want="must", dates=("2010-08-05",), reason="inspection")),
    ),
    Example(
        "a date of the Chinese calendar",
        PatrolDates(),
        (),
        (
            Found(
                "town在 2010-08-10 必须巡逻（七月初一），却没有安排。",
                "town must be patrolled on 2010-08-10 (七月初一) and is not.",
                "shortage",
                date="2010-08-10",
                cost=150,
            ),
        ),
        named(
            PatrolDate(
                want="must",
                lunar=(LunarDay(year=2010, month=7, day=1),),
                areas=("town",),
                reason="七月初一",
            )
        ),
    ),
    Example(
        "the wrong shift on a must-date",
        PatrolDates(),
        ("2010-08-05 town day P1",),
        (
            Found(
                "town在 2010-08-05 必须巡逻（-），却没有安排。",
                "town must be patrolled on 2010-08-05 (-) and is not.",
                "shortage",
                date="2010-08-05",
                cost=150,
            ),
        ),
        named(PatrolDate(want="must", dates=("2010-08-05",), areas=("town",), shifts=("night",))),
    ),
    Example(
        "a patrol on a forbidden date",
        PatrolDates(),
        ("2010-08-05 town day P1",),
        (
            Found(
                "town在 2010-08-05 day不得巡逻（road works），却安排了巡逻。",
                "town may not be patrolled on 2010-08-05 in shift day (road works), but is.",
                date="2010-08-05",
            ),
        ),
        named(PatrolDate(want="forbidden", dates=("2010-08-05",), reason="road works")),
    ),
    Example(
        "a patrol in another shift than the forbidden one",
        PatrolDates(),
        ("2010-08-05 town day P1",),
        (),
        named(PatrolDate(want="forbidden", dates=("2010-08-05",), shifts=("night",))),
    ),
    Example(
        "a must-date outside the phases",
        PatrolDates(),
        (),
        (),
        named(PatrolDate(want="must", dates=("2010-08-20",))),
    ),
    Example(
        "working days only",
        PatrolDays(day_types=WORKING),
        (
            "2010-09-25 town day P1",
            "2010-09-30 town day P1",
            "2010-10-02 town day P1",
            "2010-10-10 road night P1",
        ),
        (
            Found(
                "2010-10-02 是法定节假日，townday却安排了巡逻。",
                "2010-10-02 is a statutory holiday, but town is patrolled in shift day.",
                date="2010-10-02",
            ),
            Found(
                "2010-10-10 是休息日，roadnight却安排了巡逻。",
                "2010-10-10 is a rest day, but road is patrolled in shift night.",
                date="2010-10-10",
            ),
        ),
        HOLIDAY,
    ),
    Example(
        "another area than the rule names",
        PatrolDays(day_types=WORKING, areas=("town",)),
        ("2010-10-02 road day P1",),
        (),
        HOLIDAY,
    ),
    Example(
        "days off only",
        PatrolDays(day_types=(DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)),
        ("2010-09-30 town day P1", "2010-10-09 town day P1", "2010-10-02 town day P1"),
        (
            Found(
                "2010-09-30 是工作日，townday却安排了巡逻。",
                "2010-09-30 is a working day, but town is patrolled in shift day.",
                date="2010-09-30",
            ),
            Found(
                "2010-10-09 是调休上班日，townday却安排了巡逻。",
                "2010-10-09 is a make-up working day, but town is patrolled in shift day.",
                date="2010-10-09",
            ),
        ),
        HOLIDAY,
    ),
    Example(
        "a shift of working days, patrolled and at a post on a holiday and a make-up day",
        ShiftDays(),
        (
            "2010-09-30 town day P1",
            "2010-10-01 town day P1",
            "2010-10-02 gate day P2",
            "2010-10-03 town night P1",
            "2010-10-09 town day P1",
        ),
        (
            Found(
                "2010-10-01 不是day的适用日，town却安排了巡逻。",
                "2010-10-01: shift day does not apply on this kind of day, but town is patrolled in it.",
                date="2010-10-01",
            ),
            Found(
                "2010-10-09 不是day的适用日，town却安排了巡逻。",
                "2010-10-09: shift day does not apply on this kind of day, but town is patrolled in it.",
                date="2010-10-09",
            ),
            Found(
                "2010-10-02 不是day的适用日，P2却在gate执勤。",
                "2010-10-02: shift day does not apply on this kind of day, but P2 is at gate in it.",
                date="2010-10-02",
            ),
        ),
        changed(HOLIDAY, shifts=by_kind(DayType.WORKING_DAY)),
    ),
    Example(
        "a shift of holidays on its day, the other one on every day",
        ShiftDays(),
        ("2010-10-01 town day P1", "2010-10-02 gate day P2", "2010-09-30 town night P1"),
        (),
        changed(HOLIDAY, shifts=by_kind(DayType.STATUTORY_HOLIDAY)),
    ),
    Example(
        "a shift of holidays on a Saturday after the plan is not judged either",
        ShiftDays(),
        ("2010-10-16 town day P1",),
        (),
        changed(HOLIDAY, shifts=by_kind(DayType.STATUTORY_HOLIDAY)),
    ),
    Example(
        "a Saturday after the plan is not judged",
        PatrolDays(day_types=WORKING),
        ("2010-10-16 town day P1",),
        (),
        HOLIDAY,
    ),
    Example("no kind of day named", PatrolDays(), ("2010-10-02 town day P1",), (), HOLIDAY),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()


def test_a_market_day_and_a_date_named_for_the_same_shifts_ask_the_same_once() -> None:
    problem = changed(
        market("date", dates=("2010-08-05",)),
        patrol_dates=(PatrolDate(want="must", dates=("2010-08-05",), areas=("town",)),),
    )
    columns = Columns(problem)
    [of_market] = MarketDays().limits(problem, columns)
    [of_date] = PatrolDates().limits(problem, columns)
    assert of_market == of_date


def test_an_area_is_not_patrolled_in_a_shift_that_does_not_apply_even_by_nobody() -> None:
    problem = changed(HOLIDAY, shifts=by_kind(DayType.WORKING_DAY))
    columns = Columns(problem)
    limits = list(ShiftDays().limits(problem, columns))
    for date, asked in (("2010-10-01", True), ("2010-10-08", False)):
        day = problem.day(dt.date.fromisoformat(date))
        assert (never(columns.patrol("town", day, "day")) in limits) is asked
