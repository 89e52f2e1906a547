"""What changed in a plan, told entry by entry in the words of its tables."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler.problem import Area, Busy, Cadence, Leave, Officer, Problem, Team
from patrol_scheduler.replanning.plan_changes import plan_changes
from patrol_scheduler.replanning.variations import with_officers, without_officer
from patrol_scheduler.rules import DutiesAtMost
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed


def told(after: Problem, lang: str = "en", before: Problem | None = None) -> list[str]:
    return [change.say(lang) for change in plan_changes(before or town(), after, lang)]


def with_leave(problem: Problem, officer: str, leave: Leave) -> tuple[Officer, ...]:
    return tuple(
        o.model_copy(update={"leave": (leave,)}) if o.id == officer else o for o in problem.officers
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_told_of_the_same_plan(lang: str) -> None:
    assert told(town(), lang) == []
    officers = tuple(reversed(town().officers))
    assert told(changed(town(), officers=officers), lang) == []


def test_leave_is_told_with_its_officer_and_days() -> None:
    ill = on_leave(town(), ("GA1",), "2010-09-14", "2010-09-15")
    assert told(ill) == ["Leave: new: Officer GA1, Start 2010-09-14, End 2010-09-15"]
    assert told(town(), before=ill) == [
        "Leave: no longer: Officer GA1, Start 2010-09-14, End 2010-09-15"
    ]
    assert told(ill, "zh-CN") == ["请假值班：新增：人员 GA1，开始 2010-09-14，结束 2010-09-15"]


def test_why_somebody_is_away_is_the_offices_own() -> None:
    away = Leave(start=day("2010-09-14"), end=day("2010-09-15"), reason="手术", remarks="见假条")
    ill = changed(town(), officers=with_leave(town(), "GA1", away))
    assert told(ill, "zh-CN") == ["请假值班：新增：人员 GA1，开始 2010-09-14，结束 2010-09-15"]
    other = away.model_copy(update={"reason": "探亲"})
    assert told(changed(town(), officers=with_leave(town(), "GA1", other)), before=ill) == []
    start, end = (dt.datetime.combine(day("2010-09-14"), dt.time(hour)) for hour in (9, 12))
    busy = Busy(officer="GA1", start=start, end=end, kind="sick-leave", reason="手术")
    (line,) = told(changed(town(), busy=(busy,)), "zh-CN")
    assert "类型 请假" in line
    assert "手术" not in line
    court = busy.model_copy(update={"kind": "official"})
    (line,) = told(changed(town(), busy=(court,)), "zh-CN")
    assert "类型 公务" in line
    phase = town().phases[0].model_copy(update={"remarks": "统一着装"})
    assert told(changed(town(), phases=(phase, *town().phases[1:])), "zh-CN")


def test_people_who_come_leave_and_depart_are_told_by_name() -> None:
    new = "Officers: new: Staff number new-1, Agency cg"
    certified = ", Certificate from 2010-09-06, Certificate to 2010-09-26"
    assert told(with_officers(town(), "cg")) == [new + certified]
    assert told(without_officer(town(), "CG6")) == [
        "Officers: no longer: Staff number CG6, Agency cg, Name 城6"
    ]
    assert told(without_officer(town(), "CG6", day("2010-09-12"))) == [
        "Officers, 城6（CG6）: Departs 2010-09-12 instead of nothing"
    ]


def test_single_values_rules_and_gaps_are_told() -> None:
    assert told(changed(town(), end=day("2010-09-20"), issuer="某镇")) == [
        "Plan: Last day 2010-09-20 instead of 2010-09-26",
        "Plan: Issued by 某镇 instead of nothing",
    ]
    rules = told(changed(town(), rules=(DutiesAtMost(duties=3, per="week"),)))
    assert len(rules) == 1
    assert rules[0].startswith("Rules: new: Rule duties-at-most")
    gaps = told(changed(town(), cadences=(Cadence(min_days=2, max_days=4),)))
    assert [line.partition(":")[2].split(":")[0].strip() for line in gaps] == ["no longer", "new"]


def test_a_new_entry_in_front_does_not_change_those_behind_it() -> None:
    more = (Team(members={"ga": 2}, areas=("road",)), *town().teams)
    lines = told(changed(town(), teams=more))
    assert len(lines) == 1
    assert "road" in lines[0]


def test_names_from_outside_are_neutral() -> None:
    areas = (Area(id="market", name="集\u202e市"), town().areas[1])
    (line,) = told(changed(town(), areas=areas))
    assert "\u202e" not in line
    assert "\\u202E" in line
