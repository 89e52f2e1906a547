"""Other people's calendar programs as judges of the feeds: what each sees, and its complaints.

All share no code with the library that the feeds are written with. Those that pip cannot bring
(ical.js from npm; libical and calcurse from Debian) are parts of :mod:`tests.parts`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import datetime as dt
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Verdict:
    """What a judge sees of a feed.

    ``events`` are (UID, start in UTC, end in UTC, summary, status); calcurse knows no UID and no
    status and leaves them empty. ``complaints`` is empty for a clean feed.
    """

    events: frozenset[tuple[str, dt.datetime, dt.datetime, str, str]]
    complaints: tuple[str, ...]

    def without_identity(self) -> list[tuple[dt.datetime, dt.datetime, str]]:
        return sorted(event[1:4] for event in self.events)


Judge = Callable[[Sequence[bytes]], list[Verdict]]


def utc(moment: Any) -> dt.datetime:
    if not isinstance(moment, dt.datetime):  # a whole day is the same in every zone
        assert isinstance(moment, dt.date)
        return dt.datetime.combine(moment, dt.time(), dt.UTC)
    return moment.astimezone(dt.UTC)


def _each(judge: Callable[[bytes], set[Any]]) -> Judge:
    def verdict(feed: bytes) -> Verdict:
        try:
            return Verdict(frozenset(judge(feed)), ())
        except Exception as error:  # whatever a parser raises is its complaint
            return Verdict(frozenset(), (f"{type(error).__name__}: {error}"[:300],))

    return lambda feeds: [verdict(feed) for feed in feeds]


def _ical(feed: bytes) -> set[Any]:
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    return {
        (e.uid, utc(e.dtstart), utc(e.dtend), e.summary or "", str(e.status.value))
        for e in calendar.events
        if e.status is not None
    }


def _vobject(feed: bytes) -> set[Any]:
    import vobject  # type: ignore[import-untyped]

    calendar = vobject.readOne(feed.decode())
    calendar.validate(raiseException=True)
    return {
        (
            e.uid.value,
            utc(e.dtstart.value),
            utc(e.dtend.value),
            e.summary.value,
            e.status.value,
        )
        for e in calendar.contents.get("vevent", [])
    }


def _files(feeds: Sequence[bytes], folder: str) -> list[str]:
    paths = []
    for n, feed in enumerate(feeds):
        path = Path(folder) / f"{n}.ics"
        path.write_bytes(feed)
        paths.append(str(path))
    return paths


def _icaljs(feeds: Sequence[bytes]) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(  # noqa: S603
            ["node", str(HERE / "icaljs.mjs"), *_files(feeds, folder)],  # noqa: S607
            capture_output=True,
            check=True,
            timeout=60,
        )
    return [
        Verdict(
            frozenset(
                (
                    uid,
                    dt.datetime.fromisoformat(start),
                    dt.datetime.fromisoformat(end),
                    summary,
                    status,
                )
                for uid, start, end, summary, status in found["events"]
            ),
            tuple(found["complaints"]),
        )
        for found in json.loads(ran.stdout)
    ]


class _Time(ctypes.Structure):
    """libical's icaltimetype."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    )


