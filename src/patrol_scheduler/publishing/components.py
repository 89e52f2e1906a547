"""A calendar as components and properties, read without any library and forgiving nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<params>(;[^:;"=]+=("[^"]*"|[^:;"]*))*):(?P<value>.*)', re.DOTALL
)


@dataclass(slots=True)
class Component:
    """A component with its properties (name, parameters, value), in order, and those in it."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Every value of a property."""
        return [value for found, _, value in self.lines if found == name]

    def value(self, name: str) -> str:
        """The first value of a property, empty where it is missing."""
        return next((value for found, _, value in self.lines if found == name), "")


def unfolded(content: bytes) -> str:
    """The text with long lines put together again; broken characters become U+FFFD."""
    return content.decode("utf-8", "replace").replace("\r\n ", "").replace("\r\n\t", "")


def parse(text: str) -> tuple[list[Component], list[str]]:
    """The components of an unfolded text, and what is wrong with its structure.

    Where ``BEGIN`` and ``END`` do not match there are no components.
    """
    found: list[str] = []
    root = Component("")
    stack = [root]
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            found.append("no-content-line")
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            part = Component(value.upper())
            stack[-1].parts.append(part)
            stack.append(part)
        elif name == "END":
            if len(stack) == 1 or stack[-1].name != value.upper():
                return [], [*found, "structure"]
            stack.pop()
        else:
            stack[-1].lines.append((name, match["params"], value))
    if len(stack) != 1 or root.lines:
        return [], [*found, "structure"]
    return root.parts, found


_BEGIN, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"


def split_events(feed: bytes) -> tuple[bytes, list[bytes]]:
    """A feed without its events, and the lines of each event, ``BEGIN`` and ``END`` included.

    Nothing is lost or judged: whatever does not belong to an event stays where it was.
    """
    head, *events = feed.split(b"\r\n" + _BEGIN)
    if not events:
        return feed, []
    events = [_BEGIN + event + b"\r\n" for event in events]
    last, mark, tail = events[-1].removesuffix(b"\r\n").rpartition(b"\r\n" + _END)
    if mark:
        events[-1] = last + mark
    else:
        events[-1], tail = tail, b""
    return head + b"\r\n" + tail, events


def event_components(feed: bytes) -> list[Component]:
    """The events of a feed; none where its structure is broken."""
    calendars, _ = parse(unfolded(feed))
    return [part for calendar in calendars for part in calendar.parts if part.name == "VEVENT"]
