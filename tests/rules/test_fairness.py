"""How duties are shared out."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from patrol_scheduler.problem import Balance, Leave, Officer, Phase, Shift
from patrol_scheduler.rules import BurdenShare, Columns, Effort, FairShare, LargestLoad, Limit
from patrol_scheduler.solver.builder import Builder

from .worked import Example, Found, limit_costs, past, plan, roster, violation_costs

OVER = {
    "all-days": ("共", " in all"),
    "working-days": (" 在工作日", " on working days"),
    "make-up-working-days": (" 在调休上班日", " on make-up working days"),
    "rest-days": (" 在休息日", " on rest days"),
    "statutory-holidays": (" 在法定节假日", " on statutory holidays"),
    "nights": (" 在夜间", " at night"),
}


def share(
    officer: str, duties: int | str, target: str, amount: Fraction | int, over: str = "all-days",
    price: int = 2, level: str = "fairness", *, before: bool = False,
) -> Found:  # fmt: skip
    zh, en = OVER[over]
    zh_before, en_before = ("（含上期）", " (with those before the plan)") if before else ("", "")
    more = float(duties) > float(target)
    return Found(
        f"{officer}{zh}有 {duties} 次勤务{zh_before}，{'多' if more else '少'}于应分担的 {target} 次。",
        f"Duties of {officer}{en}{en_before}: {duties}, {'more' if more else 'fewer'} than the "
        f"fair share of {target}.",
        level,
        None,
        amount,
        price * amount,
    )


def burden(
    officer: str, load: str, target: str, amount: Fraction | int, cost: Fraction | int | None = None
) -> Found:
    more = float(load) > float(target)
    return Found(
        f"{officer} 的难度分为 {load}，{'多' if more else '少'}于应分担的 {target}。",
        f"The burden of {officer} is {load}, {'more' if more else 'less'} than the fair share of "
        f"{target}.",
        "fairness",
        None,
        amount,
        cost,
    )


def largest(
    officer: str, load: int, target: str, amount: Fraction | int, cost: Fraction | int
) -> Found:
    return Found(
        f"{officer}共有 {load} 次勤务，多于平均应分担的 {target} 次。",
        f"Duties of {officer} in all: {load}, above the mean of {target} for the officer.",
        "fairness",
        None,
        amount,
        cost,
    )


def effort(officer: str, duties: int, cost: Fraction | int | None) -> Found:
    return Found(
        f"{officer} 共有 {duties} 次勤务。",
        f"Duties of {officer}: {duties}.",
        "fairness",
        None,
        duties,
        cost,
    )


JULY = "2010-07-01"
# P2 is away from the 9th on, so of the 21 days of the two police officers a third is P2's.
AWAY_HALF = (
    Officer(id="P1", agency="police"),
    Officer(id="P2", agency="police", leave=(Leave(start="2010-08-09", end="2010-08-20"),)),
    Officer(id="C1", agency="city"),
)
BURDENED = (
    Shift(id="day", start="08:00", end="16:00"),
    Shift(id="night", start="22:00", end="06:00", burden=2.5),
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
    Example(
        "the nights are shared by themselves",
        FairShare(over="nights"),
        ("2010-08-03 town night P1", "2010-08-05 gate night P1", "2010-08-07 town day P2"),
        (share("P1", 2, "1", 1, "nights"), share("P2", 0, "1", 1, "nights")),
    ),
    Example(
        "whoever may not work at night owes no night",
        FairShare(over="nights"),
        ("2010-08-03 town night P1", "2010-08-05 gate night P1"),
        (),
        plan(
            officers=(
                Officer(id="P1", agency="police"),
                Officer(id="P2", agency="police", night_ok=False),
            )
        ),
    ),
    Example(
        "without night shifts there is nothing to share at night",
        FairShare(over="nights"),
        ("2010-08-03 town day P1",),
        (),
        plan(shifts=(Shift(id="day", start="06:00", end="22:00"),)),
    ),
    Example(
        "a make-up working day is no working day",
        FairShare(over="working-days"),
        ("2010-10-08 town day P1", "2010-10-09 town day P2"),
        (
            share("P1", 1, "0.50", Fraction(1, 2), "working-days"),
            share("P2", 0, "0.50", Fraction(1, 2), "working-days"),
        ),
        plan(**HOLIDAYS),
    ),
    Example(
        "make-up working days are shared by themselves",
        FairShare(over="make-up-working-days"),
        ("2010-10-08 town day P1", "2010-10-09 town day P2"),
        (
            share("P1", 0, "0.50", Fraction(1, 2), "make-up-working-days"),
            share("P2", 1, "0.50", Fraction(1, 2), "make-up-working-days"),
        ),
        plan(**HOLIDAYS),
    ),
    Example(
        "who did two last month owes two now",
        FairShare(),
        ("2010-08-03 town day P2", "2010-08-07 gate day P2"),
        (),
        plan(history=past("2010-07-28 town day P1", "2010-07-30 gate day P1"), fair_since=JULY),
    ),
    Example(
        "the same again is unfair over both months",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-07 gate day P2"),
        (share("P1", 3, "2", 1, before=True), share("P2", 1, "2", 1)),
        plan(history=past("2010-07-28 town day P1", "2010-07-30 gate day P1"), fair_since=JULY),
    ),
    Example(
        "a past duty before the date from which they count does not",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-07 gate day P2"),
        (),
        plan(history=past("2010-06-30 town day P1"), fair_since=JULY),
    ),
    Example(
        "past duties at night, on rest days only where they count",
        FairShare(over="nights"),
        ("2010-08-03 town night P2",),
        (),
        plan(history=past("2010-07-28 town night P1", "2010-07-30 town day P1"), fair_since=JULY),
    ),
    Example(
        "an officer who came in August owes nothing for July",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-07 gate day P2"),
        (),
        plan(
            start="2010-08-02",
            end="2010-08-15",
            officers=(
                Officer(id="P1", agency="police"),
                Officer(id="P2", agency="police", joins="2010-08-02"),
            ),
            # 14 days of July before the plan and 14 in it: two thirds of three are P1's.
            history=past("2010-07-28 town day P1"),
            fair_since="2010-07-19",
        ),
    ),
    Example(
        "a balance of one and a half duties, and one of minus one and a half",
        FairShare(),
        ("2010-08-03 town day P1", "2010-08-05 town day P2", "2010-08-07 gate day P2"),
        (
            share("P1", "2.50", "1.50", 1, before=True),
            share("P2", "0.50", "1.50", 1, before=True),
        ),
        plan(
            balances=(
                Balance(officer="P1", carried=1.5),
                Balance(officer="P2", carried=-1.5),
                Balance(officer="P2", carried=9, over="nights"),
                Balance(officer="P2", carried=9, measure="burden"),
            )
        ),
    ),
    Example(
        "a night counts two and a half, a Saturday twice",
        BurdenShare(),
        ("2010-08-03 town night P1", "2010-08-07 gate day P2"),
        (
            burden("P1", "2.50", "2.25", Fraction(1, 4)),
            burden("P2", "2", "2.25", Fraction(1, 4)),
        ),
        plan(shifts=BURDENED),
    ),
    Example(
        "a holiday counts three times, a make-up working day as any",
        BurdenShare(price=2),
        ("2010-10-02 town night C1", "2010-10-09 gate day C2", "2010-10-08 gate day C2"),
        (
            burden("C1", "7.50", "4.75", Fraction(11, 4), Fraction(11, 2)),
            burden("C2", "2", "4.75", Fraction(11, 4), Fraction(11, 2)),
        ),
        plan(shifts=BURDENED, **HOLIDAYS),
    ),
    Example(
        "where no shift has a burden, none is shared",
        BurdenShare(),
        ("2010-08-03 town night P1",),
    ),
    Example(
        "two above the mean cost one, and twice one more for the second",
        LargestLoad(),
        tuple(f"2010-08-0{day} town day P1" for day in (2, 3, 4, 5)),
        (largest("P1", 4, "2", 2, 2 + 2),),
    ),
    Example(
        "at most the mean costs nothing",
        LargestLoad(),
        ("2010-08-03 town day P1", "2010-08-05 town day P2"),
    ),
    Example(
        "who is there half the time carries each duty twice",
        LargestLoad(price=2),
        tuple(f"2010-08-0{day} town day P2" for day in (3, 4, 5)),
        # P2's share is a third of two officers': 3 duties less 1 are 2, times 3/2 are 3 above.
        (largest("P2", 3, "1", 3, 2 * (3 + 2 * 2 + 4 * 1)),),
        plan(officers=AWAY_HALF),
    ),
    Example(
        "among three, each duty above the mean of four thirds counts three times the one before",
        LargestLoad(),
        tuple(f"2010-08-0{day} town day P1" for day in (2, 3, 4, 5)),
        # 8/3 above: 8/3 at 1, 5/3 at 3 and 2/3 at 9.
        (largest("P1", 4, "1.33", Fraction(8, 3), Fraction(41, 3)),),
        plan(officers=tuple(Officer(id=f"P{n}", agency="police") for n in (1, 2, 3))),
    ),
    Example(
        "for the one officer of an agency, who is never available, each duty is above the mean",
        LargestLoad(),
        ("2010-08-03 town day P1", "2010-08-05 town day P1"),
        (largest("P1", 2, "0", 2, 2 + 2),),
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


def test_two_shares_of_burden_with_factors_of_their_own_are_each_charged_by_their_own() -> None:
    problem = plan(shifts=BURDENED)
    made = roster(problem, "2010-08-03 town night P1", "2010-08-07 gate day P2")
    columns = Columns(problem)
    for rule in (BurdenShare(), BurdenShare(rest_day=5), BurdenShare(rest_day=0.5)):
        costs = limit_costs(list(rule.limits(problem, columns)), columns, made)
        assert costs == violation_costs(list(rule.violations(problem, made)))


def test_a_sum_of_columns_with_half_weights_is_refused() -> None:
    problem = plan()
    columns = Columns(problem)
    builder = Builder(columns, soften=False)
    half = columns.sum_of(("half",), [(columns.on("P1", 0, "day"), Fraction(1, 2))])
    builder.add([Limit([(half, 1)], at_most=1)])
    with pytest.raises(ValueError, match="whole"):
        builder.build()


@pytest.mark.parametrize("total", range(1, 8))
def test_smaller_largest_loads_cost_less_whatever_the_smaller_ones_do(total: int) -> None:
    """Of all ways to share out so many duties among three, the costs are in the leximax order.

    Loads up to the mean are alike: they are put to the mean before they are compared.
    """
    rule, mean = LargestLoad(steps=4), Fraction(total, 3)
    costs: dict[tuple[Fraction, ...], Fraction] = {}
    for loads in product(range(min(total, 6) + 1), repeat=3):
        if sum(loads) == total and max(loads) - mean <= 4:
            vector = tuple(sorted((max(mean, Fraction(n)) for n in loads), reverse=True))
            cost = sum((rule.missed(Fraction(1, 3), n - mean, 3)[1] for n in loads), Fraction(0))
            assert costs.setdefault(vector, cost) == cost
    in_order = [costs[vector] for vector in sorted(costs)]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(in_order)


def test_by_default_rest_days_and_holidays_weigh_more_than_all_days() -> None:
    assert FairShare.defaults() == (
        FairShare(over="all-days", price=2),
        FairShare(over="rest-days", price=3),
        FairShare(over="statutory-holidays", price=3),
        FairShare(over="nights", price=3),
    )


def test_shares_of_an_agency_add_up_to_one() -> None:
    shares = FairShare().shares(plan(officers=AWAY_HALF))
    assert shares == {"P1": Fraction(2, 3), "P2": Fraction(1, 3), "C1": Fraction(1)}
