"""Tiny plans with a roster, and what may happen to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

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
from patrol_scheduler.replanning.variations import with_officers, without_officer
from patrol_scheduler.rules import PatrolDays
from patrol_scheduler.validation import faults_of
from tests.exhaustive import joined, rosters_of_a_day
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
