"""The rule about work outdoors on days of great heat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount, Celsius, Clock, Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, at_most, exact, never

HOUR = 60
DAY = 24 * HOUR
ONE = Fraction(1)
Turn = tuple[dt.date, str, str | None]


class Heat(Rule):
    """On days of great heat nobody is outdoors too long, in the hottest hours, or at all.

    The highest temperature of a day stands in the plan's ``hot_days``. From ``stop_from`` degrees
    Celsius on nobody is outdoors on that day; from ``limit_from`` on nobody from ``hottest_from``
    to ``hottest_to``, and each officer for at most ``hours`` in all. Patrols and duties at
    ``posts`` are outdoors; a duty that goes on past midnight counts on each day with its part.
    """

    rule: Literal["heat"] = "heat"
    stop_from: Celsius = 40
    limit_from: Celsius = 37
    hours: Amount = 6
    hottest_from: Clock = dt.time(12)
    hottest_to: Clock = dt.time(15)
    posts: tuple[Id, ...] = ()

    def closed_shifts(self, problem: Problem, date: dt.date) -> frozenset[str]:
        """The shifts in which a duty of a date, also of one after the plan, may not be outdoors."""
        found = set[str]()
        # A duty can reach into the next day.
        for later in (0, DAY):
            degrees = problem.degrees_on(date + dt.timedelta(minutes=later))
            if degrees is not None:
                found |= {
                    shift.id
                    for shift in problem.shifts
                    if self._closes(degrees, shift.start_minute - later, shift.end_minute - later)
                }
        return frozenset(found)

    def _closes(self, degrees: float, start: int, end: int) -> bool:
        """Whether nobody may be outdoors from ``start`` to ``end``, in minutes of a hot day."""
        if degrees >= self.stop_from:
            return _part(start, end) > 0
        if degrees < self.limit_from:
            return False
        hottest = _minute(self.hottest_from) < end and start < _minute(self.hottest_to)
        return hottest or _part(start, end) > exact(self.hours) * HOUR

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        if not problem.hottest:
            return
        posts = tuple(post.id for post in problem.posts if post.id in self.posts)
        places = tuple(place for place in columns.places if place is None or place in posts)
        closed = [self.closed_shifts(problem, date) for date in problem.dates]
        for day, shifts in enumerate(closed):
            for shift in sorted(shifts):
                for area in problem.areas:
                    yield never(columns.patrol(area.id, day, shift))
                for officer in problem.officers:
                    for place in places:
                        yield never(columns.on(officer.id, day, shift, place))
        for day in range(len(closed) + 1):
            degrees = problem.hottest.get(problem.date(day))
            if degrees is None or not self.limit_from <= degrees < self.stop_from:
                continue
            parts = [
                (duty_day, shift.id, place, minutes)
                for duty_day, later in ((day - 1, DAY), (day, 0))
                if duty_day < len(closed)
                for shift in problem.shifts
                if duty_day < 0 or shift.id not in closed[duty_day]
                if (minutes := _part(shift.start_minute - later, shift.end_minute - later))
                for place in (places if duty_day >= 0 else (None, *posts))
            ]
            most = exact(self.hours) * HOUR
            for officer in problem.officers if sum(m for *_, m in parts) > most else ():
                terms: list[tuple[int, Number]] = [
                    (columns.on(officer.id, duty_day, shift, place), minutes)
                    for duty_day, shift, place, minutes in parts
                ]
                yield at_most(terms, most)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        if not problem.hottest:
            return
        for patrol in roster.patrols:
            for what, details in self._wrong(problem, patrol.date, patrol.shift):
                yield Violation(
                    self.rule, f"{what}-patrol", Level.MUST, ONE, ONE, patrol.date,
                    area=patrol.area, shift=patrol.shift, details=details,
                )  # fmt: skip
        for duty in roster.post_duties:
            if duty.post in self.posts:
                for what, details in self._wrong(problem, duty.date, duty.shift):
                    yield Violation(
                        self.rule, f"{what}-post", Level.MUST, ONE, ONE, duty.date, duty.officer,
                        shift=duty.shift, details=(*details, ("post", duty.post)),
                    )  # fmt: skip
        for officer in problem.officers:
            past = {(h.date, h.shift, h.post) for h in problem.history if h.officer == officer.id}
            before = self._outdoors(problem, past)
            turns = roster.turns.get(officer.id, ())
            allowed = [t for t in turns if not any(self._wrong(problem, t[0], t[1]))]
            for date, planned in self._outdoors(problem, allowed).items():
                degrees, most = problem.hottest[date], exact(self.hours)
                hours = planned + before.get(date, 0)
                beyond = hours - max(most, before.get(date, 0))
                if self.limit_from <= degrees < self.stop_from and beyond > 0:
                    yield Violation(
                        self.rule, "hours", Level.MUST, beyond, beyond, date, officer.id,
                        details=(("degrees", degrees), ("hours", hours), ("at_most", most)),
                    )  # fmt: skip

    def _wrong(
        self, problem: Problem, date: dt.date, shift: str
    ) -> Iterator[tuple[str, tuple[tuple[str, object], ...]]]:
        """Why a duty of the plan may not be outdoors, the first reason only."""
        if not problem.first <= date <= problem.last:
            return
        for on, begins, ends in _parts(problem, date, shift):
            degrees, hours = problem.hottest[on], _hours(ends - begins)
            day = (("on", on.isoformat()), ("degrees", degrees))
            noon = dt.datetime.combine(on, self.hottest_from)
            afternoon = dt.datetime.combine(on, self.hottest_to)
            if degrees >= self.stop_from:
                yield "stopped", day
                return
            if degrees >= self.limit_from and max(begins, noon) < min(ends, afternoon):
                yield "hottest", (*day, ("from", _clock(noon)), ("until", _clock(afternoon)))
                return
            if degrees >= self.limit_from and hours > exact(self.hours):
                yield "long", (*day, ("hours", hours), ("at_most", exact(self.hours)))
                return

    def _outdoors(self, problem: Problem, turns: Iterable[Turn]) -> dict[dt.date, Fraction]:
        """The hours outdoors on each hot day."""
        found: dict[dt.date, Fraction] = {}
        for date, shift, post in turns:
            if post is None or post in self.posts:
                for on, begins, ends in _parts(problem, date, shift):
                    found[on] = found.get(on, Fraction(0)) + _hours(ends - begins)
        return found


def _minute(clock: dt.time) -> int:
    return clock.hour * HOUR + clock.minute


def _part(start: int, end: int) -> int:
    """How many minutes from ``start`` to ``end`` lie in the day that begins at 0."""
    return max(0, min(end, DAY) - max(start, 0))


def _parts(
    problem: Problem, date: dt.date, shift_id: str
) -> Iterator[tuple[dt.date, dt.datetime, dt.datetime]]:
    """The hot days that a duty touches, with the start and end of its part of each."""
    shift = problem.shift_by_id[shift_id]
    begins = dt.datetime.combine(date, shift.start)
    ends = begins + dt.timedelta(minutes=shift.minutes)
    for on in (date, date + dt.timedelta(days=1)):
        midnight = dt.datetime.combine(on, dt.time())
        start, end = max(begins, midnight), min(ends, midnight + dt.timedelta(days=1))
        if on in problem.hottest and start < end:
            yield on, start, end


def _hours(time: dt.timedelta) -> Fraction:
    return Fraction(time // dt.timedelta(minutes=1), HOUR)


def _clock(moment: dt.datetime) -> str:
    return moment.strftime("%H:%M")
