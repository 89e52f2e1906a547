"""The duty sheet: one printable page of HTML that hangs in the office."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from patrol_scheduler.checking import Check, Finding, check
from patrol_scheduler.days import DayType
from patrol_scheduler.formats.roster_json import cadence_readings
from patrol_scheduler.outputs.events import Event, events
from patrol_scheduler.outputs.pages import template
from patrol_scheduler.outputs.tables import gap_days
from patrol_scheduler.outputs.wording import (
    Names,
    cadence_sentences,
    clock,
    day_type,
    day_type_words,
    has_auxiliaries,
    holiday,
    join,
    long_date,
    mode_words,
    one_line,
    short_date,
    vehicles_of,
    weekday,
    year_month,
)
from patrol_scheduler.problem import Problem, Shift
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import FairShare, Level
from patrol_scheduler.texts import text

_FAR = 0.5
"""The gap from which on the sheet does not say how far the roster is from its bound."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a day: its time, place, leaders, the officers of each agency, remarks."""

    shift: str
    time: str
    place: str
    leaders: tuple[str, ...]
    agencies: tuple[tuple[str, ...], ...]
    remarks: str


@dataclass(frozen=True, slots=True)
class DayRows:
    """A date with its events; ``off`` on rest days and statutory holidays."""

    date: str
    weekday: str
    day_type: str
    off: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month with the dates that have events."""

    title: str
    days: tuple[DayRows, ...]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer's numbers of duties, and the fair share of the agency's duties."""

    officer: str
    agency: str
    total: int
    rest_days: int
    statutory_holidays: int
    shifts: tuple[int, ...]
    target: str
    difference: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area's patrols, its gaps and the days on which it was overdue."""

    area: str
    patrols: int
    window: str
    smallest: str
    largest: str
    first: str
    last: str
    overdue: int


def duty_sheet(problem: Problem, result: Result, lang: str, found: Check | None = None) -> str:
    """The duty sheet as one self-contained HTML document, made for A4 paper on its side.

    One table a month, then the duties of each officer, the patrols of each area, and what is
    unmet. ``found`` is the roster's check, if it is at hand. Raises ``ValueError`` where the
    result has no roster.
    """
    roster = result.roster
    if roster is None:
        raise ValueError("a result without a roster has no duty sheet")
    checked = found or check(problem, roster)
    unmet = checked.broken + checked.shortages
    wishes = [f for f in checked.findings if f.violation.level is Level.WISHES]
    names = Names(problem)

    def say(key: str, **values: object) -> str:
        return text(f"outputs.sheet.{key}", lang, **values)

    return template("duty_sheet.html.j2").render(
        lang=lang,
        say=say,
        separator=text("outputs.list.separator", lang),
        plan=one_line(problem.name),
        issuer=one_line(problem.issuer),
        issued=long_date(problem.issued, lang) if problem.issued else "",
        start=long_date(problem.first, lang),
        end=long_date(problem.last, lang),
        status=_status(result, lang),
        cadences=cadence_sentences(problem, lang),
        agencies=[
            *names.agency.values(),
            *([say("auxiliaries")] if has_auxiliaries(problem) else []),
        ],
        shifts=list(names.shift.values()),
        months=_months(problem, roster, names, unmet, lang),
        officers=_officer_rows(problem, roster, names),
        areas=_area_rows(problem, roster, names, checked, lang),
        unmet=[one_line(finding.say(problem, lang)) for finding in unmet],
        wishes=[one_line(finding.say(problem, lang)) for finding in wishes],
    )


def _status(result: Result, lang: str) -> str:
    # A bound that proves next to nothing is no news; else rounded up, so that the sentence is true.
    far = "-far" if result.status == "feasible" and result.gap > _FAR else ""
    gap = f"{math.ceil(result.gap * 1000) / 10:g}"
    return text(f"outputs.status.{result.status}{far}", lang, gap=gap)


