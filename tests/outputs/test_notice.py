"""The monthly notice says what the statistics say."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler import statistics
from patrol_scheduler.outputs.notice import monthly_notice
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import LANGUAGES


def test_each_month_has_a_paragraph_in_the_documents_numbers(
    problem: Problem, result: Result
) -> None:
    assert result.roster is not None
    document = statistics.document(problem, result.roster)
    told = monthly_notice(problem, document, "zh-CN")
    patrols = sum(patrol.date.month == 10 for patrol in result.roster.patrols)
    assert f"2010年10月，共安排巡逻{patrols}次" in told
    assert "2010年9月" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_took_place_is_told_where_it_is_known(
    problem: Problem, result: Result, lang: str
) -> None:
    roster = result.roster
    assert roster is not None
    actual = Roster(patrols=roster.patrols[:1])
    document = statistics.document(problem, roster, actual=actual)
    planned = len(roster.patrols)
    told = monthly_notice(problem, document, lang)
    assert f"{1 / planned:.1%}" in told
    assert f"{1 / planned:.1%}" not in monthly_notice(
        problem, statistics.document(problem, roster), lang
    )


def test_all_areas_with_the_longest_gap_are_named(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    told: Any = statistics.document(problem, result.roster)
    rows = [r for r in told["tables"]["area_cadence_by_month"] if r["month"] == "2010-10"]
    places = {area.id: area.name for area in problem.areas}
    for row in rows:
        row["worst_gap"] = 3
    assert "各片区最长间隔均为3天" in monthly_notice(problem, told, "zh-CN")
    rows[0]["worst_gap"] = 2  # the first area is kept better
    assert f"最长间隔3天，为{places[rows[1]['area']]}" in monthly_notice(problem, told, "zh-CN")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_patrols_that_lack_somebody_are_told_in_their_month(
    problem: Problem, result: Result, lang: str
) -> None:
    roster = result.roster
    assert roster is not None
    # One patrol of October lacks somebody; then that of 30 September does, too.
    said = {"zh-CN": "有1次巡逻不符合规则", "en": "1 patrol with a broken rule"}[lang]
    alone = roster.patrols[0].model_copy(update={"members": roster.patrols[0].members[:1]})
    short = roster.model_copy(update={"patrols": (alone, *roster.patrols[1:])})
    for given, in_september in ((roster, False), (short, True)):
        told = monthly_notice(problem, statistics.document(problem, given), lang)
        september, october = told.split("\n\n")[1:3]
        assert (said in september) == in_september
        assert said in october


def test_an_empty_roster_has_a_notice(problem: Problem) -> None:
    told = monthly_notice(problem, statistics.document(problem, Roster()), "en")
    assert "0 patrols" in told
