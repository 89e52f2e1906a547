"""How long everybody works, when they rest, and which labour limits are touched."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from patrol_scheduler.days import DayType, NoDayTableError
from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Went
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    month_of,
    period_cell,
    period_column,
    period_of,
    periods,
)

DAILY_HOURS = 8
"""Working hours a day (State Council on working hours, 1995, art. 3; Labour Law art. 36)."""
WEEKLY_HOURS = 44
"""Average working hours a week at most (Labour Law art. 36)."""
MONTHLY_OVERTIME = 36
"""Overtime hours a month at most (Labour Law art. 41)."""
DAYS_OF_WEEK = 7
"""At least one free day a week (Labour Law art. 38)."""


Times = Mapping[str, Went] | None
"""When patrols really began and ended, by their ids."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One officer's duty: its date, and start and end in minutes from the plan's first midnight.

    ``credit`` is how many hours it counts as.
    """

    date: dt.date
    start: int
    end: int
    credit: float


def worked(problem: Problem, roster: Roster, times: Times = None) -> dict[str, list[Worked]]:
    """Every officer's duties in order of time; of several at one time each counts once.

    With ``times``, those of the patrols that really began and ended otherwise than planned.
    """
    shifts = problem.shift_by_id
    noted = _noted(problem, roster, times or {})
    found: dict[str, set[tuple[dt.date, str]]] = {o.id: set() for o in problem.officers}
    for officer, turns in roster.turns.items():
        found[officer] |= {(date, shift) for date, shift, _ in turns}
    # Many officers work at the same times.
    planned = {
        (date, shift): Worked(
            date,
            problem.day(date) * 1440 + shifts[shift].start_minute,
            problem.day(date) * 1440 + shifts[shift].end_minute,
            shifts[shift].credited_hours,
        )
        for date, shift in {turn for turns in found.values() for turn in turns}
    }
    return {
        officer: sorted(
            (noted.get((officer, *turn), planned[turn]) for turn in turns),
            key=lambda w: (w.start, w.end),
        )
        for officer, turns in found.items()
    }


def _noted(
    problem: Problem, roster: Roster, times: Mapping[str, Went]
) -> dict[tuple[str, dt.date, str], Worked]:
    """The duties whose times were noted, by officer, date and shift; hours as they were worked."""
    found: dict[tuple[str, dt.date, str], Worked] = {}
    for patrol in roster.patrols:
        went = times.get(patrol.id, Went())
        if went.start is None or went.end is None:
            continue
        midnight = problem.day(patrol.date) * 1440
        duty = Worked(
            patrol.date,
            midnight + went.start,
            midnight + went.end,
            (went.end - went.start) / 60,
        )
        for member in patrol.members:
            key = (member.officer, patrol.date, patrol.shift)
            before = found.get(key, duty)
            found[key] = replace(
                duty,
                start=min(before.start, duty.start),
                end=max(before.end, duty.end),
                credit=max(before.credit, duty.credit),
            )
    return found


def _off(problem: Problem, date: dt.date) -> DayType | None:
    try:
        kind = problem.day_table.day_type(date)
    except NoDayTableError:
        return None
    return kind if kind in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY) else None


def overtime_minutes(problem: Problem, duties: list[Worked]) -> Counter[dt.date]:
    """Minutes of overtime by date: all of a duty on a day off, else those above 8 hours a day."""
    daily: Counter[dt.date] = Counter()
    for duty in duties:
        daily[duty.date] += duty.end - duty.start
    return Counter(
        {
            date: minutes if _off(problem, date) else max(0, minutes - DAILY_HOURS * 60)
            for date, minutes in daily.items()
        }
    )


def officer_hours(
    problem: Problem, roster: Roster, by: By | None = None, *, times: Times = None
) -> pd.DataFrame:
    """How many hours everybody works in the roster, and how their rest is spread.

    One row per officer; with ``by`` one per rostered phase or month. Only hours of the roster are
    known here, not those of the home unit. With ``times``, those that patrols noted, by their ids.

    - ``duties``, ``hours``; ``credited_hours``: what the shifts count as (``credit``, else their
      length); ``most_hours_day``, ``most_hours_week`` (Monday to Sunday),
      ``most_hours_month``.
    - ``overtime_hours``: duty on rest days and statutory holidays, and above 8 hours on other days;
      ``most_overtime_month``: to hold against 36 hours a month (Labour Law art. 41).
    - ``longest_run``: most days in a row with a duty; ``weeks_without_rest``: weeks with a duty on
      each of the seven days.
    - ``shortest_rest``: hours from the end of one duty to the start of the next; missing below two.
    - ``rest_day_duties``, ``holiday_duties``: days with a duty.
    """
    rows: list[Row] = []
    duties_of = worked(problem, roster, times)
    period_on = {date: period_of(problem, date, by) for date in problem.dates} if by else {}
    for period in periods(problem, by):
        for officer in problem.officers:
            duties = [
                duty
                for duty in duties_of[officer.id]
                if by is None or period_on.get(duty.date) == period
            ]
            rows.append(period_cell(by, period) | dict(_hours_row(problem, officer, duties)))
    counts = ("duties", "longest_run", "weeks_without_rest", "rest_day_duties", "holiday_duties")
    numbers = (
        "hours",
        "credited_hours",
        "most_hours_day",
        "most_hours_week",
        "most_hours_month",
        "overtime_hours",
        "most_overtime_month",
    )
    kinds = dict.fromkeys(counts, "count") | dict.fromkeys(numbers, "number")
    order = (
        "agency",
        "officer",
        "duties",
        *numbers,
        "longest_run",
        "weeks_without_rest",
        "shortest_rest",
        "rest_day_duties",
        "holiday_duties",
    )
    kinds |= {"agency": "text", "officer": "text", "shortest_rest": "number"}
    return frame(rows, period_column(by) | {name: kinds[name] for name in order})


def _hours_row(problem: Problem, officer: Officer, duties: list[Worked]) -> Row:
    daily, weekly, monthly = Counter[dt.date](), Counter[tuple[int, int]](), Counter[str]()
    for duty in duties:
        minutes = duty.end - duty.start
        daily[duty.date] += minutes
        weekly[duty.date.isocalendar()[:2]] += minutes
        monthly[month_of(duty.date)] += minutes
    extra = overtime_minutes(problem, duties)
    extra_monthly: Counter[str] = Counter()
    for date, minutes in extra.items():
        extra_monthly[month_of(date)] += minutes
    kinds = [_off(problem, date) for date in daily]
    rests = [after.start - before.end for before, after in pairwise(duties)]
    return {
        "agency": officer.agency,
        "officer": officer.id,
        "duties": len(duties),
        "hours": sum(daily.values()) / 60,
        "credited_hours": sum(duty.credit for duty in duties),
        "most_hours_day": max(daily.values(), default=0) / 60,
        "most_hours_week": max(weekly.values(), default=0) / 60,
        "most_hours_month": max(monthly.values(), default=0) / 60,
        "overtime_hours": sum(extra.values()) / 60,
        "most_overtime_month": max(extra_monthly.values(), default=0) / 60,
        "longest_run": max((len(run) for run in _runs(sorted(daily))), default=0),
        "weeks_without_rest": len(_full_weeks(set(daily))),
        "shortest_rest": min(rests) / 60 if rests else None,
        "rest_day_duties": kinds.count(DayType.REST_DAY),
        "holiday_duties": kinds.count(DayType.STATUTORY_HOLIDAY),
    }


def _runs(dates: list[dt.date]) -> Iterator[list[dt.date]]:
    run: list[dt.date] = []
    for date in dates:
        if run and (date - run[-1]).days > 1:
            yield run
            run = []
        run.append(date)
    if run:
        yield run


def _full_weeks(dates: set[dt.date]) -> list[tuple[int, int]]:
    weeks = Counter(date.isocalendar()[:2] for date in dates)
    return [week for week, days in weeks.items() if days == DAYS_OF_WEEK]


def labour_breaches(
    problem: Problem, roster: Roster, by: By | None = None, *, times: Times = None
) -> pd.DataFrame:
    """How often the roster alone goes beyond a limit of the labour rules, article by article.

    One row per ``article`` and agency, and one for all (agency ``""``): ``limit`` in the unit of
    the article, ``breaches`` (days, weeks or months beyond it) and ``officers`` concerned. With
    ``by`` per rostered phase or month, to which a breach belongs whose last duty lies in it, so
    that a week across two is judged whole. It is a reference, not legal advice: the Labour Law does
    not govern civil servants and police.
    """
    found: dict[tuple[str | None, str, str], list[str]] = {}
    for officer, duties in worked(problem, roster, times).items():
        for article, dates in _breaches(problem, duties).items():
            for date in dates:
                period = period_of(problem, date, by)
                for agency in (problem.officer_by_id[officer].agency, TOTAL):
                    found.setdefault((period, article, agency), []).append(officer)
    rows: list[Row] = [
        period_cell(by, period)
        | {
            "article": article,
            "agency": agency,
            "limit": limit,
            "breaches": len(found.get((period, article, agency), ())),
            "officers": len(set(found.get((period, article, agency), ()))),
        }
        for period in periods(problem, by)
        for article, limit in _ARTICLES.items()
        for agency in (*problem.officers_of, TOTAL)
    ]
    counts = dict.fromkeys(("limit", "breaches", "officers"), "count")
    columns = {"article": "text", "agency": "text"} | counts
    return frame(rows, period_column(by) | columns)


def _breaches(problem: Problem, duties: list[Worked]) -> dict[str, list[dt.date]]:
    """The date of the last duty of each day, week or month beyond a limit, article by article."""
    daily, weekly, monthly = Counter[dt.date](), Counter[tuple[int, int]](), Counter[str]()
    last: dict[object, dt.date] = {}
    for duty in duties:
        daily[duty.date] += duty.end - duty.start
        weekly[duty.date.isocalendar()[:2]] += duty.end - duty.start
        last |= dict.fromkeys((duty.date, duty.date.isocalendar()[:2]), duty.date)
    for date, minutes in overtime_minutes(problem, duties).items():
        monthly[month_of(date)] += minutes
        if minutes:
            last[month_of(date)] = date
    beyond: dict[str, list[object]] = {
        "daily-hours": [day for day, m in daily.items() if m > DAILY_HOURS * 60],
        "weekly-hours": [week for week, m in weekly.items() if m > WEEKLY_HOURS * 60],
        "weekly-rest": [*_full_weeks(set(daily))],
        "monthly-overtime": [month for month, m in monthly.items() if m > MONTHLY_OVERTIME * 60],
    }
    return {article: [last[time] for time in times] for article, times in beyond.items()}


_ARTICLES = {
    "daily-hours": DAILY_HOURS,
    "weekly-hours": WEEKLY_HOURS,
    "weekly-rest": 1,
    "monthly-overtime": MONTHLY_OVERTIME,
}
