"""Small random problems, rosters and rules, for whatever must hold for every plan.

Every function takes a source of randomness with the interface of ``random.Random``; hypothesis
gives one that shrinks (:func:`hypothesis.strategies.randoms`), a seeded one gives fixed samples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

from patrol_scheduler.days import BRANCHES, DayType, Market
from patrol_scheduler.problem import (
    Agency,
    Area,
    Busy,
    Cadence,
    Certificate,
    Cover,
    Leave,
    Officer,
    PastDuty,
    PatrolDate,
    Phase,
    Post,
    Problem,
    Request,
    Shift,
    Team,
    Vehicle,
    ViolationKind,
)
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules import (
    AgencyShare,
    BusyTimes,
    CadenceRule,
    Certificates,
    Composition,
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    CoverRule,
    DaysBetweenDuties,
    Driver,
    DutiesAtMost,
    Effort,
    FairShare,
    HighRiskShifts,
    HoursAtLeast,
    HoursAtMost,
    HoursBetweenDuties,
    Leader,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    MarketDays,
    OneDutyADay,
    OnLeave,
    PatrolDates,
    PatrolDays,
    PatrolsAtMost,
    PhaseGroup,
    Requests,
    RestAfterHomeDuty,
    RestDays,
    Rule,
    SharedCar,
    ShiftRotation,
    ShiftSuccession,
    WeekendsAtMost,
    WithinPhase,
)
from patrol_scheduler.validation import faults_of

# The horizon starts where weeks, months and holidays of 2010 change within a few days.
FIRST_DAYS = ("2010-08-28", "2010-09-17", "2010-09-27", "2010-10-06")
SHIFTS = (
    Shift(id="morning", start="08:00", end="12:00"),
    Shift(id="noon", start="10:00", end="15:30"),
    Shift(id="evening", start="18:00", end="21:00"),
    Shift(id="night", start="22:00", end="06:00"),
    Shift(id="round", start="08:00", end="08:00"),
)
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
    )


def _team(rng: Random, officers: dict[str, int], **scope: Any) -> Team:
    """A team that the agencies' officers can fill when nobody is away."""
    members = {agency: rng.randint(0, min(2, n)) for agency, n in officers.items()}
    if not any(members.values()):
        members[next(agency for agency, n in officers.items() if n)] = 1
    size, spare = sum(members.values()), sum(officers.values()) - sum(members.values())
    return Team(
        members=members,
        extra=rng.randint(0, min(1, spare)),
        certified={a: rng.randint(0, n) for a, n in members.items() if chance(rng, 0.7)},
        leaders=rng.choice([0, 1, min(2, size)]),
        drivers=rng.choice([0, 1, min(2, size)]),
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
    return Problem(
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
                last_patrol=first - dt.timedelta(days=rng.randint(1, 5))
                if chance(rng, 0.5)
                else None,
                targets=some(rng, ("kind-0", "kind-1"), 1) if chance(rng, 0.7) else (),
            )
            for area in areas
        ),
        violation_kinds=tuple(
            ViolationKind(
                id=f"kind-{n}",
                competent=some(rng, agencies),
                shifts=some(rng, shift_ids, 1) if chance(rng, 0.7) else (),
            )
            for n in range(2)
        ),
        vehicles=(Vehicle(id="car", areas=areas),) if areas and chance(rng, 0.8) else (),
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
        history=_history(rng, first, officers, areas, posts, shift_ids),
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
    return Agency(
        id=agency,
        share=rng.randint(0, 3) if chance(rng, 0.8) else None,
        lends_a_day=rng.randint(0, 2) if chance(rng, 0.15) else None,
        lends_a_week=rng.randint(2, 9) if chance(rng, 0.15) else None,
        lends_percent=rng.choice([30, 50, 100]) if chance(rng, 0.15) else None,
    )


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


