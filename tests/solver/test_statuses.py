"""How a search may end, what each ending claims, and how it is followed and stopped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from patrol_scheduler.checking import check
from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.problem import Area, Cadence, Leave, Officer, Problem, Request, Team
from patrol_scheduler.result import Progress, Result
from patrol_scheduler.rules import Effort, HoursAtLeast, IdealStrength, Level
from patrol_scheduler.solver import solve
from patrol_scheduler.texts import LANGUAGES, catalogue
from tests.rules.worked import plan

STAGES = ["roster", "shortage", "fairness", "wishes"]


def town(**changes: Any) -> Problem:
    """One area every 2 or 3 days for two weeks; an officer of each of two agencies goes there."""
    given: dict[str, Any] = {
        "areas": (Area(id="town"),),
        "posts": (),
        "teams": (Team(members={"police": 1, "city": 1}),),
    }
    return plan(**(given | changes))


AWAY = Leave(start="2010-08-02", end="2010-08-15")
NO_POLICE = (
    Officer(id="P1", agency="police", leave=(AWAY,)),
    Officer(id="C1", agency="city"),
    Officer(id="C2", agency="city"),
)
BELOW = {"shortage": Level.SHORTAGE, "fairness": Level.FAIRNESS, "wishes": Level.WISHES}


def solved(problem: Problem, **options: Any) -> Result:
    """A result that is held against everything any result promises."""
    told: list[Progress] = []
    usual: dict[str, Any] = {"time_limit": 60, "seed": 0, "workers": 1, "on_progress": told.append}
    result = solve(problem, **(usual | options))
    assert (result.roster is None) == (result.status in ("impossible", "unknown"))
    for lang in LANGUAGES:
        assert f"result.{result.reason}" in catalogue(lang)
        assert all(f"result.{level.reason}" in catalogue(lang) for level in result.levels)
    if result.roster is not None:
        found = check(problem, result.roster)
        assert not found.broken
        assert found.complete == (result.status in ("optimal", "feasible")) == result.complete
        for level in result.levels:
            assert level.cost == pytest.approx(float(found.cost(BELOW[level.level])), abs=1e-6)
            assert level.bound <= level.cost
    return result


def test_a_roster_that_costs_no_more_than_its_bounds_is_optimal() -> None:
    result = solved(town(), gap=0)
    assert result.status == "optimal"
    assert result.gap == 0
    assert [level.level for level in result.levels] == ["fairness", "wishes"]
    # Patrols on the 4th, 7th, 10th and 13th reach from 2 to 15 August, of two officers each.
    assert result.roster is not None
    assert len(result.roster.patrols) == 4
    assert check(town(), result.roster).cost_by_rule()["effort"] == 80


@pytest.mark.parametrize(("price", "size"), [(5, 2), (15, 3)])
def test_the_price_of_a_rule_in_the_plan_turns_the_roster(price: int, size: int) -> None:
    # A duty costs 10: a third officer is worth it only where the ideal is worth more.
    wanted = Team(members={"police": 1, "city": 1}, ideal={"city": 2})
    result = solved(town(teams=(wanted,), rules=(IdealStrength(price=price),)), gap=0)
    assert result.roster is not None
    assert {len(patrol.members) for patrol in result.roster.patrols} == {size}


def test_a_complete_roster_within_the_gap_is_feasible_and_nothing_more() -> None:
    wish = Request(officer="P1", start="2010-08-02", end="2010-08-15", want="off", weight=9)
    problem = town(requests=(wish,))
    result = solved(problem, gap=1)
    assert result.complete
    assert result.status == ("optimal" if result.gap == 0 else "feasible")


def test_when_nobody_of_an_agency_is_there_the_roster_is_short_and_every_gap_is_named() -> None:
    problem = town(officers=NO_POLICE)
    result = solved(problem)
    assert result.status == "short"
    assert result.roster is not None
    found = check(problem, result.roster)
    # Going without the police is less bad than not going: an empty seat for each patrol.
    assert {finding.violation.what for finding in found.shortages} == {"agency"}
    assert len(found.shortages) == len(result.roster.patrols) == 4
    assert result.levels[0].level == "shortage"
    assert result.levels[0].cost == 400
    for lang in LANGUAGES:
        said = [finding.say(problem, lang) for finding in found.shortages]
        assert len(set(said)) == 4
        assert all("police" in sentence for sentence in said)


def test_the_first_roster_with_gaps_leaves_no_seat_empty_that_can_be_filled() -> None:
    # The town's patrols are some five of a police and a city officer each; only police is missing.
    told: list[Progress] = []
    solved(town(officers=NO_POLICE), on_progress=told.append)
    first = next(p.best for p in told if p.stage == "shortage" and p.best is not None)
    assert first == min(p.best for p in told if p.stage == "shortage" and p.best is not None)


def test_what_no_roster_can_keep_is_impossible() -> None:
    """300 hours are asked of everybody, and two weeks of one duty a day have 112."""
    result = solved(town(rules=(HoursAtLeast(hours=300),)))
    assert result.status == "impossible"
    assert result.reason == "impossible"


def test_an_impossible_plan_that_no_single_limit_gives_away() -> None:
    """A patrol every other day seats two officers; four are asked for 60 hours in one week."""
    problem = town(rules=(HoursAtLeast(hours=60),), end="2010-08-08", cadences=(CADENCE,))
    assert solved(problem).status == "impossible"


CADENCE = Cadence(min_days=2, max_days=3)


@pytest.mark.parametrize("options", [{"stop": lambda: True}, {"time_limit": 1e-9}])
def test_a_search_that_had_no_time_claims_nothing(options: dict[str, Any]) -> None:
    result = solved(town(), **options)
    assert (result.status, result.reason, result.levels) == ("unknown", "time", ())


def test_stopped_after_its_first_complete_roster_a_search_keeps_it() -> None:
    found = False

    def watch(progress: Progress) -> None:
        nonlocal found
        found = found or (progress.stage == "fairness" and progress.best is not None)

    result = solved(town(), on_progress=watch, stop=lambda: found)
    assert found
    assert result.complete


def test_progress_goes_forward_and_ends_where_the_result_is() -> None:
    told: list[Progress] = []
    wish = Request(officer="P1", start="2010-08-03", end="2010-08-04", want="on")
    result = solved(town(requests=(wish,)), on_progress=told.append)
    assert told[0].stage == "roster"
    assert told[0].best is None
    for before, after in pairwise(told):
        assert before.seconds <= after.seconds
        assert STAGES.index(before.stage) <= STAGES.index(after.stage)
        if before.stage == after.stage and after.best is not None and before.best is not None:
            assert after.best <= before.best + 1e-6
    for progress in told:
        if progress.best is not None and progress.bound is not None:
            assert progress.gap is not None
            assert 0 <= progress.gap <= 1
    for level in result.levels:
        last = [p.best for p in told if p.stage == level.level][-1]
        assert last == pytest.approx(level.cost, abs=1e-6)


@pytest.mark.parametrize("seed", [0, 7])
def test_one_worker_and_one_seed_give_one_result(seed: int) -> None:
    first, second = (solved(town(), seed=seed) for _ in range(2))
    assert first == second
    assert (first.seed, first.workers) == (seed, 1)


def test_levels_come_in_order_a_wish_never_costs_fairness() -> None:
    """Everybody wishes for every day off: the shares stay as even as without any wish."""
    wishes = tuple(
        Request(officer=officer, start="2010-08-02", end="2010-08-15", want="off", weight=5)
        for officer in ("P1", "C1")
    )
    plain, wished = solved(town(), gap=0), solved(town(requests=wishes), gap=0)
    assert wished.levels[0].cost == plain.levels[0].cost


def test_a_rule_that_is_off_is_not_asked() -> None:
    result = solved(town(rules=(Effort(on=False),)), gap=0)
    assert result.roster is not None
    assert "effort" not in check(town(rules=(Effort(on=False),)), result.roster).cost_by_rule()


def test_a_plan_that_contradicts_itself_is_refused_with_all_its_faults() -> None:
    wrong = town(cadences=(Cadence(min_days=3, max_days=2),), teams=(Team(members={"police": 9}),))
    with pytest.raises(InvalidInputError) as caught:
        solve(wrong)
    assert {"gap-upside-down", "team-above-members"} <= {f.what for f in caught.value.faults}


def test_an_error_of_the_caller_comes_through() -> None:
    class OwnError(Exception):
        pass

    def fail(*_: object) -> bool:
        raise OwnError

    callbacks: list[dict[str, Any]] = [{"on_progress": fail}, {"stop": fail}]
    for callback in callbacks:
        with pytest.raises(OwnError):
            solve(town(), time_limit=60, seed=0, workers=1, **callback)
