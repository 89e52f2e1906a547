"""All tables of the statistics, and how they read for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

import pandas as pd

from patrol_scheduler.checking import Check, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import rules_of
from patrol_scheduler.statistics.breakdown import breakdown
from patrol_scheduler.statistics.burden import area_burden
from patrol_scheduler.statistics.cadence import area_cadence
from patrol_scheduler.statistics.compensation import compensatory_rest
from patrol_scheduler.statistics.competence import (
    auxiliary_exposure,
    certificate_horizon,
    kind_competence,
)
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
    fair_shares,
    officer_costs,
    officer_duties,
    officer_spacing,
    worst_off,
)
from patrol_scheduler.statistics.frames import TOTAL, By
from patrol_scheduler.statistics.gaps import intervals
from patrol_scheduler.statistics.occasions import leader_on_duty, leader_turns, market_coverage
from patrol_scheduler.statistics.partners import partner_diversity
from patrol_scheduler.statistics.predictability import predictability
from patrol_scheduler.statistics.readings import cadence_density, cadence_readings
from patrol_scheduler.statistics.robustness import spare_depth, staffing
from patrol_scheduler.statistics.strength import patrol_strength, post_strength, shift_strength
from patrol_scheduler.statistics.working_time import labour_breaches, officer_hours
from patrol_scheduler.texts import catalogue, text
from patrol_scheduler.texts.labels import label

Table = Callable[[Problem, Roster, Check], pd.DataFrame]


def _split(name: str, table: Callable[..., pd.DataFrame]) -> dict[str, Table]:
    """A table of the whole roster, by phase and by month."""
    return {
        name: lambda problem, roster, _found: table(problem, roster),
        f"{name}_by_phase": lambda problem, roster, _found: table(problem, roster, "phase"),
        f"{name}_by_month": lambda problem, roster, _found: table(problem, roster, "month"),
    }


def _checked(name: str, table: Callable[..., pd.DataFrame]) -> dict[str, Table]:
    """The same of a table that reads the roster's check."""
    return {
        name: lambda problem, roster, found: table(problem, roster, found=found),
        f"{name}_by_phase": lambda problem, roster, found: table(
            problem, roster, "phase", found=found
        ),
        f"{name}_by_month": lambda problem, roster, found: table(
            problem, roster, "month", found=found
        ),
    }


def _whole(table: Callable[[Problem, Roster], pd.DataFrame]) -> Table:
    return lambda problem, roster, _found: table(problem, roster)


TABLES: Mapping[str, Table] = {
    "cadence_readings": lambda problem, _roster, _found: cadence_readings(problem),
    "cadence_density": lambda problem, _roster, _found: cadence_density(problem),
    **_split("area_cadence", area_cadence),
    "intervals": _whole(intervals),
    **_checked("patrol_strength", patrol_strength),
    "shift_strength": lambda problem, roster, found: shift_strength(problem, roster, found=found),
    "post_strength": _whole(post_strength),
    **_split("kind_competence", kind_competence),
    **_split("auxiliary_exposure", auxiliary_exposure),
    "certificate_horizon": _whole(certificate_horizon),
    **_split("area_share", area_share),
    "backup_coverage": _whole(backup_coverage),
    "backup_coverage_by_phase": lambda problem, roster, _found: backup_coverage(
        problem, roster, "phase"
    ),
    **_split("area_burden", area_burden),
    "weekday_shift_coverage": _whole(weekday_shift_coverage),
    **_split("shift_coverage", shift_coverage),
    **_split("day_type_coverage", day_type_coverage),
    **_split("market_coverage", market_coverage),
    "leader_on_duty": _whole(leader_on_duty),
    "leader_turns": _whole(leader_turns),
    **_split("agency_participation", agency_participation),
    "breakdown": _whole(breakdown),
    **_split("officer_duties", officer_duties),
    **_split("fair_shares", fair_shares),
    **_split("duty_fairness", duty_fairness),
    **_split("officer_spacing", officer_spacing),
    **_split("partner_diversity", partner_diversity),
    **_checked("officer_costs", officer_costs),
    **_checked("worst_off", worst_off),
    **_split("predictability", predictability),
    **_split("officer_hours", officer_hours),
    **_split("labour_breaches", labour_breaches),
    **_split("compensatory_rest", compensatory_rest),
    **_split("spare_depth", spare_depth),
    **_split("staffing", staffing),
}
"""Every table by its name, in the order in which it is shown; each from the plan, its roster and
the roster's check; :func:`heading` and :func:`sentences` say what it is."""


