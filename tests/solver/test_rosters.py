"""Whole rosters of officers: the networks, their cheapest paths, and the search over them."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from patrol_scheduler.rules import (
    CompensatoryRests,
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    DutiesAtMost,
    HoursAtLeast,
    HoursAtMost,
    HoursBetweenDuties,
    Level,
    RestDays,
    ShiftSuccession,
    WeekendsAtMost,
    rules_of,
)
from patrol_scheduler.solver import highs, solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.program import Program, Vector
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.rosters import improve_by_rosters
from patrol_scheduler.solver.rosters.compiling import Compiled, compiled
from patrol_scheduler.solver.rosters.freeing import together
from patrol_scheduler.solver.rosters.improve import Rosters, steps_of
from patrol_scheduler.solver.rosters.links import OneRoster
from patrol_scheduler.solver.rosters.network import Network
from patrol_scheduler.solver.rosters.pricing import Decision, Pricer
from tests.strategies import VARIANTS, chance, changed, random_problem, without_clashes

KINDS = (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    DutiesAtMost,
    HoursAtLeast,
    HoursAtMost,
    HoursBetweenDuties,
    RestDays,
    ShiftSuccession,
    WeekendsAtMost,
)
FAIRNESS = Goal("fairness", {Level.FAIRNESS: 1.0}, {})


def staffed(seed: int, days: tuple[int, int] = (3, 5), officers: int = 3) -> RosterLevel:
    """A small plan of posts only, with some of the rules on single officers."""
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    size = (0, 1, rng.choice([1, 2, 2, 3]))
    problem = random_problem(rng, days=days, most_officers=officers, size=size)
    stated = [VARIANTS[kind](rng, problem) for kind in KINDS if chance(rng, 0.5)]
    past = tuple(duty for duty in problem.history if duty.post)
    # Days of rest are decided as well, which the paths of duties know nothing of.
    stated.append(CompensatoryRests(on=False))
    pins, problem = problem.pins[:1], without_clashes(problem)
    problem = changed(problem, rules=tuple(stated), history=past, pins=pins)
    level = RosterLevel(problem, rules_of(problem), soften=True)
    if not level.program.contradicts_itself:
        return level
    return RosterLevel(changed(problem, pins=()), rules_of(problem), soften=True)


def compiled_of(level: RosterLevel) -> Compiled | None:
    officers = {officer.id: place for place, officer in enumerate(level.problem.officers)}
    return compiled(level.program, officers, len(level.problem.dates))


def networks(level: RosterLevel) -> tuple[Network, ...] | None:
    found = compiled_of(level)
    return None if found is None else found.networks


def columns_of(level: RosterLevel, officer: int) -> list[list[int]]:
    """The duties of an officer, day by day."""
    cells = level.cells
    return [
        np.nonzero(cells.duty & (cells.officer == officer) & (cells.day == day))[0].tolist()
        for day in range(len(level.problem.dates))
    ]


def keeps_own(program: Program, x: Vector, own: set[int]) -> bool:
    """Whether a solution keeps every bound and row that names only an officer's columns."""
    x = program.settled(x)
    named = len(program.columns)
    for column in own:
        if not program.lower[column] <= x[column] <= program.upper[column]:
            return False
    for row in range(program.height):
        span = slice(program.row_start[row], program.row_start[row + 1])
        index = program.row_index[span]
        if all(i < named and (i < 2 or i in own) for i in index):
            value = float(program.row_value[span] @ x[index])
            if not program.low[row] - 1e-9 <= value <= program.high[row] + 1e-9:
                return False
    return True


def own_columns(level: RosterLevel, officer: int) -> set[int]:
    """An officer's duties and what follows from them."""
    own = {column for day in columns_of(level, officer) for column in day}
    for column, parts in sorted(level.program.columns.any_parts.items()):
        if set(parts) - {0} and set(parts) <= own | {0}:
            own.add(column)
    return own


