"""The commands that publish calendars: what they say, write and refuse."""

from __future__ import annotations

import datetime as dt
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from patrol_scheduler import write
from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.problem import Leave, Problem
from patrol_scheduler.publishing.folder import Folder
from patrol_scheduler.replanning.variations import changed
from tests.outputs import sample
from tests.publishing.test_publish import tokens, without_first


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The outputs of the sample roster, ten days before its first duty."""
    monkeypatch.delenv("PATROL_SCHEDULER_LANG", raising=False)
    moment = dt.datetime(2010, 9, 20, tzinfo=dt.UTC)
    monkeypatch.setattr("patrol_scheduler.cli.publishing.now", lambda: moment)
    write(sample.problem(), sample.result(), tmp_path / "out")
    return tmp_path / "out"


def test_publishing_says_what_changed_and_where_the_addresses_are(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "pub"
    arguments = ["publish", str(out / "roster.json"), "--to", str(to)]
    assert run([*arguments, "--lang", "en"]) == Exit.SHORT
    said, remarks = capsys.readouterr()
    assert "The roster is short (1):" in remarks
    assert "2010-10-03" in remarks
    assert "Events: 5 new, 0 changed" in said
    assert "Feeds: 14 written, 0 unchanged" in said
    assert str(Folder(to).addresses) in said
    assert not any(token in said for token in tokens(to).values())
    write(sample.problem(), sample.result(without_first()), out)
    assert run([*arguments, "--lang", "en"]) == Exit.SHORT
    assert "1 cancelled" in capsys.readouterr().out


def test_a_table_of_assignments_is_published_with_its_plan(out: Path, tmp_path: Path) -> None:
    (out / "assignments.csv").rename(tmp_path / "a.csv")
    to = ["--to", str(tmp_path / "pub")]
    assert run(["publish", str(tmp_path / "a.csv"), *to]) == Exit.INVALID
    plan = ["--plan", str(out / "plan.json")]
    assert run(["publish", str(tmp_path / "a.csv"), *to, *plan]) == Exit.SHORT


def without_leave_kept(until: dt.date | None) -> Problem:
    """The sample's plan, published ``until``, in which somebody is on leave on a day of duty."""
    duty = sample.roster().duties[0]
    away = Leave(start=duty.date, end=duty.date)
    return changed(
        sample.problem(),
        frozen_until=until,
        officers=tuple(
            o.model_copy(update={"leave": (away,)}) if o.id == duty.officer else o
            for o in sample.problem().officers
        ),
    )


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "未发布"), ("en", "Not published")])
def test_a_roster_that_breaks_what_must_hold_is_not_published_unless_it_is_meant(
    out: Path, tmp_path: Path, lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(without_leave_kept(None), sample.result(), out)
    arguments = ["publish", str(out / "roster.json"), "--to", str(tmp_path / "pub"), "--lang", lang]
    assert run(arguments) == Exit.IMPOSSIBLE
    told = capsys.readouterr().err
    assert said in told
    assert "--with-breaches" in told
    duty = sample.roster().duties[0]
    assert sum(duty.officer in line and duty.date.isoformat() in line for line in told.split("\n"))
    assert not (tmp_path / "pub").exists()
    assert run([*arguments, "--with-breaches"]) == Exit.SHORT
    told = capsys.readouterr().err
    assert said not in told
    assert duty.officer in told
    assert (tmp_path / "pub").exists()


def test_what_was_published_before_may_break_a_rule(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    duty = sample.roster().duties[0]
    write(without_leave_kept(duty.date), sample.result(), out)
    arguments = ["publish", str(out / "roster.json"), "--to", str(tmp_path / "pub"), "--lang", "en"]
    assert run(arguments) == Exit.SHORT
    assert "The roster breaks what must hold (1):" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_what_is_refused_is_said_and_ends_with_its_status(
    out: Path, tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    roster, to = str(out / "roster.json"), str(tmp_path / "pub")
    for arguments in (
        ["publish", str(tmp_path / "none.json"), "--to", to],
        ["publish", roster, "--to", str(out)],
        ["publish", roster, "--to", to, "--url", "nowhere"],
        ["rotate", to, "all"],
        ["revoke", to, "all"],
        ["serve", to],
        ["lint", str(tmp_path / "none.ics")],
    ):
        assert run([*arguments, "--lang", lang]) == Exit.INVALID, arguments
        said = capsys.readouterr()
        assert said.err
        assert "Traceback" not in said.err
    assert not Path(to).exists()


def test_addresses_are_rotated_and_revoked(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "pub"
    run(["publish", str(out / "roster.json"), "--to", str(to)])
    old = tokens(to)["all"]
    assert run(["rotate", str(to), "all", "officer:PS01"]) == Exit.COMPLETE
    assert tokens(to)["all"] in capsys.readouterr().out
    assert tokens(to)["all"] != old
    assert run(["revoke", str(to), "officer:PS01"]) == Exit.COMPLETE
    assert "officer:PS01" in capsys.readouterr().out
    assert "officer:PS01" not in tokens(to)


def test_lint_tells_clean_feeds_from_others(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = out / "calendars" / "all.ics"
    assert run(["lint", str(feed), "--lang", "en"]) == Exit.COMPLETE
    assert "clean" in capsys.readouterr().out
    bad = tmp_path / "bad.ics"
    bad.write_bytes(b"\xef\xbb\xbf" + feed.read_bytes().replace(b"UID:", b"X-UID:"))
    assert run(["lint", str(feed), str(bad), "--lang", "en"]) == Exit.INVALID
    said = capsys.readouterr().out
    assert "byte order mark" in said
    assert "UID is not there exactly once" in said


def test_serve_shows_the_feeds_until_it_is_ended(out: Path, tmp_path: Path) -> None:
    to = tmp_path / "pub"
    run(["publish", str(out / "roster.json"), "--to", str(to)])
    command = [
        sys.executable, "-c", "from patrol_scheduler.cli import main; main()",
        "serve", str(to), "--port", "0", "--lang", "en",
    ]  # fmt: skip
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
            assert found
            address = f"{found[0]}/{tokens(to)['all']}/duties.ics"
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
                assert answer.read().startswith(b"BEGIN:VCALENDAR")
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(found[0], timeout=20)  # noqa: S310
        finally:
            running.terminate()
            _, logged = running.communicate(timeout=20)
    assert "GET 200" in logged
    assert tokens(to)["all"] not in logged


def test_messages_are_written_beside_the_feeds(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail.csv").write_text("officer,mail\nPS01,ps01@people.example\n")
    arguments = [
        "publish", str(out / "roster.json"), "--to", str(tmp_path / "pub"), "--lang", "en",
        "--mail", str(tmp_path / "mail"), "--mail-to", str(tmp_path / "mail.csv"),
    ]  # fmt: skip
    assert run(arguments) == Exit.INVALID
    assert not (tmp_path / "pub").exists()
    assert run([*arguments, "--mail-from", "roster@rosters.example"]) == Exit.SHORT
    assert "2 invitations and 0 cancellations" in capsys.readouterr().out
    assert len(list((tmp_path / "mail" / "PS01").glob("*.eml"))) == 2


def test_what_does_not_reach_a_server_is_said_and_the_feeds_are_published(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/duties/"
        status = run(
            ["publish", str(out / "roster.json"), "--to", str(tmp_path / "pub"),
             "--caldav", url, "--lang", "en"]
        )  # fmt: skip
    assert status == Exit.INVALID
    assert "cannot be read" in capsys.readouterr().err
    assert tokens(tmp_path / "pub")
