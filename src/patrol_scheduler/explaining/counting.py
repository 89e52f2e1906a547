"""Counting before any solving: what some days need of a group, and what is there at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.problem import Officer, Problem, Team
from patrol_scheduler.rules import (
    CadenceRule,
    Certificates,
    Composition,
    DaysBetweenDuties,
    Driver,
    DutiesAtMost,
    Leader,
    OneDutyADay,
    OnLeave,
    RestDays,
    Rule,
    rules_of,
)
from patrol_scheduler.rules.base import OfficerRule, label
from patrol_scheduler.texts import text

Group = Literal["members", "certified", "leaders", "drivers", "officers"]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A stretch of days that needs more duties of a group than the group can do.

    ``needed`` is the least that the cadences allow, ``there`` the most that leave, rest and the
    limits on duties allow; dates are inclusive. ``agency`` is empty for leaders and drivers, who
    may be of any.
    """

    group: Group
    agency: str
    start: dt.date
    end: dt.date
    needed: int
    there: int

    def say(self, problem: Problem, lang: str) -> str:
        """The shortfall as a sentence."""
        names = {agency.id: agency.name for agency in problem.agencies}
        return text(
            f"explain.counting.{self.group}",
            lang,
            agency=label(self.agency, names.get(self.agency, "")),
            start=self.start,
            end=self.end,
            week=self.start.isocalendar().week,
            needed=self.needed,
            there=self.there,
        )


def shortfalls(problem: Problem, *, most: int = 20) -> tuple[Shortfall, ...]:
    """Stretches of days that cannot be staffed, found by counting alone, the worst ones first.

    Every one of them proves that there is no complete roster. A stretch inside another of the same
    group is told alone, being the smaller reason.
    """
    counting = _Counting(problem)
    if not counting.asked:
        return ()
    found: list[Shortfall] = []
    for group, agency in counting.groups():
        told: list[tuple[int, int]] = []
        for first, last in counting.windows():
            if any(first <= start and end <= last for start, end in told):
                continue
            needed, there = counting.weigh(group, agency, first, last)
            if needed > there:
                told.append((first, last))
                start, end = problem.date(first), problem.date(last)
                found.append(Shortfall(group, agency, start, end, needed, there))
    found.sort(key=lambda s: (s.there - s.needed, s.start, s.group, s.agency))
    return tuple(found[:most])


