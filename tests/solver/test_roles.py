"""Who leads and who drives: what pins ask for, and what was before the plan."""

from __future__ import annotations

import datetime as dt

from patrol_scheduler.problem import Officer, PastDuty, Pin, Problem
from patrol_scheduler.solver.team_level import Roles
from tests.rules.worked import plan

DAY = dt.date(2010, 8, 3)
OFFICERS = tuple(
    Officer(id=name, agency="police", leader=name != "C", driver=True) for name in "ABC"
)


def roles(problem: Problem, date: dt.date = DAY, area: str = "town") -> dict[str, str]:
    made = Roles(problem).members(["A", "B", "C"], area, date, "day")
    return {member.officer: member.role for member in made}


def pinned(*pins: tuple[str, str, dict[str, str]]) -> Problem:
    return plan(
        officers=OFFICERS,
        pins=tuple(
            Pin(date=DAY, officer=officer, kind="must", role=role, **more)
            for officer, role, more in pins
        ),
    )


def test_without_pins_the_first_leads_and_another_drives() -> None:
    assert roles(plan(officers=OFFICERS)) == {"A": "leader", "B": "driver", "C": "member"}


def test_a_pin_gives_its_officer_the_role_on_its_date_and_in_its_area() -> None:
    problem = pinned(("B", "leader", {"area": "town"}))
    assert roles(problem) == {"B": "leader", "A": "driver", "C": "member"}
    assert roles(problem, area="road")["A"] == "leader"
    assert roles(problem, date=dt.date(2010, 8, 4))["A"] == "leader"
    elsewhere = pinned(("B", "leader", {"area": "town", "shift": "night"}))
    assert roles(elsewhere)["A"] == "leader"


def test_who_is_pinned_as_a_member_neither_leads_nor_drives_where_others_can() -> None:
    assert roles(pinned(("A", "member", {}))) == {"A": "member", "B": "leader", "C": "driver"}
    both = roles(pinned(("B", "leader-driver", {})))
    assert both == {"A": "member", "B": "leader-driver", "C": "member"}


def test_who_led_before_the_plan_leads_less_often() -> None:
    past = PastDuty(date=dt.date(2010, 7, 31), shift="day", officer="A", area="town", role="leader")
    assert roles(plan(officers=OFFICERS, history=(past,)))["B"] == "leader"
    unknown = past.model_copy(update={"role": None})
    assert roles(plan(officers=OFFICERS, history=(unknown,)))["A"] == "leader"
