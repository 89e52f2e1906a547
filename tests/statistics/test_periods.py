"""Statistics of phases and months: each belongs somewhere, and together they are the whole."""

from __future__ import annotations

from patrol_scheduler.problem import (
    Area,
    Leave,
    OwedRest,
    Phase,
    Problem,
    Request,
    Shift,
)
from patrol_scheduler.roster import CompensatoryRest
from patrol_scheduler.statistics import (
    By,
    area_burden,
    backup_coverage,
    breakdown,
    compensatory_rest,
    fair_shares,
    labour_breaches,
    officer_costs,
    rows,
    staffing,
    worst_off,
)

from .plans import date, patrolled, plan, roster, row

SUMMER = (
    Phase(id="talk", start=date("08-28"), end=date("08-31")),
    Phase(id="act", start=date("09-01"), end=date("09-05")),
)


def summer(**changes: object) -> Problem:
    """Saturday 28 August to Sunday 5 September 2010, a phase to each month."""
    return plan("08-28", "09-05", **({"phases": SUMMER} | changes))


def test_teams_of_two_phases_back_up_no_area_in_either() -> None:
    """Two teams go to the town, but each in its phase; the road has two teams in the second."""
    problem = summer(areas=(Area(id="town"), Area(id="road")))
    made = roster(
        problem,
        "08-30 town day P1 C1",
        "09-01 town day P2 C1",
        "09-02 road day P1 C1",
        "09-04 road day P2 C2",
    )
    assert rows(backup_coverage(problem, made, "phase")) == [
        {"phase": "talk", "areas": 2, "backed_up": 0, "coverage": 0.0, "teams": 1},
        {"phase": "act", "areas": 2, "backed_up": 1, "coverage": 0.5, "teams": 3},
    ]


def test_the_burden_of_an_area_is_its_shifts_times_its_days() -> None:
    """A night of 2.5 on Sunday 29 August is 5 for each of two, Monday's day 1: 12 in the town."""
    day, night = plan().shifts
    problem = summer(
        areas=(Area(id="town"), Area(id="road")),
        shifts=(day, night.model_copy(update={"burden": 2.5})),
    )
    made = roster(
        problem,
        "08-29 town night P1 C1",
        "08-30 town day P1 C1",
        "09-01 road day P2 C2",
        "09-03 road night P2",
        "09-04 gate day P1",
    )
    town, road, whole = rows(area_burden(problem, made))
    assert (town["duties"], town["burden"], town["mean_burden"]) == (4, 12.0, 3.0)
    assert (road["duties"], road["burden"], road["mean_burden"]) == (3, 4.5, 1.5)
    assert (whole["burden"], town["burden_share"]) == (16.5, round(12 / 16.5, 6))
    month = row(area_burden(problem, made, "month"), month="2010-08", area="road")
    assert (month["duties"], month["burden"], month["mean_burden"]) == (0, 0.0, None)
    assert row(area_burden(problem, made, "phase"), phase="act", area="")["burden"] == 4.5
    by_officer = {r["officer"]: r["burden"] for r in rows(breakdown(problem, made, ["officer"]))}
    # The duty at the post, on a Saturday, is the officer's burden and no area's.
    assert by_officer == {"P1": 8.0, "P2": 3.5, "C1": 6.0, "C2": 1.0}


def test_staff_needed_in_one_phase_follows_from_its_days_and_patrols() -> None:
    """The 30th and 31st are working days, 16 hours an officer; P2 is away on 1 to 3 September."""
    away = Leave(start=date("09-01"), end=date("09-03"))
    p1, p2, c1, c2 = plan().officers
    problem = summer(officers=(p1, p2.model_copy(update={"leave": (away,)}), c1, c2))
    made = patrolled(problem, "08-30", "09-01", "09-03")
    talk = row(staffing(problem, made, "phase"), phase="talk", agency="police")
    act = row(staffing(problem, made, "phase"), phase="act", agency="police")
    assert (talk["required_hours"], talk["officer_hours"], talk["relief_factor"]) == (
        4.0,
        16.0,
        2.0,
    )
    assert (act["required_hours"], act["officer_hours"]) == (8.0, 12.0)
    assert act["relief_factor"] == round(5 * 8 / 12, 6)


