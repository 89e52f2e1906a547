"""Neighbourhoods: which columns of a solution are set free to be solved anew.

Each is a function of a :class:`Sight` and a size that marks columns; a new one is one more entry of
``NEIGHBOURHOODS``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Indices, Mask, Vector
from patrol_scheduler.solver.roster_level import RosterLevel

# The most people whose duties are free at once where areas move.
MOST_PEOPLE = 60
# What costs less is not missed: solutions are counted in floats.
_SOMETHING = 1e-9


@dataclass(frozen=True)
class Sight:
    """What a neighbourhood is chosen from."""

    level: RosterLevel
    goal: Goal
    x: Vector
    random: random.Random

    def window(self, size: int) -> Mask:
        """The columns of some days in a row."""
        days = len(self.level.problem.dates)
        return self._days(self.random.randrange(1 - size // 2, max(2, days - size // 2)), size)

    def around(self, day: int, size: int) -> Mask:
        """The columns of some days in a row, one of which is ``day``."""
        return self._days(day - self.random.randrange(size), size)

    def _days(self, start: int, size: int) -> Mask:
        cells = self.level.cells
        return np.asarray((cells.day >= start) & (cells.day < start + size))

    def missed(self) -> Indices:
        """The columns that something missed is about, chosen by what it costs; none without any."""
        program = self.level.program
        cost = program.cost[self.goal.level]
        charged = cost * (self.x - np.where(cost > 0, program.lower, program.upper))
        priced = np.nonzero(charged > _SOMETHING)[0]
        if not len(priced):
            return priced
        chosen = self.random.choices(priced.tolist(), charged[priced].tolist())[0]
        return program.about(chosen)

    def agency(self) -> list[int]:
        """The officers of one agency, chosen by the number of its officers."""
        officers = self.level.problem.officers
        agency = self.random.choice(officers).agency
        return [i for i, officer in enumerate(officers) if officer.agency == agency]

    def duties_of(self, officers: list[int]) -> Mask:
        """The duties and days of rest of some officers."""
        cells = self.level.cells
        wanted = np.zeros(len(self.level.problem.officers) + 1, dtype=bool)
        wanted[officers] = True
        return np.asarray(cells.own & wanted[cells.officer])


def people(sight: Sight, size: int) -> Mask:
    """All duties of a few officers: mostly of one agency, now and then of all."""
    everybody = list(range(len(sight.level.problem.officers)))
    pool = sight.agency() if sight.random.random() < 0.7 else everybody
    return sight.duties_of(sight.random.sample(pool, min(size, len(pool))))


def unfair(sight: Sight, size: int) -> Mask:
    """All duties of officers of one agency who have too much, and of those who have too little."""
    blame, random = sight.level.blame(sight.goal.level, sight.x), sight.random
    pool = sight.agency()
    random.shuffle(pool)
    keen = {i: blame[i] * (0.5 + random.random()) for i in pool}
    ranked = sorted(pool, key=keen.__getitem__)
    half = max(1, size // 2)
    return sight.duties_of(list(dict.fromkeys([*ranked[:half], *ranked[-half:]])))


def days(sight: Sight, size: int) -> Mask:
    """Everything on a few days in a row."""
    return sight.window(size)


def agency_days(sight: Sight, size: int) -> Mask:
    """The duties of one agency on some days in a row."""
    return sight.window(size) & sight.duties_of(sight.agency())


def missed(sight: Sight, size: int) -> Mask:
    """Everything on days around one of something missed, and all duties of two it is about."""
    cells, about = sight.level.cells, sight.missed()
    on = np.unique(cells.day[about])
    on = on[on >= 0]
    if not len(on):
        return days(sight, size)
    officers = np.unique(cells.officer[about])
    whom = officers[officers >= 0].tolist()
    around = sight.around(sight.random.choice(on.tolist()), size)
    return around | sight.duties_of(sight.random.sample(whom, min(2, len(whom))))


def areas(sight: Sight, size: int) -> Mask:
    """The patrols of two areas on some days in a row, and the duties of some officers."""
    level, random = sight.level, sight.random
    n = len(level.problem.areas)
    if not n:
        return agency_days(sight, size)
    chosen = random.sample(range(n), min(2, n))
    officers = range(len(level.problem.officers))
    some = random.sample(officers, min(MOST_PEOPLE, len(officers)))
    moving = np.isin(level.cells.area, chosen) & level.cells.patrol
    return sight.window(size) & (sight.duties_of(some) | moving)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A way to choose columns, the size it starts with, and the levels on which it is tried."""

    choose: Callable[[Sight, int], Mask]
    size: float
    levels: tuple[Level, ...] = tuple(Level)


NEIGHBOURHOODS: dict[str, Neighbourhood] = {
    "unfair": Neighbourhood(unfair, 6.0),
    "people": Neighbourhood(people, 4.0),
    "days": Neighbourhood(days, 4.0),
    "agency-days": Neighbourhood(agency_days, 12.0),
    "areas": Neighbourhood(areas, 6.0),
    # What is unfair is seldom about few days: there it costs more than it brings.
    "missed": Neighbourhood(missed, 4.0, (Level.SHORTAGE, Level.WISHES)),
}
"""Every neighbourhood by its name."""
