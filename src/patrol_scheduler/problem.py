"""What is given: the agencies, officers, areas, shifts, phases and demands of a plan."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal

from pydantic import Field, SerializeAsAny

from patrol_scheduler.days import CalendarName, DayTable, Market, SpecialDay, from_lunar
from patrol_scheduler.records import (
    Amount,
    Clock,
    Count,
    Day,
    Flag,
    Id,
    Moment,
    Percent,
    Positive,
    Record,
    Text,
    Year,
    dates_between,
)


class Agency(Record):
    """An organ that sends officers to the joint patrols, such as 公安, 交警 or 城管.

    ``share`` is its part of all duties, as agreed; the others say how many officers it lends at
    most: a day, duties a week, and percent of its officers at once.
    """

    id: Id
    name: Text = ""
    kind: Literal["public-security", "traffic-police", "urban-management", "township", "other"] = (
        "other"
    )
    share: Count | None = None
    lends_a_day: Count | None = None
    lends_a_week: Count | None = None
    lends_percent: Percent | None = None


class Certificate(Record):
    """A law-enforcement certificate of an officer's own agency; both dates are inclusive."""

    number: Text = ""
    valid_from: Day | None = None
    valid_to: Day | None = None

    def valid_on(self, date: dt.date) -> bool:
        """Whether the certificate is valid on ``date``."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_to is None or date <= self.valid_to
        )


class Leave(Record):
    """Days on which an officer cannot be on duty; both dates are inclusive."""

    start: Day
    end: Day
    reason: Text = ""


class Officer(Record):
    """A person who can be put on duty."""

    id: Id
    agency: Id
    name: Text = ""
    phone: Text = ""
    leader: Flag = False
    leader_on_duty: Flag = False
    driver: Flag = False
    certificates: tuple[Certificate, ...] = ()
    leave: tuple[Leave, ...] = ()
    joins: Day | None = None
    departs: Day | None = None
    groups: tuple[Text, ...] = ()

    def certified_on(self, date: dt.date) -> bool:
        """Whether a law-enforcement certificate of this officer is valid on ``date``."""
        return any(certificate.valid_on(date) for certificate in self.certificates)

    def available_on(self, date: dt.date) -> bool:
        """Whether the officer belongs to the group on ``date`` and is not on leave."""
        known = self._available.get(date)
        if known is None:
            known = self._available[date] = (
                (self.joins is None or self.joins <= date)
                and (self.departs is None or date <= self.departs)
                and not any(leave.start <= date <= leave.end for leave in self.leave)
            )
        return known

    @cached_property
    def _available(self) -> dict[dt.date, bool]:
        return {}


class ViolationKind(Record):
    """A kind of offence that patrols look for, with the agencies competent for it.

    ``shifts`` are those in which it is frequent.
    """

    id: Id
    name: Text = ""
    competent: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()


class Area(Record):
    """A part of the town or a road that is patrolled again and again."""

    id: Id
    name: Text = ""
    kind: Literal["town", "main-road", "market", "school", "other"] = "other"
    targets: tuple[Id, ...] = ()
    last_patrol: Day | None = None


class Post(Record):
    """A place that is staffed, not patrolled: a checkpoint, a duty desk, the leader on duty.

    A ``leader-on-duty`` is one officer for the whole patrol day; the duty is recorded in one of
    ``shifts``, or, where that is empty, in a shift with a patrol.
    """

    id: Id
    name: Text = ""
    kind: Literal["post", "leader-on-duty"] = "post"
    shifts: tuple[Id, ...] = ()


class Vehicle(Record):
    """A car that the patrols of some areas go by, one of them at a time."""

    id: Id
    areas: tuple[Id, ...]
    name: Text = ""


class Shift(Record):
    """A part of the day in which a duty lies; an end not after the start is on the next day."""

    id: Id
    start: Clock
    end: Clock
    name: Text = ""

    @property
    def start_minute(self) -> int:
        """Minutes from midnight to the start, 0 to 1439."""
        return self.start.hour * 60 + self.start.minute

    @property
    def end_minute(self) -> int:
        """Minutes from the midnight before the start to the end, up to 2879."""
        end = self.end.hour * 60 + self.end.minute
        return end if end > self.start_minute else end + 24 * 60

    @property
    def minutes(self) -> int:
        """Length in minutes, 1 to 1440."""
        return self.end_minute - self.start_minute


class Phase(Record):
    """A stretch of the plan with its own purpose; both dates are inclusive.

    Only phases with ``rostered`` get duties; the others are carried as data. Empty ``areas`` or
    ``shifts`` mean all of them.
    """

    id: Id
    start: Day
    end: Day
    name: Text = ""
    purpose: Text = ""
    group: Text = ""
    mode: Literal["mobilisation", "enforcement", "presence"] = "presence"
    rostered: Flag = True
    areas: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()


class Cadence(Record):
    """How often areas are patrolled: every ``min_days`` to ``max_days`` days.

    ``counted`` names the reading of "every 2-3 days": ``date-difference`` (two consecutive patrol
    dates differ by 2 or 3) or ``free-days`` (2 or 3 days without a patrol lie between them).
    Empty ``phases`` or ``areas`` mean all; of several entries that apply, the last one counts.
    """

    min_days: Count
    max_days: Positive
    counted: Literal["date-difference", "free-days"] = "date-difference"
    phases: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()

    @property
    def min_gap(self) -> int:
        """Smallest allowed difference of two consecutive patrol dates, in days, at least 1."""
        return max(1, self.min_days + (self.counted == "free-days"))

    @property
    def max_gap(self) -> int:
        """Largest allowed difference of two consecutive patrol dates, in days."""
        return self.max_days + (self.counted == "free-days")


class LunarDay(Record):
    """A day of the Chinese calendar; ``leap`` marks the second month of the same number."""

    year: Positive
    month: Positive
    day: Positive
    leap: Flag = False

    def date(self) -> dt.date:
        """The same day of the solar calendar; raises ``NoLunarDateError`` where there is none."""
        return from_lunar(self.year, self.month, self.day, self.leap)


class PatrolDate(Record):
    """Dates on which areas must be patrolled, or may not be; empty ``areas`` or ``shifts``: all.

    ``must``: each of the areas in one of the shifts. ``forbidden``: none of them in any.
    """

    want: Literal["must", "forbidden"]
    dates: tuple[Day, ...] = ()
    lunar: tuple[LunarDay, ...] = ()
    areas: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()
    reason: Text = ""

    @property
    def all_dates(self) -> tuple[dt.date, ...]:
        """The dates of both calendars, in order; raises ``NoLunarDateError`` where none is."""
        return tuple(sorted({*self.dates, *(one.date() for one in self.lunar)}))


class Team(Record):
    """Who must be in a patrol.

    ``members`` counts the officers needed of each agency, ``extra`` further officers of any
    agency: a patrol has exactly ``size`` officers. ``certified`` counts, per agency, officers with
    a valid certificate; ``leaders`` and ``drivers`` count officers of any agency. One officer can
    count for several of these. Empty ``phases``, ``areas`` or ``shifts`` mean all; of several
    entries that apply, the last one counts.
    """

    members: dict[Id, Count]
    extra: Count = 0
    certified: dict[Id, Count] = Field(default_factory=dict)
    leaders: Count = 0
    drivers: Count = 0
    phases: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()

    @property
    def size(self) -> int:
        """How many officers a patrol has."""
        return sum(self.members.values()) + self.extra


class Cover(Record):
    """How many officers a post needs in a shift.

    Empty ``shifts`` or ``dates`` mean all. Without prices fewer than ``at_least`` is a shortage and
    more than ``at_most`` is forbidden; with a price, each officer too few or too many costs it.
    """

    post: Id
    at_least: Count = 1
    at_most: Count | None = None
    shifts: tuple[Id, ...] = ()
    dates: tuple[Day, ...] = ()
    price_below: Amount | None = None
    price_above: Amount | None = None


BusyKind = Literal[
    "annual-leave",
    "sick-leave",
    "training",
    "official",
    "home-duty",
    "standby",
    "compensatory-rest",
    "recusal",
    "other",
]
"""Why an officer is busy; ``home-duty`` is duty in the home unit."""


class Request(Record):
    """An officer's wish to be on duty or free from ``start`` to ``end``, worth ``weight`` a day."""

    officer: Id
    start: Day
    end: Day
    want: Literal["on", "off"]
    shift: Id | None = None
    weight: Positive = 1


