"""Reads the leader's workbook into tables, and marks the faulty cells in a copy of it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from patrol_scheduler.faults import Fault, InvalidInputError, Remark
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.files import read_bytes, refuse
from patrol_scheduler.formats.tables import Table
from patrol_scheduler.formats.workbook_archive import safe_archive

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_COLUMNS = 200
"""Columns further to the right are refused; a plan's sheet has about twenty."""


def read_workbook(path: str | FilePath) -> list[Table]:
    """The sheets of an ``.xlsx`` file as tables, with cached values in place of formulas.

    Merged cells are filled down and across; hidden rows, columns and sheets are read like the
    others, and told. Raises :class:`InvalidInputError` for files that cannot be opened safely.
    """
    file = str(path)
    content, links = safe_archive(file, read_bytes(path))
    book = _open(file, content)
    formulas = any(
        cell.data_type == "f"
        for sheet in book.worksheets
        for row in _rows(sheet).values()
        for cell in row.values()
    )
    values = _open(file, content, values=True) if formulas else book
    tables = [_table(sheet, values[sheet.title]) for sheet in book.worksheets]
    if links and tables:
        tables[0].linked = True
    return tables


def _open(file: str, content: bytes, *, values: bool = False) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except Exception:  # whatever a damaged workbook makes the reader raise
        refuse(file, "tables.workbook-damaged")


def _table(sheet: Worksheet, values: Worksheet) -> Table:
    table = Table(
        sheet.title,
        [],
        hidden=sheet.sheet_state != "visible",
        hidden_columns=_hidden_columns(sheet),
        beyond=min(
            (at for at, cell in sheet._cells.items() if at[1] > MOST_COLUMNS and cell.value),
            default=None,
        ),
    )
    filled = _merged(sheet)
    for number, row in sorted(_rows(sheet).items()):
        cells: list[Cell] = [None] * max(row)
        for column, cell in row.items():
            origin = filled.get((number, column))
            source = cell if origin is None else sheet.cell(*origin)
            at = origin or (number, column)
            value: Any = source.value
            if source.data_type == "f":
                value = values.cell(*at).value
                if value is None:
                    table.faulty[number, column] = "cell-formula"
                    value = str(source.value)
                else:
                    table.repairs.append((number, column, "repair-formula"))
            if values.cell(*at).data_type == "e":
                table.faulty[number, column] = "cell-error"
            if origin is not None and value is not None:
                table.repairs.append((number, column, "repair-merged"))
            cells[column - 1] = _as_seen(value, str(source.number_format))
        if any(value is not None for value in cells):
            table.rows.append((number, cells))
            if number in sheet.row_dimensions and sheet.row_dimensions[number].hidden:
                table.repairs.append((number, None, "repair-hidden"))
    return table


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    """The columns that are not shown; neighbours share one entry."""
    return frozenset(
        column
        for entry in sheet.column_dimensions.values()
        if entry.hidden
        for column in range(entry.min or 1, min(entry.max or 0, MOST_COLUMNS) + 1)
    )


def _rows(sheet: Worksheet) -> dict[int, dict[int, Any]]:
    """The cells that are there, by row and column: a lone cell far down costs nothing."""
    found: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if column <= MOST_COLUMNS:
            found.setdefault(row, {})[column] = cell
    return found


_EXPONENT = re.compile(r"[0#]+(?:\.([0#]+))?E[+-]0+", re.IGNORECASE)


def _as_seen(value: Any, number_format: str) -> Cell:
    """A number shown with leading zeros, in percent, or as what is left of 1.38E+10, is a text."""
    if isinstance(value, (int, float)) and number_format.endswith("%"):
        return f"{round(value * 100, 9):g}%"
    if isinstance(value, int) and not isinstance(value, bool):
        zeros = re.fullmatch(r"0{2,}", number_format)
        if zeros and len(str(value)) < len(number_format):
            return str(value).zfill(len(number_format))
    exponent = _EXPONENT.fullmatch(number_format)
    if exponent and isinstance(value, (int, float)):
        seen = f"{value:.{len(exponent.group(1) or '')}E}"
        return seen if float(seen) == value else value
    return value if not hasattr(value, "total_seconds") else str(value)


def _merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """The first cell of each merged range by the other cells of its first column, downwards."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] > 5_000:
            continue
        for row in range(area.min_row + 1, area.max_row + 1):
            found[row, area.min_col] = (area.min_row, area.min_col)
    return found


def mark(path: str | FilePath, remarks: Iterable[Remark], lang: str) -> bytes:
    """A copy of a workbook in which the cells at fault are coloured and say what is wrong.

    ``remarks`` are faults (red) and repairs (yellow) as reading gave them; one without a cell
    stands in the comment of the first cell. Formulas stay. Raises :class:`InvalidInputError` as
    :func:`read_workbook` does.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    file = str(path)
    content, _ = safe_archive(file, read_bytes(path))
    book = _open(file, content)
    said: dict[tuple[str, str], list[str]] = {}
    wrong: set[tuple[str, str]] = set()
    for remark in remarks:
        sheet, cell = _cell_of(remark.place, book)
        said.setdefault((sheet, cell), []).append(_sentence(remark, lang))
        if isinstance(remark, Fault):
            wrong.add((sheet, cell))
    for (sheet, cell), sentences in said.items():
        target = book[sheet][cell]
        if type(target).__name__ == "MergedCell":
            area = next(r for r in book[sheet].merged_cells.ranges if cell in r)
            target = book[sheet].cell(area.min_row, area.min_col)
        colour = "FFFFC7CE" if (sheet, cell) in wrong else "FFFFEB9C"
        target.fill = PatternFill("solid", start_color=colour, end_color=colour)
        note = Comment("\n".join(sentences)[:2000], "patrol-scheduler")
        note.width, note.height = 360, 60 + 40 * min(5, len(sentences))
        target.comment = note
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell_of(place: str, book: Workbook) -> tuple[str, str]:
    title, _, where = place.rpartition("!")
    found = re.match(r"([A-Z]{0,3})(\d+)", where)
    if title not in book.sheetnames or not found:
        return book.worksheets[0].title, "A1"
    return title, f"{found.group(1) or 'A'}{found.group(2)}"


def _sentence(remark: Remark, lang: str) -> str:
    return type(remark)("", "", None, remark.value, remark.what, remark.values).say(lang)


def is_workbook(path: str | FilePath) -> bool:
    """Whether a path is named like a workbook of any kind."""
    return FilePath(path).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".et")


__all__ = ["InvalidInputError", "is_workbook", "mark", "read_workbook"]
