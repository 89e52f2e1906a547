"""File names for ids that strangers chose."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

_LONGEST = 100  # octets; file systems allow 255 for a name with its ending
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}


def slug(identifier: str) -> str:
    """The id as a file name without ending, safe on Linux, Windows and macOS.

    Letters and digits of every script, ``-`` and ``_`` stay. Where anything else had to give way,
    a mark computed from the id follows, so that two ids never share a name and a name never
    depends on the other ids.
    """
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in identifier)
    kept = unicodedata.normalize("NFC", kept).strip("-")
    short = kept.encode()[:_LONGEST].decode(errors="ignore")
    if short == identifier and short.casefold() not in _RESERVED:
        return short
    return f"{short}-{_mark(identifier)}".removeprefix("-")


def slugs(identifiers: Iterable[str]) -> dict[str, str]:
    """A file name for each id; ids that differ only in capitals get marks as well."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in sorted(set(identifiers)):
        name = slug(identifier)
        if _folded(name) in taken:
            name = f"{name}-{_mark(identifier)}"
        taken.add(_folded(name))
        found[identifier] = name
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _mark(identifier: str) -> str:
    return hashlib.sha256(identifier.encode()).hexdigest()[:10]
