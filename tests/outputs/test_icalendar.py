from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_scheduler.outputs.events import Event, events
from patrol_scheduler.outputs.icalendar import (
    ALL,
    FeedWriter,
    Scope,
    Style,
    Version,
    cancelled,
    event_bytes,
    event_uid,
    feed_bytes,
    issued_stamp,
    plan_id,
)
from patrol_scheduler.problem import Officer, Post, Problem, Shift
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.roster import Roster
from tests.outputs import sample


def feed_of(
    problem: Problem,
    roster: Roster,
    style: Style = Style("zh-CN"),  # noqa: B008  # frozen
    name: str = "全部勤务",
    scope: Scope = ALL,
) -> bytes:
    writer, stamp = FeedWriter(problem, style), issued_stamp(problem)
    lines = [
        event_bytes(
            event_uid(writer.plan, event, scope),
            Version(0, stamp, stamp),
            writer.content(event, scope),
        )
        for event in events(problem, roster)
    ]
    return feed_bytes(writer.head(name=name, color="teal", modified=stamp, mark="all:"), lines)


def unfolded(feed: bytes) -> str:
    return feed.decode().replace("\r\n ", "")


def head(feed: bytes) -> str:
    return unfolded(feed).partition("BEGIN:VTIMEZONE")[0]


def test_the_calendar_says_what_it_is(problem: Problem, roster: Roster) -> None:
    assert head(feed_of(problem, roster)) == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//patrol-scheduler//roster feed//ZH\r\n"
        "CALSCALE:GREGORIAN\r\n"
        "METHOD:PUBLISH\r\n"
        "NAME:全部勤务\r\n"
        "X-WR-CALNAME:全部勤务\r\n"
        "DESCRIPTION:示例镇综合治理办公室《示例镇常规管理》勤务日历，由排班系统生成，请勿手工修改。"
        "“每2至3天巡逻一次”按日期差计算：同一片区相邻两次巡逻的日期相差2至3天（自然日）。\r\n"
        "X-WR-CALDESC:示例镇综合治理办公室《示例镇常规管理》勤务日历，由排班系统生成，请勿手工修改。"
        "“每2至3天巡逻一次”按日期差计算：同一片区相邻两次巡逻的日期相差2至3天（自然日）。\r\n"
        "X-WR-TIMEZONE:Asia/Shanghai\r\n"
        "COLOR:teal\r\n"
        "LAST-MODIFIED:20100920T000000Z\r\n"
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n"
        "X-PUBLISHED-TTL:PT6H\r\n"
        "X-PATROL-SCHEDULER-PLAN:b88fe0a9-b248-50ba-a8e4-ca40b3f25b6e\r\n"
        "X-PATROL-SCHEDULER-FEED:all:\r\n"
    )


def test_an_event_says_when_where_who_and_what_to_look_for(
    problem: Problem, roster: Roster
) -> None:
    event = event_components(feed_of(problem, roster))[0]
    assert [f"{name}{params}:{value}" for name, params, value in event.lines] == [
        f"UID:{event_uid(plan_id(problem), events(problem, roster)[0])}",
        "DTSTAMP:20100920T000000Z",
        "CREATED:20100920T000000Z",
        "LAST-MODIFIED:20100920T000000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:早班巡逻：东街片区",
        "DTSTART;TZID=Asia/Shanghai:20100930T073000",
        "DTEND;TZID=Asia/Shanghai:20100930T103000",
        "LOCATION:东街片区",
        (
            r"DESCRIPTION:公安：公安01（带队、驾驶）\n交警：交警01\n城管：城管01"
            r"\n重点整治：乱停乱靠、占道经营\n巡逻编号：2010-09-30.A1"
        ),
        "CATEGORIES:巡逻,早班,公安,交警,城管",
        "CONTACT:公安01（公安）、交警01（交警）、城管01（城管）",
        "ORGANIZER;CN=示例镇综合治理办公室:mailto:noreply@patrol-scheduler.invalid",
        "TRANSP:OPAQUE",
    ]


