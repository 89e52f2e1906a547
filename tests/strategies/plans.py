"""Small random plans."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from random import Random
from typing import Any

from patrol_scheduler.days import BRANCHES, DayType, Market
from patrol_scheduler.problem import (
    Agency,
    Area,
    Balance,
    Busy,
    Cadence,
    Certificate,
    CompetentPlace,
    Cover,
    HotDays,
    Leave,
    Officer,
    OwedRest,
    Pair,
    PastDuty,
    PatrolDate,
    Phase,
    Pin,
    Post,
    Problem,
    Request,
    Shift,
    Team,
    Vehicle,
    ViolationKind,
)

# The horizon starts where weeks, months and holidays of 2010 change within a few days.
FIRST_DAYS = ("2010-08-28", "2010-09-17", "2010-09-27", "2010-10-06")
SHIFTS = (
    Shift(id="morning", start="08:00", end="12:00"),
    Shift(id="noon", start="10:00", end="15:30"),
    Shift(id="evening", start="18:00", end="21:00"),
    Shift(id="night", start="22:00", end="06:00"),
    Shift(id="round", start="08:00", end="08:00"),
)
AREA_KINDS = ("town", "main-road")
PRICES: tuple[int | float, ...] = (0, 1, 3, 0.1, 2.5)


def chance(rng: Random, probability: float) -> bool:
    """True with the given probability."""
    return rng.random() < probability


def some(rng: Random, items: tuple[Any, ...], at_least: int = 0) -> tuple[Any, ...]:
    """A random part of the items, in their order."""
    kept = rng.sample(range(len(items)), rng.randint(at_least, len(items)))
    return tuple(items[i] for i in sorted(kept))


def _phases(rng: Random, first: dt.date, days: int, areas: tuple[str, ...]) -> tuple[Phase, ...]:
    """One phase, or two that touch or leave a day between them; sometimes one before them."""
    split = rng.randint(1, days - 2) if days >= 4 and chance(rng, 0.5) else None
    hole = rng.randint(0, 1)
    spans = [(0, days - 1)] if split is None else [(0, split - 1), (split + hole, days - 1)]
    phases = [
        Phase(
            id=f"phase-{n}",
            start=first + dt.timedelta(days=start),
            end=first + dt.timedelta(days=end),
            areas=some(rng, areas, 1) if areas and chance(rng, 0.25) else (),
            group=rng.choice(["routine", "campaign"]),
            mode=rng.choice(["presence", "enforcement"]),
            patrol_count=rng.choice(["fewest", "fewest", "fair", "most", "most"]),
        )
        for n, (start, end) in enumerate(spans)
    ]
    if chance(rng, 0.2):
        before = first - dt.timedelta(days=2)
        phases.append(Phase(id="before", start=before, end=before, rostered=False))
    return tuple(phases)


def _officer(rng: Random, number: int, agency: str, first: dt.date, days: int) -> Officer:
    def around() -> dt.date:
        return first + dt.timedelta(days=rng.randint(-1, days))

    start = around()
    return Officer(
        id=f"P{number}",
        agency=agency,
        status=rng.choice([None, "police", "auxiliary-police", "assistant", "cadre"]),
        labour=rng.choice([None, None, "contract", "civil-servant", "none"]),
        leader=chance(rng, 0.5),
        leader_on_duty=chance(rng, 0.7),
        driver=chance(rng, 0.5),
        certificates=rng.choice(
            [
                (),
                (Certificate(),),
                (Certificate(valid_to=around()),),
                (Certificate(valid_from=start, valid_to=start),),
            ]
        ),
        leave=(Leave(start=start, end=start + dt.timedelta(days=rng.randint(0, 2))),)
        if chance(rng, 0.4)
        else (),
        joins=around() if chance(rng, 0.15) else None,
        departs=around() if chance(rng, 0.15) else None,
        groups=rng.choice([(), (), ("routine",), ("campaign",), ("routine", "campaign")]),
        full_time_percent=rng.choice([100, 100, 100, 50, 30]),
        duties_a_week=rng.randint(1, 4) if chance(rng, 0.2) else None,
        duties_a_month=rng.randint(1, 6) if chance(rng, 0.2) else None,
        days_between=rng.randint(1, 3) if chance(rng, 0.2) else None,
        night_ok=chance(rng, 0.7),
    )


def _more(rng: Random, members: dict[str, int]) -> dict[str, int]:
    """For some agencies as many officers or one or two more; mostly for none."""
    if chance(rng, 0.6):
        return {}
    return {agency: n + rng.randint(0, 2) for agency, n in members.items() if chance(rng, 0.6)}


def _team(rng: Random, officers: dict[str, int], **scope: Any) -> Team:
    """A team that the agencies' officers can fill when nobody is away."""
    members = {agency: rng.randint(0, min(2, n)) for agency, n in officers.items()}
    if not any(members.values()):
        members[next(agency for agency, n in officers.items() if n)] = 1
    size, spare = sum(members.values()), sum(officers.values()) - sum(members.values())
    return Team(
        members=members,
        extra=rng.randint(0, min(1, spare)),
        ideal=_more(rng, members),
        most=_more(rng, members),
        day_types=some(rng, tuple(DayType), 2) if scope and chance(rng, 0.3) else (),
        certified={a: rng.randint(0, n) for a, n in members.items() if chance(rng, 0.7)},
        leaders=rng.choice([0, 1, min(2, size)]),
        drivers=rng.choice([0, 1, min(2, size)]),
        auxiliaries=rng.choice([None, None, 0, 1]),
        **scope,
    )


