"""Why an officer does not have a seat, line by line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler import InvalidInputError, why_not
from patrol_scheduler.problem import Problem, Request
from patrol_scheduler.rules import Requests
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.strategies import changed


def lines(officer: str, date: str, area: str = "market", plan: Problem | None = None) -> list[str]:
    return why_not(plan or town(), DRAWN, officer, day(date), area).say("en")


def test_who_is_there_is_said_to_be_there() -> None:
    assert lines("CG1", "2010-09-14") == ["城1（CG1） is in the patrol of 集市 on 2010-09-14."]


def test_each_seat_is_open_at_its_price_or_leaves_the_team_short() -> None:
    told = why_not(town(), DRAWN, "CG3", day("2010-09-14"), "market")
    assert told.possible
    assert told.patrolled
    assert [(seat.out, seat.outcome.legal) for seat in told.seats] == [
        ("GA1", False), ("CG1", True), ("CG2", True)
    ]  # fmt: skip
    first, *others = told.say("en")
    assert "警1（GA1）" in first
    assert others[:2] == [
        "  2010-09-14 上午（am）, patrol of 集市: 1 officer of 公安（ga） needed, 0 present.",
        "  2010-09-14 上午（am）, patrol of 集市: 1 leader needed, 0 present.",
    ]
    assert [line.partition(" could")[0] for line in others[2:]] == ["城3（CG3）"] * 2
    assert ["城1（CG1）" in others[2], "城2（CG2）" in others[3]] == [True, True]


@pytest.mark.parametrize(("wishes", "sign"), [("CG1", "-"), ("CG3", "+")])
def test_prices_have_their_signs(wishes: str, sign: str) -> None:
    # Whoever wished for the 14th off gets it, or does not.
    off = Request(officer=wishes, start=day("2010-09-14"), end=day("2010-09-14"), want="off")
    plan = changed(town(), requests=(off,), rules=(Requests(price=2.25),))
    seat = why_not(plan, DRAWN, "CG3", day("2010-09-14"), "market").seats[1]
    assert (seat.out, abs(seat.outcome.wishes)) == ("CG1", Fraction(9, 4))
    (line,) = (x for x in lines("CG3", "2010-09-14", plan=plan) if "the seat of 城1（CG1）" in x)
    assert f"wishes {sign}2.25" in line
    assert "fairness would cost 0," in line


def test_what_an_officers_own_duties_forbid_is_told_once() -> None:
    told = lines("CG5", "2010-09-14")
    assert told[1:] == ["  城5（CG5） has 2 duties on 2010-09-14; at most one is allowed."]
    assert told[0].startswith("城5（CG5） can have no further duty on 2010-09-14")
    ill = on_leave(town(), ("CG3",), "2010-09-14", "2010-09-14")
    assert "on leave" in lines("CG3", "2010-09-14", plan=ill)[1]


def test_where_the_area_is_not_patrolled_that_comes_first() -> None:
    told = lines("CG1", "2010-09-15")
    assert told[0].startswith("集市 is not patrolled on 2010-09-15")
    assert told[1].startswith("  集市 is patrolled too soon on 2010-09-15")
    assert len(told) == 2
    # Where one more patrol breaks nothing, no list is announced.
    assert lines("CG3", "2010-09-06", "road") == [
        "公路 is not patrolled on 2010-09-06; no rule forbids one more patrol then."
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_announces_what_does_not_follow(lang: str) -> None:
    for date in town().dates:
        said = why_not(town(), DRAWN, "CG4", date, "road").say(lang)
        assert said
        assert not said[-1].endswith((":", "："))


def test_every_fault_of_a_question_is_told() -> None:
    with pytest.raises(InvalidInputError) as refused:
        why_not(town(), DRAWN, "CG9", day("2010-10-01"), "hill", shift="pm")
    assert [(f.place, f.value) for f in refused.value.faults] == [
        ("officer", "CG9"), ("area", "hill"), ("shift", "pm"), ("date", day("2010-10-01"))
    ]  # fmt: skip
    for lang in LANGUAGES:
        words = refused.value.say(lang)
        for said in ("CG9", "hill", "pm", "2010-10-01", "2010-09-06", "2010-09-26"):
            assert said in words
