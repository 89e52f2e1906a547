from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pytest

from patrol_scheduler.checking import check
from patrol_scheduler.problem import (
    Agency,
    Area,
    Certificate,
    Cover,
    Leave,
    Officer,
    Phase,
    Problem,
    Request,
    Shift,
    Team,
    ViolationKind,
)
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    HoursBetweenDuties,
    OneDutyADay,
    Requests,
    WithinPhase,
)
from patrol_scheduler.statistics import (
    By,
    certificate_horizon,
    kind_competence,
    patrol_strength,
    post_strength,
    rows,
    shift_strength,
    unsound_patrols,
)

from .plans import date, plan, roster, row


def officers(police: int, city: int, **changes: Any) -> tuple[Officer, ...]:
    ids = [(f"P{i}", "police") for i in range(1, police + 1)]
    ids += [(f"C{i}", "city") for i in range(1, city + 1)]
    return tuple(Officer(id=id_, agency=agency, **changes.get(id_, {})) for id_, agency in ids)


@pytest.mark.parametrize(
    ("present", "filled"),
    [
        ("P1 C1 C2 P2", 4),
        ("P1 P2 C1", 3),
        ("P1 P2 P3 P4", 2),
        ("C1 C2 C3", 3),
        ("C1 C2 C3 C4", 3),
        ("C1 C1", 1),
    ],
)
def test_a_seat_asked_of_an_agency_is_filled_by_its_own_officers_only(
    present: str, filled: int
) -> None:
    """Of one police, two city and one free seat, four of police fill the first and the last."""
    problem = plan(
        officers=officers(4, 4), teams=(Team(members={"police": 1, "city": 2}, extra=1),)
    )
    found = row(patrol_strength(problem, roster(problem, f"08-01 town day {present}")), area="town")
    there = len(set(present.split()))
    assert (found["required_seats"], found["filled_seats"]) == (4, filled)
    assert found["fill_rate"] == filled / 4
    assert (found["present"], found["strength"]) == (there, there / 4)


def test_more_officers_than_asked_make_strength_exceed_one() -> None:
    problem = plan()
    found = row(patrol_strength(problem, roster(problem, "08-01 town day P1 P2 C1")), area="")
    assert (found["fill_rate"], found["strength"]) == (1.0, 1.5)


def test_a_patrol_without_a_team_has_no_seats() -> None:
    problem = plan(teams=())
    found = row(patrol_strength(problem, roster(problem, "08-01 town day P1 C1")), area="town")
    assert (found["patrols"], found["required_seats"], found["fill_rate"]) == (1, 0, None)
    assert (found["present"], found["strength"], found["composition_rate"]) == (0, None, 1.0)


def test_a_patrol_is_sound_when_no_rule_names_it() -> None:
    """Four patrols: one with an officer on leave, one too soon, one short, one as it should be.

    The gap from the 4th to the 8th is overdue on the 7th, which no patrol is to blame for.
    """
    problem = plan(
        officers=officers(2, 2, P2={"leave": (Leave(start=date("08-03"), end=date("08-03")),)}),
    )
    made = roster(
        problem,
        "08-01 town day P1 C1",
        "08-03 town day P2 C1",
        "08-04 town day P1 C2",
        "08-08 town day P1",
    )
    assert unsound_patrols(problem, made) == {1, 2, 3}
    assert unsound_patrols(problem, made, check(problem, made)) == {1, 2, 3}
    found = row(patrol_strength(problem, made), area="town")
    assert (found["sound_patrols"], found["composition_rate"]) == (1, 0.25)


def test_an_officers_own_rules_count_against_the_duty_that_breaks_them() -> None:
    """P1 has two days between duties: the patrol of the 4th, not that of the 3rd in another area.

    Too many duties in a week concern the officer, not one patrol.
    """
    problem = plan(
        areas=(Area(id="town"), Area(id="road")),
        rules=(DaysBetweenDuties(days=2, officers=("P1",)), DutiesAtMost(per="week", duties=0)),
    )
    made = roster(problem, "08-03 road day P1 C1", "08-04 town day P1 C2")
    assert check(problem, made).broken
    assert unsound_patrols(problem, made) == {1}


