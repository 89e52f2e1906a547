"""Questions whether areas with gap windows can be served by so many patrols a day for so long.

Each question is a plan with areas, cadences and the rule ``patrols-at-most``, answered by the
library's ``servable``; dates that it gives are held against the rules before they are written.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.measure import machine, memory
from benchmarks.patrol_instance import SHIFT, write_text
from patrol_scheduler import InvalidInputError, Problem, Servable, servable
from patrol_scheduler.faults import Fault
from patrol_scheduler.formats.files import decode, read_bytes
from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Team
from patrol_scheduler.rules import PatrolsAtMost

START = dt.date(2010, 8, 1)
COLUMNS = ("id", "daily_capacity", "gaps_lo-hi", "horizon")
MOST_SECONDS = 10.0


@dataclass(frozen=True)
class Question:
    """Whether areas with these gap windows can be served for ``horizon`` days."""

    id: str
    capacity: int
    gaps: tuple[tuple[int, int], ...]
    horizon: int

    def problem(self) -> Problem:
        """The question as a plan, with as many officers as its patrols can need."""
        end = START + dt.timedelta(days=self.horizon - 1)
        return Problem(
            name=f"question {self.id}",
            start=START,
            end=end,
            calendar="weekends",
            agencies=(Agency(id="PS"),),
            officers=tuple(
                Officer(id=f"PS{i:04}", agency="PS") for i in range(1, 2 * self.capacity + 1)
            ),
            areas=tuple(Area(id=f"A{i:03}") for i in range(len(self.gaps))),
            shifts=(SHIFT,),
            phases=(Phase(id="plan", start=START, end=end),),
            cadences=tuple(
                Cadence(min_days=lo, max_days=hi, areas=(f"A{i:03}",))
                for i, (lo, hi) in enumerate(self.gaps)
            ),
            teams=(Team(members={"PS": 1}),),
            rules=(PatrolsAtMost(patrols=self.capacity),),
        )

    def days(self, found: Servable) -> list[list[int]]:
        """The patrol days of each area, counted from 1."""
        return [
            [(date - START).days + 1 for date in found.dates[f"A{i:03}"]]
            for i in range(len(self.gaps))
        ]

    def keeps(self, days: list[list[int]]) -> bool:
        """Whether the days answer the question; written down from the question alone."""
        load = Counter(day for mine in days for day in mine)
        if any(n > self.capacity for n in load.values()):
            return False
        for (lo, hi), mine in zip(self.gaps, days, strict=True):
            ends = [0, *mine, self.horizon + 1]
            if any(b - a > hi for a, b in pairwise(ends)):
                return False
            if any(b - a < lo for a, b in pairwise(mine)):
                return False
        return True


def read_questions(path: str | Path) -> list[Question]:
    """The questions of a CSV file; raises :class:`InvalidInputError` with each line at fault."""
    text = decode(str(path), read_bytes(path))
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    faults = [Fault(str(path), name, 1, None, "missing") for name in missing]
    questions = []
    for row in [] if missing else reader:
        values: dict[str, Any] = {}
        for name, kind in zip(COLUMNS, (_text, _number, _gaps, _number), strict=True):
            values[name] = kind(row[name] or "")
            if values[name] is None:
                faults.append(Fault(str(path), name, reader.line_num, row[name], "not-a-number"))
        if None not in values.values():
            questions.append(Question(*values.values()))
    if faults:
        raise InvalidInputError(faults)
    return questions


def _text(value: str) -> str | None:
    return value.strip() or None


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[1-9]\d{0,4}", value.strip()) else None


def _gaps(value: str) -> tuple[tuple[int, int], ...] | None:
    found = [re.fullmatch(r"(\d{1,4})-(\d{1,4})", part) for part in value.split()]
    if not found or not all(found):
        return None
    gaps = tuple((int(m[1]), int(m[2])) for m in found if m)
    return gaps if all(1 <= lo <= hi for lo, hi in gaps) else None


Answer = tuple[Question, Servable]


def answered(questions: Iterable[Question]) -> list[Answer]:
    """Every question with the library's answer."""
    found = []
    for question in questions:
        answer = servable(question.problem(), time_limit=MOST_SECONDS)
        if answer.status == "feasible":
            assert question.keeps(question.days(answer)), question
        found.append((question, answer))
    return found


def write_answers(path: Path, answers: list[Answer]) -> None:
    """Write the answers as the judge reads them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "horizon", "answer", "days"))
    words = {"feasible": "feasible", "impossible": "infeasible", "unknown": "unknown"}
    for question, answer in answers:
        days = question.days(answer) if answer.status == "feasible" else []
        told = "|".join(" ".join(map(str, mine)) for mine in days)
        writer.writerow((question.id, question.horizon, words[answer.status], told))
    write_text(path, text.getvalue())


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks cadence", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QUERIES.csv")
    parser.add_argument("--answers", type=Path, metavar="OUT.csv")
    given = parser.parse_args(arguments)
    questions = read_questions(given.questions)
    began, processor = time.perf_counter(), time.process_time()
    with memory() as watched:
        answers = answered(questions)
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    if given.answers is not None:
        write_answers(given.answers, answers)
    return {
        "benchmark": "cadence",
        "questions": len(questions),
        "answers": dict(Counter(answer.status for _, answer in answers)),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "peak_memory_mib": watched.peak_mib,
        **machine(),
    }


def random_question(rng: random.Random, horizon: int) -> Question:
    """Areas that together need about as much as there is."""
    gaps = []
    for _ in range(rng.randint(2, 8)):
        longest = rng.randint(2, 8)
        gaps.append((rng.randint(max(1, longest - 3), longest), longest))
    load = sum(1 / hi for _, hi in gaps)
    return Question("made", max(1, round(load + rng.uniform(-0.2, 0.5))), tuple(gaps), horizon)


def smoke() -> dict[str, Any]:
    """Known answers, and made questions answered one way or the other, soundly."""
    known = [
        (Question("every other day", 1, ((2, 2), (2, 2)), 152), "feasible"),
        (Question("one too many", 1, ((2, 2), (2, 2), (2, 9)), 9), "impossible"),
        # Load 1/2 + 1/3 + 1/12 < 1, and yet no calendar (Holte et al. 1989).
        (Question("no calendar", 1, ((1, 2), (1, 3), (1, 12)), 40), "impossible"),
        (Question("cars for all", 2, ((2, 3), (2, 3), (2, 3), (2, 3)), 152), "feasible"),
    ]
    for question, expected in known:
        found = servable(question.problem())
        assert found.status == expected, (question, found.status)
    rng = random.Random(5)  # noqa: S311  # a benchmark, not a secret
    answers = answered(random_question(rng, 60) for _ in range(30))
    told = Counter(answer.status for _, answer in answers)
    assert told["feasible"] >= 5, told
    assert told["impossible"] >= 5, told
    assert not told["unknown"], told
    return {str(status): n for status, n in told.items()}
