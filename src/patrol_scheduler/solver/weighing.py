"""What stretches of days need of a group of officers, and the most that is there of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.problem import Agency, Officer, Problem, Team
from patrol_scheduler.rules import (
    CadenceRule,
    Certificates,
    Composition,
    DaysBetweenDuties,
    Driver,
    DutiesAtMost,
    Leader,
    Lending,
    OneDutyADay,
    OnLeave,
    RestDays,
    Rule,
    rules_of,
)

Group = Literal["members", "certified", "leaders", "drivers", "officers"]
Counts = npt.NDArray[np.int64]
NEVER = 10**6
"""A gap, or a need, of what there is not."""
LONGEST = 31
"""Stretches of up to so many days are weighed wherever they begin."""


class Weighing:
    """What stretches of days need of a group, and what is there of it."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rules = rules_of(problem)
        self._days = len(problem.dates)
        # Without areas or these rules nothing is to be patrolled, or one officer counts many times.
        self.asked = bool(
            problem.areas
            and self._has(CadenceRule)
            and any(
                not rule.officers and not rule.agencies
                for rule in self._rules
                if isinstance(rule, OneDutyADay)
            )
        )
        self._free = np.array([self._free_days(o) for o in problem.officers], dtype=np.int64)
        self._spacing, self._resting, self._capped = self._limits_of_officers()
        self._certified = np.array(
            [[o.certified_on(date) for date in problem.dates] for o in problem.officers],
            dtype=np.int64,
        )
        self._agency = np.array([o.agency for o in problem.officers])
        self._leads = np.array([o.leader for o in problem.officers])
        self._drives = np.array([o.driver for o in problem.officers])
        self._lending = self._has(Lending)
        self._least: dict[tuple[Group, str], Counts] = {}
        self._given: dict[tuple[Group, int], Counts] = {}

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
        """The stretches that are weighed, short ones first: gaps in a row, weeks and months."""
        problem, last = self._problem, self._days - 1
        found: set[tuple[int, int]] = set()
        for gap in {cadence.max_gap for cadence in problem.cadences}:
            for length in range(gap, LONGEST + 1, gap):
                found |= {(d, d + length - 1) for d in range(self._days - length + 1)}
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
        needed = int(self._asked(group, agency, first, last).sum())
        return (needed, self._there(group, agency, first, last)) if needed else (0, 0)

    def fewest_areas(self, group: Group, agency: str, first: int, last: int) -> tuple[str, ...]:
        """So few areas that they alone need more of a group than is there."""
        there = self._there(group, agency, first, last)
        asked = self._asked(group, agency, first, last).tolist()
        need = {area.id: asked[n] for n, area in enumerate(self._problem.areas)}
        chosen, needed = list[str](), 0
        for area in sorted(need, key=lambda a: -need[a]):
            if needed > there:
                break
            chosen.append(area)
            needed += need[area]
        return tuple(chosen)

    def _asked(self, group: Group, agency: str, first: int, last: int) -> Counts:
        """What each area's patrols in a stretch need of a group at the least.

        One patrol in each longest gap, on the day that asks least.
        """
        patrols = np.zeros(len(self._problem.areas), dtype=np.int64)
        for start, end, longest in self._rhythms:
            days = min(last, end) - max(first, start) + 1
            if days > 0:
                patrols += days // longest
        least = self._least_a_day(group, agency)[:, first : last + 1].min(axis=1)
        return np.where(least == NEVER, 0, patrols * least)

    @cached_property
    def _rhythms(self) -> list[tuple[int, int, Counts]]:
        """By phase its first and last day, and the longest gap of each area, else ``NEVER``."""
        problem = self._problem
        found = []
        for phase in problem.rostered_phases:
            longest = [
                NEVER if cadence is None or (phase.areas and area.id not in phase.areas)
                else cadence.max_gap
                for area in problem.areas
                for cadence in (problem.cadence(phase.id, area.id),)
            ]  # fmt: skip
            days = problem.day(phase.start), problem.day(phase.end)
            found.append((*days, np.array(longest, dtype=np.int64)))
        return found

    def _least_a_day(self, group: Group, agency: str) -> Counts:
        """What any patrol of an area on a day needs of a group at the least; ``NEVER`` if none."""
        known = self._least.get((group, agency))
        if known is None:
            needed: dict[int, int] = {}

            def need(team: Team | None) -> int:
                if team is None:
                    return 0
                if id(team) not in needed:
                    needed[id(team)] = _needed(group, agency, team)
                return needed[id(team)]

            known = self._least[group, agency] = np.array(
                [[min(map(need, teams), default=NEVER) for teams in row] for row in self._teams],
                dtype=np.int64,
            )
        return known

    @cached_property
    def _teams(self) -> list[list[list[Team | None]]]:
        """The teams of the patrols that there may be, by area and day."""
        problem = self._problem
        return [
            [
                [
                    problem.team(area.id, date, shift.id)
                    for shift in problem.shifts
                    if problem.patrols_allowed(area.id, date, shift.id)
                ]
                for date in problem.dates
            ]
            for area in problem.areas
        ]

    def _there(self, group: Group, agency: str, first: int, last: int) -> int:
        """The most duties of a group in a stretch, by what officers and agencies can give."""
        who = np.ones(len(self._agency), dtype=bool)
        if group == "leaders":
            who = self._leads
        elif group == "drivers":
            who = self._drives
        most = np.where(who, self._most(group == "certified", first, last), 0)
        found = 0
        for entry in self._problem.agencies:
            if agency and entry.id != agency:
                continue
            own = int(most[self._agency == entry.id].sum())
            found += min(own, self._lent(entry, first, last)) if self._lending else own
        return found

    def _lent(self, agency: Agency, first: int, last: int) -> int:
        """The most that an agency lends in a stretch."""
        most = 10**9
        if agency.lends_a_day is not None:
            most = min(most, (last - first + 1) * agency.lends_a_day)
        if agency.lends_a_week is not None:
            weeks = {(self._problem.date(d).toordinal() - 1) // 7 for d in range(first, last + 1)}
            most = min(most, len(weeks) * agency.lends_a_week)
        return most

    def _most(self, certified: bool, first: int, last: int) -> Counts:
        """How many duties each officer can have in a stretch at the most.

        Taking every duty as early as the rules on distance, rest and number allow gives the most:
        any other row of duties stays allowed when its duties move forward to these, one by one.
        """
        key: tuple[Group, int] = ("certified" if certified else "members", first)
        known = self._given.get(key)
        if known is None or known.shape[0] <= last - first:
            known = self._given[key] = self._taken(certified, first, max(last, first + LONGEST - 1))
        return np.asarray(known[last - first], dtype=np.int64)

    def _taken(self, certified: bool, first: int, last: int) -> Counts:
        """By day from ``first`` how many duties each officer has had when all start early."""
        problem, people = self._problem, len(self._agency)
        free = self._free * self._certified if certified else self._free
        taken = np.zeros((0, people), dtype=np.int64)
        duty = list[Counts]()
        ready = np.zeros(people, dtype=np.int64)
        used = [np.zeros(people, dtype=np.int64) for _ in self._capped]
        for day in range(first, min(last, self._days - 1) + 1):
            date = problem.date(day)
            can = (free[:, day] > 0) & (ready <= day)
            for (rule, most), so_far in zip(self._capped, used, strict=True):
                week = day % 7 == 0 if rule.week_starts == "first-day" else date.weekday() == 0
                if {"month": date.day == 1, "week": week, "plan": False}[rule.per]:
                    so_far[:] = 0
                can &= so_far < most
            for rest, most in self._resting:
                recent = duty[-(rest - 1) :] if rest > 1 else []
                can &= (sum(recent) if recent else 0) < most
            now = can.astype(np.int64)
            duty.append(now)
            ready = np.where(can, day + self._spacing, ready)
            for so_far in used:
                so_far += now
        if duty:
            taken = np.cumsum(np.array(duty), axis=0)
        return taken

    def _free_days(self, officer: Officer) -> Counts:
        """The days on which an officer could have a duty, as zeros and ones."""
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
    ) -> tuple[Counts, list[tuple[int, Counts]], list[tuple[DutiesAtMost, Counts]]]:
        """Days between duties; (days, most duties in them) and (rule, most), each by officer."""
        problem = self._problem
        places = {officer.id: n for n, officer in enumerate(problem.officers)}
        spacing = np.ones(len(places), dtype=np.int64)
        resting: list[tuple[int, Counts]] = []
        capped: list[tuple[DutiesAtMost, Counts]] = []
        for rule in self._rules:
            if not isinstance(rule, (DaysBetweenDuties, RestDays, DutiesAtMost)):
                continue
            mine = np.array([places[o.id] for o in rule.who(problem)], dtype=np.int64)
            most = np.full(len(places), 10**9, dtype=np.int64)
            if isinstance(rule, DaysBetweenDuties):
                spacing[mine] = np.maximum(spacing[mine], rule.days)
            elif isinstance(rule, RestDays):
                most[mine] = rule.days - rule.free
                resting.append((rule.days, most))
            elif not rule.shifts:
                most[mine] = rule.duties
                capped.append((rule, most))
        return spacing, resting, capped


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
