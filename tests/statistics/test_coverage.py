"""Where and when is patrolled, who takes part, and what happens when somebody falls out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Area, Leave, Officer, Phase, Shift
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Went
from patrol_scheduler.statistics import (
    agency_participation,
    area_share,
    backup_coverage,
    change_summary,
    day_type_coverage,
    document,
    duty_changes,
    duty_fairness,
    execution,
    labour_breaches,
    officer_duties,
    officer_hours,
    predictability,
    rows,
    shift_coverage,
    spare_depth,
    staffing,
    weekday_shift_coverage,
)
from patrol_scheduler.statistics.coverage import outside_office
from patrol_scheduler.statistics.predictability import conditional_entropy, entropy, growth

from .plans import date, patrolled, plan, roster, row


def test_the_share_of_an_area_is_held_against_the_middle_of_its_window() -> None:
    """Ten days every 2-3 days: 4 patrol days in the middle. Town 3 of 4 patrols, road 1."""
    problem = plan(areas=(Area(id="town"), Area(id="road")))
    made = roster(
        problem, "08-01 town day P1", "08-03 town day P1", "08-05 town day P1", "08-02 road day P2"
    )
    table = area_share(problem, made)
    assert row(table, area="town") == {
        "area": "town", "patrol_days": 3, "share": 0.75, "target": 4.0, "relative": 0.75, "cv": None
    }  # fmt: skip
    # Relative 3/4 and 1/4: mean 1/2, sigma 1/4.
    assert row(table, area="")["cv"] == 0.5
    assert row(table, area="")["target"] == 8.0


def test_shares_of_two_months_add_up() -> None:
    problem = plan("08-30", "09-03")
    made = patrolled(problem, "08-30", "09-01", "09-03")
    months = rows(area_share(problem, made, "month"))
    assert [(r["month"], r["area"], r["patrol_days"], r["target"]) for r in months] == [
        ("2010-08", "town", 1, 0.8), ("2010-08", "", 1, 0.8),
        ("2010-09", "town", 2, 1.2), ("2010-09", "", 2, 1.2),
    ]  # fmt: skip


def test_an_area_is_backed_up_by_two_distinct_teams() -> None:
    problem = plan(areas=(Area(id="town"), Area(id="road")))
    made = roster(
        problem,
        "08-01 town day P1 C1",
        "08-03 town day C1 P1",
        "08-05 road day P1 C1",
        "08-07 road day P2 C1",
    )
    (month,) = rows(backup_coverage(problem, made))
    assert month == {"month": "2010-08", "areas": 2, "backed_up": 1, "coverage": 0.5, "teams": 2}


def test_patrols_by_weekday_and_shift() -> None:
    """1 August 2010 is a Sunday; ten days have two Sundays, Mondays and Tuesdays."""
    problem = plan()
    made = roster(problem, "08-01 town day P1", "08-08 town night P1", "08-03 town day P1")
    table = weekday_shift_coverage(problem, made)
    sunday = row(table, weekday=7, shift="day")
    assert (sunday["days"], sunday["patrols"], sunday["mean_patrols"]) == (2, 1, 0.5)
    assert row(table, weekday=2, shift="day")["share"] == pytest.approx(1 / 3)
    assert len(table) == 14


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("08:00", "12:00", 0), ("07:30", "10:30", 30), ("17:30", "20:30", 150),
     ("20:00", "09:00", 720), ("08:00", "08:00", 840)],
)  # fmt: skip
def test_minutes_outside_the_office_day(start: str, end: str, minutes: int) -> None:
    assert outside_office(Shift(id="s", start=start, end=end)) == minutes


def test_hours_outside_the_office_day_by_shift() -> None:
    """Day 08-12 and night 20-23: of 4 + 3 hours 3 are outside."""
    problem = plan()
    made = roster(problem, "08-01 town day P1 C1", "08-03 town night P1")
    whole = row(shift_coverage(problem, made), shift="")
    assert (whole["hours"], whole["outside_hours"], whole["person_hours"]) == (7.0, 3.0, 11.0)
    assert whole["outside_share"] == pytest.approx(3 / 7, abs=1e-6)
    assert whole["mean_minutes"] == 210.0
    assert whole["dose_share"] == 0.0


def test_stops_of_ten_to_sixteen_minutes_are_a_dose() -> None:
    short = Shift(id="stop", start="08:00", end="08:16")
    problem = plan(shifts=(short, Shift(id="long", start="09:00", end="09:17")))
    made = roster(problem, "08-01 town stop P1", "08-03 town long P1")
    assert row(shift_coverage(problem, made), shift="")["dose_share"] == 0.5


def test_holidays_and_working_days_with_a_patrol() -> None:
    """30 September (working), 1 to 7 October (holiday), 8 October (working), 9 (make-up)."""
    problem = plan("09-30", "10-09")
    made = patrolled(problem, "10-01", "10-03", "10-09")
    table = day_type_coverage(problem, made)
    holiday = row(table, day_type="statutory-holiday")
    assert (holiday["days"], holiday["patrolled_days"], holiday["coverage"]) == (7, 2, 0.285714)
    assert row(table, day_type="make-up-working-day")["coverage"] == 1.0
    assert row(table, day_type="")["days"] == 10
    assert row(table, day_type="rest-day")["coverage"] is None


def test_participation_and_hours_of_agencies() -> None:
    """Police 4 h + 4 h, city 4 h + 3 h at the gate; the teams ask each for one seat."""
    problem = plan()
    made = roster(problem, "08-01 town day P1 C1", "08-03 town day P2", "08-04 gate night C2")
    table = agency_participation(problem, made)
    police, city = row(table, agency="police"), row(table, agency="city")
    assert (police["participation"], city["participation"]) == (1.0, 0.5)
    assert (police["person_hours"], city["person_hours"]) == (8.0, 7.0)
    assert police["hour_share"] == pytest.approx(8 / 15, abs=1e-6)
    assert (police["asked_share"], city["asked_share"]) == (0.5, 0.5)
    assert (police["agreed_share"], city["agreed_share"]) == (None, None)


def test_the_most_random_rule_for_gaps_two_and_three() -> None:
    """rho = 1.3247, the root of rho^-2 + rho^-3 = 1: 0.4057 bit a day, P(2) = 0.570."""
    rho = growth(2, 3)
    assert math.log2(rho) == pytest.approx(0.4057, abs=5e-5)
    assert rho**-2 == pytest.approx(0.570, abs=5e-4)
    assert growth(1, 10**6) == pytest.approx(2.0)
    assert growth(2, 2) == 1.0


def test_entropies_of_worked_sequences() -> None:
    assert entropy([1, 2, 1, 2]) == 1.0
    assert entropy([]) is None
    assert conditional_entropy([2, 3, 2, 3, 2]) == 0.0
    # After 2 come 2 and 3, after 3 comes 2: two of three pairs are open by one bit.
    assert conditional_entropy([2, 2, 3, 2]) == pytest.approx(2 / 3)
    assert conditional_entropy([2]) is None


def test_a_fixed_rhythm_is_guessed_every_time() -> None:
    problem = plan("08-01", "08-15")
    made = patrolled(problem, "08-01", "08-03", "08-05", "08-07", "08-09")
    (area,) = rows(predictability(problem, made))
    assert area["guess_same_gap"] == area["guess_first_order"] == 1.0
    assert area["gap_entropy"] == area["efficiency"] == 0.0
    assert area["guess_same_weekday"] == 0.0
    assert area["guess_floor"] == pytest.approx(0.56984, abs=1e-5)


def test_a_turn_of_two_and_three_is_guessed_only_by_a_watcher_who_remembers() -> None:
    problem = plan("08-01", "08-31")
    made = patrolled(problem, "08-01", "08-03", "08-06", "08-08", "08-11")
    (area,) = rows(predictability(problem, made))
    assert (area["guess_same_gap"], area["guess_first_order"]) == (0.0, 1.0)


def test_what_a_watcher_can_guess_is_told_month_by_month() -> None:
    """Gaps of 2, 2 and 3 days end in August, of 3 and 3 in September."""
    problem = plan("08-24", "09-10")
    made = patrolled(problem, "08-24", "08-26", "08-28", "08-31", "09-03", "09-06")
    august, september = rows(predictability(problem, made, "month"))
    assert (august["month"], august["gaps"]) == ("2010-08", 3)
    # After 2 came 2, then 3.
    assert august["guess_same_gap"] == 0.5
    assert august["gap_entropy"] == 1.0
    # 3 September is a Friday and 6 September a Monday.
    assert (september["month"], september["gaps"]) == ("2010-09", 2)
    assert (september["guess_same_gap"], september["guess_same_weekday"]) == (1.0, 0.0)
    assert september["gap_entropy"] == 0.0
    (phase,) = rows(predictability(problem, made, "phase"))
    (whole,) = rows(predictability(problem, made))
    assert phase == {"phase": "routine", **whole}


def test_hours_rest_and_overtime_of_an_officer() -> None:
    """Sunday 1 August, Monday day and night, Tuesday: P1."""
    problem = plan()
    made = roster(
        problem,
        "08-01 town day P1",
        "08-02 town day P1",
        "08-02 gate night P1",
        "08-03 town day P1",
    )
    p1 = row(officer_hours(problem, made), officer="P1")
    assert (p1["duties"], p1["hours"], p1["most_hours_day"]) == (4, 15.0, 7.0)
    # The week from Monday has 11 hours; Sunday's 4 are overtime on a rest day.
    assert (p1["most_hours_week"], p1["overtime_hours"]) == (11.0, 4.0)
    assert (p1["longest_run"], p1["shortest_rest"]) == (3, 8.0)
    assert p1["rest_day_duties"] == 1
    assert row(officer_hours(problem, made), officer="C1")["shortest_rest"] is None


def test_hours_are_credited_as_the_shifts_say() -> None:
    """The night on call of three hours counts as one; the day of four has no credit of its own."""
    day, night = plan().shifts
    problem = plan(shifts=(day, night.model_copy(update={"credit": 1.0})))
    made = roster(problem, "08-02 town day P1", "08-04 town night P1")
    p1 = row(officer_hours(problem, made), officer="P1")
    assert (p1["hours"], p1["credited_hours"]) == (7.0, 5.0)


def test_a_week_without_a_free_day_and_a_long_day_are_counted_by_article() -> None:
    """Monday 2 to Sunday 8 August: seven days of 9 hours, 63 in the week."""
    problem = plan(shifts=(Shift(id="day", start="08:00", end="17:00"),))
    made = patrolled(problem, *(f"08-0{day}" for day in range(2, 9)))
    found = {
        r["article"]: (r["breaches"], r["officers"]) for r in rows(labour_breaches(problem, made))
    }
    assert found == {
        "daily-hours": (14, 2), "weekly-hours": (2, 2), "weekly-rest": (2, 2),
        "monthly-overtime": (0, 0),
    }  # fmt: skip


def test_absences_are_told_month_by_month() -> None:
    """On 31 August C2 could stand in for C1, on 2 September C2 is on leave."""
    away = Leave(start=date("09-01"), end=date("09-10"))
    officers = [o if o.id != "C2" else o.model_copy(update={"leave": (away,)})
                for o in plan().officers]  # fmt: skip
    problem = plan("08-30", "09-03", officers=tuple(officers))
    made = patrolled(problem, "08-31", "09-02")
    found = {
        r["month"]: (r["seats"], r["least_spare"], r["survival"], r["single_points"])
        for r in rows(spare_depth(problem, made, "month"))
        if r["agency"] == "city"
    }
    assert found == {"2010-08": (1, 1, 1.0, 0), "2010-09": (1, 0, 0.0, 1)}


def test_an_absence_is_mended_by_a_free_officer_of_the_same_agency() -> None:
    """On the 2nd P2 and C2 are free; on the 4th C2 is on leave and nobody else can stand in."""
    away = Leave(start=date("08-04"), end=date("08-04"))
    problem = plan(
        officers=(
            Officer(id="P1", agency="police"),
            Officer(id="P2", agency="police"),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city", leave=(away,)),
        )
    )
    made = patrolled(problem, "08-02", "08-04")
    table = spare_depth(problem, made)
    assert row(table, agency="police")["survival"] == 1.0
    city = row(table, agency="city")
    assert (city["seats"], city["least_spare"], city["survived"]) == (2, 0, 1)
    assert (city["median_spare"], city["single_points"]) == (0.5, 1)
    (phase,) = {r["phase"] for r in rows(spare_depth(problem, made, "phase"))}
    assert phase == "routine"
    assert row(table, agency="")["survival"] == 0.75


def test_an_officer_more_than_asked_may_fall_out() -> None:
    problem = plan(officers=(Officer(id="P1", agency="police"), Officer(id="P2", agency="police")),
                   teams=(), agencies=(Agency(id="police"),))  # fmt: skip
    assert (
        row(spare_depth(problem, roster(problem, "08-02 town day P1 P2")), agency="")["survival"]
        == 1.0
    )


def test_staff_needed_by_the_relief_factor() -> None:
    """Monday 2 to Sunday 8 August: 5 working days of 8 hours; a seat manned daily takes 1.4."""
    problem = plan("08-02", "08-08", shifts=(Shift(id="day", start="08:00", end="18:00"),))
    made = patrolled(problem, *(f"08-0{day}" for day in range(2, 9)))
    police = row(staffing(problem, made), agency="police")
    assert (police["required_hours"], police["officer_hours"]) == (70.0, 40.0)
    assert police["relief_factor"] == 1.4
    assert (police["needed_officers"], police["shortage"]) == (2, 0)


def test_fairness_by_month_is_made_of_that_month_alone() -> None:
    problem = plan("08-30", "09-03")
    made = patrolled(problem, "08-30", "09-01", "09-03")
    months = duty_fairness(problem, made, "month")
    september = row(months, month="2010-09", over="all-days", agency="police")
    assert (september["duties"], september["range"]) == (2, 2)
    duties = officer_duties(problem, made, "month")
    assert row(duties, month="2010-08", over="all-days", officer="P1")["duties"] == 1


def test_changes_between_two_rosters() -> None:
    problem = plan()
    before = roster(problem, "08-02 town day P1 C1", "08-05 gate day C2")
    after = roster(problem, "08-02 town day P2 C1", "08-05 gate day C2")
    changed = [(r["officer"], r["change"]) for r in rows(duty_changes(before, after))]
    assert changed == [("P1", "dropped"), ("P2", "added")]
    told = {"told_on": date("07-30"), "frozen_until": date("08-01")}
    assert rows(change_summary(before, after, **told)) == [
        {"changed_cells": 2, "persons_touched": 2, "frozen_changes": 0, "least_notice": 3}
    ]
    assert rows(change_summary(before, before))[0]["least_notice"] is None


def test_what_took_place_of_the_plan() -> None:
    """Of three patrols one took place on time, one a day late under its name, one not at all."""
    problem = plan()
    planned = patrolled(problem, "08-01", "08-03", "08-06")
    late = planned.patrols[1].model_copy(update={"date": date("08-04")})
    extra = patrolled(problem, "08-09").patrols[0]
    actual = Roster(patrols=(planned.patrols[0], late, extra))
    town = row(execution(problem, planned, actual), area="town")
    assert (town["planned"], town["took_place"], town["on_time"], town["unplanned"]) == (3, 2, 1, 1)
    assert town["on_time_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert town["planned_hours"] == town["actual_hours"] == 24.0
    told = document(problem, planned, actual=actual)["actual"]
    assert isinstance(told, dict)
    assert told["headline"]["patrols"] == 3
    assert told["execution"][0]["execution_rate"] == pytest.approx(2 / 3, abs=1e-6)


def test_hours_and_punctuality_are_those_that_were_noted() -> None:
    """Two patrols of two officers for 8 hours from 08:00; one began at 08:20 and took 5 hours."""
    problem = plan()
    planned = patrolled(problem, "08-01", "08-03", "08-06")
    on_time, late, silent = planned.patrols
    officers = len(on_time.members)
    start = problem.shift_by_id[late.shift].start_minute
    times = {on_time.id: Went(start + 10), late.id: Went(start + 20, start + 20 + 5 * 60)}
    town = row(execution(problem, planned, planned, times), area="town")
    assert (town["timed"], town["punctual"], town["punctual_rate"]) == (2, 1, 0.5)
    each = town["planned_hours"] / 3
    assert town["actual_hours"] == 2 * each + 5 * officers
    told: Any = document(problem, planned, actual=planned, times=times)
    gone = {member.officer for member in late.members}

    def hours(tables: Any) -> float:
        return float(sum(r["hours"] for r in tables["officer_hours"] if r["officer"] in gone))

    fewer = hours(told["tables"]) - hours(told["actual"]["tables"])
    assert fewer == each - 5 * officers
    assert silent.id not in times


def test_what_is_not_due_yet_is_neither_missing_nor_overdue() -> None:
    """Patrolled on 1, 3 and 6 August, as planned; the records end on the 6th or the 12th."""
    later = Phase(id="later", start=date("09-05"), end=date("09-30"))
    problem = plan("08-01", "09-30", phases=(*plan("08-01", "08-31").phases, later))
    made = patrolled(problem, "08-01", "08-03", "08-06")

    def told(until: str | None) -> dict[str, Any]:
        day = date(until) if until else None
        found = document(problem, made, actual=made, until=day)["actual"]
        assert isinstance(found, dict)
        total = next(r for r in found["tables"]["area_cadence"] if r["area"] == "town")
        return {"until": found["until"]} | {n: total[n] for n in ("days", "overdue_days")}

    assert told("08-06") == {"until": "2010-08-06", "days": 6, "overdue_days": 0}
    # At most 3 days apart: due on the 9th, so that the 9th to the 12th end overdue.
    assert told("08-12") == {"until": "2010-08-12", "days": 12, "overdue_days": 4}
    assert told(None)["overdue_days"] > 20


def test_the_solver_record_names_what_finds_the_roster_again() -> None:
    problem = plan()
    made = patrolled(problem, "08-01")
    levels = (LevelResult(level="fairness", cost=4.0, bound=3.0, reason="bound.none"),)
    result = Result(status="feasible", roster=made, levels=levels, reason="r", seed=7, workers=1)
    record = document(problem, made, result=result)["solver"]
    assert isinstance(record, dict)
    assert (record["seed"], record["workers"], record["status"]) == (7, 1, "feasible")
    assert record["levels"][0]["gap"] == 0.25
    assert len(record["plan_sha256"]) == 64
    assert document(problem, made)["solver"] is None
