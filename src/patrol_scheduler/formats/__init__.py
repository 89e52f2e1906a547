"""Reads what people and systems hand in: plans, rosters made by hand, rosters solved before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.formats.busy.calendar import read_busy_calendar
from patrol_scheduler.formats.busy.folder import BusyRead, with_busy_folder
from patrol_scheduler.formats.busy.home_duty import HomeDuty, read_home_duty
from patrol_scheduler.formats.duties.assignments import read_assignments
from patrol_scheduler.formats.plan_document import FORMAT, problem_to_json
from patrol_scheduler.formats.plans import PlanRead, look_through, read, written

if TYPE_CHECKING:
    from patrol_scheduler.formats.roster_json import RosterDocument
    from patrol_scheduler.problem import Problem


def read_roster(path: str | Path, problem: Problem | None = None) -> RosterDocument:
    """The ``roster.json`` that solving wrote, checked against ``problem`` if that is given.

    Raises :class:`InvalidInputError` for any other file, and for a roster of another plan.
    """
    # Its module is large and seldom needed by those who read plans.
    from patrol_scheduler.formats.roster_json import read_roster as read_document

    return read_document(path, problem)


__all__ = [
    "FORMAT",
    "BusyRead",
    "HomeDuty",
    "PlanRead",
    "look_through",
    "problem_to_json",
    "read",
    "read_assignments",
    "read_busy_calendar",
    "read_home_duty",
    "read_roster",
    "with_busy_folder",
    "written",
]
