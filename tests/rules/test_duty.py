"""One officer's row: leave, one duty a day, spacing, free days and requests."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.problem import Leave, Officer, Request, Shift
from patrol_scheduler.rules import (
    Columns,
    DaysBetweenDuties,
    HoursBetweenDuties,
    OneDutyADay,
    OnLeave,
    Requests,
    RestDays,
)

from .worked import Example, Found, limit_costs, past, plan, roster


def away(date: str) -> Found:
    return Found(
        f"P1 {date} 请假或不在岗，却安排了day的勤务。",
        f"P1 is on leave or not in the group on {date}, but is on duty in shift day.",
        date=date,
    )


def twice(officer: str, duties: int, date: str = "2010-08-03") -> Found:
    return Found(
        f"{officer} {date} 安排了 {duties} 项勤务，每天最多一项。",
        f"{officer} has {duties} duties on {date}; at most one is allowed.",
        date=date,
        amount=duties - 1,
    )


def close(before: str, date: str, days: int, amount: int) -> Found:
    return Found(
        f"P1 2010-{date} 有勤务，上一个勤务日是 2010-{before}，日期至少应相差 {days} 天。",
        f"P1 is on duty on 2010-{date}, the duty date before was 2010-{before}; "
        f"they must differ by at least {days} days.",
        date=f"2010-{date}",
        amount=amount,
    )


def tired(
    date: str, shift: str, before: str, rested: str, hours: str, amount: Fraction | int
) -> Found:
    return Found(
        f"P1 {date} {shift}的勤务距上一项勤务（{before}）结束只有 {rested} 小时，"
        f"至少应休息 {hours} 小时。",
        f"P1, {date} {shift}: only {rested} hour{'s' * (rested != '1')} after the end of the duty before ({before}); "
        f"at least {hours} hours of rest are needed.",
        date=date,
        amount=amount,
    )


def overlap(date: str, shift: str, before: str, amount: int) -> Found:
    return Found(
        f"P1 {date} {shift}的勤务在上一项勤务（{before}）结束之前就开始。",
        f"P1, {date} {shift}: the duty starts before the duty before it ({before}) has ended.",
        date=date,
        amount=amount,
    )


def worked(date: str, days: int, n: int, free: int, amount: int = 1) -> Found:
    return Found(
        f"P1 到 {date} 为止的连续 {days} 天里有 {n} 天执勤，至少应有 {free} 天没有勤务。",
        f"P1 is on duty on {n} of the {days} days up to {date}; at least {free} must be free.",
        date=date,
        amount=amount,
    )


def wish(zh: str, en: str, date: str, cost: Fraction | int = 1) -> Found:
    return Found(f"P1 申请 {date} {zh}", f"P1 asked {en}", "wishes", date, 1, cost)


def days(*numbers: int, place: str = "town day P1") -> tuple[str, ...]:
    return tuple(f"2010-08-{number:02} {place}" for number in numbers)


ON_LEAVE = Officer(id="P1", agency="police", leave=(Leave(start="2010-08-04", end="2010-08-05"),))
SECONDED = Officer(id="P1", agency="police", joins="2010-08-04", departs="2010-08-05")
LATE_DAY = Shift(id="late", start="14:00", end="22:00")
EARLY = Shift(id="day", start="08:00", end="16:00")
NIGHT = Shift(id="night", start="22:00", end="06:00")
WHOLE = Shift(id="whole", start="08:00", end="08:00")

EXAMPLES = (
    Example(
        "the days around a leave",
        OnLeave(),
        days(3, 6),
        (),
        plan(officers=(ON_LEAVE,)),
    ),
    Example(
        "the first and the last day of a leave",
        OnLeave(),
        days(4, 5),
        (away("2010-08-04"), away("2010-08-05")),
        plan(officers=(ON_LEAVE,)),
    ),
    Example(
        "first and last day in the group",
        OnLeave(),
        days(4, 5),
        (),
        plan(officers=(SECONDED,)),
    ),
    Example(
        "before joining and after departing, at a post",
        OnLeave(),
        days(3, 6, place="gate day P1"),
        (away("2010-08-03"), away("2010-08-06")),
        plan(officers=(SECONDED,)),
    ),
    Example(
        "not the rule's officer",
        OnLeave(officers=("P2",)),
        days(3, 6),
        (),
        plan(officers=(SECONDED, Officer(id="P2", agency="police"))),
    ),
    Example(
        "one patrol, and one post the next day",
        OneDutyADay(),
        ("2010-08-03 town day P1", "2010-08-04 gate day P1"),
    ),
    Example(
        "a patrol and a post on one day",
        OneDutyADay(),
        ("2010-08-03 town day P1", "2010-08-03 gate night P1", "2010-08-03 road day P2"),
        (twice("P1", 2),),
    ),
    Example(
        "two areas in one shift, and a third patrol",
        OneDutyADay(),
        ("2010-08-03 town day P1 C1", "2010-08-03 road day P1 C1", "2010-08-03 town night P1"),
        (twice("C1", 2), twice("P1", 3)),
    ),
    Example(
        "one agency's rule",
        OneDutyADay(agencies=("city",)),
        ("2010-08-03 town day P1 C1", "2010-08-03 road day P1 C1"),
        (twice("C1", 2),),
    ),
    Example("two days apart", DaysBetweenDuties(days=2), days(2, 4, 6)),
    Example(
        "on the next day",
        DaysBetweenDuties(days=2),
        days(2, 3, 5, 6),
        (close("08-02", "08-03", 2, 1), close("08-05", "08-06", 2, 1)),
    ),
    Example("days in a row where 1 is asked", DaysBetweenDuties(), days(2, 3, 4)),
    Example(
        "the history counts",
        DaysBetweenDuties(days=3),
        days(3, 6),
        (close("08-01", "08-03", 3, 1),),
        plan(history=past("2010-07-31 town day P1", "2010-08-01 gate day P1")),
    ),
    Example(
        "what happened before the plan is not judged",
        DaysBetweenDuties(days=2),
        days(3),
        (),
        plan(history=past("2010-07-31 town day P1", "2010-08-01 town day P1")),
    ),
    Example(
        "twelve hours from 22:00 to 10:00",
        HoursBetweenDuties(),
        ("2010-08-03 town late P1", "2010-08-04 town ten P1"),
        (),
        plan(shifts=(LATE_DAY, Shift(id="ten", start="10:00", end="12:00"))),
    ),
    Example(
        "from 22:00 to 08:00",
        HoursBetweenDuties(),
        ("2010-08-03 town late P1", "2010-08-04 town day P1"),
        (tired("2010-08-04", "day", "late", "10", "12", 2),),
        plan(shifts=(EARLY, LATE_DAY)),
    ),
    Example(
        "ten minutes short of twelve hours",
        HoursBetweenDuties(),
        ("2010-08-03 town late P1", "2010-08-04 town soon P1"),
        (tired("2010-08-04", "soon", "late", "11.83", "12", Fraction(1, 6)),),
        plan(shifts=(LATE_DAY, Shift(id="soon", start="09:50", end="12:00"))),
    ),
    Example(
        "at midnight on the first day",
        HoursBetweenDuties(),
        ("2010-08-02 town zero P1",),
        (tired("2010-08-02", "zero", "late", "2", "12", 10),),
        plan(
            shifts=(LATE_DAY, Shift(id="zero", start="00:00", end="06:00")),
            history=past("2010-08-01 town late P1"),
        ),
    ),
    Example(
        "a day later than any shift ends, for a long rest",
        HoursBetweenDuties(hours=47),
        ("2010-08-03 town eve P1", "2010-08-06 town zero P1"),
        (tired("2010-08-06", "zero", "eve", "24.02", "47", Fraction(1379, 60)),),
        plan(
            shifts=(
                Shift(id="eve", start="23:59", end="23:59"),
                Shift(id="zero", start="00:00", end="06:00"),
            )
        ),
    ),
    Example(
        "no minute of rest where one is asked",
        HoursBetweenDuties(hours=1),
        ("2010-08-03 town whole P1", "2010-08-04 town whole P1"),
        (tired("2010-08-04", "whole", "whole", "0", "1", 1),),
        plan(shifts=(WHOLE,)),
    ),
    Example(
        "a night ends on the next day",
        HoursBetweenDuties(hours=16.5),
        ("2010-08-03 town night P1", "2010-08-04 gate night P1", "2010-08-06 town day P1"),
        (tired("2010-08-04", "night", "night", "16", "16.50", Fraction(1, 2)),),
    ),
    Example(
        "a night before the plan",
        HoursBetweenDuties(),
        days(2),
        (tired("2010-08-02", "day", "night", "2", "12", 10),),
        plan(history=past("2010-07-30 town night P1", "2010-08-01 gate night P1")),
    ),
    Example(
        "another officer's night before the plan",
        HoursBetweenDuties(),
        days(2),
        (),
        plan(history=past("2010-08-01 gate night P2")),
    ),
    Example(
        "overlapping shifts, even without any rest asked",
        HoursBetweenDuties(hours=0),
        ("2010-08-03 town day P1", "2010-08-03 road late P1"),
        (overlap("2010-08-03", "late", "day", 2),),
        plan(shifts=(LATE_DAY, EARLY)),
    ),
    Example(
        "a whole day and the day after it, reached past a short duty",
        HoursBetweenDuties(hours=24),
        ("2010-08-03 town whole P1", "2010-08-03 road day P1", "2010-08-05 town late P1"),
        (overlap("2010-08-03", "whole", "day", 32),),
        plan(shifts=(EARLY, LATE_DAY, WHOLE)),
    ),
    Example(
        "back to back is rest of no hours",
        HoursBetweenDuties(hours=0),
        ("2010-08-03 town whole P1", "2010-08-04 town whole P1"),
        (),
        plan(shifts=(WHOLE,)),
    ),
    Example(
        "a long duty is held against everything that follows",
        HoursBetweenDuties(hours=20),
        ("2010-08-03 town early P1", "2010-08-03 road whole P1", "2010-08-04 town late P1"),
        (
            overlap("2010-08-03", "whole", "early", 24),
            tired("2010-08-04", "late", "whole", "6", "20", 14),
        ),
        plan(shifts=(Shift(id="early", start="07:00", end="12:00"), WHOLE, LATE_DAY)),
    ),
    Example(
        "shifts by their names",
        HoursBetweenDuties(),
        ("2010-08-03 town day P1", "2010-08-03 town night P1"),
        (tired("2010-08-03", "夜班（night）", "白班（day）", "6", "12", 6),),
        plan(
            shifts=(
                EARLY.model_copy(update={"name": "白班"}),
                NIGHT.model_copy(update={"name": "夜班"}),
            )
        ),
    ),
    Example("six days and a free one", RestDays(), days(2, 3, 4, 5, 6, 7, 9, 10, 11)),
    Example(
        "seven and then eight days in a row",
        RestDays(),
        days(2, 3, 4, 5, 6, 7, 8, 9, 11),
        (worked("2010-08-08", 7, 7, 1), worked("2010-08-09", 7, 7, 1)),
    ),
    Example(
        "the last days of the plan are looked at too",
        RestDays(),
        days(9, 10, 11, 12, 13, 14, 15),
        (worked("2010-08-15", 7, 7, 1),),
    ),
    Example(
        "six days before the plan and its first day",
        RestDays(),
        days(2, 4),
        (worked("2010-08-02", 7, 7, 1),),
        plan(
            history=past(
                *(f"2010-07-{n} town day P1" for n in range(27, 32)), "2010-08-01 gate day P1"
            )
        ),
    ),
    Example(
        "two free days in three",
        RestDays(free=2, days=3),
        (*days(2, 4, 7), "2010-08-07 gate night P1", "2010-08-08 gate night P2"),
        (worked("2010-08-04", 3, 2, 2),),
    ),
    Example(
        "more free days than days: never on duty",
        RestDays(free=3, days=2),
        days(4),
        (worked("2010-08-04", 2, 1, 3, 2),),
    ),
    Example(
        "a wish for a free day, granted and not",
        Requests(),
        days(3, 6),
        (wish("休息，仍安排了勤务。", "to be free on 2010-08-03 and is on duty.", "2010-08-03"),),
        plan(requests=(Request(officer="P1", start="2010-08-03", end="2010-08-05", want="off"),)),
    ),
    Example(
        "a wish for duty, granted and not",
        Requests(price=0.5),
        (*days(3), "2010-08-05 gate night P1"),
        (
            wish(
                "出勤，未能安排。",
                "to be on duty on 2010-08-04 and is not.",
                "2010-08-04",
                Fraction(3, 2),
            ),
        ),
        plan(
            requests=(
                Request(officer="P1", start="2010-08-03", end="2010-08-05", want="on", weight=3),
            )
        ),
    ),
    Example(
        "wishes about one shift",
        Requests(),
        ("2010-08-03 town day P1", "2010-08-04 town night P1"),
        (
            wish(
                "不在day出勤，仍安排了勤务。",
                "for no duty on 2010-08-03 in shift day and has one.",
                "2010-08-03",
            ),
            wish(
                "在night出勤，未能安排。",
                "for duty on 2010-08-03 in shift night and does not have it.",
                "2010-08-03",
            ),
        ),
        plan(
            requests=(
                Request(
                    officer="P1", start="2010-08-03", end="2010-08-04", want="off", shift="day"
                ),
                Request(
                    officer="P1", start="2010-08-03", end="2010-08-04", want="on", shift="night"
                ),
            )
        ),
    ),
    Example(
        "only days of the plan count, first and last included",
        Requests(),
        (),
        tuple(
            wish("出勤，未能安排。", f"to be on duty on {date} and is not.", date)
            for date in ("2010-08-02", "2010-08-15")
        ),
        plan(
            requests=(
                Request(officer="P1", start="2010-07-30", end="2010-08-02", want="on"),
                Request(officer="P1", start="2010-08-15", end="2010-08-18", want="on"),
            )
        ),
    ),
    Example(
        "not the rule's officer's wish",
        Requests(agencies=("city",)),
        (),
        (),
        plan(requests=(Request(officer="P1", start="2010-08-03", end="2010-08-03", want="on"),)),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        ((), 0),
        (("2010-08-03 town day P1", "2010-08-04 road night P1"), 0),
        (("2010-08-03 town day P1", "2010-08-03 road night P1"), 1),
    ],
)
def test_nobody_has_two_duties_a_day_before_teams_are_formed(
    lines: tuple[str, ...], broken: int
) -> None:
    problem = plan(posts=())
    columns = Columns(problem)
    limits = list(OneDutyADay().roster_limits(problem, columns))
    assert limit_costs(limits, columns, roster(problem, *lines)) == (broken, {})


def test_where_a_day_has_but_one_duty_it_needs_no_limit_before_teams_are_formed() -> None:
    problem = plan(posts=(), shifts=(EARLY,))
    assert list(OneDutyADay().roster_limits(problem, Columns(problem))) == []
