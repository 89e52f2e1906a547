"""The one door to the terminal: whatever the text or the stream, it harms nobody and never dies."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TextIO

from patrol_scheduler.faults import neutral

_NUMBER = re.compile(r"[-—]?[\d.,]*%?")


def prepare() -> None:
    """Let both streams write every character, escaped where their encoding lacks it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def say(line: object = "", *, err: bool = False) -> None:
    """Write one line. A reader who has gone away, as in ``| head``, is no fault."""
    _write(sys.stderr if err else sys.stdout, neutral(str(line)) + "\n")


def say_raw(document: str) -> None:
    """Write a document of our own making, such as JSON, as it is."""
    _write(sys.stdout, document)


def _write(stream: TextIO, words: str) -> None:
    try:
        stream.write(words)
        stream.flush()
    except BrokenPipeError:
        # What is still in the buffer goes nowhere, now and when the interpreter ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """The lines of a table; columns of numbers are set to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, title in enumerate(head):
        numbers = all(_NUMBER.fullmatch(str(row[i])) for row in rows)
        grid.add_column(
            Text(neutral(str(title))), justify="right" if numbers else "left", no_wrap=True
        )
    for row in rows:
        grid.add_row(*(Text(neutral(str(cell))) for cell in row))
    page = StringIO()
    # Wide enough that nothing is ever cut; the names come from strangers.
    width = 4 * sum(len(str(cell)) + 2 for row in (head, *rows) for cell in row)
    console = Console(file=page, width=width, color_system=None, force_terminal=False, _environ={})
    console.print(grid)
    for line in page.getvalue().splitlines():
        yield line.rstrip()
