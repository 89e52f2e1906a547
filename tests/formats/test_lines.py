"""Every key and entry is found on its line, and only real slips are read past."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.formats.lines import json_lines, mended, toml_lines
from tests.formats.small_plan import PLAN

DOCUMENT = """\
a = 1  # [b]
"c.d".e = '''
[[y]]
'''
f = [1,
  { x = 1, "公" = [2,
   3] },
]
[[g]]
id = "A # ="
[[g.h]]
n = 1
[[g]] # again
"id" = 'B'
[g.sub]
k = [
 [1],
 [2]]
[g.h]
"""


def test_the_lines_of_toml() -> None:
    lines = toml_lines(DOCUMENT)
    expected = {
        ("a",): 1,
        ("c.d", "e"): 2,
        ("f",): 5,
        ("f", 0): 5,
        ("f", 1, "x"): 6,
        ("f", 1, "公", 0): 6,
        ("f", 1, "公", 1): 7,
        ("g", 0): 9,
        ("g", 0, "id"): 10,
        ("g", 0, "h", 0, "n"): 12,
        ("g", 1): 13,
        ("g", 1, "id"): 14,
        ("g", 1, "sub"): 15,
        ("g", 1, "sub", "k", 1, 0): 18,
        ("g", 1, "h"): 19,
    }
    assert {path: lines.of(path) for path in expected} == expected
    assert lines.of(("g", 1, "missing", "deeper")) == 13
    assert lines.of(("nowhere",)) is None
    assert toml_lines("[a]\n[b]").of(("b",)) == 2


def test_the_lines_of_json() -> None:
    text = '{"a": [1,\n{"b": 2, "c,{": "]\\n"},\n [[]], 5],\n"d": {"e": null}}'
    lines = json_lines(text)
    assert {
        path: lines.of(path) for path in [("a", 0), ("a", 1, "c,{"), ("a", 2, 0), ("a", 3)]
    } == {
        ("a", 0): 1,
        ("a", 1, "c,{"): 2,
        ("a", 2, 0): 3,
        ("a", 3): 3,
    }
    assert lines.of(("d", "e")) == 4
    assert lines.repeated == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a decoded document."""
    found = [path]
    if isinstance(value, (dict, list)):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(inner, (*path, step))
    return found


@settings(max_examples=60)
@given(VALUES)
def test_every_place_of_json_has_a_line(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    lines = json_lines(text)
    assert set(places(value)) == set(lines.known)
    assert max(lines.known.values()) <= text.count("\n") + 1


def test_every_place_of_a_plan_has_a_line() -> None:
    lines = toml_lines(PLAN)
    for path in places(tomllib.loads(PLAN)):
        # A list of tables has no line of its own, each of its entries has.
        assert len(path) < 2 or path in lines.known, path


@pytest.mark.parametrize("document", [DOCUMENT, PLAN, "a = 1979-05-27 07:32:00\nb = inf\nc = 0x1F"])
def test_sound_toml_has_no_slips(document: str) -> None:
    assert mended(document) == (document, [])


@pytest.mark.parametrize(
    ("document", "expected", "slips"),
    [
        ("a = 2010-02-30", 'a = "2010-02-30"', [("2010-02-30", "impossible-date", ("a",))]),
        ("a = 2010.8.1", 'a = "2010.8.1"', [("2010.8.1", "impossible-date", ("a",))]),
        ("a = 25:30:00", 'a = "25:30:00"', [("25:30:00", "not-a-time", ("a",))]),
        ("a = 08:00 # c", 'a = "08:00" # c', [("08:00", "unquoted-time", ("a",))]),
        ("a = yes", 'a = "yes"', [("yes", "unquoted-text", ("a",))]),
        ("a = “公安”", 'a = "公安"', [("“公安”", "unquoted-text", ("a",))]),
        ("a = [x,\n 1, y]", 'a = ["x",\n 1, "y"]',
         [("x", "unquoted-text", ("a", 0)), ("y", "unquoted-text", ("a", 2))]),
        ("公安 = 1", '"公安" = 1', [("公安", "unquoted-key", ("公安",))]),
        ("a = { 公安 = 1, b = c }", 'a = { "公安" = 1, b = "c" }',
         [("公安", "unquoted-key", ("a", "公安")), ("c", "unquoted-text", ("a", "b"))]),
        ("[[g]]\na = x\n[[g]]\na = y", '[[g]]\na = "x"\n[[g]]\na = "y"',
         [("x", "unquoted-text", ("g", 0, "a")), ("y", "unquoted-text", ("g", 1, "a"))]),
        ("[公安]\na = 1", '["公安"]\na = 1', [("公安", "unquoted-key", ("公安",))]),
    ],
)  # fmt: skip
def test_slips_are_read_past(
    document: str, expected: str, slips: list[tuple[str, str, tuple[str | int, ...]]]
) -> None:
    text, found = mended(document)
    assert text == expected
    assert [(slip.word, slip.what, slip.path) for slip in found] == slips
    tomllib.loads(text)


@settings(max_examples=100)
@given(st.text(alphabet="a1公\"'[]{}=,.#\n -:\\", max_size=40))
def test_anything_can_be_looked_through(document: str) -> None:
    text, slips = mended(document)
    assert slips or text == document
    assert text.count("\n") == document.count("\n")
    toml_lines(document)
