"""How many patrols the solver finds where the gaps leave a choice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Problem, Shift, Team
from patrol_scheduler.solver import solve


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


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
