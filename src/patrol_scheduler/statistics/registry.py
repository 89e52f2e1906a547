"""All tables of the statistics, and how they read for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from patrol_scheduler.checking import Check, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import label
from patrol_scheduler.statistics.cadence import area_cadence
from patrol_scheduler.statistics.competence import certificate_horizon, kind_competence
from patrol_scheduler.statistics.coverage import (
    agency_participation,
    area_share,
    backup_coverage,
    day_type_coverage,
    shift_coverage,
    weekday_shift_coverage,
)
from patrol_scheduler.statistics.fairness import (
    duty_fairness,
    officer_costs,
    officer_duties,
    officer_spacing,
    worst_off,
)
from patrol_scheduler.statistics.frames import TOTAL
from patrol_scheduler.statistics.gaps import intervals
from patrol_scheduler.statistics.partners import partner_diversity
from patrol_scheduler.statistics.predictability import predictability
from patrol_scheduler.statistics.readings import cadence_density, cadence_readings
from patrol_scheduler.statistics.robustness import spare_depth, staffing
from patrol_scheduler.statistics.strength import patrol_strength, post_strength
from patrol_scheduler.statistics.working_time import labour_breaches, officer_hours
from patrol_scheduler.texts import text

Table = Callable[[Problem, Roster, Check], pd.DataFrame]

TABLES: Mapping[str, Table] = {
    "cadence_readings": lambda problem, _roster, _found: cadence_readings(problem),
    "cadence_density": lambda problem, _roster, _found: cadence_density(problem),
    "area_cadence": lambda problem, roster, _: area_cadence(problem, roster),
    "area_cadence_by_phase": lambda problem, roster, _: area_cadence(problem, roster, "phase"),
    "area_cadence_by_month": lambda problem, roster, _: area_cadence(problem, roster, "month"),
    "intervals": lambda problem, roster, _: intervals(problem, roster),
    "patrol_strength": lambda problem, roster, found: patrol_strength(problem, roster, found=found),
    "patrol_strength_by_phase": lambda problem, roster, found: patrol_strength(
        problem, roster, "phase", found=found
    ),
    "patrol_strength_by_month": lambda problem, roster, found: patrol_strength(
        problem, roster, "month", found=found
    ),
    "post_strength": lambda problem, roster, _: post_strength(problem, roster),
    "kind_competence": lambda problem, roster, _: kind_competence(problem, roster),
    "certificate_horizon": lambda problem, roster, _: certificate_horizon(problem, roster),
    "area_share": lambda problem, roster, _: area_share(problem, roster),
    "area_share_by_phase": lambda problem, roster, _: area_share(problem, roster, "phase"),
    "area_share_by_month": lambda problem, roster, _: area_share(problem, roster, "month"),
    "backup_coverage": lambda problem, roster, _: backup_coverage(problem, roster),
    "weekday_shift_coverage": lambda problem, roster, _: weekday_shift_coverage(problem, roster),
    "shift_coverage": lambda problem, roster, _: shift_coverage(problem, roster),
    "shift_coverage_by_phase": lambda problem, roster, _: shift_coverage(problem, roster, "phase"),
    "shift_coverage_by_month": lambda problem, roster, _: shift_coverage(problem, roster, "month"),
    "day_type_coverage": lambda problem, roster, _: day_type_coverage(problem, roster),
    "day_type_coverage_by_phase": lambda problem, roster, _: day_type_coverage(
        problem, roster, "phase"
    ),
    "day_type_coverage_by_month": lambda problem, roster, _: day_type_coverage(
        problem, roster, "month"
    ),
    "agency_participation": lambda problem, roster, _: agency_participation(problem, roster),
    "agency_participation_by_phase": lambda problem, roster, _: agency_participation(
        problem, roster, "phase"
    ),
    "agency_participation_by_month": lambda problem, roster, _: agency_participation(
        problem, roster, "month"
    ),
    "officer_duties": lambda problem, roster, _: officer_duties(problem, roster),
    "officer_duties_by_phase": lambda problem, roster, _: officer_duties(problem, roster, "phase"),
    "officer_duties_by_month": lambda problem, roster, _: officer_duties(problem, roster, "month"),
    "duty_fairness": lambda problem, roster, _: duty_fairness(problem, roster),
    "duty_fairness_by_phase": lambda problem, roster, _: duty_fairness(problem, roster, "phase"),
    "duty_fairness_by_month": lambda problem, roster, _: duty_fairness(problem, roster, "month"),
    "officer_spacing": lambda problem, roster, _: officer_spacing(problem, roster),
    "partner_diversity": lambda problem, roster, _: partner_diversity(problem, roster),
    "officer_costs": officer_costs,
    "worst_off": worst_off,
    "predictability": lambda problem, roster, _: predictability(problem, roster),
    "officer_hours": lambda problem, roster, _: officer_hours(problem, roster),
    "officer_hours_by_phase": lambda problem, roster, _: officer_hours(problem, roster, "phase"),
    "officer_hours_by_month": lambda problem, roster, _: officer_hours(problem, roster, "month"),
    "labour_breaches": lambda problem, roster, _: labour_breaches(problem, roster),
    "spare_depth": lambda problem, roster, _: spare_depth(problem, roster),
    "staffing": lambda problem, roster, _: staffing(problem, roster),
}
"""Every table by its name, in the order in which it is shown; each from the plan, its roster and
the roster's check. The texts ``statistics.tables.<name>`` hold its heading and sentence."""


