"""A rule that a plan gives nothing to work on costs nothing: no column and no row."""

from __future__ import annotations

from random import Random

import pytest

from patrol_scheduler import rules
from patrol_scheduler.problem import Agency, Team
from patrol_scheduler.rules import Columns, Rule
from tests.strategies import random_problem

from .worked import plan

UNUSED = (
    rules.AgencyShare,
    rules.Auxiliaries,
    rules.BurdenShare,
    rules.BusyTimes,
    rules.CompensatoryRests,
    rules.Competent,
    rules.FamiliarOfficers,
    rules.Heat,
    rules.HighRiskShifts,
    rules.IdealStrength,
    rules.LeaderOnDuty,
    rules.LeaderShare,
    rules.Lending,
    rules.LookAhead,
    rules.MarketDays,
    rules.NoNight,
    rules.Overtime,
    rules.OwnLimits,
    rules.Pairs,
    rules.PairWishes,
    rules.PatrolCount,
    rules.PatrolDates,
    rules.PatrolDays,
    rules.PhaseGroup,
    rules.PinnedPatrols,
    rules.Pins,
    rules.PreferredPatrols,
    rules.RestAfterHomeDuty,
    rules.Seats,
    rules.SharedCar,
    rules.ShiftDays,
    rules.ShiftRotation,
)


@pytest.mark.parametrize("kind", UNUSED, ids=lambda kind: kind.__name__)
def test_an_unused_rule_adds_no_column_and_no_row(kind: type[Rule]) -> None:
    problem = plan(teams=(Team(members={"police": 1}),))
    columns = Columns(problem)
    before = len(columns)
    for rule in kind.defaults():
        assert list(rule.limits(problem, columns)) == []
        assert list(rule.roster_limits(problem, columns)) == []
    assert len(columns) == before


@pytest.mark.parametrize("seed", range(60))
def test_a_rule_that_limits_anything_says_that_it_is_used(seed: int) -> None:
    problem = random_problem(Random(seed))  # noqa: S311  # a seed, not a secret
    for rule in rules.rules_of(problem):
        if not rule.used_by(problem):
            columns = Columns(problem)
            assert next(iter(rule.limits(problem, columns)), None) is None, rule.rule


def test_an_agency_that_lends_under_one_of_its_limits_uses_the_rule() -> None:
    for limit in ({"lends_a_day": 1}, {"lends_a_week": 0}, {"lends_percent": 50}):
        problem = plan(agencies=(Agency(id="police", **limit), Agency(id="city")))
        assert rules.Lending().used_by(problem)
    assert not rules.Lending().used_by(plan())


def test_one_agency_without_a_share_is_no_reason_to_ask_nothing_of_the_others() -> None:
    shared = (Agency(id="police", share=1), Agency(id="city", share=1), Agency(id="office"))
    assert rules.AgencyShare().used_by(plan(agencies=shared))
    assert not rules.AgencyShare().used_by(plan())
