"""A sound plan made in Python, and short ways to change it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Certificate,
    Officer,
    PastDuty,
    Phase,
    Post,
    Problem,
    Request,
    Shift,
    Team,
)
from patrol_scheduler.validation import faults_of, notices_of


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CERTIFICATE = Certificate(valid_from=day("2010-01-01"), valid_to=day("2011-12-31"))


def plan(**changes: Any) -> Problem:
    """A sound plan of August 2010 with some of its fields changed."""
    fields: dict[str, Any] = {
        "name": "示例",
        "start": day("2010-08-01"),
        "end": day("2010-08-31"),
        "agencies": [Agency(id="GA"), Agency(id="CG")],
        "officers": [
            Officer(id="GA01", agency="GA", leader=True, driver=True),
            Officer(id="CG01", agency="CG", certificates=(CERTIFICATE,)),
        ],
        "shifts": [shift("am", 8, 11), shift("pm", 17, 20)],
        "phases": [phase()],
        "areas": [Area(id="town")],
        "cadences": [Cadence(min_days=2, max_days=3)],
        "teams": [Team(members={"GA": 1, "CG": 1}, certified={"CG": 1}, leaders=1, drivers=1)],
    }
    return Problem(**{**fields, **changes})


def shift(identifier: str, start: int, end: int) -> Shift:
    return Shift(id=identifier, start=dt.time(start % 24), end=dt.time(end % 24))


def phase(
    identifier: str = "p", start: str = "2010-08-01", end: str = "2010-08-31", **more: Any
) -> Phase:
    return Phase(id=identifier, start=day(start), end=day(end), **more)


def officer(**more: Any) -> list[Officer]:
    """The officers, the first one with other fields."""
    return [
        Officer(**{"id": "GA01", "agency": "GA", "leader": True, "driver": True, **more}),
        Officer(id="CG01", agency="CG", certificates=(CERTIFICATE,)),
    ]


def team(**more: Any) -> list[Team]:
    return [Team(**{"members": {"GA": 1, "CG": 1}, **more})]


def past(**more: Any) -> list[PastDuty]:
    fields = {"date": day("2010-07-31"), "shift": "am", "officer": "GA01", "area": "town"}
    return [PastDuty(**{**fields, **more})]


def wish(**more: Any) -> list[Request]:
    fields = {"officer": "GA01", "start": day("2010-08-02"), "end": day("2010-08-02"), "want": "on"}
    return [Request(**{**fields, **more})]


DESK = [Post(id="desk")]
HISTORY_FIRST, HISTORY_LAST = "2007-07-28", "2010-07-31"


def told(problem: Problem) -> list[tuple[str, str]]:
    """The (place, what) of every fault; each can be said in both languages, in one line."""
    faults = faults_of(problem)
    for fault in faults:
        for lang in ("zh-CN", "en"):
            line = fault.say(lang)
            assert line.startswith(f"{fault.place}: ")
            assert "\n" not in line
    return [(fault.place, fault.what) for fault in faults]


def notices(problem: Problem) -> list[tuple[str, str, object]]:
    return [(notice.place, notice.what, notice.value) for notice in notices_of(problem)]
