"""The full Bishi example uses every rule there is, and its roster passes the check."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler import check, read, solve
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import ALL, Columns, Rule, rules_of
from tests.strategies import changed

PLAN = Path(__file__).parents[1] / "examples" / "bishi-full" / "plan.toml"

NOT_USED = {
    # Phases have the fewest patrols or the most: with the fewest no patrol that is left out costs
    # anything. tests/solver/test_patrol_count.py solves plans with the most.
    "patrol-count",
}


@pytest.fixture(scope="module")
def full() -> Problem:
    return read(PLAN)


def name_of(kind: type[Rule]) -> str:
    return str(kind.model_fields["rule"].default)


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_every_rule_limits_something_in_the_full_plan(kind: type[Rule], full: Problem) -> None:
    columns = Columns(full)
    stated = [rule for rule in rules_of(full) if type(rule) is kind and rule.used_by(full)]
    limited = any(next(iter(rule.limits(full, columns)), None) is not None for rule in stated)
    assert limited != (name_of(kind) in NOT_USED)


def test_the_full_plan_has_a_complete_roster_that_passes_the_check(full: Problem) -> None:
    # A first roster is enough, and its dates need not be drawn; the benchmark asks for a good one.
    result = solve(changed(full, unpredictable=False), time_limit=300, gap=1.0, workers=1, seed=0)
    assert result.complete
    assert result.roster is not None
    assert check(full, result.roster).complete
    assert {duty.post for duty in result.roster.post_duties} == {"带班领导", "值班室"}
