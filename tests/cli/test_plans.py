"""The commands that begin and look through a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.texts import LANGUAGES

from .small_plan import PLAN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_init_writes_a_plan_that_is_valid(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.toml"
    assert run(["init", str(path), "--lang", lang]) == 0
    assert str(path) in capsys.readouterr().out
    assert run(["validate", str(path), "--lang", lang]) == 0


def test_init_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("mine")
    assert run(["init", str(path)]) == Exit.INVALID
    assert path.read_text() == "mine"
    assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words", [("plan.docx",), ("plan.csv",), ("plan.xlsx", "--format", "toml")]
)
def test_init_writes_nothing_under_an_ending_of_something_else(
    words: tuple[str, ...], lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *form = words
    assert run(["init", str(tmp_path / name), *form, "--lang", lang]) == Exit.INVALID
    assert list(tmp_path.iterdir()) == []
    told = capsys.readouterr().err
    assert all(part in told for part in (name, ".toml", ".json", ".xlsx"))


def test_init_says_why_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "missing" / "plan.toml"), "--lang", "en"]) == Exit.INVALID
    assert "there is no such folder" in capsys.readouterr().err


def test_validate_tells_what_is_in_the_plan_and_what_is_odd(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(plan), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "officers: 2" in said.out
    assert "2010-08-07" in said.out
    assert said.err == ""


@pytest.mark.parametrize("command", [["validate"], ["solve", "--out", "out"]])
def test_all_faults_are_told_at_once_on_standard_error(
    command: list[str],
    plan: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(plan.parent)
    plan.write_text(PLAN.replace('id = "甲"', 'id = "乙"').replace("min_days = 2", "min_days = -2"))
    assert run([*command, str(plan), "--lang", "en"]) == Exit.INVALID
    said = capsys.readouterr()
    assert said.out == ""
    assert "min_days" in said.err
    assert "officers[1]" in said.err
    assert not (plan.parent / "out").exists()


def test_of_many_faults_two_hundred_are_told_and_the_rest_counted(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    requests = "\n".join(
        f'[[requests]]\nofficer = "x{n}"\nstart = 2010-08-02\nend = 2010-08-02\nwant = "on"'
        for n in range(205)
    )
    plan.write_text(PLAN + requests)
    assert run(["validate", str(plan), "--lang", "en"]) == Exit.INVALID
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 202
    assert lines[-1] == "... and 5 more."


def test_a_plan_that_does_not_exist_is_invalid_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(tmp_path / "none.toml")]) == Exit.INVALID
    assert "none.toml" in capsys.readouterr().err
