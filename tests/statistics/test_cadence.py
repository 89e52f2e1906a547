from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from patrol_scheduler.problem import Area, Cadence, PastDuty, Phase, Problem
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import CadenceRule
from patrol_scheduler.statistics import (
    area_cadence,
    cadence_density,
    cadence_readings,
    intervals,
    rows,
)

from .plans import date, patrolled, plan, row


def test_every_number_of_ten_days_with_three_patrols() -> None:
    """1 to 10 August, every 2-3 days, patrols on the 3rd, 5th and 9th, no history.

    Gaps: 5-3 = 2, 9-5 = 4; one of two within. From 31 July to the 3rd: 3 days, from the 9th to the
    11th: 2 days, both at most 3. Overdue: the 8th (3 days after the 5th). Days since the last
    patrol on the 1st to 10th: 1 2 0 1 0 1 2 3 0 1, together 11; by the formula
    (3*2 + 2*1 + 4*3 + 2*1) / 2 = 11. Gaps cut to the ten days: 2, 2, 4, 2, so an offence lasts
    (4 + 4 + 16 + 4) / 20 = 1.4 days on average. Admissible: (n + 1) * 3 >= 11 gives 3,
    2 + (n - 1) * 2 <= 11 gives 5.
    """
    problem = plan()
    table = area_cadence(problem, patrolled(problem, "08-03", "08-05", "08-09"))
    wanted = {
        "area": "town",
        "days": 10,
        "patrol_days": 3,
        "least_patrol_days": 3,
        "most_patrol_days": 5,
        "gaps": 2,
        "too_short": 0,
        "too_long": 1,
        "compliance": 0.5,
        "ends": 2,
        "ends_too_long": 0,
        "overdue_days": 1,
        "mean_gap": 3.0,
        "worst_gap": 4,
        "worst_gap_area": "town",
        "worst_gap_from": "2010-08-05",
        "worst_gap_to": "2010-08-09",
        "mean_idleness": 1.1,
        "worst_idleness": 3,
        "expected_age": 1.4,
    }
    assert rows(table) == [wanted, wanted | {"area": ""}]


def test_the_last_patrol_before_the_plan_begins_the_first_gap() -> None:
    """Last patrol on 29 July, patrols on 2 and 4 August, 1 to 5 August.

    29 July to 2 August is 4 days, one too long: 1 August is overdue. Days since the last patrol:
    3 0 1 0 1, mean 1; by the formula ((4*3 - 3*2) + 2*1 + 2*1) / 2 = 5 over 5 days.
    """
    problem = plan("08-01", "08-05", areas=(Area(id="town", last_patrol=dt.date(2010, 7, 29)),))
    found = row(area_cadence(problem, patrolled(problem, "08-02", "08-04")), area="town")
    assert (found["gaps"], found["too_long"], found["overdue_days"]) == (2, 1, 1)
    assert (found["ends"], found["ends_too_long"]) == (1, 0)
    assert (found["worst_gap"], found["worst_gap_from"]) == (4, "2010-07-29")
    assert (found["mean_idleness"], found["worst_idleness"]) == (1.0, 3)


def test_a_gap_already_too_long_is_not_the_rosters_fault_when_patrolled_at_once() -> None:
    """Last patrol on 20 July, 12 days back; patrolled on 1 August no day of the plan is overdue."""
    problem = plan("08-01", "08-03", areas=(Area(id="town", last_patrol=dt.date(2010, 7, 20)),))
    found = row(area_cadence(problem, patrolled(problem, "08-01")), area="town")
    assert (found["worst_gap"], found["too_long"], found["overdue_days"]) == (12, 0, 0)
    late = row(area_cadence(problem, patrolled(problem, "08-02")), area="town")
    assert (late["worst_gap"], late["too_long"], late["overdue_days"]) == (13, 1, 1)


def test_the_history_of_another_area_is_none_of_this_one() -> None:
    problem = plan(
        areas=(Area(id="town"), Area(id="road")),
        history=(PastDuty(date=date("07-31"), shift="day", officer="P1", area="road"),),
    )
    made = patrolled(problem, "08-01", "08-03")
    assert row(area_cadence(problem, made), area="town")["gaps"] == 1
    assert row(area_cadence(problem, made), area="town")["too_short"] == 0
    found = row(area_cadence(problem, patrolled(problem, "08-03", area="road")), area="road")
    assert (found["gaps"], found["worst_gap_from"]) == (1, "2010-07-31")


