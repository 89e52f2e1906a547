"""The search for the roster closest to an old one, in ever wider stretches around what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from patrol_scheduler.solver.refuting import refuted

REACHES = (1, 3, 7, 14, 28)
"""Days around those concerned that may change, tried one after the other, then all of them."""
WINDOWS = (7, 14, 28)
"""Lengths in days of the stretches that are looked at by themselves for what cannot be met."""
SHARE_FOR_CHANGES = 0.8
"""The part of the time left in which fewer changes are looked for before kinder ones are."""


@dataclass(frozen=True)
class Ended:
    """Where a search ended.

    ``bound`` is what a roster that keeps as much of what was agreed cannot change less;
    ``impossible``: it is shown twice, by different means, that there is no such roster; ``least``:
    none is less short than ``roster``.
    """

    roster: Roster | None
    bound: int = 0
    impossible: bool = False
    least: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A solution in which only some days change."""

    closeness: Closeness
    x: Vector
    days: Mask


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
        self._grow(exact)
        concerned = concerned | self._closeness.broken_days()
        if not concerned and not self._soften:
            return Ended(self._old, least=True)
        elapsed = self._budget.elapsed
        ends = elapsed() + SHARE_FOR_CHANGES * self._budget.left()
        best: _Found | None = None
        stretches = list(self._stretches(concerned))
        while stretches and (left := (ends if best else until) - elapsed()) > 0:
            days = stretches.pop(0)
            asked = self._closeness
            if not self._soften and not self._bound_raised(asked, days, left / 2):
                return Ended(None, impossible=True)
            found = self._in_stretch(days, until=ends if best else until, ends=ends)
            met = found is not None and self._good_enough(found)
            # A more exact program of the same days hardly ever raises their bound: only where the
            # one known is not met is it looked for again.
            if self._closeness is not asked and not met and not self._soften:
                left = max(0.0, (ends if best or found else until) - elapsed())
                if not self._bound_raised(self._closeness, days, left / 2):
                    return Ended(None, impossible=True)
            if found is None:
                continue
            before, best = best, _better(best, found, self._levels())
            if self._good_enough(best or found):
                break
            if self._soften and before and _short(found) >= _short(before):
                stretches = stretches[-1:]  # what is still short, only the whole may mend
        if best is not None:
            bound = self._bound if self._keeps_most(best) else 0
            least = self._least(best)
            end = elapsed() + self._budget.left()
            kindest = self._in_stretch(best.days, until=end, ends=end, best=best) or best
            return Ended(formed(kindest.closeness, kindest.x), bound, least=least)
        bound = 0 if self._settled else self._bound
        return Ended(None, bound, impossible=self._soften and self._shown(self._closeness))

    def _in_stretch(
        self, days: Mask, *, until: float, ends: float, best: _Found | None = None
    ) -> _Found | None:
        """The fewest changes in some days, each changed team decided officer by officer.

        With a ``best`` already, the kindest that is no worse. Where teams are only counted, no
        more has to change than where they are decided: so what is as good with all its teams
        decided is the best. Gives up at ``until`` where nothing is found.
        """
        keep = self._kept(best) if best else {}
        levels = [COURTESY] if best else self._levels()
        while (left := (ends if best else until) - self._budget.elapsed()) > 0:
            counted = self._solved(days, levels, keep, left / 2, start=best)
            if counted is None or (best and _costs(best, levels) <= _costs(counted, levels)):
                return best
            unseated = shifts_to_seat(counted.closeness, counted.x)
            if not unseated:
                return counted
            self._grow(self._closeness.exact | unseated)
            decided = self._solved(days, levels, keep, left / 2, exactly=True)
            best = _better(best, decided, levels)
            if best and _costs(best, levels) <= _costs(counted, levels):
                return best
        return best

    def _stretches(self, concerned: set[int]) -> Iterator[Mask]:
        """The days that may change: few around those concerned, then more, then all.

        What is short of the days before or after the plan concerns none of it.
        """
        for reach in (*(REACHES if concerned else ()), len(self._problem.dates)):
            days = np.zeros(len(self._problem.dates), dtype=bool)
            for day in concerned or {0}:
                days[max(0, day - reach) : day + reach + 1] = True
            days[: self._frozen + 1] = False
            whole = days[self._frozen + 1 :].all()
            yield days
            if whole:
                return

    def _grow(self, exact: Iterable[ShiftKey]) -> None:
        """Decide teams officer by officer in these shifts from now on."""
        self._closeness = Closeness(
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
        levels = [CHANGES]
        if self._settled and self._loose:
            levels.insert(0, AGREED)
        if self._soften:
            levels.insert(0, Level.SHORTAGE)
        return levels

    def _good_enough(self, found: _Found) -> bool:
        """Whether it is proven that nothing is closer."""
        if self._soften:
            return self._least(found)
        changed = round(found.closeness.program.value(CHANGES, found.x))
        return self._keeps_most(found) and changed <= self._bound

    def _keeps_most(self, found: _Found) -> bool:
        """Whether it is proven that none keeps more of what was agreed: for these is the bound."""
        given_up = found.closeness.program.value(AGREED, found.x)
        return given_up <= self._fewest_given_up + CLOSE

    def _least(self, found: _Found) -> bool:
        """Whether it is proven that nothing is less short."""
        program = found.closeness.program
        if self._soften and self._least_short is None:
            bound = highs.linear_bound(program, Level.SHORTAGE, self._budget, keep={}).bound
            self._least_short = bound or 0.0
        return program.value(Level.SHORTAGE, found.x) <= (self._least_short or 0.0) + CLOSE

    def _bound_raised(self, closeness: Closeness, days: Mask, seconds: float) -> bool:
        """A proven bound from these days by themselves; ``False`` where they cannot be met."""
        if closeness.program.contradicts_itself:
            return not self._shown(closeness)
        part, keep = closeness.open(days), dict[Level, float]()
        if AGREED in self._levels():
            answer = highs.search(part, {AGREED: 1.0}, self._budget, seconds=seconds)
            if answer.status == "infeasible":
                return not self._refuted(closeness, days)
            if _whole(answer.bound) > self._fewest_given_up:
                # Who has to give up more may have to change less.
                self._fewest_given_up, self._bound = _whole(answer.bound), 0
            keep[AGREED] = self._fewest_given_up
        answer = highs.search(part, {CHANGES: 1.0}, self._budget, seconds=seconds, keep=keep)
        if answer.status == "infeasible" and not keep:
            return not self._refuted(closeness, days)
        self._bound = max(self._bound, _whole(answer.bound))
        return True

    def _refuted(self, closeness: Closeness, days: Mask) -> bool:
        """Whether other means than HiGHS' search show, too, that these days cannot be met.

        Mostly a week or a month of them cannot, and a sum of their rows is the proof; else CP-SAT.
        """
        some = self._budget.left() / 3
        until = self._budget.elapsed() + some
        number = len(days)
        for width in (*WINDOWS, number):
            for first in range(self._frozen + 1, number, max(1, width // 2)):
                window = np.zeros(number, dtype=bool)
                window[first : first + width] = days[first : first + width]
                seconds = until - self._budget.elapsed()
                if seconds > 0 and window.any():
                    part = closeness.open(window)
                    if refuted(part, self._budget, seconds=seconds):
                        return True
        return self._infeasible_too(closeness.open(days), some)

    def _infeasible_too(self, part: Part, seconds: float) -> bool:
        return cpsat.search(part, None, self._budget, seconds=seconds).status == "infeasible"

    def _shown(self, closeness: Closeness) -> bool:
        """Whether it is shown twice that the whole program has no solution."""
        program, budget = closeness.program, self._budget
        return highs.is_infeasible(program, budget, budget.left()) and (
            program.contradicts_itself
            or refuted(program.whole(), budget, seconds=budget.left() / 2)
            or self._infeasible_too(program.whole(), budget.left())
        )

    def _kept(self, found: _Found) -> dict[Level, float]:
        """What a kinder solution may not cost more than."""
        return {level: found.closeness.program.value(level, found.x) for level in self._levels()}

    def _solved(
        self,
        days: Mask,
        levels: Sequence[Level],
        keep: Mapping[Level, float],
        seconds: float,
        *,
        exactly: bool = False,
        start: _Found | None = None,
    ) -> _Found | None:
        """The best solution that changes only these days, level after level.

        ``exactly``: of patrols only those whose teams are decided officer by officer.
        """
        closeness, budget = self._closeness, self._budget
        program, kept = closeness.program, dict(keep)
        if program.contradicts_itself:
            return None
        part = closeness.held(days, exactly=exactly)
        x = start.x if start and start.closeness is closeness else None
        found: Vector | None = None
        whole = days[self._frozen + 1 :].all() and not exactly
        for level in levels:
            some = seconds / 2 if level is Level.SHORTAGE else seconds
            answer = highs.search(part, {level: 1.0}, budget, seconds=some, keep=kept, start=x)
            if answer.x is None:
                break
            found = x = answer.x
            kept[level] = program.value(level, x)
            # HiGHS may call a solution from a start optimal without having shown it.
            bound = -np.inf if answer.bound is None else answer.bound
            if level is Level.SHORTAGE and whole and kept[level] <= bound + CLOSE:
                self._least_short = kept[level]
        return None if found is None else _Found(closeness, found, days)


def _costs(found: _Found, levels: Sequence[Level]) -> tuple[float, ...]:
    program = found.closeness.program
    return tuple(round(program.value(level, found.x), 6) for level in levels)


def _short(found: _Found) -> tuple[float, ...]:
    return _costs(found, [Level.SHORTAGE])


def _better(one: _Found | None, other: _Found | None, levels: Sequence[Level]) -> _Found | None:
    """The better one of two, the first where they are alike."""
    both = [found for found in (one, other) if found is not None]
    return min(both, key=lambda found: _costs(found, levels), default=None)


def _whole(bound: float | None) -> int:
    """The least whole number that a bound leaves."""
    return 0 if bound is None or not np.isfinite(bound) else int(np.ceil(bound - CLOSE))


def _burden(problem: Problem, roster: Roster) -> dict[str, float]:
    """How many duties more than a fair share each officer has, by the plan's first such rule."""
    rule = next((r for r in rules_of(problem) if isinstance(r, FairShare)), FairShare())
    return {
        one.officer: float(one.away) for _, loads in rule.loads(problem, roster) for one in loads
    }
