"""How the sheets of the roster's workbook look and print, and how cells are filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from patrol_scheduler.formats.workbook_file import put, put_in

A4 = 9
_LINE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", start_color="FFDDEBF7", end_color="FFDDEBF7")
OFF = PatternFill("solid", start_color="FFF2F2F2", end_color="FFF2F2F2")
"""The ground of rest days and holidays."""
DUTY = PatternFill("solid", start_color="FFBDD7EE", end_color="FFBDD7EE")
LEAD = PatternFill("solid", start_color="FFF8CBAD", end_color="FFF8CBAD")
AWAY = PatternFill("solid", start_color="FFD9D9D9", end_color="FFD9D9D9")

_WRAP = Alignment(wrap_text=True, vertical="center")
_CENTRE = Alignment(wrap_text=True, vertical="center", horizontal="center")
_BOLD, _TITLE, _SMALL = Font(bold=True), Font(bold=True, size=16), Font(size=9)


def page(sheet: Worksheet, *, landscape: bool = True, footer: str = "") -> None:
    """A4, one page wide, narrow margins, page numbers."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    below = sheet.oddFooter
    if below is not None and below.left is not None and below.right is not None:
        below.left.text = footer.replace("&", "&&")[:120] or None
        below.right.text = "&P / &N"
    sheet.print_options.horizontalCentered = True


def title(sheet: Worksheet, text: str, columns: int, notes: Iterable[str] = ()) -> int:
    """A title over the whole width and notes below it; gives the next free row."""
    put(sheet, 1, 1, text)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(2, columns))
    sheet.cell(1, 1).font = _TITLE
    sheet.cell(1, 1).alignment = _CENTRE
    sheet.row_dimensions[1].height = 30
    row = 2
    for note in notes:
        put(sheet, row, 1, note)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=max(2, columns))
        sheet.cell(row, 1).font = _SMALL
        sheet.cell(row, 1).alignment = _WRAP
        sheet.row_dimensions[row].height = 14 * (1 + width(note) // 190)
        row += 1
    return row


def new_page(sheet: Worksheet, row: int, first: int) -> None:
    """Begin a printed page after a row, unless it is the ``first`` one or begins one already."""
    if row > first and all(known.id != row for known in sheet.row_breaks.brk):
        sheet.row_breaks.append(Break(id=row))


def header(sheet: Worksheet, row: int, names: Sequence[str]) -> None:
    """A row of headings that repeats on every printed page and stays in sight."""
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(row, column)
        dress(cell, frame="head")
        put_in(cell, name)
    sheet.print_title_rows = f"{row}:{row}"
    sheet.freeze_panes = f"A{row + 1}"


DATE, NUMBER, SHARE = "yyyy-mm-dd", "0.00", "0.0%"
"""How dates, numbers and shares of a whole are shown."""

_LOOKS: WeakKeyDictionary[Workbook, dict[tuple[object, ...], StyleArray]] = WeakKeyDictionary()


def dress(
    cell: Cell | MergedCell, *, shown: str = "", fill: PatternFill | None = None, frame: str = ""
) -> None:
    """Give a cell its look: how its value is ``shown``, its ground, and its ``frame``.

    A ``line`` is wrapped in a box, a ``text`` only wrapped, a ``head`` stands out. The library
    looks every attribute up anew in all of the book's; cells alike take over a look whole.
    """
    worn: Any = cell  # what a cell keeps of its look is not in its types
    book = worn.parent.parent
    looks = _LOOKS.setdefault(book, {})
    key = (shown, fill.start_color.rgb if fill else None, frame)
    if key not in looks:
        if frame == "head":
            cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _HEAD, _BOX, _CENTRE
        elif frame:
            cell.alignment = _CENTRE if shown == DATE else _WRAP
            if frame == "line":
                cell.border = _BOX
        if fill is not None:
            cell.fill = fill
        if shown:
            cell.number_format = shown
        looks[key] = worn._style
    worn._style = copy(looks[key])


def line(
    sheet: Worksheet,
    row: int,
    values: Sequence[object],
    *,
    fill: PatternFill | None = None,
    shares: Collection[int] = (),
) -> None:
    """A row of values; dates and numbers keep their kind, ``shares`` are columns of percentages."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if column in shares:
            shown = SHARE
        elif isinstance(value, float):
            shown = NUMBER
        else:
            shown = DATE if isinstance(value, dt.date) else ""
        dress(cell, shown=shown, fill=fill, frame="line")
        put_in(cell, value)


def widths(sheet: Worksheet, found: Sequence[float]) -> None:
    """The widths of the columns, in characters."""
    for column, wide in enumerate(found, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = wide


def heights(sheet: Worksheet, first: int, last: int, found: Sequence[float]) -> None:
    """Row heights that show every line of wrapped texts, for columns of these widths."""
    for row in range(first, last + 1):
        lines = 1
        for column, wide in enumerate(found, start=1):
            value = sheet.cell(row, column).value
            if isinstance(value, str):
                lines = max(lines, -(-(width(value) + 1) // max(1, int(wide) - 1)))
        sheet.row_dimensions[row].height = 15.5 * lines


def width(text: object) -> int:
    """About how many Latin letters wide a text is."""
    return _width(str(text)) if text is not None else 0


@lru_cache(maxsize=1 << 14)  # names and places come again on every sheet
def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def fitted(rows: Iterable[Sequence[object]], *, most: int = 40) -> list[float]:
    """Column widths that fit the values, within reason."""
    widest: list[int] = []
    for row in rows:
        for place, value in enumerate(row):
            if place == len(widest):
                widest.append(0)
            widest[place] = max(widest[place], width(value))
    return [min(most, max(6, wide + 2)) for wide in widest]
