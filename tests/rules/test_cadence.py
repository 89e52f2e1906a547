"""When an area is patrolled: the phase it lies in, and the gap to the patrol before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from patrol_scheduler.problem import Area, Cadence, Phase, Shift
from patrol_scheduler.rules import CadenceRule, Columns, PatrolsAtMost, WithinPhase

from .worked import Example, Found, past, plan, roster


def phase(name: str, start: str, end: str, **more: object) -> Phase:
    return Phase(id=name, start=start, end=end, **more)


def last_patrol(date: str) -> tuple[Area, ...]:
    return (Area(id="town", last_patrol=dt.date.fromisoformat(date)), Area(id="road"))


def patrols(*days: int) -> tuple[str, ...]:
    return tuple(f"2010-08-{day:02} town day P1 C1" for day in days)


def overdue(before: str, after: str, gap: int, days: int, date: str, longest: int = 3) -> Found:
    return Found(
        f"town在 2010-{before} 与 2010-{after} 之间没有巡逻，相差 {gap} 天，"
        f"最长间隔为 {longest} 天，逾期 {days} 天。",
        f"town has no patrol between 2010-{before} and 2010-{after}, {gap} days apart; "
        f"the longest gap is {longest} days: {days} day{'s' * (days != 1)} overdue.",
        "shortage",
        f"2010-{date}",
        days,
        200 * days,
    )


def too_soon(before: str, after: str, gap: int, shortest: int = 2) -> Found:
    return Found(
        f"town在 2010-{after} 巡逻过早：距 2010-{before} 的上一次巡逻只有 {gap} 天，"
        f"最短间隔为 {shortest} 天。",
        f"town is patrolled too soon on 2010-{after}: the patrol before was on 2010-{before}, "
        f"{gap} day{'s' * (gap != 1)} earlier; the shortest gap is {shortest} days.",
        date=f"2010-{after}",
        amount=shortest - gap,
    )


TWO_PHASES = (
    phase("first", "2010-08-02", "2010-08-06"),
    phase("second", "2010-08-07", "2010-08-15"),
)
DAILY_THEN_RARE: dict[str, Any] = {
    "phases": TWO_PHASES,
    "cadences": (
        Cadence(min_days=1, max_days=2, phases=("first",)),
        Cadence(min_days=3, max_days=4, phases=("second",), areas=("town",)),
    ),
    "areas": (Area(id="town"),),
}
ONLY_ROAD_FIRST = (
    phase("first", "2010-08-02", "2010-08-06", areas=("road",)),
    phase("second", "2010-08-07", "2010-08-15"),
)
HOLE = (phase("first", "2010-08-02", "2010-08-06"), phase("second", "2010-08-08", "2010-08-15"))

EXAMPLES = (
    Example(
        "an area that its only phase leaves out",
        CadenceRule(),
        ("2010-08-04 town day P1",),
        (overdue("08-04", "08-10", 6, 3, "08-09"),),
        plan(
            end="2010-08-09",
            phases=(phase("routine", "2010-08-02", "2010-08-09", areas=("town",)),),
            cadences=(Cadence(min_days=2, max_days=3),),
        ),
    ),
    Example(
        "in the phase, one shift a day",
        WithinPhase(),
        ("2010-08-02 town day P1", "2010-08-02 road day P2", "2010-08-15 town night P1"),
    ),
    Example(
        "after and before the phase",
        WithinPhase(),
        ("2010-08-01 town day P1", "2010-08-16 gate night P1"),
        (
            Found(
                "2010-08-01 day不能巡逻town：该日没有阶段安排此片区在此时段巡逻。",
                "2010-08-01 day: town cannot be patrolled, no phase plans it in this shift on this"
                " day.",
                date="2010-08-01",
            ),
            Found(
                "2010-08-16 night安排P1到gate值守，但该日不在岗何排班阶段内。",
                "2010-08-16 night: P1 is at gate, but the day lies in no rostered phase.",
                date="2010-08-16",
            ),
        ),
        plan(
            phases=(
                phase("early", "2010-07-30", "2010-07-31"),
                phase("routine", "2010-08-02", "2010-08-15"),
                phase("late", "2010-08-17", "2010-08-17"),
            )
        ),
    ),
    Example(
        "an area and a shift that the phase does not have",
        WithinPhase(),
        ("2010-08-03 town day P1", "2010-08-03 road night P2", "2010-08-03 road day P2"),
        (
            Found(
                "2010-08-03 day不能巡逻town：该日没有阶段安排此片区在此时段巡逻。",
                "2010-08-03 day: town cannot be patrolled, no phase plans it in this shift on this"
                " day.",
                date="2010-08-03",
            ),
            Found(
                "2010-08-03 day不能巡逻road：该日没有阶段安排此片区在此时段巡逻。",
                "2010-08-03 day: road cannot be patrolled, no phase plans it in this shift on this"
                " day.",
                date="2010-08-03",
            ),
        ),
        plan(
            phases=(
                phase("routine", "2010-08-02", "2010-08-15", areas=("road",), shifts=("night",)),
            )
        ),
    ),
    Example(
        "twice on one day",
        WithinPhase(),
        ("2010-08-03 town day P1", "2010-08-03 town night P2", "2010-08-04 town night P2"),
        (
            Found(
                "2010-08-03 town安排了不止一次巡逻。",
                "2010-08-03: town is patrolled more than once.",
                date="2010-08-03",
            ),
        ),
    ),
    Example("every third day", CadenceRule(), patrols(4, 7, 10, 13)),
    Example("every second day", CadenceRule(), patrols(2, 4, 6, 8, 10, 12, 14)),
    Example("next day", CadenceRule(), patrols(4, 5, 8, 11, 14), (too_soon("08-04", "08-05", 1),)),
    Example(
        "both patrols of one day are one patrol date",
        CadenceRule(),
        (*patrols(4, 7, 10, 13), "2010-08-07 town night P2"),
    ),
    Example(
        "after four days",
        CadenceRule(),
        patrols(4, 8, 11, 14),
        (overdue("08-04", "08-08", 4, 1, "08-08"),),
    ),
    Example(
        "the first one late",
        CadenceRule(),
        patrols(6, 9, 12, 15),
        (overdue("08-01", "08-06", 5, 2, "08-06"),),
    ),
    Example(
        "none in the last days",
        CadenceRule(),
        patrols(4, 7, 10, 12),
        (overdue("08-12", "08-16", 4, 1, "08-15"),),
    ),
    Example("none at all", CadenceRule(), (), (overdue("08-01", "08-16", 15, 12, "08-15"),)),
    Example(
        "the price of a day is the plan's own",
        CadenceRule(price=0.5),
        patrols(4, 7, 10, 12),
        (Found(*(vars(overdue("08-12", "08-16", 4, 1, "08-15")) | {"cost": 0.5}).values()),),
    ),
    Example(
        "counted from the last patrol before the plan",
        CadenceRule(),
        patrols(3, 6, 9, 12, 15),
        (),
        plan(areas=last_patrol("2010-07-31")),
    ),
    Example(
        "too soon after the last patrol before the plan",
        CadenceRule(),
        patrols(2, 5, 8, 11, 14),
        (too_soon("08-01", "08-02", 1),),
        plan(areas=last_patrol("2010-08-01")),
    ),
    Example(
        "late after the last patrol before the plan",
        CadenceRule(),
        patrols(4, 7, 10, 13),
        (overdue("07-31", "08-04", 4, 1, "08-04"),),
        plan(areas=last_patrol("2010-07-31")),
    ),
    Example(
        "days before the plan are not owed",
        CadenceRule(),
        patrols(3, 6, 9, 12, 15),
        (overdue("07-20", "08-03", 14, 1, "08-03"),),
        plan(areas=last_patrol("2010-07-20")),
    ),
    Example(
        "the history knows a later patrol",
        CadenceRule(),
        patrols(2, 5, 8, 11, 14),
        (too_soon("08-01", "08-02", 1),),
        plan(
            areas=last_patrol("2010-07-20"),
            history=past(
                "2010-08-01 town day P1", "2010-07-31 town day P1", "2010-08-01 gate day P2"
            ),
        ),
    ),
    Example(
        "free days between, not a difference of dates",
        CadenceRule(),
        patrols(5, 9, 11, 15),
        (too_soon("08-09", "08-11", 2, 3),),
        plan(
            cadences=(Cadence(min_days=2, max_days=3, counted="free-days", areas=("town",)),),
        ),
    ),
    Example(
        "what an earlier phase allows is not judged by a later one",
        CadenceRule(),
        patrols(2, 3, 4, 5, 6, 9, 12, 15),
        (),
        plan(**DAILY_THEN_RARE),
    ),
    Example(
        "a short phase looks back over all of its shortest gap",
        CadenceRule(),
        patrols(5, 7, 8, 11, 14),
        (too_soon("08-05", "08-07", 2, 3),),
        plan(
            areas=(Area(id="town"),),
            phases=(
                phase("first", "2010-08-04", "2010-08-06"),
                phase("second", "2010-08-07", "2010-08-07"),
                phase("third", "2010-08-08", "2010-08-15"),
            ),
            cadences=(
                Cadence(min_days=1, max_days=3, phases=("first", "third")),
                Cadence(min_days=3, max_days=4, phases=("second",)),
            ),
        ),
    ),
    Example(
        "a later phase looks back at the one before it",
        CadenceRule(),
        patrols(2, 3, 4, 5, 6, 8, 12),
        (too_soon("08-06", "08-08", 2, 3),),
        plan(**DAILY_THEN_RARE),
    ),
    Example(
        "a later phase counts overdue days from the one before it",
        CadenceRule(),
        patrols(2, 4, 9, 13),
        (
            overdue("08-04", "08-09", 5, 1, "08-06", 2),
            overdue("08-04", "08-09", 5, 1, "08-09", 4),
        ),
        plan(**DAILY_THEN_RARE),
    ),
    Example(
        "a day outside the phases starts the count anew",
        CadenceRule(),
        patrols(4, 10, 13),
        (),
        plan(phases=HOLE, history=past("2010-08-01 town day P1")),
    ),
    Example(
        "too soon holds across a day outside the phases",
        CadenceRule(),
        patrols(4, 6, 8, 9, 12, 15),
        (too_soon("08-08", "08-09", 1),),
        plan(phases=HOLE),
    ),
    Example(
        "as many patrols in a day as allowed",
        PatrolsAtMost(patrols=2),
        ("2010-08-03 town day P1", "2010-08-03 road night P2", "2010-08-04 town day P1"),
    ),
    Example(
        "a patrol more in a day than allowed",
        PatrolsAtMost(),
        ("2010-08-03 town day P1", "2010-08-03 road night P2", "2010-08-04 town day P1"),
        (
            Found(
                "2010-08-03 有 2 次巡逻，上限为 1 次。",
                "Patrols on 2010-08-03: 2; at most 1 allowed.",
                date="2010-08-03",
            ),
        ),
    ),
    Example(
        "each shift of a day counted by itself",
        PatrolsAtMost(per="shift"),
        ("2010-08-03 town day P1", "2010-08-03 road night P2"),
    ),
    Example(
        "two patrols more in a shift, none allowed",
        PatrolsAtMost(per="shift", patrols=0, shifts=("night",)),
        (
            "2010-08-14 town day P1",
            "2010-08-15 town night P1",
            "2010-08-15 road night P2",
            "2010-08-15 gate night C1",
        ),
        (
            Found(
                "2010-08-15 night有 2 次巡逻，上限为 0 次。",
                "Patrols on 2010-08-15, night: 2; at most 0 allowed.",
                date="2010-08-15",
                amount=2,
            ),
        ),
    ),
    Example(
        "only the areas named count, only the days of the plan",
        PatrolsAtMost(patrols=0, areas=("road",)),
        ("2010-08-16 road day P1", "2010-08-03 town day P1", "2010-08-15 road day P2"),
        (
            Found(
                "2010-08-15 有 1 次巡逻，上限为 0 次。",
                "Patrols on 2010-08-15: 1; at most 0 allowed.",
                date="2010-08-15",
            ),
        ),
    ),
    Example(
        "an area that joins in the second phase is owed from its first day",
        CadenceRule(),
        patrols(10, 13),
        (overdue("08-06", "08-10", 4, 1, "08-10"),),
        plan(phases=ONLY_ROAD_FIRST),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_one_shift_a_day_needs_no_limit_to_be_the_only_one() -> None:
    by_day = plan(shifts=(Shift(id="day", start="08:00", end="16:00"),))
    assert list(WithinPhase().limits(by_day, Columns(by_day))) == []


def test_each_limit_on_a_gap_holds_the_days_that_lie_too_close() -> None:
    """Gaps of 3 to 4 in four days, 2 to 5 August 2010, after a patrol on 1 August."""
    problem = plan(
        end="2010-08-05",
        areas=last_patrol("2010-08-01"),
        phases=(phase("routine", "2010-08-02", "2010-08-05"),),
        cadences=(Cadence(min_days=3, max_days=4, areas=("town",)),),
    )
    columns = Columns(problem)
    day_of = {columns.visited("town", day): day for day in (0, 1, 2, 3)} | {columns.YES: -1}
    apart = [limit for limit in CadenceRule().limits(problem, columns) if limit.at_least is None]
    assert [[day_of[column] for column, _ in limit.terms] for limit in apart] == [
        [0],
        [-1, 0, 1],
        [0, 1, 2],
        [1, 2, 3],
        [2, 3],
    ]


def test_a_gap_of_one_day_keeps_no_two_days_apart() -> None:
    problem = plan(cadences=(Cadence(min_days=1, max_days=3),))
    limits = list(CadenceRule().limits(problem, Columns(problem)))
    assert limits
    assert all(limit.at_most is None for limit in limits)


@pytest.mark.parametrize(("patrols", "days"), [(3, 14), (4, 0), (5, 0)])
def test_as_many_patrols_as_there_can_be_in_a_day_need_no_limit(patrols: int, days: int) -> None:
    problem = plan()
    assert len(list(PatrolsAtMost(patrols=patrols).limits(problem, Columns(problem)))) == days


@pytest.mark.parametrize(("per", "shift"), [("day", None), ("shift", "night")])
def test_too_many_patrols_lie_in_a_shift_only_where_shifts_are_counted(
    per: Any, shift: str | None
) -> None:
    problem = plan()
    made = roster(problem, "2010-08-03 town night P1", "2010-08-03 road night P2")
    [found] = PatrolsAtMost(per=per).violations(problem, made)
    assert found.shift == shift
