"""What happens when and where: the patrols, staffed posts and days of rest of a roster."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from patrol_scheduler.problem import Problem, Role
from patrol_scheduler.roster import Member, Roster
from patrol_scheduler.rules import rules_of
from patrol_scheduler.rules.compensation import ledger_of


@dataclass(frozen=True, slots=True)
class Event:
    """A patrol of an area, or a post that is staffed in a shift.

    ``key`` names it: the patrol's id, or date, post and shift. ``members`` hold each officer once.
    """

    key: tuple[str, ...]
    date: dt.date
    shift: str
    area: str | None
    post: str | None
    members: tuple[Member, ...]

    @property
    def patrol(self) -> str | None:
        """The patrol's id, if it is a patrol."""
        return self.key[1] if self.area is not None else None

    @property
    def officers(self) -> tuple[str, ...]:
        """The ids of the officers, in the roster's order."""
        return tuple(member.officer for member in self.members)

    def in_role(self, *roles: Role) -> tuple[str, ...]:
        """The ids of the officers who take one of ``roles``."""
        return tuple(member.officer for member in self.members if member.role in roles)

    @property
    def leaders(self) -> tuple[str, ...]:
        """The ids of the officers who lead."""
        return self.in_role("leader", "leader-driver")

    @property
    def drivers(self) -> tuple[str, ...]:
        """The ids of the officers who drive."""
        return self.in_role("driver", "leader-driver")


@dataclass(frozen=True, slots=True)
class Rest:
    """A whole day of compensatory rest of an officer, for a duty on ``earned`` where that is known.

    It concerns nobody else, so only the officer's own calendar has it.
    """

    date: dt.date
    officer: str
    earned: dt.date | None

    @property
    def key(self) -> tuple[str, ...]:
        """What names it: date and officer."""
        return ("rest", self.date.isoformat(), self.officer)


def rests(problem: Problem, roster: Roster) -> tuple[Rest, ...]:
    """Every day of compensatory rest, by date and in the order of the officers."""
    earned = {
        (entry.officer, entry.taken): entry.earned
        for entry in ledger_of(problem, rules_of(problem), roster)
    }
    place = {officer.id: n for n, officer in enumerate(problem.officers)}
    found = (
        Rest(rest.date, rest.officer, earned.get((rest.officer, rest.date)))
        for rest in dict.fromkeys(roster.compensatory_rests)
    )
    return tuple(sorted(found, key=lambda rest: (rest.date, place[rest.officer])))


def events(problem: Problem, roster: Roster) -> tuple[Event, ...]:
    """Every event of a roster, by date, start of the shift, and priority and order of places."""
    ranked = sorted(problem.areas, key=lambda area: area.priority or math.inf)
    areas = {area.id: n for n, area in enumerate(ranked)}
    posts = {post.id: len(areas) + n for n, post in enumerate(problem.posts)}
    starts = {
        shift.id: (shift.start_minute, shift.end_minute, n)
        for n, shift in enumerate(problem.shifts)
    }

    def order(event: Event) -> tuple[object, ...]:
        place = areas[event.area] if event.area is not None else posts[event.post or ""]
        return (event.date, starts[event.shift], place, event.key)

    return tuple(sorted(_events(roster), key=order))


def _events(roster: Roster) -> Iterator[Event]:
    for patrol in roster.patrols:
        yield Event(
            ("patrol", patrol.id),
            patrol.date,
            patrol.shift,
            patrol.area,
            None,
            _once(patrol.members),
        )
    staffed: dict[tuple[dt.date, str, str], list[Member]] = {}
    for duty in roster.post_duties:
        staffed.setdefault((duty.date, duty.post, duty.shift), []).append(
            Member(officer=duty.officer)
        )
    for (date, post, shift), members in staffed.items():
        key = ("post", date.isoformat(), post, shift)
        yield Event(key, date, shift, None, post, _once(members))


def _once(members: Iterable[Member]) -> tuple[Member, ...]:
    found: dict[str, Member] = {}
    for member in members:
        found.setdefault(member.officer, member)
    return tuple(found.values())
