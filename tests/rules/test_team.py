"""Who is together in one patrol."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from patrol_scheduler.problem import (
    Agency,
    Area,
    Certificate,
    Officer,
    Phase,
    Shift,
    Team,
    Vehicle,
)
from patrol_scheduler.rules import (
    Certificates,
    Columns,
    Composition,
    Driver,
    FamiliarOfficers,
    IdealStrength,
    Leader,
    Level,
    Rule,
    Seats,
    TeamRule,
)
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.rules.pins import ROLE_OF
from tests.strategies import random_problem, random_roster

from .worked import Costs, Example, Found, limit_costs, plan, roster, violation_costs


def team(**asked: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"members": {"police": 1, "city": 1}}
    return {"teams": (Team(**(given | asked)),)}


def short(zh: str, en: str, missing: int = 1, price: int = 100, date: str = "2010-08-03") -> Found:
    return Found(
        f"{date} day巡逻town：{zh}",
        f"{date} day, patrol of town: {en}",
        "shortage",
        date,
        missing,
        price * missing,
    )


def certified(*from_to: tuple[str, str | None, str | None]) -> tuple[Officer, ...]:
    """Officers by id with a certificate from and to a date; the first letter is the agency."""
    return tuple(
        Officer(
            id=name,
            agency={"P": "police", "C": "city"}[name[0]],
            certificates=(Certificate(valid_from=valid_from, valid_to=valid_to),),
        )
        for name, valid_from, valid_to in from_to
    )


ABLE = (
    Officer(id="P1", agency="police", leader=True),
    Officer(id="P2", agency="police", driver=True),
    Officer(id="C1", agency="city", leader=True, driver=True),
    Officer(id="C2", agency="city"),
)
KNOWING = (
    Officer(id="P1", agency="police", familiar=("town",)),
    Officer(id="P2", agency="police", familiar=("road",)),
    Officer(id="C1", agency="city", familiar=("town", "road")),
    Officer(id="C2", agency="city"),
)
PAIR = ("2010-08-03 town day P1 C1",)
LED = ("2010-08-03 town day P1=leader C1",)

EXAMPLES = (
    Example("one of each agency", Composition(), PAIR, (), plan(**team())),
    Example(
        "one agency missing, the other twice",
        Composition(),
        ("2010-08-03 town day P1 P2",),
        (short("city应有 1 人，实有 0 人。", "1 officer of city needed, 0 present."),),
        plan(**team()),
    ),
    Example(
        "nobody at all",
        Composition(price=7),
        ("2010-08-03 town day",),
        (
            short("police应有 2 人，实有 0 人。", "2 officers of police needed, 0 present.", 2, 7),
            short("city应有 1 人，实有 0 人。", "1 officer of city needed, 0 present.", 1, 7),
        ),
        plan(**team(members={"police": 2, "city": 1})),
    ),
    Example(
        "one too many",
        Composition(),
        ("2010-08-03 town day P1 P2 C1",),
        (
            Found(
                "2010-08-03 day巡逻town：全队应为 2 人，却安排了 3 人。",
                "2010-08-03 day, patrol of town: 3 officers, but its team has 2.",
                date="2010-08-03",
            ),
        ),
        plan(**team()),
    ),
    Example(
        "two too many",
        Composition(),
        ("2010-08-03 town day P1 P2 C1 C2",),
        (
            Found(
                "2010-08-03 day巡逻town：全队应为 2 人，却安排了 4 人。",
                "2010-08-03 day, patrol of town: 4 officers, but its team has 2.",
                date="2010-08-03",
                amount=2,
            ),
        ),
        plan(**team()),
    ),
    Example(
        "an extra officer of any agency",
        Composition(),
        ("2010-08-03 town day P1 P2 C1", "2010-08-04 town day P1 C1 C2"),
        (),
        plan(**team(extra=1)),
    ),
    Example(
        "the extra officer is missing",
        Composition(),
        PAIR,
        (short("全队应有 3 人，实有 2 人。", "3 officers needed in all, 2 present."),),
        plan(**team(extra=1)),
    ),
    Example(
        "from the least to the most of each agency",
        Composition(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day P1 P2 C1"),
        (),
        plan(**team(most={"police": 2})),
    ),
    Example(
        "an agency that may come, but need not",
        Composition(),
        ("2010-08-03 town day P1", "2010-08-05 town day P1 C1"),
        (),
        plan(**team(members={"police": 1}, most={"city": 1})),
    ),
    Example(
        "another agency in the only seat is one short and not forbidden",
        Composition(),
        ("2010-08-03 town day C1",),
        (short("police应有 1 人，实有 0 人。", "1 officer of police needed, 0 present."),),
        plan(**team(members={"police": 1})),
    ),
    Example(
        "one more of agencies that are not named than there may be extra officers",
        Composition(),
        ("2010-08-03 town day C1 P1 P2", "2010-08-05 town day C1 C2 P2"),
        (
            Found(
                "2010-08-03 day巡逻town：编组未列出的单位最多 1 人，却安排了 2 人。",
                "2010-08-03 day, patrol of town: 2 officers of agencies that the team does not "
                "name, but at most 1 may be there.",
                date="2010-08-03",
            ),
        ),
        plan(**team(members={"city": 1}, most={"city": 2}, extra=1)),
    ),
    Example(
        "one of an agency that is not named",
        Composition(),
        ("2010-08-03 town day P1 P2 C1", "2010-08-05 town day P1 P2"),
        (
            Found(
                "2010-08-03 day巡逻town：编组未列出的单位最多 0 人，却安排了 1 人。",
                "2010-08-03 day, patrol of town: 1 officers of agencies that the team does not "
                "name, but at most 0 may be there.",
                date="2010-08-03",
            ),
        ),
        plan(**team(members={"police": 1}, ideal={"police": 3})),
    ),
    Example(
        "one more than the most of an agency",
        Composition(),
        ("2010-08-03 town day P1 C1 C2",),
        (
            Found(
                "2010-08-03 day巡逻town：city最多 1 人，却安排了 2 人。",
                "2010-08-03 day, patrol of town: 2 officers of city, but at most 1 may be there.",
                date="2010-08-03",
            ),
        ),
        plan(**team(most={"police": 2})),
    ),
    Example(
        "rest days have a team of their own",
        Composition(),
        ("2010-08-07 town day P1", "2010-08-06 town day P1"),
        (
            short(
                "city应有 1 人，实有 0 人。",
                "1 officer of city needed, 0 present.",
                date="2010-08-06",
            ),
        ),
        plan(
            teams=(
                Team(members={"police": 1, "city": 1}),
                Team(members={"police": 1}, day_types=("rest-day",)),
            )
        ),
    ),
    Example(
        "the ideal of one agency, and one below it",
        IdealStrength(price=4),
        ("2010-08-03 town day P1 P2 C1", "2010-08-05 town day P1 C1"),
        (
            Found(
                "2010-08-05 day巡逻town：police理想为 2 人，实有 1 人。",
                "2010-08-05 day, patrol of town: 2 officers of police would be ideal, 1 present.",
                "fairness",
                "2010-08-05",
                1,
                4,
            ),
        ),
        plan(**team(ideal={"police": 2, "city": 1})),
    ),
    Example(
        "no ideal, nothing to miss", IdealStrength(), ("2010-08-03 town day",), (), plan(**team())
    ),
    Example(
        "as many as there are seats, and one more",
        Seats(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day P1 P2 C1"),
        (
            Found(
                "2010-08-05 day巡逻town：大 车有 2 座，却安排了 3 人。",
                "2010-08-05 day, patrol of town: 大 车 has 2 seats, but 3 officers go.",
                date="2010-08-05",
            ),
        ),
        plan(
            **team(most={"police": 2}),
            vehicles=(
                Vehicle(id="car", areas=("town",), seats=1),
                Vehicle(id="van", areas=("town",), seats=2, name="大\n车"),
                Vehicle(id="bus", areas=("road",), seats=20),
            ),
        ),
    ),
    Example(
        "a car without a name by its id",
        Seats(),
        ("2010-08-05 town day P1 C1",),
        (
            Found(
                "2010-08-05 day巡逻town：car有 1 座，却安排了 2 人。",
                "2010-08-05 day, patrol of town: car has 1 seats, but 2 officers go.",
                date="2010-08-05",
            ),
        ),
        plan(**team(), vehicles=(Vehicle(id="car", areas=("town",), seats=1),)),
    ),
    Example(
        "a car whose seats are not known",
        Seats(),
        ("2010-08-05 town day P1 P2 C1",),
        (),
        plan(
            **team(most={"police": 2}),
            vehicles=(
                Vehicle(id="car", areas=("town",), seats=1),
                Vehicle(id="van", areas=("town",)),
            ),
        ),
    ),
    Example(
        "another area has another team",
        Composition(),
        ("2010-08-03 road day P1", "2010-08-03 town day P2"),
        (short("city应有 1 人，实有 0 人。", "1 officer of city needed, 0 present."),),
        plan(
            teams=(
                Team(members={"police": 1, "city": 1}),
                Team(members={"police": 1}, areas=("road",)),
            )
        ),
    ),
    Example("no team to meet", Composition(), ("2010-08-03 town day P1 P2 C1 C2",)),
    Example(
        "agency, area and shift by their names",
        Composition(),
        ("2010-08-03 town day P1",),
        (
            Found(
                "2010-08-03 白班（day）巡逻镇区：城管（city）应有 1 人，实有 0 人。",
                "2010-08-03 白班（day）, patrol of 镇区: "
                "1 officer of 城管（city） needed, 0 present.",
                "shortage",
                "2010-08-03",
                1,
                100,
            ),
        ),
        plan(
            **team(),
            agencies=(Agency(id="police", name="公安"), Agency(id="city", name="城管")),
            areas=(Area(id="town", name="镇区"),),
            shifts=(Shift(id="day", name="白班", start="08:00", end="16:00"),),
        ),
    ),
    Example(
        "a certificate is valid on its first and on its last day",
        Certificates(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day P1 C1"),
        (),
        plan(
            **team(certified={"police": 1}),
            officers=certified(("P1", "2010-08-03", "2010-08-05"), ("C1", None, None)),
        ),
    ),
    Example(
        "a day before it is valid and a day after it has expired",
        Certificates(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day P2 C1"),
        tuple(
            short(
                "police应有 1 人持有效执法证，实有 0 人。",
                "1 officer of police with a valid certificate needed, 0 present.",
                date=date,
            )
            for date in ("2010-08-03", "2010-08-05")
        ),
        plan(
            **team(certified={"police": 1}),
            officers=certified(
                ("P1", "2010-08-04", None), ("P2", None, "2010-08-04"), ("C1", None, None)
            ),
        ),
    ),
    Example(
        "certificates of another agency do not count",
        Certificates(price=30),
        ("2010-08-03 town day P1 C1 C2",),
        (
            short(
                "police应有 2 人持有效执法证，实有 1 人。",
                "2 officers of police with a valid certificate needed, 1 present.",
                price=30,
            ),
        ),
        plan(
            **team(certified={"police": 2}),
            officers=certified(("P1", None, None), ("C1", None, None), ("C2", None, None)),
        ),
    ),
    Example("a leader", Leader(), LED, (), plan(**team(leaders=1), officers=ABLE)),
    Example(
        "a leader is missing",
        Leader(),
        ("2010-08-03 town day P2 C2", "2010-08-04 town day P1 C1=leader"),
        (short("应有 1 名带队人员，实有 0 名。", "1 leader needed, 0 present."),),
        plan(**team(leaders=1), officers=ABLE),
    ),
    Example(
        "who could lead is there, but who leads is not named",
        Leader(price=30),
        ("2010-08-03 town day P1 C1=driver", "2010-08-04 town day P1=leader C1=driver"),
        (
            short(
                "没有写明由哪名能带队的人员带队。",
                "nobody who can lead it is named as its leader.",
                price=30,
            ),
        ),
        plan(**team(leaders=1), officers=ABLE),
    ),
    Example(
        "one is named who cannot lead, one is missing",
        Leader(),
        ("2010-08-03 town day P1 C2=leader",),
        (
            short("应有 2 名带队人员，实有 1 名。", "2 leaders needed, 1 present."),
            short(
                "没有写明由哪名能带队的人员带队。",
                "nobody who can lead it is named as its leader.",
            ),
        ),
        plan(**team(leaders=2), officers=ABLE),
    ),
    Example("no leader is asked for", Leader(), PAIR, (), plan(**team(drivers=1), officers=ABLE)),
    Example(
        "one officer leads and drives",
        Driver(),
        ("2010-08-03 town day C1=leader-driver C2",),
        (),
        plan(**team(leaders=1, drivers=1), officers=ABLE),
    ),
    Example(
        "who leads does not drive unless it is said",
        Driver(),
        ("2010-08-03 town day C1=leader C2",),
        (
            short(
                "没有写明由哪名能驾驶的人员驾驶。",
                "nobody who can drive is named as its driver.",
            ),
        ),
        plan(**team(leaders=1, drivers=1), officers=ABLE),
    ),
    Example(
        "one of two drivers is missing",
        Driver(price=5),
        ("2010-08-03 town day P2=driver C2", "2010-08-04 town day P2=driver C1"),
        (short("应有 2 名驾驶员，实有 1 名。", "2 drivers needed, 1 present.", price=5),),
        plan(**team(drivers=2), officers=ABLE),
    ),
    Example(
        "one who knows the area is enough, and the other area is known to others",
        FamiliarOfficers(),
        ("2010-08-03 town day P1 C2", "2010-08-04 road day P2 C1"),
        (),
        plan(**team(familiar_officers=1), officers=KNOWING),
    ),
    Example(
        "two who know the town are asked and one of those who go does",
        FamiliarOfficers(price=5),
        ("2010-08-03 town day P1 P2", "2010-08-04 town day P1 C1"),
        (
            short(
                "应有 2 名熟悉该片区的人员，实有 1 名。",
                "2 officers familiar with the area needed, 1 present.",
                price=5,
            ),
        ),
        plan(**team(familiar_officers=2), officers=KNOWING),
    ),
    Example(
        "those who know the road know nothing of the town",
        FamiliarOfficers(),
        ("2010-08-03 town day P2 C2",),
        (
            short(
                "应有 1 名熟悉该片区的人员，实有 0 名。",
                "1 officer familiar with the area needed, 0 present.",
            ),
        ),
        plan(**team(familiar_officers=1), officers=KNOWING),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


@pytest.mark.parametrize("rule", [Composition(), Certificates(), Leader(), Driver()])
def test_a_patrol_outside_every_phase_has_no_team_to_meet(rule: Rule) -> None:
    problem = plan(**team(certified={"police": 1}, leaders=1, drivers=1))
    Example("outside", rule, ("2010-09-03 town day",), (), problem).holds()


@pytest.mark.parametrize("rule", [Leader(), Driver(price=7)])
def test_whoever_is_named_limits_cost_what_violations_cost(rule: Leader | Driver) -> None:
    """Whatever roles members have; two of one patrol may have the same."""
    unnamed = named = 0
    for seed in range(100):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = random_problem(rng)
        made = random_roster(rng, problem, tidy=True)
        patrols = tuple(
            p.model_copy(update={"members": tuple(
                m.model_copy(update={"role": rng.choice([m.role, *ROLE_OF.values()])})
                for m in p.members
            )})
            for p in made.patrols
        )  # fmt: skip
        made = made.model_copy(update={"patrols": patrols})
        columns = Columns(problem)
        violations = list(rule.violations(problem, made))
        limits = list(rule.limits(problem, columns))
        assert limit_costs(limits, columns, made) == violation_costs(violations), seed
        unnamed += any(violation.what == "unnamed" for violation in violations)
        named += bool(patrols) and not violations
    assert unnamed > 10
    assert named > 10


def test_each_group_of_officers_that_a_team_asks_for_is_counted_by_itself() -> None:
    problem = plan(**team(members={"police": 1}, most={"police": 2}, certified={"police": 1}))
    [asked], date = problem.teams, dt.date(2010, 8, 3)
    keys = [
        [need.key for need in rule.needs(problem, asked, date, problem.areas[0], "day")]
        for rule in (Composition(), Certificates())
    ]
    assert keys == [
        [("agency", "police"), ("others", ("police",)), "size"],
        [("certificates", "police")],
    ]
    [fixed] = plan(**team()).teams
    needs = Composition().needs(problem, fixed, date, problem.areas[0], "day")
    assert [need.key for need in needs] == [("agency", "police"), ("agency", "city"), "size"]


WITH_EXTRA = Team(members={"police": 1}, extra=1, areas=("town",))
WITHOUT = Team(members={"police": 1, "city": 1}, areas=("road",))


def before_teams_are_formed(*lines: str, **changes: object) -> tuple[list[Number], Costs]:
    """How many officers each limit on a day shift with two patrols has too few, and the price."""
    given: dict[str, Any] = {"teams": (WITH_EXTRA, WITHOUT), **changes}
    problem = plan(**given)
    columns = Columns(problem)
    limits = list(Composition().shift_limits(problem, columns, 0, "day"))
    made = roster(problem, *lines)
    values = columns.values(made)
    missing = [
        limit.at_least - sum((w * values[column] for column, w in limit.terms), Fraction(0))
        for limit in limits
        if limit.at_least is not None and limit.level is Level.SHORTAGE
    ]
    return missing, limit_costs(limits, columns, made)[1]


def test_an_extra_officer_of_one_patrol_takes_no_seat_in_another() -> None:
    """Two policemen and one of the city meet each group's needs, but not four seats."""
    three = ("2010-08-02 town day P1", "2010-08-02 road day P2 C1")
    four = ("2010-08-02 town day P1 C2", "2010-08-02 road day P2 C1")
    # Of the police, of all in the patrol with an extra officer, of the city, of all in both.
    assert before_teams_are_formed(*three) == ([0, -1, 0, 1], {})
    assert before_teams_are_formed(*four) == ([0, -2, -1, 0], {})


def test_what_each_agency_owes_is_charged_before_teams_are_formed() -> None:
    lines = ("2010-08-02 town day", "2010-08-02 road day C1 C2")
    assert before_teams_are_formed(*lines) == ([2, 0, -1, 2], {Level.SHORTAGE: Fraction(200)})


@pytest.mark.parametrize(
    "changes",
    [
        {"teams": (WITHOUT, WITHOUT.model_copy(update={"areas": ("town",)}))},
        {"teams": (WITH_EXTRA, WITH_EXTRA.model_copy(update={"areas": ("road",)}))},
        {"phases": (Phase(id="town", start="2010-08-02", end="2010-08-15", areas=("town",)),)},
    ],
    ids=["without extra officers", "with extra officers", "one patrol"],
)
def test_teams_alike_need_no_limit_on_all_of_their_seats(changes: dict[str, object]) -> None:
    given: dict[str, Any] = {"teams": (WITH_EXTRA, WITHOUT), **changes}
    problem = plan(**given)
    asked = list(Composition().shift_limits(problem, Columns(problem), 0, "day"))
    assert asked == list(TeamRule.shift_limits(Composition(), problem, Columns(problem), 0, "day"))
