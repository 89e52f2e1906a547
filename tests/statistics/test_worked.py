"""Worked examples with dates of statistics whose formulas need more than a few days."""

from __future__ import annotations

import math

import pytest

from patrol_scheduler.statistics import officer_hours, predictability, rows

from .plans import plan, roster, row


def test_entropies_of_an_area_against_the_most_random_rule() -> None:
    """Gaps 2, 2, 3, 2 from Sunday 1 August; two Sundays, two Tuesdays, a Thursday; two nights."""
    problem = plan("08-01", "08-31")
    made = roster(
        problem,
        "08-01 town day P1 C1",
        "08-03 town night P1 C1",
        "08-05 town day P1 C1",
        "08-08 town day P1 C1",
        "08-10 town night P1 C1",
    )
    (area,) = rows(predictability(problem, made))
    # After 2 come 2 and 3, after 3 comes 2: two thirds of a bit a patrol, every 9/4 days.
    assert area["gap_entropy"] == pytest.approx(2 / 3, abs=1e-6)
    assert area["day_entropy"] == pytest.approx(2 / 3 * 4 / 9, abs=1e-6)
    assert area["most_entropy"] == pytest.approx(0.405685, abs=1e-6)
    assert area["efficiency"] == pytest.approx(2 / 3 * 4 / 9 / 0.405685, abs=1e-5)
    weekdays = -(2 * 0.4 * math.log2(0.4) + 0.2 * math.log2(0.2))
    assert area["weekday_entropy"] == pytest.approx(weekdays / math.log2(7), abs=1e-6)
    assert area["shift_entropy"] == pytest.approx(0.970951, abs=1e-6)
    assert area["guess_floor"] == pytest.approx(0.56984, abs=1e-5)


def test_overtime_of_a_month_holidays_and_a_week_without_a_free_day() -> None:
    """1 to 7 October 2010 are holidays, 10 October is a Sunday; each duty has four hours."""
    problem = plan("09-27", "10-10")
    days = ("09-27", "09-28", "09-29", "09-30", "10-01", "10-02", "10-03")
    made = roster(
        problem,
        *(f"{day} town day P2" for day in days),
        *(f"{day} gate day P1" for day in ("09-30", "10-01", "10-02", "10-10")),
    )
    names = (
        "most_hours_month",
        "most_overtime_month",
        "weeks_without_rest",
        "holiday_duties",
        "rest_day_duties",
    )
    one, two = (row(officer_hours(problem, made), officer=officer) for officer in ("P1", "P2"))
    # P1: three duties in October, all on days off. P2: Monday to Sunday, four days in September.
    assert [one[name] for name in names] == [12.0, 12.0, 0, 2, 1]
    assert [two[name] for name in names] == [16.0, 12.0, 1, 3, 0]
