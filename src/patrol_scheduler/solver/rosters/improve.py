"""The search over whole rosters: each officer in turn, some officers together, and the tree."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from fractions import Fraction

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.budget import LOOK_EVERY, Budget
from patrol_scheduler.solver.goal import Goal, exceeds
from patrol_scheduler.solver.program import Program, Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters.compiling import Compiled
from patrol_scheduler.solver.rosters.dive import dive
from patrol_scheduler.solver.rosters.freeing import Freed, Freeing, Size, together
from patrol_scheduler.solver.rosters.links import Links, OneRoster
from patrol_scheduler.solver.rosters.master import Master
from patrol_scheduler.solver.rosters.pricing import Pricer
from patrol_scheduler.solver.rosters.tree import Duties, Steps, Tree

# How many officers are freed at least, and for how many days all of them; at most half of each.
SOME_OFFICERS, SOME_DAYS = 5, 4
NODES_A_TURN = 3
# How much work is spent on freeing without success, as a part of what the tree has just taken.
FREEING = 0.5


class Rosters:
    """The whole rosters of a program's officers, and the searches among them for one goal."""

    def __init__(
        self,
        level: RosterLevel,
        compiled: Compiled,
        goal: Goal,
        budget: Budget,
        *,
        seed: int,
        workers: int,
        found: Callable[[Vector, float], None],
    ) -> None:
        self._found, self._keep, self._bound = found, goal.keep, -math.inf
        self._program, self._budget, self._workers = level.program, budget, workers
        self._name = goal.level
        # Only the goal's first level is priced: its bound has to be a bound of this level alone.
        self._links = Links(level.program, compiled, {goal.level: 1.0}, goal.keep)
        self._pricers = [Pricer(network) for network in compiled.networks]
        self._random = random.Random(seed)  # noqa: S311  # a search, not a secret
        self._steps = steps_of(level.program, goal.level)
        self._duties: Duties = {}
        for column, name in enumerate(level.program.columns.names):
            if name[0] == "on" and self._links.officer_of[column] >= 0:
                place = int(self._links.officer_of[column]), int(str(name[2]))
                self._duties[place] = (*self._duties.get(place, ()), column)
        self.freeing = Freeing(self._links, self._pricers, self._duties, self._random)
        officers, days = len(self._pricers), self.freeing.days
        self._officers = Size(SOME_OFFICERS, max(SOME_OFFICERS, officers // 2))
        some_days = Size(SOME_DAYS, max(SOME_DAYS, days // 2))
        self._sizes = [self._officers] if officers > SOME_OFFICERS else []
        self._sizes += [some_days] if days > SOME_DAYS else []
        self.best: list[OneRoster] | None = None
        self.cost = math.inf

    def whole(self, rosters: list[OneRoster]) -> Vector:
        """The solution of the program that the officers' rosters make."""
        x = self._program.lower.copy()
        for roster in rosters:
            x[roster.columns] = 1.0
        return self._program.settled(x)

    def rosters_of(self, x: Vector) -> list[OneRoster]:
        """Each officer's roster in a solution."""
        yes = np.nonzero(x > 0.5)[0]
        of = self._links.officer_of[yes]
        return [self._links.roster(o, yes[of == o]) for o in range(len(self._pricers))]

    def weigh(self, rosters: list[OneRoster]) -> float:
        """What rosters cost together, in the officers' order; infinite where they break a row."""
        x = self.whole(rosters)
        if not self._program.keeps(x):
            return math.inf
        for level, most in self._keep.items():
            if exceeds(self._program.value(level, x), most):
                return math.inf
        return self._program.value(self._name, x)

    def know(self, rosters: list[OneRoster]) -> float:
        """Take note of a solution, in the officers' order; gives what it costs if it holds."""
        cost = self.weigh(rosters)
        if cost < self.cost - 1e-9:
            self.best, self.cost = rosters, cost
            self._found(self.whole(rosters), self._bound)
        return cost

    def in_turn(self) -> None:
        """One officer after the other gets the roster that is cheapest beside all others."""
        links = self._links
        below, above = links.margins
        rosters: list[OneRoster | None] = [None] * len(self._pricers)
        rosters[:] = self.best or rosters
        activity = links.activity(one for one in rosters if one is not None)
        better = True
        while better and not self._budget.over():
            better = False
            for officer, pricer in enumerate(self._pricers):
                mine = rosters[officer]
                if mine is not None:
                    activity[mine.rows] -= mine.weights
                # Nobody counts more than once in a row of cover, so these prices are exact there.
                worth = np.where(activity < links.low - 1e-9, below, 0.0)
                worth -= np.where(activity > links.high - 1 + 1e-9, above, 0.0)
                most = math.inf if mine is None else mine.priced(worth) - 1e-7
                found = pricer.cheapest(links.price(worth), most, 1)
                if len(found.paths):
                    columns = pricer.network.columns_of(found.paths[0])
                    mine, better = links.roster(officer, columns), True
                elif mine is None:
                    return
                rosters[officer] = mine
                activity[mine.rows] += mine.weights
            self.know([one for one in rosters if one is not None])

    def improve(self, gap: float) -> float:
        """Bring the cost down and prove how low it can be; gives the bound."""
        budget = self._budget
        with ThreadPoolExecutor(self._workers) as pool:
            beside = pool if self._workers > 1 else None
            tree = self.tree(self.cost, beside)
            tree.run(budget, nodes=1)
            self._bound, self.freeing.duals = tree.bound, tree.duals
            slack = 0.0
            while not (budget.over() or tree.stuck):
                if tree.done or self.cost - tree.bound <= gap * abs(self.cost):
                    break
                # A dive aims at the bound; where it fails the next one aims higher.
                target = tree.bound + slack
                if target < self.cost - 1e-6 and not self._dived(tree.master, target):
                    slack = 2 * slack + (self._steps.step or 0.001 * abs(self.cost))
                else:
                    slack = 0.0
                work = tree.master.priced
                tree.best = min(tree.best, self.cost)
                tree.run(budget, nodes=NODES_A_TURN)
                self._bound = tree.bound
                if self._sizes and not tree.done:
                    self._change_some(tree.master, FREEING * (tree.master.priced - work), beside)
        return tree.bound

    def _dived(self, master: Master, target: float) -> bool:
        return dive(master, self._duties, self._steps, self._budget, target=target, found=self.know)

    def tree(self, best: float, pool: ThreadPoolExecutor | None = None) -> Tree:
        """The tree of all officers, which looks for what costs less than ``best``."""
        master = Master(self._links, self._pricers, pool)
        master.add(self.best or ())
        return Tree(master, self._duties, self._steps, found=self.know, best=best)

    def _change_some(
        self, master: Master, work: float, pool: ThreadPoolExecutor | None = None
    ) -> None:
        """Free some officers, or all of them on some days, until so much work brought nothing.

        Each worker has a part of its own; what several find is put together where it can be.
        """
        done = 0
        while done < work and self.best is not None and not self._budget.over():
            base, before = self.best, self.cost
            parts = [self._freed(base, master) for _ in range(self._workers)]
            found = self._improved([part for _, part in parts], before, pool)
            for (size, _), rosters in zip(parts, found, strict=True):
                size.took(better=rosters is not None)
                if rosters is not None:
                    if self.best is not base:
                        self.know(together(base, rosters, self.best))
                    self.know(rosters)
            if self.cost < before:
                master.add(self.best)
                done = 0
            else:
                done += sum(part.master.priced for _, part in parts)

    def _freed(self, best: list[OneRoster], master: Master) -> tuple[Size, Freed]:
        size = self._sizes[self._random.randrange(len(self._sizes))]
        if size is self._officers:
            return size, self.freeing.officers(best, master.rosters, size.now)
        return size, self.freeing.some_days(best, size.now)

    def _improved(
        self, parts: list[Freed], before: float, pool: ThreadPoolExecutor | None
    ) -> list[list[OneRoster] | None]:
        """What each part finds that is better, all at once where there are workers for them."""

        def one(part: Freed) -> list[OneRoster] | None:
            return part.better(before, self._steps, self._budget, weigh=self.weigh)

        if pool is None:
            return [one(part) for part in parts]
        running = [pool.submit(one, part) for part in parts]
        # Only this thread may ask whether to stop.
        while wait(running, LOOK_EVERY).not_done:
            self._budget.told_to_stop()
        return [future.result() for future in running]


def steps_of(program: Program, name: Level) -> Steps:
    """The step between the costs of whole solutions; 0 where none can be told."""
    units = np.ones(program.width)
    units[program.slacks.columns] = 1.0 / program.scale[program.slacks.rows]
    step = Fraction(0)
    for column in np.nonzero(program.cost[name])[0].tolist():
        worth = abs(float(program.cost[name][column])) * float(units[column])
        one = Fraction(worth).limit_denominator(1000)
        if abs(float(one) - worth) > 1e-9 or column in program.columns.sum_parts:
            return Steps(0.0, 0.0)
        step = _common(step, one)
    return Steps(float(step), program.constant[name])


def _common(a: Fraction, b: Fraction) -> Fraction:
    """The largest fraction of which both are multiples."""
    shared = a.denominator * b.denominator
    return Fraction(math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), shared)
