"""A first roster: a complete one where it can be found, else one with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Level, PatrolsAtMost, Rule
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cadences import answer
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters import improve_by_rosters
from patrol_scheduler.solver.search import WEIGHT_OF_SHORTAGE, Searcher

# The part of the time in which a complete roster is looked for before seats may stay empty.
SHARE_FOR_COMPLETE = 0.5


@dataclass(frozen=True)
class First:
    """Where the search for a first roster ended: with a solution of its level, or for a reason.

    ``constructor`` is what looked for a complete one.
    """

    level: RosterLevel
    x: Vector | None
    reason: str
    constructor: Constructor | None = None


class FirstRoster:
    """Looks for a first roster of a plan."""

    def __init__(
        self, problem: Problem, rules: tuple[Rule, ...], budget: Budget, *, seed: int, workers: int
    ) -> None:
        self._problem, self._rules, self._budget = problem, rules, budget
        self._seed, self._workers = seed, workers

    def complete(self) -> First:
        """A first complete roster."""
        budget = self._budget
        budget.tell("roster", None, None)
        level = RosterLevel(self._problem, self._rules, soften=False)
        searcher, goal = self._searcher(level), Goal("roster", {Level.FAIRNESS: 1.0}, {})
        constructor = Constructor(level, self._rules, budget)
        if level.program.contradicts_itself:
            shown = highs.is_infeasible(level.program, budget, budget.left())
            return First(level, None, "no-complete-roster" if shown else "none-found")
        if self._cadences_are_too_much():
            return First(level, None, "no-complete-roster")
        by_rosters = improve_by_rosters(level, goal, None, budget, first_only=True)
        x = by_rosters[0] if by_rosters else constructor.first(goal)
        if constructor.shown_none:
            return First(level, None, "no-complete-roster")
        if x is None and not budget.over():
            seconds = SHARE_FOR_COMPLETE * budget.left()
            x, none = searcher.anywhere(seconds)
            if none and highs.is_infeasible(level.program, budget, seconds):
                return First(level, None, "no-complete-roster")
            if x is not None:
                x = constructor.repaired(goal, x)
        if x is not None:
            return First(level, x, "complete", constructor)
        return First(level, None, "time" if budget.over() else "none-found")

    def short(self) -> First:
        """A first roster in which seats may stay empty and areas overdue."""
        budget = self._budget
        budget.tell("shortage", None, None)
        level = RosterLevel(self._problem, self._rules, soften=True)
        searcher = self._searcher(level)
        if level.program.contradicts_itself:
            shown = highs.is_infeasible(level.program, budget, budget.left())
            return First(level, None, "impossible" if shown else "time")
        constructor = Constructor(level, self._rules, budget)
        x = constructor.first(shortage_goal())
        if constructor.shown_none:
            return First(level, None, "impossible")
        while True:
            if x is None and not budget.over():
                x, none = searcher.anywhere(budget.left())
                if none and highs.is_infeasible(level.program, budget, budget.left()):
                    return First(level, None, "impossible")
            if x is None:
                return First(level, None, "time")
            # What is only priced too low matters to a search, not to the roster that there is.
            over = budget.over()
            failing = level.unformable(x, over=budget.over) if over else level.misjudged(x)
            away = level.turned_away(x)  # of the teams just formed, in haste where time is over
            x = level.hold_exactly(list(dict.fromkeys((*failing, *away))), x)
            if not away or level.program.keeps(x):
                return First(level, x, "short")
            x = None

    def _cadences_are_too_much(self) -> bool:
        """Whether so few patrols a day as there may be cannot keep the areas' cadences."""
        capped = any(isinstance(rule, PatrolsAtMost) for rule in self._rules)
        return capped and answer(self._problem, self._rules, self._budget).status == "impossible"

    def _searcher(self, level: RosterLevel) -> Searcher:
        return Searcher(level, self._budget, seed=self._seed, workers=self._workers)


def shortage_goal() -> Goal:
    """What a roster with gaps is searched for: few gaps, then fairness."""
    prices: Mapping[Level, float] = {Level.SHORTAGE: WEIGHT_OF_SHORTAGE, Level.FAIRNESS: 1.0}
    return Goal("shortage", prices, {})
