"""The leader's documents: seconds and bytes of workbook, report and tables, and first paint."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics as numbers
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.generator import generate
from benchmarks.patrol_instance import of_assignments, to_problem
from patrol_scheduler import Problem, Result, statistics
from patrol_scheduler.checking import check
from patrol_scheduler.formats import look_through, written
from patrol_scheduler.formats.plan_tables.workbook_template import example_problem
from patrol_scheduler.outputs.report import report
from patrol_scheduler.outputs.workbook import record_forms, roster_workbook

DAYS = 152


def planted(officers: int, areas: int, seed: int, days: int = DAYS) -> tuple[Problem, Result]:
    """A made problem with the complete roster that was planted in it."""
    given, rows = generate(name="documents", seed=seed, areas=areas, officers=officers, days=days)
    problem = to_problem(given)
    roster = of_assignments(problem, rows)
    result = Result(
        status="feasible", roster=roster, levels=(), reason="planted", seed=seed, workers=1
    )
    return problem, result


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives, with its seconds by the clock and by the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    spent = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    return made, {name: round(value, 2) for name, value in spent.items()}


def measured(problem: Problem, result: Result) -> dict[str, Any]:
    """Every document of a roster, each with its time and size."""
    roster = result.roster
    assert roster is not None
    found, of_check = timed(lambda: check(problem, roster))
    told, of_statistics = timed(lambda: statistics.document(problem, roster, found, result=result))
    given = {"found": found, "document": told}
    book, of_book = timed(lambda: roster_workbook(problem, result, "zh-CN", **given))
    forms, of_forms = timed(lambda: record_forms(problem, roster, "zh-CN"))
    page, of_page = timed(lambda: report(problem, result, "zh-CN", **given))
    plan, of_plan = timed(lambda: written(problem, "xlsx"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        assert isinstance(plan, bytes)
        path.write_bytes(plan)
        again, of_reading = timed(lambda: look_through(path))
        assert again.problem == problem
        sheet = Path(folder) / "report.html"
        sheet.write_bytes(page["report.html"])
        paint = first_paint(sheet)
    return {
        "officers": len(problem.officers), "areas": len(problem.areas),
        "days": len(problem.dates), "duties": len(roster.duties),
        "check": of_check, "statistics": of_statistics,
        "workbook": of_book | {"bytes": len(book)},
        "patrol_records": of_forms | {"bytes": len(forms)},
        "report": of_page | {"bytes": len(page["report.html"]), "first_paint_ms": paint},
        "plan_workbook": of_plan | {"bytes": len(plan)}, "plan_read": of_reading,
    }  # fmt: skip


def first_paint(page: Path) -> float | None:
    """Milliseconds to the first contentful paint in Chromium, median of three; none without it."""
    program = shutil.which("chromium")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    found: list[float] = []
    with sync_playwright() as play:
        alone = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = play.chromium.launch(executable_path=program, args=alone)
        for _ in range(3):
            tab = browser.new_page()
            tab.goto(page.as_uri())
            found.append(
                tab.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
                )
            )
            tab.close()
        browser.close()
    return round(numbers.median(found))


def template() -> dict[str, Any]:
    """Reading the template as ``init --format xlsx`` writes it."""
    content = written(example_problem(), "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(content)
        found, spent = timed(lambda: look_through(path))
        assert found.problem is not None
        assert not found.repairs
    return spent


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks documents")
    parser.add_argument("--officers", type=int, default=51)
    parser.add_argument("--areas", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    problem, result = planted(options.officers, options.areas, options.seed)
    return measured(problem, result) | {"template_read": template()}


def smoke() -> dict[str, Any]:
    """A small roster: every document made, the report small, the plan read back equal."""
    problem, result = planted(24, 3, 1, days=31)
    found = measured(problem, result)
    assert found["report"]["bytes"] < 3_000_000
    assert template()
    return found
