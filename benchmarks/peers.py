"""One patrol instance given to this library and to its peers, on equal cores and time.

Every contender runs in a process of its own and hands over each roster it finds with the moment at
which it found it; all rosters are judged by the library's check, and an objective counts only where
that finds nothing broken. This library hands over its last roster, and tells the costs on the way
as its progress does. The gap is told above the best bound that any contender proved.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import multiprocessing
import os
import queue
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.generator import generate
from benchmarks.measure import above, document, machine, memory, search
from benchmarks.patrol_instance import (
    Instance,
    assignments,
    from_data,
    load,
    of_assignments,
    to_problem,
    write_text,
)
from patrol_scheduler import Level, Problem, check

Rows = list[tuple[str, str, str]]
Found = Callable[[Rows, float | None], None]
"""Takes a roster as (date, area, officer) rows, and the bound known so far."""

OURS = "patrol-scheduler"
CONTENDERS = {
    OURS: "benchmarks.peers:ours",
    "cp-sat": "benchmarks.peer_solvers:cpsat",
    "highs": "benchmarks.peer_solvers:highs",
    "timefold": "benchmarks.peer_timefold:run",
}
"""A contender takes an instance, seconds, workers, seed and ``Found``, and gives its bound."""

JUDGED = 40
PATIENCE = 120.0


@dataclass
class Run:
    """What a contender handed over."""

    rosters: list[tuple[float, Rows]] = field(default_factory=list)
    bound: float | None = None
    seconds: float | None = None
    peak_memory_mib: int | None = None
    note: str | None = None


def ours(given: Instance, seconds: float, workers: int, seed: int, found: Found) -> float | None:
    """This library."""
    searched = search(to_problem(given), time_limit=seconds, seed=seed, workers=workers)
    course = [(p.seconds, p.best) for p in searched.course() if p.best is not None]
    if searched.result is not None and searched.result.roster is not None:
        found.course(course)  # type: ignore[attr-defined]  # only ours tells its course
        found(assignments(searched.result.roster), searched.bound)
    return searched.bound


class _Wire:
    """Sends what a contender finds from its process to the one that judges."""

    def __init__(self, wire: Any) -> None:
        self._wire, self._began = wire, time.perf_counter()

    def __call__(self, rows: Rows, bound: float | None) -> None:
        self._wire.put(("roster", time.perf_counter() - self._began, rows, bound))

    def course(self, told: list[tuple[float, float]]) -> None:
        self._wire.put(("course", told))


def _contend(
    name: str, data: dict[str, Any], seconds: float, workers: int, seed: int, wire: Any
) -> None:
    os.dup2(2, 1)  # what a contender prints is not the result
    module, function = CONTENDERS[name].split(":")
    given = Instance.model_validate(data)
    with memory() as watched:
        began = time.perf_counter()
        run = getattr(importlib.import_module(module), function)
        bound = run(given, seconds, workers, seed, _Wire(wire))
        took = time.perf_counter() - began
    wire.put(("end", took, bound, watched.peak_mib))


def contended(
    name: str, given: Instance, seconds: float, workers: int, seed: int
) -> tuple[Run, list[tuple[float, float]]]:
    """A contender's run in a process of its own; for ours the course that it told, too."""
    run, course = Run(), list[tuple[float, float]]()
    run.note = _lacks(name)
    if run.note is not None:
        return run, course
    context = multiprocessing.get_context("spawn")
    wire = context.Queue()
    data = given.model_dump(mode="json")
    process = context.Process(target=_contend, args=(name, data, seconds, workers, seed, wire))
    process.start()
    until = time.monotonic() + seconds + PATIENCE
    while time.monotonic() < until:
        try:
            told = wire.get(timeout=0.2)
        except queue.Empty:
            if process.is_alive():
                continue
            break
        if told[0] == "roster":
            run.rosters.append((told[1], told[2]))
        elif told[0] == "course":
            course = told[1]
        else:
            run.seconds, run.bound, run.peak_memory_mib = told[1:]
            break
    if run.seconds is None:
        run.note = f"did not end by itself (exit status {process.exitcode})"
    process.join(timeout=5)
    if process.is_alive():
        process.kill()
    return run, course


def _lacks(name: str) -> str | None:
    """What a contender needs and this machine does not have."""
    if name != "timefold":
        return None
    if importlib.util.find_spec("timefold") is None:
        return "the extra 'peers' (timefold) is not installed"
    return None if shutil.which("java") else "Java 17 is not installed"


