"""What kind of day a date is: working day, rest day, statutory holiday or make-up working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from patrol_scheduler.records import Day, Record, Text, dates_between


class DayType(StrEnum):
    """The four kinds of day that Chinese duty rosters tell apart."""

    WORKING_DAY = "working-day"
    REST_DAY = "rest-day"
    STATUTORY_HOLIDAY = "statutory-holiday"
    MAKE_UP_WORKING_DAY = "make-up-working-day"


class SpecialDay(Record):
    """A date whose kind the plan states itself; it overrides every built-in table."""

    date: Day
    day_type: DayType
    name: Text = ""


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


CHINA_YEARS = frozenset({2010})
"""The years whose holiday arrangement is built in."""


class DayTable:
    """Tells the kind of any date of a plan.

    ``special`` overrides the calendar. With ``china`` a date outside the built-in years that
    ``special`` does not name raises :class:`NoDayTableError`: an arrangement is never guessed.
    """

    def __init__(self, calendar: CalendarName, special: Iterable[SpecialDay] = ()) -> None:
        self._calendar = calendar
        self._special = _built_in() if calendar == "china" else {}
        self._special.update((entry.date, entry) for entry in special)

    def day_type(self, date: dt.date) -> DayType:
        """The kind of ``date``; raises :class:`NoDayTableError` where no arrangement is known."""
        if date in self._special:
            return self._special[date].day_type
        if self._calendar == "china" and date.year not in CHINA_YEARS:
            raise NoDayTableError(date)
        return DayType.REST_DAY if date.weekday() >= 5 else DayType.WORKING_DAY

    def name(self, date: dt.date) -> str:
        """The holiday that ``date`` belongs to, or an empty string."""
        entry = self._special.get(date)
        return entry.name if entry else ""
