"""What all statistics share: typed frames, periods and ratios without surprises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pandas as pd

from patrol_scheduler.problem import Problem

By = Literal["phase", "month"]
"""How a table is split: by rostered phase or by calendar month (``2010-08``)."""

TOTAL = ""
"""Stands in the place of an id where a row is about all of them; no id is empty."""

Row = Mapping[str, object]

DTYPES = {
    "text": "string",
    "count": "Int64",
    "number": "Float64",
    "flag": "boolean",
    "date": "datetime64[s]",
    "list": "object",
}
"""The kinds of column; each can hold a missing value, and none turns a count into a decimal."""


def frame(rows: Iterable[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows as a frame with exactly ``columns`` (name to kind), also when there is no row."""
    listed = list(rows)
    # One index for all columns spares pandas aligning each with the others.
    index = pd.RangeIndex(len(listed))
    return pd.DataFrame(
        {
            name: _column([row[name] for row in listed], kind, index)
            for name, kind in columns.items()
        },
        index=index,
        copy=False,
    )


def _column(values: list[Any], kind: str, index: pd.Index[Any]) -> pd.Series[Any]:
    return pd.Series(values, index, dtype=DTYPES[kind])


def ratio(part: float, whole: float) -> float | None:
    """``part`` / ``whole``; nothing where ``whole`` is 0."""
    return part / whole if whole else None


def periods(problem: Problem, by: By | None) -> dict[str, tuple[dt.date, dt.date]]:
    """The first and last date of each rostered phase or month, or of the whole under ``TOTAL``."""
    if by is None:
        return {TOTAL: (problem.first, problem.last)}
    if by == "phase":
        return {phase.id: (phase.start, phase.end) for phase in problem.rostered_phases}
    found: dict[str, tuple[dt.date, dt.date]] = {}
    for date in problem.dates:
        if problem.phase_on(date) is not None:
            month = month_of(date)
            found[month] = (found.get(month, (date, date))[0], date)
    return found


def period_of(problem: Problem, date: dt.date, by: By | None) -> str | None:
    """The period that a date lies in; nothing for a date in no rostered phase.

    Undivided, every date counts.
    """
    if by is None:
        return TOTAL
    phase = problem.phase_on(date)
    if phase is None:
        return None
    return phase.id if by == "phase" else month_of(date)


def period_cell(by: By | None, period: str) -> dict[str, object]:
    """The cell that names a row's period; none in a table that is not split."""
    return {by: period} if by else {}


def period_column(by: By | None) -> dict[str, str]:
    """The column of the periods and its kind; none in a table that is not split."""
    return {by: "text"} if by else {}


def month_of(date: dt.date) -> str:
    """The calendar month of a date, written 2010-08."""
    return f"{date.year:04d}-{date.month:02d}"