def judge(problem: Problem, rows: Rows) -> tuple[int, float]:
    """How many rules a roster breaks or leaves short, and its objective."""
    found = check(problem, of_assignments(problem, rows))
    return len(found.broken) + len(found.shortages), float(found.cost(Level.FAIRNESS))


def told(problem: Problem, run: Run, course: list[tuple[float, float]]) -> dict[str, Any]:
    """A contender's figures; ``trace`` has the best objective of a legal roster over time."""
    rosters = run.rosters
    chosen = sorted({*range(0, len(rosters), max(1, len(rosters) // JUDGED)), len(rosters) - 1})
    trace: list[tuple[float, float]] = []
    broken, objective = None, None
    for seconds, rows in (rosters[i] for i in chosen if i >= 0):
        broken, cost = judge(problem, rows)
        if broken == 0 and (objective is None or cost < objective):
            objective = cost
            trace.append((round(seconds, 2), round(cost, 2)))
    if course and objective is not None:
        trace = []
        for seconds, cost in course:
            if not trace or cost < trace[-1][1]:
                trace.append((round(seconds, 2), round(cost, 2)))
    return {
        "objective": None if objective is None else round(objective, 4),
        "broken": broken,
        "bound": run.bound,
        "seconds_to_complete": trace[0][0] if trace else None,
        "seconds": None if run.seconds is None else round(run.seconds, 2),
        "peak_memory_mib": run.peak_memory_mib,
        "note": run.note,
        "trace": [list(point) for point in trace],
    }


def sooner(ours: dict[str, Any], peer: dict[str, Any], limit: float) -> float | None:
    """How many times sooner ours had what the peer had at the limit; with no roster, any."""
    # Costs on the way are told to the hundredth.
    value = None if peer["objective"] is None else round(float(peer["objective"]), 2)
    for seconds, cost in ours["trace"]:
        if value is None or cost <= value:
            return round(limit / max(float(seconds), 0.01), 1)
    return None


def compared(
    given: Instance, names: list[str], limit: float, workers: int, seed: int
) -> dict[str, Any]:
    """All contenders one after the other on one instance."""
    problem = from_data(given.model_dump(mode="json"))
    found = {}
    for name in names:
        run, course = contended(name, given, limit, workers, seed)
        found[name] = told(problem, run, course)
    bounds = [c["bound"] for c in found.values() if c["bound"] is not None]
    bound = max(bounds, default=None)
    for one in found.values():
        one["gap"] = above(one["objective"], bound)
        assert one["objective"] is None or bound is None or bound <= one["objective"] + 1e-3, one
    return {
        "benchmark": "peers",
        "instance": given.name,
        "officers": len(given.officers),
        "areas": len(given.areas),
        "time_limit": limit,
        "workers": workers,
        "seed": seed,
        "bound": bound,
        "contenders": found,
        "times_sooner": {
            name: sooner(found[OURS], one, limit)
            for name, one in found.items()
            if OURS in found and name != OURS and _lacks(name) is None
        },
        **machine(),
    }


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    parser.add_argument("instance", type=Path, metavar="INSTANCE.json")
    parser.add_argument("--time-limit", type=float, default=100.0, metavar="SECONDS")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="NAME"
    )
    parser.add_argument("--out", type=Path, metavar="OUT.json", help="keep the result, for chart")
    options = parser.parse_args(arguments)
    load(options.instance)  # refuses a malformed file, place by place
    given = Instance.model_validate_json(options.instance.read_bytes())
    found = compared(given, options.only, options.time_limit, options.workers, options.seed)
    if options.out is not None:
        write_text(options.out, document(found) + "\n")
    return found


def smoke() -> dict[str, Any]:
    """Ours and two solvers on a made hamlet, judged alike; ours at most 5 % dearer in seconds."""
    given, _ = generate(name="hamlet", seed=4, areas=1, officers=14, days=21)
    found = compared(given, [OURS, "cp-sat", "highs"], 4.0, 1, 0)
    mine = found["contenders"][OURS]
    assert mine["broken"] == 0, mine
    assert mine["objective"] is not None
    for name, peer in found["contenders"].items():
        assert peer["note"] is None, (name, peer["note"])
        if peer["objective"] is not None:
            assert mine["objective"] <= peer["objective"] * 1.05, (name, peer["objective"])
    return {
        "objective": mine["objective"],
        "broken": mine["broken"],
        "noise": {"objective": 0.05},  # four seconds on a busy machine
    }
