"""Officers, certificates, teams and covers that do not suffice."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.problem import (
    Area,
    Cadence,
    Certificate,
    Cover,
    Officer,
    Post,
    RuleSetting,
    Team,
    Vehicle,
    ViolationKind,
)
from patrol_scheduler.rules import Auxiliaries
from tests.validation.plans import (
    CERTIFICATE,
    DESK,
    day,
    officer,
    phase,
    plan,
    team,
    told,
)

# What is changed, and the (place, what) of every fault that follows.
FAULTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no area and no post": (
        {"areas": []},
        [("areas", "no-place")],
    ),
    "posts only": ({"areas": [], "posts": DESK}, []),
    "no officer": (
        {"officers": [], "teams": team(extra=0)},
        [
            ("officers", "no-officer"),
            ("teams[0].members.GA", "team-above-members"),
            ("teams[0].members.CG", "team-above-members"),
        ],
    ),
    "an enforcement team that can only be auxiliaries": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": officer(status="auxiliary-police"),
            "teams": [Team(members={"GA": 1})],
        },
        [("teams[0].members", "team-without-regular")],
    ),
    "a presence team of auxiliaries": (
        {"officers": officer(status="auxiliary-police"), "teams": [Team(members={"GA": 1})]},
        [],
    ),
    "an enforcement team of auxiliaries and one who may lead them": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": officer(status="auxiliary-police"),
            "teams": [Team(members={"GA": 1}, extra=1), *team()],
        },
        [],
    ),
    "an enforcement team whose members are spread too thin": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": [
                *officer(status="assistant"),
                Officer(id="GA02", agency="GA", status="assistant"),
            ],
            "teams": team(members={"GA": 2, "CG": 1}),
            "rules": [Auxiliaries(per_regular=1)],
        },
        [("teams[0].members", "team-without-regular")],
    ),
    "an enforcement team of auxiliaries in another phase": (
        {
            "phases": [phase(), phase("q", rostered=False, mode="enforcement")],
            "officers": officer(status="auxiliary-police"),
            "teams": [Team(members={"GA": 1})],
        },
        [],
    ),
    "auxiliaries alone where the rule is off": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": officer(status="auxiliary-police"),
            "teams": [Team(members={"GA": 1})],
            "rules": [Auxiliaries(on=False)],
        },
        [],
    ),
    "an auxiliary with a certificate": (
        {"officers": officer(status="assistant", certificates=(CERTIFICATE,))},
        [("officers[0].certificates[0] (GA01)", "auxiliary-certified")],
    ),
    "a certificate without dates that counts in an enforcement phase": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": [
                *officer()[:1],
                Officer(id="CG01", agency="CG", certificates=(Certificate(number="1"),)),
            ],
            "teams": team(certified={"CG": 1}),
        },
        [("officers[1].certificates[0].valid_to (CG01)", "certificate-without-dates")],
    ),
    "a certificate without dates of the agency that alone may act in an area": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": [
                *officer()[:1],
                Officer(id="CG01", agency="CG", certificates=(Certificate(number="1"),)),
            ],
            "areas": [Area(id="town", kind="town", targets=("stalls",))],
            "violation_kinds": [ViolationKind(id="stalls", competent=("CG",), certified=True)],
            "teams": team(certified={}),
        },
        [("officers[1].certificates[0].valid_to (CG01)", "certificate-without-dates")],
    ),
    "a certificate without dates where nobody counts it": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": officer(certificates=(Certificate(number="1"),)),
            "teams": team(certified={"CG": 1}),
        },
        [],
    ),
    "a certificate with one date": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": [
                *officer()[:1],
                Officer(
                    id="CG01",
                    agency="CG",
                    certificates=(Certificate(valid_from=day("2010-01-01")),),
                ),
            ],
            "teams": team(certified={"CG": 1}),
        },
        [],
    ),
    "a certificate without dates in a presence phase": (
        {
            "officers": [
                *officer()[:1],
                Officer(id="CG01", agency="CG", certificates=(Certificate(number="1"),)),
            ],
            "teams": team(certified={"CG": 1}),
        },
        [],
    ),
    "a team too large for its car": (
        {"vehicles": [Vehicle(id="car", areas=("town",), seats=1)]},
        [("teams[0].members", "team-above-seats")],
    ),
    "a team that fits into the larger car": (
        {
            "vehicles": [
                Vehicle(id="car", areas=("town",), seats=1),
                Vehicle(id="van", areas=("town",), seats=2),
            ]
        },
        [],
    ),
    "rest days without a team": (
        {"teams": team(day_types=("working-day", "make-up-working-day"))},
        [("phases[0] (p)", "no-team")],
    ),
    "a team for every kind of day": (
        {
            "teams": team(day_types=("working-day", "make-up-working-day"))
            + team(day_types=("rest-day", "statutory-holiday"))
        },
        [],
    ),
    "an area without cadence": (
        {
            "cadences": [Cadence(min_days=2, max_days=3, areas=("town",))],
            "areas": [
                Area(id="town"),
                Area(id="road"),
            ],
        },
        [("phases[0] (p)", "no-cadence")],
    ),
    "a phase without cadence": (
        {
            "cadences": [Cadence(min_days=2, max_days=3, phases=("q",))],
            "phases": [phase(), phase("q", rostered=False)],
        },
        [("phases[0] (p)", "no-cadence")],
    ),
    "a shift without team": (
        {"teams": team(shifts=("am",))},
        [("phases[0] (p)", "no-team")],
    ),
    "a shift without team that the phase does not use": (
        {"teams": team(shifts=("am",)), "phases": [phase(shifts=("am",))]},
        [],
    ),
    "teams by area": (
        {"teams": team(areas=("town",)), "areas": [Area(id="town"), Area(id="road")]},
        [("phases[0] (p)", "no-team")],
    ),
    "teams by area and shift": (
        {"teams": team(areas=("town",), shifts=("am",)) + team(shifts=("pm",))},
        [],
    ),
    "an area that the phase leaves out needs no team": (
        {
            "teams": team(areas=("town",)),
            "areas": [Area(id="town"), Area(id="road")],
            "phases": [phase(areas=("town",))],
        },
        [],
    ),
    "team larger than its agency": (
        {"teams": team(members={"GA": 2, "CG": 1})},
        [("teams[0].members.GA", "team-above-members")],
    ),
    "team larger than its agency after a departure": (
        {"officers": officer(departs=day("2010-07-31"), leader=False), "teams": team()},
        [("teams[0].members.GA", "team-above-members")],
    ),
    "team larger than its agency before an arrival": (
        {"officers": officer(joins=day("2010-09-01"), leader=False), "teams": team()},
        [("teams[0].members.GA", "team-above-members")],
    ),
    "an officer who stays for one day": (
        {"officers": officer(departs=day("2010-08-01"))},
        [],
    ),
    "a large team of a phase that is not rostered": (
        {
            "teams": team() + team(members={"GA": 9}, phases=("q",)),
            "phases": [phase(), phase("q", rostered=False)],
        },
        [],
    ),
    "team larger than everybody": (
        {"teams": team(extra=1)},
        [("teams[0].extra", "team-above-all")],
    ),
    "more certified officers than the agency has": (
        {"teams": team(members={"GA": 1, "CG": 1}, certified={"GA": 1})},
        [("teams[0].certified.GA", "team-above-certified")],
    ),
    "a certificate that begins after the plan": (
        {
            "officers": officer(certificates=(Certificate(valid_from=day("2010-09-01")),)),
            "teams": team(certified={"GA": 1}),
        },
        [("teams[0].certified.GA", "team-above-certified")],
    ),
    "a certificate that begins on the last day": (
        {
            "officers": officer(certificates=(Certificate(valid_from=day("2010-08-31")),)),
            "teams": team(certified={"GA": 1}),
        },
        [],
    ),
    "more certified officers than members": (
        {"teams": team(members={"GA": 1}, certified={"CG": 1})},
        [("teams[0].certified.CG", "more-certified-than-members")],
    ),
    "more certified officers than members, but an extra one": (
        {"teams": team(members={"GA": 1}, extra=1, certified={"CG": 1})},
        [],
    ),
    "more leaders and drivers than there are": (
        {"teams": team(leaders=2, drivers=2)},
        [("teams[0].leaders", "team-above-leaders"), ("teams[0].drivers", "team-above-drivers")],
    ),
    "more leaders and drivers than members": (
        {
            "teams": team(members={"GA": 1}, leaders=2, drivers=2),
            "officers": [*officer(), Officer(id="x", agency="GA", leader=True, driver=True)],
        },
        [("teams[0].leaders", "more-than-team"), ("teams[0].drivers", "more-than-team")],
    ),
    "more officers who know an area than there are": (
        {
            "areas": [Area(id="town"), Area(id="road")],
            "officers": officer(familiar=("town", "road")),
            "teams": [
                *team(familiar_officers=1, areas=("town",)),
                *team(familiar_officers=2, areas=("town", "road")),
            ],
        },
        [("teams[1].familiar_officers", "team-above-familiar")],
    ),
    "an area that those who know it have left": (
        {
            "officers": [
                *officer(),
                Officer(id="x", agency="GA", familiar=("town",), departs=day("2010-07-31")),
            ],
            "teams": team(familiar_officers=1),
        },
        [("teams[0].familiar_officers", "team-above-familiar")],
    ),
    "more officers who know an area than members": (
        {
            "officers": [
                *officer(familiar=("town",)),
                Officer(id="x", agency="GA", familiar=("town",)),
            ],
            "teams": team(members={"GA": 1}, familiar_officers=2),
        },
        [("teams[0].familiar_officers", "more-than-team")],
    ),
    "team of nobody": (
        {"teams": team() + team(members={})},
        [("teams[1].members", "team-empty")],
    ),
    "expired certificate": (
        {"officers": officer(certificates=(Certificate(valid_to=day("2010-07-31")),))},
        [("officers[0].certificates[0].valid_to (GA01)", "certificate-expired")],
    ),
    "expired certificate that was renewed": (
        {"officers": officer(certificates=(Certificate(valid_to=day("2010-07-31")), CERTIFICATE))},
        [],
    ),
    "expired certificate in a plan of one day": (
        {
            "officers": officer(certificates=(Certificate(valid_to=day("2010-07-31")),)),
            "phases": [phase(end="2010-08-01")],
        },
        [("officers[0].certificates[0].valid_to (GA01)", "certificate-expired")],
    ),
    "certificate of the first day": (
        {"officers": officer(certificates=(Certificate(valid_to=day("2010-08-01")),))},
        [],
    ),
    "cover in a shift in which the post is closed": (
        {
            "posts": [Post(id="desk", shifts=("am",)), Post(id="gate")],
            "covers": [
                Cover(post="desk", at_least=1, shifts=("am", "pm")),
                Cover(post="desk", at_least=1),
                Cover(post="gate", at_least=1, shifts=("pm",)),
            ],
        },
        [("covers[0].shifts[1] (desk)", "cover-closed")],
    ),
    "cover in an unknown shift of a post that is closed in others": (
        {
            "posts": [Post(id="desk", shifts=("am",))],
            "covers": [Cover(post="desk", at_least=1, shifts=("ma",))],
        },
        [("covers[0].shifts[0] (desk)", "unknown-shift")],
    ),
    "cover upside down": (
        {"posts": DESK, "covers": [Cover(post="desk", at_least=2, at_most=1)]},
        [("covers[0].at_least (desk)", "cover-upside-down")],
    ),
    "cover of more officers than there are": (
        {"posts": DESK, "covers": [Cover(post="desk", at_least=3)]},
        [("covers[0].at_least (desk)", "cover-above-all")],
    ),
    "priced cover of more officers than there are": (
        {"posts": DESK, "covers": [Cover(post="desk", at_least=3, price_below=1)]},
        [],
    ),
    "a rule that is only named": (
        {"rules": [RuleSetting(rule="leave")]},
        [("rules[0].rule", "unknown-rule")],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_is_found_and_said_and_no_other(case: str) -> None:
    changes, expected = FAULTS[case]
    assert told(plan(**changes)) == expected
