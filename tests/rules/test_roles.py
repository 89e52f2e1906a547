"""Who leads and who drives a patrol whose team is known: worked examples and random teams."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import pytest

from patrol_scheduler.problem import Officer, Pin, Problem
from patrol_scheduler.roster import Member
from patrol_scheduler.rules.pins import PARTS, pinned_roles
from patrol_scheduler.rules.roles import named, with_roles

from .worked import plan, roster

DAY = dt.date(2010, 8, 3)
NIGHT_BEFORE = dt.date(2010, 8, 2)
ABLE = {"L": (True, False), "D": (False, True), "B": (True, True), "N": (False, False)}


def force(*pins: str) -> Problem:
    """Officers named for what they can: L leads, D drives, B both, N neither; two of each.

    A pin is ``L1=leader``, on 3 August anywhere.
    """
    return plan(
        officers=tuple(
            Officer(id=f"{can}{n}", agency="police", leader=leads, driver=drives)
            for can, (leads, drives) in ABLE.items()
            for n in (1, 2)
        ),
        pins=tuple(
            Pin(date=DAY, officer=officer, kind="must", role=role)
            for officer, _, role in (pin.partition("=") for pin in pins)
        ),
    )


def members(line: str) -> tuple[Member, ...]:
    """The members in a line like ``L1=leader N1``."""
    pairs = (officer.partition("=") for officer in line.split())
    return tuple(Member(officer=officer, role=role or "member") for officer, _, role in pairs)


CHANGES = {
    "who stays keeps the role": ("B1 B2=leader-driver", "B1 B2", "B1 B2=leader-driver"),
    "who led alone and who drove alone go on": (
        "N1 B1=driver B2=leader",
        "B2 B1 N1",
        "N1 B1=driver B2=leader",
    ),
    "a newcomer sits where somebody left": (
        "L1=leader N1 D1=driver",
        "D1 L1 N2",
        "L1=leader N2 D1=driver",
    ),
    "newcomers come in the order of the team, those too many last": (
        "L1=leader N1 D1=driver",
        "L2 D2 L1 N2",
        "L1=leader L2 D2=driver N2",
    ),
    "where nobody comes the others move up": (
        "N1 L1=leader N2 D1=driver",
        "D1 L1",
        "L1=leader D1=driver",
    ),
    "the lead passes to the newcomer who can, before one who stays": (
        "L1=leader L2 D1=driver",
        "B1 L2 D1",
        "B1=leader L2 D1=driver",
    ),
    "the wheel passes to the newcomer who can, before one who stays": (
        "D1 D2=driver L1=leader",
        "D1 L1 B1",
        "D1 B1=driver L1=leader",
    ),
    "the lead passes to one who stays where the newcomer cannot": (
        "L1=leader N1 L2 D1=driver",
        "D1 L2 N1 N2",
        "N2 N1 L2=leader D1=driver",
    ),
    "who drives leads only where nobody else can": (
        "B1=driver L1=leader L2",
        "B1 L2",
        "B1=driver L2=leader",
    ),
    "who drives leads, too, where nobody else can": (
        "B1=driver L1=leader N1",
        "B1 N1",
        "B1=leader-driver N1",
    ),
    "who leads drives only where nobody else can": (
        "B1=leader D1 D2=driver",
        "B1 D1",
        "B1=leader D1=driver",
    ),
    "who leads drives, too, where nobody else can": (
        "N1 B1=leader D1=driver",
        "B1 N1",
        "N1 B1=leader-driver",
    ),
    "a newcomer who leads leaves the wheel to one who stays": (
        "L1=leader B2 D1=driver",
        "B1 B2",
        "B1=leader B2=driver",
    ),
    "who can no longer lead loses the lead alone": (
        "D1=leader-driver L1",
        "D1 L1",
        "D1=driver L1=leader",
    ),
    "who can no longer drive loses the wheel alone": (
        "L1=leader-driver D1",
        "L1 D1",
        "L1=leader D1=driver",
    ),
    "nobody is named for what nobody can": ("", "N1 N2", "N1 N2"),
    "nobody leads where all can only drive": ("", "D1 D2", "D1=driver D2"),
    "nobody drives where all can only lead": ("", "L1 L2", "L1=leader L2"),
    "in a new team the first leads and the next drives": ("", "B1 B2", "B1=leader B2=driver"),
    "alone one leads and drives": ("", "B1", "B1=leader-driver"),
}
PINNED = {
    "a pin takes the lead from who has it": (
        ("B2=leader",),
        "B1=leader-driver B2",
        "B1 B2",
        "B1=driver B2=leader",
    ),
    "a pin to lead and drive takes both": (
        ("B2=leader-driver",),
        "L1=leader D1=driver B2",
        "L1 D1 B2",
        "L1 D1 B2=leader-driver",
    ),
    "a newcomer who is pinned comes in and leads": (
        ("L2=leader",),
        "L1=leader D1=driver N1",
        "L2 D1 L1",
        "L1 D1=driver L2=leader",
    ),
    "pinned as a member one gives the lead away where another can": (
        ("B1=member",),
        "B1=leader-driver B2 D1",
        "B1 B2 D1",
        "B1 B2=leader D1=driver",
    ),
    "pinned as a member one leads where nobody else can": (
        ("L1=member",),
        "L1 D1=driver",
        "L1 D1",
        "L1=leader D1=driver",
    ),
    "who leads drives before one who is pinned as a member": (
        ("D1=member",),
        "D1=driver B1=leader",
        "D1 B1",
        "D1 B1=leader-driver",
    ),
    "a newcomer pinned as a member leads after who stays": (
        ("L1=member",),
        "N1 L2",
        "L1 L2",
        "L1 L2=leader",
    ),
    "the pin of somebody outside the team takes nothing": (
        ("B2=leader-driver",),
        "L1=leader D1=driver",
        "L1 D1",
        "L1=leader D1=driver",
    ),
    "the pin of somebody who leaves takes nothing": (
        ("L2=leader",),
        "L2=leader L1 D1=driver",
        "L1 D1",
        "L1=leader D1=driver",
    ),
}


@pytest.mark.parametrize(("before", "team", "after"), CHANGES.values(), ids=CHANGES)
def test_who_leads_and_drives_after_a_change(before: str, team: str, after: str) -> None:
    made = with_roles(force(), members(before), team.split(), (DAY, "town", "day"))
    assert made == members(after)


@pytest.mark.parametrize(("pins", "before", "team", "after"), PINNED.values(), ids=PINNED)
def test_what_pins_name_comes_first(
    pins: tuple[str, ...], before: str, team: str, after: str
) -> None:
    made = with_roles(force(*pins), members(before), team.split(), (DAY, "town", "day"))
    assert made == members(after)


def test_a_pin_holds_on_its_date_only() -> None:
    before, problem = members("B1=leader-driver B2"), force("B2=leader")
    assert with_roles(problem, before, ["B1", "B2"], (NIGHT_BEFORE, "town", "day")) == before


def test_a_roster_made_by_hand_gets_roles_after_the_frozen_dates() -> None:
    problem = force("L2=leader")
    by_hand = roster(
        problem,
        "2010-08-02 town day L1 D1",
        "2010-08-03 town day L1 D1 L2",
        "2010-08-03 road night D1 N1",
        "2010-08-04 town night L1 D1 L2",
        "2010-08-04 gate day N2",
    )
    made = named(problem, by_hand, NIGHT_BEFORE)
    assert made == roster(
        problem,
        "2010-08-02 town day L1 D1",
        "2010-08-03 town day L1 D1=driver L2=leader",
        "2010-08-03 road night D1=driver N1",
        "2010-08-04 town night L1=leader D1=driver L2",
        "2010-08-04 gate day N2",
    )
    assert named(problem, made, NIGHT_BEFORE) == made
    everything = named(problem, by_hand, dt.date.min).patrols
    assert everything[0].members == members("L1=leader D1=driver")


def test_in_any_team_each_part_is_given_once_where_somebody_can() -> None:
    rng = Random(7)  # noqa: S311  # a seed, not a secret
    ids = [officer.id for officer in force().officers]
    pinned = 0
    for _ in range(150):
        pins = rng.sample(
            ["B1=leader", "L1=leader", "B2=driver", "D1=driver", "B1=member", "L2=member"], 2
        )
        if len({pin.partition("=")[0] for pin in pins}) < 2:
            pins = pins[:1]
        if {"B1=leader", "L1=leader"} <= {*pins} or {"B2=driver", "D1=driver"} <= {*pins}:
            pins = pins[:1]  # a plan has one leader and one driver pinned at most
        problem = force(*pins)
        able = problem.officer_by_id
        slot = (DAY, "town", "day")
        before = with_roles(force(), (), rng.sample(ids, rng.randint(0, 4)), slot)
        team = rng.sample(ids, rng.randint(1, 5))
        after = with_roles(problem, before, team, slot)
        does = {m.officer: {*m.role.split("-")} for m in after}
        holders = Counter(part for parts in does.values() for part in parts)
        assert sorted(m.officer for m in after) == sorted(team)
        stayed = [m.officer for m in before if m.officer in team]
        assert [m.officer for m in after if m.officer in stayed] == stayed
        for part in PARTS:
            assert holders[part] == any(getattr(able[officer], part) for officer in team)
            assert all(getattr(able[o], part) for o, parts in does.items() if part in parts)
        for officer, role in pinned_roles(problem, "town", DAY, "day").items():
            if officer in team:
                pinned += 1
                assert {*role.split("-")} - {"member"} <= does[officer]
        assert with_roles(problem, after, team, slot) == after
    assert pinned > 30
