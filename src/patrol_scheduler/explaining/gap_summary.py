"""The gaps of a roster in sum: what is short of which kind, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from patrol_scheduler.checking import Finding
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import catalogue, text
from patrol_scheduler.texts.labels import label, plain


def gap_summary(problem: Problem, gaps: Sequence[Finding], lang: str) -> list[str]:
    """One sentence a kind of gap: seats of an agency, of leaders, of drivers; areas overdue.

    Seats are told by how many officers are missing, areas overdue by how many areas and how many
    gaps, all else by how many gaps. Each number is of one month; what has no date is of the plan.
    """
    kinds: dict[tuple[str, ...], dict[tuple[int, int] | None, list[Finding]]] = {}
    for gap in gaps:
        violation = gap.violation
        date = violation.date
        months = kinds.setdefault((_kind(problem, gap, lang), violation.rule, violation.what), {})
        months.setdefault((date.year, date.month) if date else None, []).append(gap)
    comma = text("letter.gap.comma", lang)
    return [
        text(
            "letter.gap.line",
            lang,
            kind=kind,
            months=comma.join(
                _of_a_month(month, found, lang)
                for month, found in sorted(months.items(), key=lambda m: m[0] or (dt.MAXYEAR, 13))
            ),
        )
        for (kind, *_), months in kinds.items()
    ]


def _kind(problem: Problem, gap: Finding, lang: str) -> str:
    """What people call the kind of a gap."""
    agency = str(dict(gap.violation.details).get("agency") or "")
    names = {known.id: known.name for known in problem.agencies}
    key = f"letter.gap.kind.{gap.violation.rule}-{gap.violation.what}"
    if key not in catalogue(lang):
        return gap.rule.title(lang)
    return text(key, lang, agency=label(agency, names.get(agency, "")))


def _of_a_month(month: tuple[int, int] | None, gaps: Sequence[Finding], lang: str) -> str:
    first = gaps[0].violation
    told = "places"
    if first.what == "overdue" and first.area:
        told = "overdue"
    elif {"needed", "present"} <= dict(first.details).keys():
        told = "seats"
    return text(
        f"letter.gap.{told}",
        lang,
        month=_month(month, lang),
        seats=plain(sum((gap.violation.amount for gap in gaps), Fraction(0))),
        areas=len({gap.violation.area for gap in gaps}),
        n=len(gaps),
    )


def _month(month: tuple[int, int] | None, lang: str) -> str:
    if month is None:
        return text("explain.whole-plan", lang)
    name = text(f"outputs.month.{month[1]}", lang)
    return text("outputs.date.month", lang, year=month[0], month=name)
