"""Pins and pairs that no roster can keep are told before anything is solved."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.problem import Area, Leave, Officer, Pair, Pin, Team
from patrol_scheduler.rules import OnLeave, Pins
from patrol_scheduler.validation import faults_of
from tests.validation.plans import CERTIFICATE, DESK, day, officer, phase, plan, told


def pin(date: str = "2010-08-03", kind: str = "must", who: str = "GA01", **more: Any) -> Pin:
    return Pin(date=day(date), officer=who, kind=kind, **more)


LEAVE = (Leave(start=day("2010-08-03"), end=day("2010-08-04")),)
FAULTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a pin that can be kept": ({"pins": [pin(area="town", shift="am")]}, []),
    "a pin on the last day of leave": (
        {"officers": officer(leave=LEAVE), "pins": [pin("2010-08-04"), pin("2010-08-05")]},
        [("pins[0].date (GA01)", "pin-on-leave")],
    ),
    "a ban on a day of leave": (
        {"officers": officer(leave=LEAVE), "pins": [pin(kind="forbidden"), pin(kind="prefer")]},
        [],
    ),
    "leave that does not count": (
        {
            "officers": officer(leave=LEAVE),
            "pins": [pin()],
            "rules": [OnLeave(on=False)],
        },
        [],
    ),
    "pins that do not count": (
        {"officers": officer(leave=LEAVE), "pins": [pin()], "rules": [Pins(on=False)]},
        [],
    ),
    "a pin outside the rostered days": (
        {"pins": [pin("2010-09-01"), pin("2010-08-31")]},
        [("pins[0].date (GA01)", "pin-not-rostered")],
    ),
    "a role that the officer cannot take": (
        {
            "officers": [*officer(), Officer(id="GA02", agency="GA", leader=True)],
            "pins": [
                pin(who="GA02", area="town", role="leader"),
                pin("2010-08-05", who="GA02", role="driver"),
                pin("2010-08-07", who="GA02", role="leader-driver"),
                pin("2010-08-09", who="GA02", role="member"),
            ],
        },
        [
            ("pins[1].role (GA02)", "pin-role-not-able"),
            ("pins[2].role (GA02)", "pin-role-not-able"),
        ],
    ),
    "a role at a post, or in a patrol that is forbidden": (
        {
            "posts": DESK,
            "pins": [
                pin(post="desk", role="member"),
                pin("2010-08-05", kind="forbidden", role="member"),
            ],
        },
        [
            ("pins[0].role (GA01)", "pin-role-without-patrol"),
            ("pins[1].role (GA01)", "pin-role-without-patrol"),
        ],
    ),
    "one role of one patrol for two": (
        {
            "officers": [
                Officer(id="GA01", agency="GA", leader=True, driver=True),
                Officer(id="CG01", agency="CG", leader=True, certificates=(CERTIFICATE,)),
            ],
            "pins": [
                pin(area="town", role="leader-driver"),
                pin(area="town", role="leader", who="CG01"),
                pin("2010-08-05", area="town", role="leader", who="CG01"),
            ],
        },
        [("pins[1].role (CG01)", "pin-role-twice")],
    ),
    "a pin to two places": (
        {"posts": DESK, "pins": [pin(area="town", post="desk")]},
        [("pins[0].post (GA01)", "pin-two-places")],
    ),
    "a pin of somebody of another group": (
        {
            "officers": officer(groups=("campaign",)),
            "phases": [phase(group="routine")],
            "pins": [pin()],
        },
        [("pins[0].date (GA01)", "pin-other-group")],
    ),
    "a pin to an area that the phase leaves out": (
        {
            "areas": [Area(id="town"), Area(id="road")],
            "phases": [phase(areas=("town",))],
            "pins": [pin(area="road"), pin("2010-08-06", area="town")],
        },
        [("pins[0].area (GA01)", "pin-area-closed")],
    ),
    "pinned and kept away": (
        {"pins": [pin(shift="am"), pin(kind="forbidden")]},
        [("pins[1].date (GA01)", "pins-clash")],
    ),
    "kept away from another shift": (
        {"pins": [pin(shift="am"), pin(kind="forbidden", shift="pm")]},
        [],
    ),
    "pinned to the day and kept from one shift of it": (
        {"pins": [pin(kind="forbidden", shift="pm"), pin()]},
        [],
    ),
    "two shifts of one day": (
        {"pins": [pin(shift="am"), pin(shift="pm"), pin(who="CG01", shift="pm")]},
        [("pins[1].date (GA01)", "pins-clash")],
    ),
    "two areas of one day": (
        {
            "areas": [Area(id="town"), Area(id="road")],
            "pins": [pin(area="town"), pin(area="road")],
        },
        [("pins[1].date (GA01)", "pins-clash")],
    ),
    "patrols pinned closer together than the shortest gap": (
        {"pins": [pin("2010-08-03", area="town"), pin("2010-08-04", area="town")]},
        [("pins[1].date (GA01)", "pins-too-close")],
    ),
    "two of an agency where the team has one": (
        {
            "officers": [*officer(), Officer(id="GA02", agency="GA")],
            "pins": [pin(area="town"), pin(who="GA02", area="town")],
        },
        [("pins[0].area (GA01)", "pins-above-team")],
    ),
    "two of an agency where the team has one and somebody more": (
        {
            "officers": [*officer(), Officer(id="GA02", agency="GA")],
            "teams": [Team(members={"GA": 1, "CG": 1}, extra=1)],
            "pins": [pin(area="town"), pin(who="GA02", area="town")],
        },
        [],
    ),
    "pins and pairs of people and places that there are not": (
        {
            "pins": [
                pin(who="GA09"),
                pin("2010-08-04", area="rood"),
                pin("2010-08-06", post="desk"),
                pin("2010-08-08", shift="um"),
            ],
            "pairs": [Pair(a="GA01", b="CG09", kind="must-together")],
        },
        [
            ("pins[0].officer (2010-08-03)", "unknown-officer"),
            ("pins[1].area (GA01)", "unknown-area"),
            ("pins[2].post (GA01)", "unknown-post"),
            ("pins[3].shift (GA01)", "unknown-shift"),
            ("pairs[0].b", "unknown-officer"),
        ],
    ),
    "a separation without a ground": (
        {"pairs": [Pair(a="GA01", b="CG01", kind="never-together", reason=" ")]},
        [("pairs[0].reason", "pair-without-reason")],
    ),
    "a separation with its ground": (
        {"pairs": [Pair(a="GA01", b="CG01", kind="never-together", reason="回避")]},
        [],
    ),
    "a pair of one": (
        {"pairs": [Pair(a="GA01", b="GA01", kind="must-together")]},
        [("pairs[0].b", "pair-of-one")],
    ),
    "a pair said twice": (
        {
            "pairs": [
                Pair(a="GA01", b="CG01", kind="must-together"),
                Pair(a="CG01", b="GA01", kind="never-together", reason="回避"),
            ]
        },
        [("pairs[1].b", "pair-twice")],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_is_found_and_said_and_no_other(case: str) -> None:
    changes, expected = FAULTS[case]
    assert told(plan(**changes)) == expected


def test_a_clash_of_pins_is_told_in_the_words_of_pins_and_rules() -> None:
    two = [pin("2010-08-03", area="town"), pin("2010-08-04", area="town")]
    [close] = faults_of(plan(pins=two))
    said = close.say("zh-CN")
    assert "在 2010-08-04（固定勤务）又必须巡逻" in said
    assert "固定勤务（pins）与 巡逻间隔（cadence）相抵触" in said
    assert 'kind 由 "must" 改为 "prefer"' in said
    assert 'kind = "must" of this pin to "prefer"' in close.say("en")
    [against] = faults_of(plan(pins=[pin(shift="am"), pin(kind="forbidden")]))
    assert "（禁止）" in against.say("zh-CN")
    assert '（必须, "am"）' in against.say("zh-CN")
    [away] = faults_of(
        plan(
            officers=[*officer(), Officer(id="GA02", agency="GA")],
            pins=[pin(area="town"), pin(who="GA02", area="town")],
        )
    )
    assert "规则 固定参加（pinned-patrols）与 编成人数（composition）冲突" in away.say("zh-CN")
