"""What is settled beforehand: pinned duties and patrols."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from patrol_scheduler import check, replan, solve
from patrol_scheduler.problem import Pin, Problem, Team
from patrol_scheduler.rules import Columns, PinnedPatrols, Pins, PreferredPatrols, TeamRule
from patrol_scheduler.rules.pins import ROLE_OF, pinned_roles
from tests.strategies import changed, random_problem, random_roster

from .worked import (
    Example,
    Found,
    limit_costs,
    plan,
    roster,
    violation_costs,
)


def pin(kind: str, date: str = "2010-08-03", **more: Any) -> Pin:
    return Pin(date=dt.date.fromisoformat(date), officer="P1", kind=kind, **more)


def pinned(kind: str, **more: Any) -> Problem:
    return plan(pins=(pin(kind, **more),), teams=(Team(members={"police": 1}),))


def with_roles(**more: Any) -> Problem:
    """P1 and P2 can lead and drive, the others cannot."""
    able = [
        officer.model_copy(update={"leader": True, "driver": True})
        if "P" in officer.id
        else officer
        for officer in plan().officers
    ]
    return changed(pinned("must", **more), officers=tuple(able))


def must(zh: str, en: str) -> tuple[Found]:
    return (Found(f"2010-08-03{zh}", f"2010-08-03{en}", date="2010-08-03"),)


NOTHING = ("2010-08-04 town day P1",)
EXAMPLES = (
    Example("any duty does", Pins(), ("2010-08-03 gate night P1",), (), pinned("must")),
    Example(
        "no duty on the day",
        Pins(),
        NOTHING,
        must("：P1固定有勤务，却没有安排。", ": P1 is pinned to a duty but has none."),
        pinned("must"),
    ),
    Example(
        "the post and the shift that are named",
        Pins(),
        ("2010-08-03 gate day P1", "2010-08-03 town night P1"),
        must("：P1固定有勤务，却没有安排。", ": P1 is pinned to a duty but has none."),
        pinned("must", post="gate", shift="night"),
    ),
    Example(
        "a pin to an area has it patrolled",
        Pins(),
        ("2010-08-03 road day P1",),
        must(
            "：P1固定参加town的巡逻，当天却没有这次巡逻。",
            ": P1 is pinned to the patrol of town, which does not take place.",
        ),
        pinned("must", area="town"),
    ),
    Example(
        "a pin to an area has the officer on patrol in its shift",
        Pins(),
        ("2010-08-03 town night P2", "2010-08-03 gate night P1", "2010-08-03 road day P1"),
        must(
            " night：P1固定参加town的巡逻，却没有巡逻勤务。",
            " night: P1 is pinned to the patrol of town but not on patrol.",
        ),
        pinned("must", area="town"),
    ),
    Example(
        "in which patrol of the shift is for the other rule to see",
        Pins(),
        ("2010-08-03 town day P2", "2010-08-03 road day P1"),
        (),
        pinned("must", area="town", shift="day"),
    ),
    Example(
        "whoever is in the pinned patrol by day may be in another one at night",
        Pins(),
        ("2010-08-03 town day P1", "2010-08-03 road night P1"),
        (),
        pinned("must", area="town"),
    ),
    Example(
        "kept from the whole day",
        Pins(),
        ("2010-08-03 town day P2", "2010-08-03 gate night P1", "2010-08-04 town day P1"),
        must(
            " night：P1不得有这项勤务，却安排了。", " night: P1 is kept from this duty but has it."
        ),
        pinned("forbidden"),
    ),
    Example(
        "kept from a post",
        Pins(),
        ("2010-08-03 town night P1",),
        (),
        pinned("forbidden", post="gate"),
    ),
    Example(
        "a preferred shift that is not given",
        Pins(price=7),
        ("2010-08-03 town day P1",),
        (
            Found(
                "2010-08-03：P1优先的勤务没有安排。",
                "2010-08-03: P1 does not have the preferred duty.",
                "wishes",
                "2010-08-03",
                1,
                7,
            ),
        ),
        pinned("prefer", shift="night"),
    ),
    Example("a preferred duty", Pins(), ("2010-08-03 town day P1",), (), pinned("prefer")),
    Example(
        "whoever is pinned to lead leads",
        Pins(),
        ("2010-08-03 town day P2 P1=leader",),
        (),
        with_roles(area="town", role="leader"),
    ),
    Example(
        "another leads instead",
        Pins(),
        ("2010-08-03 town day P2=leader P1",),
        must(
            " day巡逻town：P1固定带队，却没有带队。",
            " day, patrol of town: P1 is pinned to lead it but does not.",
        ),
        with_roles(area="town", role="leader"),
    ),
    Example(
        "whoever is pinned to drive, in any area",
        Pins(),
        ("2010-08-03 road night P2=leader-driver P1",),
        must(
            " night巡逻road：P1固定驾驶，却没有驾驶。",
            " night, patrol of road: P1 is pinned to drive in it but does not.",
        ),
        with_roles(role="driver"),
    ),
    Example(
        "leads though pinned to be a member, and another can",
        Pins(),
        ("2010-08-03 town day P1=leader P2",),
        must(
            " day巡逻town：P1固定为其他角色，在他人能带队时却带队。",
            " day, patrol of town: P1 is pinned to another role but leads it, though others can.",
        ),
        with_roles(area="town", role="member"),
    ),
    Example(
        "drives though pinned to lead, and another can",
        Pins(),
        ("2010-08-03 town day P1=leader-driver P2",),
        must(
            " day巡逻town：P1固定为其他角色，在他人能驾驶时却驾驶。",
            " day, patrol of town: P1 is pinned to another role but drives in it, though others can.",
        ),
        with_roles(area="town", role="leader"),
    ),
    Example(
        "whoever is pinned to both does neither",
        Pins(),
        ("2010-08-03 town day P2=leader-driver P1",),
        must(
            " day巡逻town：P1固定带队，却没有带队。",
            " day, patrol of town: P1 is pinned to lead it but does not.",
        )
        + must(
            " day巡逻town：P1固定驾驶，却没有驾驶。",
            " day, patrol of town: P1 is pinned to drive in it but does not.",
        ),
        with_roles(area="town", role="leader-driver"),
    ),
    Example(
        "of two who are pinned to lead neither does",
        Pins(),
        ("2010-08-03 town day P1 P2 C1=leader",),
        must(
            " day巡逻town：P1固定带队，却没有带队。",
            " day, patrol of town: P1 is pinned to lead it but does not.",
        ),
        changed(
            with_roles(),
            pins=tuple(
                Pin(date="2010-08-03", officer=o, kind="must", area="town", role="leader")
                for o in ("P1", "P2")
            ),
        ),
    ),
    Example(
        "the day after the plan is not asked about",
        Pins(),
        ("2010-08-16 town day P2=leader P1",),
        (),
        with_roles(date="2010-08-16", area="town", role="leader"),
    ),
    Example(
        "nobody else can lead",
        Pins(),
        ("2010-08-03 town day P1=leader C1",),
        (),
        with_roles(area="town", role="member"),
    ),
    Example(
        "in the patrol",
        PinnedPatrols(),
        ("2010-08-03 town day P2 P1", "2010-08-04 town day P2"),
        (),
        pinned("must", area="town"),
    ),
    Example(
        "in the wrong patrol of the shift",
        PinnedPatrols(),
        ("2010-08-03 town day P2", "2010-08-03 road day P1"),
        must(
            " day巡逻town：P1固定在这次巡逻中，却不在队。",
            " day, patrol of town: P1 is pinned to it but not there.",
        ),
        pinned("must", area="town"),
    ),
    Example(
        "another shift is not meant",
        PinnedPatrols(),
        ("2010-08-03 town day P2",),
        (),
        pinned("must", area="town", shift="night"),
    ),
    Example(
        "kept from the patrol",
        PinnedPatrols(),
        ("2010-08-03 town day P1", "2010-08-04 town day P1"),
        must(
            " day巡逻town：P1不得参加这次巡逻，却在队。",
            " day, patrol of town: P1 is kept from it but there.",
        ),
        pinned("forbidden", area="town"),
    ),
    Example(
        "a preferred patrol without the officer",
        PreferredPatrols(price=5),
        ("2010-08-03 town day P2", "2010-08-04 town day P2", "2010-08-03 road day P1"),
        (
            Found(
                "2010-08-03 day巡逻town：优先参加的P1不在队。",
                "2010-08-03 day, patrol of town: P1, who should be in it, is not.",
                "wishes",
                "2010-08-03",
                1,
                5,
            ),
        ),
        pinned("prefer", area="town"),
    ),
    Example(
        "a preferred patrol has the price of three wishes unless the plan says another",
        PreferredPatrols(),
        ("2010-08-03 town day P2",),
        (
            Found(
                "2010-08-03 day巡逻town：优先参加的P1不在队。",
                "2010-08-03 day, patrol of town: P1, who should be in it, is not.",
                "wishes",
                "2010-08-03",
                1,
                3,
            ),
        ),
        pinned("prefer", area="town"),
    ),
    Example(
        "a preferred patrol with the officer",
        PreferredPatrols(),
        ("2010-08-03 town night P1",),
        (),
        pinned("prefer", area="town", shift="night"),
    ),
    Example(
        "a preferred patrol in another shift",
        PreferredPatrols(),
        ("2010-08-03 town day P2",),
        (),
        pinned("prefer", area="town", shift="night"),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_a_pin_outside_the_rostered_days_asks_nothing() -> None:
    for kind in ("must", "forbidden"):
        for date in ("2010-08-01", "2010-08-16"):
            problem = pinned(kind, date=date, area="town")
            Example("outside", Pins(), (), (), problem).holds()


@pytest.mark.parametrize("rule", [PinnedPatrols(), PreferredPatrols()])
def test_pins_look_at_the_areas_that_they_name(rule: TeamRule) -> None:
    both = (pin("must", area="town"), pin("must", area="road"))
    for pins, named in (both[:1], ["town", None]), (both, ["town", "road"]), ((), [None, None]):
        problem = plan(pins=pins)
        assert [rule.looks_at(problem, area) for area in problem.areas] == named


@pytest.mark.parametrize(
    ("kind", "area", "pinned_patrols", "preferred_patrols"),
    [
        ("must", "town", True, False),
        ("forbidden", "town", True, False),
        ("prefer", "town", False, True),
        ("must", None, False, False),
        ("prefer", None, False, False),
    ],
)
def test_only_a_pin_to_an_area_asks_who_is_in_a_patrol(
    kind: str, area: str | None, pinned_patrols: bool, preferred_patrols: bool
) -> None:
    problem = pinned(kind, area=area)
    assert PinnedPatrols().used_by(problem) == pinned_patrols
    assert PreferredPatrols().used_by(problem) == preferred_patrols


def test_what_is_missing_is_missing_in_the_shift_that_the_pin_names() -> None:
    problem = pinned("must", shift="night")
    [found] = Pins().violations(problem, roster(problem, "2010-08-03 town day P1"))
    assert (found.what, found.shift) == ("missing", "night")


def test_a_pinned_role_is_asked_in_its_area_and_its_shift_only() -> None:
    pins = (
        pin("must", area="town", role="leader"),
        Pin(date="2010-08-03", officer="P2", kind="must", shift="night", role="driver"),
        Pin(date="2010-08-03", officer="C1", kind="must", area="town"),
        Pin(date="2010-08-04", officer="C2", kind="must", role="member"),
    )
    problem = changed(with_roles(), pins=pins)
    third = dt.date(2010, 8, 3)
    assert pinned_roles(problem, "town", third, "day") == {"P1": "leader"}
    assert pinned_roles(problem, "town", third, "night") == {"P1": "leader", "P2": "driver"}
    assert pinned_roles(problem, "road", third, "night") == {"P2": "driver"}
    assert pinned_roles(problem, "road", third, "day") == {}


def test_a_role_is_named_by_its_parts() -> None:
    for parts, role in ROLE_OF.items():
        assert parts == set(role.split("-")) - {"member"}
    assert set(ROLE_OF.values()) == {"member", "leader", "driver", "leader-driver"}


def test_pinned_roles_are_said_twice_alike() -> None:
    """Whatever roles pins name and members have, limits are broken where violations are found."""
    broken = kept = 0
    roles = ("leader", "driver", "leader-driver", "member")
    for seed in range(150):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = random_problem(rng)
        made = random_roster(rng, problem, tidy=False)
        pins = tuple(
            Pin(date=p.date, officer=rng.choice(p.members).officer, kind="prefer",
                area=rng.choice([None, p.area]), role=rng.choice(roles))
            for p in made.patrols for _ in range(2) if p.members
        )  # fmt: skip
        problem = changed(problem, pins=pins)
        # Two in a patrol twice over have no certain role.
        patrols = tuple(
            p.model_copy(update={"members": tuple(
                m.model_copy(update={"role": rng.choice(roles)})
                for m in {m.officer: m for m in p.members}.values()
            )})
            for p in {(p.area, p.date, p.shift): p for p in made.patrols}.values()
        )  # fmt: skip
        made = made.model_copy(update={"patrols": patrols})
        columns = Columns(problem)
        missed, _ = limit_costs(list(Pins().limits(problem, columns)), columns, made)
        found, _ = violation_costs(list(Pins().violations(problem, made)))
        assert bool(missed) == bool(found), seed
        broken, kept = broken + bool(found), kept + (bool(pins) and not found)
    assert broken > 30
    assert kept > 3


def test_rosters_that_are_made_have_the_pinned_roles() -> None:
    problem = with_roles(area="town", role="driver")
    problem = changed(problem, areas=problem.areas[:1], posts=())
    found = solve(problem, time_limit=10, seed=1, workers=1).roster
    assert found is not None
    assert not list(Pins().violations(problem, found))
    team = next(p for p in found.patrols if (p.area, p.date.day) == ("town", 3)).members
    assert "driver" in next(m.role for m in team if m.officer == "P1")
    # By hand another drives; replanning gives the role back and changes no duty.
    others = tuple(
        patrol.model_copy(update={"members": tuple(
            m.model_copy(update={"role": "member"}) for m in patrol.members
        )})
        for patrol in found.patrols
    )  # fmt: skip
    by_hand = found.model_copy(update={"patrols": others})
    assert [v.what for v in Pins().violations(problem, by_hand)] == ["not-driver"]
    again = replan(problem, by_hand, dt.date(2010, 8, 1))
    assert again.roster is not None
    assert check(problem, again.roster).complete
    assert again.changed_duties == 0
