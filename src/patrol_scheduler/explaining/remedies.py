"""The smallest changes of a plan that are enough, each verified by a complete roster with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from patrol_scheduler.checking import check
from patrol_scheduler.explaining.conflict import Conflict
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning import replan
from patrol_scheduler.replanning.variations import (
    with_longest_gap,
    with_officers,
    without_leave,
)
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import label
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.texts import text

MOST_OFFICERS = 3
MOST_EXTRA_DAYS = 2
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Remedy:
    """One change that is enough: ``kind`` tells which, the other fields its size.

    ``officers``: ``number`` more officers of ``agency``; ``gap``: ``areas`` may wait ``number``
    days; ``leave``: ``people`` are on duty in these days after all. Dates are inclusive. ``roster``
    is the complete roster found with it, and has passed the check.
    """

    kind: str
    start: dt.date
    end: dt.date
    number: int
    agency: str = ""
    certified: bool = False
    leader: bool = False
    driver: bool = False
    areas: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    problem: Problem | None = None
    roster: Roster | None = None

    def say(self, problem: Problem, lang: str) -> str:
        """The remedy as a sentence."""
        agencies = {agency.id: agency.name for agency in problem.agencies}
        comma = text("explain.comma", lang)
        marks = [
            text(f"explain.remedy.{mark}", lang)
            for mark in ("certified", "leader", "driver")
            if getattr(self, mark)
        ]
        return text(
            f"explain.remedy.{self.kind}",
            lang,
            n=self.number,
            agency=label(self.agency, agencies.get(self.agency, "")),
            marks=text("explain.remedy.marks", lang, marks=comma.join(marks)) if marks else "",
            start=self.start,
            end=self.end,
            areas=comma.join(label(a, problem.area_by_id[a].name) for a in self.areas),
            people=comma.join(label(o, problem.officer_by_id[o].name) for o in self.people),
        )


def remedies(
    problem: Problem, conflict: Conflict, roster: Roster, *, time_limit: float = 60.0, most: int = 6
) -> tuple[Remedy, ...]:
    """Remedies that are enough by themselves, of each kind the smallest.

    ``roster`` is the least-bad one; each remedy is verified by making it complete with the remedy
    in force, within ``time_limit`` seconds in all, and checking what came out. A remedy that was
    not found enough is left out: another change may still be needed beside it.
    """
    budget = Budget(time_limit, None, None)
    found: list[Remedy] = []
    for sizes in _candidates(problem, conflict):
        for candidate, vary in sizes:
            if budget.over() or len(found) >= most:
                return tuple(found)
            varied = vary(problem)
            verified = _verified(varied, roster, budget.left() / 2)
            if verified is not None:
                found.append(replace(candidate, problem=varied, roster=verified))
                break
    return tuple(found)


Vary = Callable[[Problem], Problem]


def _verified(problem: Problem, roster: Roster, seconds: float) -> Roster | None:
    before = problem.first - ONE_DAY
    again = replan(problem, roster, before, time_limit=seconds)
    if again.roster is None or not check(problem, again.roster).complete:
        return None
    return again.roster


def _candidates(problem: Problem, conflict: Conflict) -> Iterator[list[tuple[Remedy, Vary]]]:
    """Kinds of remedies, each as its sizes from the smallest on."""
    start = problem.date(max(0, conflict.first))
    end = problem.date(min(conflict.last, len(problem.dates) - 1))
    yield from _more_officers(problem, conflict, start, end)
    yield from _longer_gaps(problem, conflict, start, end)
    yield from _less_leave(problem, conflict, start, end)


def _more_officers(
    problem: Problem, conflict: Conflict, start: dt.date, end: dt.date
) -> Iterator[list[tuple[Remedy, Vary]]]:
    rules = {demand.rule.rule for demand in conflict.demands}
    team = [d for d in conflict.demands if d.team and d.limits and d.limits[0].at_least is not None]
    agencies = dict.fromkeys(
        d.subject.agency or problem.officer_by_id[d.subject.officer or ""].agency
        for d in (team or conflict.demands)
        if d.subject.agency or d.subject.officer
    )
    flags = {
        "certified": "certificates" in rules,
        "leader": "leader" in rules,
        "driver": "driver" in rules,
    }
    first, last = _months(start, end)
    first, last = max(first, problem.first), min(last, problem.last)
    for agency in agencies:
        yield [
            (
                Remedy(
                    "officers",
                    first,
                    last,
                    number,
                    agency=agency,
                    certified=flags["certified"],
                    leader=flags["leader"],
                    driver=flags["driver"],
                ),
                lambda p, a=agency, n=number: with_officers(  # type: ignore[misc]  # bound now
                    p, a, n, joins=first, departs=last, **flags
                ),
            )
            for number in range(1, MOST_OFFICERS + 1)
        ]


def _months(start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """From the first of the month to the end of the month: people are seconded by the month."""
    following = (end.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    return start.replace(day=1), following - ONE_DAY


def _longer_gaps(
    problem: Problem, conflict: Conflict, start: dt.date, end: dt.date
) -> Iterator[list[tuple[Remedy, Vary]]]:
    areas = tuple(
        dict.fromkeys(
            str(d.subject.area)
            for d in conflict.demands
            if d.rule.rule == "cadence" and d.subject.area
        )
    )
    gaps = [
        cadence.max_gap
        for area in areas
        for phase in problem.rostered_phases
        if phase.start <= end and start <= phase.end
        if (cadence := problem.cadence(phase.id, area)) is not None
    ]
    if not gaps:
        return
    longest, week = max(gaps), (start - 6 * ONE_DAY, end + 6 * ONE_DAY)
    everywhere = tuple(problem.area_by_id)
    for group in dict.fromkeys([*((area,) for area in areas[:3]), areas, everywhere]):
        yield [
            (
                Remedy("gap", max(week[0], problem.first), min(week[1], problem.last),
                       longest + more, areas=group),
                lambda p, g=group, n=longest + more: with_longest_gap(  # type: ignore[misc]  # bound now
                    p, g, *week, n
                ),
            )
            for more in range(1, MOST_EXTRA_DAYS + 1)
        ]  # fmt: skip


def _less_leave(
    problem: Problem, conflict: Conflict, start: dt.date, end: dt.date
) -> Iterator[list[tuple[Remedy, Vary]]]:
    people = tuple(
        dict.fromkeys(
            str(d.subject.officer)
            for d in conflict.demands
            if d.rule.rule == "leave"
            and any(
                leave.start <= end and start <= leave.end
                for leave in problem.officer_by_id[str(d.subject.officer)].leave
            )
        )
    )
    if people:
        yield [
            (
                Remedy("leave", start, end, number, people=people[:number]),
                lambda p, w=people[:number]: without_leave(p, w, start, end),  # type: ignore[misc]  # bound now
            )
            for number in range(1, min(MOST_OFFICERS, len(people)) + 1)
        ]
