"""The monthly notice says what the statistics say."""

from __future__ import annotations

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


def test_an_empty_roster_has_a_notice(problem: Problem) -> None:
    told = monthly_notice(problem, statistics.document(problem, Roster()), "en")
    assert "0 patrols" in told
