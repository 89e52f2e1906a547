"""Worked examples of the rules about what agencies lend and whom a phase may take."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Officer, Phase
from patrol_scheduler.rules import AgencyShare, Lending, PhaseGroup

from .worked import Example, Found, past, plan


def agencies(**police: Any) -> tuple[Agency, ...]:
    return (Agency(id="police", **police), Agency(id="city"))


TWO_GROUPS = plan(
    officers=(
        Officer(id="P1", agency="police", groups=("enforcement",)),
        Officer(id="P2", agency="police", groups=("enforcement", "patrol")),
        Officer(id="C1", agency="city"),
        Officer(id="C2", agency="city"),
    ),
    phases=(
        Phase(id="campaign", start="2010-08-02", end="2010-08-05", group="enforcement"),
        Phase(id="routine", start="2010-08-06", end="2010-08-15", group="patrol"),
    ),
)
SHARED = plan(agencies=(Agency(id="police", share=1), Agency(id="city", share=2)))

EXAMPLES = (
    Example(
        "a group by its name on one line, a phase without a group by its id",
        PhaseGroup(),
        ("2010-08-03 town day P1", "2010-08-07 town day P1"),
        (
            Found(
                "P1 2010-08-03 day有勤务，但不属于该阶段的工作组（night watch）。",
                "P1 is on duty on 2010-08-03 in shift day, but does not belong to the group of that phase (night watch).",
                date="2010-08-03",
            ),
            Found(
                "P1 2010-08-07 day有勤务，但不属于该阶段的工作组（routine）。",
                "P1 is on duty on 2010-08-07 in shift day, but does not belong to the group of that phase (routine).",
                date="2010-08-07",
            ),
        ),
        plan(
            officers=(Officer(id="P1", agency="police", groups=("enforcement",)),),
            phases=(
                Phase(id="campaign", start="2010-08-02", end="2010-08-05", group="night  watch"),
                Phase(id="routine", start="2010-08-06", end="2010-08-15"),
            ),
        ),
    ),
    Example(
        "everybody in the phases of the own groups",
        PhaseGroup(),
        ("2010-08-05 town day P1 P2 C1", "2010-08-06 town day P2 C1"),
        (),
        TWO_GROUPS,
    ),
    Example(
        "one of the enforcement group in the routine phase",
        PhaseGroup(),
        ("2010-08-06 town day P1 P2",),
        (
            Found(
                "P1 2010-08-06 day有勤务，但不属于该阶段的工作组（patrol）。",
                "P1 is on duty on 2010-08-06 in shift day, but does not belong to the group of that phase (patrol).",
                date="2010-08-06",
            ),
        ),
        TWO_GROUPS,
    ),
    Example(
        "two officers of an agency that lends one a day",
        Lending(),
        ("2010-08-03 town day P1 C1", "2010-08-03 gate night P2", "2010-08-04 town day P1"),
        (
            Found(
                "2010-08-03 police有 2 人执勤，每日最多抽调 1 人。",
                "police has 2 officers on duty on 2010-08-03; it lends at most 1 a day.",
                date="2010-08-03",
            ),
        ),
        plan(agencies=agencies(lends_a_day=1)),
    ),
    Example(
        "three duties in a week with two of them before the plan",
        Lending(),
        ("2010-08-04 town day P1",),
        (
            Found(
                "2010-08-04 所在的一周police有 3 人次勤务，每周最多 2 人次。",
                "police has 3 duties in the week of 2010-08-04; it lends at most 2 a week.",
                date="2010-08-04",
            ),
        ),
        plan(
            start="2010-08-04",
            agencies=agencies(lends_a_week=2),
            history=past("2010-08-02 town day P1", "2010-08-03 gate night P2"),
            phases=(Phase(id="routine", start="2010-08-04", end="2010-08-15"),),
        ),
    ),
    Example(
        "a new week on Monday",
        Lending(),
        ("2010-08-08 town day P1 P2", "2010-08-09 town day P1 P2"),
        (),
        plan(agencies=agencies(lends_a_week=2)),
    ),
    Example(
        "the first day of the plan counts in its week",
        Lending(),
        ("2010-08-02 town day P1", "2010-08-04 town day P2", "2010-08-06 town day P1"),
        (
            Found(
                "2010-08-02 所在的一周police有 3 人次勤务，每周最多 2 人次。",
                "police has 3 duties in the week of 2010-08-02; it lends at most 2 a week.",
                date="2010-08-02",
            ),
        ),
        plan(agencies=agencies(lends_a_week=2)),
    ),
    Example(
        "the second week ends with the plan",
        Lending(),
        (
            "2010-08-04 town day P1",
            "2010-08-09 town day P1",
            "2010-08-13 town day P1",
            "2010-08-15 town day P2",
        ),
        (
            Found(
                "2010-08-09 所在的一周police有 3 人次勤务，每周最多 2 人次。",
                "police has 3 duties in the week of 2010-08-09; it lends at most 2 a week.",
                date="2010-08-09",
            ),
        ),
        plan(agencies=agencies(lends_a_week=2)),
    ),
    Example(
        "what another agency did before the plan is not lent by this one",
        Lending(),
        ("2010-08-04 town day P1",),
        (),
        plan(
            start="2010-08-04",
            agencies=agencies(lends_a_week=1),
            history=past("2010-08-02 town day C1"),
            phases=(Phase(id="routine", start="2010-08-04", end="2010-08-15"),),
        ),
    ),
    Example(
        "days before the plan and after it are not lent",
        Lending(),
        ("2010-08-01 town day P1 P2", "2010-08-16 town day P1 P2"),
        (),
        plan(agencies=agencies(lends_a_day=1, lends_a_week=1, lends_percent=50)),
    ),
    Example(
        "33 percent of three are nobody",
        Lending(),
        ("2010-08-03 town day P1",),
        (
            Found(
                "2010-08-03 daypolice有 1 人同时执勤，最多 0 人。",
                "police has 1 officers on duty at once on 2010-08-03, shift day; at most 0 are lent.",
                date="2010-08-03",
            ),
        ),
        plan(
            agencies=agencies(lends_percent=33),
            officers=tuple(Officer(id=f"P{n}", agency="police") for n in (1, 2, 3)),
        ),
    ),
    Example(
        "half of the people at once",
        Lending(),
        ("2010-08-03 town day P1", "2010-08-03 gate night P2", "2010-08-04 town day P1 P2"),
        (
            Found(
                "2010-08-04 daypolice有 2 人同时执勤，最多 1 人。",
                "police has 2 officers on duty at once on 2010-08-04, shift day; at most 1 are lent.",
                date="2010-08-04",
            ),
        ),
        plan(agencies=agencies(lends_percent=50)),
    ),
    Example(
        "one third and two thirds",
        AgencyShare(price=5),
        ("2010-08-03 town day P1 C1 C2",),
        (),
        SHARED,
    ),
    Example(
        "half and half where two thirds are agreed",
        AgencyShare(price=5),
        ("2010-08-03 town day P1 C1",),
        (
            Found(
                "police共有 1 人次勤务，多于约定的 0.67 人次。",
                "Duties of police: 1, more than the agreed 0.67.",
                "fairness",
                amount=Fraction(1, 3),
                cost=Fraction(5, 3),
            ),
            Found(
                "city共有 1 人次勤务，少于约定的 1.33 人次。",
                "Duties of city: 1, fewer than the agreed 1.33.",
                "fairness",
                amount=Fraction(1, 3),
                cost=Fraction(5, 3),
            ),
        ),
        SHARED,
    ),
    Example(
        "what was done since the date from which duties count is made up for",
        AgencyShare(),
        ("2010-08-03 town day C1 C2",),
        (),
        plan(
            agencies=SHARED.agencies,
            history=past("2010-06-30 town day P1 P2 C1", "2010-07-01 town day P1"),
            fair_since="2010-07-01",
        ),
    ),
    Example(
        "without a date from which they count, past duties do not",
        AgencyShare(),
        ("2010-08-03 town day P1 C1 C2",),
        (),
        plan(agencies=SHARED.agencies, history=past("2010-07-01 town day P1")),
    ),
    Example(
        "days before the plan and after it are not shared",
        AgencyShare(),
        ("2010-08-01 town day P1", "2010-08-03 town day P1 C1 C2", "2010-08-16 town day P1"),
        (),
        SHARED,
    ),
    Example(
        "where every share is nothing, there is nothing to hold duties against",
        AgencyShare(),
        ("2010-08-03 town day P1",),
        (),
        plan(agencies=(Agency(id="police", share=0), Agency(id="city", share=0))),
    ),
    Example("no shares agreed", AgencyShare(), ("2010-08-03 town day P1",), ()),
    Example(
        "an agency that takes no part",
        AgencyShare(level="wishes", price=1),
        ("2010-08-03 town day P1 C1",),
        (
            Found(
                "police共有 1 人次勤务，多于约定的 0 人次。",
                "Duties of police: 1, more than the agreed 0.",
                "wishes",
            ),
            Found(
                "city共有 1 人次勤务，少于约定的 2 人次。",
                "Duties of city: 1, fewer than the agreed 2.",
                "wishes",
            ),
        ),
        plan(agencies=(Agency(id="police", share=0), Agency(id="city", share=1))),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()
