"""Rules about how much one officer works in a day, a week, a month or the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, Self

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import LabourProfile, Officer, Problem
from patrol_scheduler.records import Amount, Count, Day, Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, at_most, exact
from patrol_scheduler.texts.labels import label

Period = Literal["day", "week", "month", "plan"]
WeekStart = Literal["monday", "first-day"]
HOUR = 60
ONE = Fraction(1)


def _period(
    problem: Problem, day: int, per: Period, week_starts: WeekStart = "monday"
) -> tuple[int, ...]:
    """The day, week or calendar month of a day, or the plan without its history."""
    if per == "plan":
        return (day >= 0,)
    if per == "day":
        return (day,)
    date = problem.date(day)
    if per == "month":
        return (date.year, date.month)
    if week_starts == "monday":
        return ((date.toordinal() - 1) // 7,)  # 1 January of year 1 was a Monday
    return (day // 7,)


def _days_of(
    problem: Problem, per: Period, week_starts: WeekStart = "monday"
) -> dict[tuple[int, ...], list[int]]:
    """The rostered days of each period, and the days of the history in it."""
    first = min((problem.day(past.date) for past in problem.history), default=0)
    found: dict[tuple[int, ...], list[int]] = {}
    for day in range(first, len(problem.dates)):
        found.setdefault(_period(problem, day, per, week_starts), []).append(day)
    return {key: days for key, days in found.items() if days[-1] >= 0}


@dataclass(frozen=True, slots=True)
class _Total:
    """An officer's total in a period, the part of it before the plan, and the first duty."""

    officer: Officer
    first: dt.date
    total: int
    past: int


def _totals(
    rule: OfficerRule,
    problem: Problem,
    roster: Roster,
    worth: Callable[[int, str], int],
    period: Callable[[int], tuple[int, ...]],
) -> Iterator[_Total]:
    """The totals of all periods with a planned duty that counts."""
    for officer in rule.who(problem):
        planned: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for date, shift, _ in roster.turns.get(officer.id, ()):
            day = problem.day(date)
            planned.setdefault(period(day), []).append((day, worth(day, shift)))
        past = {
            (problem.day(h.date), h.shift, h.post)
            for h in problem.history
            if h.officer == officer.id
        }
        for key, duties in planned.items():
            counted = [day for day, minutes in duties if minutes]
            if counted:
                before = sum(worth(day, shift) for day, shift, _ in past if period(day) == key)
                total = before + sum(minutes for _, minutes in duties)
                yield _Total(officer, problem.date(counted[0]), total, before)