def tables(problem: Problem, roster: Roster, found: Check | None = None) -> dict[str, pd.DataFrame]:
    """Every table of the statistics by its name; ``found`` is the roster's check, if at hand."""
    known = found or check(problem, roster)
    return {name: table(problem, roster, known) for name, table in TABLES.items()}


_TOTALS = frozenset({"area", "post", "shift", "agency", "officer", "day_type"})
_CHOICES = frozenset({"over", "open", "counted", "article", "change"})
_ELSEWHERE = {"day_type": "outputs.day-type", "weekday": "outputs.weekday"}
"""Columns whose values have their words among those of the other outputs."""


def readable(table: pd.DataFrame, problem: Problem, lang: str) -> pd.DataFrame:
    """A table with headings, names and words instead of column names, ids and codes.

    Numbers stay numbers; dates become text, missing values empty text, totals a word. Names are
    on one line; escaping for HTML or a spreadsheet is left to the writer.
    """
    names = _names(problem)
    return pd.DataFrame(
        {
            text(f"statistics.columns.{column}", lang): pd.Series(
                [_word(column, value, names, lang) for value in cells(table[column])],
                dtype="object",
            )
            for column in map(str, table.columns)
        }
    )


def readable_rows(
    rows: Sequence[Mapping[str, Any]], problem: Problem, lang: str
) -> list[dict[str, object]]:
    """The rows of a document's table with headings, names and words; see :func:`readable`."""
    names = _names(problem)
    return [
        {
            text(f"statistics.columns.{column}", lang): _word(column, value, names, lang)
            for column, value in row.items()
        }
        for row in rows
    ]


def cells(column: pd.Series[Any]) -> list[Any]:
    """The values of a column as plain Python values; ``None`` where missing, dates in ISO form."""
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def _names(problem: Problem) -> dict[str, dict[str, str]]:
    def of(entries: Any) -> dict[str, str]:
        return {e.id: label(e.id, e.name) for e in entries}

    areas, officers = of(problem.areas), of(problem.officers)
    return {
        "area": areas,
        "worst_gap_area": areas,
        "officer": officers,
        "pair_first": officers,
        "pair_second": officers,
        "agency": of(problem.agencies),
        "phase": of(problem.phases),
        "post": of(problem.posts),
        "shift": of(problem.shifts),
        "violation_kind": of(problem.violation_kinds),
    }


def _word(column: str, value: Any, names: dict[str, dict[str, str]], lang: str) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return text(f"statistics.values.{'yes' if value else 'no'}", lang)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value == TOTAL and column in _TOTALS:
        return text("statistics.values.total", lang)
    if column in _CHOICES:
        return text(f"statistics.values.{column}.{value}", lang)
    if column in _ELSEWHERE:
        return text(f"{_ELSEWHERE[column]}.{value}", lang)
    return names.get(column, {}).get(value, value)
