"""Whether the areas' cadences can be kept with as few patrols a day as there may be, people aside.

Two means that share nothing answer it: the search of :mod:`pinwheel` reads the cadence as gaps, the
program its rules as limits. Patrol dates are given only when the rules themselves find nothing
wrong with them, and the impossible is only said when both have shown it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Servable
from patrol_scheduler.roster import Patrol, Roster, patrol_id
from patrol_scheduler.rules import (
    CadenceRule,
    Columns,
    PatrolsAtMost,
    Rule,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.solver import cpsat, highs, pinwheel
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.program import Program
from patrol_scheduler.validation import faults_of

Visit = tuple[str, int, str]
"""(area, day, shift) of one patrol."""


def servable(
    problem: Problem, *, time_limit: float = 60.0, stop: Callable[[], bool] | None = None
) -> Servable:
    """Tell whether every area can be patrolled as often as its cadence asks, whoever goes.

    Looks at the phases, the cadences and the rule ``patrols-at-most``, and at nothing about people.
    Where it is impossible, ``until`` is the last date up to which it would be possible. Raises
    :class:`InvalidInputError` for a problem that contradicts itself.
    """
    faults = faults_of(problem)
    if faults:
        raise InvalidInputError(faults)
    return answer(problem, rules_of(problem), Budget(time_limit, stop, None))


def answer(problem: Problem, rules: Sequence[Rule], budget: Budget) -> Servable:
    """The same for rules that are known, in the time of a search."""
    about = [rule for rule in rules if isinstance(rule, WithinPhase | CadenceRule | PatrolsAtMost)]
    visits = _searched(problem, about, len(problem.dates), budget.over)
    if isinstance(visits, list) and _kept(problem, about, visits):
        return _feasible(visits, problem)
    program = _program(problem, about)
    answered = _solved(program, budget)
    if answered.x is not None:
        found = [
            (str(name[1]), int(str(name[2])), str(name[3]))
            for name, value in zip(program.columns.names, answered.x, strict=False)
            if name[0] == "patrol" and value > 0.5
        ]
        if _kept(problem, about, found):
            return _feasible(found, problem)
    elif answered.status == "infeasible" and (
        visits == "impossible" or highs.is_infeasible(program, budget, budget.left())
    ):
        return Servable(status="impossible", until=_until(problem, about, budget))
    return Servable(status="unknown")


def _program(problem: Problem, rules: Sequence[Rule]) -> Program:
    columns = Columns(problem)
    builder = Builder(columns, soften=False)
    for rule in rules:
        builder.add(rule.limits(problem, columns))
    return builder.build()


def _solved(program: Program, budget: Budget) -> cpsat.Answer:
    if program.contradicts_itself:
        return cpsat.Answer("infeasible")
    return cpsat.search(program.whole(), None, budget, seconds=budget.left())


def _until(problem: Problem, rules: Sequence[Rule], budget: Budget) -> dt.date | None:
    """The last date up to which every cadence can be kept; ``None``: not one day, or not known."""
    kept, broken = 0, len(problem.dates)
    while broken - kept > 1:
        middle = (kept + broken) // 2
        found = _searched(problem, rules, middle, budget.over)
        if found == "stopped":
            return None
        kept, broken = (kept, middle) if found == "impossible" else (middle, broken)
    return problem.date(kept - 1) if kept else None


def capped_visits(problem: Problem, rules: Sequence[Rule]) -> list[Visit] | None:
    """Patrols that keep every cadence where ``patrols-at-most`` binds; ``None``: not known."""
    if not any(isinstance(rule, PatrolsAtMost) for rule in rules):
        return None
    found = _searched(problem, rules, len(problem.dates), lambda: False)
    return found if isinstance(found, list) else None


def _feasible(visits: list[Visit], problem: Problem) -> Servable:
    dates: dict[str, tuple[dt.date, ...]] = {area.id: () for area in problem.areas}
    for area, day, _ in sorted(visits, key=lambda visit: visit[1]):
        dates[area] += (problem.date(day),)
    return Servable(status="feasible", dates=dates)


def _beats(problem: Problem, rules: Sequence[Rule], days: int) -> dict[str, pinwheel.Beat]:
    """Every area that has to be patrolled, over the first ``days`` days."""
    windows: dict[str, list[pinwheel.Window]] = {}
    for rule in rules:
        if isinstance(rule, CadenceRule):
            for span in rule.spans(problem):
                if span.first < days:
                    windows.setdefault(span.area, []).append(
                        pinwheel.Window(
                            span.first,
                            min(span.last, days - 1),
                            span.since,
                            span.cadence.min_gap,
                            span.cadence.max_gap,
                        )
                    )
    last = {area: problem.day(date) for area, date in problem.last_patrol.items()}
    return {
        area: pinwheel.Beat(tuple(mine), last.get(area)) for area, mine in sorted(windows.items())
    }


def _caps(problem: Problem, rules: Sequence[Rule]) -> Iterator[tuple[frozenset[str], int]]:
    """The areas of which only so many can be patrolled on one day."""
    shifts = {shift.id for shift in problem.shifts}
    for rule in rules:
        if isinstance(rule, PatrolsAtMost) and (not rule.shifts or shifts <= set(rule.shifts)):
            areas = frozenset(rule.areas or (area.id for area in problem.areas))
            # An area is patrolled once a day, whatever the shift.
            yield areas, rule.patrols * (len(shifts) if rule.per == "shift" else 1)


def _parts(
    beats: dict[str, pinwheel.Beat], caps: list[tuple[frozenset[str], int]]
) -> list[set[str]]:
    """Areas put together where a cap holds for both; no part asks anything of another."""
    parts = [{area} for area in beats]
    for areas, _ in caps:
        joined = [part for part in parts if part & areas]
        parts = [part for part in parts if not part & areas]
        if joined:
            parts.append(set().union(*joined))
    return parts


def _searched(
    problem: Problem, rules: Sequence[Rule], days: int, stop: Callable[[], bool]
) -> list[Visit] | Literal["impossible", "stopped"]:
    """Patrols that keep every cadence and cap, each part by itself; or why there are none."""
    beats, caps = _beats(problem, rules, days), list(_caps(problem, rules))
    dates: dict[str, tuple[int, ...]] = {}
    stopped = False
    for part in _parts(beats, caps):
        areas = sorted(part)
        found = pinwheel.search(
            [beats[area] for area in areas],
            [
                pinwheel.Cap(frozenset(i for i, a in enumerate(areas) if a in among), most)
                for among, most in caps
                if among & part
            ],
            days,
            stop=stop,
        )
        if found.status == "impossible":
            return "impossible"
        stopped |= found.status == "stopped"
        dates |= dict(zip(areas, found.days, strict=False))
    return "stopped" if stopped else _in_shifts(problem, rules, dates)


def _in_shifts(
    problem: Problem, rules: Sequence[Rule], dates: dict[str, tuple[int, ...]]
) -> list[Visit]:
    """A shift for every patrol: the first one in which there is still room."""
    limits = [rule for rule in rules if isinstance(rule, PatrolsAtMost)]
    taken: dict[tuple[int, int, str], int] = {}
    visits: list[Visit] = []
    for area, days in dates.items():
        for day in days:
            date = problem.date(day)
            allowed = [s.id for s in problem.shifts if problem.patrols_allowed(area, date, s.id)]
            allowed = [s for s in allowed if problem.shift_applies(s, date)] or allowed

            def room(shift: str, area: str = area, day: int = day) -> int:
                left = [
                    rule.patrols - taken.get((n, day, shift if rule.per == "shift" else ""), 0)
                    for n, rule in enumerate(limits)
                    if rule.counts(area, shift)
                ]
                return min(left, default=1)

            shift = next((s for s in allowed if room(s) > 0), allowed[0])
            for n, rule in enumerate(limits):
                if rule.counts(area, shift):
                    key = (n, day, shift if rule.per == "shift" else "")
                    taken[key] = taken.get(key, 0) + 1
            visits.append((area, day, shift))
    return visits


def _kept(problem: Problem, rules: Sequence[Rule], visits: list[Visit]) -> bool:
    """Whether the rules themselves find nothing wrong with the patrols."""
    roster = Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(problem.date(d), a), date=problem.date(d), area=a, shift=s, members=()
            )
            for a, d, s in visits
        )
    )
    return not any(next(rule.violations(problem, roster), None) for rule in rules)
