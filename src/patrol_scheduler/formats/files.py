"""Takes the bytes of an input file, and only of a file that can be one."""

from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path
from typing import NoReturn

from patrol_scheduler.faults import Fault, InvalidInputError, SystemReason, Word

LARGEST = 20 * 1024 * 1024
"""The largest input file, in bytes."""

MOST_ROWS = 500_000
"""The most rows that a table can have."""

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""The bytes that begin a text in UTF-16."""


def refuse(
    file: str, what: str, value: object = None, line: int | None = None, **values: object
) -> NoReturn:
    """Raise :class:`InvalidInputError` with one fault of a whole file."""
    raise InvalidInputError([Fault(file, "", line, value, what, tuple(values.items()))])


def read_bytes(path: str | Path) -> bytes:
    """The content of a regular file of at most ``LARGEST`` bytes that is not empty.

    Raises :class:`InvalidInputError` for anything else.
    """
    file = str(path)
    try:
        # Opened without waiting: a pipe nobody writes to must not hold the program up.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags)
        try:
            mode = os.fstat(handle).st_mode
            if stat.S_ISDIR(mode):
                refuse(file, "file-directory")
            if not stat.S_ISREG(mode):
                refuse(file, "file-special")
            with os.fdopen(handle, "rb", closefd=False) as stream:
                content = stream.read(LARGEST + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        refuse(file, "file-missing")
    except IsADirectoryError:
        refuse(file, "file-directory")
    except OSError as error:
        refuse(file, "file-unreadable", SystemReason.of(error))
    except ValueError:  # a NUL in the path
        refuse(file, "file-missing")
    if len(content) > LARGEST:
        refuse(file, "file-too-large", most=LARGEST // 1024 // 1024)
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        refuse(file, "file-empty")
    return content


def decode(file: str, content: bytes) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark; anything else is refused."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02X}"
        cut_short = error.reason == "unexpected end of data"
    if cut_short:
        refuse(file, "file-cut-short", line=line)
    if content.startswith(UTF_16_MARKS):
        refuse(file, "file-not-utf8", Word("UTF-16"), line)
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        refuse(file, "file-not-text", Word(byte), line)
    refuse(file, "file-not-utf8", Word("GBK"), line)


def decode_table(file: str, content: bytes) -> str:
    """The text of a table in UTF-8, with or without a byte order mark, or GB18030."""
    if b"\0" in content and not content.startswith(UTF_16_MARKS):
        refuse(file, "nul-byte")
    try:
        return decode(file, content)
    except InvalidInputError as error:
        if error.faults[0].what == "file-cut-short":
            raise
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            raise error from None


def csv_rows(file: str, words: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV text that are not blank, each with its line and its cells stripped.

    There is at least one. Raises :class:`InvalidInputError` for a text that is no CSV, holds
    nothing or has more than ``MOST_ROWS`` rows.
    """
    reader = csv.reader(io.StringIO(words, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            if len(rows) > MOST_ROWS + 1:
                refuse(file, "too-many-rows", most=MOST_ROWS)
            line = reader.line_num + 1
    except csv.Error:
        refuse(file, "csv-syntax", line=line)
    if not rows:
        refuse(file, "file-empty")
    return rows