def test_of_two_patrols_on_one_date_the_one_that_breaks_the_rule_is_unsound() -> None:
    """The night patrol of the 2nd is short of city. P1 ends at 23:00 and begins at 08:00 on the
    3rd, 9 hours later; from 12:00 to 22:00 are 10 hours, enough."""
    problem = plan(
        areas=(Area(id="town"), Area(id="road"), Area(id="path")),
        shifts=(
            Shift(id="day", start="08:00", end="12:00"),
            Shift(id="night", start="22:00", end="23:00"),
        ),
        rules=(OneDutyADay(on=False), WithinPhase(on=False), HoursBetweenDuties(hours=10)),
    )
    made = roster(
        problem,
        "08-02 town day P2 C1",
        "08-02 town night P1",
        "08-03 road day P1 C2",
        "08-03 path night P1 C1",
    )
    assert unsound_patrols(problem, made) == {1, 2}


@pytest.mark.parametrize("level", ["fairness", "wishes"])
def test_a_wish_not_granted_makes_no_patrol_unsound(level: Literal["fairness", "wishes"]) -> None:
    problem = plan(
        requests=(Request(officer="P1", start=date("08-01"), end=date("08-01"), want="off"),),
        rules=(Requests(level=level),),
    )
    made = roster(problem, "08-01 town day P1 C1")
    assert any(f.violation.rule == "requests" for f in check(problem, made).findings)
    assert unsound_patrols(problem, made) == set()


