"""Solving: levels in order, each as good as the time allows and with a bound that shows how good.

The page reads as the method does. First a complete roster is constructed. Where none is found, a
search of everything looks for one, and only when two solvers prove by different means that there
is none, or the time for it is spent, may seats stay empty and areas overdue. Then each level's cost
is brought down, in the order shortage, fairness, wishes; a later level keeps what an earlier one
reached. Where the plan asks for it, dates are drawn anew among rosters that cost no more. Teams
are formed shift by shift, and every roster that leaves has passed the check.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping

from patrol_scheduler.checking import Check, check
from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import LevelResult, Progress, Result, Status
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, Limit, TeamWish, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.solver.bounds import Bound, of_the_fewest_patrols
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cadences import servable
from patrol_scheduler.solver.first_roster import First, FirstRoster, shortage_goal
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.lowering import Lowering
from patrol_scheduler.solver.program import CLOSE, Vector
from patrol_scheduler.solver.redraw import redrawn
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.together import arranged
from patrol_scheduler.validation import faults_of

# The part of the time left that a level may take where others follow.
SHARE_FOR_LEVEL = 0.75
# The same where dates are drawn anew after all levels, which takes long in large plans.
SHARE_BEFORE_DRAWING = 0.5
MOST_SEED = 2**31


def solve(
    problem: Problem,
    *,
    time_limit: float = 60.0,
    gap: float = 0.005,
    seed: int | None = None,
    workers: int | None = None,
    tolerance: float = 0.0,
    known_short: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Find a legal, complete and fair roster, or the least-bad one, and show how good it is.

    Ends when every level is within ``gap`` of its bound (relative, 0 to 1), when the search finds
    nothing better, after ``time_limit`` seconds, or soon after ``stop()`` says so; always with the
    best so far. A later level may raise an earlier one's cost by ``tolerance`` (relative). With
    ``workers=1`` a search that ends before its time limit gives the same roster for the same
    ``seed`` everywhere; ``seed=None`` is the plan's, else 0, or a secret number for a plan whose
    dates are to be ``unpredictable``. ``workers=None`` takes every processor. ``on_progress`` is
    called from the calling thread. ``known_short`` says that the plan was shown to have no complete
    roster: none is looked for. Where memory runs out, the best so far is given. Raises
    :class:`InvalidInputError` for a problem that contradicts itself.
    """
    faults = faults_of(problem)
    if faults:
        raise InvalidInputError(faults)
    budget = Budget(time_limit, stop, on_progress)
    count = workers or os.cpu_count() or 1
    if seed is None:
        seed = problem.seed
    if seed is None:
        seed = secrets.randbelow(MOST_SEED) if problem.unpredictable else 0
    search = _Solve(problem, budget, gap=gap, seed=seed, workers=count, tolerance=tolerance)
    return search.run(known_short=known_short)


