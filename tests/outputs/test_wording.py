from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.days import DayTable, DayType, SpecialDay
from patrol_scheduler.outputs.duty_sheet import duty_sheet
from patrol_scheduler.outputs.wording import (
    Names,
    cadence_sentences,
    clean,
    clock,
    day_type_words,
    holiday,
    long_date,
    mode_words,
    one_line,
    short_date,
    weekday,
    year_month,
)
from patrol_scheduler.problem import Cadence, Phase
from patrol_scheduler.records import dates_between
from patrol_scheduler.texts import LANGUAGES, catalogue
from tests.outputs import sample
from tests.outputs.sample import date

ANYTHING = st.text(st.characters())


@settings(deadline=None)
@given(ANYTHING)
def test_clean_text_has_no_control_character_but_newlines(value: str) -> None:
    kept = clean(value).replace("\n", "")
    assert not {unicodedata.category(char) for char in kept} & {"Cc", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(ANYTHING)
def test_one_line_has_no_break_of_any_kind(value: str) -> None:
    assert len(one_line(value).splitlines()) <= 1
    assert one_line(one_line(value)) == one_line(value)


def test_what_belongs_to_a_name_stays() -> None:
    assert one_line(" 张　三\t丰\r\n👮🏽‍♀️ 𠮷 ") == "张 三 丰 👮🏽‍♀️ 𠮷"


@pytest.mark.parametrize("trick", ["\u202e", "\u2066", "\u200f", "\ufeff", "\x07", "\x85"])
def test_marks_that_disguise_a_name_are_dropped(trick: str) -> None:
    assert one_line(f"a{trick}b").replace(" ", "") == "ab"


def test_officers_of_one_name_are_told_apart_by_their_ids() -> None:
    problem = sample.problem()
    twins = (problem.officers[0], problem.officers[1].model_copy(update={"name": "公安01"}))
    names = Names(problem.model_copy(update={"officers": twins + problem.officers[2:]}))
    assert names.officer["PS01"] == "公安01 (PS01)"
    assert names.officer["PS02"] == "公安01 (PS02)"
    assert names.officer["TP01"] == "交警01"


def test_dates_are_said_in_the_chosen_language() -> None:
    day = date("2010-10-03")
    assert long_date(day, "zh-CN") == "2010年10月3日"
    assert long_date(day, "en") == "3 October 2010"
    assert (short_date(day, "zh-CN"), short_date(day, "en")) == ("10月3日", "3 October")
    assert (year_month(day, "zh-CN"), year_month(day, "en")) == ("2010年10月", "October 2010")
    assert (weekday(day, "zh-CN"), weekday(day, "en")) == ("星期日", "Sunday")


def test_day_types_and_holidays_are_those_of_the_plan() -> None:
    problem = sample.problem()
    assert day_type_words(problem, date("2010-10-01"), "zh-CN") == "法定节假日"
    assert day_type_words(problem, date("2010-10-09"), "en") == "make-up working day"
    assert day_type_words(problem, date("2031-01-01"), "en") == ""
    assert holiday(problem, date("2010-10-01"), "zh-CN") == "国庆节"
    assert holiday(problem, date("2010-10-01"), "en") == "National Day"
    fair = SpecialDay(date=date("2010-10-02"), day_type=DayType.REST_DAY, name="庙会")
    own = problem.model_copy(update={"days": (fair,)})
    assert holiday(own, date("2010-10-02"), "en") == "庙会"


def test_every_statutory_holiday_has_its_name_in_every_language() -> None:
    table = DayTable("china", provisional_years=range(2027, 2031))
    names = {table.name(day) for day in dates_between(date("2004-01-01"), date("2030-12-31"))}
    names.discard("")
    assert len(names) > 7
    for lang in LANGUAGES:
        assert {f"outputs.holiday.{name}" for name in names} <= catalogue(lang).keys()


def test_a_time_of_day_comes_around_at_midnight() -> None:
    assert [clock(minute) for minute in (0, 450, 1440, 1560)] == [
        "00:00",
        "07:30",
        "00:00",
        "02:00",
    ]


def test_the_reading_of_the_cadence_is_said_once() -> None:
    (said,) = cadence_sentences(sample.problem(), "zh-CN")
    assert said == (
        "“每2至3天巡逻一次”按日期差计算：同一片区相邻两次巡逻的日期相差2至3天（自然日）。"
    )


def test_the_other_reading_says_which_differences_it_means() -> None:
    cadences = (Cadence(min_days=2, max_days=3, counted="free-days"),)
    (said,) = cadence_sentences(sample.problem(cadences=cadences), "en")
    assert said == (
        '"Every 2 to 3 days" is read as days free: 2 to 3 days without a patrol lie between two'
        " patrols of an area, so their dates are 3 to 4 calendar days apart."
    )


def test_different_cadences_are_said_with_phase_and_areas() -> None:
    cadences = (
        Cadence(min_days=2, max_days=3),
        Cadence(min_days=1, max_days=2, areas=("A2",)),
    )
    phases = (
        *sample.problem().phases,
        Phase(id="Q", start=date("2010-08-01"), end=date("2010-08-02"), rostered=False),
    )
    said = cadence_sentences(sample.problem(cadences=cadences, phases=phases), "zh-CN")
    assert [sentence.split("：")[0] for sentence in said] == [
        "常规管理（东街片区）",
        "常规管理（西街片区）",
    ]


def test_without_a_cadence_nothing_is_said() -> None:
    assert cadence_sentences(sample.problem(cadences=()), "en") == ()


def test_patrols_say_whether_they_may_impose_penalties_where_some_may_not() -> None:
    plain = sample.problem()
    assert mode_words(plain, plain.first, "en") == ""
    officers = (plain.officers[0].model_copy(update={"status": "assistant"}), *plain.officers[1:])
    for mode, said in (
        ("enforcement", "Enforcement: auxiliaries never act alone"),
        ("presence", "Presence: no penalties"),
        ("mobilisation", "Presence: no penalties"),
    ):
        phases = (plain.phases[0].model_copy(update={"mode": mode}),)
        problem = sample.problem(officers=officers, phases=phases)
        assert mode_words(problem, problem.first, "en") == said
        assert said in duty_sheet(problem, sample.result(), "en")
    assert "Presence" not in duty_sheet(plain, sample.result(), "en")
