"""Tables as CSV: one row a duty for machines, one row a patrol for people."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from patrol_scheduler.outputs.events import events
from patrol_scheduler.outputs.wording import Names, clock, day_type_words, join, one_line, weekday
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import rules_of
from patrol_scheduler.rules.compensation import ledger_of
from patrol_scheduler.texts import text

ASSIGNMENT_COLUMNS = (
    "date",
    "start",
    "end",
    "area",
    "shift",
    "officer",
    "agency",
    "role",
    "patrol",
)
OWED_REST_COLUMNS = ("officer", "earned", "taken")
PATROL_COLUMNS = (
    "patrol",
    "date",
    "weekday",
    "day_type",
    "start",
    "end",
    "area",
    "area_name",
    "shift",
    "size",
    "officers",
    "leader",
    "drivers",
    "gap_days",
)

_FORMULA = "=+-@"
# Spreadsheets of some languages take the wide forms for formulas as well.
_FORMULA_WIDE = _FORMULA + "\t\r＝＋－＠"


def safe_cell(value: str, marks: str = _FORMULA_WIDE) -> str:
    """The text as a cell that no spreadsheet takes for a formula.

    A text that begins with one of ``marks`` gets an apostrophe before it.
    """
    return "'" + value if value.startswith(tuple(marks)) else value


def csv_text(
    columns: Sequence[str], rows: Iterable[Sequence[str]], marks: str = _FORMULA_WIDE
) -> str:
    """A table as CSV with its header, every cell safe, lines ending with a newline alone."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell, marks) for cell in row] for row in rows)
    return target.getvalue()


def assignments_csv(problem: Problem, roster: Roster) -> str:
    """One row for each duty, in the roster's order, with ids; it reads back as the same duties.

    ``date`` is ISO, ``start`` and ``end`` are local times HH:MM; an end that is not after the start
    is on the next day. ``area`` holds the post of a post duty, whose ``patrol`` is empty. An id
    that begins with ``=``, ``+``, ``-`` or ``@`` has an apostrophe before it.
    """
    agency = {officer.id: officer.agency for officer in problem.officers}
    times = _times(problem)
    return csv_text(
        ASSIGNMENT_COLUMNS,
        (
            (
                duty.date.isoformat(),
                *times[duty.shift],
                duty.area if duty.area is not None else duty.post or "",
                duty.shift,
                duty.officer,
                agency[duty.officer],
                duty.role,
                duty.patrol or "",
            )
            for duty in roster.duties
        ),
        _FORMULA,
    )


def owed_rests_csv(problem: Problem, roster: Roster) -> str:
    """The ledger of compensatory rest: one row for each day owed or earned, the oldest first.

    It is the list ``owed_rests`` of the next plan; a day without ``taken`` is still owed.
    """
    return csv_text(
        OWED_REST_COLUMNS,
        (
            (
                entry.officer,
                entry.earned.isoformat(),
                entry.taken.isoformat() if entry.taken else "",
            )
            for entry in ledger_of(problem, rules_of(problem), roster)
        ),
        _FORMULA,
    )


def patrols_csv(problem: Problem, roster: Roster, lang: str) -> str:
    """One row for each patrol, in order of time, with headings and names for people to read.

    ``gap_days`` is the number of days since the area's patrol before it, the history included,
    empty where none is known.
    """
    names, times = Names(problem), _times(problem)
    gaps = gap_days(problem, roster)
    rows = []
    for event in events(problem, roster):
        if event.area is None:
            continue
        gap = gaps[event.area, event.date]
        rows.append(
            (
                event.patrol or "",
                event.date.isoformat(),
                weekday(event.date, lang),
                day_type_words(problem, event.date, lang),
                *times[event.shift],
                event.area,
                names.area[event.area],
                names.shift[event.shift],
                str(len(event.members)),
                join([names.officer[officer] for officer in event.officers], lang),
                join([names.officer[officer] for officer in event.leaders], lang),
                join([names.officer[officer] for officer in event.drivers], lang),
                "" if gap is None else str(gap),
            )
        )
    heads = [text(f"outputs.patrols.{column}", lang) for column in PATROL_COLUMNS]
    return csv_text(heads, ([one_line(cell) for cell in row] for row in rows))


def gap_days(problem: Problem, roster: Roster) -> dict[tuple[str, dt.date], int | None]:
    """For each (area, patrol date) the days since the patrol before it, if one is known."""
    found: dict[tuple[str, dt.date], int | None] = {}
    for area, dates in roster.patrol_dates.items():
        before = problem.last_patrol.get(area)
        for date in dict.fromkeys(dates):
            found[area, date] = None if before is None else (date - before).days
            before = date
    return found


def _times(problem: Problem) -> dict[str, tuple[str, str]]:
    return {
        shift.id: (clock(shift.start_minute), clock(shift.end_minute)) for shift in problem.shifts
    }
