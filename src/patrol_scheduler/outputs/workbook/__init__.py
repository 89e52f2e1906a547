"""The roster as a workbook for the office: to print, to hand out, to filter, to report from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

from patrol_scheduler import statistics
from patrol_scheduler.checking import Check, check
from patrol_scheduler.formats.workbook_file import many_cells, saved
from patrol_scheduler.outputs.workbook import duties, duty_months, figures, notes
from patrol_scheduler.outputs.workbook.duties import Pages
from patrol_scheduler.outputs.workbook.notes import Because
from patrol_scheduler.outputs.workbook.records import record_forms
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster


@many_cells()
def roster_workbook(
    problem: Problem,
    result: Result,
    lang: str,
    *,
    found: Check | None = None,
    document: Mapping[str, Any] | None = None,
    before: Roster | None = None,
    because: Because | None = None,
) -> bytes:
    """The roster as the bytes of an ``.xlsx`` file.

    Sheets: the official duty sheet (one a month, A4 on its side), officers by date, one row a duty,
    what each agency and each officer has, every table of the statistics (by phase and month, too),
    what took place where that is known, what is unmet, notes, changes against the roster
    ``before`` with the reasons told as ``because``, parameters. ``found`` and ``document`` are the
    roster's check and statistics, if they are at hand. Raises ``ValueError`` where the result has
    no roster.
    """
    roster = result.roster
    if roster is None:
        raise ValueError("a result without a roster has no workbook")
    known = found or check(problem, roster)
    told = document or statistics.document(problem, roster, known, result=result)
    book = Workbook()
    book.remove(book.worksheets[0])
    pages = Pages(problem, roster, lang, book)
    duty_months.duty_months(pages)
    duties.officer_days(pages)
    duties.assignments(pages)
    duties.agency_duties(pages)
    duties.officer_slips(pages)
    figures.statistics_sheets(pages, told)
    notes.unmet_sheet(pages, known)
    notes.about_sheet(pages)
    notes.changes_sheet(pages, before, because or {})
    notes.parameters_sheet(pages, result, told)
    return saved(book, problem.name)


__all__ = ["Because", "record_forms", "roster_workbook"]
