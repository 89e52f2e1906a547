"""Replaces an output folder whole or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from patrol_scheduler.faults import SystemReason, neutral
from patrol_scheduler.texts import text

MARKER = ".patrol-scheduler"
"""The file by which a folder is known as one that may be replaced."""

_MARKER_TEXT = (
    b"Written by patrol-scheduler, which replaces this folder whole when it runs again.\n"
)


class OutputError(Exception):
    """The output folder cannot be written or must not be replaced; nothing in it has changed.

    ``path`` is the folder as it was given, ``what`` names the sentence, ``why`` is the system's
    reason, ``None`` where there is none.
    """

    def __init__(self, path: Path, what: str, why: SystemReason | None = None) -> None:
        super().__init__(path, what, why)
        self.path, self.what, self.why = path, what, why

    def say(self, lang: str) -> str:
        """The reason as a sentence."""
        values = {"path": neutral(str(self.path)), "why": self.why.say(lang) if self.why else ""}
        return text(f"outputs.folder.{self.what}", lang, **values)

    def __str__(self) -> str:
        return self.say("en")


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make ``target`` a folder that holds exactly ``files``, by their paths with ``/``.

    Everything is written and flushed beside the target first and then takes its place in one step,
    so a full disk or a kill leaves the old folder as it was. What a killed run left behind is
    cleared away by the next one. Raises :class:`OutputError` as :func:`ensure_replaceable` does,
    and when the system refuses.
    """
    paths = [PurePosixPath(name) for name in files]
    if any(path.is_absolute() or not path.parts or ".." in path.parts for path in paths):
        raise ValueError("a file outside the folder")
    ensure_replaceable(target)
    place = _absolute(target)
    made: list[Path] = []
    try:
        made = _make_parents(place)
        _recover(place)
        # What is beside the target may have been put back just now.
        ensure_replaceable(target)
        with _fresh(place) as new:
            _fill(new, files)
            if place.is_dir():
                shutil.copymode(place, new)
            old = _swap(new, place)
    except BaseException as error:
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise OutputError(target, "failed", SystemReason.of(error)) from error
        raise
    # The new folder is in its place: from here on nothing is a failure any more.
    with contextlib.suppress(OSError):
        flush(place.parent)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def ensure_replaceable(target: Path) -> None:
    """Raise :class:`OutputError` unless ``target`` is missing, empty or a folder written by us.

    The root, home and current folders and everything above them, mount points, symbolic links and
    folders with other people's files are never replaced, and nothing is put where this program may
    not write. Ask before a long search.
    """
    place = _absolute(target)
    if not place.name or "\0" in str(target):
        raise OutputError(target, "no-name" if "\0" in str(target) else "protected")
    try:
        if place.is_symlink():
            raise OutputError(target, "symlink")
        above = next(parent for parent in place.parents if parent.exists())
        if not above.is_dir():
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(above, os.W_OK | os.X_OK):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        if not place.exists():
            return
        if not place.is_dir():
            raise OutputError(target, "not-a-folder")
        real = place.resolve()
        for needed in (Path.cwd(), _home()):
            if needed is not None and needed.resolve().is_relative_to(real):
                raise OutputError(target, "protected")
        if os.path.ismount(place):
            raise OutputError(target, "mount-point")
        if any(place.iterdir()) and not (place / MARKER).is_file():
            raise OutputError(target, "foreign")
    except OSError as error:
        raise OutputError(target, "failed", SystemReason.of(error)) from error


def _absolute(target: Path) -> Path:
    # Not resolved: whether the target itself is a symbolic link matters.
    return Path(os.path.abspath(target))  # noqa: PTH100


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None


def _make_parents(place: Path) -> list[Path]:
    """Make what is missing above the target; outermost first."""
    missing: list[Path] = []
    parent = place.parent
    while not parent.exists():
        missing.insert(0, parent)
        parent = parent.parent
    made: list[Path] = []
    try:
        for folder in missing:
            folder.mkdir(exist_ok=True)
            made.append(folder)
    except OSError:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    return made


# Folders beside the target are named after it: what another target's run left is not ours.


def _beside(place: Path, state: str) -> Path:
    return place.parent / f"{_stem(place)}{state}-{secrets.token_hex(4)}"


def _stem(place: Path) -> str:
    return f"{MARKER}-{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:12]}-"


def _recover(place: Path) -> None:
    """Put back what a killed run moved aside, and clear away what it had not finished."""
    stem = _stem(place)
    for folder in sorted(place.parent.glob(f"{stem}old-*")):
        if place.is_dir() and any(place.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.rename(place)
    for folder in sorted(place.parent.glob(f"{stem}new-*")):
        with _held(folder, wait=False) as ours:
            if ours:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _fresh(place: Path) -> Iterator[Path]:
    """A new folder beside the target, held by this run; removed when anything goes wrong."""
    while True:
        new = _beside(place, "new")
        new.mkdir()
        with _held(new, wait=True):
            # Between making and holding it, another run may have cleared it away as left behind.
            if new.is_dir():
                try:
                    yield new
                except BaseException:
                    shutil.rmtree(new, ignore_errors=True)
                    raise
                return


@contextmanager
def _held(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a folder as long as this process lives; false where it is held already or cannot be."""
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            held = False
        else:
            held = True
        yield held
    finally:
        os.close(handle)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write everything and flush it to the disk."""
    written: list[Path] = []
    for name, content in {**files, MARKER: _MARKER_TEXT}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
        written.append(path)
    # Flushed after all is written: the first flush takes most of the others along.
    folders = {folder, *(p for path in written for p in path.relative_to(folder).parents)}
    for path in written:
        flush(path)
    for inner in folders:
        flush(folder / inner)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, stand on the disk."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some file systems cannot flush a folder and say so.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)


def _swap(new: Path, place: Path) -> Path | None:
    """Put ``new`` in the place of the target; gives the old folder, now elsewhere, if any."""
    if not place.exists():
        new.rename(place)
        return None
    if _exchange is not None and _exchange(new, place):
        return new
    old = _beside(place, "old")
    place.rename(old)
    try:
        new.rename(place)
    except BaseException:
        old.rename(place)
        raise
    return old


def _exchanger() -> Callable[[Path, Path], bool] | None:
    """Linux can exchange two folders in one step (renameat2 with RENAME_EXCHANGE)."""
    if not sys.platform.startswith("linux"):
        return None
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return None
    rename.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    at_working_directory, exchange = -100, 2

    def exchanged(new: Path, place: Path) -> bool:
        done = rename(
            at_working_directory,
            os.fsencode(new),
            at_working_directory,
            os.fsencode(place),
            exchange,
        )
        return bool(done == 0)

    return exchanged


_exchange = _exchanger()
