"""Reads a person's calendar file (.ics) as the times at which that person is taken up.

Calendars come from strangers: size, lines, depth, number of entries and how often they repeat are
bounded here before any library sees the file, and repeating entries are worked out in a process of
their own whose time and memory are bounded too.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.formats.files import decode, read_bytes, refuse

LARGEST = 5 * 1024 * 1024
"""The largest calendar, in bytes."""

LONGEST_LINE = 64 * 1024
"""The longest property, in characters."""

MOST_COMPONENTS = 20_000
"""The most components, such as entries, alarms and time zones."""

DEEPEST = 4
"""How deep components may lie inside each other; three are in use."""

MOST_TIMES = 20_000
"""The most busy times that a calendar may have in the days asked for."""

SECONDS = 30
"""Processor seconds that working out one calendar may take."""

_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=", re.IGNORECASE)
_ZONE = re.compile(r';TZID="?([^":;]+)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    """A stretch of time from ``start`` up to ``end``, both local in the plan's time zone."""

    start: dt.datetime
    end: dt.datetime
    reason: str = ""


def read_busy_calendar(
    path: str | Path, timezone: str, first: dt.date, last: dt.date, *, seconds: int = SECONDS
) -> tuple[BusyTime, ...]:
    """When a calendar's owner is busy between two dates, both included, in order of time.

    Repeating entries count each time, all-day entries from midnight to midnight in ``timezone``;
    times without a zone are local. Entries that are cancelled or marked as free do not count.
    ``reason`` is the entry's title. ``seconds`` bounds the work. Raises :class:`InvalidInputError`
    for a file that is not a calendar, is too large in any way, repeats an entry more often than
    daily, or names an unknown time zone.
    """
    file = str(path)
    content = read_bytes(path)
    if len(content) > LARGEST:
        refuse(file, "file-too-large", most=LARGEST // 1024 // 1024)
    text = decode(file, content)
    _scan(file, text)
    rows = _worked_out(file, text, timezone, first, last, seconds)
    return tuple(
        sorted(
            BusyTime(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), reason)
            for start, end, reason in rows
        )
    )


def _unfolded(file: str, text: str) -> Iterator[tuple[int, str]]:
    """Every property with the line that it begins on; lines may end in any of the usual ways."""
    started, pieces, length = 0, list[str](), 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and pieces:
            pieces.append(line[1:])
        else:
            if pieces:
                yield started, "".join(pieces)
            started, pieces, length = number, [line], 0
        length += len(line)
        if length > LONGEST_LINE:
            refuse(file, "calendar-long-line", line=started, most=LONGEST_LINE)
    yield started, "".join(pieces)


def _scan(file: str, text: str) -> None:
    """Refuse what no honest calendar has, with every fault that does not end the reading."""
    stack: list[str] = []
    components = 0
    declared: set[str] = set()
    used: dict[str, int] = {}
    faults: list[Fault] = []
    for number, line in _unfolded(file, text):
        name, _, value = line.partition(":")
        name = name.strip().upper()
        value = value.strip()
        if name == "BEGIN":
            components += 1
            stack.append(value.upper())
            if stack[0] != "VCALENDAR":
                refuse(file, "calendar-none", line[:80], number)
            if len(stack) > DEEPEST:
                refuse(file, "calendar-too-deep", line=number, most=DEEPEST)
            if components > MOST_COMPONENTS:
                refuse(file, "calendar-too-many", most=MOST_COMPONENTS)
        elif name == "END":
            if not stack or stack.pop() != value.upper():
                refuse(file, "calendar-structure", line[:80], number)
        elif line.strip() and not stack:
            refuse(file, "calendar-none", line[:80], number)
        elif name.startswith(("RRULE", "EXRULE")) and _OFTEN.search(value):
            faults.append(Fault(file, "RRULE", number, value, "calendar-too-often"))
        elif name == "TZID" and stack[-1:] == ["VTIMEZONE"]:
            declared.add(value)
        else:
            zone = _ZONE.search(line.partition(":")[0])
            if zone:
                used.setdefault(zone[1], number)
    if stack:
        refuse(file, "calendar-cut-short")
    if not components:
        refuse(file, "calendar-none")
    for zone_name, number in used.items():
        if zone_name not in declared and not _known(zone_name):
            faults.append(Fault(file, "TZID", number, zone_name, "calendar-unknown-zone"))
    if faults:
        raise InvalidInputError(sorted(faults, key=lambda fault: fault.line or 0))


def _known(zone: str) -> bool:
    """Whether a time zone is known by its name, also by the one that Windows gives it."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    try:
        ZoneInfo(WINDOWS_TO_OLSON.get(zone, zone))
    except (OSError, ValueError, KeyError):
        return False
    return True


def _worked_out(
    file: str, text: str, timezone: str, first: dt.date, last: dt.date, seconds: int
) -> list[tuple[str, str, str]]:
    asked = {
        "text": text,
        "timezone": timezone,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "seconds": seconds,
        "most": MOST_TIMES,
    }
    command = [sys.executable, "-W", "ignore", "-m", "patrol_scheduler.formats.busy.expansion"]
    try:
        ran = subprocess.run(  # noqa: S603  # our own module, with nothing of the file in its words
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=False,
            # A loaded machine gives a process less than all of a processor.
            timeout=20 * seconds + 60,
        )
    except subprocess.TimeoutExpired:
        refuse(file, "calendar-too-much-work", most=seconds)
    if ran.returncode != 0:
        refuse(file, "calendar-too-much-work", most=seconds)
    answer = json.loads(ran.stdout)
    if "wrong" in answer:
        refuse(file, answer["wrong"], answer.get("value"), most=MOST_TIMES)
    return [(start, end, reason) for start, end, reason in answer["times"]]
