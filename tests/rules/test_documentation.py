"""What people read about the rules is complete and true: docs/rules.md and the sentences."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from patrol_scheduler.rules import ALL, BY_NAME, Rule
from patrol_scheduler.rules.base import OfficerRule
from patrol_scheduler.texts import LANGUAGES, catalogue, text
from tests.test_examples import default, documented

from .test_pairs import EXAMPLES, samples
from .worked import roster

DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.md"


def name_of(kind: type[Rule]) -> str:
    name = kind.model_fields["rule"].default
    assert isinstance(name, str)
    return name


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_document_has_every_rule_in_the_order_of_the_list() -> None:
    assert list(sections()) == [name_of(kind) for kind in ALL]


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_every_parameter_is_documented_with_its_default(kind: type[Rule]) -> None:
    shown = documented(DOCUMENT, name_of(kind))
    told_once = {name: field.default for name, field in OfficerRule.model_fields.items()}
    fields = {
        name: field
        for name, field in kind.model_fields.items()
        if name != "rule" and (name not in told_once or field.default != told_once[name])
    }
    assert {key: cells[-1] for key, cells in shown.items()} == {
        name: default(field) for name, field in fields.items()
    }
    assert all(len(cells) == 4 and all(cells) for cells in shown.values())
    about = "- About: everybody, or only `officers`, `agencies` and `labour`.\n"
    assert (about in sections()[name_of(kind)]) == issubclass(kind, OfficerRule)


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_all_that_a_rule_says_of_itself_is_documented(kind: type[Rule]) -> None:
    _, *more = inspect.cleandoc(kind.__doc__ or "").replace("``", "`").split("\n\n")
    for paragraph in more:
        assert f"\n{paragraph}\n" in sections()[name_of(kind)]


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_what_an_unmentioned_rule_does_is_documented_as_a_plan_would_state_it(
    kind: type[Rule],
) -> None:
    [block] = re.findall(r"^```toml\n(.*?)^```$", sections()[name_of(kind)], re.DOTALL | re.M)
    stated = tuple(kind(**entry) for entry in tomllib.loads(block)["rules"])
    assert stated == kind.defaults()
    shown = kind.model_fields.keys() - {"on", "basis", "remarks", "officers", "agencies", "labour"}
    assert all(shown <= rule.model_fields_set for rule in stated)


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_level_and_sentence_are_documented(kind: type[Rule]) -> None:
    section = sections()[name_of(kind)]
    names = ", ".join(text(f"rules.{name_of(kind)}.name", lang) for lang in LANGUAGES)
    assert f"\n- Name: {names}\n" in section
    assert re.search(r"^- Level: \S", section, flags=re.MULTILINE)
    assert bool(re.search(r"^- Price: \S", section, re.MULTILINE)) == ("price" in kind.model_fields)
    assert re.search(r"^- Basis: \S", section, re.MULTILINE) or kind is ALL[0]
    for lang in LANGUAGES:
        assert f"\n{text(f'rules.{name_of(kind)}.sentence', lang)}\n" in section


def test_every_sentence_about_a_violation_is_said_in_a_worked_example() -> None:
    said = {
        f"rules.{violation.rule}.{violation.what}"
        for example in EXAMPLES
        for violation in example.rule.violations(
            example.problem, roster(example.problem, *example.lines)
        )
    }
    for lang in LANGUAGES:
        keys = {key for key in catalogue(lang) if key.startswith("rules.")}
        own = {f"rules.{name}.{what}" for name in BY_NAME for what in ("name", "sentence")}
        assert keys == said | own


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_violation_of_the_samples_can_be_told(lang: str) -> None:
    for problem, made in samples()[:20]:
        for kind in ALL:
            for rule in kind.defaults():
                for violation in rule.violations(problem, made):
                    told = rule.say(violation, problem, lang)
                    assert told
                    assert "{" not in told
                    assert "None" not in told
                    assert "\n" not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_a_name_of_its_own(lang: str) -> None:
    names = [text(f"rules.{name}.name", lang) for name in BY_NAME]
    assert len(set(names)) == len(names)