def _cadence(rng: Random, **scope: Any) -> Cadence:
    low = rng.randint(0, 3)
    return Cadence(
        min_days=low,
        max_days=max(1, low + rng.randint(0, 2)),
        counted=rng.choice(["date-difference", "free-days"]) if low < 3 else "date-difference",
        **scope,
    )


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
        _officer(rng, n, agencies[n] if n < len(agencies) else rng.choice(agencies), first, length)
        for n in range(rng.randint(len(agencies), most_officers))
    )
    strength = {a: sum(1 for o in officers if o.agency == a) for a in agencies}
    phases = _phases(rng, first, length, areas)
    phases = tuple(
        phase.model_copy(update={"shifts": some(rng, shift_ids, 1)}) if chance(rng, 0.15) else phase
        for phase in phases
    )
    teams = [_team(rng, strength)] if areas else []
    if areas and chance(rng, 0.4):
        teams.append(_team(rng, strength, areas=some(rng, areas, 1), shifts=some(rng, shift_ids)))
    cadences = [_cadence(rng)] if areas else []
    if areas and chance(rng, 0.7):
        cadences.append(_cadence(rng, areas=some(rng, areas), phases=(phases[0].id,)))
    problem = Problem(
        name="random",
        start=first - dt.timedelta(days=2),
        end=first + dt.timedelta(days=length),
        calendar=rng.choice(["china", "weekends"]),
        agencies=tuple(_agency(rng, agency) for agency in agencies),
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
        posts=tuple(_post(rng, post, bool(areas), shift_ids) for post in posts),
        teams=tuple(teams),
        cadences=tuple(cadences),
        markets=tuple(_market(rng, n, areas, shift_ids, first) for n in range(rng.randint(0, 2)))
        if areas
        else (),
        patrol_dates=tuple(
            _patrol_date(rng, areas, shift_ids, first, length) for _ in range(rng.randint(0, 2))
        ),
        covers=tuple(_cover(rng, post, first, shift_ids) for post in posts),
        requests=tuple(
            _request(rng, rng.choice(officers).id, first, length, shift_ids)
            for _ in range(rng.randint(0, 3))
        ),
        busy=tuple(
            _busy(rng, rng.choice(officers).id, first, length) for _ in range(rng.randint(0, 4))
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
            _pin(rng, rng.choice(officers).id, first, length, shift_ids, areas, posts)
            for _ in range(rng.choice([0, 8, 16]))
        ),
        pairs=tuple(_pairs(rng, officers)) if len(officers) > 1 and chance(rng, 0.7) else (),
        history=_history(rng, first, officers, areas, posts, shift_ids),
    )
    # Drawn from the plan itself, so that nothing else of a sample depends on how much is drawn.
    given = problem.model_dump_json(exclude={"hot_days"}, exclude_defaults=True)
    own = Random(given)  # noqa: S311  # a seed, not a secret
    problem = _with_dates_after_it(own, _with_shifts_on_some_days(own, problem))
    problem = _with_areas_known(own, _with_what_was_before(own, problem))
    covers = tuple(_where_staffed(problem, cover) for cover in problem.covers)
    return changed(problem, hot_days=_hot_days(own, first, length), covers=covers)


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


def _hot_days(rng: Random, first: dt.date, length: int) -> tuple[HotDays, ...]:
    """A forecast of heat for some days of the plan, or a little around it; often none."""
    days = [
        first + dt.timedelta(days=rng.randint(-1, length)) for _ in range(rng.choice([0, 0, 1, 3]))
    ]
    return tuple(
        HotDays(
            start=day,
            end=day + dt.timedelta(days=rng.randint(0, 1)),
            highest=rng.choice([36, 37, 38.5, 38.5, 40, 41]),
        )
        for day in days
    )


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


def _pin(
    rng: Random,
    officer: str,
    first: dt.date,
    days: int,
    shifts: tuple[str, ...],
    areas: tuple[str, ...],
    posts: tuple[str, ...],
) -> Pin:
    """Something settled about an officer, inside the plan or a little around it."""
    in_area = {"area": rng.choice(areas)} if areas else {}
    place = rng.choice([{}, in_area, in_area, {"post": rng.choice(posts)} if posts else {}])
    kinds = ["must", "forbidden", "prefer"]
    return Pin(
        date=first + dt.timedelta(days=rng.randint(-1, days)),
        officer=officer,
        kind=rng.choice(kinds),
        shift=rng.choice([None, rng.choice(shifts)]),
        **place,
    )


