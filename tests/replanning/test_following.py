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
    OwedRest,
    PastDuty,
    PatrolDate,
    Phase,
    Post,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.replanning.following import following
from patrol_scheduler.roster import CompensatoryRest
from patrol_scheduler.rules import CompensatoryRests, DaysBetweenDuties, LookAhead
from patrol_scheduler.solver import solve
from patrol_scheduler.validation import faults_of
from tests.rules.worked import roster as worked


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


def on(date: str, **about: Any) -> PastDuty:
    return PastDuty(**({"date": date, "shift": "day", "officer": "P0", "area": "town"} | about))


GATE = (Post(id="gate"),)
AUGUST = month(
    8,
    31,
    posts=GATE,
    areas=(Area(id="town", last_patrol="2010-07-31"), Area(id="hill", last_patrol="2010-07-30")),
    cadences=(Cadence(min_days=2, max_days=3, areas=("town",)),),
    history=(on("2010-07-31"), on("2010-07-30", area="hill", officer="P1")),
)
MADE = worked(
    AUGUST,
    "2010-08-28 town day P1=leader",
    "2010-08-31 town day P2",
    "2010-09-01 town day P1",
    "2010-08-30 gate day P0",
    "2010-08-31 rest P0",
)


def september(**changes: Any) -> Problem:
    given: dict[str, Any] = {"posts": GATE, "areas": (Area(id="town"), Area(id="hill"))}
    return month(9, 30, **(given | changes))


def test_the_history_holds_every_duty_before_the_first_day_and_none_from_then_on() -> None:
    found = following(september(), AUGUST, MADE)
    assert found.history == (
        on("2010-07-30", area="hill", officer="P1"),
        on("2010-07-31"),
        on("2010-08-28", officer="P1", role="leader"),
        on("2010-08-30", area=None, post="gate"),
        on("2010-08-31", officer="P2", role="member"),
    )


def test_what_the_plan_itself_tells_of_a_duty_stays() -> None:
    own = on("2010-08-31", officer="P2", source="actual", remarks="wet")
    early = on("2010-07-01")
    found = following(september(history=(own, early)), AUGUST, MADE)
    assert found.history[:2] == (own, early)
    assert [duty.date.isoformat() for duty in found.history[2:]] == [
        "2010-07-30", "2010-07-31", "2010-08-28", "2010-08-30"
    ]  # fmt: skip


def test_the_history_knows_only_people_shifts_and_places_of_the_plan() -> None:
    without = {
        "P1": september(officers=tuple(o for o in AUGUST.officers if o.id != "P1")),
        "hill": september(areas=(Area(id="town"),)),
        "gate": september(posts=()),
        "day": september(shifts=(Shift(id="late", start="18:00", end="20:00"),)),
    }
    told = {
        gone: {(d.officer, d.area or d.post) for d in following(plan, AUGUST, MADE).history}
        for gone, plan in without.items()
    }
    assert told == {
        "P1": {("P0", "town"), ("P0", "gate"), ("P2", "town")},
        "hill": {("P0", "town"), ("P1", "town"), ("P0", "gate"), ("P2", "town")},
        "gate": {("P1", "hill"), ("P0", "town"), ("P1", "town"), ("P2", "town")},
        "day": set(),
    }


def test_an_area_counts_from_its_last_patrol_wherever_that_is_told() -> None:
    def last(plan: Problem, before: Problem = AUGUST) -> dict[str, str]:
        areas = following(plan, before, MADE).areas
        return {a.id: a.last_patrol.isoformat() if a.last_patrol else "" for a in areas}

    # The patrol of September 1 is the plan's own to decide.
    assert last(september()) == {"town": "2010-08-31", "hill": "2010-07-30"}
    own = (Area(id="town", last_patrol="2010-08-15"), Area(id="hill", last_patrol="2010-08-20"))
    assert last(september(areas=own)) == {"town": "2010-08-31", "hill": "2010-08-20"}
    nothing = month(8, 31, areas=(Area(id="town"), Area(id="hill")))
    assert last(september(), nothing) == {"town": "2010-08-31", "hill": ""}


def test_rest_that_is_owed_goes_along_with_when_it_was_taken() -> None:
    # P1 on Saturday the 28th; P2 was owed a day of July and took it on August 3; the duty of
    # September 1, a Wednesday, earns nothing.
    before = AUGUST.model_copy(
        update={"owed_rests": (OwedRest(officer="P2", earned="2010-07-31"),)}
    )
    made = MADE.model_copy(
        update={"compensatory_rests": (CompensatoryRest(date="2010-08-03", officer="P2"),)}
    )
    found = following(september(), before, made)
    assert {(e.officer, str(e.earned), str(e.taken)) for e in found.owed_rests} == {
        ("P1", "2010-08-28", "None"),
        ("P2", "2010-07-31", "2010-08-03"),
    }
    # Taken only once the plan has begun, it is still owed; what the plan tells itself stays.
    late = made.model_copy(
        update={"compensatory_rests": (CompensatoryRest(date="2010-09-01", officer="P2"),)}
    )
    own = OwedRest(officer="P1", earned="2010-08-28", taken="2010-08-30")
    found = following(september(owed_rests=(own,)), before, late)
    assert {(e.officer, str(e.earned), str(e.taken)) for e in found.owed_rests} == {
        ("P1", "2010-08-28", "2010-08-30"),
        ("P2", "2010-07-31", "None"),
    }
    alone = september(officers=tuple(o for o in AUGUST.officers if o.id == "P0"))
    assert following(alone, before, made).owed_rests == ()
