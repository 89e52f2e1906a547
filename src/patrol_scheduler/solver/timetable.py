"""A first timetable: for every area the fewest patrols that its cadence allows, spread evenly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import rules_of
from patrol_scheduler.solver.cadences import capped_visits

Grid = npt.NDArray[np.float64]
Entry = tuple[str, int, str]
"""(area, day, shift) of one patrol."""

ROUNDS = 4
# How far the weight of a day's duties reaches into the days beside it: people on duty today are
# the ones who rest tomorrow.
REACH = np.array([0.15, 0.3, 1.0, 0.3, 0.15])


def timetable(problem: Problem, patrol_price: float) -> set[Entry]:
    """Patrol dates and shifts of every area that has a cadence.

    Areas are placed one after another, each by dynamic programming over the days with its gap
    window: a patrol costs ``patrol_price`` and what its team adds to the load of its days. Then
    each is placed again with the others in view, a few rounds long. Where no dates satisfy a
    window, the nearest reachable ones are used. Where the plan limits how many patrols there are,
    dates that keep the limit come first.
    """
    kept = capped_visits(problem, rules_of(problem))
    if kept is not None:
        return set(kept)
    return _Timetable(problem, patrol_price).entries()


class _Timetable:
    def __init__(self, problem: Problem, patrol_price: float) -> None:
        self._problem, self._price = problem, patrol_price
        self._shifts = [shift.id for shift in problem.shifts]
        self._days = len(problem.dates)
        shape = (self._days, len(self._shifts))
        self._load: dict[str, Grid] = {a.id: np.zeros(shape) for a in problem.agencies}
        self._free: dict[str, Grid] = {
            agency: np.array(
                [max(1.0, sum(o.available_on(date) for o in officers)) for date in problem.dates]
            )
            for agency, officers in problem.officers_of.items()
        }
        self._chosen: dict[str, list[tuple[int, int]]] = {}

    def entries(self) -> set[Entry]:
        for _ in range(ROUNDS):
            for area in self._problem.areas:
                for day, shift in self._chosen.get(area.id, ()):
                    self._put(area.id, day, shift, -1)
                self._chosen[area.id] = self._placed(area.id)
                for day, shift in self._chosen[area.id]:
                    self._put(area.id, day, shift, 1)
        return {
            (area, day, self._shifts[shift])
            for area, chosen in self._chosen.items()
            for day, shift in chosen
        }

    def _needs(self, area: str, day: int, shift: int) -> dict[str, float]:
        """The officers that a patrol takes from each agency; extra ones in proportion."""
        team = self._problem.team(area, self._problem.date(day), self._shifts[shift])
        if team is None:
            return {}
        total = max(1, len(self._problem.officers))
        return {
            agency: team.members.get(agency, 0) + team.extra * len(officers) / total
            for agency, officers in self._problem.officers_of.items()
        }

    def _put(self, area: str, day: int, shift: int, sign: int) -> None:
        for agency, number in self._needs(area, day, shift).items():
            self._load[agency][day, shift] += sign * number

    def _costs(self, area: str) -> Grid:
        """What a patrol of the area costs on each day in each shift; infinite where forbidden."""
        problem = self._problem
        near = {
            agency: np.convolve(load.sum(axis=1), REACH, "same")
            for agency, load in self._load.items()
        }
        costs = np.full((self._days, len(self._shifts)), np.inf)
        for day, date in enumerate(problem.dates):
            for place, shift in enumerate(self._shifts):
                if problem.patrols_allowed(area, date, shift):
                    costs[day, place] = self._price + sum(
                        number
                        * (
                            10 * (2 * near[agency][day] + number)
                            + 2 * self._load[agency][day, place]
                        )
                        / self._free[agency][day]
                        for agency, number in self._needs(area, day, place).items()
                    )
        return costs

    def _placed(self, area: str) -> list[tuple[int, int]]:
        """The cheapest dates of an area, phase by phase."""
        problem, costs = self._problem, self._costs(area)
        last = problem.last_patrol.get(area)
        before = None if last is None else problem.day(last)
        chosen: list[tuple[int, int]] = []
        for phase in problem.rostered_phases:
            cadence = problem.cadence(phase.id, area)
            if cadence is None or (phase.areas and area not in phase.areas):
                before = None
                continue
            first, end = problem.day(phase.start), problem.day(phase.end)
            days = _cheapest(
                costs[first : end + 1].min(axis=1),
                cadence.min_gap,
                cadence.max_gap,
                None if before is None else before - first,
            )
            chosen += [(first + day, int(costs[first + day].argmin())) for day in days]
            before = chosen[-1][0] if chosen else before
        return chosen


def _cheapest(costs: Grid, shortest: int, longest: int, before: int | None) -> list[int]:
    """Days whose gaps lie between ``shortest`` and ``longest`` at the least cost.

    ``before`` is the day of the patrol before, negative; without one the first patrol lies in the
    first ``longest`` days. The last one always lies in the last ``longest`` days. A first patrol
    that is overdue comes as early as it may.
    """
    n = len(costs)
    best = np.full(n, np.inf)
    previous = np.full(n, -1)
    for day in range(n):
        if before is None:
            start = day < longest
        else:
            due = max(before + longest, 0, before + shortest)
            start = before + shortest <= day <= due
        if start:
            best[day] = costs[day]
        for gap in range(shortest, min(longest, day) + 1):
            cost = best[day - gap] + costs[day]
            if cost < best[day]:
                best[day], previous[day] = cost, day - gap
    tail = best[max(0, n - longest) :]
    if not np.isfinite(tail).any():
        return []
    day = max(0, n - longest) + int(tail.argmin())
    chosen = []
    while day >= 0:
        chosen.append(day)
        day = int(previous[day])
    return chosen[::-1]
