"""How two rosters of one plan differ: a new one from the old, or what took place from the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.sightings import Went
from patrol_scheduler.statistics.frames import TOTAL, Row, frame, ratio

Cell = tuple[dt.date, str, str, str]


def _cells(roster: Roster) -> set[Cell]:
    """(date, shift, place, officer) of every duty."""
    return {(d.date, d.shift, d.area or d.post or "", d.officer) for d in roster.duties}


def duty_changes(before: Roster, after: Roster) -> pd.DataFrame:
    """Every duty that one roster has and the other has not, in order of date.

    ``change``: ``added`` or ``dropped``; ``place`` is an area or a post.
    """
    old, new = _cells(before), _cells(after)
    changed = [("dropped", cell) for cell in old - new] + [("added", cell) for cell in new - old]
    rows: list[Row] = [
        {"date": date, "shift": shift, "place": place, "officer": officer, "change": change}
        for change, (date, shift, place, officer) in sorted(changed, key=lambda c: (c[1], c[0]))
    ]
    columns = {"date": "date", "shift": "text", "place": "text", "officer": "text"}
    return frame(rows, columns | {"change": "text"})


def change_summary(
    before: Roster,
    after: Roster,
    *,
    told_on: dt.date | None = None,
    frozen_until: dt.date | None = None,
) -> pd.DataFrame:
    """How much a new roster changes: one row.

    ``changed_cells``: duties added or dropped; ``persons_touched``; ``frozen_changes``: changed
    duties up to and including ``frozen_until``; ``least_notice``: days from ``told_on`` to the
    first changed duty. Missing where the date is not given, or nothing changed.
    """
    changed = _cells(before) ^ _cells(after)
    first = min((cell[0] for cell in changed), default=None)
    row: Row = {
        "changed_cells": len(changed),
        "persons_touched": len({cell[3] for cell in changed}),
        "frozen_changes": None
        if frozen_until is None
        else sum(1 for cell in changed if cell[0] <= frozen_until),
        "least_notice": (first - told_on).days if first and told_on else None,
    }
    return frame([row], dict.fromkeys(row, "count"))


PUNCTUAL_MINUTES = 10
"""A patrol that begins at most so many minutes after its planned start is punctual."""


def execution(
    problem: Problem,
    planned: Roster,
    actual: Roster,
    times: Mapping[str, Went] | None = None,
) -> pd.DataFrame:
    """What became of the planned patrols: one row per area and one for all (area ``""``).

    A planned patrol ``took_place`` when the actual roster has a patrol of its name, or one of the
    same area, date and shift; ``on_time``: on its date and in its shift; ``unplanned``: actual
    patrols that belong to no planned one. ``execution_rate`` = took place / planned,
    ``on_time_rate`` = on time / planned, 0 to 1. ``planned_hours``, ``actual_hours``: person-hours,
    by the ``times`` noted of actual patrols, else by their shifts. ``timed``: patrols on time whose
    start was noted; ``punctual`` of them: begun at most 10 minutes after the planned start;
    ``punctual_rate`` = punctual / timed.
    """
    known = times or {}
    by_name = {patrol.id: patrol for patrol in actual.patrols}
    by_slot = {(p.area, p.date, p.shift): p for p in actual.patrols}
    rows: list[Row] = []
    for area in (*(a.id for a in problem.areas), TOTAL):
        wanted = [p for p in planned.patrols if area in (TOTAL, p.area)]
        done = [p for p in actual.patrols if area in (TOTAL, p.area)]
        met = [(p, by_name.get(p.id) or by_slot.get((p.area, p.date, p.shift))) for p in wanted]
        took = [(p, found) for p, found in met if found is not None]
        used = {found.id for _, found in took}
        on_time = [found for p, found in took if (p.date, p.shift) == (found.date, found.shift)]
        late = [_late(problem, found, known) for found in on_time]
        timed = [minutes for minutes in late if minutes is not None]
        punctual = sum(1 for minutes in timed if minutes <= PUNCTUAL_MINUTES)
        rows.append(
            {
                "area": area,
                "planned": len(wanted),
                "took_place": len(took),
                "execution_rate": ratio(len(took), len(wanted)),
                "on_time": len(on_time),
                "on_time_rate": ratio(len(on_time), len(wanted)),
                "timed": len(timed),
                "punctual": punctual,
                "punctual_rate": ratio(punctual, len(timed)),
                "unplanned": sum(1 for p in done if p.id not in used),
                "planned_hours": person_hours(problem, wanted),
                "actual_hours": person_hours(problem, done, known),
            }
        )
    return frame(
        rows,
        {
            "area": "text",
            "planned": "count",
            "took_place": "count",
            "execution_rate": "number",
            "on_time": "count",
            "on_time_rate": "number",
            "timed": "count",
            "punctual": "count",
            "punctual_rate": "number",
            "unplanned": "count",
            "planned_hours": "number",
            "actual_hours": "number",
        },
    )


def _late(problem: Problem, patrol: Patrol, times: Mapping[str, Went]) -> int | None:
    """Minutes from the planned start of a patrol to the noted one; nothing where none is noted."""
    start = times.get(patrol.id, Went()).start
    return None if start is None else start - problem.shift_by_id[patrol.shift].start_minute


def person_hours(
    problem: Problem, patrols: Sequence[Patrol], times: Mapping[str, Went] | None = None
) -> float:
    """The hours of everybody in some patrols, by the times noted where there are any."""
    known = times or {}
    shifts = problem.shift_by_id
    return (
        sum(
            known.get(p.id, Went()).minutes(shifts[p.shift].minutes)
            * len({m.officer for m in p.members})
            for p in patrols
        )
        / 60
    )
