"""A complete roster of a changed plan: the least-bad one mended around its gaps, or a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
"""A program with more columns is not searched at once: it would take all the time there is."""


ANY = Goal("roster", {Level.FAIRNESS: 1.0}, {})
"""Any complete roster will do."""


@dataclass(frozen=True)
class Attempt:
    """What became of an attempt: a complete roster, or whether no further search would find one."""

    roster: Roster | None
    decided: bool


class Mender:
    """Makes complete rosters of changed plans, from the least-bad roster of the plan itself."""

    def __init__(self, roster: Roster | None, gap_dates: Collection[dt.date]) -> None:
        self._roster, self._gap_dates = roster, frozenset(gap_dates)
        self._seconds_to_build = 0.0  # of the last plan; with less than that none is begun

    def complete(self, plan: Problem, budget: Budget) -> Attempt:
        """A complete roster of a changed plan, in the ways that are quick.

        What has passed the check is complete however it was found; what is not found may be there
        all the same.
        """
        level = self._level(plan, budget)
        return Attempt(None, decided=False) if level is None else self._attempted(level, budget)

    def _attempted(self, level: RosterLevel, budget: Budget) -> Attempt:
        if level.program.contradicts_itself:
            return Attempt(None, decided=True)
        constructor = Constructor(level, level.rules, budget)
        x, none = self._solution(level, constructor, budget)
        roster = None if x is None else _checked(level, x)
        wide = level.program.width >= WIDEST_SEARCH and not budget.over()
        return Attempt(roster, decided=roster is not None or none or wide)

    def searched(self, plan: Problem, budget: Budget) -> Attempt:
        """A complete roster of a changed plan whose attempt is undecided, looked for at length.

        In the whole program at once; in the quick ways again where that is too wide.
        """
        level = self._level(plan, budget)
        if level is None:
            return Attempt(None, decided=False)
        if level.program.width >= WIDEST_SEARCH:
            return self._attempted(level, budget)
        x, _ = Searcher(level, budget, seed=0, workers=1).anywhere(budget.left())
        if x is not None:
            x = Constructor(level, level.rules, budget).repaired(ANY, x)
        roster = None if x is None else _checked(level, x)
        return Attempt(roster, decided=roster is not None or not budget.over())

    def _level(self, plan: Problem, budget: Budget) -> RosterLevel | None:
        """What is solved of a plan, where there is time to put it together and solve it."""
        began = budget.elapsed()
        if budget.left() < self._seconds_to_build:
            return None
        level = RosterLevel(plan, rules_of(plan), soften=False)
        self._seconds_to_build = budget.elapsed() - began
        return level

    def _solution(
        self, level: RosterLevel, constructor: Constructor, budget: Budget
    ) -> tuple[Vector | None, bool]:
        """(a solution, whether it is shown that there is none)."""
        around = self._around(level)
        if around:
            for days in around:
                found = self._solved_anew(level, days[level.cells.day], budget)
                x = None if found is None else constructor.repaired(ANY, found)
                if x is not None:
                    return x, False
            # A mended level may hold more shifts exactly than before: its columns are others.
            if _impossible_alone(level, around[-1][level.cells.day], budget):
                return None, True
        if level.problem.areas:
            constructor.table = Timetable(level, level.rules, ANY.level)
            if constructor.table.bound(budget, led=False) == np.inf:
                return None, True
        if self._roster is not None and not around:
            x = constructor.dated(ANY, level.entries(level.solution_of(self._roster)))
            if x is not None:
                return x, False
        by_rosters = improve_by_rosters(level, ANY, None, budget, first_only=True)
        if by_rosters is not None:
            return by_rosters[0], False
        return constructor.first(ANY), constructor.shown_none

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


def _checked(level: RosterLevel, x: Vector) -> Roster | None:
    """The roster of a solution, where it passes the check as complete."""
    plan = level.problem
    roster = with_rests(plan, level.rules, level.roster(x, level.teams_of(x)))
    return roster if check(plan, roster).complete else None


def _impossible_alone(level: RosterLevel, free: Mask, budget: Budget) -> bool:
    """Whether some days cannot be filled, whatever lies around them."""
    part = level.program.alone(free, level.program.lower)
    answer = highs.search(part, {}, budget, seconds=SECONDS, nodes=NODES, quick=True)
    return answer.status == "infeasible"
