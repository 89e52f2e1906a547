"""Market days, named dates and kinds of day that no gap window allows are told before solving."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.days import DayType, Market
from patrol_scheduler.problem import Area, Cadence, LunarDay, PatrolDate, Phase, Problem, Team
from patrol_scheduler.rules import MarketDays, PatrolDays
from patrol_scheduler.validation import faults_of
from tests.rules.worked import plan as worked_plan

WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY)


def plan(start: str = "2010-08-01", end: str = "2010-12-30", **changes: Any) -> Problem:
    """Five months with one area, patrolled every 2 to 3 days."""
    given = {
        "areas": (Area(id="town"),),
        "posts": (),
        "teams": (Team(members={"police": 1}),),
        "cadences": (Cadence(min_days=2, max_days=3),),
        "phases": (Phase(id="routine", start=start, end=end),),
    }
    return worked_plan(start, end, **(given | changes))


def market(every: str, must: bool = True, **days: Any) -> tuple[Market, ...]:
    return (Market(id="market", areas=("town",), every=every, must=must, **days),)


def told(problem: Problem) -> list[tuple[str, str, str]]:
    return [(fault.what, fault.place, str(fault.value)) for fault in faults_of(problem)]


def test_solar_1_4_7_is_impossible_because_the_31st_and_the_1st_are_both_market_days() -> None:
    problem = plan(markets=market("solar-digit", digits=(1, 4, 7)))
    [fault] = faults_of(problem)
    assert fault.what == "dates-too-close"
    assert "2010-08-31" in fault.say("en")
    assert "2010-09-01" in fault.say("en")
    assert "must = false" in fault.say("en")
    assert "2010-08-31" in fault.say("zh-CN")


def test_lunar_3_6_9_needs_nothing_but_patrols_between() -> None:
    # Gaps of 3 and 4 days: a patrol in the middle of 4 keeps the window of 2 and 3 days.
    assert told(plan(markets=market("lunar-digit", digits=(3, 6, 9)))) == []


def test_market_days_that_need_not_be_patrolled_clash_with_nothing() -> None:
    problem = plan(markets=market("solar-digit", must=False, digits=(1, 4, 7)))
    assert told(problem) == []
    off = plan(markets=market("solar-digit", digits=(1, 4, 7)), rules=(MarketDays(on=False),))
    assert told(off) == []


def test_market_days_that_no_sequence_of_gaps_reaches() -> None:
    problem = plan(
        cadences=(Cadence(min_days=3, max_days=3),),
        markets=market("date", dates=("2010-08-03", "2010-08-10")),
    )
    assert told(problem) == [("dates-clash", "markets[0].must (market)", "2010-08-10")]


def test_working_days_alone_do_not_do_around_the_first_of_october() -> None:
    problem = plan("2010-09-25", "2010-10-31", rules=(PatrolDays(day_types=WORKING),))
    [fault] = faults_of(problem)
    assert (fault.what, fault.place) == ("no-day-to-patrol", "rules[0].day_types (patrol-days)")
    assert dict(fault.values) == {
        "area": "town", "before": dt.date(2010, 9, 30), "gap": 8, "max_gap": 3,
        "rule": "patrol-days", "cadence": "cadence",
    }  # fmt: skip
    assert "2010-10-08" in fault.say("zh-CN")


def test_of_the_holes_that_working_days_leave_the_longest_is_told() -> None:
    # The Mid-autumn Festival closes 22 to 24 September, which alone is too long, too.
    problem = plan("2010-08-02", "2010-12-30", rules=(PatrolDays(day_types=WORKING),))
    assert told(problem) == [("no-day-to-patrol", "rules[0].day_types (patrol-days)", "2010-10-08")]
    wide = (Cadence(min_days=2, max_days=8),)
    wider = plan("2010-08-02", "2010-12-30", cadences=wide, rules=problem.rules)
    assert told(wider) == []


def test_closed_days_at_the_start_count_from_the_last_patrol() -> None:
    # 1 August 2010 is a Sunday: from Thursday, 29 July, to Monday there are four days.
    known = (Area(id="town", last_patrol="2010-07-29"),)
    rules = (PatrolDays(day_types=WORKING),)
    [fault] = faults_of(plan("2010-08-01", "2010-08-31", areas=known, rules=rules))
    assert dict(fault.values)["before"] == dt.date(2010, 7, 29)
    assert (fault.what, str(fault.value)) == ("no-day-to-patrol", "2010-08-02")


def test_open_days_that_no_sequence_of_gaps_joins() -> None:
    # Every third day after 31 July begins with 3 August, which is closed.
    problem = plan(
        areas=(Area(id="town", last_patrol="2010-07-31"),),
        cadences=(Cadence(min_days=3, max_days=3),),
        patrol_dates=(PatrolDate(want="forbidden", dates=("2010-08-03",)),),
    )
    assert told(problem) == [("no-way-on", "patrol_dates[0].dates", "2010-12-30")]
    assert "2010-07-31" in faults_of(problem)[0].say("zh-CN")


def test_shifts_that_apply_on_working_days_alone_leave_a_hole_around_the_first_of_october() -> None:
    problem = plan("2010-09-25", "2010-10-31")
    day, night = problem.shifts
    working = day.model_copy(update={"day_types": WORKING})
    alone = plan("2010-09-25", "2010-10-31", shifts=(working,))
    [fault] = faults_of(alone)
    assert (fault.what, fault.place) == ("no-day-to-patrol", "shifts[0].day_types (day)")
    assert "shift-days" in fault.say("en")
    assert told(plan("2010-09-25", "2010-10-31", shifts=(working, night))) == []


def test_working_days_do_in_a_month_without_holidays() -> None:
    working = (PatrolDays(day_types=WORKING),)
    short = plan("2010-11-01", "2010-11-30", rules=working)
    assert told(short) == []  # Friday to Monday is three days


def test_a_date_that_must_be_and_may_not_be() -> None:
    dates = (
        PatrolDate(want="must", dates=("2010-08-10",), reason="inspection"),
        PatrolDate(want="forbidden", dates=("2010-08-10",)),
    )
    assert told(plan(patrol_dates=dates)) == [
        ("date-closed", "patrol_dates[0].dates", "2010-08-10")
    ]
    one_shift = PatrolDate(want="forbidden", dates=("2010-08-10",), shifts=("night",))
    assert told(plan(patrol_dates=(dates[0], one_shift))) == []


def test_days_named_too_close_are_told_with_a_remedy_that_named_days_have() -> None:
    two = (PatrolDate(want="must", dates=("2010-08-10", "2010-08-11")),)
    (close,) = faults_of(plan(patrol_dates=two))
    assert (close.what, str(close.value)) == ("named-too-close", "2010-08-11")
    assert "2010-08-11（指定日期）又必须巡逻" in close.say("zh-CN")
    assert "must = false" not in close.say("en")


def test_the_last_patrol_counts() -> None:
    must = (PatrolDate(want="must", dates=("2010-08-01",)),)
    assert told(plan(patrol_dates=must)) == []
    known = (Area(id="town", last_patrol="2010-07-31"),)
    assert told(plan(areas=known, patrol_dates=must)) == [
        ("dates-clash", "patrol_dates[0].dates", "2010-08-01")
    ]


def test_too_many_forbidden_days_in_a_row_and_at_the_end() -> None:
    closed = tuple(f"2010-08-{n}" for n in (10, 11, 12))
    problem = plan(patrol_dates=(PatrolDate(want="forbidden", dates=closed),))
    assert told(problem) == [("no-day-to-patrol", "patrol_dates[0].dates", "2010-08-13")]
    at_the_end = tuple(f"2010-12-{n}" for n in (28, 29, 30))
    problem = plan(patrol_dates=(PatrolDate(want="forbidden", dates=at_the_end),))
    assert [what for what, _, _ in told(problem)] == ["no-day-to-patrol"]


@pytest.mark.parametrize(
    ("lunar", "what"),
    [
        (LunarDay(year=2010, month=6, day=1, leap=True), "no-leap-month"),
        (LunarDay(year=2010, month=7, day=30), "no-lunar-date"),
        (LunarDay(year=2012, month=4, day=1, leap=True), None),
    ],
)
def test_lunar_dates_that_their_year_does_not_have(lunar: LunarDay, what: str | None) -> None:
    problem = plan(patrol_dates=(PatrolDate(want="must", lunar=(lunar,)),))
    assert [fault.what for fault in faults_of(problem)] == ([what] if what else [])


def test_a_market_that_is_never_held_is_a_mistake() -> None:
    assert told(plan(markets=market("weekday", digits=(1,)))) == [
        ("market-without-days", "markets[0].weekdays (market)", "None")
    ]


def test_a_named_day_from_which_the_next_phase_cannot_be_reached() -> None:
    # Every second day from the 1st gives the 3rd; the next phase wants a patrol every day from the
    # 5th on, so somebody would have to go out on the 4th. Begun on the 2nd it would be possible.
    phases = (
        Phase(id="one", start="2010-08-01", end="2010-08-04"),
        Phase(id="two", start="2010-08-05", end="2010-08-10"),
    )
    cadences = (
        Cadence(min_days=2, max_days=2, phases=("one",)),
        Cadence(min_days=1, max_days=1, phases=("two",)),
    )

    def on(date: str) -> Problem:
        dates = (PatrolDate(areas=("town",), dates=(date,), want="must"),)
        return plan(
            "2010-08-01", "2010-08-10", phases=phases, cadences=cadences, patrol_dates=dates
        )

    assert told(on("2010-08-02")) == []
    [fault] = faults_of(on("2010-08-01"))
    assert (fault.what, fault.place) == ("dates-clash", "patrol_dates[0].dates")
    assert "from 2010-08-01 to 2010-08-10" in fault.say("en")
