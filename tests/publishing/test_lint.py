"""The lint that the feeds are held against finds every defect that it is meant to find."""

from __future__ import annotations

import pytest

from patrol_scheduler.outputs.feeds import feeds
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.lint import Linter, lint, method_of
from tests.outputs import sample

ALL = "calendars/all.ics"


@pytest.fixture(scope="module")
def feed() -> bytes:
    return feeds(sample.problem(), sample.roster(), "zh-CN")[ALL]


def test_a_sound_feed_is_clean(feed: bytes) -> None:
    assert lint(feed) == ()
    assert len(event_components(feed)) == 5


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "byte-order-mark"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\n", "line-end"),
        (b"END:VCALENDAR\r\n", b"", "cut-short"),
        (b"\r\n ", b"", "long-line"),
        ("早班".encode(), b"\xe6\x97\r\n \xa9\xe7\x8f\xad", "not-utf8"),
        ("早班".encode(), "早班".encode("gbk"), "not-utf8"),
        ("早班".encode(), b"\x07", "control-character"),
        (b"SUMMARY:", b"SUMMARY", "no-content-line"),
        (b"END:VEVENT\r\n", b"", "structure"),
        (b"PRODID:", b"X-PRODID:", "not-once-prodid"),
        (b"METHOD:PUBLISH\r\n", b"", "method"),
        (b"COLOR:", b"UID:1\r\nCOLOR:", "calendar-uid"),
        (b"PRODID:-//", b"PRODID:-//icalendar//", "foreign-prodid"),
        (b";VALUE=DURATION", b"", "refresh-interval"),
        (b"DURATION:PT6H", b"DURATION:P6H", "refresh-interval"),
        (b"COLOR:", b"SOURCE:https://x.example/\r\nCOLOR:", "source"),
        (b"COLOR:teal", b"COLOR:#ff0000", "color"),
        (b"TZID:Asia/Shanghai", b"TZID:Asia/Chongqing", "undeclared-zone"),
        (b";TZID=Asia/Shanghai", b"", "no-zone"),
        (b"BEGIN:STANDARD\r\n", b"BEGIN:OTHER\r\n", "structure"),
        (b"TZOFFSETFROM:+0800\r\n", b"", "timezone"),
        (b"UID:", b"X-UID:", "not-once-uid"),
        (b"DTSTAMP:", b"X-STAMP:", "not-once-dtstamp"),
        (b"ORGANIZER;", b"X-ORGANIZER;", "not-once-organizer"),
        (b"STATUS:", b"ATTENDEE:mailto:a@b.example\r\nSTATUS:", "attendee"),
        (b"STATUS:CONFIRMED", b"STATUS:DONE", "status"),
        (b"STATUS:", b"CLASS:PRIVATE\r\nSTATUS:", "class"),
        (
            b"END:VEVENT",
            b"BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT",
            "alarm",
        ),
        (b"DTEND;TZID=Asia/Shanghai:20", b"DTEND;TZID=Asia/Shanghai:19", "ends-before-start"),
        ("SUMMARY:早班".encode(), "SUMMARY:早,班".encode(), "unescaped"),
        ("SUMMARY:早班".encode(), "SUMMARY:早\\班".encode(), "unknown-escape"),
        (b"SEQUENCE:0", b"SEQUENCE:-1", "not-once-sequence"),
        (b"VERSION:2.0", b"VERSION:1.0", "version"),
        (b"DTSTAMP:20100920T000000Z", b"DTSTAMP:2010-09-20", "moment"),
    ],
)  # fmt: skip
def test_each_defect_is_found(feed: bytes, old: bytes, new: bytes, finding: str) -> None:
    assert old in feed
    assert finding in lint(feed.replace(old, new))


def test_two_events_with_one_uid_are_found(feed: bytes) -> None:
    first, second = (event.value("UID").encode() for event in event_components(feed)[:2])
    assert "uid-twice" in lint(feed.replace(second, first))


def test_a_calendar_without_any_component_is_found() -> None:
    empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
    assert lint(empty) == ("empty",)


@pytest.mark.parametrize(
    ("method", "old", "new", "finding"),
    [
        ("REQUEST", b"METHOD:PUBLISH", b"METHOD:REQUEST", "no-attendee"),
        ("CANCEL", b"METHOD:PUBLISH", b"METHOD:CANCEL", "status"),
        (None, b"", b"", "method"),
    ],
)
def test_mails_and_objects_on_a_server_have_rules_of_their_own(
    feed: bytes, method: str | None, old: bytes, new: bytes, finding: str
) -> None:
    assert finding in lint(feed.replace(old, new), method=method)


def test_the_method_of_a_feed_is_what_it_says(feed: bytes) -> None:
    assert method_of(feed) == "PUBLISH"
    assert method_of(feed.replace(b"METHOD:PUBLISH\r\n", b"")) is None


def test_an_event_met_before_is_judged_the_same(feed: bytes) -> None:
    """What one feed taught must not hide what is wrong with the next one."""
    linter = Linter()
    assert linter.lint(feed) == ()
    assert linter.lint(feed.replace(b"TZID:Asia/Shanghai", b"TZID:X")) == ("undeclared-zone",)
    assert "status" in linter.lint(feed.replace(b"CONFIRMED", b"DONE"))
    assert linter.lint(feed) == ()
