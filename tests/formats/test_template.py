"""The plan that ``init`` writes reads without faults and shows every rule's defaults."""

from __future__ import annotations

import re
import tomllib
from typing import get_args, get_origin

import pytest

from patrol_scheduler.formats.plan_document import problem_of
from patrol_scheduler.formats.template import template
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Record
from patrol_scheduler.rules import ALL
from patrol_scheduler.solver import solve
from patrol_scheduler.statistics import patrol_strength
from patrol_scheduler.texts import LANGUAGES
from patrol_scheduler.validation import notices_of

COMMENTED = re.compile(r"^# ?(\[\[\w+\]\]|[a-z_]+ = .*|)$")
KEY = re.compile(r"^(?:# )?([a-z_]+) = ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_reads_without_faults(lang: str) -> None:
    problem, faults = problem_of(tomllib.loads(template(lang)))
    assert faults == ()
    assert problem is not None
    assert [notice.what for notice in notices_of(problem)] == ["reading-date-difference"]
    assert len(problem.agencies) == 3
    assert len(problem.areas) == len(problem.shifts) == 2
    assert all(re.search(r"\d\d$", officer.id) for officer in problem.officers)
    assert not any(officer.name for officer in problem.officers)


def everything(lang: str) -> str:
    """The template with every commented line put to use."""
    lines = template(lang).split("\n")
    return "\n".join(COMMENTED.sub(r"\1", line) for line in lines)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_is_shown_with_its_defaults(lang: str) -> None:
    problem, faults = problem_of(tomllib.loads(everything(lang)))
    assert faults == ()
    assert problem is not None
    assert problem.rules == tuple(rule for kind in ALL for rule in kind.defaults())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_parameter_of_every_rule_is_mentioned(lang: str) -> None:
    text = template(lang)
    for kind in ALL:
        for name in kind.model_fields:
            assert re.search(rf"\b{name}\b", text), (kind, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_a_plan_is_shown(lang: str) -> None:
    shown = tomllib.loads(everything(lang))
    assert set(shown) == {"format", *Problem.model_fields}
    for name, field in Problem.model_fields.items():
        if name == "rules" or get_origin(field.annotation) is not tuple:
            continue
        record = get_args(field.annotation)[0]
        if not (isinstance(record, type) and issubclass(record, Record)):
            continue
        keys = {key for entry in shown[name] for key in entry}
        missing = set(record.model_fields) - keys - {"remarks"}
        # Remarks may stand in every entry, which the head says once. A past duty or a pin is at an
        # area or at a post; its comment names the other.
        assert missing == ({"post"} if name in ("history", "pins") else set()), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_is_explained_where_it_first_stands(lang: str) -> None:
    seen: set[tuple[str, str]] = set()
    table, before = "", ""
    for line in template(lang).split("\n"):
        header = re.match(r"^(?:# )?\[\[(\w+)\]\]", line)
        if header:
            table = header.group(1)
        key = KEY.match(line)
        if key and table != "rules" and (table, key.group(1)) not in seen:
            seen.add((table, key.group(1)))
            assert before.startswith("# "), line
            assert not KEY.match(before), line
        before = line


def test_both_languages_hold_the_same_plan() -> None:
    one, other = (tomllib.loads(template(lang)) for lang in LANGUAGES)
    assert list(one) == list(other)
    for key, value in one.items():
        if isinstance(value, list):
            assert [list(entry) for entry in value] == [list(entry) for entry in other[key]]
        elif key not in ("name", "issuer"):
            assert value == other[key]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh-CN, en"):
        template("fr")


def test_the_template_has_a_complete_roster_of_lawful_patrols() -> None:
    problem, _ = problem_of(tomllib.loads(template("zh-CN")))
    assert problem is not None
    result = solve(problem, time_limit=60, gap=1, seed=0, workers=1)
    assert result.complete
    assert result.roster is not None
    strength = patrol_strength(problem, result.roster)
    assert set(strength["composition_rate"]) == {1.0}
    assert set(strength["certificate_rate"]) == {1.0}
