"""What is wrong with an input, place by place, and what is worth knowing about it."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar

from patrol_scheduler.texts import catalogue, text
from patrol_scheduler.texts.labels import label

Path = tuple[str | int, ...]
"""A place for programs: keys, and positions in lists counted from 0."""

SHOWN_LENGTH = 60
"""How many characters of a found value a sentence shows."""


_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
"""Unicode's controls, invisible marks, broken halves of characters, and odd spaces."""


def neutral(value: str) -> str:
    """The text with every character that is not plainly visible written as an escape."""
    return "".join(
        char if char == " " or unicodedata.category(char) not in _UNSEEN else _escape(char)
        for char in value
    )


def _escape(char: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(char)
    return named.get(char) or (f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}")


class Spoken(str):
    """A text that each language has words of its own for."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The words."""
        raise NotImplementedError


class SystemReason(Spoken):
    """Why the system refused: the name of its error, such as ``ENOSPC``."""

    __slots__ = ()

    @classmethod
    def of(cls, error: OSError) -> SystemReason:
        """The reason of an error; where it has no number, what it says of itself."""
        return cls(errno.errorcode.get(error.errno or 0, str(error)))

    def say(self, lang: str) -> str:
        """The reason in words, the system's own where there are no better ones."""
        number = getattr(errno, self, None)
        known = catalogue(lang).get(f"system.{self}")
        return known or (os.strerror(number) if isinstance(number, int) else neutral(str(self)))


class RuleName(Spoken):
    """A rule in a sentence, by what people call it."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The name in the words of a language; a rule from outside goes by its code."""
        return catalogue(lang).get(f"rules.{self}.name", str(self))


class RuleLabel(RuleName):
    """A rule in a sentence, by what people call it and its code, which a plan writes."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The name in the words of a language and the code."""
        return label(str(self), super().say(lang))


def _short(value: str, length: int = SHOWN_LENGTH) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"


class Word(str):
    """A text of ours, such as a place, that a sentence shows as it is."""

    __slots__ = ()


def shown(value: object) -> str:
    """A value as a sentence shows it: texts in quotation marks, short, nothing invisible."""
    match value:
        case bool():
            return "true" if value else "false"
        case Word():
            return str(value)
        case str():
            # A long text is cut before its characters are looked at, whatever its length.
            return f'"{_short(neutral(value[: SHOWN_LENGTH + 1]))}"'
        case dt.datetime():
            return value.isoformat(" ")
        case dt.time():
            return value.isoformat("minutes")
        case dt.date():
            return value.isoformat()
        case Mapping():
            parts = [f"{_short(neutral(str(k)), 20)} = {shown(value[k])}" for k in _few(value)]
            more = ", …" if len(value) > 3 else ""
            return _short("{" + ", ".join(parts) + more + "}")
        case list() | tuple():
            more = ", …" if len(value) > 3 else ""
            return _short("[" + ", ".join(map(shown, _few(value))) + more + "]")
        case _:
            return _short(neutral(str(value)))


def _few(items: Iterable[object], most: int = 3) -> list[object]:
    return [item for item, _ in zip(items, range(most), strict=False)]


def listed(values: Sequence[object], most: int = 30) -> str:
    """Several values one after the other; after ``most`` of them a mark that there are more."""
    return ", ".join(map(shown, values[:most])) + (", …" if len(values) > most else "")


def place_of(path: Path, label: str = "") -> str:
    """A path as people read it: ``officers[3].agency (CG04)``; positions count from 0."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            plain = re.fullmatch(r"[\w-]+", step) is not None
            parts.append(("." if parts else "") + (_short(step) if plain else shown(step)))
    return "".join(parts) + (f" ({_short(neutral(label[: SHOWN_LENGTH + 1]))})" if label else "")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say about one place of an input.

    ``file`` is the path as it was given, empty for plans made in Python. ``place`` names the key or
    column, ``line`` counts from 1 and is ``None`` where it is not known, ``value`` is what was
    found. ``what`` names the sentence, ``values`` fill it; of these ``nearest`` is the nearest
    right spelling. ``path`` is the place for programs.
    """

    section: ClassVar[str] = "faults"

    file: str
    place: str
    line: int | None
    value: object
    what: str
    values: tuple[tuple[str, object], ...] = ()
    path: Path = ()

    def say(self, lang: str) -> str:
        """One line: file and line, place, what was found, what is expected and what to do."""
        key = self.what if "." in self.what else f"{self.section}.{self.what}"
        told = {name: _told(value, lang) for name, value in dict(self.values).items()}
        sentence = text(key, lang, **{"value": _value(self.value, lang), **told})
        if told.get("nearest"):
            sentence += text("faults.nearest", lang, nearest=told["nearest"])
        where = neutral(self.file) + (f":{self.line}" if self.line else "")
        return ": ".join(part for part in (where, self.place, sentence) if part)


def _value(value: object, lang: str) -> str:
    return value.say(lang) if isinstance(value, Spoken) else shown(value)


def _told(value: object, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return listed([Word(v.say(lang)) if isinstance(v, Spoken) else v for v in value])
    return _value(value, lang)


@dataclass(frozen=True, slots=True)
class Fault(Remark):
    """Something in an input that must be mended before it can be used."""


@dataclass(frozen=True, slots=True)
class Notice(Remark):
    """Something in a sound input that its author should know."""

    section: ClassVar[str] = "notices"


class InvalidInputError(Exception):
    """An input that cannot be used; ``faults`` holds all that is wrong, in document order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def say(self, lang: str) -> str:
        """Every fault, one a line."""
        return "\n".join(fault.say(lang) for fault in self.faults)

    def __str__(self) -> str:
        return self.say("en")


class Speller:
    """Finds the nearest right spelling among known words.

    Width, case, spaces and leading zeros do not count as differences. A long list of words and a
    long list of mistakes would take long together: the work is bounded, later mistakes get none.
    """

    def __init__(self, comparisons: int = 200_000) -> None:
        self._left = comparisons

    def nearest(self, found: object, words: Collection[str]) -> str | None:
        """The word most like ``found``, the first of equals; ``None`` where none is like it."""
        if not isinstance(found, str) or len(found) > 200 or len(words) > self._left:
            return None
        self._left -= len(words)
        wanted = _alike(found)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(wanted)
        best, best_score = None, 0.5 if len(wanted) <= 3 else 0.6
        for word in words:
            matcher.set_seq1(_alike(word))
            if matcher.real_quick_ratio() < best_score or matcher.quick_ratio() < best_score:
                continue
            score = matcher.ratio()
            if score > best_score or (best is None and score == best_score):
                best, best_score = word, score
        return best

    def nearest_named(self, found: object, names: Mapping[str, str]) -> str | None:
        """The id most like ``found``, or with its name before it the id whose name is.

        ``names`` are by ids; where there is none, it is empty.
        """
        called: dict[str, str] = {}
        for identifier, name in names.items():
            if name and name not in names:
                called.setdefault(name, identifier)
        best = self.nearest(found, [*names, *called])
        return label(called[best], best) if best is not None and best in called else best


def _alike(word: str) -> str:
    """What is left of a word when the slips that do not matter are taken away."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    folded = "".join(char for char in folded if char.isalnum())
    return re.sub(r"0+(?=\d)", "", folded) or word
