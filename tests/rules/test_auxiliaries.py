"""Auxiliaries beside regular officers, and alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.problem import Officer, Phase, Problem, Team
from patrol_scheduler.rules import Auxiliaries

from .worked import Example, Found, plan

AUGUST = (dt.date(2010, 8, 2), dt.date(2010, 8, 15))
STAFF = (
    Officer(id="P1", agency="police", status="police"),
    Officer(id="P2", agency="police", status="auxiliary-police"),
    Officer(id="P3", agency="police", status="auxiliary-police"),
    Officer(id="C1", agency="city"),
    Officer(id="C2", agency="city", status="assistant"),
    Officer(id="C3", agency="city", status="cadre"),
)


def staffed(mode: str = "enforcement", **asked: Any) -> Problem:
    phase = Phase(id="routine", start=AUGUST[0], end=AUGUST[1], mode=mode)
    return plan(officers=STAFF, phases=(phase,), teams=(Team(members={"police": 3}, **asked),))


def found(zh: str, en: str, amount: int = 1, **more: Any) -> Found:
    return Found(f"2010-08-03 day{zh}", f"2010-08-03 day, {en}", date="2010-08-03", amount=amount,
                 **more)  # fmt: skip


EXAMPLES = (
    Example(
        "two auxiliaries to one regular officer",
        Auxiliaries(),
        ("2010-08-03 town day P1 P2 P3", "2010-08-05 town day C1 C2 P2"),
        (),
        staffed(),
    ),
    Example(
        "three auxiliaries to one regular officer",
        Auxiliaries(),
        ("2010-08-03 town day P1 P2 P3 C2", "2010-08-05 town day P1 P2 P3 C2 C1"),
        (
            found(
                "执法巡逻town：正式人员 1 人，带不了辅助人员 3 人。",
                "enforcement patrol of town: 3 auxiliaries are too many for 1 regular officer.",
            ),
        ),
        staffed(),
    ),
    Example(
        "one to one, by the plan's own ratio",
        Auxiliaries(per_regular=1),
        ("2010-08-03 town day P1 P2 P3", "2010-08-05 town day P1 P2"),
        (
            found(
                "执法巡逻town：正式人员 1 人，带不了辅助人员 2 人。",
                "enforcement patrol of town: 2 auxiliaries are too many for 1 regular officer.",
            ),
        ),
        staffed(),
    ),
    Example(
        "auxiliaries alone impose penalties, and a cadre leads none",
        Auxiliaries(),
        ("2010-08-03 town day P2 P3 C3",),
        (
            found(
                "执法巡逻town：只有辅助人员 2 人，没有正式人员。",
                "enforcement patrol of town: 2 auxiliaries and no regular officer.",
                2,
            ),
        ),
        staffed(),
    ),
    Example(
        "auxiliaries alone in a presence patrol, any number",
        Auxiliaries(),
        ("2010-08-03 town day P2",),
        (),
        staffed("presence"),
    ),
    Example(
        "no fewer than two alone, where local rules say so",
        Auxiliaries(alone_at_least=2, price=10),
        (
            "2010-08-03 town day P2",
            "2010-08-05 town day P2 P3",
            "2010-08-07 town day P2 C3",
            "2010-08-09 town day C1",
        ),
        (
            found(
                "巡逻town：只由辅助人员组成时应有 2 人，实有 1 人。",
                "patrol of town: 2 auxiliaries needed where nobody else is there, 1 present.",
                level="shortage",
                cost=10,
            ),
        ),
        staffed("presence"),
    ),
    Example(
        "no more than the team's own number, whoever is beside them",
        Auxiliaries(),
        ("2010-08-03 town day P1 P2 P3 C1", "2010-08-05 town day P1 C1 C2"),
        (
            found(
                "巡逻town：辅助人员最多 1 人，却安排了 2 人。",
                "patrol of town: 2 auxiliaries, but at most 1 may be there.",
            ),
        ),
        staffed("presence", auxiliaries=1),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_a_plan_without_auxiliaries_asks_nothing() -> None:
    problem = plan(teams=(Team(members={"police": 1}, auxiliaries=0),))
    rule = Auxiliaries(alone_at_least=2)
    [team] = problem.teams
    assert list(rule.needs(problem, team, AUGUST[0], problem.areas[0], "day")) == []


def test_needs_of_one_shift_add_up_by_what_they_are_about() -> None:
    enforcing, present = staffed(auxiliaries=1), staffed("presence")
    rule = Auxiliaries(alone_at_least=2)
    keys = [
        [need.key for need in rule.needs(problem, team, AUGUST[0], problem.areas[0], "day")]
        for problem in (enforcing, present)
        for team in problem.teams
    ]
    assert keys == [["in-all", "beside-regulars"], ["in-all", "alone"]]
