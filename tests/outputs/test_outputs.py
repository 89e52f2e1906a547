from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from patrol_scheduler.formats.roster_json import read_roster
from patrol_scheduler.outputs import OutputError, render, write
from patrol_scheduler.outputs.folder import MARKER
from patrol_scheduler.outputs.statistics_json import statistics_json
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics import document
from patrol_scheduler.texts import LANGUAGES
from tests.outputs import sample
from tests.strategies import random_problem, random_roster, without_clashes

TOP = {
    "roster.json",
    "plan.json",
    "assignments.csv",
    "patrols.csv",
    "owed-rests.csv",
    "statistics.json",
    "monthly-notice.txt",
    "roster.xlsx",
    "patrol-records.xlsx",
    "report.html",
    "duty-sheet.html",
}


def test_every_output_is_written(problem: Problem, result: Result, tmp_path: Path) -> None:
    paths = write(problem, result, tmp_path / "out")
    assert {path for path in paths if "/" not in path} == TOP
    assert "calendars/all.ics" in paths
    found = {
        path.relative_to(tmp_path / "out").as_posix()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert found == {*paths, MARKER}


def test_the_roster_reads_back(problem: Problem, result: Result, tmp_path: Path) -> None:
    write(problem, result, tmp_path / "out")
    document = read_roster(tmp_path / "out" / "roster.json", problem)
    assert document.result == result
    assert document.made_from(problem)


def test_only_the_tables_for_people_have_a_byte_order_mark(
    problem: Problem, result: Result
) -> None:
    files = render(problem, result)
    marked = {path for path, content in files.items() if content.startswith(b"\xef\xbb\xbf")}
    assert marked == {"patrols.csv", "monthly-notice.txt", "calendars/index.csv"}


def test_the_same_result_gives_the_same_bytes_in_another_process() -> None:
    """Another hash seed, time zone, locale and working folder change nothing."""
    program = (
        "import hashlib; from patrol_scheduler.outputs import render; "
        "from tests.outputs import sample; "
        "files = [render(sample.problem(), sample.result(), lang) for lang in ('zh-CN', 'en')]; "
        "print(hashlib.sha256(repr(files).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]

    def digest(**environment: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": str(root), **environment},
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    first = digest(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    assert first == digest(PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")


def test_no_output_names_this_machine(problem: Problem, result: Result) -> None:
    everything = b"\n".join(render(problem, result).values()).decode(errors="replace")
    for trace in (str(Path.cwd()), str(Path.home()) + "/", sys.prefix, f"@{socket.gethostname()}"):
        assert trace not in everything


def test_without_a_roster_nothing_is_written(problem: Problem, tmp_path: Path) -> None:
    impossible = sample.result().model_copy(update={"roster": None, "status": "impossible"})
    with pytest.raises(ValueError, match="impossible"):
        write(problem, impossible, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_somebody_else_is_refused(
    problem: Problem, result: Result, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not written by this program"):
        write(problem, result, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_statistics_are_the_documents_of_the_statistics(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    text = statistics_json(document(problem, result.roster))
    assert json.loads(text)["format"] == "patrol-scheduler statistics 1"
    assert text.endswith("}\n")
    assert "NaN" not in text
    assert "示例镇" in text


@pytest.mark.parametrize("seed", range(12))
def test_every_roster_of_every_plan_can_be_written(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    problem = without_clashes(random_problem(rng))
    for roster in (random_roster(rng, problem), Roster(patrols=())):
        result = Result(
            status="short", roster=roster, levels=(), reason="time", seed=seed, workers=1
        )
        files = render(problem, result, LANGUAGES[seed % len(LANGUAGES)])
        assert all(files.values())