def test_the_account_of_fair_shares_is_carried_from_month_to_month() -> None:
    """P1 has both duties of August, one too many; P2 makes one of the two up in September."""
    problem = summer()
    made = roster(problem, "08-29 town day P1 C1", "08-31 town day P1 C1", "09-01 town day P2 C2")
    found = fair_shares(problem, made, "month")
    august = row(found, month="2010-08", rule="fair-share", over="all-days", officer="P1")
    september = row(found, month="2010-09", rule="fair-share", over="all-days", officer="P1")
    assert (august["before"], august["load"], august["target"]) == (0.0, 2.0, 1.0)
    assert (august["balance"], august["cost"]) == (1.0, 2.0)
    assert (september["before"], september["load"], september["target"]) == (2.0, 0.0, -0.5)
    assert (september["balance"], september["cost"]) == (0.5, 1.0)
    other = row(found, month="2010-09", rule="fair-share", over="all-days", officer="P2")
    assert (other["before"], other["load"], other["balance"]) == (0.0, 1.0, -0.5)
    whole = row(fair_shares(problem, made), rule="fair-share", over="all-days", officer="P1")
    assert (whole["balance"], whole["cost"]) == (september["balance"], september["cost"])


def test_the_worst_off_of_a_phase_bears_what_is_found_on_its_dates() -> None:
    """C1 wished 30 August off and P2 the 2nd; that P1 has most duties is found of no one date."""
    problem = summer(
        requests=(
            Request(officer="C1", start=date("08-30"), end=date("08-30"), want="off", weight=5),
            Request(officer="P2", start=date("09-02"), end=date("09-02"), want="off", weight=3),
        )
    )
    made = roster(
        problem,
        "08-28 town day P1 C2",
        "08-30 town day P1 C1",
        "09-02 town day P2 C2",
        "09-04 town day P1 C1",
    )
    found = worst_off(problem, made, "phase")
    talk, act = row(found, phase="talk", agency=""), row(found, phase="act", agency="")
    assert (talk["officer"], talk["cost"]) == ("C1", 5.0)
    assert (act["officer"], act["cost"]) == ("P2", 3.0)
    wishes = [r["wishes"] for r in rows(officer_costs(problem, made, "month"))]
    assert wishes == [0.0, 0.0, 5.0, 0.0, 0.0, 3.0, 0.0, 0.0]


def test_a_week_across_two_months_is_beyond_a_limit_in_the_second() -> None:
    """Monday 30 August to Sunday 5 September, 9 hours a day: two days are in August, five in
    September, and only together they are 63 hours without a free day."""
    problem = summer(shifts=(Shift(id="day", start="08:00", end="17:00"),))
    days = ("08-30", "08-31", "09-01", "09-02", "09-03", "09-04", "09-05")
    made = roster(problem, *(f"{day} town day P1" for day in days))

    def breaches(month: str) -> dict[object, object]:
        found = rows(labour_breaches(problem, made, "month"))
        return {
            r["article"]: r["breaches"]
            for r in found
            if (r["month"], r["agency"]) == (month, "police")
        }

    assert breaches("2010-08") == {
        "daily-hours": 2, "weekly-hours": 0, "weekly-rest": 0, "monthly-overtime": 0
    }  # fmt: skip
    assert breaches("2010-09") == {
        "daily-hours": 5, "weekly-hours": 1, "weekly-rest": 1, "monthly-overtime": 0
    }  # fmt: skip
    city = row(labour_breaches(problem, made), article="daily-hours", agency="city")
    assert (city["limit"], city["breaches"], city["officers"]) == (8, 0, 0)


def test_rest_owed_in_august_is_carried_into_september() -> None:
    """Owed since 3 August; earned on Saturday 28 and Sunday 29; taken on Thursday 2 September."""
    officers = tuple(
        o.model_copy(update={"labour": "civil-servant"}) if o.id == "P1" else o
        for o in plan().officers
    )
    problem = summer(officers=officers, owed_rests=(OwedRest(officer="P1", earned=date("08-03")),))
    rest = CompensatoryRest(officer="P1", date=date("09-02"))
    made = roster(problem, "08-28 town day P1 C1", "08-29 gate day P1").model_copy(
        update={"compensatory_rests": (rest,)}
    )
    names = ("carried", "earned", "taken", "owed", "overdue")

    def account(**values: object) -> tuple[object, ...]:
        by: By | None = "month" if "month" in values else None
        found = row(compensatory_rest(problem, made, by), officer="P1", **values)
        return tuple(found[name] for name in names)

    # Rest falls due after 28 days: that of 3 August on the 31st, paid on 2 September.
    assert account(month="2010-08") == (1, 2, 0, 3, 1)
    assert account(month="2010-09") == (3, 0, 1, 2, 0)
    assert account() == (1, 2, 1, 2, 0)
