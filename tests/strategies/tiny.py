"""Plans so small that every roster of them can be tried."""

from __future__ import annotations

from random import Random

from patrol_scheduler.problem import (
    Cadence,
    Problem,
    Team,
)
from patrol_scheduler.rules import (
    OneDutyADay,
    WithinPhase,
)
from patrol_scheduler.validation import faults_of
from tests.strategies.chances import chance
from tests.strategies.plans import changed, random_problem
from tests.strategies.variants import VARIANTS

TINY = ((1, 0, 2), (2, 0, 1), (1, 1, 1), (1, 0, 1), (0, 1, 2))


def tiny_problem(rng: Random) -> Problem:
    """A plan so small that every roster of it can be tried; some of its rules are its own."""
    size = rng.choice(TINY)
    problem = random_problem(rng, days=(2, 5), most_officers=4 if size[0] else 3, size=size)
    if problem.areas and chance(rng, 0.8):
        often = Cadence(min_days=rng.randint(1, 2), max_days=2)
        problem = changed(problem, cadences=(often, *problem.cadences[1:]))
    if problem.areas and chance(rng, 0.6):
        one = {agency.id: 1 for agency in problem.agencies[:2]}
        more = {agency: 2 for agency in one if chance(rng, 0.4)}
        ideal = {agency: 2 for agency in more if chance(rng, 0.7)}
        team = Team(members=one, most=more, ideal=ideal)
        problem = changed(problem, teams=(team, *problem.teams[1:]))
    problem = _sensible(changed(problem, pins=problem.pins[:1]))
    if faults_of(problem):  # most often dates that clash
        posts = tuple(post.model_copy(update={"kind": "post"}) for post in problem.posts)
        phases = tuple(p.model_copy(update={"mode": "presence"}) for p in problem.phases)
        problem = changed(problem, markets=(), patrol_dates=(), posts=posts, pins=(), phases=phases)
    kinds = [kind for kind in VARIANTS if kind not in (WithinPhase, OneDutyADay)]
    # So few that most plans have rosters, however many rules there come to be.
    stated = set(rng.sample(range(len(kinds)), rng.randint(0, 7)))
    rules = tuple(VARIANTS[kind](rng, problem) for i, kind in enumerate(kinds) if i in stated)
    return changed(problem, rules=rules)


def _sensible(problem: Problem) -> Problem:
    """The plan without what nobody would let through: what can never be, or says nothing."""
    officers = tuple(
        officer.model_copy(
            update={
                "certificates": tuple(
                    certificate
                    for certificate in officer.certificates
                    if certificate.valid_to is None or certificate.valid_to >= problem.first
                    if not officer.auxiliary
                )
            }
        )
        for officer in problem.officers
    )
    leaders = sum(1 for officer in officers if officer.leader)
    drivers = sum(1 for officer in officers if officer.driver)
    teams = tuple(
        team.model_copy(
            update={
                "leaders": min(team.leaders, leaders),
                "drivers": min(team.drivers, drivers),
                "familiar_officers": min(
                    team.familiar_officers,
                    *(sum(1 for o in officers if area.id in o.familiar) for area in problem.areas),
                )
                if problem.areas
                else 0,
                "certified": {
                    agency: min(
                        n, sum(1 for o in officers if o.agency == agency and o.certificates)
                    )
                    for agency, n in team.certified.items()
                },
            }
        )
        for team in problem.teams
    )
    return changed(
        problem,
        officers=officers,
        teams=teams,
        cadences=tuple(
            cadence.model_copy(
                update={
                    "min_days": max(1, cadence.min_days),
                    "max_days": max(1, cadence.min_days, cadence.max_days),
                }
            )
            for cadence in problem.cadences
        ),
        history=tuple(duty for duty in problem.history if duty.area or duty.post),
    )
