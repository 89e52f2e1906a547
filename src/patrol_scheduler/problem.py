"""What is given: a complete plan with everything it speaks of."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cached_property

from pydantic import SerializeAsAny

from patrol_scheduler.days import CalendarName, DayTable, DayType, Market, SpecialDay
from patrol_scheduler.needs import (
    Area,
    Cadence,
    CompetentPlace,
    Cover,
    HotDays,
    LunarDay,
    PatrolDate,
    Phase,
    Post,
    Shift,
    Team,
    Vehicle,
    ViolationKind,
)
from patrol_scheduler.people import (
    LEAVE_KINDS,
    Agency,
    Balance,
    Busy,
    BusyKind,
    Certificate,
    LabourProfile,
    Leave,
    Measure,
    Officer,
    Over,
    OwedRest,
    Pair,
    PastDuty,
    Pin,
    Request,
    Role,
    Status,
)
from patrol_scheduler.records import Count, Day, Flag, Id, Record, Text, Year, dates_between
from patrol_scheduler.staff import Staff


class RuleSetting(Record):
    """One rule as a plan states it; the rules package gives its parameters their meaning.

    ``basis`` is the ground on which the plan states it.
    """

    rule: str
    on: Flag = True
    basis: Text = ""
    remarks: Text = ""


class Problem(Record):
    """A complete plan: who there is, what is to be patrolled and under which rules.

    ``rules`` holds the rules that the plan states; every other rule works with its defaults.
    ``issued`` is the date of the document; it also stamps the calendars. Days up to
    ``frozen_until`` are published: replanning leaves them as they are. Fair shares count the duties
    of the history from ``fair_since`` on, and the ``balances`` from before that. With
    ``unpredictable`` dates and shifts are drawn at random among rosters that are as good. ``seed``
    is what the search and the draw start from where the caller names none.
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
    frozen_until: Day | None = None
    unpredictable: Flag = False
    seed: Count | None = None
    fair_since: Day | None = None
    areas: tuple[Area, ...] = ()
    posts: tuple[Post, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    violation_kinds: tuple[ViolationKind, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    markets: tuple[Market, ...] = ()
    patrol_dates: tuple[PatrolDate, ...] = ()
    hot_days: tuple[HotDays, ...] = ()
    teams: tuple[Team, ...] = ()
    covers: tuple[Cover, ...] = ()
    requests: tuple[Request, ...] = ()
    busy: tuple[Busy, ...] = ()
    pins: tuple[Pin, ...] = ()
    pairs: tuple[Pair, ...] = ()
    history: tuple[PastDuty, ...] = ()
    owed_rests: tuple[OwedRest, ...] = ()
    balances: tuple[Balance, ...] = ()
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
    def sole_names(self) -> dict[str, str]:
        """The names of areas and posts, by id, that no other area or post has as name or id."""
        places = [(area.id, area.name) for area in self.areas]
        places += [(post.id, post.name) for post in self.posts]
        named = [(one, " ".join(name.split())) for one, name in places]
        called = Counter(word for both in named for word in set(both))
        return {one: name for one, name in named if name and called[name] == 1}

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
    def staff(self) -> Staff:
        """Tells the officers of each kind."""
        return Staff(self.officers, self.officers_of, self.areas)

    @cached_property
    def pinned(self) -> dict[tuple[str, dt.date], tuple[Pin, ...]]:
        """The pins of each area that has any, by area and date."""
        found: dict[tuple[str, dt.date], tuple[Pin, ...]] = {}
        for pin in self.pins:
            if pin.area is not None:
                found[pin.area, pin.date] = (*found.get((pin.area, pin.date), ()), pin)
        return found

    @cached_property
    def pins_with_roles(self) -> dict[dt.date, tuple[Pin, ...]]:
        """The pins that name a role, by date."""
        dates = dict.fromkeys(pin.date for pin in self.pins if pin.role)
        return {
            date: tuple(pin for pin in self.pins if pin.role and pin.date == date) for date in dates
        }

    @cached_property
    def seats(self) -> dict[str, int]:
        """The seats of the largest car of each area that goes by cars with known seats alone."""
        found: dict[str, list[int | None]] = {}
        for vehicle in self.vehicles:
            for area in vehicle.areas:
                found.setdefault(area, []).append(vehicle.seats)
        return {
            area: max(known)
            for area, seats in found.items()
            if len(known := [n for n in seats if n is not None]) == len(seats)
        }

    def enforces_on(self, date: dt.date) -> bool:
        """Whether the patrols of a date may impose penalties: its phase is one of enforcement."""
        phase = self.phase_on(date)
        return phase is not None and phase.mode == "enforcement"

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

    def shift_applies(self, shift: str, date: dt.date) -> bool:
        """Whether there may be duties in a shift on the kind of day that a date is."""
        kinds = self.shift_by_id[shift].day_types
        return not kinds or self.day_table.day_type(date) in kinds

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
        if phase is None:
            return None
        kind = self.day_table.day_type(date) if self._teams_differ else None
        return self._teams.get((phase.id, area, shift, kind))

    @cached_property
    def _teams_differ(self) -> bool:
        return any(team.day_types for team in self.teams)

    @cached_property
    def _teams(self) -> dict[tuple[str, str, str, DayType | None], Team]:
        kinds: tuple[DayType | None, ...] = tuple(DayType) if self._teams_differ else (None,)
        return {
            (phase.id, area.id, shift.id, kind): entry
            for entry in self.teams
            for phase in self.phases
            if not entry.phases or phase.id in entry.phases
            for area in self.areas
            if not entry.areas or area.id in entry.areas
            for shift in self.shifts
            if not entry.shifts or shift.id in entry.shifts
            for kind in kinds
            if not entry.day_types or kind in entry.day_types
        }

    @cached_property
    def hottest(self) -> dict[dt.date, float]:
        """The highest temperature of each rostered day, and of the next one, that has one stated.

        Of several entries for a day the hottest one counts.
        """
        dates = dates_between(self.first, self.last + dt.timedelta(days=1))
        stated = ((date, self.degrees_on(date)) for date in dates)
        return {date: degrees for date, degrees in stated if degrees is not None}

    def degrees_on(self, date: dt.date) -> float | None:
        """The highest temperature stated for a date, also for one after the plan."""
        stated = (entry.highest for entry in self.hot_days if entry.start <= date <= entry.end)
        return max(stated, default=None)

    def covers_on(self, post: str, date: dt.date, shift: str) -> tuple[Cover, ...]:
        """Every demand of a post on a rostered date in a shift."""
        if self.phase_on(date) is None or not self.shift_applies(shift, date):
            return ()
        return tuple(
            cover
            for cover in self._covers.get((post, shift), ())
            if not cover.dates or date in cover.dates
        )

    def is_staffed(self, post: Post, date: dt.date, shift: str) -> bool:
        """Whether officers may be at a post on a rostered date in a shift: a cover asks for some.

        A leader on duty is asked for by patrols, and who is on duty on other dates, or in a shift
        that does not apply, is told by the rules about these.
        """
        if post.kind == "leader-on-duty" or self.phase_on(date) is None:
            return True
        return not self.shift_applies(shift, date) or bool(self.covers_on(post.id, date, shift))

    def pinned_at(self, post: str, date: dt.date, shift: str) -> set[str]:
        """The officers whom pins want at a post on a date in a shift."""
        return {
            pin.officer
            for pin in self._pins_to_posts.get((post, date), ())
            if pin.kind != "forbidden" and pin.shift in (None, shift)
        }

    @cached_property
    def _pins_to_posts(self) -> dict[tuple[str, dt.date], list[Pin]]:
        found: dict[tuple[str, dt.date], list[Pin]] = {}
        for pin in self.pins:
            if pin.post is not None:
                found.setdefault((pin.post, pin.date), []).append(pin)
        return found

    @cached_property
    def _covers(self) -> dict[tuple[str, str], tuple[Cover, ...]]:
        return {
            (post.id, shift.id): tuple(
                cover
                for cover in self.covers
                if cover.post == post.id
                and (not cover.shifts or shift.id in cover.shifts)
                and (not post.shifts or shift.id in post.shifts)
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


__all__ = [
    "LEAVE_KINDS",
    "Agency",
    "Area",
    "Balance",
    "Busy",
    "BusyKind",
    "Cadence",
    "Certificate",
    "CompetentPlace",
    "Cover",
    "HotDays",
    "LabourProfile",
    "Leave",
    "LunarDay",
    "Measure",
    "Officer",
    "Over",
    "OwedRest",
    "Pair",
    "PastDuty",
    "PatrolDate",
    "Phase",
    "Pin",
    "Post",
    "Problem",
    "Request",
    "Role",
    "RuleSetting",
    "Shift",
    "Status",
    "Team",
    "Vehicle",
    "ViolationKind",
]
