"""What kind of day a date is: working, rest, holiday or make-up working day; lunar; market day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from patrol_scheduler.records import Day, Flag, Id, Record, Text, dates_between


class DayType(StrEnum):
    """The four kinds of day that Chinese duty rosters tell apart."""

    WORKING_DAY = "working-day"
    REST_DAY = "rest-day"
    STATUTORY_HOLIDAY = "statutory-holiday"
    MAKE_UP_WORKING_DAY = "make-up-working-day"


DayState = Literal["official", "provisional"]
"""``provisional``: expected, but not yet announced."""


class SpecialDay(Record):
    """A date whose kind the plan states itself; it overrides every built-in table."""

    date: Day
    day_type: DayType
    name: Text = ""
    state: DayState = "official"
    source: Text = ""
    remarks: Text = ""


CalendarName = Literal["china", "weekends"]
"""``china``: the State Council's arrangements; ``weekends``: rest on Saturday and Sunday."""


class NoDayTableError(LookupError):
    """No holiday arrangement is known for a date and none is guessed."""

    def __init__(self, date: dt.date) -> None:
        super().__init__(f"no holiday arrangement is known for {date}")
        self.date = date


# General Office of the State Council, telegram [2009] No. 27, arrangement of the 2010 holidays:
# every day off of an arranged holiday, and the weekend days worked in exchange.
_HOLIDAYS_2010: tuple[tuple[str, str, str], ...] = (
    ("2010-01-01", "2010-01-03", "元旦"),
    ("2010-02-13", "2010-02-19", "春节"),
    ("2010-04-03", "2010-04-05", "清明节"),
    ("2010-05-01", "2010-05-03", "劳动节"),
    ("2010-06-14", "2010-06-16", "端午节"),
    ("2010-09-22", "2010-09-24", "中秋节"),
    ("2010-10-01", "2010-10-07", "国庆节"),
)
_MAKE_UP_2010: tuple[tuple[str, str], ...] = (
    ("2010-02-20", "春节"),
    ("2010-02-21", "春节"),
    ("2010-06-12", "端午节"),
    ("2010-06-13", "端午节"),
    ("2010-09-19", "中秋节"),
    ("2010-09-25", "中秋节"),
    ("2010-09-26", "国庆节"),
    ("2010-10-09", "国庆节"),
)


def _built_in() -> dict[dt.date, SpecialDay]:
    table = {}
    for first, last, name in _HOLIDAYS_2010:
        for date in dates_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last)):
            table[date] = SpecialDay(date=date, day_type=DayType.STATUTORY_HOLIDAY, name=name)
    for text, name in _MAKE_UP_2010:
        date = dt.date.fromisoformat(text)
        table[date] = SpecialDay(date=date, day_type=DayType.MAKE_UP_WORKING_DAY, name=name)
    return table


BUILT_IN_YEARS = frozenset({2010})
"""The years whose holiday arrangement this module holds itself."""


@cache
def _announced(year: int) -> dict[dt.date, SpecialDay] | None:
    """The arrangement of a year as the State Council announced it, where it is known."""
    if year in BUILT_IN_YEARS:
        return _built_in()
    import chinese_calendar  # a table of thirteen thousand lines

    constants = chinese_calendar.constants
    if year not in {date.year for date in constants.holidays}:
        return None
    return {
        date: SpecialDay(date=date, day_type=kind, name=chinese_calendar.Holiday(name).chinese)
        for days, kind in (
            (constants.holidays, DayType.STATUTORY_HOLIDAY),
            (constants.workdays, DayType.MAKE_UP_WORKING_DAY),
        )
        for date, name in days.items()
        if date.year == year
    }


# Decision on the statutory holidays as revised on 2024-11-10: the days themselves, without the
# days off that each year's notice moves next to them.
_FIXED = (((1, 1), "元旦"), ((5, 1), "劳动节"), ((5, 2), "劳动节"), ((10, 1), "国庆节"),
          ((10, 2), "国庆节"), ((10, 3), "国庆节"))  # fmt: skip
_LUNAR = ((1, 1, "春节"), (1, 2, "春节"), (1, 3, "春节"), (5, 5, "端午节"), (8, 15, "中秋节"))


@cache
def _expected(year: int) -> dict[dt.date, SpecialDay]:
    """The statutory holidays of a year that no notice has arranged yet, each provisional."""
    from borax.calendars.lunardate import TermUtils

    dates = {dt.date(year, month, day): name for (month, day), name in _FIXED}
    dates |= {from_lunar(year, month, day): name for month, day, name in _LUNAR}
    dates[from_lunar(year, 1, 1) - dt.timedelta(1)] = "春节"
    dates[TermUtils.day_start_from_term(year, "清明")] = "清明节"
    return {
        date: SpecialDay(
            date=date, day_type=DayType.STATUTORY_HOLIDAY, name=name, state="provisional"
        )
        for date, name in dates.items()
    }


