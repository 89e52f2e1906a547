"""What is shared, by whom, and what was before the plan."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from patrol_scheduler.problem import Agency, Balance, Leave, Officer, Post, Shift
from patrol_scheduler.rules import BurdenShare, Columns, FairShare, LeaderShare, Rule

from .test_fairness import BURDENED, JULY, burden
from .worked import Example, past, plan, roster

LEADERS: dict[str, Any] = {
    "officers": (
        Officer(id="P1", agency="police", leader_on_duty=True),
        Officer(id="P2", agency="police", leader_on_duty=True),
    ),
    "posts": (Post(id="gate", kind="leader-on-duty"),),
}


def police(**second: Any) -> tuple[Officer, ...]:
    """Two police officers, the second with an entry that says more."""
    return (Officer(id="P1", agency="police"), Officer(id="P2", agency="police", **second))


EXAMPLES = (
    Example(
        "whoever is away from Monday to Friday has a whole share of the weekends",
        FairShare(over="rest-days"),
        ("2010-08-07 town day P1", "2010-08-08 town day P2"),
        (),
        plan(officers=police(leave=(Leave(start="2010-08-09", end="2010-08-13"),))),
    ),
    Example(
        "of the days before the plan, too, only the weekends count where these are shared",
        FairShare(over="rest-days"),
        ("2010-08-07 town day P1", "2010-08-08 town day P2"),
        (),
        plan(officers=police(joins="2010-07-31"), fair_since="2010-07-26"),
    ),
    Example(
        "without a date from which they count, past duties do not",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-04 town day P2"),
        (),
        plan(history=past("2010-07-30 town day P1")),
    ),
    Example(
        "a duty on the first day that counts",
        FairShare(),
        ("2010-08-03 town day P2",),
        (),
        plan(history=past(f"{JULY} town day P1"), fair_since=JULY),
    ),
    Example(
        "whoever may not work at night has a whole share of all days",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-04 town day P2"),
        (),
        plan(officers=police(night_ok=False)),
    ),
    Example(
        "a patrol is no day as leader on duty, neither in the plan nor before it",
        LeaderShare(),
        ("2010-08-03 gate day P2", "2010-08-03 town day P1", "2010-08-05 town day P1"),
        (),
        plan(
            **LEADERS,
            history=past("2010-07-28 town day P1", "2010-07-30 gate day P1"),
            fair_since=JULY,
        ),
    ),
    Example(
        "one and a half times two and a half",
        BurdenShare(rest_day=1.5),
        ("2010-08-07 town night P1",),
        (
            burden("P1", "3.75", "1.88", Fraction(15, 8)),
            burden("P2", "0", "1.88", Fraction(15, 8)),
        ),
        plan(shifts=BURDENED),
    ),
    Example(
        "of what is carried, burden counts for burden and duties do not",
        BurdenShare(),
        ("2010-08-03 town day P1", "2010-08-04 town day P1"),
        (),
        plan(
            shifts=BURDENED,
            balances=(
                Balance(officer="P2", carried=2, measure="burden"),
                Balance(officer="P2", carried=9),
            ),
        ),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_by_a_date_only_the_duties_up_to_it_are_shared() -> None:
    """P1 is on duty on the 3rd and 10th of August 2010, P2 on the 6th, 11th and 12th."""
    days = {"03": "P1", "06": "P2", "10": "P1", "11": "P2", "12": "P2"}
    problem = plan(officers=police())
    made = roster(problem, *(f"2010-08-{day} town day {who}" for day, who in days.items()))
    lasts = [dt.date(2010, 8, day) for day in (2, 5, 6, 15)]
    loads = dict(FairShare().loads_until(problem, made, lasts))["police"]
    assert [[one.load for one in by] for by in loads] == [[0, 0], [1, 0], [1, 1], [2, 3]]
    assert [by[0].target for by in loads] == [0, Fraction(1, 2), 1, Fraction(5, 2)]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (FairShare(over="statutory-holidays"), {}),
        (FairShare(over="nights"), {"shifts": (Shift(id="day", start="06:00", end="22:00"),)}),
        (BurdenShare(), {"shifts": (Shift(id="day", start="06:00", end="22:00", burden=0),)}),
        (FairShare(), {"agencies": (Agency(id="nobody"),), "officers": ()}),
    ],
)
def test_where_there_is_nothing_to_share_or_nobody_who_shares_no_column_is_asked_for(
    rule: Rule, changes: dict[str, Any]
) -> None:
    columns = Columns(plan(**changes))
    assert list(rule.limits(columns.problem, columns)) == []
    assert len(columns) == 2


def test_shifts_that_do_not_count_have_no_part_in_a_load() -> None:
    problem = plan()
    columns = Columns(problem)
    loads, _ = FairShare(over="nights").load_columns(problem, columns, problem.officers)
    shifts = {
        columns.names[part][3] for load in loads.values() for part, _ in columns.sum_parts[load]
    }
    assert shifts == {"night"}
