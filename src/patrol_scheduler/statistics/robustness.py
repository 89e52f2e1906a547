"""What happens when somebody falls out, and whether there are people enough."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median

import pandas as pd

from patrol_scheduler.days import DayType, NoDayTableError
from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules import DaysBetweenDuties, Level, TeamRule, rules_of
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_column,
    period_of,
    ratio,
)
from patrol_scheduler.statistics.splits import patrols_of_periods
from patrol_scheduler.statistics.working_time import DAILY_HOURS


@dataclass(frozen=True)
class _Bench:
    """Who could step in: available, without a duty that day, and far enough from their own."""

    problem: Problem
    roster: Roster

    @cached_property
    def days(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {officer.id: set() for officer in self.problem.officers}
        for duty in self.roster.duties:
            found[duty.officer].add(self.problem.day(duty.date))
        for past in self.problem.history:
            found[past.officer].add(self.problem.day(past.date))
        return found

    @cached_property
    def apart(self) -> dict[str, int]:
        """The days that must lie between two duty dates of each officer."""
        found = dict.fromkeys(self.problem.officer_by_id, 1)
        for rule in rules_of(self.problem):
            if isinstance(rule, DaysBetweenDuties):
                for officer in rule.who(self.problem):
                    found[officer.id] = max(found[officer.id], rule.days)
        return found

    def free(self, date: dt.date) -> list[Officer]:
        day = self.problem.day(date)
        return [
            officer
            for officer in self.problem.officers
            if officer.available_on(date)
            and self.days[officer.id].isdisjoint(
                range(day - self.apart[officer.id] + 1, day + self.apart[officer.id])
            )
        ]

    @cached_property
    def free_on(self) -> dict[dt.date, list[Officer]]:
        return {date: self.free(date) for date in {p.date for p in self.roster.patrols}}

    @cached_property
    def _team_rules(self) -> list[TeamRule]:
        return [
            rule
            for rule in rules_of(self.problem)
            if isinstance(rule, TeamRule) and rule.asked_on <= Level.SHORTAGE
        ]

    @cached_property
    def _groups(self) -> dict[int, tuple[Sequence[Officer], frozenset[str]]]:
        return {}

    def _group(self, officers: Sequence[Officer]) -> frozenset[str]:
        """The ids of officers who count for a need; a plan names few such groups, over and over."""
        known = self._groups.get(id(officers))
        if known is None:
            # The officers are kept beside their ids, lest others come to stand in their place.
            known = officers, frozenset(officer.id for officer in officers)
            self._groups[id(officers)] = known
        return known[1]

    def _needs(self, patrol: Patrol) -> list[tuple[frozenset[str], int]]:
        """What the team of a patrol asks: (whoever counts, how many at least)."""
        team = self.problem.team(patrol.area, patrol.date, patrol.shift)
        if team is None:
            return []
        area = self.problem.area_by_id[patrol.area]
        return [
            (self._group(need.officers), need.at_least)
            for rule in self._team_rules
            for need in rule.needs(self.problem, team, patrol.date, area, patrol.shift)
            if need.at_least and not need.against
        ]

    @cached_property
    def _mending(self) -> dict[tuple[object, ...], bool]:
        return {}

    def missed(self, patrol: Patrol) -> set[str]:
        """Whose absence alone leaves the team without something that it met.

        Nobody else free that day mends it in their place. One officer in the place of another
        mends a need exactly when counting for it.
        """
        members = {member.officer for member in patrol.members}
        # Only where just enough count for a need can the loss of one of them hurt it.
        tight = [group for group, least in self._needs(patrol) if len(members & group) == least]
        found = set()
        for out in members:
            lost = tuple(group for group in tight if out in group)
            if lost and not self._mended(patrol.date, lost):
                found.add(out)
        return found

    def _mended(self, date: dt.date, lost: tuple[frozenset[str], ...]) -> bool:
        """Whether some officer who is free on a date counts for all of these needs."""
        key = (date, *map(id, lost))
        if key not in self._mending:
            self._mending[key] = any(
                all(officer.id in group for group in lost) for officer in self.free_on[date]
            )
        return self._mending[key]


def spare_depth(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many could step in for a seat, and what a single absence would do.

    One row per agency and one for all (agency ``""``). Free is who is available on the date, has
    no duty that day and keeps the days between duties (rule ``days-between-duties``).

    - ``seats``: duties on patrol; ``least_spare``, ``median_spare``: free officers of the same
      agency for each.
    - ``absences`` = seats: each officer missing once; ``survived``: absences after which the team
      still meets all it met, alone or with one free officer in the place; ``survival`` = survived /
      absences (n - 1 survival).
    - ``single_points``: officers of whom at least one absence cannot be mended.

    With ``by`` per rostered phase or month.
    """
    bench = _Bench(problem, roster)
    rows: list[Row] = []
    for period, patrols in patrols_of_periods(problem, roster, by):
        rows += [period | dict(row) for row in _depth(problem, bench, patrols)]
    return frame(
        rows,
        period_column(by)
        | {
            "agency": "text",
            "seats": "count",
            "least_spare": "count",
            "median_spare": "number",
            "survived": "count",
            "survival": "number",
            "single_points": "count",
        },
    )


