"""What a cell means, and how it is written: the slips of spreadsheets mended, each told."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | None
"""A value as a spreadsheet holds it; of CSV only texts."""


class CellError(ValueError):
    """A cell that says nothing certain; ``what`` names the sentence, ``values`` fill it."""

    def __init__(self, what: str, **values: object) -> None:
        super().__init__(what)
        self.what, self.values = what, values


@dataclass
class Reading:
    """What a cell was read as, and the repairs that this took."""

    value: object
    repairs: list[str]


SEPARATOR = "、"
_SEPARATORS = "、，,；;\n"
_GUARD = re.compile(r"'(?=[=+\-@＝＋－＠\t\r'\"])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_SPACE = re.compile(f"(?<=[{_HAN}])[ \u3000]+(?=[{_HAN}])")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE]\+?\d+")
_YEARLY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHORT = re.compile(r"(\d{1,2})\s*(?:[-./]|月)\s*(\d{1,2})\s*日?")
_CLOCK = re.compile(r"(\d{1,2})\s*[:时点h]\s*(\d{1,2})?\s*(?:[:分]\s*(?:00)?)?")
_YES = {"是", "√", "✓", "✔", "1", "yes", "y", "true", "有", "对", "t", "v", "☑", "on"}
_NO = {"否", "×", "✗", "✘", "0", "no", "n", "false", "无", "f", "x", "☐", "off", "-"}
_SERIAL_FIRST, _SERIAL_LAST = 20_000, 80_000  # 1954 to 2119, in days of the 1900 system
_MOST_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
_EPOCH = dt.datetime(1899, 12, 30)


def folded(text: str) -> str:
    """The text with full-width letters, digits and signs made narrow, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def literal(text: str) -> str | None:
    """The text between quotation marks, meant to the letter; nothing where it is not so written."""
    if not _QUOTED.fullmatch(text):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def plain(value: Cell) -> str:
    """A cell as text."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < _MOST_EXACT:
            return str(int(value))
        case dt.datetime():
            midnight = value.time() == dt.time(0)
            return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes")
        case _:
            return str(value)


def blank(value: Cell) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def unguarded(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if _GUARD.match(text) else text


# Reading


def read_text(value: Cell) -> Reading:
    """Free text: to the letter, but for the guard against formulas."""
    if isinstance(value, str):
        exact = literal(value)
        return Reading(exact if exact is not None else unguarded(value), [])
    return Reading(plain(value), [])


def scientific(value: Cell) -> bool:
    """Whether a spreadsheet has shortened a number, to 1.38E+10 or to the 15 digits it keeps."""
    if isinstance(value, str):
        return _SCIENTIFIC.fullmatch(value.strip()) is not None
    return isinstance(value, (int, float)) and abs(value) >= _MOST_EXACT


def read_id(value: Cell) -> Reading:
    """A short name: full-width signs narrowed, spaces inside Chinese names taken out."""
    if not isinstance(value, str):
        if isinstance(value, float) and not value.is_integer():
            raise CellError("cell-number-for-name")
        if scientific(value):
            raise CellError("cell-scientific")
        return Reading(plain(value), [])
    exact = literal(value)
    if exact is not None:
        return Reading(exact, [])
    text = unguarded(value)
    if scientific(text):
        raise CellError("cell-scientific")
    repairs = []
    narrow = folded(text)
    if narrow != text.strip():
        repairs.append("repair-full-width")
    closed = _HAN_SPACE.sub("", narrow)
    if closed != narrow:
        repairs.append("repair-spaces")
    elif narrow == text.strip() and text != text.strip():
        repairs.append("repair-trimmed")
    return Reading(closed, repairs)


def read_count(value: Cell) -> Reading:
    """A whole number."""
    found = read_number(value)
    if isinstance(found.value, float):
        raise CellError("not-a-whole-number")
    return found


def read_number(value: Cell) -> Reading:
    """A number, whole where it can be."""
    if isinstance(value, (bool, dt.date, dt.time)):
        raise CellError("not-a-number")
    repairs: list[str] = []
    if isinstance(value, str):
        text = folded(unguarded(literal(value) or value)).replace(",", "")
        if text != value:
            repairs.append("repair-number")
        try:
            value = int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else float(text)
        except ValueError:
            raise CellError("text-for-number") from None
    assert value is not None  # noqa: S101  # blank cells are not read
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT:
        value = int(value)
    return Reading(value, repairs)


def read_flag(value: Cell) -> Reading:
    """Yes or no in any of the usual marks."""
    if isinstance(value, bool):
        return Reading(value, [])
    word = folded(plain(value)).casefold()
    if word in _YES | _NO:
        return Reading(word in _YES, [])
    raise CellError("cell-not-a-flag")


def read_date(value: Cell, near: tuple[dt.date, dt.date] | None = None) -> Reading:
    """A date; one without a year must lie in exactly one year of ``near``."""
    if isinstance(value, dt.datetime):
        if value.time() != dt.time(0):
            raise CellError("date-with-time")
        return Reading(value.date(), [])
    if isinstance(value, dt.date):
        return Reading(value, [])
    if isinstance(value, (bool, dt.time)):
        raise CellError("not-a-date")
    if isinstance(value, (int, float)):
        if not _SERIAL_FIRST <= value <= _SERIAL_LAST or value != int(value):
            raise CellError("not-a-date")
        return Reading((_EPOCH + dt.timedelta(days=int(value))).date(), ["repair-serial-date"])
    if not isinstance(value, str):
        raise CellError("not-a-date")
    text = folded(unguarded(literal(value) or value))
    if re.fullmatch(r"\d{5}", text):
        return read_date(int(text))
    repairs = [] if _PLAIN_DATE.fullmatch(text) else ["repair-date"]
    found = _YEARLY.fullmatch(text)
    if found:
        return Reading(_day(*map(int, found.groups())), repairs)
    found = _SHORT.fullmatch(text)
    if not found or near is None:
        raise CellError("not-a-date")
    month, day = map(int, found.groups())
    fitting = [
        date
        for year in range(near[0].year, near[1].year + 1)
        if (date := _maybe(year, month, day)) and near[0] <= date <= near[1]
    ]
    if len(fitting) != 1:
        raise CellError("cell-year-unclear", first=near[0], last=near[1])
    return Reading(fitting[0], ["repair-year"])


_WEEKDAY = re.compile(r"(?:每?周|每?星期|每?礼拜)([一二三四五六日天])")


def weekday_of(value: Cell) -> int | None:
    """The weekday that a text such as 周一 names, 1 Monday to 7 Sunday."""
    found = _WEEKDAY.fullmatch(folded(value)) if isinstance(value, str) else None
    return min(7, "一二三四五六日天".index(found.group(1)) + 1) if found else None


def _day(year: int, month: int, day: int) -> dt.date:
    found = _maybe(year, month, day)
    if found is None:
        raise CellError("impossible-date")
    return found


def _maybe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_clock(value: Cell) -> Reading:
    """A time of day as ``HH:MM``; a fraction of a day is one, too."""
    if isinstance(value, (dt.datetime, dt.time)):
        if value.second or value.microsecond:
            raise CellError("not-a-time")
        return Reading(f"{value.hour:02d}:{value.minute:02d}", [])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        minutes = round(value * 1440)
        if abs(value * 1440 - minutes) > 0.01:
            raise CellError("not-a-time")
        hour, minute = divmod(minutes, 60)
        return Reading(f"{hour:02d}:{minute:02d}", ["repair-clock"])
    if not isinstance(value, str):
        raise CellError("not-a-time")
    text = folded(unguarded(literal(value) or value))
    found = _CLOCK.fullmatch(text)
    if not found:
        raise CellError("not-a-time")
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise CellError("not-a-time")
    mended = f"{hour:02d}:{minute:02d}"
    return Reading(mended, [] if value in (mended, f"{hour}:{minute:02d}") else ["repair-clock"])


def read_moment(value: Cell, near: tuple[dt.date, dt.date] | None = None) -> Reading:
    """A date with a time of day, as ISO text."""
    if isinstance(value, dt.datetime):
        return Reading(value.isoformat(), [])
    if isinstance(value, dt.date):
        return Reading(f"{value.isoformat()}T00:00:00", [])
    if not isinstance(value, str):
        raise CellError("cell-not-a-moment")
    text = folded(unguarded(literal(value) or value))
    try:
        return Reading(dt.datetime.fromisoformat(text).isoformat(), [])
    except ValueError:
        pass
    day, _, clock = text.rpartition(" ")
    if not day:
        raise CellError("cell-not-a-moment")
    date, time = read_date(day, near), read_clock(clock)
    return Reading(f"{date.value}T{time.value}:00", ["repair-date"])


def split(value: Cell) -> list[str]:
    """The parts of an enumeration; quoted parts are kept whole, quotation marks and all."""
    text = unguarded(plain(value))
    if literal(text) is not None:
        return [text]
    parts, part, rest = [], "", text
    while rest:
        quoted = _QUOTED.match(rest) if not part.strip() else None
        if quoted:
            part, rest = part + quoted.group(), rest[quoted.end() :]
        elif rest[0] in _SEPARATORS:
            parts.append(part)
            part, rest = "", rest[1:]
        else:
            part, rest = part + rest[0], rest[1:]
    return [found.strip() for found in [*parts, part] if found.strip()]


# Writing

_UNSAFE = re.compile(
    '[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\'|^"|"$|^\\s|\\s$'
)
_FORMULA = tuple("=+-@＝＋－＠")


def quoted(text: str) -> str:
    """The text between quotation marks: read back to the letter."""
    plain_json = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\ufeff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)",
        lambda found: f"\\u{ord(found.group()):04x}",
        plain_json,
    )


def write_exact(text: str, read: Callable[[Cell], Reading]) -> str:
    """The text as a cell that ``read`` gives back to the letter, and that is no formula."""
    try:
        if text and not _UNSAFE.search(text):
            guarded = "'" + text if text.startswith(_FORMULA) else text
            again = read(guarded)
            if again.value == text and not again.repairs:
                return guarded
    except CellError:
        pass
    return quoted(text)


def write_list(texts: list[str]) -> str:
    """An enumeration that :func:`split` and :func:`read_id` give back."""
    parts = []
    for text in texts:
        part = write_exact(text, read_id)
        parts.append(quoted(text) if any(char in part for char in _SEPARATORS) else part)
    joined = SEPARATOR.join(parts)
    return "'" + joined if joined.startswith(_FORMULA) else joined
