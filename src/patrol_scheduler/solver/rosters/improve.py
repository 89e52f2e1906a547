"""The search over whole rosters: each officer in turn, some officers together, and the tree."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Program, Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters.dive import dive
from patrol_scheduler.solver.rosters.master import Links, Master, OneRoster
from patrol_scheduler.solver.rosters.network import Compiled
from patrol_scheduler.solver.rosters.pricing import Pricer
from patrol_scheduler.solver.rosters.tree import Steps, Tree

SOME_OFFICERS = 5
NEIGHBOURHOODS_A_TURN = 4
NODES_A_TURN = 4


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
        self._duties: dict[tuple[int, int], tuple[int, ...]] = {}
        for column, name in enumerate(level.program.columns.names):
            if name[0] == "on":
                place = int(self._links.officer_of[column]), int(str(name[2]))
                self._duties[place] = (*self._duties.get(place, ()), column)
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

    def know(self, rosters: list[OneRoster]) -> float:
        """Take note of a solution, in the officers' order; gives what it costs if it holds."""
        x = self.whole(rosters)
        if not self._program.keeps(x):
            return math.inf
        for level, most in self._keep.items():
            if self._program.value(level, x) > most + 1e-7 * max(1.0, abs(most)):
                return math.inf
        cost = self._program.value(self._name, x)
        if cost < self.cost - 1e-9:
            self.best, self.cost = rosters, cost
            self._found(x, self._bound)
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
            tree = self.tree(self.cost, pool if self._workers > 1 else None)
            master = tree.master
            size = min(SOME_OFFICERS, len(self._pricers))
            self._dive(master)
            while not budget.over():
                tree.best = min(tree.best, self.cost)
                tree.run(budget, nodes=NODES_A_TURN)
                self._bound = tree.bound
                if tree.done or tree.stuck or self.cost - tree.bound <= gap * abs(self.cost):
                    break
                for _ in range(NEIGHBOURHOODS_A_TURN):
                    if self.best is None or budget.over() or size >= len(self._pricers):
                        break
                    if not self._some(master, size):
                        size = min(len(self._pricers) - 1, size + 1)
        return tree.bound

    def _dive(self, master: Master) -> None:
        dive(master, self._duties, self._steps, self._budget, best=self.cost, found=self.know)

    def tree(self, best: float, pool: ThreadPoolExecutor | None = None) -> Tree:
        """The tree of all officers, which looks for what costs less than ``best``."""
        master = Master(self._links, self._pricers, pool)
        master.add(self.best or ())
        return Tree(master, self._duties, self._steps, found=self.know, best=best)

    def _some(self, master: Master, size: int) -> bool:
        """Give some officers the best rosters beside the others'; whether that is done with."""
        best, before = self.best, self.cost
        if best is None:
            return False
        chosen = set(self._chosen(size))
        rest = [one for one in best if one.officer not in chosen]
        part = Master(self._links, [self._pricers[o] for o in sorted(chosen)], None, rest)
        part.add(one for one in best if one.officer in chosen)
        known = [one for one in master.rosters if one.officer in chosen]
        part.add(self._random.sample(known, min(len(known), 40 * size)))

        def found(mine: list[OneRoster]) -> float:
            return self.know(sorted((*rest, *mine), key=lambda one: one.officer))

        duties = {place: columns for place, columns in self._duties.items() if place[0] in chosen}
        dive(part, duties, self._steps, self._budget, best=self.cost, found=found)
        if self.cost < before and self.best is not None:
            master.add(self.best)
        return self.cost < before

    def _chosen(self, size: int) -> list[int]:
        """So many officers at random."""
        return self._random.sample(range(len(self._pricers)), size)


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
