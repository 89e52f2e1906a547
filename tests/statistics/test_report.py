from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pandas as pd
import pytest

from patrol_scheduler.problem import Agency, Area, Cover, Officer, Phase, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics import (
    TABLES,
    change_summary,
    document,
    duty_changes,
    execution,
    findings,
    heading,
    headline,
    headline_sentences,
    readable,
    rows,
    sentences,
    split_of,
    tables,
)
from patrol_scheduler.texts import LANGUAGES, catalogue, text

from .plans import patrolled, plan, roster

MANUAL = Path(__file__).parents[2] / "docs" / "statistics.md"


def example() -> tuple[Problem, Roster]:
    problem = plan(areas=(Area(id="town", name="Old\ntown"), Area(id="road")))
    return problem, roster(
        problem,
        "08-02 town day P1* C1",
        "08-04 town day P2* C2",
        "08-08 town night P1* C1",
        "08-03 road day P1# C2",
        "08-05 gate day C2",
    )


def test_a_document_is_plain_json_and_always_the_same() -> None:
    problem, made = example()
    found = document(problem, made)
    told = json.dumps(found, allow_nan=False, ensure_ascii=False)
    assert told == json.dumps(document(problem, made), allow_nan=False, ensure_ascii=False)
    assert json.loads(told) == found
    assert found["format"] == "patrol-scheduler statistics 1"
    assert found["plan"] == {"name": "small", "first": "2010-08-01", "last": "2010-08-10"}
    assert found["readings"] == [
        {
            "min_days": 2,
            "max_days": 3,
            "counted": "date-difference",
            "min_gap": 2,
            "max_gap": 3,
        }
    ]
    assert found["headline"] == headline(problem, made)
    assert isinstance(found["tables"], dict)
    assert list(found["tables"]) == list(TABLES)
    third = found["tables"]["patrol_strength"][0]["leader_rate"]
    assert third == 1.0
    compliance = found["tables"]["area_cadence"][0]["compliance"]
    assert compliance == 0.5


def test_numbers_have_six_decimals() -> None:
    """Of three gaps 2, 3 and 4 two comply."""
    problem = plan()
    made = patrolled(problem, "08-01", "08-03", "08-06", "08-10")
    assert headline(problem, made)["compliance"] == 0.666667


@pytest.mark.parametrize(
    "problem",
    [
        plan(areas=(), teams=(), cadences=()),
        plan(officers=(Officer(id="P1", agency="police"),)),
        plan("08-01", "08-01", agencies=(Agency(id="police"),), officers=()),
        plan(shifts=(), posts=()),
    ],
)
def test_an_empty_roster_has_a_complete_document(problem: Problem) -> None:
    found = document(problem, Roster())
    json.dumps(found, allow_nan=False)
    for name, table in tables(problem, Roster()).items():
        assert rows(table) == found["tables"][name]
        for lang in LANGUAGES:
            assert len(readable(table, problem, lang)) == len(table)
    assert headline(problem, Roster())["patrols"] == 0
    assert all(headline_sentences(problem, Roster(), lang) for lang in LANGUAGES)


def test_the_headline_of_a_small_roster() -> None:
    """Two areas, ten days, 3 to 5 patrol days each. Town: gaps 2 and 4; overdue on the 7th. Road:
    first patrol on the 3rd in time, then none: overdue from the 6th to the 10th. Duties: P1 has
    3 and P2 1 (targets 2); C1 has 2, C2 has 3 (targets 2.5)."""
    problem, made = example()
    assert headline(problem, made) == {
        "patrols": 4,
        "patrol_days": 4,
        "least_patrol_days": 6,
        "most_patrol_days": 10,
        "compliance": 0.5,
        "overdue_days": 6,
        "worst_gap": 4,
        "worst_gap_area": "town",
        "worst_gap_from": "2010-08-04",
        "worst_gap_to": "2010-08-08",
        "fill_rate": 1.0,
        "composition_rate": 1.0,
        "certificate_rate": None,
        "outside": 0,
        "officers": 4,
    }


def test_the_headline_in_words_says_which_reading_was_used() -> None:
    problem, made = example()
    chinese = headline_sentences(problem, made, "zh-CN")
    assert chinese[0] == "间隔口径：“2至3天一次”按相邻两次巡逻的日期相差2至3天计算。"
    assert "间隔合格率50.0%。" in chinese
    assert "超过最长间隔仍未巡逻的，各片区合计6天。" in chinese
    assert "最长间隔4天：Old town，2010-08-04至2010-08-08。" in chinese
    english = headline_sentences(problem, made, "en")
    assert len(english) == len(chinese)
    assert "Gaps as asked: 50.0%." in english
    empty = headline_sentences(problem, Roster(), "en")
    assert "Days overdue, all areas together: 16." in empty
    # Nothing is said about certificates, as no patrol needs any.
    assert not any("certified" in sentence for sentence in english)
    with pytest.raises(ValueError, match="fr"):
        headline_sentences(problem, made, "fr")