def test_of_several_longest_gaps_the_first_is_named() -> None:
    problem = plan()
    found = row(area_cadence(problem, patrolled(problem, "08-01", "08-04", "08-07")), area="")
    assert (found["worst_gap_from"], found["worst_gap_to"]) == ("2010-08-01", "2010-08-04")


def test_where_one_area_admits_nothing_neither_does_the_total() -> None:
    problem = plan(
        areas=(Area(id="town"), Area(id="road")),
        cadences=(
            Cadence(min_days=2, max_days=3, areas=("town",)),
            Cadence(min_days=5, max_days=2, areas=("road",)),
        ),
    )
    table = area_cadence(problem, Roster())
    assert row(table, area="town")["least_patrol_days"] == 3
    assert row(table, area="road")["least_patrol_days"] is None
    assert row(table, area="")["least_patrol_days"] is None


def test_the_reading_decides_which_gaps_comply() -> None:
    """Gaps of 2, 3 and 4 days: by date difference 2 of 3 comply, by free days the 3 and the 4."""
    days = ("08-01", "08-03", "08-06", "08-10")
    other = (Cadence(min_days=2, max_days=3, counted="free-days"),)
    for problem, short, late in ((plan(), 0, 1), (plan(cadences=other), 1, 0)):
        found = row(area_cadence(problem, patrolled(problem, *days)), area="town")
        assert (found["too_short"], found["too_long"]) == (short, late)
        assert found["compliance"] == pytest.approx(2 / 3)
    assert row(cadence_readings(plan(cadences=other))) == {
        "phase": "routine",
        "area": "town",
        "min_days": 2,
        "max_days": 3,
        "counted": "free-days",
        "min_gap": 3,
        "max_gap": 4,
    }


def test_the_last_patrol_is_tested_on_one_side_only() -> None:
    """Ten days, last patrol on the 7th: the 11th is 4 days later, the 10th ends overdue."""
    problem = plan()
    table = intervals(problem, patrolled(problem, "08-01", "08-04", "08-07"))
    assert row(table, open="start")["days"] == 1
    assert not row(table, open="start")["too_short"]
    last = row(table, open="end")
    assert (last["from"], last["to"], last["days"], last["overdue_days"]) == (
        "2010-08-07",
        None,
        4,
        1,
    )
    assert [r["overdue_days"] for r in rows(table)] == [0, 0, 0, 1]


def test_a_gap_belongs_to_the_month_in_which_it_ends() -> None:
    """30 August to 1 September to 4 September: both gaps are September's."""
    problem = plan("08-29", "09-05")
    roster = patrolled(problem, "08-30", "09-01", "09-04")
    table = area_cadence(problem, roster, "month")
    august = row(table, area="town", month="2010-08")
    september = row(table, area="town", month="2010-09")
    assert (august["days"], august["patrol_days"], august["gaps"], august["ends"]) == (3, 1, 0, 1)
    assert (september["days"], september["gaps"], september["ends"]) == (5, 2, 1)
    assert (august["worst_gap"], august["compliance"]) == (None, None)
    # 29 and 31 August: 1 day since the last patrol each; September 0 1 2 0 1.
    assert august["mean_idleness"] == pytest.approx(2 / 3)
    assert september["mean_idleness"] == pytest.approx(4 / 5)


def test_each_month_has_its_own_admissible_range() -> None:
    """29 August to 5 September, 8 days, every 2-3 days: of the first three days the 31st alone or
    the 29th and 31st; of the five days of September 1 patrol (the 3rd) to 3 (the 1st, 3rd, 5th)."""
    problem = plan("08-29", "09-05")
    table = area_cadence(problem, Roster(), "month")
    for month, low, high in (("2010-08", 1, 2), ("2010-09", 1, 3)):
        found = row(table, area="town", month=month)
        assert (found["least_patrol_days"], found["most_patrol_days"]) == (low, high)