def test_english_feeds_speak_english(problem: Problem, roster: Roster) -> None:
    event = event_components(feed_of(problem, roster, Style("en")))[3]
    assert event.value("SUMMARY") == "早班 post duty: 镇口卡点"
    assert event.value("DESCRIPTION") == "城管: 城管02"


def test_a_shift_ends_on_the_next_day_when_it_passes_or_reaches_midnight(
    problem: Problem, roster: Roster
) -> None:
    times = {
        event.value("SUMMARY"): (event.value("DTSTART"), event.value("DTEND"))
        for event in event_components(feed_of(problem, roster))
    }
    assert times["夜班巡逻：西街片区"] == ("20101001T220000", "20101002T020000")
    assert times["晚班巡逻：东街片区"] == ("20101003T200000", "20101004T000000")


def test_a_shift_of_a_whole_day_ends_at_its_own_hour_of_the_next_day(roster: Roster) -> None:
    shifts = [s.model_dump() for s in sample.problem().shifts]
    shifts[0]["end"] = shifts[0]["start"]
    changed = sample.problem(shifts=tuple(Shift(**shift) for shift in shifts))
    event = event_components(feed_of(changed, roster))[0]
    assert event.value("DTEND") == "20101001T073000"


def test_without_a_date_of_issue_the_first_day_stamps_the_events(roster: Roster) -> None:
    feed = feed_of(sample.problem(issued=None), roster)
    assert {e.value("DTSTAMP") for e in event_components(feed)} == {"20100930T000000Z"}


def test_certificate_numbers_and_reasons_of_leave_stay_out(
    problem: Problem, roster: Roster
) -> None:
    feed = unfolded(feed_of(problem, roster))
    assert "示例-PS-002" not in feed
    assert "病假" not in feed


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20100930T073000"),
        ("America/New_York", "DTSTART;TZID=America/New_York:20100930T073000"),
        ("UTC", "DTSTART:20100930T073000Z"),
    ],
)
def test_other_time_zones_are_declared_and_used(zone: str, start: str, roster: Roster) -> None:
    feed = feed_of(sample.problem(timezone=zone), roster)
    assert lint(feed) == ()
    assert f"\r\n{start}\r\n" in unfolded(feed)
    assert f"TZID:{zone}\r\n" in unfolded(feed)


def test_a_leader_on_duty_is_told_from_whoever_keeps_a_post(roster: Roster) -> None:
    plain = unfolded(feed_of(sample.problem(), roster))
    assert "值守" in plain
    led = sample.problem(posts=(Post(id="K1", name="值班室", kind="leader-on-duty"),))
    feed = unfolded(feed_of(led, roster))
    assert "带班领导：值班室" in feed
    assert "值守" not in feed


def test_a_feed_without_events_is_valid(problem: Problem) -> None:
    feed = feed_of(problem, Roster())
    assert lint(feed) == ()
    assert b"BEGIN:VEVENT" not in feed


# UIDs


def uids(problem: Problem, roster: Roster, scope: Scope = ALL) -> Iterator[str]:
    plan = plan_id(problem)
    return (event_uid(plan, event, scope) for event in events(problem, roster))


def moved(roster: Roster, shift: str) -> Roster:
    first = roster.patrols[0].model_copy(update={"shift": shift})
    return roster.model_copy(update={"patrols": (first, *roster.patrols[1:])})


def test_a_patrol_moved_within_its_day_keeps_its_uid(problem: Problem, roster: Roster) -> None:
    later = moved(roster, "late")
    assert set(uids(problem, roster)) == set(uids(problem, later))
    before, after = (
        {e.value("UID"): e.value("DTSTART") for e in event_components(feed_of(problem, made))}
        for made in (roster, later)
    )
    changed = [uid for uid in before if before[uid] != after[uid]]
    assert [after[uid] for uid in changed] == ["20100930T200000"]


