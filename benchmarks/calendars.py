"""Calendars of a city: seconds to publish them, to publish again after one change, and promises.

Four hundred officers, eighty areas and 152 days. ``--lives N`` also lives N random lives of a small
roster and holds every feed against an oracle that knows nothing of the ledger. Values are asserted,
times only reported, in seconds of the clock and of the processor.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import platform
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.publishing.edits import run

from patrol_scheduler import Member, Patrol, Problem, Roster
from patrol_scheduler.problem import Agency, Area, Cadence, Officer, Phase, Shift, Team
from patrol_scheduler.publishing import Publication, Style, publish
from patrol_scheduler.publishing.folder import Folder
from patrol_scheduler.publishing.lint import Linter
from patrol_scheduler.roster import patrol_id

OFFICERS, AREAS, DAYS, TEAM = 400, 80, 152, 5
FIRST = dt.date(2010, 8, 1)
NOW = dt.datetime(2010, 7, 25, tzinfo=dt.UTC)
MOST_SECONDS, MOST_SECONDS_AGAIN = 10.0, 2.0
"""What a leader may wait for the first publication, and for one after a change."""


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks calendars")
    parser.add_argument("--lives", type=int, default=0, help="random lives of a small roster")
    parser.add_argument("--every", type=int, default=2, help="days from one patrol to the next")
    options = parser.parse_args(arguments)
    measured = {
        "benchmark": "calendars",
        **publishing(problem(), roster(options.every)),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("patrol-scheduler", "icalendar")},
    }
    if options.lives:
        measured |= lives(options.lives)
    return measured


def problem(officers: int = OFFICERS, areas: int = AREAS) -> Problem:
    last = FIRST + dt.timedelta(days=DAYS - 1)
    return Problem(
        name="全市联合巡逻",
        issuer="市综合治理办公室",
        start=FIRST,
        end=last,
        agencies=tuple(Agency(id=f"G{n}", name=f"第{n}单位") for n in range(3)),
        officers=tuple(
            Officer(id=f"P{n:03d}", agency=f"G{n % 3}", name=f"队员{n:03d}")
            for n in range(officers)
        ),
        areas=tuple(Area(id=f"A{n:02d}", name=f"第{n}片区（沿街门店）") for n in range(areas)),
        shifts=(Shift(id="day", start=dt.time(8, 30), end=dt.time(11, 30), name="日班"),),
        phases=(Phase(id="P", start=FIRST, end=last),),
        cadences=(Cadence(min_days=1, max_days=3),),
        teams=(Team(members={"G0": 1}, extra=TEAM - 1),),
    )


def roster(every: int, officers: int = OFFICERS, areas: int = AREAS) -> Roster:
    """Each area every so many days, its five officers in turn; nobody twice on one day."""
    patrols = []
    for day in range(DAYS):
        date = FIRST + dt.timedelta(days=day)
        today = [n for n in range(areas) if (day + n) % every == 0]
        for place, n in enumerate(today):
            first = (day * 37 + place * TEAM) % officers
            patrols.append(
                Patrol(
                    id=patrol_id(date, f"A{n:02d}"),
                    date=date,
                    area=f"A{n:02d}",
                    shift="day",
                    members=tuple(
                        Member(
                            officer=f"P{(first + m) % officers:03d}",
                            role="leader" if m == 0 else "member",
                        )
                        for m in range(TEAM)
                    ),
                )
            )
    return Roster(patrols=tuple(patrols))


def publishing(plan: Problem, made: Roster) -> dict[str, Any]:
    """Publish, publish the same, publish after one change; every feed clean, nothing else moved."""
    changed = made.model_copy(update={"patrols": (_replaced(plan, made), *made.patrols[1:])})
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "feeds"

        def published(what: Roster, hours: int) -> Publication:
            now = NOW + dt.timedelta(hours=hours)
            return publish(plan, what, to, style=Style("zh-CN"), now=now)

        first, one = timed(lambda: published(made, 0))
        files = {path: path.stat().st_mtime_ns for path in Folder(to).public.rglob("*.ics")}
        linter = Linter()
        events = sum(path.read_bytes().count(b"\r\nBEGIN:VEVENT\r\n") for path in files)
        faults = [path for path in files if linter.lint(path.read_bytes())]
        same, two = timed(lambda: published(made, 1))
        last, three = timed(lambda: published(changed, 2))
        touched = [path for path in files if path.stat().st_mtime_ns != files[path]]
        size = sum(path.stat().st_size for path in files)
    assert not faults, faults
    assert first.count("new") == len(made.patrols)
    assert (same.written, same.changes) == ((), ())
    assert last.count("changed") == 1
    # All, the area, the agencies of old and new, four who stay, one who leaves and one who comes.
    assert 8 <= len(touched) == len(last.written) <= 11, last.written
    return {
        "officers": len(plan.officers),
        "days": DAYS,
        "patrols": len(made.patrols),
        "duties": len(made.duties),
        "feeds": len(files),
        "events_in_feeds": events,
        "mebibytes": round(size / 2**20, 1),
        "first": one,
        "unchanged": two,
        "one_change": three,
        "in_time": one["seconds"] < MOST_SECONDS and three["seconds"] < MOST_SECONDS_AGAIN,
    }


def _replaced(plan: Problem, made: Roster) -> Patrol:
    """The first patrol with somebody else in the last one's place."""
    first = made.patrols[0]
    there = {member.officer for member in first.members}
    other = next(officer.id for officer in plan.officers if officer.id not in there)
    return first.model_copy(update={"members": (*first.members[:-1], Member(officer=other))})


def timed(work: Callable[[], Publication]) -> tuple[Publication, dict[str, float]]:
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    return done, {
        "seconds": round(time.perf_counter() - clock, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
    }


def lives(count: int, publications: int = 6) -> dict[str, Any]:
    """So many random lives, on all processors; any promise that is broken ends the run."""
    began = time.perf_counter()
    with multiprocessing.Pool() as pool:
        changes = pool.starmap(run, ((seed, publications) for seed in range(count)), chunksize=50)
    return {
        "lives": count,
        "publications": 2 * publications * count,
        "changes_of_events": sum(changes),
        "seconds_of_lives": round(time.perf_counter() - began, 1),
    }


def smoke() -> dict[str, Any]:
    """A township's feeds, and a few lives."""
    measured = publishing(problem(30, 6), roster(2, 30, 6))
    return {**measured, **lives(40)}