def test_leaders_and_drivers_are_counted_by_what_officers_may_do() -> None:
    """P1 leads and drives, P2 leads: of three patrols two can be led and one driven."""
    problem = plan()
    made = roster(
        problem, "08-01 town day P1 C1", "08-03 town day P2* C1", "08-05 town day C1* C2+"
    )
    found = row(patrol_strength(problem, made), area="town")
    assert (found["led_patrols"], found["driven_patrols"]) == (2, 1)
    assert found["leader_rate"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["driver_rate"] == pytest.approx(1 / 3, abs=1e-6)


def certified(**lasts: str | None) -> tuple[Officer, ...]:
    """Two of police and three of city; those named hold a certificate up to the date given."""
    held = {
        id_: {"certificates": (Certificate(valid_to=date(until) if until else None),)}
        for id_, until in lasts.items()
    }
    return officers(2, 3, **held)


ENFORCEMENT = (Phase(id="campaign", start=date("08-01"), end=date("08-10"), mode="enforcement"),)
PARKING = ViolationKind(id="parking", competent=("police",))
STALLS = ViolationKind(id="stalls", competent=("city",))


def test_two_certificates_of_one_competent_agency_are_needed() -> None:
    """City is competent; C1 and C2 are certified, C2 up to the 4th. Police are no help.

    1st: C1 C2, two. 3rd: C1 C3, one. 5th: C1 C2, one, as C2's has lapsed. 7th: C1 P1 P2, one.
    """
    problem = plan(
        officers=certified(C1=None, C2="08-04", P1=None, P2=None),
        phases=ENFORCEMENT,
        areas=(Area(id="town", targets=("stalls",)),),
        violation_kinds=(PARKING, STALLS),
    )
    made = roster(
        problem,
        "08-01 town day C1 C2",
        "08-03 town day C1 C3",
        "08-05 town day C1 C2",
        "08-07 town day C1 P1 P2",
    )
    found = row(patrol_strength(problem, made), area="town")
    assert (found["enforcement_patrols"], found["certified_patrols"]) == (4, 1)
    assert found["certificate_rate"] == 0.25
    one = row(patrol_strength(problem, made, certified=1), area="town")
    assert one["certified_patrols"] == 4


def test_competent_where_no_offence_is_named_is_who_must_be_certified() -> None:
    made = "08-01 town day C1 P1 P2"
    everybody = certified(C1=None, P1=None, P2=None)
    for certificates, wanted in (({"city": 1}, 0), ({"police": 1}, 1)):
        problem = plan(
            officers=everybody,
            teams=(Team(members={"police": 2, "city": 1}, certified=certificates),),
        )
        found = row(patrol_strength(problem, roster(problem, made)), area="town")
        assert (found["enforcement_patrols"], found["certified_patrols"]) == (1, wanted)
    problem = plan(officers=everybody, phases=ENFORCEMENT)
    assert row(patrol_strength(problem, roster(problem, made)), area="")["certified_patrols"] == 1


def test_a_presence_patrol_needs_no_certificates() -> None:
    problem = plan()
    found = row(patrol_strength(problem, roster(problem, "08-01 town day P1 C1")), area="town")
    assert (found["enforcement_patrols"], found["certificate_rate"]) == (0, None)


def test_each_kind_of_offence_has_its_own_rates() -> None:
    """Both areas look for parking (police), town for stalls (city) as well."""
    problem = plan(
        officers=certified(C1=None, C2=None, P1=None),
        areas=(
            Area(id="town", targets=("parking", "stalls")),
            Area(id="road", targets=("parking",)),
        ),
        violation_kinds=(PARKING, STALLS, ViolationKind(id="other")),
    )
    made = roster(
        problem, "08-01 town day P1 C1 C2", "08-03 town day C1 C3", "08-01 road day P1 P2"
    )
    table = kind_competence(problem, made)
    parking, stalls = row(table, violation_kind="parking"), row(table, violation_kind="stalls")
    assert (parking["patrols"], parking["competent_patrols"], parking["certified_patrols"]) == (
        3,
        2,
        0,
    )
    assert (stalls["patrols"], stalls["competent_patrols"], stalls["certified_patrols"]) == (
        2,
        2,
        1,
    )
    assert (stalls["competence_rate"], stalls["certificate_rate"]) == (1.0, 0.5)
    assert row(table, violation_kind="other")["competence_rate"] is None
    # City assists against parking on 08-01 in town; against stalls nobody is asked to.
    helped = PARKING.model_copy(update={"support": ("city",)})
    assisted = problem.model_copy(update={"violation_kinds": (helped, STALLS)})
    table = kind_competence(assisted, made)
    parking, stalls = row(table, violation_kind="parking"), row(table, violation_kind="stalls")
    assert (parking["supported_patrols"], stalls["supported_patrols"]) == (1, 2)
    assert parking["support_rate"] == pytest.approx(1 / 3, abs=1e-6)
    # 2 of 3 and 2 of 2 are competent; stalls weigh four times as much: (2 + 4 x 2) / (3 + 4 x 2).
    heavy = STALLS.model_copy(update={"weight": 4})
    weighed = problem.model_copy(update={"violation_kinds": (PARKING, heavy)})
    everything = row(kind_competence(weighed, made), violation_kind="")
    assert (everything["patrols"], everything["competent_patrols"]) == (5, 4)
    assert everything["competence_rate"] == pytest.approx(10 / 11, abs=1e-6)
    # By the rate of the certified, 0 of 3 and 1 of 2: 4 / 11.
    assert everything["certificate_rate"] == pytest.approx(4 / 11, abs=1e-6)


def test_offences_are_told_month_by_month() -> None:
    problem = plan(
        "08-30",
        "09-02",
        areas=(Area(id="town", targets=("parking",)),),
        violation_kinds=(PARKING,),
    )
    made = roster(problem, "08-30 town day P1 C1", "09-01 town day C1 C2")
    table = kind_competence(problem, made, "month")
    assert [
        (r["month"], r["competent_patrols"], r["patrols"])
        for r in rows(table)
        if r["violation_kind"] == "parking"
    ] == [("2010-08", 1, 1), ("2010-09", 0, 1)]


def at_risk(problem: Problem, made: Roster, **days: int) -> list[object]:
    return [
        (r["date"], r["lasting"], r["lapses"])
        for r in rows(certificate_horizon(problem, made, **days))
    ]


def test_certificates_that_end_within_sixty_days_put_patrols_at_risk() -> None:
    """C2's certificate ends on 2 October: 62 days after 1 August, 60 after the 3rd."""
    problem = plan(
        officers=certified(C1=None, C2="10-02", C3=None),
        teams=(Team(members={"city": 2}, certified={"city": 2}),),
    )
    made = roster(problem, "08-01 town day C1 C2", "08-03 town day C1 C2", "08-05 town day C1 C3")
    assert at_risk(problem, made) == [("2010-08-03", 1, "2010-10-02")]
    assert at_risk(problem, made, days=59) == []
    assert len(at_risk(problem, made, days=62)) == 2
    with pytest.raises(ValueError, match="-1"):
        certificate_horizon(problem, made, days=-1)


def test_of_several_certificates_about_to_expire_the_first_end_is_named() -> None:
    problem = plan(
        officers=certified(C1="09-05", C2="08-31", C3="09-02"),
        teams=(Team(members={"city": 3}, certified={"city": 1}),),
    )
    assert at_risk(problem, roster(problem, "08-01 town day C1 C2 C3")) == [
        ("2010-08-01", 0, "2010-08-31")
    ]


def test_a_certificate_that_is_renewed_in_time_is_not_about_to_expire() -> None:
    ends = Certificate(valid_to=date("08-20"))
    team = (Team(members={"city": 1}, certified={"city": 1}),)
    for renewed, wanted in ((date("08-21"), 0), (date("08-22"), 1)):
        held = (Certificate(valid_from=renewed, valid_to=dt.date(2011, 8, 1)), ends)
        problem = plan(officers=officers(1, 1, C1={"certificates": held}), teams=team)
        assert len(at_risk(problem, roster(problem, "08-01 town day C1"))) == wanted


def test_a_patrol_already_short_of_certificates_is_not_at_risk_but_short() -> None:
    problem = plan(
        officers=certified(C1="08-20"), teams=(Team(members={"city": 2}, certified={"city": 2}),)
    )
    assert at_risk(problem, roster(problem, "08-01 town day C1 C2")) == []


def test_posts_count_the_seats_their_covers_ask_for() -> None:
    """Two officers by day, one by night, for three days; three on the 2nd. 2+3+2 = 7 by day."""
    problem = plan(
        "08-01",
        "08-03",
        covers=(
            Cover(post="gate", at_least=2, shifts=("day",)),
            Cover(post="gate", at_least=3, shifts=("day",), dates=(date("08-02"),)),
            Cover(post="gate", at_least=1, shifts=("night",)),
        ),
    )
    made = roster(
        problem,
        "08-01 gate day P1 P2 C1",
        "08-02 gate day P1 C1",
        "08-03 gate day P1 C1",
        "08-03 gate night P2",
    )
    table = post_strength(problem, made)
    day, night, total = (row(table, shift=shift) for shift in ("day", "night", ""))
    assert (day["turns"], day["required_seats"], day["filled_seats"]) == (3, 7, 6)
    assert (day["turns_short"], night["turns_short"]) == (1, 2)
    assert (night["required_seats"], night["filled_seats"]) == (3, 1)
    assert (total["required_seats"], total["filled_seats"], total["fill_rate"]) == (10, 7, 0.7)


def test_each_shift_has_its_own_strength() -> None:
    problem = plan(teams=(Team(members={"police": 1, "city": 1}),), phases=ENFORCEMENT,
                   officers=certified(P1=None, P2=None))  # fmt: skip
    made = roster(problem, "08-01 town day P1* P2 C1", "08-03 town day C1", "08-05 town night P1")
    day, night, total = rows(shift_strength(problem, made))
    assert [r["shift"] for r in (day, night, total)] == ["day", "night", ""]
    assert [r["patrols"] for r in (day, night, total)] == [2, 1, 3]
    # Of two seats a patrol: both filled, one; one.
    assert [r["fill_rate"] for r in (day, night, total)] == [0.75, 0.5, round(4 / 6, 6)]
    assert [r["strength"] for r in (day, night, total)] == [1.0, 0.5, round(5 / 6, 6)]
    assert [r["certificate_rate"] for r in (day, night)] == [0.5, 0.0]
    whole = row(patrol_strength(problem, made), area="")
    assert [total[name] for name in total if name != "shift"] == list(whole.values())[1:]


def test_months_and_phases_add_up_to_the_whole() -> None:
    phases = (
        Phase(id="one", start=date("08-29"), end=date("09-01")),
        Phase(id="two", start=date("09-03"), end=date("09-06")),
    )
    problem = plan("08-29", "09-06", phases=phases)
    made = roster(problem, "08-30 town day P1 C1", "09-01 town day P1", "09-04 town day P1 C1")
    total = row(patrol_strength(problem, made), area="")
    spans: tuple[tuple[By, int], ...] = (("month", 1), ("phase", 2))
    for by, first in spans:
        parts = [r for r in rows(patrol_strength(problem, made, by)) if r["area"] == ""]
        assert [r["patrols"] for r in parts] == [first, 3 - first]
        for name in ("required_seats", "filled_seats", "sound_patrols", "led_patrols"):
            assert sum(r[name] for r in parts) == total[name]


def test_a_patrol_in_no_phase_counts_in_the_whole_only() -> None:
    problem = plan(shifts=(Shift(id="day", start="08:00", end="12:00"),))
    made = roster(problem, "08-12 town day P1 C1")
    assert row(patrol_strength(problem, made), area="")["patrols"] == 1
    assert row(patrol_strength(problem, made), area="")["sound_patrols"] == 0
    assert row(patrol_strength(problem, made, "phase"), area="")["patrols"] == 0


def test_an_empty_roster_has_rows_but_no_rates() -> None:
    problem = plan(agencies=(Agency(id="police"), Agency(id="city")))
    found = row(patrol_strength(problem, Roster()), area="")
    assert (found["patrols"], found["fill_rate"], found["composition_rate"]) == (0, None, None)
    assert row(post_strength(problem, Roster()))["fill_rate"] is None
    assert rows(certificate_horizon(problem, Roster())) == []
    assert rows(kind_competence(problem, Roster())) == []