def test_a_patrol_with_another_team_keeps_its_uid(problem: Problem, roster: Roster) -> None:
    first = roster.patrols[0]
    alone = first.model_copy(update={"members": first.members[:1]})
    changed = roster.model_copy(update={"patrols": (alone, *roster.patrols[1:])})
    assert set(uids(problem, roster)) == set(uids(problem, changed))


def test_uids_are_fixed_for_ever(problem: Problem, roster: Roster) -> None:
    """Another UID for the same patrol doubles the event in every calendar that has it."""
    first = events(problem, roster)[0]
    plan = plan_id(problem)
    assert [event_uid(plan, first), event_uid(plan, first, ("officer", "PS01"))] == [
        "023f0123-4fa8-5943-87a4-d15fed59f374@patrol-scheduler",
        "cfb734a9-193f-5583-bf66-891651eb8abc@patrol-scheduler",
    ]


@given(st.text())
def test_a_uid_is_the_uuid_of_its_name(place: str) -> None:
    plan = plan_id(sample.problem())
    event = Event(("post", place), sample.date("2010-08-01"), "早班", None, place, ())
    named = uuid.uuid5(plan, json.dumps(["post", place, place]))
    assert event_uid(plan, event) == f"{named}@patrol-scheduler"


def test_plans_issuers_officers_and_posts_have_their_own_uids(
    problem: Problem, roster: Roster
) -> None:
    found = [
        *uids(problem, roster),
        *uids(problem, roster, ("officer", "PS01")),
        *uids(problem, roster, ("officer", "TP01")),
        *uids(problem, roster, ("agency", "TP01")),
        *uids(sample.problem(name="另一方案"), roster),
        *uids(sample.problem(issuer="另一单位"), roster),
    ]
    assert len(set(found)) == 5 * 6


def test_a_post_with_the_id_of_a_patrol_has_its_own_uid(problem: Problem) -> None:
    day = dt.date(2010, 10, 1)
    patrol = Event(("patrol", "x"), day, "early", "A1", None, ())
    post = Event(("post", "x"), day, "early", None, "K1", ())
    plan = plan_id(problem)
    assert event_uid(plan, patrol) != event_uid(plan, post)


def test_a_patrol_of_another_area_is_another_event(problem: Problem, roster: Roster) -> None:
    """In the feed of its old area it is cancelled, which must not cancel it in the new one's."""
    first = roster.patrols[0].model_copy(update={"area": "A2"})
    changed = roster.model_copy(update={"patrols": (first, *roster.patrols[1:])})
    assert len(set(uids(problem, roster)) & set(uids(problem, changed))) == 4


# Style


def test_times_in_utc_are_the_same_moments(problem: Problem, roster: Roster) -> None:
    feed = feed_of(problem, roster, Style("zh-CN", utc=True))
    assert lint(feed) == ()
    first = event_components(feed)[0]
    assert (first.value("DTSTART"), first.value("DTEND")) == (
        "20100929T233000Z",
        "20100930T023000Z",
    )


