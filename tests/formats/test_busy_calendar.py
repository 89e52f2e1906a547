"""Calendars of people as busy time: what counts, and what no file may do to the reader."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import with_busy_folder
from patrol_scheduler.formats.busy import calendar as busy_calendar
from patrol_scheduler.formats.busy.calendar import (
    BusyTime,
    read_busy_calendar,
)
from patrol_scheduler.texts import LANGUAGES
from tests.outputs import sample

FIRST, LAST = dt.date(2010, 8, 1), dt.date(2010, 8, 31)


def calendar(*events: str, zones: str = "") -> str:
    """A calendar with events, each given by its properties but for UID and DTSTAMP."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@x\r\nDTSTAMP:20100701T000000Z\r\n"
        + "".join(f"{line}\r\n" for line in event.split("|"))
        + "END:VEVENT\r\n"
        for n, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{zones}{body}END:VCALENDAR\r\n"


def busy(tmp_path: Path, text: str | bytes, **more: int) -> list[tuple[str, str]]:
    path = tmp_path / "x.ics"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = read_busy_calendar(path, "Asia/Shanghai", FIRST, LAST, **more)
    assert found == tuple(sorted(found))
    return [(f"{time.start:%m-%d %H:%M}", f"{time.end:%m-%d %H:%M}") for time in found]


def refused(tmp_path: Path, text: str | bytes, **more: int) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        busy(tmp_path, text, **more)
    for lang in LANGUAGES:
        said = caught.value.say(lang)
        assert str(tmp_path / "x.ics") in said
        assert len(said) < 2000
    return [fault.what for fault in caught.value.faults]


# What counts


def test_every_way_to_write_a_time_is_read_in_the_plans_zone(tmp_path: Path) -> None:
    text = calendar(
        "DTSTART:20100802T090000|DTEND:20100802T100000",
        "DTSTART:20100803T010000Z|DURATION:PT90M",
        "DTSTART;TZID=Europe/Berlin:20100804T090000|DTEND;TZID=Europe/Berlin:20100804T100000",
        "DTSTART;TZID=China Standard Time:20100805T090000|DURATION:PT1H",
        "DTSTART;VALUE=DATE:20100806|DTEND;VALUE=DATE:20100808",
        "DTSTART;VALUE=DATE:20100809",
        "DTSTART;TZID=Own:20100810T090000|DURATION:PT1H",
        zones="BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0600\r\nTZOFFSETTO:+0600\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
    )
    assert busy(tmp_path, text) == [
        ("08-02 09:00", "08-02 10:00"),
        ("08-03 09:00", "08-03 10:30"),
        ("08-04 15:00", "08-04 16:00"),
        ("08-05 09:00", "08-05 10:00"),
        ("08-06 00:00", "08-08 00:00"),
        ("08-09 00:00", "08-10 00:00"),
        ("08-10 11:00", "08-10 12:00"),
    ]


def test_repeating_entries_count_each_time_but_where_they_are_excepted_or_moved(
    tmp_path: Path,
) -> None:
    text = calendar(
        "DTSTART:20100702T140000|DTEND:20100702T160000|RRULE:FREQ=WEEKLY;BYDAY=MO,FR"
        "|EXDATE:20100806T140000",
    ).replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:0@x\r\nDTSTAMP:20100701T000000Z\r\nRECURRENCE-ID:20100802T140000\r\n"
        "DTSTART:20100803T080000\r\nDTEND:20100803T090000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    assert [start for start, _ in busy(tmp_path, text)] == [
        "08-03 08:00", "08-09 14:00", "08-13 14:00", "08-16 14:00", "08-20 14:00",
        "08-23 14:00", "08-27 14:00", "08-30 14:00",
    ]  # fmt: skip


def test_an_entry_across_the_first_or_last_midnight_counts_and_others_do_not(
    tmp_path: Path,
) -> None:
    text = calendar(
        "DTSTART:20100731T230000|DTEND:20100801T010000",
        "DTSTART:20100731T200000|DTEND:20100731T230000",
        "DTSTART:20100831T230000|DTEND:20100901T010000",
        "DTSTART:20100901T000000|DTEND:20100901T010000",
    )
    assert [start for start, _ in busy(tmp_path, text)] == ["07-31 23:00", "08-31 23:00"]


