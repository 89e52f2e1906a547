"""What a stage of the search minimises, and when one solution is better than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrol_scheduler.rules import Level
from patrol_scheduler.solver.budget import Stage
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.roster_level import RosterLevel


@dataclass(frozen=True, slots=True)
class Goal:
    """What a stage minimises, level by level, and which levels' costs it has to keep."""

    stage: Stage
    prices: Mapping[Level, float]
    keep: Mapping[Level, float]

    @property
    def level(self) -> Level:
        """The level that comes first."""
        return next(iter(self.prices))

    def costs(self, level: RosterLevel, x: Vector) -> tuple[float, ...]:
        """The costs in the order in which they count."""
        return tuple(level.program.value(name, x) for name in self.prices)


def exceeds(cost: float, most: float) -> bool:
    """Whether a cost is above ``most`` by more than rounding."""
    return cost > most + _rounding(most)


def better(costs: tuple[float, ...], than: tuple[float, ...]) -> bool:
    """Whether costs are lower, the first difference deciding."""
    for mine, other in zip(costs, than, strict=True):
        if abs(mine - other) > _rounding(other):
            return mine < other
    return False


def _rounding(cost: float) -> float:
    """What a cost may be off by: sums in floats depend on their order."""
    return 1e-7 * max(1.0, abs(cost))