class Busy(Record):
    """A stretch of time in which an officer is taken up elsewhere, in the plan's time zone.

    From ``start`` up to, not including, ``end``. With ``hard`` no duty may touch it; otherwise
    each duty that does has a price.
    """

    officer: Id
    start: Moment
    end: Moment
    kind: BusyKind = "other"
    reason: Text = ""
    hard: Flag = True


class PastDuty(Record):
    """A duty that took place before the plan's first rostered day."""

    date: Day
    shift: Id
    officer: Id
    area: Id | None = None
    post: Id | None = None


class RuleSetting(Record):
    """One rule as a plan states it; the rules package gives its parameters their meaning."""

    rule: str
    on: Flag = True


class Problem(Record):
    """A complete plan: who there is, what is to be patrolled and under which rules.

    ``rules`` holds the rules that the plan states; every other rule works with its defaults.
    ``issued`` is the date of the document; it also stamps the calendars.
    """

    name: Text
    start: Day
    end: Day
    agencies: tuple[Agency, ...]
    officers: tuple[Officer, ...]
    shifts: tuple[Shift, ...]
    phases: tuple[Phase, ...]
    issuer: Text = ""
    issued: Day | None = None
    timezone: Id = "Asia/Shanghai"
    calendar: CalendarName = "china"
    provisional_years: tuple[Year, ...] = ()
    shifts_may_overlap: Flag = False
    areas: tuple[Area, ...] = ()
    posts: tuple[Post, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    violation_kinds: tuple[ViolationKind, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    markets: tuple[Market, ...] = ()
    patrol_dates: tuple[PatrolDate, ...] = ()
    teams: tuple[Team, ...] = ()
    covers: tuple[Cover, ...] = ()
    requests: tuple[Request, ...] = ()
    busy: tuple[Busy, ...] = ()
    history: tuple[PastDuty, ...] = ()
    days: tuple[SpecialDay, ...] = ()
    rules: tuple[SerializeAsAny[RuleSetting], ...] = ()

    # What follows is derived; rosters count days from the first rostered day, which is day 0.

    @cached_property
    def rostered_phases(self) -> tuple[Phase, ...]:
        """The phases that get duties, in order of their start."""
        return tuple(sorted((p for p in self.phases if p.rostered), key=lambda p: p.start))

    @cached_property
    def first(self) -> dt.date:
        """The first rostered date, day 0."""
        return self.rostered_phases[0].start

    @cached_property
    def last(self) -> dt.date:
        """The last rostered date."""
        return max(phase.end for phase in self.rostered_phases)

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """Every date from the first to the last rostered one; ``dates[d]`` is day ``d``."""
        return tuple(dates_between(self.first, self.last))

    def day(self, date: dt.date) -> int:
        """The number of a date: 0 for the first rostered date, negative before it."""
        return date.toordinal() - self.first.toordinal()

    def date(self, day: int) -> dt.date:
        """The date of a day number."""
        return dt.date.fromordinal(self.first.toordinal() + day)

    @cached_property
    def day_table(self) -> DayTable:
        """Tells the kind of each date."""
        return DayTable(self.calendar, self.days, self.provisional_years)

    @cached_property
    def officer_by_id(self) -> dict[str, Officer]:
        """Officers by their id."""
        return {officer.id: officer for officer in self.officers}

    @cached_property
    def area_by_id(self) -> dict[str, Area]:
        """Areas by their id."""
        return {area.id: area for area in self.areas}

    @cached_property
    def shift_by_id(self) -> dict[str, Shift]:
        """Shifts by their id."""
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def officers_of(self) -> dict[str, tuple[Officer, ...]]:
        """The officers of each agency, in the plan's order."""
        return {
            agency.id: tuple(o for o in self.officers if o.agency == agency.id)
            for agency in self.agencies
        }

    @cached_property
    def leaders(self) -> tuple[Officer, ...]:
        """The officers who can lead a patrol."""
        return tuple(officer for officer in self.officers if officer.leader)

    @cached_property
    def drivers(self) -> tuple[Officer, ...]:
        """The officers who can drive."""
        return tuple(officer for officer in self.officers if officer.driver)

    def certified(self, agency: str, date: dt.date) -> tuple[Officer, ...]:
        """The officers of an agency whose certificate is valid on a date."""
        found = self._certified.get((agency, date))
        if found is None:
            holders = self._holders.get(agency, ())
            valid = [officer for officer in holders if officer.certified_on(date)]
            # Days with the same holders share one tuple.
            found = self._groups.setdefault(tuple(o.id for o in valid), tuple(valid))
            self._certified[agency, date] = found
        return found

    @cached_property
    def _groups(self) -> dict[tuple[str, ...], tuple[Officer, ...]]:
        return {}

    @cached_property
    def _holders(self) -> dict[str, tuple[Officer, ...]]:
        return {
            agency: tuple(officer for officer in officers if officer.certificates)
            for agency, officers in self.officers_of.items()
        }

    @cached_property
    def _certified(self) -> dict[tuple[str, dt.date], tuple[Officer, ...]]:
        return {}

    @cached_property
    def _phase_of_day(self) -> dict[dt.date, Phase]:
        return {
            date: phase
            for phase in self.rostered_phases
            for date in dates_between(phase.start, phase.end)
        }

    def phase_on(self, date: dt.date) -> Phase | None:
        """The rostered phase that a date lies in, if any."""
        return self._phase_of_day.get(date)

    def patrols_allowed(self, area: str, date: dt.date, shift: str) -> bool:
        """Whether a rostered phase lets this area be patrolled on this date in this shift."""
        phase = self.phase_on(date)
        return (
            phase is not None
            and (not phase.areas or area in phase.areas)
            and (not phase.shifts or shift in phase.shifts)
        )

    def cadence(self, phase: str, area: str) -> Cadence | None:
        """The cadence that applies to an area in a phase: the last entry that names both or all."""
        return self._cadences.get((phase, area))

    @cached_property
    def _cadences(self) -> dict[tuple[str, str], Cadence]:
        return {
            (phase.id, area.id): entry
            for entry in self.cadences
            for phase in self.phases
            if not entry.phases or phase.id in entry.phases
            for area in self.areas
            if not entry.areas or area.id in entry.areas
        }

    def team(self, area: str, date: dt.date, shift: str) -> Team | None:
        """The team that a patrol of an area needs on a date in a shift."""
        phase = self.phase_on(date)
        return self._teams.get((phase.id, area, shift)) if phase else None

    @cached_property
    def _teams(self) -> dict[tuple[str, str, str], Team]:
        return {
            (phase.id, area.id, shift.id): entry
            for entry in self.teams
            for phase in self.phases
            if not entry.phases or phase.id in entry.phases
            for area in self.areas
            if not entry.areas or area.id in entry.areas
            for shift in self.shifts
            if not entry.shifts or shift.id in entry.shifts
        }

    def covers_on(self, post: str, date: dt.date, shift: str) -> tuple[Cover, ...]:
        """Every demand of a post on a rostered date in a shift."""
        if self.phase_on(date) is None:
            return ()
        return tuple(
            cover
            for cover in self._covers.get((post, shift), ())
            if not cover.dates or date in cover.dates
        )

    @cached_property
    def _covers(self) -> dict[tuple[str, str], tuple[Cover, ...]]:
        return {
            (post.id, shift.id): tuple(
                cover
                for cover in self.covers
                if cover.post == post.id and (not cover.shifts or shift.id in cover.shifts)
            )
            for post in self.posts
            for shift in self.shifts
        }

    @cached_property
    def last_patrol(self) -> dict[str, dt.date]:
        """The last date before the first rostered one on which an area was patrolled, if known."""
        known: dict[str, dt.date] = {
            area.id: area.last_patrol for area in self.areas if area.last_patrol
        }
        for duty in self.history:
            if duty.area is not None:
                known[duty.area] = max(duty.date, known.get(duty.area, duty.date))
        return known
