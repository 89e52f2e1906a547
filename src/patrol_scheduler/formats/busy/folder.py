"""Reads a folder of what keeps people busy: their own calendars and their units' duty lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from patrol_scheduler.faults import Fault, InvalidInputError, Remark, Speller
from patrol_scheduler.formats.busy.calendar import read_busy_calendar
from patrol_scheduler.formats.busy.home_duty import read_home_duty
from patrol_scheduler.formats.files import refuse
from patrol_scheduler.problem import Busy, Problem

LISTS = (".xlsx", ".csv")
"""The endings of duty lists."""


@dataclass(frozen=True)
class BusyRead:
    """The plan with the busy times of a folder, and remarks on reading them."""

    problem: Problem
    repairs: tuple[Remark, ...]


def with_busy_folder(problem: Problem, folder: str | Path) -> BusyRead:
    """The plan with the busy times in a folder.

    ``OFFICER.ics`` is that officer's calendar, ``AGENCY.xlsx`` or ``AGENCY.csv`` the duty list of
    that agency, by id or name. Titles of calendar entries stay out: what keeps a person busy is
    nobody's business. Raises :class:`InvalidInputError` with every fault of every file.
    """
    found: list[Busy] = []
    faults: list[Fault] = []
    repairs: list[Remark] = []
    try:
        files = sorted(
            path
            for path in Path(folder).iterdir()
            if path.suffix.lower() in (".ics", *LISTS) and not path.name.startswith(("~$", "."))
        )
    except (OSError, ValueError):
        refuse(str(folder), "calendar-folder")
    officers = {officer.id: officer.id for officer in problem.officers}
    agencies = {a.name: a.id for a in problem.agencies if a.name}
    agencies |= {agency.id: agency.id for agency in problem.agencies}
    speller = Speller()
    for file in files:
        calendar = file.suffix.lower() == ".ics"
        known = officers if calendar else agencies
        if file.stem not in known:
            nearest = (("nearest", speller.nearest(file.stem, known)),)
            what = "unknown-officer" if calendar else "unknown-agency"
            faults.append(Fault(str(file), "", None, file.stem, what, nearest))
            continue
        owner = known[file.stem]
        try:
            if calendar:
                times = read_busy_calendar(file, problem.timezone, problem.first, problem.last)
                found += (Busy(officer=owner, start=t.start, end=t.end) for t in times)
            else:
                duty = read_home_duty(file, problem, owner)
                found += duty.busy
                repairs += duty.repairs
        except InvalidInputError as refused:
            faults += refused.faults
    if faults:
        raise InvalidInputError(faults)
    # A duty that the plan tells already is not told twice.
    new = [busy for busy in dict.fromkeys(found) if busy not in set(problem.busy)]
    return BusyRead(problem.model_copy(update={"busy": (*problem.busy, *new)}), tuple(repairs))
