"""Solutions held against demands: what each misses, and what exchanging two officers changes."""

from __future__ import annotations

from collections import Counter

from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.witness import Name, Witnesses
from patrol_scheduler.problem import Problem
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

MONDAY = (day("2010-09-13") - day("2010-09-06")).days
"""13 September 2010, counted from the first day of the plan."""


def asked(problem: Problem, first: int = MONDAY, last: int = MONDAY + 2) -> list[Demand]:
    """What the plan asks of some days, patrol by patrol; days count from day 0."""
    demands = Demands(problem)
    inside = [d for d in demands.loose() if first <= d.first and d.last <= last]
    return demands.exact(inside)


def witnesses(problem: Problem) -> Witnesses:
    demands = Demands(problem)
    inside = [d for d in demands.loose() if d.first >= MONDAY and d.last <= MONDAY + 2]
    return Witnesses(demands, demands.exact(inside))


def patrol(area: str, on: int, *officers: str) -> list[Name]:
    """A patrol of a morning and the duties of who is in it."""
    return [
        ("patrol", area, on, "am"),
        *(("member", officer, area, on, "am") for officer in officers),
        *(("on", officer, on, "am", None) for officer in officers),
    ]


BOTH = [
    *patrol("market", MONDAY, "GA1", "CG1", "CG2"),
    *patrol("road", MONDAY + 1, "GA2", "CG3", "CG4"),
]
"""Market on Monday, road on Tuesday, a full team each."""


def missed(told: Witnesses, yes: list[Name]) -> Counter[str]:
    """The rules of the demands that a solution misses, and of how many."""
    values = told.vector(yes)
    assert values is not None
    return Counter(told.asked[n].rule.rule for n in told.missed(values))


def test_two_full_patrols_within_their_gap_miss_nothing() -> None:
    assert missed(witnesses(town()), BOTH) == {}


def test_an_area_that_nobody_patrols_is_overdue() -> None:
    assert missed(witnesses(town()), patrol("market", MONDAY, "GA1", "CG1", "CG2")) == {
        "cadence": 1
    }


def test_a_patrol_lacks_people_and_certificates_by_itself() -> None:
    short = [
        *patrol("market", MONDAY, "GA1", "CG1"),
        *patrol("road", MONDAY + 1, "GA2", "CG3", "CG4"),
    ]
    assert missed(witnesses(town()), short) == {"composition": 1, "certificates": 1}


def test_two_patrols_of_an_area_within_its_shortest_gap_are_one_too_many() -> None:
    twice = [*BOTH, *patrol("market", MONDAY + 1, "GA1", "CG1", "CG2")]
    # The same people on two days in a row, too: at least two days lie between duties.
    assert missed(witnesses(town()), twice)["cadence"] == 1


def test_nobody_is_in_two_patrols_of_a_morning() -> None:
    at_once = [
        *patrol("market", MONDAY, "GA1", "CG1", "CG2"),
        *patrol("road", MONDAY, "GA2", "CG1", "CG3"),
    ]
    assert missed(witnesses(town()), at_once) == {"one-duty-a-day": 1}


def test_who_is_on_leave_has_no_duty() -> None:
    away = on_leave(town(), ("CG1",), "2010-09-13", "2010-09-13")
    assert missed(witnesses(away), BOTH) == {"leave": 1}


def test_a_duty_without_a_patrol_and_a_place_nobody_knows_are_no_solutions() -> None:
    told = witnesses(town())
    assert told.vector([*BOTH, ("on", "CG5", MONDAY, "am", None)]) is None
    assert told.vector([("on", "nobody", MONDAY, "am", None)]) is None


def test_in_a_patrol_that_no_demand_speaks_of_one_has_a_duty_all_the_same() -> None:
    # Only the market's patrols are asked about: CG1 there and on the road has two duties.
    demands = Demands(town())
    inside = [
        d
        for d in demands.exact(d for d in demands.loose() if d.first == d.last == MONDAY)
        if d.subject.area != "road"
    ]
    told = Witnesses(demands, inside)
    at_once = [
        *patrol("market", MONDAY, "GA1", "CG1", "CG2"),
        *patrol("road", MONDAY, "CG1"),
    ]
    assert missed(told, at_once) == {"one-duty-a-day": 1}


def test_officers_who_are_alike_may_stand_for_each_other() -> None:
    told = witnesses(on_leave(town(), ("CG1", "CG2"), "2010-09-13", "2010-09-13"))
    values = told.vector([*patrol("market", MONDAY, "GA1", "CG1", "CG3")])
    assert values is not None
    other = told.exchanged(values, "CG1", "CG2")
    assert other is not None
    names = [
        {told.asked[n].subject.officer for n in told.missed(found)} for found in (values, other)
    ]
    # The road is overdue either way; on leave, but on duty, is first one of them, then the other.
    assert names == [{None, "CG1"}, {None, "CG2"}]


def test_an_exchange_with_somebody_without_a_certificate_is_seen() -> None:
    plan = town()
    bare = changed(
        plan,
        officers=tuple(
            o.model_copy(update={"certificates": ()}) if o.id == "CG6" else o for o in plan.officers
        ),
    )
    told = witnesses(bare)
    values = told.vector(BOTH)
    assert values is not None
    other = told.exchanged(values, "CG1", "CG6")
    assert other is not None
    assert {told.asked[n].rule.rule for n in told.missed(other)} == {"certificates"}


def test_areas_that_are_alike_change_places_with_their_teams() -> None:
    told = witnesses(town())
    values = told.vector(patrol("market", MONDAY, "GA1", "CG1", "CG2"))
    assert values is not None
    other = told.exchanged(values, "market", "road")
    assert other is not None
    overdue = [
        {told.asked[n].subject.area for n in told.missed(found)} for found in (values, other)
    ]
    assert overdue == [{"road"}, {"market"}]


def test_nobody_changes_places_with_somebody_unknown() -> None:
    told = witnesses(town())
    values = told.vector(BOTH)
    assert values is not None
    assert told.exchanged(values, "CG1", "nobody") is None