class DutiesAtMost(OfficerRule):
    """An officer has at most ``duties`` duties in a week, calendar month or the plan.

    With ``shifts`` only duties in these count; empty means all. Part of full time has that part of
    the duties, rounded down, but one where there are any.
    """

    rule: Literal["duties-at-most"] = "duties-at-most"
    per: Literal["week", "month", "plan"] = "week"
    week_starts: WeekStart = "monday"
    duties: Count = 5
    shifts: tuple[Id, ...] = ()

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        return (cls(per="week", duties=5), cls(per="month", duties=21))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for days in _days_of(problem, self.per, self.week_starts).values():
            for officer in self.who(problem):
                turns: list[tuple[int, Number]] = [
                    (turn, 1)
                    for day in days
                    for shift, turn in columns.turns(officer.id, day)
                    if not self.shifts or shift in self.shifts
                ]
                most = self._most(officer)
                if len(turns) > most:
                    yield at_most(turns, most)

    def _most(self, officer: Officer) -> int:
        return max(min(1, self.duties), self.duties * officer.full_time_percent // 100)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        counted = self.shifts or tuple(problem.shift_by_id)
        names = tuple(label(s.id, s.name) for s in problem.shifts if s.id in self.shifts)
        for found in _totals(
            self,
            problem,
            roster,
            lambda _, shift: int(shift in counted),
            lambda day: _period(problem, day, self.per, self.week_starts),
        ):
            most = self._most(found.officer)
            if found.total > most:
                amount = Fraction(found.total - most)
                yield Violation(
                    self.rule,
                    f"{'shifts' if names else 'broken'}-{self.per}",
                    Level.MUST,
                    amount,
                    amount,
                    found.first,
                    found.officer.id,
                    details=(
                        ("duties", found.total), ("at_most", most), ("shifts", names),
                    ),
                )  # fmt: skip


class _Hours(OfficerRule):
    """What the two rules on hours share."""

    per: Period = "week"
    week_starts: WeekStart = "monday"
    hours: Amount = 40

    def minutes_of(self, officer: Officer) -> Fraction:
        """The minutes in a period, of part of full time that part."""
        return exact(self.hours) * HOUR * officer.full_time_percent / 100

    def terms(
        self, problem: Problem, columns: Columns
    ) -> Iterator[tuple[Officer, list[tuple[int, Number]]]]:
        """The minutes on duty of every officer in every period."""
        minutes = {shift.id: shift.minutes for shift in problem.shifts}
        for days in _days_of(problem, self.per, self.week_starts).values():
            for officer in self.who(problem):
                yield (
                    officer,
                    [
                        (column, minutes[shift])
                        for day in days
                        for shift, column in columns.turns(officer.id, day)
                    ],
                )

    def totals(self, problem: Problem, roster: Roster) -> Iterator[_Total]:
        """The same of a roster."""
        return _totals(
            self,
            problem,
            roster,
            lambda _, shift: problem.shift_by_id[shift].minutes,
            lambda day: _period(problem, day, self.per, self.week_starts),
        )

    def over(self, found: _Total, amount: Fraction, level: Level, price: Fraction) -> Violation:
        """So many minutes too many."""
        return Violation(
            self.rule,
            f"broken-{self.per}",
            level,
            amount / HOUR,
            amount / HOUR * price,
            found.first,
            found.officer.id,
            details=(
                ("hours", Fraction(found.total, HOUR)),
                ("at_most", self.minutes_of(found.officer) / HOUR),
            ),
        )


class HoursAtMost(_Hours):
    """An officer is on duty at most ``hours`` hours in a day, week, calendar month or the plan.

    Part of full time has that part of the hours.
    """

    rule: Literal["hours-at-most"] = "hours-at-most"
    hours: Amount = 44

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """44 hours a week for staff on contract (Labour Law, art. 36) and 166.64 hours a month for
        all (20.83 working days of 8 hours, labour ministry notice [2008] No. 3)."""
        return (cls(per="week", hours=44, labour=("contract",)), cls(per="month", hours=166.64))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer, terms in self.terms(problem, columns):
            # Whole minutes: rounding the limit down changes nothing.
            yield at_most(terms, int(self.minutes_of(officer)))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for found in self.totals(problem, roster):
            amount = found.total - self.minutes_of(found.officer)
            if amount > 0:
                yield self.over(found, amount, Level.MUST, ONE)


class HoursTarget(_Hours):
    """Each hour that an officer is on duty beyond ``hours`` in a week costs ``price``.

    Or in a day, calendar month or the plan; part of full time has that part of the hours. Hours
    before the plan count, but cost nothing by themselves.
    """

    rule: Literal["hours-target"] = "hours-target"
    price: Amount = 1
    level: PricedLevel = "fairness"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        price = exact(self.price) / HOUR
        for officer, terms in self.terms(problem, columns):
            past = sum((n for column, n in terms if column == Columns.YES), 0)
            most = max(self.minutes_of(officer), past)
            yield Limit(terms, at_most=most, level=Level[self.level.upper()], above=price)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for found in self.totals(problem, roster):
            amount = found.total - max(self.minutes_of(found.officer), Fraction(found.past))
            if amount > 0:
                yield self.over(found, amount, Level[self.level.upper()], exact(self.price))


class Overtime(OfficerRule):
    """Staff on contract have at most ``hours`` hours of overtime in a calendar month.

    Overtime is all of a duty on a rest day or statutory holiday, and on other days what a duty
    lasts beyond ``day_hours``. Days of an emergency, ``except_dates``, do not count (Labour Law,
    arts. 41 and 42).
    """

    rule: Literal["overtime"] = "overtime"
    labour: tuple[LabourProfile, ...] = ("contract",)
    hours: Amount = 36
    day_hours: Amount = 8
    except_dates: tuple[Day, ...] = ()

    def _minutes(self, problem: Problem, day: int, shift: str) -> int:
        """The minutes of overtime of a duty, rounded up where ``day_hours`` has a fraction."""
        date, minutes = problem.date(day), problem.shift_by_id[shift].minutes
        if date in self.except_dates:
            return 0
        if problem.day_table.day_type(date) in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY):
            return minutes
        return max(0, minutes - int(exact(self.day_hours) * HOUR))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        most = exact(self.hours) * HOUR
        for days in _days_of(problem, "month").values():
            for officer in self.who(problem):
                terms: list[tuple[int, Number]] = [
                    (column, minutes)
                    for day in days
                    for shift, column in columns.turns(officer.id, day)
                    if (minutes := self._minutes(problem, day, shift))
                ]
                if sum(minutes for _, minutes in terms) > most:
                    yield at_most(terms, int(most))

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        off = (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)
        usual = int(exact(self.day_hours) * HOUR)

        def worth(day: int, shift: str) -> int:
            date, lasts = problem.date(day), problem.shift_by_id[shift].minutes
            if date in self.except_dates:
                return 0
            return lasts if problem.day_table.day_type(date) in off else max(0, lasts - usual)

        def month(day: int) -> tuple[int, ...]:
            return problem.date(day).timetuple()[:2]

        for found in _totals(self, problem, roster, worth, month):
            over = found.total - exact(self.hours) * HOUR
            if over > 0:
                yield Violation(
                    self.rule,
                    "broken",
                    Level.MUST,
                    over / HOUR,
                    over / HOUR,
                    found.first,
                    found.officer.id,
                    details=(("hours", Fraction(found.total, HOUR)), ("at_most", self.hours)),
                )


