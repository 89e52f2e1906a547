"""The tables of features, bad input and statistics name tests, rules and keys that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import BY_NAME

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
FEATURES, BAD_INPUT = DOCS / "features.md", DOCS / "bad-input.md"
STATISTICS = DOCS / "statistics-tests.md"


def rows(page: Path) -> list[list[str]]:
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return [row for row in cells if any(row[1:])]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


ROWS = [row for page in (FEATURES, BAD_INPUT, STATISTICS) for row in rows(page)]


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_row_has_tests_that_exist(row: list[str]) -> None:
    tests = named(row[-1])
    assert tests
    for name in tests:
        told = re.fullmatch(r"(.+)::(test_\w+)(?:\[(.+)\])?", name)
        assert told, name
        file, test, case = told.groups("")
        assert test in names_in(TESTS / file), name
        assert f'"{case}"' in (TESTS / file).read_text(encoding="utf-8") or not case, name


def test_every_rule_stands_in_the_table_and_no_other() -> None:
    assert {name for row in rows(FEATURES) for name in named(row[2])} == set(BY_NAME)


def test_every_key_of_the_table_is_one_of_a_plan() -> None:
    for row in rows(FEATURES):
        for name in named(row[1]):
            key, _, field = name.partition(".")
            assert key in Problem.model_fields
            record = Problem.model_fields[key].annotation
            assert not field or field in record.__args__[0].model_fields  # type: ignore[union-attr]
