"""What if: what is certain about the costs of two plans, and what is not."""

from __future__ import annotations

import pytest

from patrol_scheduler import Level
from patrol_scheduler.replanning.variations import without_rule
from patrol_scheduler.replanning.what_if import LevelChange, what_if
from tests.explaining.plans import on_leave, town


@pytest.mark.parametrize(
    ("before", "after", "bounds", "certain"),
    [
        (10, 7, (8, 5), True),  # the plan as it is can never cost 7
        (10, 8, (8, 5), False),
        (5, 9, (2, 6), True),
        (0, 0, (0, 0), True),  # both are at their best: nothing changes
        (4, 4, (3, 4), False),
        (None, 4, (0, 4), False),  # no roster, nothing to compare
    ],
)
def test_a_difference_is_certain_where_no_search_could_undo_it(
    before: float | None, after: float, bounds: tuple[float, float], certain: bool
) -> None:
    change = LevelChange(Level.FAIRNESS, before, after, *bounds)
    assert change.certain == certain


def test_a_plan_that_cannot_be_met_is_compared_by_what_stays_short() -> None:
    # On 13 to 15 September one 城管 is left for two areas that need two of them each.
    ill = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")
    found = what_if(town(), ill, time_limit=4)
    shortage = found.levels[0]
    assert (found.before.complete, found.after.status) == (True, "short")
    assert shortage.before == 0
    assert shortage.after is not None
    assert shortage.after > 0
    assert found.after.reason == "no-complete-roster"


def test_without_the_rule_on_fairness_no_plan_costs_more() -> None:
    fairness = what_if(town(), without_rule(town(), "fair-share"), time_limit=2).levels[1]
    assert fairness.after is not None
    assert fairness.before is not None
    assert fairness.after <= fairness.before
