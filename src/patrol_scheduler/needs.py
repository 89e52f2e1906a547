"""What is to be done: the areas, posts, shifts and phases, and what patrols need."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal

from pydantic import Field

from patrol_scheduler.days import DayType, from_lunar
from patrol_scheduler.records import (
    Amount,
    Celsius,
    Clock,
    Count,
    Day,
    Flag,
    Id,
    Latitude,
    Longitude,
    Positive,
    Record,
    Text,
)

AreaKind = Literal["town", "main-road", "market", "school", "other"]
"""What an area is."""


class CompetentPlace(Record):
    """The agencies competent for a kind of offence in areas of one kind."""

    kind: AreaKind
    agencies: tuple[Id, ...]
    remarks: Text = ""


class ViolationKind(Record):
    """A kind of offence that patrols look for, with the agencies competent for it.

    ``places`` name the agencies for areas of certain kinds, ``competent`` those for the others;
    ``support`` are the agencies that assist them.
    With ``certified`` whoever acts on an enforcement patrol holds a valid certificate. ``shifts``
    are those in which it is frequent. ``weight`` is how much it counts in the statistics over all
    kinds.
    """

    id: Id
    name: Text = ""
    competent: tuple[Id, ...] = ()
    places: tuple[CompetentPlace, ...] = ()
    support: tuple[Id, ...] = ()
    certified: Flag = False
    shifts: tuple[Id, ...] = ()
    weight: Positive = 1
    remarks: Text = ""

    def competent_in(self, area_kind: str) -> tuple[str, ...]:
        """The agencies competent in areas of a kind; of several entries the last one counts."""
        found = self.competent
        for place in self.places:
            if place.kind == area_kind:
                found = place.agencies
        return found


class Area(Record):
    """A part of the town or a road that is patrolled again and again.

    ``priority`` 1 stands first among what happens at one time; without one an area comes last.
    ``minutes`` is how long a patrol stops there, for the statistics of the dose; ``longitude`` and
    ``latitude``, in degrees, show the place in calendars.
    """

    id: Id
    name: Text = ""
    kind: AreaKind = "other"
    targets: tuple[Id, ...] = ()
    last_patrol: Day | None = None
    priority: Positive | None = None
    minutes: Positive | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    remarks: Text = ""


class Post(Record):
    """A place that is staffed, not patrolled: a checkpoint, a duty desk, the leader on duty.

    With ``shifts`` a place is staffed in these only. A ``leader-on-duty`` is one officer for the
    whole patrol day; the duty is recorded in one of ``shifts``, or, where that is empty, in a shift
    with a patrol.
    """

    id: Id
    name: Text = ""
    kind: Literal["post", "leader-on-duty"] = "post"
    shifts: tuple[Id, ...] = ()
    remarks: Text = ""


class Vehicle(Record):
    """A car that the patrols of some areas go by, one of them at a time.

    ``seats`` counts everybody in it, the driver included.
    """

    id: Id
    areas: tuple[Id, ...]
    name: Text = ""
    seats: Positive | None = None
    remarks: Text = ""


NIGHTS = ((-2 * 60, 6 * 60), (22 * 60, 30 * 60))
"""22:00 to 06:00 before and after a midnight and the next one, in minutes from it."""


class Shift(Record):
    """A part of the day in which a duty lies; an end not after the start is on the next day.

    ``burden`` is how hard a duty in it is, against 1 for an ordinary one. ``credit`` is how many
    hours of work a duty in it counts as, such as less for time on call; without it, its length.
    With ``day_types`` there are duties in it only on these kinds of day.
    """

    id: Id
    start: Clock
    end: Clock
    name: Text = ""
    burden: Amount | None = None
    day_types: tuple[DayType, ...] = ()
    credit: Amount | None = None
    remarks: Text = ""

    @property
    def credited_hours(self) -> float:
        """The hours of work that a duty counts as."""
        return self.minutes / 60 if self.credit is None else float(self.credit)

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

    @property
    def at_night(self) -> bool:
        """Whether any of it lies between 22:00 and 06:00, the night of the labour rules."""
        return any(self.start_minute < end and start < self.end_minute for start, end in NIGHTS)


class Phase(Record):
    """A stretch of the plan with its own purpose; both dates are inclusive.

    Only phases with ``rostered`` get duties; the others are carried as data. Empty ``areas`` or
    ``shifts`` mean all of them. ``patrol_count`` says how many patrols there are where the cadence
    leaves a choice: the fewest, as many as divide fairly, or the most. ``remarks`` are printed
    below the duty sheet.
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
    patrol_count: Literal["fewest", "fair", "most"] = "fewest"
    remarks: Text = ""


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
    remarks: Text = ""

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
    remarks: Text = ""

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
    remarks: Text = ""

    @property
    def all_dates(self) -> tuple[dt.date, ...]:
        """The dates of both calendars, in order; raises ``NoLunarDateError`` where none is."""
        return tuple(sorted({*self.dates, *(one.date() for one in self.lunar)}))


class HotDays(Record):
    """Days with the same forecast of great heat; both dates are inclusive.

    ``highest`` is the highest temperature of each of the days, in degrees Celsius.
    """

    start: Day
    end: Day
    highest: Celsius
    remarks: Text = ""


class Team(Record):
    """Who must be in a patrol.

    ``members`` counts the officers needed of each agency, ``extra`` further officers of any
    agency: a patrol has exactly ``size`` officers. With ``ideal`` or ``most`` it may have more: of
    each agency up to the larger of the two, and ``extra`` beyond it; missing the ideal has a price.
    ``certified`` counts, per agency, officers with a valid certificate; ``leaders``, ``drivers``
    and ``familiar_officers``, who know the patrol's area, count officers of any agency. One officer
    can count for several of these; there are at most ``auxiliaries`` auxiliaries. Empty ``phases``,
    ``areas``, ``shifts`` or ``day_types`` mean all; of several entries that apply, the last one
    counts. ``name`` tells entries apart for people.
    """

    members: dict[Id, Count]
    ideal: dict[Id, Count] = Field(default_factory=dict)
    most: dict[Id, Count] = Field(default_factory=dict)
    extra: Count = 0
    certified: dict[Id, Count] = Field(default_factory=dict)
    leaders: Count = 0
    drivers: Count = 0
    familiar_officers: Count = 0
    auxiliaries: Count | None = None
    phases: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()
    shifts: tuple[Id, ...] = ()
    day_types: tuple[DayType, ...] = ()
    name: Text = ""
    remarks: Text = ""

    @cached_property
    def size(self) -> int:
        """How many officers a patrol has at the least."""
        return sum(self.members.values()) + self.extra

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that the team names, in its order."""
        return tuple(dict.fromkeys((*self.members, *self.ideal, *self.most)))

    @cached_property
    def largest(self) -> int:
        """How many officers a patrol has at the most."""
        return sum(map(self.most_of, self.agencies)) + self.extra

    @cached_property
    def varies(self) -> bool:
        """Whether patrols may differ in size."""
        return self.largest > self.size

    def most_of(self, agency: str) -> int:
        """How many officers of an agency there are at the most, without ``extra`` ones."""
        return max(entry.get(agency, 0) for entry in (self.members, self.ideal, self.most))


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
    remarks: Text = ""
