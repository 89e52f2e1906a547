"""The stretches of days on which an area is to be patrolled, as the cadence rule counts them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from patrol_scheduler.problem import Area, Cadence, Problem
from patrol_scheduler.roster import Roster


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row on which one area is to be patrolled, all with a cadence or all without.

    Days are numbered as in ``Problem.day``; ``cadences[i]`` is the cadence on day ``first + i``.
    Patrols from day ``since`` on count for its gaps: the last known patrol before the plan where
    there is one, else ``first``. After days on which the area is not to be patrolled the count
    starts anew.
    """

    area: str
    first: int
    last: int
    since: int
    cadences: tuple[Cadence | None, ...]

    def min_gap(self, day: int) -> int:
        """The smallest gap that may end on ``day``, in days; 1 without a cadence."""
        cadence = self.cadences[day - self.first]
        return cadence.min_gap if cadence else 1

    def max_gap(self, day: int) -> int | None:
        """The largest gap on ``day``, in days; nothing without a cadence."""
        cadence = self.cadences[day - self.first]
        return cadence.max_gap if cadence else None

    def overdue(self, day: int, before: int) -> bool:
        """Whether ``day`` ends overdue when the last patrol was on day ``before``."""
        longest = self.max_gap(day)
        return longest is not None and day - before >= longest

    def counted(self, known: list[int]) -> list[int]:
        """The known patrol days that count for the gaps of the stretch, in order."""
        return known[bisect_left(known, self.since) : bisect_right(known, self.last)]


def stretches(problem: Problem, area: Area) -> list[Stretch]:
    """The stretches of an area in order of time."""
    found: list[Stretch] = []
    last_patrol = problem.last_patrol.get(area.id)
    for phase in problem.rostered_phases:
        if phase.areas and area.id not in phase.areas:
            continue
        cadence = problem.cadence(phase.id, area.id)
        first, last = problem.day(phase.start), problem.day(phase.end)
        cadences = (cadence,) * (last - first + 1)
        before = found[-1] if found else None
        alike = [s for s in found if (s.cadences[0] is None) == (cadence is None)]
        if before and before in alike and before.last == first - 1:
            both = before.cadences + cadences
            found[-1] = Stretch(area.id, before.first, last, before.since, both)
        elif not alike and last_patrol is not None:
            found.append(Stretch(area.id, first, last, problem.day(last_patrol), cadences))
        else:
            found.append(Stretch(area.id, first, last, first, cadences))
    return found


def known_days(problem: Problem, roster: Roster, area: Area) -> list[int]:
    """Every day on which the area was or is to be patrolled, history included, each once."""
    days = {problem.day(date) for date in roster.patrol_dates.get(area.id, ())}
    days |= {problem.day(past.date) for past in problem.history if past.area == area.id}
    if area.id in problem.last_patrol:
        days.add(problem.day(problem.last_patrol[area.id]))
    return sorted(days)
