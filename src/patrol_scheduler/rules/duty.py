"""Rules about one officer's row of duties: leave, spacing, rest and requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal, Self

from patrol_scheduler.problem import Problem, Shift
from patrol_scheduler.records import Amount, Count, Positive, dates_between
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, at_most, exact, never
from patrol_scheduler.texts.labels import label

ONE = Fraction(1)
MINUTES = 24 * 60
"""The minutes of a day."""


class OnLeave(OfficerRule):
    """Nobody is on duty while on leave, before joining or after departing."""

    rule: Literal["leave"] = "leave"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            for day, date in enumerate(problem.dates):
                if not officer.available_on(date):
                    for _, turn in columns.turns(officer.id, day):
                        yield never(turn)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            for date, shift, _ in roster.turns.get(officer.id, ()):
                if not officer.available_on(date):
                    yield Violation(
                        self.rule, "broken", Level.MUST, ONE, ONE, date, officer.id, shift=shift
                    )


class OneDutyADay(OfficerRule):
    """Nobody has more than one duty on a date, so nobody is in two places at once."""

    rule: Literal["one-duty-a-day"] = "one-duty-a-day"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            for day in range(len(problem.dates)):
                terms: list[tuple[int, Number]] = [
                    (columns.member(officer.id, area.id, day, shift.id), 1)
                    for area in problem.areas
                    for shift in problem.shifts
                ]
                terms += [
                    (columns.on(officer.id, day, shift.id, post.id), 1)
                    for post in problem.posts
                    for shift in problem.shifts
                ]
                yield Limit(terms, at_most=1)

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            for day in range(len(problem.dates)):
                turns: list[tuple[int, Number]] = [
                    (turn, 1) for _, turn in columns.turns(officer.id, day)
                ]
                if len(turns) > 1:
                    # No more duties than the day itself counts: with the day at most 1, this ties
                    # the day to its shifts more tightly than "at most 1" does.
                    works = columns.works(officer.id, day)
                    yield Limit([*turns, (works, -1)], at_most=0)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        duties: dict[tuple[str, dt.date], int] = {}
        for duty in roster.duties:
            duties[duty.officer, duty.date] = duties.get((duty.officer, duty.date), 0) + 1
        mine = {officer.id for officer in self.who(problem)}
        for (officer, date), n in sorted(duties.items()):
            if officer in mine and n > 1:
                amount = Fraction(n - 1)
                yield Violation(
                    self.rule,
                    "broken",
                    Level.MUST,
                    amount,
                    amount,
                    date,
                    officer,
                    details=(("duties", n),),
                )


def _worked_days(problem: Problem, roster: Roster, officer: str) -> list[int]:
    """The days with a duty, history first, each once, in order."""
    days = {problem.day(date) for date, _, _ in roster.turns.get(officer, ())}
    days |= {problem.day(past.date) for past in problem.history if past.officer == officer}
    return sorted(days)


class DaysBetweenDuties(OfficerRule):
    """An officer's duty dates differ by at least ``days``; 2 means never on two days in a row."""

    rule: Literal["days-between-duties"] = "days-between-duties"
    days: Positive = 1

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        if self.days < 2:
            return
        for officer in self.who(problem):
            for last in range(len(problem.dates)):
                window: list[tuple[int, Number]] = [
                    (columns.works(officer.id, day), 1)
                    for day in range(last - self.days + 1, last + 1)
                ]
                yield at_most(window, 1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            days = _worked_days(problem, roster, officer.id)
            for before, day in pairwise(days):
                if 0 <= day < before + self.days:
                    amount = Fraction(before + self.days - day)
                    yield Violation(
                        self.rule,
                        "broken",
                        Level.MUST,
                        amount,
                        amount,
                        problem.date(day),
                        officer.id,
                        details=(("before", problem.date(before)), ("days", self.days)),
                    )


class HoursBetweenDuties(OfficerRule):
    """An officer rests at least ``hours`` between the end of a duty and the start of the next."""

    rule: Literal["hours-between-duties"] = "hours-between-duties"
    hours: Amount = 12

    def asks_rest(self, shift: Shift) -> bool:
        """Whether the rest is asked after a duty in the shift."""
        return True

    def _clashes(self, problem: Problem) -> list[tuple[Shift, Shift, int]]:
        """(shift, later shift, days later) whose distance is shorter than the rest."""
        rest = exact(self.hours) * 60
        return [
            (first, second, later)
            for first in problem.shifts
            if self.asks_rest(first)
            for second in problem.shifts
            for later in range(ceil((rest + first.end_minute - second.start_minute) / MINUTES))
            if (later, second.start_minute, second.id) > (0, first.start_minute, first.id)
        ]

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for first, second, later in self._clashes(problem):
            for officer in self.who(problem):
                for day in range(len(problem.dates)):
                    before = columns.in_shift(officer.id, day - later, first.id)
                    after = columns.in_shift(officer.id, day, second.id)
                    if before != columns.NO:
                        yield Limit([(before, 1), (after, 1)], at_most=1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        shifts, rest = problem.shift_by_id, exact(self.hours) * 60
        for officer in self.who(problem):
            turns = {(problem.day(date), s) for date, s, _ in roster.turns.get(officer.id, ())}
            turns |= {
                (problem.day(h.date), h.shift) for h in problem.history if h.officer == officer.id
            }
            in_order = sorted(
                ((day, shifts[shift]) for day, shift in turns),
                key=lambda turn: (turn[0], turn[1].start_minute, turn[1].id),
            )
            # A long duty can reach past the one after it, so each is held against all that follow.
            for i, (before, shift) in enumerate(in_order):
                for day, later in in_order[i + 1 :] if self.asks_rest(shift) else ():
                    rested = (day - before) * MINUTES + later.start_minute - shift.end_minute
                    if rested >= rest:
                        break
                    if day >= 0:
                        amount = (rest - rested) / 60
                        yield Violation(
                            self.rule,
                            "broken" if rested >= 0 else "overlap",
                            Level.MUST,
                            amount,
                            amount,
                            problem.date(day),
                            officer.id,
                            shift=later.id,
                            details=(
                                ("hours", self.hours),
                                ("rested", Fraction(rested, 60)),
                                ("before", label(shift.id, shift.name)),
                            ),
                        )


class RestAfterNight(HoursBetweenDuties):
    """After a duty at night an officer rests at least ``hours`` before the next one.

    A duty lies at night where any of it falls between 22:00 and 06:00. With 24 hours the day on
    which it ends is free.
    """

    rule: Literal["rest-after-night"] = "rest-after-night"  # type: ignore[assignment]  # its own name
    hours: Amount = 24

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """Off: no law asks more than the rest between any two duties."""
        return (cls(on=False),)

    def asks_rest(self, shift: Shift) -> bool:
        return shift.at_night


class NoNight(OfficerRule):
    """Officers who may not work at night have no duty that touches 22:00 to 06:00.

    They are those without ``night_ok``, such as staff from the seventh month of pregnancy and
    while nursing (special provisions on the labour protection of women workers, 2012, arts. 6, 9).
    """

    rule: Literal["no-night"] = "no-night"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        nights = {shift.id for shift in problem.shifts if shift.at_night}
        for officer in self.who(problem):
            if officer.night_ok:
                continue
            for day in range(len(problem.dates)):
                for shift, turn in columns.turns(officer.id, day):
                    if shift in nights:
                        yield never(turn)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            for date, shift, _ in () if officer.night_ok else roster.turns.get(officer.id, ()):
                start = problem.shift_by_id[shift].start_minute
                end = start + problem.shift_by_id[shift].minutes
                touches = start < 6 * 60 or end > 22 * 60
                if touches and problem.first <= date <= problem.last:
                    yield Violation(
                        self.rule, "broken", Level.MUST, ONE, ONE, date, officer.id, shift=shift
                    )


class RestDays(OfficerRule):
    """An officer has at least ``free`` days without duty in any ``days`` days in a row.

    By default one in seven (Labour Law, art. 38).
    """

    rule: Literal["rest-days"] = "rest-days"
    free: Count = 1
    days: Positive = 7

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        most = self.days - self.free
        for officer in self.who(problem):
            for last in range(len(problem.dates)):
                window: list[tuple[int, Number]] = [
                    (columns.works(officer.id, day), 1)
                    for day in range(last - self.days + 1, last + 1)
                ]
                yield at_most(window, most)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            days = _worked_days(problem, roster, officer.id)
            for i, day in enumerate(days):
                worked = sum(1 for d in days[: i + 1] if d > day - self.days)
                if day >= 0 and worked > self.days - self.free:
                    amount = Fraction(worked - (self.days - self.free))
                    yield Violation(
                        self.rule,
                        "broken",
                        Level.MUST,
                        amount,
                        amount,
                        problem.date(day),
                        officer.id,
                        details=(("free", self.free), ("days", self.days), ("worked", worked)),
                    )


class Requests(OfficerRule):
    """Each day of a request that is not granted costs its weight times ``price``."""

    rule: Literal["requests"] = "requests"
    price: Amount = 1
    level: PricedLevel = "wishes"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        mine, level = {officer.id for officer in self.who(problem)}, Level[self.level.upper()]
        for request in problem.requests:
            if request.officer not in mine:
                continue
            price = exact(self.price) * request.weight
            for day in _requested_days(problem, request.start, request.end):
                if request.shift is None:
                    column = columns.works(request.officer, day)
                else:
                    column = columns.in_shift(request.officer, day, request.shift)
                if request.want == "on":
                    yield Limit([(column, 1)], at_least=1, level=level, below=price)
                else:
                    yield Limit([(column, 1)], at_most=0, level=level, above=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        mine, level = {officer.id for officer in self.who(problem)}, Level[self.level.upper()]
        for request in problem.requests:
            if request.officer not in mine:
                continue
            turns = roster.turns.get(request.officer, ())
            for date in dates_between(request.start, request.end):
                if not problem.first <= date <= problem.last:
                    continue
                works = any(d == date and request.shift in (None, shift) for d, shift, _ in turns)
                if works != (request.want == "on"):
                    yield Violation(
                        self.rule,
                        f"not-{request.want}" + ("-shift" if request.shift else ""),
                        level,
                        ONE,
                        exact(self.price) * request.weight,
                        date,
                        request.officer,
                        shift=request.shift,
                    )


def _requested_days(problem: Problem, start: dt.date, end: dt.date) -> Sequence[int]:
    return range(max(0, problem.day(start)), min(len(problem.dates) - 1, problem.day(end)) + 1)
