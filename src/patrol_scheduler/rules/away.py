"""Rules about what officers do outside the patrols: busy times and their home unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import LEAVE_KINDS, Busy, Problem, Shift
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Violation
from patrol_scheduler.rules.columns import Columns
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact, never
from patrol_scheduler.texts import text

ONE = Fraction(1)


def duty_span(shift: Shift, date: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When a duty of the shift on the date begins and ends, in the plan's time zone."""
    midnight = dt.datetime.combine(date, dt.time())
    return (
        midnight + dt.timedelta(minutes=shift.start_minute),
        midnight + dt.timedelta(minutes=shift.end_minute),
    )


class BusyTimes(OfficerRule):
    """Nobody is on duty while busy elsewhere.

    A duty that touches a hard busy time must not be; one that touches another busy time costs
    ``price``.
    """

    rule: Literal["busy"] = "busy"
    price: Amount = 5
    level: PricedLevel = "wishes"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        mine, price = {officer.id for officer in self.who(problem)}, exact(self.price)
        for busy in problem.busy:
            if busy.officer not in mine:
                continue
            first = max(0, problem.day(busy.start.date()) - 1)
            last = min(len(problem.dates) - 1, problem.day(busy.end.date()))
            for day in range(first, last + 1):
                for shift in problem.shifts:
                    start, end = duty_span(shift, problem.date(day))
                    if start >= busy.end or end <= busy.start:
                        continue
                    if busy.hard:
                        for place in columns.places:
                            on = columns.on(busy.officer, day, shift.id, place)
                            yield never(on)
                    else:
                        yield Limit(
                            [(columns.in_shift(busy.officer, day, shift.id), 1)],
                            at_most=0,
                            level=Level[self.level.upper()],
                            above=price,
                        )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        busy_of: dict[str, list[Busy]] = {}
        for busy in problem.busy:
            busy_of.setdefault(busy.officer, []).append(busy)
        for officer in self.who(problem):
            turns = {(date, shift) for date, shift, _ in roster.turns.get(officer.id, ())}
            for date, shift_id in sorted(turns):
                shift = problem.shift_by_id[shift_id]
                begins = dt.datetime.combine(date, shift.start)
                ends = begins + dt.timedelta(minutes=shift.minutes)
                for busy in busy_of.get(officer.id, ()):
                    if not problem.first <= date <= problem.last:
                        continue
                    if max(begins, busy.start) < min(ends, busy.end):
                        yield Violation(
                            self.rule,
                            "hard" if busy.hard else "soft",
                            Level.MUST if busy.hard else Level[self.level.upper()],
                            ONE,
                            ONE if busy.hard else exact(self.price),
                            date,
                            officer.id,
                            shift=shift_id,
                            details=(
                                ("from", busy.start.isoformat(" ", "minutes")),
                                ("until", busy.end.isoformat(" ", "minutes")),
                                ("kind", "leave" if busy.kind in LEAVE_KINDS else busy.kind),
                            ),
                        )

    def say(self, violation: Violation, problem: Problem, lang: str) -> str:
        details = dict(violation.details)
        kind = details["kind"]
        own = kind in ("leave", "other")
        details["kind"] = text(f"busy.{kind}" if own else f"sheets.choices.kind.{kind}", lang)
        return super().say(replace(violation, details=tuple(details.items())), problem, lang)


class RestAfterHomeDuty(OfficerRule):
    """After a long duty in the home unit an officer rests at least ``hours`` before the next one.

    Busy times of the kind ``home-duty`` that last ``long_hours`` or more count. For the officers of
    an agency with a ``rest_after_home_duty`` of its own that many hours hold.
    """

    rule: Literal["rest-after-home-duty"] = "rest-after-home-duty"
    hours: Amount = 24
    long_hours: Amount = 24

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        own = {agency.id: agency.rest_after_home_duty for agency in problem.agencies}
        mine = {officer.id: own[officer.agency] for officer in self.who(problem)}
        long = dt.timedelta(minutes=float(exact(self.long_hours) * 60))
        for busy in problem.busy:
            if busy.officer not in mine or busy.kind != "home-duty":
                continue
            if busy.end - busy.start < long:
                continue
            hours = mine[busy.officer]
            rest = dt.timedelta(minutes=float(exact(self.hours if hours is None else hours) * 60))
            first = max(0, problem.day(busy.end.date()))
            last = min(len(problem.dates) - 1, problem.day((busy.end + rest).date()))
            for day in range(first, last + 1):
                for shift in problem.shifts:
                    start, _ = duty_span(shift, problem.date(day))
                    if busy.end <= start < busy.end + rest:
                        for place in columns.places:
                            on = columns.on(busy.officer, day, shift.id, place)
                            yield never(on)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        minute, long = dt.timedelta(minutes=1), exact(self.long_hours) * 60
        for officer in self.who(problem):
            duties = [
                busy
                for busy in problem.busy
                if busy.officer == officer.id
                and busy.kind == "home-duty"
                and (busy.end - busy.start) // minute >= long
            ]
            hours = next(
                agency.rest_after_home_duty
                for agency in problem.agencies
                if agency.id == officer.agency
            )
            asked = self.hours if hours is None else hours
            for date, shift in sorted({t[:2] for t in roster.turns.get(officer.id, ())}):
                begins = dt.datetime.combine(date, problem.shift_by_id[shift].start)
                for busy in duties if problem.first <= date <= problem.last else ():
                    rested = Fraction(int((begins - busy.end).total_seconds()), 3600)
                    if 0 <= rested < exact(asked):
                        amount = exact(asked) - rested
                        yield Violation(
                            self.rule, "broken", Level.MUST, amount, amount, date, officer.id,
                            shift=shift,
                            details=(
                                ("until", busy.end.isoformat(" ", "minutes")),
                                ("rested", rested), ("hours", asked),
                            ),
                        )  # fmt: skip
