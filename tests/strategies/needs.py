"""Random needs: phases, areas, cadences, teams, posts, covers and dates."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from patrol_scheduler.days import BRANCHES, DayType, Market
from patrol_scheduler.problem import (
    Cadence,
    Cover,
    HotDays,
    PatrolDate,
    Phase,
    Post,
    Shift,
    Team,
)
from tests.strategies.chances import PRICES, chance, some

SHIFTS = (
    Shift(id="morning", start="08:00", end="12:00"),
    Shift(id="noon", start="10:00", end="15:30"),
    Shift(id="evening", start="18:00", end="21:00"),
    Shift(id="night", start="22:00", end="06:00"),
    Shift(id="round", start="08:00", end="08:00"),
)
AREA_KINDS = ("town", "main-road")


def some_phases(
    rng: Random, first: dt.date, days: int, areas: tuple[str, ...]
) -> tuple[Phase, ...]:
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


def _more(rng: Random, members: dict[str, int]) -> dict[str, int]:
    """For some agencies as many officers or one or two more; mostly for none."""
    if chance(rng, 0.6):
        return {}
    return {agency: n + rng.randint(0, 2) for agency, n in members.items() if chance(rng, 0.6)}


def a_team(rng: Random, officers: dict[str, int], **scope: Any) -> Team:
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


def a_cadence(rng: Random, **scope: Any) -> Cadence:
    low = rng.randint(0, 3)
    return Cadence(
        min_days=low,
        max_days=max(1, low + rng.randint(0, 2)),
        counted=rng.choice(["date-difference", "free-days"]) if low < 3 else "date-difference",
        **scope,
    )


def some_hot_days(rng: Random, first: dt.date, length: int) -> tuple[HotDays, ...]:
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


def a_cover(rng: Random, post: str, first: dt.date, shifts: tuple[str, ...]) -> Cover:
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


def a_market(
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


def a_patrol_date(
    rng: Random, areas: tuple[str, ...], shifts: tuple[str, ...], first: dt.date, length: int
) -> PatrolDate:
    dates = tuple(first + dt.timedelta(days=rng.randint(-1, length)) for _ in range(2))
    return PatrolDate(
        want=rng.choice(["must", "forbidden"]),
        dates=dates,
        areas=some(rng, areas),
        shifts=some(rng, shifts) if chance(rng, 0.5) else (),
    )


def a_post(rng: Random, post: str, patrolled: bool, shifts: tuple[str, ...]) -> Post:
    """A place, or the leader on duty where there is something to lead."""
    if patrolled and chance(rng, 0.6):
        return Post(
            id=post,
            kind="leader-on-duty",
            shifts=some(rng, shifts, 1) if chance(rng, 0.4) else (),
        )
    return Post(id=post)
