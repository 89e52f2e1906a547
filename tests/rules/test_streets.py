"""Worked examples of the rules about the shifts and cars of an area's patrols."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from patrol_scheduler.problem import Area, Cadence, Phase, Problem, Shift, Vehicle, ViolationKind
from patrol_scheduler.rules import Columns, HighRiskShifts, Limit, SharedCar, ShiftRotation

from .worked import Example, Found, plan

CAR = plan(vehicles=(Vehicle(id="car", name="Van 3", areas=("town", "road")),))
LATE = plan(
    vehicles=CAR.vehicles,
    shifts_may_overlap=True,
    shifts=(
        Shift(id="day", start="05:59", end="12:00"),
        Shift(id="night", start="22:00", end="06:00"),
        Shift(id="noon", start="11:00", end="13:00"),
        Shift(id="evening", start="13:00", end="22:00"),
        Shift(id="early", start="06:00", end="07:00"),
    ),
)
KINDS = plan(
    violation_kinds=(ViolationKind(id="stalls", shifts=("day",)), ViolationKind(id="parking")),
    areas=(Area(id="town", targets=("stalls", "parking")), Area(id="road", targets=("parking",))),
)
TWO_PACES = plan(
    phases=(
        Phase(id="slow", start="2010-08-02", end="2010-08-08"),
        Phase(id="fast", start="2010-08-09", end="2010-08-15"),
    ),
    cadences=(
        Cadence(min_days=2, max_days=3, phases=("slow",), areas=("town",)),
        Cadence(min_days=1, max_days=2, phases=("fast",), areas=("town",)),
    ),
)
EXAMPLES = (
    Example(
        "every third patrol in the night",
        ShiftRotation(shifts=("night",)),
        (
            "2010-08-02 town day P1",
            "2010-08-04 town day P1",
            "2010-08-06 town night P1",
            "2010-08-08 town day P1",
            "2010-08-10 town day P1",
        ),
        (),
    ),
    Example(
        "three patrols in a row by day",
        ShiftRotation(shifts=("night",)),
        (
            "2010-08-02 town day P1",
            "2010-08-04 town day P1",
            "2010-08-07 town day P1",
            "2010-08-09 town night P1",
        ),
        (
            Found(
                "town自 2010-08-02 至 2010-08-07 连续 3 个巡逻日都不在规定时段。",
                "None of the 3 patrol days of town in a row from 2010-08-02 to 2010-08-07 has a patrol in the shifts asked for.",
                date="2010-08-07",
            ),
        ),
    ),
    Example(
        "three patrols further apart than the cadence lets be are not in a row",
        ShiftRotation(shifts=("night",)),
        ("2010-08-02 town day P1", "2010-08-05 town day P1", "2010-08-09 town day P1"),
        (),
    ),
    Example(
        "three patrols in a row as far apart as the cadence of either phase lets them be",
        ShiftRotation(shifts=("night",)),
        ("2010-08-03 town day P1", "2010-08-06 town day P1", "2010-08-09 town day P1"),
        (
            Found(
                "town自 2010-08-03 至 2010-08-09 连续 3 个巡逻日都不在规定时段。",
                "None of the 3 patrol days of town in a row from 2010-08-03 to 2010-08-09 has a patrol in the shifts asked for.",
                date="2010-08-09",
            ),
        ),
        TWO_PACES,
    ),
    Example(
        "patrols before the plan and after it are in no row",
        ShiftRotation(shifts=("night",)),
        (
            "2010-08-01 town day P1",
            "2010-08-02 town day P1",
            "2010-08-04 town day P1",
            "2010-08-13 town day P1",
            "2010-08-15 town day P1",
            "2010-08-16 town day P1",
        ),
        (),
    ),
    Example(
        "a patrol every day, one of three at night",
        ShiftRotation(shifts=("night",)),
        tuple(f"2010-08-{n:02} town {'day' if n % 3 else 'night'} P1" for n in range(2, 16)),
        (),
    ),
    Example(
        "one in two, twice missed",
        ShiftRotation(shifts=("night",), of=2, areas=("town",)),
        ("2010-08-02 town day P1", "2010-08-04 town day P1", "2010-08-07 town day P1"),
        (
            Found(
                "town自 2010-08-02 至 2010-08-04 连续 2 个巡逻日都不在规定时段。",
                "None of the 2 patrol days of town in a row from 2010-08-02 to 2010-08-04 has a patrol in the shifts asked for.",
                date="2010-08-04",
            ),
            Found(
                "town自 2010-08-04 至 2010-08-07 连续 2 个巡逻日都不在规定时段。",
                "None of the 2 patrol days of town in a row from 2010-08-04 to 2010-08-07 has a patrol in the shifts asked for.",
                date="2010-08-07",
            ),
        ),
    ),
    Example(
        "an area without a cadence",
        ShiftRotation(shifts=("night",)),
        ("2010-08-02 road day P1", "2010-08-04 road day P1", "2010-08-06 road day P1"),
        (),
    ),
    Example(
        "another area than the rule names",
        ShiftRotation(shifts=("night",), areas=("road",)),
        ("2010-08-02 town day P1", "2010-08-04 town day P1", "2010-08-06 town day P1"),
        (),
    ),
    Example(
        "one car for two areas in one shift",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 road day P2"),
        (
            Found(
                "2010-08-03 day巡逻town与巡逻road同时用车：Van 3。",
                "2010-08-03 day: the patrols of town and road need Van 3 at the same time.",
                date="2010-08-03",
            ),
        ),
        CAR,
    ),
    Example(
        "one area after the other",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 road night P2"),
        (),
        CAR,
    ),
    Example(
        "a night that lasts into the next morning",
        SharedCar(),
        ("2010-08-03 town night P1", "2010-08-04 road day P2"),
        (
            Found(
                "2010-08-04 day巡逻road与巡逻town同时用车：Van 3。",
                "2010-08-04 day: the patrols of road and town need Van 3 at the same time.",
                date="2010-08-04",
            ),
        ),
        LATE,
    ),
    Example(
        "shifts of one day that overlap",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 road noon P2"),
        (
            Found(
                "2010-08-03 noon巡逻road与巡逻town同时用车：Van 3。",
                "2010-08-03 noon: the patrols of road and town need Van 3 at the same time.",
                date="2010-08-03",
            ),
        ),
        LATE,
    ),
    Example(
        "a car that is back when the next patrol sets out",
        SharedCar(),
        (
            "2010-08-03 town noon P1",
            "2010-08-03 road evening P2",
            "2010-08-03 town night P1",
            "2010-08-04 road early P2",
        ),
        (),
        LATE,
    ),
    Example(
        "noon and the night of one day",
        SharedCar(),
        ("2010-08-03 town night P1", "2010-08-03 road noon P2"),
        (),
        LATE,
    ),
    Example(
        "two patrols of one area are no matter of sharing",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 town noon P2"),
        (),
        LATE,
    ),
    Example(
        "areas that go without the car, and days before the plan and after it",
        SharedCar(),
        (
            "2010-08-03 town day P1",
            "2010-08-03 quay day P2",
            "2010-08-03 pier day C1",
            *(f"2010-08-{n} {area} day P1" for n in ("01", "16") for area in ("town", "road")),
        ),
        (),
        plan(
            vehicles=CAR.vehicles, areas=tuple(Area(id=a) for a in ("town", "road", "quay", "pier"))
        ),
    ),
    Example(
        "a car without a name goes by its id",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 road day P2"),
        (
            Found(
                "2010-08-03 day巡逻town与巡逻road同时用车：car。",
                "2010-08-03 day: the patrols of town and road need car at the same time.",
                date="2010-08-03",
            ),
        ),
        plan(vehicles=(Vehicle(id="car", areas=("town", "road")),)),
    ),
    Example(
        "two areas without a common car",
        SharedCar(),
        ("2010-08-03 town day P1", "2010-08-03 road day P2"),
        (),
    ),
    Example(
        "stalls by day",
        HighRiskShifts(),
        ("2010-08-03 town day P1", "2010-08-03 road night P2"),
        (),
        KINDS,
    ),
    Example(
        "stalls are not there at night",
        HighRiskShifts(price=4, level="fairness"),
        ("2010-08-03 town night P1",),
        (
            Found(
                "2010-08-03 在night巡逻town，不是高发时段。",
                "town is patrolled on 2010-08-03 in shift night, in which its violations are rare.",
                "fairness",
                date="2010-08-03",
                cost=4,
            ),
        ),
        KINDS,
    ),
    Example(
        "days before the plan and after it cost nothing",
        HighRiskShifts(),
        ("2010-08-01 town night P1", "2010-08-16 town night P1"),
        (),
        KINDS,
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()


def test_a_car_of_one_area_asks_nothing() -> None:
    problem = plan(vehicles=(Vehicle(id="car", areas=("town",)),))
    assert list(SharedCar().limits(problem, Columns(problem))) == []


def windows(limits: Iterable[Limit], columns: Columns) -> set[tuple[int, int]]:
    """The days of each limit on town, and what a patrol in the shifts asked for counts."""
    found = set()
    for limit in limits:
        visited = [column for column, weight in limit.terms if weight == 1]
        assert {columns.names[column][0] for column in visited} == {"visited"}
        [worth] = {-weight for _, weight in limit.terms if weight != 1}
        assert len(limit.terms) == 2 * len(visited)
        assert (limit.at_least, limit.at_most) == (None, 2)
        found.add((len(visited), int(worth)))
    return found


@pytest.mark.parametrize(
    ("problem", "before"),
    [
        (plan(), {5, 6, 7}),
        (plan(end="2010-08-07"), {5, 6}),
        (TWO_PACES, {3, 4, 5, 6, 7}),
    ],
)
def test_three_patrols_in_a_row_span_what_the_gaps_between_them_leave(
    problem: Problem, before: set[int]
) -> None:
    """All of it before teams are formed, when the gaps hold: from 2 + 2 to 3 + 3 days and one.

    One patrol in the shifts makes up for what is more than two in so many days, and no more.
    """
    columns, rule = Columns(problem), ShiftRotation(shifts=("night",))
    roster_level = windows(rule.roster_limits(problem, columns), columns)
    assert roster_level == {(days, days - 2) for days in before}
    every = windows(rule.limits(problem, columns), columns)
    assert every == {(days, days - 2) for days in range(3, max(before) + 1)}
