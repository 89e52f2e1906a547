"""Counting never calls a plan impossible that can be met, and counts no more than there is."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Literal

import pytest

from patrol_scheduler import Problem, Roster
from patrol_scheduler.explaining import Demands, shortfalls
from patrol_scheduler.explaining.counting import Shortfall, first_look, lacking, reason_of
from patrol_scheduler.problem import Agency, Officer, Post
from patrol_scheduler.rules import (
    Composition,
    DaysBetweenDuties,
    DutiesAtMost,
    Level,
    OnLeave,
    RestDays,
    Rule,
    rules_of,
)
from patrol_scheduler.solver.weighing import Weighing
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.replanning.disturbed import with_a_roster
from tests.rules.worked import roster as worked
from tests.strategies import changed

IMPOSSIBLE = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")


def had(problem: Problem, roster: Roster, group: str, agency: str, first: int, last: int) -> int:
    """How many duties of a group a roster has in patrols of a stretch of days."""
    found = 0
    for duty in roster.duties:
        officer = problem.officer_by_id[duty.officer]
        able = {
            "members": True,
            "officers": True,
            "certified": officer.certified_on(duty.date),
            "leaders": officer.leader,
            "drivers": officer.driver,
        }[group]
        inside = first <= problem.day(duty.date) <= last
        found += duty.area is not None and inside and able and agency in ("", officer.agency)
    return found


def assert_counted(problem: Problem, roster: Roster) -> int:
    """The complete roster has at least what is needed and at most what is there."""
    counting, compared = Weighing(problem), 0
    assert shortfalls(problem) == ()
    assert not lacking(problem)
    if not counting.asked:
        return 0
    for group, agency in counting.groups():
        weighed = counting.weighed(group, agency)
        for first, last in counting.windows:
            at = last - first, first
            mine = had(problem, roster, group, agency, first, last)
            assert weighed.needed[at] <= mine <= weighed.there[at], (group, agency, first, last)
            compared += weighed.needed[at] > 0
    return compared


def test_what_a_complete_roster_has_is_enough_and_there() -> None:
    assert assert_counted(town(), DRAWN) > 100
    compared = 0
    for seed in range(120):
        given = with_a_roster(Random(seed))  # noqa: S311  # a seed, not a secret
        if given is not None:
            compared += assert_counted(*given)
    assert compared > 100


PERIODS: tuple[Literal["week", "month", "plan"], ...] = ("week", "month", "plan")


def lone(rng: Random) -> Problem:
    """A plan of eight days with one officer and some limits on the duties of that one."""
    rules: list[Rule] = []
    if rng.random() < 0.5:
        rules.append(DaysBetweenDuties(days=rng.choice([1, 2, 3])))
    if rng.random() < 0.5:
        rules.append(RestDays(days=rng.choice([3, 4, 7]), free=rng.choice([1, 2])))
    rules += [
        DutiesAtMost(per=per, duties=rng.choice([1, 2, 3])) for per in PERIODS if rng.random() < 0.4
    ]
    start, end = rng.choice([("2010-08-28", "2010-09-04"), ("2010-09-09", "2010-09-16")])
    plan = town(
        start=day(start), end=day(end), rules=tuple(rules),
        officers=(Officer(id="CG1", agency="cg"),),
        phases=tuple(p.model_copy(update={"start": day(start), "end": day(end)})
                     for p in town().phases),
        areas=town().areas[:1],
    )  # fmt: skip
    if rng.random() < 0.5:
        away = day(start).replace(day=min(30, day(start).day + rng.choice([1, 2])))
        plan = on_leave(plan, ("CG1",), away.isoformat(), away.isoformat())
    return plan


@pytest.mark.parametrize("seed", range(14))
def test_the_most_that_one_officer_can_do_is_what_trying_all_days_finds(seed: int) -> None:
    problem = lone(Random(seed))  # noqa: S311  # a seed, not a secret
    kinds = DaysBetweenDuties | RestDays | DutiesAtMost | OnLeave
    rules = [rule for rule in rules_of(problem) if isinstance(rule, kinds)]
    days = range(len(problem.dates))
    allowed = []
    for number in range(len(problem.dates) + 1):
        for chosen in combinations(days, number):
            row = worked(problem, *(f"{problem.date(d)} market am CG1" for d in chosen))
            found = (v for rule in rules for v in rule.violations(problem, row))
            if not any(violation.level is Level.MUST for violation in found):
                allowed.append(set(chosen))
    there = Weighing(problem).weighed("members", "cg").there
    for first in days:
        for last in days[first:]:
            most = max(len(row) for row in allowed if row <= set(range(first, last + 1)))
            assert there[last - first, first] == most, (first, last)


def told(problem: Problem) -> list[tuple[str, str, str, str, int, int]]:
    return [
        (s.group, s.agency, s.start.isoformat()[5:], s.end.isoformat()[5:], s.needed, s.there)
        for s in shortfalls(problem)
    ]


def test_every_group_that_is_short_is_told_with_its_days_the_worst_first() -> None:
    # Five of six 城管 are away for three days, in which both areas go once: 4 duties, of 3.
    assert told(IMPOSSIBLE) == [
        ("certified", "cg", "09-13", "09-15", 4, 3),
        ("members", "cg", "09-13", "09-15", 4, 3),
    ]
    # All three 公安 are: nobody leads.
    leaderless = on_leave(IMPOSSIBLE, ("GA1", "GA2", "GA3"), "2010-09-20", "2010-09-22")
    assert told(leaderless) == [
        ("leaders", "", "09-20", "09-22", 2, 0),
        ("members", "ga", "09-20", "09-22", 2, 0),
        ("certified", "cg", "09-13", "09-15", 4, 3),
        ("members", "cg", "09-13", "09-15", 4, 3),
    ]
    assert lacking(leaderless)
    # Whoever may do it without a certificate is short of certificates only.
    officers = tuple(
        o.model_copy(update={"certificates": ()}) if o.id in ("CG1", "CG2") else o
        for o in town().officers
    )
    bare = on_leave(changed(town(), officers=officers), ("CG3", "CG4", "CG5"), "2010-09-13",
                    "2010-09-15")  # fmt: skip
    assert told(bare) == [("certified", "cg", "09-13", "09-15", 4, 3)]


def test_of_stretches_that_do_not_overlap_each_is_told() -> None:
    both = on_leave(IMPOSSIBLE, ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-20", "2010-09-22")
    members = [entry[2:] for entry in told(both) if entry[0] == "members"]
    assert members == [("09-13", "09-15", 4, 3), ("09-20", "09-22", 4, 3)]


def test_an_agency_gives_no_more_than_it_lends() -> None:
    def lending(**limits: int) -> Problem:
        police, urban = town().agencies
        return changed(town(), agencies=(police, urban.model_copy(update=limits)))

    # Two areas take four 城管 in three days.
    assert told(lending(lends_a_day=2)) == []
    assert [entry[:2] for entry in told(lending(lends_a_day=1))][:1] == [("certified", "cg")]
    weekly = told(lending(lends_a_week=7))
    assert {entry[1] for entry in weekly} == {"cg"}
    assert told(lending(lends_a_week=12)) == []
    assert Agency(id="cg").lends_a_day is None


def test_a_reason_is_about_its_days_its_areas_and_who_could_come() -> None:
    worst = shortfalls(IMPOSSIBLE)[1]
    reason = reason_of(IMPOSSIBLE, worst)
    assert (reason.first, reason.last, reason.agency) == (7, 9, "cg")
    assert reason.rule is Composition
    assert reason.areas == {"market", "road"}
    assert reason.officers == {f"CG{n}" for n in range(1, 7)}
    leads = Shortfall("leaders", "", worst.start, worst.end, 2, 0)
    assert reason_of(IMPOSSIBLE, leads).officers == {"GA1", "GA2", "GA3"}
    drives = Shortfall("drivers", "", worst.start, worst.end, 2, 0)
    assert reason_of(IMPOSSIBLE, drives).officers == set()
    certified = Shortfall("certified", "cg", worst.start, worst.end, 4, 3)
    assert reason_of(IMPOSSIBLE, certified).officers == {f"CG{n}" for n in range(1, 7)}
    assert reason_of(IMPOSSIBLE, Shortfall("certified", "ga", worst.start, worst.end, 4, 3)
                     ).officers == set()  # fmt: skip


def test_a_reason_asks_for_the_demands_that_are_part_of_it() -> None:
    plan = changed(IMPOSSIBLE, posts=(Post(id="desk"),))
    reason = reason_of(plan, next(s for s in shortfalls(plan) if s.group == "members"))
    demands = Demands(plan)
    asked = [d for d in demands.loose() if reason.asks(d)]
    assert {d.subject.officer for d in asked} - {None} == reason.officers
    assert {d.rule.rule for d in asked if d.summed} == {"composition"}
    # What names no agency, such as the size of a team, is asked only where nobody is there at all.
    assert {d.subject.agency for d in asked if d.summed} == {"cg"}
    assert {d.subject.area for d in asked if d.rule.rule == "cadence"} == {"market", "road"}
    exact = [d for d in demands.exact(asked) if d.team]
    assert all(reason.asks(d) == (d.subject.area in reason.areas) for d in exact
               if d.rule.rule == "composition" and d.subject.agency == "cg")  # fmt: skip


def test_those_shortfalls_are_looked_at_first_that_speak_of_fewest_duties() -> None:
    found = [
        Shortfall("members", "cg", day("2010-09-13"), day(last), needed, 0)
        for needed, last in ((9, "2010-09-15"), (4, "2010-09-16"), (4, "2010-09-15"),
                             (2, "2010-09-26"))
    ]  # fmt: skip
    first = [(r.first, r.last) for r in first_look(IMPOSSIBLE, found)]
    assert first == [(7, 20), (7, 9), (7, 10)]
    assert len(first_look(IMPOSSIBLE, found, most=1)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shortfall_says_group_agency_days_week_and_numbers(lang: str) -> None:
    for shortfall in shortfalls(IMPOSSIBLE):
        words = shortfall.say(IMPOSSIBLE, lang)
        for said in ("城管（cg）", "2010-09-13", "2010-09-15", "37", "4", "3"):
            assert said in words
    nobody = Shortfall("leaders", "", day("2010-09-13"), day("2010-09-15"), 2, 0)
    assert "cg" not in nobody.say(IMPOSSIBLE, lang)
