"""The smallest changes that are enough, each with the roster that shows it."""

from __future__ import annotations

import pytest

from patrol_scheduler import Explanation, check, explain
from patrol_scheduler.explaining import Demands, Remedy, remedies, shortfalls
from patrol_scheduler.explaining.candidates import easings
from patrol_scheduler.explaining.conflict import find_conflict
from patrol_scheduler.explaining.easings import LessLeave, LooserRule
from patrol_scheduler.problem import Cadence, PatrolDate, Problem
from patrol_scheduler.rules import DutiesAtMost
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

HARVEST = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")
"""Of six 城管 one is there on three days, on which two areas need two of them each."""


def explained(problem: Problem) -> Explanation:
    found = explain(problem, time_limit=60)
    assert found.verdict == "impossible"
    for remedy in found.remedies:
        assert check(remedy.problem, remedy.roster).complete
        for lang in LANGUAGES:
            assert "{" not in remedy.say(problem, lang)
    return found


def of_kind(found: Explanation, kind: str) -> list[Remedy]:
    return [remedy for remedy in found.remedies if remedy.kind == kind]


@pytest.fixture(scope="module")
def harvest() -> Explanation:
    return explained(HARVEST)


def test_as_few_as_can_be_put_off_their_leave(harvest: Explanation) -> None:
    (remedy,) = of_kind(harvest, "leave")
    # One patrol of each area takes two 城管: with one more both areas go, on different days.
    assert remedy.parts[0].number == 1
    kept = len([o for o in remedy.problem.officers if o.leave])
    assert kept == 4
    # One person is named without a number behind the name.
    assert "人）" not in remedy.say(HARVEST, "zh-CN")


def test_who_puts_off_leave_is_told_the_days_of_it_that_clash() -> None:
    # Three 城管 are away until the 14th; two more join them on the 12th, so one is left.
    plan = on_leave(town(), ("CG1", "CG2", "CG3"), "2010-09-06", "2010-09-14")
    away = on_leave(plan, ("CG4", "CG5"), "2010-09-12", "2010-09-20")
    clash = find_conflict(Demands(away), Budget(20, None, None))
    assert clash is not None
    (less,) = (m for m in easings(away, clash, (), ()) if isinstance(m, LessLeave))
    leave = {o.id: o.leave[0] for o in away.officers if o.leave}
    told = {officer: part.days for part in less.parts(less.most) for officer in part.people}
    assert set(told) == set(less.people)
    for officer, days in told.items():
        assert days is not None
        assert days[0] == max(less.start, leave[officer].start)
        assert days[1] == min(less.end, leave[officer].end)
    assert len(set(told.values())) == 2


def test_further_officers_have_what_is_short_and_are_as_few_as_can_be(
    harvest: Explanation,
) -> None:
    (remedy,) = of_kind(harvest, "officers")
    assert remedy.say(HARVEST, "en") == (
        "1 more officer of 城管（cg） (with a certificate) from 2010-09-06 to 2010-09-26."
    )


def test_of_longer_gaps_the_one_of_fewest_areas_is_told(harvest: Explanation) -> None:
    (remedy,) = of_kind(harvest, "gap")
    longest = remedy.parts[0].number
    assert longest > 3
    assert f"最长间隔放宽为 {longest} 天" in remedy.say(HARVEST, "zh-CN")


def test_who_is_there_already_may_lead() -> None:
    # Only one of three 公安 leads, and he is away for the three days of a gap.
    problem = on_leave(town(), ("GA1",), "2010-09-13", "2010-09-15")
    led = changed(
        problem,
        officers=tuple(o.model_copy(update={"leader": o.id == "GA1"}) for o in problem.officers),
    )
    (remedy,) = of_kind(explained(led), "marks")
    assert remedy.parts[0].marks == ("leader",)
    # Who is to lead must be qualified for it.
    assert remedy.say(led, "zh-CN").endswith("担任带队人员（须具备相应资格）。")
    assert remedy.say(led, "en").endswith("with the qualification that it takes.")
    assert sum(o.leader for o in remedy.problem.officers) == 2


