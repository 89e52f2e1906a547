"""The five ways in which duties are looked at for fairness, and whose turn counts in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules import FairShare
from patrol_scheduler.statistics.frames import By, period_cell, period_of, periods

Over = Literal["all-days", "rest-days", "statutory-holidays", "nights", "leader-duties"]
"""Which duties are shared: on all days, on rest days, on statutory holidays, in night shifts, or as
leader of a patrol."""

OVER: tuple[Over, ...] = get_args(Over)

LEADING = ("leader", "leader-driver")
"""The roles in which an officer leads a patrol."""


@dataclass(frozen=True)
class Split:
    """The duties of one kind: who may have them, for how many days, and who has how many.

    ``officers`` are those whose turn can come; ``available`` their days of availability, of which
    the shares are made; ``turns`` the dates of their duties of this kind, in order, one for each
    duty; ``before`` what they bring from before the plan, which their shares count in.
    """

    over: Over
    dates: frozenset[dt.date]
    shifts: frozenset[str]
    available: dict[str, int]
    turns: dict[str, tuple[dt.date, ...]]
    before: dict[str, Fraction]

    def targets(self, officers: list[Officer]) -> dict[str, Fraction]:
        """What each would have if these officers shared their duties by availability.

        t_s = a_s / sum a x sum (b + x) - b_s, where a_s is days times the part of full time and b
        what was before; 0 - b_s where nobody is available.
        """
        weight = {o.id: self.available[o.id] * o.full_time_percent for o in officers}
        days = sum(weight.values())
        duties = sum(len(self.turns[officer.id]) for officer in officers) + sum(
            filter(None, (self.before[officer.id] for officer in officers)), Fraction(0)
        )
        share, parts = duties.numerator, days * duties.denominator
        return {
            officer.id: (Fraction(weight[officer.id] * share, parts) if days else Fraction(0))
            - self.before[officer.id]
            for officer in officers
        }

    def has(self, patrol: Patrol) -> bool:
        """Whether a patrol is of this kind by its date and shift."""
        return patrol.date in self.dates and patrol.shift in self.shifts


def splits(
    problem: Problem, roster: Roster, period: tuple[dt.date, dt.date] | None = None
) -> list[Split]:
    """The duties of the roster, split in the five ways, in the order of ``OVER``.

    With ``period`` only those from its first to its last date.
    """
    return [
        _split(
            problem,
            roster,
            over,
            FairShare(over="all-days" if over == "leader-duties" else over),
            period,
        )
        for over in OVER
    ]


def periodic(
    problem: Problem, roster: Roster, by: By | None
) -> Iterator[tuple[dict[str, object], Split]]:
    """The five ways of looking at each period, with the cell that names the period."""
    for period, dates in periods(problem, by).items():
        for split in splits(problem, roster, dates if by else None):
            yield period_cell(by, period), split


def patrols_of_periods(
    problem: Problem, roster: Roster, by: By | None
) -> Iterator[tuple[dict[str, object], list[Patrol]]]:
    """The patrols of each period, with the cell that names the period."""
    for period in periods(problem, by):
        patrols = [p for p in roster.patrols if period_of(problem, p.date, by) == period]
        yield period_cell(by, period), patrols


def _split(
    problem: Problem,
    roster: Roster,
    over: Over,
    rule: FairShare,
    period: tuple[dt.date, dt.date] | None,
) -> Split:
    first, last = period or (dt.date.min, dt.date.max)
    dates = [date for date in rule.dates(problem) if first <= date <= last]
    within = frozenset(dates)
    counts_before = period is None and over != "leader-duties"
    before = rule.before(problem) if counts_before else {}
    shared = [*dates, *(rule.dates_before(problem) if counts_before else ())]
    shifts = frozenset(s.id for s in problem.shifts if over != "nights" or s.at_night)
    found: dict[str, set[tuple[dt.date, str, str | None]]] = {}
    for duty in roster.duties:
        if (
            duty.date in within
            and duty.shift in shifts
            and (over != "leader-duties" or duty.role in LEADING)
        ):
            found.setdefault(duty.officer, set()).add((duty.date, duty.shift, duty.post))
    return Split(
        over,
        within,
        shifts,
        {
            officer.id: sum(map(officer.available_on, shared))
            if rule.takes_part(officer) and (over != "leader-duties" or officer.leader)
            else 0
            for officer in problem.officers
        },
        {o.id: tuple(sorted(date for date, _, _ in found.get(o.id, ()))) for o in problem.officers},
        {o.id: before.get(o.id, Fraction(0)) for o in problem.officers},
    )