class _Counting:
    """What is needed and what is there, day by day."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rules = rules_of(problem)
        self._days = len(problem.dates)
        # Without these rules nothing has to be patrolled, or one officer counts many times.
        self.asked = bool(
            self._has(CadenceRule)
            and any(
                not rule.officers and not rule.agencies
                for rule in self._rules
                if isinstance(rule, OneDutyADay)
            )
        )
        self._free = {officer.id: self._free_days(officer) for officer in problem.officers}
        self._spacing, self._resting, self._capped = self._limits_of_officers()
        self._certified = {
            officer.id: np.array([officer.certified_on(d) for d in problem.dates], dtype=np.int64)
            for officer in problem.officers
        }
        # Whether everybody who is there for a day may have a duty at all.
        self._each_counts = all(
            free < days for entries in self._resting.values() for free, days in entries
        ) and all(rule.duties > 0 for rules in self._capped.values() for rule in rules)

    def _has(self, kind: type[Rule]) -> bool:
        return any(isinstance(rule, kind) for rule in self._rules)

    def groups(self) -> Iterator[tuple[Group, str]]:
        """The groups that some team needs."""
        agencies = [agency.id for agency in self._problem.agencies]
        if self._has(Composition):
            yield from (("members", agency) for agency in agencies)
            yield "officers", ""
        if self._has(Certificates):
            yield from (("certified", agency) for agency in agencies)
        if self._has(Leader):
            yield "leaders", ""
        if self._has(Driver):
            yield "drivers", ""

    def windows(self) -> list[tuple[int, int]]:
        """The stretches that are weighed, short ones first: the longest gaps, weeks and months."""
        problem, last = self._problem, self._days - 1
        found: set[tuple[int, int]] = set()
        for cadence in problem.cadences:
            gap = cadence.max_gap
            found |= {(d, d + gap - 1) for d in range(self._days - gap + 1)}
        found |= {(d, d + 6) for d in range(self._days - 6) if problem.date(d).weekday() == 0}
        for day in range(self._days):
            if problem.date(day).day == 1 or day == 0:
                month = problem.date(day).month
                end = day
                while end < last and problem.date(end + 1).month == month:
                    end += 1
                found.add((day, end))
        found.add((0, last))
        return sorted(found, key=lambda w: (w[1] - w[0], w[0]))

    def weigh(self, group: Group, agency: str, first: int, last: int) -> tuple[int, int]:
        """(duties needed at the least, duties possible at the most) of a group in a stretch."""
        needed = sum(
            self._patrols(area.id, first, last) * self._least(group, agency, area.id, first, last)
            for area in self._problem.areas
        )
        if not needed:
            return 0, 0
        usable = [
            (officer.id, days)
            for officer in self._problem.officers
            if (days := self._usable(group, agency, officer, first, last)) is not None
        ]
        if self._each_counts and sum(1 for _, days in usable if days.any()) >= needed:
            return 0, 0  # one duty of each is enough
        return needed, sum(self._most(officer, days, first, last) for officer, days in usable)

    def _patrols(self, area: str, first: int, last: int) -> int:
        """How many patrols an area has in a stretch at the least: one in each longest gap."""
        problem, found, day = self._problem, 0, first
        while day <= last:
            phase = problem.phase_on(problem.date(day))
            cadence = problem.cadence(phase.id, area) if phase else None
            if phase is None or cadence is None or (phase.areas and area not in phase.areas):
                day += 1
                continue
            end = min(last, problem.day(phase.end))
            found += (end - day + 1) // cadence.max_gap
            day = end + 1
        return found

    def _least(self, group: Group, agency: str, area: str, first: int, last: int) -> int:
        """What any patrol of an area in a stretch needs of a group at the least."""
        least: int | None = None
        for phase in self._problem.rostered_phases:
            day = max(first, self._problem.day(phase.start))
            if day > min(last, self._problem.day(phase.end)):
                continue
            date = self._problem.date(day)
            for shift in self._problem.shifts:
                if self._problem.patrols_allowed(area, date, shift.id):
                    team = self._problem.team(area, date, shift.id)
                    need = 0 if team is None else _needed(group, agency, team)
                    least = need if least is None else min(least, need)
        return least or 0

    def _usable(
        self, group: Group, agency: str, officer: Officer, first: int, last: int
    ) -> Counts | None:
        """The days of a stretch on which an officer counts for a group, as zeros and ones."""
        if agency and officer.agency != agency:
            return None
        if (group == "leaders" and not officer.leader) or (
            group == "drivers" and not officer.driver
        ):
            return None
        days = self._free[officer.id][first : last + 1]
        if group == "certified":
            days = days * self._certified[officer.id][first : last + 1]
        return days

    def _free_days(self, officer: Officer) -> Counts:
        leave = any(
            isinstance(rule, OnLeave) and officer in rule.who(self._problem) for rule in self._rules
        )
        return np.array(
            [
                self._problem.phase_on(date) is not None
                and (not leave or officer.available_on(date))
                for date in self._problem.dates
            ],
            dtype=np.int64,
        )

    def _limits_of_officers(
        self,
    ) -> tuple[dict[str, int], dict[str, list[tuple[int, int]]], dict[str, list[DutiesAtMost]]]:
        """Per officer: days between duties, (free, days) of the rest rules, caps on duties."""
        problem = self._problem
        spacing = {officer.id: 1 for officer in problem.officers}
        resting: dict[str, list[tuple[int, int]]] = {officer.id: [] for officer in problem.officers}
        capped: dict[str, list[DutiesAtMost]] = {officer.id: [] for officer in problem.officers}
        for rule in self._rules:
            if not isinstance(rule, OfficerRule):
                continue
            for officer in rule.who(problem):
                if isinstance(rule, DaysBetweenDuties):
                    spacing[officer.id] = max(spacing[officer.id], rule.days)
                elif isinstance(rule, RestDays):
                    resting[officer.id].append((rule.free, rule.days))
                elif isinstance(rule, DutiesAtMost) and not rule.shifts:
                    capped[officer.id].append(rule)
        return spacing, resting, capped

    def _most(self, officer: str, days: Counts, first: int, last: int) -> int:
        """How many duties an officer can have in a stretch at the most."""
        length = last - first + 1
        most = 0
        spacing, free_from = self._spacing[officer], -(10**9)
        for place in np.nonzero(days)[0]:
            if place >= free_from:
                most += 1
                free_from = int(place) + spacing
        for free, window in self._resting[officer]:
            whole, part = divmod(length, window)
            most = min(most, whole * (window - free) + min(part, window - free))
        for rule in self._capped[officer]:
            periods = self._periods(rule, first, last)
            most = min(most, sum(min(rule.duties, int(n)) for n in periods(days)))
        return most

    def _periods(self, rule: DutiesAtMost, first: int, last: int) -> _Split:
        starts = [0]
        for day in range(first + 1, last + 1):
            date = self._problem.date(day)
            new_week = day % 7 == 0 if rule.week_starts == "first-day" else date.weekday() == 0
            if {"month": date.day == 1, "week": new_week, "plan": False}[rule.per]:
                starts.append(day - first)
        return _Split(tuple(starts))


@dataclass(frozen=True, slots=True)
class _Split:
    """Sums days period by period."""

    starts: tuple[int, ...]

    def __call__(self, days: Counts) -> Counts:
        return np.add.reduceat(days, self.starts)


def _needed(group: Group, agency: str, team: Team) -> int:
    match group:
        case "members":
            return team.members.get(agency, 0)
        case "certified":
            return team.certified.get(agency, 0)
        case "leaders":
            return team.leaders
        case "drivers":
            return team.drivers
        case "officers":
            return team.size
