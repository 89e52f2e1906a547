"""Stored results: what is worse is found, what is noise is not; tables and pictures follow them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from benchmarks import chart, peer_solvers, peers, scale
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.compare import worse
from benchmarks.generator import generate
from benchmarks.patrol_instance import to_problem
from benchmarks.smoke import CHECKS

OLD: dict[str, Any] = {
    "benchmark": "peers",
    "contenders": {
        "patrol-scheduler": {"objective": 1000.0, "bound": 990.0, "gap": 0.0101, "broken": 0},
        "cp-sat": {"objective": 1200.0},
    },
    "seconds_to_complete": 2.0,
    "smoke": {"objective": 100.0, "noise": {"objective": 0.1}},
    "seconds_to_1_percent": None,
}


def changed(**values: Any) -> dict[str, Any]:
    new: dict[str, Any] = json.loads(json.dumps(OLD))
    new["contenders"]["patrol-scheduler"] |= values
    return new


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        changed(objective=1001.0),
        changed(objective=900.0, bound=895.0, gap=0.005) | {"seconds_to_complete": 3.9},
        changed(bound=995.0),
        OLD | {"smoke": {"objective": 109.0}, "seconds_to_1_percent": 60.0},
    ],
)
def test_noise_and_better_values_are_let_pass(new: dict[str, Any]) -> None:
    if new["contenders"]["patrol-scheduler"]["bound"] == 895.0:
        assert worse(OLD, new) == [
            "contenders.patrol-scheduler.bound: 990 before, 895 now; 0.99 is its noise"
        ]
    else:
        assert worse(OLD, new) == []


@pytest.mark.parametrize(
    ("new", "place"),
    [
        (changed(objective=1003.0), "contenders.patrol-scheduler.objective"),
        (changed(objective=None), "contenders.patrol-scheduler.objective"),
        (changed(bound=980.0), "contenders.patrol-scheduler.bound"),
        (changed(gap=0.013), "contenders.patrol-scheduler.gap"),
        (changed(broken=1), "contenders.patrol-scheduler.broken"),
        (OLD | {"seconds_to_complete": 4.5}, "seconds_to_complete"),
        (OLD | {"smoke": {"objective": 111.0}}, "smoke.objective"),
        (OLD | {"smoke": {}}, "smoke.objective"),
    ],
)
def test_worse_values_fail_and_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], new: dict[str, Any], place: str
) -> None:
    for name, result in (("old", OLD), ("new", new)):
        (tmp_path / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")
    assert main(["compare", str(tmp_path / "old.json"), str(tmp_path / "new.json")]) == 1
    assert capsys.readouterr().err.startswith(f"{place}: ")
    assert main(["compare", str(tmp_path / "old.json"), str(tmp_path / "old.json")]) == 0


def test_a_result_that_is_no_json_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.json").write_text('{"objective": }', encoding="utf-8")
    assert main(["compare", str(tmp_path / "old.json"), str(tmp_path / "old.json")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'old.json'}:1")


@pytest.mark.parametrize("solver", [peer_solvers.cpsat, peer_solvers.highs])
def test_the_rosters_of_the_peers_keep_what_the_check_asks(solver: Any) -> None:
    """On a plan this small both prove their best, so the same objective shows the same program."""
    given, _ = generate(name="made", seed=2, areas=1, officers=9, days=7)
    problem, found = to_problem(given), list[Any]()
    bound = solver(given, 30.0, 1, 0, lambda rows, bound: found.append((rows, bound)))
    broken, objective = peers.judge(problem, found[-1][0])
    assert broken == 0
    assert bound == pytest.approx(objective)
    assert objective == pytest.approx(83.13122171945702)


def test_how_many_times_sooner_is_told_at_the_limit() -> None:
    ours = {"trace": [[1.0, 200.0], [4.0, 100.0]]}
    assert peers.sooner(ours, {"objective": 150.0}, 100.0) == 25.0
    assert peers.sooner(ours, {"objective": None}, 100.0) == 100.0
    assert peers.sooner(ours, {"objective": 90.0}, 100.0) is None


def test_the_exponent_is_the_slope_of_the_logarithms() -> None:
    points = [{"n": n, "linear": 3 * n, "square": n**2, "none": 0} for n in (1, 2, 4, 8)]
    assert scale.exponent(points, "linear", "n") == 1
    assert scale.exponent(points, "square", "n") == 2
    assert scale.exponent(points, "none", "n") is None


def test_the_stored_results_are_in_the_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    shutil.copy(chart.PAGE, page)
    before = page.read_text(encoding="utf-8")
    chart.main(["--pictures", str(tmp_path), "--page", str(page)])
    assert page.read_text(encoding="utf-8") == before, "run python -m benchmarks chart"
    for name in chart.main(["--pictures", str(tmp_path), "--page", str(page)])["pictures"]:
        assert (tmp_path / name).stat().st_size > 1000


def test_the_page_names_every_benchmark() -> None:
    page = chart.PAGE.read_text(encoding="utf-8")
    for name in BENCHMARKS:
        assert f"| `{name}" in page
    assert set(CHECKS) <= BENCHMARKS.keys()
