"""The demands of a clash as sentences: with dates, names and numbers, each saying what is meant."""

from __future__ import annotations

from random import Random

import pytest

from patrol_scheduler.explaining import Demand, Demands
from patrol_scheduler.explaining.sentences import conflict_sentences
from patrol_scheduler.problem import Cadence, Pair, PastDuty, Problem
from patrol_scheduler.rules import (
    DutiesAtMost,
    HoursAtLeast,
    Lending,
    PatrolsAtMost,
    ShiftSuccession,
    TeamRule,
)
from patrol_scheduler.texts import LANGUAGES
from patrol_scheduler.validation import faults_of
from tests.explaining.plans import day, town
from tests.strategies import VARIANTS, changed, random_problem


def said(problem: Problem, rule: str, lang: str = "zh-CN", **about: object) -> list[str]:
    """What is told of the demands of a rule, each by itself; those about something where given."""
    demands = Demands(problem)
    asked = [d for d in demands.loose() if not d.summed]
    asked += demands.of_teams(range(len(problem.dates)))
    mine = [d for d in asked if d.rule.rule == rule and _is_about(d, about)]
    return [line for demand in mine for line in conflict_sentences(demands, [demand], lang)]


def _is_about(demand: Demand, about: dict[str, object]) -> bool:
    return all(getattr(demand.subject, name) == value for name, value in about.items())


def test_what_was_before_the_plan_is_told_where_it_counts() -> None:
    # The market was patrolled on Sunday 5 September: not again on the 6th, though one is "allowed".
    areas = tuple(
        area.model_copy(update={"last_patrol": day("2010-09-05")}) for area in town().areas
    )
    at_once = said(town(areas=areas), "cadence", area="market")
    assert "集市（market）：2010-09-06 至多巡逻一次（最短间隔）。其中排班期前已占 1。" in at_once
    assert "集市（market）：2010-09-06 至 2010-09-07 至多巡逻一次（最短间隔）。" in at_once


def test_duties_before_the_plan_are_taken_off_those_of_their_week() -> None:
    # The plan begins on Wednesday 8 September, the week on Monday the 6th.
    phase = town().phases[0].model_copy(update={"start": day("2010-09-08")})
    problem = town(
        phases=(phase,),
        history=tuple(
            PastDuty(date=day(f"2010-09-0{n}"), shift="am", officer="GA1", area="road")
            for n in (6, 7)
        ),
        rules=(DutiesAtMost(per="week", duties=2),),
    )
    told = said(problem, "duties-at-most", officer="GA1")
    assert (
        "2010-09-08 至 2010-09-12 每人至多 2 次勤务：警1（GA1）（1 人）。其中排班期前已占 2。"
        in told
    )
    other = said(problem, "duties-at-most", officer="GA2")
    assert "2010-09-08 至 2010-09-12 每人至多 2 次勤务：警2（GA2）（1 人）。" in other


def test_both_of_a_pair_are_named() -> None:
    pairs = (
        Pair(a="GA1", b="CG2", kind="never-together"),
        Pair(a="CG3", b="CG1", kind="must-together"),
    )
    told = said(town(pairs=pairs), "pairs", area="road")
    assert told[0] == "2010-09-06 巡逻公路（road），不得同组：城2（CG2）、警1（GA1）。"
    assert told[1] == "2010-09-06 巡逻公路（road），必须同组：城1（CG1）、城3（CG3）。"
    english = said(town(pairs=pairs), "pairs", "en", area="road")
    assert (
        english[0]
        == "Not together in one patrol of 公路（road） 2010-09-06: 城2（CG2）, 警1（GA1）."
    )


def test_numbers_of_the_rules_are_told() -> None:
    cg = town().agencies[1].model_copy(update={"lends_a_day": 3})
    problem = town(
        agencies=(town().agencies[0], cg),
        officers=tuple(
            o.model_copy(update={"duties_a_week": 2}) if o.id == "GA1" else o
            for o in town().officers
        ),
        rules=(Lending(), PatrolsAtMost(patrols=1), HoursAtLeast(hours=6)),
    )
    assert said(problem, "lending")[0] == "城管（cg）：2010-09-06 至多抽调 3 人次。"
    assert said(problem, "patrols-at-most")[0] == "全部片区：2010-09-06 至多巡逻 1 次。"
    assert said(problem, "hours-at-least")[0].startswith("整个排班期每人至少执勤 6 小时：警1")
    assert said(problem, "own-limits") == [
        "2010-09-06 至 2010-09-12 按本人上限至多 2 次勤务：警1（GA1）（1 人）。",
        "2010-09-13 至 2010-09-19 按本人上限至多 2 次勤务：警1（GA1）（1 人）。",
        "2010-09-20 至 2010-09-26 按本人上限至多 2 次勤务：警1（GA1）（1 人）。",
    ]


def test_shifts_that_may_not_follow_each_other_are_named() -> None:
    rule = ShiftSuccession(shifts=("am",), next_shifts=("am",))
    told = said(town(rules=(rule,)), "shift-succession", "en", officer="GA1")
    assert told[0] == (
        "After 上午（am） no 上午（am） on the next day, 2010-09-06 to 2010-09-07: 警1（GA1） (1)."
    )


def test_areas_with_an_open_gap_stay_apart_from_those_patrolled_before_the_plan() -> None:
    """Only one of them used up the window before the plan: they are not told as one."""
    market, road = town().areas
    areas = (market.model_copy(update={"last_patrol": day("2010-09-05")}), road)
    problem = town(areas=areas, cadences=(Cadence(min_days=3, max_days=4),))
    demands = Demands(problem)
    windows = [
        d
        for d in demands.loose()
        if d.rule.rule == "cadence" and (d.first, d.last) == (0, 1) and d.limits[0].at_most
    ]
    assert len(windows) == 2
    assert len(conflict_sentences(demands, windows, "zh-CN")) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_rules_demand_can_be_told(lang: str) -> None:
    rng, told = Random(7), set[str]()  # noqa: S311  # a seed, not a secret
    while len(told) < 400:
        problem = random_problem(rng, days=(3, 5), most_officers=4)
        rules = tuple(make(rng, problem) for make in VARIANTS.values())
        problem = changed(problem, rules=rules)
        if faults_of(problem):
            continue
        demands = Demands(problem)
        asked = [d for d in demands.loose() if not isinstance(d.rule, TeamRule)]
        asked += demands.of_teams(range(len(problem.dates)))
        for sentence in conflict_sentences(demands, asked, lang):
            assert not any(sign in sentence for sign in ("{", "None", "()", "（）", ": .", "：。"))
            told.add(sentence)
