"""Publishing into a folder: only what changed, whole or not at all, nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing import (
    Publication,
    PublishingError,
    Style,
    publish,
    revoke,
    rotate,
)
from patrol_scheduler.publishing import folder as folder_module
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.folder import TOKEN, Folder, Tokens
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import LANGUAGES
from tests.outputs import sample

NOW = dt.datetime(2010, 9, 20, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
URL = "https://rosters.example/feeds"


def published(to: Path, roster: Roster | None = None, **more: Any) -> Publication:
    given: dict[str, Any] = {"style": Style("zh-CN"), "now": NOW, "problem": sample.problem()}
    given |= more
    problem = given.pop("problem")
    return publish(problem, sample.roster() if roster is None else roster, to, **given)


def without_first() -> Roster:
    roster = sample.roster()
    return roster.model_copy(update={"patrols": roster.patrols[1:]})


def moved() -> Roster:
    """The first patrol in another shift, the second with another driver."""
    roster = sample.roster()
    first, second, *others = roster.patrols
    first = first.model_copy(update={"shift": "late"})
    second = second.model_copy(update={"members": second.members[:2]})
    return roster.model_copy(update={"patrols": (first, second, *others)})


def tokens(to: Path) -> dict[str, str]:
    return {
        key: token
        for key, token in Tokens.load(Folder(to).tokens.read_bytes()).of.items()
        if token is not None
    }


def feed(to: Path, key: str) -> bytes:
    return Folder(to).feed(tokens(to)[key]).read_bytes()


def state(to: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and time."""
    return {
        str(path.relative_to(to)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(to.rglob("*"))
        if path.is_file()
    }


def refused(to: Path, *words: str, **more: Any) -> PublishingError:
    """Publishing is refused, says why in both languages, and changes no file."""
    before = state(to) if to.is_dir() else None
    with pytest.raises(PublishingError) as caught:
        published(to, **more)
    assert (state(to) if to.is_dir() else None) == before
    for lang in LANGUAGES:
        assert caught.value.say(lang)
    for word in words:
        assert word in str(caught.value)
    return caught.value


# What is written


def test_everybody_gets_a_feed_of_their_own_at_an_address_nobody_guesses(tmp_path: Path) -> None:
    done = published(tmp_path / "pub")
    given = tokens(tmp_path / "pub")
    assert sorted(given) == sorted(
        ["all", "area:A1", "area:A2", "post:K1", "agency:PS", "agency:TP", "agency:CG"]
        + [f"officer:{o.id}" for o in sample.problem().officers]
    )
    assert len(done.written) == len(given) == len(set(given.values())) == 14
    for token in given.values():
        assert TOKEN.fullmatch(token)
    assert done.count("new") == 5


def test_every_published_feed_is_clean_and_holds_its_own_events(tmp_path: Path) -> None:
    published(tmp_path, url=URL)
    for key, token in tokens(tmp_path).items():
        content = feed(tmp_path, key)
        assert lint(content) == ()
        address = f"SOURCE;VALUE=URI:{URL}/{token}/duties.ics"
        assert address in content.decode().replace("\r\n ", "")
    assert len(event_components(feed(tmp_path, "all"))) == 5
    assert len(event_components(feed(tmp_path, "officer:CG02"))) == 2


def test_the_private_folder_is_its_owners_alone_whatever_the_mask(tmp_path: Path) -> None:
    old = os.umask(0o000)
    try:
        published(tmp_path / "pub")
    finally:
        os.umask(old)
    to = Folder(tmp_path / "pub")
    assert stat.S_IMODE((tmp_path / "pub" / "private").stat().st_mode) == 0o700
    for path in (to.ledger, to.tokens, to.addresses):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(to.public.stat().st_mode) == 0o755
    for path in to.public.rglob("*.ics"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_the_list_of_addresses_names_every_feed(tmp_path: Path) -> None:
    published(tmp_path, url=URL + "/")
    rows = Folder(tmp_path).addresses.read_text("utf-8-sig").splitlines()
    assert rows[0] == "kind,id,title,address"
    token = tokens(tmp_path)["officer:PS01"]
    assert f"officer,PS01,示例镇常规管理：公安01,{URL}/{token}/duties.ics" in rows
    assert len(rows) == 15


def test_the_same_roster_published_again_touches_no_file(tmp_path: Path) -> None:
    published(tmp_path)
    before = state(tmp_path)
    done = published(tmp_path, now=NOW + dt.timedelta(days=1))
    assert (done.written, done.changes, done.unchanged) == ((), (), 14)
    assert state(tmp_path) == before


def test_one_changed_duty_rewrites_only_the_feeds_it_is_in(tmp_path: Path) -> None:
    published(tmp_path)
    before = state(tmp_path)
    done = published(tmp_path, without_first(), now=NOW + dt.timedelta(hours=1))
    assert set(done.written) == {
        "all", "area:A1", "agency:PS", "agency:TP", "agency:CG",
        "officer:PS01", "officer:TP01", "officer:CG01",
    }  # fmt: skip
    assert done.count("cancelled") == 1
    names = {f"public/{token}/duties.ics" for key, token in tokens(tmp_path).items()
             if key in done.written}  # fmt: skip
    after = state(tmp_path)
    assert {name for name in after if after[name] != before[name]} == names | {
        "private/ledger.json"
    }
    first = event_components(feed(tmp_path, "all"))[0]
    assert (first.value("STATUS"), first.value("SEQUENCE")) == ("CANCELLED", "1")
    assert first.value("LAST-MODIFIED") == first.value("DTSTAMP") == "20100920T010000Z"
    assert first.value("CREATED") == "20100920T000000Z"


def test_two_versions_within_a_second_have_different_times(tmp_path: Path) -> None:
    """Web servers tag files by size and second: a reader must not take one for the other."""
    published(tmp_path)
    seconds = set()
    for n in range(3):
        published(tmp_path, without_first() if n % 2 else sample.roster(), force=True)
        path = Folder(tmp_path).feed(tokens(tmp_path)["all"])
        seconds.add(int(path.stat().st_mtime))
    assert len(seconds) == 3


def test_a_renamed_plan_keeps_every_uid(tmp_path: Path) -> None:
    published(tmp_path)
    before = {e.value("UID") for e in event_components(feed(tmp_path, "all"))}
    published(tmp_path, problem=sample.problem(name="示例镇常规管理（修订）"))
    assert {e.value("UID") for e in event_components(feed(tmp_path, "all"))} == before
    assert "（修订）" in feed(tmp_path, "all").decode().replace("\r\n ", "")


def test_who_leaves_the_plan_sees_the_cancellations_until_they_have_passed(tmp_path: Path) -> None:
    published(tmp_path)
    gone = sample.problem()
    gone = gone.model_copy(update={"officers": tuple(o for o in gone.officers if o.id != "CG01")})
    roster = sample.roster()
    patrols = tuple(
        p.model_copy(update={"members": tuple(m for m in p.members if m.officer != "CG01")})
        for p in roster.patrols
    )
    without = roster.model_copy(update={"patrols": patrols})
    published(tmp_path, without, problem=gone)
    states = [e.value("STATUS") for e in event_components(feed(tmp_path, "officer:CG01"))]
    assert states == ["CANCELLED", "CANCELLED"]
    path = Folder(tmp_path).feed(tokens(tmp_path)["officer:CG01"])
    done = published(tmp_path, without, problem=gone, now=NOW + dt.timedelta(days=20))
    assert done.withdrawn == ("officer:CG01",)
    assert not path.parent.exists()
    assert "officer:CG01" not in tokens(tmp_path)


# Addresses


def test_a_rotated_feed_moves_and_the_old_address_is_gone(tmp_path: Path) -> None:
    published(tmp_path, url=URL)
    old = tokens(tmp_path)["officer:PS01"]
    before = feed(tmp_path, "officer:PS01")
    given = rotate(tmp_path, ["officer:PS01"])
    new = tokens(tmp_path)["officer:PS01"]
    assert old != new
    assert given == {"officer:PS01": f"{URL}/{new}/duties.ics"}
    assert not Folder(tmp_path).feed(old).parent.exists()
    now = feed(tmp_path, "officer:PS01")
    assert lint(now) == ()
    assert old.encode() not in now.replace(b"\r\n ", b"")
    assert event_components(now) == event_components(before)
    assert new in Folder(tmp_path).addresses.read_text("utf-8-sig")
    published(tmp_path)
    assert tokens(tmp_path)["officer:PS01"] == new
    assert not published(tmp_path).written


def test_a_revoked_feed_is_gone_stays_gone_and_comes_back_at_a_new_address(
    tmp_path: Path,
) -> None:
    published(tmp_path)
    old = tokens(tmp_path)["officer:PS01"]
    assert revoke(tmp_path, ["officer:PS01"]) == ("officer:PS01",)
    assert not Folder(tmp_path).feed(old).parent.exists()
    published(tmp_path, without_first())
    assert "officer:PS01" not in tokens(tmp_path)
    assert len(list(Folder(tmp_path).public.iterdir())) == 13
    rotate(tmp_path, ["officer:PS01"])
    published(tmp_path, without_first())
    assert tokens(tmp_path)["officer:PS01"] != old
    # What was cancelled while it was away is there, with its number.
    assert [e.value("SEQUENCE") for e in event_components(feed(tmp_path, "officer:PS01"))] == [
        "1", "0",
    ]  # fmt: skip


@pytest.mark.parametrize("change", [rotate, revoke])
def test_an_unknown_feed_is_refused_and_nothing_changes(tmp_path: Path, change: Any) -> None:
    published(tmp_path)
    before = state(tmp_path)
    for key in ("officer:../../etc", "officer:", "x", "officer:ps01"):
        with pytest.raises(PublishingError, match="do not exist"):
            change(tmp_path, ["all", key])
    assert state(tmp_path) == before
    with pytest.raises(PublishingError, match="nothing is published"):
        change(tmp_path / "nowhere", ["all"])
    assert not (tmp_path / "nowhere").exists()


def test_a_feed_whose_revocation_was_interrupted_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path)
    monkeypatch.setattr(shutil, "rmtree", _raise)
    monkeypatch.setattr(Path, "unlink", _raise)
    with pytest.raises(PublishingError, match="remove the folder by hand"):
        revoke(tmp_path, ["all"])
    monkeypatch.undo()
    assert len(Folder(tmp_path).published_tokens()) == 14
    published(tmp_path)
    assert len(Folder(tmp_path).published_tokens()) == 13


def _raise(*_: object, **__: object) -> None:
    raise OSError(5, "Input/output error")


# What is refused


def many(count: int) -> Roster:
    """The sample's first patrol on so many days."""
    first = sample.roster().patrols[0]
    days = [first.date + dt.timedelta(days=n) for n in range(count)]
    return Roster(
        patrols=tuple(first.model_copy(update={"id": f"{day}.A1", "date": day}) for day in days)
    )


def test_a_feed_that_loses_most_of_its_coming_duties_is_refused(tmp_path: Path) -> None:
    published(tmp_path, many(20))
    error = refused(tmp_path, "all: 20 → 9", "officer:PS01: 20 → 9", roster=many(9))
    assert error.what == "shrunk"
    done = published(tmp_path, many(9), force=True)
    assert done.count("cancelled") == 11


def test_losing_half_or_few_or_what_has_passed_needs_no_force(tmp_path: Path) -> None:
    published(tmp_path / "half", many(20))
    published(tmp_path / "half", many(10))
    published(tmp_path / "few", many(4))
    published(tmp_path / "few", Roster())
    published(tmp_path / "past", many(20))
    published(tmp_path / "past", Roster(), now=NOW + dt.timedelta(days=60))


def test_a_feed_with_a_fault_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path)
    monkeypatch.setattr("patrol_scheduler.outputs.icalendar.PRODID", "-//icalendar//")
    refused(tmp_path, "PRODID is that of a library", roster=without_first())
    published(tmp_path, without_first(), force=True)


