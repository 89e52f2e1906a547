"""The gaps between the patrols of an area, one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from patrol_scheduler.problem import Area, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics.frames import TOTAL, Row, frame, month_of
from patrol_scheduler.statistics.stretches import Stretch, known_days, stretches

Open = Literal["no", "start", "end", "both"]
"""Which side of an interval has no known patrol."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from one patrol of an area to the next, or from or to an end of its stretch.

    ``before`` and ``after`` are day numbers. Where no patrol is known before the first one,
    ``before`` is the day before the stretch; after the last one ``after`` is the day after it.
    ``days`` is their difference. ``overdue`` counts its days that end overdue.
    """

    stretch: Stretch
    before: int
    after: int
    open: Open
    too_short: bool
    overdue: int

    @property
    def days(self) -> int:
        """The difference of both dates in days."""
        return self.after - self.before

    @property
    def counts_on(self) -> int:
        """The day whose phase and month the interval belongs to: its end, within the stretch."""
        return min(self.after, self.stretch.last)


def intervals_of(problem: Problem, roster: Roster, area: Area) -> Iterator[Interval]:
    """The intervals of one area in order of time, stretch by stretch."""
    known = known_days(problem, roster, area)
    for stretch in stretches(problem, area):
        before, known_before = stretch.since - 1, False
        for day in stretch.counted(known):
            if day >= stretch.first:
                # A patrol before a break starts no gap, but the next must not follow too soon.
                place = bisect_right(known, day - 1)
                last = known[place - 1] if place else None
                too_short = last is not None and day - last < stretch.min_gap(day)
                side: Open = "no" if known_before else "start"
                overdue = _overdue(stretch, before, day)
                yield Interval(stretch, before, day, side, too_short, overdue)
            before, known_before = day, True
        end = stretch.last + 1
        side = "end" if known_before else "both"
        yield Interval(stretch, before, end, side, False, _overdue(stretch, before, end))


def _overdue(stretch: Stretch, before: int, after: int) -> int:
    days = range(max(before + 1, stretch.first), after)
    return sum(1 for day in days if stretch.overdue(day, before))


def intervals(problem: Problem, roster: Roster) -> pd.DataFrame:
    """Every gap between two patrols of an area, with its dates and whether it is within the window.

    One row per interval: ``area``; ``from`` and ``to`` (missing on an open side); ``days`` between
    them (an open side counts from the day before, or to the day after, the days on which the area
    is to be patrolled); ``open``: ``no`` for a gap between two known patrols, else ``start``,
    ``end`` or ``both``; the window ``min_gap`` to ``max_gap`` at its end; ``too_short``;
    ``overdue_days``: its days in the plan that end with the last patrol ``max_gap`` or more days
    back (0: not too long). Ends are tested on one side only: they cannot be too short.
    """
    rows: list[Row] = []
    for area in problem.areas:
        for found in intervals_of(problem, roster, area):
            stretch, day = found.stretch, found.counts_on
            date = problem.date(day)
            phase = problem.phase_on(date)
            rows.append(
                {
                    "area": area.id,
                    "phase": phase.id if phase else TOTAL,
                    "month": month_of(date),
                    "from": None if found.open in ("start", "both") else problem.date(found.before),
                    "to": None if found.open in ("end", "both") else problem.date(found.after),
                    "days": found.days,
                    "open": found.open,
                    "min_gap": stretch.min_gap(day) if stretch.max_gap(day) else None,
                    "max_gap": stretch.max_gap(day),
                    "too_short": found.too_short,
                    "overdue_days": found.overdue,
                }
            )
    return frame(
        rows,
        {
            "area": "text",
            "phase": "text",
            "month": "text",
            "from": "date",
            "to": "date",
            "days": "count",
            "open": "text",
            "min_gap": "count",
            "max_gap": "count",
            "too_short": "flag",
            "overdue_days": "count",
        },
    )
