"""When things change: the closest new roster, substitutes, swaps, and what took place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.changes import Change, cells, changes_between, within
from patrol_scheduler.replanning.closeness import CHANGES, COURTESY, Closeness, ShiftKey
from patrol_scheduler.replanning.forming import formed, shifts_to_seat
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import FairShare, Level, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import Mask, Vector
from patrol_scheduler.validation import faults_of

REACHES = (1, 3, 7, 14, 28)
"""Days around those concerned that may change, tried one after the other, then all of them."""


@dataclass(frozen=True)
class Replan:
    """A roster made legal again, and what that changed.

    ``status``: ``complete``; ``short`` where seats stay empty or areas overdue; ``unknown`` where
    nothing was found in the time, and ``roster`` is missing. ``changed_duties`` counts duties
    dropped and added, ``bound`` what no complete roster can change less than; ``proven`` says
    that the two are equal. ``kept_breaches`` are rules that frozen days break by themselves;
    ``given_up`` agreed duties that could not stay.
    """

    problem: Problem
    status: Literal["complete", "short", "unknown"]
    roster: Roster | None
    changes: tuple[Change, ...]
    changed_duties: int
    bound: int
    kept_breaches: tuple[Finding, ...]
    frozen_until: dt.date
    given_up: tuple[tuple[str, dt.date], ...]

    @property
    def proven(self) -> bool:
        """Whether it is proven that no complete roster changes fewer duties."""
        return self.status == "complete" and self.changed_duties <= self.bound

    @property
    def people_touched(self) -> int:
        """How many officers have a duty dropped or added."""
        return len({o for c in self.changes for o in (c.out, c.into) if o is not None})

    @property
    def notice_days(self) -> int | None:
        """Days from the last frozen day to the first change; ``None`` where nothing changes."""
        first = min((change.date for change in self.changes), default=None)
        return None if first is None else (first - self.frozen_until).days


def replan(
    problem: Problem,
    roster: Roster,
    frozen_until: dt.date | None = None,
    *,
    time_limit: float = 60.0,
    agreed: Iterable[tuple[str, dt.date]] = (),
    stop: Callable[[], bool] | None = None,
) -> Replan:
    """Make a roster complete and legal for a changed plan, changing as few duties as can be.

    ``roster`` may break the rules of ``problem`` and name people it no longer has; its days up to
    ``frozen_until`` stay as they are; where it is left out, the plan's own date counts. Among the
    rosters with the fewest changed duties one is taken that touches the fewest people, then one
    whose changes come later, then one whose new duties go to those who had fewest. ``agreed`` are
    duties (officer, date) that stay in any case, such as substitutions and swaps. Raises
    :class:`InvalidInputError` for a problem that contradicts itself, or that does not know who or
    what has a duty on a frozen day; and where neither tells a date.
    """
    frozen_until = frozen_until or problem.frozen_until
    if frozen_until is None:
        what = "faults_change.frozen-not-told"
        raise InvalidInputError([Fault("", "frozen_until", None, None, what)])
    faults = faults_of(problem) or _frozen_faults(problem, roster, frozen_until)
    if faults:
        raise InvalidInputError(faults)
    return _Replan(problem, roster, frozen_until, Budget(time_limit, stop, None), agreed).run()


def _frozen_faults(problem: Problem, roster: Roster, frozen_until: dt.date) -> list[Fault]:
    """Duties of frozen days that the problem cannot keep, because it does not know them."""
    known = cells(within(problem, roster))
    return [
        Fault("", "roster", None, officer, "faults_change.frozen-unknown",
              (("date", date), ("place", place), ("shift", shift)))
        for date, shift, place, officer in cells(roster)
        if problem.first <= date <= min(frozen_until, problem.last)
        and (date, shift, place, officer) not in known
    ]  # fmt: skip


class _Replan:
    def __init__(
        self,
        problem: Problem,
        roster: Roster,
        frozen_until: dt.date,
        budget: Budget,
        agreed: Iterable[tuple[str, dt.date]],
    ) -> None:
        self._problem, self._before, self._budget = problem, roster, budget
        self._old = within(problem, roster)
        self._frozen_until = frozen_until
        self._frozen = max(-1, min(problem.day(frozen_until), len(problem.dates) - 1))
        self._agreed = tuple(agreed)
        # Duties of people, places or days that the plan no longer has are changed anyway.
        self._gone = len(cells(roster)) - len(cells(self._old))
        self._bound = 0

    def run(self) -> Replan:
        found = check(self._problem, self._old)
        wrong = [f for f in found.findings if f.violation.level <= Level.SHORTAGE]
        days = {self._problem.day(f.violation.date) for f in wrong if f.violation.date}
        old = cells(self._old)
        days |= {
            self._problem.day(d.date) for c, d in cells(self._before).items()
            if c not in old and self._problem.first <= d.date <= self._problem.last
        }  # fmt: skip
        days = {day for day in days if day > self._frozen}
        agreed = self._agreed
        attempts: list[tuple[bool, tuple[tuple[str, dt.date], ...]]] = [(False, agreed)]
        attempts += [(False, ())] if agreed else []
        for soften, kept in [*attempts, (True, ())]:
            self._agreed, self._bound = kept, 0
            after = self._closest(days, soften=soften)
            if after is not None:
                has = {(duty.officer, duty.date) for duty in after.duties}
                return self._result(
                    after, tuple(duty for duty in agreed if duty not in has), soften=soften
                )
            if self._budget.over():
                break
        return Replan(
            self._problem, "unknown", None, (), 0, self._bound, (), self._frozen_until, ()
        )

    def _closest(self, concerned: set[int], *, soften: bool) -> Roster | None:
        """The roster closest to the old one, in ever wider stretches around the days concerned."""
        shifts = [shift.id for shift in self._problem.shifts]
        exact: set[ShiftKey] = {(day, shift) for day in concerned for shift in shifts}
        best: tuple[Closeness, Vector] | None = None
        reaches = iter((*REACHES, len(self._problem.dates)))
        closeness = self._closeness(exact, soften=soften)
        concerned = concerned | closeness.broken_days()
        if not concerned and not soften:
            return self._old
        reach, short = next(reaches), float("inf")
        while not self._budget.over():
            days = self._around(concerned, reach)
            if not soften and not self._bound_raised(closeness, days):
                return None if best is None else formed(*best)
            x = self._solved(closeness, days)
            if x is not None:
                unseated = shifts_to_seat(closeness, x)
                if unseated:
                    exact |= unseated
                    closeness = self._closeness(exact, soften=soften)
                    continue
                if soften:
                    # Wider stretches, as long as they leave less short.
                    lacking = closeness.program.value(Level.SHORTAGE, x)
                    if best is not None and lacking >= short - 1e-6:
                        break
                    short = lacking
                best = (closeness, x)
                changes = round(closeness.program.value(CHANGES, x))
                if not soften and changes <= self._bound:
                    break
            if days[self._frozen + 1 :].all():
                break
            reach = next(reaches, len(self._problem.dates))
        if best is None:
            return None
        closeness, x = best
        return formed(closeness, x)

    def _closeness(self, exact: set[ShiftKey], *, soften: bool) -> Closeness:
        return Closeness(
            self._problem,
            self._old,
            self._frozen,
            exact,
            soften=soften,
            kept=self._agreed,
            burden=_burden(self._problem, self._old),
        )

    def _around(self, concerned: set[int], reach: int) -> Mask:
        days = np.zeros(len(self._problem.dates), dtype=bool)
        for day in concerned:
            days[max(0, day - reach) : day + reach + 1] = True
        days[: self._frozen + 1] = False
        return days

    def _bound_raised(self, closeness: Closeness, days: Mask) -> bool:
        """A proven bound from these days by themselves; ``False`` where they cannot be met."""
        if closeness.program.contradicts_itself:
            return False
        part = closeness.open(days)
        answer = highs.search(part, {CHANGES: 1.0}, self._budget, seconds=self._budget.left())
        if answer.status == "infeasible":
            again = cpsat.search(part, None, self._budget, seconds=self._budget.left())
            return again.status != "infeasible"
        if answer.bound is not None and np.isfinite(answer.bound):
            self._bound = max(self._bound, int(np.ceil(answer.bound - 1e-6)))
        return True

    def _solved(self, closeness: Closeness, days: Mask) -> Vector | None:
        """The best solution that changes only these days, level after level."""
        if closeness.program.contradicts_itself:
            return None
        part, budget = closeness.held(days), self._budget
        keep: dict[Level, float] = {}
        x: Vector | None = None
        levels = [CHANGES, COURTESY]
        if closeness.soften:
            levels.insert(0, Level.SHORTAGE)
        for level in levels:
            answer = highs.search(
                part, {level: 1.0}, budget, seconds=budget.left(), keep=keep, start=x
            )
            if answer.x is None:
                return x
            x = answer.x
            keep[level] = closeness.program.value(level, x)
        return x

    def _result(
        self, after: Roster, given_up: tuple[tuple[str, dt.date], ...], *, soften: bool
    ) -> Replan:
        problem = self._problem
        after = with_rests(
            problem,
            rules_of(problem),
            after,
            self._old.compensatory_rests,
            self._frozen_until,
        )
        found = check(problem, after)
        wrong = [f for f in found.findings if f.violation.level <= Level.SHORTAGE]
        if soften:
            kept = [f for f in wrong if f.violation.date and f.violation.date <= self._frozen_until]
        else:
            # Every demand that the frozen days leave open is met, so what is left is theirs.
            kept = wrong
        if self._frozen < 0 and (found.broken or kept):
            raise AssertionError(f"replanning broke a rule: {wrong[0].violation}")
        short = [f for f in wrong if f not in kept]
        changes = changes_between(problem, self._before, after, fewest=True)
        return Replan(
            problem=problem,
            status="short" if short else "complete",
            roster=after,
            changes=changes,
            changed_duties=sum(change.duties for change in changes),
            bound=self._bound + self._gone,
            kept_breaches=tuple(kept),
            frozen_until=self._frozen_until,
            given_up=given_up,
        )


def as_result(problem: Problem, roster: Roster) -> Result:
    """A roster made by other means than solving, as a result that can be written.

    Its costs are the check's; no search has raised their bounds above nothing. ``status`` is
    ``short`` also where frozen days break a rule.
    """
    found = check(problem, roster)
    names: tuple[tuple[Level, Literal["shortage", "fairness", "wishes"]], ...] = (
        (Level.SHORTAGE, "shortage"),
        (Level.FAIRNESS, "fairness"),
        (Level.WISHES, "wishes"),
    )
    return Result(
        status="feasible" if found.complete else "short",
        roster=roster,
        levels=tuple(
            LevelResult(level=key, cost=round(float(found.cost(level)), 6), bound=0.0,
                        reason="prices")
            for level, key in names
            if level is not Level.SHORTAGE or found.shortages
        ),
        reason="complete" if found.complete else "short",
        seed=0,
        workers=1,
    )  # fmt: skip


def _burden(problem: Problem, roster: Roster) -> dict[str, float]:
    """How many duties more than a fair share each officer has, by the plan's first such rule."""
    rule = next((r for r in rules_of(problem) if isinstance(r, FairShare)), FairShare())
    return {
        one.officer: float(one.away) for _, loads in rule.loads(problem, roster) for one in loads
    }
