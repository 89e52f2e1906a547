"""When things change: the closest new roster, substitutes, swaps, and what took place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.agreement_log import Agreement
from patrol_scheduler.replanning.agreements import is_of, standing
from patrol_scheduler.replanning.changes import Change, cells, changes_between, within
from patrol_scheduler.replanning.closeness import Settled
from patrol_scheduler.replanning.closest import Ended, Search
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, Violation, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.rules.roles import named
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.missing import of_missing_people
from patrol_scheduler.validation import faults_of

SHARE_FOR_COMPLETE = 0.75
"""The part of the time in which a complete roster is looked for before seats may stay empty."""


@dataclass(frozen=True)
class Replan:
    """A roster made legal again, and what that changed.

    ``status``: ``complete``; ``short``: seats stay empty or areas overdue, each of which is one of
    the ``gaps``; ``impossible``: no roster keeps what must hold; ``unknown``: nothing was found in
    the time. With the last two ``roster`` is missing. ``reason`` tells how it is known:
    ``no-complete-roster``, as ``impossible``, was shown twice by different means, ``none-found``
    was not; frozen days count as given. ``least_short`` says that no roster is proven less short.

    ``changed_duties`` counts duties dropped and added, ``bound`` what no complete roster can change
    less than; ``proven`` says that the two are equal. Where the roster before
    kept agreements (``agreed``), both hold for rosters that keep as much of them; others may change
    less. ``kept_breaches`` are rules that frozen days break by themselves; ``given_up`` agreements
    that could not stay.
    """

    problem: Problem
    status: Literal["complete", "short", "impossible", "unknown"]
    reason: Literal["complete", "no-complete-roster", "none-found", "impossible", "time"]
    roster: Roster | None
    changes: tuple[Change, ...]
    changed_duties: int
    bound: int
    kept_breaches: tuple[Finding, ...]
    frozen_until: dt.date
    given_up: tuple[Agreement, ...] = ()
    gaps: tuple[Finding, ...] = ()
    least_short: bool = False
    agreed: bool = False

    @property
    def proven(self) -> bool:
        """Whether it is proven that no complete roster changes fewer duties.

        Where something was agreed: none that keeps as much of that.
        """
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
    agreements: Iterable[Agreement] = (),
    stop: Callable[[], bool] | None = None,
) -> Replan:
    """Make a roster complete and legal for a changed plan, changing as few duties as can be.

    ``roster`` may break the rules of ``problem`` and name people it no longer has; its days up to
    ``frozen_until`` stay as they are; where it is left out, the plan's own date counts. Among the
    rosters with the fewest changed duties one is taken that touches the fewest people, then one
    whose changes come later, then one whose new duties go to those who had fewest. Of the
    ``agreements`` those that ``roster`` keeps stay as long as a complete roster allows: who took a
    duty over last keeps it, and who gave it away before gets none that day. Raises
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
    return _Replan(problem, roster, frozen_until, Budget(time_limit, stop, None), agreements).run()


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
        agreements: Iterable[Agreement],
    ) -> None:
        self._problem, self._before, self._budget = problem, roster, budget
        self._old = named(problem, within(problem, roster), frozen_until)
        self._frozen_until = frozen_until
        self._frozen = max(-1, min(problem.day(frozen_until), len(problem.dates) - 1))
        self._standing = standing(self._old, agreements)
        self._settled = Settled(
            frozenset((one.duty.officer, problem.day(one.duty.date)) for one in self._standing),
            frozenset((one.entry.out, problem.day(one.duty.date)) for one in self._standing),
        )
        # Duties of people, places or days that the plan no longer has are changed anyway.
        self._gone = len(cells(roster)) - len(cells(self._old))

    def run(self) -> Replan:
        found = self._complete()
        if found.roster is not None:
            return self._with_roster(found.roster, found, "complete")
        reason: Literal["no-complete-roster", "none-found"] = (
            "no-complete-roster" if found.impossible else "none-found"
        )
        end = self._budget.elapsed() + self._budget.left()
        short = self._search(soften=True).run(self._concerned, end)
        if short.roster is not None:
            return self._with_roster(short.roster, short, reason)
        shown = short.impossible
        return Replan(
            problem=self._problem,
            status="impossible" if shown else "unknown",
            reason="impossible" if shown else "time",
            roster=None,
            changes=(),
            changed_duties=0,
            bound=found.bound,
            kept_breaches=(),
            frozen_until=self._frozen_until,
            agreed=bool(self._standing),
        )

    def _complete(self) -> Ended:
        """A complete roster that leaves what was agreed, or as much of it as can be."""
        until = self._budget.elapsed() + SHARE_FOR_COMPLETE * self._budget.left()
        if self._settled:
            share = self._budget.elapsed() + SHARE_FOR_COMPLETE * self._budget.left() / 2
            found = self._search().run(self._concerned, share)
            if found.roster is not None:
                return found
        return self._search(loose=True).run(self._concerned, until)

    def _search(self, *, loose: bool = False, soften: bool = False) -> Search:
        return Search(
            self._problem,
            self._old,
            self._frozen,
            self._budget,
            self._settled,
            loose=loose,
            soften=soften,
        )

    @cached_property
    def _concerned(self) -> set[int]:
        """The days, none of them frozen, on which a rule is broken or something is gone."""
        problem, old = self._problem, cells(self._old)
        days = {
            finding.violation.date
            for finding in check(problem, self._old).findings
            if finding.violation.level <= Level.SHORTAGE
        }
        days |= {duty.date for cell, duty in cells(self._before).items() if cell not in old}
        inside = {problem.day(date) for date in days if date and problem.first <= date}
        return {day for day in inside if self._frozen < day < len(problem.dates)}

    def _with_roster(
        self,
        after: Roster,
        found: Ended,
        reason: Literal["complete", "no-complete-roster", "none-found"],
    ) -> Replan:
        problem, rests = self._problem, self._old.compensatory_rests
        after = with_rests(problem, rules_of(problem), after, rests, self._frozen_until)
        checked = check(problem, after)
        wrong = checked.broken + checked.shortages
        # Every demand that the frozen days leave open is met; where seats may stay empty, all that
        # must hold. What is left is theirs.
        kept = [f for f in wrong if reason == "complete" or self._is_frozen(f.violation)]
        if self._frozen < 0 and (checked.broken or kept):
            raise AssertionError(f"replanning broke a rule: {wrong[0].violation}")
        gaps = tuple(f for f in wrong if f not in kept)
        changes = changes_between(problem, self._before, after, fewest=True)
        return Replan(
            problem=problem,
            status="short" if gaps else "complete",
            reason=reason if gaps else "complete",
            roster=after,
            changes=changes,
            changed_duties=sum(change.duties for change in changes),
            bound=found.bound + self._gone,
            kept_breaches=tuple(kept),
            frozen_until=self._frozen_until,
            given_up=self._given_up(after),
            gaps=gaps,
            least_short=found.least,
            agreed=bool(self._standing),
        )

    def _is_frozen(self, violation: Violation) -> bool:
        if violation.level is Level.MUST:
            return True
        date = violation.date  # before the plan: that of the last patrol known, which no day keeps
        return date is not None and self._problem.first <= date <= self._frozen_until

    def _given_up(self, after: Roster) -> tuple[Agreement, ...]:
        """The agreements whose officer no longer has the duty, or who gave it away has one again.

        Who took it over and handed it on need not have it.
        """
        new = {(cell[3], cell[0]) for cell in cells(after).keys() - cells(self._old).keys()}
        before = [one.entry for one in self._standing]
        still = {one.entry for one in standing(after, before)}
        return tuple(
            one.entry
            for one in self._standing
            if (one.last and one.entry not in still)
            or any(
                (one.entry.out, date) in new
                for date in {d.date for d in after.duties if is_of(one.entry, d)} or {one.duty.date}
            )
        )


