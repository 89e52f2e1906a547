"""What people missing cost at the least: worked examples, and tiny plans tried in full."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from patrol_scheduler import check, explain
from patrol_scheduler.problem import Cadence, Problem, Team
from patrol_scheduler.replanning import as_result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    CadenceRule,
    Certificates,
    Composition,
    Driver,
    DutiesAtMost,
    Leader,
    OneDutyADay,
    Rule,
    rules_of,
)
from patrol_scheduler.solver.missing import of_missing_people
from tests.explaining.plans import on_leave, town
from tests.rules.worked import roster
from tests.solver.test_exhaustive import truth_of
from tests.strategies import changed, tiny_problem

MOST = ("CG1", "CG2", "CG3", "CG4", "CG5")
WEEK_37 = on_leave(town(), MOST, "2010-09-13", "2010-09-15")
"""Both areas need two certified 城管 within three days, and only one is there on any day.

4 duties are needed and there are 3; but no patrol has more than the one, so each lacks one.
"""


def missing(problem: Problem, *rules: Rule) -> float:
    stated = changed(problem, rules=rules)
    return float(of_missing_people(stated, rules_of(stated)))


def test_a_plan_that_can_be_met_misses_nobody() -> None:
    assert missing(town()) == 0


def test_an_empty_seat_costs_what_each_rule_that_asks_for_it_does() -> None:
    assert missing(WEEK_37) == 2 * 100 + 2 * 100
    assert missing(WEEK_37, Certificates(price=20)) == 2 * 100 + 2 * 20
    assert missing(WEEK_37, Certificates(on=False), Composition(price=33.3)) == 66.6
    assert missing(WEEK_37, Certificates(on=False), Composition(), Composition(price=5)) == 210


def test_an_area_left_out_may_be_cheaper_than_its_seats() -> None:
    assert missing(WEEK_37, CadenceRule(price=30)) == 2 * 30
    assert missing(WEEK_37, CadenceRule(price=0)) == 0
    # All six away: 4 seats and 4 certificates are missing, or two areas a day overdue each.
    nobody = on_leave(WEEK_37, ("CG6",), "2010-09-13", "2010-09-15")
    assert missing(nobody) == 2 * 200
    assert missing(nobody, CadenceRule(price=401)) == 4 * 100 + 4 * 100
    assert missing(nobody, Certificates(on=False), CadenceRule(price=150)) == 2 * 150


def test_prices_of_any_size_give_no_more_than_they_add_up_to() -> None:
    fine = Fraction("0.1234567890123456")
    exactly = 2 * 10**9 + 2 * fine
    dear = Composition(price=10**9), Certificates(price=float(fine)), CadenceRule(price=10**9)
    assert exactly - 1 < missing(WEEK_37, *dear) <= exactly
    assert missing(WEEK_37, Composition(price=1e-300), CadenceRule(price=10**9)) == 200


def test_of_the_whole_plan_more_is_missing_than_of_its_weeks() -> None:
    # One 公安 is away; the others have a duty a week each: 6 in three weeks, for 14 patrols.
    away = on_leave(town(), ("GA3",), "2010-09-06", "2010-09-26")
    once = DutiesAtMost(per="week", duties=1, agencies=("ga",))
    assert missing(away, Leader(on=False), once) == (14 - 6) * 100


def test_stretches_that_share_no_day_add_up() -> None:
    twice = on_leave(WEEK_37, MOST, "2010-09-20", "2010-09-22")
    assert missing(twice) == 2 * 400
    # 13 to 15 and 14 to 16 September share days.
    assert missing(on_leave(WEEK_37, MOST, "2010-09-16", "2010-09-16")) == 400


def test_an_officer_too_few_is_not_counted_for_the_agency_and_for_the_size() -> None:
    # Away are all but one of each agency: 6 duties of anybody are needed, and both have 3.
    few = on_leave(WEEK_37, ("GA1", "GA2"), "2010-09-13", "2010-09-15")
    few = on_leave(few, ("CG6",), "2010-09-14", "2010-09-15")
    plain = [Certificates(on=False), CadenceRule(price=10_000)]
    # Of 4 duties of 城管 1 can be had; of all 6, which need two people more, 4.
    assert missing(few, *plain) == 3 * 100


def test_drivers_may_be_of_any_agency() -> None:
    problem = town(teams=(Team(members={"ga": 1, "cg": 2}, drivers=1),))
    one = tuple(o.model_copy(update={"driver": o.id == "CG1"}) for o in problem.officers)
    problem = on_leave(changed(problem, officers=one), ("CG1",), "2010-09-13", "2010-09-14")
    assert missing(problem) == 100
    assert missing(problem, Driver(price=7)) == 7


def test_who_may_be_in_two_places_at_once_is_never_missing() -> None:
    assert missing(WEEK_37, OneDutyADay(on=False)) == 0
    assert missing(WEEK_37, OneDutyADay(labour=("contract",))) == 0


def test_days_before_the_first_patrol_was_due_are_not_overdue() -> None:
    # Every 30 days, and 21 days to go: nothing is due.
    assert missing(changed(WEEK_37, cadences=(Cadence(min_days=2, max_days=30),))) == 0


def lacking(seed: int) -> Problem:
    """A tiny plan in which people are often away, and few lead or drive."""
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    problem = tiny_problem(rng)
    first, last = sorted(rng.choices(problem.dates, k=2))
    away = tuple(o.id for o in problem.officers if rng.random() < 0.4)
    problem = on_leave(problem, away, str(first), str(last))
    if rng.random() < 0.5:
        able = tuple(
            o.model_copy(update={"driver": rng.random() < 0.4, "leader": rng.random() < 0.4})
            for o in problem.officers
        )
        asked = tuple(t.model_copy(update={"drivers": 1, "leaders": 1}) for t in problem.teams)
        problem = changed(problem, officers=able, teams=asked)
    return problem


def test_no_roster_of_tiny_plans_is_less_short_than_counting_says() -> None:
    compared = equal = 0
    for seed in range(200):
        problem = lacking(seed)
        least = of_missing_people(problem, rules_of(problem))
        truth = truth_of(problem, most=200) if least else None
        if truth is not None and truth.roster is not None:
            assert least <= truth.costs[0], seed
            compared += 1
            equal += least == truth.costs[0]
    assert compared >= 12
    assert equal >= 3


def test_a_roster_with_gaps_tells_what_it_cannot_lack_less() -> None:
    told = explain(WEEK_37, time_limit=20).least_bad
    assert told is not None
    assert told.roster is not None
    for result in (told, as_result(WEEK_37, told.roster)):
        level = result.levels[0]
        assert (level.level, level.cost, level.bound) == ("shortage", 400, 400)
        assert level.reason == "missing-people"


def test_of_a_roster_that_breaks_a_rule_counting_says_nothing() -> None:
    both = roster(WEEK_37, "2010-09-13 market am GA1 CG6", "2010-09-13 road am GA2 CG6")
    assert check(WEEK_37, both).broken
    assert as_result(WEEK_37, both).levels[0].bound == 0
    assert as_result(WEEK_37, Roster()).levels[0].bound == 400
