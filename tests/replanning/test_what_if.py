"""What if: what is certain about the costs of two plans, and what is not."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler import InvalidInputError, Level
from patrol_scheduler.cli.supposing import suppositions
from patrol_scheduler.problem import Busy, Pair, Pin
from patrol_scheduler.replanning.supposing import say_supposed, supposed
from patrol_scheduler.replanning.variations import without_officer, without_rule
from patrol_scheduler.replanning.what_if import LevelChange, what_if
from patrol_scheduler.rules import DaysBetweenDuties
from patrol_scheduler.validation import faults_of
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed


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


def test_what_is_supposed_is_told_in_one_sentence() -> None:
    asked = suppositions(
        town(), added=["cg", "公安:带队，驾驶", "cg:assistant", "ga:uncertified"], alike=["城1"],
        gone=["CG6"], dropped=["fair-share"], longest_gap=9, areas=["集市"],
    )  # fmt: skip
    assert say_supposed(town(), asked, "en") == (
        "Supposed: one more officer of 城管（cg）, with a certificate; "
        "one more officer of 公安（ga）, with a certificate, who can lead, who can drive; "
        "one more officer of 城管（cg）, assistant, without a certificate; "
        "one more officer of 公安（ga）, without a certificate; "
        "one more officer like 城1（CG1）, without leave; without 城6（CG6）; "
        "without the rule Fair share (fair-share); "
        "集市 wait at most 9 days from patrol to patrol."
    )
    assert say_supposed(town(), asked[1:3], "zh-CN") == (
        "假设：公安（ga）增加一名人员（持执法证、能带队、能驾驶）；"
        "城管（cg）增加一名人员（协管员、不持执法证）。"
    )
    plan = supposed(town(), asked)
    assert faults_of(plan) == ()
    new = [officer for officer in plan.officers if officer.id.startswith("new-")]
    assert [(o.agency, bool(o.certificates), o.leader, o.driver, o.status) for o in new] == [
        ("cg", True, False, False, None),
        ("ga", True, True, True, None),
        ("cg", False, False, False, "assistant"),
        ("ga", False, False, False, None),
        ("cg", True, town().officer_by_id["CG1"].leader, town().officer_by_id["CG1"].driver, None),
    ]


def test_one_more_like_somebody_on_leave_is_there_all_the_time() -> None:
    ill = on_leave(town(), ("CG1",), "2010-09-13", "2010-09-15")
    asked = suppositions(ill, alike=["CG1"])
    new = supposed(ill, asked).officers[-1]
    assert (new.id, new.name, new.leave) == ("new-1", "", ())
    assert new.certificates == ill.officer_by_id["CG1"].certificates


def test_what_cannot_be_supposed_is_told_all_at_once() -> None:
    with pytest.raises(InvalidInputError) as wrong:
        suppositions(town(), added=["cgg", "cg:带对"], alike=["x"], gone=["CG66"], dropped=["fair"])
    assert [fault.place for fault in wrong.value.faults] == [
        "agency", "mark", "officer", "officer", "rule",
    ]  # fmt: skip
    assert '最接近的写法是 "带队"' in wrong.value.say("zh-CN")


def test_without_an_officer_nothing_of_the_plan_names_the_officer() -> None:
    begins = dt.datetime.combine(day("2010-09-13"), dt.time(8))
    busy = Busy(officer="CG6", start=begins, end=begins + dt.timedelta(hours=2))
    plan = changed(
        town(),
        busy=(busy, busy.model_copy(update={"officer": "CG5"})),
        pins=(Pin(date=day("2010-09-13"), officer="CG6", kind="prefer"),),
        pairs=(Pair(a="CG5", b="CG6", kind="rather-apart"),),
        rules=(
            DaysBetweenDuties(days=3, officers=("CG6",)),
            DaysBetweenDuties(days=2, officers=("CG6", "CG5")),
        ),
    )
    assert faults_of(plan) == ()
    fewer = without_officer(plan, "CG6")
    assert faults_of(fewer) == ()
    assert fewer.busy == (busy.model_copy(update={"officer": "CG5"}),)
    # A rule for this officer alone does not come to hold for everybody.
    assert [rule.officers for rule in DaysBetweenDuties.in_force(fewer)] == [("CG5",)]
