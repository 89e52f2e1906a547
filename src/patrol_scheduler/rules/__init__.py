"""The rules of a roster, one class each; ``ALL`` is the one list of them."""

from __future__ import annotations

from patrol_scheduler.problem import Problem, RuleSetting
from patrol_scheduler.rules.away import BusyTimes, RestAfterHomeDuty
from patrol_scheduler.rules.base import Columns, Level, Limit, Rule, TeamRule, Violation
from patrol_scheduler.rules.cadence import CadenceRule, PatrolsAtMost, WithinPhase
from patrol_scheduler.rules.compensation import CompensatoryRests
from patrol_scheduler.rules.cover import CoverRule
from patrol_scheduler.rules.duty import (
    DaysBetweenDuties,
    HoursBetweenDuties,
    NoNight,
    OneDutyADay,
    OnLeave,
    Requests,
    RestAfterNight,
    RestDays,
)
from patrol_scheduler.rules.fairness import Effort, FairShare
from patrol_scheduler.rules.leading import LeaderOnDuty, LeaderShare
from patrol_scheduler.rules.lending import AgencyShare, Lending, PhaseGroup
from patrol_scheduler.rules.pattern import (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    HoursAtLeast,
    ShiftSuccession,
    WeekendsAtMost,
)
from patrol_scheduler.rules.streets import HighRiskShifts, SharedCar, ShiftRotation
from patrol_scheduler.rules.team import Certificates, Composition, Driver, Leader
from patrol_scheduler.rules.when import MarketDays, PatrolDates, PatrolDays
from patrol_scheduler.rules.workload import (
    DutiesAtMost,
    HoursAtMost,
    HoursTarget,
    Overtime,
    OwnLimits,
)

ALL: tuple[type[Rule], ...] = (
    WithinPhase,
    CadenceRule,
    MarketDays,
    PatrolDates,
    PatrolDays,
    ShiftRotation,
    SharedCar,
    PatrolsAtMost,
    Composition,
    Certificates,
    Leader,
    Driver,
    CoverRule,
    LeaderOnDuty,
    OnLeave,
    BusyTimes,
    RestAfterHomeDuty,
    PhaseGroup,
    Lending,
    OneDutyADay,
    DaysBetweenDuties,
    HoursBetweenDuties,
    RestAfterNight,
    NoNight,
    OwnLimits,
    DutiesAtMost,
    HoursAtMost,
    HoursTarget,
    Overtime,
    RestDays,
    CompensatoryRests,
    ShiftSuccession,
    HoursAtLeast,
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    WeekendsAtMost,
    FairShare,
    LeaderShare,
    AgencyShare,
    Effort,
    Requests,
    HighRiskShifts,
)
"""Every rule, in the order in which the check reports them."""

BY_NAME: dict[str, type[Rule]] = {kind.model_fields["rule"].default: kind for kind in ALL}
"""The rules by the name that plans use."""


def rules_of(problem: Problem) -> tuple[Rule, ...]:
    """The rules that a roster of ``problem`` answers to.

    A rule that the plan states works as stated, once for each statement; every other rule works
    with its defaults. A statement with ``on = false`` switches the rule off.
    """
    found: list[Rule] = []
    for kind in ALL:
        stated = [rule for rule in problem.rules if isinstance(rule, kind)]
        found += [rule for rule in stated or kind.defaults() if rule.on]
    return tuple(found)


__all__ = [
    "ALL",
    "BY_NAME",
    "AgencyShare",
    "BusyTimes",
    "CadenceRule",
    "Certificates",
    "Columns",
    "CompensatoryRests",
    "Composition",
    "ConsecutiveDutyDays",
    "ConsecutiveFreeDays",
    "CoverRule",
    "DaysBetweenDuties",
    "Driver",
    "DutiesAtMost",
    "Effort",
    "FairShare",
    "HighRiskShifts",
    "HoursAtLeast",
    "HoursAtMost",
    "HoursBetweenDuties",
    "HoursTarget",
    "Leader",
    "LeaderOnDuty",
    "LeaderShare",
    "Lending",
    "Level",
    "Limit",
    "MarketDays",
    "NoNight",
    "OnLeave",
    "OneDutyADay",
    "Overtime",
    "OwnLimits",
    "PatrolDates",
    "PatrolDays",
    "PatrolsAtMost",
    "PhaseGroup",
    "Requests",
    "RestAfterHomeDuty",
    "RestAfterNight",
    "RestDays",
    "Rule",
    "RuleSetting",
    "SharedCar",
    "ShiftRotation",
    "ShiftSuccession",
    "TeamRule",
    "Violation",
    "WeekendsAtMost",
    "WithinPhase",
    "rules_of",
]
