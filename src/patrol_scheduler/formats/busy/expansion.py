"""Works out the entries of one calendar, in a process of its own with bounded time and memory.

Reads one JSON document from the standard input and writes one to the standard output. A rule that
never applies, for example on 30 February, would be followed to the end of time; here the system
ends the process instead.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

MEMORY = 1024**3
"""The most memory, in bytes, where the system can bound it."""

REASON_LENGTH = 200
"""So many characters of an entry's title are kept."""


def main() -> int:
    """Answer the question on the standard input."""
    asked = json.load(sys.stdin)
    _bound(int(asked["seconds"]))
    json.dump(answer(asked), sys.stdout)
    return 0


def _bound(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # a system that cannot; the caller's patience is bounded as well
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """The busy times as ``[start, end, title]``, or what is wrong with the calendar."""
    zone = ZoneInfo(asked["timezone"])
    first, last = (dt.date.fromisoformat(asked[name]) for name in ("first", "last"))
    times: list[tuple[str, str, str]] = []
    try:
        for start, end, reason in _times(asked["text"], zone, first, last):
            times.append((start.isoformat(), end.isoformat(), reason))
            if len(times) > asked["most"]:
                return {"wrong": "calendar-too-busy"}
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        return {"wrong": "calendar-unreadable", "value": f"{error}"[:200]}
    return {"times": times}


def _times(
    text: str, zone: ZoneInfo, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.datetime, dt.datetime, str]]:
    import recurring_ical_events
    from icalendar import Calendar

    begin = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    for calendar in Calendar.from_ical(text, multiple=True):
        query = recurring_ical_events.of(calendar, components=["VEVENT"])
        for event in query.between(begin, end):
            if _free(event):
                continue
            from_, until = _local(event.start, zone), _local(event.end, zone)
            if from_ < until:
                title = " ".join(str(event.get("SUMMARY", "")).split())
                yield from_, until, title[:REASON_LENGTH]


def _free(event: Any) -> bool:
    """Whether an entry takes up no time: cancelled, or shown as free."""
    return (
        str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    )


def _local(moment: dt.date, zone: ZoneInfo) -> dt.datetime:
    """A date or time as a time in the plan's zone, without naming it."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time())
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zone).replace(tzinfo=None)


if __name__ == "__main__":
    sys.exit(main())
