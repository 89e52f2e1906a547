"""What cells of rosters and of records say about a plan's days."""

from __future__ import annotations

import datetime as dt
import re

from patrol_scheduler.formats.cells import CellError
from patrol_scheduler.problem import Problem

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def rostered_date(cell: str, problem: Problem) -> dt.date:
    """The date that a text such as ``2010-08-01`` names, one of the days that are rostered.

    Raises :class:`CellError` where it is empty, no date, no day of the calendar, or another day.
    """
    if not cell:
        raise CellError("empty-cell")
    found = _DATE.fullmatch(cell)
    if not found:
        raise CellError("not-a-date")
    try:
        date = dt.date(*map(int, found.groups()))
    except ValueError:
        raise CellError("impossible-date") from None
    first, last = problem.first, problem.last
    if not first <= date <= last:
        raise CellError("outside-rostered-days", first=first, last=last)
    return date
