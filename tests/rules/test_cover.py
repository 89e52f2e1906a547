"""How many officers a post has."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Cover, Pin, Post
from patrol_scheduler.rules import CoverRule

from .worked import Example, Found, plan


def gate(**cover: Any) -> dict[str, Any]:
    given = {"post": "gate", "at_least": 1, "at_most": 2, "shifts": ("day",)}
    return {"end": "2010-08-03", "covers": (Cover(**(given | cover)),)}


def below(date: str, needed: int, present: int, level: str, cost: Fraction | int | None) -> Found:
    return Found(
        f"{date} daygate值守：至少应有 {needed} 人，实有 {present} 人。",
        f"{date} day, post gate: at least {needed} officer{'s' * (needed != 1)} needed, {present} present.",
        level,
        date,
        needed - present,
        cost,
    )


def above(date: str, most: int, present: int, level: str, cost: Fraction | int | None) -> Found:
    return Found(
        f"{date} daygate值守：最多 {most} 人，却安排了 {present} 人。",
        f"{date} day, post gate: at most {most} officer{'s' * (most != 1)} allowed, {present} present.",
        level,
        date,
        present - most,
        cost,
    )


def below_at_night(date: str) -> Found:
    return Found(
        f"{date} nightgate值守：至少应有 1 人，实有 0 人。",
        f"{date} night, post gate: at least 1 officer needed, 0 present.",
        "shortage",
        date,
        1,
        100,
    )


def unasked(date: str, shift: str, present: int) -> Found:
    return Found(
        f"{date} {shift}gate没有值守要求，却安排了 {present} 人。",
        f"{date} {shift}, post gate: nobody is asked for, {present} officer{'s' * (present != 1)} present.",
        "must",
        date,
        present,
        present,
    )


EXAMPLES = (
    Example(
        "as many as asked, and as many as allowed",
        CoverRule(),
        ("2010-08-02 gate day P1", "2010-08-03 gate day P1 C1"),
        (),
        plan(**gate()),
    ),
    Example(
        "nobody, and too many",
        CoverRule(),
        ("2010-08-03 gate day P1 C1 C2",),
        (below("2010-08-02", 1, 0, "shortage", 100), above("2010-08-03", 2, 3, "must", 1)),
        plan(**gate()),
    ),
    Example(
        "one of two is half a shortage",
        CoverRule(price=30),
        ("2010-08-02 gate day P1", "2010-08-03 gate day P1 C1"),
        (below("2010-08-02", 2, 1, "shortage", 30),),
        plan(**gate(at_least=2)),
    ),
    Example(
        "a cover with its own prices",
        CoverRule(level="wishes"),
        ("2010-08-03 gate day P1 P2 C1 C2",),
        (
            below("2010-08-02", 1, 0, "wishes", Fraction(3, 2)),
            above("2010-08-03", 2, 4, "wishes", 8),
        ),
        plan(**gate(price_below=1.5, price_above=4)),
    ),
    Example(
        "by default its own prices are a matter of fairness",
        CoverRule(),
        ("2010-08-03 gate day P1 P2 C1 C2",),
        (below("2010-08-02", 1, 0, "fairness", 7), above("2010-08-03", 2, 4, "fairness", 8)),
        plan(**gate(price_below=7, price_above=4)),
    ),
    Example(
        "no upper end unless one is given",
        CoverRule(),
        ("2010-08-02 gate day P1 P2 C1 C2", "2010-08-03 gate day P1 P2 C1 C2"),
        (),
        plan(**gate(at_most=None)),
    ),
    Example(
        "on the dates of the cover only",
        CoverRule(),
        (),
        (below("2010-08-03", 1, 0, "shortage", 100),),
        plan(**gate(dates=("2010-08-03",))),
    ),
    Example(
        "nobody in a shift, or on a date, that no cover names",
        CoverRule(),
        ("2010-08-02 gate day C1 C2", "2010-08-03 gate day P1", "2010-08-03 gate night P2"),
        (unasked("2010-08-02", "day", 2), unasked("2010-08-03", "night", 1)),
        plan(**gate(dates=("2010-08-03",))),
    ),
    Example(
        "whom a pin wants at the post may be there, in the pin's shift, and nobody else",
        CoverRule(),
        ("2010-08-02 gate day P2", "2010-08-02 gate night P2 C2", "2010-08-03 gate night C1"),
        (
            unasked("2010-08-02", "day", 1),
            unasked("2010-08-02", "night", 1),
            unasked("2010-08-03", "night", 1),
        ),
        plan(
            end="2010-08-03",
            posts=(Post(id="gate"),),
            pins=(
                Pin(date="2010-08-02", officer="P2", post="gate", shift="night", kind="prefer"),
                Pin(date="2010-08-03", officer="C1", post="gate", kind="forbidden"),
            ),
        ),
    ),
    Example(
        "a pin to the post without a shift is for the whole day",
        CoverRule(),
        ("2010-08-02 gate day P1",),
        (),
        plan(
            end="2010-08-03",
            posts=(Post(id="gate"),),
            pins=(Pin(date="2010-08-02", officer="P1", post="gate", kind="must"),),
        ),
    ),
    Example(
        "a post is staffed in its own shifts only, whatever its cover leaves open",
        CoverRule(),
        ("2010-08-02 gate night P1", "2010-08-03 gate day P1"),
        (unasked("2010-08-03", "day", 1), below_at_night("2010-08-03")),
        plan(**gate(shifts=()), posts=(Post(id="gate", shifts=("night",)),)),
    ),
    Example(
        "the post by its name",
        CoverRule(),
        ("2010-08-03 gate day P1",),
        (
            Found(
                "2010-08-02 day北卡口值守：至少应有 1 人，实有 0 人。",
                "2010-08-02 day, post 北卡口: at least 1 officer needed, 0 present.",
                "shortage",
                "2010-08-02",
                1,
                100,
            ),
        ),
        plan(**gate(), posts=(Post(id="gate", name="北卡口"),)),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()
