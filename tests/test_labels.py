"""How names and numbers stand in a text."""

from __future__ import annotations

from fractions import Fraction

import pytest

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
