"""Reads the record forms that patrols have filled in, in the workbook written for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from patrol_scheduler.formats import cells
from patrol_scheduler.formats.files import refuse
from patrol_scheduler.formats.tables import MOST_HEADER_ROWS, Table, heading_key
from patrol_scheduler.formats.workbook import read_workbook
from patrol_scheduler.texts import LANGUAGES, catalogue

COLUMNS = {
    "date": "date", "patrol": "patrol", "leader": "leader", "people": "officers", "area": "area",
    "kind": "kind", "where": "place", "count": "count", "handling": "handling", "open": "open",
    "actual-start": "start", "actual-end": "end",
}  # fmt: skip
"""What the columns of the form are in a record."""

ON_THE_ROAD = (
    "actual-start", "actual-end", "weather", "plate", "kilometres", "where", "count", "handling",
    "open", "from", "to",
)  # fmt: skip
"""The columns that a patrol fills in; the row of one that has none of them did not go out."""

_ENUMERATED = re.compile(r"[、,，;；\n]+")
_REMARK = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*$")


Cells = dict[str, str]
"""Texts by the record's columns."""


def form_rows(path: str | Path, known: set[str]) -> Iterator[tuple[str, int, Cells, Cells]]:
    """The rows of patrols that went out, as (sheet, line, cells, headings of the sheet).

    ``known`` are the ids of officers, by which namesakes are told apart in brackets. Raises
    :class:`InvalidInputError` for a file that is no workbook, an unsafe one, or one without a
    record form.
    """
    tables = read_workbook(path)
    if all(_header(table) is None for table in tables):
        # Otherwise every patrol would seem not to have taken place.
        refuse(str(path), "faults_change.no-record-form", tuple(table.name for table in tables))
    for table in tables:
        found = _header(table)
        if found is None:
            continue
        place, columns = found
        header = table.rows[place][1]
        headings = {COLUMNS[n]: str(header[at]) for at, n in columns.items() if n in COLUMNS}
        for line, row in table.rows[place + 1 :]:
            told = {
                name: cells.unguarded(cells.plain(row[at])).strip()
                for at, name in columns.items()
                if at < len(row)
            }
            if not any(told.get(name) for name in ON_THE_ROAD):
                continue
            record = {COLUMNS[name]: value for name, value in told.items() if name in COLUMNS}
            record["date"] = record.get("date", "").partition(" ")[0]
            for name in ("officers", "leader"):
                people = _ENUMERATED.split(record.get(name, ""))
                record[name] = "、".join(_plain(person, known) for person in people)
            if not (record.get("count") or record.get("place")):
                record["kind"] = ""  # what the area is patrolled for, not what was found
            yield table.name, line, record, headings


def _header(table: Table) -> tuple[int, dict[int, str]] | None:
    """The place of the header, and the form's column at each position."""
    names = {
        heading_key(catalogue(lang)[f"workbook.record.{name}"]): name
        for lang in LANGUAGES
        for name in {*COLUMNS, *ON_THE_ROAD}
    }
    for place, (_, row) in enumerate(table.rows[:MOST_HEADER_ROWS]):
        keys = {at: heading_key(cell) for at, cell in enumerate(row) if isinstance(cell, str)}
        columns = {at: names[key] for at, key in keys.items() if key in names}
        if {"date", "area", "people"} <= set(columns.values()):
            return place, columns
    return None


def _plain(person: str, known: set[str]) -> str:
    """A name without the mark of drivers; of namesakes the id in brackets."""
    while remark := _REMARK.search(person):
        if remark[1] in known:
            return remark[1]
        person = person[: remark.start()]
    return "".join(person.split()) if re.search(r"[\u2e80-\u9fff]", person) else person.strip()
