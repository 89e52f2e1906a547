"""Reads a TOML or JSON file into plain values, with the line of each, and writes plans as JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from patrol_scheduler.faults import Fault, InvalidInputError, place_of
from patrol_scheduler.faults import Path as Place
from patrol_scheduler.formats.files import decode, read_bytes, refuse
from patrol_scheduler.formats.lines import Lines, json_lines, mended, toml_lines
from patrol_scheduler.validation.entries import label_of


@dataclass(frozen=True)
class Document:
    """A decoded file: ``content`` holds plain values, ``faults`` what was wrong on the way."""

    file: str
    text: str
    content: Any
    faults: tuple[Fault, ...]
    locate: Callable[[str], Lines]

    @cached_property
    def lines(self) -> Lines:
        """The line of every key and entry."""
        return self.locate(self.text)

    def line(self, place: Place) -> int | None:
        """The line of a place, counted from 1."""
        return self.lines.of(place)


def load(path: str | Path) -> Document:
    """The content of a ``.toml`` or ``.json`` file in UTF-8.

    Raises :class:`InvalidInputError` for a file that cannot be read at all. Words that only lack
    quotation marks are read past, so that everything else wrong with the file is found too; they
    stand in ``faults``.
    """
    file = str(path)
    suffix = Path(file).suffix.lower()
    content = read_bytes(path)
    if suffix not in (".toml", ".json"):
        refuse(file, "file-extension", suffix)
    text = decode(file, content).replace("\r\n", "\n")
    try:
        return _toml(file, text) if suffix == ".toml" else _json(file, text)
    except RecursionError:
        refuse(file, "too-deep")


def _toml(file: str, text: str) -> Document:
    try:
        return Document(file, text, tomllib.loads(text), (), toml_lines)
    except ValueError as error:
        whole, slips = mended(text)
        try:
            if not slips:
                raise
            content = tomllib.loads(whole)
        except ValueError:
            _refuse_toml(file, text, error)
    faults = tuple(
        Fault(
            file,
            place_of(slip.path, label_of(content, slip.path)),
            slip.line,
            slip.word,
            slip.what,
            (),
            slip.path,
        )
        for slip in slips
    )
    return Document(file, whole, content, faults, toml_lines)


_FULL_WIDTH = "“”‘’，＝＂＇［］｛｝：；　"


def _refuse_toml(file: str, text: str, error: ValueError) -> NoReturn:
    if not isinstance(error, tomllib.TOMLDecodeError):  # a whole number of thousands of digits
        refuse(file, "number-too-long")
    # tomllib words its errors "... (at line 3, column 5)" or "... (at end of document)".
    message = str(error)
    found = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    lines = text.split("\n")
    if not found:
        if message.startswith(("Cannot overwrite", "Cannot declare")):
            refuse(file, "key-twice", lines[-1].strip() or None, len(lines))
        if message.endswith("(at end of document)"):
            refuse(file, "file-cut-short", line=max(1, len(text.rstrip().split("\n"))))
        refuse(file, "toml-syntax", None, column=1)
    line, column = int(found.group(1)), int(found.group(2))
    excerpt = lines[line - 1] if line <= len(lines) else ""
    if message.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")):
        refuse(file, "key-twice", excerpt.strip(), line)
    if any(char in _FULL_WIDTH for char in excerpt[max(0, column - 2) : column + 1]):
        refuse(file, "full-width", excerpt.strip(), line, column=column)
    refuse(file, "toml-syntax", excerpt.strip(), line, column=column)


def _json(file: str, text: str) -> Document:
    twice = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        content = dict(items)
        twice = twice or len(content) < len(items)
        return content

    def constant(word: str) -> NoReturn:
        raise InvalidInputError([Fault(file, "", _line_of(text, word), word, "not-in-json")])

    try:
        content = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            refuse(file, "file-cut-short", line=max(1, len(text.rstrip().split("\n"))))
        excerpt = text.split("\n")[error.lineno - 1].strip()
        refuse(file, "json-syntax", excerpt, error.lineno, column=error.colno)
    except ValueError:  # a whole number of thousands of digits
        refuse(file, "number-too-long")
    document = Document(file, text, content, (), json_lines)
    if not twice:
        return document
    faults = tuple(
        Fault(file, place_of(place), document.line(place), place[-1], "key-twice", (), place)
        for place in document.lines.repeated
    )
    return Document(file, text, content, faults, json_lines)


def _line_of(text: str, word: str) -> int:
    found = re.search(rf"(?<![\w\"]){re.escape(word)}(?![\w\"])", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
