"""Rules about when an area is patrolled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, Self

from patrol_scheduler.problem import Cadence, Phase, Problem
from patrol_scheduler.records import Amount, Count, Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, at_most, exact, never

ONE = Fraction(1)


class WithinPhase(Rule):
    """Duties lie in a rostered phase, patrols in its areas and shifts and once a day in each."""

    rule: Literal["within-phase"] = "within-phase"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for day, date in enumerate(problem.dates):
            for area in problem.areas:
                terms: list[tuple[int, Number]] = []
                for shift in problem.shifts:
                    patrol = columns.patrol(area.id, day, shift.id)
                    if problem.patrols_allowed(area.id, date, shift.id):
                        terms.append((patrol, 1))
                    else:
                        yield never(patrol)
                if len(terms) > 1:
                    # As for officers: no more patrols of the area than the day itself counts.
                    yield Limit([*terms, (columns.visited(area.id, day), -1)], at_most=0)
            if problem.phase_on(date) is None:
                for officer in problem.officers:
                    for _, turn in columns.turns(officer.id, day):
                        yield never(turn)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        seen: set[tuple[str, dt.date]] = set()
        for patrol in roster.patrols:
            if not problem.patrols_allowed(patrol.area, patrol.date, patrol.shift):
                yield Violation(
                    self.rule,
                    "broken",
                    Level.MUST,
                    ONE,
                    ONE,
                    patrol.date,
                    area=patrol.area,
                    shift=patrol.shift,
                )
            elif (patrol.area, patrol.date) in seen:
                yield Violation(
                    self.rule, "twice", Level.MUST, ONE, ONE, patrol.date, area=patrol.area
                )
            else:
                seen.add((patrol.area, patrol.date))
        for duty in roster.post_duties:
            if problem.phase_on(duty.date) is None:
                yield Violation(
                    self.rule, "post", Level.MUST, ONE, ONE, duty.date, duty.officer,
                    shift=duty.shift, details=(("post", duty.post),),
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """An area in one phase: its days, and the first day whose patrols are all known.

    ``first`` and ``last`` are day numbers, both included; ``since`` may be negative.
    """

    area: str
    cadence: Cadence
    first: int
    last: int
    since: int


class CadenceRule(Rule):
    """Consecutive patrol dates of an area lie within its gap window, history included.

    Too short a gap is forbidden. Every day on which the last patrol lies more than the longest gap
    back is overdue and costs ``price``. Without a known last patrol the first one lies within the
    longest gap of the phase's first day; the last one always lies within it of the last day.
    """

    rule: Literal["cadence"] = "cadence"
    price: Amount = 200

    def spans(self, problem: Problem) -> Iterator[Span]:
        """Every area in every phase in which it has a cadence, phases in their order."""
        for area in problem.areas:
            yield from self.spans_of(problem, area.id)

    def spans_of(self, problem: Problem, area: str) -> Iterator[Span]:
        """The phases in which an area has a cadence, in order."""
        last_patrol = problem.last_patrol.get(area)
        before: Span | None = None
        for phase in problem.rostered_phases:
            cadence = problem.cadence(phase.id, area)
            if cadence is None or (phase.areas and area not in phase.areas):
                continue
            first, last = problem.day(phase.start), problem.day(phase.end)
            if before and before.last == first - 1:
                since = before.since
            elif before is None and last_patrol is not None:
                since = problem.day(last_patrol)
            else:
                since = first
            before = Span(area, cadence, first, last, since)
            yield before

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        price = exact(self.price)
        for span in self.spans(problem):
            shortest, longest = span.cadence.min_gap, span.cadence.max_gap
            for end in range(span.first, span.last + 1):
                if end - longest + 1 >= span.since:
                    window: list[tuple[int, Number]] = [
                        (columns.visited(span.area, day), 1)
                        for day in range(end - longest + 1, end + 1)
                    ]
                    yield Limit(window, at_least=1, level=Level.SHORTAGE, below=price)
            if shortest > 1:
                # Days before the phase answer to their own phase among themselves: each of them
                # starts a window that holds no other.
                for start in range(span.first - shortest + 1, span.last):
                    end = min(start + shortest - 1, span.last)
                    close: list[tuple[int, Number]] = [
                        (columns.visited(span.area, day), 1)
                        for day in (start, *range(max(start + 1, span.first), end + 1))
                    ]
                    yield at_most(close, 1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        price = exact(self.price)
        for span in self.spans(problem):
            dates = {problem.day(date) for date in roster.patrol_dates.get(span.area, ())}
            if span.area in problem.last_patrol:
                dates.add(problem.day(problem.last_patrol[span.area]))
            known = sorted(dates)
            for before, after in pairwise(known):
                if after - before < span.cadence.min_gap and span.first <= after <= span.last:
                    amount = Fraction(span.cadence.min_gap - (after - before))
                    yield self._gap(problem, span, "too-soon", amount, ONE, before, after)
            # A first patrol that is not known counts from the day before the first known one,
            # and the day after the last one stands for the next patrol.
            ends = [span.since - 1, *(d for d in known if d >= span.since), span.last + 1]
            for before, after in pairwise(ends):
                late_from = max(before + span.cadence.max_gap, span.first)
                overdue = min(after - 1, span.last) - late_from + 1
                if overdue > 0:
                    amount = Fraction(overdue)
                    yield self._gap(problem, span, "overdue", amount, price, before, after)

    def _gap(
        self,
        problem: Problem,
        span: Span,
        what: str,
        amount: Fraction,
        price: Fraction,
        before: int,
        after: int,
    ) -> Violation:
        return Violation(
            self.rule,
            what,
            Level.MUST if what == "too-soon" else Level.SHORTAGE,
            amount,
            amount * price,
            problem.date(min(after, span.last)),
            area=span.area,
            details=(
                ("before", problem.date(before)),
                ("after", problem.date(after)),
                ("gap", after - before),
                ("min_gap", span.cadence.min_gap),
                ("max_gap", span.cadence.max_gap),
            ),
        )


class PatrolCount(Rule):
    """In a phase with the ``patrol_count`` most, each area is patrolled as often as its gap allows.

    The largest count is that of the shortest gaps from the phase's first day on, patrols before it
    included; each patrol fewer costs ``price``.
    """

    rule: Literal["patrol-count"] = "patrol-count"
    price: Amount = 100
    level: PricedLevel = "fairness"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for _, span in _spans_of_most(problem):
            first, gap = span.first, span.cadence.min_gap
            last_patrol = problem.last_patrol.get(span.area)
            if last_patrol is not None:
                first = max(first, problem.day(last_patrol) + gap)
            terms: list[tuple[int, Number]] = [
                (columns.visited(span.area, day), 1) for day in range(span.first, span.last + 1)
            ]
            most = max(0, (span.last - first) // gap + 1)
            yield Limit(
                terms, at_least=most, level=Level[self.level.upper()], below=exact(self.price)
            )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for phase, span in _spans_of_most(problem):
            dates = set(roster.patrol_dates.get(span.area, ()))
            there = sum(1 for date in dates if phase.start <= date <= phase.end)
            most, next_day = 0, phase.start
            gap = dt.timedelta(days=span.cadence.min_gap)
            if span.area in problem.last_patrol:
                next_day = max(next_day, problem.last_patrol[span.area] + gap)
            while next_day <= phase.end:
                most, next_day = most + 1, next_day + gap
            if there < most:
                amount = Fraction(most - there)
                yield Violation(
                    self.rule, "fewer", Level[self.level.upper()], amount,
                    amount * exact(self.price), area=span.area,
                    details=(("patrols", there), ("most", most), ("phase", phase.name or phase.id)),
                )  # fmt: skip


def _spans_of_most(problem: Problem) -> Iterator[tuple[Phase, Span]]:
    """The areas with a cadence in the phases in which there are to be as many patrols as can be."""
    by_first = {problem.day(phase.start): phase for phase in problem.rostered_phases}
    for span in CadenceRule().spans(problem):
        phase = by_first[span.first]
        if phase.patrol_count == "most":
            yield phase, span


class PatrolsAtMost(Rule):
    """On one day, or in one shift of a day, there are at most ``patrols`` patrols.

    For a group that has so many cars or so many leaders. Empty ``areas`` or ``shifts`` mean all.
    """

    rule: Literal["patrols-at-most"] = "patrols-at-most"
    patrols: Count = 1
    per: Literal["day", "shift"] = "day"
    areas: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """Off: the people alone decide how many patrols there can be."""
        return (cls(on=False),)

    def counts(self, area: str, shift: str) -> bool:
        """Whether a patrol of the area in the shift is one of those counted."""
        return (not self.areas or area in self.areas) and (not self.shifts or shift in self.shifts)

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for day in range(len(problem.dates)):
            together: dict[str, list[tuple[int, Number]]] = {}
            for shift in problem.shifts:
                for area in problem.areas:
                    if self.counts(area.id, shift.id):
                        patrol = columns.patrol(area.id, day, shift.id)
                        together.setdefault(self._group(shift.id), []).append((patrol, 1))
            for terms in together.values():
                if len(terms) > self.patrols:
                    yield at_most(terms, self.patrols)

    def _group(self, shift: str) -> str:
        return shift if self.per == "shift" else ""

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        found: dict[tuple[dt.date, str], int] = {}
        for patrol in roster.patrols:
            inside = problem.first <= patrol.date <= problem.last
            if inside and self.counts(patrol.area, patrol.shift):
                key = (patrol.date, self._group(patrol.shift))
                found[key] = found.get(key, 0) + 1
        for (date, shift), patrols in sorted(found.items()):
            if patrols > self.patrols:
                amount = Fraction(patrols - self.patrols)
                yield Violation(
                    self.rule,
                    f"per-{self.per}",
                    Level.MUST,
                    amount,
                    amount,
                    date,
                    shift=shift or None,
                    details=(("patrols", patrols), ("at_most", self.patrols)),
                )
