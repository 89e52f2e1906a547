"""The search for the roster closest to an old one, in ever wider stretches around what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.closeness import (
    AGREED,
    CHANGES,
    COURTESY,
    Closeness,
    Settled,
    ShiftKey,
)
from patrol_scheduler.replanning.forming import formed, shifts_to_seat
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import FairShare, Level, rules_of
from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import CLOSE, Mask, Part, Vector

REACHES = (1, 3, 7, 14, 28)
"""Days around those concerned that may change, tried one after the other, then all of them."""


@dataclass(frozen=True)
class Ended:
    """Where a search ended.

    ``bound`` is what a roster that keeps as much of what was agreed cannot change less;
    ``impossible``: two solvers show by different means that there is no such roster; ``least``:
    that none is less short than ``roster``.
    """

    roster: Roster | None
    bound: int = 0
    impossible: bool = False
    least: bool = False


class Search:
    """Looks for the closest roster whose days up to ``frozen`` are those of the old one.

    With ``soften`` the least short one, else a complete one. What is ``settled`` stays so; with
    ``loose`` as much of it as can.
    """

    def __init__(
        self,
        problem: Problem,
        old: Roster,
        frozen: int,
        budget: Budget,
        settled: Settled,
        *,
        loose: bool = False,
        soften: bool = False,
    ) -> None:
        self._problem, self._old, self._frozen = problem, old, frozen
        self._budget, self._soften = budget, soften
        self._settled, self._loose = settled, loose or soften
        self._burden = _burden(problem, old)
        self._bound, self._fewest_given_up = 0, 0
        self._least_short: float | None = None

    def run(self, concerned: set[int], until: float) -> Ended:
        """Look around the days ``concerned``; give up at ``until`` seconds where nothing is found.

        What is found is brought closer as long as the whole time allows.
        """
        shifts = [shift.id for shift in self._problem.shifts]
        exact: set[ShiftKey] = {(day, shift) for day in concerned for shift in shifts}
        closeness = self._closeness(exact)
        concerned = concerned | closeness.broken_days()
        if not concerned and not self._soften:
            return Ended(self._old, least=True)
        best: tuple[Closeness, Vector] | None = None
        stretches = list(self._stretches(concerned))
        bounded: Mask | None = None
        asked: Closeness | None = None
        while stretches and not self._budget.over():
            left = self._budget.left() if best else until - self._budget.elapsed()
            if left <= 0:
                break
            days = stretches[0]
            # A more exact program of the same days hardly ever raises their bound: only where the
            # one known is not met is it looked for again.
            if days is not bounded and not self._soften:
                if not self._bound_raised(closeness, days, left / 2):
                    return Ended(None, impossible=True)
                bounded, asked = days, closeness
            x = self._solved(closeness, days, left)
            if x is not None and (unseated := shifts_to_seat(closeness, x)):
                exact |= unseated
                closeness = self._closeness(exact)
                continue
            met = x is not None and self._good_enough(closeness, x)
            if asked is not closeness and not met and not self._soften:
                if not self._bound_raised(closeness, days, left / 2):
                    return Ended(None, impossible=True)
                asked = closeness
            if x is None:
                stretches.pop(0)
                continue
            found, before = (closeness, x), best
            if before is None or self._costs(*found) < self._costs(*before):
                best = found
            if self._good_enough(*found):
                break
            stretches.pop(0)
            if self._soften and before and self._costs(*found)[0] >= self._costs(*before)[0]:
                stretches = stretches[-1:]  # what is still short, only the whole may mend
        if best is not None:
            bound = self._bound if self._keeps_most(*best) else 0
            return Ended(formed(*best), bound, least=self._least(*best))
        bound = 0 if self._settled else self._bound
        return Ended(None, bound, impossible=self._soften and self._shown(closeness))

    def _stretches(self, concerned: set[int]) -> Iterator[Mask]:
        """The days that may change: few around those concerned, then more, then all."""
        for reach in (*REACHES, len(self._problem.dates)):
            days = np.zeros(len(self._problem.dates), dtype=bool)
            for day in concerned:
                days[max(0, day - reach) : day + reach + 1] = True
            days[: self._frozen + 1] = False
            whole = days[self._frozen + 1 :].all()
            yield days
            if whole:
                return

    def _closeness(self, exact: set[ShiftKey]) -> Closeness:
        return Closeness(
            self._problem,
            self._old,
            self._frozen,
            exact,
            soften=self._soften,
            settled=self._settled,
            loose=self._loose,
            burden=self._burden,
        )

    def _levels(self) -> list[Level]:
        """What is brought down, one after the other."""
        levels = [CHANGES, COURTESY]
        if self._settled and self._loose:
            levels.insert(0, AGREED)
        if self._soften:
            levels.insert(0, Level.SHORTAGE)
        return levels

    def _costs(self, closeness: Closeness, x: Vector) -> tuple[float, ...]:
        return tuple(round(closeness.program.value(level, x), 6) for level in self._levels())

    def _good_enough(self, closeness: Closeness, x: Vector) -> bool:
        """Whether it is proven that nothing is closer."""
        if self._soften:
            return self._least(closeness, x)
        changed = round(closeness.program.value(CHANGES, x))
        return self._keeps_most(closeness, x) and changed <= self._bound

    def _keeps_most(self, closeness: Closeness, x: Vector) -> bool:
        """Whether it is proven that none keeps more of what was agreed: for these is the bound."""
        return closeness.program.value(AGREED, x) <= self._fewest_given_up + CLOSE

    def _least(self, closeness: Closeness, x: Vector) -> bool:
        """Whether it is proven that nothing is less short."""
        program = closeness.program
        if self._soften and self._least_short is None:
            bound = highs.linear_bound(program, Level.SHORTAGE, self._budget, keep={}).bound
            self._least_short = bound or 0.0
        return program.value(Level.SHORTAGE, x) <= (self._least_short or 0.0) + CLOSE

    def _bound_raised(self, closeness: Closeness, days: Mask, seconds: float) -> bool:
        """A proven bound from these days by themselves; ``False`` where they cannot be met."""
        if closeness.program.contradicts_itself:
            return not self._shown(closeness)
        part, keep = closeness.open(days), dict[Level, float]()
        if AGREED in self._levels():
            answer = highs.search(part, {AGREED: 1.0}, self._budget, seconds=seconds)
            if answer.status == "infeasible":
                return not self._infeasible_too(part)
            if _whole(answer.bound) > self._fewest_given_up:
                # Who has to give up more may have to change less.
                self._fewest_given_up, self._bound = _whole(answer.bound), 0
            keep[AGREED] = self._fewest_given_up
        answer = highs.search(part, {CHANGES: 1.0}, self._budget, seconds=seconds, keep=keep)
        if answer.status == "infeasible" and not keep:
            return not self._infeasible_too(part)
        self._bound = max(self._bound, _whole(answer.bound))
        return True

    def _infeasible_too(self, part: Part) -> bool:
        """Whether CP-SAT shows it as well, by other means."""
        seconds = self._budget.left()
        return cpsat.search(part, None, self._budget, seconds=seconds).status == "infeasible"

    def _shown(self, closeness: Closeness) -> bool:
        """Whether two solvers show that the whole program has no solution."""
        program, budget = closeness.program, self._budget
        return highs.is_infeasible(program, budget, budget.left()) and (
            program.contradicts_itself or self._infeasible_too(program.whole())
        )

    def _solved(self, closeness: Closeness, days: Mask, seconds: float) -> Vector | None:
        """The best solution that changes only these days, level after level."""
        if closeness.program.contradicts_itself:
            return None
        part, budget = closeness.held(days), self._budget
        keep: dict[Level, float] = {}
        x: Vector | None = None
        whole = days[self._frozen + 1 :].all()
        for level in self._levels():
            some = seconds / 2 if level is Level.SHORTAGE else seconds
            answer = highs.search(part, {level: 1.0}, budget, seconds=some, keep=keep, start=x)
            if answer.x is None:
                return x
            x = answer.x
            keep[level] = closeness.program.value(level, x)
            if level is Level.SHORTAGE and whole and answer.status == "optimal":
                self._least_short = keep[level]
        return x


def _whole(bound: float | None) -> int:
    """The least whole number that a bound leaves."""
    return 0 if bound is None or not np.isfinite(bound) else int(np.ceil(bound - CLOSE))


def _burden(problem: Problem, roster: Roster) -> dict[str, float]:
    """How many duties more than a fair share each officer has, by the plan's first such rule."""
    rule = next((r for r in rules_of(problem) if isinstance(r, FairShare)), FairShare())
    return {
        one.officer: float(one.away) for _, loads in rule.loads(problem, roster) for one in loads
    }
