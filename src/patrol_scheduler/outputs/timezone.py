"""The VTIMEZONE component of a time zone, for the dates of a plan."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

# Far enough before any plan; readers take the first block for everything before it as well.
_ALWAYS = dt.datetime(1970, 1, 1)

_UTC = dt.UTC


@lru_cache(maxsize=64)
def timezone_lines(name: str, first: int, last: int) -> bytes:
    """The component of a time zone for the years ``first`` to ``last``, as lines of a feed."""
    component = timezone_component(name, dt.date(first, 1, 1), dt.date(last, 12, 31))
    lines: bytes = component.to_ical(sorted=False)
    return lines


def timezone_component(name: str, first: dt.date, last: dt.date) -> Timezone:
    """The time zone ``name`` from the year before ``first`` to the year after ``last``.

    A zone whose offset does not change in those years has one constant block: Asia/Shanghai since
    1992. Otherwise there is one block for each change, beginning at the local time that clocks
    showed before it (RFC 5545, 3.6.5). ``icalendar`` makes its own, but one hour late and, for
    Asia/Shanghai, with the summer times of 1986 to 1991, which some calendars then apply.
    """
    zone = ZoneInfo(name)
    start = dt.datetime(first.year - 1, 1, 1, tzinfo=_UTC)
    end = dt.datetime(last.year + 2, 1, 1, tzinfo=_UTC)
    component = Timezone()
    component.add("TZID", name)
    component.add_component(_block(start.astimezone(zone), _offset(start, zone), _ALWAYS))
    for moment in _changes(zone, start, end):
        before = _offset(moment - dt.timedelta(seconds=1), zone)
        local = (moment + before).replace(tzinfo=None)
        component.add_component(_block(moment.astimezone(zone), before, local))
    return component


def _offset(moment: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()


def _block(after: dt.datetime, before: dt.timedelta, onset: dt.datetime) -> Component:
    """One block: from local time ``onset`` on, the offset and the name are those of ``after``."""
    block: Component = TimezoneDaylight() if after.dst() else TimezoneStandard()
    block.add("DTSTART", onset)
    block.add("TZOFFSETFROM", before)
    block.add("TZOFFSETTO", after.utcoffset())
    block.add("TZNAME", after.tzname())
    return block


def _changes(zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Every moment from ``start`` to ``end``, in UTC, from which another offset is in force."""
    found = []
    day = start
    while day < end:
        next_day = day + dt.timedelta(days=1)
        if _offset(day, zone) != _offset(next_day, zone):
            low, high = day, next_day
            while high - low > dt.timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                if _offset(middle, zone) == _offset(low, zone):
                    low = middle
                else:
                    high = middle
            found.append(high)
        day = next_day
    return found
