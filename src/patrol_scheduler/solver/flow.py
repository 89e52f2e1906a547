"""The dates of patrols as a flow through the days, put together as a small program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.conditions import Conditions, Kind
from patrol_scheduler.solver.linear import Linear
from patrol_scheduler.solver.program import INFINITE, Indices, Vector
from patrol_scheduler.solver.roster_level import Entry

# Using more of a window than these parts of what a group can give costs a little, so that the
# people's own rules still find room: duties are then spread over windows that are alike.
STEPS = ((0.85, 0.2), (0.9, 0.4), (0.94, 0.8), (0.97, 1.6))
LONG = 5  # days; shorter windows are many and follow the longer ones
# What a day overdue costs where it cannot be avoided; and a duty that a group cannot give.
OVERDUE, BEYOND = 1e4, 1e3
# What it is worth, in patrols more or less than wanted, to be a day less overdue.
DAY_OVERDUE = 0.2


class Flow:
    """The flow of one timetable as a program."""

    def __init__(
        self,
        conditions: Conditions,
        *,
        late: bool,
        spread: float,
        strain: Vector | None = None,
        led: bool = True,
        prices: Mapping[Entry, float] | None = None,
    ) -> None:
        self._conditions, self.program = conditions, Linear()
        self._prices = conditions.costs if prices is None else prices
        self.days = conditions.days
        self._flows: list[list[tuple[int, int, int]]] = []
        self._patrols: list[dict[tuple[int, str], int]] = []
        for kind in conditions.kinds:
            self._add_kind(kind, late=late)
        self._add_limits(late=late, spread=spread, strain=strain)
        self._add_rows(late=late)
        self._add_leaders(late=late, led=led)

    @cached_property
    def day_of(self) -> dict[int, int]:
        """The day of each column that counts patrols."""
        return {column: day for patrols in self._patrols for (day, _), column in patrols.items()}

    def patrols_in(self, values: Vector) -> dict[int, float]:
        """The number of patrols in each column that counts them; alike with leaders or without."""
        return {column: float(round(values[column])) for column in self.day_of}

    def patrols_of(self, entries: set[Entry]) -> dict[int, float]:
        """The number of patrols of a timetable in each column that counts them."""
        found = dict.fromkeys(self.day_of, 0.0)
        place = {area: k for k, kind in enumerate(self._conditions.kinds) for area in kind.areas}
        for area, day, shift in entries:
            if area in place:
                found[self._patrols[place[area]][day, shift]] += 1.0
        return found

    def _add_kind(self, kind: Kind, *, late: bool) -> None:
        program, n = self.program, len(kind.areas)
        flow = [
            (before, after, program.column(n, OVERDUE * overdue))
            for before, after, overdue in kind.arcs
            if late or not overdue
        ]
        patrols: dict[tuple[int, str], int] = {}
        here: dict[int, list[int]] = {}
        for key in kind.size:
            patrols[key] = program.column(n, self._prices[(kind.areas[0], *key)])
            here.setdefault(key[0], []).append(patrols[key])
        self._add_course(program, n, flow, here)
        self._flows.append(flow)
        self._patrols.append(patrols)

    def _add_course(
        self,
        program: Linear,
        n: int,
        arcs: Sequence[tuple[int, int, int]],
        here: Mapping[int, Sequence[int]],
    ) -> None:
        """The course of ``n`` areas: what arrives on a day is patrolled there, and goes on.

        ``arcs`` are (from, to, column), ``here`` the columns that count the patrols of each day.
        """
        into: list[list[tuple[int, float]]] = [[] for _ in range(self.days + 1)]
        out: list[list[tuple[int, float]]] = [[] for _ in range(self.days + 1)]
        for before, after, column in arcs:
            out[before].append((column, 1.0))  # -1, before the plan, is the last place
            if after < self.days:
                into[after].append((column, 1.0))
        program.row(out[-1], n, n)
        for day in range(self.days):
            mine = [(column, -1.0) for column in here.get(day, ())]
            if into[day] or mine:
                program.row([*into[day], *mine], 0, 0)
                program.row([*out[day], *mine], 0, 0)

    def _add_limits(self, *, late: bool, spread: float, strain: Vector | None) -> None:
        program = self.program
        asked: dict[tuple[object, int], list[tuple[int, float]]] = {}
        most: dict[tuple[object, int], float] = {}
        for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True):
            for key, column in patrols.items():
                for group, needed in kind.needs[key]:
                    asked.setdefault((group, key[0]), []).append((column, float(needed)))
            for day in {day for day, _ in patrols}:
                top: dict[object, int] = {}
                for shift in self._conditions.shifts:
                    for group, needed in kind.needs.get((day, shift), ()):
                        top[group] = max(needed, top.get(group, 0))
                for group, needed in top.items():
                    most[group, day] = most.get((group, day), 0.0) + needed * len(kind.areas)
        self._add_caps()
        for group, (first, last), cap in self._conditions.limits:
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
        for cap in self._conditions.caps:
            terms: dict[tuple[int, str], list[tuple[int, float]]] = {}
            for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True):
                for (day, shift), column in patrols.items():
                    if cap.counts(kind.areas[0], shift):
                        group = shift if cap.per == "shift" else ""
                        terms.setdefault((day, group), []).append((column, 1.0))
            for counted in terms.values():
                self.program.row(counted, -INFINITE, cap.patrols)

    def _add_rows(self, *, late: bool) -> None:
        """What the rules ask of patrols; where it cannot be helped, against a price."""
        place = {area: k for k, kind in enumerate(self._conditions.kinds) for area in kind.areas}
        told: set[object] = set()
        for row in self._conditions.rows:
            if any(area not in place for (area, _, _), _ in row.terms):
                continue
            kinds = {place[area] for (area, _, _), _ in row.terms}
            n = max(len(self._conditions.kinds[k].areas) for k in kinds)
            terms = [
                (self._patrols[place[area]][day, shift], weight)
                for (area, day, shift), weight in row.terms
            ]
            # Areas that travel together say the same of the same columns: their sum says it once.
            key = (tuple(terms), row.low, row.high, row.below, row.above)
            if n > 1 and key in told:
                continue
            told.add(key)
            below, above = row.below, row.above
            if late:
                below, above = OVERDUE if below is None else below, above
            if below is not None and np.isfinite(row.low):
                terms.append((self.program.column(INFINITE, below, whole=False), 1.0))
            if above is not None and np.isfinite(row.high):
                terms.append((self.program.column(INFINITE, above, whole=False), -1.0))
            self.program.row(terms, n * row.low, n * row.high)

    def _add_leaders(self, *, late: bool, led: bool) -> None:
        """A leader on duty, with a price, for each day that has a patrol."""
        posts, prices = self._conditions.leaders
        if not posts:
            return
        by_day: dict[int, list[tuple[int, int]]] = {}
        for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True):
            for (day, _), column in patrols.items():
                by_day.setdefault(day, []).append((column, len(kind.areas)))
        for day, columns in by_day.items():
            price = float(prices[day])
            if late and not np.isfinite(price):
                price = BEYOND
            if not np.isfinite(price):
                for column, _ in columns:
                    self.program.row([(column, 1.0)], 0, 0)
                continue
            if not led:
                continue
            leader = self.program.column(1, price)
            for column, n in columns:
                self.program.row([(column, 1.0), (leader, -float(n))], -INFINITE, 0)

    def asked_of(self, officers: frozenset[int], days: frozenset[int]) -> dict[int, float]:
        """The fewest officers of a group in each patrol on some days, by column."""
        inside = {
            key
            for key, members in self._conditions.members.items()
            if key[1] in days and officers.issuperset(members.tolist())
        }
        found: dict[int, float] = {}
        for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True):
            for key, column in patrols.items():
                asked = [n for group, n in kind.needs[key] if (group, key[0]) in inside]
                if asked:
                    found[column] = float(max(asked))
        return found

    def size_on(self, days: frozenset[int]) -> dict[int, float]:
        """The size of each patrol on some days, by column."""
        return {
            column: float(kind.size[key])
            for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True)
            for key, column in patrols.items()
            if key[0] in days
        }

    def add_ceiling(self, cost: float, a_duty: float) -> int:
        """A row that keeps all patrols, and duties beside them at ``a_duty``, below a cost."""
        extra = self.program.column(cost / a_duty, whole=False)
        terms = [
            (column, float(self._conditions.prices[key[0], self._conditions.place_of[key[1]]]) * n)
            for kind, patrols in zip(self._conditions.kinds, self._patrols, strict=True)
            for key, column in patrols.items()
            if (n := kind.size[key])
        ]
        self.program.row([*terms, (extra, a_duty)], -INFINITE, cost)
        return extra

    def nearest(self, relaxed: Vector, budget: Budget, *, seconds: float) -> Vector | None:
        """Whole numbers of patrols near to relaxed ones, whatever the people can give.

        Each patrol up to the relaxed number is wanted, each beyond it is not, the one in between by
        its part. What remains is a flow alone, whose linear program ends in whole numbers. Other
        columns stay as they were.
        """
        program, pieces = Linear(), dict[int, list[int]]()
        for kind, flow, patrols in zip(
            self._conditions.kinds, self._flows, self._patrols, strict=True
        ):
            n = len(kind.areas)
            overdue = {(before, after): late for before, after, late in kind.arcs}
            arcs = []
            for before, after, column in flow:
                arc = program.column(n, DAY_OVERDUE * overdue[before, after], whole=False)
                arcs.append((before, after, arc))
                pieces[column] = [arc]
            here: dict[int, list[int]] = {}
            for (day, _), column in patrols.items():
                full = int(relaxed[column] + 1e-6)
                part = max(0.0, relaxed[column] - full)
                pieces[column] = [
                    program.column(most, price, whole=False)
                    for most, price in ((full, -1.0), (1, 1.0 - 2.0 * part), (n, 1.0))
                ]
                here.setdefault(day, []).extend(pieces[column])
            self._add_course(program, n, arcs, here)
        found = program.minimised(budget, seconds=seconds, nodes=0, relaxed=True)
        if found.values is None:
            return None
        values = relaxed.copy()
        for column, mine in pieces.items():
            values[column] = float(np.rint(found.values[mine].sum()))
        return values

    def decided(self, values: Indices) -> Iterator[Entry]:
        """The patrols of a flow in whole numbers, one sequence an area."""
        days = self._conditions.days
        for kind, flow, patrols in zip(
            self._conditions.kinds, self._flows, self._patrols, strict=True
        ):
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
                    shift = next(s for s in self._conditions.shifts if free.get((day, s), 0) > 0)
                    free[day, shift] -= 1
                    yield area, day, shift
