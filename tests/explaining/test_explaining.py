"""Why a plan cannot be met, told to a leader."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler import (
    Explanation,
    InvalidInputError,
    Problem,
    Result,
    Roster,
    check,
    explain,
    explaining,
    solve,
)
from patrol_scheduler.cli import run
from patrol_scheduler.days import DayType
from patrol_scheduler.explaining import Shortfall, shortfalls
from patrol_scheduler.explaining.sentences import conflict_sentences
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.outputs.tables import assignments_csv
from patrol_scheduler.problem import Shift
from patrol_scheduler.replanning import as_result
from patrol_scheduler.rules import DutiesAtMost, OneDutyADay, OnLeave
from patrol_scheduler.texts import LANGUAGES, text
from tests.explaining.plans import day, on_leave, town
from tests.rules.worked import roster
from tests.strategies import changed

IMPOSSIBLE = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")


@pytest.fixture(scope="module")
def found() -> Explanation:
    return explain(IMPOSSIBLE, time_limit=60)


def test_a_plan_that_can_be_met_has_a_complete_roster_and_no_conflict() -> None:
    found = explain(town(), time_limit=20)
    assert found.verdict == "possible"
    assert found.conflict is None
    assert found.least_bad is not None
    assert found.least_bad.roster is not None
    assert check(town(), found.least_bad.roster).complete


def test_counting_names_the_days_the_group_and_the_numbers() -> None:
    assert shortfalls(town()) == ()
    worst = shortfalls(IMPOSSIBLE)[0]
    assert (worst.group, worst.agency) == ("members", "cg") or worst.group == "certified"
    # Two areas with two officers each within three days: 4 needed; one officer, three days: 3.
    assert (str(worst.start), str(worst.end)) == ("2010-09-13", "2010-09-15")
    assert (worst.needed, worst.there) == (4, 3)


@pytest.mark.parametrize(("lang", "week"), [("zh-CN", "第 37 周"), ("en", "week 37")])
def test_the_calendar_week_is_told_where_all_days_counted_lie_in_it(lang: str, week: str) -> None:
    # Monday 13 to Sunday 19 September 2010 is week 37.
    for start, end, told in (
        ("2010-09-13", "2010-09-19", True),
        ("2010-09-19", "2010-09-19", True),
        ("2010-09-12", "2010-09-15", False),
        ("2010-09-13", "2010-09-20", False),
    ):
        short = Shortfall("leaders", "", day(start), day(end), 5, 4)
        assert (week in short.say(IMPOSSIBLE, lang)) == told
        assert ("周" in short.say(IMPOSSIBLE, "zh-CN")) == told


def test_counting_is_silent_about_what_no_rule_asks() -> None:
    lenient = changed(IMPOSSIBLE, rules=(OnLeave(on=False),))
    assert shortfalls(lenient) == ()
    assert shortfalls(changed(IMPOSSIBLE, rules=(OneDutyADay(on=False),))) == ()


def test_counting_takes_the_day_that_asks_least() -> None:
    # Saturday 11 and Sunday 12 September ask for one 城管 only, and both areas may go then.
    problem = town()
    usual = problem.teams[0]
    light = usual.model_copy(
        update={
            "members": {"ga": 1, "cg": 1},
            "certified": {"cg": 1},
            "day_types": (DayType.REST_DAY,),
        }
    )
    problem = changed(problem, teams=(usual, light), calendar="china")
    away = on_leave(problem, ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-10", "2010-09-12")
    assert shortfalls(away) == ()
    assert explain(away, time_limit=20).verdict == "possible"


def test_of_stretches_that_overlap_the_worse_one_is_told() -> None:
    # Four days' leave: 13 to 15 and 14 to 16 September lack the same people.
    longer = on_leave(IMPOSSIBLE, ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-16", "2010-09-16")
    told = [s for s in shortfalls(longer) if s.group == "members"]
    assert [(str(s.start), str(s.end)) for s in told] == [("2010-09-13", "2010-09-15")]


def test_counting_sees_weekly_caps() -> None:
    capped = changed(town(), rules=(DutiesAtMost(per="week", duties=1),))
    assert any(entry.group == "members" for entry in shortfalls(capped))


def test_the_conflict_is_about_the_days_of_leave_and_is_smallest(found: Explanation) -> None:
    assert found.verdict == "impossible"
    assert found.conflict is not None
    assert found.conflict.verified
    assert found.conflict.minimal
    first, last = (IMPOSSIBLE.date(d) for d in (found.conflict.first, found.conflict.last))
    assert (str(first), str(last)) == ("2010-09-13", "2010-09-15")
    assert "leave" in {demand.rule.rule for demand in found.conflict.demands}
    assert found.gaps


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_explanation_names_people_days_and_areas(lang: str, found: Explanation) -> None:
    words = "\n".join(found.say(lang))
    for said in ("2010-09-13", "2010-09-15", "城1（CG1）", "城管（cg）"):
        assert said in words


def test_what_several_shifts_ask_alike_is_told_once() -> None:
    # With an evening shift beside the morning, any of the two would do, and both ask for two 城管.
    evening = Shift(id="pm", name="晚上", start="18:00", end="21:00")
    twice = changed(IMPOSSIBLE, shifts=(*IMPOSSIBLE.shifts, evening))
    told = explain(twice, time_limit=60)
    assert told.conflict is not None
    sentences = conflict_sentences(told.demands, told.conflict.demands, "zh-CN")
    assert len(set(sentences)) == len(sentences)
    assert {d.subject.shift for d in told.conflict.demands if d.team} == {"am", "pm"}
    assert sum("每次巡逻" in sentence for sentence in sentences) == 1


def test_a_plan_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        explain(changed(town(), officers=()))


def test_the_command_tells_the_verdict_by_its_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(problem_to_json(IMPOSSIBLE), encoding="utf-8")
    assert run(["explain", str(plan), "--time-limit", "60", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "impossible"
    assert document["conflict"]["minimal"]
    assert all(entry["needed"] > entry["there"] for entry in document["counting"])


def test_the_clash_is_told_before_the_roster_with_the_fewest_gaps_is_known() -> None:
    told: list[Explanation] = []
    found = explain(IMPOSSIBLE, time_limit=60, on_clash=told.append)
    assert [so_far.verdict for so_far in told] == ["impossible"]
    assert told[0].least_bad is None
    assert found.least_bad is not None
    for lang in LANGUAGES:
        first = told[0].say_clash(lang)
        assert found.say(lang)[: len(first)] == first
        assert len(found.say(lang)) > len(first)


def test_no_clash_is_told_of_a_plan_that_can_be_met() -> None:
    told: list[Explanation] = []
    assert explain(town(), time_limit=20, on_clash=told.append).verdict == "possible"
    assert told == []


def test_what_a_roster_lacks_is_told_with_its_date_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, made = tmp_path / "plan.json", tmp_path / "made.csv"
    plan.write_text(problem_to_json(town()), encoding="utf-8")
    alone = roster(town(), "2010-09-08 market am GA2 CG3")
    made.write_text(assignments_csv(town(), alone), encoding="utf-8")
    assert run(["explain", str(plan), "--roster", str(made), "--lang", "en"]) == 0
    told = capsys.readouterr().out.splitlines()
    short = [finding.say(town(), "en") for finding in check(town(), alone).shortages]
    assert short
    assert set(short) <= set(told)


def test_time_left_over_goes_into_a_roster_with_fewer_gaps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However little the first search found: here a roster in which nobody is on duty."""
    found = [as_result(IMPOSSIBLE, Roster())]

    def at_first_nothing(problem: Problem, **given: Any) -> Result:
        return found.pop() if found else solve(problem, **given)

    monkeypatch.setattr(explaining, "solve", at_first_nothing)
    told = explain(IMPOSSIBLE, time_limit=60)
    assert told.least_bad is not None
    assert told.least_bad.roster is not None
    # From 13 to 15 September one officer of two is there for each of the two areas' patrols.
    assert len(told.gaps) <= 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_of_remedy_that_time_did_not_reach_are_told(lang: str, found: Explanation) -> None:
    assert found.untried == ()
    late = replace(found, untried=("officers", "lends-a-day"))
    (more,) = set(late.say(lang)) - set(found.say(lang))
    for said in {"zh-CN": ("增派人员", "抽调"), "en": ("more officers", "lending a day")}[lang]:
        assert said in more
    assert late.document(lang)["untried"] == ["officers", "lends-a-day"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_more_time_is_advised_only_where_time_lacked(lang: str, found: Explanation) -> None:
    tried = replace(found, remedies=())
    assert "--time-limit" not in "".join(tried.say(lang))
    assert "--time-limit" in "".join(replace(tried, untried=("officers",)).say(lang))


def test_every_kind_of_remedy_has_a_name_in_every_language() -> None:
    kinds = {"officers", "marks", "gap", "leave", "rule", "lends-a-day", "lends-a-week"}
    for lang in LANGUAGES:
        assert all(text(f"explain.kind.{kind}", lang) for kind in kinds)
