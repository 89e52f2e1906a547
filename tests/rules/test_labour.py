"""What the labour rules and each officer's own entry ask: profiles, nights, overtime, part time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Officer, Problem, Shift
from patrol_scheduler.rules import (
    DutiesAtMost,
    FairShare,
    HoursAtMost,
    HoursTarget,
    NoNight,
    Overtime,
    OwnLimits,
    RestAfterNight,
)

from .worked import Example, Found, past, plan


def with_officers(*officers: Officer, **changes: Any) -> Problem:
    """The small plan with these officers in place of its own."""
    return plan(officers=officers, agencies=(Agency(id="police"), Agency(id="city")), **changes)


AUXILIARY = Officer(id="P1", agency="police", status="auxiliary-police")
POLICE = Officer(id="P2", agency="police", status="police")
NURSING = Officer(id="P1", agency="police", night_ok=False)
HALF = Officer(id="P1", agency="police", full_time_percent=50)
MINUTE = (Shift(id="day", start="08:00", end="16:01"),)
TEN_HOURS = (
    Shift(id="day", start="08:00", end="18:00"),
    Shift(id="night", start="22:00", end="06:00"),
)


def own(what: str, date: str, n: int, most: int) -> Found:
    period = {"week": "一周", "month": "月份"}[what]
    each = {"week": "每周", "month": "每月"}[what]
    return Found(
        f"P1 在 {date} 所在的{period}有 {n} 次勤务，本人{each}最多 {most} 次。",
        f"Duties of P1 in the {what} of {date}: {n}; the officer may have at most {most}.",
        date=date,
        amount=n - most,
    )


def apart(date: str, before: str, days: int, amount: int) -> Found:
    return Found(
        f"P1 {date} 有勤务，上一个勤务日是 {before}，本人的勤务日至少应相差 {days} 天。",
        f"P1 is on duty on {date}, the duty date before was {before}; those of this officer differ "
        f"by at least {days} days.",
        date=date,
        amount=amount,
    )


def target(zh: str, en: str, hours: str, most: str, amount: Fraction | int, **more: Any) -> Found:
    return Found(
        f"P1 {zh}执勤 {hours} 小时，目标为 {most} 小时以内。",
        f"Hours of P1 on duty {en}: {hours}; the target is {most} at most.",
        "fairness",
        amount=amount,
        **more,
    )


def overtime(officer: str, date: str, hours: str, most: str, amount: Fraction | int) -> Found:
    return Found(
        f"{officer} 在 {date} 所在的月份加班 {hours} 小时，上限为 {most} 小时。",
        f"Overtime of {officer} in the month of {date}: {hours} hours; at most {most} allowed.",
        date=date,
        amount=amount,
    )


EXAMPLES = (
    Example(
        "two a week and not three, Monday to Sunday",
        OwnLimits(),
        ("2010-08-02 town day P1 P2", "2010-08-05 town day P1 P2", "2010-08-08 road day P1 P2"),
        (own("week", "2010-08-02", 3, 2),),
        with_officers(Officer(id="P1", agency="police", duties_a_week=2), POLICE),
    ),
    Example(
        "three in the month of August, the two before the plan among them; September is new",
        OwnLimits(),
        ("2010-08-30 town day P1", "2010-09-01 town day P1"),
        (own("month", "2010-08-30", 3, 2),),
        with_officers(
            Officer(id="P1", agency="police", duties_a_month=2),
            start="2010-08-30",
            end="2010-09-05",
            history=past("2010-08-01 town day P1", "2010-08-20 town day P1"),
        ),
    ),
    Example(
        "three days between duties: the 3rd and the 6th, but not the 8th",
        OwnLimits(),
        ("2010-08-03 town day P1", "2010-08-06 town day P1", "2010-08-08 town day P1"),
        (apart("2010-08-08", "2010-08-06", 3, 1),),
        with_officers(Officer(id="P1", agency="police", days_between=3)),
    ),
    Example(
        "the last duty before the plan counts",
        OwnLimits(),
        ("2010-08-02 town day P1",),
        (apart("2010-08-02", "2010-08-01", 3, 2),),
        with_officers(
            Officer(id="P1", agency="police", days_between=3),
            history=past("2010-08-01 town day P1"),
        ),
    ),
    Example(
        "whoever states nothing is bound by nothing",
        OwnLimits(),
        tuple(f"2010-08-0{n} town day P1" for n in range(2, 9)),
        (),
        with_officers(Officer(id="P1", agency="police")),
    ),
    Example(
        "a nursing mother, and nobody else, has no night",
        NoNight(),
        ("2010-08-03 gate night P1", "2010-08-03 gate night P2", "2010-08-04 town day P1"),
        (
            Found(
                "P1 不可上夜班，却安排了 2010-08-03 night的勤务。",
                "P1 may not work at night, but is on duty on 2010-08-03 in shift night.",
                date="2010-08-03",
            ),
        ),
        with_officers(NURSING, POLICE),
    ),
    Example(
        "until 22:00 it is evening, from 21:59 to 22:01 it is night; so it is up to 06:00",
        NoNight(),
        tuple(
            f"2010-08-0{n} gate {s} P1"
            for n, s in enumerate(("evening", "late", "dawn", "early"), 2)
        ),
        tuple(
            Found(
                f"P1 不可上夜班，却安排了 2010-08-0{n} {shift}的勤务。",
                f"P1 may not work at night, but is on duty on 2010-08-0{n} in shift {shift}.",
                date=f"2010-08-0{n}",
            )
            for n, shift in ((3, "late"), (5, "early"))
        ),
        with_officers(
            NURSING,
            shifts=(
                Shift(id="evening", start="18:00", end="22:00"),
                Shift(id="late", start="21:59", end="22:01"),
                Shift(id="dawn", start="06:00", end="08:00"),
                Shift(id="early", start="05:59", end="06:01"),
            ),
        ),
    ),
    Example(
        "nights before the plan and after it are none of its business",
        NoNight(),
        ("2010-08-01 gate night P1", "2010-08-16 gate night P1"),
        (),
        with_officers(NURSING, POLICE),
    ),
    Example(
        "a nursing mother on patrol by day",
        NoNight(),
        ("2010-08-03 town day P1", "2010-08-04 town night P2"),
        (),
        with_officers(NURSING, POLICE),
    ),
    Example(
        "from 6:00 on Wednesday to 8:00 on Thursday are 26 hours",
        RestAfterNight(hours=26),
        ("2010-08-03 gate night P1", "2010-08-05 town day P1"),
    ),
    Example(
        "a night that ends on Wednesday at 6 leaves that day free, but not Thursday",
        RestAfterNight(),
        ("2010-08-03 gate night P1", "2010-08-04 town day P1", "2010-08-05 town day P1"),
        (
            Found(
                "P1 2010-08-04 day的勤务距夜间勤务（night）结束只有 2 小时，至少应休息 24 小时。",
                "P1, 2010-08-04 day: only 2 hours after the end of a duty at night (night); at "
                "least 24 hours of rest are needed.",
                date="2010-08-04",
                amount=22,
            ),
        ),
    ),
    Example(
        "a day duty asks no such rest, and a night before the plan does",
        RestAfterNight(),
        ("2010-08-02 town day P1", "2010-08-03 town day P1"),
        (
            Found(
                "P1 2010-08-02 day的勤务距夜间勤务（night）结束只有 2 小时，至少应休息 24 小时。",
                "P1, 2010-08-02 day: only 2 hours after the end of a duty at night (night); at "
                "least 24 hours of rest are needed.",
                date="2010-08-02",
                amount=22,
            ),
        ),
        plan(history=past("2010-08-01 gate night P1")),
    ),
    Example(
        "a duty that begins before the night is over",
        RestAfterNight(hours=0),
        ("2010-08-03 gate night P1", "2010-08-04 gate early P1"),
        (
            Found(
                "P1 2010-08-04 early的勤务在夜间勤务（night）结束之前就开始。",
                "P1, 2010-08-04 early: the duty starts before the duty at night before it (night) "
                "has ended.",
                date="2010-08-04",
            ),
        ),
        plan(
            shifts=(
                Shift(id="night", start="22:00", end="06:00"),
                Shift(id="early", start="05:00", end="09:00"),
            )
        ),
    ),
    Example(
        "48 hours in a week cost the eight above 40",
        HoursTarget(price=2),
        tuple(f"2010-08-0{n} town day P1" for n in range(2, 8)),
        (
            target(
                "在 2010-08-02 所在的一周",
                "in the week of 2010-08-02",
                "48",
                "40",
                8,
                date="2010-08-02",
                cost=16,
            ),
        ),
    ),
    Example(
        "40 hours cost nothing",
        HoursTarget(),
        tuple(f"2010-08-0{n} town day P1" for n in range(2, 7)),
    ),
    Example(
        "half of full time has a target of 20 hours",
        HoursTarget(),
        tuple(f"2010-08-0{n} town day P1" for n in range(2, 5)),
        (
            target(
                "在 2010-08-02 所在的一周",
                "in the week of 2010-08-02",
                "24",
                "20",
                4,
                date="2010-08-02",
            ),
        ),
        with_officers(HALF),
    ),
    Example(
        "ten hours on a day are two above eight",
        HoursTarget(per="day", hours=8),
        ("2010-08-03 town day P1",),
        (target("在 2010-08-03 ", "on 2010-08-03", "10", "8", 2, date="2010-08-03"),),
        with_officers(POLICE.model_copy(update={"id": "P1"}), shifts=TEN_HOURS),
    ),
    Example(
        "hours before the plan cost nothing, but use up the month",
        HoursTarget(per="month", hours=8),
        ("2010-08-31 town day P1", "2010-09-01 town day P1"),
        (
            target(
                "在 2010-08-31 所在的月份",
                "in the month of 2010-08-31",
                "24",
                "8",
                8,
                date="2010-08-31",
            ),
        ),
        plan(
            start="2010-08-30",
            end="2010-09-05",
            history=past("2010-08-20 town day P1", "2010-08-21 town day P1"),
        ),
    ),
    Example(
        "in the plan as a whole",
        HoursTarget(per="plan", hours=8),
        ("2010-08-03 town day P1", "2010-08-05 town day P1"),
        (target("在整个排班期", "in the plan", "16", "8", 8, date="2010-08-03"),),
    ),
    Example(
        "a Saturday, a Sunday and a holiday are overtime of staff on contract, a Monday is not",
        Overtime(hours=20),
        tuple(f"2010-{d} town day P1 P2" for d in ("10-06", "10-11", "10-16", "10-17")),
        (overtime("P1", "2010-10-06", "24", "20", 4),),
        with_officers(AUXILIARY, POLICE, start="2010-10-04", end="2010-10-20"),
    ),
    Example(
        "a make-up working Saturday is a working day, on which two of ten hours are overtime",
        Overtime(hours=1),
        ("2010-10-09 town day P1",),
        (overtime("P1", "2010-10-09", "2", "1", 1),),
        with_officers(AUXILIARY, start="2010-10-04", end="2010-10-20", shifts=TEN_HOURS),
    ),
    Example(
        "a day of emergency does not count, nor does the month before",
        Overtime(hours=8, except_dates=("2010-09-04",)),
        ("2010-08-29 town day P1", "2010-09-04 town day P1", "2010-09-05 town day P1"),
        (),
        with_officers(AUXILIARY, start="2010-08-25", end="2010-09-10"),
    ),
    Example(
        "overtime before the plan counts in its month",
        Overtime(hours=8),
        ("2010-08-08 town day P1",),
        (overtime("P1", "2010-08-08", "16", "8", 8),),
        with_officers(AUXILIARY, history=past("2010-08-01 town day P1")),
    ),
    Example(
        "half of full time has half of five duties a week, rounded down",
        DutiesAtMost(duties=5),
        ("2010-08-02 town day P1", "2010-08-04 town day P1", "2010-08-06 town day P1"),
        (
            Found(
                "P1 在 2010-08-02 所在的一周有 3 次勤务，上限为 2 次。",
                "Duties of P1 in the week of 2010-08-02: 3; at most 2 allowed.",
                date="2010-08-02",
            ),
        ),
        with_officers(HALF),
    ),
    Example(
        "but one duty where one is allowed, and none where none is",
        DutiesAtMost(duties=1),
        ("2010-08-02 town day P1",),
        (),
        with_officers(HALF),
    ),
    Example(
        "half of full time has half of the hours",
        HoursAtMost(hours=40),
        ("2010-08-02 town day P1", "2010-08-04 town day P1", "2010-08-06 town day P1"),
        (
            Found(
                "P1 在 2010-08-02 所在的一周执勤 24 小时，上限为 20 小时。",
                "Hours of P1 on duty in the week of 2010-08-02: 24; at most 20 allowed.",
                date="2010-08-02",
                amount=4,
            ),
        ),
        with_officers(HALF),
    ),
    Example(
        "44 hours a week hold for staff on contract only",
        HoursAtMost(hours=44, labour=("contract",)),
        tuple(f"2010-08-0{n} town day P1 P2" for n in range(2, 8)),
        (
            Found(
                "P1 在 2010-08-02 所在的一周执勤 48 小时，上限为 44 小时。",
                "Hours of P1 on duty in the week of 2010-08-02: 48; at most 44 allowed.",
                date="2010-08-02",
                amount=4,
            ),
        ),
        with_officers(AUXILIARY, POLICE),
    ),
    Example(
        "whoever is there half the time owes half: one duty of three",
        FairShare(price=1),
        ("2010-08-03 town day P1", "2010-08-04 town day P2", "2010-08-06 town day P2"),
        (),
        with_officers(HALF, POLICE),
    ),
    Example(
        "own weeks run from Monday where the plan does not, and others' duties are not one's own",
        OwnLimits(),
        ("2010-08-07 town day P1", "2010-08-09 town day P1", "2010-08-10 town day P1"),
        (own("week", "2010-08-09", 2, 1), apart("2010-08-10", "2010-08-09", 2, 1)),
        with_officers(
            Officer(id="P1", agency="police", duties_a_week=1, days_between=2),
            POLICE,
            start="2010-08-07",
            history=past("2010-08-06 town day P2"),
        ),
    ),
    Example(
        "a target missed by a minute",
        HoursTarget(hours=8),
        ("2010-08-03 town day P1",),
        (
            target(
                "在 2010-08-03 所在的一周",
                "in the week of 2010-08-03",
                "8.02",
                "8",
                Fraction(1, 60),
                date="2010-08-03",
            ),
        ),
        with_officers(POLICE.model_copy(update={"id": "P1"}), shifts=MINUTE),
    ),
    Example(
        "where no overtime is allowed a minute is too much",
        Overtime(hours=0),
        ("2010-08-03 town day P1",),
        (overtime("P1", "2010-08-03", "0.02", "0", Fraction(1, 60)),),
        with_officers(AUXILIARY, end="2010-08-06", shifts=MINUTE),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


@pytest.mark.parametrize(
    ("status", "profile"),
    [
        ("police", "civil-servant"),
        ("traffic-police", "civil-servant"),
        ("enforcement", "civil-servant"),
        ("cadre", "civil-servant"),
        ("auxiliary-police", "contract"),
        ("assistant", "contract"),
        (None, "none"),
    ],
)
def test_the_profile_follows_from_the_status_unless_it_is_stated(status: Any, profile: str) -> None:
    assert Officer(id="P1", agency="police", status=status).labour_profile == profile
    stated = Officer(id="P1", agency="police", status=status, labour="none")
    assert stated.labour_profile == "none"


def test_by_default_40_hours_are_a_target_and_36_of_overtime_the_limit_on_contract() -> None:
    assert HoursTarget.defaults() == (HoursTarget(per="week", hours=40, price=1),)
    assert Overtime.defaults() == (Overtime(hours=36, day_hours=8, labour=("contract",)),)
