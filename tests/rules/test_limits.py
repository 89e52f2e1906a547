"""What a limit asks and charges, and in which order levels count."""

from __future__ import annotations

from fractions import Fraction

from patrol_scheduler.rules import Columns, Level, Limit
from patrol_scheduler.rules.limits import at_most, exact, never

from .worked import limit_costs, plan, roster


def test_levels_come_in_the_order_in_which_they_count() -> None:
    assert list(Level) == [Level.MUST, Level.SHORTAGE, Level.FAIRNESS, Level.WISHES]
    assert [level.value for level in Level] == [0, 1, 2, 3]


def test_a_limit_asks_and_charges_nothing_unless_told() -> None:
    assert Limit([]) == Limit([], None, None, Level.MUST, 0, 0)


def test_decimals_mean_what_is_written() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(3) == 3
    assert exact(Fraction(1, 3)) == Fraction(1, 3)


def test_a_limit_that_the_history_exceeds_lets_nothing_be_added() -> None:
    columns = Columns(plan())
    new = columns.on("P1", 0, "day")
    terms = [(Columns.YES, 2), (Columns.NO, 9), (Columns.YES, 1), (new, 1)]
    kept = [(Columns.YES, 2), (Columns.YES, 1), (new, 1)]
    assert at_most(terms, 1) == Limit(kept, at_most=3, allowed=1)
    assert at_most(terms, 3) == Limit(kept, at_most=3)
    assert at_most(terms, 5).at_most == 5


def test_a_column_that_may_never_be_is_counted_at_most_no_time() -> None:
    columns = Columns(plan())
    limit = never(columns.patrol("town", 0, "day"))
    assert limit_costs([limit], columns, roster(plan(), "2010-08-02 town day P1")) == (1, {})
    assert limit_costs([limit], columns, roster(plan(), "2010-08-02 town night P1")) == (0, {})
