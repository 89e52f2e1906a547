"""Great heat: outdoors for fewer hours and not in the hottest, or not at all."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from patrol_scheduler import solve
from patrol_scheduler.problem import Area, HotDays, Shift, Team
from patrol_scheduler.rules import Columns, Heat

from .worked import Example, Found, past, plan

# Four shifts in the heat of late July and August 2010; the last goes on past midnight.
SHIFTS = (
    Shift(id="early", start="06:00", end="10:00"),
    Shift(id="noon", start="10:00", end="12:01"),
    Shift(id="late", start="15:00", end="19:00"),
    Shift(id="long", start="17:00", end="23:30"),
    Shift(id="night", start="22:00", end="02:00"),
)


def hot(start: str, highest: float, end: str | None = None) -> HotDays:
    return HotDays(start=start, end=end or start, highest=highest)


TOWN = (Area(id="town"),)
HOT = plan(
    shifts=SHIFTS,
    shifts_may_overlap=True,
    hot_days=(hot("2010-08-03", 37, "2010-08-04"), hot("2010-08-04", 40), hot("2010-08-07", 39.9)),
)


def at_the_edge(**changes):
    return plan(shifts=SHIFTS, shifts_may_overlap=True, **changes)


EXAMPLES = (
    Example(
        "at 40 degrees nobody is outdoors on that day, nor in the night that reaches into it",
        Heat(),
        ("2010-08-03 town night P1", "2010-08-04 town early P1", "2010-08-04 road night C1"),
        (
            Found(
                "2010-08-04 最高气温 40 ℃，应停止室外作业，2010-08-03 night却安排巡逻town。",
                "2010-08-04: 40 °C, work outdoors stops, but town is patrolled on 2010-08-03 in shift night.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-04 最高气温 40 ℃，应停止室外作业，2010-08-04 early却安排巡逻town。",
                "2010-08-04: 40 °C, work outdoors stops, but town is patrolled on 2010-08-04 in shift early.",
                date="2010-08-04",
            ),
            Found(
                "2010-08-04 最高气温 40 ℃，应停止室外作业，2010-08-04 night却安排巡逻road。",
                "2010-08-04: 40 °C, work outdoors stops, but road is patrolled on 2010-08-04 in shift night.",
                date="2010-08-04",
            ),
        ),
        HOT,
    ),
    Example(
        "at 37 degrees nobody is outdoors in the hottest hours, not for a minute, nor 6.5 hours on end",
        Heat(),
        (
            "2010-08-03 town noon P1",
            "2010-08-03 road late C1",
            "2010-08-07 town long P1",
            "2010-08-07 road early C1",
        ),
        (
            Found(
                "2010-08-03 最高气温 37 ℃，最热时段 12:00—15:00 不得室外作业，2010-08-03 noon却安排巡逻town。",
                "2010-08-03: 37 °C, nobody may be outdoors from 12:00 to 15:00, but town is patrolled on 2010-08-03 in shift noon.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-07 最高气温 39.90 ℃，2010-08-07 long巡逻town要在室外 6.50 小时，上限为 6 小时。",
                "2010-08-07: 39.90 °C, the patrol of town on 2010-08-07 in shift long is outdoors for 6.50 hours; at most 6 allowed.",
                date="2010-08-07",
            ),
        ),
        HOT,
    ),
    Example(
        "at 37 degrees two patrols of 4 hours are 2 hours too many for one officer, not for two",
        Heat(),
        ("2010-08-03 town early P1", "2010-08-03 road late P1 C1"),
        (
            Found(
                "2010-08-03 最高气温 37 ℃，P1 室外勤务 8 小时，上限为 6 小时。",
                "2010-08-03: 37 °C, P1 is outdoors for 8 hours; at most 6 allowed.",
                date="2010-08-03",
                amount=2,
            ),
        ),
        HOT,
    ),
    Example(
        "the two hours after midnight belong to the hot day after, and six hours are allowed",
        Heat(),
        ("2010-08-06 town night P1", "2010-08-07 road early P1"),
        (),
        HOT,
    ),
    Example(
        "a patrol of the day before the plan counts with its hours after midnight",
        Heat(hours=5),
        ("2010-08-02 town early P1", "2010-08-02 road early C1"),
        (
            Found(
                "2010-08-02 最高气温 37 ℃，P1 室外勤务 6 小时，上限为 5 小时。",
                "2010-08-02: 37 °C, P1 is outdoors for 6 hours; at most 5 allowed.",
                date="2010-08-02",
            ),
        ),
        at_the_edge(
            hot_days=(hot("2010-08-02", 37),),
            history=past("2010-08-01 town night P1", "2010-08-01 gate night C1"),
        ),
    ),
    Example(
        "the last night of the plan reaches into a day of 41 degrees after it",
        Heat(),
        ("2010-08-15 town night P1", "2010-08-15 road early C1", "2010-08-16 town early P2"),
        (
            Found(
                "2010-08-16 最高气温 41 ℃，应停止室外作业，2010-08-15 night却安排巡逻town。",
                "2010-08-16: 41 °C, work outdoors stops, but town is patrolled on 2010-08-15 in shift night.",
                date="2010-08-15",
            ),
        ),
        at_the_edge(hot_days=(hot("2010-08-16", 41),)),
    ),
    Example(
        "a post in the open is kept like a patrol, one indoors is not asked",
        Heat(posts=("gate",)),
        (
            "2010-08-03 gate noon P1",
            "2010-08-04 gate early P1",
            "2010-08-07 gate long P1",
        ),
        (
            Found(
                "2010-08-03 最高气温 37 ℃，最热时段 12:00—15:00 不得室外作业，2010-08-03 noon却安排P1在gate执勤。",
                "2010-08-03: 37 °C, nobody may be outdoors from 12:00 to 15:00, but P1 is at gate on 2010-08-03 in shift noon.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-04 最高气温 40 ℃，应停止室外作业，2010-08-04 early却安排P1在gate执勤。",
                "2010-08-04: 40 °C, work outdoors stops, but P1 is at gate on 2010-08-04 in shift early.",
                date="2010-08-04",
            ),
            Found(
                "2010-08-07 最高气温 39.90 ℃，2010-08-07 longP1在gate要在室外 6.50 小时，上限为 6 小时。",
                "2010-08-07: 39.90 °C, P1 at gate on 2010-08-07 in shift long is outdoors for 6.50 hours; at most 6 allowed.",
                date="2010-08-07",
            ),
        ),
        HOT,
    ),
    Example(
        "indoors",
        Heat(),
        ("2010-08-03 gate noon P1", "2010-08-04 gate early P1", "2010-08-07 gate long P1"),
        (),
        HOT,
    ),
    Example(
        "at 36.9 degrees, and in limits of one's own, nothing is asked",
        Heat(limit_from=35, stop_from=36.9, hottest_from="13:00", hottest_to="16:00"),
        ("2010-08-05 town noon P1", "2010-08-06 town long P1"),
        (),
        at_the_edge(hot_days=(hot("2010-08-05", 36), hot("2010-08-06", 34.9))),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_days_that_are_not_hot_add_no_limit() -> None:
    problem = at_the_edge(hot_days=(hot("2010-07-01", 41, "2010-07-31"), hot("2010-08-05", 36)))
    columns = Columns(problem)
    assert list(Heat().limits(problem, columns)) == []
    assert len(columns) == 2


def test_the_hottest_of_several_forecasts_for_a_day_counts() -> None:
    assert HOT.hottest == {
        dt.date(2010, 8, 3): 37,
        dt.date(2010, 8, 4): 40,
        dt.date(2010, 8, 7): 39.9,
    }


def test_patrols_move_out_of_the_hottest_hours_and_days_and_the_cadence_goes_on() -> None:
    shifts = (
        Shift(id="midday", start="11:00", end="14:00"),
        Shift(id="evening", start="18:00", end="21:00"),
    )
    given = plan(shifts=shifts, areas=TOWN, teams=(Team(members={"police": 1}),))
    cool = solve(given, time_limit=10, workers=1)
    heat = (hot("2010-08-02", 38, "2010-08-15"), hot("2010-08-04", 41), hot("2010-08-09", 40))
    again = solve(given.model_copy(update={"hot_days": heat}), time_limit=10, workers=1)
    assert cool.complete
    assert again.complete
    assert again.roster is not None
    assert {patrol.shift for patrol in again.roster.patrols} == {"evening"}
    dates = [patrol.date.day for patrol in again.roster.patrols if patrol.area == "town"]
    assert not {4, 9} & set(dates)
    assert all(2 <= after - before <= 3 for before, after in pairwise(dates))


def test_a_heat_wave_longer_than_the_gap_leaves_a_roster_short_of_its_patrols() -> None:
    problem = plan(
        areas=TOWN,
        teams=(Team(members={"police": 1}),),
        hot_days=(hot("2010-08-05", 41, "2010-08-09"),),
    )
    result = solve(problem, time_limit=10, workers=1)
    assert not result.complete
    assert result.roster is not None
    town = [patrol.date.day for patrol in result.roster.patrols if patrol.area == "town"]
    assert not set(range(5, 10)) & set(town)
    assert {4, 10} <= set(town)