def split_of(table: str) -> tuple[str, By | None]:
    """The table that a table splits, and by what; a table that splits none is that itself."""
    for by in get_args(By):
        if table.endswith(f"_by_{by}"):
            return table.removesuffix(f"_by_{by}"), by
    return table, None


def heading(table: str, lang: str) -> str:
    """What a table is called."""
    name, by = split_of(table)
    called = text(f"statistics.tables.{name}.heading", lang)
    return text(f"statistics.split.{by}", lang, heading=called) if by else called


def sentences(table: str, lang: str) -> list[str]:
    """What a table says and, where it is split, what is special then."""
    name, by = split_of(table)
    special = catalogue(lang).get(f"statistics.tables.{name}.split") if by else None
    return [text(f"statistics.tables.{name}.sentence", lang), *([special] if special else [])]


def tables(problem: Problem, roster: Roster, found: Check | None = None) -> dict[str, pd.DataFrame]:
    """Every table of the statistics by its name; ``found`` is the roster's check, if at hand."""
    known = found or check(problem, roster)
    return {name: table(problem, roster, known) for name, table in TABLES.items()}


_SHARES = frozenset(
    {"compliance", "coverage", "diversity", "kind_coverage", "participation", "share", "survival"}
)


def is_share(column: str) -> bool:
    """Whether a column holds shares of a whole, 0 to 1, which people read as percentages."""
    return column in _SHARES or column.endswith(("_rate", "_share"))


_TOTALS = frozenset(
    {"area", "post", "shift", "agency", "officer", "day_type", "market", "violation_kind"}
)
_CHOICES = frozenset({"over", "measure", "open", "counted", "article", "change"})
_ELSEWHERE = {"day_type": "outputs.day-type", "weekday": "outputs.weekday"}
"""Columns whose values have their words among those of the other outputs."""


def readable(table: pd.DataFrame, problem: Problem, lang: str) -> pd.DataFrame:
    """A table with headings, names and words instead of column names, ids and codes.

    Numbers stay numbers; dates become text, missing values empty text, totals a word. Names are
    on one line; escaping for HTML or a spreadsheet is left to the writer.
    """
    names = _names(problem, lang, table.columns)
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
    names = _names(problem, lang, rows[0] if rows else ())
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


def _labels(entries: Iterable[Any]) -> dict[str, str]:
    return {entry.id: label(entry.id, entry.name) for entry in entries}


_NAMED: Mapping[str, Callable[[Problem, str], dict[str, str]]] = {
    "area": lambda problem, _: _labels(problem.areas),
    "worst_gap_area": lambda problem, _: _labels(problem.areas),
    "officer": lambda problem, _: _labels(problem.officers),
    "pair_first": lambda problem, _: _labels(problem.officers),
    "pair_second": lambda problem, _: _labels(problem.officers),
    "agency": lambda problem, _: _labels(problem.agencies),
    "phase": lambda problem, _: _labels(problem.phases),
    "market": lambda problem, _: _labels(problem.markets),
    "post": lambda problem, _: _labels(problem.posts),
    "rule": lambda problem, lang: {r.rule: r.title(lang) for r in rules_of(problem)},
    "shift": lambda problem, _: _labels(problem.shifts),
    "violation_kind": lambda problem, _: _labels(problem.violation_kinds),
}
"""The columns of ids, and what each id of a plan is called."""


def _names(problem: Problem, lang: str, columns: Iterable[str]) -> dict[str, dict[str, str]]:
    return {name: _NAMED[name](problem, lang) for name in columns if name in _NAMED}


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
