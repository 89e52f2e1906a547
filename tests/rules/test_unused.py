"""A rule that a plan gives nothing to work on costs nothing: no column and no row."""

from __future__ import annotations

import pytest

from patrol_scheduler.rules import (
    AgencyShare,
    BusyTimes,
    Columns,
    CompensatoryRests,
    HighRiskShifts,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    MarketDays,
    NoNight,
    Overtime,
    OwnLimits,
    PatrolDates,
    PatrolDays,
    PhaseGroup,
    RestAfterHomeDuty,
    Rule,
    SharedCar,
    ShiftRotation,
)

from .worked import plan

UNUSED = (
    AgencyShare,
    BusyTimes,
    CompensatoryRests,
    HighRiskShifts,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    MarketDays,
    NoNight,
    Overtime,
    OwnLimits,
    PatrolDates,
    PatrolDays,
    PhaseGroup,
    RestAfterHomeDuty,
    SharedCar,
    ShiftRotation,
)


@pytest.mark.parametrize("kind", UNUSED, ids=lambda kind: kind.__name__)
def test_an_unused_rule_adds_no_column_and_no_row(kind: type[Rule]) -> None:
    problem = plan()
    columns = Columns(problem)
    before = len(columns)
    for rule in kind.defaults():
        assert list(rule.limits(problem, columns)) == []
        assert list(rule.roster_limits(problem, columns)) == []
    assert len(columns) == before
