"""How many patrol duties officers can have, counted from their own rows of a program."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
import numpy.typing as npt

from patrol_scheduler.solver.program import Indices
from patrol_scheduler.solver.roster_level import RosterLevel

Window = tuple[int, int]
"""(first day, last day)."""

# A window counts where the rules speak of it for at least this part of the officers.
COMMON = 0.2
MOST_WINDOWS = 400
UNLIMITED = 10**9


class Capacity:
    """The most patrol duties of each officer, on a day and in the windows that the rules name.

    An upper end, never too low: it holds one row of a program at a time against an officer's free
    days.
    """

    def __init__(self, level: RosterLevel) -> None:
        self._level = level
        self._days = len(level.problem.dates)

    @cached_property
    def a_day(self) -> Indices:
        """The most patrol duties of each officer on each day (officers by days)."""
        return np.minimum(self._free, self._level.most_a_day)

    @cached_property
    def _free(self) -> Indices:
        """The number of shifts in which each officer may be on patrol on each day."""
        cells, program = self._level.cells, self._level.program
        free = np.zeros((len(self._level.problem.officers), self._days), dtype=np.int64)
        mine = cells.patrol_duty & (program.upper > 0)
        np.add.at(free, (cells.officer[mine], cells.day[mine]), 1)
        return free

    @cached_property
    def _spans(self) -> dict[tuple[int, int, int], int]:
        """(officer, first free day, last free day) of rows that limit all duties between them."""
        cells, program = self._level.cells, self._level.program
        owner, covers = cells.owner[program.row_index], self._covers
        starts = program.row_start[:-1]
        if not len(starts):
            return {}
        last_owner = np.maximum.reduceat(owner, starts)
        good = (
            (np.minimum.reduceat(owner, starts) == last_owner)
            & (last_owner >= 0)
            & np.isfinite(program.high)
            & (np.minimum.reduceat(program.row_value, starts) > 0)
        )
        counted = covers[program.row_index]
        day = cells.owner_day[program.row_index]
        first = np.minimum.reduceat(np.where(counted > 0, day, self._days), starts)
        last = np.maximum.reduceat(np.where(counted > 0, day, -1), starts)
        covered = np.add.reduceat(counted, starts)
        lightest = np.minimum.reduceat(program.row_value, starts)
        fixed = program.fixed
        settled = np.add.reduceat(
            np.where(
                fixed[program.row_index],
                program.row_value * program.lower[program.row_index],
                0.0,
            ),
            starts,
        )
        before = np.concatenate((np.zeros((len(self._free), 1), int), self._free.cumsum(1)), axis=1)
        found: dict[tuple[int, int, int], int] = {}
        for row in np.nonzero(good & (first <= last))[0].tolist():
            officer, start, end = int(last_owner[row]), int(first[row]), int(last[row])
            if covered[row] < before[officer, end + 1] - before[officer, start]:
                continue
            most = int((program.high[row] - settled[row]) / lightest[row] + 1e-9)
            key = (officer, start, end)
            found[key] = min(most, found.get(key, UNLIMITED))
        return found

    @cached_property
    def _covers(self) -> Indices:
        """How many of a day's possible patrol duties each column stands for."""
        cells = self._level.cells
        covers = (cells.patrol_duty & (self._level.program.upper > 0)).astype(np.int64)
        whole = cells.whole_day
        covers[whole] = self._free[cells.owner[whole], cells.owner_day[whole]]
        return covers

    @cached_property
    def together(self) -> list[tuple[frozenset[int], Window, int]]:
        """(officers, window, the most patrol duties of them all) of rows about many officers."""
        cells, program = self._level.cells, self._level.program
        starts = program.row_start[:-1]
        if not len(starts):
            return []
        owner = cells.owner[program.row_index]
        most_owner = np.maximum.reduceat(owner, starts)
        least_owner = np.minimum.reduceat(owner, starts)
        good = (
            (least_owner >= 0)
            & (least_owner < most_owner)
            & np.isfinite(program.high)
            & (np.minimum.reduceat(program.row_value, starts) > 0)
        )
        found = []
        for row in np.nonzero(good)[0].tolist():
            entries = slice(program.row_start[row], program.row_start[row + 1])
            columns, weights = program.row_index[entries], program.row_value[entries]
            covers = self._covers[columns]
            if not covers.any():
                continue
            days = cells.owner_day[columns[covers > 0]]
            window = int(days.min()), int(days.max())
            covered = np.bincount(cells.owner[columns], weights=covers, minlength=len(self._free))
            all_of = self._free[:, window[0] : window[1] + 1].sum(axis=1)
            officers = np.nonzero((all_of > 0) & (covered >= all_of))[0]
            settled = float(weights @ np.where(program.fixed[columns], program.lower[columns], 0.0))
            most = int((program.high[row] - settled) / weights.min() + 1e-9)
            found.append((frozenset(officers.tolist()), window, most))
        return found

    @cached_property
    def windows(self) -> list[Window]:
        """The windows of more than one day that limits of many officers speak of."""
        counts = Counter((start, end) for _, start, end in self._spans if end > start)
        least = COMMON * len(self._level.problem.officers)
        common = [window for window, n in counts.most_common(MOST_WINDOWS) if n >= least]
        return sorted(common)

    def within(self, window: Window) -> npt.NDArray[np.int64]:
        """The most patrol duties of each officer in a window."""
        start, end = window
        inside = self.a_day[:, start : end + 1]
        caps = inside.sum(axis=1)
        free = inside > 0
        first = start + free.argmax(axis=1)
        last = end - free[:, ::-1].argmax(axis=1)
        for officer in np.nonzero(caps > 1)[0].tolist():
            most = self._spans.get((officer, int(first[officer]), int(last[officer])))
            if most is not None and most < caps[officer]:
                caps[officer] = most
        return np.asarray(caps, dtype=np.int64)
