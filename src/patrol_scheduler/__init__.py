"""Rosters joint patrols: decides together when each area is patrolled and who goes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patrol_scheduler import rules, statistics
    from patrol_scheduler.checking import Check, Finding, check
    from patrol_scheduler.explaining import Explanation, explain, ledger
    from patrol_scheduler.faults import Fault, InvalidInputError
    from patrol_scheduler.formats import read, read_assignments, read_roster
    from patrol_scheduler.formats.duties.patrol_records import read_records
    from patrol_scheduler.outputs import write
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.replanning import Replan, replan
    from patrol_scheduler.replanning.agreement_log import (
        Agreement,
        AgreementLog,
        read_agreements,
    )
    from patrol_scheduler.replanning.agreements import replayed, substitute, swap
    from patrol_scheduler.replanning.changes import Change
    from patrol_scheduler.replanning.difference import difference
    from patrol_scheduler.replanning.executed import continued, missed
    from patrol_scheduler.replanning.following import following
    from patrol_scheduler.replanning.seats import Substitute, substitutes
    from patrol_scheduler.replanning.what_if import what_if
    from patrol_scheduler.replanning.why_not import why_not
    from patrol_scheduler.result import LevelResult, Progress, Result, Servable
    from patrol_scheduler.roster import Duty, Member, Patrol, PostDuty, Roster
    from patrol_scheduler.rules import Level, Rule, Violation
    from patrol_scheduler.solver import servable, solve

__version__ = "0.1.0"

# Public names load when first used, so that importing the package loads no solver and no pandas.
_HOME = {
    "Agreement": "replanning.agreement_log",
    "AgreementLog": "replanning.agreement_log",
    "Change": "replanning.changes",
    "Check": "checking",
    "Duty": "roster",
    "Explanation": "explaining",
    "Fault": "faults",
    "Finding": "checking",
    "InvalidInputError": "faults",
    "Level": "rules",
    "LevelResult": "result",
    "Member": "roster",
    "Patrol": "roster",
    "PostDuty": "roster",
    "Problem": "problem",
    "Progress": "result",
    "Replan": "replanning",
    "Result": "result",
    "Roster": "roster",
    "Rule": "rules",
    "Servable": "result",
    "Substitute": "replanning.seats",
    "Violation": "rules",
    "check": "checking",
    "continued": "replanning.executed",
    "difference": "replanning.difference",
    "explain": "explaining",
    "following": "replanning.following",
    "ledger": "explaining",
    "missed": "replanning.executed",
    "read": "formats",
    "read_agreements": "replanning.agreement_log",
    "read_assignments": "formats",
    "read_records": "formats.duties.patrol_records",
    "read_roster": "formats",
    "replan": "replanning",
    "replayed": "replanning.agreements",
    "servable": "solver",
    "solve": "solver",
    "substitute": "replanning.agreements",
    "substitutes": "replanning.seats",
    "swap": "replanning.agreements",
    "what_if": "replanning.what_if",
    "why_not": "replanning.why_not",
    "write": "outputs",
}
_MODULES = ("rules", "statistics")

__all__ = [
    "Agreement",
    "AgreementLog",
    "Change",
    "Check",
    "Duty",
    "Explanation",
    "Fault",
    "Finding",
    "InvalidInputError",
    "Level",
    "LevelResult",
    "Member",
    "Patrol",
    "PostDuty",
    "Problem",
    "Progress",
    "Replan",
    "Result",
    "Roster",
    "Rule",
    "Servable",
    "Substitute",
    "Violation",
    "check",
    "continued",
    "difference",
    "explain",
    "following",
    "ledger",
    "missed",
    "read",
    "read_agreements",
    "read_assignments",
    "read_records",
    "read_roster",
    "replan",
    "replayed",
    "rules",
    "servable",
    "solve",
    "statistics",
    "substitute",
    "substitutes",
    "swap",
    "what_if",
    "why_not",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
