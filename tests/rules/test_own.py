"""Which rules from outside the package a plan may state, and what is said of those it may not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    BY_NAME,
    CadenceRule,
    Columns,
    Level,
    Limit,
    OwnRuleError,
    Rule,
    Texts,
    Violation,
)
from patrol_scheduler.rules.own import RuleRegistry, name_of


class Never(Rule):
    """Nobody is ever on duty."""

    rule: Literal["never"] = "never"
    texts: ClassVar[Texts] = {
        "zh-CN": {"sentence": "谁都不出勤。", "on": "{officer}出勤。"},
        "en": {"sentence": "Nobody is ever on duty.", "on": "{officer} is on duty."},
    }

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in problem.officers:
            for day in range(len(problem.dates)):
                for _, column in columns.turns(officer.id, day):
                    yield Limit([(column, 1)], at_most=0)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        one = Fraction(1)
        for duty in roster.duties:
            yield Violation(self.rule, "on", Level.MUST, one, one, duty.date, duty.officer)


class Other(Never):
    """Another class with the same name."""


class Nameless(Never):
    rule: str = "No Name"  # type: ignore[assignment]  # a name of its own


class Numbered(Never):
    rule: int = 7  # type: ignore[assignment]  # a name of its own


class Speechless(Never):
    rule: Literal["speechless"] = "speechless"  # type: ignore[assignment]  # a name of its own
    texts: ClassVar[Texts] = {"en": {"sentence": "Nothing."}}


class Usurper(Never):
    rule: Literal["cadence"] = "cadence"  # type: ignore[assignment]  # a name of its own


class Unfinished(Rule):
    rule: Literal["unfinished"] = "unfinished"


def registry() -> RuleRegistry:
    """The rules of the package and none from outside."""
    return RuleRegistry(BY_NAME)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Nameless, "Nameless: give rule a default such as 'meeting-day'"),
        (Numbered, "Numbered: give rule a default such as 'meeting-day'"),
        (Speechless, "Speechless: texts has no 'sentence' in zh-CN"),
        (Usurper, "Usurper: another rule has the name 'cadence'"),
        (Unfinished, "Unfinished does not define limits, violations"),
        (str, "<class 'str'> is no subclass of patrol_scheduler.Rule"),
        ("never", "'never' is no subclass of patrol_scheduler.Rule"),
    ],
)
def test_what_is_no_whole_rule_is_refused(kind: Any, said: str) -> None:
    rules = registry()
    with pytest.raises(OwnRuleError, match=f"^{re.escape(said)}$"):
        rules.register(kind)
    assert dict(rules) == BY_NAME


def test_a_registered_rule_is_known_by_its_name_after_those_of_the_package() -> None:
    rules = registry()
    assert "never" not in rules
    assert len(rules) == len(BY_NAME)
    assert rules.register(Never) is Never
    assert rules["never"] is Never
    assert "never" in rules
    assert rules["cadence"] is CadenceRule
    assert list(rules) == [*BY_NAME, "never"]
    assert len(rules) == len(BY_NAME) + 1


def test_a_rule_is_registered_once_or_twice_but_two_of_one_name_are_not() -> None:
    rules = registry()
    rules.register(Never)
    rules.register(Never)
    with pytest.raises(OwnRuleError, match="Other: another rule has the name 'never'"):
        rules.register(Other)
    rules.forget(Never)
    rules.forget(Never)
    assert "never" not in rules
    rules.register(Other)
    assert rules["never"] is Other


def test_a_rule_of_the_package_needs_no_texts_of_its_own() -> None:
    assert name_of(CadenceRule) == "cadence"
    assert registry().register(CadenceRule) is CadenceRule


def test_a_class_handed_over_in_python_is_taken_unless_its_name_is_another_one_s() -> None:
    rules = registry()
    assert rules.has(CadenceRule())
    assert rules.has(Never()), "a whole rule of a new name"
    assert not rules.has(Usurper())
    assert not rules.has("cadence")
    rules.register(Never)
    assert rules.has(Never())
    assert not rules.has(Other())


Install = Callable[..., RuleRegistry]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts distributions with rules of the given entry points where Python finds them."""
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = set(sys.modules)

    def install(*entries: str, code: str = "") -> RuleRegistry:
        for number, entry in enumerate(entries):
            info = tmp_path / f"own_{number}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: own-{number}\nVersion: 1\n"
            )
            (info / "entry_points.txt").write_text(f"[patrol_scheduler.rules]\n{entry}\n")
        (tmp_path / "rules_installed.py").write_text(
            f"from tests.rules.test_own import Never, Other, Usurper\n{code}"
        )
        return registry()

    yield install
    for name in set(sys.modules) - loaded:
        del sys.modules[name]


def test_an_installed_rule_is_loaded_only_when_it_is_looked_up(install: Install) -> None:
    rules = install("never = rules_installed:Never")
    assert "never" in rules
    assert list(rules) == [*BY_NAME, "never"]
    assert rules["cadence"] is CadenceRule
    assert "rules_installed" not in sys.modules
    assert rules["never"] is Never
    assert "rules_installed" in sys.modules
    assert rules.has(Never())
    assert not rules.has(Other())


def test_names_from_outside_follow_in_the_order_of_the_alphabet(install: Install) -> None:
    rules = install("seldom = rules_installed:Seldom", "always = rules_installed:Always")
    rules.register(Never)
    assert list(rules) == [*BY_NAME, "always", "never", "seldom"]
    with pytest.raises(KeyError):
        rules["ever"]


def test_of_two_installed_rules_of_one_name_the_first_by_its_place_is_taken(
    install: Install,
) -> None:
    rules = install("never = rules_installed:Other", "never = rules_installed:Never")
    assert rules["never"] is Never


def test_nothing_installed_takes_the_place_of_a_rule_of_the_package(install: Install) -> None:
    rules = install("cadence = rules_installed:Usurper")
    assert list(rules) == list(BY_NAME)
    assert rules["cadence"] is CadenceRule
    assert "rules_installed" not in sys.modules


@pytest.mark.parametrize(
    ("entry", "code", "said"),
    [
        (
            "ever = rules_installed:Never",
            "",
            "rules_installed:Never is named 'never', its entry point 'ever'",
        ),
        (
            "never = rules_installed:Never",
            "1 / 0",
            "rules_installed:Never: ZeroDivisionError: division by zero",
        ),
        ("never = rules_installed:re", "import re", "<module 're' "),
    ],
)
def test_what_is_installed_amiss_is_told_as_such(
    install: Install, entry: str, code: str, said: str
) -> None:
    rules = install(entry, code=code)
    with pytest.raises(OwnRuleError, match=f"^{re.escape(said)}"):
        rules[entry.split(" ")[0]]


def test_a_rule_installed_amiss_does_not_keep_those_of_the_package_from_being_used(
    install: Install,
) -> None:
    rules = install("never = rules_installed:Other", code="1 / 0")
    assert not rules.has(Never())
    assert rules.has(CadenceRule())


def test_a_rule_without_a_name_for_people_goes_by_its_code() -> None:
    assert Never().title("en") == "never"
    assert CadenceRule().title("zh-CN") == "巡逻间隔"
