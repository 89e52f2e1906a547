from __future__ import annotations

import datetime as dt
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from patrol_scheduler.problem import Area, Cadence, Problem
from patrol_scheduler.rules import CadenceRule
from patrol_scheduler.statistics import admissible_patrol_days

from .plans import date, plan
from .test_cadence import patrols_on, plans


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(2, 3, (50, 76)), (3, 3, (50, 51)), (2, 2, (76, 76)), (1, 152, (1, 152)), (1, 153, (0, 152))],
)
def test_the_source_plan_admits_50_to_76_patrol_days(
    low: int, high: int, wanted: tuple[int, int]
) -> None:
    """1 August to 30 December is 152 days, so 153 from the day before to the day after.

    At most 3 apart: n + 1 steps of 3 cover 153, so n >= 50. At least 2 apart: n - 1 gaps of 2 and
    a day at each end fit in 153, so n <= 76. Every 3 days: 3, 6, .. 150 are 50, 1, 4, .. 151 are
    51. Every 2 days: 1, 3, .. 151 are 76.
    """
    problem = plan("08-01", "12-30", cadences=(Cadence(min_days=low, max_days=high),))
    assert admissible_patrol_days(problem, "town") == wanted


@settings(max_examples=200, deadline=None)
@given(some.integers(1, 60), some.integers(1, 6), some.integers(0, 5))
def test_one_window_without_history_keeps_the_closed_formula(
    days: int, low: int, wider: int
) -> None:
    high = low + wider
    last = date("08-01") + dt.timedelta(days=days - 1)
    problem = plan("08-01", last.isoformat()[5:], cadences=(Cadence(min_days=low, max_days=high),))
    counts = [
        n
        for n in range(days + 1)
        if days + 1 <= (n + 1) * high and (n == 0 or 2 + (n - 1) * low <= days + 1)
    ]
    assert admissible_patrol_days(problem, "town") == (min(counts), max(counts))


@settings(max_examples=25, deadline=None)
@given(plans())
def test_the_range_is_what_the_check_accepts(problem: Problem) -> None:
    """All sets of patrol days of a short plan, each held against the cadence rule."""
    days = [
        d for d, date_ in enumerate(problem.dates) if problem.patrols_allowed("town", date_, "day")
    ]
    if len(days) > 8:
        days = days[:8]
        last = problem.date(days[-1])
        phases = tuple(
            phase.model_copy(update={"end": min(phase.end, last)})
            for phase in problem.phases
            if phase.start <= last
        )
        problem = problem.model_copy(update={"phases": phases})
        problem = Problem.model_validate(problem.model_dump())
    sets = chain.from_iterable(combinations(days, n) for n in range(len(days) + 1))
    legal = [
        chosen
        for chosen in sets
        if not any(
            v.area == "town"
            for v in CadenceRule().violations(problem, patrols_on(problem, set(chosen)))
        )
    ]
    counts = [len(chosen) for chosen in legal]
    wanted = (min(counts), max(counts)) if counts else None
    assert admissible_patrol_days(problem, "town") == wanted
    for phase in problem.phases:
        first, last = phase.start, phase.end
        within = [
            sum(1 for day in chosen if first <= problem.date(day) <= last) for chosen in legal
        ]
        assert admissible_patrol_days(problem, "town", first, last) == (
            (min(within), max(within)) if within else None
        )


def test_a_window_upside_down_admits_nothing() -> None:
    problem = plan(cadences=(Cadence(min_days=5, max_days=2),))
    assert admissible_patrol_days(problem, "town") is None


def test_history_narrows_the_range() -> None:
    """Patrolled on 31 July and every 3 days exactly: 3, 6, 9 August and nothing else."""
    problem = plan(
        areas=(Area(id="town", last_patrol=dt.date(2010, 7, 31)),),
        cadences=(Cadence(min_days=3, max_days=3),),
    )
    assert admissible_patrol_days(problem, "town") == (3, 3)
    assert admissible_patrol_days(problem, "town", date("08-06"), date("08-08")) == (1, 1)
