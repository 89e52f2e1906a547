"""The search: its options, its statuses, its progress and how it is stopped."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler import Progress, Result, Roster
from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.progress import Bar, Lines
from patrol_scheduler.texts import catalogue

from .small_plan import COMPLETE, OVERDUE, answering, in_new_process, result


@pytest.mark.parametrize(
    ("status", "of", "code"),
    [
        ("optimal", COMPLETE, 0),
        ("feasible", COMPLETE, 0),
        ("short", OVERDUE, 1),
        ("impossible", None, 3),
        ("unknown", None, 4),
    ],
)
def test_the_status_of_a_result_is_the_status_of_the_process(
    status: str,
    of: Roster | None,
    code: int,
    plan: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, lambda **_: result(status, of))
    out = tmp_path / "out"
    assert run(["solve", str(plan), "--out", str(out), "--lang", "en"]) == code
    said = capsys.readouterr().out
    assert catalogue("en")[f"result.status.{status}"] in said
    assert (out / "roster.json").exists() == (of is not None)
    assert str(out) in said


def test_the_summary_tells_costs_counts_and_shortages(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, lambda **_: result("short", OVERDUE))
    run(["solve", str(plan), "--out", str(tmp_path / "out"), "--lang", "en"])
    said = capsys.readouterr().out
    assert re.search(r"Fairness +20 +19 +5\.00%", said)
    assert "Patrols: 1, duties: 1" in said
    assert "Short in 1 places" in said
    assert "(seed 7, workers 1)" in said


def test_quiet_says_nothing(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    assert (tmp_path / "out" / "roster.json").exists()


def test_options_reach_the_solver(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    options = ["--time-limit=2.5", "--gap=0", "--seed=3", "--workers=2", "--tolerance=0.1", "-q"]
    run(["solve", str(plan), "--out", str(tmp_path / "out"), *options])
    known = {k: v for k, v in calls[0].items() if k not in ("on_progress", "stop")}
    assert known == {"time_limit": 2.5, "gap": 0.0, "seed": 3, "workers": 2, "tolerance": 0.1}


@pytest.mark.parametrize(
    "option",
    [
        "--time-limit=0",
        "--time-limit=nan",
        "--time-limit=inf",
        "--gap=-0.1",
        "--gap=x",
        "--tolerance=-0.1",
        "--tolerance=1.5",
        "--seed=-1",
        "--workers=0",
        "--lang=fr",
        "--nonsense",
    ],
)
def test_bad_options_end_with_two_before_anything_is_done(
    option: str,
    plan: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), option]) == Exit.INVALID
    assert option.split("=")[0] in capsys.readouterr().err
    assert calls == []


def test_a_folder_with_other_files_is_refused_before_the_search(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("keep me")
    assert run(["solve", str(plan), "--out", str(out)]) == Exit.INVALID
    assert str(out) in capsys.readouterr().err
    assert (out / "letter.txt").read_text() == "keep me"
    assert calls == []


def test_a_folder_lost_during_the_search_is_told(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def answer(**_: Any) -> Result:
        out.write_text("somebody else was here first")
        return result("feasible", COMPLETE)

    answering(monkeypatch, answer)
    assert run(["solve", str(plan), "--out", str(out), "--lang", "en"]) == Exit.INVALID
    assert str(out) in capsys.readouterr().err


def test_the_first_interrupt_keeps_the_best_so_far(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(stop: Callable[[], bool], **_: Any) -> Result:
        os.kill(os.getpid(), signal.SIGINT)
        while not stop():
            pass
        return result("feasible", COMPLETE, "complete")

    answering(monkeypatch, answer)
    before = signal.getsignal(signal.SIGINT)
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert (tmp_path / "out" / "roster.json").exists()
    said = capsys.readouterr()
    assert catalogue("en")["cli.stopping"] in said.err
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_interrupt_aborts_and_writes_nothing(plan: Path, tmp_path: Path) -> None:
    code = """
import os, signal, patrol_scheduler.solver
def solve(problem, *, stop, **options):
    os.kill(os.getpid(), signal.SIGINT)
    while not stop():
        pass
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass
patrol_scheduler.solver.solve = solve
"""
    ended = in_new_process("solve", str(plan), "--out", str(tmp_path / "out"), code=code)
    assert ended.returncode == Exit.ABORTED
    assert not (tmp_path / "out").exists()
    assert "已中止" in ended.stderr.decode()


def test_a_fault_of_the_program_is_short_and_its_trace_is_for_those_who_ask(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(**_: Any) -> Result:
        raise RuntimeError("the solver fell over")

    answering(monkeypatch, answer)
    command = ["solve", str(plan), "--out", str(tmp_path / "out"), "-q"]
    assert run(command) == Exit.UNEXPECTED
    said = capsys.readouterr().err
    assert "the solver fell over" in said
    assert "Traceback" not in said
    assert run([*command, "--debug"]) == Exit.UNEXPECTED
    assert "Traceback" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# Progress


def test_without_a_terminal_a_stage_is_one_line_and_then_one_every_ten_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines("en")
    lines.show(0.0, None)
    for tenth in range(250):
        seconds = tenth / 10
        stage: Any = "roster" if seconds < 2 else "fairness"
        lines.show(seconds, Progress(seconds, stage, 120.0, 100.0, 1 / 6))
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == ["0 s", "2 s", "12 s", "22 s"]
    assert said[1] == "2 s: fairness, best 120, bound 100, gap 16.67%"


def test_on_a_terminal_a_bar_shows_seconds_stage_best_bound_and_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with Bar("en", 60) as bar:
        bar.show(0.1, None)
        bar.show(31.4, Progress(31.4, "wishes", 12.5, 10, 0.2))
    assert "31 s · wishes · best 12.5 · bound 10 · gap 20.00%" in screen.getvalue()
