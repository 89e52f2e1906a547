"""Reads a calendar feed octet by octet and finds what parsers forgive and telephones do not.

Written from RFC 5545, RFC 5546 (counts by METHOD), RFC 7986 and reports of what calendar programs
do; uses no iCalendar library, so that it shares no mistake with the writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from patrol_scheduler.publishing.components import Component, parse, split_events, unfolded
from patrol_scheduler.texts import text

LONGEST = 75
"""So many octets a line may have (RFC 5545, 3.1)."""

_DURATION = re.compile(r"P(\d+W|(?=[\dT])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")
_MOMENT = re.compile(r"\d{8}(T\d{6}Z?)?")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}
_BARE = re.compile(r"(?<!\\)(?:\\\\)*[;,]")
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_CUT = re.compile(rb"\n[ \t]?[\x80-\xbf]")
_UID = re.compile(rb"UID:[!-~]{1,71}")
_HEAD = b"BEGIN:VEVENT\r\nUID:"


@dataclass(slots=True)
class _Event:
    """What is wrong with one event by itself, its UID, and the zones that it needs."""

    found: frozenset[str]
    uid: bytes
    zones: frozenset[str]


@dataclass(slots=True)
class Linter:
    """Lints many feeds of one publication; an event that stands in several is read once."""

    _known: dict[tuple[bytes, str], _Event] = field(default_factory=dict)

    def lint(self, feed: bytes, *, method: str | None = "PUBLISH") -> tuple[str, ...]:
        """Everything that is wrong with a feed, as keys of sentences; empty when it is clean.

        ``method`` is what the feed must say it is for: ``PUBLISH``, ``REQUEST`` or ``CANCEL``;
        ``None`` for an object on a CalDAV server, which has none.
        """
        found = set(_ends(feed))
        head, events = split_events(feed)
        found.update(_octets(head))
        parts, structure = parse(unfolded(head))
        found.update(structure)
        zones: set[str] = set()
        if not structure and [part.name for part in parts] != ["VCALENDAR"]:
            found.add("structure")
        elif parts:
            found.update(_calendar(parts[0], method))
            zones = {part.value("TZID") for part in parts[0].parts if part.name == "VTIMEZONE"}
            if not events and not parts[0].parts:
                found.add("empty")
        uids = []
        for event in events:
            uid, rest = _split(event)
            known = self._known.get((rest, method or ""))
            if known is None:
                known = self._known[rest, method or ""] = _judged(event, method)
            uids.append(uid or known.uid)
            found |= known.found
            if not known.zones <= zones:
                found.add("undeclared-zone")
        uids = [uid for uid in uids if uid]
        if len(uids) != len(set(uids)):
            found.add("uid-twice")
        return tuple(sorted(found))


def lint(feed: bytes, *, method: str | None = "PUBLISH") -> tuple[str, ...]:
    """Everything that is wrong with one feed; see :meth:`Linter.lint`."""
    return Linter().lint(feed, method=method)


def finding_text(what: str, lang: str) -> str:
    """A finding of the lint as a sentence."""
    if what.startswith("not-once-"):
        name = what.removeprefix("not-once-").upper()
        return text("publishing.lint.not-once", lang, name=name)
    return text(f"publishing.lint.{what}", lang)


def method_of(feed: bytes) -> str | None:
    """What a feed says that it is for, ``None`` where it does not say."""
    found = re.search(rb"^METHOD:([A-Z]+)\r?$", feed, re.MULTILINE)
    return found[1].decode() if found else None


def _split(event: bytes) -> tuple[bytes, bytes]:
    """The UID line at the head of an event, and the rest, which other feeds may have as well."""
    if not event.startswith(_HEAD):
        return b"", event
    line, mark, rest = event[len(_HEAD) - 4 :].partition(b"\r\n")
    if not _UID.fullmatch(line) or rest.startswith((b" ", b"\t")):
        return b"", event
    return line + mark, rest


def _ends(feed: bytes) -> Iterable[str]:
    """What is wrong with the beginning and the end of a feed, and of its lines."""
    if feed.startswith(b"\xef\xbb\xbf"):
        yield "byte-order-mark"
    breaks = feed.count(b"\r\n")
    if feed.count(b"\n") != breaks or feed.count(b"\r") != breaks:
        yield "line-end"
    if not feed.endswith(b"END:VCALENDAR\r\n"):
        yield "cut-short"


def _octets(lines: bytes) -> Iterable[str]:
    """What is wrong with the octets of some lines."""
    if max(map(len, re.split(b"\r\n|\r|\n", lines))) > LONGEST:
        yield "long-line"
    try:
        text = lines.decode()
    except UnicodeDecodeError:
        yield "not-utf8"
        text = lines.decode("utf-8", "replace")
    # Folding may only cut between characters: each physical line is whole by itself.
    if _CUT.search(lines):
        yield "not-utf8"
    if _CONTROL.search(text):
        yield "control-character"


def _calendar(calendar: Component, method: str | None) -> Iterable[str]:
    for name in ("PRODID", "VERSION"):
        if len(calendar.values(name)) != 1:
            yield f"not-once-{name.lower()}"
    if calendar.value("VERSION") not in ("", "2.0"):
        yield "version"
    if calendar.values("METHOD") != ([method] if method else []):
        yield "method"
    if calendar.values("UID"):
        yield "calendar-uid"
    if "icalendar" in calendar.value("PRODID"):
        yield "foreign-prodid"
    for name, params, value in calendar.lines:
        if name == "REFRESH-INTERVAL" and (
            params != ";VALUE=DURATION" or not _DURATION.fullmatch(value)
        ):
            yield "refresh-interval"
        if name == "SOURCE" and params != ";VALUE=URI":
            yield "source"
        if name == "COLOR" and not re.fullmatch("[a-z]+", value):
            yield "color"
        yield from _text(name, value)
    for part in calendar.parts:
        if part.name == "VTIMEZONE":
            yield from _zone(part)


def _zone(zone: Component) -> Iterable[str]:
    blocks = [block.name for block in zone.parts]
    if len(zone.values("TZID")) != 1 or not blocks or set(blocks) - {"STANDARD", "DAYLIGHT"}:
        yield "timezone"
    for block in zone.parts:
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
            if len(block.values(name)) != 1:
                yield "timezone"


def _judged(event: bytes, method: str | None) -> _Event:
    parts, found = parse(unfolded(event))
    found += _octets(event)
    zones: set[str] = set()
    uid = ""
    if parts and [part.name for part in parts] != ["VEVENT"]:
        found.append("structure")
    for part in parts:
        found += _event(part, method)
        uid = part.value("UID")
        for _, params, _ in part.lines:
            zone = re.search(r';TZID="?([^":;]+)', params)
            if zone:
                zones.add(zone[1])
    return _Event(frozenset(found), f"UID:{uid}\r\n".encode() if uid else b"", frozenset(zones))


_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "ORGANIZER", "STATUS")


def _event(event: Component, method: str | None) -> Iterable[str]:
    for name in _ONCE:
        if len(event.values(name)) != 1:
            yield f"not-once-{name.lower()}"
    guests = len(event.values("ATTENDEE"))
    if guests and method == "PUBLISH":
        yield "attendee"
    if not guests and method in ("REQUEST", "CANCEL"):
        yield "no-attendee"
    if event.value("STATUS") not in ("", "CONFIRMED", "TENTATIVE", "CANCELLED"):
        yield "status"
    if method == "CANCEL" and event.value("STATUS") != "CANCELLED":
        yield "status"
    if event.values("CLASS"):
        yield "class"
    if not event.value("SEQUENCE").isdecimal():
        yield "not-once-sequence"
    if event.value("DTEND") <= event.value("DTSTART"):
        yield "ends-before-start"
    for name, params, value in event.lines:
        if name in ("DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED"):
            if not _MOMENT.fullmatch(value):
                yield "moment"
            if not value.endswith("Z") and ";TZID=" not in params and "VALUE=DATE" not in params:
                yield "no-zone"
        yield from _text(name, value)
    for part in event.parts:
        if part.name != "VALARM" or part.value("ACTION") != "DISPLAY":
            yield "alarm"
        if len(part.values("TRIGGER")) != 1 or event.value("STATUS") == "CANCELLED":
            yield "alarm"
        for name, _, value in part.lines:
            yield from _text(name, value)


def _text(name: str, value: str) -> Iterable[str]:
    if name in _TEXTS:
        if _BARE.search(value):
            yield "unescaped"
        if _BAD_ESCAPE.search(value):
            yield "unknown-escape"
