"""Small plans and rosters for the statistics, written line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from patrol_scheduler.people import Role
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    Phase,
    Post,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.statistics import rows

ROLES: dict[str, Role] = {"*": "leader", "+": "driver", "#": "leader-driver"}


def date(text: str) -> dt.date:
    """``08-03`` as 3 August 2010."""
    return dt.date.fromisoformat(f"2010-{text}")


def plan(start: str = "08-01", end: str = "08-10", **changes: Any) -> Problem:
    """A plan of 2010 with two agencies of two officers, one area every 2-3 days, two shifts."""
    given: dict[str, Any] = {
        "name": "small",
        "start": date(start),
        "end": date(end),
        "agencies": (Agency(id="police"), Agency(id="city")),
        "officers": (
            Officer(id="P1", agency="police", leader=True, driver=True),
            Officer(id="P2", agency="police", leader=True),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city"),
        ),
        "areas": (Area(id="town"),),
        "shifts": (
            Shift(id="day", start="08:00", end="12:00"),
            Shift(id="night", start="20:00", end="23:00"),
        ),
        "phases": (Phase(id="routine", start=date(start), end=date(end)),),
        "cadences": (Cadence(min_days=2, max_days=3),),
        "teams": (Team(members={"police": 1, "city": 1}),),
        "posts": (Post(id="gate"),),
    }
    return Problem(**(given | changes))


def roster(problem: Problem, *lines: str) -> Roster:
    """A roster from lines like ``08-02 town day P1* C1``.

    A post may stand for the area; ``*`` leads, ``+`` drives, ``#`` does both.
    """
    posts = {post.id for post in problem.posts}
    patrols: list[Patrol] = []
    duties: list[PostDuty] = []
    for line in lines:
        when, place, shift, *officers = line.split()
        if place in posts:
            duties += [
                PostDuty(date=date(when), post=place, shift=shift, officer=o) for o in officers
            ]
        else:
            members = tuple(
                Member(officer=o.rstrip("*+#"), role=ROLES.get(o[-1], "member")) for o in officers
            )
            patrols.append(
                Patrol(
                    id=patrol_id(date(when), place),
                    date=date(when),
                    area=place,
                    shift=shift,
                    members=members,
                )
            )
    return Roster(patrols=tuple(patrols), post_duties=tuple(duties))


def patrolled(problem: Problem, *days: str, area: str = "town") -> Roster:
    """A roster that patrols one area on these days with P1 and C1."""
    return roster(problem, *(f"{day} {area} day P1 C1" for day in days))


def row(table: pd.DataFrame, **values: object) -> dict[str, Any]:
    """The only row of a table with these values."""
    found = [r for r in rows(table) if all(r[name] == value for name, value in values.items())]
    assert len(found) == 1, found
    return found[0]
