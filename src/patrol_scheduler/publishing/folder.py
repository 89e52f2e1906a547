"""The folder that feeds are published from: what is public, what is private, nothing half-written.

``public/TOKEN/duties.ics`` is one feed; a web server shows ``public`` and nothing else.
``private`` holds the ledger, the tokens and the list of addresses, for its owner alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from patrol_scheduler.outputs.folder import flush
from patrol_scheduler.publishing.errors import PublishingError, reason

FEED_FILE = "duties.ics"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
TOKENS_FORMAT = "patrol-scheduler tokens 1"

_PUBLIC, _PRIVATE = "public", "private"
_OURS = {_PUBLIC, _PRIVATE, "nginx.conf"}
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")


def new_token() -> str:
    """32 random bytes as 43 letters, digits, ``-`` and ``_``: nobody guesses it."""
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Tokens:
    """The token of every feed by its key, ``None`` where it was revoked; and the web address that
    ``public`` is shown at, empty where none is known."""

    url: str = ""
    of: dict[str, str | None] = field(default_factory=dict)

    def dump(self) -> bytes:
        """As JSON, one feed a line."""
        document = {"format": TOKENS_FORMAT, "url": self.url, "feeds": self.of}
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def load(cls, content: bytes) -> Tokens:
        """From JSON; raises ``ValueError`` for anything that is not a list of tokens."""
        data = json.loads(content)
        if not isinstance(data, dict) or data.get("format") != TOKENS_FORMAT:
            raise ValueError("no list of tokens")
        url, feeds = data.get("url"), data.get("feeds")
        if not isinstance(url, str) or not isinstance(feeds, dict):
            raise ValueError("no list of tokens")
        for token in feeds.values():
            # A token becomes a path: nothing else may pass.
            if token is not None and not (isinstance(token, str) and TOKEN.fullmatch(token)):
                raise ValueError("not a token")
        given = [token for token in feeds.values() if token is not None]
        if len(given) != len(set(given)):
            raise ValueError("one token for two feeds")
        return cls(url, feeds)

    def address(self, token: str) -> str:
        """Where a feed is subscribed to; a path in ``public`` where no web address is known."""
        return f"{self.url or 'public'}/{token}/{FEED_FILE}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to publish to, by its path."""

    path: Path

    @property
    def public(self) -> Path:
        """What the web server shows."""
        return self.path / _PUBLIC

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.path / _PRIVATE / "ledger.json"

    @property
    def tokens(self) -> Path:
        """The file of the tokens."""
        return self.path / _PRIVATE / "tokens.json"

    @property
    def addresses(self) -> Path:
        """The list of addresses, for people."""
        return self.path / _PRIVATE / "addresses.csv"

    @property
    def mailed(self) -> Path:
        """Which versions were written as mail."""
        return self.path / _PRIVATE / "mailed.json"

    @property
    def nginx(self) -> Path:
        """The configuration for nginx."""
        return self.path / "nginx.conf"

    def feed(self, token: str) -> Path:
        """The file of one feed; raises ``ValueError`` for what is not a token."""
        if not TOKEN.fullmatch(token):
            raise ValueError("not a token")
        return self.public / token / FEED_FILE

    def check(self) -> None:
        """Raise :class:`PublishingError` unless the folder is missing, empty or one of ours.

        No part of it may be a symbolic link: what is published stays in the folder.
        """
        if "\0" in str(self.path):
            raise PublishingError("no-folder", self.path)
        try:
            for part in (self.path, self.public, self.path / _PRIVATE, self.ledger, self.tokens):
                if part.is_symlink():
                    raise PublishingError("symlink", part)
            if not self.path.exists():
                return
            if not self.path.is_dir():
                raise PublishingError("no-folder", self.path)
            names = {entry.name for entry in self.path.iterdir()}
            known = self.tokens.exists() or self.ledger.exists() or self.published_tokens()
            if not known and not names <= _OURS | _temporaries(names):
                raise PublishingError("foreign", self.path)
            if self.public.is_dir():
                for entry in self.public.iterdir():
                    if entry.is_symlink():
                        raise PublishingError("symlink", entry)
        except OSError as error:
            raise PublishingError("unreadable", self.path, reason(error)) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder, made where it is missing, so that one run publishes at a time."""
        self.check()
        made = self._make()
        handle = None
        try:
            if sys.platform != "win32":
                import fcntl

                lock = self.path / _PRIVATE / "lock"
                flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
                try:
                    handle = os.open(lock, flags, 0o600)
                except OSError as error:
                    raise PublishingError("not-written", self.path, reason(error)) from error
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise PublishingError("locked", self.path) from error
            yield
        except BaseException:
            # A first publication that fails leaves nothing behind.
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    (folder / "lock").unlink(missing_ok=True)
                    folder.rmdir()
            raise
        finally:
            if handle is not None:
                os.close(handle)

    def _make(self) -> list[Path]:
        missing = [self.path]
        while not missing[-1].parent.exists():
            missing.append(missing[-1].parent)
        made: list[Path] = []
        wanted = [*reversed(missing), self.public, self.path / _PRIVATE]
        try:
            for folder in wanted:
                if not folder.exists():
                    folder.mkdir(mode=0o755)
                    folder.chmod(0o700 if folder.name == _PRIVATE else 0o755)
                    made.append(folder)
        except OSError as error:
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise PublishingError("not-written", self.path, reason(error)) from error
        return made

    def read(self, path: Path) -> bytes | None:
        """The content of a file of the folder, ``None`` where there is none."""
        try:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PublishingError("unreadable", path, reason(error)) from error
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise PublishingError("unreadable", path, "not a file")
            return file.read()

    def published_tokens(self) -> list[str]:
        """The tokens under which a feed lies in ``public``, known or not."""
        if not self.public.is_dir():
            return []
        names = sorted(entry.name for entry in self.public.iterdir() if entry.is_dir())
        return [name for name in names if TOKEN.fullmatch(name) and self.feed(name).is_file()]

    def commit(
        self, private: Mapping[Path, bytes], public: Mapping[Path, bytes], revoked: list[str]
    ) -> None:
        """Put files in their places, the private ones first, and remove the feeds of tokens.

        Everything is written beside its place and flushed before the first file is replaced: a
        full disk leaves all as it was. A run killed between two files is completed by the next
        one, because the ledger is the first. Files that do not differ are not touched.
        """
        files = {
            path: content
            for path, content in {**private, **public}.items()
            if self.read(path) != content
        }
        temporary: dict[Path, Path] = {}
        made: list[Path] = []
        try:
            self._clear()
            for path, content in files.items():
                mode = 0o600 if path.parent.name == _PRIVATE else 0o644
                if not path.parent.exists():
                    path.parent.mkdir(mode=0o755)
                    path.parent.chmod(0o755)
                    made.append(path.parent)
                beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
                temporary[path] = beside
                _write(beside, content, mode)
            for beside in temporary.values():
                flush(beside)
            for path, beside in temporary.items():
                _later(beside, path)
                beside.replace(path)
        except BaseException as error:
            for beside in temporary.values():
                with contextlib.suppress(OSError):
                    beside.unlink(missing_ok=True)
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            if isinstance(error, OSError):
                raise PublishingError("not-written", self.path, reason(error)) from error
            raise
        for token in revoked:
            self._remove(token)
        for folder in {path.parent for path in files} | {self.public}:
            with contextlib.suppress(OSError):
                flush(folder)

    def _remove(self, token: str) -> None:
        """Take a feed away for good, before its token is forgotten."""
        place = self.feed(token).parent
        try:
            (place / FEED_FILE).unlink(missing_ok=True)
            if place.is_dir():
                shutil.rmtree(place)
        except OSError as error:
            raise PublishingError("not-removed", place, reason(error)) from error

    def _clear(self) -> None:
        """Clear away what a killed run had not finished."""
        for folder in (self.path, self.path / _PRIVATE, *self.public.iterdir()):
            if folder.is_dir():
                for name in _temporaries(entry.name for entry in folder.iterdir()):
                    (folder / name).unlink(missing_ok=True)


def write_beside(path: Path, content: bytes) -> None:
    """Write a file for its owner alone and move it into its place, with the folders above it.

    Raises :class:`PublishingError` where the system refuses; the file is whole or as it was.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write(beside, content, 0o600)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise PublishingError("not-written", path, reason(error)) from error


def _temporaries(names: Iterable[str]) -> set[str]:
    return {name for name in names if _TEMPORARY.fullmatch(name)}


def _write(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, mode)
    with os.fdopen(handle, "wb") as file:
        # Whatever the user's mask says: others read what is public and nothing of what is private.
        if hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        file.write(content)


def _later(beside: Path, path: Path) -> None:
    """Give a file a time of at least a second after that of the one it replaces.

    Web servers make their tags of size and whole seconds: two versions must not share one.
    """
    with contextlib.suppress(FileNotFoundError):
        before, after = int(path.stat().st_mtime), int(beside.stat().st_mtime)
        if after <= before:
            os.utime(beside, (before + 1, before + 1))
