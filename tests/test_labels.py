"""How names, numbers and what they count stand in a text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.texts import COUNTED, catalogue, text
from patrol_scheduler.texts.labels import label, plain


@pytest.mark.parametrize(
    ("number", "told"), [(3, "3"), (2.0, "2"), (2.5, "2.50"), (Fraction(4, 3), "1.33")]
)
def test_numbers_are_told_with_two_decimals_or_none(number: float, told: str) -> None:
    assert plain(number) == told


@pytest.mark.parametrize(
    ("identifier", "name", "told"),
    [
        ("P1", "甲", "甲（P1）"),
        ("P1", "", "P1"),
        ("甲", "甲", "甲"),
        (None, "甲", ""),
        ("P1", "甲 A", "甲 A（P1）"),
        ("P1", "Ａ", "Ａ（P1）"),
        ("P1", "line\nand\ttab ", "line and tab (P1)"),
    ],
)
def test_labels_hold_name_and_id_on_one_line(identifier: str | None, name: str, told: str) -> None:
    assert label(identifier, name) == told


def test_what_a_number_counts_is_singular_of_one_only() -> None:
    for needed, told in ((0, "0 drivers"), (1, "1 driver"), (2, "2 drivers"), (11, "11 drivers")):
        said = text(
            "rules.driver.broken", "en", date="d", shift="s", area="a", needed=needed, present=0
        )
        assert f"{told} needed" in said


def test_words_of_strangers_are_not_taken_for_what_is_counted() -> None:
    said = text(
        "rules.driver.broken", "en", date="", shift="", area="the {x} well(s)", needed=1, present=0
    )
    assert "the {x} well(s)" in said


def test_every_plural_stands_behind_its_number() -> None:
    for key, template in catalogue("en").items():
        assert "(s)" not in COUNTED.sub("", template), key
