"""The conditions of the dates of patrols: what rules and officers ask of them.

Which steps from one patrol of an area to the next there are, what a patrol takes and costs, and
what groups of officers can give.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from patrol_scheduler.problem import Area, Officer, Problem, Team
from patrol_scheduler.rules import CadenceRule, LeaderOnDuty, Level, PatrolsAtMost, Rule, TeamRule
from patrol_scheduler.rules.leading import leader_posts
from patrol_scheduler.rules.team_rule import Need
from patrol_scheduler.solver.capacity import UNLIMITED, Capacity, Window
from patrol_scheduler.solver.patrol_rows import PatrolRow, patrol_rows
from patrol_scheduler.solver.program import Indices, Vector
from patrol_scheduler.solver.roster_level import Entry, RosterLevel

# How far past its longest gap a patrol may still be placed.
LATE = 6
ALL = "all"
"""The group of all officers."""

Needs = Mapping[tuple[int, str], tuple[tuple[object, int], ...]]
"""By day and shift, how many officers of which groups a patrol asks."""


@dataclass(frozen=True)
class Kind:
    """Areas that are alike: their arcs, and what a patrol asks of each group."""

    areas: tuple[str, ...]
    arcs: tuple[tuple[int, int, int], ...]  # (from, to, days overdue); -1 before, D after the plan
    needs: Needs
    size: Mapping[tuple[int, str], int]
    beside: Mapping[tuple[int, str], float]

    def prices(self, conditions: Conditions) -> dict[tuple[int, str], float]:
        """What a patrol costs at the least, by day and shift."""
        return {
            (day, shift): n * float(conditions.prices[day, conditions.place_of[shift]])
            + self.beside.get((day, shift), 0.0)
            for (day, shift), n in self.size.items()
        }


class Conditions:
    """What the dates of a roster level have to meet, and what they cost at the least."""

    def __init__(self, level: RosterLevel, rules: tuple[Rule, ...], priced: Level) -> None:
        self._level, self._problem, self._rules = level, level.problem, rules
        self.days = len(self._problem.dates)
        self.shifts = tuple(shift.id for shift in self._problem.shifts)
        self.place_of = {shift: i for i, shift in enumerate(self.shifts)}
        self._cadences = tuple(rule for rule in rules if isinstance(rule, CadenceRule))
        about_teams = [
            rule for rule in rules if isinstance(rule, TeamRule) and rule.used_by(level.problem)
        ]
        self._team_rules = tuple(r for r in about_teams if r.asked_on <= Level.SHORTAGE)
        self._wishes = tuple(r for r in about_teams if r.asked_on is priced and r.a_miss > 0)
        self._a_miss = min((float(rule.a_miss) for rule in self._wishes), default=0.0)
        self.caps = tuple(rule for rule in rules if isinstance(rule, PatrolsAtMost))
        self._priced = priced
        # Filled as the kinds of area are told.
        self._members: dict[tuple[object, int], Indices] = {}
        # Groups by the identity of their tuple, which is kept with them.
        self._arrays: dict[int, tuple[Indices, tuple[Officer, ...]]] = {}
        self._sizes: dict[object, int] = {}
        self._places = {o.id: i for i, o in enumerate(self._problem.officers)}

    @cached_property
    def costs(self) -> dict[Entry, float]:
        """What each patrol costs at the least: its officers, and what is wished of them."""
        return {
            (area, day, shift): price
            for kind in self.kinds
            for area in kind.areas
            for (day, shift), price in kind.prices(self).items()
        }

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The areas that have a cadence, grouped into those that are alike."""
        found: dict[object, list[str]] = {}
        parts: dict[object, tuple[Any, ...]] = {}
        for area in self._problem.areas:
            arcs = tuple(self._arcs(area.id))
            if not arcs:
                continue
            needs, size, beside = self._needs(area.id)
            counted = tuple(cap.counts(area.id, s) for cap in self.caps for s in self.shifts)
            own = area.id if area.id in self._apart else tuple(self._rows_of_days(area.id))
            key = (
                arcs,
                tuple(needs.items()),
                tuple(size.items()),
                tuple(beside.items()),
                counted,
                own,
            )
            found.setdefault(key, []).append(area.id)
            parts.setdefault(key, (arcs, needs, size, beside))
        return tuple(Kind(tuple(areas), *parts[key]) for key, areas in found.items())

    @cached_property
    def members(self) -> Mapping[tuple[object, int], Indices]:
        """Who is in a group on a day; groups are what patrols of the kinds of area ask of."""
        return self._members if self.kinds else {}

    @cached_property
    def rows(self) -> tuple[PatrolRow, ...]:
        """What the rules ask of patrols beside cadence and teams."""
        level = self._level
        return tuple(patrol_rows(level.program, level.cells, self._rules, self._priced))

    @cached_property
    def _apart(self) -> set[str]:
        """The areas that rows tie to other areas, or on several days: each travels alone."""
        return {
            area
            for row in self.rows
            if row.day_of_one_area is None
            for (area, _, _), _ in row.terms
        }

    def _rows_of_days(self, area: str) -> Iterator[tuple[object, ...]]:
        """The rows about single days of an area, told without its name."""
        for row in self._days_of.get(area, ()):
            terms = tuple((day, shift, weight) for (_, day, shift), weight in row.terms)
            yield terms, row.low, row.high, row.below, row.above

    @cached_property
    def _days_of(self) -> dict[str, list[PatrolRow]]:
        found: dict[str, list[PatrolRow]] = {}
        for row in self.rows:
            if (one := row.day_of_one_area) is not None:
                found.setdefault(one[0], []).append(row)
        return found

    @property
    def led(self) -> bool:
        """Whether a day with patrols needs leaders on duty."""
        return self.leaders[0] > 0

    @cached_property
    def leaders(self) -> tuple[int, Vector]:
        """How many leaders on duty a patrol day has, and the least that one costs each day.

        Infinite on days on which nobody can be one.
        """
        posts = [post.id for post in leader_posts(self._problem)]
        asked = any(isinstance(rule, LeaderOnDuty) for rule in self._rules)
        if not posts or not asked or self._level.soften:
            return 0, np.zeros(self.days)
        cells, program = self._level.cells, self._level.program
        cost, names = program.cost[self._priced], program.columns.names
        least = np.full((self.days, len(posts)), np.inf)
        for column in np.nonzero(cells.duty & ~cells.patrol_duty & (program.upper > 0))[0].tolist():
            if names[column][4] in posts:
                key = (int(cells.day[column]), posts.index(str(names[column][4])))
                least[key] = min(least[key], cost[column])
        return len(posts), np.asarray(np.maximum(0.0, least.sum(axis=1)))

    def _arcs(self, area: str) -> Iterator[tuple[int, int, int]]:
        """Every step from one patrol of an area to the next.

        Late ones tell by how many days, counting the days that had to have a patrol.
        """
        problem, n = self._problem, self.days
        spans = [span for rule in self._cadences for span in rule.spans_of(problem, area)]
        if not spans:
            return
        since = min(span.since for span in spans)
        longest, shortest, first = [UNLIMITED] * n, [1] * n, [0] * n
        for span in spans:
            for day in range(span.first, span.last + 1):
                longest[day] = min(longest[day], span.cadence.max_gap)
                shortest[day] = max(shortest[day], span.cadence.min_gap)
                first[day] = span.since
        allowed, must = self._open[area]
        start = since if since < 0 else None
        for before in (-1, *(day for day in range(n) if allowed[day])):
            last = before if before >= 0 else start
            late = 0
            for day in range(before + 1, n + 1):
                if day < n and allowed[day] and (last is None or day - last >= shortest[day]):
                    yield before, day, late
                if day == n:
                    yield before, n, late
                    break
                late += must[day]
                seen_since = day - longest[day] + 1
                if seen_since >= first[day] and (last is None or seen_since > last):
                    late += 1
                if late > LATE:
                    break

    @cached_property
    def _open(self) -> dict[str, tuple[list[set[str]], list[bool]]]:
        """By area, the shifts of each day in which it may be patrolled, and the days on which it
        has to be.
        """
        program, cells = self._level.program, self._level.cells
        ids = [area.id for area in self._problem.areas]
        found: dict[str, tuple[list[set[str]], list[bool]]] = {
            area: ([set() for _ in range(self.days)], [False] * self.days) for area in ids
        }
        for column in np.nonzero(cells.patrol & (program.upper > 0))[0].tolist():
            allowed, must = found[ids[cells.area[column]]]
            allowed[cells.day[column]].add(str(program.columns.names[column][3]))
            must[cells.day[column]] |= bool(program.lower[column] > 0)
        for area, rows in self._days_of.items():
            for row in rows:
                if row.is_must:
                    found[area][1][row.terms[0][0][1]] = True
        return found

    def _needs(
        self, area: str
    ) -> tuple[Needs, dict[tuple[int, str], int], dict[tuple[int, str], float]]:
        """What a patrol of an area asks of each group, how many officers it takes, and what it
        costs beside them to fall short of what is wished, or not to.
        """
        problem, (allowed, _) = self._problem, self._open[area]
        needs: dict[tuple[int, str], tuple[tuple[object, int], ...]] = {}
        size: dict[tuple[int, str], int] = {}
        beside: dict[tuple[int, str], float] = {}
        for day, date in enumerate(problem.dates):
            for shift in self.shifts:
                if shift not in allowed[day]:
                    continue
                team = problem.team(area, date, shift)
                if team is None:
                    needs[day, shift], size[day, shift] = (), 0
                    continue
                about = problem, team, date, problem.area_by_id[area], shift
                asked = _asked(self._team_rules, about)
                for need in asked:
                    self._add_members(need.key, day, need.officers)
                self._add_members(ALL, day, problem.officers)
                size[day, shift] = self._least_size(asked)
                needs[day, shift] = (
                    *((need.key, need.at_least) for need in asked),
                    (ALL, size[day, shift]),
                )
                wished = _asked(self._wishes, about)
                if wished:
                    # Whoever would meet a wish is on duty, at the price of a duty, or is missed.
                    price = min(self._a_miss, float(self.prices[day, self.place_of[shift]]))
                    more = self._least_size([*asked, *wished]) - size[day, shift]
                    beside[day, shift] = price * more
        return needs, size, beside

    def _least_size(self, needs: list[Need]) -> int:
        """The fewest officers that meet every need: those of groups that share nobody add up."""
        key = tuple((id(need.officers), need.at_least) for need in needs)
        found = self._sizes.get(key)
        if found is None:
            groups = [(frozenset(self._array(n.officers).tolist()), n.at_least) for n in needs]
            found = _most_apart(groups, frozenset())
            self._sizes[key] = found
        return found

    def _add_members(self, key: object, day: int, officers: tuple[Officer, ...]) -> None:
        if (key, day) not in self._members:
            self._members[key, day] = self._array(officers)

    def _array(self, officers: tuple[Officer, ...]) -> Indices:
        known = self._arrays.get(id(officers))
        if known is None:
            places = np.array([self._places[o.id] for o in officers], dtype=np.int64)
            known = self._arrays[id(officers)] = (places, officers)
        return known[0]

    @cached_property
    def prices(self) -> Vector:
        """The least that a duty on patrol costs anybody who may have it, by day and shift."""
        cells, program = self._level.cells, self._level.program
        cost = program.cost[self._priced]
        place = {shift: i for i, shift in enumerate(self.shifts)}
        least = np.full((self.days, len(self.shifts)), np.inf)
        names = program.columns.names
        for column in np.nonzero(cells.patrol_duty & (program.upper > 0))[0].tolist():
            key = (int(cells.day[column]), place[str(names[column][3])])
            least[key] = min(least[key], cost[column])
        return np.asarray(np.maximum(0.0, np.where(np.isfinite(least), least, 0.0)))

    @cached_property
    def capacity(self) -> Capacity:
        """What officers can give."""
        return Capacity(self._level)

    @cached_property
    def limits(self) -> list[tuple[object, Window, float]]:
        """(group, window, most patrol duties of the group in it)."""
        groups = list(dict.fromkeys(key for key, _ in self.members))
        found: dict[tuple[object, Window], float] = {}
        a_day = self.capacity.a_day
        for key in groups:
            for day in range(self.days):
                members = self.members.get((key, day))
                if members is not None:
                    found[key, (day, day)] = float(a_day[members, day].sum())
        for window in self.capacity.windows:
            caps = self.capacity.within(window)
            for key in groups:
                mine = self._members_in(key, window)
                if mine is not None:
                    found[key, window] = float(caps[mine].sum())
        for officers, window, most in self.capacity.together:
            for key in groups:
                mine = self._members_in(key, window)
                if mine is not None and officers.issuperset(
                    o for o in mine.tolist() if a_day[o, window[0] : window[1] + 1].any()
                ):
                    found[key, window] = min(found.get((key, window), np.inf), float(most))
        return [(key, window, most) for (key, window), most in found.items()]

    def _members_in(self, key: object, window: Window) -> Indices | None:
        """Everybody who is in a group on some day of a window; ``None``: nobody asks for it."""
        days = range(window[0], window[1] + 1)
        mine = [self.members[key, day] for day in days if (key, day) in self.members]
        if not mine:
            return None
        same = all(members is mine[0] for members in mine)
        return mine[0] if same else np.unique(np.concatenate(mine))


def _asked(
    rules: tuple[TeamRule, ...], about: tuple[Problem, Team, dt.date, Area, str]
) -> list[Need]:
    """What some rules ask of a patrol at the least."""
    needs = (need for rule in rules for need in rule.needs(*about))
    return [need for need in needs if need.at_least and not need.against]


def _most_apart(groups: list[tuple[frozenset[int], int]], taken: frozenset[int]) -> int:
    """The largest sum of the needs of groups that share nobody; a team has few needs."""
    if not groups:
        return 0
    (mine, n), rest = groups[0], groups[1:]
    without = _most_apart(rest, taken)
    return without if mine & taken else max(without, n + _most_apart(rest, taken | mine))
