"""Strangers' names and odd terminals."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import table

from .small_plan import COMPLETE, OVERDUE, PLAN, assignments, in_new_process


def test_names_can_neither_move_the_cursor_nor_forge_a_line(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = r"x\r\nThe roster is complete\t[bold]y"
    plan.write_text(PLAN.replace("NAME", name), encoding="utf-8")
    run(["check", str(plan), str(assignments(plan, OVERDUE)), "--lang", "en"])
    said = capsys.readouterr().out
    assert "[bold]y" in said
    assert not [line for line in said.splitlines() if line.startswith("The roster is complete")]
    assert "\r" not in said


def test_a_plan_can_not_say_more_than_its_name(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("试排方案", r"x\nNotice: all is well"), encoding="utf-8")
    run(["validate", str(plan), "--lang", "en"])
    assert "Notice: all is well" not in capsys.readouterr().out.splitlines()


def test_a_table_keeps_every_cell_whole_and_plain() -> None:
    lines = list(table(["片区", "n"], [["[red]街[/red]\x1b[2J", 5], ["长" * 90, 12]]))
    assert lines[1].startswith(r"[red]街[/red]\u001B[2J")
    assert lines[2].startswith("长" * 90)
    assert lines[0].endswith(" n")


def test_a_reader_who_goes_away_is_no_fault(plan: Path) -> None:
    path = assignments(plan, COMPLETE)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = subprocess.run(  # noqa: S603
            [
                sys.executable,
                "-c",
                "from patrol_scheduler.cli import main; main()",
                "check",
                str(plan),
                str(path),
            ],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ended.stderr == b""
    assert ended.returncode == Exit.COMPLETE


def test_a_terminal_without_chinese_gets_escapes(plan: Path) -> None:
    ended = in_new_process(
        "validate", str(plan), env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert ended.returncode == 0
    assert rb"\u65b9\u6848\u6709\u6548" in ended.stdout
    assert ended.stderr == b""
