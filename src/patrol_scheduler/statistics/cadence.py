"""How well the areas' cadence is kept: patrol days, gaps and idleness, added up."""

from __future__ import annotations

from bisect import bisect_right

import pandas as pd

from patrol_scheduler.problem import Area, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics.admissible import Counts, admissible_patrol_days
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_cell,
    period_column,
    period_of,
    periods,
    ratio,
)
from patrol_scheduler.statistics.gaps import Interval, intervals_of
from patrol_scheduler.statistics.stretches import known_days, stretches


class _Tally:
    """Adds up days and intervals of one or several areas in one period."""

    def __init__(self) -> None:
        self.days = self.patrol_days = self.overdue = self.idle = self.worst_idle = 0
        self.half_waits = 0
        self.gaps = self.gap_sum = self.short = self.long = self.outside = 0
        self.ends = self.ends_long = 0
        self.worst: Interval | None = None

    def add_day(self, patrolled: bool, age: int, half_waits: int, overdue: bool) -> None:
        self.days += 1
        self.patrol_days += patrolled
        self.idle += age
        self.worst_idle = max(self.worst_idle, age)
        self.half_waits += half_waits
        self.overdue += overdue

    def add_interval(self, found: Interval) -> None:
        self.short += found.too_short
        if found.open != "no":
            self.ends += 1
            self.ends_long += found.overdue > 0
            return
        self.gaps += 1
        self.gap_sum += found.days
        self.long += found.overdue > 0
        self.outside += found.too_short or found.overdue > 0
        if self.worst is None or found.days > self.worst.days:
            self.worst = found

    def row(self, problem: Problem, admissible: Counts | None) -> Row:
        worst = self.worst
        return {
            "days": self.days,
            "patrol_days": self.patrol_days,
            "least_patrol_days": admissible[0] if admissible else None,
            "most_patrol_days": admissible[1] if admissible else None,
            "gaps": self.gaps,
            "too_short": self.short,
            "too_long": self.long,
            "compliance": ratio(self.gaps - self.outside, self.gaps),
            "ends": self.ends,
            "ends_too_long": self.ends_long,
            "overdue_days": self.overdue,
            "mean_gap": ratio(self.gap_sum, self.gaps),
            "worst_gap": worst.days if worst else None,
            "worst_gap_area": worst.stretch.area if worst else None,
            "worst_gap_from": problem.date(worst.before) if worst else None,
            "worst_gap_to": problem.date(worst.after) if worst else None,
            "mean_idleness": ratio(self.idle, self.days),
            "worst_idleness": self.worst_idle if self.days else None,
            "expected_age": ratio(self.half_waits, 2 * self.days),
        }


_CADENCE = {
    "area": "text",
    "days": "count",
    "patrol_days": "count",
    "least_patrol_days": "count",
    "most_patrol_days": "count",
    "gaps": "count",
    "too_short": "count",
    "too_long": "count",
    "compliance": "number",
    "ends": "count",
    "ends_too_long": "count",
    "overdue_days": "count",
    "mean_gap": "number",
    "worst_gap": "count",
    "worst_gap_area": "text",
    "worst_gap_from": "date",
    "worst_gap_to": "date",
    "mean_idleness": "number",
    "worst_idleness": "count",
    "expected_age": "number",
}


def area_cadence(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How often each area is patrolled, and how long it is left alone.

    One row per area and one for all areas (area ``""``); with ``by`` one set of rows per rostered
    phase or month. D is ``days``: the rostered days on which the area is to be patrolled; gaps
    g_i are differences of consecutive patrol dates in days, the history included; a gap belongs to
    the period in which it ends.

    - ``patrol_days``: days with a patrol; ``least_patrol_days`` to ``most_patrol_days``: how many
      the cadence admits (:func:`admissible_patrol_days`); missing where no roster keeps it.
    - ``compliance``: #{i: g_min <= g_i <= g_max} / #gaps, 0 to 1; missing without a gap. A gap is
      too long when a day of the plan in it is overdue.
    - ``ends``, ``ends_too_long``: tests on one side where one patrol is not known: the first
      patrol within g_max of the day before the first day (where there is no history), the last one
      within g_max of the day after the last day.
    - ``overdue_days``: days that end with the last patrol g_max or more days back.
    - ``worst_gap``: max g_i, with area and dates; ``mean_gap``: mean g_i.
    - ``mean_idleness``: days since the last patrol at the end of a day, averaged over days:
      (1/D) sum g_i (g_i - 1) / 2, the days before the plan left out; without history the count
      begins the day before the first day. ``worst_idleness``: the largest (Machado et al. 2003).
    - ``expected_age``: mean days for which an offence that appears at a uniformly random time has
      lasted when the next patrol comes: sum l_i^2 / (2 D), where the l_i are the gaps cut to the
      D days (inspection paradox); one that no patrol finds counts to the end of the days.
    """
    named = period_column(by)
    rows = []
    tallies: dict[tuple[str, str], _Tally] = {}
    for period in periods(problem, by):
        for place in (*(area.id for area in problem.areas), TOTAL):
            tallies[period, place] = _Tally()
    for area in problem.areas:
        _tally_area(problem, roster, area, by, tallies)
    for period, (first, last) in periods(problem, by).items():
        admissible = {
            area.id: admissible_patrol_days(problem, area.id, first, last)
            for area in problem.areas
            if tallies[period, area.id].days
        }
        total = _sum(list(admissible.values()))
        for place in (*admissible, TOTAL):
            counts = total if place == TOTAL else admissible[place]
            told = tallies[period, place].row(problem, counts)
            rows.append({"area": place} | dict(told) | period_cell(by, period))
    return frame(rows, named | _CADENCE)


def _tally_area(
    problem: Problem,
    roster: Roster,
    area: Area,
    by: By | None,
    tallies: dict[tuple[str, str], _Tally],
) -> None:
    def both(day: int) -> list[_Tally]:
        period = period_of(problem, problem.date(day), by)
        return [tallies[period, place] for place in (area.id, TOTAL) if period is not None]

    known = known_days(problem, roster, area)
    for stretch in stretches(problem, area):
        counted = stretch.counted(known)
        for day in range(stretch.first, stretch.last + 1):
            place = bisect_right(counted, day)
            before = counted[place - 1] if place else stretch.since - 1
            after = counted[place] if place < len(counted) else stretch.last + 1
            # Patrols stand at the start of their days, so an offence of this day waits on average
            # half a day less than the days from this one to the next patrol.
            half_waits = 2 * (after - day) - 1
            overdue = stretch.overdue(day, before)
            for tally in both(day):
                tally.add_day(before == day, day - before, half_waits, overdue)
    for found in intervals_of(problem, roster, area):
        for tally in both(found.counts_on):
            tally.add_interval(found)


def _sum(counts: list[Counts | None]) -> Counts | None:
    known = [found for found in counts if found is not None]
    if not known or len(known) < len(counts):
        return None
    return sum(low for low, _ in known), sum(high for _, high in known)
