"""The demands of a plan hold all that its rules ask, each with its subject and days."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from patrol_scheduler import Problem
from patrol_scheduler.explaining.demands import ANY_DAY, Demand, Demands, Subject
from patrol_scheduler.problem import Cover, Pin, Post, Request, Shift
from patrol_scheduler.rules import (
    Columns,
    DutiesAtMost,
    HoursAtLeast,
    Level,
    Limit,
    OneDutyADay,
    TeamRule,
)
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed, random_problem

MONDAY = town().day(day("2010-09-13"))
Told = tuple[object, ...]


def told(demands: Demands, limit: Limit) -> Told:
    names = demands.columns.names
    terms = sorted((str(names[column]), weight) for column, weight in limit.terms)
    return tuple(terms), limit.at_least, limit.at_most


def limits_of(demands: Demands, found: list[Demand]) -> Counter[Told]:
    return Counter(told(demands, limit) for demand in found for limit in demand.limits)


def of(problem: Problem, rule: str, **subject: object) -> list[Demand]:
    return [
        demand
        for demand in Demands(problem).loose()
        if demand.rule.rule == rule
        and all(getattr(demand.subject, name) == value for name, value in subject.items())
    ]


@pytest.mark.parametrize("seed", range(25))
def test_nothing_that_must_be_is_left_out_and_nothing_else_is_asked(seed: int) -> None:
    problem = random_problem(Random(seed), days=(3, 6))  # noqa: S311  # a seed, not a secret
    demands = Demands(problem)
    asked = [
        limit
        for rule in demands.rules
        for limit in rule.roster_limits(problem, demands.columns)
        if limit.level <= Level.SHORTAGE
    ]
    assert limits_of(demands, demands.loose()) == Counter(told(demands, x) for x in asked)
    # Taken apart, each patrol is asked what the rules about teams ask of it.
    exact = demands.exact(demands.loose())
    assert not [demand for demand in exact if demand.summed]
    teams = [demand for demand in exact if demand.team]
    known = {(d.rule.rule, d.first, d.subject.shift) for d in demands.loose() if d.summed}
    all_teams = [
        d for d in demands.of_teams(range(len(problem.dates)))
        if (d.rule.rule, d.first, d.subject.shift) in known
    ]  # fmt: skip
    assert limits_of(demands, teams) == limits_of(demands, all_teams)
    one = {area.id for area in problem.areas[:1]}
    few = [d for d in demands.exact(demands.loose(), one) if d.team]
    assert limits_of(demands, few) == limits_of(
        demands, [d for d in teams if d.subject.area in one]
    )


@pytest.mark.parametrize("seed", range(25))
def test_each_demand_says_exactly_whom_and_which_days_it_names(seed: int) -> None:
    problem = random_problem(Random(seed), days=(3, 6))  # noqa: S311  # a seed, not a secret
    demands = Demands(problem)
    columns, agency = demands.columns, {o.id: o.agency for o in problem.officers}

    def decided(column: int) -> set[tuple[object, ...]]:
        parts = columns.any_parts.get(column) or [
            part for part, _ in columns.sum_parts.get(column, ())
        ]
        if parts:
            return set().union(*(decided(part) for part in parts))
        return set() if column in (Columns.NO, Columns.YES) else {columns.names[column]}

    for demand in demands.exact(demands.loose()):
        if demand.rule.rule in ("pins", "pinned-patrols") or not demand.limits:
            continue
        names = set().union(
            *(decided(column) for limit in demand.limits for column, _ in limit.terms)
        )
        if any(name[0] not in ("on", "member", "patrol") for name in names) or not names:
            assert (demand.first, demand.last) == ANY_DAY
            continue
        at = {"on": 2, "member": 3, "patrol": 2}
        days = {int(str(name[at[str(name[0])]])) for name in names}
        assert (demand.first, demand.last) == (min(days), max(days))
        assert demand.within_a_day == (len(days) == 1)
        officers = {str(name[1]) for name in names if name[0] != "patrol"}
        areas = {str(name[2 if name[0] == "member" else 1]) for name in names if name[0] != "on"}
        subject = demand.subject
        assert subject.area == (areas.pop() if len(areas) == 1 else None) or len(areas) > 1
        if subject.officer is not None:
            assert officers == {subject.officer}
        if subject.agency is not None:
            assert {agency[officer] for officer in officers} == {subject.agency}


def test_of_one_officer_each_day_is_one_demand_whatever_the_shifts() -> None:
    plan = changed(
        on_leave(town(), ("CG1",), "2010-09-13", "2010-09-14"),
        shifts=(*town().shifts, Shift(id="pm", start="14:00", end="17:00")),
    )
    leave = of(plan, "leave", officer="CG1")
    assert [(d.first, d.last, len(d.limits)) for d in leave] == [
        (MONDAY, MONDAY, 2), (MONDAY + 1, MONDAY + 1, 2)
    ]  # fmt: skip
    assert {d.subject for d in leave} == {Subject(officer="CG1")}
    # Nobody has two duties a day, also where one shift leaves nothing to say of it.
    for problem in (plan, town()):
        once = of(problem, "one-duty-a-day")
        assert {(d.subject.officer, d.first) for d in once} == {
            (o.id, n) for o in problem.officers for n in range(len(problem.dates))
        }
        assert len(once) == len(problem.officers) * len(problem.dates)
        assert all(d.within_a_day for d in once)


def test_what_teams_need_is_asked_of_the_agency_that_gives_it() -> None:
    loose = [d for d in of(town(), "composition") if d.first == MONDAY]
    assert {(d.subject.agency, d.subject.shift, d.summed, d.team) for d in loose} == {
        ("ga", "am", True, False), ("cg", "am", True, False), (None, "am", True, False)
    }  # fmt: skip
    demands = Demands(town())
    exact = [d for d in demands.of_teams([MONDAY]) if d.rule.rule == "composition"]
    assert {(d.subject.area, d.subject.agency) for d in exact} == {
        (area, agency) for area in ("market", "road") for agency in ("ga", "cg", None)
    }
    assert {(d.team, d.summed, d.first, d.last) for d in exact} == {(True, False, MONDAY, MONDAY)}
    assert all(isinstance(d.rule, TeamRule) for d in exact)


def test_a_post_a_week_and_the_whole_plan_are_told() -> None:
    plan = changed(
        town(), posts=(Post(id="desk"),), covers=(Cover(post="desk", at_least=1, at_most=2),),
        rules=(DutiesAtMost(duties=2, per="week"), HoursAtLeast(hours=1, officers=("CG1",))),
    )  # fmt: skip
    desk = [d for d in of(plan, "cover", post="desk") if d.first == MONDAY]
    # At least and at most are two demands.
    assert sorted(d.limits[0].at_least is None for d in desk) == [False, True]
    week = [d for d in of(plan, "duties-at-most", officer="CG1") if d.first == MONDAY]
    assert [(d.first, d.last) for d in week] == [(MONDAY, MONDAY + 6)]
    (whole,) = of(plan, "hours-at-least")
    assert (whole.first, whole.last) == (0, len(plan.dates) - 1)
    assert whole.subject.officer == "CG1"


def test_wishes_and_fair_shares_demand_nothing() -> None:
    wish = Request(officer="CG1", start=day("2010-09-14"), end=day("2010-09-14"), want="off")
    rules = {d.rule.rule for d in Demands(changed(town(), requests=(wish,))).loose()}
    assert not rules & {"requests", "fair-share", "effort"}


def test_each_pin_is_a_demand_about_what_it_names() -> None:
    pins = (
        Pin(officer="CG1", date=day("2010-09-14"), area="market", kind="must", shift="am"),
        Pin(officer="CG2", date=day("2010-09-14"), kind="forbidden"),
        Pin(officer="CG2", date=day("2010-09-15"), kind="forbidden"),
    )
    plan = changed(town(), pins=pins)
    found = [(d.subject, d.first, d.last) for d in of(plan, "pins")]
    assert found == [
        (Subject("market", "CG1", None, shift="am"), MONDAY + 1, MONDAY + 1),
        (Subject(officer="CG2"), MONDAY + 1, MONDAY + 1),
        (Subject(officer="CG2"), MONDAY + 2, MONDAY + 2),
    ]


def test_the_rules_may_be_given() -> None:
    demands = Demands(town(), [OneDutyADay()])
    assert {d.rule.rule for d in demands.loose()} == {"one-duty-a-day"}
    assert demands.loose() is demands.loose()
