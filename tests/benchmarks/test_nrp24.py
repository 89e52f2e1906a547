"""Branch and price on small plans like the public instances, held against HiGHS."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest
from benchmarks.nrp24 import load

from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.solver import highs, solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters.compiling import compiled
from patrol_scheduler.solver.rosters.improve import Rosters

GOAL = Goal("fairness", {Level.FAIRNESS: 1.0}, {})
DAYS = 14


def instance(seed: int) -> str:
    """A random instance in the form of the public ones."""
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    staff = [f"p{number}" for number in range(rng.choice([5, 6, 7]))]
    shifts = ["E", "L"] if rng.random() < 0.7 else ["E", "L", "N"]

    def wishes() -> list[str]:
        return [
            f"{name},{rng.randrange(DAYS)},{rng.choice(shifts)},{rng.randint(1, 3)}"
            for name in staff
            for _ in range(3)
        ]

    contracts = []
    for name in staff:
        caps = "|".join(f"{shift}={rng.choice([14, 14, 3])}" for shift in shifts)
        most = rng.choice([4320, 4320, 3840])
        contracts.append(f"{name},{caps},{most},{most - 960},5,2,2,1")
    sections = {
        "HORIZON": [str(DAYS)],
        "SHIFTS": [f"{shift},480,{'|'.join(shifts[:n])}" for n, shift in enumerate(shifts)],
        "STAFF": contracts,
        "DAYS_OFF": [f"{name},{rng.randrange(DAYS)}" for name in staff],
        "SHIFT_ON_REQUESTS": wishes(),
        "SHIFT_OFF_REQUESTS": wishes(),
        "COVER": [
            f"{day},{shift},{rng.randint(1, 2)},100,1" for day in range(DAYS) for shift in shifts
        ],
    }
    return "".join(f"SECTION_{name}\n" + "\n".join(rows) + "\n" for name, rows in sections.items())


# Among them are some whose relaxation is not whole, so that the tree has to branch.
@pytest.mark.parametrize(
    ("seed", "branches"),
    [(1, False), (8, True), (11, True), (18, True), (21, True), (57, True)],
)
def test_the_tree_proves_what_highs_proves_and_claims_nothing_more_on_the_way(
    seed: int, branches: bool, tmp_path: Path
) -> None:
    path = tmp_path / "instance.txt"
    path.write_text(instance(seed), encoding="utf-8")
    problem, budget = load(path), Budget(600.0, None, None)
    level = RosterLevel(problem, rules_of(problem), soften=False)
    officers = {officer.id: place for place, officer in enumerate(problem.officers)}
    networks = compiled(level.program, officers, DAYS)
    assert networks is not None
    whole = highs.search(level.program.whole(), GOAL.prices, budget, seconds=600.0)
    assert whole.status == "optimal"
    assert whole.x is not None
    least = level.program.value(Level.FAIRNESS, whole.x)
    search = Rosters(
        level, networks, GOAL, budget, seed=0, workers=1, found=lambda _x, _bound: None
    )
    for best in (math.inf, least + 2, least):
        tree = search.tree(best)
        while not (tree.done or tree.stuck):
            tree.run(budget, nodes=1)
            assert tree.bound <= least + 1e-6
        assert tree.bound == tree.best == pytest.approx(least)
        assert (tree.nodes > 1) == branches or best < math.inf


def test_only_cover_and_requests_cost_anything(tmp_path: Path) -> None:
    path = tmp_path / "instance.txt"
    path.write_text(instance(1), encoding="utf-8")
    problem = load(path)
    level = RosterLevel(problem, rules_of(problem), soften=False)
    limits = [
        (rule.rule, limit)
        for rule in rules_of(problem)
        for limit in rule.limits(problem, level.program.columns)
    ]
    priced = {name for name, limit in limits if limit.level is not Level.MUST}
    assert priced == {"cover", "requests"}


def test_one_worker_gives_the_same_roster_twice(tmp_path: Path) -> None:
    path = tmp_path / "instance.txt"
    path.write_text(instance(21), encoding="utf-8")
    problem = load(path)
    first, second = (solve(problem, time_limit=600.0, gap=0.0, workers=1) for _ in range(2))
    assert first == second
    assert first.status == "optimal"