@pytest.mark.parametrize(
    "free", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_cancelled_and_free_entries_take_up_no_time(tmp_path: Path, free: str) -> None:
    assert busy(tmp_path, calendar(f"DTSTART:20100802T090000|DURATION:PT1H|{free}")) == []


def test_a_rule_without_end_is_followed_only_to_the_last_day(tmp_path: Path) -> None:
    text = calendar("DTSTART:20000101T090000|DURATION:PT1H|RRULE:FREQ=DAILY")
    assert len(busy(tmp_path, text)) == 31


def test_titles_are_kept_short_and_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    long = "会议\\n" + "长" * 500
    path.write_text(calendar(f"DTSTART:20100802T090000|DURATION:PT1H|SUMMARY:{long}"), "utf-8")
    (time,) = read_busy_calendar(path, "Asia/Shanghai", FIRST, LAST)
    assert time == BusyTime(
        dt.datetime(2010, 8, 2, 9), dt.datetime(2010, 8, 2, 10), ("会议 " + "长" * 500)[:200]
    )


def test_a_byte_order_mark_and_other_line_ends_are_forgiven(tmp_path: Path) -> None:
    text = calendar("DTSTART:20100802T090000|DURATION:PT1H")
    expected = [("08-02 09:00", "08-02 10:00")]
    assert busy(tmp_path, b"\xef\xbb\xbf" + text.encode()) == expected
    assert busy(tmp_path, text.replace("\r\n", "\n")) == expected


# What is refused


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hello", "calendar-none"),
        ("BEGIN:VCARD\nEND:VCARD", "calendar-none"),
        ("<html>:</html>", "calendar-none"),
        (calendar("DTSTART:20100802T090000").replace("END:VEVENT\r\n", ""), "calendar-structure"),
        (calendar("DTSTART:20100802T090000").removesuffix("END:VCALENDAR\r\n"),
         "calendar-cut-short"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 9, "calendar-too-deep"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 30_000, "calendar-too-many"),
        ("BEGIN:VCALENDAR\nX:" + "a" * 100_000, "calendar-long-line"),
        ("BEGIN:VCALENDAR\nX:" + "a\n " * 100_000, "calendar-long-line"),
        (calendar("DTSTART:20100802T090000|RRULE:FREQ=SECONDLY"), "calendar-too-often"),
        (calendar("DTSTART:20100802T090000|RRULE:FREQ=HOURLY"), "calendar-too-often"),
        (calendar("DTSTART:20100802T090000|RRULE:FREQ=DAILY;BYMINUTE=1,2,3"),
         "calendar-too-often"),
        (calendar("DTSTART;TZID=Mars/Olympus:20100802T090000"), "calendar-unknown-zone"),
        (calendar("DTSTART;TZID=../../etc/passwd:20100802T090000"), "calendar-unknown-zone"),
        (calendar("DTSTART:20101399T090000|DURATION:PT1H"), "calendar-unreadable"),
    ],
)  # fmt: skip
def test_what_no_honest_calendar_has_is_refused_with_its_place(
    tmp_path: Path, text: str, what: str
) -> None:
    assert refused(tmp_path, text) == [what]


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy_calendar, "LARGEST", 1000)
    assert refused(tmp_path, calendar("X-A:" + "a" * 2000)) == ["file-too-large"]


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    text = calendar(
        "DTSTART;TZID=Nowhere:20100802T090000|RRULE:FREQ=MINUTELY",
        "DTSTART;TZID=Elsewhere:20100802T090000",
    )
    assert refused(tmp_path, text) == [
        "calendar-unknown-zone", "calendar-too-often", "calendar-unknown-zone",
    ]  # fmt: skip


def test_a_rule_that_never_applies_is_not_followed_for_ever(tmp_path: Path) -> None:
    never = "DTSTART:19000101T090000|DURATION:PT1H|RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert refused(tmp_path, calendar(*[never] * 20), seconds=2) == ["calendar-too-much-work"]


def test_more_busy_times_than_anybody_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy_calendar, "MOST_TIMES", 50)
    text = calendar(*["DTSTART:20100801T090000|DURATION:PT1H|RRULE:FREQ=DAILY"] * 3)
    assert refused(tmp_path, text) == ["calendar-too-busy"]


# A folder of them


def test_the_calendars_of_a_folder_are_the_busy_times_of_their_officers(tmp_path: Path) -> None:
    entry = "DTSTART:20101001T090000|DURATION:PT1H|SUMMARY:private"
    (tmp_path / "PS01.ics").write_text(calendar(entry, entry.replace("1001", "1201")))
    (tmp_path / "notes.txt").write_text("x")
    (busy_time,) = with_busy_folder(sample.problem(), tmp_path).problem.busy
    assert (busy_time.officer, busy_time.start) == ("PS01", dt.datetime(2010, 10, 1, 9))
    assert (busy_time.hard, busy_time.reason) == (True, "")


def test_every_fault_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "PS01.ics").write_text("hello")
    (tmp_path / "PS1.ics").write_text(calendar())
    with pytest.raises(InvalidInputError) as caught:
        with_busy_folder(sample.problem(), tmp_path)
    assert [fault.what for fault in caught.value.faults] == ["calendar-none", "unknown-officer"]
    with pytest.raises(InvalidInputError) as caught:
        with_busy_folder(sample.problem(), tmp_path / "nowhere")
    assert [fault.what for fault in caught.value.faults] == ["calendar-folder"]
