"""What is patrolled, where and when: areas, weekdays, shifts, kinds of day, agencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from statistics import mean

import pandas as pd

from patrol_scheduler.days import DayType, NoDayTableError
from patrol_scheduler.problem import Problem, Shift
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_cell,
    period_column,
    period_of,
    periods,
    ratio,
)
from patrol_scheduler.statistics.measures import variation
from patrol_scheduler.statistics.stretches import stretches

OFFICE_START, OFFICE_END = 8 * 60, 18 * 60
"""The office day, 08:00 to 18:00, in minutes from midnight; what lies outside is 八小时以外."""

DOSE_LEAST, DOSE_MOST = 10, 16
"""The length of a stop, in minutes, that keeps disorder away longest (Koper 1995)."""

_DAY = 24 * 60


def outside_office(shift: Shift) -> int:
    """How many minutes of a shift lie outside 08:00 to 18:00, 0 to 1440."""
    inside = 0
    for later in (0, _DAY):
        start = max(shift.start_minute, OFFICE_START + later)
        inside += max(0, min(shift.end_minute, OFFICE_END + later) - start)
    return shift.minutes - inside


def area_share(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How the patrol days are spread over the areas, against what their cadences ask.

    One row per area and one for all (area ``""``); with ``by`` per rostered phase or month.
    ``share`` = n_a / sum n; ``target`` = sum over the area's days of 2 / (g_min + g_max), the
    patrol days of a gap in the middle of the window (missing without a cadence); ``relative`` =
    n_a / target_a; ``cv`` (in the row of all): sigma / mu of n_a / target_a over the areas that
    have a target, 0: evenly spread.
    """
    patrolled: Counter[tuple[str, str]] = Counter()
    for visited, dates in roster.patrol_dates.items():
        for date in set(dates):
            period = period_of(problem, date, by)
            if period is not None:
                patrolled[period, visited] += 1
    target: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for area in problem.areas:
        for stretch in stretches(problem, area):
            for day in range(stretch.first, stretch.last + 1):
                longest = stretch.max_gap(day)
                period = period_of(problem, problem.date(day), by)
                if longest is not None and period is not None:
                    target[period, area.id] += Fraction(2, stretch.min_gap(day) + longest)
    rows: list[Row] = []
    for period in periods(problem, by):
        ids = [area.id for area in problem.areas]
        found = {name: patrolled[period, name] for name in ids}
        asked = {name: target[period, name] for name in ids}
        total = sum(found.values())
        relative = {a: found[a] / asked[a] for a in ids if asked[a]}
        for place in (*ids, TOTAL):
            days = total if place == TOTAL else found[place]
            wanted = sum(asked.values(), Fraction(0)) if place == TOTAL else asked[place]
            rows.append(
                period_cell(by, period)
                | {
                    "area": place,
                    "patrol_days": days,
                    "share": ratio(days, total),
                    "target": float(wanted) if wanted else None,
                    "relative": float(days / wanted) if wanted else None,
                    "cv": variation(list(relative.values())) if place == TOTAL else None,
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "area": "text",
            "patrol_days": "count",
            "share": "number",
            "target": "number",
            "relative": "number",
            "cv": "number",
        },
    )


def backup_coverage(problem: Problem, roster: Roster, by: By = "month") -> pd.DataFrame:
    """In how many areas more than one team knows the way, month by month or phase by phase.

    One row per period. A team is a set of officers; ``areas`` to be patrolled in the period;
    ``backed_up``: those visited by at least two distinct teams; ``coverage`` = backed up / areas,
    0 to 1; ``teams``: distinct teams in all (Curtin et al. 2010: backup coverage).
    """
    seen: dict[tuple[str, str], set[frozenset[str]]] = {}
    for patrol in roster.patrols:
        team = frozenset(member.officer for member in patrol.members)
        period = period_of(problem, patrol.date, by)
        if period is not None:
            seen.setdefault((period, patrol.area), set()).add(team)
    rows: list[Row] = []
    for period, (first, last) in periods(problem, by).items():
        areas = {
            area.id
            for area in problem.areas
            for stretch in stretches(problem, area)
            if problem.date(stretch.first) <= last and first <= problem.date(stretch.last)
        }
        teams = {area: seen.get((period, area), set()) for area in areas}
        backed = sum(1 for found in teams.values() if len(found) >= 2)
        every = set().union(*teams.values()) if teams else set()
        rows.append(
            {
                by: period,
                "areas": len(areas),
                "backed_up": backed,
                "coverage": ratio(backed, len(areas)),
                "teams": len(every),
            }
        )
    columns = {by: "text", "areas": "count", "backed_up": "count", "coverage": "number"}
    return frame(rows, columns | {"teams": "count"})