def random_roster(rng: Random, problem: Problem, *, tidy: bool | None = None) -> Roster:
    """Any roster inside the horizon, legal or not, in which no line stands twice.

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
                        members=tuple(Member(officer=officer) for officer in ids),
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
    return Roster(patrols=tuple(patrols), post_duties=tuple(duties))


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


def _scope(rng: Random, problem: Problem) -> dict[str, Any]:
    """Everybody, some officers, or one agency."""
    kind = rng.choice(["all", "all", "officers", "agency"])
    if kind == "officers":
        return {"officers": tuple(o.id for o in some(rng, problem.officers, 1))}
    if kind == "agency":
        return {"agencies": (rng.choice(problem.agencies).id,)}
    return {}


def _period(rng: Random) -> dict[str, Any]:
    return {
        "per": rng.choice(["week", "month", "plan"]),
        "week_starts": rng.choice(["monday", "first-day"]),
    }


def _priced(rng: Random) -> dict[str, Any]:
    return {"price": rng.choice(PRICES), "level": rng.choice(["fairness", "wishes"])}


def _shifts(rng: Random, problem: Problem, often: float) -> tuple[str, ...]:
    """Some shifts of the plan, or none."""
    ids = tuple(shift.id for shift in problem.shifts)
    return some(rng, ids, 1) if chance(rng, often) else ()


def _rest(rng: Random) -> dict[str, Any]:
    days = rng.randint(1, 7)
    return {"days": days, "free": rng.randint(0, days)}


Variant = Callable[[Random, Problem], Rule]

VARIANTS: dict[type[Rule], Variant] = {
    WithinPhase: lambda rng, problem: WithinPhase(),
    CadenceRule: lambda rng, problem: CadenceRule(price=rng.choice(PRICES)),
    PatrolsAtMost: lambda rng, problem: PatrolsAtMost(
        patrols=rng.randint(0, 1) if chance(rng, 0.8) else 2,
        per=rng.choice(["day", "shift"]),
        areas=tuple(area.id for area in some(rng, problem.areas)) if chance(rng, 0.3) else (),
        shifts=_shifts(rng, problem, 0.3),
    ),
    ShiftRotation: lambda rng, problem: ShiftRotation(
        shifts=some(rng, tuple(s.id for s in problem.shifts), 1),
        areas=some(rng, tuple(a.id for a in problem.areas)),
        of=rng.randint(1, 3),
    ),
    SharedCar: lambda rng, problem: SharedCar(),
    HighRiskShifts: lambda rng, problem: HighRiskShifts(**_priced(rng)),
    RestAfterHomeDuty: lambda rng, problem: RestAfterHomeDuty(
        hours=rng.choice([12, 24, 48]), long_hours=rng.choice([1, 1, 24]), **_scope(rng, problem)
    ),
    PhaseGroup: lambda rng, problem: PhaseGroup(**_scope(rng, problem)),
    Lending: lambda rng, problem: Lending(),
    AgencyShare: lambda rng, problem: AgencyShare(**_priced(rng)),
    MarketDays: lambda rng, problem: MarketDays(price=rng.choice(PRICES)),
    PatrolDates: lambda rng, problem: PatrolDates(price=rng.choice(PRICES)),
    PatrolDays: lambda rng, problem: PatrolDays(
        day_types=some(rng, tuple(DayType), 2), areas=some(rng, tuple(a.id for a in problem.areas))
    ),
    Composition: lambda rng, problem: Composition(price=rng.choice(PRICES)),
    Certificates: lambda rng, problem: Certificates(price=rng.choice(PRICES)),
    Leader: lambda rng, problem: Leader(price=rng.choice(PRICES)),
    Driver: lambda rng, problem: Driver(price=rng.choice(PRICES)),
    CoverRule: lambda rng, problem: CoverRule(**_priced(rng)),
    LeaderOnDuty: lambda rng, problem: LeaderOnDuty(price=rng.choice(PRICES)),
    BusyTimes: lambda rng, problem: BusyTimes(**_priced(rng), **_scope(rng, problem)),
    OnLeave: lambda rng, problem: OnLeave(**_scope(rng, problem)),
    OneDutyADay: lambda rng, problem: OneDutyADay(**_scope(rng, problem)),
    DaysBetweenDuties: lambda rng, problem: DaysBetweenDuties(
        days=rng.randint(1, 5), **_scope(rng, problem)
    ),
    HoursBetweenDuties: lambda rng, problem: HoursBetweenDuties(
        hours=rng.choice([0, 2, 12, 16.5, 24, 40, 60]), **_scope(rng, problem)
    ),
    DutiesAtMost: lambda rng, problem: DutiesAtMost(
        duties=rng.randint(0, 5),
        shifts=_shifts(rng, problem, 0.5),
        **_period(rng),
        **_scope(rng, problem),
    ),
    HoursAtMost: lambda rng, problem: HoursAtMost(
        hours=rng.choice([0, 8, 11.5, 12, 24, 40]), **_period(rng), **_scope(rng, problem)
    ),
    RestDays: lambda rng, problem: RestDays(**_rest(rng), **_scope(rng, problem)),
    ShiftSuccession: lambda rng, problem: ShiftSuccession(
        shifts=_shifts(rng, problem, 0.9),
        next_shifts=_shifts(rng, problem, 0.9),
        **_scope(rng, problem),
    ),
    HoursAtLeast: lambda rng, problem: HoursAtLeast(
        hours=rng.choice([0, 2, 4.1, 8, 16]), **_scope(rng, problem)
    ),
    ConsecutiveDutyDays: lambda rng, problem: ConsecutiveDutyDays(
        days=rng.randint(1, 4), **_scope(rng, problem)
    ),
    ConsecutiveFreeDays: lambda rng, problem: ConsecutiveFreeDays(
        days=rng.randint(1, 4), **_scope(rng, problem)
    ),
    WeekendsAtMost: lambda rng, problem: WeekendsAtMost(
        weekends=rng.randint(0, 2), **_scope(rng, problem)
    ),
    FairShare: lambda rng, problem: FairShare(
        over=rng.choice(["all-days", "rest-days", "statutory-holidays"]), **_priced(rng)
    ),
    LeaderShare: lambda rng, problem: LeaderShare(
        over=rng.choice(["all-days", "all-days", "rest-days", "statutory-holidays"]),
        price=rng.choice(PRICES[1:]),
        level=rng.choice(["fairness", "wishes"]),
    ),
    Effort: lambda rng, problem: Effort(**_priced(rng), **_scope(rng, problem)),
    Requests: lambda rng, problem: Requests(**_priced(rng), **_scope(rng, problem)),
}
"""A rule with random parameters, for every rule that there is."""


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
        problem = changed(problem, teams=(Team(members=one), *problem.teams[1:]))
    problem = _sensible(problem)
    if faults_of(problem):  # most often dates that clash
        posts = tuple(post.model_copy(update={"kind": "post"}) for post in problem.posts)
        problem = changed(problem, markets=(), patrol_dates=(), posts=posts)
    kinds = [kind for kind in VARIANTS if kind not in (WithinPhase, OneDutyADay)]
    stated = [VARIANTS[kind](rng, problem) for kind in kinds if chance(rng, 0.2)]
    return changed(problem, rules=tuple(stated))


def _sensible(problem: Problem) -> Problem:
    """The plan without what nobody would let through: what can never be, or says nothing."""
    officers = tuple(
        officer.model_copy(
            update={
                "certificates": tuple(
                    certificate
                    for certificate in officer.certificates
                    if certificate.valid_to is None or certificate.valid_to >= problem.first
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
