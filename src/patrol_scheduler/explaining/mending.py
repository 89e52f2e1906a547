"""A complete roster of a changed plan: the least-bad one mended around its gaps, or a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Mask, Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters import improve_by_rosters
from patrol_scheduler.solver.search import Searcher
from patrol_scheduler.solver.timetable import Timetable

REACHES = (2, 7)
"""Days around a gap that are solved anew, the few first."""
LOCAL = 0.5
"""Where more than this part of the days would be solved anew, a new roster is as soon made."""
SECONDS = 20.0
NODES = 40
WIDEST_SEARCH = 50_000
"""A program with more columns is not searched as a whole: it would take all the time there is."""


class Mender:
    """Makes complete rosters of changed plans, from the least-bad roster of the plan itself."""

    def __init__(self, roster: Roster | None, gap_dates: Collection[dt.date]) -> None:
        self._roster, self._gap_dates = roster, frozenset(gap_dates)

    def complete(self, plan: Problem, budget: Budget) -> Roster | None:
        """A complete roster of a changed plan, or ``None`` where none is found in the time.

        What has passed the check is complete however it was found; what is not found may be there
        all the same.
        """
        rules = rules_of(plan)
        level = RosterLevel(plan, rules, soften=False)
        if level.program.contradicts_itself:
            return None
        x = self._solution(level, budget)
        if x is None:
            return None
        roster = with_rests(plan, rules, level.roster(x, level.teams_of(x)))
        return roster if check(plan, roster).complete else None

    def _solution(self, level: RosterLevel, budget: Budget) -> Vector | None:
        goal = Goal("roster", {Level.FAIRNESS: 1.0}, {})
        constructor = Constructor(level, level.rules, budget)
        around = self._around(level)
        if around:
            for days in around:
                found = self._solved_anew(level, days[level.cells.day], budget)
                x = None if found is None else constructor.repaired(goal, found)
                if x is not None:
                    return x
            # A mended level may hold more shifts exactly than before: its columns are others.
            if _impossible_alone(level, around[-1][level.cells.day], budget):
                return None
        by_rosters = improve_by_rosters(level, goal, None, budget, first_only=True)
        if by_rosters is not None:
            return by_rosters[0]
        if level.problem.areas:
            constructor.table = Timetable(level, level.rules, goal.level)
            if constructor.table.bound(budget, led=False) == np.inf:
                return None
        x = constructor.first(goal)
        if x is None and not constructor.shown_none and level.program.width < WIDEST_SEARCH:
            searcher = Searcher(level, budget, seed=0, workers=1)
            x, _ = searcher.anywhere(budget.left())
            x = None if x is None else constructor.repaired(goal, x)
        return x

    def _around(self, level: RosterLevel) -> Sequence[Mask]:
        """The days around the gaps, day by day whether they are, where those are few."""
        plan = level.problem
        if self._roster is None or not self._gap_dates:
            return ()
        found = []
        for reach in REACHES:
            days = np.zeros(len(plan.dates) + 1, dtype=bool)
            for date in self._gap_dates:
                day = plan.day(date)
                days[max(0, day - reach) : day + reach + 1] = True
            days[-1] = False  # of no day
            if days.sum() <= LOCAL * len(plan.dates):
                found.append(days)
        return found

    def _solved_anew(self, level: RosterLevel, free: Mask, budget: Budget) -> Vector | None:
        """A solution in which only some columns are other than in the least-bad roster."""
        assert self._roster is not None  # noqa: S101  # else there are no days around its gaps
        part = level.program.part(free, level.solution_of(self._roster))
        found = highs.search(part, {}, budget, seconds=SECONDS, nodes=NODES, quick=True).x
        return found if found is not None and level.program.keeps(found) else None


def _impossible_alone(level: RosterLevel, free: Mask, budget: Budget) -> bool:
    """Whether some days cannot be filled, whatever lies around them."""
    part = level.program.alone(free, level.program.lower)
    answer = highs.search(part, {}, budget, seconds=SECONDS, nodes=NODES, quick=True)
    return answer.status == "infeasible"
