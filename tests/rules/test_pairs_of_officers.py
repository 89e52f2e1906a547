"""Officers who may not be in one patrol, or go only together."""

from __future__ import annotations

import pytest

from patrol_scheduler.problem import Pair, Problem, Team
from patrol_scheduler.rules import Columns, Pairs, PairWishes
from patrol_scheduler.rules.team_rule import Need

from .worked import Example, Found, plan


def pair(kind: str, reason: str = "") -> Problem:
    return plan(
        pairs=(Pair(a="P1", b="C1", kind=kind, reason=reason),),
        teams=(Team(members={"police": 1}),),
    )


MIXED = plan(
    pairs=(
        Pair(a="P1", b="C1", kind="never-together", reason="a\n case"),
        Pair(a="P2", b="C2", kind="rather-apart"),
    ),
    teams=(Team(members={"police": 1}),),
)
EXAMPLES = (
    Example(
        "two who may not be together, in one patrol",
        Pairs(),
        ("2010-08-03 town day P1 C1 C2",),
        (
            Found(
                "2010-08-03 day巡逻town：P1与C1不得同组（依据：回避），却在同一队。",
                "2010-08-03 day, patrol of town: P1 and C1 may not be together (ground: 回避).",
                date="2010-08-03",
            ),
        ),
        pair("never-together", "回避"),
    ),
    Example(
        "two who may not be together, at one time and at one post",
        Pairs(),
        ("2010-08-03 town day P1 C2", "2010-08-03 road day C1 P2", "2010-08-04 gate day P1 C1"),
        (),
        pair("never-together", "回避"),
    ),
    Example(
        "the apprentice without the master, and the other way round",
        Pairs(),
        ("2010-08-03 town day C1", "2010-08-05 town day P1 P2"),
        tuple(
            Found(
                f"{date} day巡逻town：{one}在队，必须同组的{other}不在（依据：师徒）。",
                f"{date} day, patrol of town: {one} is there without {other}, who must come "
                "along (ground: 师徒).",
                date=date,
            )
            for date, one, other in (("2010-08-03", "C1", "P1"), ("2010-08-05", "P1", "C1"))
        ),
        pair("must-together", "师徒"),
    ),
    Example(
        "both or neither",
        Pairs(),
        ("2010-08-03 town day C1 P1", "2010-08-05 town day P2", "2010-08-06 gate day P1"),
        (),
        pair("must-together"),
    ),
    Example(
        "two who should be apart, together once",
        PairWishes(price=3),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day P1"),
        (
            Found(
                "2010-08-03 day巡逻town：P1与C1宜分开，却在同一队。",
                "2010-08-03 day, patrol of town: P1 and C1 should be apart.",
                "wishes",
                "2010-08-03",
                1,
                3,
            ),
        ),
        pair("rather-apart"),
    ),
    Example(
        "two who should be together, apart once",
        PairWishes(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day C1", "2010-08-06 gate day P1"),
        (
            Found(
                "2010-08-05 day巡逻town：C1在队，宜同组的P1不在。",
                "2010-08-05 day, patrol of town: C1 is there without P1, who should be along.",
                "wishes",
                "2010-08-05",
                1,
                2,
            ),
        ),
        pair("rather-together"),
    ),
    Example(
        "pairs that must or may not be are no wishes",
        PairWishes(),
        ("2010-08-03 town day P1 C1", "2010-08-05 town day C1"),
        (),
        pair("never-together", "回避"),
    ),
    Example(
        "a ban beside a wish, its ground on one line",
        Pairs(),
        ("2010-08-03 town day P1 P2 C1 C2",),
        (
            Found(
                "2010-08-03 day巡逻town：P1与C1不得同组（依据：a case），却在同一队。",
                "2010-08-03 day, patrol of town: P1 and C1 may not be together (ground: a case).",
                date="2010-08-03",
            ),
        ),
        MIXED,
    ),
    Example(
        "a wish beside a ban",
        PairWishes(),
        ("2010-08-03 town day P1 P2 C1 C2",),
        (
            Found(
                "2010-08-03 day巡逻town：P2与C2宜分开，却在同一队。",
                "2010-08-03 day, patrol of town: P2 and C2 should be apart.",
                "wishes",
                "2010-08-03",
                1,
                2,
            ),
        ),
        MIXED,
    ),
    Example(
        "a ban without a ground",
        Pairs(),
        ("2010-08-03 town day P1 C1",),
        (
            Found(
                "2010-08-03 day巡逻town：P1与C1不得同组（依据：-），却在同一队。",
                "2010-08-03 day, patrol of town: P1 and C1 may not be together (ground: -).",
                date="2010-08-03",
            ),
        ),
        pair("never-together"),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_two_who_may_not_be_together_share_a_shift_only_where_it_has_two_patrols() -> None:
    problem = pair("never-together")
    columns = Columns(problem)
    [limit] = Pairs().shift_limits(problem, columns, 0, "day")
    on = [columns.on(officer, 0, "day") for officer in ("P1", "C1")]
    patrols = [columns.patrol(area, 0, "day") for area in ("town", "road")]
    assert sorted(limit.terms) == sorted([*((c, 1) for c in on), *((p, -1) for p in patrols)])
    assert (limit.at_least, limit.at_most) == (None, 0)


def test_each_pair_asks_by_itself_and_each_officer_counts_as_one() -> None:
    two = (
        Pair(a="P1", b="C1", kind="must-together"),
        Pair(a="P2", b="C2", kind="never-together", reason="回避"),
        Pair(a="P1", b="P2", kind="rather-together"),
        Pair(a="C1", b="C2", kind="rather-apart"),
    )
    problem = plan(pairs=two, teams=(Team(members={"police": 1}),))
    p1, p2, c1, c2 = (problem.staff.alone[officer.id] for officer in problem.officers)
    asked = [
        [
            need
            for team in problem.teams
            for need in rule.needs(problem, team, problem.first, problem.areas[0], "day")
        ]
        for rule in (Pairs(), PairWishes())
    ]
    assert asked == [
        [
            Need(("with", 0), p1, 0, 0, against=c1, worth=1),
            Need(("back", 0), c1, 0, 0, against=p1, worth=1),
            Need(("apart", 1), p2, 0, 1, against=c2, worth=-1),
        ],
        [
            Need(("with", 2), p1, 0, 0, against=p2, worth=1),
            Need(("back", 2), p2, 0, 0, against=p1, worth=1),
            Need(("apart", 3), c1, 0, 1, against=c2, worth=-1),
        ],
    ]