class OwnLimits(OfficerRule):
    """Nobody has more duties, or duties closer together, than the officer's own entry says.

    ``duties_a_week`` counts from Monday to Sunday, ``duties_a_month`` by the calendar month;
    duty dates differ by at least ``days_between``. The history counts.
    """

    rule: Literal["own-limits"] = "own-limits"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            for per, most in _own(officer):
                for days in _days_of(problem, per).values():
                    turns: list[tuple[int, Number]] = [
                        (turn, 1) for day in days for _, turn in columns.turns(officer.id, day)
                    ]
                    yield at_most(turns, most)
            apart = officer.days_between or 1
            for last in range(len(problem.dates)) if apart > 1 else ():
                window: list[tuple[int, Number]] = [
                    (columns.works(officer.id, day), 1) for day in range(last - apart + 1, last + 1)
                ]
                yield at_most(window, 1)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            for per, most in _own(officer):
                for found in _totals(
                    OwnLimits(officers=(officer.id,)),
                    problem,
                    roster,
                    lambda *_: 1,
                    lambda day, per=per: _period(problem, day, per),  # type: ignore[misc]  # now
                ):
                    if found.total > most:
                        amount = Fraction(found.total - most)
                        yield Violation(
                            self.rule, per, Level.MUST, amount, amount, found.first, officer.id,
                            details=(("duties", found.total), ("at_most", most)),
                        )  # fmt: skip
            yield from self._too_close(problem, roster, officer)

    def _too_close(self, problem: Problem, roster: Roster, officer: Officer) -> Iterator[Violation]:
        dates = {date for date, _, _ in roster.turns.get(officer.id, ())}
        dates |= {past.date for past in problem.history if past.officer == officer.id}
        for before, date in pairwise(sorted(dates)):
            missing = (officer.days_between or 1) - (date - before).days
            if missing > 0 and problem.first <= date:
                yield Violation(
                    self.rule, "days", Level.MUST, Fraction(missing), Fraction(missing), date,
                    officer.id, details=(("before", before), ("days", officer.days_between)),
                )  # fmt: skip


def _own(officer: Officer) -> list[tuple[Literal["week", "month"], int]]:
    """The officer's own limits on duties, for each period that has one."""
    found: list[tuple[Literal["week", "month"], int]] = []
    if officer.duties_a_week is not None:
        found.append(("week", officer.duties_a_week))
    if officer.duties_a_month is not None:
        found.append(("month", officer.duties_a_month))
    return found
