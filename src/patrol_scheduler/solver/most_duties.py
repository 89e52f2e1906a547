"""The most duties that groups of officers can have in stretches of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    Lending,
    OnLeave,
    RestDays,
    Rule,
)

Group = Literal["members", "certified", "leaders", "drivers", "officers"]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stretches:
    """The stretches of up to ``length`` days from each of the ``firsts`` on, in a plan of ``days``.

    What is told of them has an entry ``[n - 1, k]`` for the n days from the k-th first day on.
    """

    firsts: Counts
    length: int
    days: int

    @cached_property
    def last(self) -> Counts:
        """The last day of each, inside the plan."""
        last = self.firsts + np.arange(self.length)[:, None]
        return np.asarray(np.minimum(last, self.days - 1), dtype=np.int64)


class MostDuties:
    """The most duties that groups can have in stretches of days."""

    def __init__(self, problem: Problem, rules: Sequence[Rule], stretches: Stretches) -> None:
        self._problem, self._rules, self._stretches = problem, rules, stretches

    def of(self, group: Group, agency: str) -> Counts:
        """The most duties of a group, by what officers and agencies can give."""
        kind = {"leaders": 1, "drivers": 2}.get(group, 0)
        own = (self._certified if group == "certified" else self._able)[kind]
        agencies = [entry.id for entry in self._problem.agencies]
        mine = [place for place, entry in enumerate(agencies) if agency in ("", entry)]
        lent = self._lent[mine]
        return np.asarray(np.minimum(own[mine], lent).sum(axis=0), dtype=np.int64)

    @cached_property
    def _able(self) -> Counts:
        return self._taken(self._free)

    @cached_property
    def _certified(self) -> Counts:
        problem = self._problem
        certified = [[o.certified_on(date) for o in problem.officers] for date in problem.dates]
        return self._taken(self._free & np.array(certified))

    @cached_property
    def _lent(self) -> Counts:
        """The most that each agency lends."""
        firsts, days = self._stretches.firsts, np.arange(self._stretches.length)[:, None]
        monday = self._problem.first.toordinal() - 1
        weeks = (monday + firsts + days) // 7 - (monday + firsts) // 7 + 1
        agencies = self._problem.agencies
        most = np.full((len(agencies), len(days), len(firsts)), 10**9, dtype=np.int64)
        if any(isinstance(rule, Lending) for rule in self._rules):
            for place, agency in enumerate(agencies):
                if agency.lends_a_day is not None:
                    most[place] = np.minimum(most[place], (days + 1) * agency.lends_a_day)
                if agency.lends_a_week is not None:
                    most[place] = np.minimum(most[place], weeks * agency.lends_a_week)
        return most

    def _taken(self, free: Flags) -> Counts:
        """By kind of officer, all, leaders and drivers, and by agency, duties on free days.

        Taking every duty as early as the rules on distance, rest and number allow gives the most:
        any other row of duties stays allowed when its duties move forward to these, one by one.
        """
        firsts, length = self._stretches.firsts, self._stretches.length
        people = len(self._problem.officers)
        duty = list[Flags]()
        ready = np.zeros((len(firsts), people), dtype=np.int64)
        used = [np.zeros((len(firsts), people), dtype=np.int64) for _ in self._capped]
        taken = np.zeros((len(firsts), self._counted.shape[1]))
        found = np.empty((length, *taken.shape), dtype=np.int64)
        for more in range(length):
            # Stretches that reach past the plan are told as they are up to there, or more.
            days = self._stretches.last[more]
            can = free[days] & (ready <= more)
            for (begins, most), so_far in zip(self._capped, used, strict=True):
                so_far[begins[days]] = 0
                can &= so_far < most
            for rest, most in self._resting:
                recent = np.zeros(can.shape, dtype=np.int64)
                for before in duty[-(rest - 1) :] if rest > 1 else ():
                    recent += before
                can &= recent < most
            duty.append(can)
            ready = np.where(can, more + self._spacing, ready)
            for so_far in used:
                so_far += can
            taken += can.astype(np.float64) @ self._counted
            found[more] = taken
        kinds = found.reshape(length, len(firsts), 3, len(self._problem.agencies))
        return np.asarray(kinds.transpose(2, 3, 0, 1), dtype=np.int64)

    @cached_property
    def _counted(self) -> npt.NDArray[np.float64]:
        """Who counts among all, the leaders and the drivers of each agency."""
        officers = self._problem.officers
        leads, drives = (
            np.array(able)[:, None]
            for able in ([o.leader for o in officers], [o.driver for o in officers])
        )
        agency = np.array([o.agency for o in officers])[:, None]
        mine = agency == np.array([entry.id for entry in self._problem.agencies])
        return np.concatenate((mine, mine & leads, mine & drives), axis=1).astype(np.float64)

    @cached_property
    def _free(self) -> Flags:
        """On which days each officer could have a duty (days by officers)."""
        problem = self._problem
        asked = {
            officer.id
            for rule in self._rules
            if isinstance(rule, OnLeave)
            for officer in rule.who(problem)
        }
        rostered = np.array([problem.phase_on(date) is not None for date in problem.dates])
        there = [
            [officer.id not in asked or officer.available_on(date) for date in problem.dates]
            for officer in problem.officers
        ]
        return np.asarray(np.array(there).T & rostered[:, None])

    @cached_property
    def _spacing(self) -> Counts:
        """How far apart the duty dates of each officer are at the least, in days."""
        found = np.ones(len(self._problem.officers), dtype=np.int64)
        for rule in self._rules:
            if isinstance(rule, DaysBetweenDuties):
                mine = self._places(rule)
                found[mine] = np.maximum(found[mine], rule.days)
        return found

    @cached_property
    def _resting(self) -> list[tuple[int, Counts]]:
        """(days, the most duties of each officer in so many days in a row)."""
        return [
            (rule.days, self._at_most(rule, rule.days - rule.free))
            for rule in self._rules
            if isinstance(rule, RestDays)
        ]

    @cached_property
    def _capped(self) -> list[tuple[Flags, Counts]]:
        """(on which days a number of duties is counted anew, the most of each officer)."""
        return [
            (self._begins(rule), self._at_most(rule, rule.duties))
            for rule in self._rules
            if isinstance(rule, DutiesAtMost) and not rule.shifts
        ]

    def _begins(self, rule: DutiesAtMost) -> Flags:
        days = np.arange(len(self._problem.dates))
        if rule.per == "month":
            return np.array([date.day == 1 for date in self._problem.dates])
        if rule.per == "week":
            since = 0 if rule.week_starts == "first-day" else self._problem.first.weekday()
            return np.asarray((days + since) % 7 == 0)
        return np.zeros(len(self._problem.dates), dtype=bool)

    def _at_most(self, rule: RestDays | DutiesAtMost, most: int) -> Counts:
        found = np.full(len(self._problem.officers), 10**9, dtype=np.int64)
        found[self._places(rule)] = most
        return found

    def _places(self, rule: DaysBetweenDuties | RestDays | DutiesAtMost) -> list[int]:
        mine = {officer.id for officer in rule.who(self._problem)}
        return [n for n, officer in enumerate(self._problem.officers) if officer.id in mine]