@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "other version", "no JSON"])
def test_a_lost_or_damaged_ledger_is_refused_and_made_anew_from_the_feeds(
    tmp_path: Path, damage: str
) -> None:
    published(tmp_path)
    published(tmp_path, without_first(), now=NOW + dt.timedelta(hours=1))
    before = state(tmp_path)
    path = Folder(tmp_path).ledger
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {
                "cut": content[: len(content) // 2],
                "changed": content.replace(b'"live"', b'"gone"', 1),
                "other version": content.replace(b"ledger 1", b"ledger 9"),
                "no JSON": b"\x00" * 100,
            }[damage]
        )
    refused(tmp_path, "--rebuild", str(path))
    done = published(tmp_path, without_first(), rebuild=True)
    assert not done.changes
    assert not done.written
    after = state(tmp_path)
    del before["private/ledger.json"], after["private/ledger.json"]
    assert after == before
    # And the count goes on where it was.
    assert published(tmp_path).count("restored") == 1
    assert event_components(feed(tmp_path, "all"))[0].value("SEQUENCE") == "2"


def test_lost_tokens_are_refused_and_found_again_in_the_feeds(tmp_path: Path) -> None:
    published(tmp_path)
    given = tokens(tmp_path)
    Folder(tmp_path).tokens.unlink()
    refused(tmp_path, "--rebuild")
    Folder(tmp_path).ledger.unlink()
    done = published(tmp_path, rebuild=True)
    assert not done.written
    assert tokens(tmp_path) == given


