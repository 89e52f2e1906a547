"""Worked examples of the rules about the leader on duty."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.problem import Balance, Leave, Officer, Phase, Post, Problem
from patrol_scheduler.rules import Columns, LeaderOnDuty, LeaderShare
from tests.strategies import changed

from .worked import Example, Found, plan, roster

OFFICERS = (
    Officer(id="P1", agency="police", leader_on_duty=True),
    Officer(id="P2", agency="police", leader_on_duty=True),
    Officer(id="C1", agency="city"),
    Officer(id="C2", agency="city"),
)
LED = plan(officers=OFFICERS, posts=(Post(id="gate", kind="leader-on-duty"),))
BY_DAY = plan(officers=OFFICERS, posts=(Post(id="gate", kind="leader-on-duty", shifts=("day",)),))
PLACE = plan(officers=OFFICERS)


def days(first: str, last: str, *officers: Officer) -> Problem:
    """A plan of these days with a leader on duty."""
    return plan(
        start=first,
        end=last,
        officers=officers or OFFICERS,
        posts=LED.posts,
        phases=(Phase(id="routine", start=first, end=last),),
        calendar="china",
    )


EXAMPLES = (
    Example(
        "a patrol day with its leader",
        LeaderOnDuty(),
        ("2010-08-03 town day C1", "2010-08-03 gate day P1"),
        (),
        LED,
    ),
    Example(
        "one leader for two patrols of a day",
        LeaderOnDuty(),
        ("2010-08-03 town day C1", "2010-08-03 road night C2", "2010-08-03 gate night P1"),
        (),
        LED,
    ),
    Example(
        "two patrol days without a leader",
        LeaderOnDuty(price=7),
        ("2010-08-03 town day C1", "2010-08-05 town day C1"),
        (
            Found(
                "2010-08-03 有巡逻，但没有gate。",
                "On 2010-08-03 there are patrols, but no leader on duty (gate).",
                "shortage",
                date="2010-08-03",
                cost=7,
            ),
            Found(
                "2010-08-05 有巡逻，但没有gate。",
                "On 2010-08-05 there are patrols, but no leader on duty (gate).",
                "shortage",
                date="2010-08-05",
                cost=7,
            ),
        ),
        LED,
    ),
    Example(
        "two leaders on one day",
        LeaderOnDuty(),
        ("2010-08-03 town day C1", "2010-08-03 gate day P1 P2"),
        (
            Found(
                "2010-08-03 的gate安排了 2 人次，应为 1 人次。",
                "Entered as leader on duty (gate) on 2010-08-03: 2; expected: 1.",
                date="2010-08-03",
            ),
        ),
        LED,
    ),
    Example(
        "a leader without a patrol",
        LeaderOnDuty(),
        ("2010-08-04 gate day P1",),
        (
            Found(
                "P1 2010-08-04 在day被安排为gate，但该时段没有巡逻。",
                "P1 is leader on duty (gate) on 2010-08-04 in shift day, in which nobody patrols.",
                date="2010-08-04",
            ),
            Found(
                "2010-08-04 的gate安排了 1 人次，应为 0 人次。",
                "Entered as leader on duty (gate) on 2010-08-04: 1; expected: 0.",
                date="2010-08-04",
            ),
        ),
        LED,
    ),
    Example(
        "a leader in a shift in which nobody patrols",
        LeaderOnDuty(),
        ("2010-08-03 town day C1", "2010-08-03 gate night P1"),
        (
            Found(
                "P1 2010-08-03 在night被安排为gate，但该时段没有巡逻。",
                "P1 is leader on duty (gate) on 2010-08-03 in shift night, in which nobody patrols.",
                date="2010-08-03",
            ),
        ),
        LED,
    ),
    Example(
        "an officer who may not be leader on duty",
        LeaderOnDuty(),
        ("2010-08-03 town day P1", "2010-08-03 gate day C1"),
        (
            Found(
                "C1 不可任带班领导，却在 2010-08-03 day被安排为gate。",
                "C1 may not be leader on duty, but is entered at gate on 2010-08-03, shift day.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-03 有巡逻，但没有gate。",
                "On 2010-08-03 there are patrols, but no leader on duty (gate).",
                "shortage",
                date="2010-08-03",
                cost=100,
            ),
        ),
        LED,
    ),
    Example(
        "a post with its own shift takes the leader of a night patrol",
        LeaderOnDuty(),
        ("2010-08-03 town night C1", "2010-08-03 gate day P1"),
        (),
        BY_DAY,
    ),
    Example(
        "a leader outside the post's shifts",
        LeaderOnDuty(),
        ("2010-08-03 town night C1", "2010-08-03 gate night P1"),
        (
            Found(
                "P1 2010-08-03 在night被安排为gate，但gate不在该时段登记。",
                "P1 is leader on duty (gate) on 2010-08-03 in shift night, which the post does not have.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-03 有巡逻，但没有gate。",
                "On 2010-08-03 there are patrols, but no leader on duty (gate).",
                "shortage",
                date="2010-08-03",
                cost=100,
            ),
        ),
        BY_DAY,
    ),
    Example(
        "where no area is patrolled there is nothing to lead",
        LeaderOnDuty(),
        ("2010-08-03 gate day P1",),
        (
            Found(
                "P1 2010-08-03 在day被安排为gate，但该时段没有巡逻。",
                "P1 is leader on duty (gate) on 2010-08-03 in shift day, in which nobody patrols.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-03 的gate安排了 1 人次，应为 0 人次。",
                "Entered as leader on duty (gate) on 2010-08-03: 1; expected: 0.",
                date="2010-08-03",
            ),
        ),
        changed(LED, areas=(), cadences=()),
    ),
    Example(
        "an ordinary post has no leader on duty",
        LeaderOnDuty(),
        ("2010-08-03 town day C1", "2010-08-03 gate day C2 P1"),
        (),
        PLACE,
    ),
    Example(
        "one day each",
        LeaderShare(price=3),
        ("2010-08-03 gate day P1", "2010-08-05 gate day P2"),
        (),
        LED,
    ),
    Example(
        "all three days to one of two",
        LeaderShare(price=3),
        ("2010-08-03 gate day P1", "2010-08-05 gate day P1", "2010-08-07 gate day P1"),
        (
            Found(
                "P1共任带班领导 3 天，多于应分担的 1.50 天。",
                "Days of P1 as leader on duty in all: 3, more than the fair share of 1.50.",
                "fairness",
                amount=Fraction(3, 2),
                cost=Fraction(9, 2),
            ),
            Found(
                "P2共任带班领导 0 天，少于应分担的 1.50 天。",
                "Days of P2 as leader on duty in all: 0, fewer than the fair share of 1.50.",
                "fairness",
                amount=Fraction(3, 2),
                cost=Fraction(9, 2),
            ),
        ),
        LED,
    ),
    Example(
        "a day at each of two posts of leaders on duty are two days",
        LeaderShare(),
        ("2010-08-03 gate day P1", "2010-08-05 desk day P1"),
        (
            Found(
                "P1共任带班领导 2 天，多于应分担的 1 天。",
                "Days of P1 as leader on duty in all: 2, more than the fair share of 1.",
                "fairness",
                cost=3,
            ),
            Found(
                "P2共任带班领导 0 天，少于应分担的 1 天。",
                "Days of P2 as leader on duty in all: 0, fewer than the fair share of 1.",
                "fairness",
                cost=3,
            ),
        ),
        changed(LED, posts=(*LED.posts, Post(id="desk", kind="leader-on-duty"))),
    ),
    Example(
        "a day as leader on duty that is brought along, and one in the plan",
        LeaderShare(price=3),
        ("2010-08-03 gate day P2",),
        (),
        changed(LED, balances=(Balance(officer="P1", measure="leader-days", carried=1),)),
    ),
    Example(
        "on rest days",
        LeaderShare(over="rest-days", price=3, level="wishes"),
        ("2010-08-07 gate day P1", "2010-08-08 gate day P1", "2010-08-09 gate day P2"),
        (
            Found(
                "P1 在休息日任带班领导 2 天，多于应分担的 1 天。",
                "Days of P1 as leader on duty on rest days: 2, more than the fair share of 1.",
                "wishes",
                cost=3,
            ),
            Found(
                "P2 在休息日任带班领导 0 天，少于应分担的 1 天。",
                "Days of P2 as leader on duty on rest days: 0, fewer than the fair share of 1.",
                "wishes",
                cost=3,
            ),
        ),
        LED,
    ),
    Example(
        "on statutory holidays",
        LeaderShare(over="statutory-holidays", price=1),
        ("2010-10-01 gate day P1", "2010-10-08 gate day P2"),
        (
            Found(
                "P1 在法定节假日任带班领导 1 天，多于应分担的 0.50 天。",
                "Days of P1 as leader on duty on statutory holidays: 1, more than the fair share of "
                "0.50.",
                "fairness",
                amount=Fraction(1, 2),
            ),
            Found(
                "P2 在法定节假日任带班领导 0 天，少于应分担的 0.50 天。",
                "Days of P2 as leader on duty on statutory holidays: 0, fewer than the fair share of "
                "0.50.",
                "fairness",
                amount=Fraction(1, 2),
            ),
        ),
        days("2010-09-30", "2010-10-09"),
    ),
    Example(
        "whoever is away half of the time has half the share",
        LeaderShare(price=1),
        ("2010-08-02 gate day P1", "2010-08-03 gate day P2", "2010-08-04 gate day P1"),
        (),
        days(
            "2010-08-02",
            "2010-08-05",
            OFFICERS[0],
            Officer(
                id="P2",
                agency="police",
                leader_on_duty=True,
                leave=(Leave(start="2010-08-04", end="2010-08-05"),),
            ),
        ),
    ),
    Example(
        "an ordinary post shares nothing", LeaderShare(), ("2010-08-03 gate day P1",), (), PLACE
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()


def test_no_day_is_shared_at_an_ordinary_post_nor_on_holidays_that_a_plan_does_not_have() -> None:
    for rule, problem in (
        (LeaderShare(), PLACE),
        (LeaderShare(over="statutory-holidays"), LED),
    ):
        assert list(rule.limits(problem, Columns(problem))) == []


def test_leaders_on_duty_share_with_each_other_and_not_by_agency() -> None:
    assert [group for group, _ in LeaderShare().loads(LED, roster(LED))] == [""]


def test_shares_follow_the_days_on_which_each_one_is_available() -> None:
    problem = days(
        "2010-08-02",
        "2010-08-05",
        OFFICERS[0],
        Officer(id="P2", agency="police", leader_on_duty=True, departs="2010-08-03"),
        OFFICERS[2],
    )
    assert {o: str(s) for o, s in LeaderShare().shares(problem).items()} == {
        "P1": "2/3",
        "P2": "1/3",
    }
    assert roster(problem).post_duties == ()
