"""How many patrols there are where the gaps leave a choice: the fewest, as divide fairly, most."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Area, Cadence, Phase, Problem
from patrol_scheduler.rules import Effort, PatrolCount

from .worked import Example, Found, plan


def counted(aim: Any, **changes: Any) -> Problem:
    """The small plan, 2 to 15 August 2010, with an aim for the number of its patrols."""
    phase = Phase(id="routine", start="2010-08-02", end="2010-08-15", patrol_count=aim)
    return plan(**({"phases": (phase,)} | changes))


def fewer(n: int, most: int) -> Found:
    return Found(
        f"town 在routine巡逻 {n} 次，最多可巡逻 {most} 次。",
        f"Patrols of town in routine: {n}; as many as {most} are possible.",
        "fairness",
        amount=most - n,
        cost=100 * (most - n),
    )


def patrols(*days: int) -> tuple[str, ...]:
    return tuple(f"2010-08-{n:02} town day P1" for n in days)


def effort(cost: Fraction | int, n: int) -> Found:
    return Found(f"P1 共有 {n} 次勤务。", f"Duties of P1: {n}.", "fairness", amount=n, cost=cost)


EXAMPLES = (
    Example(
        "fourteen days with gaps from 2 have up to seven patrols",
        PatrolCount(),
        patrols(2, 4, 6, 8, 10, 12, 14),
        (),
        counted("most"),
    ),
    Example(
        "six of seven",
        PatrolCount(),
        patrols(2, 4, 6, 8, 11, 14),
        (fewer(6, 7),),
        counted("most"),
    ),
    Example(
        "after a patrol on 1 August the first is on the 3rd at the earliest, and seven are possible",
        PatrolCount(),
        patrols(3, 5, 7, 9, 11, 13),
        (fewer(6, 7),),
        counted("most", areas=(Area(id="town", last_patrol="2010-08-01"), Area(id="road"))),
    ),
    Example(
        "a phase of one day leaves the patrol before it to count in the next phase, too",
        PatrolCount(),
        patrols(7, 12),
        (),
        counted(
            "most",
            areas=(Area(id="town", last_patrol="2010-08-01"), Area(id="road")),
            phases=(
                Phase(id="first", start="2010-08-02", end="2010-08-02", patrol_count="most"),
                Phase(id="routine", start="2010-08-03", end="2010-08-15", patrol_count="most"),
            ),
            cadences=(Cadence(min_days=5, max_days=6, areas=("town",)),),
        ),
    ),
    Example(
        "a phase by its name",
        PatrolCount(),
        patrols(2, 4, 6, 8, 10, 12),
        (
            Found(
                "town 在日常巡查巡逻 6 次，最多可巡逻 7 次。",
                "Patrols of town in 日常巡查: 6; as many as 7 are possible.",
                "fairness",
                cost=100,
            ),
        ),
        counted(
            "most",
            phases=(
                Phase(
                    id="routine",
                    name="日常巡查",
                    start="2010-08-02",
                    end="2010-08-15",
                    patrol_count="most",
                ),
            ),
        ),
    ),
    Example("nobody asks for more", PatrolCount(), patrols(3, 6), (), counted("fair")),
    Example("each duty costs", Effort(), patrols(3, 6), (effort(20, 2),), counted("fewest")),
    Example(
        "a thousandth where fairness decides how many there are",
        Effort(),
        patrols(3, 6),
        (effort(Fraction(2, 100), 2),),
        counted("fair"),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()
