"""The rules of a roster, one class each; ``ALL`` is the one list of them."""

from __future__ import annotations

from patrol_scheduler.problem import Problem, RuleSetting
from patrol_scheduler.rules.ahead import LookAhead
from patrol_scheduler.rules.auxiliaries import Auxiliaries
from patrol_scheduler.rules.away import BusyTimes, RestAfterHomeDuty
from patrol_scheduler.rules.base import Rule, Texts, Violation
from patrol_scheduler.rules.cadence import CadenceRule, PatrolCount, PatrolsAtMost, WithinPhase
from patrol_scheduler.rules.columns import Columns
from patrol_scheduler.rules.compensation import CompensatoryRests
from patrol_scheduler.rules.competence import Competent
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
from patrol_scheduler.rules.fairness import BurdenShare, Effort, FairShare, LargestLoad
from patrol_scheduler.rules.heat import Heat
from patrol_scheduler.rules.leading import LeaderOnDuty, LeaderShare
from patrol_scheduler.rules.lending import AgencyShare, Lending, PhaseGroup
from patrol_scheduler.rules.limits import Level, Limit
from patrol_scheduler.rules.own import OwnRuleError, RuleRegistry
from patrol_scheduler.rules.pairs import Pairs, PairWishes
from patrol_scheduler.rules.pattern import (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    HoursAtLeast,
    ShiftSuccession,
    WeekendsAtMost,
)
from patrol_scheduler.rules.pins import PinnedPatrols, Pins, PreferredPatrols
from patrol_scheduler.rules.streets import HighRiskShifts, SharedCar, ShiftRotation
from patrol_scheduler.rules.team import (
    Certificates,
    Composition,
    Driver,
    FamiliarOfficers,
    IdealStrength,
    Leader,
    Seats,
)
from patrol_scheduler.rules.team_rule import TeamRule
from patrol_scheduler.rules.together import FamiliarAreas, KeepPartners, MixPartners, TeamWish
from patrol_scheduler.rules.when import MarketDays, PatrolDates, PatrolDays, ShiftDays
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
    LookAhead,
    MarketDays,
    PatrolDates,
    PatrolDays,
    ShiftDays,
    Heat,
    ShiftRotation,
    SharedCar,
    PatrolsAtMost,
    PatrolCount,
    Composition,
    Certificates,
    Leader,
    Driver,
    FamiliarOfficers,
    Seats,
    Competent,
    Auxiliaries,
    Pairs,
    PinnedPatrols,
    CoverRule,
    LeaderOnDuty,
    Pins,
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
    BurdenShare,
    LargestLoad,
    LeaderShare,
    AgencyShare,
    Effort,
    Requests,
    HighRiskShifts,
    IdealStrength,
    PairWishes,
    PreferredPatrols,
    FamiliarAreas,
    MixPartners,
    KeepPartners,
)
"""Every rule, in the order in which the check reports them."""

BY_NAME: dict[str, type[Rule]] = {kind.model_fields["rule"].default: kind for kind in ALL}
"""The rules of the package by the name that plans use."""

REGISTRY = RuleRegistry(BY_NAME)
"""These and the rules from outside, by the name that plans use."""

register = REGISTRY.register


def rules_of(problem: Problem) -> tuple[Rule, ...]:
    """The rules that a roster of ``problem`` answers to.

    Each rule of ``ALL`` as it is in force; a rule from outside the package works where the plan
    states it, and only there.
    """
    found = [rule for kind in ALL for rule in kind.in_force(problem)]
    own = [rule for rule in problem.rules if isinstance(rule, Rule) and type(rule) not in ALL]
    return (*found, *(rule for rule in own if rule.on))


__all__ = [
    "ALL",
    "BY_NAME",
    "REGISTRY",
    "AgencyShare",
    "Auxiliaries",
    "BurdenShare",
    "BusyTimes",
    "CadenceRule",
    "Certificates",
    "Columns",
    "CompensatoryRests",
    "Competent",
    "Composition",
    "ConsecutiveDutyDays",
    "ConsecutiveFreeDays",
    "CoverRule",
    "DaysBetweenDuties",
    "Driver",
    "DutiesAtMost",
    "Effort",
    "FairShare",
    "FamiliarAreas",
    "FamiliarOfficers",
    "Heat",
    "HighRiskShifts",
    "HoursAtLeast",
    "HoursAtMost",
    "HoursBetweenDuties",
    "HoursTarget",
    "IdealStrength",
    "KeepPartners",
    "LargestLoad",
    "Leader",
    "LeaderOnDuty",
    "LeaderShare",
    "Lending",
    "Level",
    "Limit",
    "LookAhead",
    "MarketDays",
    "MixPartners",
    "NoNight",
    "OnLeave",
    "OneDutyADay",
    "Overtime",
    "OwnLimits",
    "OwnRuleError",
    "PairWishes",
    "Pairs",
    "PatrolCount",
    "PatrolDates",
    "PatrolDays",
    "PatrolsAtMost",
    "PhaseGroup",
    "PinnedPatrols",
    "Pins",
    "PreferredPatrols",
    "Requests",
    "RestAfterHomeDuty",
    "RestAfterNight",
    "RestDays",
    "Rule",
    "RuleSetting",
    "Seats",
    "SharedCar",
    "ShiftDays",
    "ShiftRotation",
    "ShiftSuccession",
    "TeamRule",
    "TeamWish",
    "Texts",
    "Violation",
    "WeekendsAtMost",
    "WithinPhase",
    "register",
    "rules_of",
]
