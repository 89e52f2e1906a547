from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler.outputs import folder
from patrol_scheduler.outputs.folder import (
    MARKER,
    OutputError,
    ensure_replaceable,
    replace_folder,
)

OLD = {"roster.json": b"old", "calendars/officers/gone.ics": b"old"}
NEW = {"roster.json": b"new", "calendars/all.ics": b"new"}


def content(target: Path) -> dict[str, bytes]:
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file() and path.name != MARKER
    }


def beside(target: Path) -> list[str]:
    """Whatever stands in the folder that holds the target."""
    return sorted(path.name for path in target.parent.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture(params=["in one step", "in two steps"])
def any_swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without the system's exchange of two folders."""
    if request.param == "in two steps":
        monkeypatch.setattr(folder, "_exchange", None)


@pytest.mark.usefixtures("any_swap")
class TestReplacing:
    def test_a_new_folder_is_made_with_everything_above_it(self, tmp_path: Path) -> None:
        replace_folder(tmp_path / "a" / "b" / "out", NEW)
        assert content(tmp_path / "a" / "b" / "out") == NEW

    def test_an_empty_folder_is_taken(self, out: Path) -> None:
        out.mkdir()
        replace_folder(out, NEW)
        assert content(out) == NEW

    def test_a_folder_of_ours_is_replaced_whole(self, out: Path) -> None:
        replace_folder(out, OLD)
        replace_folder(out, NEW)
        assert content(out) == NEW

    def test_nothing_else_is_left_beside_it(self, out: Path) -> None:
        replace_folder(out, OLD)
        replace_folder(out, NEW)
        assert beside(out) == ["out"]

    def test_the_folder_keeps_its_mode(self, out: Path) -> None:
        replace_folder(out, OLD)
        out.chmod(0o750)
        replace_folder(out, NEW)
        assert out.stat().st_mode & 0o777 == 0o750

    def test_a_relative_target_is_taken_from_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        replace_folder(Path("out"), OLD)
        replace_folder(Path("./out/"), NEW)
        assert content(tmp_path / "out") == NEW


def test_a_new_folder_has_the_mode_that_the_user_asks_for(out: Path) -> None:
    before = os.umask(0o022)
    try:
        replace_folder(out, NEW)
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o777 == 0o755
    assert (out / "roster.json").stat().st_mode & 0o777 == 0o644


# Refused


def refused(target: Path) -> str:
    with pytest.raises(OutputError) as caught:
        ensure_replaceable(target)
    with pytest.raises(OutputError):
        replace_folder(target, NEW)
    for lang in ("zh-CN", "en"):
        assert str(target) in caught.value.say(lang)
    return caught.value.what


def test_a_file_is_not_replaced(out: Path) -> None:
    out.write_bytes(b"mine")
    assert refused(out) == "not-a-folder"
    assert out.read_bytes() == b"mine"


def test_somebody_elses_folder_is_not_replaced(out: Path) -> None:
    out.mkdir()
    (out / "roster.json").write_bytes(b"mine")
    assert refused(out) == "foreign"
    assert content(out) == {"roster.json": b"mine"}


@pytest.mark.parametrize("aim", ["folder", "nowhere"])
def test_a_symbolic_link_is_not_replaced(aim: str, tmp_path: Path, out: Path) -> None:
    replace_folder(tmp_path / "folder", OLD)
    out.symlink_to(tmp_path / aim)
    assert refused(out) == "symlink"
    assert content(tmp_path / "folder") == OLD


def test_the_root_is_not_replaced() -> None:
    assert refused(Path("/")) == "protected"


@pytest.mark.parametrize("where", [".", "..", "deep", "deep/er/.."])
def test_the_current_folder_and_those_above_it_are_not_replaced(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "deep" / "er"
    here.mkdir(parents=True)
    for place in (tmp_path, tmp_path / "deep", here):
        (place / MARKER).touch()
    monkeypatch.chdir(here)
    target = tmp_path / where if where.startswith("deep") else Path(where)
    assert refused(target) == "protected"


def test_the_home_folder_and_those_above_it_are_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / "user"
    home.mkdir(parents=True)
    (home / MARKER).touch()
    (home.parent / MARKER).touch()
    monkeypatch.setenv("HOME", str(home))
    assert refused(home) == "protected"
    assert refused(home.parent) == "protected"


def test_a_mount_point_is_not_replaced(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_folder(out, OLD)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == out)
    assert refused(out) == "mount-point"


def test_a_name_with_nul_is_refused() -> None:
    with pytest.raises(OutputError) as caught:
        ensure_replaceable(Path("a\0b"))
    assert caught.value.say("en") == '"a\\u0000b" cannot be the name of an output folder'


def test_a_place_below_a_file_is_refused_before_the_search(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught:
        ensure_replaceable(tmp_path / "file" / "a" / "out")
    assert caught.value.why == "ENOTDIR"


def test_a_place_that_may_not_be_written_is_refused_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    with pytest.raises(OutputError) as caught:
        ensure_replaceable(tmp_path / "a" / "out")
    assert caught.value.why == "EACCES"
    assert "没有权限" in caught.value.say("zh-CN")
    (tmp_path / "a").mkdir()
    ensure_replaceable(tmp_path / "a" / "out")


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", ""])
def test_no_file_leaves_the_folder(name: str, out: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        replace_folder(out, {name: b""})


# Failures on the way


def no_space(*_args: Any, **_more: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def nth_time(n: int, then: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
    calls = iter(range(1, 1000))
    return lambda *a, **k: (then if next(calls) == n else otherwise)(*a, **k)


@pytest.mark.usefixtures("any_swap")
@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize(
    ("where", "n"),
    [("mkdir", 1), ("mkdir", 2), ("open", 1), ("open", 3), ("flush", 1), ("flush", 5)],
)
def test_a_full_disk_leaves_everything_as_it_was(
    where: str, n: int, existing: bool, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if existing:
        replace_folder(out, OLD)
    owner = folder if where == "flush" else Path
    monkeypatch.setattr(owner, where, nth_time(n, no_space, getattr(owner, where)))
    with pytest.raises(OutputError) as caught:
        replace_folder(out, NEW)
    monkeypatch.undo()
    assert caught.value.what == "failed"
    assert "磁盘已满" in caught.value.say("zh-CN")
    assert "the disk is full" in caught.value.say("en")
    assert beside(out) == (["out"] if existing else [])
    if existing:
        assert content(out) == OLD


def test_a_failure_removes_the_folders_made_above_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_fill", no_space)
    with pytest.raises(OutputError):
        replace_folder(tmp_path / "a" / "b" / "out", NEW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n", [1, 2])
def test_a_refused_renaming_puts_the_old_folder_back(
    n: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(out, OLD)
    monkeypatch.setattr(folder, "_exchange", None)
    monkeypatch.setattr(Path, "rename", nth_time(n, no_space, Path.rename))
    with pytest.raises(OutputError):
        replace_folder(out, NEW)
    assert content(out) == OLD
    assert beside(out) == ["out"]


def test_an_exchange_that_the_file_system_refuses_is_done_in_two_steps(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(out, OLD)
    monkeypatch.setattr(folder, "_exchange", lambda new, place: False)
    replace_folder(out, NEW)
    assert content(out) == NEW


def test_a_failing_flush_after_the_change_is_no_failure(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(out, OLD)
    real = folder.flush
    monkeypatch.setattr(
        folder, "flush", lambda path: no_space() if path == out.parent else real(path)
    )
    replace_folder(out, NEW)
    assert content(out) == NEW


def test_an_interrupt_leaves_everything_as_it_was(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(out, OLD)

    def interrupted(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "_swap", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(out, NEW)
    assert content(out) == OLD
    assert beside(out) == ["out"]


def test_a_file_in_place_of_a_folder_above_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        replace_folder(tmp_path / "file" / "out", NEW)
    assert caught.value.what == "failed"


# Killed on the way

_PROGRAM = """
import sys
from pathlib import Path
from patrol_scheduler.outputs import folder

def stop(*_):
    print("here", flush=True)
    sys.stdin.read()

where, owner = sys.argv[2], folder if hasattr(folder, sys.argv[2]) else Path
if where == "between":
    folder._exchange, real = None, Path.rename
    def rename(self, target):
        if "-new-" in self.name:
            stop()
        return real(self, target)
    Path.rename = rename
else:
    setattr(owner, where, stop)
folder.replace_folder(Path(sys.argv[1]), {"roster.json": b"new", "calendars/all.ics": b"new"})
"""


@contextlib.contextmanager
def stopped_at(where: str, out: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that stands still at a place of its work; killed at the end."""
    run = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _PROGRAM, str(out), where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert run.stdout is not None
        assert run.stdout.readline() == "here\n"
        yield run
    finally:
        run.send_signal(signal.SIGKILL)
        run.communicate()


@pytest.mark.parametrize("where", ["flush", "_swap"])
def test_a_killed_run_leaves_the_old_folder_and_the_next_run_clears_up(
    where: str, out: Path
) -> None:
    replace_folder(out, OLD)
    with stopped_at(where, out):
        pass
    assert content(out) == OLD
    assert len(beside(out)) == 2
    replace_folder(out, NEW)
    assert content(out) == NEW
    assert beside(out) == ["out"]


def test_a_run_killed_between_two_renamings_gets_its_old_folder_back(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(out, OLD)
    with stopped_at("between", out):
        pass
    assert not out.exists()
    monkeypatch.setattr(folder, "_fill", no_space)
    with pytest.raises(OutputError):
        replace_folder(out, NEW)
    assert content(out) == OLD
    assert beside(out) == ["out"]


def test_what_another_run_is_writing_is_left_alone(out: Path) -> None:
    with stopped_at("flush", out):
        (writing,) = beside(out)
        replace_folder(out, NEW)
        assert beside(out) == sorted([writing, "out"])
    replace_folder(out, NEW)
    assert beside(out) == ["out"]


def test_what_the_run_for_another_folder_left_is_left_alone(out: Path) -> None:
    with stopped_at("flush", out.with_name("other")):
        pass
    replace_folder(out, NEW)
    assert len(beside(out)) == 2
