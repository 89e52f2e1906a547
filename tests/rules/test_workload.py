"""What an officer may do in a week or a calendar month."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.problem import Officer, Shift
from patrol_scheduler.rules import DutiesAtMost, HoursAtMost

from .worked import Example, Found, past, plan


def many(per: str, date: str, duties: int, most: int, officer: str = "P1") -> Found:
    period = {"week": "一周", "month": "月份"}[per]
    return Found(
        f"{officer} 在 {date} 所在的{period}有 {duties} 次勤务，上限为 {most} 次。",
        f"Duties of {officer} in the {per} of {date}: {duties}; at most {most} allowed.",
        date=date,
        amount=duties - most,
    )


def long(per: str, date: str, hours: str, most: str, amount: Fraction | int) -> Found:
    period = {"week": "一周", "month": "月份"}[per]
    return Found(
        f"P1 在 {date} 所在的{period}执勤 {hours} 小时，上限为 {most} 小时。",
        f"Hours of P1 on duty in the {per} of {date}: {hours}; at most {most} allowed.",
        date=date,
        amount=amount,
    )


def whole(zh: str, en: str, n: int, most: int, date: str = "2010-08-25") -> Found:
    return Found(
        f"P1 在整个排班期有 {n} {zh}，上限为 {most} 次。",
        f"{en}: {n}; at most {most} allowed.",
        date=date,
    )


def night(per: str, date: str) -> Found:
    period = {"week": "一周", "month": "月份"}[per]
    return Found(
        f"P1 在 {date} 所在的{period}有 1 次night的勤务，上限为 0 次。",
        f"Duties of P1 in shift night in the {per} of {date}: 1; at most 0 allowed.",
        date=date,
    )


def days(*dates: str, place: str = "town day P1") -> tuple[str, ...]:
    return tuple(f"2010-{date} {place}" for date in dates)


TWO_MONTHS = {"start": "2010-08-25", "end": "2010-09-08"}  # from a Wednesday
SHORT = (Shift(id="day", start="08:00", end="10:30"), Shift(id="night", start="23:00", end="01:00"))
MINUTE = plan(shifts=(Shift(id="day", start="08:00", end="16:01"),))

EXAMPLES = (
    Example(
        "a week that ends on the first day of the plan",
        DutiesAtMost(duties=1),
        days("08-08"),
        (many("week", "2010-08-08", 2, 1),),
        plan(start="2010-08-08", history=past("2010-08-06 town day P1")),
    ),
    Example(
        "25 minutes more than forty hours",
        HoursAtMost(hours=40),
        days("08-02", "08-03", "08-04", "08-05", "08-06"),
        (long("week", "2010-08-02", "40.42", "40", Fraction(25, 60)),),
        plan(shifts=(Shift(id="day", start="08:00", end="16:05"),)),
    ),
    Example(
        "two shifts by their names",
        DutiesAtMost(duties=0, shifts=("day", "night")),
        days("08-03"),
        (
            Found(
                "P1 在 2010-08-03 所在的一周有 1 次day、night的勤务，上限为 0 次。",
                "Duties of P1 in shift day, night in the week of 2010-08-03: 1; at most 0 allowed.",
                date="2010-08-03",
            ),
        ),
    ),
    Example(
        "from Sunday to Monday a new week begins",
        DutiesAtMost(duties=2),
        days("08-07", "08-08", "08-09", "08-10"),
    ),
    Example(
        "three from Monday to Sunday",
        DutiesAtMost(duties=2),
        days("08-03", "08-08", "08-05", "08-09"),
        (many("week", "2010-08-03", 3, 2),),
    ),
    Example(
        "two duties on one day are two",
        DutiesAtMost(duties=1),
        (*days("08-03"), "2010-08-03 gate day P1", "2010-08-03 road day P1"),
        (many("week", "2010-08-03", 2, 1),),
    ),
    Example(
        "weeks from the first day of the plan",
        DutiesAtMost(duties=2, week_starts="first-day"),
        days("08-29", "08-30", "08-31", "09-01"),
        (many("week", "2010-08-29", 3, 2),),
        plan(**TWO_MONTHS),
    ),
    Example(
        "months by the calendar",
        DutiesAtMost(duties=2, per="month"),
        days("08-30", "08-31", "09-01", "09-02", "09-03"),
        (many("month", "2010-09-01", 3, 2),),
        plan(**TWO_MONTHS),
    ),
    Example(
        "the days of the week before the plan count",
        DutiesAtMost(duties=2),
        days("08-25"),
        (many("week", "2010-08-25", 3, 2),),
        plan(**TWO_MONTHS, history=past(*days("08-22", "08-23", "08-24"))),
    ),
    Example(
        "a past duty stands once, in however many areas",
        DutiesAtMost(duties=2),
        days("08-25"),
        (),
        plan(**TWO_MONTHS, history=past(*days("08-24"), "2010-08-24 road day P1")),
    ),
    Example(
        "a past patrol counts where the plan has only posts",
        DutiesAtMost(duties=1),
        ("2010-08-25 gate day P1",),
        (many("week", "2010-08-25", 2, 1),),
        plan(**TWO_MONTHS, areas=(), cadences=(), history=past("2010-08-24 town day P1")),
    ),
    Example(
        "a week that is over is not judged",
        DutiesAtMost(duties=1),
        days("08-30"),
        (),
        plan(**TWO_MONTHS, history=past(*days("08-23", "08-24"))),
    ),
    Example(
        "officers one by one",
        DutiesAtMost(duties=0, officers=("P2",)),
        ("2010-08-03 town day P1 P2", "2010-08-10 gate night P2"),
        (many("week", "2010-08-03", 1, 0, "P2"), many("week", "2010-08-10", 1, 0, "P2")),
    ),
    Example(
        "40 hours are five days of 8",
        HoursAtMost(hours=40),
        days("08-02", "08-03", "08-04", "08-05", "08-06"),
    ),
    Example(
        "a sixth day, and nights as long as days",
        HoursAtMost(hours=40),
        (*days("08-02", "08-03", "08-04", "08-05"), *days("08-06", "08-08", place="gate night P1")),
        (long("week", "2010-08-02", "48", "40", 8),),
    ),
    Example(
        "nine hours on one day, where eight are allowed",
        HoursAtMost(per="day", hours=8),
        days("08-02", "08-03"),
        tuple(
            Found(
                f"P1 在 {date} 执勤 9 小时，上限为 8 小时。",
                f"Hours of P1 on duty on {date}: 9; at most 8 allowed.",
                date=date,
            )
            for date in ("2010-08-02", "2010-08-03")
        ),
        plan(shifts=(Shift(id="day", start="08:00", end="17:00"),)),
    ),
    Example(
        "half hours",
        HoursAtMost(hours=4.5, week_starts="first-day"),
        ("2010-08-03 town day P1", "2010-08-04 gate night P1", "2010-08-09 town day P1"),
        (),
        plan(shifts=SHORT),
    ),
    Example(
        "half an hour too long in the month, history included",
        HoursAtMost(hours=6.5, per="month"),
        ("2010-08-26 town day P1", "2010-08-31 gate night P1", "2010-09-01 town day P1"),
        (long("month", "2010-08-26", "7", "6.50", Fraction(1, 2)),),
        plan(**TWO_MONTHS, shifts=SHORT, history=past(*days("08-01", "07-31"))),
    ),
    Example(
        "all days of the plan, but not its history",
        DutiesAtMost(duties=3, per="plan"),
        days("08-25", "08-31", "09-08"),
        (),
        plan(**TWO_MONTHS, history=past(*days("08-24"))),
    ),
    Example(
        "one too many in the plan, over two months",
        DutiesAtMost(duties=2, per="plan"),
        days("08-25", "08-31", "09-08"),
        (whole("次勤务", "Duties of P1 in the plan", 3, 2),),
        plan(**TWO_MONTHS),
    ),
    Example(
        "one night too many in the plan; days do not count",
        DutiesAtMost(duties=1, per="plan", shifts=("night",)),
        (*days("08-25", "09-08"), *days("08-26", "09-02", place="gate night P1")),
        (whole("次night的勤务", "Duties of P1 in shift night in the plan", 2, 1, "2010-08-26"),),
        plan(**TWO_MONTHS),
    ),
    Example(
        "one night too many in the week and the one before",
        DutiesAtMost(duties=0, shifts=("night",)),
        days("08-03", "08-10", place="gate night P1"),
        tuple(night("week", date) for date in ("2010-08-03", "2010-08-10")),
    ),
    Example(
        "one night too many in the month",
        DutiesAtMost(duties=0, per="month", shifts=("night",)),
        days("08-10", place="gate night P1"),
        (night("month", "2010-08-10"),),
    ),
    Example(
        "sixteen hours in the plan, and an hour more",
        HoursAtMost(hours=15, per="plan"),
        days("08-25", "09-08"),
        (
            Found(
                "P1 在整个排班期执勤 16 小时，上限为 15 小时。",
                "Hours of P1 on duty in the plan: 16; at most 15 allowed.",
                date="2010-08-25",
            ),
        ),
        plan(**TWO_MONTHS, history=past(*days("08-24"))),
    ),
    Example(
        "half of three duties is one",
        DutiesAtMost(duties=3),
        days("08-02", "08-04"),
        (many("week", "2010-08-02", 2, 1),),
        plan(officers=(Officer(id="P1", agency="police", full_time_percent=50),)),
    ),
    Example(
        "a third of six duties is not quite two",
        DutiesAtMost(duties=6),
        days("08-02", "08-04"),
        (many("week", "2010-08-02", 2, 1),),
        plan(officers=(Officer(id="P1", agency="police", full_time_percent=33),)),
    ),
    Example(
        "one minute more than a week may have",
        HoursAtMost(hours=8),
        days("08-02"),
        (long("week", "2010-08-02", "8.02", "8", Fraction(1, 60)),),
        MINUTE,
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_by_default_five_duties_a_week_and_twenty_one_a_month() -> None:
    assert DutiesAtMost.defaults() == (
        DutiesAtMost(per="week", duties=5),
        DutiesAtMost(per="month", duties=21),
    )


def test_by_default_44_hours_a_week_on_contract_and_the_hours_of_a_statutory_month() -> None:
    assert HoursAtMost.defaults() == (
        HoursAtMost(per="week", hours=44, labour=("contract",)),
        HoursAtMost(per="month", hours=20.83 * 8),
    )
