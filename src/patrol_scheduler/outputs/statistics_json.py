"""The statistics of a roster as a JSON document."""

from __future__ import annotations

import json

from patrol_scheduler import statistics
from patrol_scheduler.checking import Check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster


def statistics_json(problem: Problem, roster: Roster, found: Check | None = None) -> str:
    """All statistics as JSON text, indented, ending with a newline; see the statistics module.

    ``found`` is the roster's check, if it is at hand.
    """
    document = statistics.document(problem, roster, found)
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
