"""Counting before any solving: what some days need of a group, and what is there at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from patrol_scheduler.explaining.demands import Demand
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import TeamRule
from patrol_scheduler.solver.most_duties import Group
from patrol_scheduler.solver.weighing import RULE_OF, Weighing
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A stretch of days that needs more duties of a group than the group can do.

    ``needed`` is the least that the cadences allow, ``there`` the most that leave, rest and the
    limits on duties allow; dates are inclusive. ``agency`` is empty for leaders and drivers, who
    may be of any.
    """

    group: Group
    agency: str
    start: dt.date
    end: dt.date
    needed: int
    there: int

    def say(self, problem: Problem, lang: str) -> str:
        """The shortfall as a sentence, with the calendar week where it lies in a single one."""
        names = {agency.id: agency.name for agency in problem.agencies}
        week = self.start.isocalendar()[:2]
        one_week = week == self.end.isocalendar()[:2]
        return text(
            f"explain.counting.{self.group}",
            lang,
            agency=label(self.agency, names.get(self.agency, "")),
            start=self.start,
            end=self.end,
            in_week=text("explain.in-week", lang, week=week[1]) if one_week else "",
            needed=self.needed,
            there=self.there,
        )


def shortfalls(problem: Problem) -> tuple[Shortfall, ...]:
    """Stretches of days that cannot be staffed, found by counting alone, the worst ones first.

    Every one of them proves that there is no complete roster. A stretch inside another of the same
    group is told alone, being the smaller reason; of two that overlap the worse one is told.
    """
    counting = Weighing(problem)
    if not counting.asked:
        return ()
    found: list[Shortfall] = []
    for group, agency in counting.groups():
        mine: list[Shortfall] = []
        told: list[tuple[int, int]] = []
        for first, last, needed, there in counting.short(group, agency):
            if any(first <= start and end <= last for start, end in told):
                continue
            told.append((first, last))
            start, end = problem.date(first), problem.date(last)
            mine.append(Shortfall(group, agency, start, end, needed, there))
        mine.sort(key=lambda s: (s.there - s.needed, s.start))
        apart: list[Shortfall] = []
        for entry in mine:
            if all(entry.end < other.start or other.end < entry.start for other in apart):
                apart.append(entry)
        found += apart
    return tuple(sorted(found, key=lambda s: (s.there - s.needed, s.start, s.group, s.agency)))


def lacking(problem: Problem) -> bool:
    """Whether counting shows some group short."""
    counting = Weighing(problem)
    return counting.asked and any(
        counting.short(group, agency) for group, agency in counting.groups()
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """What a shortfall speaks of: its days, the areas that need most, and who could come.

    ``asks`` tells whether a demand of these days is about any of that.
    """

    first: int
    last: int
    areas: frozenset[str]
    officers: frozenset[str]
    agency: str
    rule: type[TeamRule]

    def asks(self, demand: Demand) -> bool:
        """Whether a demand is part of the reason."""
        subject = demand.subject
        if isinstance(demand.rule, TeamRule):
            # What asks for people of whom there are none names no agency.
            nobody = subject.agency is None and not self.officers
            mine = nobody or self.agency in ("", subject.agency)
            right = isinstance(demand.rule, self.rule) and mine
            return right and (demand.summed or subject.area in self.areas)
        if subject.officer is not None:
            return subject.officer in self.officers
        if subject.area is not None:
            return subject.area in self.areas
        return self.agency in ("", subject.agency)


def reason_of(problem: Problem, shortfall: Shortfall, counting: Weighing | None = None) -> Reason:
    """What a shortfall speaks of; ``counting`` is what has weighed the plan already."""
    group, agency = shortfall.group, shortfall.agency
    first, last = problem.day(shortfall.start), problem.day(shortfall.end)
    dates = [problem.date(day) for day in range(first, last + 1)]
    officers = frozenset(
        officer.id
        for officer in problem.officers
        if agency in ("", officer.agency)
        and (group != "leaders" or officer.leader)
        and (group != "drivers" or officer.driver)
        and (group != "certified" or any(officer.certified_on(date) for date in dates))
    )
    areas = (counting or Weighing(problem)).fewest_areas(group, agency, first, last)
    return Reason(first, last, frozenset(areas), officers, agency, RULE_OF[group])


def first_look(problem: Problem, found: Sequence[Shortfall], *, most: int = 3) -> list[Reason]:
    """What some shortfalls speak of, those first that speak of the fewest duties."""
    smallest = sorted(found, key=lambda s: (s.needed, s.end - s.start))
    counting = Weighing(problem)
    return [reason_of(problem, shortfall, counting) for shortfall in smallest[:most]]