class DayTable:
    """Tells the kind of any date of a plan.

    ``special`` overrides the calendar. With ``china`` the arrangement of 2010 is built in and those
    of other years come from chinesecalendar. In ``provisional_years`` that nobody has announced
    the statutory holidays are those of the law, weekends are free, and every day is provisional.
    Any other date raises :class:`NoDayTableError`: an arrangement is never guessed.
    """

    def __init__(
        self,
        calendar: CalendarName,
        special: Iterable[SpecialDay] = (),
        provisional_years: Iterable[int] = (),
    ) -> None:
        self._calendar = calendar
        self._special = {entry.date: entry for entry in special}
        self._provisional = frozenset(provisional_years)

    def _entry(self, date: dt.date) -> SpecialDay | None:
        """What is special about a date, if anything."""
        if date in self._special or self._calendar != "china":
            return self._special.get(date)
        table = _announced(date.year)
        if table is None:
            if date.year not in self._provisional:
                raise NoDayTableError(date)
            table = _expected(date.year)
        return table.get(date)

    def day_type(self, date: dt.date) -> DayType:
        """The kind of ``date``; raises :class:`NoDayTableError` where no arrangement is known."""
        entry = self._entry(date)
        if entry is not None:
            return entry.day_type
        return DayType.REST_DAY if date.weekday() >= 5 else DayType.WORKING_DAY

    def state(self, date: dt.date) -> DayState:
        """Whether the kind of ``date`` is announced; raises like :meth:`day_type`."""
        entry = self._entry(date)
        if entry is not None:
            return entry.state
        unknown = self._calendar == "china" and _announced(date.year) is None
        return "provisional" if unknown else "official"

    def name(self, date: dt.date) -> str:
        """The holiday that ``date`` belongs to, or an empty string."""
        try:
            entry = self._entry(date)
        except NoDayTableError:
            return ""
        return entry.name if entry else ""


class NoLunarDateError(ValueError):
    """The Chinese calendar has no such date, or it lies outside 1901 to 2099."""


@dataclass(frozen=True, slots=True)
class Lunar:
    """A date of the Chinese calendar; ``leap`` marks the second month of the same number."""

    year: int
    month: int
    day: int
    leap: bool

    @property
    def text(self) -> str:
        """Month and day as a duty sheet writes them: 八月十五, 闰四月初一."""
        return _months()[self.month, self.leap] + _days()[self.day]


def _months() -> dict[tuple[int, bool], str]:
    names = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"]
    return {(n, leap): ("闰" if leap else "") + name + "月"
            for n, name in enumerate(names, 1) for leap in (False, True)}  # fmt: skip


def _days() -> dict[int, str]:
    digits = "一二三四五六七八九"
    names = [f"初{d}" for d in digits] + ["初十"] + [f"十{d}" for d in digits] + ["二十"]
    return dict(enumerate(names + [f"廿{d}" for d in digits] + ["三十"], 1))


def to_lunar(date: dt.date) -> Lunar:
    """The date in the Chinese calendar, 1901 to 2099; else raises :class:`NoLunarDateError`."""
    from borax.calendars.lunardate import LunarDate

    if not 1901 <= date.year <= 2099:
        raise NoLunarDateError(f"{date} lies outside 1901 to 2099")
    found = LunarDate.from_solar(date)
    return Lunar(found.year, found.month, found.day, bool(found.leap))


def from_lunar(year: int, month: int, day: int, leap: bool = False) -> dt.date:
    """The date of a day of the Chinese calendar; raises :class:`NoLunarDateError` where none is."""
    from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

    if not 1901 <= year <= 2099:
        raise NoLunarDateError(f"{year} lies outside 1901 to 2099")
    try:
        found: dt.date = LunarDate(year, month, day, int(leap)).to_solar_date()
    except InvalidLunarDateError as error:
        raise NoLunarDateError(str(error)) from error
    return found


Branch = Literal["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"]
BRANCHES: tuple[Branch, ...] = (
    "子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥",
)  # fmt: skip


def branch(date: dt.date) -> Branch:
    """The earthly branch of a day; they return every twelve days."""
    return BRANCHES[(date.toordinal() + 1_721_426) % 12]


Digit = Annotated[int, Field(strict=True, ge=0, le=9)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]


class Market(Record):
    """A market held in some areas on certain days.

    ``every`` says how its days are told: by the last digit of the lunar or of the solar day of the
    month (``digits``; 0 stands for the 10th, 20th and 30th), by ``weekdays`` (1 is Monday, 7
    Sunday), by the ``branches`` of the twelve-day cycle, or by ``dates``. With ``must`` its areas
    are patrolled on each of its days, in one of ``shifts`` (empty: any).
    """

    id: Id
    areas: tuple[Id, ...]
    every: Literal["lunar-digit", "solar-digit", "weekday", "branch", "date"]
    name: Text = ""
    digits: tuple[Digit, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    branches: tuple[Branch, ...] = ()
    dates: tuple[Day, ...] = ()
    shifts: tuple[Id, ...] = ()
    must: Flag = False
    remarks: Text = ""

    def held_on(self, date: dt.date) -> bool:
        """Whether the market is held on ``date``."""
        match self.every:
            case "lunar-digit":
                return to_lunar(date).day % 10 in self.digits
            case "solar-digit":
                return date.day % 10 in self.digits
            case "weekday":
                return date.isoweekday() in self.weekdays
            case "branch":
                return branch(date) in self.branches
            case _:
                return date in self.dates
