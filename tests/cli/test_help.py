"""The help pages, the language in which the command speaks, and its texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from patrol_scheduler import solver
from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.texts import LANGUAGES, catalogue

from .small_plan import in_new_process


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "排班并写出"), ("en", "Make a roster")])
def test_help_is_in_the_chosen_language(
    lang: str, word: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", lang)
    assert run(["--help"]) == 0
    assert word in capsys.readouterr().out


@pytest.mark.parametrize("command", ["init", "validate", "solve", "check", "stats"])
def test_every_command_has_help_in_both_languages(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in LANGUAGES:
        assert run([command, "--lang", lang, "--help"]) == 0
        assert catalogue(lang)[f"cli.help.{command}"][:20] in capsys.readouterr().out


def test_help_says_every_exit_status() -> None:
    for lang in LANGUAGES:
        said = catalogue(lang)["cli.help.exits"]
        assert [int(n) for n in re.findall(r"\d+", said)] == sorted(Exit)


def test_help_loads_no_library_that_it_does_not_need() -> None:
    code = (
        "import atexit, sys\n"
        "heavy = 'pydantic numpy pandas ortools highspy rich icalendar jinja2'.split()\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules], file=sys.stderr))"
    )
    ended = in_new_process("--help", code=code)
    assert ended.returncode == 0
    assert ended.stderr.decode().strip() == "[]"


def test_lang_on_the_command_line_wins_over_the_environment(
    plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "en")
    run(["validate", str(plan), "--lang", "zh-CN"])
    assert "方案有效" in capsys.readouterr().out
    run(["--lang", "zh-CN", "validate", str(plan)])
    assert "方案有效" in capsys.readouterr().out
    run(["validate", str(plan)])
    assert "The plan is valid" in capsys.readouterr().out


def test_an_unknown_language_in_the_environment_is_told(
    plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "en_US")
    assert run(["validate", str(plan)]) == Exit.INVALID
    assert "en_US" in capsys.readouterr().err


def test_every_reason_that_the_solver_gives_has_its_text() -> None:
    """Reasons are the words in the calls that make bounds and first rosters."""
    reasons = set()
    for module in Path(solver.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Bound", "First"):
                words = [ast.walk(part) for part in node.args]
                reasons |= {
                    word.value
                    for part in words
                    for word in part
                    if isinstance(word, ast.Constant) and isinstance(word.value, str)
                }
    assert {"complete", "time", "linear-relaxation"} <= reasons
    for lang in LANGUAGES:
        assert {f"result.{reason}" for reason in reasons} <= set(catalogue(lang))
