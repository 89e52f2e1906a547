"""A clash in sentences: each names whom, where and when, and says alike things once."""

from __future__ import annotations

from collections.abc import Callable

from patrol_scheduler import Problem
from patrol_scheduler.explaining import Demand, Demands
from patrol_scheduler.explaining.sentences import conflict_sentences
from patrol_scheduler.problem import Cover, PastDuty, Post, Shift
from patrol_scheduler.rules import DaysBetweenDuties, DutiesAtMost, HoursAtMost
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

PLAN = changed(
    on_leave(town(), ("CG1", "CG2", "GA1"), "2010-09-13", "2010-09-15"),
    shifts=(*town().shifts, Shift(id="pm", name="下午", start="14:00", end="17:00")),
    posts=(Post(id="desk", name="值班室"),),
    covers=(Cover(post="desk", at_least=1, at_most=2),),
    rules=(DutiesAtMost(duties=2, per="week"), DaysBetweenDuties(days=3),
           HoursAtMost(hours=4, per="week")),
)  # fmt: skip
FIRST = PLAN.day(day("2010-09-13"))


def said(
    chosen: Callable[[Demand], bool],
    lang: str = "en",
    plan: Problem = PLAN,
    *,
    last: int = FIRST + 2,
    exact: bool = False,
) -> list[str]:
    """The sentences of the chosen demands of the 13th to the 15th, or up to ``last``."""
    demands = Demands(plan)
    some = [d for d in demands.loose() if d.first >= FIRST and d.last <= last and chosen(d)]
    return conflict_sentences(demands, demands.exact(some) if exact else some, lang)


def of(rule: str, **subject: str) -> Callable[[Demand], bool]:
    return lambda d: (
        d.rule.rule == rule
        and all(getattr(d.subject, name) == value for name, value in subject.items())
    )


def test_people_who_are_away_on_the_same_days_are_one_sentence_an_agency() -> None:
    assert said(of("leave")) == [
        "On leave or not in the group 2010-09-13 to 2010-09-15: 警1（GA1）.",
        "On leave or not in the group 2010-09-13 to 2010-09-15: 城1（CG1）, 城2（CG2） (2).",
    ]
    assert said(of("leave"), "zh-CN") == [
        "2010-09-13 至 2010-09-15 请假或不在岗：警1（GA1）。",
        "2010-09-13 至 2010-09-15 请假或不在岗：城1（CG1）、城2（CG2）（2 人）。",
    ]
    apart = on_leave(PLAN, ("CG3",), "2010-09-13", "2010-09-13")
    apart = on_leave(apart, ("CG3",), "2010-09-15", "2010-09-15")
    assert said(of("leave", officer="CG3"), plan=apart) == [
        "On leave or not in the group 2010-09-13, 2010-09-15: 城3（CG3）."
    ]


def test_stretches_of_days_are_told_one_by_one_with_all_areas_that_they_ask() -> None:
    assert said(of("cadence")) == [
        "集市, 公路: at most one patrol 2010-09-13 to 2010-09-14 (shortest gap).",
        "集市, 公路: at least one patrol 2010-09-13 to 2010-09-15 (longest gap).",
        "集市, 公路: at most one patrol 2010-09-14 to 2010-09-15 (shortest gap).",
    ]
    assert said(of("cadence", area="road"), "zh-CN") == [
        "公路：2010-09-13 至 2010-09-14 至多巡逻一次（最短间隔）。",
        "公路：2010-09-13 至 2010-09-15 至少巡逻一次（最长间隔）。",
        "公路：2010-09-14 至 2010-09-15 至多巡逻一次（最短间隔）。",
    ]


def test_limits_on_duties_tell_how_many_and_of_whom() -> None:
    week = FIRST + 6
    assert said(of("duties-at-most", officer="CG4"), last=week) == [
        "Duties 2010-09-13 to 2010-09-19, at most 2 a person: 城4（CG4）."
    ]
    assert said(of("hours-at-most", officer="CG4"), last=week) == [
        "At most 4 hours of duty 2010-09-13 to 2010-09-19: 城4（CG4）."
    ]
    assert said(of("rest-days", officer="CG4"), last=week) == [
        "At most 6 days with duty 2010-09-13 to 2010-09-19: 城4（CG4）."
    ]
    assert said(of("days-between-duties", officer="GA1")) == [
        (
            "At most one duty 2010-09-13 to 2010-09-15, because of the days between duties: "
            "警1（GA1）."
        )
    ]
    assert said(of("one-duty-a-day", officer="GA1")) == [
        "No more than one duty a day 2010-09-13 to 2010-09-15: 警1（GA1）."
    ]


def test_where_more_was_used_up_before_the_plan_than_is_allowed_both_are_told() -> None:
    # Of one duty a week CG4 had two already, on Monday and Tuesday.
    start = day("2010-09-08")
    plan = changed(
        town(), start=start, rules=(DutiesAtMost(per="week", duties=1),),
        phases=tuple(phase.model_copy(update={"start": start}) for phase in town().phases),
        history=tuple(PastDuty(date=day(date), officer="CG4", area="market", shift="am")
                      for date in ("2010-09-06", "2010-09-07")),
    )  # fmt: skip
    demands = Demands(plan)
    week = [d for d in demands.loose() if of("duties-at-most", officer="CG4")(d) and d.first == 0]
    assert conflict_sentences(demands, week, "en") == [
        (
            "Duties 2010-09-08 to 2010-09-12, at most 1 a person: 城4（CG4）. "
            "Used up before the plan: 2."
        )
    ]


def test_a_post_tells_its_shifts_and_both_bounds() -> None:
    assert said(of("cover", shift="pm")) == [
        "2010-09-13 to 2010-09-15, post 值班室, shift 下午（pm）: at least 1 officer.",
        "2010-09-13 to 2010-09-15, post 值班室, shift 下午（pm）: at most 2 officers.",
    ]


def test_what_a_patrol_needs_tells_who_could_meet_it() -> None:
    assert said(of("certificates", shift="am"), exact=True, last=FIRST) == [
        (
            "2010-09-13 in shift 上午（am）, each patrol of 集市, 公路: "
            "2 officers of 城管（cg） with a valid certificate. Only these count for it: "
            "城1（CG1）, 城2（CG2）, 城3（CG3）, 城4（CG4）, 城5（CG5）, 城6（CG6）."
        )
    ]
    assert said(of("composition", agency="ga"), exact=True, last=FIRST)[0] == (
        "2010-09-13, each patrol of 集市, 公路: 1 officer of 公安（ga）. "
        "Officers who count for it in all: 3."
    )
    nobody = changed(
        PLAN, officers=tuple(o.model_copy(update={"leader": False}) for o in PLAN.officers)
    )
    (sentence,) = said(of("leader"), plan=nobody, exact=True, last=FIRST)
    assert "1 leader" in sentence
    assert "GA" not in sentence


def test_no_sentence_has_a_blank_where_a_shift_could_stand() -> None:
    demands = Demands(PLAN)
    for lang in ("en", "zh-CN"):
        for sentence in conflict_sentences(demands, demands.loose(), lang):
            assert "in shift ," not in sentence
            assert "in shift ." not in sentence
            assert "{" not in sentence
