"""Solutions of demands, duty by duty: what they miss, and the like ones that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.rules import Columns, OneDutyADay

Values = npt.NDArray[np.float64]
Name = tuple[object, ...]
ELSEWHERE = "elsewhere"
"""The place of an officer whose patrol is one of an area that no demand speaks of."""


class Witnesses:
    """Holds solutions against demands, each officer in each patrol by itself.

    A solution is a vector over the yes/no columns of single duties (``on``, ``patrol``, ``member``)
    and over what follows from them. Nothing is counted by kinds of officers here, so what holds a
    solution shares nothing with the program that found it.
    """

    def __init__(self, demands: Demands, asked: Sequence[Demand]) -> None:
        self.asked = tuple(asked)
        self._columns = demands.columns
        self._place: dict[Name, int] = {("no",): 0, ("yes",): 1}
        self._global: dict[int, int] = {Columns.NO: 0, Columns.YES: 1}
        self._follows: list[tuple[int, bool, list[int], list[float]]] = []
        self._areas: dict[tuple[int, str], dict[str, None]] = {}
        places = [
            [[self._at(column) for column, _ in limit.terms] for limit in demand.limits]
            for demand in asked
        ]
        self._seat_everybody()
        rows: list[tuple[int, list[int], list[float], float, float]] = []
        for n, (demand, mine) in enumerate(zip(asked, places, strict=True)):
            if isinstance(demand.rule, OneDutyADay):
                # However the roster level says it: one seat, one post or one patrol elsewhere.
                seats = self._turns_of(str(demand.subject.officer), demand.first)
                rows.append((n, seats, [1.0] * len(seats), -np.inf, 1.0))
                continue
            for limit, columns in zip(demand.limits, mine, strict=True):
                low = -np.inf if limit.at_least is None else float(limit.at_least)
                high = np.inf if limit.at_most is None else float(limit.at_most)
                rows.append((n, columns, [float(w) for _, w in limit.terms], low, high))
        self._owner = np.array([row[0] for row in rows], dtype=np.int64)
        lengths = [len(row[1]) for row in rows]
        self._row_of = np.repeat(np.arange(len(rows)), lengths)
        self._index = np.array([c for row in rows for c in row[1]], dtype=np.int64)
        self._weight = np.array([w for row in rows for w in row[2]])
        self._low = np.array([row[3] for row in rows])
        self._high = np.array([row[4] for row in rows])

    def _at(self, column: int) -> int:
        """The place of a column of the demands."""
        known = self._global.get(column)
        if known is not None:
            return known
        columns = self._columns
        if column in columns.any_parts:
            parts = [self._at(part) for part in columns.any_parts[column]]
            weights = [1.0] * len(parts)
        elif column in columns.sum_parts:
            parts = [self._at(part) for part, _ in columns.sum_parts[column]]
            weights = [float(w) for _, w in columns.sum_parts[column]]
        else:
            place = self._global[column] = self._named(columns.names[column])
            return place
        place = self._global[column] = self._named(("follows", column))
        self._follows.append((place, column in columns.any_parts, parts, weights))
        return place

    def _named(self, name: Name) -> int:
        place = self._place.get(name)
        if place is None:
            place = self._place[name] = len(self._place)
            if name[0] in ("patrol", "member"):
                area, day, shift = name[-3:]
                self._areas.setdefault((int(str(day)), str(shift)), {})[str(area)] = None
        return place

    def _seat_everybody(self) -> None:
        """Seats for whoever may be on patrol, in every area that is spoken of."""
        patrolling: dict[tuple[str, int, str], None] = {}
        for name in list(self._place):
            match name:
                case ("on", str(officer), int(day), str(shift), None):
                    patrolling[officer, day, shift] = None
                case ("member", str(officer), _, int(day), str(shift)):
                    patrolling[officer, day, shift] = None
        for officer, day, shift in patrolling:
            self._named(("on", officer, day, shift, None))
            for area in self._areas.get((day, shift), {}):
                self._named(("member", officer, area, day, shift))
                self._named(("patrol", area, day, shift))
            self._named((ELSEWHERE, officer, day, shift))

    def _turns_of(self, officer: str, day: int) -> list[int]:
        """Every single duty of an officer on a day."""
        return [
            place
            for name, place in self._by_officer.get((officer, day), ())
            if name[0] in ("member", ELSEWHERE) or (name[0] == "on" and name[4] is not None)
        ]

    @cached_property
    def _by_officer(self) -> dict[tuple[str, int], list[tuple[Name, int]]]:
        found: dict[tuple[str, int], list[tuple[Name, int]]] = {}
        day_at = {"on": 2, "member": 3, ELSEWHERE: 2}
        for name, place in self._place.items():
            at = day_at.get(str(name[0]))
            if at is not None:
                found.setdefault((str(name[1]), int(str(name[at]))), []).append((name, place))
        return found

    def vector(self, yes: Iterable[Name]) -> Values | None:
        """The solution in which these single duties and patrols take place, and no others.

        Patrols of areas that no demand speaks of are all one: elsewhere. ``None`` where it is no
        solution: a duty that nobody could have, or somebody on patrol duty in no patrol.
        """
        values = np.zeros(len(self._place))
        values[1] = 1.0
        on, seated = set[Name](), set[Name]()
        for name in yes:
            place = self._place.get(name)
            if name[0] == "on" and name[4] is None:
                on.add(name[1:4])
            elif name[0] == "member":
                seated.add((name[1], *name[3:]))
                if place is None:
                    place = self._place.get((ELSEWHERE, name[1], *name[3:]))
            if place is not None:
                values[place] = 1.0
            elif name[0] != "patrol":
                return None
        return self._settled(values) if on == seated else None

    def _settled(self, values: Values) -> Values:
        for place, is_any, parts, weights in self._follows:
            of_parts = values[parts]
            values[place] = of_parts.max() if is_any else of_parts @ np.array(weights)
        return values

    def missed(self, values: Values) -> frozenset[int]:
        """The numbers of the demands that a solution does not meet."""
        activity = np.bincount(
            self._row_of, weights=self._weight * values[self._index], minlength=len(self._low)
        )
        bad = (activity < self._low - 1e-6) | (activity > self._high + 1e-6)
        return frozenset(self._owner[bad].tolist())

    def exchanged(self, values: Values, one: str, other: str) -> Values | None:
        """The solution with two officers, or two areas, in each other's place."""
        rows = self._rows.get(one), self._rows.get(other)
        if rows[0] is None or rows[1] is None:
            return None
        found = values.copy()
        found[rows[0]], found[rows[1]] = values[rows[1]], values[rows[0]]
        found[0] = 0.0
        if found[self._base].sum() != values[self._base].sum():
            return None  # a duty that the other cannot have
        return self._settled(found)

    @cached_property
    def _base(self) -> npt.NDArray[np.int64]:
        return np.array([p for n, p in self._place.items() if n[0] != "follows"], dtype=np.int64)

    @cached_property
    def _rows(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """Per officer and area the places of what is theirs, in one order; 0 where there is none.

        An id that an officer shares with an area is left out.
        """
        keyed: tuple[dict[str, dict[Name, int]], ...] = ({}, {})
        for name, place in self._place.items():
            match name:
                case ("on" | "elsewhere", str(officer), *rest):
                    keyed[0].setdefault(officer, {})[(name[0], *rest)] = place
                case ("member", str(officer), str(area), *rest):
                    keyed[0].setdefault(officer, {})[("member", area, *rest)] = place
                    keyed[1].setdefault(area, {})[("member", officer, *rest)] = place
                case ("patrol", str(area), *rest):
                    keyed[1].setdefault(area, {})[("patrol", *rest)] = place
        found: dict[str, npt.NDArray[np.int64]] = {}
        both = keyed[0].keys() & keyed[1].keys()
        for table in keyed:
            order = dict.fromkeys(key for mine in table.values() for key in mine)
            for subject, mine in table.items():
                if subject not in both:
                    found[subject] = np.array([mine.get(k, 0) for k in order], dtype=np.int64)
        return found
