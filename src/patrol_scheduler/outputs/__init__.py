"""Everything that is written of a roster: documents, tables, the duty sheet and the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patrol_scheduler import statistics
from patrol_scheduler.checking import check
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.formats.roster_json import roster_to_json
from patrol_scheduler.formats.workbook_file import many_cells
from patrol_scheduler.outputs.duty_sheet import duty_sheet
from patrol_scheduler.outputs.feeds import feeds
from patrol_scheduler.outputs.folder import OutputError, ensure_replaceable, replace_folder
from patrol_scheduler.outputs.notice import monthly_notice
from patrol_scheduler.outputs.report import report
from patrol_scheduler.outputs.statistics_json import statistics_json
from patrol_scheduler.outputs.tables import assignments_csv, owed_rests_csv, patrols_csv
from patrol_scheduler.outputs.workbook import Because, record_forms, roster_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Sighting, Went
from patrol_scheduler.texts import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Done:
    """What took place ``until`` a date (without one: until the end of the plan): the patrols that
    were ``planned`` until then, the ``actual`` ones, what these found, and the ``times`` noted."""

    planned: Roster
    actual: Roster
    sightings: tuple[Sighting, ...] = ()
    until: dt.date | None = None
    times: Mapping[str, Went] = field(default_factory=dict)


@many_cells()
def render(
    problem: Problem,
    result: Result,
    lang: str = DEFAULT_LANGUAGE,
    *,
    before: Roster | None = None,
    because: Because | None = None,
    done: Done | None = None,
    made_from: str | None = None,
) -> dict[str, bytes]:
    """The bytes of every output by its path, with ``/``, below the output folder.

    With the roster ``before`` the workbook tells what changed since, and ``because`` of what; with
    ``done`` statistics, notice, workbook and report hold what took place against the plan.
    ``made_from`` is the SHA-256 of the plan's version that the roster was made from, where that is
    another. The same values give the same bytes. Raises ``ValueError`` where the result has no
    roster to write.
    """
    roster = result.roster
    if roster is None:
        raise ValueError(f"a result with the status {result.status!r} has no roster to write")
    found = check(problem, roster)
    document = statistics.document(
        problem,
        roster,
        found,
        result=result,
        planned=done.planned if done else None,
        actual=done.actual if done else None,
        sightings=done.sightings if done else None,
        until=done.until if done else None,
        times=done.times if done else None,
    )
    return {
        "roster.json": roster_to_json(problem, result, made_from).encode(),
        "plan.json": problem_to_json(problem).encode(),
        "assignments.csv": assignments_csv(problem, roster).encode(),
        # With a byte order mark, by which spreadsheets know UTF-8.
        "patrols.csv": patrols_csv(problem, roster, lang).encode("utf-8-sig"),
        "owed-rests.csv": owed_rests_csv(problem, roster).encode(),
        "statistics.json": statistics_json(document).encode(),
        "monthly-notice.txt": monthly_notice(problem, document, lang).encode("utf-8-sig"),
        "roster.xlsx": roster_workbook(
            problem, result, lang, found=found, document=document, before=before, because=because
        ),
        "patrol-records.xlsx": record_forms(problem, roster, lang),
        **report(problem, result, lang, found=found, document=document),
        "duty-sheet.html": duty_sheet(problem, result, lang, found).encode(),
        **feeds(problem, roster, lang),
    }


def write(
    problem: Problem,
    result: Result,
    out: str | Path,
    *,
    lang: str = DEFAULT_LANGUAGE,
    before: Roster | None = None,
    because: Because | None = None,
    done: Done | None = None,
    made_from: str | None = None,
) -> tuple[str, ...]:
    """Write every output into the folder ``out`` and tell their paths below it; see :func:`render`.

    A folder that this program wrote before is replaced whole or, when anything fails, not at all.
    Raises :class:`OutputError` when the folder cannot or must not be replaced, and ``ValueError``
    where the result has no roster.
    """
    target = Path(out)
    ensure_replaceable(target)
    files = render(
        problem, result, lang, before=before, because=because, done=done, made_from=made_from
    )
    replace_folder(target, files)
    return tuple(files)


__all__ = [
    "Because",
    "Done",
    "OutputError",
    "ensure_replaceable",
    "render",
    "replace_folder",
    "write",
]
