"""The program of a replan: which rosters keep its limits, and what it counts of each."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from random import Random

import numpy as np
import pytest

from patrol_scheduler import Roster, check, replan
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.changes import cells
from patrol_scheduler.replanning.closeness import (
    AGREED,
    CHANGES,
    COURTESY,
    NOTICE_DAYS,
    Closeness,
    Settled,
    ShiftKey,
)
from patrol_scheduler.rules import DutiesAtMost, rules_of
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.solver.program import Vector
from tests.exhaustive import joined, rosters_of_a_day
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.replanning.disturbed import one_area
from tests.rules.worked import roster as worked
from tests.strategies import changed, random_problem, random_roster

NOTHING = Settled()
FOURTEENTH = town().day(day("2010-09-14"))


def every_shift(problem: Problem) -> set[ShiftKey]:
    return {(day, shift.id) for day in range(len(problem.dates)) for shift in problem.shifts}


def program_of(
    problem: Problem,
    old: Roster,
    exact: set[ShiftKey],
    settled: Settled = NOTHING,
    *,
    frozen: int = -1,
    burden: dict[str, float] | None = None,
) -> Closeness:
    return Closeness(
        problem, old, frozen, exact, soften=False, settled=settled, loose=True, burden=burden
    )


def solution(of: Closeness, new: Roster) -> Vector:
    """A roster as a solution of the program, those marked as touched whose duties differ."""
    x = program_of(of.problem, new, set(of.exact), frozen=of.frozen).old_solution.copy()
    differ = {cell[3] for cell in cells(of.old).keys() ^ cells(new).keys()}
    for column, name in enumerate(of.program.columns.names):
        if name[0] == "touched":
            x[column] = name[1] in differ
    return x


def without(roster: Roster, date: str, officer: str) -> Roster:
    """The roster in which nobody has an officer's seat on a date."""
    patrols = tuple(
        patrol.model_copy(
            update={"members": tuple(m for m in patrol.members if m.officer != officer)}
        )
        if patrol.date == day(date)
        else patrol
        for patrol in roster.patrols
    )
    return roster.model_copy(update={"patrols": patrols})


def test_a_roster_keeps_the_limits_exactly_where_it_is_complete() -> None:
    complete = others = 0
    for seed in range(30):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = one_area(rng)
        days = [list(rosters_of_a_day(problem, date)) for date in problem.dates]
        for _ in range(12):
            made = reduce(joined, (rng.choice(day) for day in days))
            # Days of rest are chosen after the duties.
            made = with_rests(problem, rules_of(problem), made)
            of = program_of(problem, made, every_shift(problem))
            expected = check(problem, made).complete
            assert of.program.keeps(of.old_solution) == expected, seed
            assert (not of.broken_days()) == expected, seed
            complete, others = complete + expected, others + (not expected)
    assert min(complete, others) > 10


