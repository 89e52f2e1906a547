"""What stretches of days need of a group of officers, and the most that is there of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.problem import Agency, Problem, Team
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


@dataclass(frozen=True, eq=False)
class _Span:
    """The stretches of up to so many ``days`` that begin on some first days."""

    firsts: Counts
    days: int


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
        self._free = self._free_days()
        self._spacing, self._resting, self._capped = self._limits_of_officers()
        self._certified = np.array(
            [[o.certified_on(date) for date in problem.dates] for o in problem.officers],
            dtype=np.int64,
        )
        self._agency = np.array([o.agency for o in problem.officers])
        self._leads = np.array([o.leader for o in problem.officers])
        self._drives = np.array([o.driver for o in problem.officers])
        self._lending = self._has(Lending)
        everywhere = _Span(np.arange(self._days), min(LONGEST, self._days))
        self._spans = (everywhere, _Span(np.zeros(1, dtype=np.int64), self._days))
        self._least: dict[tuple[Group, str], Counts] = {}
        self._taken: dict[tuple[_Span, bool], Counts] = {}

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

    @cached_property
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

    def short(self, group: Group, agency: str) -> list[tuple[int, int, int, int]]:
        """Every stretch that needs more of a group than is there, the short ones first.

        Told as first and last day, duties needed at the least, and duties possible at the most.
        """
        needed = [self._asked(group, agency, span).sum(axis=0) for span in self._spans]
        if not any(map(np.any, needed)):
            return []
        there = [self._there(group, agency, span) for span in self._spans]
        first, last = np.array(self.windows, dtype=np.int64).T
        whole = last - first >= LONGEST
        at = np.where(whole, 0, first), last - first
        found = []
        for wide, asked, given in zip((False, True), needed, there, strict=True):
            mine = np.nonzero(whole == wide)[0]
            start, length = at[0][mine], at[1][mine]
            less = given[start, length] < asked[start, length]
            mine, start, length = mine[less], start[less], length[less]
            told = first[mine], last[mine], asked[start, length], given[start, length]
            found += list(zip(*(column.tolist() for column in told), strict=True))
        return found

    def fewest_areas(self, group: Group, agency: str, first: int, last: int) -> tuple[str, ...]:
        """So few areas that they alone need more of a group than is there."""
        span = _Span(np.array([first]), last - first + 1)
        there = int(self._there(group, agency, span)[0, -1])
        asked = self._asked(group, agency, span)[:, 0, -1].tolist()
        need = {area.id: asked[n] for n, area in enumerate(self._problem.areas)}
        chosen, needed = list[str](), 0
        for area in sorted(need, key=lambda a: -need[a]):
            if needed > there:
                break
            chosen.append(area)
            needed += need[area]
        return tuple(chosen)

    def _asked(self, group: Group, agency: str, span: _Span) -> Counts:
        """What each area's patrols in each stretch need of a group at the least.

        One patrol in each longest gap, on the day that asks least. By area, first day and length.
        """
        last = span.firsts[:, None] + np.arange(span.days)
        patrols = np.zeros((len(self._problem.areas), *last.shape), dtype=np.int64)
        for start, end, longest in self._rhythms:
            days = np.minimum(last, end) - np.maximum(span.firsts, start)[:, None] + 1
            patrols += np.maximum(days, 0) // longest[:, None, None]
        a_day = self._least_a_day(group, agency)[:, np.minimum(last, self._days - 1)]
        least = np.minimum.accumulate(a_day, axis=2)
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

    def _there(self, group: Group, agency: str, span: _Span) -> Counts:
        """The most duties of a group in each stretch, by what officers and agencies can give.

        By first day and length.
        """
        who = np.ones(len(self._agency), dtype=bool)
        if group == "leaders":
            who = self._leads
        elif group == "drivers":
            who = self._drives
        certified = group == "certified"
        if (span, certified) not in self._taken:
            self._taken[span, certified] = self._most(span, certified=certified)
        most = self._taken[span, certified]
        found = np.zeros(most.shape[:2], dtype=np.int64)
        for entry in self._problem.agencies:
            if agency and entry.id != agency:
                continue
            own = most[:, :, who & (self._agency == entry.id)].sum(axis=2)
            found += np.minimum(own, self._lent(entry, span)) if self._lending else own
        return found

    def _lent(self, agency: Agency, span: _Span) -> Counts:
        """The most that an agency lends in each stretch."""
        days = np.arange(span.days)
        most = np.full((len(span.firsts), span.days), 10**9, dtype=np.int64)
        if agency.lends_a_day is not None:
            most = np.minimum(most, (days + 1) * agency.lends_a_day)
        if agency.lends_a_week is not None:
            first = (self._problem.first.toordinal() - 1 + span.firsts)[:, None]
            weeks = (first + days) // 7 - first // 7 + 1
            most = np.minimum(most, weeks * agency.lends_a_week)
        return most

    def _most(self, span: _Span, *, certified: bool) -> Counts:
        """How many duties each officer can have in each stretch at the most.

        Taking every duty as early as the rules on distance, rest and number allow gives the most:
        any other row of duties stays allowed when its duties move forward to these, one by one.
        By first day, length and officer.
        """
        free = self._free * self._certified if certified else self._free
        starts = self._starts_of_periods()
        shape = len(span.firsts), len(self._agency)
        duty = list[Counts]()
        ready = np.zeros(shape, dtype=np.int64)
        used = [np.zeros(shape, dtype=np.int64) for _ in self._capped]
        for ahead in range(span.days):
            day = np.minimum(span.firsts + ahead, self._days - 1)
            can = (free[:, day].T > 0) & (ready <= day[:, None])
            for (rule, most), so_far in zip(self._capped, used, strict=True):
                period = rule.per if rule.per != "week" else rule.week_starts
                so_far[starts[period][day]] = 0
                can &= so_far < most
            for rest, most in self._resting:
                recent = duty[-(rest - 1) :] if rest > 1 else []
                can &= (sum(recent) if recent else 0) < most
            now = can.astype(np.int64)
            duty.append(now)
            ready = np.where(can, day[:, None] + self._spacing, ready)
            for so_far in used:
                so_far += now
        return np.cumsum(np.stack(duty, axis=1), axis=1)

    def _starts_of_periods(self) -> dict[str, npt.NDArray[np.bool_]]:
        """By period the days on which one begins."""
        dates = self._problem.dates
        return {
            "plan": np.zeros(len(dates), dtype=bool),
            "month": np.array([date.day == 1 for date in dates]),
            "first-day": np.arange(len(dates)) % 7 == 0,
            "monday": np.array([date.weekday() == 0 for date in dates]),
        }

    def _free_days(self) -> Counts:
        """The days on which each officer could have a duty, as zeros and ones."""
        problem = self._problem
        kept = {
            officer.id
            for rule in self._rules
            if isinstance(rule, OnLeave)
            for officer in rule.who(problem)
        }
        rostered = [problem.phase_on(date) is not None for date in problem.dates]
        return np.array(
            [
                rostered
                if officer.id not in kept
                else [
                    day and officer.available_on(date)
                    for day, date in zip(rostered, problem.dates, strict=True)
                ]
                for officer in problem.officers
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
