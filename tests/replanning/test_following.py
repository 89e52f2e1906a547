"""Months solved one after the other join without a hole, for areas and for people."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

from patrol_scheduler.checking import check
from patrol_scheduler.cli import run
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.formats.roster_json import read_roster
from patrol_scheduler.outputs import write
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    PatrolDate,
    Phase,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.replanning.following import following
from patrol_scheduler.rules import CompensatoryRests, DaysBetweenDuties, LookAhead
from patrol_scheduler.solver import solve
from patrol_scheduler.validation import faults_of


def month(number: int, last: int, **changes: Any) -> Problem:
    """One area every 2 to 3 days with one of three police officers, never two days in a row."""
    start, end = dt.date(2010, number, 1), dt.date(2010, number, last)
    given: dict[str, Any] = {
        "name": "month",
        "start": start,
        "end": end,
        "agencies": (Agency(id="police"),),
        "officers": tuple(Officer(id=f"P{n}", agency="police", status="police") for n in range(3)),
        "areas": (Area(id="town"),),
        "shifts": (Shift(id="day", start="09:00", end="11:00"),),
        "phases": (Phase(id=f"month-{number}", start=start, end=end),),
        "cadences": (Cadence(min_days=2, max_days=3),),
        "teams": (Team(members={"police": 1}),),
        "rules": (CompensatoryRests(days=7), DaysBetweenDuties(days=4)),
    }
    return Problem(**(given | changes))


def test_august_and_september_solved_alone_keep_every_rule_of_both_together() -> None:
    august = month(8, 31)
    first = solve(august, time_limit=30, gap=0.1, workers=1).roster
    assert first is not None
    september = following(month(9, 30), august, first)
    assert faults_of(september) == ()
    second = solve(september, time_limit=30, gap=0.1, workers=1).roster
    assert second is not None
    dates = [*first.patrol_dates["town"], *second.patrol_dates["town"]]
    assert {(after - before).days for before, after in pairwise(dates)} <= {2, 3}
    assert not check(september, second).broken
    for officer in september.officers:
        days = [d for r in (first, second) for d, _, _ in r.turns.get(officer.id, ())]
        assert all((after - before).days >= 4 for before, after in pairwise(days))


def test_what_is_owed_in_august_is_taken_in_september() -> None:
    saturday = PatrolDate(want="must", dates=("2010-08-28",))
    august = month(8, 29, patrol_dates=(saturday,))
    first = solve(august, time_limit=30, gap=0.1, workers=1).roster
    assert first is not None
    weekend = {d.officer for d in first.duties if d.date >= dt.date(2010, 8, 28)}
    assert weekend
    september = following(month(9, 10), august, first)
    assert weekend <= {entry.officer for entry in september.owed_rests if entry.taken is None}
    second = solve(september, time_limit=30, gap=0.1, workers=1).roster
    assert second is not None
    assert weekend <= {rest.officer for rest in second.compensatory_rests}


def test_what_a_plan_states_itself_stays_and_strangers_are_left_out() -> None:
    august = month(8, 31)
    first = solve(august, time_limit=30, gap=0.1, workers=1).roster
    assert first is not None
    own = month(9, 30, officers=(Officer(id="P0", agency="police"),))
    found = following(own, august, first)
    assert {duty.officer for duty in found.history} == {"P0"}
    assert found.areas[0].last_patrol == first.patrol_dates["town"][-1]
    assert following(found, august, first) == found


def test_the_command_takes_the_output_folder_of_the_plan_before(tmp_path: Path) -> None:
    august, plan = month(8, 15), tmp_path / "plan.json"
    result = solve(august, time_limit=30, gap=0.1, workers=1)
    assert result.roster is not None
    write(august, result, tmp_path / "august")
    plan.write_text(problem_to_json(month(8, 31, phases=(late(),))), encoding="utf-8")
    folders = ["--out", str(tmp_path / "out"), "--after", str(tmp_path / "august")]
    quick = ["-q", "--gap", "0.1", "--workers", "1"]
    assert run(["solve", str(plan), *folders, *quick]) == 0
    roster = read_roster(tmp_path / "out" / "roster.json").result.roster
    assert roster is not None
    gap = roster.patrol_dates["town"][0] - result.roster.patrol_dates["town"][-1]
    assert gap.days in (2, 3)


def late() -> Phase:
    return Phase(id="late", start="2010-08-16", end="2010-08-31")


def test_august_looks_ahead_to_what_september_has_to_keep() -> None:
    """The market of September 1 cannot be patrolled the day after a patrol on August 31."""
    dates = (
        PatrolDate(want="must", dates=("2010-08-28", "2010-09-01")),
        PatrolDate(want="forbidden", dates=("2010-08-29", "2010-08-30")),
    )
    closed = month(8, 31, patrol_dates=dates, rules=(LookAhead(on=False),))
    blind = solve(closed, time_limit=30, gap=0.1, workers=1).roster
    assert blind is not None
    assert blind.patrol_dates["town"][-1] == dt.date(2010, 8, 31)
    assert faults_of(following(month(9, 30, patrol_dates=dates), closed, blind))
    august = month(8, 31, patrol_dates=(dates[0],), rules=())
    seeing = solve(august, time_limit=30, gap=0.1, workers=1).roster
    assert seeing is not None
    assert seeing.patrol_dates["town"][-1] == dt.date(2010, 8, 30)
    september = following(month(9, 30, patrol_dates=dates, rules=()), august, seeing)
    assert faults_of(september) == ()
    second = solve(september, time_limit=30, gap=0.1, workers=1).roster
    assert second is not None
    assert check(september, second).complete
