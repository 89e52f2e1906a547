"""The public patrol instances (JSON) as problems, and rosters as the judge reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Certificate,
    Leave,
    Officer,
    Phase,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    FairShare,
    HoursAtMost,
    HoursBetweenDuties,
    RestDays,
    Rule,
)


def load(path: str | Path) -> Problem:
    """Read an instance; every rule of it is one of the library's own."""
    return from_data(json.loads(Path(path).read_text(encoding="utf-8")))


def from_data(data: dict[str, Any]) -> Problem:
    """An instance as a problem: one shift a day, Saturdays and Sundays are the rest days."""
    most: dict[int, list[str]] = {}
    for officer in data["officers"]:
        most.setdefault(officer["max_duties_per_week"], []).append(officer["id"])
    weekly: list[Rule] = [
        DutiesAtMost(per="week", week_starts="first-day", duties=n, officers=tuple(ids))
        for n, ids in sorted(most.items())
    ]
    agencies = sorted({officer["agency"] for officer in data["officers"]})
    return Problem(
        name=data["name"],
        start=data["start"],
        end=data["end"],
        calendar="weekends",
        agencies=tuple(Agency(id=agency) for agency in agencies),
        officers=tuple(_officer(officer) for officer in data["officers"]),
        areas=tuple(Area(id=area["id"]) for area in data["areas"]),
        shifts=(Shift(id="day", start="08:00", end="16:00"),),  # type: ignore[arg-type]
        phases=(Phase(id="plan", start=data["start"], end=data["end"]),),
        cadences=tuple(
            Cadence(min_days=area["gap_days"][0], max_days=area["gap_days"][1], areas=(area["id"],))
            for area in data["areas"]
        ),
        teams=tuple(
            Team(
                members=area["team"],
                extra=area["extra_members"],
                certified=area["min_certified"],
                drivers=area["min_drivers"],
                leaders=area["min_leaders"],
                areas=(area["id"],),
            )
            for area in data["areas"]
        ),
        rules=(
            DaysBetweenDuties(days=data["min_days_between_duties"]),
            HoursBetweenDuties(on=False),
            HoursAtMost(on=False),
            RestDays(on=False),
            FairShare(over="all-days", price=2),
            FairShare(over="rest-days", price=3),
            *weekly,
        ),
    )


def _officer(data: dict[str, Any]) -> Officer:
    return Officer(
        id=data["id"],
        agency=data["agency"],
        leader=data["leader"],
        driver=data["driver"],
        certificates=(Certificate(),) if data["certified"] else (),
        leave=tuple(Leave(start=date, end=date) for date in data["leave"]),
    )