def weekday_shift_coverage(problem: Problem, roster: Roster) -> pd.DataFrame:
    """On which weekdays and in which shifts the patrols lie.

    One row per weekday (1 Monday to 7 Sunday) and shift: ``days``: rostered days of that weekday;
    ``patrols`` on them in the shift; ``patrols_a_day`` = patrols / days; ``share`` of all patrols.
    """
    days = Counter(date.isoweekday() for date in problem.dates if problem.phase_on(date))
    found = Counter((p.date.isoweekday(), p.shift) for p in roster.patrols)
    total = len(roster.patrols)
    rows: list[Row] = [
        {
            "weekday": weekday,
            "shift": shift.id,
            "days": days[weekday],
            "patrols": found[weekday, shift.id],
            "mean_patrols": ratio(found[weekday, shift.id], days[weekday]),
            "share": ratio(found[weekday, shift.id], total),
        }
        for weekday in range(1, 8)
        for shift in problem.shifts
    ]
    columns = {"weekday": "count", "shift": "text", "days": "count", "patrols": "count"}
    return frame(rows, columns | {"mean_patrols": "number", "share": "number"})


def shift_coverage(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many patrols lie in each shift, and how much of their time is outside office hours.

    One row per shift and one for all (shift ``""``); with ``by`` per rostered phase or month.
    ``hours``: of the patrols; ``outside_hours``: those outside 08:00 to 18:00 (八小时以外);
    ``outside_share`` = outside / hours; ``share`` of all patrols; ``person_hours``: hours times
    officers; ``mean_minutes`` of a stop (the area's ``minutes``; without them the whole shift) and
    ``dose_share``: stops of 10 to 16 minutes (Koper 1995) / patrols. Missing without patrols.
    """
    shifts = problem.shift_by_id
    grouped: dict[tuple[str, str], list[Patrol]] = {}
    for patrol in roster.patrols:
        period = period_of(problem, patrol.date, by)
        if period is not None:
            grouped.setdefault((period, patrol.shift), []).append(patrol)
            grouped.setdefault((period, TOTAL), []).append(patrol)
    rows: list[Row] = []
    for period in periods(problem, by):
        total = len(grouped.get((period, TOTAL), ()))
        for shift in (*shifts, TOTAL):
            patrols = grouped.get((period, shift), [])
            minutes = [shifts[p.shift].minutes for p in patrols]
            outside = sum(outside_office(shifts[p.shift]) for p in patrols)
            people = sum(
                shifts[p.shift].minutes * len({m.officer for m in p.members}) for p in patrols
            )
            stops = [problem.area_by_id[p.area].minutes or shifts[p.shift].minutes for p in patrols]
            dosed = sum(1 for length in stops if DOSE_LEAST <= length <= DOSE_MOST)
            rows.append(
                period_cell(by, period)
                | {
                    "shift": shift,
                    "patrols": len(patrols),
                    "share": ratio(len(patrols), total),
                    "hours": sum(minutes) / 60,
                    "outside_hours": outside / 60,
                    "outside_share": ratio(outside, sum(minutes)),
                    "person_hours": people / 60,
                    "mean_minutes": float(mean(stops)) if stops else None,
                    "dose_share": ratio(dosed, len(stops)),
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "shift": "text",
            "patrols": "count",
            "share": "number",
            "hours": "number",
            "outside_hours": "number",
            "outside_share": "number",
            "person_hours": "number",
            "mean_minutes": "number",
            "dose_share": "number",
        },
    )


def day_type_coverage(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many working days, rest days and holidays have a patrol.

    One row per kind of day and one for all (``""``); with ``by`` per rostered phase or month.
    ``days`` of the kind that are rostered; ``patrolled_days`` with any patrol; ``coverage`` =
    patrolled / days: for statutory holidays |H n P| / |H|; ``patrols`` on them.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    patrols = Counter(patrol.date for patrol in roster.patrols)
    for date in problem.dates:
        period = period_of(problem, date, by)
        if period is None or problem.phase_on(date) is None:
            continue
        try:
            kind = problem.day_table.day_type(date).value
        except NoDayTableError:
            continue
        some = Counter(days=1, patrolled=int(patrols[date] > 0), patrols=patrols[date])
        for key in (kind, TOTAL):
            counts.setdefault((period, key), Counter()).update(some)
    rows: list[Row] = []
    for period in periods(problem, by):
        for kind in (*(day_type.value for day_type in DayType), TOTAL):
            n = counts.get((period, kind), Counter())
            rows.append(
                period_cell(by, period)
                | {
                    "day_type": kind,
                    "days": n["days"],
                    "patrolled_days": n["patrolled"],
                    "coverage": ratio(n["patrolled"], n["days"]),
                    "patrols": n["patrols"],
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "day_type": "text",
            "days": "count",
            "patrolled_days": "count",
            "coverage": "number",
            "patrols": "count",
        },
    )


def agency_participation(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How often each agency takes part, and how much of the time it gives.

    One row per agency; with ``by`` per rostered phase or month. ``patrols`` with an officer of the
    agency; ``participation`` = these / all patrols; ``person_hours`` on patrol and at posts;
    ``hour_share`` of all person-hours; ``asked_share``: the agency's part of what the teams of
    these patrols ask by agency (seats of any agency left out); missing where they ask nobody.
    ``agreed_share``: its part of the shares agreed between the agencies; missing where none are.
    """
    agency_of = {officer.id: officer.agency for officer in problem.officers}
    shifts = problem.shift_by_id
    with_agency: Counter[tuple[str, str]] = Counter()
    minutes: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    patrols: Counter[str] = Counter()
    for patrol in roster.patrols:
        period = period_of(problem, patrol.date, by)
        if period is None:
            continue
        patrols[period] += 1
        officers = {member.officer for member in patrol.members}
        length = shifts[patrol.shift].minutes
        for agency in {agency_of[officer] for officer in officers}:
            with_agency[period, agency] += 1
        for officer in officers:
            minutes[period, agency_of[officer]] += length
        team = problem.team(patrol.area, patrol.date, patrol.shift)
        for agency, needed in team.members.items() if team else ():
            asked[period, agency] += needed * length
    for duty in roster.post_duties:
        period = period_of(problem, duty.date, by)
        if period is not None:
            minutes[period, agency_of[duty.officer]] += shifts[duty.shift].minutes
    agreed = sum(agency.share or 0 for agency in problem.agencies)
    rows: list[Row] = []
    for period in periods(problem, by):
        whole = sum(minutes[period, agency.id] for agency in problem.agencies)
        wanted = sum(asked[period, agency.id] for agency in problem.agencies)
        rows += [
            period_cell(by, period)
            | {
                "agency": agency.id,
                "patrols": with_agency[period, agency.id],
                "participation": ratio(with_agency[period, agency.id], patrols[period]),
                "person_hours": minutes[period, agency.id] / 60,
                "hour_share": ratio(minutes[period, agency.id], whole),
                "asked_share": ratio(asked[period, agency.id], wanted),
                "agreed_share": None if agency.share is None else ratio(agency.share, agreed),
            }
            for agency in problem.agencies
        ]
    return frame(
        rows,
        period_column(by)
        | {
            "agency": "text",
            "patrols": "count",
            "participation": "number",
            "person_hours": "number",
            "hour_share": "number",
            "asked_share": "number",
            "agreed_share": "number",
        },
    )
