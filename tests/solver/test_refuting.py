"""What cannot be met is proven by a sum of rows, reckoned in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from patrol_scheduler.rules import Columns, Level, Limit
from patrol_scheduler.solver import cpsat
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.program import Part
from patrol_scheduler.solver.refuting import contradicts, refuted
from tests.explaining.plans import town

SHIFT, DAYS = "am", range(3)
OFFICERS = [officer.id for officer in town().officers][:4]


def part(needed: int, most: int) -> Part:
    """On each of three days ``needed`` of four officers, each of whom has ``most`` duties."""
    columns = Columns(town())
    builder = Builder(columns, soften=False)
    on = {(o, day): columns.on(o, day, SHIFT) for o in OFFICERS for day in DAYS}
    builder.add(Limit([(on[o, day], 1) for o in OFFICERS], at_least=needed) for day in DAYS)
    # In halves, so that rows with fractions are reckoned, too.
    half = Fraction(1, 2)
    builder.add(Limit([(on[o, day], half) for day in DAYS], at_most=half * most) for o in OFFICERS)
    return builder.build().whole()


@pytest.mark.parametrize(
    ("needed", "most", "there"), [(3, 2, False), (2, 2, True), (4, 3, True), (2, 1, False)]
)
def test_more_duties_than_all_may_have_together_are_refuted(
    needed: int, most: int, there: bool
) -> None:
    budget = Budget(60, None, None)
    asked = part(needed, most)
    assert refuted(asked, budget, seconds=30) is not there
    # By quite another method, too.
    answer = cpsat.search(asked, Level.FAIRNESS, budget, seconds=30)
    assert (answer.status == "infeasible") is not there


def test_a_sum_of_rows_counts_only_where_it_asks_for_more_than_there_can_be() -> None:
    # Each day's row once asks for nine duties, each officer's twice allows eight.
    asked = part(3, 2)
    days, officers = np.array([1.0, 1.0, 1.0]), np.array([-2.0, -2.0, -2.0, -2.0])
    assert contradicts(asked, np.concatenate((days, officers)))
    assert not contradicts(asked, np.concatenate((days, officers / 2)))
    assert not contradicts(asked, np.concatenate((0 * days, officers)))
    # No row says how few duties an officer, or how many a day, may have.
    assert not contradicts(asked, np.concatenate((-days, -officers)))
    # Every officer's limit may be met by what is needed, to the last duty.
    assert not contradicts(part(2, 2), np.concatenate((days, officers)))


def test_what_only_whole_duties_cannot_meet_is_not_refuted() -> None:
    # Of any two of three officers just one is on duty: half of each would do.
    columns = Columns(town())
    builder = Builder(columns, soften=False)
    a, b, c = (columns.on(officer, 0, SHIFT) for officer in OFFICERS[:3])
    builder.add(
        Limit([(one, 1), (other, 1)], at_least=1, at_most=1)
        for one, other in ((a, b), (b, c), (a, c))
    )
    budget, odd = Budget(60, None, None), builder.build().whole()
    assert not refuted(odd, budget, seconds=30)
    assert cpsat.search(odd, None, budget, seconds=30).status == "infeasible"