def test_a_limit_of_the_plan_is_eased_as_far_as_needed_and_no_further() -> None:
    # Six 城管 with two duties a week give 12 a week; two areas take 2 or 3 patrols of two each.
    capped = changed(town(), rules=(DutiesAtMost(per="week", duties=1),))
    (remedy,) = of_kind(explained(capped), "rule")
    assert remedy.say(capped, "zh-CN") == "每人每周勤务次数上限由 1 次放宽为 2 次。"
    assert remedy.say(capped, "en") == "Duties of an officer a week: up to 2 instead of 1."


def test_no_more_duties_are_offered_than_the_law_allows() -> None:
    # One 公安 is left in the week of the 13th: with six duties in it he could do it alone.
    plan = changed(
        town(),
        areas=town().areas[:1],
        cadences=(Cadence(min_days=1, max_days=1),),
        officers=tuple(officer for officer in town().officers if officer.id != "GA3"),
    )
    short = on_leave(plan, ("GA2",), "2010-09-13", "2010-09-18")

    def offered(*rules: DutiesAtMost) -> list[LooserRule]:
        stated = changed(short, rules=rules)
        clash = find_conflict(Demands(stated), Budget(20, None, None))
        assert clash is not None
        assert "duties-at-most" in {demand.rule.rule for demand in clash.demands}
        return [m for m in easings(stated, clash, (), ()) if isinstance(m, LooserRule)]

    assert offered() == []
    assert offered(DutiesAtMost(per="week", duties=5)) == []
    (looser,) = offered(DutiesAtMost(per="week", duties=3))
    assert looser.most == (2,)  # up to five a week


def test_an_agency_lends_more() -> None:
    plan = town()
    lent = changed(
        plan,
        agencies=(
            plan.agencies[0],
            plan.agencies[1].model_copy(update={"lends_a_day": 1}),
        ),
    )
    (remedy,) = of_kind(explained(lent), "lends-a-day")
    assert remedy.say(lent, "zh-CN") == "城管（cg）每日至多抽调人数增至 2 人。"
    assert remedy.problem.agencies[1].lends_a_day == 2


def test_only_the_agency_that_clashes_lends_more() -> None:
    # Both areas on one named day take four 城管, of whom three are lent; two 公安 are enough.
    plan = town()
    lent = changed(
        plan,
        agencies=tuple(
            agency.model_copy(update={"lends_a_day": most})
            for agency, most in zip(plan.agencies, (2, 3), strict=True)
        ),
        patrol_dates=(PatrolDate(dates=(day("2010-09-15"),), want="must"),),
    )
    clash = find_conflict(Demands(lent), Budget(20, None, None))
    assert clash is not None
    (remedy,) = remedies(lent, clash, (), (), time_limit=30).found
    assert [(part.agency, part.number) for part in remedy.parts] == [("cg", 4)]


def test_of_several_agencies_each_sends_as_few_as_can_be_with_no_mark_that_is_not_needed() -> None:
    # Four duties each: 36 for at least 42 seats, 24 of 28 by 城管 and 12 of 14 by 公安. One more
    # of each is enough; the one of 公安 leads, so the one of 城管 need not.
    capped = changed(town(), rules=(DutiesAtMost(per="plan", duties=4),))
    found = remedies(capped, None, shortfalls(capped), (), time_limit=30).found
    (remedy,) = (remedy for remedy in found if remedy.kind == "officers")
    assert [(part.agency, part.number, part.marks) for part in remedy.parts] == [
        ("cg", 1, ("certified",)),
        ("ga", 1, ("leader",)),
    ]


def test_kinds_that_time_did_not_reach_are_told() -> None:
    clash = find_conflict(Demands(HARVEST), Budget(20, None, None))
    counted = shortfalls(HARVEST)
    sought = remedies(HARVEST, clash, counted, time_limit=0)
    assert sought.found == ()
    assert list(sought.open) == easings(HARVEST, clash, counted, ())
    assert {"leave", "officers", "gap"} <= {easing.kind for easing in sought.open}


def test_no_kind_is_open_once_all_were_tried() -> None:
    clash = find_conflict(Demands(HARVEST), Budget(20, None, None))
    assert remedies(HARVEST, clash, shortfalls(HARVEST), time_limit=60).open == ()
