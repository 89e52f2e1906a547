"""What patrols found, what was done about it, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Sighting, Went, relapses
from patrol_scheduler.statistics.change import person_hours
from patrol_scheduler.statistics.frames import TOTAL, Row, frame, ratio

RELAPSE_DAYS = 7
"""Within so many days the same kind at the same place has come back (回潮)."""


def findings(
    problem: Problem,
    actual: Roster,
    sightings: Sequence[Sighting],
    *,
    days: int = RELAPSE_DAYS,
    times: Mapping[str, Went] | None = None,
) -> pd.DataFrame:
    """How much was found of each kind, how much was dealt with, and how much came back.

    One row per kind (those of the plan, then others that were found) and one for all (kind ``""``).
    ``found``: offences; ``per_patrol`` = found / patrols that took place; ``per_person_hour`` =
    found / their person-hours, by the ``times`` noted where there are any; ``unsettled`` of them;
    ``handling_rate`` = (found - unsettled) / found; ``placed``: findings with a place;
    ``relapses``: those of the same kind at the same place as one at most ``days`` days before;
    ``relapse_rate`` = relapses / placed.
    """
    hours = person_hours(problem, actual.patrols, times)
    again = relapses(sightings, days=days)
    named = [kind.id for kind in problem.violation_kinds]
    others = sorted({s.kind for s in sightings} - set(named))
    rows: list[Row] = []
    for kind in (*named, *others, TOTAL):
        some = [s for s in sightings if kind in (TOTAL, s.kind)]
        found, left = sum(s.count for s in some), sum(s.open for s in some)
        placed = sum(1 for s in some if s.place and s.count)
        back = sum(1 for relapse in again if kind in (TOTAL, relapse.kind))
        rows.append(
            {
                "violation_kind": kind,
                "found": found,
                "per_patrol": ratio(found, len(actual.patrols)),
                "per_person_hour": ratio(found, hours),
                "unsettled": left,
                "handling_rate": ratio(found - left, found),
                "placed": placed,
                "relapses": back,
                "relapse_rate": ratio(back, placed),
            }
        )
    return frame(
        rows,
        {
            "violation_kind": "text",
            "found": "count",
            "per_patrol": "number",
            "per_person_hour": "number",
            "unsettled": "count",
            "handling_rate": "number",
            "placed": "count",
            "relapses": "count",
            "relapse_rate": "number",
        },
    )
