"""The illustrated report: one HTML file that opens from a disk, without a network."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from patrol_scheduler import statistics
from patrol_scheduler.checking import Check, check
from patrol_scheduler.days import DayType
from patrol_scheduler.outputs.events import Event, events
from patrol_scheduler.outputs.lunar import lunar_day
from patrol_scheduler.outputs.pages import template
from patrol_scheduler.outputs.report.charts import (
    charts,
    on_page,
    pictures,
    standing_alone,
    title_of,
)
from patrol_scheduler.outputs.report.drawing import Drawing
from patrol_scheduler.outputs.wording import (
    Names,
    cadence_sentences,
    clock,
    day_type,
    holiday,
    one_line,
    weekday,
    year_month,
)
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.rules import Level
from patrol_scheduler.texts import LANGUAGES, text


def chart_pictures(
    problem: Problem,
    result: Result,
    lang: str,
    *,
    document: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Every chart of the report as a PNG, by its name; see :func:`.charts.pictures`.

    Raises ``ValueError`` where the result has no roster, and :class:`.charts.NoFontError`.
    """
    roster = result.roster
    if roster is None:
        raise ValueError("a result without a roster has no charts")
    told = document or statistics.document(problem, roster, result=result)
    return pictures(Drawing(problem, Names(problem), events(problem, roster), told), lang)


