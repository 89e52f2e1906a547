"""The master program: one whole roster for each officer, and the rows that link them.

Its linear relaxation is solved by column generation. Prices (dual values) of the linking rows send
each officer's pricing to look for rosters that would help; at any prices the officers' cheapest
rosters add up to a lower bound of every solution (the Lagrangian bound), so a bound is known at any
time, not only at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import highspy
import numpy as np

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.highs import QuietHighs
from patrol_scheduler.solver.program import Indices, Mask, Vector
from patrol_scheduler.solver.rosters.links import PENALTY, Links, OneRoster
from patrol_scheduler.solver.rosters.pricing import Decision, Priced, Pricer

# How much of the best known prices is kept in the next ones: steadier prices, fewer rounds.
KEPT = 0.6
PRIMAL = 4  # HiGHS's number of the primal simplex method: new columns keep a basis primal feasible
GAIN = 1e-7  # a roster is worth adding where it saves more
ROSTERS_A_ROUND = 8


@dataclass(frozen=True, slots=True)
class _Flat:
    """The known rosters' rows, one after the other."""

    count: int
    rows: Indices
    weights: Vector
    lengths: Indices
    costs: Vector
    places: Indices


class Master:
    """The restricted master program in HiGHS.

    ``rest`` are rosters that are settled: their officers are left out.
    """

    def __init__(
        self,
        links: Links,
        pricers: Sequence[Pricer],
        pool: ThreadPoolExecutor | None = None,
        rest: Sequence[OneRoster] = (),
    ) -> None:
        self.links, self._pricers, self._pool = links, pricers, pool
        self._gone = links.activity(rest)
        self._settled = links.constant + sum(one.cost for one in rest)
        self._place = {one.network.officer: place for place, one in enumerate(pricers)}
        self.rosters: list[OneRoster] = []
        none = np.zeros(0, dtype=np.int64)
        self._flat = _Flat(0, none, np.zeros(0), none, np.zeros(0), none)
        self._known: set[tuple[int, bytes]] = set()
        self._of: list[list[int]] = [[] for _ in pricers]
        self._static = links.compiled.static
        self._solver = self._built()
        self._centre: Vector | None = None
        self._decided: dict[int, tuple[Decision, ...]] = {}
        self._banned: dict[int, Mask] = {}
        self._upper: list[float] = []
        self.duals = np.zeros(links.height)
        self.shares = np.zeros(len(pricers))
        self.values = np.zeros(0)
        self.objective = np.inf
        self.solved = False
        self.priced = 0  # how often an officer was priced: the work done, told without a clock

    def _built(self) -> QuietHighs:
        links, static = self.links, self._static
        program = links.program
        solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("simplex_strategy", PRIMAL)
        officers = len(self._pricers)
        lp = highspy.HighsLp()
        hard = np.nonzero(np.isfinite(links.low) | np.isfinite(links.high))[0]
        self._spare = len(hard) * 2
        lp.num_col_ = len(static) + self._spare
        lp.num_row_ = links.height + officers
        lp.col_cost_ = np.concatenate((links.cost[static], np.full(self._spare, PENALTY)))
        lp.col_lower_ = np.concatenate((program.lower[static], np.zeros(self._spare)))
        lp.col_upper_ = np.concatenate((program.upper[static], np.full(self._spare, np.inf)))
        lp.row_lower_ = np.concatenate((links.low - self._gone, np.ones(officers)))
        lp.row_upper_ = np.concatenate((links.high - self._gone, np.ones(officers)))
        starts, index, value = [0], list[int](), list[float]()
        for column in static:
            rows, weights = links.of_columns(np.array([column]))
            index += rows.tolist()
            value += weights.tolist()
            starts.append(len(index))
        for sign in (1.0, -1.0):
            for row in hard:
                index.append(int(row))
                value.append(sign)
                starts.append(len(index))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = np.array(starts), np.array(index)
        lp.a_matrix_.value_ = np.array(value)
        solver.passModel(lp)
        return solver

    @property
    def first(self) -> int:
        """The number of the first roster's column in the solver."""
        return len(self._static) + self._spare

    def add(self, rosters: Iterable[OneRoster]) -> int:
        """Add rosters that are new; how many there were."""
        starts, index, value, cost = list[int](), list[int](), list[float](), list[float]()
        upper = list[float]()
        n = 0
        for roster in rosters:
            key, place = (roster.officer, roster.columns.tobytes()), self._place[roster.officer]
            if key in self._known:
                continue
            self._known.add(key)
            self._of[place].append(len(self.rosters))
            self.rosters.append(roster)
            self._upper.append(np.inf if self._keeps(roster, self._decided.get(place, ())) else 0.0)
            upper.append(self._upper[-1])
            starts.append(len(index))
            index += roster.rows.tolist()
            value += roster.weights.tolist()
            index.append(self.links.height + place)
            value.append(1.0)
            cost.append(roster.cost)
            n += 1
        if n:
            self._solver.addCols(
                n,
                np.array(cost),
                np.zeros(n),
                np.array(upper),
                len(index),
                np.array(starts, dtype=np.int32),
                np.array(index, dtype=np.int32),
                np.array(value),
            )
        return n

    def solve(self, seconds: float) -> bool:
        """Solve the linear relaxation over the rosters known; whether it went well."""
        solver = self._solver
        solver.setOptionValue("time_limit", solver.getRunTime() + max(0.01, seconds))
        solver.run()
        self.solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if not self.solved:
            return False
        answer = solver.getSolution()
        duals, values = np.array(answer.row_dual), np.array(answer.col_value)
        links = self.links
        self.duals, self.shares = duals[: links.height], duals[links.height :]
        # Solvers leave dust: a price of a side that a row does not have is none.
        self.duals[(self.duals > 0) & ~np.isfinite(links.low)] = 0.0
        self.duals[(self.duals < 0) & ~np.isfinite(links.high)] = 0.0
        self.values = values[self.first :]
        self.objective = float(solver.getInfo().objective_function_value) + self._settled
        return True

    def _known_costs(self, duals: Vector) -> Vector:
        """Each officer's cheapest known roster at given prices of the rows."""
        found = np.full(len(self._pricers), np.inf)
        if self.rosters:
            flat = self._flat
            new = self.rosters[flat.count :]
            if new:
                lengths = [len(roster.rows) for roster in new]
                places = [self._place[roster.officer] for roster in new]
                self._flat = flat = _Flat(
                    len(self.rosters),
                    np.concatenate((flat.rows, *(r.rows for r in new))),
                    np.concatenate((flat.weights, *(r.weights for r in new))),
                    np.concatenate((flat.lengths, lengths)).astype(np.int64),
                    np.concatenate((flat.costs, [r.cost for r in new])),
                    np.concatenate((flat.places, places)).astype(np.int64),
                )
            which = np.repeat(np.arange(flat.count), flat.lengths)
            paid = np.bincount(which, flat.weights * duals[flat.rows], flat.count)
            allowed = np.array(self._upper) > 0
            np.minimum.at(found, flat.places[allowed], (flat.costs - paid)[allowed])
        return found

    def price(
        self, duals: Vector, officers: Sequence[int], most: int
    ) -> tuple[list[Priced], Vector]:
        """Each officer's rosters no dearer than the cheapest known one, at given prices."""
        price = self.links.price(duals)
        known = self._known_costs(duals) + GAIN
        self.priced += len(officers)

        def one(officer: int) -> Priced:
            return self._pricers[officer].cheapest(
                price, float(known[officer]), most, banned=self._banned.get(officer)
            )

        if self._pool is None:
            return [one(officer) for officer in officers], price
        return list(self._pool.map(one, officers)), price

    def lagrangian(self, duals: Vector, price: Vector, cheapest: float) -> float:
        """The bound at given prices, from the sum of the officers' cheapest rosters."""
        static = self._static
        reduced = price[static]
        lower, upper = self.links.program.lower[static], self.links.program.upper[static]
        reduced = np.where((reduced < 0) & (reduced > -1e-7) & ~np.isfinite(upper), 0.0, reduced)
        side = np.where(reduced < 0, upper, lower)
        used = reduced != 0
        return (
            self.links.paid(duals)
            - float(duals @ self._gone)
            + float(reduced[used] @ side[used])
            + cheapest
            + self._settled
        )

    def generate(self, budget: Budget, *, until: float = np.inf, enough: float = -np.inf) -> float:
        """Column generation; gives the best bound under the decisions that hold.

        Ends when no roster helps, when the bound lies above ``until``, or when the rosters known
        cost no more than ``enough``.
        """
        officers = range(len(self._pricers))
        best, centre, smooth = -np.inf, self._centre, KEPT
        while not budget.over() and self.solve(budget.left()):
            if self.objective - best <= GAIN or best > until or self.objective <= enough + GAIN:
                break
            duals = self.duals
            if centre is not None and smooth:
                duals = smooth * centre + (1 - smooth) * self.duals
            found, price = self.price(duals, officers, ROSTERS_A_ROUND)
            bound = self.lagrangian(duals, price, sum(one.bound for one in found))
            if bound > best:
                best, centre = bound, duals
            new = []
            for officer, one in zip(officers, found, strict=True):
                network = self._pricers[officer].network
                for path in one.paths:
                    roster = self.links.roster(network.officer, network.columns_of(path))
                    if roster.priced(self.duals) < self.shares[officer] - GAIN:
                        new.append(roster)
            if self.add(new):
                smooth = KEPT
            elif smooth == 0:
                break
            else:
                smooth = 0.0
        self._centre = centre
        return best

    def decide(self, decisions: Sequence[Decision]) -> bool:
        """Let only rosters that keep the decisions take part; whether every officer has one."""
        by_officer: dict[int, list[Decision]] = {}
        for decision in decisions:
            by_officer.setdefault(self._place[decision.officer], []).append(decision)
        for officer in {*by_officer, *self._decided}:
            held = tuple(by_officer.get(officer, ()))
            if self._decided.get(officer, ()) == held:
                continue
            self._decided[officer] = held
            self._banned[officer] = self._pricers[officer].banned(held)
            numbers = self._of[officer]
            upper = [
                np.inf if self._keeps(self.rosters[number], held) else 0.0 for number in numbers
            ]
            self._solver.changeColsBounds(
                len(numbers),
                np.array(numbers, dtype=np.int32) + self.first,
                np.zeros(len(numbers)),
                np.array(upper),
            )
            for number, most in zip(numbers, upper, strict=True):
                self._upper[number] = most
        return self._everybody()

    def _keeps(self, roster: OneRoster, held: Sequence[Decision]) -> bool:
        return all(one.kept(roster.held) for one in held)

    def _everybody(self) -> bool:
        """Give a roster to each officer who has none under the decisions."""
        price = self.links.price(self.duals)
        for officer, numbers in enumerate(self._of):
            if any(self._upper[number] for number in numbers):
                continue
            pricer = self._pricers[officer]
            one = pricer.cheapest(price, np.inf, 1, banned=self._banned.get(officer))
            if not len(one.paths):
                if one.complete:
                    return False
                continue  # nothing is known: the linear program will have no solution
            columns = pricer.network.columns_of(one.paths[0])
            self.add([self.links.roster(pricer.network.officer, columns)])
        return True

    def column_values(self) -> Vector:
        """How far each column of the program is taken, by the officers' rosters."""
        total = np.zeros(self.links.program.width)
        for number in np.nonzero(self.values > 1e-9)[0]:
            total[self.rosters[number].columns] += self.values[number]
        return total

    def chosen(self) -> list[OneRoster]:
        """Each officer's roster of the largest value."""
        best: dict[int, tuple[float, int]] = {}
        for number in np.nonzero(self.values > 1e-9)[0].tolist():
            officer = self._place[self.rosters[number].officer]
            best[officer] = max(best.get(officer, (0.0, 0)), (float(self.values[number]), number))
        return [self.rosters[best[officer][1]] for officer in range(len(self._pricers))]
