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
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from patrol_scheduler.checking import Check, check
from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import LevelResult, Progress, Result, Status
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, Limit, PatrolsAtMost, TeamWish, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.bounds import (
    AT_ONCE,
    Bound,
    Question,
    best_bound,
    bounds_of,
    from_prices,
    of_the_fewest_patrols,
)
from patrol_scheduler.solver.budget import LOOK_EVERY, Branch, Budget
from patrol_scheduler.solver.cadences import answer, servable
from patrol_scheduler.solver.construct import Constructor
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import CLOSE, Vector
from patrol_scheduler.solver.redraw import redrawn
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters import improve_by_rosters
from patrol_scheduler.solver.search import WEIGHT_OF_SHORTAGE, Searcher
from patrol_scheduler.solver.timetable import Timetable
from patrol_scheduler.solver.together import arranged
from patrol_scheduler.validation import faults_of

# The part of the time in which a complete roster is looked for before seats may stay empty.
SHARE_FOR_COMPLETE = 0.5
# The part of the time left that a level may take where others follow.
SHARE_FOR_LEVEL = 0.75
# The same where dates are drawn anew after all levels, which takes long in large plans.
SHARE_BEFORE_DRAWING = 0.5
# A program with more columns is not searched as a whole.
WIDEST_PROOF = 200_000
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


