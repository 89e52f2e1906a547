"""The public patrol instances (JSON) as problems, and rosters as the judge reads them (CSV)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from patrol_scheduler.faults import Fault, InvalidInputError, Speller, place_of
from patrol_scheduler.formats.field_faults import field_faults
from patrol_scheduler.formats.toml_json import load as load_document
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
from patrol_scheduler.records import Count, Day, Flag, Id, Positive, Record, Text
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    FairShare,
    HoursAtMost,
    HoursBetweenDuties,
    HoursTarget,
    RestDays,
    Rule,
)
from patrol_scheduler.rules.roles import with_roles
from patrol_scheduler.validation import faults_of, in_order

SHIFT = Shift.model_validate({"id": "day", "start": "08:00", "end": "16:00"})


class InstanceOfficer(Record):
    """An officer of an instance; ``leave`` are single dates."""

    id: Id
    agency: Id
    certified: Flag
    driver: Flag
    leader: Flag
    leave: tuple[Day, ...]
    max_duties_per_week: Count


class InstanceArea(Record):
    """An area of an instance, with its gap window in days and its team."""

    id: Id
    gap_days: tuple[Positive, Positive]
    team: dict[Id, Count]
    extra_members: Count
    min_certified: dict[Id, Count]
    min_drivers: Count
    min_leaders: Count


class Instance(Record):
    """A patrol instance as its file has it."""

    name: Text
    start: Day
    end: Day
    min_days_between_duties: Positive
    officers: tuple[InstanceOfficer, ...]
    areas: tuple[InstanceArea, ...]


def load(path: str | Path) -> Problem:
    """Read an instance; every rule of it is one of the library's own.

    Raises :class:`InvalidInputError` with every fault of the file, each with its line and place.
    """
    document = load_document(path)
    faults: list[Fault] = []
    if not isinstance(document.content, Mapping):
        faults = [Fault("", "", 1, document.content, "not-a-plan")]
    else:
        try:
            problem = to_problem(Instance.model_validate(document.content))
        except ValidationError as error:
            faults = list(field_faults(error, Instance, document.content, Speller()))
        else:
            faults = [_in_the_instance(fault) for fault in faults_of(problem)]
            if not faults and not document.faults:
                return problem
    located = [
        replace(one, file=document.file, line=document.line(one.path) or one.line) for one in faults
    ]
    raise InvalidInputError(in_order([*document.faults, *located]))


def from_data(data: dict[str, Any]) -> Problem:
    """The problem of an instance that was decoded, or made, elsewhere."""
    return to_problem(Instance.model_validate(data))


# Where a list of the problem comes from in the instance.
_SOURCE = {"cadences": "areas", "teams": "areas", "phases": "start", "rules": "officers"}


def _in_the_instance(fault: Fault) -> Fault:
    """A fault of the problem at the place of the instance that it comes from."""
    path = fault.path
    if path and path[0] in _SOURCE:
        source = _SOURCE[str(path[0])]
        path = (source, *path[1:2]) if source == "areas" else (source,)
    return replace(fault, path=path, place=place_of(path))


def to_problem(given: Instance) -> Problem:
    """An instance as a problem: one shift a day, Saturdays and Sundays are the rest days."""
    most: dict[int, list[str]] = {}
    for officer in given.officers:
        most.setdefault(officer.max_duties_per_week, []).append(officer.id)
    weekly: list[Rule] = [
        DutiesAtMost(per="week", week_starts="first-day", duties=n, officers=tuple(ids))
        for n, ids in sorted(most.items())
    ]
    agencies = sorted({officer.agency for officer in given.officers})
    return Problem(
        name=given.name,
        start=given.start,
        end=given.end,
        calendar="weekends",
        agencies=tuple(Agency(id=agency) for agency in agencies),
        officers=tuple(_officer(officer) for officer in given.officers),
        areas=tuple(Area(id=area.id) for area in given.areas),
        shifts=(SHIFT,),
        phases=(Phase(id="plan", start=given.start, end=given.end),),
        cadences=tuple(
            Cadence(min_days=area.gap_days[0], max_days=area.gap_days[1], areas=(area.id,))
            for area in given.areas
        ),
        teams=tuple(
            Team(
                members=area.team,
                extra=area.extra_members,
                certified=area.min_certified,
                drivers=area.min_drivers,
                leaders=area.min_leaders,
                areas=(area.id,),
            )
            for area in given.areas
        ),
        rules=(
            DaysBetweenDuties(days=given.min_days_between_duties),
            HoursBetweenDuties(on=False),
            HoursAtMost(on=False),
            HoursTarget(on=False),
            RestDays(on=False),
            FairShare(over="all-days", price=2),
            FairShare(over="rest-days", price=3),
            *weekly,
        ),
    )


def _officer(given: InstanceOfficer) -> Officer:
    return Officer(
        id=given.id,
        agency=given.agency,
        leader=given.leader,
        driver=given.driver,
        certificates=(Certificate(),) if given.certified else (),
        leave=tuple(Leave(start=date, end=date) for date in given.leave),
    )


def assignments(roster: Roster) -> list[tuple[str, str, str]]:
    """The (date, area, officer) rows that the judge reads."""
    return [
        (patrol.date.isoformat(), patrol.area, member.officer)
        for patrol in roster.patrols
        for member in patrol.members
    ]


def of_assignments(problem: Problem, rows: Iterable[tuple[str, str, str]]) -> Roster:
    """The roster of (date, area, officer) rows; whoever can leads and drives."""
    teams: dict[tuple[str, str], list[str]] = {}
    for date, area, officer in rows:
        teams.setdefault((date, area), []).append(officer)
    return Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(dt.date.fromisoformat(date), area),
                date=dt.date.fromisoformat(date),
                area=area,
                shift=SHIFT.id,
                members=with_roles(
                    problem, (), team, (dt.date.fromisoformat(date), area, SHIFT.id)
                ),
            )
            for (date, area), team in teams.items()
        )
    )


def write_assignments(path: str | Path, rows: list[tuple[str, str, str]]) -> None:
    """Write the rows as CSV: date, area, officer."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("date", "area", "officer"))
    writer.writerows(rows)
    write_text(path, text.getvalue())


def write_text(path: str | Path, text: str) -> None:
    """Write a file to the side and move it into place."""
    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(name).chmod(0o666 & ~_umask())
    Path(name).replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_instance(path: str | Path, given: Instance) -> None:
    """Write an instance in the form that :func:`load` reads."""
    data = given.model_dump(mode="json")
    lists = {key: data.pop(key) for key in ("officers", "areas")}
    head = json.dumps(data, ensure_ascii=False)[:-1]
    parts = [
        f'"{key}": [\n  ' + ",\n  ".join(json.dumps(e, ensure_ascii=False) for e in entries) + "\n]"
        for key, entries in lists.items()
    ]
    write_text(path, head + ",\n" + ",\n".join(parts) + "}\n")
