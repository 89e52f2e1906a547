"""The Bishi example as a leader meets it: seconds to a roster, its bounds, its files.

Seconds to a roster and to a gap come from the progress callback, so they include everything from
the call of ``solve`` on. Times depend on the machine; values are asserted, times only reported.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from patrol_scheduler import Level, Problem, Progress, Result, check, read, solve, statistics, write
from patrol_scheduler.formats.roster_json import roster_to_json
from patrol_scheduler.outputs.duty_sheet import duty_sheet
from patrol_scheduler.outputs.feeds import feeds
from patrol_scheduler.outputs.folder import replace_folder
from patrol_scheduler.outputs.notice import monthly_notice
from patrol_scheduler.outputs.statistics_json import statistics_json
from patrol_scheduler.outputs.tables import assignments_csv, patrols_csv

EXAMPLES = Path(__file__).parents[1] / "examples"
PLAN, FULL_PLAN = EXAMPLES / "bishi" / "plan.toml", EXAMPLES / "bishi-full" / "plan.toml"
GAP = 0.01
LIBRARIES = ("patrol-scheduler", "ortools", "highspy", "pandas", "icalendar", "pydantic")


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks bishi")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--full", action="store_true", help="the example with every rule in use")
    options = parser.parse_args(arguments)
    problem = read(FULL_PLAN if options.full else PLAN)
    result, searched = search(
        problem, options.time_limit, options.gap, options.seed, options.workers
    )
    assert_complete(problem, result)
    return {
        "benchmark": "bishi-full" if options.full else "bishi",
        **searched,
        **of_result(result),
        "seconds_to_write_calendars_tables_statistics": round(alone(plainly, problem, result), 3),
        "seconds_to_write_all": round(alone(writing, problem, result), 3),
        "seconds_to_import": round(starting("-c", "import patrol_scheduler"), 3),
        "seconds_to_help": round(starting("-c", HELP), 3),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


HELP = "import sys; from patrol_scheduler.cli import main; main(['--help'])"


def search(
    problem: Problem, time_limit: float, gap: float, seed: int, workers: int | None
) -> tuple[Result, dict[str, Any]]:
    """The result, and the seconds to the first complete roster, to ``GAP`` and in all."""
    told: list[Progress] = []
    began = time.perf_counter()
    result = solve(
        problem,
        time_limit=time_limit,
        gap=gap,
        seed=seed,
        workers=workers,
        on_progress=told.append,
    )
    seconds = time.perf_counter() - began
    # A best cost on a level after the shortage means that nothing is short.
    complete = [p.seconds for p in told if p.stage in ("fairness", "wishes") and p.best is not None]
    close = [
        p.seconds for p in told if p.stage == "fairness" and p.gap is not None and p.gap <= GAP
    ]
    return result, {
        "seconds_to_complete": round(complete[0], 2) if complete else None,
        "seconds_to_gap_of_1_percent": round(close[0], 2) if close else None,
        "seconds": round(seconds, 2),
    }


def of_result(result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "reason": result.reason,
        "gap": round(result.gap, 6),
        "levels": {
            level.level: {
                "cost": level.cost,
                "bound": level.bound,
                "gap": round(level.gap, 6),
                "reason": level.reason,
            }
            for level in result.levels
        },
        "seed": result.seed,
        "workers": result.workers,
    }


def assert_complete(problem: Problem, result: Result) -> None:
    """The roster is complete, and its costs are those that the check finds."""
    assert result.complete, result.status
    assert result.roster is not None
    found = check(problem, result.roster)
    assert found.complete, [finding.say(problem, "en") for finding in found.broken]
    for level in result.levels:
        assert abs(level.cost - float(found.cost(Level[level.level.upper()]))) < 1e-6, level
        assert level.bound <= level.cost + 1e-6, level


def alone(timed: Callable[[Problem, Result], float], problem: Problem, result: Result) -> float:
    """What a new process measures, with the libraries still to be loaded."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(timed, problem, result).result()


def plainly(problem: Problem, result: Result) -> float:
    """Seconds to write calendars, tables and statistics, without workbook, report and charts."""
    roster = result.roster
    assert roster is not None
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        document = statistics.document(problem, roster, check(problem, roster), result=result)
        files = {
            "roster.json": roster_to_json(problem, result).encode(),
            "assignments.csv": assignments_csv(problem, roster).encode(),
            "patrols.csv": patrols_csv(problem, roster, "zh-CN").encode(),
            "statistics.json": statistics_json(document).encode(),
            "monthly-notice.txt": monthly_notice(problem, document, "zh-CN").encode(),
            "duty-sheet.html": duty_sheet(problem, result, "zh-CN").encode(),
            **feeds(problem, roster, "zh-CN"),
        }
        replace_folder(Path(folder) / "out", files)
        return time.perf_counter() - began


def writing(problem: Problem, result: Result) -> float:
    """Seconds to write every output for the first time, with the libraries still to be loaded."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        write(problem, result, Path(folder) / "out", lang="zh-CN")
        return time.perf_counter() - began


def starting(*arguments: str) -> float:
    """Seconds that a new interpreter takes from start to end; best of five."""

    def seconds(command: tuple[str, ...]) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603
        return time.perf_counter() - began

    return min(seconds(arguments) for _ in range(5))


def smoke() -> dict[str, Any]:
    """Complete, at most 1 % above the bound in a minute, every file written."""
    problem = read(PLAN)
    result, searched = search(problem, 60.0, GAP, 0, os.cpu_count())
    assert_complete(problem, result)
    fairness = next(level for level in result.levels if level.level == "fairness")
    assert fairness.gap <= GAP, fairness
    assert result.roster is not None
    # 152 days and gaps of 2 or 3 days: 50 to 76 patrols an area, of five officers each.
    for area in problem.areas:
        assert 50 <= len(result.roster.patrol_dates[area.id]) <= 76, area.id
    assert len(result.roster.duties) == 5 * len(result.roster.patrols)
    with tempfile.TemporaryDirectory() as folder:
        write(problem, result, Path(folder) / "out", lang="en")
        files = sorted(p.relative_to(folder) for p in Path(folder).rglob("*") if p.is_file())
    assert files
    # It ends as soon as the gap is small enough, on machines of any speed.
    noise = {"gap": 10.0, "seconds_to_complete": 20.0, "cost": GAP, "bound": GAP}
    return {**searched, **of_result(result), "files": len(files), "noise": noise}
