"""What the next publication of a roster will be: its ledger, and the feeds that differ."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from patrol_scheduler.outputs.feeds import Feed, events_by_feed, feeds_of
from patrol_scheduler.outputs.icalendar import FeedWriter, Style, feed_bytes, stamp
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.folder import Tokens, new_token
from patrol_scheduler.publishing.ledger import Change, Ledger, Page, advance
from patrol_scheduler.roster import Roster


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication before it is written.

    ``files`` are the feeds to write, by key; ``ended`` the tokens, by key, of feeds whose owner has
    left the plan and that have nothing left to show.
    """

    ledger: Ledger
    changes: tuple[Change, ...]
    files: dict[str, bytes]
    ended: dict[str, str]


def edition(
    before: Ledger,
    tokens: Tokens,
    problem: Problem,
    roster: Roster,
    style: Style,
    now: dt.datetime,
    intact: Collection[str],
) -> Edition:
    """The publication of a roster at ``now`` that follows the ledger ``before``.

    ``intact`` are the feeds that lie published just as ``before`` knows them: of these only what
    changes is written. New feeds get tokens in ``tokens``, those that end lose theirs.
    """
    writer = FeedWriter(problem, style, before.plan)
    mine = events_by_feed(problem, roster)
    ledger, changes = advance(before, writer, problem, mine, now, style.lang)
    touched = {key for change in changes for key in change.feeds}
    moment = max(stamp(now), before.latest)
    wanted = {feed.key: feed for feed in feeds_of(problem, style.lang)}
    ended = _of_those_who_left(ledger, tokens, wanted)
    files: dict[str, bytes] = {}
    for key, feed in wanted.items():
        token = tokens.of.setdefault(key, new_token())
        if token is None:
            ledger.pages.pop(key, None)
            continue
        old = ledger.pages.get(key)
        source = tokens.address(token) if tokens.url else ""
        modified = moment if old is None or key in touched else old.modified
        head = _head(writer, feed, modified, source)
        if old is not None and key not in touched:
            if _digest(head) != old.head:
                modified, head = moment, _head(writer, feed, moment, source)
            elif key in intact:
                continue
            # Otherwise the file is not the ledger's own: written again, it is no newer for that.
        lines = (entry.lines(uid, ledger.contents) for uid, entry in ledger.shown(key))
        files[key] = feed_bytes(head, lines)
        ledger.pages[key] = Page(_digest(head), _digest(files[key]), modified, feed.title)
    return Edition(ledger, tuple(changes), files, ended)


def _of_those_who_left(ledger: Ledger, tokens: Tokens, wanted: dict[str, Feed]) -> dict[str, str]:
    """Keep the feeds of owners no longer in the plan while they show anything; end the others."""
    ended: dict[str, str] = {}
    for key, page in list(ledger.pages.items()):
        if key in wanted:
            continue
        if ledger.shown(key):
            kind, _, identifier = key.partition(":")
            wanted[key] = Feed(kind, identifier, identifier, page.title)
        else:
            del ledger.pages[key]
            token = tokens.of.pop(key, None)
            if token is not None:
                ended[key] = token
    return ended


def _head(writer: FeedWriter, feed: Feed, modified: str, source: str) -> bytes:
    return writer.head(
        name=feed.title, color=feed.color, modified=modified, mark=feed.mark, source=source
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
