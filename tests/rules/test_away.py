"""Worked examples of the rules about what officers do outside the patrols."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Busy, Problem
from patrol_scheduler.rules import BusyTimes, RestAfterHomeDuty

from .worked import Example, Found, plan


def busy(start: str, end: str, **more: Any) -> Problem:
    """The plan with one busy time of P1."""
    return plan(busy=(Busy(officer="P1", start=start, end=end, **more),))


def resting(hours: float | None) -> Problem:
    """The plan with 24 hours of home duty of P1, whose agency has its own rest after it."""
    return plan(
        busy=(
            Busy(
                officer="P1",
                start="2010-08-03T08:00:00",
                end="2010-08-04T08:00:00",
                kind="home-duty",
            ),
        ),
        agencies=(Agency(id="police", rest_after_home_duty=hours), Agency(id="city")),
    )


EXAMPLES: tuple[Example, ...] = (
    Example(
        "a duty in the middle of a hard busy time",
        BusyTimes(),
        ("2010-08-03 town day P1 C1",),
        (
            Found(
                "P1 2010-08-03 day有勤务，但 2010-08-03 09:00 至 2010-08-03 10:00 另有安排（培训）。",
                "P1 is on duty on 2010-08-03 in shift day, but busy from 2010-08-03 09:00 to 2010-08-03 10:00 (training).",
                date="2010-08-03",
            ),
        ),
        busy("2010-08-03T09:00:00", "2010-08-03T10:00:00", kind="training"),
    ),
    Example(
        "away from before the first day until after the last",
        BusyTimes(),
        ("2010-08-02 town day P1", "2010-08-15 gate night P1"),
        (
            Found(
                "P1 2010-08-02 day有勤务，但 2010-07-28 00:00 至 2010-08-20 00:00 另有安排（其他事务）。",
                "P1 is on duty on 2010-08-02 in shift day, but busy from 2010-07-28 00:00 to 2010-08-20 00:00 (other business).",
                date="2010-08-02",
            ),
            Found(
                "P1 2010-08-15 night有勤务，但 2010-07-28 00:00 至 2010-08-20 00:00 另有安排（其他事务）。",
                "P1 is on duty on 2010-08-15 in shift night, but busy from 2010-07-28 00:00 to 2010-08-20 00:00 (other business).",
                date="2010-08-15",
            ),
        ),
        busy("2010-07-28T00:00:00", "2010-08-20T00:00:00"),
    ),
    Example(
        "a duty that ends when the busy time begins",
        BusyTimes(),
        ("2010-08-03 town day P1",),
        (),
        busy("2010-08-03T16:00:00", "2010-08-04T16:00:00"),
    ),
    Example(
        "a duty that begins when the busy time ends",
        BusyTimes(),
        ("2010-08-04 town day P1",),
        (),
        busy("2010-08-03T08:00:00", "2010-08-04T08:00:00"),
    ),
    Example(
        "the night before reaches into the morning",
        BusyTimes(),
        ("2010-08-03 gate night P1",),
        (
            Found(
                "P1 2010-08-03 night有勤务，但 2010-08-04 05:30 至 2010-08-04 06:30 另有安排（其他事务）。",
                "P1 is on duty on 2010-08-03 in shift night, but busy from 2010-08-04 05:30 to 2010-08-04 06:30 (other business).",
                date="2010-08-03",
            ),
        ),
        busy("2010-08-04T05:30:00", "2010-08-04T06:30:00", reason="开庭 作证"),
    ),
    Example(
        "a busy time of several days",
        BusyTimes(),
        ("2010-08-02 town day P1", "2010-08-04 town day P1", "2010-08-07 town day P1"),
        (
            Found(
                "P1 2010-08-04 day有勤务，但 2010-08-03 00:00 至 2010-08-07 00:00 另有安排（请假）。",
                "P1 is on duty on 2010-08-04 in shift day, but busy from 2010-08-03 00:00 to 2010-08-07 00:00 (leave).",
                date="2010-08-04",
            ),
        ),
        busy("2010-08-03T00:00:00", "2010-08-07T00:00:00", kind="annual-leave"),
    ),
    Example(
        "a wish to be left alone",
        BusyTimes(price=4, level="fairness"),
        ("2010-08-03 town day P1", "2010-08-04 gate night P1"),
        (
            Found(
                "P1 2010-08-03 day有勤务，最好避开 2010-08-03 00:00 至 2010-08-05 00:00 的安排（备勤）。",
                "P1 is on duty on 2010-08-03 in shift day; better not from 2010-08-03 00:00 to 2010-08-05 00:00 (standby).",
                "fairness",
                date="2010-08-03",
                cost=4,
            ),
            Found(
                "P1 2010-08-04 night有勤务，最好避开 2010-08-03 00:00 至 2010-08-05 00:00 的安排（备勤）。",
                "P1 is on duty on 2010-08-04 in shift night; better not from 2010-08-03 00:00 to 2010-08-05 00:00 (standby).",
                "fairness",
                date="2010-08-04",
                cost=4,
            ),
        ),
        busy("2010-08-03T00:00:00", "2010-08-05T00:00:00", hard=False, kind="standby"),
    ),
    Example(
        "unless the plan says another price, a disturbed wish costs five",
        BusyTimes(),
        ("2010-08-03 town day P1",),
        (
            Found(
                "P1 2010-08-03 day有勤务，最好避开 2010-08-03 09:00 至 2010-08-03 10:00 的安排（备勤）。",
                "P1 is on duty on 2010-08-03 in shift day; better not from 2010-08-03 09:00 to 2010-08-03 10:00 (standby).",
                "wishes",
                date="2010-08-03",
                cost=5,
            ),
        ),
        busy("2010-08-03T09:00:00", "2010-08-03T10:00:00", hard=False, kind="standby"),
    ),
    Example(
        "only the agency that the rule names",
        BusyTimes(agencies=("city",)),
        ("2010-08-03 town day P1",),
        (),
        busy("2010-08-03T09:00:00", "2010-08-03T10:00:00"),
    ),
    Example(
        "the day after 24 hours of home duty is free",
        RestAfterHomeDuty(),
        ("2010-08-04 town day P1", "2010-08-05 town day P1"),
        (
            Found(
                "P1 2010-08-04 day的勤务距本单位值班结束（2010-08-04 08:00）只有 0 小时，至少应休息 24 小时。",
                "P1 rests 0 hours between the home duty until 2010-08-04 08:00 and the duty on 2010-08-04, shift day; 24 hours are asked.",
                date="2010-08-04",
                amount=24,
            ),
        ),
        busy("2010-08-03T08:00:00", "2010-08-04T08:00:00", kind="home-duty"),
    ),
    Example(
        "the evening after it",
        RestAfterHomeDuty(hours=12),
        ("2010-08-04 town night P1",),
        (),
        busy("2010-08-03T08:00:00", "2010-08-04T08:00:00", kind="home-duty"),
    ),
    Example(
        "the evening after it with more rest asked",
        RestAfterHomeDuty(hours=14.5),
        ("2010-08-04 gate night P1",),
        (
            Found(
                "P1 2010-08-04 night的勤务距本单位值班结束（2010-08-04 08:00）只有 14 小时，至少应休息 14.50 小时。",
                "P1 rests 14 hours between the home duty until 2010-08-04 08:00 and the duty on 2010-08-04, shift night; 14.50 hours are asked.",
                date="2010-08-04",
                amount=Fraction(1, 2),
            ),
        ),
        busy("2010-08-03T08:00:00", "2010-08-04T08:00:00", kind="home-duty"),
    ),
    Example(
        "the evening after it where the agency itself asks for sixteen hours",
        RestAfterHomeDuty(),
        ("2010-08-04 gate night P1", "2010-08-05 town day P1"),
        (
            Found(
                "P1 2010-08-04 night的勤务距本单位值班结束（2010-08-04 08:00）只有 14 小时，至少应休息 16 小时。",
                "P1 rests 14 hours between the home duty until 2010-08-04 08:00 and the duty on 2010-08-04, shift night; 16 hours are asked.",
                date="2010-08-04",
                amount=2,
            ),
        ),
        resting(16),
    ),
    Example(
        "an agency that asks for no rest after it",
        RestAfterHomeDuty(),
        ("2010-08-04 town day P1",),
        (),
        resting(0),
    ),
    Example(
        "ten minutes short of 24 hours of rest",
        RestAfterHomeDuty(),
        ("2010-08-05 town day P1",),
        (
            Found(
                "P1 2010-08-05 day的勤务距本单位值班结束（2010-08-04 08:10）只有 23.83 小时，至少应休息 24 小时。",
                "P1 rests 23.83 hours between the home duty until 2010-08-04 08:10 and the duty on 2010-08-05, shift day; 24 hours are asked.",
                date="2010-08-05",
                amount=Fraction(1, 6),
            ),
        ),
        busy("2010-08-03T08:00:00", "2010-08-04T08:10:00", kind="home-duty"),
    ),
    Example(
        "a home duty ten minutes short of 24 hours does not count",
        RestAfterHomeDuty(),
        ("2010-08-04 town day P1",),
        (),
        busy("2010-08-03T08:10:00", "2010-08-04T08:00:00", kind="home-duty"),
    ),
    Example(
        "a home duty of eight hours does not count",
        RestAfterHomeDuty(),
        ("2010-08-04 town day P1",),
        (),
        busy("2010-08-03T16:00:00", "2010-08-04T00:00:00", kind="home-duty"),
    ),
    Example(
        "nor does a day of training",
        RestAfterHomeDuty(),
        ("2010-08-04 town day P1",),
        (),
        busy("2010-08-03T08:00:00", "2010-08-04T08:00:00", kind="training"),
    ),
)


EXAMPLES += (
    Example(
        "a duty after the plan is not judged",
        BusyTimes(),
        ("2010-08-16 town day P1",),
        (),
        busy("2010-08-14T00:00:00", "2010-08-20T00:00:00"),
    ),
    Example(
        "nor is its rest",
        RestAfterHomeDuty(hours=48),
        ("2010-08-16 town day P1",),
        (),
        busy("2010-08-14T08:00:00", "2010-08-15T08:00:00", kind="home-duty"),
    ),
    Example(
        "the home duty ends on the last day",
        RestAfterHomeDuty(hours=48),
        ("2010-08-15 gate night P1",),
        (
            Found(
                "P1 2010-08-15 night的勤务距本单位值班结束（2010-08-15 08:00）只有 14 小时，至少应休息 48 小时。",
                "P1 rests 14 hours between the home duty until 2010-08-15 08:00 and the duty on 2010-08-15, shift night; 48 hours are asked.",
                date="2010-08-15",
                amount=34,
            ),
        ),
        busy("2010-08-14T08:00:00", "2010-08-15T08:00:00", kind="home-duty"),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()
