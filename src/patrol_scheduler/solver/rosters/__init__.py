"""Rosters of posts by column generation: whole rosters of single officers are put together.

For plans without areas, where all that is decided is who stands at which post when. Everything one
officer must keep to is compiled into a network of days (``compiling``, ``network``), its cheapest
paths are found in compiled code (``pricing``), a master program combines them by the rows that link
officers (``links``, ``master``), and branch and price with neighbourhoods of some officers brings
down the cost and proves it (``tree``, ``dive``, ``freeing``, ``improve``).
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters.compiling import Compiled, compiled

_COMPILED: WeakKeyDictionary[RosterLevel, Compiled | None] = WeakKeyDictionary()


def improve_by_rosters(
    level: RosterLevel,
    goal: Goal,
    x: Vector | None,
    budget: Budget,
    *,
    gap: float = 0.0,
    seed: int = 0,
    workers: int = 1,
    found: Callable[[Vector, float], None] = lambda _x, _bound: None,
    first_only: bool = False,
) -> tuple[Vector | None, float] | None:
    """The best solution found, from ``x`` on, and a lower bound of the goal's first level.

    Nothing where the plan is not of the kind: it has areas, somebody may have two duties on one
    day, or an officer's rules have too many states. ``found`` is told each better solution with
    the bound known then. With ``first_only`` the first solution is enough, and the bound -inf.
    """
    problem = level.problem
    if problem.areas or not problem.posts or not problem.officers:
        return None
    if level not in _COMPILED:
        officers = {officer.id: place for place, officer in enumerate(problem.officers)}
        _COMPILED[level] = compiled(level.program, officers, len(problem.dates))
    networks = _COMPILED[level]
    if networks is None:
        return None
    # The compiled code takes a while to load, so it is loaded where it is used.
    from patrol_scheduler.solver.rosters.improve import Rosters

    search = Rosters(level, networks, goal, budget, seed=seed, workers=workers, found=found)
    if x is not None:
        search.know(search.rosters_of(x))
    search.in_turn()
    bound = float("-inf") if first_only else search.improve(gap)
    return (None if search.best is None else search.whole(search.best)), bound


__all__ = ["improve_by_rosters"]
