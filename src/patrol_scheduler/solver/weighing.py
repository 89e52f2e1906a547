"""What stretches of days need of a group of officers, and the most that is there of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from patrol_scheduler.problem import Problem, Team
from patrol_scheduler.rules import (
    CadenceRule,
    Certificates,
    Composition,
    Driver,
    Leader,
    OneDutyADay,
    Rule,
    TeamRule,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.solver.most_duties import Counts, Group, MostDuties, Stretches

RULE_OF: dict[Group, type[TeamRule]] = {
    "members": Composition,
    "officers": Composition,
    "certified": Certificates,
    "leaders": Leader,
    "drivers": Driver,
}
"""The rule that asks for each group."""
NEVER = 10**6
"""A gap, or a need, of what there is not."""
LONGEST = 31
"""Stretches of up to so many days are weighed wherever they begin."""


@dataclass(frozen=True)
class Weighed:
    """What stretches of days need of a group and what is there: entry ``[n - 1, k]`` for the n days
    from the k-th first day on.

    Some of the duties needed nobody can have, for two reasons, of which the first entry of
    ``lacking`` and ``spared`` tells one and the second the other: all of them together are more
    than are there, and so are those of single patrols on any one day. ``spared`` is how many fewer
    one patrol less would make it at the most.
    """

    needed: Counts
    there: Counts
    lacking: Counts
    spared: Counts


class Weighing:
    """What stretches of days need of a group, and what is there of it.

    A group is told with its agency, which is empty for those who may be of any.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rules = rules_of(problem)
        self._days = len(problem.dates)
        # Without areas or these rules nothing is to be patrolled, or one officer counts many times.
        self.asked = bool(
            problem.areas
            and self._has(CadenceRule)
            and self._has(WithinPhase)
            and any(
                len(rule.who(problem)) == len(problem.officers)
                for rule in self._rules
                if isinstance(rule, OneDutyADay)
            )
        )
        near = Stretches(np.arange(self._days), min(LONGEST, self._days), self._days)
        whole = Stretches(np.zeros(1, dtype=np.int64), self._days, self._days)
        self._stretches = near, whole
        self._most = {each: MostDuties(problem, self._rules, each) for each in self._stretches}
        self._weighed: dict[tuple[Group, str, bool], Weighed] = {}
        self._least: dict[tuple[Group, str], Counts] = {}

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
        first, last = np.array(self.windows, dtype=np.int64).T
        found = list[tuple[int, int, int, int]]()
        for whole in (False, True):
            mine = (last - first >= LONGEST) == whole
            weighed = self.weighed(group, agency, whole=whole)
            at = (last - first)[mine], first[mine]
            told = first[mine], last[mine], weighed.needed[at], weighed.there[at]
            for entry in zip(*(column.tolist() for column in told), strict=True):
                if entry[2] > entry[3]:
                    found.append(entry)
        return found

    def weighed(self, group: Group, agency: str, *, whole: bool = False) -> Weighed:
        """All stretches of up to ``LONGEST`` days; with ``whole`` all that begin on day 0."""
        key = (group, agency, whole)
        if key not in self._weighed:
            stretches = self._stretches[whole]
            self._weighed[key] = self._held_against(stretches, group, agency)
        return self._weighed[key]

    def fewest_areas(self, group: Group, agency: str, first: int, last: int) -> tuple[str, ...]:
        """So few areas that they alone need more of a group than is there."""
        whole = last - first >= LONGEST
        there = self.weighed(group, agency, whole=whole).there[last - first, first]
        patrols = self._patrols[self._stretches[whole]][self._rhythms[1], last - first, first]
        least = self._least_a_day(group, agency)[:, first : last + 1].min(axis=1)
        asked = np.where(least == NEVER, 0, patrols * least).tolist()
        need = {area.id: asked[n] for n, area in enumerate(self._problem.areas)}
        chosen, needed = list[str](), 0
        for area in sorted(need, key=lambda a: -need[a]):
            if needed > there:
                break
            chosen.append(area)
            needed += need[area]
        return tuple(chosen)

    def _held_against(self, stretches: Stretches, group: Group, agency: str) -> Weighed:
        """What patrols in stretches need of a group at the least, held against what is there.

        Each area has one patrol in each longest gap, on the day that asks least.
        """
        alike: dict[tuple[int, bytes], list[int]] = {}
        least = self._least_a_day(group, agency)
        for area, rhythm in enumerate(self._rhythms[1].tolist()):
            alike.setdefault((rhythm, least[area].tobytes()), []).append(area)
        areas = [same[0] for same in alike.values()]
        many = np.array([len(same) for same in alike.values()])[:, None, None]
        patrols = self._patrols[stretches][self._rhythms[1][areas]]
        lowest = np.minimum.accumulate(least[areas][:, stretches.last], axis=1)
        asked = np.where((lowest == NEVER) | (patrols == 0), 0, lowest)
        many = many * patrols
        most = self._most[stretches].of(group, agency)
        a_day = self._most[self._stretches[0]].of(group, agency)[0]
        beyond = np.maximum(0, asked - np.maximum.accumulate(a_day[stretches.last], axis=0))
        needed, too_large = (many * asked).sum(axis=0), (many * beyond).sum(axis=0)
        return Weighed(
            needed=needed,
            there=most,
            lacking=np.array((np.maximum(0, needed - most), too_large)),
            spared=np.array((asked.max(axis=0), beyond.max(axis=0))),
        )

    @cached_property
    def _rhythms(self) -> tuple[list[list[tuple[int, int, int]]], Counts]:
        """The different rhythms, phase by phase the days and the longest gap, and each area's."""
        rule = next(rule for rule in self._rules if isinstance(rule, CadenceRule))
        found: dict[tuple[tuple[int, int, int], ...], int] = {}
        of_area = [
            found.setdefault(
                tuple(
                    (max(span.first, span.since), span.last, span.cadence.max_gap)
                    for span in rule.spans_of(self._problem, area.id)
                ),
                len(found),
            )
            for area in self._problem.areas
        ]
        return [list(rhythm) for rhythm in found], np.array(of_area, dtype=np.int64)

    @cached_property
    def _patrols(self) -> dict[Stretches, Counts]:
        """The fewest patrols of each rhythm in each stretch."""
        found = {}
        for stretches in self._stretches:
            patrols = np.zeros((len(self._rhythms[0]), *stretches.last.shape), dtype=np.int64)
            for mine, rhythm in zip(patrols, self._rhythms[0], strict=True):
                for start, end, longest in rhythm:
                    last, first = (
                        np.minimum(stretches.last, end),
                        np.maximum(stretches.firsts, start),
                    )
                    mine += np.maximum(0, last - first + 1) // longest
            found[stretches] = patrols
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
