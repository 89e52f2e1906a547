from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.outputs.filenames import slug, slugs

IDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64)


@pytest.mark.parametrize("identifier", ["A1", "镇区东街", "CG-04", "a_b", "𠮷", "Ünï"])
def test_plain_ids_are_their_own_file_names(identifier: str) -> None:
    assert slug(identifier) == identifier


@pytest.mark.parametrize(
    "identifier",
    ["..", ".", "../../etc/passwd", "a/b", "a\\b", ".hidden", "CON", "nul", "com¹", "LPT9", "a:b",
     "-rf", "a b", "*", "😀", "A1.ics", "%2e%2e", "~"],
)  # fmt: skip
def test_ids_that_are_no_file_name_get_a_mark(identifier: str) -> None:
    name = slug(identifier)
    assert name != identifier
    assert not set(name) & set('./\\:*?"<>| ~%')
    assert not name.startswith(("-", "."))


@settings(deadline=None)
@given(IDS)
def test_a_file_name_is_short_and_safe(identifier: str) -> None:
    name = slug(identifier)
    assert 0 < len(name.encode()) <= 120
    assert all(char.isalnum() or char in "-_" for char in name)
    assert slug(identifier) == name


@settings(deadline=None)
@given(st.lists(IDS, max_size=8))
def test_two_ids_never_share_a_file_also_where_capitals_do_not_count(ids: list[str]) -> None:
    names = slugs(ids)
    assert set(names) == set(ids)
    assert len({name.casefold() for name in names.values()}) == len(set(ids))


def test_ids_that_differ_in_capitals_only_get_different_names() -> None:
    names = slugs(["a1", "A1"])
    assert names["A1"] == "A1"
    assert names["a1"].startswith("a1-")


def test_ids_of_one_stem_differ() -> None:
    assert slug("a/b") != slug("a:b") != slug("a-b")


@pytest.mark.parametrize("letter", ["𠮷", "é", "x"])
def test_long_ids_are_cut_between_letters_and_marked(letter: str) -> None:
    name = slug(letter * 200)
    assert set(name.partition("-")[0]) == {letter}
    assert len(name.encode()) <= 120