@dataclass(frozen=True)
class _Outcome:
    """Where the search for a first roster ended."""

    x: Vector | None
    reason: str


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
        self._bounds: dict[Level, Bound] = {}
        # One worker for bounds, one after the other; and those still running when their level's
        # search ended, with what ends them.
        self._beside = ThreadPoolExecutor(1)
        self._late: list[tuple[Level, Future[Bound], Branch]] = []
        self._table: Timetable | None = None
        self._constructor: Constructor | None = None
        self._best: Vector | None = None
        self._out_of_memory = False

    def run(self, *, known_short: bool) -> Result:
        with self._beside:
            try:
                return self._run(known_short)
            except MemoryError:
                return self._without_roster("memory")
            finally:
                for _, _, branch in self._late:
                    branch.end()

    def _run(self, known_short: bool) -> Result:
        reason = "no-complete-roster"
        if not known_short:
            level, first = self._complete()
            if first.x is not None:
                return self._with_roster(level, first.x, "complete")
            if first.reason not in ("no-complete-roster", "none-found"):
                return self._without_roster(first.reason)
            reason = first.reason
        level, first = self._short()
        if first.x is None:
            return self._without_roster(first.reason)
        return self._with_roster(level, first.x, reason)

    def _searcher(self, level: RosterLevel) -> Searcher:
        return Searcher(level, self._budget, seed=self._seed, workers=self._workers)

    def _complete(self) -> tuple[RosterLevel, _Outcome]:
        """A first complete roster."""
        budget = self._budget
        budget.tell("roster", None, None)
        level = RosterLevel(self._problem, self._rules, soften=False)
        searcher, goal = self._searcher(level), Goal("roster", {Level.FAIRNESS: 1.0}, {})
        constructor = Constructor(level, self._rules, budget)
        if level.program.contradicts_itself:
            shown = highs.is_infeasible(level.program, budget, budget.left())
            return level, _Outcome(None, "no-complete-roster" if shown else "none-found")
        if self._cadences_are_too_much():
            return level, _Outcome(None, "no-complete-roster")
        by_rosters = improve_by_rosters(level, goal, None, budget, first_only=True)
        x = by_rosters[0] if by_rosters else constructor.first(goal)
        self._table, self._constructor = constructor.table, constructor
        if constructor.shown_none:
            return level, _Outcome(None, "no-complete-roster")
        if x is None and not budget.over():
            seconds = SHARE_FOR_COMPLETE * budget.left()
            x, none = searcher.anywhere(seconds)
            if none and highs.is_infeasible(level.program, budget, seconds):
                return level, _Outcome(None, "no-complete-roster")
            if x is not None:
                x = constructor.repaired(goal, x)
        if x is not None:
            return level, _Outcome(x, "complete")
        return level, _Outcome(None, "time" if budget.over() else "none-found")

    def _cadences_are_too_much(self) -> bool:
        """Whether so few patrols a day as there may be cannot keep the areas' cadences."""
        capped = any(isinstance(rule, PatrolsAtMost) for rule in self._rules)
        return capped and answer(self._problem, self._rules, self._budget).status == "impossible"

    def _short(self) -> tuple[RosterLevel, _Outcome]:
        """A first roster in which seats may stay empty and areas overdue."""
        budget = self._budget
        budget.tell("shortage", None, None)
        level = RosterLevel(self._problem, self._rules, soften=True)
        searcher = self._searcher(level)
        if level.program.contradicts_itself:
            shown = highs.is_infeasible(level.program, budget, budget.left())
            return level, _Outcome(None, "impossible" if shown else "time")
        constructor = Constructor(level, self._rules, budget)
        x = constructor.first(_shortage_goal())
        if constructor.shown_none:
            return level, _Outcome(None, "impossible")
        if x is None and not budget.over():
            x, none = searcher.anywhere(budget.left())
            if none and highs.is_infeasible(level.program, budget, budget.left()):
                return level, _Outcome(None, "impossible")
        if x is None:
            return level, _Outcome(None, "time")
        # What is only priced too low matters to a search, not to the roster that there is.
        over = budget.over()
        failing = level.unformable(x, over=budget.over) if over else level.misjudged(x)
        return level, _Outcome(level.hold_exactly(failing, x), "short")

    def _with_roster(self, level: RosterLevel, x: Vector, reason: str) -> Result:
        searcher = self._searcher(level)
        keep: dict[Level, float] = {}
        goals = self._goals(level)
        for place, goal in enumerate(goals):
            goal = Goal(goal.stage, goal.prices, dict(keep))
            share = 1.0 if place + 1 == len(goals) else SHARE_FOR_LEVEL
            if self._problem.unpredictable:
                share = SHARE_BEFORE_DRAWING
            self._best = x
            try:
                x = self._brought_down(searcher, level, goal, x, share)
            except MemoryError:
                x, self._out_of_memory = self._best, True
                break
            cost = level.program.value(goal.level, x)
            keep[goal.level] = cost + self._tolerance * abs(cost)
        if self._problem.unpredictable and not self._out_of_memory:
            x = redrawn(level, self._rules, x, keep, self._budget, seed=self._seed)
        roster = with_rests(self._problem, self._rules, self._fullest(level, x))
        checked = check(self._problem, roster)
        self._wait_for_bounds()
        return self._result(roster, checked, self._levels(level, checked), reason)

    def _wait_for_bounds(self) -> None:
        """Take the bounds that were still running when their level's search ended."""
        for name, running, branch in self._late:
            while not running.done():
                wait([running], LOOK_EVERY)
                if self._budget.over():
                    branch.end()
            self._bounds[name] = max(self._bounds[name], running.result(), key=_value)

    def _goals(self, level: RosterLevel) -> list[Goal]:
        goals = [_shortage_goal()] if level.soften else []
        if _priced(level, Level.FAIRNESS):
            goals.append(Goal("fairness", {Level.FAIRNESS: 1.0}, {}))
        if _priced(level, Level.WISHES):
            goals.append(Goal("wishes", {Level.WISHES: 1.0}, {}))
        return goals

    def _brought_down(
        self, searcher: Searcher, level: RosterLevel, goal: Goal, x: Vector, share: float
    ) -> Vector:
        """One level's cost brought as close to its bound as time and ``gap`` ask."""
        budget, name = self._budget, goal.level
        until = budget.elapsed() + share * budget.left()
        cost = level.program.value(name, x)
        budget.tell(goal.stage, cost, None)
        table = self._table if name is Level.FAIRNESS and not level.soften else None
        branch = budget.branch()
        question = Question(level, goal, branch, table, cost)
        by_rosters = self._by_rosters(question, x, until)
        if by_rosters is not None:
            return by_rosters
        x = self._with_fewer_leaders(question, x)
        bound = self._bounds[name] = best_bound(question, AT_ONCE)

        def tell(better: Vector) -> None:
            self._best = better
            budget.tell(goal.stage, level.program.value(name, better), bound.value)

        def good_enough(cost: float) -> bool:
            return self._within(bound, self._gap)(cost)

        tell(x)
        # Who told the search to stop does not wait for a bound either.
        ahead = [] if budget.over() else bounds_of(question)
        running: Future[Bound] | None = None
        while True:
            if running is None and ahead and not good_enough(level.program.value(name, x)):
                bounds = ahead.pop(0)
                if self._workers == 1:
                    bound = max(bound, best_bound(question, bounds), key=_value)
                    continue
                running = self._beside.submit(best_bound, question, bounds)
            # One worker is busy with the bound until it is known.
            busy = running is not None or any(not late.done() for _, late, _ in self._late)
            try:
                x = searcher.improve(
                    goal,
                    x,
                    good_enough=good_enough,
                    found=tell,
                    until=until,
                    workers=self._workers - 1 if busy else self._workers,
                    interrupted=running.done if running else lambda: False,
                )
            except MemoryError:
                known = running.result() if running else bound
                self._bounds[name] = max(bound, known, key=_value)
                raise
            if running is None:
                break
            if not running.done():
                if good_enough(level.program.value(name, x)):
                    branch.end()
                    ahead.clear()
                elif budget.elapsed() >= until:
                    self._late.append((name, running, branch))
                    break
            if running.done() or branch.told_to_stop():
                bound, running = max(bound, running.result(), key=_value), None
                tell(x)
        tight = self._within(bound, max(self._gap, CLOSE))
        if not tight(level.program.value(name, x)) and level.program.width < WIDEST_PROOF:
            x, proven = searcher.proved(goal, x, gap=self._gap, found=tell, until=until)
            bound = max(bound, Bound(proven, "tree-search"), key=_value)
            tell(x)
        self._bounds[name] = bound
        return x

    def _with_fewer_leaders(self, question: Question, x: Vector) -> Vector:
        """The roster, or a cheaper one whose patrols lie on fewer days."""
        if question.table is None or self._constructor is None:
            return x
        goal, level = question.goal, question.level
        before = level.program
        again = self._constructor.with_fewer_leaders(goal, x)
        if level.program is not before:  # shifts are held exactly that were not
            x = level.moved(before, x)
        if again is None or level.program.value(goal.level, again) >= question.cost:
            return x
        return again

    def _by_rosters(self, question: Question, x: Vector, until: float) -> Vector | None:
        """One level's cost brought down by the officers' whole rosters, where that can be done."""
        level, goal = question.level, question.goal
        bound = from_prices(question)

        def tell(better: Vector, proven: float) -> None:
            cost = level.program.value(goal.level, better)
            self._budget.tell(goal.stage, cost, max(proven, bound.value))

        answer = improve_by_rosters(
            level,
            goal,
            x,
            self._budget.branch(until),
            gap=self._gap,
            seed=self._seed,
            workers=self._workers,
            found=tell,
        )
        if answer is None:
            return None
        better, proven = answer
        self._bounds[goal.level] = max(bound, Bound(proven, "branch-and-price"), key=_value)
        return x if better is None else better

    def _within(self, bound: Bound, gap: float) -> Callable[[float], bool]:
        def within(cost: float) -> bool:
            return cost - bound.value <= max(gap * abs(cost), CLOSE * max(1.0, abs(cost)))

        return within

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

    def _levels(self, level: RosterLevel, checked: Check) -> tuple[LevelResult, ...]:
        found = []
        for name, key in (
            (Level.SHORTAGE, "shortage"),
            (Level.FAIRNESS, "fairness"),
            (Level.WISHES, "wishes"),
        ):
            cost = float(checked.cost(name))
            bound = self._bounds.get(name, Bound(0.0, "nothing-priced"))
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


def _value(bound: Bound) -> float:
    return bound.value


def _shortage_goal() -> Goal:
    prices: Mapping[Level, float] = {Level.SHORTAGE: WEIGHT_OF_SHORTAGE, Level.FAIRNESS: 1.0}
    return Goal("shortage", prices, {})


def _priced(level: RosterLevel, name: Level) -> bool:
    program = level.program
    return bool(program.cost[name].any()) or program.constant[name] != 0


__all__ = ["InvalidInputError", "Limit", "servable", "solve"]
