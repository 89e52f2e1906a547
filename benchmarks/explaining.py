"""Explanations of impossible plans: random small ones held against a judge, and an instance.

A random plan, some of its rules with random parameters, is drawn until so many are impossible.
Every one is asked of a judge that knows no kinds, windows or counting: a model with one variable
for each officer in each patrol. The whole explanation is asked for as well: what it calls possible
has to be, its roster keeps what must hold, and each remedy has a complete roster. An instance is
made impossible by one of ``CAUSES``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.explaining.judge import Judge
from tests.strategies import VARIANTS, random_problem

from benchmarks.measure import machine
from benchmarks.patrol_instance import load
from patrol_scheduler import Problem, check, explain
from patrol_scheduler.explaining import Demands, shortfalls
from patrol_scheduler.explaining.conflict import find_conflict
from patrol_scheduler.explaining.counting import first_look
from patrol_scheduler.problem import Leave
from patrol_scheduler.replanning.variations import changed
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    OneDutyADay,
    PatrolsAtMost,
    Rule,
    WithinPhase,
)
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.validation import faults_of

SPARED = 8
"""One in so many officers of the agency is not on leave."""
FIRST = dt.date(2010, 10, 1)
"""The first of the four days of leave."""
TIME_FOR_ONE = 30.0
"""Seconds for the explanation of a random plan."""


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks explaining", description=__doc__)
    parser.add_argument("--random", type=int, metavar="N", help="so many impossible random plans")
    parser.add_argument("--instance", type=Path, metavar="INSTANCE.json")
    parser.add_argument("--cause", choices=CAUSES, default="leave")
    parser.add_argument("--time-limit", type=float, default=120.0, metavar="SECONDS")
    given = parser.parse_args(arguments)
    told: dict[str, Any] = {"benchmark": "explaining"}
    if given.random:
        told |= over_constrained(given.random)
    if given.instance:
        problem = CAUSES[given.cause](load(given.instance))
        told |= {"instance": problem.name, "cause": given.cause}
        told |= explained(problem, given.time_limit)
    return {**told, **machine()}


def over_constrained(wanted: int, first_seed: int = 0) -> dict[str, Any]:
    """So many impossible random plans, and the possible ones met on the way."""
    began, processor = time.perf_counter(), time.process_time()
    impossible = possible = counted = remedies = 0
    sizes: list[int] = []
    seed = first_seed
    while impossible < wanted:
        seed += 1
        draw = random.Random(seed)  # noqa: S311  # a benchmark, not a secret
        problem = random_problem(draw, days=(3, 7), most_officers=4)
        problem = changed(problem, rules=some_rules(draw, problem))
        if faults_of(problem):
            continue
        demands = Demands(problem)
        judge = Judge(demands)
        everything = [d for d in demands.loose() if not d.summed]
        everything += demands.of_teams(range(len(problem.dates)))
        truth = judge.possible(everything)
        counts = shortfalls(problem)
        look = first_look(problem, counts)
        found = find_conflict(demands, Budget(120, None, None), first_look=look)
        assert not (truth and counts), f"seed {seed}: counting calls a possible plan impossible"
        assert not (truth and found), f"seed {seed}: a possible plan is called impossible"
        remedies += judged(problem, seed, possible=truth)
        if truth:
            possible += 1
            continue
        impossible += 1
        counted += bool(counts)
        assert found is not None, f"seed {seed}: no conflict was found"
        assert found.verified, f"seed {seed}: the conflict was not shown twice"
        assert found.minimal, f"seed {seed}: the conflict was not shown to be smallest"
        clash = found.demands
        assert not judge.possible(clash), f"seed {seed}: the conflict can be met"
        for n in range(len(clash)):
            rest = [*clash[:n], *clash[n + 1 :]]
            assert judge.possible(rest), f"seed {seed}: the conflict is not smallest"
        sizes.append(len(clash))
    return {
        "impossible": impossible,
        "possible": possible,
        "shown_by_counting_alone": counted,
        "false_impossible": 0,
        "satisfiable_conflicts": 0,
        "conflicts_not_smallest": 0,
        "remedies_held_against_the_check": remedies,
        "demands_in_a_conflict": [min(sizes), sorted(sizes)[len(sizes) // 2], max(sizes)],
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - processor, 1),
    }


def some_rules(draw: random.Random, problem: Problem) -> tuple[Rule, ...]:
    """A few rules with random parameters, so few that many plans can be met."""
    kinds = [kind for kind in VARIANTS if kind not in (WithinPhase, OneDutyADay)]
    return tuple(VARIANTS[kind](draw, problem) for kind in draw.sample(kinds, draw.randint(0, 4)))


def judged(problem: Problem, seed: int, *, possible: bool) -> int:
    """Hold a whole explanation against what is known; how many remedies it has."""
    told = explain(problem, time_limit=TIME_FOR_ONE)
    assert told.verdict in ("unknown", "possible" if possible else "impossible"), f"seed {seed}"
    roster = None if told.least_bad is None else told.least_bad.roster
    if roster is not None:
        found = check(problem, roster)
        assert not found.broken, f"seed {seed}: the roster breaks what must hold"
        assert found.complete or told.verdict != "possible", f"seed {seed}: the roster has gaps"
    for remedy in told.remedies:
        enough = check(remedy.problem, remedy.roster).complete
        assert enough, f"seed {seed}: {remedy.say(problem, 'en')} is not enough"
    return len(told.remedies)


def on_leave(problem: Problem) -> Problem:
    """The plan with most of its first agency on leave for four days."""
    agency = problem.agencies[0].id
    mine = [officer.id for officer in problem.officers_of[agency]]
    away = set(mine[max(1, len(mine) // SPARED) :])
    leave = Leave(start=FIRST, end=FIRST + dt.timedelta(days=3))
    return changed(
        problem,
        officers=tuple(
            o.model_copy(update={"leave": (*o.leave, leave)}) if o.id in away else o
            for o in problem.officers
        ),
    )


def kept_by(one_in: int, field: str, without: Any) -> Callable[[Problem], Problem]:
    """The plan in which of those who have something only one in so many has it still."""

    def change(problem: Problem) -> Problem:
        kept = {o.id for o in [o for o in problem.officers if getattr(o, field)][::one_in]}
        return changed(
            problem,
            officers=tuple(
                o if o.id in kept else o.model_copy(update={field: without})
                for o in problem.officers
            ),
        )

    return change


def lent_too_little(problem: Problem) -> Problem:
    """The plan whose last agency lends a quarter fewer officers a day than the cadences need."""
    agency = problem.agencies[-1]
    a_day = 0.0
    for area in problem.areas:
        cadence = problem.cadence(problem.phases[0].id, area.id)
        team = problem.team(area.id, problem.first, problem.shifts[0].id)
        if cadence and team:
            a_day += team.members.get(agency.id, 0) / cadence.max_gap
    lends = agency.model_copy(update={"lends_a_day": int(0.75 * a_day)})
    return changed(problem, agencies=(*problem.agencies[:-1], lends))


def with_rule(rule: Callable[[Problem], Rule]) -> Callable[[Problem], Problem]:
    """The plan with a further rule."""
    return lambda problem: changed(problem, rules=(*problem.rules, rule(problem)))


def leaders_without_certificates(problem: Problem) -> Problem:
    """The plan in which nobody who holds a certificate may lead, nor anybody of another agency.

    Counting sees nothing: leaders there are, and certified officers; but not in one patrol.
    """
    agency = problem.agencies[-1].id
    return changed(
        problem,
        officers=tuple(
            o.model_copy(update={"leader": o.agency == agency and not o.certificates})
            for o in problem.officers
        ),
    )


CAUSES: dict[str, Callable[[Problem], Problem]] = {
    "leave": on_leave,
    "certificates": kept_by(2, "certificates", ()),
    "drivers": kept_by(6, "driver", False),
    "leaders": kept_by(6, "leader", False),
    "lending": lent_too_little,
    "rest": with_rule(lambda _: DaysBetweenDuties(days=6)),
    "duties": with_rule(lambda _: DutiesAtMost(per="week", duties=1)),
    "patrols": with_rule(lambda problem: PatrolsAtMost(patrols=max(1, len(problem.areas) // 4))),
    "roles": leaders_without_certificates,
}
"""What makes an instance impossible."""


def explained(problem: Problem, time_limit: float) -> dict[str, Any]:
    """Counting and a smallest conflict of an impossible plan."""
    began, processor = time.perf_counter(), time.process_time()
    counts = shortfalls(problem)
    counting = time.process_time() - processor
    demands = Demands(problem)
    found = find_conflict(
        demands,
        Budget(time_limit, None, None),
        first_look=first_look(problem, counts),
    )
    assert found is not None, "no conflict was found in the time given"
    assert found.verified, "the conflict was not shown twice"
    assert found.minimal, "the conflict was not shown to be smallest"
    return {
        "officers": len(problem.officers),
        "areas": len(problem.areas),
        "counted": len(counts),
        "cpu_seconds_of_counting": round(counting, 2),
        "demands": len(found.demands),
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - processor, 1),
    }


def smoke() -> dict[str, Any]:
    """A few random plans."""
    return over_constrained(3)
