"""The statistics as one document for other systems, and the few numbers that a leader reports."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from patrol_scheduler import __version__
from patrol_scheduler.checking import Check, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.sightings import Sighting, Went
from patrol_scheduler.statistics.change import execution
from patrol_scheduler.statistics.competence import HORIZON_DAYS
from patrol_scheduler.statistics.findings import findings
from patrol_scheduler.statistics.frames import TOTAL, ratio
from patrol_scheduler.statistics.registry import TABLES, cells, split_of, tables
from patrol_scheduler.statistics.working_time import labour_breaches, officer_hours
from patrol_scheduler.texts import text

FORMAT = "patrol-scheduler statistics 1"

DIGITS = 6
"""Decimal places of every number in a document."""

_BY_THE_CLOCK: Mapping[str, Callable[..., pd.DataFrame]] = {
    "officer_hours": officer_hours,
    "labour_breaches": labour_breaches,
}
"""The tables that count the hours noted of patrols, where there are any."""

_HEADLINE_TABLES = (
    "area_cadence",
    "patrol_strength",
    "post_strength",
    "officer_duties",
    "cadence_readings",
)


def document(
    problem: Problem,
    roster: Roster,
    found: Check | None = None,
    *,
    result: Result | None = None,
    planned: Roster | None = None,
    actual: Roster | None = None,
    sightings: Sequence[Sighting] | None = None,
    times: Mapping[str, Went] | None = None,
    until: dt.date | None = None,
) -> dict[str, Any]:
    """All statistics of a roster as JSON-ready values: the same roster, the same document.

    ``format`` names the version; ``plan`` the plan and its rostered dates; ``readings`` how "every
    so many days" is counted; ``headline`` the numbers of :func:`headline`; ``tables`` every table
    as a list of rows. Numbers have 6 decimals, dates are ISO text, and what is not defined is
    null, never NaN. ``found`` is the roster's check, if it is at hand.

    With ``result`` the entry ``solver`` tells how the roster was found (:func:`solver_record`),
    else it is null. With ``actual``, the roster that took place of the ``planned`` one (without it:
    of ``roster``), the entry ``actual`` has its ``headline`` and ``tables``, as ``execution`` what
    became of the planned patrols and, with ``sightings``, what these found as ``findings``, else
    null; else it is null. Of patrols whose ``times`` were noted, hours are those. These are of the
    plan up to the date ``until``, where one is given: what is not due yet is neither missing nor
    overdue.
    """
    known = found or check(problem, roster)
    frames = tables(problem, roster, known)
    return {
        "format": FORMAT,
        "plan": {
            "name": problem.name,
            "first": problem.first.isoformat(),
            "last": problem.last.isoformat(),
        },
        "readings": _readings(frames["cadence_readings"]),
        "certificate_horizon_days": HORIZON_DAYS,
        "headline": _headline(roster, frames),
        "tables": {name: rows(table) for name, table in frames.items()},
        "solver": solver_record(problem, result) if result else None,
        "actual": _actual(problem, planned or roster, actual, sightings, times or {}, until)
        if actual
        else None,
    }


def _actual(
    problem: Problem,
    planned: Roster,
    actual: Roster,
    sightings: Sequence[Sighting] | None,
    times: Mapping[str, Went],
    until: dt.date | None,
) -> dict[str, object]:
    due = _as_far_as(problem, until) if until else problem
    frames = tables(due, actual)
    if times:
        for name in (n for n in frames if split_of(n)[0] in _BY_THE_CLOCK):
            table, by = split_of(name)
            frames[name] = _BY_THE_CLOCK[table](due, actual, by, times=times)
    found = None if sightings is None else rows(findings(problem, actual, sightings, times=times))
    return {
        "until": until.isoformat() if until else None,
        "headline": _headline(actual, frames),
        "execution": rows(execution(problem, planned, actual, times)),
        "findings": found,
        "tables": {name: rows(table) for name, table in frames.items()},
    }


def _as_far_as(problem: Problem, until: dt.date) -> Problem:
    """The plan as if it ended on a date."""
    phases = tuple(
        phase.model_copy(update={"end": min(phase.end, until)})
        if phase.start <= until
        else phase.model_copy(update={"rostered": False})
        for phase in problem.phases
    )
    return problem.model_copy(update={"phases": phases})


def solver_record(problem: Problem, result: Result) -> dict[str, object]:
    """How a roster was found, JSON-ready: what another run needs to find it again.

    ``status`` and ``reason``; ``levels`` with cost, bound, gap (0 to 1) and the bound's reason;
    ``seed`` (kept back, ``None``, where the plan asks to be unpredictable), ``workers``;
    ``software`` and its version; ``plan_sha256`` of the problem's JSON.
    No wall-clock time: the same problem, seed and one worker give the same record.
    """
    return {
        "status": result.status,
        "reason": result.reason,
        "levels": [
            {
                "level": level.level,
                "cost": _rounded(level.cost),
                "bound": _rounded(level.bound),
                "gap": _rounded(level.gap),
                "reason": level.reason,
            }
            for level in result.levels
        ],
        "seed": None if problem.unpredictable else result.seed,
        "workers": result.workers,
        "software": f"patrol-scheduler {__version__}",
        "plan_sha256": hashlib.sha256(
            problem.model_dump_json(exclude={"seed"}).encode()
        ).hexdigest(),
    }


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON-ready values."""
    names = [str(name) for name in table.columns]
    columns = [[_rounded(value) for value in cells(table[name])] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _rounded(value: object) -> object:
    # Adding zero turns -0.0 into 0.0.
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def headline(problem: Problem, roster: Roster, found: Check | None = None) -> dict[str, object]:
    """The numbers that a leader reports, JSON-ready; ``None`` where one is not defined.

    - ``patrols``; ``patrol_days`` with ``least_patrol_days`` to ``most_patrol_days`` that the
      cadence admits, added up over the areas;
    - ``compliance`` of the gaps, 0 to 1; ``overdue_days``; ``worst_gap`` in days with its area and
      dates (see :func:`.area_cadence`);
    - ``fill_rate``: filled / required seats of patrols and posts, 0 to 1;
    - ``composition_rate``, ``certificate_rate`` (see :func:`.patrol_strength`);
    - ``outside``: officers more than one duty from their target over all days, of ``officers``
      (see :func:`.officer_duties`).
    """
    return _headline(roster, _headline_frames(problem, roster, found))


def _headline_frames(
    problem: Problem, roster: Roster, found: Check | None
) -> dict[str, pd.DataFrame]:
    known = found or check(problem, roster)
    return {name: TABLES[name](problem, roster, known) for name in _HEADLINE_TABLES}


def _headline(roster: Roster, frames: dict[str, pd.DataFrame]) -> dict[str, object]:
    cadence = _total(frames["area_cadence"], "area")
    strength = _total(frames["patrol_strength"], "area")
    posts = _total(frames["post_strength"], "post")
    duties = [row for row in rows(frames["officer_duties"]) if row["over"] == "all-days"]
    seats = {
        name: sum(n for n in (strength[name], posts[name]) if isinstance(n, int))
        for name in ("filled_seats", "required_seats")
    }
    return {
        "patrols": len(roster.patrols),
        **{
            name: cadence[name]
            for name in (
                "patrol_days",
                "least_patrol_days",
                "most_patrol_days",
                "compliance",
                "overdue_days",
                "worst_gap",
                "worst_gap_area",
                "worst_gap_from",
                "worst_gap_to",
            )
        },
        "fill_rate": _rounded(ratio(seats["filled_seats"], seats["required_seats"])),
        "composition_rate": strength["composition_rate"],
        "certificate_rate": strength["certificate_rate"],
        "outside": sum(1 for row in duties if row["outside"]),
        "officers": len(duties),
    }


def _total(table: pd.DataFrame, column: str) -> dict[str, object]:
    return next(row for row in rows(table) if row[column] == TOTAL)


def _readings(table: pd.DataFrame) -> list[dict[str, object]]:
    """Each reading once, in the order of the plan."""
    names = ("min_days", "max_days", "counted", "min_gap", "max_gap")
    found: list[dict[str, object]] = []
    for row in rows(table):
        reading = {name: row[name] for name in names}
        if reading not in found:
            found.append(reading)
    return found


def headline_sentences(
    problem: Problem, roster: Roster, lang: str, found: Check | None = None
) -> list[str]:
    """The headline as sentences, with the reading of the cadence; undefined numbers are left out.

    ``lang`` is one of the languages of the texts, else ``ValueError``.
    """
    frames = _headline_frames(problem, roster, found)
    told = {
        "headline": _headline(roster, frames),
        "readings": _readings(frames["cadence_readings"]),
    }
    return sentences_of(problem, told, lang)


def sentences_of(problem: Problem, document: Mapping[str, Any], lang: str) -> list[str]:
    """The sentences of :func:`headline_sentences`, read from a document of the statistics."""
    numbers = document["headline"]
    area = problem.area_by_id.get(str(numbers["worst_gap_area"]))
    shown: dict[str, object] = {
        name: f"{value:.1%}" if isinstance(value, float) else value
        for name, value in numbers.items()
    }
    shown["worst_gap_area"] = place_label(problem, area.id) if area else ""
    said = [
        text(f"statistics.headline.reading-{reading['counted']}", lang, **reading)
        for reading in document["readings"]
    ]
    for sentence, needs in _SENTENCES.items():
        if all(numbers[name] is not None for name in needs):
            said.append(text(f"statistics.headline.{sentence}", lang, **shown))
    return said


_SENTENCES: dict[str, tuple[str, ...]] = {
    "patrols": ("patrols", "patrol_days"),
    "admissible": ("least_patrol_days", "most_patrol_days"),
    "compliance": ("compliance",),
    "overdue": ("overdue_days",),
    "worst-gap": ("worst_gap", "worst_gap_area", "worst_gap_from", "worst_gap_to"),
    "fill": ("fill_rate",),
    "composition": ("composition_rate",),
    "certificates": ("certificate_rate",),
    "outside": ("outside", "officers"),
}
"""The sentences of the headline in their order, with the numbers that each needs."""
