"""The rule that looks past the end of a plan, so that the plan after it begins without a hole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from patrol_scheduler.days import NoDayTableError
from patrol_scheduler.problem import Cadence, PatrolDate, Phase, Problem
from patrol_scheduler.records import Amount, Count
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.cadence import CadenceRule
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.heat import Heat
from patrol_scheduler.rules.limits import Level, Limit, exact
from patrol_scheduler.rules.when import MarketDays, PatrolDates, PatrolDays, ShiftDays


class LookAhead(Rule):
    """The last patrol of an area leaves a way on through the days after the plan.

    It looks ``days`` days past the last rostered one: at market days and named dates that must be
    patrolled, at days on which no patrol may be, for their kind or for great heat in every shift,
    and at the cadence of the phase that they lie in, rostered or not, or else of the last one.
    Where no last day leads on, it asks nothing.
    """

    rule: Literal["look-ahead"] = "look-ahead"
    days: Count = 14
    price: Amount = 200

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for tail in self._tails(problem):
            leading = tail.leading_on()
            last_days = range(tail.last - tail.window + 1, tail.last + 1)
            if not any(day >= 0 and day in leading for day in last_days):
                continue
            for day in last_days:
                if day in leading:
                    continue
                later = range(day + 1, tail.last + 1)
                terms: list[tuple[int, Number]] = [
                    (columns.visited(tail.area, day), 1),
                    *((columns.visited(tail.area, after), -1) for after in later),
                ]
                yield Limit(terms, at_most=0, level=Level.SHORTAGE, above=exact(self.price))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for tail in self._tails(problem):
            known = [problem.day(date) for date in roster.patrol_dates.get(tail.area, ())]
            if tail.area in problem.last_patrol:
                known.append(problem.day(problem.last_patrol[tail.area]))
            final = max((day for day in known if day <= tail.last), default=None)
            if final is None or final <= tail.last - tail.window or tail.reaches_the_end(final):
                continue
            others = range(max(0, tail.last - tail.window + 1), tail.last + 1)
            if any(map(tail.reaches_the_end, others)):
                yield Violation(
                    self.rule, "stranded", Level.SHORTAGE, Fraction(1), exact(self.price),
                    problem.date(final), area=tail.area,
                    details=(
                        ("min_gap", tail.shortest[tail.last + 1]),
                        ("max_gap", tail.longest[tail.last + 1]),
                        ("until", problem.date(tail.end)),
                    ),
                )  # fmt: skip

    def _tails(self, problem: Problem) -> Iterator[_Tail]:
        last = len(problem.dates) - 1
        for area in problem.areas:
            spans = [s for s in CadenceRule().spans_of(problem, area.id) if s.last == last]
            if spans:
                tail = _Tail(problem, area.id, spans[-1].cadence.max_gap, self.days)
                if tail.shortest:
                    yield tail


@dataclass(frozen=True)
class _Tail:
    """The days after a plan as they are for one area, up to the first on which it has no cadence.

    ``window`` is the longest gap at the end of the plan: the last patrol lies in so many days.
    """

    problem: Problem
    area: str
    window: int
    most: int

    @cached_property
    def last(self) -> int:
        return len(self.problem.dates) - 1

    @cached_property
    def _cadences(self) -> dict[int, Cadence]:
        found: dict[int, Cadence] = {}
        for day in range(self.last + 1, self.last + 1 + self.most):
            phase = self._phase(self.problem.date(day))
            cadence = self.problem.cadence(phase.id, self.area)
            if cadence is None or (phase.areas and self.area not in phase.areas):
                break
            found[day] = cadence
        return found

    def _phase(self, date: dt.date) -> Phase:
        inside = (phase for phase in self.problem.phases if phase.start <= date <= phase.end)
        return next(inside, self.problem.rostered_phases[-1])

    @cached_property
    def shortest(self) -> dict[int, int]:
        return {day: cadence.min_gap for day, cadence in self._cadences.items()}

    @cached_property
    def longest(self) -> dict[int, int]:
        return {day: cadence.max_gap for day, cadence in self._cadences.items()}

    @property
    def end(self) -> int:
        return max(self._cadences)

    @property
    def _dates(self) -> dict[int, dt.date]:
        return {day: self.problem.date(day) for day in self._cadences}

    @cached_property
    def must(self) -> frozenset[int]:
        """The days on which the area has to be patrolled."""
        named = bool(PatrolDates.in_force(self.problem))
        return frozenset(
            day
            for day, date in self._dates.items()
            if self._market_on(date) or (named and any(self._named(date, "must")))
        )

    @cached_property
    def closed(self) -> frozenset[int]:
        """The days on which it may not be; a kind of day that nobody has arranged is left open."""
        return frozenset(day for day, date in self._dates.items() if not self._open_shifts(date))

    def _open_shifts(self, date: dt.date) -> set[str]:
        """The shifts of a date in which the area may be patrolled."""
        problem, shifts = self.problem, self._phase(date).shifts
        found = set(shifts or (shift.id for shift in problem.shifts))
        if PatrolDates.in_force(problem):
            for entry in self._named(date, "forbidden"):
                found -= set(entry.shifts or found)
        for heat in Heat.in_force(problem):
            found -= heat.closed_shifts(problem, date)
        try:
            if ShiftDays.in_force(problem):
                found = {shift for shift in found if problem.shift_applies(shift, date)}
            if any(r.forbids(problem, self.area, date) for r in PatrolDays.in_force(problem)):
                found = set()
        except NoDayTableError:
            pass
        return found

    def _market_on(self, date: dt.date) -> bool:
        return bool(MarketDays.in_force(self.problem)) and any(
            market.must and self.area in market.areas and market.held_on(date)
            for market in self.problem.markets
        )

    def _named(self, date: dt.date, want: str) -> Iterator[PatrolDate]:
        """The entries of the plan that name a date for the area."""
        for entry in self.problem.patrol_dates:
            about = not entry.areas or self.area in entry.areas
            if about and entry.want == want and date in entry.all_dates:
                yield entry

    def _step(self, before: int, after: int) -> bool:
        """Whether nothing is missed between two patrols; the day after the end stands for one."""
        between = range(max(before, self.last) + 1, after)
        return all(day not in self.must and day - before < self.longest[day] for day in between)

    def leading_on(self) -> frozenset[int]:
        """The days from which a sequence of patrols leads to the end, found from the end on."""
        found: list[int] = []
        for day in range(self.end, self.last - self.window, -1):
            onward = (
                after
                for after in found
                if after > self.last and after - day >= self.shortest[after]
            )
            if day not in self.closed and (
                self._step(day, self.end + 1) or any(self._step(day, after) for after in onward)
            ):
                found.append(day)
        return frozenset(found)

    def reaches_the_end(self, final: int) -> bool:
        """Whether patrols from a last one on can follow up to the end, found day by day."""
        reached = [final]
        for day in range(self.last + 1, self.end + 1):
            if day not in self.closed and any(
                day - before >= self.shortest[day] and self._step(before, day) for before in reached
            ):
                reached.append(day)
        return any(self._step(before, self.end + 1) for before in reached)
