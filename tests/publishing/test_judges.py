"""Five calendar programs of other people see in every feed what the roster says, and no fault."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler.outputs.events import events
from patrol_scheduler.outputs.feeds import events_by_feed, feeds, feeds_of
from patrol_scheduler.outputs.icalendar import (
    FeedWriter,
    Style,
    Version,
    cancelled,
    event_bytes,
    event_uid,
    feed_bytes,
    issued_stamp,
)
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.lint import lint
from tests.judges import JUDGES, Verdict
from tests.outputs import sample
from tests.parts import need

HARD = [
    "示例",
    sample.WICKED,
    "a, b; c:\\d `e` \"f\" 'g'",
    "\\n\\,\\;\\",
    "𠮷𡈽" * 40,
    "👮🏽‍♀️👨‍👩‍👧‍👦" * 12,
    "一行\r\nEND:VCALENDAR\r\n又一行",
    "END:VEVENT",
    "x" * 300,
]


@pytest.fixture(params=sorted(JUDGES))
def judge(request: pytest.FixtureRequest) -> str:
    need(request.param)
    return str(request.param)


def written(problem: Problem, style: Style, *, with_cancelled: bool) -> dict[str, bytes]:
    """Every feed of the sample roster; every second event cancelled if that is wanted."""
    writer, stamp = FeedWriter(problem, style), issued_stamp(problem)
    mine = events_by_feed(problem, sample.roster())
    files = {}
    for feed in feeds_of(problem, style.lang):
        lines = []
        for n, event in enumerate(mine.get((feed.kind, feed.id), ())):
            content = writer.content(event, feed.scope)
            if with_cancelled and n % 2:
                content = cancelled(content, style.lang)
            uid = event_uid(writer.plan, event, feed.scope)
            lines.append(event_bytes(uid, Version(n, stamp, stamp), content))
        head = writer.head(
            name=feed.title,
            color=feed.color,
            modified=stamp,
            mark=feed.mark,
            source="https://rosters.example/feeds/x/duties.ics",
        )
        files[feed.key] = feed_bytes(head, lines)
    return files


@pytest.mark.parametrize(
    ("style", "names"),
    [(Style("zh-CN"), HARD), (Style("en", utc=True, alarm=30), [sample.WICKED])],
    ids=["zh-CN", "en, UTC, alarm"],
)
def test_every_judge_is_content_with_every_feed_whatever_the_names(
    judge: str, style: Style, names: list[str]
) -> None:
    files = [
        feed
        for name in names
        for feed in written(sample.renamed(name), style, with_cancelled=True).values()
    ]
    for feed, verdict in zip(files, JUDGES[judge](files), strict=True):
        assert lint(feed) == ()
        assert verdict.complaints == (), feed.decode()
        assert len(verdict.events) == feed.count(b"\r\nBEGIN:VEVENT\r\n")


@pytest.mark.parametrize("utc", [False, True])
def test_every_judge_sees_the_same_events(judge: str, utc: bool) -> None:
    """UIDs, times, titles and states are those that the roster and the ledger gave."""
    problem = sample.problem()
    feed = written(problem, Style("zh-CN", utc=utc), with_cancelled=True)["all"]
    (verdict,) = JUDGES[judge]([feed])
    writer = FeedWriter(problem, Style("zh-CN"))
    china = dt.timezone(dt.timedelta(hours=8))
    expected = set()
    for n, event in enumerate(events(problem, sample.roster())):
        shift = problem.shift_by_id[event.shift]
        midnight = dt.datetime.combine(event.date, dt.time(), china)
        title = ("【取消】" if n % 2 else "") + writer.summary(event)
        expected.add(
            (
                event_uid(writer.plan, event),
                (midnight + dt.timedelta(minutes=shift.start_minute)).astimezone(dt.UTC),
                (midnight + dt.timedelta(minutes=shift.end_minute)).astimezone(dt.UTC),
                title,
                "CANCELLED" if n % 2 else "CONFIRMED",
            )
        )
    if judge == "calcurse":
        plain = Verdict(frozenset(expected), ())
        assert verdict.without_identity() == plain.without_identity()
    else:
        assert verdict.events == expected


def test_every_judge_is_content_with_a_day_of_rest(judge: str) -> None:
    problem, roster = sample.resting()
    feed = feeds(problem, roster, "zh-CN")["calendars/officers/CG01.ics"]
    (verdict,) = JUDGES[judge]([feed])
    assert verdict.complaints == ()
    # calcurse lists whole days apart from what has hours.
    whole_days = 1 if judge == "calcurse" else 0
    assert len(verdict.events) == feed.count(b"\r\nBEGIN:VEVENT\r\n") - whole_days


def test_the_judges_do_judge(judge: str) -> None:
    """A feed that breaks off in the middle satisfies none of them."""
    feed = written(sample.problem(), Style("en"), with_cancelled=False)["all"]
    (verdict,) = JUDGES[judge]([feed[: len(feed) // 2]])
    assert verdict.complaints or not verdict.events