def as_result(problem: Problem, roster: Roster, reason: str = "") -> Result:
    """A roster made by other means than solving, as a result that can be written.

    Its costs are the check's; no search has raised their bounds above what counting shows missing.
    ``status`` is ``short`` also where frozen days break a rule, of which counting says nothing;
    ``reason`` is how that is known, if it is.
    """
    found = check(problem, roster)
    counted = bool(found.shortages) and not found.broken
    missing = float(of_missing_people(problem, rules_of(problem))) if counted else 0.0
    names: tuple[tuple[Level, Literal["shortage", "fairness", "wishes"]], ...] = (
        (Level.SHORTAGE, "shortage"),
        (Level.FAIRNESS, "fairness"),
        (Level.WISHES, "wishes"),
    )
    return Result(
        status="feasible" if found.complete else "short",
        roster=roster,
        levels=tuple(
            LevelResult(
                level=key,
                cost=round(float(found.cost(level)), 6),
                bound=round(missing, 6) if level is Level.SHORTAGE else 0.0,
                reason="missing-people" if level is Level.SHORTAGE and missing else "prices",
            )
            for level, key in names
            if level is not Level.SHORTAGE or found.shortages
        ),
        reason="complete" if found.complete else reason or "short",
        seed=0,
        workers=1,
    )  # fmt: skip
