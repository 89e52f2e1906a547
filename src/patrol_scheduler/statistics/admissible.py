"""How many patrols of an area its cadence admits."""

from __future__ import annotations

import datetime as dt

from patrol_scheduler.problem import Area, Problem
from patrol_scheduler.statistics.stretches import Stretch, stretches

_NEVER = -(10**9)

Counts = tuple[int, int]


def admissible_patrol_days(
    problem: Problem, area: str, first: dt.date | None = None, last: dt.date | None = None
) -> Counts | None:
    """The fewest and the most days on which an area can be patrolled when its cadence is kept.

    Only the cadence and the history are asked, not whether there are officers enough. With
    ``first`` or ``last`` only the days from ``first`` to ``last`` are counted, over all rosters of
    the whole plan that keep the cadence. Nothing is returned where no roster keeps it.

    Exact: dynamic programming over the last patrol day p. least(p) = min least(b) + 1 over all
    b < p with p - b >= g_min(p) and no overdue day between b and p; most(p) with max. For one
    window, D days and no history it equals: n admissible if and only if
    2 + (n - 1) g_min <= D + 1 <= (n + 1) g_max, for n >= 1; for gaps 2 to 3 and 152 days: 50 to 76.
    """
    place = problem.area_by_id[area]
    counted = range(
        problem.day(first or problem.first),
        problem.day(last or problem.last) + 1,
    )
    return _counts(problem, place, counted)


def _counts(problem: Problem, area: Area, counted: range) -> Counts | None:
    last_patrol = problem.last_patrol.get(area.id)
    start = problem.day(last_patrol) if last_patrol is not None else _NEVER
    reached: dict[int, Counts] = {start: (0, 0)}
    for stretch in stretches(problem, area):
        reached = _through(stretch, reached, counted)
        if not reached:
            return None
    return min(n for n, _ in reached.values()), max(n for _, n in reached.values())


def _through(stretch: Stretch, before: dict[int, Counts], counted: range) -> dict[int, Counts]:
    """The counts by last patrol day at the end of a stretch, from those at its beginning."""
    counts = dict(before)
    dues: dict[int, int] = {}
    for day in [*sorted(before), *range(stretch.first, stretch.last + 1)]:
        if day not in counts:
            continue
        least, most = counts[day]
        dues[day] = _due(stretch, day)
        for after in range(max(stretch.first, day + 1), dues[day] + 1):
            if after > stretch.last or after - day < stretch.min_gap(after):
                continue
            one = int(after in counted)
            low, high = counts.get(after, (least + one, most + one))
            counts[after] = (min(low, least + one), max(high, most + one))
    return {day: found for day, found in counts.items() if dues[day] > stretch.last}


def _due(stretch: Stretch, last_patrol: int) -> int:
    """The day on which the next patrol is due at the latest; past the stretch if none is."""
    before = last_patrol if last_patrol >= stretch.since else stretch.since - 1
    for day in range(max(stretch.first, before + 1), stretch.last + 1):
        if stretch.overdue(day, before):
            return day
    return stretch.last + 1
