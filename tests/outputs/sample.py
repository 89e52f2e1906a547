"""A small plan with everything that outputs must show, and a roster of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patrol_scheduler.people import Role
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Certificate,
    Cover,
    Leave,
    Officer,
    Phase,
    Post,
    Problem,
    Request,
    Shift,
    Team,
    ViolationKind,
)
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import (
    CompensatoryRest,
    Member,
    Patrol,
    PostDuty,
    Roster,
    patrol_id,
)

# Names as strangers may write them: separators, quotes, line breaks, emoji, four-byte characters.
WICKED = 'A,b;c"d\\e\r\nBEGIN:VALARM\nx=1 👮🏽‍♀️ 𠮷<b>&amp;</b>'


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def problem(**changes: Any) -> Problem:
    """Two areas and a checkpoint from Thursday 30 September to Monday 4 October 2010.

    1 to 4 October are statutory holidays. The evening shift ends at midnight, the night shift at
    two the next day. Officer CG03 has no duty in :func:`roster`.
    """
    officers = (
        Officer(id="PS01", name="公安01", agency="PS", leader=True, driver=True),
        Officer(
            id="PS02",
            name="公安02",
            agency="PS",
            leader=True,
            certificates=(Certificate(number="示例-PS-002", valid_to=date("2011-06-30")),),
        ),
        Officer(id="TP01", name="交警01", agency="TP", driver=True),
        Officer(id="TP02", name="交警02", agency="TP", driver=True),
        Officer(id="CG01", name="城管01", agency="CG"),
        Officer(id="CG02", name="城管02", agency="CG"),
        Officer(
            id="CG03",
            name="城管03",
            agency="CG",
            leave=(Leave(start=date("2010-09-30"), end=date("2010-10-02"), reason="病假"),),
        ),
    )
    given: dict[str, Any] = {
        "name": "示例镇常规管理",
        "issuer": "示例镇综合治理办公室",
        "issued": date("2010-09-20"),
        "start": date("2010-09-30"),
        "end": date("2010-10-04"),
        "agencies": (
            Agency(id="PS", name="公安"),
            Agency(id="TP", name="交警"),
            Agency(id="CG", name="城管"),
        ),
        "officers": officers,
        "shifts": (
            Shift(id="early", start="07:30", end="10:30", name="早班"),
            Shift(id="late", start="20:00", end="24:00", name="晚班"),
            Shift(id="night", start="22:00", end="02:00", name="夜班"),
        ),
        "shifts_may_overlap": True,
        "phases": (
            Phase(id="P", start=date("2010-09-30"), end=date("2010-10-04"), name="常规管理"),
        ),
        "violation_kinds": (
            ViolationKind(id="parking", name="乱停乱靠"),
            ViolationKind(id="stalls", name="占道经营"),
        ),
        "areas": (
            Area(
                id="A1",
                name="东街片区",
                targets=("parking", "stalls"),
                last_patrol=date("2010-09-28"),
            ),
            Area(id="A2", name="西街片区"),
        ),
        "posts": (Post(id="K1", name="镇口卡点"),),
        "cadences": (Cadence(min_days=2, max_days=3),),
        "teams": (Team(members={"PS": 1, "TP": 1, "CG": 1}, leaders=1, drivers=1),),
        "covers": (Cover(post="K1", at_least=1, shifts=("early",), dates=(date("2010-10-03"),)),),
        "requests": (
            Request(officer="CG02", start=date("2010-10-04"), end=date("2010-10-04"), want="on"),
        ),
    }
    return Problem(**given | changes)


def patrol(day: str, area: str, shift: str, *members: tuple[str, Role]) -> Patrol:
    return Patrol(
        id=patrol_id(date(day), area),
        date=date(day),
        area=area,
        shift=shift,
        members=tuple(Member(officer=officer, role=role) for officer, role in members),
    )


def roster() -> Roster:
    """Four patrols and one post duty; the last patrol of A2 lacks its officer of CG."""
    return Roster(
        patrols=(
            patrol("2010-09-30", "A1", "early", ("PS01", "leader-driver"), ("TP01", "member"),
                   ("CG01", "member")),
            patrol("2010-10-01", "A2", "night", ("PS02", "leader"), ("TP02", "driver"),
                   ("CG02", "member")),
            patrol("2010-10-03", "A2", "early", ("PS02", "leader"), ("TP02", "driver")),
            patrol("2010-10-03", "A1", "late", ("PS01", "leader"), ("TP01", "driver"),
                   ("CG01", "member")),
        ),
        post_duties=(
            PostDuty(date=date("2010-10-03"), post="K1", shift="early", officer="CG02"),
        ),
    )  # fmt: skip


def result(made: Roster | None = None, **changes: Any) -> Result:
    given: dict[str, Any] = {
        "status": "short",
        "roster": made or roster(),
        "levels": (
            LevelResult(level="shortage", cost=100.0, bound=100.0, reason="optimum"),
            LevelResult(level="fairness", cost=90.5, bound=90.25, reason="relaxation"),
        ),
        "reason": "gap",
        "seed": 7,
        "workers": 1,
    }
    return Result(**given | changes)


def renamed(name: str) -> Problem:
    """The plan in which everybody and everything is called ``name``."""
    given = problem()
    return given.model_copy(
        update={
            "name": name,
            "issuer": name,
            **{
                field: tuple(
                    entry.model_copy(update={"name": name}) for entry in getattr(given, field)
                )
                for field in ("agencies", "officers", "shifts", "areas", "posts", "violation_kinds")
            },
        }
    )


def resting() -> tuple[Problem, Roster]:
    """The plan until 9 October: CG01, a civil servant, has a duty on Sunday the 3rd, a holiday,
    and rests for it on Friday the 8th."""
    given = problem()
    civil = {"labour": "civil-servant"}
    changes = {
        "end": date("2010-10-09"),
        "phases": tuple(p.model_copy(update={"end": date("2010-10-09")}) for p in given.phases),
        "officers": tuple(
            o.model_copy(update=civil) if o.id == "CG01" else o for o in given.officers
        ),
    }
    rests = (CompensatoryRest(officer="CG01", date=date("2010-10-08")),)
    return given.model_copy(update=changes), roster().model_copy(
        update={"compensatory_rests": rests}
    )