def test_an_old_copy_of_the_private_folder_is_refused(tmp_path: Path) -> None:
    published(tmp_path)
    old = Folder(tmp_path).ledger.read_bytes()
    published(tmp_path, without_first())
    Folder(tmp_path).ledger.write_bytes(old)
    assert refused(tmp_path, "--rebuild").what == "ledger-older"
    published(tmp_path, rebuild=True)


def test_a_feed_that_no_token_is_known_of_is_refused(tmp_path: Path) -> None:
    published(tmp_path)
    document = json.loads(Folder(tmp_path).tokens.read_text())
    del document["feeds"]["officer:PS01"]
    Folder(tmp_path).tokens.write_text(json.dumps(document))
    assert refused(tmp_path).what == "unknown-feed"


def test_a_feed_that_was_damaged_or_deleted_is_written_again(tmp_path: Path) -> None:
    published(tmp_path)
    before = feed(tmp_path, "all")
    path = Folder(tmp_path).feed(tokens(tmp_path)["all"])
    path.write_bytes(before[:500])
    assert published(tmp_path).written == ("all",)
    assert feed(tmp_path, "all") == before
    path.unlink()
    path.parent.rmdir()
    assert published(tmp_path).written == ("all",)
    assert feed(tmp_path, "all") == before


def test_a_ledger_is_not_made_from_damaged_feeds_unless_forced(tmp_path: Path) -> None:
    published(tmp_path)
    path = Folder(tmp_path).feed(tokens(tmp_path)["all"])
    path.write_bytes(path.read_bytes()[:-100])
    Folder(tmp_path).ledger.unlink()
    refused(tmp_path, str(path), rebuild=True)
    assert published(tmp_path, rebuild=True, force=True).count("new") == 0


