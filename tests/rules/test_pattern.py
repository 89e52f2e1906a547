"""The pattern of one officer's days: what follows what, stretches, weekends, hours in the plan."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.problem import Phase
from patrol_scheduler.rules import (
    Columns,
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    HoursAtLeast,
    Level,
    Rule,
    ShiftSuccession,
    WeekendsAtMost,
)

from .worked import Example, Found, past, plan, roster


def days(*numbers: int, place: str = "town day P1") -> tuple[str, ...]:
    return tuple(f"2010-08-{number:02} {place}" for number in numbers)


def follows(date: str) -> Found:
    return Found(
        f"P1 {date} 安排了day的勤务，前一天是night，不得这样衔接。",
        f"P1 is on duty on {date} in shift day, the day after shift night; that must not follow.",
        date=date,
    )


def too_few(hours: str, least: str, amount: Fraction | int) -> Found:
    return Found(
        f"P1 在整个排班期只执勤 {hours} 小时，至少应为 {least} 小时。",
        f"Hours of P1 on duty in the plan: {hours}; at least {least} are needed.",
        amount=amount,
    )


def short(kind: str, date: str, length: int, least: int) -> Found:
    zh, en = {"duty": ("执勤", "on duty"), "free": ("休息", "free")}[kind]
    return Found(
        f"P1 从 {date} 起只连续{zh} {length} 天，至少应连续 {least} 天。",
        f"P1 is {en} from {date} for only {length} day{'s' * (length != 1)}; "
        f"at least {least} days in a row are needed.",
        date=date,
        amount=least - length,
    )


P1 = {"officers": ("P1",)}
NO_DAY_AFTER_NIGHT = ShiftSuccession(shifts=("night",), next_shifts=("day",))

EXAMPLES = (
    Example(
        "night after day, night after night, and day two days after night",
        NO_DAY_AFTER_NIGHT,
        (*days(3, 7), *days(4, 5, place="gate night P1")),
    ),
    Example(
        "day after night, also after the history's last night",
        NO_DAY_AFTER_NIGHT,
        (*days(2, 5), *days(4, place="gate night P1")),
        (follows("2010-08-02"), follows("2010-08-05")),
        plan(history=past("2010-08-01 town night P1")),
    ),
    Example("exactly sixteen hours", HoursAtLeast(hours=16, **P1), days(2, 15)),
    Example(
        "half an hour short; days before the plan and after it do not count",
        HoursAtLeast(hours=16.5, **P1),
        days(3, 9, 16),
        (too_few("16", "16.50", Fraction(1, 2)),),
        plan(history=past("2010-08-01 town day P1")),
    ),
    Example(
        "six minutes short",
        HoursAtLeast(hours=8.1, **P1),
        days(3),
        (too_few("8", "8.10", Fraction(1, 10)),),
    ),
    Example("less than a minute is a minute", HoursAtLeast(hours=0.01, **P1), days(3)),
    Example(
        "not even that",
        HoursAtLeast(hours=0.01, **P1),
        (),
        (too_few("0", "0.01", Fraction(1, 100)),),
    ),
    Example(
        "stretches of two at both ends and of three inside",
        ConsecutiveDutyDays(days=3),
        days(2, 3, 6, 7, 8, 14, 15),
    ),
    Example(
        "one day and two days on duty inside the plan",
        ConsecutiveDutyDays(days=3),
        days(3, 8, 9),
        (short("duty", "2010-08-03", 1, 3), short("duty", "2010-08-08", 2, 3)),
    ),
    Example(
        "a day off at both ends and two together inside",
        ConsecutiveFreeDays(days=2),
        days(3, 4, 7, 8, 9, 10, 11, 12, 13, 14),
    ),
    Example(
        "a single day off between two duties",
        ConsecutiveFreeDays(days=2),
        days(3, 5, 9),
        (short("free", "2010-08-04", 1, 2),),
    ),
    Example(
        "a single day off just before the last day",
        ConsecutiveFreeDays(days=2),
        days(13, 15),
        (short("free", "2010-08-14", 1, 2),),
    ),
    Example(
        "a weekend after the plan does not count",
        WeekendsAtMost(weekends=1),
        days(7, 21),
    ),
    Example(
        "Saturday and Sunday of one weekend, and a Friday and a Monday",
        WeekendsAtMost(weekends=1),
        days(2, 6, 7, 8, 9),
    ),
    Example(
        "the Saturday of one weekend and the Sunday of the next",
        WeekendsAtMost(weekends=1),
        days(7, 15),
        (
            Found(
                "P1 有 2 个周末执勤，上限为 1 个。",
                "Weekends on which P1 is on duty: 2; at most 1 allowed.",
            ),
        ),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


@pytest.mark.parametrize(
    "kind",
    [ShiftSuccession, HoursAtLeast, ConsecutiveDutyDays, ConsecutiveFreeDays, WeekendsAtMost],
)
def test_unless_the_plan_states_it_nothing_is_asked(kind: type[Rule]) -> None:
    problem = plan()
    columns = Columns(problem)
    asked = [
        limit for rule in kind.defaults() if rule.on for limit in rule.limits(problem, columns)
    ]
    assert asked == []
    assert len(columns) == 2


def test_what_nobody_did_before_the_plan_asks_nothing_of_its_first_day() -> None:
    problem = plan(history=past("2010-08-01 town night P2"))
    columns = Columns(problem)
    limits = list(NO_DAY_AFTER_NIGHT.limits(problem, columns))
    first = columns.in_shift("P2", 0, "day")
    assert [limit.terms for limit in limits if limit.terms[0][0] in (columns.YES, columns.NO)] == [
        [(columns.YES, 1), (first, 1)]
    ]
    assert len(limits) == 1 + len(problem.officers) * (len(problem.dates) - 1)


def test_unless_the_plan_says_fewer_two_weekends_are_not_too_many() -> None:
    assert WeekendsAtMost.defaults() == (WeekendsAtMost(on=False, weekends=2),)
    Example("two", WeekendsAtMost(), days(7, 14)).holds()
    three = plan(
        end="2010-08-22", phases=(Phase(id="routine", start="2010-08-02", end="2010-08-22"),)
    )
    [found] = WeekendsAtMost().violations(three, roster(three, *days(7, 14, 21)))
    assert found.amount == 1


def test_a_plan_with_no_more_weekends_than_allowed_needs_no_limit() -> None:
    problem = plan()
    assert not list(WeekendsAtMost(weekends=2).limits(problem, Columns(problem)))
    limits = list(WeekendsAtMost(weekends=1).limits(problem, Columns(problem)))
    assert len(limits) == len(problem.officers)
    assert {limit.level for limit in limits} == {Level.MUST}
