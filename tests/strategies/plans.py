"""Small random plans."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import (
    Area,
    Balance,
    CompetentPlace,
    Cover,
    OwedRest,
    PatrolDate,
    Problem,
    Vehicle,
    ViolationKind,
)
from tests.strategies.chances import chance, some
from tests.strategies.needs import (
    AREA_KINDS,
    SHIFTS,
    a_cadence,
    a_cover,
    a_market,
    a_patrol_date,
    a_post,
    a_team,
    some_hot_days,
    some_phases,
)
from tests.strategies.people import (
    a_busy_time,
    a_pin,
    a_request,
    an_agency,
    an_officer,
    some_history,
    some_pairs,
)

# The horizon starts where weeks, months and holidays of 2010 change within a few days.
FIRST_DAYS = ("2010-08-28", "2010-09-17", "2010-09-27", "2010-10-06")


def random_problem(
    rng: Random,
    *,
    days: tuple[int, int] = (3, 9),
    most_officers: int = 5,
    size: tuple[int, int, int] | None = None,
) -> Problem:
    """A small plan that touches every field a rule reads; ``size``: areas, posts and shifts."""
    if size is None:
        n_areas = rng.choice([0, 1, 2, 2])
        size = n_areas, rng.randint(0 if n_areas else 1, 2), rng.choice([1, 2, 2, 3])
    first, length = dt.date.fromisoformat(rng.choice(FIRST_DAYS)), rng.randint(*days)
    areas = tuple(f"area-{n}" for n in range(size[0]))
    posts = tuple(f"post-{n}" for n in range(size[1]))
    shifts = rng.sample(SHIFTS, size[2])
    shift_ids = tuple(shift.id for shift in shifts)
    agencies = ("ga", "jj", "cg")[: rng.randint(1, min(3, most_officers))]
    officers = tuple(
        an_officer(
            rng, n, agencies[n] if n < len(agencies) else rng.choice(agencies), first, length
        )
        for n in range(rng.randint(len(agencies), most_officers))
    )
    strength = {a: sum(1 for o in officers if o.agency == a) for a in agencies}
    phases = some_phases(rng, first, length, areas)
    phases = tuple(
        phase.model_copy(update={"shifts": some(rng, shift_ids, 1)}) if chance(rng, 0.15) else phase
        for phase in phases
    )
    teams = [a_team(rng, strength)] if areas else []
    if areas and chance(rng, 0.4):
        teams.append(a_team(rng, strength, areas=some(rng, areas, 1), shifts=some(rng, shift_ids)))
    cadences = [a_cadence(rng)] if areas else []
    if areas and chance(rng, 0.7):
        cadences.append(a_cadence(rng, areas=some(rng, areas), phases=(phases[0].id,)))
    problem = Problem(
        name="random",
        start=first - dt.timedelta(days=2),
        end=first + dt.timedelta(days=length),
        calendar=rng.choice(["china", "weekends"]),
        agencies=tuple(an_agency(rng, agency) for agency in agencies),
        officers=officers,
        shifts=tuple(shifts),
        shifts_may_overlap=True,
        phases=phases,
        areas=tuple(
            Area(
                id=area,
                kind=rng.choice(AREA_KINDS),
                last_patrol=first - dt.timedelta(days=rng.randint(1, 5))
                if chance(rng, 0.5)
                else None,
                targets=some(rng, ("kind-0", "kind-1"), 1) if chance(rng, 0.9) else (),
            )
            for area in areas
        ),
        violation_kinds=tuple(
            ViolationKind(
                id=f"kind-{n}",
                competent=some(rng, agencies),
                places=(CompetentPlace(kind=rng.choice(AREA_KINDS), agencies=some(rng, agencies)),)
                if chance(rng, 0.5)
                else (),
                certified=chance(rng, 0.5),
                shifts=some(rng, shift_ids, 1) if chance(rng, 0.9) else (),
            )
            for n in range(2)
        ),
        vehicles=(Vehicle(id="car", areas=areas, seats=rng.choice([None, 1, 2, 3])),)
        if areas and chance(rng, 0.8)
        else (),
        posts=tuple(a_post(rng, post, bool(areas), shift_ids) for post in posts),
        teams=tuple(teams),
        cadences=tuple(cadences),
        markets=tuple(a_market(rng, n, areas, shift_ids, first) for n in range(rng.randint(0, 2)))
        if areas
        else (),
        patrol_dates=tuple(
            a_patrol_date(rng, areas, shift_ids, first, length) for _ in range(rng.randint(0, 2))
        ),
        covers=tuple(a_cover(rng, post, first, shift_ids) for post in posts),
        requests=tuple(
            a_request(rng, rng.choice(officers).id, first, length, shift_ids)
            for _ in range(rng.randint(0, 3))
        ),
        busy=tuple(
            a_busy_time(rng, rng.choice(officers).id, first, length)
            for _ in range(rng.randint(0, 4))
        ),
        owed_rests=tuple(
            OwedRest(
                officer=rng.choice(officers).id,
                earned=first - dt.timedelta(days=rng.randint(1, 6)),
                taken=first - dt.timedelta(days=1) if chance(rng, 0.2) else None,
            )
            for _ in range(rng.choice([0, 0, 1, 3]))
        ),
        pins=tuple(
            a_pin(rng, rng.choice(officers).id, first, length, shift_ids, areas, posts)
            for _ in range(rng.choice([0, 8, 16]))
        ),
        pairs=tuple(some_pairs(rng, officers)) if len(officers) > 1 and chance(rng, 0.7) else (),
        history=some_history(rng, first, officers, areas, posts, shift_ids),
    )
    # Drawn from the plan itself, so that nothing else of a sample depends on how much is drawn.
    given = problem.model_dump_json(exclude={"hot_days"}, exclude_defaults=True)
    own = Random(given)  # noqa: S311  # a seed, not a secret
    problem = _with_dates_after_it(own, _with_shifts_on_some_days(own, problem))
    problem = _with_areas_known(own, _with_what_was_before(own, problem))
    covers = tuple(_where_staffed(problem, cover) for cover in problem.covers)
    return changed(problem, hot_days=some_hot_days(own, first, length), covers=covers)


def _where_staffed(problem: Problem, cover: Cover) -> Cover:
    """The cover without the shifts in which its post is closed."""
    staffed = next(post.shifts for post in problem.posts if post.id == cover.post)
    kept = tuple(shift for shift in cover.shifts if not staffed or shift in staffed)
    return cover.model_copy(update={"shifts": kept})


def _with_shifts_on_some_days(rng: Random, problem: Problem) -> Problem:
    """The plan with shifts that apply on some kinds of day only, now and then."""
    if not chance(rng, 0.5):
        return problem
    shifts = tuple(
        shift.model_copy(update={"day_types": some(rng, tuple(DayType), 1)})
        if chance(rng, 0.6)
        else shift
        for shift in problem.shifts
    )
    return changed(problem, shifts=shifts)


def _with_dates_after_it(rng: Random, problem: Problem) -> Problem:
    """The plan with days after its end on which areas must be patrolled, or may not be.

    They leave a way on from some of the last days and from others none: an area is closed for as
    long as its longest gap reaches over, or must be patrolled before its shortest is over.
    """
    entries = []
    for area in problem.areas:
        cadence = problem.cadence(problem.rostered_phases[-1].id, area.id)
        if cadence is None or chance(rng, 0.1):
            continue
        days = [problem.last + dt.timedelta(days=day) for day in range(1, max(2, cadence.max_gap))]
        market = any(m.must and area.id in m.areas for m in problem.markets)
        entry = (
            PatrolDate(want="must", dates=days[:1])
            if market or chance(rng, 0.2)
            else PatrolDate(want="forbidden", dates=days)
        )
        entries.append(entry.model_copy(update={"areas": (area.id,) if chance(rng, 0.8) else ()}))
    return changed(problem, patrol_dates=(*problem.patrol_dates, *entries))


def _with_areas_known(rng: Random, problem: Problem) -> Problem:
    """The plan with officers who know areas, and teams that ask for some who do."""
    areas = tuple(area.id for area in problem.areas)
    often = rng.choice([0, 0.5])
    officers = tuple(
        officer.model_copy(update={"familiar": some(rng, areas) if chance(rng, often) else ()})
        for officer in problem.officers
    )
    teams = tuple(
        team.model_copy(update={"familiar_officers": rng.choice([0, 1, min(2, team.size)])})
        if often
        else team
        for team in problem.teams
    )
    return changed(problem, officers=officers, teams=teams)


def _with_what_was_before(rng: Random, problem: Problem) -> Problem:
    """The plan with burdens, balances and duties since some date counted in fair shares."""
    burdens = rng.choice([(None,), (None, 1, 2.5), (0, 2)])
    return changed(
        problem,
        shifts=tuple(
            shift.model_copy(update={"burden": rng.choice(burdens)}) for shift in problem.shifts
        ),
        agencies=tuple(
            agency.model_copy(update={"carried": rng.choice([0, 0, 2, -0.5])})
            for agency in problem.agencies
        ),
        fair_since=problem.first - dt.timedelta(days=rng.randint(0, 8))
        if chance(rng, 0.4)
        else None,
        balances=tuple(
            Balance(
                officer=rng.choice(problem.officers).id,
                carried=rng.choice([1, -1, 0.5, -2.25]),
                measure=rng.choice(["duties", "duties", "burden", "leader-days"]),
                over=rng.choice(["all-days", "all-days", "nights", "rest-days"]),
            )
            for _ in range(rng.choice([0, 0, 1, 3]))
        ),
    )


def changed(problem: Problem, **changes: Any) -> Problem:
    """The same plan with other fields; nothing derived from the old ones is kept."""
    return Problem(**({name: getattr(problem, name) for name in Problem.model_fields} | changes))


def without_teams(rng: Random, problem: Problem) -> Problem:
    """The same plan, in which patrols of some area or shift have no team to meet."""
    scope = rng.choice(["areas", "shifts"])
    ids = [entry.id for entry in getattr(problem, scope)]
    teams = (team.model_copy(update={scope: tuple(ids[:1])}) for team in problem.teams)
    return changed(problem, teams=tuple(teams))


def without_clashes(problem: Problem) -> Problem:
    """The same plan without what random plans contradict themselves about most often."""
    officers = tuple(o.model_copy(update={"status": None}) for o in problem.officers)
    cars = tuple(car.model_copy(update={"seats": None}) for car in problem.vehicles)
    return changed(problem, pins=(), officers=officers, vehicles=cars)
