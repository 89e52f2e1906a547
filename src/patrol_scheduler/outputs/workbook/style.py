"""How the sheets of the roster's workbook look and print, and how cells are filled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
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
_LONG, _SHORT = 11.69, 8.27  # inches
_SIDE, _TOP, _BOTTOM = 0.4, 0.5, 0.75
_NARROW, _BROAD = 0.077, 0.098  # inches of a column's width unit: a digit, by the machine's font
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
_LEFT = Alignment(vertical="center")
_BOLD, _TITLE, _SMALL = Font(bold=True), Font(bold=True, size=16), Font(size=9)


def page(sheet: Worksheet, *, landscape: bool = True, footer: str = "") -> None:
    """A4, one page wide, narrow margins, page numbers."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = _SIDE
    sheet.page_margins.top, sheet.page_margins.bottom = _TOP, _BOTTOM
    sheet.page_margins.header, sheet.page_margins.footer = 0.3, 0.35
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
        sheet.row_dimensions[row].height = 14 * (1 + int(width(note)) // 190)
        row += 1
    return row


def band(
    sheet: Worksheet, row: int, columns: Sequence[int], text: str, *, large: bool = False
) -> None:
    """A text over some columns, as a large title or a small note."""
    put(sheet, row, columns[0], text)
    cell = sheet.cell(row, columns[0])
    cell.font, cell.alignment = (_TITLE, _LEFT) if large else (_SMALL, _LEFT)
    if large:
        sheet.row_dimensions[row].height = 30


def new_page(sheet: Worksheet, row: int, first: int) -> None:
    """Begin a printed page after a row, unless it is the ``first`` one or begins one already."""
    if row > first and all(known.id != row for known in sheet.row_breaks.brk):
        sheet.row_breaks.append(Break(id=row))


def at_least(sheet: Worksheet, first: int, last: int, points: float) -> None:
    """Share out so much height at least between some rows that cells are merged over."""
    rows = range(first, last + 1)
    # What the first row holds may stand in all of them.
    tall = max(_height(sheet, first), points)
    for number in rows:
        sheet.row_dimensions[number].height = max(_LINE_HEIGHT * 1.3, tall / len(rows))


def side_by_side(sheet: Worksheet, starts: Sequence[int]) -> None:
    """Begin a printed page at each of these columns; those before the first are on every page.

    The scale is such that the widest page fits. What is fit to a page knows no breaks.
    """
    for column in starts[1:]:
        sheet.col_breaks.append(Break(id=column - 1))
    wide = [sheet.column_dimensions[get_column_letter(n)].width
            for n in range(1, sheet.max_column + 1)]  # fmt: skip
    ends = [*starts[1:], len(wide) + 1]
    widest = sum(wide[: starts[0] - 1]) + max(
        sum(wide[first - 1 : end - 1]) for first, end in zip(starts, ends, strict=True)
    )
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = None
    scale = (_LONG - 2 * _SIDE) / (widest * _BROAD)
    sheet.page_setup.scale = max(10, min(100, int(100 * scale)))


def together(sheet: Worksheet, blocks: Sequence[tuple[int, int]], wide: Sequence[float]) -> None:
    """Keep each block of rows on one printed page of a sheet that is as wide as its page.

    Blocks are (first, last) rows in their order; one taller than a page begins where it stands,
    and the next one on a page of its own.
    """
    page_height = _page_height(wide) * 0.95
    used, row = 0.0, 1
    for first, last in blocks:
        tall = sum(_height(sheet, n) for n in range(first, last + 1))
        used += sum(_height(sheet, n) for n in range(row, first))
        if used + tall > page_height and tall <= page_height:
            new_page(sheet, first - 1, 1)
            used = 0.0
        used += tall
        row = last + 1


def on_one_page(sheet: Worksheet, last: int) -> None:
    """Print the rows up to the ``last`` on one page where that makes them smaller by a fifth at
    most; the sheet is as wide as its page already."""
    wide = [dimension.width for dimension in sheet.column_dimensions.values()]
    if sum(_height(sheet, n) for n in range(1, last + 1)) <= 1.25 * _page_height(wide):
        sheet.page_setup.fitToHeight = 1


def _page_height(wide: Sequence[float]) -> float:
    """Points of rows on a page on its side, of columns that are as wide as it together."""
    scale = min(1.0, (_LONG - 2 * _SIDE) / (sum(wide) * _NARROW))
    return (_SHORT - _TOP - _BOTTOM) * 72 / scale


def _height(sheet: Worksheet, row: int) -> float:
    given = sheet.row_dimensions[row].height if row in sheet.row_dimensions else None
    return float(given or _LINE_HEIGHT)


def header(sheet: Worksheet, row: int, names: Sequence[str], *, since: int | None = None) -> None:
    """A row of headings that stays in sight and repeats on every printed page.

    What is above it, from the row ``since`` on, repeats with it.
    """
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(row, column)
        dress(cell, frame="head")
        put_in(cell, name)
    sheet.print_title_rows = f"{since or row}:{row}"
    sheet.freeze_panes = f"A{row + 1}"


DATE, NUMBER, SHARE = "yyyy-mm-dd", "0.00", "0.0%"
"""How dates, numbers and shares of a whole are shown."""

_LOOKS: WeakKeyDictionary[Workbook, dict[tuple[object, ...], StyleArray]] = WeakKeyDictionary()


def dress(
    cell: Cell | MergedCell, *, shown: str = "", fill: PatternFill | None = None, frame: str = ""
) -> None:
    """Give a cell its look: how its value is ``shown``, its ground, and its ``frame``.

    A ``line`` is wrapped in a box, a ``day`` centred in one, a ``text`` only wrapped, a ``head``
    stands out. The library
    looks every attribute up anew in all of the book's; cells alike take over a look whole.
    """
    worn: Any = cell  # what a cell keeps of its look is not in its types
    book = worn.parent.parent
    looks = _LOOKS.setdefault(book, {})
    key = (shown, fill.start_color.rgb if fill else None, frame)
    if key not in looks:
        if frame in ("head", "day-head"):
            cell.fill, cell.border, cell.alignment = _HEAD, _BOX, _CENTRE
            cell.font = _BOLD if frame == "head" else _SMALL
        elif frame:
            cell.alignment = _CENTRE if shown == DATE or frame == "day" else _WRAP
            if frame in ("line", "day"):
                cell.border = _BOX
        if fill is not None:
            cell.fill = fill
        if shown:
            cell.number_format = shown
        looks[key] = worn._style
    worn._style = looks[key]


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


Bounds = Sequence[tuple[float, float]]
"""The least and the most that columns are wide, in characters."""


def fit(sheet: Worksheet, head: int, last: int, bounds: Bounds) -> None:
    """Columns as wide as their longest cells, and rows as high as the lines of their texts.

    ``head`` is the row of headings, ``last`` the last row below it.
    """
    shown = values(sheet, head, last, len(bounds))
    wide = fitted(shown[:1], shown[1:], bounds)
    widths(sheet, wide)
    heights(sheet, head, shown, wide)


def values(sheet: Worksheet, first: int, last: int, columns: int) -> list[list[object]]:
    """What some rows say; asking the sheet itself would add every cell that is not there."""
    cells = sheet._cells
    return [
        [cells[row, n].value if (row, n) in cells else None for n in range(1, columns + 1)]
        for row in range(first, last + 1)
    ]


def fitted(
    heads: Iterable[Sequence[object]], rows: Iterable[Sequence[object]], bounds: Bounds
) -> list[float]:
    """The width of each column that shows its longest value on one line, within ``bounds``.

    Headings may take two lines.
    """
    found = [least for least, _ in bounds]
    for row in rows:
        for n, value in enumerate(row):
            found[n] = max(found[n], _wanted(value))
    for row in heads:
        for n, value in enumerate(row):
            longest = max((_wanted(word) for word in str(value or "").split()), default=0.0)
            whole = _wanted(value)
            short = whole if whole < 14 else max(whole / 2 + 2, longest if longest < whole else 0.0)
            found[n] = max(found[n], short)
    return [min(most, wide) for wide, (_, most) in zip(found, bounds, strict=True)]


def heights(
    sheet: Worksheet, first: int, rows: Iterable[Sequence[object]], wide: Sequence[float]
) -> None:
    """Rows from the ``first`` on as high as their texts need, in columns of these widths."""
    for number, row in enumerate(rows, start=first):
        lines = 1
        for value, room in zip(row, wide, strict=False):
            if isinstance(value, str) and _wanted(value) > room:
                lines = max(lines, _lines(value, room))
        sheet.row_dimensions[number].height = _LINE_HEIGHT * lines


_LINE_HEIGHT = 15.5  # points
_WORD = re.compile(r"[\u2e80-\uffff]|[^\u2e80-\uffff\s]+|\s+")


def _wanted(value: object) -> float:
    """The width of a column in which a value stands on one line."""
    if isinstance(value, dt.date):
        return 12.0
    return width(value) + 1.5


@lru_cache(maxsize=1 << 14)
def _lines(text: str, wide: float) -> int:
    """On how many lines a text stands in a column; Chinese breaks anywhere, words stay whole."""
    room = max(1.0, wide - 1.5)
    lines, used = 1, 0.0
    for word in _WORD.findall(text):
        size = width(word)
        if used + size > room and used and not word.isspace():
            lines, used = lines + 1, 0.0
        lines += int(size // room) if size > room else 0
        used = used + size if size <= room else size % room
    return lines


def width(text: object) -> float:
    """About how many digits wide a text is; fonts differ, so rather too wide."""
    return _width(str(text)) if text is not None else 0.0


@lru_cache(maxsize=1 << 14)  # names and places come again on every sheet
def _width(text: str) -> float:
    if text.isascii():
        return len(text) * _LATIN
    return sum(_CHINESE if ord(char) > 0x2E80 else _LATIN for char in text)


_LATIN, _CHINESE = 0.97, 2.12
