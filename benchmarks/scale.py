"""How time and memory grow with officers, areas and days: the program, a first roster, a bound.

Each point is a made instance. The exponent is the slope of the logarithms, fitted over the points:
1 means that twice the size takes twice as much. Building is held against the entries of the
program, which is what a size is.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from benchmarks.generator import SIZES, generate, of_size
from benchmarks.measure import MIB, document, machine, search
from benchmarks.patrol_instance import Instance, to_problem, write_text
from patrol_scheduler.rules import rules_of
from patrol_scheduler.solver.roster_level import RosterLevel

AXES: dict[str, tuple[dict[str, Any], ...]] = {
    "sizes": tuple({"size": name} for name in SIZES if not name.endswith("-tight")),
    "officers": tuple({"officers": n, "areas": 8, "days": 56} for n in (50, 100, 200, 400, 800)),
    "areas": tuple({"officers": 5 * n + 10, "areas": n, "days": 56} for n in (5, 10, 20, 40, 80)),
    "days": tuple({"officers": 50, "areas": 8, "days": n} for n in (28, 56, 112, 224, 448)),
}
"""What grows: everything, as from one public instance to the next, or one thing; with the areas the
officers grow too, as they must."""


def built(given: Instance) -> dict[str, Any]:
    """Seconds and memory to build the program of an instance, and its size."""
    problem = to_problem(given)
    process = psutil.Process()
    before, began = process.memory_info().rss, time.process_time()
    level = RosterLevel(problem, rules_of(problem), soften=False)
    seconds = time.process_time() - began
    program = level.program
    return {
        "columns": program.width,
        "rows": program.height,
        "entries": len(program.row_index),
        "seconds_to_build": round(seconds, 4),
        "mib_to_build": round((process.memory_info().rss - before) / MIB, 1),
    }


def solved(given: Instance, time_limit: float, gap: float) -> dict[str, Any]:
    """Seconds to a first complete roster and to the gap asked for, or the gap at the time limit."""
    problem = to_problem(given)
    searched = search(problem, time_limit=time_limit, gap=gap, workers=os.cpu_count())
    told = searched.told()
    return {
        key: told[key]
        for key in ("status", "objective", "bound", "gap", "seconds_to_complete", "seconds")
    } | {"peak_memory_mib": searched.memory.peak_mib}


def _measured(size: dict[str, Any], time_limit: float, gap: float, wire: Any) -> None:
    given, _ = of_size(size["size"], 1) if "size" in size else generate(name="made", seed=1, **size)
    found: dict[str, Any] = {
        **size,
        "officers": len(given.officers),
        "areas": len(given.areas),
        "days": (given.end - given.start).days + 1,
        **built(given),
    }
    if time_limit > 0:
        found |= solved(given, time_limit, gap)
    wire.put(found)


def measured(size: dict[str, Any], time_limit: float, gap: float) -> dict[str, Any]:
    """One point in a process of its own, so that no memory is left from the one before."""
    context = multiprocessing.get_context("spawn")
    wire = context.Queue()
    process = context.Process(target=_measured, args=(size, time_limit, gap, wire))
    process.start()
    try:
        return dict(wire.get(timeout=time_limit * 5 + 300))
    finally:
        process.join(timeout=5)
        if process.is_alive():
            process.kill()


def exponent(points: list[dict[str, Any]], of: str, over: str) -> float | None:
    """The slope of the logarithms of one figure over another; ``None`` without two points."""
    pairs = [
        (math.log(p[over]), math.log(p[of])) for p in points if p.get(over) and p.get(of, 0) > 0
    ]
    if len(pairs) < 2:
        return None
    x_mean = sum(x for x, _ in pairs) / len(pairs)
    y_mean = sum(y for _, y in pairs) / len(pairs)
    spread = sum((x - x_mean) ** 2 for x, _ in pairs)
    return round(sum((x - x_mean) * (y - y_mean) for x, y in pairs) / spread, 3)


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--over", nargs="+", choices=AXES, default=list(AXES))
    parser.add_argument("--time-limit", type=float, default=30.0, help="a search; 0: build only")
    parser.add_argument("--gap", type=float, default=0.005, help="good enough, as a part")
    parser.add_argument("--points", type=int, default=6, help="how many of each, smallest first")
    parser.add_argument("--out", type=Path, metavar="OUT.json", help="keep the result, for chart")
    given = parser.parse_args(arguments)
    axes = {}
    for over in given.over:
        points = [
            measured(size, given.time_limit, given.gap) for size in AXES[over][: given.points]
        ]
        axes[over] = {
            "points": points,
            "build": {"exponent": exponent(points, "seconds_to_build", "entries")},
            "memory": {"exponent": exponent(points, "mib_to_build", "entries")},
        }
    asked = {"time_limit": given.time_limit, "gap": given.gap}
    found = {"benchmark": "scale", **asked, "axes": axes, **machine()}
    if given.out is not None:
        write_text(given.out, document(found) + "\n")
    return found


def smoke() -> dict[str, Any]:
    """The size of a program grows as the days do."""
    points = []
    for days in (14, 28, 56, 112):
        given, _ = generate(name="made", seed=1, officers=40, areas=4, days=days)
        points.append({"days": days, **built(given)})
    entries = [p["entries"] for p in points]
    # Twice the days: twice the entries, give or take the windows at the ends.
    assert all(1.7 < b / a < 2.4 for a, b in pairwise(entries)), entries
    # Not about speed: only that the figure comes out of the points.
    assert exponent(points, "seconds_to_build", "entries") is not None
    assert exponent(points, "entries", "days") is not None
    return {"entries": entries}