def _months(
    problem: Problem, roster: Roster, names: Names, unmet: Sequence[Finding], lang: str
) -> tuple[Month, ...]:
    gaps = gap_days(problem, roster)

    def row(event: Event) -> Row:
        shift = problem.shift_by_id[event.shift]
        remarks = []
        if event.area is not None:
            gap = gaps[event.area, event.date]
            if mode := mode_words(problem, event.date, lang):
                remarks.append(mode)
            if gap is not None:
                remarks.append(text("outputs.sheet.gap", lang, days=gap))
        numbers = [str(n) for n, found in enumerate(unmet, 1) if _is_about(found, event, names)]
        if numbers:
            remarks.append(text("outputs.sheet.see", lang, numbers=join(numbers, lang)))
        remarks += vehicles_of(problem, event.area)
        return Row(
            names.shift[event.shift],
            _time(shift, lang),
            names.area[event.area] if event.area is not None else names.post[event.post or ""],
            tuple(names.officer[officer] for officer in event.leaders),
            _by_agency(problem, event, names, lang),
            join(remarks, lang),
        )

    def day(date: dt.date, found: list[Event]) -> DayRows:
        return DayRows(
            short_date(date, lang),
            weekday(date, lang),
            # A make-up working day bears the name of its holiday but is none.
            (holiday(problem, date, lang) if _off(problem, date) else "")
            or day_type_words(problem, date, lang),
            _off(problem, date),
            tuple(row(event) for event in found),
        )

    everything = events(problem, roster)
    months = []
    for _, in_month in groupby(everything, key=lambda e: (e.date.year, e.date.month)):
        listed = list(in_month)
        days = [day(date, list(found)) for date, found in groupby(listed, key=lambda e: e.date)]
        months.append(Month(year_month(listed[0].date, lang), tuple(days)))
    return tuple(months)


def _is_about(finding: Finding, event: Event, names: Names) -> bool:
    violation = finding.violation
    if violation.date != event.date or violation.shift not in (None, event.shift):
        return False
    if event.area is not None:
        return violation.area == event.area
    post = dict(violation.details).get("post")
    return post is not None and post in (event.post, names.post[event.post or ""])


def _off(problem: Problem, date: dt.date) -> bool:
    return day_type(problem, date) in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)


def _time(shift: Shift, lang: str) -> str:
    end = clock(shift.end_minute)
    if shift.end_minute > 24 * 60:
        end = text("outputs.sheet.next-day", lang, time=end)
    elif shift.end_minute == 24 * 60:
        end = "24:00"
    return f"{clock(shift.start_minute)}–{end}"


def _by_agency(
    problem: Problem, event: Event, names: Names, lang: str
) -> tuple[tuple[str, ...], ...]:
    """The names of the officers of each agency, drivers marked; auxiliaries by themselves."""
    drivers = set(event.drivers)
    found: dict[str, list[str]] = {agency.id: [] for agency in problem.agencies}
    helpers: list[str] = []
    for officer in event.officers:
        name = names.officer[officer]
        if officer in drivers:
            name = text("outputs.sheet.driver-mark", lang, officer=name)
        known = problem.officer_by_id[officer]
        (helpers if known.auxiliary else found[known.agency]).append(name)
    apart = [helpers] if has_auxiliaries(problem) else []
    return tuple(tuple(people) for people in (*found.values(), *apart))


def _officer_rows(problem: Problem, roster: Roster, names: Names) -> tuple[OfficerRow, ...]:
    loads = FairShare(over="all-days").loads(problem, roster)
    targets = {one.officer: float(one.target - one.before) for _, mine in loads for one in mine}
    rows = []
    for agency, officers in problem.officers_of.items():
        for officer in officers:
            turns = roster.turns.get(officer.id, ())
            kinds = [day_type(problem, date) for date, _, _ in turns]
            target = targets.get(officer.id, 0.0)
            rows.append(
                OfficerRow(
                    names.officer[officer.id],
                    names.agency[agency],
                    len(turns),
                    kinds.count(DayType.REST_DAY),
                    kinds.count(DayType.STATUTORY_HOLIDAY),
                    tuple(
                        sum(1 for _, worked, _ in turns if worked == shift.id)
                        for shift in problem.shifts
                    ),
                    f"{target:.1f}",
                    _signed(len(turns) - target),
                )
            )
    return tuple(rows)


def _signed(number: float) -> str:
    rounded = round(number, 1)
    return "0.0" if rounded == 0 else f"{rounded:+.1f}".replace("-", "−")


def _area_rows(
    problem: Problem, roster: Roster, names: Names, checked: Check, lang: str
) -> tuple[AreaRow, ...]:
    windows: dict[str, list[str]] = {}
    for reading in cadence_readings(problem):
        for area_id in reading.areas:
            window = f"{reading.min_gap}–{reading.max_gap}"
            if window not in windows.setdefault(area_id, []):
                windows[area_id].append(window)
    gaps = gap_days(problem, roster)
    rows = []
    for area in problem.areas:
        dates = roster.patrol_dates.get(area.id, ())
        known = [gap for (place, _), gap in gaps.items() if place == area.id and gap is not None]
        overdue = sum(
            finding.violation.amount
            for finding in checked.shortages
            if (finding.violation.area, finding.violation.what) == (area.id, "overdue")
        )
        rows.append(
            AreaRow(
                names.area[area.id],
                len(dates),
                join(windows.get(area.id, []), lang),
                str(min(known, default="")),
                str(max(known, default="")),
                short_date(dates[0], lang) if dates else "",
                short_date(dates[-1], lang) if dates else "",
                int(overdue),
            )
        )
    return tuple(rows)
