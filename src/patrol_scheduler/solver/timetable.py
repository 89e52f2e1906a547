"""The timetable: on which day and in which shift each area is patrolled, before anyone is named.

Areas that are alike travel together, as a flow through the days: one unit of flow is one area's
sequence of patrols, and an arc from one day to another is a gap that its cadence allows. What the
teams ask of each group of officers, such as the certified ones of an agency, may not exceed what
that group can give on any day and in any window that the rules speak of. A flow in whole numbers
falls apart into one sequence an area, so the program stays small however many areas there are.
Without its smoothing it asks for less than the roster does: its bound is a bound of the roster.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from patrol_scheduler.problem import Area, Officer, Problem, Team
from patrol_scheduler.rules import (
    CadenceRule,
    LeaderOnDuty,
    Level,
    PatrolsAtMost,
    Rule,
    TeamRule,
)
from patrol_scheduler.rules.base import Need
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cadences import capped_visits
from patrol_scheduler.solver.capacity import UNLIMITED, Capacity, Window
from patrol_scheduler.solver.condensed import condensed
from patrol_scheduler.solver.day_by_day import cheapest
from patrol_scheduler.solver.flow import Flow, Kind, Needs
from patrol_scheduler.solver.patrol_rows import PatrolRow, patrol_rows
from patrol_scheduler.solver.program import Indices, Vector
from patrol_scheduler.solver.roster_level import Entry, RosterLevel

# A timetable this close to the best one, relatively, is as good: people decide the rest.
GAP = 5e-4
# What one search may take; most end at the first node.
NODES, NODES_OF_BOUND = 30, 300
SECONDS = 20.0
# What patrols are worth is not worked out in a larger program.
MOST_ENTRIES = 3_000_000
# So many days are drawn together at once, to save leaders on duty, the next so many days later.
REACH, STEP = 42, 31
# How far past its longest gap a patrol may still be placed.
LATE = 6


class Timetable:
    """The dates of all areas of a roster level, as a small program of its own."""

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
        # What was too much to look at once is so at other prices, too.
        self._too_long_to_walk = False
        # Groups by the identity of their tuple, which is kept with them.
        self._arrays: dict[int, tuple[Indices, tuple[Officer, ...]]] = {}
        self._sizes: dict[object, int] = {}
        self._places = {o.id: i for i, o in enumerate(self._problem.officers)}

    def entries(self, budget: Budget, *, spread: float, strain: Vector) -> set[Entry] | None:
        """The dates, the cheapest whose windows are not filled to the brim.

        ``spread`` weighs how evenly windows are filled against the price of a patrol, and the more
        so the higher the ``strain`` of their days. Where the cadences or the groups allow no
        timetable, the nearest is given.
        """
        for late in (False, True):
            # Where people are short all over, there is no window that could be spared.
            even = 0.0 if late else spread
            model = Flow(self, late=late, spread=even, strain=strain, led=False)
            values = _as_near_as_can_be(model, budget) if late else _cheapest(model, budget)
            if values is not None:
                return _entries(model, values)
            if self.caps and (visits := capped_visits(self._problem, self._rules)) is not None:
                return set(visits)
        return None

    def drawn_together(
        self, entries: set[Entry], budget: Budget, prices: Mapping[Entry, float] | None = None
    ) -> set[Entry]:
        """The dates moved to where one leader on duty does for several, looking far ahead.

        ``prices`` are what patrols cost, where that is known better than by their size.
        """
        model = Flow(self, late=False, spread=1.0, prices=prices)
        values = _drawn_together(model, model.patrols_of(entries), budget)
        return entries if values is None else _entries(model, values)

    @cached_property
    def costs(self) -> dict[Entry, float]:
        """What each patrol costs at the least: its officers, and what is wished of them."""
        return {
            (area, day, shift): price
            for kind in self.kinds
            for area in kind.areas
            for (day, shift), price in kind.prices(self).items()
        }

    def worth(self, budget: Budget) -> dict[Entry, float] | None:
        """What each patrol is worth to fairness where duties may be fractions.

        ``None`` where the program is too large to tell, or the time is over.
        """
        program = self._level.program
        if len(program.row_index) > MOST_ENTRIES:
            return None
        small = condensed(program, self._level.cells, self._problem)
        found = small.relaxed(self._priced, budget, ())
        return None if found is None else self.patrols_priced(found.worth)

    def patrols_priced(self, price: Vector) -> dict[Entry, float]:
        """The prices of patrols among those of a program's columns; of areas that are alike the
        same.
        """
        program, cells = self._level.program, self._level.cells
        known: dict[Entry, float] = {}
        for column in np.nonzero(cells.patrol & (program.upper > 0))[0].tolist():
            _, area, day, shift = program.columns.names[column]
            known[str(area), int(str(day)), str(shift)] = float(price[column])
        found: dict[Entry, float] = {}
        for kind in self.kinds:
            for key in kind.size:
                mine = [(area, *key) for area in kind.areas]
                of_one = sum(known.get(entry, 0.0) for entry in mine) / len(mine)
                found |= dict.fromkeys(mine, of_one)
        return found

    def bound(
        self, budget: Budget, *, led: bool = True, prices: Mapping[Entry, float] | None = None
    ) -> float:
        """What all patrols of a complete roster cost at the least; infinite where none exists.

        Without ``led`` their leaders on duty are left out. ``prices`` of patrols, alike for areas
        that are alike, stand in for what their officers cost.
        """
        model = Flow(self, late=False, spread=0.0, led=led, prices=prices)
        exact = self._bound_by_days(budget, led=led, prices=prices)
        if exact is not None:
            # Only the flow knows what groups can give in longer windows.
            flow = model.program.minimised(budget, seconds=SECONDS, nodes=0, relaxed=True)
            return max(exact, flow.bound)
        nodes = NODES_OF_BOUND if prices is None else NODES
        return model.program.minimised(budget, seconds=SECONDS, nodes=nodes).bound

    def _bound_by_days(
        self, budget: Budget, *, led: bool, prices: Mapping[Entry, float] | None
    ) -> float | None:
        """The same for a few areas that need leaders on duty, whose days are then seen whole."""
        if not self.leaders[0] or self._too_long_to_walk:
            return None
        found = cheapest(self, self.costs if prices is None else prices, budget, led=led)
        self._too_long_to_walk = found is None
        return found

    def duties_between(
        self,
        officers: frozenset[int],
        others: list[frozenset[int]],
        days: frozenset[int],
        budget: Budget,
        *,
        cost: float,
        a_duty: float,
    ) -> tuple[float, float]:
        """The least and the most duties of a group on some days in a roster of at most ``cost``.

        ``others`` are groups that share nobody with this one; ``a_duty`` is the least that a duty
        costs anybody.
        """
        model = Flow(self, late=False, spread=0.0)
        mine = model.asked_of(officers, days)
        size = model.size_on(days)
        theirs = [model.asked_of(group, days) for group in others]
        most = {
            column: n - sum(asked.get(column, 0.0) for asked in theirs)
            for column, n in size.items()
        }
        extra = model.add_ceiling(cost, a_duty)
        model.program.reprice(mine)
        least = model.program.minimised(budget, seconds=SECONDS, nodes=0, relaxed=True).bound
        model.program.reprice({column: -n for column, n in most.items()} | {extra: -1.0})
        largest = -model.program.minimised(budget, seconds=SECONDS, nodes=0, relaxed=True).bound
        return least, largest

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

    @cached_property
    def leaders(self) -> tuple[int, Vector]:
        """How many leaders on duty a patrol day has, and the least that one costs each day.

        Infinite on days on which nobody can be one.
        """
        posts = [post.id for post in self._problem.posts if post.kind == "leader-on-duty"]
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


ALL = "all"
"""The group of all officers."""


def _asked(
    rules: tuple[TeamRule, ...], about: tuple[Problem, Team, dt.date, Area, str]
) -> list[Need]:
    """What some rules ask of a patrol at the least."""
    needs = (need for rule in rules for need in rule.needs(*about))
    return [need for need in needs if need.at_least and not need.against]


def _drawn_together(model: Flow, patrols: dict[int, float], budget: Budget) -> Vector | None:
    """The dates moved, some weeks at a time, to where one leader on duty does for several."""
    values, day_of = None, model.day_of
    for start in range(0, max(1, model.days - REACH + STEP), STEP):
        kept = {c: n for c, n in patrols.items() if not start <= day_of[c] < start + REACH}
        found = model.program.minimised(
            budget, seconds=SECONDS, nodes=1, gap=GAP, kept=kept, start=values
        )
        if found.values is not None:
            values = found.values
            patrols = model.patrols_in(values)
    return values


def _cheapest(model: Flow, budget: Budget) -> Vector | None:
    return model.program.minimised(budget, seconds=SECONDS, nodes=NODES, gap=GAP).values


def _as_near_as_can_be(model: Flow, budget: Budget) -> Vector | None:
    relaxed = model.program.minimised(budget, seconds=SECONDS, nodes=0, relaxed=True)
    if relaxed.values is None:
        return None
    return model.nearest(relaxed.values, budget, seconds=SECONDS)


def _entries(model: Flow, values: Vector) -> set[Entry]:
    return set(model.decided(np.rint(values).astype(np.int64)))


def _most_apart(groups: list[tuple[frozenset[int], int]], taken: frozenset[int]) -> int:
    """The largest sum of the needs of groups that share nobody; a team has few needs."""
    if not groups:
        return 0
    (mine, n), rest = groups[0], groups[1:]
    without = _most_apart(rest, taken)
    return without if mine & taken else max(without, n + _most_apart(rest, taken | mine))
