"""What is wrong with the dates, phases, shifts and cadences of a whole plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations_with_replacement, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from patrol_scheduler.days import NoDayTableError
from patrol_scheduler.faults import Fault, Speller
from patrol_scheduler.problem import Problem, Shift
from patrol_scheduler.rules import (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    DaysBetweenDuties,
    Heat,
    HoursBetweenDuties,
    RestDays,
)
from patrol_scheduler.validation.entries import fault

LONGEST_DAYS = 1100
"""The longest plan, history, cadence and rest, in days: three years."""


def rostered_span(problem: Problem) -> tuple[dt.date, dt.date] | None:
    """The first and last rostered date; ``None`` where no phase is rostered or one is reversed."""
    phases = [phase for phase in problem.phases if phase.rostered]
    if not phases or any(phase.start > phase.end for phase in phases):
        return None
    return min(phase.start for phase in phases), max(phase.end for phase in phases)


def plan_length(problem: Problem) -> Iterator[Fault]:
    """A plan, or its phases together, of more than three years."""
    if (problem.end - problem.start).days >= LONGEST_DAYS:
        yield fault(problem, ("end",), problem.end, "plan-too-long", most=LONGEST_DAYS)


def phases(problem: Problem) -> Iterator[Fault]:
    """Phases outside the plan, rostered phases that overlap, and no rostered phase at all."""
    for i, phase in enumerate(problem.phases):
        if problem.start > problem.end or phase.start > phase.end:
            continue  # told as reversed
        for name, date in (("start", phase.start), ("end", phase.end)):
            if not problem.start <= date <= problem.end:
                yield fault(
                    problem,
                    ("phases", i, name),
                    date,
                    "phase-outside-plan",
                    start=problem.start,
                    end=problem.end,
                )
    rostered = sorted(
        (phase.start, i, phase) for i, phase in enumerate(problem.phases) if phase.rostered
    )
    for (_, _, before), (_, i, phase) in pairwise(rostered):
        if phase.start <= before.end:
            yield fault(
                problem,
                ("phases", i, "start"),
                phase.start,
                "phases-overlap",
                other=before.id,
                end=before.end,
            )
    if not rostered:
        yield fault(problem, ("phases",), None, "no-rostered-phase")


def shifts(problem: Problem) -> Iterator[Fault]:
    """Shifts of one day that overlap, also past midnight into the next day's shifts.

    Shifts that no phase has together never meet, except at posts, which all shifts staff.
    """
    if not problem.shifts:
        yield fault(problem, ("shifts",), None, "no-shift")
    if problem.shifts_may_overlap:
        return
    together = [set(phase.shifts) for phase in problem.phases if phase.rostered]
    everywhere = bool(problem.covers)
    numbered = list(enumerate(problem.shifts))
    for (i, first), (k, second) in combinations_with_replacement(numbered, 2):
        if not everywhere and not any(not ids or {first.id, second.id} <= ids for ids in together):
            continue
        if i != k and _meet(first, second, 0):
            yield _overlap(problem, k, second, first, "shifts-overlap")
        elif _meet(first, second, 1):
            yield _overlap(problem, i, first, second, "shifts-overlap-next-day")
        elif _meet(second, first, 1):
            yield _overlap(problem, k, second, first, "shifts-overlap-next-day")


def _meet(first: Shift, second: Shift, days_later: int) -> bool:
    later = days_later * 24 * 60
    return (
        first.start_minute < second.end_minute + later
        and second.start_minute + later < first.end_minute
    )


def _overlap(problem: Problem, i: int, shift: Shift, other: Shift, what: str) -> Fault:
    return fault(
        problem,
        ("shifts", i, "end" if what == "shifts-overlap-next-day" else "start"),
        shift.end if what == "shifts-overlap-next-day" else shift.start,
        what,
        other=other.id,
        start=other.start,
        end=other.end,
    )


def cadences(problem: Problem) -> Iterator[Fault]:
    """Gap windows that are upside down, start below one day, or are longer than any plan."""
    for i, cadence in enumerate(problem.cadences):
        path = ("cadences", i, "min_days")
        if cadence.min_days > cadence.max_days:
            most = cadence.max_days
            yield fault(problem, path, cadence.min_days, "gap-upside-down", most=most)
        elif cadence.min_days < 1 and cadence.counted == "date-difference":
            yield fault(problem, path, cadence.min_days, "gap-below-one")
        if cadence.max_days > LONGEST_DAYS:
            path, value = ("cadences", i, "max_days"), cadence.max_days
            yield fault(problem, path, value, "too-large", most=LONGEST_DAYS)


def before_the_first_day(problem: Problem) -> Iterator[Fault]:
    """What is said of the time before the first rostered day but does not lie there."""
    span = rostered_span(problem)
    if span is None:
        return
    first = span[0]
    since = problem.fair_since
    if since is not None and since > first:
        yield fault(problem, ("fair_since",), since, "not-before-first-day", first=first)
    elif since is not None and (first - since).days > LONGEST_DAYS:
        yield fault(problem, ("fair_since",), since, "history-too-old", most=LONGEST_DAYS)
    for i, area in enumerate(problem.areas):
        if area.last_patrol and area.last_patrol >= first:
            path = ("areas", i, "last_patrol")
            yield fault(problem, path, area.last_patrol, "not-before-first-day", first=first)
    for i, duty in enumerate(problem.history):
        if duty.date >= first:
            path = ("history", i, "date")
            yield fault(problem, path, duty.date, "not-before-first-day", first=first)
        elif (first - duty.date).days > LONGEST_DAYS:
            path = ("history", i, "date")
            yield fault(problem, path, duty.date, "history-too-old", most=LONGEST_DAYS)
        if (duty.area is None) == (duty.post is None):
            yield fault(problem, ("history", i), None, "history-place")
    for i, owed in enumerate(problem.owed_rests):
        for name, date in (("earned", owed.earned), ("taken", owed.taken)):
            if date and date >= first:
                path = ("owed_rests", i, name)
                yield fault(problem, path, date, "not-before-first-day", first=first)


def busy(problem: Problem) -> Iterator[Fault]:
    """Busy times that end before they begin."""
    for i, entry in enumerate(problem.busy):
        if entry.end <= entry.start:
            path = ("busy", i, "end")
            yield fault(problem, path, entry.end, "busy-reversed", start=entry.start)


def timezone(problem: Problem) -> Iterator[Fault]:
    """A time zone that is in no time zone database."""
    try:
        ZoneInfo(problem.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        nearest = Speller().nearest(problem.timezone, sorted(available_timezones()))
        yield fault(problem, ("timezone",), problem.timezone, "unknown-timezone", nearest=nearest)


def holidays(problem: Problem) -> Iterator[Fault]:
    """Rostered years for which the calendar knows no holiday arrangement."""
    span = rostered_span(problem)
    if span is None or (span[1] - span[0]).days >= LONGEST_DAYS:
        return
    unknown: dict[int, int] = {}
    for date in problem.dates:
        try:
            problem.day_table.day_type(date)
        except NoDayTableError:
            unknown[date.year] = unknown.get(date.year, 0) + 1
    for year, count in unknown.items():
        path = ("calendar",)
        yield fault(problem, path, problem.calendar, "no-holiday-table", year=year, count=count)


_WINDOWS = (RestDays, DaysBetweenDuties, ConsecutiveDutyDays, ConsecutiveFreeDays)


def windows_of_rules(problem: Problem) -> Iterator[Fault]:
    """Rules whose parameters contradict each other or reach further than any plan."""
    for i, officer in enumerate(problem.officers):
        if (officer.days_between or 1) > LONGEST_DAYS:
            path = ("officers", i, "days_between")
            yield fault(problem, path, officer.days_between, "too-large", most=LONGEST_DAYS)
    for i, rule in enumerate(problem.rules):
        if isinstance(rule, RestDays) and rule.free > rule.days:
            path = ("rules", i, "free")
            yield fault(problem, path, rule.free, "rest-days-contradict", most=rule.days)
        if isinstance(rule, Heat):
            if rule.hottest_to <= rule.hottest_from:
                path = ("rules", i, "hottest_to")
                begins = f"{rule.hottest_from:%H:%M}"
                yield fault(problem, path, rule.hottest_to, "hottest-hours", begins=begins)
            if rule.stop_from < rule.limit_from:
                path = ("rules", i, "stop_from")
                yield fault(problem, path, rule.stop_from, "heat-reversed", limit=rule.limit_from)
        if isinstance(rule, _WINDOWS) and rule.days > LONGEST_DAYS:
            path = ("rules", i, "days")
            yield fault(problem, path, rule.days, "too-large", most=LONGEST_DAYS)
        if isinstance(rule, HoursBetweenDuties) and rule.hours > LONGEST_DAYS * 24:
            path = ("rules", i, "hours")
            yield fault(problem, path, rule.hours, "too-large", most=LONGEST_DAYS * 24)
