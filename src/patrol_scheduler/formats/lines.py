"""Finds the lines on which a document says what, and the slips that are safe to read past."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from patrol_scheduler.faults import Path


@dataclass(frozen=True, slots=True)
class Slip:
    """A word that a document leaves without quotation marks; it is read as if it had them."""

    line: int
    word: str
    what: str
    path: Path


@dataclass(slots=True)
class Lines:
    """The line of every key and entry of a document, counted from 1."""

    known: dict[Path, int] = field(default_factory=dict)
    repeated: list[Path] = field(default_factory=list)

    def of(self, path: Path) -> int | None:
        """The line of a place, or of the nearest thing around it that has one."""
        while path:
            if path in self.known:
                return self.known[path]
            path = path[:-1]
        return None


_TOML = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|\"(?:\\.|[^"\\\n])*\"|'[^'\n]*')
    |(?P<mark>[\[\]{}=,])
    |(?P<word>\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\[\]{}=#"']*|[^\s,\[\]{}=#"']+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_JSON = re.compile(r'"(?:\\.|[^"\\])*"|[\[\]{},:\n]|[^\s\[\]{},:"]+')
_DATE = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?.*")
_TIME = re.compile(r"\d{1,2}[:：]\d\d.*")
_WHOLE_TIME = re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)?")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\.(?:[A-Za-z0-9_-]+\.?)*")


@dataclass(slots=True)
class _Frame:
    """Where a walk through TOML is: in the document, a list (``[``) or an inline table (``{``)."""

    kind: str
    path: Path
    index: int = 0
    key: Path = ()
    parts: list[str] = field(default_factory=list)
    in_value: bool = False

    def place(self) -> Path:
        """The place of the value that stands here."""
        return (*self.path, self.index) if self.kind == "[" else self.key


def _walk(document: str, lines: Lines) -> Iterator[tuple[str, int, str, Path]]:
    """Every piece, its line, part (``key``, ``value`` or empty) and place; fills ``lines``."""
    root = _Frame("", ())
    frames, counts = [root], dict[Path, int]()
    line, line_start, header = 1, True, ""
    for found in _TOML.finditer(document):
        piece, kind, frame = found.group(), found.lastgroup, frames[-1]
        part, place = "", frame.path
        if kind == "newline":
            if header:
                root.path = _table(root.parts, header.startswith("[["), counts)
                lines.known.setdefault(root.path, line)
            if frame is root:
                root.parts, root.in_value, header = [], False, ""
        elif kind == "mark":
            if frame is root and (header or (line_start and piece == "[")):
                header += piece
            elif piece == "=":
                frame.key = (*frame.path, *frame.parts)
                for length in range(len(frame.path) + 1, len(frame.key) + 1):
                    lines.known.setdefault(frame.key[:length], line)
                frame.in_value = True
            elif piece in "[{":
                lines.known.setdefault(frame.place(), line)
                frames.append(_Frame(piece, frame.place()))
            elif piece in "]}" and frame is not root:
                frames.pop()
            elif piece == ",":
                frame.index, frame.parts, frame.in_value = frame.index + 1, [], False
        elif kind in ("word", "text"):
            part = "value" if frame.kind == "[" or frame.in_value else "key"
            if part == "key":
                frame.parts += _key_parts(piece)
                place = tuple(frame.parts) if header else (*frame.path, *frame.parts)
            else:
                place = frame.place()
                lines.known.setdefault(place, line)
        if kind != "space":
            line_start = kind == "newline"
        yield piece, line, part, place
        line += piece.count("\n")
    if header:
        lines.known.setdefault(_table(root.parts, header.startswith("[["), counts), line)


def _table(parts: list[str], is_entry: bool, counts: dict[Path, int]) -> Path:
    """The place that a header opens; a name that heads several tables means the newest one."""
    path: Path = ()
    for number, part in enumerate(parts, start=1):
        path = (*path, part)
        if is_entry and number == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _key_parts(piece: str) -> list[str]:
    if piece[0] in "\"'":
        try:
            return [str(tomllib.loads(f"x = {piece}")["x"])]
        except ValueError:
            return [piece]
    return [part for part in piece.split(".") if part]


def toml_lines(document: str) -> Lines:
    """The lines of a TOML document."""
    lines = Lines()
    for _ in _walk(document, lines):
        pass
    return lines


def mended(document: str) -> tuple[str, list[Slip]]:
    """TOML with quotation marks put around words that cannot stand without them.

    The lines stay as they are. A document in which nothing is found comes back unchanged.
    """
    parts: list[str] = []
    slips: list[Slip] = []
    for piece, line, part, place in _walk(document, Lines()):
        what = _slip(piece, part) if part and piece[0] not in "\"'" else None
        if what:
            slips.append(Slip(line, piece, what, place))
        parts.append(json.dumps(piece.strip("“”‘’"), ensure_ascii=False) if what else piece)
    return "".join(parts), slips


def _slip(word: str, part: str) -> str | None:
    if part == "key":
        return None if _PLAIN_KEY.fullmatch(word) else "unquoted-key"
    try:
        tomllib.loads(f"x = {word}")
    except tomllib.TOMLDecodeError:
        if _DATE.fullmatch(word):
            return "impossible-date"
        if _TIME.fullmatch(word):
            return "not-a-time" if _WHOLE_TIME.fullmatch(word) else "unquoted-time"
        return "unquoted-text"
    except ValueError:  # a whole number too long for Python
        return None
    return None


def json_lines(document: str) -> Lines:
    """The lines of a JSON document, and the keys that stand twice in one object."""
    lines = Lines()
    frames: list[_Frame] = [_Frame("[", ())]
    line = 1
    for found in _JSON.finditer(document):
        piece, frame = found.group(), frames[-1]
        if piece == "\n":
            line += 1
        elif piece == ":":
            frame.in_value = True
        elif piece == ",":
            frame.index, frame.in_value = frame.index + 1, False
        elif piece in "]}":
            frames.pop()
        elif frame.kind == "{" and not frame.in_value:
            frame.key = (*frame.path, json.loads(piece))
            if frame.key in lines.known:
                lines.repeated.append(frame.key)
            lines.known[frame.key] = line
        else:
            place = frame.place() if len(frames) > 1 else ()
            lines.known.setdefault(place, line)
            if piece in "[{":
                frames.append(_Frame(piece, place))
    return lines