def paths(network: Network) -> set[tuple[int, ...]]:
    """The columns of every path that ends within the bounds of the resources."""
    found = set()

    def walk(state: int, arcs: list[int]) -> None:
        if len(arcs) == network.days:
            sums = network.use[arcs].sum(axis=0)
            if np.all(sums >= network.lower) and np.all(sums <= network.upper):
                found.add(tuple(sorted(network.columns_of(np.array(arcs)).tolist())))
            return
        for arc in range(network.arc_start[state], network.arc_start[state + 1]):
            walk(int(network.arc_to[arc]), [*arcs, arc])

    walk(0, [])
    return found


@pytest.fixture(params=[1, 16])
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """With a short window most rows are resources, with a long one they are held by states."""
    monkeypatch.setattr("patrol_scheduler.solver.rosters.compiling.WINDOW", request.param)
    return int(request.param)


@pytest.mark.parametrize("seed", range(30))
def test_the_paths_of_a_network_are_the_rosters_that_the_officers_rules_allow(
    seed: int, window: int
) -> None:
    level = staffed(seed)
    found = networks(level)
    program = level.program
    if found is None:  # somebody for whom no roster is legal
        return
    for network in found:
        own = own_columns(level, network.officer)
        legal = set()
        for choice in product(*([-1, *day] for day in columns_of(level, network.officer))):
            x = program.lower.copy()
            x[list(own)] = 0.0
            x[[column for column in choice if column >= 0]] = 1.0
            if keeps_own(program, x, own):
                settled = program.settled(x)
                legal.add(tuple(sorted(column for column in own if settled[column] > 0.5)))
        assert paths(network) == legal


def test_most_plans_of_posts_are_of_the_kind_and_resources_occur(window: int) -> None:
    found = [networks(staffed(seed)) for seed in range(30)]
    kept = [network for one in found if one for network in one]
    assert sum(one is not None for one in found) >= 15
    assert any(network.use.shape[1] for network in kept) == (window == 1)
    assert any(network.level >= 0 for network in kept) == (window == 1)


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_roster_is_the_cheapest_path(seed: int, window: int) -> None:
    level, rng = staffed(seed), np.random.default_rng(seed)
    for network in networks(level) or ():
        price = rng.integers(-9, 10, level.program.width).astype(float)
        costs = sorted(price[list(path)].sum() for path in paths(network))
        pricer = Pricer(network)
        answer = pricer.cheapest(price, np.inf, 3)
        assert answer.complete
        if not costs:
            assert len(answer.paths) == 0
            continue
        assert answer.costs[0] == pytest.approx(costs[0])
        assert answer.bound == pytest.approx(costs[0])
        for path, cost in zip(answer.paths, answer.costs, strict=True):
            assert price[network.columns_of(path)].sum() == pytest.approx(cost)
        assert len(pricer.cheapest(price, costs[0] - 0.5, 3).paths) == 0
        day = int(rng.integers(network.days))
        duties = columns_of(level, network.officer)[day]
        for some in (*([column] for column in duties), duties):
            for yes in (True, False):
                decision = Decision(network.officer, day, tuple(some), yes)
                rest = [p for p in paths(network) if (not set(some).isdisjoint(p)) == yes]
                assert rest == [p for p in paths(network) if decision.kept(frozenset(p))]
                assert rest == [p for p in paths(network) if not decision.other.kept(frozenset(p))]
                least = min((price[list(path)].sum() for path in rest), default=np.inf)
                banned = pricer.banned([decision])
                told = pricer.cheapest(price, np.inf, 1, banned=banned)
                assert told.bound == pytest.approx(least)