@pytest.mark.parametrize("seed", range(40))
def test_what_a_roster_changes_is_counted_duty_by_duty(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    problem = random_problem(rng)
    old, new = (
        random_roster(rng, problem, tidy=True).model_copy(update={"compensatory_rests": ()})
        for _ in range(2)
    )
    burden = {officer.id: float(n) for n, officer in enumerate(problem.officers)}
    of = program_of(problem, old, every_shift(problem), burden=burden)
    x = solution(of, new)
    was, now = cells(old).keys(), cells(new).keys()
    assert of.program.value(CHANGES, x) == len(was ^ now)
    assert of.program.value(CHANGES, of.old_solution) == 0
    # First as few people as can be, then late changes, then those who had least; among equals a
    # patrol keeps its people where it moves by a few days.
    people = len({cell[3] for cell in was ^ now})
    worth = 100 * NOTICE_DAYS * max(1, len(problem.officers))

    def notice(date: object) -> int:
        return max(0, NOTICE_DAYS - (problem.dates.index(date) + 1))

    areas = {area.id for area in problem.areas}
    expected = Fraction(worth * people)
    expected += sum(notice(cell[0]) for cell in now ^ was)
    for date, _, place, officer in now - was:
        expected += Fraction(int(burden[officer]), 1000)
        patrols = {p.date for p in old.patrols if p.area == place}
        if place in areas and date not in patrols:
            mine = [
                abs((date - p.date).days)
                for p in old.patrols
                if p.area == place and officer in {m.officer for m in p.members}
            ]
            expected -= Fraction(max([0, *(4 - distance for distance in mine)]), 10)
    same = of.program.value(COURTESY, of.old_solution)
    assert of.program.value(COURTESY, x) - same == pytest.approx(float(expected), abs=1e-6)


def test_whoever_is_on_duty_counts_where_teams_are_not_decided() -> None:
    # CG1 and CG5 exchange their areas on the 14th; CG3 comes to the market instead of CG2.
    of, exactly = (program_of(town(), DRAWN, exact) for exact in (set(), every_shift(town())))
    lines = [f"{p.date} {p.area} am " + " ".join(m.officer for m in p.members)
             for p in DRAWN.patrols if p.date != day("2010-09-14")]  # fmt: skip
    new = worked(
        town(), *lines, "2010-09-14 market am GA1 CG5 CG3", "2010-09-14 road am GA3 CG1 CG6"
    )
    assert of.program.value(CHANGES, solution(of, new)) == 2
    assert exactly.program.value(CHANGES, solution(exactly, new)) == 6


@pytest.mark.parametrize("exact", [set(), {(FOURTEENTH, "am")}], ids=["loosely", "exactly"])
def test_what_was_agreed_counts_once_however_teams_are_decided(exact: set[ShiftKey]) -> None:
    # CG1 took a duty of the 14th over from CG3.
    settled = Settled(frozenset({("CG1", FOURTEENTH)}), frozenset({("CG3", FOURTEENTH)}))
    of = program_of(town(), DRAWN, exact, settled)
    given_back = without(DRAWN, "2010-09-14", "CG1")
    asked = worked(town(), *(
        f"{p.date} {p.area} am " + " ".join(
            "CG3" if (p.id, m.officer) == ("2010-09-14.market", "CG1") else m.officer
            for m in p.members
        )
        for p in DRAWN.patrols
    ))  # fmt: skip
    counted = {
        roster: of.program.value(AGREED, solution(of, made))
        for roster, made in (("as it was", DRAWN), ("given back", given_back), ("asked", asked),
                             ("another day", without(DRAWN, "2010-09-17", "CG1")))
    }  # fmt: skip
    assert counted == {"as it was": 0, "given back": 1, "asked": 2, "another day": 0}


def test_what_was_agreed_cannot_change_where_it_must_stay() -> None:
    settled = Settled(frozenset({("CG1", FOURTEENTH)}), frozenset({("CG3", FOURTEENTH)}))
    of = Closeness(
        town(), DRAWN, -1, every_shift(town()), soften=False, settled=settled, loose=False
    )
    program = of.program
    fixed = {
        program.columns.names[n]: program.lower[n]
        for n in np.nonzero(program.lower == program.upper)[0]
        if program.columns.names[n][0] == "member"
    }
    market, road = (
        ("member", "CG1", "market", FOURTEENTH, "am"),
        ("member", "CG1", "road", FOURTEENTH, "am"),
    )
    assert fixed[market] == 1
    assert road not in fixed
    assert {name: fixed[name] for name in fixed if name[1] == "CG3"} == {
        ("member", "CG3", area, FOURTEENTH, "am"): 0 for area in ("market", "road")
    }
    assert not [name for name in fixed if name[3] != FOURTEENTH]


def test_days_up_to_the_frozen_one_stay_and_their_breaches_are_borne() -> None:
    # The market goes without CG2 on the 14th: one 城管 is missing.
    short = without(DRAWN, "2010-09-14", "CG2")
    assert program_of(town(), short, every_shift(town())).broken_days() == {FOURTEENTH}
    for frozen in (FOURTEENTH, FOURTEENTH + 1):
        of = program_of(town(), short, every_shift(town()), frozen=frozen)
        assert of.broken_days() == set()
        assert of.program.keeps(of.old_solution)
    before = program_of(town(), short, every_shift(town()), frozen=FOURTEENTH - 1)
    assert before.broken_days() == {FOURTEENTH}
    free = before.free(np.ones(len(town().dates), dtype=bool))
    assert {int(d) for d in before.days[free]} == set(range(FOURTEENTH, len(town().dates)))


def test_nothing_is_added_to_what_frozen_days_break() -> None:
    # CG1 is away from Monday to Friday and has at most two duties a week; he was on duty on
    # Tuesday the 14th all the same, which is published. One more of that weekend he may have.
    limit = DutiesAtMost(duties=2, per="week", officers=("CG1",))
    plan = changed(on_leave(town(), ("CG1",), "2010-09-13", "2010-09-17"), rules=(limit,))
    market = [(8, "GA2 CG3 CG4"), (11, "GA2 CG3 CG4"), (14, "GA1 CG1 CG2"), (17, "GA1 CG3 CG2"),
              (19, "GA1 CG1 CG2"), (22, "GA1 CG1 CG2"), (25, "GA1 CG1 CG2")]  # fmt: skip
    road = [(8, "GA3 CG5 CG6"), (11, "GA3 CG5 CG6"), (14, "GA3 CG5 CG6"), (16, "GA3 CG5 CG6"),
            (18, "GA3 {} CG6"), (20, "GA3 CG5 CG6"), (22, "GA2 CG3 CG4"),
            (25, "GA2 CG3 CG4")]  # fmt: skip
    twice, thrice = (
        worked(
            plan,
            *(f"2010-09-{date:02} market am {team}" for date, team in market),
            *(f"2010-09-{date:02} road am {team.format(fifth)}" for date, team in road),
        )
        for fifth in ("CG5", "CG1")
    )
    of = program_of(plan, twice, every_shift(plan), frozen=FOURTEENTH)
    assert of.program.keeps(solution(of, twice))
    assert not of.program.keeps(solution(of, thrice))
    again = replan(plan, twice, day("2010-09-14"))
    assert (again.changed_duties, again.bound, again.proven) == (0, 0, True)
    assert "leave" in {finding.violation.rule for finding in again.kept_breaches}