def _depth(problem: Problem, bench: _Bench, patrols: Sequence[Patrol]) -> list[Row]:
    agency_of = {officer.id: officer.agency for officer in problem.officers}
    spare: dict[str, list[int]] = {agency.id: [] for agency in problem.agencies}
    survived: Counter[str] = Counter()
    fatal: dict[str, set[str]] = {agency.id: set() for agency in problem.agencies}
    spare_on = {
        date: Counter(officer.agency for officer in bench.free_on[date])
        for date in {patrol.date for patrol in patrols}
    }
    for patrol in patrols:
        free = spare_on[patrol.date]
        missed = bench.missed(patrol)
        for out in {member.officer for member in patrol.members}:
            agency = agency_of[out]
            spare[agency].append(free[agency])
            if out in missed:
                fatal[agency].add(out)
            else:
                survived[agency] += 1
    rows: list[Row] = []
    for agency in (*spare, TOTAL):
        here = [agency] if agency != TOTAL else list(spare)
        depths = [n for name in here for n in spare[name]]
        kept = sum(survived[name] for name in here)
        rows.append(
            {
                "agency": agency,
                "seats": len(depths),
                "least_spare": min(depths, default=None),
                "median_spare": float(median(depths)) if depths else None,
                "survived": kept,
                "survival": ratio(kept, len(depths)),
                "single_points": sum(len(fatal[name]) for name in here),
            }
        )
    return rows


def staffing(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many people the work needs, by the shift relief factor.

    One row per agency; with ``by`` per rostered phase or month. ``required_hours``: person-hours
    that the teams of the patrols ask of the agency; ``officer_hours``: hours that one officer is
    really available in the rostered days, on average: working days without leave, 8 hours each;
    ``relief_factor`` = hours of a seat manned 8 hours every rostered day / officer_hours;
    ``needed_officers`` = required / officer_hours, rounded up, if patrols were their only work;
    ``officers`` of the agency; ``shortage`` = needed - officers, at least 0; ``unfilled_seats``:
    seats that the teams ask of it and that the roster leaves empty.
    """
    dates: dict[str, list[dt.date]] = {}
    for date in filter(problem.phase_on, problem.dates):
        dates.setdefault(period_of(problem, date, by) or TOTAL, []).append(date)
    rows: list[Row] = []
    for period, patrols in patrols_of_periods(problem, roster, by):
        days = dates.get(str(period[by]) if by else TOTAL, [])
        rows += [period | dict(row) for row in _staff(problem, days, patrols)]
    return frame(
        rows,
        period_column(by)
        | {
            "agency": "text",
            "required_hours": "number",
            "officer_hours": "number",
            "relief_factor": "number",
            "needed_officers": "count",
            "officers": "count",
            "shortage": "count",
            "unfilled_seats": "count",
        },
    )


def _staff(problem: Problem, dates: Sequence[dt.date], patrols: Sequence[Patrol]) -> list[Row]:
    """What the patrols of some rostered dates ask of each agency."""
    working = [date for date in dates if not _day_off(problem, date)]
    minutes: Counter[str] = Counter()
    unfilled: Counter[str] = Counter()
    agency_of = {officer.id: officer.agency for officer in problem.officers}
    for patrol in patrols:
        team = problem.team(patrol.area, patrol.date, patrol.shift)
        present = Counter(agency_of[o] for o in {member.officer for member in patrol.members})
        for agency, needed in team.members.items() if team else ():
            minutes[agency] += needed * problem.shift_by_id[patrol.shift].minutes
            unfilled[agency] += max(0, needed - present[agency])
    rows: list[Row] = []
    for agency, officers in problem.officers_of.items():
        hours = [
            DAILY_HOURS * sum(1 for date in working if officer.available_on(date))
            for officer in officers
        ]
        each = float(mean(hours)) if hours else 0.0
        required = minutes[agency] / 60
        people = math.ceil(required / each - 1e-9) if each else None
        rows.append(
            {
                "agency": agency,
                "required_hours": required,
                "officer_hours": each or None,
                "relief_factor": ratio(len(dates) * DAILY_HOURS, each),
                "needed_officers": people,
                "officers": len(officers),
                "shortage": None if people is None else max(0, people - len(officers)),
                "unfilled_seats": unfilled[agency],
            }
        )
    return rows


def _day_off(problem: Problem, date: dt.date) -> bool:
    try:
        kind = problem.day_table.day_type(date)
    except NoDayTableError:
        return date.isoweekday() > 5
    return kind in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)
