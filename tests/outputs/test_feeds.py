"""The feeds as other people's programs read them."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
import vobject  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from patrol_scheduler.outputs.events import Rest, events, rests
from patrol_scheduler.outputs.feeds import feeds
from patrol_scheduler.outputs.icalendar import FeedWriter, Style, event_uid, plan_id
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.roster import PostDuty, Roster
from tests.outputs import sample

# One event as every reader must see it: UID, start, end, summary.
Seen = tuple[str, dt.datetime, dt.datetime, str]


def by_ical(feed: bytes) -> set[Seen]:
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    return {(e.uid, naive(e.dtstart), naive(e.dtend), e.summary or "") for e in calendar.events}


def by_vobject(feed: bytes) -> set[Seen]:
    calendar = vobject.readOne(feed.decode())
    calendar.validate(raiseException=True)
    return {
        (e.uid.value, naive(e.dtstart.value), naive(e.dtend.value), e.summary.value)
        for e in calendar.contents.get("vevent", [])
    }


def naive(moment: object) -> dt.datetime:
    assert isinstance(moment, dt.datetime)
    return moment.replace(tzinfo=None)


def expected(problem: Problem, roster: Roster) -> set[Seen]:
    found = set()
    for event in events(problem, roster):
        shift = problem.shift_by_id[event.shift]
        midnight = dt.datetime.combine(event.date, dt.time())
        if event.area is not None:
            summary = f"{shift.name}巡逻：{problem.area_by_id[event.area].name}"
        else:
            summary = f"{shift.name}值守：{problem.posts[0].name}"
        found.add(
            (
                event_uid(plan_id(problem), event),
                midnight + dt.timedelta(minutes=shift.start_minute),
                midnight + dt.timedelta(minutes=shift.end_minute),
                summary,
            )
        )
    return found


@pytest.fixture
def written(problem: Problem, roster: Roster) -> dict[str, bytes]:
    return feeds(problem, roster, "zh-CN")


def test_everything_that_the_plan_names_has_a_feed(written: dict[str, bytes]) -> None:
    assert sorted(written) == [
        "calendars/agencies/CG.ics",
        "calendars/agencies/PS.ics",
        "calendars/agencies/TP.ics",
        "calendars/all.ics",
        "calendars/areas/A1.ics",
        "calendars/areas/A2.ics",
        "calendars/index.csv",
        "calendars/officers/CG01.ics",
        "calendars/officers/CG02.ics",
        "calendars/officers/CG03.ics",
        "calendars/officers/PS01.ics",
        "calendars/officers/PS02.ics",
        "calendars/officers/TP01.ics",
        "calendars/officers/TP02.ics",
        "calendars/posts/K1.ics",
    ]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_feed_is_clean(lang: str, problem: Problem, roster: Roster) -> None:
    for path, feed in feeds(problem, roster, lang).items():
        if path.endswith(".ics"):
            assert lint(feed) == (), path


def test_two_independent_readers_see_the_events_of_the_roster(
    problem: Problem, roster: Roster, written: dict[str, bytes]
) -> None:
    feed = written["calendars/all.ics"]
    assert by_ical(feed) == by_vobject(feed) == expected(problem, roster)


def test_every_feed_holds_its_own_events(problem: Problem, written: dict[str, bytes]) -> None:
    summaries = {
        path: [event.value("SUMMARY") for event in event_components(feed)]
        for path, feed in written.items()
        if path.endswith(".ics")
    }
    assert summaries["calendars/areas/A2.ics"] == ["夜班巡逻：西街片区", "早班巡逻：西街片区"]
    assert summaries["calendars/posts/K1.ics"] == ["早班值守：镇口卡点"]
    assert summaries["calendars/agencies/CG.ics"] == [
        "早班巡逻：东街片区",
        "夜班巡逻：西街片区",
        "早班值守：镇口卡点",
        "晚班巡逻：东街片区",
    ]
    assert summaries["calendars/officers/CG02.ics"] == ["夜班巡逻：西街片区", "早班值守：镇口卡点"]
    assert summaries["calendars/officers/CG03.ics"] == []


def test_an_officer_without_duty_has_a_feed_that_reads(written: dict[str, bytes]) -> None:
    feed = written["calendars/officers/CG03.ics"]
    assert by_ical(feed) == by_vobject(feed) == set()


def test_hours_in_the_officers_feeds_are_the_hours_of_the_roster(
    problem: Problem, roster: Roster, written: dict[str, bytes]
) -> None:
    hours = sum(
        (end - start).total_seconds() / 3600
        for path, feed in written.items()
        if path.startswith("calendars/officers/")
        for _, start, end, _ in by_ical(feed)
    )
    minutes = {shift.id: shift.minutes for shift in problem.shifts}
    assert hours == sum(minutes[duty.shift] for duty in roster.duties) / 60 == 42


def test_events_have_one_uid_in_shared_feeds_and_another_in_personal_ones(
    written: dict[str, bytes],
) -> None:
    found = {
        path: {event.value("UID") for event in event_components(feed)}
        for path, feed in written.items()
        if path.endswith(".ics")
    }
    shared = found["calendars/all.ics"]
    personal = [uids for path, uids in found.items() if "/officers/" in path]
    assert found["calendars/areas/A1.ics"] | found["calendars/areas/A2.ics"] < shared
    assert not shared & set().union(*personal)
    assert len(set().union(*personal)) == sum(map(len, personal)) == 12


def test_officers_at_one_post_in_one_shift_share_an_event(problem: Problem, roster: Roster) -> None:
    other = PostDuty(date=sample.date("2010-10-03"), post="K1", shift="early", officer="CG03")
    both = roster.model_copy(update={"post_duties": (*roster.post_duties, other)})
    (event,) = event_components(feeds(problem, both, "zh-CN")["calendars/posts/K1.ics"])
    assert event.value("CONTACT") == "城管02（城管）、城管03（城管）"


def test_the_index_says_which_file_is_whose(written: dict[str, bytes]) -> None:
    index = written["calendars/index.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(index)))
    assert rows[:3] == [
        ["kind", "id", "name", "file"],
        ["all", "", "示例镇常规管理", "all.ics"],
        ["area", "A1", "东街片区", "areas/A1.ics"],
    ]
    assert {f"calendars/{row[3]}" for row in rows[1:]} == set(written) - {"calendars/index.csv"}


def test_the_same_roster_gives_the_same_bytes(problem: Problem, roster: Roster) -> None:
    assert feeds(problem, roster, "en") == feeds(sample.problem(), sample.roster(), "en")


def test_ids_that_are_no_file_names_stay_inside_the_folder(problem: Problem) -> None:
    areas = tuple(
        area.model_copy(update={"id": name})
        for area, name in zip(problem.areas, ["../../x", "CON"], strict=True)
    )
    paths = feeds(problem.model_copy(update={"areas": areas}), Roster(), "en")
    inside = [path for path in paths if path.startswith("calendars/areas/")]
    assert len(inside) == 2
    assert all(path.count("/") == 2 and ".." not in path for path in inside)


# Anything that a plan lets people be called: no control characters, but all line breaks.
LETTERS = st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(',;:"\\\n\r\t')
HARD = ["", sample.WICKED, "𠮷" * 60, "，" * 40, "\u2028x", "a\\", "\\n", "END:VEVENT"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(HARD) | st.text(LETTERS))
def test_whatever_the_names_every_feed_is_clean_and_reads_the_same(name: str) -> None:
    problem, roster = sample.renamed(name), sample.roster()
    written = feeds(problem, roster, "zh-CN")
    for path, feed in written.items():
        if path.endswith(".ics"):
            assert lint(feed) == (), path
    feed = written["calendars/all.ics"]
    seen = by_ical(feed)
    assert {event[:3] for event in seen} == {event[:3] for event in expected(problem, roster)}
    assert {event[:3] for event in by_vobject(feed)} == {event[:3] for event in seen}
    assert {event[3] for event in by_vobject(feed)} == {event[3] for event in seen}


def test_an_officer_who_stands_twice_in_a_patrol_goes_once(
    problem: Problem, roster: Roster
) -> None:
    first = roster.patrols[0]
    again = first.members[0].model_copy(update={"role": "member"})
    twice = first.model_copy(update={"members": (*first.members, again)})
    made = Roster(patrols=(twice,))
    assert feeds(problem, made, "en") == feeds(problem, Roster(patrols=(first,)), "en")


def test_a_day_of_rest_is_a_whole_day_in_the_officers_own_calendar_alone() -> None:
    problem, roster = sample.resting()
    written = feeds(problem, roster, "zh-CN")
    with_rest = [path for path, feed in written.items() if "补休".encode() in feed]
    assert with_rest == ["calendars/officers/CG01.ics"]
    feed = written["calendars/officers/CG01.ics"]
    assert lint(feed) == ()
    last = event_components(feed)[-1]
    assert [last.value(name) for name in ("SUMMARY", "DTSTART", "DTEND", "TRANSP")] == [
        "补休", "20101008", "20101009", "OPAQUE",
    ]  # fmt: skip
    assert last.value("DESCRIPTION") == "因 2010年10月3日 执勤补休。"
    read = vobject.readOne(feed.decode()).contents["vevent"][-1]
    assert (read.dtstart.value, read.dtend.value) == (dt.date(2010, 10, 8), dt.date(2010, 10, 9))
    strict = list(IcsCalendarStream.calendar_from_ics(feed.decode()).events)[-1]
    assert (strict.dtstart, strict.dtend) == (dt.date(2010, 10, 8), dt.date(2010, 10, 9))


def test_a_day_of_rest_keeps_its_uid_whatever_earned_it_and_has_no_alarm() -> None:
    problem, roster = sample.resting()
    [rest] = rests(problem, roster)
    again = Rest(rest.date, rest.officer, None)
    scope = ("officer", "CG01")
    assert event_uid(plan_id(problem), rest, scope) == event_uid(plan_id(problem), again, scope)
    content = FeedWriter(problem, Style("en", utc=True, alarm=30)).content(rest, scope)
    assert b"VALARM" not in content
    assert b"DTSTART;VALUE=DATE:20101008\r\n" in content
    without = FeedWriter(problem, Style("en")).content(again, scope)
    assert b"DESCRIPTION" not in without