def _libical_loaded() -> Any:
    library = ctypes.CDLL(ctypes.util.find_library("ical") or "libical.so.3")
    pointer, string, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("icalparser_parse_string", pointer, [string]),
        ("icalrestriction_check", number, [pointer]),
        ("icalcomponent_as_ical_string", string, [pointer]),
        ("icalcomponent_free", None, [pointer]),
        ("icalerror_set_errors_are_fatal", None, [number]),
        ("icalcomponent_string_to_kind", number, [string]),
        ("icalcomponent_get_first_component", pointer, [pointer, number]),
        ("icalcomponent_get_next_component", pointer, [pointer, number]),
        ("icalcomponent_get_uid", string, [pointer]),
        ("icalcomponent_get_summary", string, [pointer]),
        ("icalcomponent_get_status", number, [pointer]),
        ("icalproperty_status_to_string", string, [number]),
        ("icalcomponent_get_dtstart", _Time, [pointer]),
        ("icalcomponent_get_dtend", _Time, [pointer]),
        ("icaltimezone_get_utc_timezone", pointer, []),
        ("icaltime_convert_to_zone", _Time, [_Time, pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.icalerror_set_errors_are_fatal(0)
    return library


def _libical(feeds: Sequence[bytes]) -> list[Verdict]:
    library = _libical_loaded()
    kind = library.icalcomponent_string_to_kind(b"VEVENT")
    zone = library.icaltimezone_get_utc_timezone()

    def moment(time: _Time) -> dt.datetime:
        t = library.icaltime_convert_to_zone(time, zone)
        return dt.datetime(t.year, t.month, t.day, t.hour, t.minute, t.second, tzinfo=dt.UTC)

    verdicts = []
    for feed in feeds:
        component = library.icalparser_parse_string(feed)
        if not component:
            verdicts.append(Verdict(frozenset(), ("does not parse",)))
            continue
        found = set()
        sound = library.icalrestriction_check(component)
        event = library.icalcomponent_get_first_component(component, kind)
        while event:
            found.add(
                (
                    (library.icalcomponent_get_uid(event) or b"").decode(),
                    moment(library.icalcomponent_get_dtstart(event)),
                    moment(library.icalcomponent_get_dtend(event)),
                    (library.icalcomponent_get_summary(event) or b"").decode("utf-8", "replace"),
                    (
                        library.icalproperty_status_to_string(
                            library.icalcomponent_get_status(event)
                        )
                        or b""
                    ).decode(),
                )
            )
            event = library.icalcomponent_get_next_component(component, kind)
        text = library.icalcomponent_as_ical_string(component).replace(b"\r\n ", b"")
        errors = {
            line
            for line in text.decode("utf-8", "replace").splitlines()
            if line.startswith("X-LIC-ERROR")
        }
        if not sound:
            errors.add("icalrestriction_check failed")
        verdicts.append(Verdict(frozenset(found), tuple(sorted(errors))))
        library.icalcomponent_free(component)
    return verdicts


_APPOINTMENT = re.compile(
    r"(\d\d/\d\d/\d{4} @ \d\d:\d\d) -> (\d\d/\d\d/\d{4} @ \d\d:\d\d)[^|!]*[|!](.*)"
)


def _calcurse(feeds: Sequence[bytes]) -> list[Verdict]:
    environment = {**os.environ, "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
    return [_calcurse_one(feed, environment) for feed in feeds]


def _calcurse_one(feed: bytes, environment: dict[str, str]) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        (path,) = _files([feed], folder)
        imported = subprocess.run(  # noqa: S603
            ["calcurse", "-D", folder, "-C", folder, "-i", path],  # noqa: S607
            capture_output=True,
            timeout=60,
            env=environment,
            check=False,
        )
        kept = Path(folder) / "apts"
        listed = kept.read_text("utf-8", "replace") if kept.exists() else ""
    said = (imported.stdout + imported.stderr).decode("utf-8", "replace")
    complaints = [] if imported.returncode == 0 else [said[:300]]
    if not re.search(r"\b0 skipped", said):
        complaints.append(said[:300])
    found = set()
    for line in listed.split("\n"):
        match = _APPOINTMENT.search(line)
        if match:
            start, end = (
                dt.datetime.strptime(f"{moment} +0800", "%m/%d/%Y @ %H:%M %z")
                for moment in match.group(1, 2)
            )
            found.add(("", utc(start), utc(end), match[3], ""))
    return Verdict(frozenset(found), tuple(complaints))


JUDGES: dict[str, Judge] = {
    "ical": _each(_ical),
    "vobject": _each(_vobject),
    "ical.js": _icaljs,
    "libical": _libical,
    "calcurse": _calcurse,
}
