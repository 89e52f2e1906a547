"""Reads the mail addresses of officers, which stand in no plan."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats.files import decode, read_bytes, refuse
from patrol_scheduler.problem import Problem

COLUMNS = ("officer", "mail")
MOST_ROWS = 100_000

# Addresses of plain ASCII, as every mail server takes them; nothing in them ends a header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)


def is_mail_address(value: str) -> bool:
    """Whether a message can be sent to it."""
    return _ADDRESS.fullmatch(value) is not None


def read_mail_addresses(path: str | Path, problem: Problem) -> dict[str, str]:
    """The mail addresses by officer in a CSV file with the columns ``officer`` and ``mail``.

    Officers who are missing, or whose cell is empty, have none. Raises :class:`InvalidInputError`
    with every fault at once.
    """
    file = str(path)
    reader = csv.reader(io.StringIO(decode(file, read_bytes(path)), newline=""), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        refuse(file, "csv-syntax", line=reader.line_num)
    if len(rows) > MOST_ROWS:
        refuse(file, "too-many-rows", most=MOST_ROWS)
    header = [cell.casefold() for cell in rows[0][1]]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InvalidInputError(
            Fault(file, column, 1, tuple(header), "mail-column-missing") for column in missing
        )
    at = {column: header.index(column) for column in COLUMNS}
    found: dict[str, str] = {}
    faults, speller = [], Speller()
    for line, cells in rows[1:]:
        padded = [*cells, *[""] * len(header)]
        officer, mail = padded[at["officer"]], padded[at["mail"]]
        if not any(cells) or not mail:
            continue
        if officer not in problem.officer_by_id:
            nearest = speller.nearest(officer, problem.officer_by_id)
            values = (("nearest", nearest),)
            faults.append(Fault(file, "officer", line, officer, "unknown-officer", values))
        elif not is_mail_address(mail):
            faults.append(Fault(file, "mail", line, mail, "not-a-mail-address"))
        elif officer in found:
            faults.append(Fault(file, "officer", line, officer, "mail-twice"))
        else:
            found[officer] = mail
    if faults:
        raise InvalidInputError(faults)
    return found
