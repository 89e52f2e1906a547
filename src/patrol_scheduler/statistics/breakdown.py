"""Duties, patrols and hours broken down by any dimensions at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from patrol_scheduler.days import NoDayTableError
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Duty, Roster
from patrol_scheduler.statistics.burden import burden_of
from patrol_scheduler.statistics.frames import Row, frame, month_of

Value = str | int | None


def _phase(problem: Problem, duty: Duty) -> Value:
    phase = problem.phase_on(duty.date)
    return phase.id if phase else None


def _day_type(problem: Problem, duty: Duty) -> Value:
    try:
        return problem.day_table.day_type(duty.date).value
    except NoDayTableError:
        return None


DIMENSIONS: Mapping[str, Callable[[Problem, Duty], Value]] = {
    "phase": _phase,
    "month": lambda _problem, duty: month_of(duty.date),
    "area": lambda _problem, duty: duty.area,
    "post": lambda _problem, duty: duty.post,
    "shift": lambda _problem, duty: duty.shift,
    "weekday": lambda _problem, duty: duty.date.isoweekday(),
    "day_type": _day_type,
    "agency": lambda problem, duty: problem.officer_by_id[duty.officer].agency,
    "officer": lambda _problem, duty: duty.officer,
}
"""What duties can be broken down by; a value that a duty has not, such as a patrol's post, is
missing."""

USUAL = ("phase", "month", "area", "shift", "agency")
"""The breakdown that stands in the document."""


def breakdown(problem: Problem, roster: Roster, by: Sequence[str] = USUAL) -> pd.DataFrame:
    """Duties, patrols and hours for each combination of dimensions that occurs.

    ``by`` are names of ``DIMENSIONS``, each once: the columns come in their order, the rows in the
    order of the plan. ``duties``: officers on duty, each once a place, date and shift;
    ``patrols``: patrols with such a duty; ``person_hours``; ``burden``: how hard
    (:func:`.burden_of`); ``officers``: distinct ones.
    Combinations without a duty have no row. Raises ``ValueError`` for other names.
    """
    if set(by) - DIMENSIONS.keys() or len(set(by)) < len(by):
        raise ValueError(f"by: some of {list(DIMENSIONS)} are expected, each once")
    orders = _orders(problem)
    found: dict[tuple[Value, ...], set[Duty]] = {}
    for duty in roster.duties:
        key = tuple(DIMENSIONS[name](problem, duty) for name in by)
        found.setdefault(key, set()).add(duty)
    shifts, burden = problem.shift_by_id, burden_of(problem, roster)

    def place(key: tuple[Value, ...]) -> list[tuple[int, str]]:
        return [
            (orders.get(name, {}).get(str(value), 0), f"{value}")
            for name, value in zip(by, key, strict=True)
        ]

    rows: list[Row] = [
        dict(zip(by, key, strict=True))
        | {
            "duties": len({(d.date, d.shift, d.area, d.post, d.officer) for d in found[key]}),
            "patrols": len({d.patrol for d in found[key] if d.patrol is not None}),
            "person_hours": sum(
                shifts[shift].minutes
                for shift, *_ in {(d.shift, d.date, d.area, d.post, d.officer) for d in found[key]}
            )
            / 60,
            "burden": float(
                sum(
                    {
                        (d.date, d.shift, d.area, d.post, d.officer): burden[d] for d in found[key]
                    }.values()
                )
            ),
            "officers": len({d.officer for d in found[key]}),
        }
        for key in sorted(found, key=place)
    ]
    kinds = {name: "count" if name == "weekday" else "text" for name in by}
    figures = {
        "duties": "count",
        "patrols": "count",
        "person_hours": "number",
        "burden": "number",
        "officers": "count",
    }
    return frame(rows, kinds | figures)


def _orders(problem: Problem) -> dict[str, dict[str, int]]:
    """The place of each id in the plan."""
    lists = {
        "phase": [phase.id for phase in problem.rostered_phases],
        "area": [area.id for area in problem.areas],
        "post": [post.id for post in problem.posts],
        "shift": [shift.id for shift in problem.shifts],
        "agency": [agency.id for agency in problem.agencies],
        "officer": [officer.id for officer in problem.officers],
    }
    return {name: {known: n for n, known in enumerate(ids, 1)} for name, ids in lists.items()}
