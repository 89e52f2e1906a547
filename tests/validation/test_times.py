"""Dates, phases, shifts, cadences and calendars that do not fit together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.days import DayType, SpecialDay
from patrol_scheduler.problem import (
    Area,
    Cadence,
    Cover,
)
from patrol_scheduler.rules import (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    DaysBetweenDuties,
    Heat,
    HoursBetweenDuties,
    RestDays,
)
from patrol_scheduler.validation import faults_of
from tests.validation.plans import (
    DESK,
    HISTORY_FIRST,
    HISTORY_LAST,
    day,
    past,
    phase,
    plan,
    shift,
    team,
    told,
)

# What is changed, and the (place, what) of every fault that follows.
FAULTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "plan too long": (
        {"start": day("2007-08-27")},
        [("end", "plan-too-long")],
    ),
    "plan of the longest length": ({"start": day("2007-08-28")}, []),
    "phase outside the plan": (
        {"phases": [phase(start="2010-07-31", end="2010-09-01")]},
        [
            ("phases[0].start (p)", "phase-outside-plan"),
            ("phases[0].end (p)", "phase-outside-plan"),
        ],
    ),
    "rostered phases overlap": (
        {"phases": [phase("q", "2010-08-15"), phase(end="2010-08-15")]},
        [("phases[0].start (q)", "phases-overlap")],
    ),
    "rostered phases follow each other": (
        {"phases": [phase("q", "2010-08-16"), phase(end="2010-08-15")]},
        [],
    ),
    "a phase that is not rostered overlaps": (
        {"phases": [phase(), phase("q", rostered=False)]},
        [],
    ),
    "no rostered phase": (
        {"phases": [phase(rostered=False)]},
        [("phases", "no-rostered-phase")],
    ),
    "no shift": (
        {"shifts": []},
        [("shifts", "no-shift")],
    ),
    "shifts overlap": (
        {"shifts": [shift("am", 8, 11), shift("pm", 10, 20)]},
        [("shifts[1].start (pm)", "shifts-overlap")],
    ),
    "shifts touch": ({"shifts": [shift("am", 8, 11), shift("pm", 11, 20)]}, []),
    "a night shift reaches the next morning's": (
        {"shifts": [shift("am", 5, 11), shift("night", 22, 6)]},
        [("shifts[1].end (night)", "shifts-overlap-next-day")],
    ),
    "a night shift listed first": (
        {"shifts": [shift("night", 22, 6), shift("am", 5, 11)]},
        [("shifts[0].end (night)", "shifts-overlap-next-day")],
    ),
    "a night shift ends as the morning begins": (
        {"shifts": [shift("am", 6, 11), shift("night", 22, 6)]},
        [],
    ),
    "one shift round the clock": ({"shifts": [shift("all", 8, 8)]}, []),
    "overlaps that are allowed": (
        {"shifts": [shift("am", 8, 11), shift("pm", 10, 20)], "shifts_may_overlap": True},
        [],
    ),
    "overlapping shifts of different phases": (
        {
            "shifts": [shift("summer", 7, 10), shift("winter", 8, 11)],
            "phases": [
                phase(end="2010-08-15", shifts=("summer",)),
                phase("q", "2010-08-16", shifts=("winter",)),
            ],
        },
        [],
    ),
    "overlapping shifts of different phases at a post": (
        {
            "shifts": [shift("summer", 7, 10), shift("winter", 8, 11)],
            "phases": [
                phase(end="2010-08-15", shifts=("summer",)),
                phase("q", "2010-08-16", shifts=("winter",)),
            ],
            "posts": DESK,
            "covers": [Cover(post="desk")],
        },
        [("shifts[1].start (winter)", "shifts-overlap")],
    ),
    "gap window upside down": (
        {"cadences": [Cadence(min_days=4, max_days=3)]},
        [("cadences[0].min_days", "gap-upside-down")],
    ),
    "gap of no day": (
        {"cadences": [Cadence(min_days=0, max_days=3)]},
        [("cadences[0].min_days", "gap-below-one")],
    ),
    "no free day between": (
        {"cadences": [Cadence(min_days=0, max_days=3, counted="free-days")]},
        [],
    ),
    "a gap longer than any plan": (
        {"cadences": [Cadence(min_days=1, max_days=1101)]},
        [("cadences[0].max_days", "too-large")],
    ),
    "unknown timezone": (
        {"timezone": "Asia/Shanghia"},
        [("timezone", "unknown-timezone")],
    ),
    "timezone that is a folder": ({"timezone": "America"}, [("timezone", "unknown-timezone")]),
    "timezone that leads out": ({"timezone": "../x"}, [("timezone", "unknown-timezone")]),
    "year without holidays": (
        {
            "start": day("2003-12-30"),
            "end": day("2004-01-02"),
            "phases": [phase(start="2003-12-30", end="2004-01-02")],
            "teams": team(),
        },
        [("calendar", "no-holiday-table")],
    ),
    "year without holidays, every day told": (
        {
            "start": day("2003-12-31"),
            "end": day("2004-01-01"),
            "phases": [phase(start="2003-12-31", end="2004-01-01")],
            "teams": team(),
            "days": [SpecialDay(date=day("2003-12-31"), day_type=DayType.WORKING_DAY)],
        },
        [],
    ),
    "last patrol on the first day": (
        {"areas": [Area(id="town", last_patrol=day("2010-08-01"))]},
        [("areas[0].last_patrol (town)", "not-before-first-day")],
    ),
    "last patrol on the day before": (
        {"areas": [Area(id="town", last_patrol=day(HISTORY_LAST))]},
        [],
    ),
    "history on the first day": (
        {"history": past(date=day("2010-08-01"))},
        [("history[0].date (GA01)", "not-before-first-day")],
    ),
    "history of the day before": ({"history": past(date=day(HISTORY_LAST))}, []),
    "oldest history": ({"history": past(date=day(HISTORY_FIRST))}, []),
    "history too old": (
        {"history": past(date=day("2007-07-27"))},
        [("history[0].date (GA01)", "history-too-old")],
    ),
    "history nowhere": (
        {"history": past(area=None)},
        [("history[0] (GA01)", "history-place")],
    ),
    "history in two places": (
        {"history": past(post="desk"), "posts": DESK},
        [("history[0] (GA01)", "history-place")],
    ),
    "rest days that contradict": (
        {"rules": [RestDays(free=3, days=2)]},
        [("rules[0].free (rest-days)", "rest-days-contradict")],
    ),
    "hottest hours that end before they begin": (
        {"rules": [Heat(hottest_from=dt.time(15), hottest_to=dt.time(12))]},
        [("rules[0].hottest_to (heat)", "hottest-hours")],
    ),
    "work that stops before it is limited": (
        {"rules": [Heat(stop_from=36)]},
        [("rules[0].stop_from (heat)", "heat-reversed")],
    ),
    "work that stops where it would be limited": ({"rules": [Heat(stop_from=37)]}, []),
    "rules that reach further than any plan": (
        {
            "rules": [
                RestDays(days=1101),
                DaysBetweenDuties(days=1101),
                HoursBetweenDuties(hours=26401),
                ConsecutiveDutyDays(days=1101),
                ConsecutiveFreeDays(days=1101),
            ]
        },
        [
            ("rules[0].days (rest-days)", "too-large"),
            ("rules[1].days (days-between-duties)", "too-large"),
            ("rules[2].hours (hours-between-duties)", "too-large"),
            ("rules[3].days (consecutive-duty-days)", "too-large"),
            ("rules[4].days (consecutive-free-days)", "too-large"),
        ],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_is_found_and_said_and_no_other(case: str) -> None:
    changes, expected = FAULTS[case]
    assert told(plan(**changes)) == expected


def test_the_time_at_which_shifts_meet_is_named() -> None:
    (fault,) = faults_of(plan(shifts=[shift("am", 5, 11), shift("night", 22, 6)]))
    assert fault.value == dt.time(6)
    assert dict(fault.values) == {"other": "am", "start": dt.time(5), "end": dt.time(11)}
    (fault,) = faults_of(plan(shifts=[shift("am", 5, 11), shift("pm", 10, 16)]))
    assert fault.value == dt.time(10)
