"""Ids given twice, ids that nothing has, dates the wrong way round."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.days import DayType, SpecialDay
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Certificate,
    Cover,
    Leave,
    Officer,
    Post,
    ViolationKind,
)
from patrol_scheduler.rules import OnLeave, ShiftSuccession
from tests.validation.plans import (
    DESK,
    day,
    officer,
    past,
    phase,
    plan,
    shift,
    team,
    told,
    wish,
)

# What is changed, and the (place, what) of every fault that follows.
FAULTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "nothing": ({}, []),
    "plan reversed": (
        {"start": day("2010-09-01")},
        [("end", "dates-reversed")],
    ),
    "agency twice": (
        {"agencies": [Agency(id="GA"), Agency(id="CG"), Agency(id="GA")]},
        [("agencies[2].id", "duplicate-id")],
    ),
    "shift twice": (
        {"shifts": [shift("am", 8, 11), shift("am", 17, 20)]},
        [("shifts[1].id", "duplicate-id")],
    ),
    "phase twice": (
        {"phases": [phase(), phase(rostered=False)]},
        [("phases[1].id", "duplicate-id")],
    ),
    "officer twice in one agency": (
        {"officers": [*officer(), Officer(id="GA01", agency="GA")]},
        [("officers[2].id", "duplicate-id")],
    ),
    "officer with one id in two agencies": (
        {"officers": [*officer(), Officer(id="GA01", agency="CG")]},
        [("officers[2].agency (GA01)", "officer-in-two-agencies")],
    ),
    "two officers with one id in two agencies": (
        {"officers": [*officer(name="张三"), Officer(id="GA01", agency="CG", name="李四")]},
        [("officers[2].id", "duplicate-id")],
    ),
    "officer with one name and phone in two agencies": (
        {
            "officers": [
                *officer(name="张 三", phone="555 0101"),
                Officer(id="CG02", agency="CG", name="张三", phone="5550101"),
            ]
        },
        [("officers[2].agency (CG02)", "officer-in-two-agencies")],
    ),
    "two officers of one name, or at one phone": (
        {
            "officers": [
                *officer(name="张三", phone="555 0101"),
                Officer(id="CG02", agency="CG", name="张三", phone="555 0102"),
                Officer(id="CG03", agency="CG", name="李四", phone="555 0101"),
                Officer(id="CG04", agency="CG", name="张三"),
                Officer(id="GA02", agency="GA", name="张三"),
            ]
        },
        [],
    ),
    "post named like an area": (
        {"posts": [Post(id="town")]},
        [("posts[0].id", "duplicate-id")],
    ),
    "violation kind twice": (
        {"violation_kinds": [ViolationKind(id="v"), ViolationKind(id="v")]},
        [("violation_kinds[1].id", "duplicate-id")],
    ),
    "special day twice": (
        {"days": [SpecialDay(date=day("2010-08-02"), day_type=DayType.REST_DAY)] * 2},
        [("days[1].date", "duplicate-date")],
    ),
    "unknown agency of an officer": (
        {"officers": officer(agency="GB")},
        [("officers[0].agency (GA01)", "unknown-agency")],
    ),
    "unknown scope of a phase": (
        {"phases": [phase(areas=("town", "x"), shifts=("am", "y"))]},
        [("phases[0].areas[1] (p)", "unknown-area"), ("phases[0].shifts[1] (p)", "unknown-shift")],
    ),
    "unknown targets of an area": (
        {"areas": [Area(id="town", targets=("v",))]},
        [("areas[0].targets[0] (town)", "unknown-violation-kind")],
    ),
    "unknown competent agency": (
        {"violation_kinds": [ViolationKind(id="v", competent=("CG", "x"))]},
        [("violation_kinds[0].competent[1] (v)", "unknown-agency")],
    ),
    "unknown scope of a cadence": (
        {
            "cadences": [
                Cadence(min_days=2, max_days=3),
                Cadence(min_days=2, max_days=3, phases=("x",), areas=("y",)),
            ]
        },
        [("cadences[1].phases[0]", "unknown-phase"), ("cadences[1].areas[0]", "unknown-area")],
    ),
    "unknown parts of a team": (
        {
            "teams": team()
            + team(
                members={"GA": 1, "x": 1},
                certified={"y": 1},
                phases=("p", "z"),
                areas=("z",),
                shifts=("z",),
            )
        },
        [
            ("teams[1].members.x", "unknown-agency"),
            ("teams[1].certified.y", "unknown-agency"),
            ("teams[1].phases[1]", "unknown-phase"),
            ("teams[1].areas[0]", "unknown-area"),
            ("teams[1].shifts[0]", "unknown-shift"),
            ("teams[1].certified.y", "more-certified-than-members"),
        ],
    ),
    "unknown parts of a cover": (
        {"posts": DESK, "covers": [Cover(post="x", shifts=("y",))]},
        [("covers[0].post", "unknown-post"), ("covers[0].shifts[0] (x)", "unknown-shift")],
    ),
    "unknown parts of a request": (
        {"requests": wish(officer="x", shift="y")},
        [("requests[0].officer", "unknown-officer"), ("requests[0].shift (x)", "unknown-shift")],
    ),
    "unknown parts of the history": (
        {"history": past(officer="x", shift="y", area="z")},
        [
            ("history[0].shift (x)", "unknown-shift"),
            ("history[0].officer (2010-07-31)", "unknown-officer"),
            ("history[0].area (x)", "unknown-area"),
        ],
    ),
    "unknown post in the history": (
        {"history": past(area=None, post="x")},
        [("history[0].post (GA01)", "unknown-post")],
    ),
    "unknown scope of a rule": (
        {"rules": [OnLeave(officers=("x",), agencies=("CG", "y"))]},
        [
            ("rules[0].officers[0] (leave)", "unknown-officer"),
            ("rules[0].agencies[1] (leave)", "unknown-agency"),
        ],
    ),
    "unknown shifts of a rule": (
        {"rules": [ShiftSuccession(shifts=("x",), next_shifts=("y",))]},
        [
            ("rules[0].shifts[0] (shift-succession)", "unknown-shift"),
            ("rules[0].next_shifts[0] (shift-succession)", "unknown-shift"),
        ],
    ),
    "phase reversed": (
        {"phases": [phase(), phase("q", "2010-08-20", "2010-08-10", rostered=False)]},
        [("phases[1].end (q)", "dates-reversed")],
    ),
    "dates of an officer reversed": (
        {
            "officers": officer(
                joins=day("2010-08-20"),
                departs=day("2010-08-10"),
                leave=(Leave(start=day("2010-08-05"), end=day("2010-08-04")),),
                certificates=(
                    Certificate(valid_from=day("2011-01-02"), valid_to=day("2011-01-01")),
                ),
            )
        },
        [
            ("officers[0].departs (GA01)", "dates-reversed"),
            ("officers[0].leave[0].end (GA01)", "dates-reversed"),
            ("officers[0].certificates[0].valid_to (GA01)", "dates-reversed"),
        ],
    ),
    "request reversed": (
        {"requests": wish(end=day("2010-08-01"))},
        [("requests[0].end (GA01)", "dates-reversed")],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_is_found_and_said_and_no_other(case: str) -> None:
    changes, expected = FAULTS[case]
    assert told(plan(**changes)) == expected
