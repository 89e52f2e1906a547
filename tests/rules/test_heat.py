"""Great heat: outdoors for fewer hours and not in the hottest, or not at all."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, pairwise
from typing import Any

import pytest

from patrol_scheduler import solve
from patrol_scheduler.problem import Area, HotDays, PastDuty, Problem, Shift, Team
from patrol_scheduler.rules import Columns, Heat

from .worked import Example, Found, limit_costs, past, plan, roster, violation_costs

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


def at_the_edge(**changes: Any) -> Problem:
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
        "at just 37 degrees one patrol of 6.5 hours is too long by itself",
        Heat(),
        ("2010-08-03 town long P1",),
        (
            Found(
                "2010-08-03 最高气温 37 ℃，2010-08-03 long巡逻town要在室外 6.50 小时，上限为 6 小时。",
                "2010-08-03: 37 °C, the patrol of town on 2010-08-03 in shift long is outdoors for 6.50 hours; at most 6 allowed.",
                date="2010-08-03",
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


# Shifts that touch the hottest hours, midnight and six hours, or reach over them by a minute.
EDGES = tuple(
    Shift(id=f"{start}-{end}", start=start, end=end)
    for start, end in (
        ("10:00", "12:00"),
        ("10:00", "12:31"),
        ("15:00", "17:00"),
        ("14:59", "17:00"),
        ("17:00", "23:00"),
        ("17:59", "00:00"),
        ("22:00", "00:01"),
        ("22:00", "02:30"),
        ("00:00", "01:00"),
        ("06:00", "06:30"),
        ("06:30", "07:00"),
    )
)
RULES = (
    Heat(),
    Heat(hottest_from="12:30", posts=("gate",)),
    Heat(hours=2, posts=("gate",)),
    Heat(hours=0.5, limit_from=36),
)


def near(degrees: float, first: str, last: str, **changes: Any) -> Problem:
    """The days before, of and after the 4th are in the plan, or only those from ``first``."""
    return plan(
        first,
        last,
        areas=TOWN,
        shifts=EDGES,
        shifts_may_overlap=True,
        hot_days=(hot("2010-08-04", degrees),),
        **changes,
    )


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("degrees", [36.9, 37, 39.9, 40])
@pytest.mark.parametrize(
    "days",
    [("2010-08-03", "2010-08-05"), ("2010-08-04", "2010-08-04"), ("2010-08-01", "2010-08-03")],
    ids="-".join,
)
def test_limits_and_violations_agree_on_each_duty_and_on_two(
    rule: Heat, degrees: float, days: tuple[str, str]
) -> None:
    problem = near(degrees, *days)
    columns = Columns(problem)
    limits = list(rule.limits(problem, columns))
    turns = [
        f"{date} {place} {shift.id} P1"
        for date in ("2010-08-03", "2010-08-04", "2010-08-05")
        if days[0] <= date <= days[1]
        for place in ("town", "gate")
        for shift in EDGES
    ] + ["2010-08-04 town 17:59-00:00"]  # nobody is in this patrol
    for lines in (*((turn,) for turn in turns), *combinations(turns, 2)):
        made = roster(problem, *lines)
        told = violation_costs(list(rule.violations(problem, made)))
        broken, costs = limit_costs(limits, columns, made)
        assert (bool(broken), costs) == (bool(told[0]), told[1]), lines


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("degrees", [37, 40])
def test_duties_before_the_plan_count_but_are_not_blamed(rule: Heat, degrees: float) -> None:
    """Nobody is told of what is past; it leaves fewer hours."""
    for shift in EDGES:
        for place in ("town", "gate"):
            before = past(f"2010-08-03 {place} {shift.id} P1", f"2010-08-03 {place} {shift.id} C1")
            hot_days = (hot("2010-08-04", degrees), hot("2010-08-06", 41))
            problem = plan(
                "2010-08-04",
                "2010-08-06",
                areas=TOWN,
                shifts=EDGES,
                shifts_may_overlap=True,
                hot_days=hot_days,
                history=before,
            )
            columns = Columns(problem)
            limits = list(rule.limits(problem, columns))
            for lines in ((), *((f"2010-08-04 town {later.id} P1",) for later in EDGES)):
                made = roster(problem, *lines)
                told = violation_costs(list(rule.violations(problem, made)))[0]
                assert bool(limit_costs(limits, columns, made)[0]) == bool(told), (before, lines)
                assert lines or not told


def test_a_plan_of_posts_counts_a_patrol_of_the_evening_before() -> None:
    """Two and a half hours of the night and four in the morning are half an hour too many."""
    morning = Shift(id="morning", start="06:00", end="10:00")
    problem = plan(
        "2010-08-04",
        "2010-08-05",
        areas=(),
        cadences=(),
        shifts=(*EDGES, morning),
        shifts_may_overlap=True,
        hot_days=(hot("2010-08-04", 38),),
        history=(PastDuty(date="2010-08-03", shift="22:00-02:30", officer="P1"),),
    )
    rule, columns = Heat(posts=("gate",)), Columns(problem)
    limits = list(rule.limits(problem, columns))
    assert not any(name[0] == "on" and name[4] is None for name in columns.names)
    for officer, beyond in (("P1", 0.5), ("P2", 0)):
        made = roster(problem, f"2010-08-04 gate morning {officer}")
        found = list(rule.violations(problem, made))
        assert sum(violation.amount for violation in found) == beyond
        assert bool(limit_costs(limits, columns, made)[0]) == bool(found)


def test_shifts_of_six_hours_in_all_need_no_limit_on_hours() -> None:
    """The shift at noon is closed and counts no more."""
    shifts = (
        Shift(id="early", start="06:00", end="10:00"),
        Shift(id="noon", start="11:00", end="13:00"),
        Shift(id="late", start="17:00", end="19:00"),
    )
    problem = plan(shifts=shifts, hot_days=(hot("2010-08-02", 38), hot("2010-08-04", 38)))
    columns = Columns(problem)
    limits = list(Heat().limits(problem, columns))
    assert {len(limit.terms) for limit in limits} == {1}
    assert {columns.names[limit.terms[0][0]][3] for limit in limits} == {"noon"}


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
