"""What is pinned beforehand and clashes is told by officer, date, place and shift."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler import InvalidInputError, check, explain
from patrol_scheduler.explaining import Demands
from patrol_scheduler.explaining.candidates import easings
from patrol_scheduler.explaining.conflict import find_conflict
from patrol_scheduler.explaining.easings import FewerPins
from patrol_scheduler.explaining.sentences import conflict_sentences
from patrol_scheduler.problem import Pin, Post, Problem, Shift
from patrol_scheduler.rules import DaysBetweenDuties
from patrol_scheduler.solver.budget import Budget
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

EVENING = Shift(id="pm", name="晚上", start="18:00", end="21:00")
ANY_THREE = ("2010-09-13", "2010-09-14", "2010-09-15")


def pin(officer: str, date: str, kind: str = "must", **more: Any) -> Pin:
    return Pin(officer=officer, date=day(date), kind=kind, **more)


def pinned(*pins: Pin, **changes: Any) -> Problem:
    return changed(town(), pins=pins, **changes)


def kept_from(*officers: str, **more: Any) -> tuple[Pin, ...]:
    return tuple(pin(o, date, "forbidden", **more) for o in officers for date in ANY_THREE)


TWO_SHIFTS = (*town().shifts, EVENING)
DESK = (Post(id="desk", name="值班室"),)
APART = (DaysBetweenDuties(days=3),)
CASES: dict[str, tuple[Problem, dict[str, set[str]]]] = {
    "the leaders are kept from three days": (
        pinned(*kept_from("GA1", "GA2", "GA3")),
        {
            "en": {
                "Kept from a duty 2010-09-13 to 2010-09-15: 警1（GA1）, 警2（GA2）, 警3（GA3） (3)."
            },
            "zh-CN": {
                "2010-09-13 至 2010-09-15 不得执勤：警1（GA1）、警2（GA2）、警3（GA3）（3 人）。"
            },
        },
    ),
    "those with a certificate are kept from one area": (
        pinned(*kept_from("CG1", "CG2", "CG3", "CG4", "CG5", area="road")),
        {
            "en": {
                (
                    "Kept from the patrol of 公路 2010-09-13 to 2010-09-15: "
                    "城1（CG1）, 城2（CG2）, 城3（CG3）, 城4（CG4）, 城5（CG5） (5)."
                )
            },
            "zh-CN": {
                (
                    "2010-09-13 至 2010-09-15 不得巡逻公路："
                    "城1（CG1）、城2（CG2）、城3（CG3）、城4（CG4）、城5（CG5）（5 人）。"
                )
            },
        },
    ),
    "a patrol is pinned on a day on which nobody can go along": (
        on_leave(
            pinned(pin("GA2", "2010-09-14", area="road")),
            ("CG2", "CG3", "CG4", "CG5", "CG6"),
            "2010-09-14",
            "2010-09-14",
        ),
        {
            "en": {"Pinned to the patrol of 公路 2010-09-14: 警2（GA2）."},
            "zh-CN": {"2010-09-14 固定巡逻公路：警2（GA2）。"},
        },
    ),
    "two patrols of one officer on days too close together": (
        pinned(
            pin("CG1", "2010-09-14", area="market", shift="am"),
            pin("CG1", "2010-09-15", area="road", shift="pm"),
            shifts=TWO_SHIFTS,
            rules=APART,
        ),
        {
            "en": {
                ("Pinned to the patrol of 集市 2010-09-14 in shift 上午（am）: 城1（CG1）."),
                ("Pinned to the patrol of 公路 2010-09-15 in shift 晚上（pm）: 城1（CG1）."),
            },
            "zh-CN": {
                "2010-09-14 上午（am）固定巡逻集市：城1（CG1）。",
                "2010-09-15 晚上（pm）固定巡逻公路：城1（CG1）。",
            },
        },
    ),
    "a post and a duty of one officer on days too close together": (
        pinned(
            pin("CG1", "2010-09-14", post="desk", shift="pm"),
            pin("CG1", "2010-09-15"),
            shifts=TWO_SHIFTS,
            posts=DESK,
            rules=APART,
        ),
        {
            "en": {
                "Pinned to post 值班室 2010-09-14 in shift 晚上（pm）: 城1（CG1）.",
                "Pinned to a duty 2010-09-15: 城1（CG1）.",
            },
            "zh-CN": {
                "2010-09-14 晚上（pm）固定在值班室值守：城1（CG1）。",
                "2010-09-15 固定执勤：城1（CG1）。",
            },
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_pins_that_clash_are_told_with_officer_date_place_and_shift(case: str) -> None:
    problem, expected = CASES[case]
    found = explain(problem, time_limit=30, least_bad=False)
    assert found.conflict is not None
    assert found.conflict.minimal
    for lang, sentences in expected.items():
        told = conflict_sentences(found.demands, found.conflict.demands, lang)
        about_pins = {s for s in told if s.startswith(("Pinned", "Kept"))} or {
            s for s in told if "固定" in s or "不得" in s
        }
        assert about_pins == sentences
        assert len(set(told)) == len(told)


def test_a_remedy_is_sought_where_pins_tell_the_officers_of_an_area_apart() -> None:
    problem = pinned(*kept_from("CG1", "CG2", "CG3", "CG4", "CG5", area="road"))
    found = explain(problem, time_limit=20)
    assert found.verdict == "impossible"
    assert found.gaps


def test_what_is_settled_of_one_officer_is_given_up_where_that_is_enough() -> None:
    # CG1 is pinned to both days, of which the days between duties leave one.
    problem, _ = CASES["two patrols of one officer on days too close together"]
    found = explain(problem, time_limit=60)
    (remedy, *_) = [r for r in found.remedies if r.kind == "pin"]
    assert check(remedy.problem, remedy.roster).complete
    assert {(p.officer, p.date) for p in remedy.problem.pins} < {
        (p.officer, p.date) for p in problem.pins
    }
    assert remedy.say(problem, "zh-CN") == "取消城1（CG1）在 2010-09-14 的固定安排。"
    assert remedy.say(problem, "en") == "Drop the pins of 城1（CG1） on 2010-09-14."


def test_only_pins_that_clash_are_given_up_and_never_what_is_preferred() -> None:
    problem, _ = CASES["two patrols of one officer on days too close together"]
    others = (
        pin("CG2", "2010-09-20"),
        pin("CG1", "2010-09-14", kind="prefer", area="road"),
    )
    more = changed(problem, pins=(*problem.pins, *others))
    clash = find_conflict(Demands(more), Budget(20, None, None))
    assert clash is not None
    offered = [e for e in easings(more, clash, (), ()) if isinstance(e, FewerPins)]
    assert {(e.start, e.people) for e in offered} == {
        (day("2010-09-14"), ("CG1",)),
        (day("2010-09-15"), ("CG1",)),
    }
    for easing in offered:
        assert set(others) <= set(easing.vary(more, (1,)).pins)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            '"CG1" on 2010-09-14 (must, "road", "pm") and pins[0] (must, "market", "am") cannot',
        ),
        ("zh-CN", '"CG1" 在 2010-09-14 的这一项（必须, "road", "pm"）与 pins[0]（必须, "market", '),
    ],
)
def test_two_pins_of_one_day_are_told_with_their_places(lang: str, sentence: str) -> None:
    problem = pinned(
        pin("CG1", "2010-09-14", area="market", shift="am"),
        pin("CG1", "2010-09-14", area="road", shift="pm"),
        shifts=TWO_SHIFTS,
    )
    with pytest.raises(InvalidInputError) as refused:
        explain(problem)
    assert sentence in refused.value.say(lang)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", '"road" patrolled on 2010-09-14 in shift "pm", but "CG1" is pinned to its patrol'),
        ("zh-CN", '2010-09-14 时段 "pm" 不巡逻 "road"，"CG1" 却固定在其巡逻中'),
    ],
)
def test_a_pin_to_a_closed_shift_is_told_with_officer_date_and_shift(
    lang: str, sentence: str
) -> None:
    morning_only = town().phases[0].model_copy(update={"shifts": ("am",)})
    problem = pinned(
        pin("CG1", "2010-09-14", area="road", shift="pm"),
        shifts=TWO_SHIFTS,
        phases=(morning_only,),
    )
    with pytest.raises(InvalidInputError) as refused:
        explain(problem)
    assert sentence in refused.value.say(lang)
