"""The rows of a table of assignments, in a CSV file or a workbook, whatever its headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.files import csv_rows, decode_table, read_bytes, refuse
from patrol_scheduler.formats.tables import MOST_HEADER_ROWS, heading_key
from patrol_scheduler.formats.workbook import is_workbook, read_workbook

HEADINGS: dict[str, tuple[str, ...]] = {
    "date": ("date", "日期"),
    "start": ("start", "开始", "开始时间"),
    "end": ("end", "结束", "结束时间"),
    "area": ("area", "片区", "路段", "片区或路段", "片区（岗位）", "岗位", "地点"),
    "shift": ("shift", "时段", "班次"),
    "officer": ("officer id", "staff number", "工号", "人员编号", "officer", "人员", "姓名"),
    "agency": ("agency", "部门", "单位"),
    "role": ("role", "角色"),
    "patrol": ("patrol", "计划编号", "编号"),
}
"""What each column may be called; of several for one the first counts and the others go along."""

COLUMNS = tuple(HEADINGS)
"""The columns that are read; others are passed over."""

REQUIRED = ("date", "area", "officer")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line, the cell that counts for each column, and the cells that go along.

    ``also`` holds (column, heading, cell) of further headings that name the same column, such as a
    name beside a staff number, where the cell is not empty.
    """

    line: int
    cells: dict[str, str]
    also: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class AssignmentTable:
    """The rows that are not blank, and what the columns are called.

    ``sheet`` is empty for a CSV file.
    """

    rows: list[TableRow]
    headings: dict[str, str]
    sheet: str = ""

    def place(self, column: str) -> str:
        """A column as its reader finds it."""
        return self.under(self.headings.get(column, column))

    def under(self, heading: str) -> str:
        """A heading with its sheet, if there is one."""
        return f"{self.sheet}!{heading}" if self.sheet else heading


def read_table(path: str | Path) -> AssignmentTable:
    """The table in a file; raises :class:`InvalidInputError` where the needed columns are not."""
    file = str(path)
    if is_workbook(path):
        return _from_workbook(file, path)
    rows = csv_rows(file, decode_table(file, read_bytes(path)))
    line, header = rows[0]
    named = _named(header)
    _check_header(file, line, [cell.casefold() for cell in header], named)
    too_long = [at for at, row in rows[1:] if any(row[len(header) :])]
    if too_long:
        most = (("most", len(header)),)
        raise InvalidInputError(Fault(file, "", at, None, "row-too-long", most) for at in too_long)
    return _table(header, rows[1:], named)


def _from_workbook(file: str, path: str | Path) -> AssignmentTable:
    """The sheet that has the needed columns; of several the one with most of all."""
    best: AssignmentTable | None = None
    tables = read_workbook(path)
    for table in tables:
        texts = [
            (line, [cells.unguarded(cells.plain(cell)).strip() for cell in row])
            for line, row in table.rows
        ]
        filled = [(line, row) for line, row in texts if any(row)]
        for place, (_, header) in enumerate(filled[:MOST_HEADER_ROWS]):
            named = _named(header)
            if set(REQUIRED) <= named.keys() and (best is None or len(named) > len(best.headings)):
                best = _table(header, filled[place + 1 :], named, table.name)
    if best is None:
        refuse(file, "faults_roster.no-assignments", tuple(table.name for table in tables))
    return best


def _named(header: Sequence[str]) -> dict[str, list[int]]:
    """The positions of each column; of several headings for it first the one that says most."""
    keys: dict[str, list[int]] = {}
    for at, cell in enumerate(header):
        keys.setdefault(heading_key(cell), []).append(at)
    found: dict[str, list[int]] = {}
    for name, words in HEADINGS.items():
        places = [at for word in words for at in keys.get(heading_key(word), ())]
        if places:
            found[name] = places
    return found


def _table(
    header: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    named: dict[str, list[int]],
    sheet: str = "",
) -> AssignmentTable:
    further = [(name, at) for name, places in named.items() for at in places[1:]]
    return AssignmentTable(
        [
            TableRow(
                line,
                {name: row[at] for name, (at, *_) in named.items() if at < len(row)},
                tuple((name, header[at], row[at]) for name, at in further if any(row[at : at + 1])),
            )
            for line, row in rows
        ],
        {name: header[at] for name, (at, *_) in named.items()},
        sheet,
    )


def _check_header(file: str, line: int, header: list[str], named: dict[str, list[int]]) -> None:
    missing = [column for column in REQUIRED if column not in named]
    if len(missing) == len(REQUIRED):
        refuse(file, "no-header", ",".join(header), line)
    speller = Speller()
    known = {at for places in named.values() for at in places}
    others = [cell for at, cell in enumerate(header) if at not in known]
    if missing:
        raise InvalidInputError(
            Fault(
                file,
                column,
                line,
                tuple(header),
                "column-missing",
                (("nearest", speller.nearest(column, others)),),
                ("header", column),
            )
            for column in missing
        )
