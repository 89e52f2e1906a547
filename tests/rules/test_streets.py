"""Worked examples of the rules about the shifts and cars of an area's patrols."""

from __future__ import annotations

import pytest

from patrol_scheduler.problem import Area, Shift, Vehicle, ViolationKind
from patrol_scheduler.rules import HighRiskShifts, SharedCar, ShiftRotation

from .worked import Example, Found, plan

CAR = plan(vehicles=(Vehicle(id="car", name="Van 3", areas=("town", "road")),))
LATE = plan(
    vehicles=CAR.vehicles,
    shifts_may_overlap=True,
    shifts=(
        Shift(id="day", start="05:00", end="12:00"),
        Shift(id="night", start="22:00", end="06:00"),
        Shift(id="noon", start="11:00", end="13:00"),
    ),
)
KINDS = plan(
    violation_kinds=(ViolationKind(id="stalls", shifts=("day",)), ViolationKind(id="parking")),
    areas=(Area(id="town", targets=("stalls", "parking")), Area(id="road", targets=("parking",))),
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
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked(example: Example) -> None:
    example.holds()
