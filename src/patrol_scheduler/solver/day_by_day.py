"""The cheapest dates of a few areas, found exactly by walking through the days.

What has happened before a day matters only by the last patrol of each area, and that lies a few
days back: for a few areas all such pasts can be looked at (dynamic programming). Left out is what
rules ask over several days, beside the areas' own gaps: with less to keep, the cheapest dates are
at most as dear, so that their price is a lower bound. A day's whole shape is seen at once, which
tells where one leader on duty does for several patrols better than fractions of leaders do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

import numpy as np

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.conditions import Conditions, Kind
from patrol_scheduler.solver.program import Indices, Mask, Vector
from patrol_scheduler.solver.roster_level import Entry

MOST_CHOICES = 20_000
"""Ways to patrol on one day that are looked at."""
MOST_STEPS = 400_000
"""Pasts times choices of one day that are looked at."""
MOST_IN_ALL = 10_000_000
"""Pasts times choices of all days together that are looked at: some seconds."""
# A sum of whole numbers and few decimals is off by less.
SLIP = 1e-9


def cheapest(
    conditions: Conditions, prices: Mapping[Entry, float], budget: Budget, *, led: bool
) -> float | None:
    """The least that the patrols of a complete roster cost, leaders on duty included if ``led``.

    Infinite where the cadences cannot be kept; ``None`` where there is too much to look at, or the
    time is over.
    """
    areas = [(area, kind) for kind in conditions.kinds for area in kind.areas]
    if 2 ** len(areas) > MOST_CHOICES:
        return None
    steps = [_steps(kind, conditions.days) for _, kind in areas]
    last = np.full((1, len(areas)), -1, dtype=np.int64)
    cost = np.zeros(1)
    days = _Days(conditions, prices, led=led)
    looked_at = 0
    for day in range(conditions.days):
        found = days.choices(areas, day)
        if found is None or budget.over():
            return None
        chosen, price = found
        looked_at += len(price) * len(last)
        if len(price) * len(last) > MOST_STEPS or looked_at > MOST_IN_ALL:
            return None
        possible = np.ones((len(last), len(price)), dtype=bool)
        for k, step in enumerate(steps):
            # Whoever waits on the last day may do so until the end.
            goes, waits = step[last[:, k] + 1, day], step[last[:, k] + 1, day + 1 :].any(axis=1)
            possible &= np.where(chosen[:, k], goes.reshape(-1, 1), waits.reshape(-1, 1))
        past, choice = np.nonzero(possible)
        last, cost = _best(np.where(chosen[choice], day, last[past]), cost[past] + price[choice])
    return float(cost.min(initial=np.inf))


def _steps(kind: Kind, days: int) -> Mask:
    """Whether an area may go from one patrol to the next: ``[before + 1, after]``."""
    found: Mask = np.zeros((days + 1, days + 1), dtype=bool)
    for before, after, overdue in kind.arcs:
        if not overdue:
            found[before + 1, after] = True
    return found


def _best(last: Indices, cost: Vector) -> tuple[Indices, Vector]:
    """Of pasts that are alike the cheapest one."""
    code = np.zeros(len(last), dtype=np.int64)
    for column in last.T:
        values, place = np.unique(column, return_inverse=True)
        code = np.unique(code * max(1, len(values)) + place, return_inverse=True)[1]
    least = np.full(int(code.max(initial=-1)) + 1, np.inf)
    np.minimum.at(least, code, cost)
    first = np.unique(code, return_index=True)[1]
    return last[first], least


class _Days:
    """What may be patrolled on single days, and at what price."""

    def __init__(self, conditions: Conditions, prices: Mapping[Entry, float], *, led: bool) -> None:
        self._conditions, self._prices, self._led = conditions, prices, led
        self._limits: dict[int, list[tuple[object, float]]] = {}
        for group, (first, end), most in conditions.limits:
            if first == end:
                self._limits.setdefault(first, []).append((group, most))
        self._rows: dict[int, list[tuple[dict[tuple[str, str], float], float, float]]] = {}
        for row in conditions.rows:
            on = {day for (_, day, _), _ in row.terms}
            if len(on) == 1:
                weights: dict[tuple[str, str], float] = {}
                for (area, _, shift), weight in row.terms:
                    weights[area, shift] = weights.get((area, shift), 0.0) + weight
                low = row.low if row.below is None else -np.inf
                high = row.high if row.above is None else np.inf
                self._rows.setdefault(on.pop(), []).append((weights, low, high))

    def choices(self, areas: list[tuple[str, Kind]], day: int) -> tuple[Mask, Vector] | None:
        """The sets of areas that may be patrolled on a day, each in its cheapest shifts."""
        options = [
            [None, *(shift for shift in self._conditions.shifts if (day, shift) in kind.size)]
            for _, kind in areas
        ]
        if prod(map(len, options)) > MOST_CHOICES:
            return None
        shape = [len(shifts) for shifts in options]
        places = np.indices(shape).reshape(len(areas), prod(shape))

        def added_up(weight: Mapping[tuple[str, str], float]) -> Vector:
            total = np.zeros(places.shape[1])
            for (area, _), shifts, place in zip(areas, options, places, strict=True):
                mine = [0.0 if s is None else weight.get((area, s), 0.0) for s in shifts]
                if any(mine):
                    total += np.array(mine)[place]
            return total

        names = [area for area, _ in areas]
        prices = {
            (area, shift): self._prices[area, day, shift]
            for area, shifts in zip(names, options, strict=True)
            for shift in shifts
            if shift is not None
        }
        cost = added_up(prices)
        for weights, low, high in self._kept(areas, prices, day):
            total = added_up(weights)
            cost[(total < low - SLIP) | (total > high + SLIP)] = np.inf
        patrolled = places > 0
        posts, of_leader = self._conditions.leaders
        if posts and self._led:
            cost[patrolled.any(axis=0)] += of_leader[day]
        code = (1 << np.arange(len(areas))) @ patrolled
        least = np.full(1 << len(areas), np.inf)
        np.minimum.at(least, code, cost)
        some = np.nonzero(np.isfinite(least))[0]
        chosen = (some[:, None] >> np.arange(len(areas))) & 1 > 0
        return chosen, least[some]

    def _kept(
        self,
        areas: list[tuple[str, Kind]],
        prices: Mapping[tuple[str, str], float],
        day: int,
    ) -> Iterator[tuple[Mapping[tuple[str, str], float], float, float]]:
        """What must hold of the patrols of a day, each by area and shift, and between what."""
        known = {area for area, _ in areas}
        for weights, low, high in self._rows.get(day, ()):
            if known.issuperset(area for area, _ in weights):
                yield weights, low, high
        for cap in self._conditions.caps:
            counted = [key for key in prices if cap.counts(*key)]
            for shift in {shift for _, shift in counted} if cap.per == "shift" else {None}:
                mine = {key: 1.0 for key in counted if shift in (None, key[1])}
                yield mine, -np.inf, float(cap.patrols)
        asked: dict[object, dict[tuple[str, str], float]] = {}
        for area, kind in areas:
            for shift in self._conditions.shifts:
                for group, needed in kind.needs.get((day, shift), ()):
                    asked.setdefault(group, {})[area, shift] = float(needed)
        for group, most in self._limits.get(day, ()):
            if group in asked:
                yield asked[group], -np.inf, most
