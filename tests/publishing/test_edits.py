"""Random lives of a roster: UIDs, numbers of changes and bytes are as promised after each edit."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler.outputs.icalendar import Style
from tests.publishing.edits import FIRST, Life, run

LIVES = 60


@pytest.mark.parametrize("part", range(4))
def test_random_lives_of_a_roster_keep_every_promise(part: int) -> None:
    """Ten thousand of them are lived by ``python -m benchmarks calendars --lives 10000``."""
    changed = sum(run(seed, 6) for seed in range(part, LIVES, 4))
    assert changed > LIVES


def life() -> Life:
    made = Life(Style("zh-CN"))
    made.world.patrols[FIRST, "A1"] = ("night", ("甲1", "乙1"))
    made.world.patrols[FIRST + dt.timedelta(days=2), "A1"] = ("day", ("甲1", "乙2"))
    made.expect()
    made.publish()
    return made


def versions(made: Life, feed: str = "all") -> list[tuple[int, str]]:
    return [(entry.sequence, entry.state) for _, entry in made.ledger.shown(feed)]


def test_one_changed_duty_raises_one_event_by_one() -> None:
    made = life()
    made.world.patrols[FIRST, "A1"] = ("day", ("甲1", "乙1"))
    edition = made.publish()
    assert versions(made) == [(1, "live"), (0, "live")]
    # The other area's, the post's and the other officers' feeds are not touched.
    assert set(edition.files) == {
        "all", "area:A1", "agency:甲", "agency:乙", "officer:甲1", "officer:乙1",
    }  # fmt: skip


def test_a_cancelled_night_stays_until_it_is_over_and_comes_back_with_a_higher_number() -> None:
    made = life()
    patrol = made.world.patrols.pop((FIRST, "A1"))
    made.publish()
    assert versions(made) == [(1, "cancelled"), (0, "live")]
    # The shift ends at two in the morning: an hour before that its day has not passed.
    made.world.now = dt.datetime.combine(FIRST, dt.time(), made.world.now.tzinfo)
    made.world.now += dt.timedelta(hours=25)
    assert not made.publish().changes
    made.world.now += dt.timedelta(hours=1)
    assert {change.what for change in made.publish().changes} == {"dropped"}
    assert versions(made) == [(0, "live")]
    made.world.patrols[FIRST, "A1"] = patrol
    assert {change.what for change in made.publish().changes} == {"restored"}
    assert versions(made) == [(2, "live"), (0, "live")]


def test_an_officer_who_is_replaced_sees_a_cancellation_and_the_others_a_change() -> None:
    made = life()
    made.world.patrols[FIRST, "A1"] = ("night", ("甲2", "乙1"))
    made.publish()
    assert versions(made, "officer:甲1") == [(1, "cancelled"), (0, "live")]
    assert versions(made, "officer:甲2") == [(0, "live")]
    assert versions(made, "officer:乙1") == [(1, "live")]
    assert versions(made, "agency:甲") == [(1, "live"), (0, "live")]


def test_a_clock_that_is_put_back_makes_no_event_older() -> None:
    made = life()
    made.world.patrols[FIRST, "A1"] = ("day", ("甲1", "乙1"))
    made.publish()
    made.world.now -= dt.timedelta(days=300)
    made.world.patrols[FIRST, "A1"] = ("night", ("甲1", "乙1"))
    made.publish()
    (changed, _), *_ = [(entry.modified, entry) for _, entry in made.ledger.shown("all")]
    assert changed == "20100801T040000Z"
    assert versions(made)[0] == (2, "live")
