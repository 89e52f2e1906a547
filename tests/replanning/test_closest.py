"""On plans so small that every roster can be tried, none is closer than the one that is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

import pytest

from patrol_scheduler import Roster, check, replan
from patrol_scheduler.days import DayType, SpecialDay
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Leave,
    Officer,
    Phase,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.replanning.changes import cells
from patrol_scheduler.replanning.variations import with_officers, without_officer
from patrol_scheduler.rules import Level, PatrolDays
from patrol_scheduler.validation import faults_of
from tests.exhaustive import best, closest, joined, rosters_of_a_day
from tests.strategies import VARIANTS, changed, tiny_problem

Changed = tuple[Problem, Roster, dt.date] | None
"""A plan after a change, the roster from before, and the date up to which it is frozen."""
MOST = 6_000
WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY, DayType.REST_DAY)


def on_leave(rng: Random, problem: Problem, old: Roster) -> Changed:
    duty = rng.choice(old.duties)
    away = Leave(start=duty.date, end=duty.date)
    officers = tuple(
        o.model_copy(update={"leave": (*o.leave, away)}) if o.id == duty.officer else o
        for o in problem.officers
    )
    return changed(problem, officers=officers), old, duty.date - dt.timedelta(days=1)


def lost_person(rng: Random, problem: Problem, old: Roster) -> Changed:
    duty = rng.choice(old.duties)
    if rng.random() < 0.5:
        before = problem.first - dt.timedelta(days=1)
        return without_officer(problem, duty.officer), old, before
    last = duty.date - dt.timedelta(days=1)
    return without_officer(problem, duty.officer, last), old, last


def new_person(rng: Random, problem: Problem, old: Roster) -> Changed:
    """Somebody of the same agency, in place of somebody who leaves after the first day."""
    leaving = problem.officer_by_id[rng.choice(old.duties).officer]
    more = with_officers(
        problem, leaving.agency, certified=bool(leaving.certificates), leader=leaving.leader,
        driver=leaving.driver,
    )  # fmt: skip
    return without_officer(more, leaving.id, problem.first), old, problem.first


def changed_rule(rng: Random, problem: Problem, old: Roster) -> Changed:
    """Other gaps, another composition, or one more rule of any kind."""
    frozen = rng.choice([problem.first - dt.timedelta(days=1), problem.first])
    kind, days = rng.choice(["gaps", "team", "rule"]), rng.choice([1, 2])
    if kind == "gaps":
        cadence = Cadence(min_days=days, max_days=days)
        return changed(problem, cadences=(*problem.cadences, cadence)), old, frozen
    if kind == "team":
        other = Team(members={agency.id: days for agency in problem.agencies})
        return changed(problem, teams=(*problem.teams, other)), old, frozen
    more = VARIANTS[rng.choice(list(VARIANTS))](rng, problem)
    return changed(problem, rules=(*problem.rules, more)), old, frozen


def new_holiday(rng: Random, problem: Problem, old: Roster) -> Changed:
    """The arrangement makes a day on which there was a patrol a holiday without patrols."""
    if not old.patrols:
        return None
    date = rng.choice(old.patrols).date
    others = tuple(day for day in problem.days if day.date != date)
    free = SpecialDay(date=date, day_type=DayType.STATUTORY_HOLIDAY, name="")
    rules = (*problem.rules, PatrolDays(day_types=WORKING))
    return changed(problem, days=(*others, free), rules=rules), old, date - dt.timedelta(days=1)


def did_not_take_place(rng: Random, problem: Problem, old: Roster) -> Changed:
    if not old.patrols:
        return None
    gone = rng.choice(old.patrols)
    left = tuple(patrol for patrol in old.patrols if patrol != gone)
    return problem, Roster(patrols=left, post_duties=old.post_duties), gone.date


def nothing_like_it(rng: Random, problem: Problem, _: Roster) -> tuple[Problem, Roster, dt.date]:
    """Any roster at all instead of the old one."""
    any_roster = Roster()
    for date in problem.dates:
        any_roster = joined(any_roster, rng.choice(list(rosters_of_a_day(problem, date))))
    return problem, any_roster, problem.first - dt.timedelta(days=1)


CHANGES: tuple[Callable[[Random, Problem, Roster], Changed], ...] = (
    on_leave, lost_person, new_person, changed_rule, new_holiday, did_not_take_place,
    nothing_like_it,
)  # fmt: skip


def size(problem: Problem, most: int = MOST) -> int:
    """How many rosters there are, as far as ``most``."""
    found = 1
    for date in problem.dates:
        found *= sum(1 for _ in rosters_of_a_day(problem, date))
        if found > most:
            break
    return found


def with_a_roster(rng: Random) -> tuple[Problem, Roster] | None:
    """A tiny plan, one area every day or two, with one of its complete rosters."""
    problem = tiny_problem(rng) if rng.random() < 0.3 else one_area(rng)
    if faults_of(problem) or size(problem) > MOST:
        return None
    roster = replan(*nothing_like_it(rng, problem, Roster())).roster
    if roster is None or not roster.duties or not check(problem, roster).complete:
        return None
    return problem, roster


def one_area(rng: Random) -> Problem:
    """Three or four people, one or two of whom go to an area every day or two; a rule or two."""
    first, days = dt.date(2010, 9, 6), rng.choice([3, 4])
    officers = tuple(
        Officer(id=f"CG{n}", agency="cg", leader=rng.random() < 0.6, driver=rng.random() < 0.6)
        for n in range(1, (4 if days == 4 else rng.choice([4, 5])))
    )
    last = first + dt.timedelta(days=days - 1)
    team = Team(members={"cg": rng.choice([1, 2])}, leaders=rng.choice([0, 1]))
    problem = Problem(
        name="tiny",
        start=first,
        end=last,
        agencies=(Agency(id="cg"),),
        officers=officers,
        shifts=(Shift(id="am", start="08:00", end="11:00"),),
        phases=(Phase(id="all", start=first, end=last, mode="presence"),),
        areas=(Area(id="road"),),
        cadences=(Cadence(min_days=1, max_days=2),),
        teams=(team,),
    )
    kinds = rng.sample(list(VARIANTS), rng.choice([0, 1, 2]))
    return changed(problem, rules=tuple(VARIANTS[kind](rng, problem) for kind in kinds))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_complete_roster_changes_fewer_duties_or_touches_fewer_people(
    change: Callable[[Random, Problem, Roster], Changed],
) -> None:
    compared = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        after = change(rng, *given) if given else None
        if after is None:
            continue
        problem, old, frozen = after
        if faults_of(problem) or size(problem) > MOST:
            continue
        found = replan(problem, old, frozen)
        fewest = closest(problem, old, frozen)
        if fewest is None:
            # Complete only where all that is wrong is of days that stay as they are.
            assert found.status != "unknown", seed
            assert found.status != "complete" or found.kept_breaches, seed
            assert found.status == "complete" or found.reason != "none-found", seed
            continue
        assert found.status == "complete", seed
        assert found.roster is not None
        assert check(problem, found.roster).complete, seed
        assert (found.changed_duties, found.people_touched) == fewest, seed
        assert len(cells(old).keys() ^ cells(found.roster).keys()) == fewest[0], seed
        assert found.proven, seed
        assert kept(old, frozen) == kept(found.roster, frozen), seed
        compared += fewest[0] > 0
        if compared == 12:
            return
    assert compared >= 10


def kept(roster: Roster, frozen: dt.date) -> tuple[object, object]:
    """What a roster has on the frozen days."""
    return (
        [patrol for patrol in roster.patrols if patrol.date <= frozen],
        [duty for duty in roster.post_duties if duty.date <= frozen],
    )


def test_where_no_complete_roster_is_left_none_is_less_short() -> None:
    short = impossible = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = tiny_problem(rng) if rng.random() < 0.5 else one_area(rng)
        # So many are ill on the second day that what is asked of it cannot be.
        ill = Leave(start=problem.dates[-1], end=problem.dates[-1])
        officers = (o.model_copy(update={"leave": (*o.leave, ill)}) for o in problem.officers)
        problem = changed(problem, officers=tuple(officers))
        if faults_of(problem) or size(problem) > MOST:
            continue
        found = replan(*nothing_like_it(rng, problem, Roster()))
        if found.status == "complete":
            continue
        least = best(problem)
        assert found.status == ("impossible" if least.roster is None else "short"), seed
        assert found.reason == ("impossible" if least.roster is None else "no-complete-roster")
        impossible += least.roster is None
        if found.roster is not None:
            checked = check(problem, found.roster)
            assert found.least_short, seed
            assert checked.cost(Level.SHORTAGE) == least.costs[0], seed
            assert found.gaps == checked.shortages, seed
            short += 1
        if short >= 12 and impossible >= 2:
            return
    assert short >= 12
    assert impossible >= 2
