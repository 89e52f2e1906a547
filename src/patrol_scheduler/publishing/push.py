"""Pushes a published feed into a collection of its own on a CalDAV server.

Needs the extra ``caldav``. The server's collection is brought to what the feed shows: what is there
already is not sent again, so a push that was interrupted is completed by the next one.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from patrol_scheduler.outputs.icalendar import FeedWriter, Style
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.ledger import Entry, Ledger

if TYPE_CHECKING:
    from caldav.davclient import DAVClient

TIMEOUT = 30
"""Seconds that one answer of the server may take."""

MOST_SILENT = 3
"""After so many requests in a row that the server does not answer, it is taken to be gone."""

_OURS = "@patrol-scheduler"
_DAV, _CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_QUERY = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
    '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter>'
    "</C:filter></C:calendar-query>"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One event that did not reach the server: its title, its start, and what the server said."""

    uid: str
    title: str
    starts: str
    why: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many events were sent, were there already and were removed, and all that failed."""

    sent: int
    same: int
    removed: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An object on the server: where it lies, its tag, and the version of the event in it."""

    url: str
    tag: str
    version: tuple[str, str, str]


def push(
    ledger: Ledger,
    problem: Problem,
    style: Style,
    url: str,
    *,
    user: str = "",
    password: str = "",
    feed: str = "all",
) -> Pushed:
    """Bring the collection at ``url`` to what the feed with the key ``feed`` shows.

    A collection that is missing is made. Raises :class:`PublishingError` when the server cannot be
    reached or refuses user and password, when the address is not one to send a password to, when
    the collection holds events of others, or when the extra is not installed. What fails for one
    event is told in the result.
    """
    _check(url, password)
    if feed not in ledger.pages:
        raise PublishingError("no-such-feed", "addresses.csv", details=(feed,))
    url = url.rstrip("/") + "/"
    with _client(url, user, password) as client:
        there = _there(client, url)
        wanted = dict(ledger.shown(feed))
        return _Push(client, url, FeedWriter(problem, style, ledger.plan), ledger).run(
            wanted, there
        )


def _check(url: str, password: str) -> None:
    parts = urlsplit(url)
    try:
        parts.port  # noqa: B018  # it is the reading that may fail
    except ValueError as error:
        raise PublishingError("bad-caldav-url", url.rpartition("@")[2]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise PublishingError("bad-caldav-url", url.rpartition("@")[2])
    if parts.scheme == "http" and password and not _here(parts.hostname):
        raise PublishingError("caldav-unencrypted", url)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _client(url: str, user: str, password: str) -> DAVClient:
    try:
        from caldav.davclient import DAVClient
    except ImportError as error:
        raise PublishingError("no-caldav") from error
    return DAVClient(
        url=url,
        username=user or None,
        password=password or None,
        auth_type="basic" if user else None,
        timeout=TIMEOUT,
        # The address is the collection's own: nothing is asked of name servers.
        enable_rfc6764=False,
        require_tls=False,
    )


def _status(client: Any, url: str, method: str, body: str = "", **headers: str) -> Any:
    """The server's answer; refused users are an answer like any other."""
    from caldav.lib.error import AuthorizationError, DAVError

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        return client.request(url, method, body, named)
    except AuthorizationError as error:
        # The library tells 401 and 403 alike; its reason is the server's own word.
        return _Refused(str(error.reason or "401/403"))
    except (OSError, DAVError) as error:
        return _Silent(f"{type(error).__name__}")


@dataclass(frozen=True, slots=True)
class _Refused:
    reason: str
    status: int = 401


@dataclass(frozen=True, slots=True)
class _Silent:
    reason: str
    status: int = 0


def _there(client: Any, url: str) -> dict[str, _Kept]:
    """Every event of the collection by its UID; a missing collection is made and is empty."""
    answer = _status(client, url, "REPORT", _QUERY, Depth="1")
    if answer.status == 404:
        made = _status(client, url, "MKCALENDAR")
        if made.status not in (200, 201):
            raise PublishingError("caldav-not-made", url, _said(made))
        return {}
    if answer.status != 207 or answer.tree is None:
        what = "caldav-refused" if answer.status == 401 else "caldav-unreachable"
        raise PublishingError(what, url, _said(answer))
    found: dict[str, _Kept] = {}
    for response in answer.tree.iter(f"{_DAV}response"):
        data = response.findtext(f".//{_CALDAV}calendar-data") or ""
        # Servers write line ends as they like; XML leaves only one kind anyway.
        lines = data.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        for event in event_components(lines):
            uid = event.value("UID")
            if not uid.endswith(_OURS):
                raise PublishingError("caldav-foreign", url)
            found[uid] = _Kept(
                urljoin(url, response.findtext(f"{_DAV}href") or ""),
                response.findtext(f".//{_DAV}getetag") or "",
                (event.value("SEQUENCE"), event.value("LAST-MODIFIED"), event.value("STATUS")),
            )
    return found


def _said(answer: Any) -> str:
    if isinstance(answer, _Refused | _Silent):
        return answer.reason
    return str(answer.status)


class _Push:
    """One push, counting what it does."""

    def __init__(self, client: Any, url: str, writer: FeedWriter, ledger: Ledger) -> None:
        self._client, self._url, self._writer, self._ledger = client, url, writer, ledger
        self._silent = 0
        self._done = {"sent": 0, "same": 0, "removed": 0}
        self._failures: list[Failure] = []

    def run(self, wanted: dict[str, Entry], there: dict[str, _Kept]) -> Pushed:
        """Send what differs, remove what is no longer shown."""
        for uid, entry in wanted.items():
            kept = there.get(uid)
            lines = entry.lines(uid, self._ledger.contents)
            (event,) = event_components(self._writer.object(lines))
            version = (str(entry.sequence), entry.modified, event.value("STATUS"))
            if kept is not None and kept.version == version:
                self._done["same"] += 1
                continue
            body = self._writer.object(lines).decode()
            self._ask("sent", uid, event.value("SUMMARY"), entry.starts, "PUT", body, kept)
        for uid, kept in there.items():
            if uid not in wanted:
                self._ask("removed", uid, "", "", "DELETE", "", kept)
        return Pushed(**self._done, failures=tuple(self._failures))

    def _ask(
        self,
        done: str,
        uid: str,
        title: str,
        starts: str,
        method: str,
        body: str,
        kept: _Kept | None,
    ) -> None:
        if self._silent >= MOST_SILENT:
            self._failures.append(Failure(uid, title, starts, "gone"))
            return
        headers = dict(self._headers(method, kept))
        place = kept.url if kept is not None else f"{self._url}{_name(uid)}.ics"
        answer = _status(self._client, place, method, body, **headers)
        self._silent = self._silent + 1 if answer.status == 0 else 0
        # What is to be removed and is gone already needs nothing more.
        if 200 <= answer.status < 300 or (method == "DELETE" and answer.status == 404):
            self._done[done] += 1
        else:
            self._failures.append(Failure(uid, title, starts, _said(answer)))

    def _headers(self, method: str, kept: _Kept | None) -> Iterator[tuple[str, str]]:
        """Nothing is overwritten that changed on the server since it was read."""
        if method == "PUT":
            yield "Content_Type", "text/calendar; charset=utf-8"
        if kept is None:
            yield "If_None_Match", "*"
        elif kept.tag:
            yield "If_Match", kept.tag


def _name(uid: str) -> str:
    """The name of an event's object: never more than letters, digits and hyphens."""
    return str(uuid.UUID(uid.partition("@")[0]))
