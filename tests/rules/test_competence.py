"""Whoever may act against an offence is there where it is looked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.problem import (
    Agency,
    Area,
    Certificate,
    CompetentPlace,
    Officer,
    Phase,
    Problem,
    Team,
    ViolationKind,
)
from patrol_scheduler.rules import Columns, Competent, Level

from .worked import Example, Found, plan

AUGUST = (dt.date(2010, 8, 2), dt.date(2010, 8, 15))
STAFF = (
    Officer(id="P1", agency="police", certificates=(Certificate(valid_to=dt.date(2010, 8, 4)),)),
    Officer(id="P2", agency="police"),
    Officer(id="C1", agency="city", certificates=(Certificate(),)),
    Officer(id="C2", agency="city"),
)
PARKING = ViolationKind(
    id="parking",
    name="乱停乱靠",
    competent=("city",),
    places=(
        CompetentPlace(kind="main-road", agencies=("city",)),
        CompetentPlace(kind="main-road", agencies=("police",)),
    ),
)
STALLS = ViolationKind(id="stalls", competent=("city",))


def targeted(
    *kinds: ViolationKind, mode: str = "presence", team: Team | None = None, **more: Any
) -> Problem:
    targets = tuple(kind.id for kind in kinds)
    return plan(
        officers=STAFF,
        violation_kinds=kinds,
        areas=(
            Area(id="town", kind="town", targets=targets),
            Area(id="road", kind="main-road", targets=targets),
        ),
        phases=(Phase(id="routine", start=AUGUST[0], end=AUGUST[1], mode=mode),),
        teams=(team or Team(members={}, extra=2),),
        **more,
    )


def nobody(area: str, kinds: str, agencies: str, price: int = 100) -> Found:
    return Found(
        f"2010-08-03 day巡逻{area}：要查处{kinds}，主管的{agencies}没有人在队。",
        f"2010-08-03 day, patrol of {area}: it looks for {kinds}, but nobody of {agencies}, "
        "who may act, is there.",
        "shortage",
        "2010-08-03",
        1,
        price,
    )


EXAMPLES = (
    Example(
        "in the town the city's officers act, on the main road the police",
        Competent(),
        ("2010-08-03 town day C1 C2", "2010-08-03 road day P1 P2"),
        (),
        targeted(PARKING),
    ),
    Example(
        "each in the other's place",
        Competent(price=30),
        ("2010-08-03 town day P1 P2", "2010-08-03 road day C1 C2"),
        (
            nobody("town", "乱停乱靠", "city", 30),
            nobody("road", "乱停乱靠", "police", 30),
        ),
        targeted(PARKING),
    ),
    Example(
        "one officer acts against every kind of the same agency",
        Competent(),
        ("2010-08-03 town day C2 P1", "2010-08-05 road day P1 C2"),
        (),
        targeted(PARKING, STALLS),
    ),
    Example(
        "one missing agency is one shortage, whatever the number of kinds",
        Competent(),
        ("2010-08-03 town day P1 P2",),
        (nobody("town", "乱停乱靠/stalls", "city"),),
        targeted(PARKING, STALLS),
    ),
    Example(
        "any of several agencies",
        Competent(),
        ("2010-08-03 town day P2", "2010-08-05 town day C2"),
        (),
        targeted(ViolationKind(id="order", competent=("police", "city"))),
    ),
    Example(
        "nobody of several agencies, which are told by their names",
        Competent(),
        ("2010-08-03 town day",),
        (nobody("town", "order", "公安/city"),),
        targeted(
            ViolationKind(id="order", competent=("police", "city")),
            agencies=(Agency(id="police", name="公安"), Agency(id="city")),
        ),
    ),
    Example(
        "a certificate on an enforcement patrol, on its last day and the day after",
        Competent(),
        ("2010-08-04 town day P1 P2", "2010-08-05 town day P1 P2"),
        (
            Found(
                "2010-08-05 day执法巡逻town：要查处order，主管的police没有持有效执法证的人在队。",
                "2010-08-05 day, enforcement patrol of town: it looks for order, but nobody of "
                "police with a valid certificate is there.",
                "shortage",
                "2010-08-05",
                1,
                100,
            ),
        ),
        targeted(
            ViolationKind(id="order", competent=("police",), certified=True), mode="enforcement"
        ),
    ),
    Example(
        "no certificate where no penalties are imposed",
        Competent(),
        ("2010-08-05 town day P2",),
        (),
        targeted(ViolationKind(id="order", competent=("police",), certified=True)),
    ),
    Example(
        "what the team itself asks is asked there",
        Competent(),
        ("2010-08-05 town day C1",),
        (),
        targeted(
            ViolationKind(id="order", competent=("police",)), team=Team(members={"police": 1})
        ),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


@pytest.mark.parametrize(
    ("team", "certified", "rows"),
    [
        (Team(members={"city": 2}), False, 0),
        (Team(members={"police": 2}), False, 1),
        (Team(members={"city": 2}), True, 1),
        (Team(members={"city": 2}, certified={"city": 1}), True, 0),
        (Team(members={"city": 0, "police": 1}), False, 1),
    ],
)
def test_what_the_team_asks_already_adds_no_row(team: Team, certified: bool, rows: int) -> None:
    kind = STALLS.model_copy(update={"certified": certified})
    problem = targeted(kind, mode="enforcement", team=team)
    limits = list(Competent().team_limits(problem, Columns(problem), "town", 0, "day"))
    assert len(limits) == rows
    assert all(limit.level is Level.SHORTAGE and limit.at_least == 0 for limit in limits)
