"""The cadence benchmark: questions as they are given, answers as the judge reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from benchmarks import cadence
from benchmarks.__main__ import main
from benchmarks.cadence import Question, read_questions

QUESTIONS = """id,daily_capacity,gaps_lo-hi,horizon
1,1,2-2 2-3,9
2,1,2-2 2-2 1-9,9
3,2,1-3 2-4 3-5,152
"""


def test_questions_are_answered_in_the_form_of_the_judge(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("\ufeff" + QUESTIONS, encoding="utf-8")
    told = cadence.main([str(tmp_path / "q.csv"), "--answers", str(tmp_path / "a.csv")])
    assert told["answers"] == {"feasible": 2, "impossible": 1}
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["id"], r["horizon"], r["answer"]) for r in rows] == [
        ("1", "9", "feasible"),
        ("2", "9", "infeasible"),
        ("3", "152", "feasible"),
    ]
    for row, question in zip(rows, read_questions(tmp_path / "q.csv"), strict=True):
        if row["answer"] == "feasible":
            days = [[int(d) for d in part.split()] for part in row["days"].split("|")]
            assert question.keeps(days)
        else:
            assert row["days"] == ""


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ([[2, 4, 6, 8], [1, 3, 5, 7, 9]], True),
        ([[2, 4, 6, 8], [1, 3, 5, 7]], True),
        ([[2, 4, 6, 8], [1, 3, 5]], False),  # days 6 to 9 are empty
        ([[2, 4, 6, 8], [2, 4, 6, 8]], False),  # two on one day
        ([[3, 5, 7, 9], [2, 4, 6, 8]], False),  # days 1 and 2 are empty
        ([[1, 3, 4, 6, 8], [2, 5, 7, 9]], False),  # too soon
    ],
)
def test_days_are_held_against_the_question(days: list[list[int]], kept: bool) -> None:
    assert Question("1", 1, ((2, 2), (2, 3)), 9).keeps(days) is kept


def test_a_horizon_shorter_than_the_gap_asks_nothing() -> None:
    assert Question("1", 1, ((2, 5),), 4).keeps([[]])
    assert not Question("1", 1, ((2, 4),), 4).keeps([[]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,daily_capacity,horizon\n1,1,9\n", "q.csv:1: gaps_lo-hi:"),
        (QUESTIONS + "4,one,2-3,9\n", "q.csv:5: daily_capacity:"),
        (QUESTIONS + "4,1,3-2,9\n", "q.csv:5: gaps_lo-hi:"),
        (QUESTIONS + "4,1,2-3,0\n", "q.csv:5: horizon:"),
        ("", "q.csv: "),
    ],
)
def test_questions_that_are_none_are_told_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "q.csv").write_text(text, encoding="utf-8")
    assert main(["cadence", str(tmp_path / "q.csv")]) == 2
    assert said in capsys.readouterr().err
