"""How names and numbers stand in a text."""

from __future__ import annotations

import unicodedata
from fractions import Fraction


def label(identifier: str | None, name: str) -> str:
    """A name with the id behind it, on one line, as people and systems can both find it.

    Behind a name with wide characters, such as Chinese ones, the brackets are wide.
    """
    if not identifier:
        return ""
    name = " ".join(name.split())
    if not name or name == identifier:
        return identifier
    wide = any(unicodedata.east_asian_width(letter) in ("W", "F") for letter in name)
    return f"{name}（{identifier}）" if wide else f"{name} ({identifier})"


def plain(number: float | Fraction) -> str:
    """The number with at most two decimals and without a needless decimal part."""
    whole = Fraction(number)
    return str(whole.numerator) if whole.denominator == 1 else f"{float(number):.2f}"
