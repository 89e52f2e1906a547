"""Publishes the feeds of a roster: only what changed, whole or not at all, nothing forgotten."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from patrol_scheduler.outputs.icalendar import Style, plan_id, stamp
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.access import addresses, load_tokens
from patrol_scheduler.publishing.edition import edition
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.folder import Folder, Tokens
from patrol_scheduler.publishing.ledger import Change, Ledger
from patrol_scheduler.publishing.ledger_file import (
    DamagedLedgerError,
    dump,
    key_of,
    load,
    rebuilt,
    versions_in,
)
from patrol_scheduler.publishing.lint import Linter
from patrol_scheduler.publishing.nginx import check_url, nginx_configuration
from patrol_scheduler.roster import Roster

FEWEST_LOST = 5
"""So many coming events a feed may lose at once without anybody asking."""

FINDINGS_SHOWN = 100
"""So many findings of the lint are told."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did.

    ``changes`` are the events that differ from the last one; ``written`` the keys of the feeds
    whose files changed, ``unchanged`` how many did not, ``withdrawn`` the keys of those that ended:
    their owner has left the plan and nothing is left to show.
    """

    folder: Path
    ledger: Ledger
    changes: tuple[Change, ...]
    written: tuple[str, ...]
    unchanged: int
    withdrawn: tuple[str, ...]

    def count(self, what: str) -> int:
        """How many patrols and posts changed in a way, each counted once for all its feeds."""
        return sum(1 for change in self.changes if change.what == what and not change.scope)


def publish(
    problem: Problem,
    roster: Roster,
    to: str | Path,
    *,
    style: Style,
    now: dt.datetime,
    url: str | None = None,
    force: bool = False,
    rebuild: bool = False,
) -> Publication:
    """Publish every feed of a roster into the folder ``to``, from where a web server shows it.

    ``now`` stamps what changed and tells which days have passed; it has a time zone. ``url`` is the
    web address of the public folder and is remembered. ``force`` publishes also what the lint
    complains of and feeds that lose most of their coming events; ``rebuild`` makes a lost ledger
    anew from the published feeds. Raises :class:`PublishingError`, with everything as it was.
    """
    if url is not None:
        check_url(url)
    folder = Folder(Path(to))
    with folder.locked():
        tokens, ledger = _state(folder, problem, rebuild=rebuild, force=force)
        published = _Published(folder, tokens, ledger)
        published.refuse_strangers()
        before = ledger or Ledger(plan_id(problem))
        if url is not None:
            tokens.url = url.rstrip("/")
        made = edition(before, tokens, problem, roster, style, now, published.intact)
        if not force:
            _refuse_shrinking(before, made.ledger, stamp(now))
            _refuse_faults(made.files)
        titles = {key: page.title for key, page in made.ledger.pages.items()}
        folder.commit(
            {
                folder.ledger: dump(made.ledger),
                folder.tokens: tokens.dump(),
                folder.addresses: addresses(tokens, titles),
                folder.nginx: nginx_configuration(folder.public, tokens.url).encode(),
            },
            {
                folder.feed(token): made.files[key]
                for key, token in tokens.of.items()
                if token is not None and key in made.files
            },
            [*made.ended.values(), *published.orphans],
        )
        return Publication(
            folder.path,
            made.ledger,
            made.changes,
            tuple(made.files),
            len(made.ledger.pages) - len(made.files),
            tuple(made.ended),
        )


def _state(
    folder: Folder, problem: Problem, *, rebuild: bool, force: bool
) -> tuple[Tokens, Ledger | None]:
    """The tokens and the ledger of a folder; no ledger where nothing was ever published."""
    kept_tokens, kept_ledger = folder.read(folder.tokens), folder.read(folder.ledger)
    published = folder.published_tokens()
    if not published and kept_tokens is None and kept_ledger is None:
        return Tokens(), None
    if rebuild:
        return _rebuilt(folder, problem, published, kept_tokens, force=force)
    tokens = load_tokens(folder)
    if kept_ledger is None:
        raise PublishingError("ledger-lost", folder.ledger)
    try:
        return tokens, load(kept_ledger)
    except DamagedLedgerError as error:
        raise PublishingError("ledger-damaged", folder.ledger) from error


def _rebuilt(
    folder: Folder, problem: Problem, published: list[str], kept: bytes | None, *, force: bool
) -> tuple[Tokens, Ledger]:
    """Tokens and ledger as the published feeds show them."""
    feeds: dict[str, bytes] = {}
    tokens = Tokens()
    if kept is not None:
        try:
            tokens = Tokens.load(kept)
        except (ValueError, RecursionError):
            tokens = Tokens()
    linter = Linter()
    faulty = []
    known = {token: key for key, token in tokens.of.items() if token is not None}
    for token in published:
        feed = folder.read(folder.feed(token)) or b""
        key = known.get(token) or key_of(feed)
        if linter.lint(feed) or key is None:
            faulty.append(str(folder.feed(token)))
        if key is not None and (token in known or key not in tokens.of):
            feeds[key] = feed
            tokens.of[key] = token
    if faulty and not force:
        raise PublishingError("feeds-damaged", folder.public, details=tuple(faulty))
    try:
        return tokens, rebuilt(feeds, problem.timezone)
    except DamagedLedgerError as error:
        raise PublishingError("nothing-to-rebuild", folder.public) from error


class _Published:
    """What lies in the public folder now, held against what the ledger knows of it."""

    def __init__(self, folder: Folder, tokens: Tokens, ledger: Ledger | None) -> None:
        self.folder, self.tokens, self.ledger = folder, tokens, ledger
        self.orphans: list[str] = []
        self.intact: set[str] = set()

    def refuse_strangers(self) -> None:
        """Refuse feeds that are newer than the ledger, or that no token is known of.

        Either means that an old copy of the private folder was put back; going on would count
        anew what calendars have seen counted already.
        """
        pages = self.ledger.pages if self.ledger else {}
        for key, token in self.tokens.of.items():
            if token is None:
                continue
            feed = self.folder.read(self.folder.feed(token))
            page = pages.get(key)
            if feed is None:
                continue
            if page is not None and hashlib.sha256(feed).hexdigest() == page.file:
                self.intact.add(key)
            elif self._newer(key, feed):
                raise PublishingError("ledger-older", self.folder.ledger)
        known = {token for token in self.tokens.of.values() if token is not None}
        for token in self.folder.published_tokens():
            if token not in known:
                path = self.folder.feed(token)
                if key_of(self.folder.read(path) or b"") not in self.tokens.of:
                    raise PublishingError("unknown-feed", path)
                # It was revoked or rotated by a run that was killed before it was done.
                self.orphans.append(token)

    def _newer(self, key: str, feed: bytes) -> bool:
        scope = key if key.partition(":")[0] in ("agency", "officer") else ""
        known = self.ledger.entries.get(scope, {}) if self.ledger else {}
        return any(
            uid not in known or version > (known[uid].sequence, known[uid].modified)
            for uid, version in versions_in(feed).items()
        )


def _refuse_shrinking(before: Ledger, after: Ledger, now: str) -> None:
    """Refuse a publication by which a feed loses most of what it still had to come."""
    was, will_be = before.upcoming(now), after.upcoming(now)
    shrunk = tuple(
        f"{key}: {count} → {will_be[key]}"
        for key, count in was.items()
        if count - will_be[key] >= FEWEST_LOST and will_be[key] * 2 < count
    )
    if shrunk:
        raise PublishingError("shrunk", details=shrunk)


def _refuse_faults(files: dict[str, bytes]) -> None:
    """Refuse a publication in which the lint finds anything."""
    linter = Linter()
    found = [(key, what) for key, content in files.items() for what in linter.lint(content)]
    if found:
        raise PublishingError("faulty", findings=tuple(found[:FINDINGS_SHOWN]))
