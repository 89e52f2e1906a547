"""The timetable: on which day and in which shift each area is patrolled, before anyone is named.

Areas that are alike travel together, as a flow through the days: one unit of flow is one area's
sequence of patrols, and an arc from one day to another is a gap that its cadence allows. What the
teams ask of each group of officers, such as the certified ones of an agency, may not exceed what
that group can give on any day and in any window that the rules speak of. A flow in whole numbers
falls apart into one sequence an area, so the program stays small however many areas there are.
Without its smoothing it asks for less than the roster does: its bound is a bound of the roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from patrol_scheduler.problem import Officer
from patrol_scheduler.rules import CadenceRule, Level, PatrolsAtMost, Rule, TeamRule
from patrol_scheduler.rules.base import Need
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cadences import capped_visits
from patrol_scheduler.solver.capacity import Capacity, Window
from patrol_scheduler.solver.linear import INFINITE, Linear
from patrol_scheduler.solver.program import Indices, Vector
from patrol_scheduler.solver.roster_level import RosterLevel

Entry = tuple[str, int, str]
"""(area, day, shift) of one patrol."""

# Using more of a window than these parts of what a group can give costs a little, so that the
# people's own rules still find room: duties are then spread over windows that are alike.
STEPS = ((0.85, 0.2), (0.9, 0.4), (0.94, 0.8), (0.97, 1.6))
LONG = 5  # days; shorter windows are many and follow the longer ones
# What a day overdue costs where it cannot be avoided; and a duty that a group cannot give.
OVERDUE, BEYOND = 1e4, 1e3
# A timetable this close to the best one, relatively, is as good: people decide the rest.
GAP = 5e-4
# What one search may take; most end at the first node.
NODES, NODES_OF_BOUND = 30, 300
SECONDS = 20.0
# How far past its longest gap a patrol may still be placed.
LATE = 6


Needs = Mapping[tuple[int, str], tuple[tuple[object, int], ...]]
"""By day and shift, how many officers of which groups a patrol asks."""


@dataclass(frozen=True)
class _Kind:
    """Areas that are alike: their arcs, and what a patrol asks of each group."""

    areas: tuple[str, ...]
    arcs: tuple[tuple[int, int, int], ...]  # (from, to, days overdue); -1 before, D after the plan
    needs: Needs
    size: Mapping[tuple[int, str], int]


class Timetable:
    """The dates of all areas of a roster level, as a small program of its own."""

    def __init__(self, level: RosterLevel, rules: tuple[Rule, ...], priced: Level) -> None:
        self._level, self._problem, self._rules = level, level.problem, rules
        self.days = len(self._problem.dates)
        self.shifts = tuple(shift.id for shift in self._problem.shifts)
        self.place_of = {shift: i for i, shift in enumerate(self.shifts)}
        self._cadences = tuple(rule for rule in rules if isinstance(rule, CadenceRule))
        self._team_rules = tuple(rule for rule in rules if isinstance(rule, TeamRule))
        self.caps = tuple(rule for rule in rules if isinstance(rule, PatrolsAtMost))
        self._priced = priced
        self.members: dict[tuple[object, int], Indices] = {}
        """Who is in a group on a day."""
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
            model = _Model(self, late=late, spread=spread, strain=strain)
            found = model.program.minimised(budget, seconds=SECONDS, nodes=NODES, gap=GAP)
            if found.values is not None:
                return set(model.decided(np.rint(found.values).astype(np.int64)))
            if self.caps and (visits := capped_visits(self._problem, self._rules)) is not None:
                return set(visits)
        return None

    def bound(self, budget: Budget) -> float:
        """What all patrols of a complete roster cost at the least; infinite where none exists."""
        model = _Model(self, late=False, spread=0.0)
        return model.program.minimised(budget, seconds=SECONDS, nodes=NODES_OF_BOUND).bound

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
        model = _Model(self, late=False, spread=0.0)
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
    def kinds(self) -> tuple[_Kind, ...]:
        """The areas that have a cadence, grouped into those that are alike."""
        found: dict[object, list[str]] = {}
        parts: dict[
            object, tuple[tuple[tuple[int, int, int], ...], Needs, dict[tuple[int, str], int]]
        ] = {}
        for area in self._problem.areas:
            arcs = tuple(self._arcs(area.id))
            if not arcs:
                continue
            needs, size = self._needs(area.id)
            counted = tuple(cap.counts(area.id, s) for cap in self.caps for s in self.shifts)
            key = (arcs, tuple(needs.items()), tuple(size.items()), counted)
            found.setdefault(key, []).append(area.id)
            parts.setdefault(key, (arcs, needs, size))
        return tuple(_Kind(tuple(areas), *parts[key]) for key, areas in found.items())

    def _arcs(self, area: str) -> Iterator[tuple[int, int, int]]:
        """Every step from one patrol of an area to the next; late ones tell by how many days."""
        problem, n = self._problem, self.days
        spans = [span for rule in self._cadences for span in rule.spans_of(problem, area)]
        if not spans:
            return
        since = min(span.since for span in spans)
        longest, shortest, first = [n + 1] * n, [1] * n, [0] * n
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
                if must[day]:
                    break
                seen_since = day - longest[day] + 1
                if seen_since >= first[day] and (last is None or seen_since > last):
                    late += 1
                if late > LATE:
                    break

    @cached_property
    def _open(self) -> dict[str, tuple[list[bool], list[bool]]]:
        """By area, the days on which it may be patrolled, and those on which it has to be."""
        program, cells = self._level.program, self._level.cells
        ids = [area.id for area in self._problem.areas]
        found = {area: ([False] * self.days, [False] * self.days) for area in ids}
        for column in np.nonzero(cells.patrol)[0].tolist():
            allowed, must = found[ids[cells.area[column]]]
            allowed[cells.day[column]] |= bool(program.upper[column] > 0)
            must[cells.day[column]] |= bool(program.lower[column] > 0)
        return found

    def _needs(self, area: str) -> tuple[Needs, dict[tuple[int, str], int]]:
        """What a patrol of an area asks of each group, and how many officers it takes."""
        problem = self._problem
        needs: dict[tuple[int, str], tuple[tuple[object, int], ...]] = {}
        size: dict[tuple[int, str], int] = {}
        for day, date in enumerate(problem.dates):
            for shift in self.shifts:
                if not problem.patrols_allowed(area, date, shift):
                    continue
                team = problem.team(area, date, shift)
                if team is None:
                    needs[day, shift], size[day, shift] = (), 0
                    continue
                asked = [
                    need
                    for rule in self._team_rules
                    for need in rule.needs(problem, team, date)
                    if need.at_least
                ]
                for need in asked:
                    self._add_members(need.key, day, need.officers)
                self._add_members(ALL, day, problem.officers)
                size[day, shift] = self._least_size(asked)
                needs[day, shift] = (
                    *((need.key, need.at_least) for need in asked),
                    (ALL, size[day, shift]),
                )
        return needs, size

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
        if (key, day) not in self.members:
            self.members[key, day] = self._array(officers)

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
        found: list[tuple[object, Window, float]] = []
        a_day = self.capacity.a_day
        for key in groups:
            for day in range(self.days):
                members = self.members.get((key, day))
                if members is not None:
                    found.append((key, (day, day), float(a_day[members, day].sum())))
        for window in self.capacity.windows:
            caps = self.capacity.within(window)
            for key in groups:
                mine = [
                    self.members[key, day]
                    for day in range(window[0], window[1] + 1)
                    if (key, day) in self.members
                ]
                if mine:
                    same = all(members is mine[0] for members in mine)
                    union = mine[0] if same else np.unique(np.concatenate(mine))
                    found.append((key, window, float(caps[union].sum())))
        return found


ALL = "all"
"""The group of all officers."""


class _Model:
    """The flow of one timetable as a program."""

    def __init__(
        self, table: Timetable, *, late: bool, spread: float, strain: Vector | None = None
    ) -> None:
        self._table, self.program = table, Linear()
        self._flows: list[list[tuple[int, int, int]]] = []
        self._patrols: list[dict[tuple[int, str], int]] = []
        for kind in table.kinds:
            self._add_kind(kind, late=late)
        self._add_limits(late=late, spread=spread, strain=strain)

    def _add_kind(self, kind: _Kind, *, late: bool) -> None:
        program, table, n = self.program, self._table, len(kind.areas)
        days = table.days
        into: list[list[tuple[int, float]]] = [[] for _ in range(days + 1)]
        out: list[list[tuple[int, float]]] = [[] for _ in range(days + 1)]
        flow = []
        for before, after, overdue in kind.arcs:
            if overdue and not late:
                continue
            column = program.column(n, OVERDUE * overdue)
            flow.append((before, after, column))
            out[before].append((column, 1.0))  # -1, before the plan, is the last place
            if after < days:
                into[after].append((column, 1.0))
        program.row(out[-1], n, n)
        patrols: dict[tuple[int, str], int] = {}
        for key, size in kind.size.items():
            price = float(table.prices[key[0], table.place_of[key[1]]])
            patrols[key] = program.column(n, size * price)
        for day in range(days):
            here = [(patrols[day, s], -1.0) for s in table.shifts if (day, s) in patrols]
            if into[day] or here:
                program.row([*into[day], *here], 0, 0)
                program.row([*out[day], *here], 0, 0)
        self._flows.append(flow)
        self._patrols.append(patrols)

    def _add_limits(self, *, late: bool, spread: float, strain: Vector | None) -> None:
        program = self.program
        asked: dict[tuple[object, int], list[tuple[int, float]]] = {}
        most: dict[tuple[object, int], float] = {}
        for kind, patrols in zip(self._table.kinds, self._patrols, strict=True):
            for key, column in patrols.items():
                for group, needed in kind.needs[key]:
                    asked.setdefault((group, key[0]), []).append((column, float(needed)))
            for day in {day for day, _ in patrols}:
                top: dict[object, int] = {}
                for shift in self._table.shifts:
                    for group, needed in kind.needs.get((day, shift), ()):
                        top[group] = max(needed, top.get(group, 0))
                for group, needed in top.items():
                    most[group, day] = most.get((group, day), 0.0) + needed * len(kind.areas)
        self._add_caps()
        for group, (first, last), cap in self._table.limits:
            terms = [t for day in range(first, last + 1) for t in asked.get((group, day), ())]
            demand = sum(most.get((group, day), 0.0) for day in range(first, last + 1))
            if not terms or demand <= STEPS[0][0] * cap:
                continue
            if late:
                beyond = program.column(demand, BEYOND, whole=False)
                program.row([*terms, (beyond, -1.0)], -INFINITE, cap)
            elif demand > cap:
                program.row(terms, -INFINITE, cap)
            strained = 0.0 if strain is None else float(strain[first : last + 1].max())
            smooth = spread and (last - first >= LONG - 1 or strained > 0)
            for part, price in STEPS if smooth else ():
                if demand > part * cap:
                    over = program.column(demand, spread * price * (1 + strained), whole=False)
                    program.row([*terms, (over, -1.0)], -INFINITE, part * cap)

    def _add_caps(self) -> None:
        """No more patrols on a day, or in a shift, than the plan lets there be."""
        for cap in self._table.caps:
            terms: dict[tuple[int, str], list[tuple[int, float]]] = {}
            for kind, patrols in zip(self._table.kinds, self._patrols, strict=True):
                for (day, shift), column in patrols.items():
                    if cap.counts(kind.areas[0], shift):
                        group = shift if cap.per == "shift" else ""
                        terms.setdefault((day, group), []).append((column, 1.0))
            for counted in terms.values():
                self.program.row(counted, -INFINITE, cap.patrols)

    def asked_of(self, officers: frozenset[int], days: frozenset[int]) -> dict[int, float]:
        """The fewest officers of a group in each patrol on some days, by column."""
        inside = {
            key
            for key, members in self._table.members.items()
            if key[1] in days and officers.issuperset(members.tolist())
        }
        found: dict[int, float] = {}
        for kind, patrols in zip(self._table.kinds, self._patrols, strict=True):
            for key, column in patrols.items():
                asked = [n for group, n in kind.needs[key] if (group, key[0]) in inside]
                if asked:
                    found[column] = float(max(asked))
        return found

    def size_on(self, days: frozenset[int]) -> dict[int, float]:
        """The size of each patrol on some days, by column."""
        return {
            column: float(kind.size[key])
            for kind, patrols in zip(self._table.kinds, self._patrols, strict=True)
            for key, column in patrols.items()
            if key[0] in days
        }

    def add_ceiling(self, cost: float, a_duty: float) -> int:
        """A row that keeps all patrols, and duties beside them at ``a_duty``, below a cost."""
        extra = self.program.column(cost / a_duty, whole=False)
        terms = [
            (column, float(self._table.prices[key[0], self._table.place_of[key[1]]]) * n)
            for kind, patrols in zip(self._table.kinds, self._patrols, strict=True)
            for key, column in patrols.items()
            if (n := kind.size[key])
        ]
        self.program.row([*terms, (extra, a_duty)], -INFINITE, cost)
        return extra

    def decided(self, values: Indices) -> Iterator[Entry]:
        """The patrols of a flow in whole numbers, one sequence an area."""
        days = self._table.days
        for kind, flow, patrols in zip(self._table.kinds, self._flows, self._patrols, strict=True):
            left = {(before, after): int(values[column]) for before, after, column in flow}
            onward: dict[int, list[int]] = {}
            for before, after, _ in flow:
                onward.setdefault(before, []).append(after)
            free = {key: int(values[column]) for key, column in patrols.items()}
            for area in kind.areas:
                day = -1
                while True:
                    after = next(a for a in onward[day] if left[day, a] > 0)
                    left[day, after] -= 1
                    if after == days:
                        break
                    day = after
                    shift = next(s for s in self._table.shifts if free.get((day, s), 0) > 0)
                    free[day, shift] -= 1
                    yield area, day, shift


def _most_apart(groups: list[tuple[frozenset[int], int]], taken: frozenset[int]) -> int:
    """The largest sum of the needs of groups that share nobody; a team has few needs."""
    if not groups:
        return 0
    (mine, n), rest = groups[0], groups[1:]
    without = _most_apart(rest, taken)
    return without if mine & taken else max(without, n + _most_apart(rest, taken | mine))
