"""A rule that a plan gives nothing to work on costs nothing: no column and no row."""

from __future__ import annotations

import pytest

from patrol_scheduler.rules import (
    AgencyShare,
    Auxiliaries,
    BurdenShare,
    BusyTimes,
    Columns,
    CompensatoryRests,
    Competent,
    HighRiskShifts,
    IdealStrength,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    MarketDays,
    NoNight,
    Overtime,
    OwnLimits,
    Pairs,
    PairWishes,
    PatrolCount,
    PatrolDates,
    PatrolDays,
    PhaseGroup,
    PinnedPatrols,
    Pins,
    PreferredPatrols,
    RestAfterHomeDuty,
    Rule,
    Seats,
    SharedCar,
    ShiftRotation,
)

from .worked import plan

UNUSED = (
    AgencyShare,
    Auxiliaries,
    BurdenShare,
    BusyTimes,
    CompensatoryRests,
    Competent,
    HighRiskShifts,
    IdealStrength,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    MarketDays,
    NoNight,
    Overtime,
    OwnLimits,
    Pairs,
    PairWishes,
    PatrolCount,
    PatrolDates,
    PatrolDays,
    PhaseGroup,
    PinnedPatrols,
    Pins,
    PreferredPatrols,
    RestAfterHomeDuty,
    Seats,
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