def test_unfilled_seats_of_patrols_and_posts_lower_the_fill_rate() -> None:
    """Two patrols of two seats, three filled; two turns of three at the post, four filled."""
    problem = plan()
    lines = ("08-01 town day P1 C1", "08-03 town day P1")
    assert headline(problem, roster(problem, *lines))["fill_rate"] == 0.75
    days = (problem.date(0), problem.date(1))
    problem = plan(covers=(Cover(post="gate", at_least=3, shifts=("day",), dates=days),))
    made = roster(problem, *lines, "08-01 gate day P2 C2 C1", "08-02 gate day P1")
    assert headline(problem, made)["fill_rate"] == 0.7


def test_a_readable_table_has_names_for_ids_and_words_for_codes() -> None:
    problem, made = example()
    known = tables(problem, made)
    areas = readable(known["area_cadence"], problem, "zh-CN")
    assert list(areas["片区"]) == ["Old town (town)", "road", "合计"]
    assert list(areas["最长间隔起"]) == ["2010-08-04", "", "2010-08-04"]
    assert list(areas["间隔数"]) == [2, 0, 2]
    gaps = readable(known["intervals"], problem, "en")
    assert list(gaps["Between"])[:2] == ["Start and first patrol", "Two patrols"]
    assert gaps["Gaps too short"][0] == "no"
    fair = readable(known["duty_fairness"], problem, "en")
    assert fair["Loads, largest first"][0] == "3, 1"
    assert set(fair["Looked at"]) >= {"All duties", "Night duties (22:00 to 06:00)"}


def test_columns_keep_their_kind_when_values_are_missing() -> None:
    problem = plan()
    table = tables(problem, Roster())["area_cadence"]
    assert str(table["worst_gap"].dtype) == "Int64"
    assert str(table["compliance"].dtype) == "Float64"
    assert table["worst_gap_from"].dtype.kind == "M"
    assert isinstance(table, pd.DataFrame)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_and_column_has_its_texts(lang: str) -> None:
    problem, made = example()
    known = catalogue(lang)
    labels: dict[str, str] = {}
    every = tables(problem, made) | {
        "execution": execution(problem, made, made),
        "duty_changes": duty_changes(made, made),
        "change_summary": change_summary(made, made),
        "findings": findings(problem, made, ()),
    }
    for name, table in every.items():
        assert heading(name, lang)
        assert sentences(name, lang)
        for column in table.columns:
            labels[column] = known[f"statistics.columns.{column}"]
        headings = [labels[column] for column in table.columns]
        assert len(set(headings)) == len(headings), name
    columns = {k.split(".")[2] for k in known if k.startswith("statistics.columns.")}
    assert columns == set(labels)
    named = {k.split(".")[2] for k in known if k.startswith("statistics.tables.")}
    further = {"execution", "duty_changes", "change_summary", "solver", "findings"}
    assert named == {split_of(name)[0] for name in TABLES} | further


def test_a_split_table_is_called_by_what_it_splits_and_says_what_is_special() -> None:
    assert heading("labour_breaches_by_month", "zh-CN") == "工时限额（分月）"
    assert heading("labour_breaches_by_phase", "en") == "Limits of working time, by phase"
    assert sentences("staffing_by_phase", "en") == sentences("staffing", "en")
    whole, special = sentences("worst_off_by_month", "en")
    assert [whole] == sentences("worst_off", "en")
    assert special == "Only what is found on a date counts."


def test_both_languages_say_the_same_things() -> None:
    def places(lang: str) -> dict[str, set[str | None]]:
        return {
            key: {name for _, name, _, _ in string.Formatter().parse(value)}
            for key, value in catalogue(lang).items()
            if key.startswith("statistics.")
        }

    assert places("zh-CN").keys() == places("en").keys()
    for key, names in places("en").items():
        both = {name for name in names if name}, {n for n in places("zh-CN")[key] if n}
        # A language may leave out what the same sentence says twice, never name something else.
        assert both[0] == both[1], key


def test_the_manual_explains_every_table_and_column() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    problem, made = example()
    for name, table in tables(problem, made).items():
        assert f"`{name}`" in manual
        section = manual.split(f"`{name}`", 1)[1].split("\n## ", 1)[0]
        for column in table.columns:
            assert f"`{column}`" in section, (name, column)


def test_the_manual_says_where_each_statistic_is() -> None:
    problem, made = example()
    known = tables(problem, made) | {
        "execution": execution(problem, made, made),
        "change_summary": change_summary(made, made),
        "findings": findings(problem, made, ()),
    }
    section = (
        MANUAL.with_name("statistics-tests.md").read_text(encoding="utf-8").split("|---|\n")[1]
    )
    named = re.findall(r"`(\w+)\.(\w+)`", section)
    assert len(named) > 70
    for table, column in named:
        assert column in known[table].columns, (table, column)
    # Every table is found that way, but those that only tell how to read the others.
    told = {table for table, _ in named} | set(re.findall(r"`(\w+)`", section))
    whole = {n for n in TABLES if not n.endswith(("_by_phase", "_by_month"))}
    assert whole - told <= {"cadence_readings", "post_strength", "officer_duties", "officer_costs"}


def test_names_with_braces_are_only_names() -> None:
    problem = plan(
        areas=(Area(id="town", name="{lang}"),),
        phases=(Phase(id="routine", start=plan().start, end=plan().end, name="{0}"),),
    )
    made = patrolled(problem, "08-01", "08-03")
    assert any("{lang}, from" in s for s in headline_sentences(problem, made, "en"))
    assert text("statistics.values.total", "en") == "All"