@pytest.mark.parametrize(
    "token",
    ["../../../../../../../../../../../etc/passwdx", "/" * 43, "." * 43, "a" * 42, "a" * 44, 7, ""],
)
def test_a_token_that_is_none_is_refused(tmp_path: Path, token: object) -> None:
    published(tmp_path)
    document = json.loads(Folder(tmp_path).tokens.read_text())
    document["feeds"]["all"] = token
    Folder(tmp_path).tokens.write_text(json.dumps(document))
    assert refused(tmp_path).what == "tokens-damaged"


def test_one_token_for_two_feeds_is_refused(tmp_path: Path) -> None:
    published(tmp_path)
    document = json.loads(Folder(tmp_path).tokens.read_text())
    document["feeds"]["all"] = document["feeds"]["area:A1"]
    Folder(tmp_path).tokens.write_text(json.dumps(document))
    assert refused(tmp_path).what == "tokens-damaged"


def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    published(real)
    link.symlink_to(real)
    assert refused(link).what == "symlink"
    for part in ("public", "private"):
        (real / part).rename(tmp_path / part)
        (real / part).symlink_to(tmp_path / part)
        assert refused(real).what == "symlink"
        (real / part).unlink()
        (tmp_path / part).rename(real / part)
    place = Folder(real).feed(tokens(real)["all"]).parent
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert refused(real).what == "symlink"


def test_other_peoples_folders_and_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(b"1")
    assert refused(tmp_path / "photos").what == "foreign"
    # A folder called public alone does not make it ours; other files beside ours do no harm.
    (tmp_path / "photos" / "public").mkdir()
    assert refused(tmp_path / "photos").what == "foreign"
    published(tmp_path / "pub")
    (tmp_path / "pub" / "notes.txt").write_text("1")
    published(tmp_path / "pub")
    (tmp_path / "file").write_text("1")
    with pytest.raises(PublishingError, match="cannot be a folder"):
        published(tmp_path / "file")
    with pytest.raises(PublishingError):
        published(tmp_path / "a\0b")


@pytest.mark.parametrize("url", ["rosters.example", "ftp://x/y", 'https://x/"; }', "https://x y/",
                                 "http://x:99999/", "https://x/\n", "http://x:0/"])  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(tmp_path: Path, url: str) -> None:
    assert refused(tmp_path / "pub", url=url).what == "bad-url"
    assert not (tmp_path / "pub").exists()


