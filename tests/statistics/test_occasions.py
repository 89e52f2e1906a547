"""Market days, leaders on duty, auxiliaries alone, findings and breakdowns, worked out by hand."""

from __future__ import annotations

import pytest

from patrol_scheduler.days import Market
from patrol_scheduler.problem import Agency, Area, Officer, Phase, Post, ViolationKind
from patrol_scheduler.sightings import Sighting
from patrol_scheduler.statistics import (
    agency_participation,
    auxiliary_exposure,
    breakdown,
    document,
    findings,
    kind_competence,
    leader_on_duty,
    leader_turns,
    market_coverage,
    rows,
    shift_coverage,
)

from .plans import date, plan, roster, row


def test_market_days_are_covered_where_and_when_the_market_is_held() -> None:
    """Mondays and Thursdays of 1 to 10 August 2010: 2, 5, 9. Road has no market."""
    market = Market(id="square", areas=("town",), every="weekday", weekdays=(1, 4), shifts=("day",))
    problem = plan(areas=(Area(id="town"), Area(id="road")), markets=(market,))
    made = roster(
        problem,
        "08-02 town day P1",
        "08-05 town night P1",
        "08-09 road day P1",
        "08-03 town day P1",
    )  # fmt: skip
    assert rows(market_coverage(problem, made))[0] == {
        "market": "square", "market_days": 3, "patrolled_days": 1,
        "coverage": pytest.approx(1 / 3, abs=1e-6),
    }  # fmt: skip
    assert row(market_coverage(problem, made), market="")["market_days"] == 3


def test_a_market_where_no_phase_lets_anybody_patrol_asks_for_nothing() -> None:
    market = Market(id="square", areas=("town",), every="date", dates=(date("08-03"),))
    phase = Phase(id="routine", start=date("08-01"), end=date("08-10"), areas=("road",))
    problem = plan(areas=(Area(id="town"), Area(id="road")), phases=(phase,), markets=(market,),
                   cadences=())  # fmt: skip
    only = row(market_coverage(problem, roster(problem)), market="square")
    assert (only["market_days"], only["coverage"]) == (0, None)


def test_a_leader_on_duty_counts_on_patrol_days_by_kind_of_day() -> None:
    """1 August 2010 is a Sunday. Led: Sunday 1 and Monday 2; patrols on 1, 2 and 4."""
    problem = plan(
        posts=(Post(id="chief", kind="leader-on-duty"),),
        officers=(
            Officer(id="P1", agency="police", leader=True, leader_on_duty=True),
            Officer(id="P2", agency="police", leader_on_duty=True, joins=date("08-02")),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city"),
        ),
    )
    made = roster(problem, "08-01 town day C1", "08-02 town day C1", "08-04 town day C1",
                  "08-01 chief day P1", "08-02 chief day P1")  # fmt: skip
    table = leader_on_duty(problem, made)
    assert row(table, day_type="") == {
        "day_type": "", "patrol_days": 3, "led_days": 2,
        "leader_day_rate": pytest.approx(2 / 3, abs=1e-6), "leaders": 1,
    }  # fmt: skip
    assert row(table, day_type="rest-day")["leader_day_rate"] == 1.0
    assert row(table, day_type="working-day")["led_days"] == 1
    turns = leader_turns(problem, made)
    # P1 could lead on both days, P2 on one: targets 4/3 and 2/3.
    first, second = (row(turns, day_type="", officer=who) for who in ("P1", "P2"))
    assert (first["turns"], first["target"]) == (2, pytest.approx(4 / 3, abs=1e-6))
    assert second["deviation"] == pytest.approx(-2 / 3, abs=1e-6)
    assert leader_on_duty(plan(), made).empty
    assert leader_turns(plan(), made).empty


def test_auxiliaries_alone_are_counted_in_person_hours() -> None:
    phase = Phase(id="routine", start=date("08-01"), end=date("08-10"), mode="enforcement")
    problem = plan(
        phases=(phase,),
        officers=(
            Officer(id="P1", agency="police", status="police"),
            Officer(id="P2", agency="police", status="auxiliary-police"),
            Officer(id="C1", agency="city", status="assistant"),
            Officer(id="C2", agency="city"),
        ),
    )
    made = roster(problem, "08-01 town day P2 C1", "08-03 town night P2 C2", "08-05 town day P1")
    assert row(auxiliary_exposure(problem, made), area="") == {
        "area": "", "auxiliary_hours": 11.0, "alone_patrols": 1, "alone_hours": 8.0,
        "enforcement_alone_hours": 8.0, "alone_share": pytest.approx(8 / 11, abs=1e-6),
    }  # fmt: skip
    quiet = problem.model_copy(update={"phases": plan().phases})
    assert row(auxiliary_exposure(quiet, made), area="town")["enforcement_alone_hours"] == 0.0
    months = rows(auxiliary_exposure(problem, made, "month"))
    assert [r["month"] for r in months] == ["2010-08", "2010-08"]


