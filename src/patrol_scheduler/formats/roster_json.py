"""The roster as a versioned JSON document that reads back equal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from patrol_scheduler import __version__
from patrol_scheduler.faults import Fault, InvalidInputError, place_of
from patrol_scheduler.faults import Path as Path_
from patrol_scheduler.formats.files import decode, read_bytes
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Count, Id, Positive, Record, Text
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster

Format = Literal["patrol-scheduler roster 1"]
FORMAT: Format = "patrol-scheduler roster 1"


class CadenceReading(Record):
    """How "every so many days" was read for some areas in a rostered phase.

    ``min_days`` and ``max_days`` are as the plan states them; ``min_gap`` and ``max_gap`` are what
    they mean as differences of two consecutive patrol dates, in days.
    """

    phase: Id
    areas: tuple[Id, ...]
    min_days: Count
    max_days: Positive
    counted: Literal["date-difference", "free-days"]
    min_gap: Positive
    max_gap: Positive


class RosterDocument(Record):
    """A roster with what it was made from: the plan, the readings used and the software.

    ``plan_sha256`` is the SHA-256 of the problem's JSON, ``roster_sha256`` that of the roster's,
    each 64 hexadecimal digits; the latter is missing where there is no roster.
    """

    format: Format = FORMAT
    software: str
    plan: Text
    plan_sha256: str
    roster_sha256: str | None = None
    cadences: tuple[CadenceReading, ...]
    result: Result

    def made_from(self, problem: Problem) -> bool:
        """Whether the roster was made from exactly this problem."""
        return self.plan_sha256 == plan_sha256(problem)

    @property
    def edited(self) -> bool:
        """Whether the roster is no longer the one that was written."""
        return self.roster_sha256 != roster_sha256(self.result.roster)


def plan_sha256(problem: Problem) -> str:
    """The SHA-256 of the problem's JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(problem.model_dump_json().encode()).hexdigest()


def roster_sha256(roster: Roster | None) -> str | None:
    """The SHA-256 of a roster's JSON, as 64 hexadecimal digits."""
    return None if roster is None else hashlib.sha256(roster.model_dump_json().encode()).hexdigest()


def cadence_readings(problem: Problem) -> tuple[CadenceReading, ...]:
    """The cadences in force in the rostered phases, areas with equal ones together.

    Every output that states the reading takes it from here.
    """
    found: dict[tuple[str, int, int, str], list[str]] = {}
    for phase in problem.rostered_phases:
        for area in problem.areas:
            cadence = problem.cadence(phase.id, area.id)
            if cadence is not None and (not phase.areas or area.id in phase.areas):
                key = (phase.id, cadence.min_days, cadence.max_days, cadence.counted)
                found.setdefault(key, []).append(area.id)
    readings = []
    for (phase_id, _, _, _), areas in found.items():
        cadence = problem.cadence(phase_id, areas[0])
        assert cadence is not None  # noqa: S101  # it was grouped by its cadence
        readings.append(
            CadenceReading(
                phase=phase_id,
                areas=tuple(areas),
                min_days=cadence.min_days,
                max_days=cadence.max_days,
                counted=cadence.counted,
                min_gap=cadence.min_gap,
                max_gap=cadence.max_gap,
            )
        )
    return tuple(readings)


def roster_document(
    problem: Problem, result: Result, made_from: str | None = None
) -> RosterDocument:
    """The document of a result; ``made_from`` is the SHA-256 of another version of its plan."""
    return RosterDocument(
        software=f"patrol-scheduler {__version__}",
        plan=problem.name,
        plan_sha256=made_from or plan_sha256(problem),
        roster_sha256=roster_sha256(result.roster),
        cadences=cadence_readings(problem),
        # Whoever knows the plan and the seed can tell the dates.
        result=result.model_copy(update={"seed": None}) if problem.unpredictable else result,
    )


def roster_to_json(problem: Problem, result: Result, made_from: str | None = None) -> str:
    """The document as JSON text: fields indented, one patrol or duty a line, ends with a newline.

    ``made_from`` is as in :func:`roster_document`. Raises ``ValueError`` when a cost or bound is
    not a finite number, which JSON cannot hold.
    """
    document = roster_document(problem, result, made_from)
    return _indented(document.model_dump(), "") + "\n"


