"""Random people: officers and agencies, what is asked of them, and what they did before."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from random import Random

from patrol_scheduler.problem import (
    Agency,
    Busy,
    Certificate,
    Leave,
    Officer,
    Pair,
    PastDuty,
    Pin,
    Request,
)
from tests.strategies.chances import chance


def an_officer(rng: Random, number: int, agency: str, first: dt.date, days: int) -> Officer:
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


def a_pin(
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


def some_pairs(rng: Random, officers: tuple[Officer, ...]) -> Iterator[Pair]:
    one, other = rng.sample([officer.id for officer in officers], 2)
    yield Pair(
        a=one,
        b=other,
        kind=rng.choice(["must-together", "never-together", "rather-together", "rather-apart"]),
        reason="回避",
    )


def a_request(
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


def an_agency(rng: Random, agency: str) -> Agency:
    made = Agency(
        id=agency,
        share=rng.randint(0, 3) if chance(rng, 0.8) else None,
        lends_a_day=rng.randint(0, 2) if chance(rng, 0.15) else None,
        lends_a_week=rng.randint(2, 9) if chance(rng, 0.15) else None,
        lends_percent=rng.choice([30, 50, 100]) if chance(rng, 0.15) else None,
    )
    hours = (None, None, None, 0, 12, 36.5)[zlib.crc32(repr(made).encode()) % 6]
    return made.model_copy(update={"rest_after_home_duty": hours})


def a_busy_time(rng: Random, officer: str, first: dt.date, length: int) -> Busy:
    day = first + dt.timedelta(days=rng.randint(-2, length))
    start = dt.datetime.combine(day, dt.time(rng.choice([0, 6, 8, 12, 16, 21])))
    return Busy(
        officer=officer,
        start=start,
        end=start + dt.timedelta(hours=rng.choice([1, 4, 24, 48])),
        kind=rng.choice(["training", "home-duty", "home-duty"]),
        hard=chance(rng, 0.5),
    )


def some_history(
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
