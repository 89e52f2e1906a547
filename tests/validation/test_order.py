"""In which order faults are told, and what is told where parts of a plan are damaged."""

from __future__ import annotations

from pydantic import BaseModel

from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    Phase,
    Post,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.validation import CHECKS, faults_of, plan_faults
from patrol_scheduler.validation.strength import LARGEST
from tests.validation.plans import (
    day,
    officer,
    plan,
)


def test_faults_come_in_the_order_of_the_plan() -> None:
    changes = {
        "start": day("2010-08-02"),
        "agencies": [Agency(id="GA"), Agency(id="CG"), Agency(id="CG")],
        "cadences": [Cadence(min_days=4, max_days=3)],
        "timezone": "x",
    }
    found = [fault.path[0] for fault in faults_of(plan(**changes))]
    assert found == ["agencies", "phases", "timezone", "cadences"]


def test_faults_of_one_list_come_entry_by_entry() -> None:
    officers = [Officer(id="CG01", agency="GB"), *officer(), Officer(id="GA01", agency="GB")]
    found = [fault.place for fault in faults_of(plan(officers=officers))]
    assert found == [
        "officers[0].agency (CG01)",
        "officers[2].id",
        "officers[3].id",
        "officers[3].agency (GA01)",
    ]


def test_a_list_of_absurd_size_is_all_that_is_told() -> None:
    many = tuple(Area(id=f"a{n}") for n in range(LARGEST["areas"] + 1))
    (fault,) = faults_of(plan(areas=many, timezone="x"))
    assert (fault.place, fault.what, fault.value) == ("areas", "too-many", 5001)


def test_checks_stay_away_from_what_is_damaged() -> None:
    broken = plan(timezone="x", cadences=[Cadence(min_days=4, max_days=3)])
    assert [f.what for f in plan_faults(broken)] == ["gap-upside-down", "unknown-timezone"]
    assert [f.what for f in plan_faults(broken, {"cadences.min_days"})] == ["unknown-timezone"]
    assert [f.what for f in plan_faults(broken, {"timezone"})] == ["gap-upside-down"]
    # A damaged field touches the checks that need the whole list; a damaged list all its fields.
    short = plan(officers=officer(leader=False))
    assert [f.what for f in plan_faults(short)] == ["team-above-leaders"]
    assert [f.what for f in plan_faults(short, {"officers.leave"})] == ["team-above-leaders"]
    assert not list(plan_faults(short, {"officers.leader"}))
    assert not list(plan_faults(short, {"officers"}))


def test_what_checks_need_exists() -> None:
    lists: dict[str, type[BaseModel]] = {
        "officers": Officer, "areas": Area, "posts": Post, "phases": Phase, "shifts": Shift,
        "teams": Team,
    }  # fmt: skip
    for _, needs in CHECKS:
        for need in needs:
            name, _, field = need.partition(".")
            assert name in Problem.model_fields
            assert not field or field in lists[name].model_fields
