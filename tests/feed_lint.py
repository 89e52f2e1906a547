"""Reads a calendar feed octet by octet and reports what parsers forgive and telephones do not.

Written from RFC 5545, RFC 5546 (PUBLISH) and RFC 7986; uses no iCalendar library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<params>(;[^:;"]+=("[^"]*"|[^:;"]*))*):(?P<value>.*)'
)
_DURATION = re.compile(r"P(\d+W|(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}
_BARE = re.compile(r"(?<!\\)(?:\\\\)*[;,]")
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])")


@dataclass
class Component:
    """A component with its properties, in order, and the components in it."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [value for found, _, value in self.lines if found == name]

    def value(self, name: str) -> str:
        return next(iter(self.values(name)), "")


def lint(feed: bytes) -> list[str]:
    """Everything that is wrong with a feed; empty when it is clean."""
    found = _octets(feed)
    text = feed.decode("utf-8", "replace").replace("\r\n ", "").replace("\r\n\t", "")
    calendar, structure = _parse(text)
    found += structure
    if calendar is not None:
        found += _calendar(calendar)
    return sorted(set(found))


def events(feed: bytes) -> list[Component]:
    """The events of a feed that has a calendar."""
    calendar, _ = _parse(feed.decode().replace("\r\n ", ""))
    assert calendar is not None
    return [part for part in calendar.parts if part.name == "VEVENT"]


def _octets(feed: bytes) -> list[str]:
    found = []
    if feed.startswith(b"\xef\xbb\xbf"):
        found.append("byte order mark")
    if feed.count(b"\n") != feed.count(b"\r\n") or feed.count(b"\r") != feed.count(b"\r\n"):
        found.append("a line does not end with CRLF")
    if not feed.endswith(b"END:VCALENDAR\r\n"):
        found.append("does not end with END:VCALENDAR")
    for line in feed.split(b"\r\n"):
        if len(line) > 75:
            found.append("a line has more than 75 octets")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            found.append("a line is not whole UTF-8")
        else:
            if re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", text):
                found.append("a control character")
    return found


def _parse(text: str) -> tuple[Component | None, list[str]]:
    found: list[str] = []
    root = Component("")
    stack = [root]
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            found.append("a line is no content line")
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            part = Component(value.upper())
            stack[-1].parts.append(part)
            stack.append(part)
        elif name == "END":
            if stack[-1].name != value.upper() or len(stack) == 1:
                return None, [*found, "BEGIN and END do not match"]
            stack.pop()
        else:
            stack[-1].lines.append((name, match["params"], value))
    if len(stack) != 1 or [part.name for part in root.parts] != ["VCALENDAR"] or root.lines:
        return None, [*found, "is not one calendar"]
    return root.parts[0], found


def _calendar(calendar: Component) -> list[str]:
    found = [f"{n} not once" for n in ("PRODID", "VERSION") if len(calendar.values(n)) != 1]
    if calendar.value("VERSION") not in ("", "2.0"):
        found.append("VERSION is not 2.0")
    if calendar.values("METHOD") != ["PUBLISH"]:
        found.append("METHOD is not PUBLISH")
    if calendar.values("UID"):
        found.append("a UID of the calendar")
    if "icalendar" in calendar.value("PRODID"):
        found.append("PRODID of the icalendar package")
    if not calendar.parts:
        found.append("no component")
    for name, params, value in calendar.lines:
        if name == "REFRESH-INTERVAL" and (
            params != ";VALUE=DURATION" or not _DURATION.fullmatch(value)
        ):
            found.append("REFRESH-INTERVAL is not of the form")
        if name == "SOURCE" and params != ";VALUE=URI":
            found.append("SOURCE without VALUE=URI")
        if name == "COLOR" and not re.fullmatch("[a-z]+", value):
            found.append("COLOR is no CSS name")
        found += _text(name, value)
    zones = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    for zone in zones:
        found += _zone(zone)
    known = {zone.value("TZID") for zone in zones}
    happenings = [part for part in calendar.parts if part.name == "VEVENT"]
    for event in happenings:
        found += _event(event, known)
    uids = [event.value("UID") for event in happenings]
    if len(uids) != len(set(uids)):
        found.append("a UID twice")
    return found


def _zone(zone: Component) -> list[str]:
    found = [] if len(zone.values("TZID")) == 1 else ["VTIMEZONE without TZID"]
    if not zone.parts:
        found.append("VTIMEZONE without a block")
    for block in zone.parts:
        if block.name not in ("STANDARD", "DAYLIGHT"):
            found.append("VTIMEZONE with another block")
        once = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
        found += [f"{name} of a block not once" for name in once if len(block.values(name)) != 1]
    return found


def _event(event: Component, zones: set[str]) -> list[str]:
    once = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "ORGANIZER", "STATUS")
    found = [f"{name} of an event not once" for name in once if len(event.values(name)) != 1]
    if event.values("ATTENDEE"):
        found.append("ATTENDEE in a published feed")
    if event.value("STATUS") not in ("CONFIRMED", "TENTATIVE", "CANCELLED"):
        found.append("STATUS is none of an event")
    if event.values("CLASS"):
        found.append("CLASS hides the event")
    if event.parts:
        found.append("an alarm")
    if event.value("DTEND") <= event.value("DTSTART"):
        found.append("ends before it starts")
    for name, params, value in event.lines:
        zone = re.search(r';TZID="?([^":;]+)', params)
        if name in ("DTSTART", "DTEND") and not zone and not value.endswith("Z"):
            found.append("a time without a zone")
        if zone and zone[1] not in zones:
            found.append("TZID without VTIMEZONE")
        found += _text(name, value)
        if name == "CATEGORIES" and "\\," in value:
            found.append("a comma in a category")
    return found


def _text(name: str, value: str) -> list[str]:
    if name not in _TEXTS:
        return []
    found = []
    if _BARE.search(value):
        found.append("an unescaped separator")
    if _BAD_ESCAPE.search(value):
        found.append("an unknown escape")
    return found
