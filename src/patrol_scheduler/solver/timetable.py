"""The timetable: on which day and in which shift each area is patrolled, before anyone is named.

Areas that are alike travel together, as a flow through the days: one unit of flow is one area's
sequence of patrols, and an arc from one day to another is a gap that its cadence allows. What the
teams ask of each group of officers, such as the certified ones of an agency, may not exceed what
that group can give on any day and in any window that the rules speak of. A flow in whole numbers
falls apart into one sequence an area, so the program stays small however many areas there are.
Without its smoothing it asks for less than the roster does: its bound is a bound of the roster.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from patrol_scheduler.rules import Level, Rule
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cadences import capped_visits
from patrol_scheduler.solver.condensed import condensed
from patrol_scheduler.solver.conditions import Conditions
from patrol_scheduler.solver.day_by_day import cheapest
from patrol_scheduler.solver.flow import Flow
from patrol_scheduler.solver.program import Vector
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


class Timetable:
    """The dates of all areas of a roster level, as a small program of its own."""

    def __init__(self, level: RosterLevel, rules: tuple[Rule, ...], priced: Level) -> None:
        self._level, self._problem, self._rules = level, level.problem, rules
        self._priced = priced
        self.conditions = Conditions(level, rules, priced)
        # What was too much to look at once is so at other prices, too.
        self._too_long_to_walk = False

    def entries(self, budget: Budget, *, spread: float, strain: Vector) -> set[Entry] | None:
        """The dates, the cheapest whose windows are not filled to the brim.

        ``spread`` weighs how evenly windows are filled against the price of a patrol, and the more
        so the higher the ``strain`` of their days. Where the cadences or the groups allow no
        timetable, the nearest is given.
        """
        for late in (False, True):
            # Where people are short all over, there is no window that could be spared.
            even = 0.0 if late else spread
            model = Flow(self.conditions, late=late, spread=even, strain=strain, led=False)
            values = _as_near_as_can_be(model, budget) if late else _cheapest(model, budget)
            if values is not None:
                return _entries(model, values)
            if (
                self.conditions.caps
                and (visits := capped_visits(self._problem, self._rules)) is not None
            ):
                return set(visits)
        return None

    def drawn_together(
        self, entries: set[Entry], budget: Budget, prices: Mapping[Entry, float] | None = None
    ) -> set[Entry]:
        """The dates moved to where one leader on duty does for several, looking far ahead.

        ``prices`` are what patrols cost, where that is known better than by their size.
        """
        model = Flow(self.conditions, late=False, spread=1.0, prices=prices)
        values = _drawn_together(model, model.patrols_of(entries), budget)
        return entries if values is None else _entries(model, values)

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
        for kind in self.conditions.kinds:
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
        model = Flow(self.conditions, late=False, spread=0.0, led=led, prices=prices)
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
        if not self.conditions.led or self._too_long_to_walk:
            return None
        found = cheapest(
            self.conditions, self.conditions.costs if prices is None else prices, budget, led=led
        )
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
        model = Flow(self.conditions, late=False, spread=0.0)
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