class _Solve:
    def __init__(
        self,
        problem: Problem,
        budget: Budget,
        *,
        gap: float,
        seed: int,
        workers: int,
        tolerance: float,
    ) -> None:
        self._problem, self._budget = problem, budget
        self._gap, self._seed, self._workers = gap, seed, workers
        self._tolerance = tolerance
        self._rules = rules_of(problem)
        self._out_of_memory = False

    def run(self, *, known_short: bool) -> Result:
        try:
            return self._run(known_short)
        except MemoryError:
            return self._without_roster("memory")

    def _run(self, known_short: bool) -> Result:
        search = FirstRoster(
            self._problem, self._rules, self._budget, seed=self._seed, workers=self._workers
        )
        reason = "no-complete-roster"
        if not known_short:
            first = search.complete()
            if first.x is not None:
                return self._with_roster(first, first.x, "complete")
            if first.reason not in ("no-complete-roster", "none-found"):
                return self._without_roster(first.reason)
            reason = first.reason
        first = search.short()
        if first.x is None:
            return self._without_roster(first.reason)
        return self._with_roster(first, first.x, reason)

    def _with_roster(self, first: First, x: Vector, reason: str) -> Result:
        level = first.level
        with Lowering(
            first, x, self._budget, gap=self._gap, seed=self._seed, workers=self._workers
        ) as lowering:
            keep = self._lowered(lowering, level)
            x = lowering.best
            if self._problem.unpredictable and not self._out_of_memory:
                x = redrawn(level, self._rules, x, keep, self._budget, seed=self._seed)
            roster = with_rests(self._problem, self._rules, self._fullest(level, x))
            checked = check(self._problem, roster)
            lowering.wait_for_bounds()
        levels = self._levels(level, checked, lowering.bounds)
        return self._result(roster, checked, levels, reason)

    def _lowered(self, lowering: Lowering, level: RosterLevel) -> dict[Level, float]:
        """Every level's cost brought down in turn, and what each may cost from then on."""
        keep: dict[Level, float] = {}
        goals = self._goals(level)
        for place, goal in enumerate(goals):
            share = 1.0 if place + 1 == len(goals) else SHARE_FOR_LEVEL
            if self._problem.unpredictable:
                share = SHARE_BEFORE_DRAWING
            try:
                lowering.lower(Goal(goal.stage, goal.prices, dict(keep)), share)
            except MemoryError:
                self._out_of_memory = True
                break
            cost = level.program.value(goal.level, lowering.best)
            keep[goal.level] = cost + self._tolerance * abs(cost)
        return keep

    def _goals(self, level: RosterLevel) -> list[Goal]:
        goals = [shortage_goal()] if level.soften else []
        if _priced(level, Level.FAIRNESS):
            goals.append(Goal("fairness", {Level.FAIRNESS: 1.0}, {}))
        if _priced(level, Level.WISHES):
            goals.append(Goal("wishes", {Level.WISHES: 1.0}, {}))
        return goals

    def _fullest(self, level: RosterLevel, x: Vector) -> Roster:
        """The roster of a solution; a patrol without people is left out where that is no worse."""
        teams = level.teams_of(x, over=self._budget.over)
        if any(isinstance(rule, TeamWish) for rule in self._rules):
            teams = arranged(level, self._rules, teams, self._budget, seed=self._seed)
        roster = level.roster(x, teams)
        without = Roster(
            patrols=tuple(patrol for patrol in roster.patrols if patrol.members),
            post_duties=roster.post_duties,
        )
        if len(without.patrols) == len(roster.patrols):
            return roster
        costs = [
            (len(found.broken), found.cost(Level.SHORTAGE))
            for found in (check(self._problem, r) for r in (without, roster))
        ]
        return without if costs[0] <= costs[1] else roster

    def _levels(
        self, level: RosterLevel, checked: Check, bounds: Mapping[Level, Bound]
    ) -> tuple[LevelResult, ...]:
        found = []
        for name, key in (
            (Level.SHORTAGE, "shortage"),
            (Level.FAIRNESS, "fairness"),
            (Level.WISHES, "wishes"),
        ):
            cost = float(checked.cost(name))
            bound = bounds.get(name, Bound(0.0, "nothing-priced"))
            # The bound counts in floats, the check in fractions: what is closer is equal.
            value = cost if abs(cost - bound.value) <= CLOSE * max(1.0, abs(cost)) else bound.value
            if name is not Level.SHORTAGE or level.soften:
                found.append(
                    LevelResult(
                        level=key,
                        cost=round(cost, 6),
                        bound=round(min(value, cost), 6),
                        reason=bound.reason,
                    )
                )
        return tuple(found)

    def _result(
        self, roster: Roster, checked: Check, levels: tuple[LevelResult, ...], reason: str
    ) -> Result:
        if checked.broken:
            raise AssertionError(f"the search broke a rule: {checked.broken[0].violation}")
        status: Status = "feasible"
        if not checked.complete:
            status = "short"
        elif all(level.cost - level.bound <= CLOSE * max(1.0, abs(level.cost)) for level in levels):
            status = "optimal"
        if checked.complete:
            reason = "complete"
        if self._out_of_memory:
            reason = "memory"
        return Result(
            status=status,
            roster=roster,
            levels=levels,
            reason=reason,
            seed=self._seed,
            workers=self._workers,
        )

    def _without_roster(self, reason: str) -> Result:
        return Result(
            status="impossible" if reason == "impossible" else "unknown",
            roster=None,
            levels=(),
            reason=reason,
            seed=self._seed,
            workers=self._workers,
            bound=None
            if reason == "impossible"
            else of_the_fewest_patrols(self._problem, self._rules),
        )


def _priced(level: RosterLevel, name: Level) -> bool:
    program = level.program
    return bool(program.cost[name].any()) or program.constant[name] != 0


__all__ = ["InvalidInputError", "Limit", "servable", "solve"]
