"""Workbooks as bytes: the same content, the same bytes, and no cell that is a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_MOMENT = dt.datetime(2000, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a value; a text stays a text, whatever it begins with."""
    put_in(sheet.cell(row, column), value)


def put_in(cell: Cell | MergedCell, value: object) -> None:
    """Write a value into a cell that is at hand; see :func:`put`."""
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub(" ", value)
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
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
