"""Rules from outside the package are read, solved, checked, explained and counted like the rest."""

from __future__ import annotations

import datetime as dt
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from patrol_scheduler import InvalidInputError, check, explain, read, rules, solve
from patrol_scheduler.formats import written
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import rules_of
from patrol_scheduler.validation import faults_of
from tests.rules.test_own import Never
from tests.rules.test_pairs import assert_pair, assert_relaxed
from tests.rules.worked import plan, roster
from tests.strategies import random_problem, random_roster

RUN = "import sys; from patrol_scheduler.cli import main; main(sys.argv[1:])"
EXAMPLE = Path(__file__).parents[1] / "examples" / "own-rule"


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The example's module, its rule registered for the test."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import meeting_day  # type: ignore[import-not-found]

    rules.register(meeting_day.MeetingDay)
    yield meeting_day
    rules.REGISTRY.forget(meeting_day.MeetingDay)


def test_the_example_solves_its_plan(capsys: pytest.CaptureFixture[str], meeting: Any) -> None:
    runpy.run_path(str(EXAMPLE / "solve_it.py"), run_name="__main__")
    *sentences, status = capsys.readouterr().out.splitlines()
    assert status in ("optimal", "feasible")
    assert all("城管当天有例会" in sentence for sentence in sentences)


def test_its_row_in_a_workbook_has_its_own_name(meeting: Any, tmp_path: Path) -> None:
    problem = read(EXAMPLE / "plan.toml")
    path = tmp_path / "plan.xlsx"
    content = written(problem, "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    path.write_bytes(content)
    rows = list(load_workbook(path)["16 规则"].iter_rows(values_only=True))
    assert rows[1][:2] == ("meeting-day", "例会日")
    assert read(path) == problem


def test_it_is_read_checked_and_written_like_the_rest(meeting: Any, tmp_path: Path) -> None:
    problem = read(EXAMPLE / "plan.toml")
    stated: Any
    [stated] = problem.rules
    assert stated == meeting.MeetingDay(agency="城管", weekday=1, at_most=1)
    path = tmp_path / "plan.json"
    path.write_text(problem_to_json(problem), encoding="utf-8")
    assert read(path) == problem
    monday = roster(
        problem, "2010-08-02 镇区 上午 公安01 城管01", "2010-08-02 公路 上午 公安02 城管02"
    )
    [found] = [f for f in check(problem, monday).findings if f.rule is stated]
    assert (found.violation.cost, found.violation.date) == (Fraction(20), dt.date(2010, 8, 2))
    assert stated.say(found.violation, problem, "en") == (
        "2010-08-02: 城管 meets that day and sends at most 1 out, not 2."
    )


def test_the_solver_keeps_it_where_it_costs_nothing(meeting: Any) -> None:
    problem = read(EXAMPLE / "plan.toml")
    result = solve(problem, time_limit=20, seed=0, workers=1)
    assert result.roster is not None
    assert not [f for f in check(problem, result.roster).findings if f.rule.rule == "meeting-day"]


def test_its_limits_and_violations_agree_on_random_rosters(meeting: Any) -> None:
    for seed in range(60):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = random_problem(rng)
        rule = meeting.MeetingDay(
            agency=rng.choice(problem.agencies).id,
            weekday=rng.randint(1, 7),
            at_most=rng.randint(0, 2),
        )
        assert_pair(rule, problem, random_roster(rng, problem))
        assert_relaxed(rule, problem, random_roster(rng, problem, tidy=True))


def test_its_faults_are_told_with_their_place(meeting: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    text = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("weekday = 1", "weekday = 8"), encoding="utf-8")
    with pytest.raises(InvalidInputError) as raised:
        read(path)
    [fault] = raised.value.faults
    assert (fault.place, fault.what) == ("rules[0].weekday (meeting-day)", "too-large")


def test_a_class_handed_over_in_python_needs_no_registering() -> None:
    problem = read_without(plan(rules=(Never(),)))
    assert [rule for rule in rules_of(problem) if rule.rule == "never"] == [Never()]
    assert Never() not in rules_of(plan())
    assert Never(on=False) not in rules_of(plan(rules=(Never(on=False),)))


def read_without(problem: Problem) -> Problem:
    assert not [fault for fault in faults_of(problem) if fault.what == "unknown-rule"]
    return problem


def test_a_clash_with_it_is_explained_in_its_own_words() -> None:
    from patrol_scheduler.problem import Team

    problem = plan(rules=(Never(),), teams=(Team(members={"police": 1}),), posts=())
    cadence = problem.cadences[0].model_copy(update={"areas": ()})
    explanation = explain(
        plan(rules=(Never(),), teams=problem.teams, posts=(), cadences=(cadence,)), time_limit=30
    )
    assert "Nobody is ever on duty" in "\n".join(explanation.say("en"))


def installed(folder: Path, entry: str) -> dict[str, str]:
    """An environment in which a distribution with one entry point is installed."""
    info = folder / "patrol_meeting_day-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: patrol-meeting-day\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[patrol_scheduler.rules]\nmeeting-day = {entry}\n")
    code = (EXAMPLE / "meeting_day.py").read_text(encoding="utf-8")
    (folder / "meeting_day.py").write_text(code, encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


@pytest.mark.parametrize(
    ("entry", "status", "said"),
    [
        ("meeting_day:MeetingDay", 0, ""),
        ("meeting_day:PRICE", 2, "is no subclass"),
        ("meeting_dai:MeetingDay", 2, "ModuleNotFoundError: No module name"),
    ],
)
def test_an_installed_rule_is_known_to_every_command(
    tmp_path: Path, entry: str, status: int, said: str
) -> None:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RUN, "validate", str(EXAMPLE / "plan.toml")],
        env=installed(tmp_path, entry),
        capture_output=True,
        text=True,
        check=False,
    )
    output = run.stdout + run.stderr
    assert run.returncode == status, output
    assert said in output
    assert "Traceback" not in output
