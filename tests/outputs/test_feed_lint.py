"""The lint that the feeds are held against finds every defect that it is meant to find."""

from __future__ import annotations

import pytest

from patrol_scheduler.outputs.feeds import feeds
from tests.feed_lint import events, lint
from tests.outputs import sample

ALL = "calendars/all.ics"


@pytest.fixture(scope="module")
def feed() -> bytes:
    return feeds(sample.problem(), sample.roster(), "zh-CN")[ALL]


def test_a_sound_feed_is_clean(feed: bytes) -> None:
    assert lint(feed) == []
    assert len(events(feed)) == 5


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "byte order mark"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\n", "a line does not end with CRLF"),
        (b"END:VCALENDAR\r\n", b"", "does not end with END:VCALENDAR"),
        (b"\r\n ", b"", "a line has more than 75 octets"),
        ("早班".encode(), b"\xe6\x97\r\n \xa9\xe7\x8f\xad", "a line is not whole UTF-8"),
        ("早班".encode(), "早班".encode("gbk"), "a line is not whole UTF-8"),
        ("早班".encode(), b"\x07", "a control character"),
        (b"SUMMARY:", b"SUMMARY", "a line is no content line"),
        (b"END:VEVENT\r\n", b"", "BEGIN and END do not match"),
        (b"PRODID:", b"X-PRODID:", "PRODID not once"),
        (b"METHOD:PUBLISH\r\n", b"", "METHOD is not PUBLISH"),
        (b"COLOR:", b"UID:1\r\nCOLOR:", "a UID of the calendar"),
        (b"PRODID:-//", b"PRODID:-//icalendar//", "PRODID of the icalendar package"),
        (b";VALUE=DURATION", b"", "REFRESH-INTERVAL is not of the form"),
        (b"DURATION:PT6H", b"DURATION:P6H", "REFRESH-INTERVAL is not of the form"),
        (b"COLOR:", b"SOURCE:https://x.example/\r\nCOLOR:", "SOURCE without VALUE=URI"),
        (b"COLOR:teal", b"COLOR:#ff0000", "COLOR is no CSS name"),
        (b"TZID:Asia/Shanghai", b"TZID:Asia/Chongqing", "TZID without VTIMEZONE"),
        (b";TZID=Asia/Shanghai", b"", "a time without a zone"),
        (b"BEGIN:STANDARD\r\n", b"BEGIN:OTHER\r\n", "BEGIN and END do not match"),
        (b"TZOFFSETFROM:+0800\r\n", b"", "TZOFFSETFROM of a block not once"),
        (b"UID:", b"X-UID:", "UID of an event not once"),
        (b"DTSTAMP:", b"X-STAMP:", "DTSTAMP of an event not once"),
        (b"ORGANIZER;", b"X-ORGANIZER;", "ORGANIZER of an event not once"),
        (b"STATUS:", b"ATTENDEE:mailto:a@b.example\r\nSTATUS:", "ATTENDEE in a published feed"),
        (b"STATUS:CONFIRMED", b"STATUS:DONE", "STATUS is none of an event"),
        (b"STATUS:", b"CLASS:PRIVATE\r\nSTATUS:", "CLASS hides the event"),
        (
            b"END:VEVENT",
            b"BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT",
            "an alarm",
        ),
        (b"DTEND;TZID=Asia/Shanghai:20", b"DTEND;TZID=Asia/Shanghai:19", "ends before it starts"),
        ("SUMMARY:早班".encode(), "SUMMARY:早,班".encode(), "an unescaped separator"),
        ("SUMMARY:早班".encode(), "SUMMARY:早\\班".encode(), "an unknown escape"),
        (b"CATEGORIES:", b"CATEGORIES:a\\,b,", "a comma in a category"),
    ],
)  # fmt: skip
def test_each_defect_is_found(feed: bytes, old: bytes, new: bytes, finding: str) -> None:
    assert old in feed
    assert finding in lint(feed.replace(old, new))


def test_two_events_with_one_uid_are_found(feed: bytes) -> None:
    first, second = (event.value("UID").encode() for event in events(feed)[:2])
    assert "a UID twice" in lint(feed.replace(second, first))


def test_a_calendar_without_any_component_is_found() -> None:
    empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
    assert lint(empty) == ["no component"]
