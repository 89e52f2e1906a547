"""The ledger of published events: how often each was changed and when, and what it says.

Calendars tell old from new by an event's number of changes (``SEQUENCE``) and its times. A ledger
keeps them from one publication to the next, so that nothing changes unless a duty does, and a
cancelled duty stays to be seen until its day has passed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from patrol_scheduler.outputs.events import Event, Rest
from patrol_scheduler.outputs.feeds import Feed
from patrol_scheduler.outputs.icalendar import (
    FeedWriter,
    Version,
    cancelled,
    event_bytes,
    event_uid,
    stamp,
)
from patrol_scheduler.problem import Problem

LIVE, CANCELLED, GONE = "live", "cancelled", "gone"

SHARED = ""
"""The key of what everybody shares, beside ``agency:ID`` and ``officer:ID``."""


class Entry(NamedTuple):
    """What is known of one event.

    ``state`` is ``live``, ``cancelled`` (shown as such) or ``gone`` (no longer shown; kept so that
    it goes on counting if it comes back). ``content`` names what it says, ``place`` is the key of
    its area's or post's feed. It begins at ``starts``; from ``ends`` on its day has passed: both
    are UTC, written 20100930T233000Z, as are ``created`` and ``modified``.
    """

    sequence: int
    created: str
    modified: str
    state: str
    content: str
    starts: str
    ends: str
    place: str

    def lines(self, uid: str, contents: Mapping[str, bytes]) -> bytes:
        """The event as it stands in a feed."""
        version = Version(self.sequence, self.created, self.modified)
        return event_bytes(uid, version, contents[self.content])


class Page(NamedTuple):
    """A published feed: SHA-256 of its head and of all of it, when it last changed, its title."""

    head: str
    file: str
    modified: str
    title: str


@dataclass(slots=True)
class Ledger:
    """Every event ever published from a folder, by scope and UID, and every feed by its key.

    ``contents`` holds what the events that are shown say, by its digest.
    """

    plan: UUID
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def latest(self) -> str:
        """The last moment at which anything was changed; empty in a new ledger."""
        return max((page.modified for page in self.pages.values()), default="")

    def shown(self, feed_key: str) -> list[tuple[str, Entry]]:
        """The events of a feed that are not gone, in order of their start."""
        kind = feed_key.partition(":")[0]
        entries = self.entries.get(feed_key if kind in ("agency", "officer") else SHARED, {})
        found = [
            (uid, entry)
            for uid, entry in entries.items()
            if entry.state != GONE and (kind not in ("area", "post") or entry.place == feed_key)
        ]
        return sorted(found, key=lambda item: (item[1].starts, item[1].place, item[0]))

    def upcoming(self, now: str) -> Counter[str]:
        """How many events of each feed take place and have not passed, by the feed's key."""
        found: Counter[str] = Counter()
        for scope, entries in self.entries.items():
            for entry in entries.values():
                if entry.state == LIVE and entry.ends > now:
                    found[scope or "all"] += 1
                    if not scope:
                        found[entry.place] += 1
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """One event that differs from the last publication: ``new``, ``changed``, ``cancelled``,
    ``restored`` or ``dropped``."""

    scope: str
    uid: str
    what: str
    entry: Entry

    @property
    def feeds(self) -> tuple[str, ...]:
        """The keys of the feeds that it is in."""
        return (self.scope,) if self.scope else ("all", self.entry.place)


