"""The log of who agreed to take over what, when and why: as JSON, or as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from patrol_scheduler.faults import Fault, InvalidInputError, place_of
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.files import csv_rows, decode_table, read_bytes
from patrol_scheduler.records import Day, Id, PatrolName, Record, Text

Format = Literal["patrol-scheduler agreements 1"]
FORMAT: Format = "patrol-scheduler agreements 1"
ENDINGS = (".json", ".csv")


class Agreement(Record):
    """One officer takes over one duty of another.

    The duty is named by its ``patrol``, which keeps its name when it is moved, or by ``post`` and
    ``shift`` and its date. ``by`` and ``why`` say who agreed and the reason; ``at`` is the date.
    Two agreements with one ``swap`` belong together: each officer takes the other's duty.
    """

    date: Day
    out: Id
    into: Id
    patrol: PatrolName | None = None
    post: Id | None = None
    shift: Id | None = None
    swap: str | None = None
    by: Text = ""
    why: Text = ""
    at: Day | None = None


COLUMNS = tuple(Agreement.model_fields)
NEEDED = tuple(name for name, field in Agreement.model_fields.items() if field.is_required())
DATES = ("date", "at")


class AgreementLog(Record):
    """All agreements in the order in which they were made."""

    format: Format = FORMAT
    entries: tuple[Agreement, ...] = ()


def read_agreements(path: str | Path) -> AgreementLog:
    """The log in a file, JSON or CSV, whatever its ending says.

    A CSV file has a row for each agreement under the names of its fields, in UTF-8 or GB18030;
    dates may be as a spreadsheet writes them. Raises :class:`InvalidInputError` with every fault
    when it cannot be read, is no log of this version, or when two entries give one duty of one
    officer to different people.
    """
    file = str(path)
    words = decode_table(file, read_bytes(path))
    lines: list[int] = []
    if Path(path).suffix.lower() == ".csv" and not words.lstrip().startswith("{"):
        rows = list(_rows(file, words))
        lines = [line for line, _ in rows]
        data: object = {"entries": [row for _, row in rows]}
    else:
        try:
            data = json.loads(words)
        except (ValueError, RecursionError):
            what = "faults_change.log-syntax"
            raise InvalidInputError([Fault(file, "", None, None, what)]) from None
    log = _checked(file, data, lines)
    if faults := contradictions(file, log.entries, lines):
        raise InvalidInputError(faults)
    return log


def _checked(file: str, data: object, lines: Sequence[int]) -> AgreementLog:
    """The log of a document; what it holds in the wrong place is told with its line."""
    try:
        return AgreementLog.model_validate(data)
    except ValidationError as error:
        faults = []
        for wrong in error.errors():
            loc, missing = wrong["loc"], wrong["type"] == "missing"
            place, line = (str(loc[-1]), lines[int(loc[1])]) if lines else (place_of(loc), None)
            what = f"faults_change.log-{'missing' if missing else 'wrong'}"
            faults.append(Fault(file, place, line, None if missing else wrong["input"], what))
        raise InvalidInputError(faults) from None


def _rows(file: str, words: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV text with their lines, each cell under its field."""
    (at_top, header), *rows = csv_rows(file, words)
    header = [cell.casefold() for cell in header]
    faults = [
        Fault(file, name, at_top, tuple(header), "faults_change.log-column",
              (("columns", COLUMNS),))
        for name in NEEDED if name not in header
    ] + [
        Fault(file, name, at_top, name, "faults_change.log-other-column", (("columns", COLUMNS),))
        for n, name in enumerate(header) if name and (name not in COLUMNS or name in header[:n])
    ]  # fmt: skip
    if faults:
        raise InvalidInputError(faults)
    for line, row in rows:
        if any(row[len(header) :]):
            most = (("most", len(header)),)
            raise InvalidInputError([Fault(file, "", line, None, "row-too-long", most)])
        yield (
            line,
            {name: _value(name, cell) for name, cell in zip(header, row, strict=False) if cell},
        )


def _value(name: str, cell: str) -> object:
    try:
        return cells.read_date(cell).value if name in DATES else cells.read_text(cell).value
    except cells.CellError:
        return cell


def contradictions(
    file: str, entries: Sequence[Agreement], lines: Sequence[int] = ()
) -> list[Fault]:
    """Entries that take a duty from somebody who, by an earlier entry, no longer has it.

    ``lines`` are those on which the entries stand, where they stand on one each.
    """
    given: dict[tuple[object, ...], str] = {}
    faults = []
    for n, entry in enumerate(entries):
        name = name_of(entry)
        holder = given.get((name, entry.out))
        if holder is not None:
            values = (("into", holder), ("officer", entry.out), ("date", entry.date))
            place, line = ("into", lines[n]) if lines else (place_of(("entries", n)), None)
            what = "faults_change.agreed-twice"
            faults.append(Fault(file, place, line, entry.into, what, values))
        given[name, entry.out] = entry.into
        given.pop((name, entry.into), None)
    return faults


def name_of(entry: Agreement) -> object:
    """What tells the duty of an agreement: a patrol keeps its name when it moves."""
    return entry.patrol or (entry.post, entry.date, entry.shift)


def ensure_ending(path: Path) -> None:
    """Raise :class:`InvalidInputError` for a file whose ending is not one of :data:`ENDINGS`."""
    if path.suffix.lower() not in ENDINGS:
        what = "faults_change.log-ending"
        raise InvalidInputError([Fault(str(path), "", None, path.suffix, what)])


def log_for(path: Path, log: AgreementLog) -> str:
    """The log as the ending of a file says; either form reads back equal."""
    return log_to_csv(log) if path.suffix.lower() == ".csv" else log_to_json(log)


def log_to_json(log: AgreementLog) -> str:
    """The log as JSON text that reads back equal."""
    return json.dumps(log.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def log_to_csv(log: AgreementLog) -> str:
    """The log as CSV text that reads back equal, with a byte order mark for spreadsheets."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in log.entries:
        values = entry.model_dump(mode="json")
        writer.writerow(
            "" if not (value := values[name])
            else value if name in DATES
            else cells.write_exact(value, cells.read_text)
            for name in COLUMNS
        )  # fmt: skip
    return "\ufeff" + target.getvalue()
