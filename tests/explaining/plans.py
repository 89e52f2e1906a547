"""A small town whose plan can be met, and changes after which it cannot."""

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
