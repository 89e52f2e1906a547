"""A small web server for trying feeds on a local network; nginx is what to use in earnest."""

from __future__ import annotations

import email.utils
import hashlib
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.folder import FEED_FILE, Folder
from patrol_scheduler.publishing.nginx import CONTENT_TYPE, HEADERS

_PATH = re.compile(rf"/([A-Za-z0-9_-]{{43}})/{re.escape(FEED_FILE)}")


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the feeds of a folder; everything else is missing or refused."""

    server_version = "patrol-scheduler"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 20  # seconds that a slow visitor may take
    folder: Folder
    log: Callable[[str], None]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _refuse(self) -> None:
        self.close_connection = True
        self._plain(405, {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_PROPFIND = do_REPORT = _refuse  # noqa: N815

    def _answer(self, *, with_body: bool) -> None:
        found = _PATH.fullmatch(self.path)
        content = None
        if found is not None:
            place = self.folder.feed(found[1])
            try:
                content = None if place.parent.is_symlink() else self.folder.read(place)
                changed = int(place.stat().st_mtime)
            except (PublishingError, OSError):
                content = None
        if content is None:
            self._plain(404, {})
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {
            **HEADERS,
            "ETag": tag,
            "Last-Modified": email.utils.formatdate(changed, usegmt=True),
        }
        if self._known(tag, changed):
            self._plain(304, headers)
            return
        self.send_response(200)
        for name, value in {**headers, "Content-Type": CONTENT_TYPE}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _known(self, tag: str, changed: int) -> bool:
        """Whether the visitor has the feed already; a tag counts more than a time."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tag in {part.strip().removeprefix("W/") for part in tags.split(",")}
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return changed <= email.utils.parsedate_to_datetime(since).timestamp()
        except (TypeError, ValueError, OverflowError):
            return False

    def _plain(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Leave the request out: whoever reads the log must not learn an address."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        """Note who asked how and what came of it."""
        method = self.command if (self.command or "").isalpha() else "-"
        self.log(f"{self.client_address[0]} {method} {int(code)}")


def server(
    to: str | Path, *, host: str, port: int, log: Callable[[str], None]
) -> ThreadingHTTPServer:
    """A server of the feeds in a folder, bound but not yet serving; port 0 takes any free one.

    ``log`` gets a line for every answer, without the address that was asked for. Raises
    :class:`PublishingError` where nothing is published in the folder, and ``OSError`` where the
    port cannot be had.
    """
    folder = Folder(Path(to))
    folder.check()
    if not folder.public.is_dir():
        raise PublishingError("nothing-published", folder.path)
    handler = type("_Bound", (_Handler,), {"folder": folder, "log": staticmethod(log)})
    made = ThreadingHTTPServer((host, port), handler)
    made.daemon_threads = True
    return made
