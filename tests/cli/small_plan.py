"""A plan of five days for the tests of the command, rosters of it, and ways to run it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler import LevelResult, Member, Patrol, Result, Roster, write
from patrol_scheduler.formats import read
from patrol_scheduler.roster import patrol_id

PLAN = """\
format = "patrol-scheduler plan 1"
name = "试排方案"
start = 2010-08-02
end = 2010-08-07
calendar = "weekends"
agencies = [{ id = "城管" }]
officers = [{ id = "甲", agency = "城管" }, { id = "乙", agency = "城管", name = "NAME" }]
areas = [{ id = "街" }]
shifts = [{ id = "早", start = 07:30:00, end = 10:30:00 }]
phases = [{ id = "常规", start = 2010-08-02, end = 2010-08-06 }]
cadences = [{ min_days = 2, max_days = 3 }]
teams = [{ members = { "城管" = 1 } }]
"""
MONDAY = dt.date(2010, 8, 2)


def roster(*duties: tuple[int, str]) -> Roster:
    """Patrols of the street by (day, officer)."""
    return Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(MONDAY + dt.timedelta(day), "街"),
                date=MONDAY + dt.timedelta(day),
                area="街",
                shift="早",
                members=(Member(officer=officer),),
            )
            for day, officer in duties
        )
    )


COMPLETE = roster((1, "甲"), (3, "乙"))
OVERDUE = roster((3, "乙"))
TOO_SOON = roster((1, "甲"), (2, "乙"), (4, "甲"))


def result(status: Any, of: Roster | None, reason: str = "complete") -> Result:
    level = LevelResult(level="fairness", cost=20, bound=19, reason="linear-relaxation")
    return Result(status=status, roster=of, levels=(level,), reason=reason, seed=7, workers=1)


def answering(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Result]
) -> list[dict[str, Any]]:
    """Put ``answer`` in the place of the solver; gives the options of every call."""
    calls: list[dict[str, Any]] = []

    def solve(_problem: object, **options: Any) -> Result:
        calls.append(options)
        return answer(**options)

    monkeypatch.setattr("patrol_scheduler.solver.solve", solve, raising=False)
    return calls


def assignments(plan: Path, of: Roster) -> Path:
    """The roster as the table that solve writes."""
    folder = plan.parent / "written"
    write(read(plan), result("feasible", of), folder)
    return folder / "assignments.csv"


def in_new_process(
    *arguments: str, code: str = "", **more: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in an interpreter of its own, after ``code``."""
    command = f"{code}\nfrom patrol_scheduler.cli import main\nmain()"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", command, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        **more,
    )