@pytest.mark.parametrize("seed", range(20))
def test_whole_rosters_reach_what_the_whole_program_reaches(seed: int) -> None:
    level, budget = staffed(100 + seed, days=(5, 9), officers=5), Budget(30.0, None, None)
    answer = improve_by_rosters(level, FAIRNESS, None, budget)
    if answer is None:
        return
    x, bound = answer
    whole = highs.search(level.program.whole(), FAIRNESS.prices, budget, seconds=20.0)
    if whole.x is None:
        assert x is None
        return
    assert x is not None
    assert level.program.keeps(x)
    least = level.program.value(Level.FAIRNESS, whole.x)
    assert level.program.value(Level.FAIRNESS, x) == pytest.approx(least, abs=1e-5)
    assert bound == pytest.approx(least, abs=1e-5)


def test_freed_days_change_nothing_on_the_others_and_cost_no_more() -> None:
    better = 0
    for seed in range(12):
        level = staffed(200 + seed, days=(6, 9), officers=5)
        program, whole = level.program, compiled_of(level)
        if whole is None:
            continue
        budget = Budget(30.0, None, None)
        search = Rosters(
            level, whole, FAIRNESS, budget, seed=seed, workers=1, found=lambda _x, _bound: None
        )
        anyhow = highs.search(program.whole(), {}, budget, seconds=20.0).x
        if anyhow is None:
            continue
        search.know(search.rosters_of(anyhow))
        assert search.best is not None
        freeing = search.freeing
        for length in range(1, len(level.problem.dates) + 1):
            before, cost = search.whole(search.best), search.cost
            part = freeing.some_days(search.best, length)
            rosters = part.better(
                cost, steps_of(program, Level.FAIRNESS), budget, weigh=search.weigh
            )
            search.know(rosters or search.best)
            after = search.whole(search.best)
            assert program.keeps(after)
            assert program.value(Level.FAIRNESS, after) <= cost + 1e-9
            days = level.cells.day[level.cells.duty & (before != after)]
            assert not len(days) or days.max() - days.min() < length
            better += search.cost < cost - 1e-9
    assert better


def test_without_time_there_is_a_bound_and_nothing_is_claimed() -> None:
    answers = 0
    for seed in range(10):
        level = staffed(seed)
        answer = improve_by_rosters(level, FAIRNESS, None, Budget(0.0, None, None))
        if answer is not None:
            answers += 1
            assert answer[0] is None or level.program.keeps(answer[0])
            assert answer[1] == -np.inf
    assert answers


def test_a_plan_with_areas_is_not_of_the_kind() -> None:
    rng = Random(1)  # noqa: S311  # a seed, not a secret
    problem = random_problem(rng, size=(1, 1, 1))
    level = RosterLevel(problem, rules_of(problem), soften=True)
    assert improve_by_rosters(level, FAIRNESS, None, Budget(1.0, None, None)) is None


def test_one_worker_gives_the_same_roster_twice() -> None:
    problem = staffed(104, days=(5, 9), officers=5).problem
    first, second = (solve(problem, time_limit=30.0, gap=0.0, workers=1) for _ in range(2))
    assert first == second


def test_two_workers_cost_what_one_does() -> None:
    level, budget = staffed(104, days=(5, 9), officers=7), Budget(30.0, None, None)
    answers = [improve_by_rosters(level, FAIRNESS, None, budget, workers=n) for n in (1, 2)]
    for answer in answers:
        assert answer is not None
        x, bound = answer
        assert x is not None
        assert level.program.keeps(x)
        assert level.program.value(Level.FAIRNESS, x) == pytest.approx(bound, abs=1e-5)


def test_what_two_parts_change_is_put_together() -> None:
    none, cells = np.zeros(0, dtype=np.int64), [frozenset({n}) for n in range(6)]
    base, one, other = (
        [OneRoster(o, none, 0.0, none, np.zeros(0), cells[place]) for o, place in enumerate(of)]
        for of in ((0, 1, 2), (3, 1, 2), (4, 5, 2))
    )
    assert [roster.held for roster in together(base, one, other)] == [cells[3], cells[5], cells[2]]