def _indented(value: Any, indent: str) -> str:
    """JSON in which every entry of a list is one line, so that two rosters compare by line."""
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{_compact(key)}: {_indented(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(deeper + line for line in lines) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and value:
        return "[\n" + ",\n".join(deeper + _compact(item) for item in value) + f"\n{indent}]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=dt.date.isoformat)


def read_roster(path: str | Path, problem: Problem | None = None) -> RosterDocument:
    """The roster document in a file.

    With ``problem`` the document must hold a roster that names only what the problem has, and only
    its days. Raises
    :class:`InvalidInputError` with every fault found when the file cannot be read, is no roster
    document of this version, or does not fit ``problem``.
    """
    file = str(path)
    data = _decoded(file, decode(file, read_bytes(path)))
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        what = "no-format" if found is None else "format"
        raise InvalidInputError([_fault(file, ("format",), what, found, wanted=FORMAT)])
    try:
        document = RosterDocument.model_validate(data)
    except ValidationError as error:
        raise InvalidInputError([_wrong(file, entry) for entry in error.errors()]) from None
    faults = _repeated(file, document)
    if problem is not None:
        faults += _unknown(file, document, problem)
    if faults:
        raise InvalidInputError(faults)
    return document


def _decoded(file: str, content: str) -> Any:
    try:
        return json.loads(content, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        line, what = error.lineno, "faults_roster.syntax"
    except (RecursionError, ValueError):
        line, what = None, "faults_roster.syntax"
    raise InvalidInputError([Fault(file, "", line, None, what)])


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _fault(file: str, path: Path_, what: str, value: object, **values: object) -> Fault:
    place = place_of(path)
    return Fault(file, place, None, value, f"faults_roster.{what}", tuple(values.items()), path)


def _wrong(file: str, error: ErrorDetails) -> Fault:
    what = {"missing": "missing", "extra_forbidden": "unknown-key"}.get(error["type"], "wrong")
    return _fault(file, error["loc"], what, error["input"])


def _repeated(file: str, document: RosterDocument) -> list[Fault]:
    """Patrols that share an id: calendars could not tell them apart."""
    roster = document.result.roster
    seen: set[str] = set()
    faults = []
    for n, patrol in enumerate(roster.patrols if roster else ()):
        if patrol.id in seen:
            path = ("result", "roster", "patrols", n, "id")
            faults.append(_fault(file, path, "repeated", patrol.id))
        seen.add(patrol.id)
    return faults


def _unknown(file: str, document: RosterDocument, problem: Problem) -> list[Fault]:
    """Whatever a roster names that the problem does not have."""
    roster = document.result.roster
    if roster is None:
        return [_fault(file, ("result", "roster"), "no-roster", document.result.status)]
    known = {
        "officer": {officer.id for officer in problem.officers},
        "area": {area.id for area in problem.areas},
        "post": {post.id for post in problem.posts},
        "shift": {shift.id for shift in problem.shifts},
    }
    named: list[tuple[Path_, str, str]] = []
    for n, patrol in enumerate(roster.patrols):
        path: Path_ = ("result", "roster", "patrols", n)
        named += [((*path, "area"), "area", patrol.area), ((*path, "shift"), "shift", patrol.shift)]
        for m, member in enumerate(patrol.members):
            named.append(((*path, "members", m, "officer"), "officer", member.officer))
    for n, duty in enumerate(roster.post_duties):
        path = ("result", "roster", "post_duties", n)
        named += [((*path, "post"), "post", duty.post), ((*path, "shift"), "shift", duty.shift)]
        named.append(((*path, "officer"), "officer", duty.officer))
    for n, rest in enumerate(roster.compensatory_rests):
        path = ("result", "roster", "compensatory_rests", n)
        named.append(((*path, "officer"), "officer", rest.officer))
    return [
        _fault(file, path, f"unknown-{kind}", value)
        for path, kind, value in named
        if value not in known[kind]
    ] + _outside(file, roster, problem)


def _outside(file: str, roster: Roster, problem: Problem) -> list[Fault]:
    """Duties on days that the problem does not roster; one fault where all of them are."""
    if fault := days_elsewhere(file, roster, problem):
        return [fault]
    dates = [("patrols", n, patrol.date) for n, patrol in enumerate(roster.patrols)]
    dates += [("post_duties", n, duty.date) for n, duty in enumerate(roster.post_duties)]
    return [
        _fault(file, ("result", "roster", name, n, "date"), "outside-plan", date,
               first=problem.first, last=problem.last)
        for name, n, date in dates
        if not problem.first <= date <= problem.last
    ]  # fmt: skip


def days_elsewhere(file: str, roster: Roster, problem: Problem) -> Fault | None:
    """The fault of a roster that has duties, but none on a day that the problem rosters."""
    dates = [duty.date for duty in roster.duties]
    first, last = problem.first, problem.last
    if not dates or any(first <= date <= last for date in dates):
        return None
    return _fault(file, ("result", "roster"), "other-days", min(dates),
                  until=max(dates), first=first, last=last)  # fmt: skip
