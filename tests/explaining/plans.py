"""A small town whose plan can be met, its roster, and changes after which it cannot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Certificate,
    Leave,
    Officer,
    Phase,
    Problem,
    Shift,
    Team,
)
from tests.rules.worked import roster
from tests.strategies import changed


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def town(**changes: Any) -> Problem:
    """Two areas every 2-3 days, teams of one 公安 leader and two certified 城管, September 2010."""
    police = [Officer(id=f"GA{n}", agency="ga", name=f"警{n}", leader=True) for n in range(1, 4)]
    urban = [
        Officer(id=f"CG{n}", agency="cg", name=f"城{n}", certificates=(Certificate(),))
        for n in range(1, 7)
    ]
    problem = Problem(
        name="小镇",
        start=day("2010-09-06"),
        end=day("2010-09-26"),
        agencies=(Agency(id="ga", name="公安"), Agency(id="cg", name="城管")),
        officers=(*police, *urban),
        shifts=(Shift(id="am", name="上午", start="08:00", end="11:00"),),
        phases=(Phase(id="routine", start=day("2010-09-06"), end=day("2010-09-26")),),
        areas=(Area(id="market", name="集市"), Area(id="road", name="公路")),
        cadences=(Cadence(min_days=2, max_days=3),),
        teams=(Team(members={"ga": 1, "cg": 2}, certified={"cg": 2}, leaders=1),),
    )
    return changed(problem, **changes)


def on_leave(problem: Problem, ids: tuple[str, ...], first: str, last: str) -> Problem:
    """The plan with more leave."""
    leave = Leave(start=day(first), end=day(last))
    officers = tuple(
        officer.model_copy(update={"leave": (*officer.leave, leave)})
        if officer.id in ids
        else officer
        for officer in problem.officers
    )
    return changed(problem, officers=officers)


DRAWN = roster(
    town(),
    "2010-09-08 market am GA2=leader CG3 CG4",
    "2010-09-08 road am GA3=leader CG5 CG6",
    "2010-09-11 market am GA2=leader CG3 CG4",
    "2010-09-11 road am GA3=leader CG5 CG6",
    "2010-09-14 market am GA1=leader CG1 CG2",
    "2010-09-14 road am GA3=leader CG5 CG6",
    "2010-09-17 market am GA1=leader CG1 CG2",
    "2010-09-17 road am GA3=leader CG5 CG6",
    "2010-09-19 market am GA1=leader CG1 CG2",
    "2010-09-19 road am GA3=leader CG5 CG6",
    "2010-09-22 market am GA1=leader CG1 CG2",
    "2010-09-22 road am GA2=leader CG3 CG4",
    "2010-09-25 market am GA1=leader CG1 CG2",
    "2010-09-25 road am GA2=leader CG3 CG4",
)
"""A complete roster of the town, as solving gives it."""
