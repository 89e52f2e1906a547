"""Wishes about who is together in one patrol, and where."""

from __future__ import annotations

import pytest

from patrol_scheduler.problem import Officer, Phase
from patrol_scheduler.rules import Columns, FamiliarAreas, KeepPartners, MixPartners

from .worked import Example, Found, past, plan

KNOWING = (
    Officer(id="P1", agency="police", familiar=("town",)),
    Officer(id="P2", agency="police"),
    Officer(id="C1", agency="city"),
    Officer(id="C2", agency="city", familiar=("town", "road")),
)


def again(one: str, other: str, patrols: int, times: int, more: int, price: int = 1) -> Found:
    return Found(
        f"{one} 与 {other} 同组 {patrols} 次，超过 {times} 次。",
        f"{one} and {other} go together {patrols} time{'s' * (patrols != 1)}, more than {times}.",
        "wishes",
        None,
        more,
        more * price,
    )


def new(one: str, other: str, patrols: int, price: int = 1) -> Found:
    return Found(
        f"{one} 与 {other} 搭档 {patrols} 次，多一对搭档。",
        f"{one} and {other} are one more pair of partners, together {patrols} time{'s' * (patrols != 1)}.",
        "wishes",
        cost=price,
    )


def unknown(date: str, area: str, there: int, asked: int, price: int = 1) -> Found:
    return Found(
        f"{date} 时段 day：巡逻 {area} 的人员中熟悉该片区的有 {there} 人，不足 {asked} 人。",
        f"{date} day: patrol of {area}: {there} officer{'s' * (there != 1)} familiar with the area, "
        f"fewer than {asked}.",
        "wishes",
        date,
        asked - there,
        (asked - there) * price,
    )


EXAMPLES = (
    Example(
        "three times the same two, where two are well",
        MixPartners(times=2, price=5),
        ("2010-08-02 town day P1 C1", "2010-08-04 town day C1 P1", "2010-08-06 road day P1 C1"),
        (again("C1", "P1", 3, 2, 1, 5),),
    ),
    Example(
        "twice is not too often, nor is standing at one post",
        MixPartners(times=2),
        ("2010-08-02 town day P1 C1", "2010-08-04 town day P1 C1", "2010-08-06 gate day P1 C1"),
    ),
    Example(
        "a patrol in July counts, and what July alone has too many costs nothing",
        MixPartners(times=1),
        ("2010-08-02 town day P1 C1", "2010-08-04 town day P2 C2"),
        (again("C1", "P1", 3, 1, 1), again("C2", "P2", 2, 1, 1)),
        plan(
            history=past(
                "2010-07-26 town day P1 C1",
                "2010-07-28 town day P1 C1",
                "2010-07-30 road day P2 C2",
                "2010-07-31 gate day P1 P2",
            )
        ),
    ),
    Example(
        "unless the plan says more, the fourth time is one too many",
        MixPartners(),
        (
            *(f"2010-08-0{n} town day P1 C1" for n in (2, 4, 6, 8)),
            *(f"2010-08-0{n} road day P2 C2" for n in (2, 4, 6)),
        ),
        (again("C1", "P1", 4, 3, 1),),
    ),
    Example(
        "standing at one post in July makes no partners",
        MixPartners(times=1),
        ("2010-08-02 town day P1 P2",),
        (),
        plan(history=past("2010-07-31 gate day P1 P2")),
    ),
    Example(
        "only partners inside one agency",
        MixPartners(times=1, agencies=("police",)),
        ("2010-08-02 town day P1 P2 C1", "2010-08-04 town day P1 P2 C1"),
        (again("P1", "P2", 2, 1, 1),),
    ),
    Example(
        "two pairs that keep together are two pairs",
        KeepPartners(price=2),
        ("2010-08-02 town day P1 C1", "2010-08-04 town day P1 C1", "2010-08-04 road day P2 C2"),
        (new("C1", "P1", 2, 2), new("C2", "P2", 1, 2)),
    ),
    Example(
        "whoever went together in July are no new partners",
        KeepPartners(),
        ("2010-08-02 town day P1 C1",),
        (),
        plan(history=past("2010-07-30 road night P1 C1")),
    ),
    Example(
        "one who knows the area is enough",
        FamiliarAreas(),
        ("2010-08-02 town day P1 C1", "2010-08-04 road day P1 C2"),
        (),
        plan(officers=KNOWING),
    ),
    Example(
        "P1 knows the town, not the road",
        FamiliarAreas(price=4),
        ("2010-08-02 town day P2 C1", "2010-08-04 road day P1 C1"),
        (unknown("2010-08-02", "town", 0, 1, 4), unknown("2010-08-04", "road", 0, 1, 4)),
        plan(officers=KNOWING),
    ),
    Example(
        "two are asked and one is there",
        FamiliarAreas(at_least=2),
        ("2010-08-02 town day P1 C1", "2010-08-04 town day P1 C2"),
        (unknown("2010-08-02", "town", 1, 2),),
        plan(officers=KNOWING),
    ),
    Example(
        "an area that nobody knows asks nothing",
        FamiliarAreas(),
        ("2010-08-04 road day P1 C1",),
        (),
        plan(officers=KNOWING[:3]),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_partners_whom_nothing_charges_yet_cost_nothing_either() -> None:
    problem = plan()
    assert KeepPartners().charged(problem, ("C1", "P1"), 0, 0) == 0
    assert MixPartners(times=2).charged(problem, ("C1", "P1"), 5, 1) == 1
    assert MixPartners(times=2).charged(problem, ("C1", "P1"), 0, 1) == 0


def test_where_nothing_costs_partners_are_changed_as_evenly_as_can_be() -> None:
    """Twice each is 4 + 4, once and three times 1 + 9; patrols before the plan count."""
    assert [MixPartners().inclined(0, times) for times in (1, 2, 3)] == [1, 4, 9]
    assert MixPartners().inclined(1, 2) == MixPartners().inclined(0, 3)


def test_where_nothing_costs_those_stay_together_who_were_or_often_are() -> None:
    rule = KeepPartners()
    assert rule.inclined(0, 4) < 2 * rule.inclined(0, 2) < 4 * rule.inclined(0, 1) < 0
    assert rule.inclined(1, 999) < rule.inclined(0, 999)
    assert rule.inclined(1, 1000) == rule.inclined(0, 1000), "a thousand patrols are no plan"
    assert rule.inclined(1, 2) == 2 * rule.inclined(1, 1)


def test_who_knows_an_area_leads_on_to_no_other_team() -> None:
    assert [FamiliarAreas().inclined(before, 3) for before in (0, 2)] == [0, 0]


def test_before_teams_are_formed_enough_who_know_the_area_are_on_patrol_in_its_shifts() -> None:
    by_day = Phase(id="routine", start="2010-08-02", end="2010-08-02", shifts=("day",))
    problem = plan(end="2010-08-02", officers=KNOWING, phases=(by_day,), cadences=())
    columns = Columns(problem)
    asked = [
        {columns.names[column]: weight for column, weight in limit.terms}
        for limit in FamiliarAreas(at_least=2).roster_limits(problem, columns)
    ]
    assert asked == [
        {
            ("on", "P1", 0, "day", None): 1,
            ("on", "C2", 0, "day", None): 1,
            ("patrol", "town", 0, "day"): -2,
        },
        {("on", "C2", 0, "day", None): 1, ("patrol", "road", 0, "day"): -2},
    ]


def test_partners_are_not_looked_at_unless_the_plan_asks() -> None:
    assert MixPartners.defaults() == (MixPartners(on=False),)
    assert KeepPartners.defaults() == (KeepPartners(on=False),)
