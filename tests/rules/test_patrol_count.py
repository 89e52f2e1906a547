"""How many patrols there are where the gaps leave a choice: the fewest, as divide fairly, most."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Problem, Shift, Team
from patrol_scheduler.rules import Effort, PatrolCount
from patrol_scheduler.solver import solve

from .worked import Example, Found, plan


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


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


def of_four(aim: Any, end: str) -> Problem:
    """One area every 2 to 3 days from 1 August 2010, one of four officers each time."""
    first, last = day("2010-08-01"), day(end)
    return Problem(
        name="four",
        start=first,
        end=last,
        agencies=(Agency(id="police"),),
        officers=tuple(Officer(id=f"P{n}", agency="police") for n in range(4)),
        areas=(Area(id="town"),),
        shifts=(Shift(id="day", start="09:00", end="11:00"),),
        phases=(Phase(id="routine", start=first, end=last, patrol_count=aim),),
        cadences=(Cadence(min_days=2, max_days=3),),
        teams=(Team(members={"police": 1}),),
    )


def test_fifty_patrols_are_fewest_but_fifty_two_divide_evenly_among_four() -> None:
    fair = solve(of_four("fair", "2010-12-30"), time_limit=300, gap=0.0, workers=1)
    assert fair.status == "optimal"
    assert fair.roster is not None
    duties = Counter(duty.officer for duty in fair.roster.duties)
    assert sorted(duties.values()) == [13, 13, 13, 13]
    fewest = solve(of_four("fewest", "2010-12-30"), time_limit=300, gap=0.01, workers=1)
    assert fewest.roster is not None
    assert len(fewest.roster.patrols) == 50


def test_the_most_patrols_are_those_of_the_shortest_gap() -> None:
    most = solve(of_four("most", "2010-08-20"), time_limit=60, gap=0.0, workers=1)
    assert most.roster is not None
    assert len(most.roster.patrols) == 10
