"""What every benchmark measures in the same way: seconds, memory, the course of a search.

The gap of a benchmark is how far a cost lies above the bound, as a part of the bound: the field's
figures are told so. (The library's own gap divides by the cost; it is a little smaller.)
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import psutil

from patrol_scheduler import Problem, Progress, Result, solve

LIBRARIES = ("patrol-scheduler", "ortools", "highspy", "numpy", "pydantic")
MIB = 1024 * 1024
GIB = 1024 * MIB
SAMPLE_SECONDS = 0.25
# What is left of the memory when a search is told to end: it still has to form its teams.
RESERVE = 0.1
WITHIN = 0.01


@dataclass
class Memory:
    """The memory of this process and its children, sampled while a benchmark runs.

    ``full`` turns true, and stays so, when less than ``RESERVE`` of what may be used is left: of
    ``most`` bytes, of the machine, or of the address space that the process is limited to.
    """

    most: int | None = None
    peak: int = 0
    full: bool = False
    _done: threading.Event = field(default_factory=threading.Event)

    def sample(self) -> None:
        """Look once."""
        used = tree_bytes()
        self.peak = max(self.peak, used)
        if self.most is not None and used > (1 - RESERVE) * self.most:
            self.full = True
        if psutil.virtual_memory().available < RESERVE / 2 * psutil.virtual_memory().total:
            self.full = True
        space, _ = resource.getrlimit(resource.RLIMIT_AS)
        if space != resource.RLIM_INFINITY:
            self.full |= psutil.Process().memory_info().vms > (1 - RESERVE) * space

    def watch(self) -> None:
        """Look again and again until done."""
        while not self._done.wait(SAMPLE_SECONDS):
            self.sample()

    def end(self) -> None:
        """Stop looking."""
        self._done.set()
        self.sample()
        self.peak = max(self.peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

    @property
    def peak_mib(self) -> int:
        """The most that was used at one time, in MiB."""
        return round(self.peak / MIB)


def tree_bytes() -> int:
    """The memory of this process and all its children now; shared pages count once."""
    process = psutil.Process()
    children = process.children(recursive=True)
    if not children:
        return int(process.memory_info().rss)
    total = 0
    for one in (process, *children):
        try:
            total += one.memory_full_info().pss
        except (psutil.Error, AttributeError):  # ended meanwhile, or no Linux
            continue
    return total


@contextmanager
def memory(most: int | None = None) -> Iterator[Memory]:
    """Sample the memory for as long as the block runs."""
    watched = Memory(most)
    watched.sample()
    thread = threading.Thread(target=watched.watch, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        watched.end()
        thread.join()


@dataclass(frozen=True)
class Point:
    """The best cost and bound of a level after some seconds; ``None``: not known yet."""

    seconds: float
    stage: str
    best: float | None
    bound: float | None


@dataclass(frozen=True)
class Search:
    """One search of the library and all that was measured of it."""

    result: Result | None
    seconds: float
    trace: tuple[Point, ...]
    memory: Memory
    ended: str
    """``done``; ``memory``: it was told to end, or could not go on, for want of memory."""

    @property
    def bound(self) -> float | None:
        """The best proven bound of the fairness level, told while searching or with the result."""
        known = [p.bound for p in self.trace if p.stage == "fairness" and p.bound is not None]
        known += [level.bound for level in self.levels if level.level == "fairness"]
        if self.result is not None and self.result.bound is not None:
            known.append(self.result.bound)
        return max(known, default=None)

    @property
    def objective(self) -> float | None:
        """The fairness cost of a complete roster."""
        if self.result is None or not self.result.complete:
            return None
        return next((level.cost for level in self.levels if level.level == "fairness"), 0.0)

    @property
    def levels(self) -> tuple[Any, ...]:
        return () if self.result is None else self.result.levels

    def course(self) -> tuple[Point, ...]:
        """The costs of the complete rosters found, one after the other."""
        return tuple(p for p in self.trace if p.stage == "fairness" and p.best is not None)

    def told(self) -> dict[str, Any]:
        """What every benchmark prints of a search."""
        objective, bound = self.objective, self.bound
        course = self.course() if objective is not None else ()
        return {
            "status": "unknown" if self.result is None else self.result.status,
            "reason": self.ended if self.result is None else self.result.reason,
            "ended": self.ended,
            "objective": objective,
            "bound": bound,
            "gap": above(objective, bound),
            "seconds_to_complete": round(course[0].seconds, 2) if course else None,
            "seconds_to_1_percent": seconds_to(course, bound, WITHIN),
            "seconds": round(self.seconds, 2),
            "peak_memory_mib": self.memory.peak_mib,
            "trace": [[round(p.seconds, 2), p.stage, p.best, p.bound] for p in changes(self.trace)],
        }


def search(
    problem: Problem,
    *,
    time_limit: float,
    gap: float = 0.0,
    seed: int = 0,
    workers: int | None = None,
    most_memory: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Search:
    """Solve a problem through the library and measure it; ends early when memory runs short."""
    points: list[Point] = []
    with memory(most_memory) as watched:

        def told(progress: Progress) -> None:
            points.append(Point(progress.seconds, progress.stage, progress.best, progress.bound))
            if on_progress is not None:
                on_progress(progress)

        began = time.perf_counter()
        result, ended = None, "done"
        try:
            result = solve(
                problem,
                time_limit=time_limit,
                gap=gap,
                seed=seed,
                workers=workers,
                on_progress=told,
                stop=lambda: watched.full,
            )
        except MemoryError:
            ended = "memory"
        seconds = time.perf_counter() - began
        if watched.full or (result is not None and result.reason == "memory"):
            ended = "memory"
    return Search(result, seconds, tuple(points), watched, ended)


def above(cost: float | None, bound: float | None) -> float | None:
    """How far a cost lies above the bound, as a part of the bound; ``None`` where not known."""
    if cost is None or bound is None:
        return None
    if cost - bound <= 1e-6 * max(1.0, abs(bound)):
        return 0.0
    return round((cost - bound) / bound, 6) if bound > 0 else None


def seconds_to(course: tuple[Point, ...], bound: float | None, within: float) -> float | None:
    """Seconds until a roster was found that lies within a part of the best bound known now."""
    for point in course:
        gap = above(point.best, bound)
        if gap is not None and gap <= within:
            return round(point.seconds, 2)
    return None


def changes(trace: tuple[Point, ...]) -> list[Point]:
    """The points at which something changed."""
    kept: list[Point] = []
    for point in trace:
        same = kept and (point.stage, point.best, point.bound) == (
            kept[-1].stage,
            kept[-1].best,
            kept[-1].bound,
        )
        if not same:
            kept.append(point)
    return kept


def machine() -> dict[str, Any]:
    """What a figure depends on besides the program."""
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def document(measured: object) -> str:
    """What was measured as JSON, a list of plain values on one line."""
    text = json.dumps(measured, indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
