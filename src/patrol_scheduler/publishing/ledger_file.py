"""The ledger as a file that knows when it is damaged, and its making from published feeds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from zoneinfo import ZoneInfo

from patrol_scheduler.outputs.icalendar import (
    FEED_MARK,
    PLAN_MARK,
    feed_bytes,
    folded_line,
    stamp,
)
from patrol_scheduler.publishing.components import parse, split_events, unfolded
from patrol_scheduler.publishing.ledger import (
    CANCELLED,
    LIVE,
    SHARED,
    Entry,
    Ledger,
    Page,
    digest,
)

FORMAT = "patrol-scheduler ledger 1"


class DamagedLedgerError(Exception):
    """The file is no whole ledger of this version."""


def dump(ledger: Ledger) -> bytes:
    """The ledger as JSON: a line with its format and the SHA-256 of the next, which holds it."""
    body = json.dumps(
        {
            "plan": str(ledger.plan),
            "pages": ledger.pages,
            "entries": ledger.entries,
            "contents": {name: lines.decode() for name, lines in ledger.contents.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    head = json.dumps({"format": FORMAT, "sha256": hashlib.sha256(body).hexdigest()})
    return head.encode() + b"\n" + body + b"\n"


def load(content: bytes) -> Ledger:
    """The ledger in a file; raises :class:`DamagedLedgerError` unless it is whole."""
    head, _, body = content.partition(b"\n")
    body = body.removesuffix(b"\n")
    expected = {"format": FORMAT, "sha256": hashlib.sha256(body).hexdigest()}
    try:
        if json.loads(head) != expected:
            raise DamagedLedgerError
        return _ledger(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedLedgerError from error


def _ledger(data: Any) -> Ledger:
    return Ledger(
        UUID(data["plan"]),
        {
            scope: {uid: Entry(*entry) for uid, entry in entries.items()}
            for scope, entries in data["entries"].items()
        },
        {name: lines.encode() for name, lines in data["contents"].items()},
        {key: Page(*page) for key, page in data["pages"].items()},
    )


# A published event as the writer lays it out; what follows the number of changes is its content.
_EVENT = re.compile(
    rb"BEGIN:VEVENT\r\nUID:(?P<uid>[^\r\n]+)\r\nDTSTAMP:(?P<modified>\d{8}T\d{6}Z)\r\n"
    rb"CREATED:(?P<created>\d{8}T\d{6}Z)\r\nLAST-MODIFIED:\d{8}T\d{6}Z\r\n"
    rb"SEQUENCE:(?P<sequence>\d{1,9})\r\n(?P<content>(?:.*\r\n)*)END:VEVENT\r\n"
)


def key_of(feed: bytes) -> str | None:
    """The key of a published feed, by its own mark; ``None`` where it has none."""
    found = _marks(feed).get(FEED_MARK)
    if found is None:
        return None
    kind, _, quoted = found.partition(":")
    return f"{kind}:{unquote(quoted)}" if quoted else kind


def title_of(feed: bytes) -> str:
    """What calendars show for a published feed."""
    value = _marks(feed).get("X-WR-CALNAME", "")
    return re.sub(r"\\(.)", lambda found: found[1].replace("n", " "), value)


def with_address(feed: bytes, old: str, new: str) -> bytes:
    """A published feed that says it is at the address ``new`` where it said ``old``."""
    head, events = split_events(feed)
    lines = unfolded(head).split("\r\n")
    wanted = f"SOURCE;VALUE=URI:{old}"
    if wanted not in lines:
        return feed
    lines[lines.index(wanted)] = f"SOURCE;VALUE=URI:{new}"
    folded = b"".join(folded_line(line) for line in lines if line)
    return feed_bytes(folded, events)


def versions_in(feed: bytes) -> dict[str, tuple[int, str]]:
    """The number of changes and the time of the last one of every event in a published feed."""
    return {
        match["uid"].decode(): (int(match["sequence"]), match["modified"].decode())
        for match in map(_EVENT.fullmatch, split_events(feed)[1])
        if match is not None
    }


def _marks(feed: bytes) -> dict[str, str]:
    head, _ = split_events(feed)
    wanted = (PLAN_MARK, FEED_MARK, "LAST-MODIFIED", "X-WR-CALNAME")
    lines = (line.partition(":") for line in unfolded(head).split("\r\n"))
    return {name: value for name, _, value in lines if name in wanted}


def rebuilt(feeds: Mapping[str, bytes], timezone: str) -> Ledger:
    """The ledger that feeds were published from, by their keys, as far as they show it.

    What they no longer show is forgotten: an event that is dropped and comes back counts anew.
    Raises :class:`DamagedLedgerError` where no feed says whose plan it is.
    """
    plans = [_marks(feed).get(PLAN_MARK) for feed in feeds.values()]
    try:
        plan = UUID(next(filter(None, plans), ""))
    except ValueError as error:
        raise DamagedLedgerError from error
    ledger = Ledger(plan)
    places: dict[str, str] = {}
    for key, feed in feeds.items():
        kind = key.partition(":")[0]
        scope = key if kind in ("agency", "officer") else SHARED
        marks = _marks(feed)
        head, events = split_events(feed)
        ledger.pages[key] = Page(
            hashlib.sha256(head).hexdigest(),
            hashlib.sha256(feed).hexdigest(),
            marks.get("LAST-MODIFIED", ""),
            title_of(feed),
        )
        entries = ledger.entries.setdefault(scope, {})
        for uid, entry, content in _entries(events, timezone):
            if kind in ("area", "post"):
                places[uid] = key
            if uid not in entries or entry[:3] > entries[uid][:3]:
                entries[uid] = entry
                ledger.contents[entry.content] = content
    shared = ledger.entries.get(SHARED, {})
    for uid, entry in shared.items():
        shared[uid] = entry._replace(place=places.get(uid, ""))
    return ledger


def _entries(events: Iterable[bytes], timezone: str) -> Iterable[tuple[str, Entry, bytes]]:
    for event in events:
        match = _EVENT.fullmatch(event)
        if match is None:
            continue
        parts, _ = parse(unfolded(event))
        if not parts:
            continue
        start, end = (_moment(parts[0].lines, name, timezone) for name in ("DTSTART", "DTEND"))
        if start is None or end is None:
            continue
        midnight = start.replace(hour=0, minute=0) + dt.timedelta(days=1)
        yield (
            match["uid"].decode(),
            Entry(
                int(match["sequence"]),
                match["created"].decode(),
                match["modified"].decode(),
                CANCELLED if parts[0].value("STATUS") == "CANCELLED" else LIVE,
                digest(match["content"]),
                stamp(start),
                stamp(max(end, midnight)),
                "",
            ),
            match["content"],
        )


def _moment(lines: list[tuple[str, str, str]], wanted: str, timezone: str) -> dt.datetime | None:
    """A time of an event in the plan's zone."""
    zone = ZoneInfo(timezone)
    for name, _, value in lines:
        if name == wanted:
            try:
                form = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
                moment = dt.datetime.strptime(value.removesuffix("Z"), form)
            except ValueError:
                return None
            if value.endswith("Z"):
                return moment.replace(tzinfo=dt.UTC).astimezone(zone)
            return moment.replace(tzinfo=zone)
    return None
