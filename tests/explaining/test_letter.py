"""The shortage letter: its parts, its numbers, its words."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from patrol_scheduler import Explanation, explain
from patrol_scheduler.checking import Finding
from patrol_scheduler.cli import run
from patrol_scheduler.explaining.easings import Eased
from patrol_scheduler.explaining.gap_summary import gap_summary
from patrol_scheduler.explaining.letter import asked, relief
from patrol_scheduler.explaining.remedies import Remedy
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Composition, Driver, Leader, Level, Rule, Violation
from patrol_scheduler.rules.cadence import CadenceRule
from patrol_scheduler.statistics import staffing
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

AWAY = ("CG1", "CG2", "CG3", "CG4", "CG5")
IMPOSSIBLE = changed(
    on_leave(town(), AWAY, "2010-09-13", "2010-09-15"), issuer="弼时镇", issued=day("2010-09-01")
)


@pytest.fixture(scope="module")
def found() -> Explanation:
    return explain(IMPOSSIBLE, time_limit=60)


def test_a_plan_that_can_be_met_needs_no_letter() -> None:
    assert explain(town(), time_limit=20).letter("zh-CN") == ""


def test_the_letter_is_written_as_offices_write(found: Explanation) -> None:
    lines = found.letter("zh-CN").splitlines()
    assert lines[0] == "关于《小镇》巡逻人员缺口的函"
    # Of the two agencies 城管 lacks people, and is written to.
    assert lines[2] == "城管（cg）："
    end = lines.index("2010年9月1日")
    assert lines[end - 5 : end] == [
        "以上办法请研究确定其一，并请函复。", "", "附件：缺口明细", "", "弼时镇",
    ]  # fmt: skip
    parts = [line for line in lines if line[:1] in "一二三四五" and "、" in line]
    assert parts == [
        "一、所需与可派人次",
        "二、不能同时满足的要求",
        "三、目前所得排班仍有的缺口",
        "四、可行办法（任取其一即可，均已重新排班验证）",
    ]


def test_the_relief_factor_is_that_of_the_statistics(found: Explanation) -> None:
    # 6 to 26 September 2010 with the Mid-Autumn arrangement: 15 working days of 21 days. Five of
    # the six 城管 are away on the 13th to the 15th, so one is there 15 - 5 x 3 / 6 = 12.5 days:
    # 21 / 12.5 = 1.68 people for a seat manned every day.
    assert found.least_bad is not None
    assert found.least_bad.roster is not None
    rows = staffing(IMPOSSIBLE, found.least_bad.roster).set_index("agency")
    assert rows.loc["cg", "relief_factor"] == pytest.approx(1.68)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_roster_with_gaps_does_not_show_that_there_are_enough_people(
    lang: str, found: Explanation
) -> None:
    # The plan lacks 城管 on three days, however many there are on average.
    assert found.gaps
    assert found.least_bad is not None
    assert found.least_bad.roster is not None
    assert relief(IMPOSSIBLE, found.least_bad.roster, lang) == []
    assert {"zh-CN": "折合专职", "en": "relief factor"}[lang] not in found.letter(lang)


def test_who_is_written_to_where_nothing_is_counted_is_of_the_clash(found: Explanation) -> None:
    assert replace(found, counting=()).letter("zh-CN").splitlines()[2] == "城管（cg）："
    nobody = replace(found, counting=(), conflict=None, remedies=())
    assert nobody.letter("zh-CN").splitlines()[2] == "有关部门："


def test_an_agency_that_is_away_all_the_time_is_told(found: Explanation) -> None:
    away = on_leave(town(), (*AWAY, "CG6"), "2010-09-06", "2010-09-26")
    assert found.least_bad is not None
    assert found.least_bad.roster is not None
    told = relief(away, found.least_bad.roster, "zh-CN")
    assert told == ["城管（cg）：现有 6 人在此期间均不能到岗。"]


def test_too_few_people_are_counted(found: Explanation) -> None:
    # Everybody of the agency works one day, 26 September: eight hours for a patrol of two people
    # and three hours, every one of them.
    few = on_leave(town(), (*AWAY, "CG6"), "2010-09-06", "2010-09-25")
    assert found.least_bad is not None
    roster = found.least_bad.roster
    assert roster is not None
    needed = -(-len(roster.patrols) * 2 * 3 // 8)
    told = relief(few, roster, "zh-CN")[-1]
    # A seat manned on all 21 days takes 21 people who work one day each.
    assert "一个岗位每日有人需配 21 人（轮换系数）" in told
    assert told.endswith(f"折合专职 {needed} 人，现有 6 人，缺 {needed - 6} 人。")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_not_shown_is_not_called_impossible(lang: str, found: Explanation) -> None:
    unsure = replace(found, verdict="unknown").letter(lang)
    said = {"zh-CN": "经两种不同方法计算", "en": "two different methods"}[lang]
    assert said in found.letter(lang)
    assert said not in unsure


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_only_counting_shows_is_told_as_that(lang: str, found: Explanation) -> None:
    assert found.counting
    counted = replace(found, verdict="unknown").say_clash(lang)[0]
    unsure = replace(found, verdict="unknown", counting=()).say_clash(lang)[0]
    said = {"zh-CN": "计数表明不存在完整的排班", "en": "Counting shows that no complete roster"}
    assert counted.startswith(said[lang])
    assert not unsure.startswith(said[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_is_known_no_letter_is_written_and_the_command_says_why(
    lang: str,
    found: Explanation,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = replace(found, verdict="unknown", counting=(), conflict=None, least_bad=None)
    assert nothing.letter(lang) == ""
    monkeypatch.setattr("patrol_scheduler.explaining.explain", lambda *_, **__: nothing)
    plan, letter = tmp_path / "plan.json", tmp_path / "letter.txt"
    plan.write_text(problem_to_json(IMPOSSIBLE), encoding="utf-8")
    run(["explain", str(plan), "--letter", str(letter), "--lang", lang])
    said = {"zh-CN": "缺口函无内容可写，未写出文件", "en": "a letter would tell nothing, and none"}
    assert said[lang] in capsys.readouterr().err
    assert not letter.exists()


def test_the_letter_sums_the_gaps_by_kind_and_month_and_tells_each_in_the_annex() -> None:
    def gap(rule: Rule, what: str, date: str, amount: int, **details: object) -> Finding:
        violation = Violation(
            rule.rule, what, Level.SHORTAGE, Fraction(amount), Fraction(amount), day(date),
            area="market", details=tuple(details.items()),
        )  # fmt: skip
        return Finding(rule, violation)

    gaps = [
        gap(Composition(), "agency", "2010-09-13", 2, needed=2, present=0, agency="cg"),
        gap(Composition(), "agency", "2010-09-30", 1, needed=2, present=1, agency="cg"),
        gap(Composition(), "agency", "2010-10-04", 1, needed=2, present=1, agency="cg"),
        gap(Leader(), "broken", "2010-10-04", 1, needed=1, present=0),
        gap(Driver(), "broken", "2010-10-05", 1, needed=1, present=0),
        gap(CadenceRule(), "overdue", "2010-10-08", 3),
        gap(CadenceRule(), "overdue", "2010-10-20", 1),
        gap(Leader(), "unnamed", "2010-10-04", 1),
    ]
    assert gap_summary(IMPOSSIBLE, gaps, "zh-CN") == [
        "城管（cg）：2010年9月缺 3 人次，2010年10月缺 1 人次。",
        "带队人员：2010年10月缺 1 人次。",
        "驾驶员：2010年10月缺 1 人次。",
        "片区逾期未巡逻：2010年10月 1 个片区逾期 2 次。",
        "未写明由谁带队：2010年10月 1 处。",
    ]
    assert gap_summary(IMPOSSIBLE, gaps, "en")[:2] == [
        "Officers of 城管（cg） missing: 3 seats in September 2010, 1 seat in October 2010.",
        "Leaders missing: 1 seat in October 2010.",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_gap_stands_in_the_annex_below_the_date(lang: str, found: Explanation) -> None:
    words = found.letter(lang)
    annex = words.split({"zh-CN": "附件\n", "en": "Annex\n"}[lang])[1]
    assert sum(line.startswith("  ") for line in annex.splitlines()) == len(found.gaps)


def test_what_is_not_told_of_the_counting_has_no_number(found: Explanation) -> None:
    lines = replace(found, counting=found.counting[:1] * 23).letter("zh-CN").splitlines()
    assert "  ……另有 3 处。" in lines
    assert not [line for line in lines if line.startswith("  21. ")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_letter_has_one_way_to_write_a_date(lang: str, found: Explanation) -> None:
    words = found.letter(lang)
    assert "2010-09" not in words
    assert {"zh-CN": "2010年9月13日至2010年9月15日", "en": "13 September 2010 to"}[lang] in words


def test_chinese_sentences_have_no_space_behind_a_bracket_or_a_date_in_a_letter(
    found: Explanation,
) -> None:
    words = found.letter("zh-CN")
    for stray in ("） ", "日 ", " 至", "至 "):
        assert stray not in words


def test_a_name_that_looks_like_a_date_is_left_as_it_is(found: Explanation) -> None:
    areas = tuple(a.model_copy(update={"name": "2010-13-45"}) for a in IMPOSSIBLE.areas)
    named = changed(IMPOSSIBLE, areas=areas)
    assert "2010-13-45" in replace(found, problem=named).letter("zh-CN")


def test_where_no_letter_is_needed_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, letter = tmp_path / "plan.json", tmp_path / "letter.txt"
    plan.write_text(problem_to_json(town()), encoding="utf-8")
    assert run(["explain", str(plan), "--letter", str(letter), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == "没有缺口，无需缺口函，未写出文件。\n"
    assert json.loads(told.out)["verdict"] == "possible"
    assert not letter.exists()


def test_every_agency_that_a_remedy_asks_for_something_is_addressed(found: Explanation) -> None:
    def remedy(*parts: Eased) -> Remedy:
        date = day("2010-09-13")
        return Remedy("officers", date, date, parts, IMPOSSIBLE, Roster())

    assert asked(IMPOSSIBLE, ("cg",), ()) == ("cg",)
    assert asked(IMPOSSIBLE, ("cg",), [remedy(Eased(1, agency="ga"))]) == ("ga", "cg")
    assert asked(IMPOSSIBLE, (), [remedy(Eased(1, people=("CG2", "GA1")))]) == ("ga", "cg")
    # A longer gap asks no agency for anything.
    assert asked(IMPOSSIBLE, (), [remedy(Eased(4, areas=("market",)))]) == ()
    more = replace(found, remedies=(remedy(Eased(1, agency="ga")),))
    assert more.letter("zh-CN").splitlines()[2] == "公安（ga）、城管（cg）："
