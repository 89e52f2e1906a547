"""The search over whole rosters: each officer in turn, some officers together, and the tree."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from patrol_scheduler.solver.rosters.pricing import Decision, Pricer
from patrol_scheduler.solver.rosters.tree import Duties, Steps, Tree

# How many officers are freed at least, and for how many days all of them; at most half of each.
SOME_OFFICERS, SOME_DAYS = 5, 4
NODES_A_TURN = 3
# How much work is spent on freeing without success, as a part of what the tree has just taken.
FREEING = 0.5


@dataclass
class _Kind:
    """A kind of what is freed, and how much of it the next time.

    Less where that paid, for it is quicker; more where it did not, and after the most the least.
    """

    free: Callable[[Master, int], int]
    least: int
    most: int
    size: int

    def took(self, *, better: bool) -> None:
        """Take note of whether the last size paid."""
        if better:
            self.size = max(self.least, self.size - 1)
        else:
            self.size = self.size + 1 if self.size < self.most else self.least


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
        self._duals: Vector | None = None
        self.best: list[OneRoster] | None = None
        self.cost = math.inf
        self._days = 1 + max((day for _, day in self._duties), default=0)
        self._kinds = [
            _Kind(free, least, max(least, among // 2), least)
            for free, least, among in (
                (self.free_officers, SOME_OFFICERS, len(self._pricers)),
                (self.free_days, SOME_DAYS, self._days),
            )
            if least < among
        ]

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
            tree.run(budget, nodes=1)
            self._bound, self._duals = tree.bound, tree.duals
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
                if self._kinds and not tree.done:
                    self._change_some(tree.master, FREEING * (tree.master.priced - work))
        return tree.bound

    def _dived(self, master: Master, target: float) -> bool:
        return dive(master, self._duties, self._steps, self._budget, target=target, found=self.know)

    def tree(self, best: float, pool: ThreadPoolExecutor | None = None) -> Tree:
        """The tree of all officers, which looks for what costs less than ``best``."""
        master = Master(self._links, self._pricers, pool)
        master.add(self.best or ())
        return Tree(master, self._duties, self._steps, found=self.know, best=best)

    def _change_some(self, master: Master, work: float) -> None:
        """Free some officers, or all of them on some days, until so much work brought nothing."""
        done = 0
        while done < work and self.best is not None and not self._budget.over():
            kind = self._kinds[self._random.randrange(len(self._kinds))]
            before = self.cost
            priced = kind.free(master, kind.size)
            done = 0 if self.cost < before else done + priced
            kind.took(better=self.cost < before)

    def free_officers(self, master: Master, size: int) -> int:
        """Give some officers the best rosters beside the others'; gives how many were priced."""
        best = self.best or []
        chosen = set(self._chosen(best, size))
        rest = [one for one in best if one.officer not in chosen]
        part = Master(self._links, [self._pricers[o] for o in sorted(chosen)], None, rest)
        part.add(one for one in best if one.officer in chosen)
        known = [one for one in master.rosters if one.officer in chosen]
        part.add(self._random.sample(known, min(len(known), 40 * size)))

        def found(mine: list[OneRoster]) -> float:
            return self.know(sorted((*rest, *mine), key=lambda one: one.officer))

        duties = {place: columns for place, columns in self._duties.items() if place[0] in chosen}
        return self._improve_part(master, part, duties, (), found)

    def free_days(self, master: Master, length: int) -> int:
        """Settle anew who is on duty on some days in a row; gives how many were priced.

        It is quick, for what everybody does on the other days leaves few rosters.
        """
        best = self.best or []
        first = self._random.randrange(self._days) - length // 2
        settled = tuple(
            _as_it_is(best[officer], day, columns)
            for (officer, day), columns in self._duties.items()
            if not first <= day < first + length
        )
        part = Master(self._links, self._pricers)
        part.add(best)
        part.decide(settled)
        return self._improve_part(master, part, self._duties, settled, self.know)

    def _improve_part(
        self,
        master: Master,
        part: Master,
        duties: Duties,
        settled: tuple[Decision, ...],
        found: Callable[[list[OneRoster]], float],
    ) -> int:
        """Dive for what is better than the best known; gives how many officers were priced."""
        before, steps, budget = self.cost, self._steps, self._budget
        below = steps.below(before)
        bound = steps.rounded(part.generate(budget, until=below))
        for target in (bound, (bound + before) / 2, below):
            if bound > below or target > self.cost - 1e-6:
                break
            if dive(part, duties, steps, budget, target=target, found=found, settled=settled):
                break
        if self.cost < before and self.best is not None:
            master.add(self.best)
        return part.priced

    def _chosen(self, best: list[OneRoster], size: int) -> list[int]:
        """So many officers, most of them such whose rosters are dearer than they need to be.

        How much dearer is told by the prices at the root of the tree.
        """
        duals, draw = self._duals, self._random.random
        if duals is None:
            return self._random.sample(range(len(best)), size)
        price = self._links.price(duals)
        dear = [one.priced(duals) for one in best]
        least = [
            pricer.cheapest(price, mine + 1e-6, 1).bound
            for pricer, mine in zip(self._pricers, dear, strict=True)
        ]
        blame = [max(0.0, mine - low) for mine, low in zip(dear, least, strict=True)]
        usual = sum(blame) / len(blame) + 1e-9
        keys = [(draw() ** (1 / (usual / 2 + one)), o) for o, one in enumerate(blame)]
        return [o for _, o in sorted(keys, reverse=True)[:size]]


def _as_it_is(roster: OneRoster, day: int, columns: tuple[int, ...]) -> Decision:
    """That an officer does on a day what a roster says; ``columns`` are the duties there are."""
    held = tuple(column for column in columns if column in roster.held)
    return Decision(roster.officer, day, held or columns, bool(held))


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
