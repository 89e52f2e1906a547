"""What reading a plan does with sound plans, with many faults at once, and with odd values."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.formats import problem_to_json, read
from patrol_scheduler.formats.plan_document import problem_of
from patrol_scheduler.rules import FairShare, RestDays
from tests.formats.small_plan import PLAN, complaints, spoiled


def document(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(PLAN), **changes}


def found(content: object) -> list[tuple[str, str]]:
    """(place, what) of every fault of a decoded document."""
    return [(fault.place, fault.what) for fault in problem_of(content)[1]]


def test_a_sound_plan_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    problem = read(path)
    assert [officer.id for officer in problem.officers] == ["GA01", "CG01"]
    assert problem.officers[1].certificates[0].valid_to == dt.date(2011, 12, 31)
    assert problem.shifts[0].end == dt.time(10, 30)
    assert problem.teams[0].members == {"公安": 1, "城管": 1}
    assert problem.first == dt.date(2010, 8, 1)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text("\ufeff" + PLAN.replace("\n", "\r\n"), encoding="utf-8")
    problem = read(plan)
    copy = tmp_path / "plan.JSON"
    copy.write_text(problem_to_json(problem), encoding="utf-8-sig")
    assert read(copy) == problem


def test_rules_become_what_their_names_say() -> None:
    rules = [
        {"rule": "rest-days", "free": 2, "agencies": ["公安"]},
        {"rule": "fair-share", "price": 1.5, "on": False},
    ]
    problem, faults = problem_of(document(rules=rules))
    assert faults == ()
    assert problem is not None
    assert problem.rules == (RestDays(free=2, agencies=("公安",)), FairShare(price=1.5, on=False))


def test_all_faults_are_told_at_once_in_document_order(tmp_path: Path) -> None:
    content = spoiled(
        ('name = "示例"', 'name = "示例"\ntimezone = "Mars"'),
        ('agency = "公安"', 'agency = "交警"'),
        ("leader = true", "leader = 1\ncolour = 2"),
        ("valid_to = 2011-12-31", "valid_to = 2011-12-32"),
        ('end = "10:30"', 'end = "25:30"'),
        ("min_days = 2", "min_days = 4"),
        ('"公安" = 1', '"公安" = 7'),
        ("[[teams]]", '[[rules]]\nrule = "rest-days"\nfree = "1"\n\n[[teams]]'),
    )
    assert [line.split(": ")[0:2] for line in complaints(tmp_path, content, "en")] == [
        ["plan.toml:3", "timezone"],
        ["plan.toml:15", "officers[0].agency (GA01)"],
        ["plan.toml:16", "officers[0].leader (GA01)"],
        ["plan.toml:17", "officers[0].colour (GA01)"],
        ["plan.toml:23", "officers[1].certificates[0].valid_to (CG01)"],
        ["plan.toml:28", "shifts[0].end (早班)"],
        ["plan.toml:44", "cadences[0].min_days"],
        ["plan.toml:49", "rules[0].free (rest-days)"],
        ["plan.toml:52", "teams[0].members.公安"],
    ]


def test_a_missing_key_does_not_hide_faults_elsewhere() -> None:
    content = document(cadences=[{"min_days": 3, "max_days": 2}], requests=[{"officer": "GA02"}])
    assert found(content) == [
        ("cadences[0].min_days", "gap-upside-down"),
        ("requests[0].start (GA02)", "missing"),
        ("requests[0].end (GA02)", "missing"),
        ("requests[0].want (GA02)", "missing"),
        ("requests[0].officer", "unknown-officer"),
    ]


def test_a_broken_list_is_not_blamed_on_those_who_refer_to_it() -> None:
    content = document()
    content["agencys"] = content.pop("agencies")
    assert found(content) == [("agencys", "unknown-key"), ("agencies", "missing")]
    content = document(agencies=[{"ident": "公安"}, {"id": "城管"}])
    assert found(content) == [
        ("agencies[0].id", "missing"),
        ("agencies[0].ident", "unknown-key"),
    ]
    # Whether the certificates suffice cannot be told while some are misspelt.
    content = document()
    content["officers"][1]["certificate"] = content["officers"][1].pop("certificates")
    assert found(content) == [("officers[1].certificate (CG01)", "unknown-key")]


def test_what_can_be_read_of_an_entry_still_counts() -> None:
    """A broken name or leave leaves the officer, so that the team of seven is still too large."""
    teams = [{"members": {"公安": 7, "城管": 1}}]
    for spoilt in ({"name": 5}, {"leave": [{"start": "2010-08-02"}]}):
        content = document(teams=teams)
        content["officers"][0] |= spoilt
        assert [what for _, what in found(content)] in (
            ["not-a-text", "team-above-members"],
            ["missing", "team-above-members"],
        )
    # Without its agency or as no table at all, nobody can tell how many officers there are.
    content = document(teams=teams)
    del content["officers"][0]["agency"]
    assert found(content) == [("officers[0].agency (GA01)", "missing")]
    content["officers"][0] = "GA01"
    assert found(content) == [("officers[0]", "not-a-table")]


def test_a_list_that_is_none_is_blamed_alone() -> None:
    assert found(document(agencies="公安")) == [("agencies", "not-tables")]
    assert found(document(phases=3)) == [("phases", "not-tables")]


def test_a_broken_rule_does_not_shift_the_places_of_others() -> None:
    rules = [{"rule": "x"}, {"rule": "rest-days", "free": 3, "days": 2, "officers": ["GA02"]}]
    assert found(document(rules=rules)) == [
        ("rules[0].rule", "unknown-rule"),
        ("rules[1].officers[0] (rest-days)", "unknown-officer"),
    ]


def test_a_plan_of_another_version_is_not_picked_apart() -> None:
    assert found({"format": "patrol-scheduler plan 2", "x": 1}) == [("format", "format-other")]
    assert found({"format": "patrol-scheduler roster 1"}) == [("format", "format-other")]
    wrong = document(format="plan", colour=1)
    assert found(wrong) == [("format", "format-unknown"), ("colour", "unknown-key")]


@pytest.mark.parametrize("content", [None, 1, "text", [], [{}], True])
def test_what_is_no_table_is_no_plan(content: object) -> None:
    assert found(content) == [("", "not-a-plan")]


def test_an_empty_plan_lacks_every_required_key() -> None:
    missing = ["name", "start", "end", "agencies", "officers", "shifts", "phases"]
    assert found({}) == [("format", "format-missing"), *((name, "missing") for name in missing)]


ODD: list[tuple[str, Any, str, str]] = [
    ("name", 5, "name", "not-a-text"),
    ("name", "a\x00b", "name", "unprintable"),
    ("name", "x" * 2001, "name", "too-long"),
    ("start", 20100801, "start", "not-a-date"),
    ("start", "8月1日", "start", "not-a-date"),
    ("start", "2010-02-30", "start", "impossible-date"),
    ("start", dt.datetime(2010, 8, 1, 7), "start", "date-with-time"),
    ("start", True, "start", "not-a-date"),
    ("calendar", "chinese", "calendar", "not-a-choice"),
    ("shifts_may_overlap", "yes", "shifts_may_overlap", "not-a-flag"),
    ("shifts_may_overlap", 1, "shifts_may_overlap", "not-a-flag"),
    ("agencies", {"id": "a"}, "agencies", "not-tables"),
    ("agencies", "公安", "agencies", "not-tables"),
    ("agencies", ["公安", {"id": "城管"}], "agencies[0]", "not-a-table"),
    ("areas", [{"id": ""}], "areas[0].id", "empty-text"),
    ("areas", [{"id": " 镇区"}], "areas[0].id", "padded"),
    ("areas", [{"id": "镇\n区"}], "areas[0].id", "padded"),
    ("areas", [{"id": "镇\u0007区"}], "areas[0].id", "unprintable"),
    ("areas", [{"id": "x" * 65}], "areas[0].id", "too-long"),
    ("areas", [{"id": "镇区", "targets": "x"}], "areas[0].targets (镇区)", "not-a-list"),
    ("areas", [{"id": "镇区", "last_patrol": "x"}], "areas[0].last_patrol (镇区)", "not-a-date"),
    ("cadences", [{"min_days": 2, "max_days": 0}], "cadences[0].max_days", "too-small"),
    ("cadences", [{"min_days": 2, "max_days": 2.5}], "cadences[0].max_days", "not-a-whole-number"),
    ("cadences", [{"min_days": 2, "max_days": True}], "cadences[0].max_days", "not-a-whole-number"),
    ("cadences", [{"min_days": 2, "max_days": 10**7}], "cadences[0].max_days", "too-large"),
    ("cadences", [{"min_days": -1, "max_days": 3}], "cadences[0].min_days", "negative"),
    ("teams", [{"members": []}], "teams[0].members", "not-a-table"),
    ("teams", [{"members": {"公安": "1"}}], "teams[0].members.公安", "text-for-number"),
    ("teams", [{"members": {"公安": 1, "": 1}}], 'teams[0].members.""', "empty-text"),
    ("covers", [{"post": "p", "price_below": "5"}], "covers[0].price_below (p)", "text-for-number"),
    ("covers", [{"post": "p", "price_below": -0.5}], "covers[0].price_below (p)", "negative"),
    ("covers", [{"post": "p", "price_below": 1e10}], "covers[0].price_below (p)", "too-large"),
    (
        "covers",
        [{"post": "p", "price_below": float("nan")}],
        "covers[0].price_below (p)",
        "not-a-number",
    ),
    ("covers", [{"post": "p", "dates": ["x"]}], "covers[0].dates[0] (p)", "not-a-date"),
    ("days", [{"date": "2010-08-02", "day_type": "rest"}], "days[0].day_type (2010-08-02)",
     "not-a-choice"),
    ("rules", {"rule": "leave"}, "rules", "not-tables"),
    ("rules", ["leave"], "rules[0]", "not-a-table"),
    ("rules", [{"on": False}], "rules[0].rule", "missing"),
    ("rules", [{"rule": 3}], "rules[0].rule", "unknown-rule"),
    ("rules", [{"rule": ["leave"]}], "rules[0].rule", "unknown-rule"),
    ("rules", [{"rule": "leave", "hours": 1}], "rules[0].hours (leave)", "unknown-key"),
    ("rules", [{"rule": "effort", "price": "1"}], "rules[0].price (effort)", "text-for-number"),
    ("rules", [{"rule": "effort", "level": "wish"}], "rules[0].level (effort)", "not-a-choice"),
    ("rules", [{"rule": "leave", "on": 0}], "rules[0].on (leave)", "not-a-flag"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "place", "what"), ODD)
def test_every_odd_value_is_named_in_its_place(key: str, value: Any, place: str, what: str) -> None:
    faults = problem_of(document(**{key: value}))[1]
    assert (place, what) in [(fault.place, fault.what) for fault in faults]
    for fault in faults:
        for lang in ("zh-CN", "en"):
            assert fault.say(lang)


@pytest.mark.parametrize("value", ["07:30:20", "7点半", 730, "07:30Z", dt.time(7, 30, 1), "24:01"])
def test_times_are_hours_and_minutes(value: object) -> None:
    shifts = [{"id": "早班", "start": value, "end": "10:30"}]
    assert found(document(shifts=shifts)) == [("shifts[0].start (早班)", "not-a-time")]


def test_midnight_ends_a_day() -> None:
    problem, _ = problem_of(document(shifts=[{"id": "夜班", "start": "20:00", "end": "24:00"}]))
    assert problem is not None
    assert problem.shifts[0].minutes == 240


def test_a_misspelt_choice_gets_the_nearest_one() -> None:
    (fault,) = problem_of(document(calendar="weekend"))[1]
    assert dict(fault.values)["nearest"] == "weekends"


def test_a_list_of_absurd_size_is_not_looked_through() -> None:
    assert found(document(areas=[{}] * 5001, colour=1)) == [("areas", "too-many")]


def test_faults_of_json_have_lines_too(tmp_path: Path) -> None:
    content = document()
    content["start"], content["end"] = "2010-08-01", "2010-08-31"
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    bad = text.replace('"agency": "城管"', '"agency": "城菅"')
    line = 1 + bad[: bad.index("城菅")].count("\n")
    (said,) = complaints(tmp_path, bad, "en", "plan.json")
    assert said.startswith(f"plan.json:{line}: officers[1].agency (CG01): ")


def test_an_unquoted_word_is_one_fault_and_hides_no_other(tmp_path: Path) -> None:
    content = spoiled(("leader = true", "leader = yes"), ('id = "镇区"', 'id = 镇区\nkind = "x"'))
    said = complaints(tmp_path, content, "en")
    assert [line.split(": ")[:2] for line in said] == [
        ["plan.toml:15", "officers[0].leader (GA01)"],
        ["plan.toml:34", "areas[0].id"],
        ["plan.toml:35", "areas[0].kind (镇区)"],
    ]


def test_faults_name_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.toml"
    path.write_text("x = 1", encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read(path)
    fault: Fault = caught.value.faults[0]
    assert fault.file == str(path)
    assert "\n" not in fault.say("en")
