"""What duty on days off earns, when it is taken, and what goes on to the next plan."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from random import Random
from typing import Any

import pytest

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Busy, Leave, Officer, OwedRest, Problem, Shift
from patrol_scheduler.roster import CompensatoryRest
from patrol_scheduler.rules import Columns, CompensatoryRests, Level, rules_of
from patrol_scheduler.rules.compensation import ledger_of, with_rests
from patrol_scheduler.solver import solve
from tests.strategies import changed, random_problem, random_roster

from .worked import Example, Found, past, plan, roster

CIVIL = Officer(id="P1", agency="police", status="police")
AUXILIARY = Officer(id="P2", agency="police", status="auxiliary-police")
SATURDAY, SUNDAY = "2010-08-07 town day P1", "2010-08-08 town day P1"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def with_civil(*owed: str, **changes: Any) -> Problem:
    """The small plan, Monday 2 to Sunday 15 August 2010, with a civil servant and an auxiliary."""
    given: dict[str, Any] = {
        "officers": (CIVIL, AUXILIARY),
        "owed_rests": tuple(OwedRest(officer="P1", earned=day(one)) for one in owed),
    }
    return plan(**(given | changes))


def wrong(what: str, date: str) -> Found:
    zh, en = {
        "day-off": (
            f"P1 的补休排在 {date}，但这一天不是工作日。",
            f"{date} is no working day, so it is no day of compensatory rest of P1.",
        ),
        "away": (
            f"P1 的补休排在 {date}，但当天请假或不在岗。",
            f"P1 is on leave or not in the group on {date}; that is no compensatory rest.",
        ),
        "busy": (
            f"P1 的补休排在 {date}，但当天另有安排。",
            f"P1 is busy elsewhere on {date}; that is no compensatory rest.",
        ),
        "on-duty": (
            f"P1 的补休排在 {date}，但当天有勤务。",
            f"P1 has compensatory rest on {date}, but is on duty.",
        ),
        "not-owed": (
            f"P1 的补休排在 {date}，但此前没有应补的休息。",
            f"P1 has compensatory rest on {date}, but none is owed by then.",
        ),
    }[what]
    return Found(zh, en, date=date)


def overdue(date: str, n: int, since: str) -> Found:
    return Found(
        f"P1 到 {date} 有 {n} 天补休逾期未休，最早应于 {since} 前休完。",
        f"P1 has {n} overdue day{'s' * (n != 1)} of compensatory rest on {date}; the first was due by {since}.",
        "fairness",
        date,
        n,
        50 * n,
    )


WEEK = CompensatoryRests(days=7)
LATE = (
    Shift(id="late", start="16:00", end="00:00"),
    Shift(id="later", start="17:00", end="00:10"),
)
EXAMPLES = (
    Example(
        "a Saturday on duty is rested on Monday",
        WEEK,
        (SATURDAY, "2010-08-09 rest P1"),
        (),
        with_civil(),
    ),
    Example(
        "Saturday and Sunday are two days; one of them is late on the Sunday after",
        WEEK,
        (SATURDAY, SUNDAY, "2010-08-13 rest P1"),
        (overdue("2010-08-15", 1, "2010-08-15"),),
        with_civil(),
    ),
    Example(
        "within 28 days nothing is due yet when the plan ends",
        CompensatoryRests(),
        (SATURDAY, SUNDAY),
        (),
        with_civil(),
    ),
    Example(
        "staff on contract are paid instead",
        WEEK,
        ("2010-08-07 town day P2", "2010-08-08 town day P2"),
        (),
        with_civil(),
    ),
    Example(
        "a rest before it is earned",
        WEEK,
        ("2010-08-06 rest P1", SATURDAY),
        (wrong("not-owed", "2010-08-06"),),
        with_civil(),
    ),
    Example(
        "two rests for one duty",
        WEEK,
        (SATURDAY, "2010-08-09 rest P1", "2010-08-11 rest P1"),
        (wrong("not-owed", "2010-08-11"),),
        with_civil(),
    ),
    Example(
        "a Saturday is free anyway, but a make-up working Saturday can be a day of rest",
        CompensatoryRests(days=5),
        ("2010-10-03 town day P1", "2010-10-09 rest P1", "2010-10-10 rest P1"),
        (wrong("day-off", "2010-10-10"),),
        with_civil(start="2010-10-01", end="2010-10-10"),
    ),
    Example(
        "nobody rests on duty, and not on the morning after a night",
        WEEK,
        (SATURDAY, SUNDAY, "2010-08-09 rest P1", "2010-08-09 gate night P1", "2010-08-10 rest P1"),
        (wrong("on-duty", "2010-08-09"), wrong("on-duty", "2010-08-10")),
        with_civil(),
    ),
    Example(
        "nor on the morning after a night before the plan",
        WEEK,
        ("2010-08-02 rest P1",),
        (wrong("on-duty", "2010-08-02"),),
        with_civil("2010-07-31", history=past("2010-08-01 gate night P1")),
    ),
    Example(
        "leave is no rest",
        WEEK,
        (SATURDAY, "2010-08-10 rest P1"),
        (wrong("away", "2010-08-10"), overdue("2010-08-15", 1, "2010-08-14")),
        with_civil(
            officers=(
                CIVIL.model_copy(
                    update={"leave": (Leave(start=day("2010-08-10"), end=day("2010-08-11")),)}
                ),
            )
        ),
    ),
    Example(
        "a training is no rest, but until midnight of the day before it does not matter",
        WEEK,
        (SATURDAY, "2010-08-10 rest P1", "2010-08-11 rest P1"),
        (wrong("busy", "2010-08-10"),),
        with_civil(
            busy=(
                Busy(officer="P1", start="2010-08-10T14:00", end="2010-08-11T00:00"),
                Busy(officer="P1", start="2010-08-11T14:00", end="2010-08-11T16:00", hard=False),
            )
        ),
    ),
    Example(
        "what is owed from before is due in the plan, and late week after week",
        WEEK,
        (),
        (overdue("2010-08-08", 2, "2010-08-07"), overdue("2010-08-15", 2, "2010-08-07")),
        with_civil("2010-07-31", "2010-08-01"),
    ),
    Example(
        "what is owed from before can be taken on the first day",
        WEEK,
        ("2010-08-02 rest P1", "2010-08-03 rest P1"),
        (),
        with_civil("2010-07-31", "2010-08-01"),
    ),
    Example(
        "a rest on a day of duty, with nothing owed",
        WEEK,
        ("2010-08-03 gate day P1", "2010-08-03 rest P1"),
        (wrong("on-duty", "2010-08-03"),),
        with_civil(),
    ),
    Example(
        "a rest on a day of duty, though one is owed",
        WEEK,
        ("2010-08-03 gate day P1", "2010-08-03 rest P1"),
        (wrong("on-duty", "2010-08-03"),),
        with_civil("2010-07-31"),
    ),
    Example(
        "a duty until midnight leaves the next day free",
        WEEK,
        ("2010-08-02 gate late P1", "2010-08-03 rest P1"),
        (),
        with_civil("2010-07-31", shifts=LATE),
    ),
    Example(
        "one until ten past midnight does not",
        WEEK,
        ("2010-08-02 gate later P1", "2010-08-03 rest P1"),
        (wrong("on-duty", "2010-08-03"),),
        with_civil("2010-07-31", shifts=LATE),
    ),
    Example(
        "a training from midnight on leaves the day before free",
        WEEK,
        (SATURDAY, "2010-08-10 rest P1"),
        (),
        with_civil(busy=(Busy(officer="P1", start="2010-08-11T00:00", end="2010-08-11T12:00"),)),
    ),
    Example(
        "a rest too many on the last day of the plan, a Friday",
        WEEK,
        (SATURDAY, "2010-08-09 rest P1", "2010-08-13 rest P1"),
        (wrong("not-owed", "2010-08-13"),),
        with_civil(end="2010-08-13"),
    ),
    Example(
        "days of rest before the plan and after it are not looked at",
        WEEK,
        ("2010-07-30 rest P1", "2010-08-16 rest P1"),
        (),
        with_civil(),
    ),
    Example(
        "neither what others are owed, nor what was taken, nor what is earned in the plan",
        WEEK,
        ("2010-08-03 rest P1",),
        (wrong("not-owed", "2010-08-03"),),
        with_civil(
            start="2010-08-01",
            owed_rests=(
                OwedRest(officer="P2", earned=day("2010-07-25")),
                OwedRest(officer="P1", earned=day("2010-07-24"), taken=day("2010-07-26")),
                OwedRest(officer="P1", earned=day("2010-08-01")),
            ),
        ),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_the_earliest_days_of_rest_leave_least_overdue() -> None:
    """Held against every choice of days of rest, for some officers, duties and busy times."""
    tried = charged = 0
    for seed in range(60):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = random_problem(rng, days=(5, 8), most_officers=1)
        problem = changed(problem, calendar="weekends", rules=())
        rule = CompensatoryRests(labour=(), days=rng.choice([1, 2, 4]))
        made = random_roster(rng, problem).model_copy(update={"compensatory_rests": ()})
        best = _cost(rule, problem, with_rests(problem, (rule,), made))
        assert best is not None
        least = best
        for n in range(4):
            for dates in combinations(problem.dates, n):
                rests = tuple(CompensatoryRest(officer="P0", date=date) for date in dates)
                one = _cost(rule, problem, made.model_copy(update={"compensatory_rests": rests}))
                least = least if one is None else min(least, one)
        assert best == least
        tried, charged = tried + 1, charged + (best > 0)
    assert charged > tried / 10


def _cost(rule: CompensatoryRests, problem: Problem, made: Any) -> Any:
    found = list(rule.violations(problem, made))
    if any(violation.what != "overdue" for violation in found):
        return None
    return sum(violation.cost for violation in found)


def test_days_of_rest_that_are_known_stay_and_none_is_new_in_the_past() -> None:
    problem = with_civil("2010-07-31")
    made = roster(problem, SATURDAY)
    kept = (CompensatoryRest(officer="P1", date=day("2010-08-12")),)
    found = with_rests(problem, rules_of(problem), made, kept, day("2010-08-03"))
    assert [str(rest.date) for rest in found.compensatory_rests] == ["2010-08-04", "2010-08-12"]


@pytest.mark.parametrize(
    ("owed", "kept", "expected"),
    [
        (("2010-07-31", "2010-08-01"), ("08-02", "08-12"), ["08-02", "08-03", "08-12"]),
        (("2010-07-31", "2010-08-01"), ("08-11", "08-12", "08-13"), ["08-11", "08-12", "08-13"]),
        ((), ("08-10", "08-12"), ["08-10"]),
    ],
)
def test_what_is_taken_early_leaves_enough_for_the_days_that_stay(
    owed: tuple[str, ...], kept: tuple[str, ...], expected: list[str]
) -> None:
    """With one more day earned on Saturday 7 August."""
    problem = with_civil(*owed)
    stay = tuple(CompensatoryRest(officer="P1", date=day(f"2010-{date}")) for date in kept)
    found = with_rests(problem, rules_of(problem), roster(problem, SATURDAY), stay)
    assert [f"{rest.date:%m-%d}" for rest in found.compensatory_rests] == expected
    assert with_rests(problem, rules_of(problem), found, stay) is found


def test_of_days_that_are_over_only_the_own_ones_that_are_known_stay() -> None:
    problem = plan(
        officers=(CIVIL, CIVIL.model_copy(update={"id": "P2"})),
        owed_rests=tuple(OwedRest(officer=o, earned=day("2010-07-31")) for o in ("P1", "P2")),
    )
    kept = (CompensatoryRest(officer="P2", date=day("2010-08-03")),)
    found = with_rests(problem, rules_of(problem), roster(problem), kept, day("2010-08-05"))
    assert [(str(rest.date), rest.officer) for rest in found.compensatory_rests] == [
        ("2010-08-03", "P2"),
        ("2010-08-06", "P1"),
    ]


def test_nothing_has_a_price_before_anything_is_due() -> None:
    problem = with_civil()
    limits = CompensatoryRests(days=14).limits(problem, Columns(problem))
    assert {limit.level for limit in limits} == {Level.MUST}


def test_what_is_earned_on_the_last_day_goes_on_to_the_next_plan() -> None:
    problem = with_civil()
    made = roster(problem, "2010-08-15 town day P1")
    assert ledger_of(problem, rules_of(problem), made) == (
        OwedRest(officer="P1", earned=day("2010-08-15")),
    )


def test_what_is_still_owed_goes_on_to_the_next_plan() -> None:
    problem = with_civil("2010-07-31")
    made = roster(problem, SATURDAY, SUNDAY, "2010-08-03 rest P1", "2010-08-09 rest P1")
    assert [
        (str(entry.earned), entry.taken and str(entry.taken))
        for entry in ledger_of(problem, rules_of(problem), made)
    ] == [("2010-07-31", "2010-08-03"), ("2010-08-07", "2010-08-09"), ("2010-08-08", None)]


def test_a_solved_roster_schedules_what_its_weekends_earn() -> None:
    problem = plan(
        officers=tuple(
            Officer(id=f"P{n}", agency="police", status="police", leader=True) for n in range(3)
        ),
        areas=(plan().areas[0],),
        posts=(),
        shifts=(plan().shifts[0],),
        agencies=(plan().agencies[0],),
        teams=({"members": {"police": 1}},),
        cadences=({"min_days": 1, "max_days": 1},),
        rules=(CompensatoryRests(days=7),),
    )
    result = solve(problem, time_limit=20, gap=0.0, workers=1)
    assert result.status == "optimal"
    assert result.roster is not None
    weekend = {d.date for d in result.roster.duties if d.date.isoweekday() > 5}
    assert len(weekend) == 4
    assert len(result.roster.compensatory_rests) == 2  # those of the last weekend are owed
    assert not check(problem, result.roster).broken