Said = Mapping[str, str]
"""A text in every language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A patrol or staffed post in the calendar, with what filters look at."""

    time: str
    place: str
    area: str
    agencies: str
    officers: str
    people: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar; without a number it lies outside the month or the roster."""

    number: str
    weekday: Said
    lunar: Said
    off: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, week by week from Monday."""

    title: Said
    weeks: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of numbers behind a chart: headings and rows in every language."""

    heads: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    filters: tuple[str, ...]


def report(
    problem: Problem,
    result: Result,
    lang: str,
    *,
    found: Check | None = None,
    document: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """The report and its charts: ``report.html``, and ``charts/NAME.svg`` for other documents.

    A chart of more rows than fit on a page is drawn in parts: ``charts/NAME-1.svg`` and so on.

    The page holds every language and begins with ``lang``; the charts are in ``lang``. ``found``
    and ``document`` are the roster's check and statistics, if they are at hand. Raises
    ``ValueError`` where the result has no roster.
    """
    roster = result.roster
    if roster is None:
        raise ValueError("a result without a roster has no report")
    known = found or check(problem, roster)
    told = document or statistics.document(problem, roster, known, result=result)
    names, listed = Names(problem), events(problem, roster)
    drawing = Drawing(problem, names, listed, told)
    drawn = charts(drawing)
    unmet = known.broken + known.shortages
    wishes = [f for f in known.findings if f.violation.level is Level.WISHES]

    def both(key: str, **values: object) -> Said:
        return {one: text(f"report.{key}", one, **values) for one in LANGUAGES}

    page = template("report.html.j2").render(
        lang=lang,
        languages=LANGUAGES,
        both=both,
        plan=one_line(problem.name),
        issuer=one_line(problem.issuer),
        status=_spoken(lambda one: text(f"result.status.{result.status}", one)),
        shown=_spoken(lambda one: text(f"result.{result.reason}", one))
        if result.reason == "no-complete-roster"
        else None,
        headline=_zipped({one: statistics.sentences_of(problem, told, one) for one in LANGUAGES}),
        cadences=_zipped({one: [*cadence_sentences(problem, one)] for one in LANGUAGES}),
        months=_months(problem, names, listed),
        weekdays=[_spoken(lambda one, n=n: text(f"outputs.weekday.{n}", one)) for n in range(1, 8)],
        agencies=list(names.agency.values()),
        areas=list(names.area.values()),
        officers=[
            (n, names.officer[officer.id], list(names.agency).index(officer.agency))
            for n, officer in enumerate(problem.officers)
        ],
        charts=[
            (name, [on_page(part) for part in parts], _table(problem, told, name))
            for name, parts in groupby(drawn, key=lambda part: part.chart)
        ],
        unmet=_zipped({one: [one_line(f.say(problem, one)) for f in unmet] for one in LANGUAGES}),
        wishes=_zipped({one: [one_line(f.say(problem, one)) for f in wishes] for one in LANGUAGES}),
    )
    files = {"report.html": page.encode()}
    for part in drawn:
        files[f"charts/{part.name}.svg"] = (
            standing_alone(part, title_of(drawing, part.chart, lang), lang) + "\n"
        ).encode()
    return files


def _spoken(say: Any) -> Said:
    return {lang: say(lang) for lang in LANGUAGES}


def _zipped(said: Mapping[str, list[str]]) -> list[Said]:
    """Lists of sentences, one a language, as a list of texts in every language."""
    return [dict(zip(said, row, strict=True)) for row in zip(*said.values(), strict=True)]


def _months(problem: Problem, names: Names, listed: tuple[Event, ...]) -> list[Month]:
    by_date: dict[dt.date, list[Event]] = {}
    for event in listed:
        by_date.setdefault(event.date, []).append(event)
    agencies = {agency.id: n for n, agency in enumerate(problem.agencies)}
    areas = {area.id: n for n, area in enumerate(problem.areas)}
    places = {officer.id: n for n, officer in enumerate(problem.officers)}

    def entry(event: Event) -> Entry:
        shift = problem.shift_by_id[event.shift]
        present = {agencies[problem.officer_by_id[o].agency] for o in event.officers}
        return Entry(
            clock(shift.start_minute),
            names.area[event.area] if event.area is not None else names.post[event.post or ""],
            str(areas[event.area]) if event.area is not None else "-",
            " ".join(map(str, sorted(present))),
            " ".join(str(places[o]) for o in event.officers),
            "、".join(names.officer[o] for o in event.officers),
        )

    def cell(date: dt.date, month: int) -> Cell:
        if date.month != month or not problem.first <= date <= problem.last:
            return Cell("", {}, {}, False, ())
        off = day_type(problem, date) in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)
        kind = day_type(problem, date)
        named = kind is DayType.STATUTORY_HOLIDAY and holiday(problem, date, LANGUAGES[0])
        own = tuple(entry(event) for event in by_date.get(date, ()))
        return Cell(
            str(date.day),
            _spoken(lambda one: weekday(date, one)),
            _spoken(lambda one: holiday(problem, date, one) if named else lunar_day(date, one)),
            off,
            own,
        )

    months = dict.fromkeys((date.year, date.month) for date in problem.dates)
    return [
        Month(
            _spoken(lambda one, y=year, m=month: year_month(dt.date(y, m, 1), one)),
            tuple(
                tuple(cell(date, month) for date in week)
                for week in calendar.Calendar().monthdatescalendar(year, month)
                if any(
                    date.month == month and problem.first <= date <= problem.last for date in week
                )
            ),
        )
        for year, month in months
    ]


_BEHIND = {
    "areas": ("area_cadence", ("area", "patrol_days", "compliance", "worst_gap", "overdue_days")),
    "officers": ("officer_hours", ("agency", "officer", "duties", "hours", "longest_run",
                                   "rest_day_duties", "holiday_duties")),
    "fairness": ("officer_duties", ("agency", "officer", "duties", "target", "deviation")),
    "weekdays": ("weekday_shift_coverage", ("weekday", "shift", "days", "patrols", "mean_patrols")),
    "execution": ("execution", ("area", "planned", "took_place", "execution_rate", "on_time",
                                "on_time_rate", "unplanned")),
    "findings": ("findings", ("violation_kind", "found", "per_patrol", "unsettled",
                              "handling_rate", "relapses", "relapse_rate")),
    "gaps": ("intervals", ("area", "from", "to", "days", "min_gap", "max_gap", "overdue_days")),
}  # fmt: skip
"""The table behind each chart, and its columns."""


def _table(problem: Problem, document: Mapping[str, Any], chart: str) -> Table:
    """The numbers of a chart, for those who read rather than look."""
    table, columns = _BEHIND[chart]
    entries = [
        {name: row[name] for name in columns}
        for row in {**document["tables"], **(document["actual"] or {})}[table]
        if row.get("over", "all-days") == "all-days" and row.get("open", "no") == "no"
    ]
    told = {lang: statistics.readable_rows(entries, problem, lang) for lang in LANGUAGES}
    areas = {area.id: n for n, area in enumerate(problem.areas)}
    officers = {officer.id: n for n, officer in enumerate(problem.officers)}
    agencies = {agency.id: n for n, agency in enumerate(problem.agencies)}
    filters = []
    for entry in entries:
        parts = []
        if entry.get("area") in areas:
            parts.append(f'data-area="{areas[entry["area"]]}"')
        if entry.get("officer") in officers:
            parts.append(f'data-officer="{officers[entry["officer"]]}"')
        if entry.get("agency") in agencies:
            parts.append(f'data-agency="{agencies[entry["agency"]]}"')
        filters.append(" ".join(parts))
    heads = tuple(
        {lang: text(f"statistics.columns.{name}", lang) for lang in LANGUAGES} for name in columns
    )
    rows = tuple(
        tuple(
            {lang: _number(name, list(told[lang][n].values())[place]) for lang in LANGUAGES}
            for place, name in enumerate(columns)
        )
        for n in range(len(entries))
    )
    return Table(heads, rows, tuple(filters))


def _number(column: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.1%}" if statistics.is_share(column) else f"{value:.2f}"
