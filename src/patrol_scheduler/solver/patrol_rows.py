"""What the rules ask of patrols alone, read from the rows of a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.rules import CadenceRule, Level, PatrolsAtMost, Rule, TeamRule, WithinPhase
from patrol_scheduler.solver.cells import Cells
from patrol_scheduler.solver.program import Mask, Program
from patrol_scheduler.solver.roster_level import Entry

# These are told by the flow of the timetable itself.
TOLD = (CadenceRule, PatrolsAtMost, TeamRule, WithinPhase)


@dataclass(frozen=True)
class PatrolRow:
    """A row over patrols: ``low <= sum of weight times patrol <= high``.

    ``below`` and ``above`` are the prices of a unit outside, which ``slacks``, columns of the
    program, count; ``None``: the bound holds.
    """

    terms: tuple[tuple[Entry, float], ...]
    low: float
    high: float
    below: float | None = None
    above: float | None = None
    slacks: tuple[int, ...] = ()

    @property
    def day_of_one_area(self) -> tuple[str, int] | None:
        """The area and the day, where the row looks at one day of one area only."""
        found = {(area, day) for (area, day, _), _ in self.terms}
        return found.pop() if len(found) == 1 else None

    @property
    def is_must(self) -> bool:
        """Whether the area of a row about one day has to be patrolled on it."""
        return self.below is None and self.low > 0 and all(weight > 0 for _, weight in self.terms)


def patrol_rows(
    program: Program, cells: Cells, rules: Sequence[Rule], priced: Level
) -> Iterator[PatrolRow]:
    """Every patrol that must be, and every row over patrols, or days with a patrol, of areas.

    Rows that may be missed are given where a miss is priced on the level ``priced``.
    """
    known = _patrols_of(program, cells)
    for column in np.nonzero(cells.patrol & (program.lower > 0))[0].tolist():
        yield PatrolRow(((_entry(program, column), 1.0),), 1.0, np.inf)
    for column, entries in known.items():
        if entries and program.lower[column] > 0 and column in program.columns.any_parts:
            yield PatrolRow(tuple((entry, 1.0) for entry in entries), 1.0, np.inf)
    told = {place for place, rule in enumerate(rules) if isinstance(rule, TOLD)}
    speaks = np.zeros(program.width, dtype=bool)
    speaks[list(known)] = True
    speaks |= program.fixed
    speaks[program.slacks.columns] = True
    starts = program.row_start[:-1]
    if not len(starts):
        return
    only = np.logical_and.reduceat(speaks[program.row_index], starts)
    only &= ~np.isin(program.stated_by, [-1, *told])
    slacks = _slacks(program, only)
    for row in np.nonzero(only)[0].tolist():
        mine = slacks.get(row, {})
        prices = {above: float(program.cost[priced][column]) for above, column in mine.items()}
        if mine and not any(prices.values()):
            continue
        weights: dict[Entry, float] = {}
        settled = 0.0
        for i in range(program.row_start[row], program.row_start[row + 1]):
            column, weight = int(program.row_index[i]), float(program.row_value[i])
            if column in mine.values():
                continue
            if program.fixed[column]:
                settled += weight * float(program.lower[column])
                continue
            for entry in known[column]:
                weights[entry] = weights.get(entry, 0.0) + weight
        if weights:
            yield PatrolRow(
                tuple(weights.items()),
                float(program.low[row]) - settled,
                float(program.high[row]) - settled,
                prices.get(False),
                prices.get(True),
                tuple(mine.values()),
            )


def _patrols_of(program: Program, cells: Cells) -> dict[int, list[Entry]]:
    """The patrols that each column counts: itself, or, for one day of one area, all of them."""
    found: dict[int, list[Entry]] = {}
    for column in np.nonzero(cells.patrol & ~program.fixed)[0].tolist():
        found[column] = [_entry(program, column)]
    for column, parts in program.columns.any_parts.items():
        # Of the shifts of one day at most one has a patrol of the area, so any is their sum.
        entries = [entry for part in parts if part in found for entry in found[part]]
        settled = all(part in found or program.upper[part] == 0 for part in parts)
        if settled and len({entry[:2] for entry in entries}) <= 1:
            found[column] = entries
    return found


def _entry(program: Program, column: int) -> Entry:
    """The patrol of a column."""
    _, area, day, shift = program.columns.names[column]
    return str(area), int(str(day)), str(shift)


def _slacks(program: Program, rows: Mask) -> dict[int, dict[bool, int]]:
    """The slack columns of some rows, by whether they lie above."""
    found: dict[int, dict[bool, int]] = {}
    slacks = program.slacks
    for place in np.nonzero(rows[slacks.rows])[0].tolist():
        mine = found.setdefault(int(slacks.rows[place]), {})
        mine[bool(slacks.above[place])] = int(slacks.columns[place])
    return found
