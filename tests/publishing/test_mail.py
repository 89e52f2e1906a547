"""Invitations and cancellations as message files: right for their judges, and never twice."""

from __future__ import annotations

import datetime as dt
import stat
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats.mail_addresses import is_mail_address, read_mail_addresses
from patrol_scheduler.outputs.icalendar import Style
from patrol_scheduler.publishing import Mail, Publication, PublishingError, write_mail
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.folder import Folder
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.texts import LANGUAGES
from tests.judges import JUDGES
from tests.outputs import sample
from tests.parts import need
from tests.publishing.test_publish import NOW, published, without_first

OFFICE = "roster@rosters.example"
ADDRESSES = {"PS01": "ps01@people.example", "CG02": "cg02@people.example"}


def mailed(done: Publication, to: Path, **more: Any) -> tuple[Mail, ...]:
    given: dict[str, Any] = {"sender": OFFICE, "addresses": ADDRESSES, "now": NOW}
    given |= {"problem": sample.problem()} | more
    problem = given.pop("problem")
    return write_mail(done.folder, done.ledger, problem, Style("zh-CN"), to, **given)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_everyone_with_an_address_is_invited_to_each_coming_duty(tmp_path: Path) -> None:
    mails = mailed(published(tmp_path / "pub"), tmp_path / "mail")
    assert sorted((m.officer, m.method) for m in mails) == [
        ("CG02", "REQUEST"), ("CG02", "REQUEST"), ("PS01", "REQUEST"), ("PS01", "REQUEST"),
    ]  # fmt: skip
    files = sorted((tmp_path / "mail").rglob("*.eml"))
    assert [path.parent.name for path in files] == ["CG02", "CG02", "PS01", "PS01"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        message = read(path.read_bytes())
        assert message["From"] == OFFICE
        assert message["To"] == ADDRESSES[path.parent.name]
        assert message["Message-ID"]
        (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "REQUEST"
        assert part.get_content_charset() == "utf-8"


def test_an_invitation_names_the_officer_alone_and_tells_the_duty_in_words_too(
    tmp_path: Path,
) -> None:
    first = mailed(published(tmp_path / "pub"), tmp_path / "mail")[0]
    message = read(first.content)
    assert message["Subject"] == "早班巡逻：东街片区"
    plain = message.get_body(("plain",))
    assert plain is not None
    words = plain.get_content()
    assert "2010-09-30 07:30 至 2010-09-30 10:30" in words
    assert "重点整治：乱停乱靠、占道经营" in words
    (event,) = event_components(first.calendar)
    assert event.values("ATTENDEE") == ["mailto:ps01@people.example"]
    assert event.values("ORGANIZER") == [f"mailto:{OFFICE}"]
    assert b"cg02@" not in first.content


def test_who_was_invited_is_told_of_changes_and_cancellations_once(tmp_path: Path) -> None:
    mailed(published(tmp_path / "pub"), tmp_path / "mail")
    assert mailed(published(tmp_path / "pub"), tmp_path / "mail") == ()
    mails = mailed(published(tmp_path / "pub", without_first()), tmp_path / "mail")
    assert [(m.officer, m.method, m.sequence) for m in mails] == [("PS01", "CANCEL", 1)]
    (event,) = event_components(mails[0].calendar)
    assert event.value("STATUS") == "CANCELLED"
    assert read(mails[0].content)["Subject"] == "【取消】早班巡逻：东街片区"
    assert mailed(published(tmp_path / "pub", without_first()), tmp_path / "mail") == ()
    (again,) = mailed(published(tmp_path / "pub"), tmp_path / "mail")
    assert (again.method, again.sequence) == ("REQUEST", 2)


def test_what_was_never_asked_for_is_not_called_off_and_the_past_is_not_mailed(
    tmp_path: Path,
) -> None:
    published(tmp_path / "pub")
    done = published(tmp_path / "pub", without_first())
    assert {m.method for m in mailed(done, tmp_path / "mail")} == {"REQUEST"}
    later = NOW + dt.timedelta(days=30)
    done = published(tmp_path / "late", now=later)
    assert mailed(done, tmp_path / "mail", now=later) == ()


@pytest.mark.parametrize("judge", ["libical", "ical.js", "ical"])
def test_the_judges_are_content_with_every_message(judge: str, tmp_path: Path) -> None:
    need(judge)
    problem = sample.renamed(sample.WICKED)
    mails = list(
        mailed(published(tmp_path / "p", problem=problem), tmp_path / "m", problem=problem)
    )
    done = published(tmp_path / "p", without_first(), problem=problem)
    mails += mailed(done, tmp_path / "m", problem=problem)
    assert {mail.method for mail in mails} == {"REQUEST", "CANCEL"}
    for mail, verdict in zip(mails, JUDGES[judge]([m.calendar for m in mails]), strict=True):
        assert lint(mail.calendar, method=mail.method) == ()
        assert verdict.complaints == ()
        assert [event[0] for event in verdict.events] == [mail.uid]


def test_wicked_names_end_no_header(tmp_path: Path) -> None:
    problem = sample.renamed("王\r\nBcc: all@people.example\r\n\r\n")
    for mail in mailed(published(tmp_path / "p", problem=problem), tmp_path / "m",
                       problem=problem):  # fmt: skip
        message = read(mail.content)
        assert message["Bcc"] is None
        assert message["To"] == ADDRESSES[mail.officer]


def test_the_same_duty_gives_the_same_message(tmp_path: Path) -> None:
    one = mailed(published(tmp_path / "one"), tmp_path / "m1")
    two = mailed(published(tmp_path / "two"), tmp_path / "m2")
    assert [mail.content for mail in one] == [mail.content for mail in two]


def test_a_folder_that_cannot_be_written_is_refused_and_the_next_run_writes_all(
    tmp_path: Path,
) -> None:
    done = published(tmp_path / "pub")
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(PublishingError):
        mailed(done, tmp_path / "mail")
    assert len(mailed(done, tmp_path / "other")) == 4


def test_a_damaged_record_of_what_was_mailed_is_refused(tmp_path: Path) -> None:
    done = published(tmp_path / "pub")
    mailed(done, tmp_path / "mail")
    Folder(done.folder).mailed.write_text("{")
    with pytest.raises(PublishingError) as caught:
        mailed(done, tmp_path / "mail")
    assert caught.value.what == "mailed-damaged"


# Addresses


@pytest.mark.parametrize("address", ["a@b", "li.ming+x@police.example.cn", "0@1.example"])
def test_plain_addresses_are_taken(address: str) -> None:
    assert is_mail_address(address)


@pytest.mark.parametrize(
    "address", ["", "a", "@b", "a@", "a b@c", "a@b\nBcc: c@d", "王@b.example", "a@-", "a,b@c"]
)
def test_anything_else_is_not(address: str) -> None:
    assert not is_mail_address(address)


def test_addresses_are_read_with_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mail.csv"
    path.write_text("\ufeffofficer,name,mail\nPS01,x,a@b.example\nCG02,,\n\n", "utf-8")
    assert read_mail_addresses(path, sample.problem()) == {"PS01": "a@b.example"}
    path.write_text("officer,mail\nPS01,x\nPS1,a@b\nTP01,a@b\nTP01,c@d\n", "utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_mail_addresses(path, sample.problem())
    assert [(fault.line, fault.what) for fault in caught.value.faults] == [
        (2, "not-a-mail-address"), (3, "unknown-officer"), (5, "mail-twice"),
    ]  # fmt: skip
    path.write_text("who,mail\n", "utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_mail_addresses(path, sample.problem())
    for lang in LANGUAGES:
        assert "officer" in caught.value.say(lang)


def test_a_day_of_rest_is_told_with_its_date_and_no_hour(tmp_path: Path) -> None:
    problem, roster = sample.resting()
    done = published(tmp_path / "pub", roster, problem=problem)
    mails = mailed(
        done, tmp_path / "mail", problem=problem, addresses={"CG01": "cg01@people.example"}
    )
    told = [read(mail.content) for mail in mails]
    [rest] = [message for message in told if message["Subject"] == "补休"]
    body = rest.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [
        "补休",
        "2010-10-08",
        "",
        "因 2010年10月3日 执勤补休。",
    ]