def test_after_a_break_the_count_starts_anew() -> None:
    """Two phases a week apart: the week between them is no gap, and is not overdue."""
    phases = (
        Phase(id="first", start=date("08-01"), end=date("08-05")),
        Phase(id="second", start=date("08-13"), end=date("08-17")),
    )
    problem = plan("08-01", "08-17", phases=phases)
    roster = patrolled(problem, "08-02", "08-05", "08-14", "08-16")
    found = row(area_cadence(problem, roster), area="town")
    assert (found["days"], found["gaps"], found["ends"], found["overdue_days"]) == (10, 2, 4, 0)
    assert (found["worst_gap"], found["compliance"]) == (3, 1.0)
    second = row(area_cadence(problem, roster, "phase"), area="town", phase="second")
    assert (second["patrol_days"], second["gaps"], second["worst_idleness"]) == (2, 1, 1)


def test_without_a_patrol_everything_is_overdue_and_no_gap_complies() -> None:
    """Five days, due on the 3rd: the 3rd, 4th and 5th are overdue."""
    problem = plan("08-01", "08-05")
    found = row(area_cadence(problem, Roster()), area="town")
    assert (found["patrol_days"], found["gaps"], found["compliance"]) == (0, 0, None)
    assert (found["ends"], found["ends_too_long"], found["overdue_days"]) == (1, 1, 3)
    assert (found["mean_idleness"], found["expected_age"]) == (3.0, 2.5)
    only = row(intervals(problem, Roster()))
    assert (only["open"], only["from"], only["to"], only["days"]) == ("both", None, None, 6)


def test_without_areas_there_is_one_empty_total() -> None:
    problem = plan(areas=())
    assert [
        (r["area"], r["days"], r["mean_idleness"]) for r in rows(area_cadence(problem, Roster()))
    ] == [("", 0, None)]
    assert rows(intervals(problem, Roster())) == []


def test_an_area_without_a_cadence_has_gaps_but_no_tests() -> None:
    problem = plan(cadences=())
    roster = patrolled(problem, "08-01", "08-02", "08-10")
    found = row(area_cadence(problem, roster), area="town")
    assert (found["gaps"], found["worst_gap"], found["overdue_days"]) == (2, 8, 0)
    assert (found["too_short"], found["too_long"]) == (0, 0)
    assert (found["least_patrol_days"], found["most_patrol_days"]) == (0, 10)
    assert rows(intervals(problem, roster))[0]["max_gap"] is None
    assert rows(cadence_readings(problem)) == []


def test_the_total_counts_every_area() -> None:
    problem = plan(areas=(Area(id="town"), Area(id="road")))
    both = Roster(
        patrols=(
            *patrolled(problem, "08-03", "08-06", "08-09").patrols,
            *patrolled(problem, "08-02", "08-07", "08-09", area="road").patrols,
        )
    )
    table = area_cadence(problem, both)
    total, town, road = (row(table, area=area) for area in ("", "town", "road"))
    for name in ("days", "patrol_days", "gaps", "ends", "overdue_days", "least_patrol_days"):
        assert total[name] == town[name] + road[name]
    assert (total["worst_gap"], total["worst_gap_area"]) == (5, "road")
    assert total["compliance"] == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("windows", "density", "most", "a_day", "one"),
    [
        ([(2, 3)] * 4, 4 / 3, 2.0, 2, False),
        ([(1, 2), (1, 3)], 5 / 6, 2.0, 1, True),
        ([(1, 2), (1, 3), (1, 7)], 41 / 42, 3.0, 1, None),
        ([(2, 3)], 1 / 3, 0.5, 1, None),
        ([], 0.0, 0.0, 0, True),
    ],
)
def test_density_is_the_fewest_patrols_a_day(
    windows: list[tuple[int, int]], density: float, most: float, a_day: int, one: bool | None
) -> None:
    """1/3 + 1/3 + 1/3 + 1/3 = 4/3 patrols a day for four areas every 2-3 days, at most 4/2."""
    problem = plan(
        areas=tuple(Area(id=f"a{i}") for i in range(len(windows))),
        cadences=tuple(
            Cadence(min_days=low, max_days=high, areas=(f"a{i}",))
            for i, (low, high) in enumerate(windows)
        ),
    )
    found = row(cadence_density(problem))
    assert (found["areas"], found["patrols_a_day"], found["one_a_day"]) == (
        len(windows),
        a_day,
        one,
    )
    assert found["density"] == pytest.approx(density, abs=1e-6)
    assert found["most_density"] == pytest.approx(most)


