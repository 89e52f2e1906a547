"""Where the search looks for something better: what is missed, and what that is about."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from patrol_scheduler.problem import Problem, Request
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.neighbourhoods import Sight, missed
from patrol_scheduler.solver.program import Mask
from patrol_scheduler.solver.roster_level import RosterLevel
from tests.rules.worked import plan
from tests.solver.test_parts import SEEDS, made

WISHES = Goal("wishes", {Level.WISHES: 1.0}, {})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_price_depends_on_nothing_but_what_it_is_about(seed: int) -> None:
    program, rng = made(seed).program, np.random.default_rng(2)
    x = program.settled(program.lower.copy())
    free = program.decided & (program.upper > program.lower)
    for level, cost in program.cost.items():
        for column in rng.permutation(np.nonzero(cost)[0])[:20].tolist():
            other = free & ~program.marked(program.about(column))
            changed = np.where(other & (rng.random(program.width) < 0.5), program.upper, x)
            assert program.settled(changed)[column] == x[column], level


def freed(problem: Problem, seed: int, size: int = 3) -> tuple[RosterLevel, Mask]:
    """The columns set free around a roster in which nobody is on duty."""
    level = RosterLevel(problem, rules_of(problem), soften=True)
    nothing = level.program.settled(level.program.lower.copy())
    sight = Sight(level, WISHES, nothing, Random(seed))  # noqa: S311  # a seed, not a secret
    return level, missed(sight, size)


@pytest.mark.parametrize("seed", range(10))
def test_around_a_wish_for_duty_its_day_and_its_officer_are_set_free(seed: int) -> None:
    wish = Request(officer="P1", start="2010-08-06", end="2010-08-06", want="on", shift="night")
    level, free = freed(plan(requests=(wish,)), seed)
    days, officers = level.cells.day, level.cells.officer
    assert free[(days == 4) & (level.cells.duty | level.cells.patrol)].all()
    assert free[(officers == 0) & level.cells.duty].all()
    of_others = np.unique(days[free & (officers != 0)]).tolist()
    assert of_others in ([2, 3, 4], [3, 4, 5], [4, 5, 6])


def test_the_dearer_wish_is_looked_at_more_often() -> None:
    wishes = (
        Request(officer="P1", start="2010-08-03", end="2010-08-03", want="on", weight=9),
        Request(officer="C2", start="2010-08-14", end="2010-08-14", want="on"),
    )
    seen = [0, 0]
    for seed in range(40):
        level, free = freed(plan(requests=wishes), seed)
        for place, officer in enumerate((0, 3)):
            seen[place] += bool(free[(level.cells.officer == officer) & level.cells.duty].all())
    assert sum(seen) == 40
    assert seen[0] > 3 * seen[1] > 0


def test_where_nothing_is_missed_any_days_are_set_free() -> None:
    level, free = freed(plan(), seed=1)
    assert 1 <= len(np.unique(level.cells.day[free])) <= 3
