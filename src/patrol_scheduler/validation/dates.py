"""Whether the dates on which areas must and may be patrolled fit into their gap windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise

from patrol_scheduler.days import NoDayTableError, NoLunarDateError
from patrol_scheduler.faults import Fault, Path, RuleLabel, RuleName
from patrol_scheduler.problem import Cadence, Problem
from patrol_scheduler.rules import MarketDays, PatrolDates, PatrolDays, Pins, ShiftDays, rules_of
from patrol_scheduler.validation.entries import fault
from patrol_scheduler.validation.times import LONGEST_DAYS, rostered_span

_RULES = {
    "markets": "market-days",
    "patrol_dates": "patrol-dates",
    "pins": "pins",
    "rules": "patrol-days",
    "shifts": "shift-days",
}
"""The rule that what is stated in a list of the plan belongs to."""

_TOO_CLOSE = {
    "markets": "dates-too-close",
    "patrol_dates": "named-too-close",
    "pins": "pins-too-close",
}
"""What is said of a day on which a list of the plan wants a patrol too early."""


def lunar_dates(problem: Problem) -> Iterator[Fault]:
    """Dates of the Chinese calendar that their year does not have."""
    for i, entry in enumerate(problem.patrol_dates):
        for n, one in enumerate(entry.lunar):
            try:
                one.date()
            except NoLunarDateError:
                path = ("patrol_dates", i, "lunar", n)
                what = "no-leap-month" if one.leap else "no-lunar-date"
                yield fault(
                    problem, path, f"{one.month}-{one.day}", what, year=one.year, month=one.month
                )


def markets(problem: Problem) -> Iterator[Fault]:
    """Markets that never take place because what tells their days is empty."""
    fields = {
        "lunar-digit": "digits",
        "solar-digit": "digits",
        "weekday": "weekdays",
        "branch": "branches",
        "date": "dates",
    }
    for i, market in enumerate(problem.markets):
        name = fields[market.every]
        if not getattr(market, name):
            yield fault(
                problem, ("markets", i, name), None, "market-without-days", every=market.every
            )


def gaps(problem: Problem) -> Iterator[Fault]:
    """Areas for which no sequence of dates keeps the gap window and what the plan asks of dates.

    Looked for only where something is asked of dates: market days, named dates or kinds of day.
    """
    span = rostered_span(problem)
    if span is None or (span[1] - span[0]).days >= LONGEST_DAYS:
        return
    rules = rules_of(problem)
    try:
        for area in problem.areas:
            yield from _Area(problem, area.id, rules).faults()
    except (NoDayTableError, NoLunarDateError):
        return  # told as such


class _Area:
    """The days of one area: those that must be patrolled, with their reason, and those closed."""

    def __init__(self, problem: Problem, area: str, rules: tuple[object, ...]) -> None:
        self.problem, self.area = problem, area
        self.must: dict[int, tuple[Path, str]] = {}
        self.closed: dict[int, Path] = {}
        on = {type(rule) for rule in rules}
        if MarketDays in on:
            self._markets()
        if PatrolDates in on:
            self._named()
        if Pins in on:
            self._pinned()
        if ShiftDays in on:
            self._shifts()
        for i, rule in enumerate(problem.rules):
            if isinstance(rule, PatrolDays) and rule.on:
                for day, date in enumerate(problem.dates):
                    if rule.forbids(problem, area, date):
                        self.closed.setdefault(day, ("rules", i, "day_types"))

    def _markets(self) -> None:
        for i, market in enumerate(self.problem.markets):
            if market.must and self.area in market.areas:
                for day, date in enumerate(self.problem.dates):
                    if market.held_on(date) and self._rostered(date):
                        self.must.setdefault(
                            day, (("markets", i, "must"), market.name or market.id)
                        )

    def _shifts(self) -> None:
        """Days on which no shift applies in which the area could be patrolled."""
        bounded = [i for i, shift in enumerate(self.problem.shifts) if shift.day_types]
        for day, date in enumerate(self.problem.dates) if bounded else ():
            open_to = [
                shift.id
                for shift in self.problem.shifts
                if self.problem.patrols_allowed(self.area, date, shift.id)
            ]
            if open_to and not any(self.problem.shift_applies(s, date) for s in open_to):
                self.closed.setdefault(day, ("shifts", bounded[0], "day_types"))

    def _named(self) -> None:
        for i, entry in enumerate(self.problem.patrol_dates):
            if entry.areas and self.area not in entry.areas:
                continue
            for date in entry.all_dates:
                day = self.problem.day(date)
                if not 0 <= day < len(self.problem.dates) or not self._rostered(date):
                    continue
                path: Path = ("patrol_dates", i, "dates")
                if entry.want == "must":
                    self.must.setdefault(day, (path, entry.reason or RuleName("patrol-dates")))
                elif not entry.shifts:
                    self.closed.setdefault(day, path)

    def _pinned(self) -> None:
        for i, pin in enumerate(self.problem.pins):
            day = self.problem.day(pin.date)
            if pin.area == self.area and pin.kind == "must" and self._rostered(pin.date):
                path: Path = ("pins", i, "date")
                self.must.setdefault(day, (path, pin.reason or RuleName("pins")))

    def _rostered(self, date: dt.date) -> bool:
        return any(
            self.problem.patrols_allowed(self.area, date, shift.id) for shift in self.problem.shifts
        )

    def _cadence(self, day: int) -> Cadence | None:
        phase = self.problem.phase_on(self.problem.date(day))
        if phase is None or (phase.areas and self.area not in phase.areas):
            return None
        return self.problem.cadence(phase.id, self.area)

    def faults(self) -> Iterator[Fault]:
        """What cannot be, the plainest reason first and only one for the area."""
        if not self.must and not self.closed:
            return
        for day, (path, why) in sorted(self.must.items()):
            if day in self.closed:
                closing = _rule_of(self.closed[day])
                yield self._fault(path, day, "date-closed", why=why, closing=closing)
                return
        for first, second in pairwise(sorted(self.must)):
            cadence = self._cadence(second)
            if cadence is not None and second - first < cadence.min_gap:
                path, why = self.must[second]
                yield self._fault(
                    path,
                    second,
                    _TOO_CLOSE[str(path[0])],
                    first=self.problem.date(first),
                    apart=second - first,
                    why=why,
                    min_gap=cadence.min_gap,
                )
                return
        for first, last in self._stretches():
            yield from self._walk(first, last)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """The runs of days on which the area has a cadence."""
        days = [d for d in range(len(self.problem.dates)) if self._cadence(d) is not None]
        start = None
        for before, day in pairwise([-2, *days, len(self.problem.dates) + 2]):
            if day != before + 1:
                if start is not None:
                    yield start, before
                start = day

    def _walk(self, first: int, last: int) -> Iterator[Fault]:
        """Follow every sequence of gaps through a stretch; of holes of one cause tell the longest.

        Raising ``max_days`` to the length of that one closes the others, too.
        """
        known = self.problem.last_patrol.get(self.area)
        before = self.problem.day(known) if known and first == 0 else None
        paces = {day: c for day in range(first, last + 1) if (c := self._cadence(day)) is not None}
        holes: dict[Path, tuple[int, int, int]] = {}
        start = first
        while (reached := self._reached(paces, before, start, last)) is not None:
            end = reached[-1] if reached else start - 1
            ahead = range(max(end + 1, start), last + 1)
            after = next((d for d in ahead if d not in self.closed), last + 1)
            longest = paces[min(after, last)].max_gap
            if after - end <= longest or after - 1 not in self.closed:
                if not holes:
                    yield self._clash(paces[last], end, last)
                break
            path, hole = self.closed[after - 1], (after - end, end, longest)
            holes[path] = max(hole, holes.get(path, hole), key=lambda one: one[0])
            if after > last:
                break
            before, start = after, after + 1
        for path, (gap, end, longest) in holes.items():
            yield self._fault(
                path, min(end + gap, last), "no-day-to-patrol",
                before=self.problem.date(end), gap=gap, max_gap=longest,
            )  # fmt: skip

    def _reached(
        self, paces: Mapping[int, Cadence], before: int | None, first: int, last: int
    ) -> list[int] | None:
        """The days to which some sequence of gaps leads; ``None`` where one leads to the end."""
        reached: list[int] = [] if before is None else [before]
        for day in range(first, last + 1):
            if day in self.closed:
                continue
            cadence = paces[day]
            opens = before is None and day < first + cadence.max_gap
            if (opens and not self._must(first - 1, day)) or any(
                cadence.min_gap <= day - p <= cadence.max_gap and not self._must(p, day)
                for p in reached[-cadence.max_gap :]
            ):
                reached.append(day)
        tail = last - paces[last].max_gap
        return None if any(p > tail and not self._must(p, last + 1) for p in reached) else reached

    def _clash(self, cadence: Cadence, end: int, last: int) -> Fault:
        """What is told where a day is open in time and yet no sequence of gaps leads on."""
        next_must = next((d for d in sorted(self.must) if d > end), None)
        if next_must is not None:
            path, why = self.must[next_must]
        elif self.closed:
            return self._fault(
                self.closed[max(self.closed)], last, "no-way-on", before=self.problem.date(end),
                min_gap=cadence.min_gap, max_gap=cadence.max_gap,
            )  # fmt: skip
        else:
            # A named day was reached from which the cadence of a later phase leads nowhere.
            end, next_must = max(self.must), last
            path, why = self.must[end]
        return self._fault(
            path, next_must, "dates-clash", before=self.problem.date(end), why=why,
            min_gap=cadence.min_gap, max_gap=cadence.max_gap,
        )  # fmt: skip

    def _must(self, after: int, before: int) -> bool:
        """Whether a day between the two must be patrolled."""
        return any(after < day < before for day in self.must)

    def _fault(self, path: Path, day: int, what: str, **values: object) -> Fault:
        date, rule = self.problem.date(day), _rule_of(path)
        return fault(self.problem, path, date, what, area=self.area, rule=rule,
                     cadence=RuleLabel("cadence"), **values)  # fmt: skip


def _rule_of(path: Path) -> RuleLabel:
    return RuleLabel(_RULES[str(path[0])])