def _pairs(rng: Random, officers: tuple[Officer, ...]) -> Iterator[Pair]:
    one, other = rng.sample([officer.id for officer in officers], 2)
    yield Pair(
        a=one,
        b=other,
        kind=rng.choice(["must-together", "never-together", "rather-together", "rather-apart"]),
        reason="回避",
    )


def _cover(rng: Random, post: str, first: dt.date, shifts: tuple[str, ...]) -> Cover:
    least = rng.randint(0, 2)
    return Cover(
        post=post,
        at_least=least,
        at_most=least + rng.randint(0, 1) if chance(rng, 0.6) else None,
        shifts=some(rng, shifts),
        dates=tuple(first + dt.timedelta(days=d) for d in range(3)) if chance(rng, 0.3) else (),
        price_below=rng.choice(PRICES) if chance(rng, 0.4) else None,
        price_above=rng.choice(PRICES) if chance(rng, 0.4) else None,
    )


def _request(
    rng: Random, officer: str, first: dt.date, length: int, shifts: tuple[str, ...]
) -> Request:
    start = first + dt.timedelta(days=rng.randint(-2, length))
    return Request(
        officer=officer,
        start=start,
        end=start + dt.timedelta(days=rng.randint(0, 3)),
        want=rng.choice(["on", "off"]),
        shift=rng.choice([None, *shifts]),
        weight=rng.randint(1, 3),
    )


def _market(
    rng: Random, number: int, areas: tuple[str, ...], shifts: tuple[str, ...], first: dt.date
) -> Market:
    return Market(
        id=f"market-{number}",
        areas=some(rng, areas, 1),
        every=rng.choice(["lunar-digit", "solar-digit", "weekday", "branch", "date"]),
        digits=some(rng, tuple(range(10)), 2),
        weekdays=some(rng, tuple(range(1, 8)), 1),
        branches=some(rng, BRANCHES, 2),
        dates=tuple(first + dt.timedelta(days=d) for d in (0, 3)),
        shifts=some(rng, shifts, 1) if chance(rng, 0.3) else (),
        must=chance(rng, 0.6),
    )


def _patrol_date(
    rng: Random, areas: tuple[str, ...], shifts: tuple[str, ...], first: dt.date, length: int
) -> PatrolDate:
    dates = tuple(first + dt.timedelta(days=rng.randint(-1, length)) for _ in range(2))
    return PatrolDate(
        want=rng.choice(["must", "forbidden"]),
        dates=dates,
        areas=some(rng, areas),
        shifts=some(rng, shifts) if chance(rng, 0.5) else (),
    )


def _agency(rng: Random, agency: str) -> Agency:
    made = Agency(
        id=agency,
        share=rng.randint(0, 3) if chance(rng, 0.8) else None,
        lends_a_day=rng.randint(0, 2) if chance(rng, 0.15) else None,
        lends_a_week=rng.randint(2, 9) if chance(rng, 0.15) else None,
        lends_percent=rng.choice([30, 50, 100]) if chance(rng, 0.15) else None,
    )
    hours = (None, None, None, 0, 12, 36.5)[zlib.crc32(repr(made).encode()) % 6]
    return made.model_copy(update={"rest_after_home_duty": hours})


def _post(rng: Random, post: str, patrolled: bool, shifts: tuple[str, ...]) -> Post:
    """A place, or the leader on duty where there is something to lead."""
    if patrolled and chance(rng, 0.6):
        return Post(
            id=post,
            kind="leader-on-duty",
            shifts=some(rng, shifts, 1) if chance(rng, 0.4) else (),
        )
    return Post(id=post)


def _busy(rng: Random, officer: str, first: dt.date, length: int) -> Busy:
    day = first + dt.timedelta(days=rng.randint(-2, length))
    start = dt.datetime.combine(day, dt.time(rng.choice([0, 6, 8, 12, 16, 21])))
    return Busy(
        officer=officer,
        start=start,
        end=start + dt.timedelta(hours=rng.choice([1, 4, 24, 48])),
        kind=rng.choice(["training", "home-duty", "home-duty"]),
        hard=chance(rng, 0.5),
    )


def _history(
    rng: Random,
    first: dt.date,
    officers: tuple[Officer, ...],
    areas: tuple[str, ...],
    posts: tuple[str, ...],
    shifts: tuple[str, ...],
) -> tuple[PastDuty, ...]:
    """None, few or so many past duties that they break rules by themselves."""
    density = rng.choice([0.0, 0.15, 0.6])
    places: list[tuple[str | None, str | None]] = [(None, None)]
    places += [(area, None) for area in areas] + [(None, post) for post in posts]
    return tuple(
        PastDuty(
            date=first - dt.timedelta(days=back),
            shift=rng.choice(shifts),
            officer=officer.id,
            area=place[0],
            post=place[1],
        )
        for back in range(1, 9)
        for officer in officers
        if density and chance(rng, density)
        for place in [rng.choice(places)]
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
