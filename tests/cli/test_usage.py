"""What is said about wrong options and on help pages, in the chosen language throughout."""

import re

import pytest

from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.texts import LANGUAGES, catalogue

CLICKS_OWN = re.compile(
    r"Usage|Options|Commands|OPTIONS|COMMAND|ARGS|default|required|Error|Invalid|Missing|"
    r"No such|Got|requires|\bvalid\b|Did you mean"
)

WRONG = {
    "missing-option": ["solve", "plan.toml"],
    "missing-argument": ["solve", "--out", "x"],
    "missing-command": ["--lang", "zh-CN"],
    "unknown-option": ["solve", "plan.toml", "--out", "x", "--sed", "3"],
    "unknown-command": ["solv"],
    "needs-value": ["solve", "plan.toml", "--out"],
    "takes-no-value": ["solve", "plan.toml", "--out", "x", "--quiet=3"],
    "too-many": ["solve", "plan.toml", "another", "--out", "x"],
    "not-a-number": ["solve", "plan.toml", "--out", "x", "--gap", "half"],
    "not-whole": ["solve", "plan.toml", "--out", "x", "--seed", "1.5"],
    "not-finite": ["solve", "plan.toml", "--out", "x", "--time-limit", "inf"],
    "out-of-range": ["solve", "plan.toml", "--out", "x", "--gap", "-1"],
    "no-choice": ["solve", "plan.toml", "--out", "x", "--lang", "fr"],
}


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "zh-CN")


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_option_is_told_in_chinese(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(WRONG[what]) == Exit.INVALID
    said = capsys.readouterr().err
    sentence = catalogue("zh-CN")[f"cli.usage.{what}"]
    assert sentence.split("{")[0] in said
    assert not CLICKS_OWN.search(said)


def test_a_wrong_option_is_told_in_english_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "en")
    assert run(["solve", "plan.toml", "--out", "x", "--gap", "half"]) == Exit.INVALID
    said = capsys.readouterr().err
    assert said.startswith("Usage: patrol-scheduler solve [OPTIONS] PLAN\n\nError: ")
    assert '--gap: "half" is not a number' in said


def test_a_slip_in_a_word_gets_the_nearest_right_spelling(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(WRONG["unknown-option"])
    assert "--sed。" in (said := capsys.readouterr().err)
    assert "--seed" in said


@pytest.mark.parametrize("command", [[], ["init"], ["validate"], ["solve"], ["check"], ["stats"]])
def test_help_pages_are_chinese_throughout(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("用法：patrol-scheduler")
    assert not CLICKS_OWN.search(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_anything_to_do_the_help_page_is_shown(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", lang)
    assert run([]) == 0
    shown = capsys.readouterr().out
    assert run(["--help"]) == 0
    assert capsys.readouterr().out == shown
    assert catalogue(lang)["cli.help.solve-short"] in shown


def test_a_wrong_language_in_the_environment_is_told_by_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "fr")
    assert run(["init"]) == 2
    told = capsys.readouterr().err
    assert "PATROL_SCHEDULER_LANG" in told
    assert "--lang" not in told
