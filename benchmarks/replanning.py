"""One absence replanned with the fewest changed duties, and the substitutes of one seat.

The roster is a generated instance's planted one, or the first that is found of a given instance.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.generator import of_size
from benchmarks.measure import machine
from benchmarks.patrol_instance import load, of_assignments, to_problem
from patrol_scheduler import Problem, Roster, check, replan, solve, substitutes
from patrol_scheduler.problem import Leave
from patrol_scheduler.replanning.variations import changed

DAYS_AWAY = 3


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks replanning", description=__doc__)
    parser.add_argument("instance", metavar="INSTANCE.json|SIZE")
    parser.add_argument("--absences", type=int, default=5, metavar="N")
    parser.add_argument("--seats", type=int, default=5, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.instance.endswith(".json"):
        problem = load(Path(given.instance))
        roster = solve(problem, time_limit=600, gap=1.0, workers=1, seed=given.seed).roster
        assert roster is not None, "no roster to start from was found"
    else:
        instance, rows = of_size(given.instance, given.seed)
        problem = to_problem(instance)
        roster = of_assignments(problem, rows)
    return {
        "benchmark": "replanning",
        "instance": problem.name,
        "officers": len(problem.officers),
        "areas": len(problem.areas),
        **absences(problem, roster, given.absences),
        **seats(problem, roster, given.seats),
        **machine(),
    }


def absences(problem: Problem, roster: Roster, number: int) -> dict[str, Any]:
    """So many absences of a few days, each replanned by itself from the same roster."""
    seconds: list[float] = []
    processor: list[float] = []
    duties: list[int] = []
    step = max(1, len(roster.duties) // (number + 1))
    for duty in roster.duties[step::step][:number]:
        away = Leave(start=duty.date, end=duty.date + dt.timedelta(days=DAYS_AWAY - 1))
        ill = changed(
            problem,
            officers=tuple(
                o.model_copy(update={"leave": (*o.leave, away)}) if o.id == duty.officer else o
                for o in problem.officers
            ),
        )
        began, used = time.perf_counter(), time.process_time()
        found = replan(ill, roster, duty.date - dt.timedelta(days=1), time_limit=600)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
        assert found.roster is not None, "no roster was found"
        assert check(ill, found.roster).complete, "the new roster is not complete"
        assert found.proven, "the fewest changes were not proven"
        duties.append(found.changed_duties)
    return {
        "absences": len(duties),
        "changed_duties": duties,
        "all_proven": True,
        "replan_seconds": [round(s, 2) for s in seconds],
        "replan_cpu_seconds": [round(s, 2) for s in processor],
    }


def seats(problem: Problem, roster: Roster, number: int) -> dict[str, Any]:
    """The substitutes of so many seats, each asked anew."""
    processor: list[float] = []
    legal: list[int] = []
    step = max(1, len(roster.duties) // (number + 1))
    for duty in roster.duties[step::step][:number]:
        # Every question is asked of a roster nobody looked at yet.
        fresh = Roster(patrols=roster.patrols, post_duties=roster.post_duties)
        used = time.process_time()
        found = substitutes(problem, fresh, duty.officer, duty.date)
        processor.append(time.process_time() - used)
        legal.append(sum(1 for s in found if s.legal))
    return {
        "seats": len(legal),
        "legal_substitutes": legal,
        "substitutes_cpu_seconds": [round(s, 2) for s in processor],
        "substitutes_cpu_median": round(statistics.median(processor), 2),
    }


def smoke() -> dict[str, Any]:
    """A generated village."""
    instance, rows = of_size("village", 1)
    problem = to_problem(instance)
    roster = of_assignments(problem, rows)
    return absences(problem, roster, 1) | seats(problem, roster, 1)
