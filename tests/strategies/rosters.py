"""Random rosters of a plan, legal or not."""

from __future__ import annotations

import datetime as dt
from random import Random

from patrol_scheduler.problem import (
    Problem,
)
from patrol_scheduler.roster import CompensatoryRest, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules import CompensatoryRests
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.rules.roles import with_roles
from tests.strategies.chances import chance


def random_roster(rng: Random, problem: Problem, *, tidy: bool | None = None) -> Roster:
    """Any roster inside the horizon, legal or not, in which no line stands twice.

    Whoever leads and drives is named where somebody can.

    ``tidy`` rosters keep their patrols in the phase and everybody to one duty a day.
    """
    tidy = chance(rng, 0.5) if tidy is None else tidy
    often, full, posted = (rng.choice([0.15, 0.4, 0.8]) for _ in range(3))
    in_step = chance(rng, 0.5)
    steps = {area.id: _steps(rng, problem, area.id) for area in problem.areas if in_step}
    patrols, duties = [], []
    for date in problem.dates:
        busy: set[str] = set()
        for area in problem.areas:
            for shift in problem.shifts:
                if problem.patrols_allowed(area.id, date, shift.id):
                    patrolled = date in steps[area.id] if in_step else chance(rng, often)
                else:
                    patrolled = not tidy and chance(rng, 0.02 if in_step else 0.1)
                if not patrolled:
                    continue
                ids = _members(rng, problem, area.id, date, shift.id, full, busy if tidy else set())
                busy.update(ids)
                patrols.append(
                    Patrol(
                        id=patrol_id(date, area.id),
                        date=date,
                        area=area.id,
                        shift=shift.id,
                        members=with_roles(problem, (), ids, (date, area.id, shift.id)),
                    )
                )
                if tidy or in_step:
                    break
        for post in problem.posts:
            for shift in problem.shifts:
                for officer in problem.officers:
                    if tidy and (officer.id in busy or problem.phase_on(date) is None):
                        continue
                    if chance(rng, posted / 2):
                        busy.add(officer.id)
                        duties.append(
                            PostDuty(date=date, post=post.id, shift=shift.id, officer=officer.id)
                        )
    made = Roster(patrols=tuple(patrols), post_duties=tuple(duties))
    return made.model_copy(update={"compensatory_rests": _rests(rng, problem, made)})


def _rests(rng: Random, problem: Problem, made: Roster) -> tuple[CompensatoryRest, ...]:
    """No days of rest, legal ones, or legal ones with a few that need not be."""
    if chance(rng, 0.3):
        return ()
    everybody = CompensatoryRests(labour=())
    rests = with_rests(problem, (everybody,), made).compensatory_rests
    kept = tuple(rest for rest in rests if chance(rng, 0.8))
    if chance(rng, 0.6):
        return kept
    more = (
        CompensatoryRest(officer=officer.id, date=date)
        for officer in problem.officers
        for date in problem.dates
        if chance(rng, 0.15)
    )
    return (*kept, *(rest for rest in more if rest not in kept))


def _steps(rng: Random, problem: Problem, area: str) -> set[dt.date]:
    """Patrol dates of an area that mostly keep its cadence, in each phase its own."""
    found, day = set(), rng.randint(0, 2)
    while day < len(problem.dates):
        date = problem.date(day)
        found.add(date)
        phase = problem.phase_on(date)
        cadence = problem.cadence(phase.id, area) if phase else None
        if cadence is None:
            day += 1
        else:
            gap = rng.choice([cadence.min_gap, cadence.min_gap, cadence.max_gap])
            day += max(1, gap + rng.choice([-1, 0, 0, 0, 0, 0, 1]))
    return found


def _members(
    rng: Random,
    problem: Problem,
    area: str,
    date: dt.date,
    shift: str,
    full: float,
    busy: set[str],
) -> list[str]:
    """The team as asked, give or take one; or anybody."""
    free = [officer for officer in problem.officers if officer.id not in busy]
    rng.shuffle(free)
    team = problem.team(area, date, shift)
    if team is None or chance(rng, 0.3):
        return [officer.id for officer in free if chance(rng, full)]
    asked = dict(team.members)
    chosen = []
    for officer in free:
        if asked.get(officer.agency, 0):
            asked[officer.agency] -= 1
            chosen.append(officer.id)
    rest = [officer.id for officer in free if officer.id not in chosen]
    chosen += rest[: team.extra]
    edge = rng.choice([-1, 0, 0, 0, 1])
    return chosen[:-1] if edge < 0 else chosen + rest[team.extra : team.extra + edge]