@pytest.mark.parametrize("step", ["write", "fsync", "mkdir"])
@pytest.mark.parametrize("nth", [1, 3, 9])
def test_a_disk_that_fills_up_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    published(tmp_path / "pub")
    before = state(tmp_path / "pub")
    left = [nth]

    real: Any

    def full(*arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            raise OSError(28, "No space left on device")
        return real(*arguments, **more)

    if step == "write":
        real = folder_module._write
        monkeypatch.setattr(folder_module, "_write", full)
    elif step == "fsync":
        real = os.fsync
        monkeypatch.setattr(os, "fsync", full)
    else:
        real = Path.mkdir
        monkeypatch.setattr(Path, "mkdir", full)
        with pytest.raises(PublishingError, match="No space left"):
            published(tmp_path / "new")
        assert not (tmp_path / "new").exists()
        return
    with pytest.raises(PublishingError, match="No space left"):
        published(tmp_path / "pub", without_first())
    monkeypatch.undo()
    assert state(tmp_path / "pub") == before
    # And the next one completes it.
    assert published(tmp_path / "pub", without_first()).count("cancelled") == 1


def test_a_run_killed_between_two_files_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger goes first: what it says is then written, under the same numbers and times."""
    published(tmp_path / "whole")
    published(tmp_path / "whole", without_first(), now=NOW + dt.timedelta(hours=1))
    published(tmp_path / "killed")
    replace, left = Path.replace, [3]

    def killed(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        published(tmp_path / "killed", without_first(), now=NOW + dt.timedelta(hours=1))
    monkeypatch.undo()
    done = published(tmp_path / "killed", without_first(), now=NOW + dt.timedelta(hours=9))
    assert not done.changes
    for key in tokens(tmp_path / "whole"):
        assert feed(tmp_path / "killed", key) == feed(tmp_path / "whole", key)


def test_what_a_killed_run_left_beside_the_files_is_cleared_away(tmp_path: Path) -> None:
    published(tmp_path)
    place = Folder(tmp_path).feed(tokens(tmp_path)["all"])
    for folder in (place.parent, Folder(tmp_path).ledger.parent, tmp_path):
        (folder / f".duties.ics.{'0' * 16}.tmp").write_bytes(b"half")
    published(tmp_path)
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishingError):
        published(Path("/proc/patrol-scheduler"))
    with pytest.raises(PublishingError):
        published(Path("/dev/null/x"))


def test_two_runs_do_not_publish_at_once(tmp_path: Path) -> None:
    published(tmp_path)
    with Folder(tmp_path).locked():
        assert refused(tmp_path).what == "locked"


def test_wicked_names_and_ids_are_published_and_found_again(tmp_path: Path) -> None:
    problem: Problem = sample.renamed(sample.WICKED)
    areas = tuple(
        area.model_copy(update={"id": name})
        for area, name in zip(problem.areas, ["../../x", "a:b%2F 𠮷"], strict=True)
    )
    roster = sample.roster()
    called = {"A1": "../../x", "A2": "a:b%2F 𠮷"}
    patrols = tuple(p.model_copy(update={"area": called[p.area]}) for p in roster.patrols)
    wicked = roster.model_copy(update={"patrols": patrols})
    problem = problem.model_copy(update={"areas": areas})
    published(tmp_path, wicked, problem=problem)
    before = state(tmp_path)
    given = tokens(tmp_path)
    Folder(tmp_path).ledger.unlink()
    Folder(tmp_path).tokens.unlink()
    assert not published(tmp_path, wicked, problem=problem, rebuild=True).written
    assert tokens(tmp_path) == given
    after = state(tmp_path)
    for name in after:
        if name.startswith("public/"):
            assert after[name] == before[name]


def test_a_day_of_rest_that_is_moved_is_cancelled_and_outlives_a_lost_ledger(
    tmp_path: Path,
) -> None:
    problem, roster = sample.resting()
    published(tmp_path, roster, problem=problem)
    rest = roster.compensatory_rests[0].model_copy(update={"date": dt.date(2010, 10, 9)})
    later = roster.model_copy(update={"compensatory_rests": (rest,)})
    done = published(tmp_path, later, problem=problem, now=NOW + dt.timedelta(hours=1))
    assert sorted((c.scope, c.what) for c in done.changes) == [
        ("officer:CG01", "cancelled"), ("officer:CG01", "new"),
    ]  # fmt: skip
    shown = [(e.value("SUMMARY"), e.value("DTSTART"), e.value("STATUS"))
             for e in event_components(feed(tmp_path, "officer:CG01"))][-2:]  # fmt: skip
    assert shown == [
        ("【取消】补休", "20101008", "CANCELLED"), ("补休", "20101009", "CONFIRMED"),
    ]  # fmt: skip
    assert lint(feed(tmp_path, "officer:CG01")) == ()
    before = state(tmp_path)
    Folder(tmp_path).ledger.unlink()
    assert not published(tmp_path, later, problem=problem, rebuild=True).changes
    after = state(tmp_path)
    del before["private/ledger.json"], after["private/ledger.json"]
    assert after == before
