"""Patrol instances: what is made is feasible and reads back, what is broken is told by its line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import patrol
from benchmarks.__main__ import main
from benchmarks.generator import TooTightError, generate, measured_tightness, of_size
from benchmarks.measure import Point, above, changes, document, seconds_to
from benchmarks.patrol_instance import assignments, load, of_assignments, to_problem, write_instance
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler import InvalidInputError, Level, check

SMALL = settings(max_examples=25, deadline=None, derandomize=True, database=None)


@SMALL
@given(
    seed=st.integers(0, 10**6),
    areas=st.integers(1, 12),
    tightness=st.floats(0.2, 0.95),
    days=st.integers(7, 60),
)
def test_a_planted_roster_is_complete(seed: int, areas: int, tightness: float, days: int) -> None:
    made, rows = generate(name="made", seed=seed, areas=areas, tightness=tightness, days=days)
    assert generate(name="made", seed=seed, areas=areas, tightness=tightness, days=days) == (
        made,
        rows,
    )
    problem = to_problem(made)
    assert check(problem, of_assignments(problem, rows)).complete
    assert measured_tightness(made) <= 1


def test_a_tighter_instance_has_fewer_officers() -> None:
    officers = [
        len(generate(name="made", seed=1, areas=20, tightness=t)[0].officers)
        for t in (0.3, 0.5, 0.7, 0.9)
    ]
    assert officers == sorted(officers, reverse=True)
    assert officers[0] > 2.5 * officers[-1]


def test_with_officers_and_tightness_the_gaps_follow() -> None:
    made, _ = generate(name="made", seed=1, areas=10, officers=60, tightness=0.7)
    assert len(made.officers) == 60
    assert abs(measured_tightness(made) - 0.7) < 0.1


def test_too_few_officers_are_refused() -> None:
    with pytest.raises(TooTightError, match="officers free for a patrol that needs"):
        generate(name="made", seed=1, areas=8, officers=12)


def test_an_instance_and_its_roster_read_back(tmp_path: Path) -> None:
    made, rows = of_size("village", 5)
    write_instance(tmp_path / "village.json", made)
    problem = load(tmp_path / "village.json")
    assert problem == to_problem(made)
    assert sorted(assignments(of_assignments(problem, rows))) == sorted(rows)


def broken(tmp_path: Path, change: str) -> str:
    made, _ = generate(name="made", seed=1, areas=1, days=14)
    data = made.model_dump(mode="json")
    exec(change, {"data": data})  # noqa: S102  # the tests' own words
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        load(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    told = refused.value.faults[0]
    assert told.line is not None
    return f"{lines[told.line - 1].strip()} | {told.place}"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("data['officers'][2]['leave'] = ['2010-13-01']", '"2010-13-01" | officers[2].leave[0]'),
        ("data['officers'][1]['drives'] = True", '"drives": true | officers[1].drives'),
        ("del data['areas'][0]['team']", "{ | areas[0].team"),
        ("data['areas'][0]['gap_days'] = [3, 2]", "{ | areas[0]"),
        ("data['areas'][0]['team']['XX'] = 2", "{ | areas[0]"),
        ("data['officers'][1]['id'] = 'PS0001'", '"id": "PS0001", | officers[1].id'),
        ("data['end'] = '2010-07-01'", '"start": "2010-08-01", | start'),
    ],
)
def test_a_broken_instance_is_told_by_line_and_place(
    tmp_path: Path, change: str, found: str
) -> None:
    line, place = (part.strip() for part in broken(tmp_path, change).split(" | "))
    expected_line, expected_place = found.split(" | ")
    assert line == expected_line
    assert place.startswith(expected_place)


def test_bad_input_never_gets_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text('{"name": "x",\n "officers": [', encoding="utf-8")
    for path in (cut, tmp_path / "nowhere.json", tmp_path):
        assert main(["patrol", str(path)]) == 2
        assert capsys.readouterr().err.startswith(str(path))


def test_the_roster_written_is_the_one_measured(tmp_path: Path) -> None:
    made, _ = generate(name="made", seed=3, areas=1, tightness=0.3, days=14)
    write_instance(tmp_path / "made.json", made)
    told = patrol.main(
        [
            str(tmp_path / "made.json"),
            *("--time-limit", "10", "--gap", "0.05", "--workers", "1"),
            *("--assignments", str(tmp_path / "out.csv")),
        ]
    )
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "date,area,officer"
    rows = [tuple(line.split(",")) for line in lines[1:]]
    problem = to_problem(made)
    found = check(problem, of_assignments(problem, rows))  # type: ignore[arg-type]
    assert found.complete
    assert float(found.cost(Level.FAIRNESS)) == pytest.approx(told["objective"])
    assert told["bound"] <= told["objective"]
    assert told["broken"] == 0
    assert told["duties"] == len(lines) - 1
    assert json.loads(document(told)) == told


def test_a_search_that_runs_out_of_memory_says_so(tmp_path: Path) -> None:
    made, _ = generate(name="made", seed=3, areas=2, tightness=0.3, days=28)
    write_instance(tmp_path / "made.json", made)
    command = [sys.executable, "-m", "benchmarks", "patrol", str(tmp_path / "made.json")]
    # Less than the libraries alone take: the first look already says that nothing is left.
    ended = subprocess.run(  # noqa: S603
        [*command, "--memory", "0.02", "--time-limit", "20"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in ended.stderr
    assert "memory ran out" in ended.stderr
    told = json.loads(ended.stdout)
    assert told["ended"] == "memory"
    assert told["seconds"] < 20


def test_the_gap_is_told_above_the_bound() -> None:
    assert above(101, 100) == 0.01
    assert above(100, 100.00001) == 0
    assert above(5, None) is above(None, 5) is above(5, 0) is None
    course = (
        Point(1, "fairness", 120, None),
        Point(2, "fairness", 101, None),
        Point(2, "fairness", 101, None),
        Point(3, "fairness", 101, 99.0),
    )
    assert seconds_to(course, 100, 0.01) == 2
    assert seconds_to(course, 90, 0.01) is None
    assert [p.seconds for p in changes(course)] == [1, 2, 3]
