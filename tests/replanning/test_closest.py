"""On plans so small that every roster can be tried, none is closer than the one that is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

import pytest

from patrol_scheduler import Agreement, Roster, check, replan
from patrol_scheduler.checking import Finding
from patrol_scheduler.problem import Cadence, Leave, Problem, Team
from patrol_scheduler.replanning.agreements import standing
from patrol_scheduler.replanning.changes import cells
from patrol_scheduler.replanning.variations import with_officers, without_officer
from patrol_scheduler.rules import Level
from patrol_scheduler.validation import faults_of
from tests.exhaustive import best, closest
from tests.replanning.disturbed import (
    CHANGES,
    MOST,
    Changed,
    lost_person,
    new_holiday,
    nothing_like_it,
    on_leave,
    one_area,
    size,
    with_a_roster,
)
from tests.rules.worked import roster as worked
from tests.strategies import changed, tiny_problem


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_complete_roster_changes_fewer_duties_or_touches_fewer_people(
    change: Callable[[Random, Problem, Roster], Changed],
) -> None:
    compared = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        after = change(rng, *given) if given else None
        if after is None:
            continue
        problem, old, frozen = after
        if faults_of(problem) or size(problem) > MOST:
            continue
        found = replan(problem, old, frozen)
        fewest = closest(problem, old, frozen)
        if fewest is None:
            # Complete only where all that is wrong is of days that stay as they are.
            assert found.status != "unknown", seed
            assert found.status != "complete" or found.kept_breaches, seed
            assert found.status == "complete" or found.reason != "none-found", seed
            continue
        assert found.status == "complete", seed
        assert found.roster is not None
        assert check(problem, found.roster).complete, seed
        assert (0, found.changed_duties, found.people_touched) == fewest, seed
        assert len(cells(old).keys() ^ cells(found.roster).keys()) == fewest[1], seed
        assert found.proven, seed
        assert found.bound == fewest[1], seed
        assert kept(old, frozen) == kept(found.roster, frozen), seed
        compared += fewest[1] > 0
        if compared == 12:
            return
    assert compared >= 10


def extra_person(_: Random, problem: Problem) -> Problem:
    return with_officers(problem, problem.agencies[0].id)


def fewer_rules(_: Random, problem: Problem) -> Problem:
    return changed(problem, rules=())


def unneeded_leave(rng: Random, problem: Problem) -> Problem:
    """Somebody is away, perhaps for longer than the plan, on days without a duty of theirs."""
    day = dt.timedelta(days=1)
    away = Leave(start=problem.last + rng.randint(1, 3) * day, end=problem.last + 9 * day)
    first, *others = problem.officers
    absent = first.model_copy(update={"leave": (*first.leave, away)})
    return changed(problem, officers=(absent, *others))


@pytest.mark.parametrize("change", [extra_person, fewer_rules, unneeded_leave])
def test_where_nothing_need_change_the_bound_is_zero_and_proven(
    change: Callable[[Random, Problem], Problem],
) -> None:
    compared = 0
    for seed in range(60):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        if given is None:
            continue
        problem, old = change(rng, given[0]), given[1]
        if faults_of(problem) or not check(problem, old).complete:
            continue
        found = replan(problem, old, rng.choice(problem.dates) - dt.timedelta(days=1))
        assert (found.status, found.roster, found.changes) == ("complete", old, ()), seed
        assert (found.changed_duties, found.bound, found.proven) == (0, 0, True), seed
        assert found.kept_breaches == (), seed
        compared += 1
    assert compared > 5


def test_what_only_frozen_days_break_changes_nothing_and_that_is_proven() -> None:
    compared = 0
    for seed in range(200):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        after = on_leave(rng, *given) if given else None
        if after is None:
            continue
        problem, old, before = after
        frozen = before + dt.timedelta(days=1)  # the day of the leave itself
        found = replan(problem, old, frozen)
        if closest(problem, old, before) is None or check(problem, old).findings == ():
            continue
        wrong = [f for f in check(problem, old).findings if f.violation.level <= Level.SHORTAGE]
        if any(f.violation.rule != "leave" for f in wrong):
            continue
        assert (found.roster, found.changed_duties, found.bound) == (old, 0, 0), seed
        assert found.proven, seed
        assert list(found.kept_breaches) == wrong, seed
        compared += 1
        if compared == 10:
            return
    assert compared > 5


def test_beside_a_frozen_breach_no_roster_changes_fewer_duties() -> None:
    """Somebody is ill on a frozen day, which stays, and somebody on a day that is still open."""
    compared = 0
    for seed in range(300):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        first = on_leave(rng, *given) if given else None
        second = on_leave(rng, *first[:2]) if first else None
        if first is None or second is None or first[2] >= second[2]:
            continue
        problem, old, _ = second
        frozen = first[2] + dt.timedelta(days=1)

        def borne(finding: Finding, until: dt.date = frozen) -> bool:
            date = finding.violation.date
            return finding.violation.rule == "leave" and date is not None and date <= until

        if faults_of(problem) or not any(map(borne, check(problem, old).findings)):
            continue
        fewest = closest(problem, old, frozen, borne=borne)
        if fewest is None:
            continue
        found = replan(problem, old, frozen)
        assert found.status == "complete", seed
        assert (0, found.changed_duties, found.people_touched) == fewest, seed
        assert (found.bound, found.proven) == (fewest[1], True), seed
        assert all(map(borne, found.kept_breaches)), seed
        compared += fewest[1] > 0
        if compared == 10:
            return
    assert compared > 5


def test_duties_of_who_left_are_a_bound_by_themselves() -> None:
    """Where a team may be larger, who leaves need not be replaced: their duties are all."""
    plan = one_area(Random(1))  # noqa: S311  # a seed, not a secret
    wide = Team(members={"cg": 1}, most={"cg": 3})
    plan = changed(plan, rules=(), teams=(wide,), cadences=(Cadence(min_days=1, max_days=1),))
    days = [f"{date} road am {' '.join(o.id for o in plan.officers[:3])}" for date in plan.dates]
    old = worked(plan, *days)
    assert check(plan, old).complete
    gone = without_officer(plan, plan.officers[0].id)
    found = replan(gone, old, plan.first - dt.timedelta(days=1))
    assert found.status == "complete"
    left = len(plan.dates)
    assert (found.changed_duties, found.bound, found.proven) == (left, left, True)
    assert {change.reason for change in found.changes} == {"left-plan"}


def agreed(rng: Random, problem: Problem, old: Roster) -> list[Agreement]:
    """That some of those on duty took it over from others, who have none that day."""
    found = []
    for duty in rng.sample(old.duties, min(len(old.duties), rng.choice([1, 2, 3]))):
        busy = {other.officer for other in old.duties if other.date == duty.date}
        free = [o.id for o in problem.officers if o.id not in busy]
        if free:
            found.append(
                Agreement(date=duty.date, out=rng.choice(free), into=duty.officer,
                          patrol=duty.patrol, post=duty.post, shift=duty.shift)
            )  # fmt: skip
    return found


@pytest.mark.parametrize(
    "change",
    [on_leave, lost_person, new_holiday],
    ids=lambda change: change.__name__,
)
def test_no_complete_roster_keeps_more_of_what_was_agreed_or_then_changes_fewer_duties(
    change: Callable[[Random, Problem, Roster], Changed],
) -> None:
    compared = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        given = with_a_roster(rng)
        log = agreed(rng, *given) if given else []
        after = change(rng, *given) if given and log else None
        if after is None:
            continue
        problem, old, frozen = after
        if faults_of(problem) or size(problem) > MOST:
            continue
        known = {officer.id for officer in problem.officers}
        stand = [one for one in standing(old, log) if one.duty.officer in known]
        takes = frozenset((one.duty.officer, one.duty.date) for one in stand)
        spared = frozenset((one.entry.out, one.duty.date) for one in stand)
        fewest = closest(problem, old, frozen, takes, spared)
        if fewest is None:
            continue
        found = replan(problem, old, frozen, agreements=log)
        assert found.status == "complete", seed
        assert found.roster is not None
        was, now = cells(old).keys(), cells(found.roster).keys()
        given_up = sum((cell[3], cell[0]) in takes for cell in was - now)
        given_up += sum((cell[3], cell[0]) in spared for cell in now - was)
        assert (given_up, found.changed_duties, found.people_touched) == fewest, seed
        assert found.proven, seed
        assert found.bound == fewest[1], seed
        compared += fewest[0] > 0
        if compared == 8:
            return
    assert compared >= 4


def kept(roster: Roster, frozen: dt.date) -> tuple[object, object]:
    """What a roster has on the frozen days."""
    return (
        [patrol for patrol in roster.patrols if patrol.date <= frozen],
        [duty for duty in roster.post_duties if duty.date <= frozen],
    )


def test_where_no_complete_roster_is_left_none_is_less_short() -> None:
    short = impossible = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = tiny_problem(rng) if rng.random() < 0.5 else one_area(rng)
        # So many are ill on the second day that what is asked of it cannot be.
        ill = Leave(start=problem.dates[-1], end=problem.dates[-1])
        officers = (o.model_copy(update={"leave": (*o.leave, ill)}) for o in problem.officers)
        problem = changed(problem, officers=tuple(officers))
        if faults_of(problem) or size(problem) > MOST:
            continue
        found = replan(*nothing_like_it(rng, problem, Roster()))
        if found.status == "complete":
            continue
        least = best(problem)
        assert found.status == ("impossible" if least.roster is None else "short"), seed
        assert found.reason == ("impossible" if least.roster is None else "no-complete-roster")
        impossible += least.roster is None
        if found.roster is not None:
            checked = check(problem, found.roster)
            assert found.least_short, seed
            assert checked.cost(Level.SHORTAGE) == least.costs[0], seed
            assert found.gaps == checked.shortages, seed
            short += 1
        if short >= 12 and impossible >= 2:
            return
    assert short >= 12
    assert impossible >= 2
