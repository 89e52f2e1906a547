"""The public shift-scheduling instances (Curtois & Qu 2014): one post, staffed every day.

    python -m benchmarks nrp24 INSTANCE.txt --time-limit S --solution OUT.csv

An instance is a plan of one agency with one post; everything it asks is said by the library's own
rules. The solution is written as its judge reads it: a line for each employee, an id and a cell for
each day, empty where the employee is off. The instances have no stated licence and stay outside.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import machine, search
from benchmarks.patrol import judged
from patrol_scheduler.problem import (
    Agency,
    Cover,
    Leave,
    Officer,
    Phase,
    Post,
    Problem,
    Request,
    Shift,
)
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    CoverRule,
    DutiesAtMost,
    Effort,
    FairShare,
    HoursAtLeast,
    HoursAtMost,
    HoursBetweenDuties,
    HoursTarget,
    Requests,
    RestDays,
    Rule,
    ShiftSuccession,
    WeekendsAtMost,
)
from patrol_scheduler.rules.base import OfficerRule

FIRST = dt.date(2010, 8, 2)  # day 0 of every instance is a Monday
POST = "post"
SMOKE_OPTIMUM = 7.0


def load(path: str | Path) -> Problem:
    """Read an instance; raises ``ValueError`` that names the line of whatever is malformed."""
    sections: dict[str, list[list[str]]] = {}
    readers: dict[str, Callable[[list[str]], Any]] = {
        "SECTION_HORIZON": lambda f: int(f[0]),
        "SECTION_SHIFTS": lambda f: _shift(f[0], int(f[1])),
        "SECTION_STAFF": _employee,
        "SECTION_DAYS_OFF": lambda f: [_date(n) for n in f[1:]],
        "SECTION_SHIFT_ON_REQUESTS": lambda f: _request(f, "on"),
        "SECTION_SHIFT_OFF_REQUESTS": lambda f: _request(f, "off"),
        "SECTION_COVER": _cover,
    }
    read: dict[str, list[Any]] = {name: [] for name in readers}
    section = ""
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), start=1):
        text = line.split("#")[0].strip()
        if text.startswith("SECTION_"):
            section = text
        elif text:
            fields = [field.strip() for field in text.split(",")]
            try:
                read[section].append(readers[section](fields))
                sections.setdefault(section, []).append(fields)
            except (KeyError, IndexError, ValueError, OverflowError) as error:
                raise ValueError(f"{path}:{number}: {text!r} is not a line of {section}") from error
    if not all(read[name] for name in ("SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF")):
        raise ValueError(f"{path}: horizon, shifts and staff are needed")
    days = read["SECTION_HORIZON"][0]
    lines_off = sections.get("SECTION_DAYS_OFF", [])
    off = {f[0]: dates for f, dates in zip(lines_off, read["SECTION_DAYS_OFF"], strict=True)}
    last = FIRST + dt.timedelta(days - 1)
    return Problem(
        name=Path(path).stem,
        start=FIRST,
        end=last,
        calendar="weekends",
        agencies=(Agency(id="staff"),),
        officers=tuple(
            Officer(
                id=name,
                agency="staff",
                leave=tuple(Leave(start=date, end=date) for date in off.get(name, ())),
            )
            for name in read["SECTION_STAFF"]
        ),
        shifts=tuple(read["SECTION_SHIFTS"]),
        shifts_may_overlap=True,
        phases=(Phase(id="plan", start=FIRST, end=last),),
        posts=(Post(id=POST),),
        covers=tuple(read["SECTION_COVER"]),
        requests=(*read["SECTION_SHIFT_ON_REQUESTS"], *read["SECTION_SHIFT_OFF_REQUESTS"]),
        rules=(
            Effort(on=False),
            FairShare(on=False),
            HoursBetweenDuties(on=False),
            HoursTarget(on=False),
            CoverRule(level="fairness"),
            Requests(level="fairness"),
            *_successions(sections["SECTION_SHIFTS"]),
            *_contracts(sections["SECTION_STAFF"]),
        ),
    )


def _date(day: str) -> dt.date:
    return FIRST + dt.timedelta(int(day))


def _shift(name: str, minutes: int) -> Shift:
    if not 1 <= minutes <= 1440:
        raise ValueError(minutes)
    end = f"{minutes // 60:02}:{minutes % 60:02}"
    return Shift.model_validate({"id": name, "start": "00:00", "end": end})


def _employee(fields: list[str]) -> str:
    """The id of an employee whose line can be read."""
    name, shifts, *numbers = fields
    if len(numbers) != 6 or min(int(n) for n in numbers) < 0:
        raise ValueError(numbers)
    for entry in shifts.split("|"):
        int(entry.split("=")[1])
    return name


def _request(fields: list[str], want: str) -> Request:
    name, day, shift, weight = fields
    return Request.model_validate(
        {
            "officer": name,
            "start": _date(day),
            "end": _date(day),
            "want": want,
            "shift": shift,
            "weight": int(weight),
        }
    )


def _cover(fields: list[str]) -> Cover:
    day, shift, need, under, over = fields
    return Cover(
        post=POST,
        at_least=int(need),
        at_most=int(need),
        shifts=(shift,),
        dates=(_date(day),),
        price_below=int(under),
        price_above=int(over),
    )


def _successions(shifts: list[list[str]]) -> Iterator[Rule]:
    for name, _, *after in shifts:
        following = tuple(shift for shift in (after[0].split("|") if after else ()) if shift)
        if following:
            yield ShiftSuccession(shifts=(name,), next_shifts=following)


def _contracts(staff: list[list[str]]) -> Iterator[Rule]:
    """The rules of the staff; those with the same numbers share one."""
    who: dict[tuple[type[OfficerRule], tuple[tuple[str, Any], ...]], list[str]] = {}
    for name, shifts, longest, least, most_days, least_days, least_free, weekends in staff:
        asked: list[tuple[type[OfficerRule], dict[str, Any]]] = [
            (HoursAtMost, {"per": "plan", "hours": int(longest) / 60}),
            (HoursAtLeast, {"hours": int(least) / 60}),
            (RestDays, {"free": 1, "days": int(most_days) + 1}),
            (ConsecutiveDutyDays, {"days": max(1, int(least_days))}),
            (ConsecutiveFreeDays, {"days": max(1, int(least_free))}),
            (WeekendsAtMost, {"weekends": int(weekends)}),
        ]
        for entry in shifts.split("|"):
            shift, most = entry.split("=")
            asked.append((DutiesAtMost, {"per": "plan", "shifts": (shift,), "duties": int(most)}))
        for kind, values in asked:
            who.setdefault((kind, tuple(values.items())), []).append(name)
    for (kind, stated), names in who.items():
        yield kind(**dict(stated), officers=tuple(names))


def solution(problem: Problem, roster: Roster) -> str:
    """The roster as the judge reads it."""
    shift_of = {(duty.officer, duty.date): duty.shift for duty in roster.post_duties}
    return "".join(
        ",".join([o.id, *(shift_of.get((o.id, date), "") for date in problem.dates)]) + "\n"
        for o in problem.officers
    )


def options(arguments: list[str]) -> argparse.Namespace:
    """What the command line asks."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks nrp24", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("instance", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds (60)")
    parser.add_argument("--solution", type=Path, help="where the roster is written")
    parser.add_argument("--gap", type=float, default=0.0, help="good enough, 0 to 1 (0)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=None, help="processors (all)")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> dict[str, Any]:
    given = options(arguments)
    try:
        problem = load(given.instance)
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    searched = search(
        problem,
        time_limit=given.time_limit,
        gap=given.gap,
        seed=given.seed,
        workers=given.workers,
    )
    result = searched.result
    if given.solution is not None and result is not None and result.roster is not None:
        aside = given.solution.with_name(given.solution.name + ".part")
        aside.write_text(solution(problem, result.roster), encoding="utf-8")
        aside.replace(given.solution)
    return {
        "benchmark": "nrp24",
        "instance": problem.name,
        "officers": len(problem.officers),
        "shifts": len(problem.shifts),
        "days": len(problem.dates),
        **searched.told(),
        **judged(problem, searched),
        "seed": given.seed,
        "workers": given.workers,
        "time_limit": given.time_limit,
        **machine(),
    }


SMOKE = """\
SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=14|L=14,4320,3360,5,2,2,1
B,E=14|L=0,4320,3360,5,2,2,1
C,E=14|L=14,4320,3360,5,2,2,1
D,E=0|L=14,4320,3360,5,2,2,1
E,E=14|L=14,4320,3360,5,2,2,1
SECTION_DAYS_OFF
A,3
B,9
SECTION_SHIFT_ON_REQUESTS
C,4,L,2
D,5,L,3
SECTION_SHIFT_OFF_REQUESTS
E,7,E,1
E,8,E,1
SECTION_COVER
""" + "".join(f"{day},{shift},1,100,1\n" for day in range(14) for shift in "EL")


def smoke() -> dict[str, Any]:
    """A small instance of one's own, to its optimum and proven."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "smoke.txt")
        path.write_text(SMOKE, encoding="utf-8")
        problem = load(path)
    searched = search(problem, time_limit=60.0, workers=1)
    assert searched.objective == searched.bound == SMOKE_OPTIMUM, searched.told()
    return {"objective": searched.objective, "seconds": round(searched.seconds, 2)}
