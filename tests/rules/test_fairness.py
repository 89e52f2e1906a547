"""How duties are shared out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patrol_scheduler.problem import Leave, Officer, Phase
from patrol_scheduler.rules import Effort, FairShare

from .worked import Example, Found, plan

OVER = {
    "all-days": ("共", ""),
    "rest-days": ("在休息日", " on rest days"),
    "statutory-holidays": ("在法定节假日", " on statutory holidays"),
}


def share(
    officer: str, duties: int, target: str, amount: Fraction | int, over: str = "all-days",
    price: int = 2, level: str = "fairness",
) -> Found:  # fmt: skip
    zh, en = OVER[over]
    more = duties > float(target)
    return Found(
        f"{officer} {zh}有 {duties} 次勤务，{'多' if more else '少'}于应分担的 {target} 次。",
        f"Duties of {officer}{en}: {duties}, {'more' if more else 'fewer'} than the fair share of "
        f"{target}.",
        level,
        None,
        amount,
        price * amount,
    )


def effort(officer: str, duties: int, cost: object) -> Found:
    return Found(
        f"{officer} 共有 {duties} 次勤务。",
        f"Duties of {officer}: {duties}.",
        "fairness",
        None,
        duties,
        cost,
    )


# P2 is away from the 9th on, so of the 21 days of the two police officers a third is P2's.
AWAY_HALF = (
    Officer(id="P1", agency="police"),
    Officer(id="P2", agency="police", leave=(Leave(start="2010-08-09", end="2010-08-20"),)),
    Officer(id="C1", agency="city"),
)
HOLIDAYS = {"start": "2010-09-29", "end": "2010-10-10", "calendar": "china"}

EXAMPLES = (
    Example(
        "equal shares, one duty each",
        FairShare(),
        ("2010-08-03 town day P1 C1", "2010-08-07 gate night P2 C2"),
    ),
    Example(
        "one does both, and one agency is no match for another",
        FairShare(),
        ("2010-08-03 town day P1 C1", "2010-08-07 gate night P1 C2"),
        (share("P1", 2, "1", 1), share("P2", 0, "1", 1)),
    ),
    Example(
        "in proportion to the days available",
        FairShare(price=3),
        ("2010-08-03 town day P1", "2010-08-04 town day P2", "2010-08-10 town day P1"),
        (),
        plan(officers=AWAY_HALF),
    ),
    Example(
        "half and half is too much for one who is away half the time",
        FairShare(price=3, level="wishes"),
        ("2010-08-03 town day P1", "2010-08-04 town day P2"),
        (
            share("P1", 1, "1.33", Fraction(1, 3), price=3, level="wishes"),
            share("P2", 1, "0.67", Fraction(1, 3), price=3, level="wishes"),
        ),
        plan(officers=AWAY_HALF),
    ),
    Example(
        "Saturday and Sunday are shared by themselves",
        FairShare(over="rest-days"),
        ("2010-08-03 town day P2", "2010-08-07 town day P1", "2010-08-08 gate day P1"),
        (share("P1", 2, "1", 1, "rest-days"), share("P2", 0, "1", 1, "rest-days")),
    ),
    Example(
        "a statutory holiday is no rest day, nor is a make-up working day",
        FairShare(over="rest-days"),
        ("2010-10-02 town day P1", "2010-10-09 town day P1"),
        (),
        plan(**HOLIDAYS),
    ),
    Example(
        "from the first to the seventh of October",
        FairShare(over="statutory-holidays"),
        (
            "2010-10-01 town day C1",
            "2010-10-07 town day C1",
            "2010-09-30 town day P1",
            "2010-10-08 gate day P1",
        ),
        (
            share("C1", 2, "1", 1, "statutory-holidays"),
            share("C2", 0, "1", 1, "statutory-holidays"),
        ),
        plan(**HOLIDAYS),
    ),
    Example(
        "days outside the phases do not count",
        FairShare(),
        ("2010-08-03 town day P1",),
        (),
        plan(
            phases=(
                Phase(id="first", start="2010-08-02", end="2010-08-02"),
                Phase(id="second", start="2010-08-04", end="2010-08-05"),
            )
        ),
    ),
    Example(
        "nobody of the agency is available at all",
        FairShare(),
        ("2010-08-03 town day P1",),
        (share("P1", 1, "0", 1),),
        plan(officers=(Officer(id="P1", agency="police", joins="2010-09-01"),)),
    ),
    Example("nobody goes, nothing is spent", Effort(), ()),
    Example(
        "ten for every duty",
        Effort(),
        ("2010-08-03 town day P1 C1", "2010-08-05 gate night P1"),
        (effort("P1", 2, 20), effort("C1", 1, 10)),
    ),
    Example(
        "one agency's effort, at a price of its own",
        Effort(price=0.5, agencies=("city",)),
        ("2010-08-03 town day P1 C1", "2010-08-05 gate night P1"),
        (effort("C1", 1, Fraction(1, 2)),),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_example(example: Example) -> None:
    example.holds()


def test_by_default_rest_days_and_holidays_weigh_more_than_all_days() -> None:
    assert FairShare.defaults() == (
        FairShare(over="all-days", price=2),
        FairShare(over="rest-days", price=3),
        FairShare(over="statutory-holidays", price=3),
    )


def test_shares_of_an_agency_add_up_to_one() -> None:
    shares = FairShare().shares(plan(officers=AWAY_HALF))
    assert shares == {"P1": Fraction(2, 3), "P2": Fraction(1, 3), "C1": Fraction(1)}
