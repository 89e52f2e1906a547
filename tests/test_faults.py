from __future__ import annotations

import datetime as dt
import errno
import os
import pickle
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.faults import (
    Fault,
    InvalidInputError,
    Notice,
    Speller,
    SystemReason,
    Word,
    listed,
    neutral,
    place_of,
    shown,
)

AGENCY = Fault(
    "plan.toml",
    "officers[3].agency (CG04)",
    12,
    "城菅",
    "unknown-agency",
    (("nearest", "城管"),),
    ("officers", 3, "agency"),
)


def test_a_fault_is_one_line_with_file_place_value_and_nearest_spelling() -> None:
    assert AGENCY.say("en") == (
        'plan.toml:12: officers[3].agency (CG04): no agency has the id "城菅", the id of an agency '
        'of this plan is expected. Correct it or add the agency. Did you mean "城管"?'
    )
    assert AGENCY.say("zh-CN") == (
        'plan.toml:12: officers[3].agency (CG04): 没有编号为 "城菅" 的部门，应为本方案中某个部门的'
        '编号。请改正，或补上该部门。最接近的写法是 "城管"，是否应为它？'
    )


def test_what_is_not_known_is_left_out() -> None:
    fault = Fault("", "", None, None, "no-shift", (("nearest", None),))
    assert fault.say("en") == "the plan has no shift, at least one is expected. Add [[shifts]]."


def test_a_reason_of_the_system_is_told_in_the_language() -> None:
    full = SystemReason.of(OSError(errno.ENOSPC, "No space left on device"))
    assert (full.say("zh-CN"), full.say("en")) == ("磁盘已满", "the disk is full")
    unreadable = Fault("plan.toml", "", None, full, "file-unreadable")
    assert "磁盘已满" in unreadable.say("zh-CN")


def test_a_reason_without_a_text_is_told_in_the_systems_words() -> None:
    assert SystemReason.of(OSError(errno.EXDEV, "")).say("zh-CN") == os.strerror(errno.EXDEV)
    assert SystemReason.of(OSError("odd\x1b")).say("en") == "odd\\u001B"


def test_a_text_of_another_section_is_named_in_full() -> None:
    notice = Notice(
        "", "issued", None, dt.date(2010, 5, 10), "notices.issued-late", (("first", 1),)
    )
    assert notice.say("en").startswith("issued: the plan is issued on 2010-05-10")


def test_an_error_says_all_its_faults_and_survives_a_process_border() -> None:
    error = InvalidInputError([AGENCY, Fault("a.csv", "", None, None, "file-empty")])
    assert str(error) == error.say("en")
    assert error.say("zh-CN").count("\n") == 1
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert again.faults == error.faults
    assert str(again) == str(error)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (3, "3"),
        (2.5, "2.5"),
        (dt.date(2010, 8, 1), "2010-08-01"),
        (dt.time(8, 5), "08:05"),
        (dt.datetime(2010, 8, 1, 8), "2010-08-01 08:00:00"),
        ("公安", '"公安"'),
        ("a\nb\u202e\x1b[31m", '"a\\nb\\u202E\\u001B[31m"'),
        ("全\u3000角", '"全\\u3000角"'),
        (Word("officers[1]"), "officers[1]"),
        ([1, "a", 3], '[1, "a", 3]'),
        ([1, 2, 3, 4], "[1, 2, 3, …]"),
        ({"a": 1, "b": 2, "c": 3}, "{a = 1, b = 2, c = 3}"),
        ({"id": "a"}, '{id = "a"}'),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, "{a = 1, b = 2, c = 3, …}"),
    ],
)
def test_values_are_shown_plainly(value: object, expected: str) -> None:
    assert shown(value) == expected


@given(st.text(max_size=200))
def test_a_shown_text_is_short_and_wholly_visible(value: str) -> None:
    line = shown(value)
    assert len(line) <= 62
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in line}


def test_long_values_are_shortened() -> None:
    assert shown("x" * 61) == '"' + "x" * 59 + '…"'
    assert shown("x" * 60) == '"' + "x" * 60 + '"'
    assert listed(["a", "b", "c"], 2) == '"a", "b", …'


def test_places_count_from_0_and_quote_what_is_not_plain() -> None:
    assert place_of(("officers", 0, "id"), "A") == "officers[0].id (A)"
    assert place_of(("teams", 2, "members", "公安")) == "teams[2].members.公安"
    assert place_of(("a b", 1)) == '"a b"[1]'
    assert place_of(("areas", 1), "x\x1b") == "areas[1] (x\\u001B)"


@pytest.mark.parametrize(
    ("found", "words", "expected"),
    [
        ("城菅", ["公安", "交警", "城管"], "城管"),
        ("GA 1", ["GA11", "GA01"], "GA01"),
        ("ｃｇ０４", ["CG14", "CG04"], "CG04"),
        ("leadr", ["driver", "leader", "leave"], "leader"),
        ("xyz", ["abc", "公安"], None),
        ("", ["a"], None),
        (7, ["7"], None),
        ("ab", [], None),
    ],
)
def test_the_nearest_spelling(found: object, words: list[str], expected: str | None) -> None:
    assert Speller().nearest(found, words) == expected


def test_of_equally_near_spellings_the_first_is_named() -> None:
    assert Speller().nearest("A3", ["A1", "A2"]) == "A1"


def test_looking_for_spellings_ends() -> None:
    speller = Speller(comparisons=4)
    assert speller.nearest("aab", ["aaa", "bbb"]) == "aaa"
    assert speller.nearest("aab", ["aaa", "bbb"]) == "aaa"
    assert speller.nearest("aab", ["aaa", "bbb"]) is None


@settings(max_examples=50)
@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_a_known_word_is_nearest_to_itself(word: str, words: list[str]) -> None:
    if neutral(word) and any(char.isalnum() for char in word):
        found = Speller().nearest(word, [*words, word])
        assert found is not None


def test_the_nearest_of_what_has_ids_and_names_is_told_by_its_id() -> None:
    names = {"GA1": "张建国", "GA2": "李卫东", "GA3": "", "GA4": "GA1", "GA5": "李卫东"}
    told = Speller().nearest_named
    assert told("李卫冬", names) == "李卫东（GA2）"
    assert told("ga-1", names) == "GA1"
    assert told("GA03", names) == "GA3"
    assert told("王磊", names) is None