def test_an_alarm_is_only_in_an_officers_own_feed(problem: Problem, roster: Roster) -> None:
    style = Style("zh-CN", alarm=90)
    assert b"VALARM" not in feed_of(problem, roster, style)
    feed = feed_of(problem, roster, style, scope=("officer", "PS01"))
    assert lint(feed) == ()
    (alarm,) = event_components(feed)[0].parts
    assert alarm.lines == [
        ("ACTION", "", "DISPLAY"),
        ("TRIGGER", "", "-PT90M"),
        ("DESCRIPTION", "", "早班巡逻：东街片区"),
    ]


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh-CN", "【取消】早班巡逻：东街片区"), ("en", "Cancelled: 早班 patrol: 东街片区")],
)
def test_a_cancelled_event_says_so_takes_no_time_and_rings_no_bell(
    problem: Problem, roster: Roster, lang: str, title: str
) -> None:
    writer = FeedWriter(problem, Style(lang, alarm=60))
    content = writer.content(events(problem, roster)[0], ("officer", "PS01"))
    stamp = issued_stamp(problem)
    line = event_bytes("1@x", Version(1, stamp, stamp), cancelled(content, lang))
    feed = feed_bytes(writer.head(name="甲", color="teal", modified=stamp), [line])
    assert lint(feed) == ()
    (event,) = event_components(feed)
    assert event.value("SUMMARY") == title
    assert event.value("STATUS") == "CANCELLED"
    assert event.value("TRANSP") == "TRANSPARENT"
    assert event.value("DTSTART") == "20100930T073000"
    assert "重点整治" in event.value("DESCRIPTION") or lang == "en"
    assert event.parts == []


# Names of strangers


def test_wicked_names_end_no_line_and_start_no_component(roster: Roster) -> None:
    problem = sample.renamed(sample.WICKED)
    feed = feed_of(problem, roster, name=sample.WICKED)
    assert lint(feed) == ()
    assert b"\r\nBEGIN:VALARM" not in feed
    written = r'A\,b\;c"d\\e BEGIN:VALARM x=1 👮🏽‍♀️ 𠮷<b>&amp\;</b>'
    assert event_components(feed)[0].value("LOCATION") == written
    assert f"\r\nX-WR-CALNAME:{written}\r\n" in head(feed)


def test_a_category_has_no_comma_and_an_organizer_no_quotation_mark(roster: Roster) -> None:
    feed = feed_of(sample.renamed('甲,乙;丙:丁"戊^己'), roster)
    (event, *_) = event_components(feed)
    assert event.value("CATEGORIES") == "巡逻," + ",".join(["甲，乙；丙：丁＂戊＾己"] * 4)
    (params,) = [params for name, params, _ in event.lines if name == "ORGANIZER"]
    assert params == ";CN=甲，乙；丙：丁＂戊＾己"


def test_control_characters_that_slipped_past_the_border_are_dropped(roster: Roster) -> None:
    given = sample.problem()
    officer = Officer.model_construct(**{**dict(given.officers[0]), "name": "甲\x00\x07\x1b[2J乙"})
    problem = given.model_copy(update={"officers": (officer, *given.officers[1:])})
    feed = feed_of(problem, roster)
    assert lint(feed) == ()
    assert "甲[2J乙（带队、驾驶）" in unfolded(feed)


def test_a_place_with_coordinates_stands_on_the_map(problem: Problem, roster: Roster) -> None:
    first = problem.areas[0].model_copy(update={"longitude": 112.95, "latitude": 28.654321})
    placed = problem.model_copy(update={"areas": (first, *problem.areas[1:])})
    feed = feed_of(placed, roster)
    assert feed.count(b"GEO:28.654321;112.950000\r\n") == sum(
        patrol.area == first.id for patrol in roster.patrols
    )
    assert lint(feed) == lint(feed_of(problem, roster))
    half = first.model_copy(update={"latitude": None})
    assert b"GEO" not in feed_of(problem.model_copy(update={"areas": (half,)}), Roster())


def test_areas_of_priority_come_first_at_one_time(problem: Problem, roster: Roster) -> None:
    last = problem.areas[-1].model_copy(update={"priority": 1})
    ranked = problem.model_copy(update={"areas": (*problem.areas[:-1], last)})
    listed = [(e.date, e.shift, e.area) for e in events(ranked, roster) if e.area]
    same_time = [(a, b) for a, b in pairwise(listed) if a[:2] == b[:2]]
    assert all(b[2] != last.id for _, b in same_time)
    assert sorted(listed, key=str) == sorted(
        ((e.date, e.shift, e.area) for e in events(problem, roster) if e.area), key=str
    )
