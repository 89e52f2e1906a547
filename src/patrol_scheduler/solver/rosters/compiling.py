"""Reads a program as networks: one for each officer, and the rows that link them.

Every row of the program whose columns all belong to one officer is compiled, whichever rule stated
it. A row that spans at most ``WINDOW`` days becomes part of the state: what it still allows. A
longer one (hours or weekends in the plan) becomes a resource, a sum that a path adds up. What is
left, rows over several officers or with a price, links the officers' rosters and stays with the
master program, where any linear row is understood; so no rule is ever left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from patrol_scheduler.rules import Columns
from patrol_scheduler.solver.program import Indices, Program
from patrol_scheduler.solver.rosters.network import UNBOUNDED, Network, assembled

WINDOW = 16
"""Rows over at most so many days are held by the states."""
MOST_STATES = 4000


@dataclass(frozen=True)
class Compiled:
    """A program as officers' networks, and the rows that link them.

    ``static`` are the columns that belong to no officer, slack columns included.
    """

    networks: tuple[Network, ...]
    linking: Indices
    static: Indices


def compiled(program: Program, officers: dict[str, int], days: int) -> Compiled | None:
    """The networks of a program; nothing where it is not of the kind.

    It is of the kind when all that is decided is who has which post duty, and nobody can have two
    on one day.
    """
    reader = _Reader(program, officers, days)
    return reader.compiled()


@dataclass
class _Own:
    """One officer's part of the program, as it is read."""

    allowed: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Day: (option, column) of each duty that is possible."""
    forced: set[int] = field(default_factory=set)
    short: dict[int, list[int]] = field(default_factory=dict)
    """First day: residual rows that begin on it."""
    long: dict[frozenset[tuple[int, int]], tuple[int, int]] = field(default_factory=dict)
    """(column, weight) of each term: at least, at most."""
    gone: set[int] = field(default_factory=set)
    """Duties that some row alone forbids."""


class _Residuals:
    """Rows as they stand on a day: bounds, and what each option of each later day adds."""

    def __init__(self) -> None:
        self._number: dict[tuple[object, ...], int] = {}
        self._rows: list[tuple[int, int, tuple[tuple[int, ...], ...], int, int]] = []
        self._next: dict[tuple[int, int], int] = {}

    def number(self, low: int, high: int, adds: tuple[tuple[int, ...], ...]) -> int:
        """The number of a row; -1 where it cannot be kept, -2 where it cannot be broken."""
        least, most = sum(min(day) for day in adds), sum(max(day) for day in adds)
        if least > high or most < low:
            return -1
        if least >= low and most <= high:
            return -2
        # Bounds beyond reach are all the same.
        key = (max(low, least), min(high, most), adds)
        found = self._number.get(key)
        if found is None:
            found = self._number[key] = len(self._rows)
            self._rows.append((key[0], key[1], adds, least, most))
        return found

    def after(self, row: int, option: int) -> int:
        """The row after a day on which ``option`` was taken."""
        key = (row, option)
        found = self._next.get(key)
        if found is None:
            low, high, adds, _, _ = self._rows[row]
            add = adds[0][option]
            found = self._next[key] = self.number(low - add, high - add, adds[1:])
        return found


class _Reader:
    def __init__(self, program: Program, officers: dict[str, int], days: int) -> None:
        self._program, self._officers, self._days = program, officers, days
        self._names = program.columns.names
        self._options: dict[tuple[object, object], int] = {}
        self._residuals = _Residuals()
        self._of = np.full(program.width, -1, dtype=np.int64)
        self._place: dict[int, tuple[int, int]] = {}  # column -> (day, option)
        self._parts: dict[int, tuple[int, ...]] = {}  # any column -> its duties
        self._above: dict[int, list[int]] = {}  # duty -> the any columns it is a part of
        self._long_any: set[int] = set()
        self._transitions: dict[tuple[frozenset[int], frozenset[int], int], frozenset[int] | None]
        self._transitions = {}

    def compiled(self) -> Compiled | None:
        own = self._read_columns()
        if own is None:
            return None
        linking, exclusive = self._read_rows(own)
        for officer, mine in enumerate(own):
            for day, allowed in mine.allowed.items():
                if len(allowed) > 1 and (officer, day) not in exclusive:
                    return None
        networks = []
        for officer, mine in enumerate(own):
            if mine.forced & mine.gone:  # no roster is legal
                return None
            network = self._network(officer, mine)
            if network is None:
                return None
            networks.append(network)
        static = np.setdiff1d(np.nonzero(self._of < 0)[0], [Columns.NO, Columns.YES])
        return Compiled(tuple(networks), np.array(linking, dtype=np.int64), static)

    def _read_columns(self) -> list[_Own] | None:
        own = [_Own() for _ in self._officers]
        program = self._program
        for column, name in enumerate(self._names):
            if name[0] in ("patrol", "member"):
                return None
            if name[0] != "on":
                continue
            _, officer, day, shift, post = name
            number, when = self._officers[str(officer)], int(str(day))
            option = 1 + self._options.setdefault((shift, post), len(self._options))
            self._of[column] = number
            self._place[column] = (when, option)
            if program.upper[column] > 0:
                own[number].allowed.setdefault(when, []).append((option, column))
            if program.lower[column] > 0:
                own[number].forced.add(column)
        # What else is decided belongs to no officer's roster, and would have to be searched, too.
        apart = program.integer & (self._of < 0)
        apart[[Columns.NO, Columns.YES, *program.columns.any_parts]] = False
        if apart.any():
            return None
        for column in sorted(program.columns.any_parts):
            if not self._read_any(column):
                return None
        return own

    def _read_any(self, column: int) -> bool:
        """Read a column that is yes when any part is; whether it could be."""
        duties: set[int] = set()
        for part in self._program.columns.any_parts[column]:
            if part == Columns.YES:
                return False
            if part != Columns.NO:
                duties |= set(self._parts.get(part, (part,)))
        owners = {int(self._of[duty]) for duty in duties}
        if len(owners) != 1 or -1 in owners:
            return False
        self._of[column] = owners.pop()
        self._parts[column] = tuple(sorted(duties))
        for duty in duties:
            self._above.setdefault(duty, []).append(column)
        if len({self._place[duty][0] for duty in duties}) > 1:
            self._long_any.add(column)
        return True

    def _read_rows(self, own: list[_Own]) -> tuple[list[int], set[tuple[int, int]]]:
        """Give each officer its rows; the others, and the days that hold one duty at most."""
        program = self._program
        linking, exclusive = list[int](), set[tuple[int, int]]()
        start, index = program.row_start.tolist(), program.row_index.tolist()
        value, scale = program.row_value.tolist(), program.scale.tolist()
        low, high = program.low.tolist(), program.high.tolist()
        of = self._of.tolist()
        for row in range(program.height):
            terms, least, most = dict[int, int](), low[row] * scale[row], high[row] * scale[row]
            owner = -2
            for i in range(start[row], start[row + 1]):
                column, weight = index[i], round(value[i] * scale[row])
                if column == Columns.YES:
                    least, most = least - weight, most - weight
                elif column != Columns.NO:
                    terms[column] = weight
                    owner = of[column] if owner in (-2, of[column]) else -1
            if owner == -1:
                linking.append(row)
            elif owner >= 0:
                self._read_own(owner, own[owner], terms, least, most, exclusive)
        for column, parts in self._parts.items():
            mine = own[of[column]]
            if program.upper[column] == 0:
                mine.gone |= set(parts)
            elif program.lower[column] > 0:
                self._read_own(of[column], mine, {column: 1}, 1, UNBOUNDED, exclusive)
        for mine in own:
            for day, allowed in mine.allowed.items():
                mine.allowed[day] = [(k, c) for k, c in allowed if c not in mine.gone]
        return linking, exclusive

    def _read_own(
        self,
        officer: int,
        mine: _Own,
        terms: dict[int, int],
        low: float,
        high: float,
        exclusive: set[tuple[int, int]],
    ) -> None:
        if self._defines(officer, terms, low, high, exclusive):
            return
        least = int(max(low, -UNBOUNDED))
        most = int(min(high, UNBOUNDED))
        if min(terms.values()) > 0:
            for column, weight in terms.items():
                if weight > most:
                    mine.gone |= set(self._parts.get(column, (column,)))
        if any(column in self._long_any for column in terms):
            self._add_long(mine, terms, least, most)
            return
        adds: dict[int, list[int]] = {}
        for column, weight in terms.items():
            for duty in self._parts.get(column, (column,)):
                day, option = self._place[duty]
                adds.setdefault(day, [0] * (1 + len(self._options)))[option] += weight
        first, last = min(adds), max(adds)
        none = [0] * (1 + len(self._options))
        spread = tuple(tuple(adds.get(day, none)) for day in range(first, last + 1))
        if last - first >= WINDOW:
            self._add_long(mine, terms, least, most)
        else:
            row = self._residuals.number(least, most, spread)
            if row != -2:
                mine.short.setdefault(first, []).append(row)

    def _add_long(self, mine: _Own, terms: dict[int, int], low: int, high: int) -> None:
        """Add a resource; rows over the same sum share one."""
        key = frozenset(terms.items())
        least, most = mine.long.get(key, (-UNBOUNDED, UNBOUNDED))
        mine.long[key] = (max(least, low), min(most, high))

    def _defines(
        self,
        officer: int,
        terms: dict[int, int],
        low: float,
        high: float,
        exclusive: set[tuple[int, int]],
    ) -> bool:
        """Whether a row only says what an ``any`` column is."""
        down = [column for column, weight in terms.items() if weight == -1]
        if len(down) != 1 or down[0] not in self._parts:
            return False
        column = down[0]
        others = {c for c, weight in terms.items() if weight == 1}
        parts = {p for p in self._program.columns.any_parts[column] if p != Columns.NO}
        if len(others) + 1 != len(terms) or not others <= parts:
            return False
        if low == 0 and others == parts:
            if high == 0 and column not in self._long_any:
                exclusive.add((officer, self._place[self._parts[column][0]][0]))
            return (high == 0 and column not in self._long_any) or high > len(parts)
        return low < -1 and high == 0 and len(others) == 1

    def _network(self, officer: int, mine: _Own) -> Network | None:
        """The officer's layers; nothing where the states are too many."""
        layers: list[dict[tuple[frozenset[int], frozenset[int]], int]] = []
        nothing: frozenset[int] = frozenset()
        layers.append({(nothing, nothing): 0})
        arcs: list[list[tuple[int, int, int]]] = []  # per day (from, to, cell)
        cells: dict[tuple[int, ...], int] = {}
        ends = {
            column: max(self._place[p][0] for p in self._parts[column])
            for column in self._long_any
            if self._of[column] == officer
        }
        for day in range(self._days):
            begin = frozenset(mine.short.get(day, ()))
            if -1 in begin:
                begin, choices = nothing, []
            else:
                choices = self._choices(mine, day)
            ahead: dict[tuple[frozenset[int], frozenset[int]], int] = {}
            made: list[tuple[int, int, int]] = []
            for (rows, seen), number in layers[-1].items():
                for option, column in choices:
                    after = self._after(rows, begin, option)
                    if after is None:
                        continue
                    yes, now = [], seen
                    if column >= 0:
                        yes = [column]
                        for above in self._above.get(column, ()):
                            if above not in self._long_any:
                                yes.append(above)
                            elif above not in seen:
                                yes.append(above)
                                now |= {above}
                    if now:
                        now = frozenset(above for above in now if ends[above] > day)
                    target = ahead.setdefault((after, now), len(ahead))
                    cell = cells.setdefault(tuple(yes), len(cells))
                    made.append((number, target, cell))
            if len(ahead) > MOST_STATES:
                return None
            layers.append(ahead)
            arcs.append(made)
        sizes = [len(layer) for layer in layers]
        return assembled(officer, self._days, sizes, arcs, cells, mine.long)

    def _choices(self, mine: _Own, day: int) -> list[tuple[int, int]]:
        """(option, column) of what the officer can do on a day; option 0 is nothing."""
        allowed = mine.allowed.get(day, [])
        forced = [(option, column) for option, column in allowed if column in mine.forced]
        return forced or [(0, -1), *allowed]

    def _after(
        self, rows: frozenset[int], begin: frozenset[int], option: int
    ) -> frozenset[int] | None:
        key = (rows, begin, option)
        if key in self._transitions:
            return self._transitions[key]
        found: set[int] = set()
        result: frozenset[int] | None = None
        for row in rows | begin:
            after = self._residuals.after(row, option)
            if after == -1:
                break
            if after >= 0:
                found.add(after)
        else:
            result = frozenset(found)
        self._transitions[key] = result
        return result
