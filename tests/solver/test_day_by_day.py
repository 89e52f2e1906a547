"""The cheapest dates of a few areas, held against trying all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from random import Random
from typing import Any, Literal

import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Level, PatrolsAtMost, Rule, ShiftRotation, rules_of
from patrol_scheduler.solver import day_by_day
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.conditions import Conditions
from patrol_scheduler.solver.day_by_day import cheapest
from patrol_scheduler.solver.flow import Flow
from patrol_scheduler.solver.roster_level import Entry, RosterLevel
from patrol_scheduler.solver.timetable import Timetable
from patrol_scheduler.validation import faults_of

SHIFTS = ("day", "night")
DAYS = 8
A_LEADER = 10.0


def plan(areas: int = 2, **changes: Any) -> Problem:
    """Eight days from Monday 2 August 2010, gaps of 2 or 3 days, one car, leaders on duty."""
    ids = [f"area-{i}" for i in range(areas)]
    return Problem.model_validate(
        {
            "name": "two areas that share a car",
            "start": "2010-08-02",
            "end": "2010-08-09",
            "agencies": [{"id": "cg"}],
            "officers": [
                {"id": f"cg-{i}", "agency": "cg", "leader_on_duty": True} for i in range(6)
            ],
            "shifts": [
                {"id": "day", "start": "08:00:00", "end": "11:00:00"},
                {"id": "night", "start": "20:00:00", "end": "23:00:00"},
            ],
            "areas": [{"id": area, "last_patrol": "2010-07-31"} for area in ids],
            "vehicles": [{"id": "car", "areas": ids}],
            "posts": [{"id": "lead", "kind": "leader-on-duty"}],
            "phases": [{"id": "routine", "start": "2010-08-02", "end": "2010-08-09"}],
            "cadences": [{"min_days": 2, "max_days": 3}],
            "teams": [{"members": {"cg": 1}}],
            **changes,
        }
    )


def timetable(problem: Problem) -> Timetable:
    rules = rules_of(problem)
    return Timetable(RosterLevel(problem, rules, soften=False), rules, Level.FAIRNESS)


def conditions(problem: Problem) -> Conditions:
    return timetable(problem).conditions


def time(seconds: float = 60.0) -> Budget:
    return Budget(seconds, None, None)


def drawn(problem: Problem, seed: int) -> dict[Entry, float]:
    random = Random(seed)  # noqa: S311  # a seed, not a secret
    return {
        (area.id, day, shift.id): float(random.randint(0, 30))
        for area in problem.areas
        for day in range(len(problem.dates))
        for shift in problem.shifts
    }


def sequences() -> Iterator[tuple[int, ...]]:
    """All dates of one area, counted from the first day; the last patrol was two days before it."""
    for chosen in product((False, True), repeat=DAYS):
        dates = [day for day in range(DAYS) if chosen[day]]
        gaps = [b - a for a, b in pairwise([-2, *dates])]
        if dates and all(2 <= gap <= 3 for gap in gaps) and DAYS - dates[-1] <= 3:
            yield tuple(dates)


def of_all(prices: dict[Entry, float], *, led: bool) -> float:
    """The cheapest dates of two areas, whose one car is in one place in a shift."""
    least = float("inf")
    for first, second in product(list(sequences()), repeat=2):
        cost = A_LEADER * len({*first, *second}) if led else 0.0
        for day in {*first, *second}:
            there = [f"area-{i}" for i, dates in enumerate((first, second)) if day in dates]
            cost += min(
                sum(prices[area, day, shift] for area, shift in zip(there, shifts, strict=True))
                for shifts in product(SHIFTS, repeat=len(there))
                if len(set(shifts)) == len(there)
            )
        least = min(least, cost)
    return least


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("led", [True, False])
def test_no_dates_are_cheaper_and_some_cost_as_much(seed: int, led: bool) -> None:
    problem = plan()
    prices = drawn(problem, seed)
    assert cheapest(conditions(problem), prices, time(), led=led) == pytest.approx(
        of_all(prices, led=led)
    )


def test_one_leader_on_duty_does_for_all_patrols_of_a_day() -> None:
    # Both areas on 3, 6 and 9 August, three days after their last patrols on 31 July.
    problem = plan()
    free = dict.fromkeys(drawn(problem, 0), 0.0)
    assert cheapest(conditions(problem), free, time(), led=True) == 3 * A_LEADER


def test_a_day_has_no_more_patrols_than_rules_and_officers_allow() -> None:
    # With one patrol a day at the most, two areas need leaders on twice as many days.
    rule = PatrolsAtMost(per="day", patrols=1)
    officers = [
        {"id": "cg-0", "agency": "cg"},
        {"id": "boss", "agency": "cg", "status": "cadre", "leader_on_duty": True},
    ]
    members = [{"members": {"cg": 2}}]
    for problem in (plan(rules=[rule]), plan(officers=officers, teams=members)):
        free = dict.fromkeys(drawn(problem, 0), 0.0)
        assert cheapest(conditions(problem), free, time(), led=True) == 6 * A_LEADER


def test_nobody_patrols_on_a_day_on_which_nobody_can_be_leader_on_duty() -> None:
    # 3, 6 and 9 August are the only dates three days apart; on the 6th the leader is on leave.
    leave = [{"start": "2010-08-06", "end": "2010-08-06"}]
    officers = [{"id": f"cg-{i}", "agency": "cg"} for i in range(4)]
    boss = {"id": "boss", "agency": "cg", "leader_on_duty": True}
    for away, price in (([], 3.0), (leave, float("inf"))):
        problem = plan(
            areas=1,
            officers=[*officers, boss | {"leave": away}],
            cadences=[{"min_days": 3, "max_days": 3}],
        )
        prices = dict.fromkeys(drawn(problem, 0), 1.0)
        assert cheapest(conditions(problem), prices, time(), led=False) == price


def test_where_no_dates_keep_the_cadence_there_is_no_price() -> None:
    days = [f"2010-08-0{day}" for day in range(3, 8)]
    closed = plan(patrol_dates=[{"want": "forbidden", "dates": days}])
    assert cheapest(conditions(closed), drawn(closed, 0), time(), led=True) == float("inf")


def test_where_no_area_has_a_cadence_that_could_be_kept_the_patrols_cost_nothing() -> None:
    """There are no dates to walk through then; whether that can be is told elsewhere."""
    unasked = plan(cadences=())
    assert cheapest(conditions(unasked), drawn(unasked, 0), time(), led=True) == 0.0


def test_many_areas_are_too_much_to_look_at() -> None:
    many = plan(areas=16)
    assert cheapest(conditions(many), drawn(many, 0), time(), led=True) is None


def test_days_are_walked_through_only_while_there_is_time() -> None:
    problem = plan()
    made, prices = conditions(problem), drawn(problem, 0)
    assert cheapest(made, prices, time(), led=True) is not None
    assert cheapest(made, prices, time(0.0), led=True) is None
    assert cheapest(made, prices, Budget(60.0, lambda: True, None), led=True) is None


def test_a_long_plan_of_which_every_day_is_little_may_be_too_much_in_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Four choices on each of eight days, from one past or more.
    problem = plan()
    walked = timetable(problem).bound(time())
    monkeypatch.setattr(day_by_day, "MOST_IN_ALL", 20)
    prices = drawn(problem, 0)
    assert cheapest(conditions(problem), prices, time(), led=True) is None
    # The flow, which then tells alone, is never above.
    assert timetable(problem).bound(time()) <= walked + 1e-6


def varied(random: Random) -> Problem:
    """A plan of the same shape with other areas, gaps, cars, officers and days."""
    areas = random.randint(1, 4)
    shortest = random.randint(1, 3)
    closed = [f"2010-08-{day:02}" for day in range(2, 10) if random.random() < 0.1]
    rules: list[Rule] = []
    if random.random() < 0.5:
        per: Literal["day", "shift"] = random.choice(["day", "shift"])
        rules.append(PatrolsAtMost(per=per, patrols=random.randint(1, 2)))
    if random.random() < 0.4:
        rules.append(ShiftRotation(shifts=("day",), of=2))
    return plan(
        areas=areas,
        cadences=[{"min_days": shortest, "max_days": shortest + random.randint(0, 2)}],
        vehicles=[{"id": "car", "areas": ["area-0", f"area-{areas - 1}"]}] if areas > 1 else [],
        patrol_dates=[{"want": "forbidden", "dates": closed, "areas": ["area-0"]}],
        teams=[{"members": {"cg": random.randint(1, 3)}}],
        rules=rules,
    )


def test_no_price_is_above_that_of_the_flow_which_also_looks_at_several_days() -> None:
    told = equal = 0
    for seed in range(60):
        problem = varied(Random(seed))  # noqa: S311  # a seed, not a secret
        if faults_of(problem):
            continue
        made, prices = conditions(problem), drawn(problem, seed)
        for kind in made.kinds:  # areas that are alike have the same prices
            for day, shift in kind.size:
                same = prices[kind.areas[0], day, shift]
                prices |= {(area, day, shift): same for area in kind.areas}
        found = cheapest(made, prices, time(), led=True)
        assert found is not None
        flow = Flow(made, late=False, spread=0.0, prices=prices).program
        exact = flow.minimised(Budget(20.0, None, None), seconds=20.0, nodes=2**31 - 1)
        assert found <= exact.bound + 1e-6, seed
        told += found < float("inf")
        equal += found == pytest.approx(exact.bound, abs=1e-6)
    assert told >= 15
    assert equal >= told / 2