def digest(content: bytes) -> str:
    """A name for what an event says, the same for the same bytes: 32 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:32]


def advance(
    ledger: Ledger,
    writer: FeedWriter,
    problem: Problem,
    mine: Mapping[tuple[str, str], list[Event | Rest]],
    now: dt.datetime,
    lang: str,
) -> tuple[Ledger, list[Change]]:
    """The ledger after a roster is published at ``now``, and what changes by it.

    ``mine`` are the events of each feed. An event that says the same keeps its version; one that
    says something else is raised by one; one that is missing is cancelled until its day has passed.
    ``ledger`` itself stays as it is.
    """
    moment = max(stamp(now), ledger.latest)
    step = _Step(ledger, writer, problem, moment, stamp(now), lang)
    shared = mine.get(("all", ""), [])
    step.scope(SHARED, Feed("all", "", "", ""), shared)
    owners = dict.fromkeys(owner for owner in mine if owner[0] in ("agency", "officer"))
    for kind, identifier in owners:
        feed = Feed(kind, identifier, "", "")
        step.scope(feed.key, feed, mine[kind, identifier])
    for key in ledger.entries:
        if key not in step.after:
            step.scope(key, None, [])
    contents = {
        entry.content: step.contents[entry.content]
        for entries in step.after.values()
        for entry in entries.values()
        if entry.state != GONE
    }
    new = Ledger(ledger.plan, step.after, contents, dict(ledger.pages))
    return new, step.changes


@dataclass(slots=True)
class _Step:
    """From one publication to the next."""

    before: Ledger
    writer: FeedWriter
    problem: Problem
    moment: str
    today: str
    lang: str
    after: dict[str, dict[str, Entry]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    _times: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    _digests: dict[tuple[tuple[str, ...], bool], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.contents = dict(self.before.contents)

    def scope(self, key: str, feed: Feed | None, events: Iterable[Event | Rest]) -> None:
        """Carry the entries of one scope on."""
        old = self.before.entries.get(key, {})
        new: dict[str, Entry] = {}
        for event in events:
            assert feed is not None  # noqa: S101  # what has events has an owner
            uid = event_uid(self.writer.plan, event, feed.scope)
            new[uid] = self._present(key, uid, old.get(uid), event, feed)
        for uid, entry in old.items():
            if uid not in new:
                new[uid] = self._absent(key, uid, entry)
        self.after[key] = new

    def _present(
        self, key: str, uid: str, old: Entry | None, event: Event | Rest, feed: Feed
    ) -> Entry:
        # Officers' events may have an alarm that the others do not have.
        known = (event.key, feed.kind == "officer")
        name = self._digests.get(known)
        if name is None:
            content = self.writer.content(event, feed.scope)
            name = self._digests[known] = digest(content)
            self.contents[name] = content
        if old is not None and old.state == LIVE and old.content == name:
            return old
        starts, ends = self._when(event)
        place = _place(event)
        if old is None:
            entry = Entry(0, self.moment, self.moment, LIVE, name, starts, ends, place)
            what = "new"
        else:
            entry = Entry(
                old.sequence + 1, old.created, self.moment, LIVE, name, starts, ends, place
            )
            what = "changed" if old.state == LIVE else "restored"
        self.changes.append(Change(key, uid, what, entry))
        return entry

    def _absent(self, key: str, uid: str, old: Entry) -> Entry:
        if old.state == GONE or (old.state == CANCELLED and old.ends > self.today):
            return old
        if old.ends <= self.today:
            entry = old._replace(state=GONE, content="")
            self.changes.append(Change(key, uid, "dropped", entry))
            return entry
        content = cancelled(self.before.contents[old.content], self.lang)
        name = digest(content)
        self.contents[name] = content
        entry = old._replace(
            sequence=old.sequence + 1, modified=self.moment, state=CANCELLED, content=name
        )
        self.changes.append(Change(key, uid, "cancelled", entry))
        return entry

    def _when(self, event: Event | Rest) -> tuple[str, str]:
        found = self._times.get(event.key)
        if found is None:
            start, end = 0, 24 * 60
            if not isinstance(event, Rest):
                shift = self.problem.shift_by_id[event.shift]
                # A night shift ends after its day: both must be over.
                start, end = shift.start_minute, max(shift.end_minute, end)
            zone = ZoneInfo(self.problem.timezone)
            day = dt.datetime(event.date.year, event.date.month, event.date.day, tzinfo=zone)
            found = self._times[event.key] = (
                stamp(day + dt.timedelta(minutes=start)),
                stamp(day + dt.timedelta(minutes=end)),
            )
        return found


def _place(event: Event | Rest) -> str:
    """The key of an area's or post's feed; a day of rest is in none of them."""
    if isinstance(event, Rest):
        return ""
    return f"area:{event.area}" if event.area is not None else f"post:{event.post}"
