"""Whether cadences can be kept with few patrols a day: held against trying everything."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol_scheduler import servable, solve
from patrol_scheduler.problem import Area, Cadence, Officer, Phase, Problem, Team
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import CadenceRule, PatrolsAtMost, WithinPhase, rules_of
from patrol_scheduler.solver import cadences, pinwheel
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.validation import faults_of
from tests.rules.worked import plan
from tests.strategies import VARIANTS, changed, random_problem

QUICK = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
Gaps = list[tuple[int, int]]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Gaps, int, int]:
    gaps = []
    for _ in range(draw(st.integers(1, 5))):
        longest = draw(st.integers(1, 6))
        gaps.append((draw(st.integers(1, longest)), longest))
    return gaps, draw(st.integers(0, 3)), draw(st.integers(1, 25))


def tried(gaps: Gaps, most: int, days: int) -> bool:
    """Whether there are dates, by keeping every state that can be reached, day after day."""
    # Days since the last patrol; none yet: (day, True). No shortcuts at all.
    states = {tuple((0, True) for _ in gaps)}
    for _ in range(days):
        reached = set()
        for state in states:
            for size in range(min(most, len(gaps)) + 1):
                for chosen in combinations(range(len(gaps)), size):
                    after = []
                    for i, (lo, hi) in enumerate(gaps):
                        idle, fresh = state[i][0] + 1, state[i][1]
                        if i in chosen:
                            if not fresh and idle < lo:
                                break
                            after.append((0, False))
                        elif idle >= hi:
                            break
                        else:
                            after.append((idle, fresh))
                    else:
                        reached.add(tuple(after))
        states = reached
    return bool(states)


def asked(gaps: Gaps, days: int) -> list[pinwheel.Beat]:
    return [pinwheel.Beat((pinwheel.Window(0, days - 1, 0, lo, hi),)) for lo, hi in gaps]


@QUICK
@given(questions())
def test_the_search_finds_dates_exactly_where_there_are_any(q: tuple[Gaps, int, int]) -> None:
    gaps, most, days = q
    everywhere = [pinwheel.Cap(frozenset(range(len(gaps))), most)]
    found = pinwheel.search(asked(gaps, days), everywhere, days)
    assert found.status == ("kept" if tried(gaps, most, days) else "impossible")
    for (lo, hi), mine in zip(gaps, found.days, strict=False):
        ends = [-1, *mine, days]
        assert all(b - a <= hi for a, b in pairwise(ends))
        assert all(b - a >= lo for a, b in pairwise(mine))
    for day in range(days):
        assert sum(day in mine for mine in found.days) <= most


def question(gaps: Gaps, most: int, days: int) -> Problem:
    last = dt.date(2010, 8, 2) + dt.timedelta(days=days - 1)
    return plan(
        end=last.isoformat(),
        areas=tuple(Area(id=f"area-{i}") for i in range(len(gaps))),
        posts=(),
        officers=tuple(Officer(id=f"P{i}", agency="police") for i in range(2 * most + 1)),
        teams=(Team(members={"police": 1}),),
        cadences=tuple(
            Cadence(min_days=lo, max_days=hi, areas=(f"area-{i}",))
            for i, (lo, hi) in enumerate(gaps)
        ),
        rules=(PatrolsAtMost(patrols=most),),
    )


@QUICK
@given(questions())
def test_until_is_the_last_day_that_can_be_kept(q: tuple[Gaps, int, int]) -> None:
    gaps, most, days = q
    found = servable(question(gaps, most, days))
    longest = max((n for n in range(days + 1) if n == 0 or tried(gaps, most, n)), default=0)
    if longest == days:
        assert found.status == "feasible"
        assert found.until is None
    else:
        assert found.status == "impossible"
        until = None if found.until is None else (found.until - dt.date(2010, 8, 2)).days + 1
        assert until == (longest or None)


@QUICK
@given(st.randoms(use_true_random=False))
def test_both_means_agree_on_phases_histories_and_groups_of_areas(rng: Random) -> None:
    problem = random_problem(rng, size=(rng.randint(1, 3), 0, rng.randint(1, 2)))
    rules: Any = tuple(VARIANTS[PatrolsAtMost](rng, problem) for _ in range(2))
    problem = changed(problem, rules=rules)
    about = [
        rule
        for rule in rules_of(problem)
        if isinstance(rule, WithinPhase | CadenceRule | PatrolsAtMost)
    ]
    budget = Budget(20, None, None)
    searched = cadences._searched(problem, about, len(problem.dates), budget.over)
    solved = cadences._solved(cadences._program(problem, about), budget)
    if isinstance(searched, str):
        assert (searched, solved.status) == ("impossible", "infeasible")
    elif cadences._kept(problem, about, searched):
        assert solved.x is not None
    else:
        # Only limits inside a day, on some of its shifts, are not the search's to see.
        assert len(problem.shifts) > 1
        assert any(rule.shifts or rule.per == "shift" for rule in rules)


def test_a_row_that_no_values_of_its_columns_satisfy_is_a_contradiction() -> None:
    """No patrols at all are allowed, one every three days is asked: every column is fixed."""
    problem = question([(1, 3)], 1, 9)
    problem = changed(problem, rules=(PatrolsAtMost(patrols=0),), shifts=problem.shifts[:1])
    assert cadences._program(problem, rules_of(problem)).contradicts_itself
    assert servable(problem).status == "impossible"
    assert solve(problem, time_limit=20, workers=1).status == "short"


def test_three_areas_that_no_calendar_serves() -> None:
    """1/2 + 1/3 + 1/12 < 1: the load would fit, and yet the first two leave no day free."""
    found = servable(question([(1, 2), (1, 3), (1, 12)], 1, 40))
    assert found.status == "impossible"
    assert found.until == dt.date(2010, 8, 2) + dt.timedelta(days=12)


def test_a_limit_that_no_dates_keep_makes_a_short_roster() -> None:
    problem = question([(2, 2), (2, 2), (2, 3)], 1, 6)
    result = solve(problem, time_limit=20, gap=1.0, workers=1)
    assert result.status == "short"
    assert result.reason == "no-complete-roster"
    assert servable(problem).status == "impossible"


@pytest.mark.parametrize("per", ["day", "shift"])
def test_a_limit_that_can_be_kept_is_kept_by_the_roster(per: str) -> None:
    problem = question([(2, 3), (2, 3), (1, 3), (2, 4)], 2, 20)
    rule = PatrolsAtMost(patrols=2 if per == "day" else 1, per=per)
    problem = changed(problem, rules=(rule,))
    result = solve(problem, time_limit=20, gap=1.0, workers=1)
    assert result.complete
    assert result.roster is not None
    assert not list(rule.violations(problem, result.roster))


def test_no_limit_asks_each_area_by_itself() -> None:
    problem = question([(2, 2), (2, 2), (2, 2)], 1, 30)
    problem = changed(problem, rules=())
    found = servable(problem)
    assert found.status == "feasible"
    assert cadences.capped_visits(problem, rules_of(problem)) is None
    for dates in found.dates.values():
        assert len(dates) == 15


def test_a_search_that_is_stopped_does_not_know() -> None:
    gaps = [(1, 3)] * 4
    everywhere = [pinwheel.Cap(frozenset(range(4)), 2)]
    assert pinwheel.search(asked(gaps, 90), everywhere, 90, states=5).status == "stopped"
    found = servable(question(gaps, 2, 90), time_limit=0.0)
    assert found.status in ("unknown", "feasible")


def test_where_the_shift_matters_the_program_answers() -> None:
    """Two areas a day, one patrol in each shift; the search knows days only."""
    problem = plan(
        posts=(),
        teams=(Team(members={"police": 1}),),
        phases=(Phase(id="routine", start="2010-08-02", end="2010-08-15"),),
        cadences=(Cadence(min_days=1, max_days=1),),
        rules=(
            PatrolsAtMost(per="shift", areas=("town", "road")),
            PatrolsAtMost(shifts=("day",), areas=("road",), patrols=0),
        ),
    )
    assert not faults_of(problem)
    found = servable(problem)
    assert found.status == "feasible"
    assert [len(dates) for dates in found.dates.values()] == [14, 14]


def test_dates_are_held_against_the_rules() -> None:
    problem = question([(2, 3)], 1, 9)
    patrols = tuple(
        Patrol(id=patrol_id(date, area), date=date, area=area, shift="day", members=())
        for area, dates in servable(problem).dates.items()
        for date in dates
    )
    assert not list(CadenceRule().violations(problem, Roster(patrols=patrols)))
