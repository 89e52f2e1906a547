"""Compensatory rest: what duty on days off earns, and when it is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import LabourProfile, Officer, OwedRest, Problem
from patrol_scheduler.records import Amount, Positive
from patrol_scheduler.roster import CompensatoryRest, Roster
from patrol_scheduler.rules.base import OfficerRule, Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact, never

ONE = Fraction(1)
DAY = dt.timedelta(days=1)
WORKED = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY)


class CompensatoryRests(OfficerRule):
    """Civil servants get a working day off for each day off on which they had a duty.

    A duty on a rest day or statutory holiday earns one day; with the open entries of ``owed_rests``
    it is owed. A day of rest is a working day without any duty, leave or hard busy time, taken
    after it was earned, the oldest first. It falls due ``days`` days after it was earned: at the
    end of each week, Sunday, each day due and not taken costs ``price``, and so it does on the last
    day. What is still owed then goes on to the next plan (Civil Servant Law 2018, art. 82; in 2010
    art. 76).
    """

    rule: Literal["compensatory-rest"] = "compensatory-rest"
    labour: tuple[LabourProfile, ...] = ("civil-servant",)
    days: Positive = 28
    price: Amount = 50
    level: PricedLevel = "fairness"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        free = _days_off(problem)
        long = [shift.id for shift in problem.shifts if shift.end_minute > 24 * 60]
        checks = [
            day
            for day, date in enumerate(problem.dates)
            if date.isoweekday() == 7 or date == problem.last
        ]
        for officer in self.who(problem):
            owed = [problem.day(date) for date in open_before(problem, officer.id)]
            rests = {day: columns.rest(officer.id, day) for day in possible_days(problem, officer)}
            for day in range(len(problem.dates)):
                if day not in rests:
                    yield never(columns.rest(officer.id, day))
            for day, rest in rests.items():
                yield Limit([(columns.works(officer.id, day), 1), (rest, 1)], at_most=1)
                for shift in long:
                    before = columns.in_shift(officer.id, day - 1, shift)
                    yield Limit([(before, 1), (rest, 1)], at_most=1)
            taken: list[tuple[int, Number]] = []
            earned: list[tuple[int, Number]] = []
            for day, date in enumerate(problem.dates):
                if day in rests:
                    taken.append((rests[day], 1))
                # Between two days off nothing more is earned, so the last day of rest tells.
                if day in free or date == problem.last:
                    yield Limit([*taken, *earned], at_most=len(owed))
                    earned.append((columns.works(officer.id, day), -1))
            for check in checks:
                due = [day for day in free if day + self.days <= check]
                old = sum(1 for day in owed if day + self.days <= check)
                if due or old:
                    terms: list[tuple[int, Number]] = [
                        (rest, 1) for day, rest in rests.items() if day <= check
                    ]
                    terms += [(columns.works(officer.id, day), -1) for day in due]
                    yield Limit(
                        terms,
                        at_least=old,
                        level=Level[self.level.upper()],
                        below=exact(self.price),
                    )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            account = account_of(problem, roster, officer)
            taken = []
            for date in account.rests:
                what = self._wrong(problem, officer, date, account)
                if what is None or what == "on-duty":
                    taken.append(date)
                    earned = sum(1 for one in account.earned if one < date)
                    if what is None and len(taken) > len(account.owed) + earned:
                        what = "not-owed"
                if what is not None:
                    yield Violation(self.rule, what, Level.MUST, ONE, ONE, date, officer.id)
            for date in problem.dates:
                if date.weekday() != 6 and date != problem.last:
                    continue
                debts = [
                    one + self.days * DAY
                    for one in (*account.owed, *account.earned)
                    if one + self.days * DAY <= date
                ]
                late = len(debts) - sum(1 for one in taken if one <= date)
                if late > 0:
                    yield Violation(
                        self.rule, "overdue", Level[self.level.upper()], Fraction(late),
                        late * exact(self.price), date, officer.id,
                        details=(("since", sorted(debts)[-late]),),
                    )  # fmt: skip

    def _wrong(
        self, problem: Problem, officer: Officer, date: dt.date, account: Account
    ) -> str | None:
        """Why a date is no day of rest, or nothing."""
        if problem.day_table.day_type(date) not in WORKED:
            return "day-off"
        if not officer.available_on(date):
            return "away"
        start = dt.datetime.combine(date, dt.time())
        for busy in problem.busy:
            mine = busy.officer == officer.id and busy.hard
            if mine and busy.start < start + DAY and start < busy.end:
                return "busy"
        return "on-duty" if date in account.touched else None


@dataclass(frozen=True, slots=True)
class Account:
    """An officer's account of compensatory rest in a roster; every list in order of date.

    ``owed`` are dates on which rest open from before the plan was earned, ``earned`` days off with
    a duty, ``rests`` days of rest; ``touched`` are dates with any part of a duty.
    """

    owed: tuple[dt.date, ...]
    earned: tuple[dt.date, ...]
    rests: tuple[dt.date, ...]
    touched: frozenset[dt.date]


def account_of(problem: Problem, roster: Roster, officer: Officer) -> Account:
    """The account of an officer, the history before the plan looked at for nights only."""
    duties = [(date, shift) for date, shift, _ in roster.turns.get(officer.id, ())]
    duties += [(h.date, h.shift) for h in problem.history if h.officer == officer.id]
    nights = {s.id for s in problem.shifts if s.start_minute + s.minutes > 24 * 60}
    touched = {date for date, _ in duties} | {d + DAY for d, shift in duties if shift in nights}
    inside = {date for date, _ in duties if problem.first <= date <= problem.last}
    rests = {
        date
        for date in roster.rest_dates.get(officer.id, ())
        if problem.first <= date <= problem.last
    }
    return Account(
        owed=open_before(problem, officer.id),
        earned=tuple(sorted(d for d in inside if problem.day_table.day_type(d) not in WORKED)),
        rests=tuple(sorted(rests)),
        touched=frozenset(touched),
    )


def open_before(problem: Problem, officer: str) -> tuple[dt.date, ...]:
    """The dates on which rest was earned that is still owed when the plan begins."""
    return tuple(
        sorted(
            entry.earned
            for entry in problem.owed_rests
            if entry.officer == officer and entry.taken is None and entry.earned < problem.first
        )
    )


def possible_days(problem: Problem, officer: Officer) -> list[int]:
    """The days that can be days of rest: worked by everybody, and the officer is not away."""
    away: set[int] = set()
    for busy in problem.busy:
        if busy.officer == officer.id and busy.hard:
            # Until midnight is until the end of the day before.
            until = problem.day(busy.end.date()) + (busy.end.time() > dt.time())
            away.update(range(problem.day(busy.start.date()), until))
    return [
        day
        for day, date in enumerate(problem.dates)
        if day not in away
        and officer.available_on(date)
        and problem.day_table.day_type(date) in WORKED
    ]


def _days_off(problem: Problem) -> dict[int, dt.date]:
    """The rest days and statutory holidays, in order."""
    return {
        day: date
        for day, date in enumerate(problem.dates)
        if problem.day_table.day_type(date) not in WORKED
    }


def with_rests(
    problem: Problem,
    rules: Sequence[Rule],
    roster: Roster,
    kept: Sequence[CompensatoryRest] = (),
    frozen_until: dt.date | None = None,
) -> Roster:
    """The roster with its days of rest chosen anew: each as early as can be, ``kept`` ones stay.

    Given the duties no other choice has less overdue: at any time as much is taken as possible.
    Days of ``kept`` stay where they still can be days of rest; up to ``frozen_until`` none is new.
    """
    found: list[CompensatoryRest] = []
    for rule in rules:
        if isinstance(rule, CompensatoryRests):
            for officer in rule.who(problem):
                old = {rest.date for rest in kept if rest.officer == officer.id}
                account = account_of(problem, roster, officer)
                dates = _earliest(problem, officer, account, old, frozen_until or dt.date.min)
                found += [CompensatoryRest(officer=officer.id, date=date) for date in dates]
    rests = tuple(sorted(set(found), key=lambda rest: (rest.date, rest.officer)))
    if rests == roster.compensatory_rests:
        return roster
    return roster.model_copy(update={"compensatory_rests": rests})


def with_rests_of(
    problem: Problem,
    rules: Sequence[Rule],
    roster: Roster,
    officers: Collection[str],
    frozen_until: dt.date | None = None,
) -> Roster:
    """The roster with some officers' days of rest after a date chosen anew, where they must be.

    Days that still can be days of rest stay, and so do all up to ``frozen_until``, taken already
    whatever is wrong with them. Those of officers whom no rule gives rest are left alone.
    """
    frozen = frozen_until or dt.date.min
    old = {officer: set(roster.rest_dates.get(officer, ())) for officer in officers}
    chosen: dict[str, set[dt.date]] = {}
    for rule in rules:
        if isinstance(rule, CompensatoryRests):
            for officer in rule.who(problem):
                if officer.id in officers:
                    mine = old[officer.id]
                    over = {date for date in mine if date <= frozen}
                    account = account_of(problem, roster, officer)
                    found = _earliest(problem, officer, account, mine - over, frozen, over)
                    chosen.setdefault(officer.id, set()).update(over, found)
    if all(dates == old[officer] for officer, dates in chosen.items()):
        return roster
    rests = [rest for rest in roster.compensatory_rests if rest.officer not in chosen]
    rests += [CompensatoryRest(officer=o, date=date) for o in chosen for date in chosen[o]]
    rests.sort(key=lambda rest: (rest.date, rest.officer))
    return roster.model_copy(update={"compensatory_rests": tuple(rests)})


def _earliest(
    problem: Problem,
    officer: Officer,
    account: Account,
    kept: set[dt.date],
    frozen: dt.date,
    taken: Collection[dt.date] = (),
) -> Iterator[dt.date]:
    """Days of rest in their order, after those ``taken`` up to the frozen date."""
    possible = [problem.date(day) for day in possible_days(problem, officer)]
    free = [
        date for date in possible if date not in account.touched and (date > frozen or date in kept)
    ]
    held = [date for date in free if date in kept]

    def owed_on(date: dt.date) -> int:
        return len(account.owed) + sum(1 for one in account.earned if one < date)

    used = sum(1 for date in possible if date in taken)
    for date in free:
        claims = [date]
        if date in kept:
            held.remove(date)
        else:  # What is taken now must leave enough for every later day that is kept.
            claims += held
        if all(owed_on(one) > used + n for n, one in enumerate(claims)):
            used += 1
            yield date


def ledger_of(problem: Problem, rules: Sequence[Rule], roster: Roster) -> tuple[OwedRest, ...]:
    """What was owed and earned and when it was taken, the oldest first; the next plan's input.

    Entries of ``owed_rests`` that were taken before are not repeated.
    """
    found: list[OwedRest] = []
    for rule in rules:
        if isinstance(rule, CompensatoryRests):
            for officer in rule.who(problem):
                account = account_of(problem, roster, officer)
                debts = [*account.owed, *account.earned]
                taken = [*account.rests, *([None] * len(debts))]
                found += [
                    OwedRest(officer=officer.id, earned=earned, taken=date)
                    for earned, date in zip(debts, taken, strict=False)
                ]
    return tuple(dict.fromkeys(found))
