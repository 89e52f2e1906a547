"""What if: the same plan with one thing changed, compared goal by goal."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.rules import Level
from patrol_scheduler.solver import solve

LEVELS = (Level.SHORTAGE, Level.FAIRNESS, Level.WISHES)


@dataclass(frozen=True)
class LevelChange:
    """One goal's cost before and after; ``None`` where there is no roster.

    ``bound`` values are what the goal cannot cost less than. The change is real, whatever the
    search still misses, where one cost lies below the other's bound, or neither plan can cost less
    (``certain``).
    """

    level: Level
    before: float | None
    after: float | None
    bound_before: float
    bound_after: float

    @property
    def certain(self) -> bool:
        """Whether the better one is better than the other could ever be, or both are best."""
        if self.before is None or self.after is None:
            return False
        if self.before <= self.bound_before and self.after <= self.bound_after:
            return True
        return self.after < self.bound_before or self.before < self.bound_after


@dataclass(frozen=True)
class WhatIf:
    """Two plans solved in the same way, and what each goal costs in them."""

    before: Result
    after: Result
    levels: tuple[LevelChange, ...]


def what_if(problem: Problem, other: Problem, *, time_limit: float = 60.0, seed: int = 0) -> WhatIf:
    """Solve a plan and a changed one, each for ``time_limit`` seconds, and compare them by level.

    Later levels compare only where the earlier ones cost the same. Raises
    :class:`InvalidInputError` where one of the plans contradicts itself.
    """
    results = [
        solve(each, time_limit=time_limit, seed=seed, workers=1) for each in (problem, other)
    ]
    before, after = results
    return WhatIf(
        before,
        after,
        tuple(
            LevelChange(
                level,
                _cost(problem, before, level),
                _cost(other, after, level),
                _bound(before, level),
                _bound(after, level),
            )
            for level in LEVELS
        ),
    )


def _cost(problem: Problem, result: Result, level: Level) -> float | None:
    if result.roster is None:
        return None
    return float(check(problem, result.roster).cost(level))


def _bound(result: Result, level: Level) -> float:
    name = level.name.lower()
    return next((entry.bound for entry in result.levels if entry.level == name), 0.0)
