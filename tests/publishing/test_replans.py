"""After a replan calendars are brought up to date in place: what changed, and nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from patrol_scheduler import Problem, Roster, replan, solve
from patrol_scheduler.days import DayType, SpecialDay
from patrol_scheduler.publishing import Style, publish
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.replanning.variations import without_officer
from patrol_scheduler.rules import PatrolDays
from tests.explaining.plans import day, on_leave, town
from tests.judges import JUDGES
from tests.parts import need
from tests.strategies import changed

CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2010, 9, 6, 9, tzinfo=CHINA)
FROZEN = day("2010-09-06")
WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY, DayType.REST_DAY)
Shown = dict[str, tuple[int, str, dt.date]]
"""SEQUENCE, STATUS and date of each event, by its UID."""


@pytest.fixture(scope="module")
def drawn() -> Roster:
    found = solve(town(), time_limit=10, gap=0.1, workers=1, seed=1).roster
    assert found is not None
    return found


def ill() -> Problem:
    return on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")


def holiday() -> Problem:
    """The 14th becomes a holiday without patrols."""
    free = SpecialDay(date=day("2010-09-14"), day_type=DayType.STATUTORY_HOLIDAY, name="")
    rules = (PatrolDays(day_types=WORKING),)
    return changed(town(), calendar="weekends", days=(free,), rules=rules)


def gone() -> Problem:
    return without_officer(town(), "CG6", day("2010-09-18"))


def fewer_patrols() -> Problem:
    """The market needs patrols at most every four days, and the road none from the 20th on."""
    late = (
        town()
        .phases[0]
        .model_copy(update={"id": "late", "start": day("2010-09-20"), "areas": ("market",)})
    )
    early = town().phases[0].model_copy(update={"end": day("2010-09-19")})
    return changed(town(), phases=(early, late))


CHANGES = {"leave": ill, "holiday": holiday, "lost person": gone, "area closed": fewer_patrols}


def published(problem: Problem, roster: Roster, to: Path, days: int) -> dict[str, bytes]:
    """The bytes of each feed, published so many days after the first time."""
    now = NOW + dt.timedelta(days=days)
    done = publish(problem, roster, to, style=Style("zh-CN"), now=now)
    tokens = (to / "private" / "tokens.json").read_text(encoding="utf-8")
    assert done.folder == to
    files = sorted((to / "public").glob("*/*.ics"))
    assert files
    assert all(file.parent.name in tokens for file in files)
    return {str(file.parent.name): file.read_bytes() for file in files}


def shown(feed: bytes) -> Shown:
    events: list[Any] = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    return {
        str(event["UID"]): (
            int(event["SEQUENCE"]),
            str(event["STATUS"]),
            event.start.date() if isinstance(event.start, dt.datetime) else event.start,
        )
        for event in events
    }


def everything(feeds: dict[str, bytes]) -> Shown:
    """The feed of everything: the one with the most events."""
    return shown(max(feeds.values(), key=lambda feed: feed.count(b"BEGIN:VEVENT")))


@pytest.mark.parametrize("change", CHANGES)
def test_only_changed_patrols_get_a_higher_number_and_every_uid_stays(
    change: str, drawn: Roster, tmp_path: Path
) -> None:
    problem = CHANGES[change]()
    found = replan(problem, drawn, FROZEN)
    assert found.status == "complete"
    assert found.roster is not None
    before = everything(published(town(), drawn, tmp_path, 0))
    after = everything(published(problem, found.roster, tmp_path, 1))
    assert {number for number, _, _ in before.values()} == {0}
    assert before.keys() <= after.keys()
    old = {patrol.id: patrol for patrol in drawn.patrols}
    new = {patrol.id: patrol for patrol in found.roster.patrols}
    # Events of one day and area tell patrols apart; here nothing else does.
    moved = sum(1 for name in old.keys() & new.keys() if old[name] != new[name])
    off, more = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    assert moved + off + more > 0
    raised = [uid for uid in before if after[uid][0] > 0]
    assert len(raised) == moved + off
    assert all(after[uid][0] == 1 for uid in raised)
    assert sum(1 for uid in after if after[uid][1] == "CANCELLED") == off
    assert len(after.keys() - before.keys()) == more
    assert all(after[uid] == before[uid] for uid in before.keys() - set(raised))
    live = sorted(date for _, state, date in after.values() if state == "CONFIRMED")
    assert live == sorted(patrol.date for patrol in found.roster.patrols)
    # The same roster again changes no byte.
    assert everything(published(problem, found.roster, tmp_path, 2)) == after


def test_a_patrol_that_moves_is_the_same_event_on_another_day(
    drawn: Roster, tmp_path: Path
) -> None:
    found = replan(holiday(), drawn, FROZEN)
    assert found.roster is not None
    before = everything(published(town(), drawn, tmp_path, 0))
    after = everything(published(holiday(), found.roster, tmp_path, 1))
    on_the_14th = [uid for uid, (_, _, date) in before.items() if date == day("2010-09-14")]
    assert len(on_the_14th) == 2
    for uid in on_the_14th:
        assert after[uid][:2] == (1, "CONFIRMED")
        assert after[uid][2] != day("2010-09-14")


def test_a_patrol_that_is_no_more_is_cancelled(drawn: Roster, tmp_path: Path) -> None:
    found = replan(fewer_patrols(), drawn, FROZEN)
    assert found.roster is not None
    before = everything(published(town(), drawn, tmp_path, 0))
    after = everything(published(fewer_patrols(), found.roster, tmp_path, 1))
    cancelled = [uid for uid, (_, state, _) in after.items() if state == "CANCELLED"]
    assert cancelled
    assert all(after[uid] == (1, "CANCELLED", before[uid][2]) for uid in cancelled)


@pytest.mark.parametrize("name", sorted(JUDGES))
def test_every_judge_is_content_with_every_feed_after_several_replans(
    name: str, drawn: Roster, tmp_path: Path
) -> None:
    need(name)
    roster, feeds = drawn, published(town(), drawn, tmp_path, 0)
    for days, change in enumerate(CHANGES.values(), start=1):
        problem = change()
        found = replan(problem, roster, FROZEN)
        assert found.roster is not None
        roster, feeds = found.roster, published(problem, found.roster, tmp_path, days)
    verdicts = JUDGES[name](list(feeds.values()))
    for feed, verdict in zip(feeds.values(), verdicts, strict=True):
        assert lint(feed) == ()
        assert verdict.complaints == ()
        assert len(verdict.events) == feed.count(b"\r\nBEGIN:VEVENT\r\n")
    assert any(b"STATUS:CANCELLED" in feed for feed in feeds.values())
