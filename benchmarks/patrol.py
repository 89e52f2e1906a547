"""One patrol instance solved through the library, its roster written as the judge reads it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.generator import generate
from benchmarks.measure import GIB, Search, above, document, machine, search
from benchmarks.patrol_instance import (
    assignments,
    load,
    of_assignments,
    to_problem,
    write_assignments,
    write_text,
)
from patrol_scheduler import Level, Problem, check

GAP = 0.02
OUT_OF_MEMORY = "memory ran out: the search ended with the best roster so far"
TOO_SHORT = "no roster was found in the time given; the bound holds all the same"


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks patrol", description=__doc__)
    parser.add_argument("instance", type=Path, metavar="INSTANCE.json")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--gap", type=float, default=0.0, help="good enough, as a part (0.005)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument(
        "--memory",
        type=float,
        metavar="GIB",
        help="end with the best roster so far when this much is nearly used",
    )
    parser.add_argument("--assignments", type=Path, metavar="OUT.csv")
    parser.add_argument("--out", type=Path, metavar="OUT.json", help="keep the result, for compare")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> dict[str, Any]:
    given = options(arguments)
    began = time.perf_counter()
    problem = load(given.instance)
    reading = time.perf_counter() - began
    searched = search(
        problem,
        time_limit=given.time_limit,
        gap=given.gap,
        seed=given.seed,
        workers=given.workers,
        most_memory=None if given.memory is None else int(given.memory * GIB),
    )
    if given.assignments is not None and searched.result and searched.result.roster is not None:
        write_assignments(given.assignments, assignments(searched.result.roster))
    note = _note(searched)
    if note:
        print(note, file=sys.stderr)
    found = {
        "benchmark": "patrol",
        "instance": problem.name,
        "officers": len(problem.officers),
        "areas": len(problem.areas),
        "days": len(problem.dates),
        "seconds_to_read": round(reading, 2),
        **searched.told(),
        **judged(problem, searched),
        "note": note,
        "seed": given.seed,
        "workers": given.workers,
        "time_limit": given.time_limit,
        **machine(),
    }
    if given.out is not None:
        write_text(given.out, document(found) + "\n")
    return found


def _note(searched: Search) -> str | None:
    if searched.ended == "memory":
        return OUT_OF_MEMORY
    if searched.result is None or searched.result.status == "unknown":
        return TOO_SHORT
    return None


def judged(problem: Problem, searched: Search) -> dict[str, Any]:
    """What the library's check says of the roster: it alone decides what was reached."""
    if searched.result is None or searched.result.roster is None:
        return {"broken": None, "duties": None}
    found = check(problem, searched.result.roster)
    broken = len(found.broken) + len(found.shortages)
    if searched.objective is not None:
        assert broken == 0, [finding.say(problem, "en") for finding in found.broken]
        assert abs(float(found.cost(Level.FAIRNESS)) - searched.objective) < 1e-4
        if searched.bound is not None:
            assert searched.objective >= searched.bound - 1e-4
    return {"broken": broken, "duties": len(searched.result.roster.duties)}


def smoke() -> dict[str, Any]:
    """A generated hamlet and township of a few weeks: no worse than what is planted in them."""
    measured = {}
    for name, areas, tightness in (("hamlet", 1, 0.3), ("township", 4, 0.5)):
        made, rows = generate(name=name, seed=7, areas=areas, tightness=tightness, days=28)
        problem = to_problem(made)
        planted = check(problem, of_assignments(problem, rows))
        assert planted.complete, [finding.say(problem, "en") for finding in planted.broken]
        searched = search(problem, time_limit=8.0, gap=GAP, workers=1)
        judged(problem, searched)
        objective, bound = searched.objective, searched.bound
        assert objective is not None, name
        assert bound is not None, name
        assert bound <= objective <= float(planted.cost(Level.FAIRNESS)), (name, bound, objective)
        # Few patrols of 28 days, each of four officers or more who cost 10 a duty.
        assert bound >= 10 * 4 * areas * (28 // 3) - 0.01, (name, bound)
        measured[name] = {
            "planted": float(planted.cost(Level.FAIRNESS)),
            "objective": objective,
            "bound": bound,
            "gap": above(objective, bound),
            "broken": 0,
            # It ends as soon as it is so near, or where a busy machine has come in eight seconds.
            "noise": {"objective": 1.5 * GAP, "gap": 1.0, "bound": GAP},
        }
    return measured
