"""What tests of commands do with files, and what commands said."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler import Roster, read_roster
from patrol_scheduler.cli import run
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.problem import Problem


def plan(folder: Path, name: str, problem: Problem) -> str:
    path = folder / f"{name}.json"
    path.write_text(problem_to_json(problem), encoding="utf-8")
    return str(path)


def roster_of(folder: Path) -> Roster:
    found = read_roster(folder / "roster.json").result.roster
    assert found is not None
    return found


def said(capsys: pytest.CaptureFixture[str], *words: object, lang: str = "en") -> tuple[int, str]:
    """The exit status of a command line and all that it said."""
    capsys.readouterr()
    status = run([*map(str, words), "--lang", lang])
    out, err = capsys.readouterr()
    return status, out + err
