"""The cheapest rosters of one officer at given prices: paths through a network, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from patrol_scheduler.solver.program import Mask, Vector
from patrol_scheduler.solver.rosters.network import UNBOUNDED, Integers, Network

LEAST_REACH, MOST_REACH = 0.5, 100.0
WORST = 1e12
MOST_SUMS = 1000
"""Pairs of exact sums that are told apart."""
LABELS = 400_000
"""Partial rosters that one search may hold; beyond that its answer is no proof."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What a search for cheap rosters found: paths, cheapest first, and a bound of all of them."""

    paths: Integers
    costs: Vector
    bound: float
    complete: bool
    """Whether no roster cheaper than asked is missing but dominated ones."""


@dataclass(frozen=True, slots=True)
class Decision:
    """That an officer's roster has one of some duties of a day, or none of them."""

    officer: int
    day: int
    columns: tuple[int, ...]
    yes: bool

    @property
    def other(self) -> Decision:
        """The opposite."""
        return Decision(self.officer, self.day, self.columns, not self.yes)

    def kept(self, held: frozenset[int]) -> bool:
        """Whether a roster with these columns keeps it."""
        return held.isdisjoint(self.columns) != self.yes


class Pricer:
    """Searches one officer's network again and again."""

    def __init__(self, network: Network) -> None:
        self.network = network
        width = network.use.shape[1]
        arcs = len(network.arc_to)
        self._steps, self._top, self._bottom = np.zeros(arcs, dtype=np.int64), 0, 0
        if network.level >= 0:
            self._steps = np.ascontiguousarray(network.use[:, network.level] // network.unit)
            self._top = int(network.upper[network.level] // network.unit)
            self._bottom = int(-(-network.lower[network.level] // network.unit))
        # A second sum with a small limit, such as weekends, is told apart exactly, too.
        second = _small(network, MOST_SUMS // (self._top + 1))
        self._second, self._wide = np.zeros(arcs, dtype=np.int64), 1
        if second >= 0:
            self._second = np.ascontiguousarray(network.use[:, second])
            self._wide = int(network.upper[second]) + 1
        apart = {network.level, second}
        others = np.array([r for r in range(width) if r not in apart], dtype=np.int64)
        self._use = np.ascontiguousarray(network.use[:, others])
        self._lower, self._upper = network.lower[others], network.upper[others]
        self._least = np.ascontiguousarray(network.least[:, others])
        self._most = np.ascontiguousarray(network.most[:, others])
        self._reach = LEAST_REACH
        self._masks: dict[Decision, Mask] = {}

    def cheapest(
        self, price: Vector, below: float, most: int = 10, *, banned: Mask | None = None
    ) -> Priced:
        """Up to ``most`` rosters that cost less than ``below``, of all without ``banned`` arcs."""
        network = self.network
        cost = network.prices(price)
        if banned is not None:
            cost[banned] = np.inf
        ahead = _ahead(
            network.layer,
            network.arc_start,
            network.arc_to,
            cost,
            self._steps,
            self._second,
            self._bottom,
            self._top,
            self._wide,
        )
        bound = float(ahead[0, 0])
        if bound >= below:
            return Priced(np.zeros((0, network.days), dtype=np.int64), np.zeros(0), bound, True)
        # What is cheap is looked for first among what is cheapest: few partial rosters get there.
        reach = self._reach
        while True:
            limit = min(below, bound + reach)
            paths, costs, complete = _labelled(
                network.layer,
                network.arc_start,
                network.arc_to,
                cost,
                self._steps,
                self._second,
                self._top,
                self._wide,
                ahead,
                self._use,
                self._lower,
                self._upper,
                self._least,
                self._most,
                limit,
                most,
                LABELS,
            )
            if len(costs) or not complete or limit >= min(below, WORST):
                break
            reach *= 4
        if len(costs):
            self._reach = min(MOST_REACH, max(LEAST_REACH, 1.2 * (float(costs[0]) - bound)))
        if complete:
            beyond = limit if limit < WORST else np.inf
            bound = max(bound, float(costs[0]) if len(costs) else beyond)
        return Priced(paths, costs, bound, complete)

    def banned(self, decisions: Sequence[Decision]) -> Mask:
        """The arcs that some decision rules out."""
        mask = np.zeros(len(self.network.arc_to), dtype=bool)
        for one in decisions:
            ruled_out = self._masks.get(one)
            if ruled_out is None:
                ruled_out = self._masks[one] = self._ruled_out(one)
            mask |= ruled_out
        return mask

    def _ruled_out(self, one: Decision) -> Mask:
        network = self.network
        cells = len(network.cell_start) - 1
        cell_of = np.repeat(np.arange(cells), np.diff(network.cell_start))
        having = np.zeros(cells, dtype=bool)
        having[cell_of[np.isin(network.cell_columns, one.columns)]] = True
        has = having[network.arc_cell]
        if not one.yes:
            return has
        mask = np.zeros(len(has), dtype=bool)
        states = network.layer[one.day], network.layer[one.day + 1]
        arcs = slice(network.arc_start[states[0]], network.arc_start[states[1]])
        mask[arcs] = ~has[arcs]
        return mask


def _small(network: Network, most: int) -> int:
    """The resource with the least limit, above only, of fewer than ``most`` sums; or -1."""
    found = [
        (int(upper), r)
        for r, (lower, upper) in enumerate(zip(network.lower, network.upper, strict=True))
        if lower == -UNBOUNDED and 0 <= upper < most and network.use[:, r].min(initial=0) >= 0
    ]
    return min((r for r in found if r[1] != network.level), default=(0, -1))[1]


@njit(cache=True, nogil=True)
def _ahead(  # type: ignore[no-untyped-def]  # numba reads the arguments
    layer, arc_start, arc_to, cost, steps, second, bottom, top, wide
):
    """The least cost from each state and exact sums on to an allowed end; resources left out."""
    states = layer[-1]
    found = np.full((states, (top + 1) * wide), np.inf)
    for state in range(layer[-2], states):
        for sums in range(max(0, bottom) * wide, (top + 1) * wide):
            found[state, sums] = 0.0
    for state in range(layer[-2] - 1, -1, -1):
        for arc in range(arc_start[state], arc_start[state + 1]):
            if cost[arc] == np.inf:
                continue
            to, add = arc_to[arc], steps[arc] * wide + second[arc]
            for level in range(top + 1 - steps[arc]):
                for sums in range(level * wide, (level + 1) * wide - second[arc]):
                    value = cost[arc] + found[to, sums + add]
                    if value < found[state, sums]:
                        found[state, sums] = value
    return found


@njit(cache=True, nogil=True)
def _labelled(  # type: ignore[no-untyped-def]  # numba reads the arguments
    layer,
    arc_start,
    arc_to,
    cost,
    steps,
    second,
    top,
    wide,
    ahead,
    use,
    lower,
    upper,
    least,
    most,
    below,
    wanted,
    capacity,
):
    """Extend partial rosters day by day, those that can still end below the limit."""
    days, width = len(layer) - 2, use.shape[1]
    size_of_sums = (top + 1) * wide
    size = 4096
    value = np.empty(size)
    state = np.empty(size, np.int64)
    level = np.empty(size, np.int64)
    parent = np.empty(size, np.int64)
    taken = np.empty(size, np.int64)
    follow = np.empty(size, np.int64)
    gone = np.zeros(size, np.bool_)
    sums = np.empty((size, width), np.int64)
    value[0], state[0], level[0], parent[0], taken[0] = 0.0, 0, 0, -1, -1
    sums[0, :] = 0
    first, last = 0, 1
    complete = True
    mine = np.empty(width, np.int64)
    for day in range(days):
        base = layer[day + 1]
        head = np.full((layer[day + 2] - base) * size_of_sums, -1, np.int64)
        count = last
        for label in range(first, last):
            if gone[label]:
                continue
            here = state[label]
            for arc in range(arc_start[here], arc_start[here + 1]):
                if level[label] % wide + second[arc] >= wide:
                    continue
                now = level[label] + steps[arc] * wide + second[arc]
                if now >= size_of_sums:
                    continue
                to, price = arc_to[arc], value[label] + cost[arc]
                if price + ahead[to, now] >= below:
                    continue
                legal = True
                for r in range(width):
                    total = sums[label, r] + use[arc, r]
                    if total + least[to, r] > upper[r] or total + most[to, r] < lower[r]:
                        legal = False
                        break
                    # Sums that can no longer reach a bound are all the same.
                    if lower[r] == -UNBOUNDED:
                        total = max(total, upper[r] - most[to, r])
                    elif upper[r] == UNBOUNDED:
                        total = min(total, lower[r] - least[to, r])
                    mine[r] = total
                if not legal:
                    continue
                bucket = (to - base) * size_of_sums + now
                other = head[bucket]
                worse = False
                while other >= 0:
                    if not gone[other]:
                        under, over = value[other] <= price, price <= value[other]
                        for r in range(width):
                            if upper[r] != UNBOUNDED:
                                under &= sums[other, r] <= mine[r]
                                over &= mine[r] <= sums[other, r]
                            if lower[r] != -UNBOUNDED:
                                under &= sums[other, r] >= mine[r]
                                over &= mine[r] >= sums[other, r]
                        if under:
                            worse = True
                            break
                        if over:
                            gone[other] = True
                    other = follow[other]
                if worse:
                    continue
                if count == capacity:
                    complete = False
                    continue
                if count == size:
                    more = np.empty(size)
                    value = np.concatenate((value, more))
                    ints = np.empty(size, np.int64)
                    state = np.concatenate((state, ints))
                    level = np.concatenate((level, ints))
                    parent = np.concatenate((parent, ints))
                    taken = np.concatenate((taken, ints))
                    follow = np.concatenate((follow, ints))
                    gone = np.concatenate((gone, np.zeros(size, np.bool_)))
                    sums = np.concatenate((sums, np.empty((size, width), np.int64)))
                    size *= 2
                value[count], state[count], level[count] = price, to, now
                parent[count], taken[count], gone[count] = label, arc, False
                for r in range(width):
                    sums[count, r] = mine[r]
                follow[count] = head[bucket]
                head[bucket] = count
                count += 1
        first, last = last, count
    ends = np.empty(last - first, np.int64)
    n = 0
    for label in range(first, last):
        if not gone[label]:
            ends[n] = label
            n += 1
    ends = ends[:n]
    order = np.argsort(value[ends])[:wanted]
    paths = np.empty((len(order), days), np.int64)
    costs = np.empty(len(order))
    for i in range(len(order)):
        label = ends[order[i]]
        costs[i] = value[label]
        for day in range(days - 1, -1, -1):
            paths[i, day] = taken[label]
            label = parent[label]
    return paths, costs, complete
