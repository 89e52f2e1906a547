"""Workbooks as bytes: the same content, the same bytes, and no cell that is a formula."""

from __future__ import annotations

import datetime as dt
import gc
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_MOMENT = dt.datetime(2000, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)
_LONGEST = 32_767  # characters that a cell can hold
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@contextmanager
def many_cells() -> Iterator[None]:
    """Make many objects that all stay: not looked through for garbage meanwhile.

    That would take a third of the time of a workbook of half a million cells.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a value; a text stays a text, whatever it begins with."""
    put_in(sheet.cell(row, column), value)


def put_in(cell: Cell | MergedCell, value: object) -> None:
    """Write a value into a cell that is at hand; see :func:`put`."""
    if isinstance(value, str):
        # Set as it is: the library would look for characters that it cannot hold once more, and
        # take what looks like a formula for one.
        plain: Any = cell
        plain._value = _ILLEGAL.sub(" ", value)[:_LONGEST]
        plain.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            plain._style = copy(plain._style)  # it may be the look of other cells, too
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value  # type: ignore[assignment]


def saved(book: Workbook, title: str) -> bytes:
    """The workbook as the bytes of an ``.xlsx`` file; nothing in them depends on the clock."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "patrol-scheduler"
    book.properties.title = _ILLEGAL.sub(" ", title)
    book.properties.created = _MOMENT
    first = io.BytesIO()
    # Only the second archive is kept: what goes through the first one need not be packed.
    ExcelWriter(book, zipfile.ZipFile(first, "w", zipfile.ZIP_STORED)).save()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(first) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                stamp = _MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = zipfile.ZipInfo(entry.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return target.getvalue()