windows = some.tuples(some.integers(0, 4), some.integers(0, 3)).map(
    lambda w: Cadence(min_days=w[0], max_days=max(1, w[0] + w[1]))
)


@some.composite
def plans(draw: some.DrawFn) -> Problem:
    """One area in up to three short phases, with or without breaks, cadences and history."""
    phases, cadences, day = [], [], date("08-28")
    for i in range(draw(some.integers(1, 3))):
        start = day + dt.timedelta(days=draw(some.integers(0, 3)) if i else 0)
        end = start + dt.timedelta(days=draw(some.integers(0, 4)))
        day = end + dt.timedelta(days=1)
        areas = () if i == 0 or draw(some.booleans()) else draw(some.sampled_from([(), ("x",)]))
        phases.append(Phase(id=f"p{i}", start=start, end=end, areas=areas))
        if draw(some.integers(0, 5)):
            cadences.append(draw(windows).model_copy(update={"phases": (f"p{i}",)}))
    past = draw(some.none() | some.integers(1, 6))
    history = draw(some.booleans())
    before = None if past is None else date("08-28") - dt.timedelta(days=past)
    told = (
        (PastDuty(date=before, shift="day", officer="P1", area="town"),)
        if before and history
        else ()
    )
    last = None if history else before
    return plan(
        "08-28",
        "08-28",
        phases=tuple(phases),
        cadences=tuple(cadences),
        areas=(Area(id="town", last_patrol=last), Area(id="x")),
        history=told,
    )


def patrols_on(problem: Problem, days: set[int]) -> Roster:
    return Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(problem.date(day), "town"),
                date=problem.date(day),
                area="town",
                shift="day",
                members=(),
            )
            for day in sorted(days)
        )
    )


@settings(max_examples=150, deadline=None)
@given(plans(), some.sets(some.integers(0, 20)))
def test_what_is_overdue_or_too_soon_is_what_the_check_finds(
    problem: Problem, days: set[int]
) -> None:
    roster = patrols_on(problem, {day for day in days if day < len(problem.dates)})
    found = [v for v in CadenceRule().violations(problem, roster) if v.area == "town"]
    overdue = sum(v.amount for v in found if v.what == "overdue")
    too_soon = sum(1 for v in found if v.what == "too-soon")
    for by in (None, "phase", "month"):
        towns = [r for r in rows(area_cadence(problem, roster, by)) if r["area"] == "town"]
        assert sum(r["overdue_days"] for r in towns) == overdue
        assert sum(r["too_short"] for r in towns) == too_soon
    towns = [r for r in rows(intervals(problem, roster)) if r["area"] == "town"]
    assert sum(r["overdue_days"] for r in towns) == overdue


@settings(max_examples=100, deadline=None)
@given(some.integers(1, 20), some.none() | some.integers(1, 5), some.sets(some.integers(0, 19)))
def test_idleness_and_age_follow_from_the_gaps_alone(
    length: int, past: int | None, days: set[int]
) -> None:
    """With marks m_0 (last patrol, or the day before), m_1 .. m_n, m_(n+1) (the day after):
    D * idleness = sum g (g - 1) / 2 less the days before the plan; 2 D * age = sum of the squares
    of the gaps cut to the D days."""
    last = date("08-01") + dt.timedelta(days=length - 1)
    before = None if past is None else date("08-01") - dt.timedelta(days=past)
    problem = plan(
        "08-01",
        last.isoformat()[5:],
        areas=(Area(id="town", last_patrol=before),),
    )
    kept = sorted(day for day in days if day < length)
    marks = [-(past or 1), *kept, length]
    gaps = [b - a for a, b in pairwise(marks)]
    known = past or 1
    idle = Fraction(sum(g * (g - 1) for g in gaps) - known * (known - 1), 2 * length)
    cut = [b - a for a, b in pairwise([0, *(d for d in kept if d), length])]
    found = row(area_cadence(problem, patrols_on(problem, set(kept))), area="town")
    assert found["mean_idleness"] == pytest.approx(float(idle), abs=1e-6)
    age = Fraction(sum(g * g for g in cut), 2 * length)
    assert found["expected_age"] == pytest.approx(float(age), abs=1e-6)
    assert found["worst_idleness"] >= found["mean_idleness"]
