"""Dates drawn anew: at random, at no cost, and by nothing that a public output tells."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from patrol_scheduler.checking import check
from patrol_scheduler.outputs import write
from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Problem, Team
from patrol_scheduler.result import Result
from patrol_scheduler.rules import FairShare, Level
from patrol_scheduler.solver import solve
from patrol_scheduler.solver.redraw import drawn_between
from patrol_scheduler.statistics import predictability, rows
from tests.rules.worked import plan as worked_plan

GAPS = {day: [day + 2, day + 3] for day in range(1000)}


def test_every_sequence_of_dates_is_drawn_as_often() -> None:
    """From day 0 to day 11 there are ten ways to have four patrols between: two gaps of 2 twice,
    three of 3, in any order, is impossible; 2+2+2+2+3 is possible in five ways."""
    draw = Random(0)  # noqa: S311  # a seed, not a secret
    found = Counter(
        tuple(drawn_between(GAPS, 0, 11, range(1, 11), [4], draw) or ()) for _ in range(3000)
    )
    assert all(
        sorted(b - a for a, b in pairwise((0, *days, 11))) == [2, 2, 2, 2, 3] for days in found
    )
    assert len(found) == 5
    assert all(500 < times < 700 for times in found.values())


def test_where_the_steps_allow_no_sequence_nothing_is_drawn() -> None:
    draw = Random(0)  # noqa: S311  # a seed, not a secret
    assert drawn_between(GAPS, 0, 5, range(1, 5), [0], draw) is None
    assert drawn_between(GAPS, 0, 1, range(1, 1), [0, 1], draw) is None
    assert drawn_between(GAPS, 0, 2, range(1, 2), [0], draw) == []


def test_long_draws_have_the_gaps_of_the_most_random_rule() -> None:
    """Of gaps 2 and 3 the most random rule has P(2) = 0.570."""
    draw = Random(1)  # noqa: S311  # a seed, not a secret
    gaps: Counter[int] = Counter()
    for _ in range(20):
        days = drawn_between(GAPS, 0, 300, range(1, 300), range(100, 150), draw)
        assert days is not None
        gaps.update(b - a for a, b in pairwise((0, *days, 300)))
    assert set(gaps) == {2, 3}
    assert gaps[2] / gaps.total() == pytest.approx(0.570, abs=0.015)


def plan(**changes: Any) -> Problem:
    """Six weeks of one area every two or three days by one officer of four."""
    first = dt.date(2010, 8, 2)
    given: dict[str, Any] = {
        "end": "2010-09-12",
        "agencies": (Agency(id="police"),),
        "officers": tuple(Officer(id=f"P{n}", agency="police") for n in range(4)),
        "areas": (Area(id="town"),),
        "posts": (),
        "shifts": worked_plan().shifts[:1],
        "phases": (Phase(id="routine", start=first, end=dt.date(2010, 9, 12)),),
        "cadences": (Cadence(min_days=2, max_days=3),),
        "teams": (Team(members={"police": 1}),),
    }
    return worked_plan(**(given | changes))


def solved(problem: Problem, **options: Any) -> Result:
    result = solve(problem, time_limit=30, workers=1, **options)
    assert result.roster is not None
    assert check(problem, result.roster).complete
    return result


def dates(result: Result) -> list[dt.date]:
    assert result.roster is not None
    return [patrol.date for patrol in result.roster.patrols]


def entropy(problem: Problem, result: Result) -> float:
    assert result.roster is not None
    [row] = rows(predictability(problem, result.roster))
    found = row["day_entropy"]
    assert isinstance(found, float)
    return found


def test_drawn_dates_cost_no_more_and_follow_the_seed() -> None:
    free = (FairShare(on=False),)
    settled, drawn = plan(rules=free), plan(rules=free, unpredictable=True)
    before = solved(settled)
    found = [solved(drawn, seed=seed) for seed in (1, 1, 2, 3, 4)]
    for level in (Level.FAIRNESS, Level.WISHES):
        assert before.roster is not None
        cost = check(settled, before.roster).cost(level)
        for one in found:
            assert one.roster is not None
            assert check(settled, one.roster).cost(level) <= cost
    assert dates(found[0]) == dates(found[1])
    assert any(dates(found[0]) != dates(one) for one in found[2:])


def test_a_tolerance_buys_dates_that_are_harder_to_guess() -> None:
    problem = plan(unpredictable=True)
    tight = solved(plan())
    loose = solved(problem, seed=3, tolerance=0.25)
    assert entropy(problem, loose) > entropy(problem, tight)
    assert len(dates(loose)) > len(dates(tight))
    assert loose.roster is not None
    assert tight.roster is not None
    least = check(problem, tight.roster).cost(Level.FAIRNESS)
    assert check(problem, loose.roster).cost(Level.FAIRNESS) <= least * 5 / 4


def test_without_a_seed_a_secret_one_is_taken() -> None:
    seeds = {solved(plan(end="2010-08-08", phases=(Phase(
        id="routine", start=dt.date(2010, 8, 2), end=dt.date(2010, 8, 8)),), unpredictable=True,
    )).seed for _ in range(3)}  # fmt: skip
    assert len(seeds) == 3
    assert solved(plan()).seed == 0


def test_no_output_tells_the_seed(tmp_path: Path) -> None:
    problem, seed = plan(unpredictable=True), 1_234_567_891
    write(problem, solved(problem, seed=seed), tmp_path / "out")
    told = str(seed).encode()
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert told not in path.read_bytes(), path
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    assert all(told not in book.read(name) for name in book.namelist()), path
