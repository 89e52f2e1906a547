"""A rule that a plan gives nothing to work on costs nothing: no column and no row."""

from __future__ import annotations

import pytest

from patrol_scheduler import rules
from patrol_scheduler.problem import Team
from patrol_scheduler.rules import Columns, Rule

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
