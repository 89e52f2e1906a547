"""What is decided: duties, patrols and the roster made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from patrol_scheduler.problem import Role
from patrol_scheduler.records import Day, Id, PatrolName, Record


class Member(Record):
    """An officer in a patrol, with the role taken there."""

    officer: Id
    role: Role = "member"


class Patrol(Record):
    """One patrol of an area: its date, shift and team.

    ``id`` names the patrol for calendars, records and later changes. It holds the date and the
    area but no shift, so that moving the patrol within its day keeps it.
    """

    id: PatrolName
    date: Day
    area: Id
    shift: Id
    members: tuple[Member, ...]


class PostDuty(Record):
    """One officer at a post in a shift."""

    date: Day
    post: Id
    shift: Id
    officer: Id


class CompensatoryRest(Record):
    """A working day on which an officer is free for a duty on a day off."""

    date: Day
    officer: Id


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One officer's duty, on patrol (``area``, ``patrol``) or at a post (``post``)."""

    date: dt.date
    shift: str
    officer: str
    role: Role
    area: str | None
    post: str | None
    patrol: str | None


class Roster(Record):
    """Who is where and when: all patrols and post duties of the rostered days."""

    patrols: tuple[Patrol, ...] = ()
    post_duties: tuple[PostDuty, ...] = ()
    compensatory_rests: tuple[CompensatoryRest, ...] = ()

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Every duty, patrols first, in the roster's order."""
        return tuple(self._duties())

    def _duties(self) -> Iterator[Duty]:
        for patrol in self.patrols:
            for member in patrol.members:
                yield Duty(
                    patrol.date,
                    patrol.shift,
                    member.officer,
                    member.role,
                    patrol.area,
                    None,
                    patrol.id,
                )
        for duty in self.post_duties:
            yield Duty(duty.date, duty.shift, duty.officer, "member", None, duty.post, None)

    @cached_property
    def turns(self) -> dict[str, tuple[tuple[dt.date, str, str | None], ...]]:
        """Per officer the distinct (date, shift, post or None for patrol), in order of date."""
        found: dict[str, set[tuple[dt.date, str, str | None]]] = {}
        for duty in self.duties:
            found.setdefault(duty.officer, set()).add((duty.date, duty.shift, duty.post))
        return {
            officer: tuple(sorted(turns, key=lambda t: (t[0], t[1], t[2] or "")))
            for officer, turns in found.items()
        }

    @cached_property
    def rest_dates(self) -> dict[str, tuple[dt.date, ...]]:
        """By officer, the days of compensatory rest."""
        found: dict[str, list[dt.date]] = {}
        for rest in self.compensatory_rests:
            found.setdefault(rest.officer, []).append(rest.date)
        return {officer: tuple(dates) for officer, dates in found.items()}

    @cached_property
    def patrol_dates(self) -> dict[str, tuple[dt.date, ...]]:
        """Per area the dates of its patrols in order; a date stands once for each patrol on it."""
        found: dict[str, list[dt.date]] = {}
        for patrol in self.patrols:
            found.setdefault(patrol.area, []).append(patrol.date)
        return {area: tuple(sorted(dates)) for area, dates in found.items()}


def patrol_id(date: dt.date, area: str, nth: int = 1) -> str:
    """The name of an area's patrol on a date; ``nth`` tells several on one date apart."""
    return f"{date.isoformat()}.{area}" + (f".{nth}" if nth > 1 else "")