def test_a_kind_is_covered_in_the_shifts_in_which_it_is_frequent() -> None:
    kinds = (
        ViolationKind(id="stalls", competent=("city",), shifts=("night",)),
        ViolationKind(id="litter", competent=("city",)),
    )
    problem = plan(violation_kinds=kinds, areas=(Area(id="town", targets=("stalls", "litter")),))
    made = roster(problem, "08-01 town day C1", "08-03 town night C1", "08-05 town night P1")
    table = kind_competence(problem, made)
    assert row(table, violation_kind="stalls")["covering_patrols"] == 1
    assert row(table, violation_kind="stalls")["kind_coverage"] == pytest.approx(1 / 3, abs=1e-6)
    assert row(table, violation_kind="litter")["covering_patrols"] == 2


def test_shares_that_the_agencies_agreed_stand_beside_what_they_give() -> None:
    problem = plan(agencies=(Agency(id="police", share=1), Agency(id="city", share=3)))
    made = roster(problem, "08-01 town day P1 C1")
    table = agency_participation(problem, made)
    assert row(table, agency="city")["agreed_share"] == 0.75
    assert row(table, agency="city")["hour_share"] == 0.5


def sighting(day: str, kind: str, count: int, *, place: str = "", unsettled: int = 0) -> Sighting:
    return Sighting(date(day), "town", f"2010-{day}.town", kind, place, count, open=unsettled)


def test_findings_are_held_against_patrols_hours_and_each_other() -> None:
    problem = plan(violation_kinds=(ViolationKind(id="stalls"), ViolationKind(id="litter")))
    made = roster(problem, "08-01 town day P1 C1", "08-05 town night P1")
    seen = (
        sighting("08-01", "stalls", 3, place="gate", unsettled=1),
        sighting("08-05", "stalls", 1, place="gate"),
        sighting("08-05", "noise", 1),
    )
    table = findings(problem, made, seen)
    assert [r["violation_kind"] for r in rows(table)] == ["stalls", "litter", "noise", ""]
    # Two patrols, 2 x 4 + 1 x 3 person-hours.
    assert row(table, violation_kind="stalls") == {
        "violation_kind": "stalls", "found": 4, "per_patrol": 2.0,
        "per_person_hour": pytest.approx(4 / 11, abs=1e-6), "unsettled": 1, "handling_rate": 0.75,
        "placed": 2, "relapses": 1, "relapse_rate": 0.5,
    }  # fmt: skip
    assert row(table, violation_kind="litter")["handling_rate"] is None
    told = document(problem, made, actual=made, sightings=seen)["actual"]
    assert isinstance(told, dict)
    assert told["findings"] == rows(table)


def test_a_breakdown_by_any_dimensions_adds_up() -> None:
    problem = plan("08-30", "09-03")
    made = roster(problem, "08-30 town day P1 C1", "09-01 town night P1 C2", "09-01 gate day P2")
    usual = rows(breakdown(problem, made))
    assert [(r["month"], r["area"], r["shift"], r["agency"], r["duties"]) for r in usual] == [
        ("2010-08", "town", "day", "police", 1), ("2010-08", "town", "day", "city", 1),
        ("2010-09", None, "day", "police", 1),
        ("2010-09", "town", "night", "police", 1), ("2010-09", "town", "night", "city", 1),
    ]  # fmt: skip
    assert sum(r["person_hours"] for r in usual) == 8 + 6 + 4
    people = rows(breakdown(problem, made, ("officer", "weekday")))
    assert [(r["officer"], r["weekday"]) for r in people] == [
        ("P1", 1), ("P1", 3), ("P2", 3), ("C1", 1), ("C2", 3)
    ]  # fmt: skip
    (everything,) = rows(breakdown(problem, made, ()))
    assert (everything["duties"], everything["patrols"], everything["officers"]) == (5, 2, 4)
    with pytest.raises(ValueError, match="by"):
        breakdown(problem, made, ("colour",))
    with pytest.raises(ValueError, match="by"):
        breakdown(problem, made, ("month", "month"))


def test_the_dose_is_how_long_a_patrol_stops_in_an_area() -> None:
    problem = plan(areas=(Area(id="town", minutes=15), Area(id="road")))
    made = roster(problem, "08-01 town day P1", "08-03 town night P1", "08-05 road day P1")
    total = row(shift_coverage(problem, made), shift="")
    assert total["mean_minutes"] == (15 + 15 + 240) / 3
    assert total["dose_share"] == pytest.approx(2 / 3, abs=1e-6)
    assert total["hours"] == 4 + 3 + 4
