"""Rosters joint patrols: decides together when each area is patrolled and who goes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patrol_scheduler import rules, statistics
    from patrol_scheduler.checking import Check, Finding, check
    from patrol_scheduler.explaining import Explanation, explain
    from patrol_scheduler.faults import Fault, InvalidInputError
    from patrol_scheduler.formats import read, read_assignments, read_roster
    from patrol_scheduler.outputs import write
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.result import LevelResult, Progress, Result, Servable
    from patrol_scheduler.roster import Duty, Member, Patrol, PostDuty, Roster
    from patrol_scheduler.rules import Level, Rule, Violation
    from patrol_scheduler.solver import servable, solve

__version__ = "0.1.0"

# Public names load when first used, so that importing the package loads no solver and no pandas.
_HOME = {
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
    "Result": "result",
    "Roster": "roster",
    "Rule": "rules",
    "Servable": "result",
    "Violation": "rules",
    "check": "checking",
    "explain": "explaining",
    "read": "formats",
    "read_assignments": "formats",
    "read_roster": "formats",
    "servable": "solver",
    "solve": "solver",
    "write": "outputs",
}
_MODULES = ("rules", "statistics")

__all__ = [
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
    "Result",
    "Roster",
    "Rule",
    "Servable",
    "Violation",
    "check",
    "explain",
    "read",
    "read_assignments",
    "read_roster",
    "rules",
    "servable",
    "solve",
    "statistics",
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
