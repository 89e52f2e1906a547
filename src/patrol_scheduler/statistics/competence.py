"""Who may act against which offence, and how long the certificates last."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_cell,
    period_column,
    period_of,
    periods,
    ratio,
)
from patrol_scheduler.statistics.splits import patrols_of_periods
from patrol_scheduler.statistics.strength import TWO_OFFICERS

HORIZON_DAYS = 60
"""How far ahead expiring certificates are looked for, in days."""

_DAY = dt.timedelta(days=1)


def kind_competence(
    problem: Problem, roster: Roster, by: By | None = None, *, certified: int = TWO_OFFICERS
) -> pd.DataFrame:
    """For each kind of offence, how many of the patrols that look for it may act against it.

    One row per kind and one for all (kind ``""``). ``weight``: the kind's; ``patrols``: those of
    areas with the kind among their targets; ``competent_patrols``: those with an officer of a
    competent agency; ``certified_patrols``: those with at least ``certified`` officers of one
    competent agency whose certificates are valid on the date.
    The rates divide by ``patrols``, 0 to 1. Where the plan names no competent agency, all are.
    ``covering_patrols``: competent ones in a shift in which the kind is frequent (without any such
    shift: in every shift); ``kind_coverage`` = covering / patrols. ``supported_patrols``: competent
    ones with all agencies that assist; ``support_rate`` = supported / patrols. Over all kinds a
    patrol counts once for each that it looks for, in the rates times the kind's weight w:
    sum w x part / sum w x patrols. With ``by`` per rostered phase or month.
    """
    rows: list[Row] = []
    for period, made in patrols_of_periods(problem, roster, by):
        rows += [period | dict(row) for row in _kinds(problem, made, certified)]
    return frame(
        rows,
        period_column(by)
        | {
            "violation_kind": "text",
            "weight": "count",
            "patrols": "count",
            "competent_patrols": "count",
            "competence_rate": "number",
            "certified_patrols": "count",
            "certificate_rate": "number",
            "covering_patrols": "count",
            "kind_coverage": "number",
            "supported_patrols": "count",
            "support_rate": "number",
        },
    )


_RATES = {
    "competence_rate": "competent_patrols",
    "certificate_rate": "certified_patrols",
    "kind_coverage": "covering_patrols",
    "support_rate": "supported_patrols",
}
"""Each rate by the count that it divides by all patrols."""


def _kinds(problem: Problem, made: Sequence[Patrol], certified: int) -> list[Row]:
    counted: list[dict[str, int]] = []
    everybody = tuple(agency.id for agency in problem.agencies)
    for kind in problem.violation_kinds:
        organs_in = {
            area.id: kind.competent_in(area.kind) or everybody
            for area in problem.areas
            if kind.id in area.targets
        }
        frequent = kind.shifts or tuple(shift.id for shift in problem.shifts)
        patrols = competent = valid = covering = supported = 0
        for patrol in made:
            organs = organs_in.get(patrol.area)
            if organs is None:
                continue
            officers = _officers(problem, {member.officer for member in patrol.members})
            patrols += 1
            fit = any(officer.agency in organs for officer in officers)
            competent += fit
            covering += fit and patrol.shift in frequent
            holders = [o.agency for o in officers if o.certified_on(patrol.date)]
            supported += fit and set(kind.support) <= {officer.agency for officer in officers}
            valid += any(holders.count(organ) >= certified for organ in organs)
        counted.append(
            {
                "weight": kind.weight,
                "patrols": patrols,
                "competent_patrols": competent,
                "certified_patrols": valid,
                "covering_patrols": covering,
                "supported_patrols": supported,
            }
        )
    if not counted:
        return []
    names = [kind.id for kind in problem.violation_kinds]
    rows: list[Row] = [
        {"violation_kind": name, **counts, **_rates([counts])}
        for name, counts in zip(names, counted, strict=True)
    ]
    sums = {column: sum(counts[column] for counts in counted) for column in counted[0]}
    return [*rows, {"violation_kind": TOTAL, **sums, **_rates(counted)}]


def _rates(counted: Sequence[Mapping[str, int]]) -> Row:
    """The rates over some kinds, each kind times its weight."""

    def weighed(column: str) -> int:
        return sum(counts["weight"] * counts[column] for counts in counted)

    return {rate: ratio(weighed(part), weighed("patrols")) for rate, part in _RATES.items()}


def certificate_horizon(
    problem: Problem, roster: Roster, *, days: int = HORIZON_DAYS
) -> pd.DataFrame:
    """The patrols that become unlawful when certificates about to expire lapse too early.

    A certificate is about to expire for a patrol when it is valid on the patrol's date but not
    beyond the ``days`` days after it, and none follows on. One row per patrol and agency whose need
    for certificates is met, but not without those: the number ``needed``, ``certified`` on the
    date, ``lasting`` of them longer, and ``lapses``: the first date on which one of the others is
    valid for the last time. Without rows no patrol is at risk. Negative ``days``: ``ValueError``.
    """
    if days < 0:
        raise ValueError(f"days: {days} is negative")
    rows: list[Row] = []
    ahead = dt.timedelta(days=days)
    for patrol in roster.patrols:
        team = problem.team(patrol.area, patrol.date, patrol.shift)
        officers = _officers(problem, {member.officer for member in patrol.members})
        for agency, needed in team.certified.items() if team else ():
            ends = [
                _valid_until(officer, patrol.date)
                for officer in officers
                if officer.agency == agency and officer.certified_on(patrol.date)
            ]
            lapsing = [end for end in ends if end is not None and end - patrol.date <= ahead]
            lasting = len(ends) - len(lapsing)
            if len(ends) >= needed > lasting:
                rows.append(
                    {
                        "date": patrol.date,
                        "area": patrol.area,
                        "shift": patrol.shift,
                        "patrol": patrol.id,
                        "agency": agency,
                        "needed": needed,
                        "certified": len(ends),
                        "lasting": lasting,
                        "lapses": min(lapsing),
                    }
                )
    return frame(
        rows,
        {
            "date": "date",
            "area": "text",
            "shift": "text",
            "patrol": "text",
            "agency": "text",
            "needed": "count",
            "certified": "count",
            "lasting": "count",
            "lapses": "date",
        },
    )


def auxiliary_exposure(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How long auxiliaries and assistants are out without a regular officer.

    One row per area and one for all (area ``""``); with ``by`` per rostered phase or month.
    ``auxiliary_hours``: their person-hours on patrol; ``alone_patrols``, ``alone_hours``: patrols
    of theirs without a regular officer, and their person-hours in these;
    ``enforcement_alone_hours``: of these in phases of mode ``enforcement``, 0 wanted;
    ``alone_share`` = alone / auxiliary hours. Without a status an officer counts as regular.
    """
    auxiliary = {officer.id for officer in problem.officers if officer.auxiliary}
    regular = {officer.id for officer in problem.officers if officer.regular}
    minutes: dict[tuple[str, str], Counter[str]] = {}
    for patrol in roster.patrols:
        period = period_of(problem, patrol.date, by)
        phase = problem.phase_on(patrol.date)
        officers = {member.officer for member in patrol.members}
        helpers = len(officers & auxiliary)
        if period is None or not helpers:
            continue
        length = problem.shift_by_id[patrol.shift].minutes * helpers
        alone = not officers & regular
        enforcing = alone and phase is not None and phase.mode == "enforcement"
        for area in (patrol.area, TOTAL):
            minutes.setdefault((period, area), Counter()).update(
                all=length,
                alone=length if alone else 0,
                enforcing=length if enforcing else 0,
                patrols=int(alone),
            )
    rows: list[Row] = []
    for period in periods(problem, by):
        for area in (*(a.id for a in problem.areas), TOTAL):
            n = minutes.get((period, area), Counter())
            rows.append(
                period_cell(by, period)
                | {
                    "area": area,
                    "auxiliary_hours": n["all"] / 60,
                    "alone_patrols": n["patrols"],
                    "alone_hours": n["alone"] / 60,
                    "enforcement_alone_hours": n["enforcing"] / 60,
                    "alone_share": ratio(n["alone"], n["all"]),
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "area": "text",
            "auxiliary_hours": "number",
            "alone_patrols": "count",
            "alone_hours": "number",
            "enforcement_alone_hours": "number",
            "alone_share": "number",
        },
    )


def _officers(problem: Problem, ids: set[str]) -> list[Officer]:
    return [problem.officer_by_id[officer] for officer in sorted(ids)]


def _valid_until(officer: Officer, date: dt.date) -> dt.date | None:
    """The last date of unbroken validity from ``date`` on; none if unlimited."""
    until = date
    for certificate in sorted(officer.certificates, key=lambda c: c.valid_from or dt.date.min):
        if certificate.valid_from is not None and certificate.valid_from > until + _DAY:
            break
        if certificate.valid_to is None:
            return None
        until = max(until, certificate.valid_to)
    return until
