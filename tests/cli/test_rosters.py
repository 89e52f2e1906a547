"""The commands that look through a roster: check, stats and charts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patrol_scheduler import Roster
from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit

from .small_plan import COMPLETE, OVERDUE, TOO_SOON, assignments


@pytest.mark.parametrize(
    ("of", "code", "word"),
    [(COMPLETE, 0, "is complete"), (OVERDUE, 1, "short in 1"), (TOO_SOON, 3, "in 1 places")],
)
def test_check_says_every_violation_and_every_cost(
    of: Roster, code: int, word: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assignments(plan, of)
    assert run(["check", str(plan), str(path), "--lang", "en"]) == code
    said = capsys.readouterr().out
    assert word in said.splitlines()[0]
    assert run(["check", str(plan), str(path), "--lang", "en", "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == "patrol-scheduler check 1"
    assert document["complete"] is (code == 0)
    assert len(document["findings"]) > 0
    for finding in document["findings"]:
        assert finding["text"] in said
    assert list(document["cost"]) == ["shortage", "fairness", "wishes"]
    for level, cost in document["cost"].items():
        costs = [f["cost"] for f in document["findings"] if f["level"] == level]
        assert cost == pytest.approx(sum(costs))


def test_check_reads_both_forms_of_a_roster(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table_path = assignments(plan, OVERDUE)
    said = []
    for path in (table_path, table_path.with_name("roster.json")):
        assert run(["check", str(plan), str(path)]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_check_refuses_a_roster_that_names_strangers(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assignments(plan, COMPLETE)
    path.write_text(path.read_text(encoding="utf-8").replace("甲", "丙"), encoding="utf-8")
    assert run(["check", str(plan), str(path)]) == Exit.INVALID
    assert "丙" in capsys.readouterr().err


def test_stats_are_the_statistics_that_solve_writes(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assignments(plan, COMPLETE)
    assert run(["stats", str(plan), str(path), "--json"]) == 0
    written = path.with_name("statistics.json").read_text(encoding="utf-8")
    told = json.loads(capsys.readouterr().out)
    # How a roster was found is not known of a table of assignments.
    assert told["solver"] is None
    assert told == json.loads(written) | {"solver": None}


def test_stats_are_readable_tables_with_shares_as_percentages(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assignments(plan, COMPLETE)
    assert run(["stats", str(plan), str(path), "--lang", "en"]) == 0
    headline, *tables = capsys.readouterr().out.split("\n\n")
    assert "2 patrols" in headline
    cadence, strength, fairness = (page.splitlines() for page in tables)
    assert strength[2].split()[1:4] == ["2", "100.0%", "100.0%"]
    assert "100.0%" in cadence[2]
    # No row over all agencies: each shares its own duties.
    assert not [line for line in fairness if " All " in line]


def test_charts_are_written_for_other_documents(plan: Path, tmp_path: Path) -> None:
    path = assignments(plan, COMPLETE)
    out = tmp_path / "svg"
    asked = ["charts", str(plan), str(path), "--out", str(out), "--format", "svg", "--lang", "en"]
    assert run(asked) == Exit.COMPLETE
    assert {p.stem for p in out.glob("*.svg")} >= {"areas", "officers", "fairness"}
    assert run([*asked, "--format", "png"]) in (Exit.COMPLETE, Exit.INVALID)


def test_stats_tell_what_took_place(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assignments(plan, COMPLETE)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = lines[1].rsplit(",", 1)[1]
    actual = plan.with_name("actual.csv")
    rest = [line for line in lines[1:] if line.rsplit(",", 1)[1] != first]
    actual.write_text("".join([lines[0], *rest]), encoding="utf-8")
    run(["stats", str(plan), str(path), "--actual", str(actual), "--json"])
    done = json.loads(capsys.readouterr().out)["actual"]["execution"][-1]
    assert (done["planned"], done["took_place"]) == (2, 1)
    run(["stats", str(plan), str(path), "--actual", str(actual), "--lang", "en"])
    assert "Plan against actual" in capsys.readouterr().out
