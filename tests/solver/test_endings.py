"""How a search ends that cannot go on: with its best, or where there is none with a bound."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from patrol_scheduler import check, solve
from patrol_scheduler.problem import Cadence, Officer, Team
from patrol_scheduler.result import Result
from patrol_scheduler.rules import CadenceRule, Composition, Effort, Level, rules_of
from patrol_scheduler.solver.bounds import of_the_fewest_patrols
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.search import Searcher
from tests.exhaustive import TooManyError, best
from tests.rules.worked import plan
from tests.strategies import changed

PLAN = plan(
    posts=(),
    officers=tuple(Officer(id=f"P{i}", agency="police") for i in range(8)),
    teams=(Team(members={"police": 2}),),
    cadences=(Cadence(min_days=2, max_days=3),),
)


def solved(**options: Any) -> Result:
    return solve(PLAN, **{"time_limit": 20, "gap": 0.0, "workers": 1, **options})


def test_no_time_at_all_is_unknown_with_a_bound() -> None:
    result = solved(time_limit=0.0)
    assert (result.status, result.roster, result.levels) == ("unknown", None, ())
    # 14 days, two areas at most 3 days apart: 4 patrols each, two officers, 10 a duty.
    assert result.bound == 2 * 4 * 2 * 10


def test_a_bound_without_a_search_is_below_every_roster() -> None:
    result = solved(gap=1.0)
    assert result.bound is None
    fairness = next(level for level in result.levels if level.level == "fairness")
    assert of_the_fewest_patrols(PLAN, rules_of(PLAN)) <= fairness.cost
    for rules, bound in (
        ((Effort(on=False),), 0),
        ((Effort(price=3),), 48),
        ((Effort(price=3, officers=("P1",)),), 0),
        ((Effort(price=3, level="wishes"),), 0),
        ((CadenceRule(), CadenceRule(price=9)), 160),
        ((Composition(on=False),), 0),
    ):
        cheaper = changed(PLAN, rules=rules)
        assert of_the_fewest_patrols(cheaper, rules_of(cheaper)) == bound


def test_a_bound_without_a_search_counts_the_smallest_team_of_any_day() -> None:
    # One area at most 7 days apart from Monday 2 August 2010: two patrols, on Saturdays of one.
    weekdays, weekends = Team(members={"police": 3}), Team(members={"police": 1})
    teams = (weekdays, weekends.model_copy(update={"day_types": ("rest-day",)}))
    seldom = (Cadence(min_days=2, max_days=7),)
    small = changed(PLAN, areas=PLAN.areas[:1], cadences=seldom, teams=teams)
    for given, bound in ((teams, 2 * 10), (teams[:1], 2 * 3 * 10)):
        problem = changed(small, teams=given)
        assert of_the_fewest_patrols(problem, rules_of(problem)) == bound


def test_a_bound_without_a_search_is_below_the_best_of_all_rosters() -> None:
    tiny = plan(
        end="2010-08-05",
        posts=(),
        areas=PLAN.areas[:1],
        shifts=PLAN.shifts[:1],
        officers=PLAN.officers[:3],
        teams=(Team(members={"police": 1}),),
        cadences=(Cadence(min_days=1, max_days=2),),
    )
    try:
        found = best(tiny)
    except TooManyError:
        pytest.fail("the plan is no longer tiny")
    bound = of_the_fewest_patrols(tiny, rules_of(tiny))
    assert found.complete
    assert 0 < bound <= found.costs[1]


def test_out_of_memory_keeps_the_best_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[float] = []
    improve = Searcher.improve

    def runs_out(self: Searcher, goal: Any, x: Any, **options: Any) -> Any:
        better = improve(self, goal, x, **options)
        costs.append(self._level.program.value(Level.FAIRNESS, better))
        raise MemoryError

    monkeypatch.setattr(Searcher, "improve", runs_out)
    result = solved()
    assert result.complete
    assert result.reason == "memory"
    assert result.roster is not None
    assert check(PLAN, result.roster).complete
    fairness = next(level for level in result.levels if level.level == "fairness")
    assert fairness.cost == pytest.approx(costs[0])
    assert fairness.bound > 0


def test_out_of_memory_before_any_roster_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def runs_out(*_arguments: Any, **_options: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(RosterLevel, "__init__", runs_out)
    result = solved()
    assert (result.status, result.reason) == ("unknown", "memory")
    assert result.bound == 160


def test_no_room_for_a_thread_is_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def runs_out(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", runs_out)
    result = solved()
    assert result.reason == "memory"
