"""Counting before any solving: what some days need of a group, and what is there at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.explaining.demands import Demand
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
    TeamRule,
    rules_of,
)
from patrol_scheduler.rules.base import label
from patrol_scheduler.texts import text

Group = Literal["members", "certified", "leaders", "drivers", "officers"]
Counts = npt.NDArray[np.int64]
LONGEST = 31
"""Stretches of up to so many days are weighed wherever they begin."""
RULE_OF: dict[Group, type[TeamRule]] = {
    "members": Composition,
    "officers": Composition,
    "certified": Certificates,
    "leaders": Leader,
    "drivers": Driver,
}
"""The rule that asks for each group."""


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


@dataclass(frozen=True, slots=True)
class Reason:
    """What a shortfall speaks of: its days, the areas that need most, and who could come.

    ``asks`` tells whether a demand of these days is about any of that.
    """

    first: int
    last: int
    areas: frozenset[str]
    officers: frozenset[str]
    agency: str
    rule: type[TeamRule]

    def asks(self, demand: Demand) -> bool:
        """Whether a demand is part of the reason."""
        subject = demand.subject
        if isinstance(demand.rule, TeamRule):
            right = isinstance(demand.rule, self.rule) and self.agency in ("", subject.agency)
            return right and (demand.summed or subject.area in self.areas)
        if subject.officer is not None:
            return subject.officer in self.officers
        if subject.area is not None:
            return subject.area in self.areas
        return self.agency in ("", subject.agency)


def reason_of(problem: Problem, shortfall: Shortfall) -> Reason:
    """What a shortfall speaks of."""
    group, agency = shortfall.group, shortfall.agency
    first, last = problem.day(shortfall.start), problem.day(shortfall.end)
    dates = [problem.date(day) for day in range(first, last + 1)]
    officers = frozenset(
        officer.id
        for officer in problem.officers
        if agency in ("", officer.agency)
        and (group != "leaders" or officer.leader)
        and (group != "drivers" or officer.driver)
        and (group != "certified" or any(officer.certified_on(date) for date in dates))
    )
    areas = _Counting(problem).fewest_areas(group, agency, first, last)
    return Reason(first, last, frozenset(areas), officers, agency, RULE_OF[group])


def first_look(problem: Problem, found: Sequence[Shortfall], *, most: int = 3) -> list[Reason]:
    """What the shortest of some shortfalls speak of: the fewer the days, the smaller the reason."""
    shortest = sorted(found, key=lambda s: (s.end - s.start, s.needed))
    return [reason_of(problem, shortfall) for shortfall in shortest[:most]]


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
        self._kinds = self._kinds_of_areas()
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
        needed = sum(
            len(areas)
            * self._patrols(areas[0], first, last)
            * self._least(group, agency, areas[0], first, last)
            for areas in self._kinds
        )
        return (needed, self._there(group, agency, first, last)) if needed else (0, 0)

    def fewest_areas(self, group: Group, agency: str, first: int, last: int) -> tuple[str, ...]:
        """So few areas that they alone need more of a group than is there."""
        there = self._there(group, agency, first, last)
        need = {
            area: self._patrols(area, first, last) * self._least(group, agency, area, first, last)
            for areas in self._kinds
            for area in areas
        }
        chosen, needed = list[str](), 0
        for area in sorted(need, key=lambda a: -need[a]):
            if needed > there:
                break
            chosen.append(area)
            needed += need[area]
        return tuple(chosen)

    def _kinds_of_areas(self) -> list[list[str]]:
        """Areas that need the same in the same rhythm."""
        problem, kinds = self._problem, dict[object, list[str]]()
        for area in problem.areas:
            told = []
            for phase in problem.rostered_phases:
                for shift in problem.shifts:
                    team = problem.team(area.id, phase.start, shift.id)
                    allowed = problem.patrols_allowed(area.id, phase.start, shift.id)
                    told.append(
                        (
                            allowed,
                            id(team)
                            if team is None
                            else team.model_dump_json(exclude={"name", "remarks"}),
                        )
                    )
                cadence = problem.cadence(phase.id, area.id)
                told.append((True, "" if cadence is None else str(cadence.max_gap)))
            kinds.setdefault(tuple(told), []).append(area.id)
        return list(kinds.values())

    def _patrols(self, area: str, first: int, last: int) -> int:
        """How many patrols an area has in a stretch at the least: one in each longest gap."""
        problem, found = self._problem, 0
        for phase in problem.rostered_phases:
            start, end = max(first, problem.day(phase.start)), min(last, problem.day(phase.end))
            cadence = problem.cadence(phase.id, area)
            if start > end or cadence is None or (phase.areas and area not in phase.areas):
                continue
            found += (end - start + 1) // cadence.max_gap
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
