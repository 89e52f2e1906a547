"""Rules about what agencies lend to the patrols, and whom a phase may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import OfficerRule, Rule, Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, at_most, exact, never

ONE = Fraction(1)


class PhaseGroup(OfficerRule):
    """An officer who belongs to certain groups is on duty only in phases of one of these groups.

    The enforcement group of one phase and the patrol group of the next can so be different bodies.
    Officers without ``groups`` belong to all of them.
    """

    rule: Literal["phase-group"] = "phase-group"

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        for officer in self.who(problem):
            if not officer.groups:
                continue
            for day, date in enumerate(problem.dates):
                phase = problem.phase_on(date)
                if phase is not None and phase.group not in officer.groups:
                    for _, turn in columns.turns(officer.id, day):
                        yield never(turn)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for officer in self.who(problem):
            for date, shift, _ in roster.turns.get(officer.id, ()) if officer.groups else ():
                phase = problem.phase_on(date)
                if phase is not None and phase.group not in officer.groups:
                    yield Violation(
                        self.rule, "broken", Level.MUST, ONE, ONE, date, officer.id, shift=shift,
                        details=(("group", " ".join(phase.group.split()) or phase.id),),
                    )  # fmt: skip


class Lending(Rule):
    """An agency lends no more officers than it agreed to: a day, a week, or a share at once.

    The agency's own entry says how many: ``lends_a_day`` officers, ``lends_a_week`` duties from
    Monday to Sunday (history included), ``lends_percent`` of its officers in one shift.
    """

    rule: Literal["lending"] = "lending"

    def used_by(self, problem: Problem) -> bool:
        return any(
            most is not None
            for agency in problem.agencies
            for most in (agency.lends_a_day, agency.lends_a_week, agency.lends_percent)
        )

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        rostered = len(problem.dates)
        for agency in problem.agencies:
            officers = [officer.id for officer in problem.officers_of[agency.id]]
            if agency.lends_a_day is not None:
                for day in range(rostered):
                    terms: list[tuple[int, Number]] = [
                        (columns.works(officer, day), 1) for officer in officers
                    ]
                    yield Limit(terms, at_most=agency.lends_a_day)
            if agency.lends_a_week is not None:
                for monday in range(-problem.first.weekday(), rostered, 7):
                    turns: list[tuple[int, Number]] = [
                        (turn, 1)
                        for day in range(monday, min(monday + 7, rostered))
                        for officer in officers
                        for _, turn in columns.turns(officer, day)
                    ]
                    yield at_most(turns, agency.lends_a_week)
            if agency.lends_percent is not None:
                most = len(officers) * agency.lends_percent // 100
                for day in range(rostered):
                    for shift in problem.shifts:
                        here: list[tuple[int, Number]] = [
                            (columns.in_shift(officer, day, shift.id), 1) for officer in officers
                        ]
                        yield Limit(here, at_most=most)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for agency in problem.agencies:
            own = {officer.id for officer in problem.officers_of[agency.id]}
            turns = [
                (date, shift, officer, post)
                for officer in own
                for date, shift, post in roster.turns.get(officer, ())
                if problem.first <= date <= problem.last
            ]
            if agency.lends_a_day is not None:
                for date in sorted({turn[0] for turn in turns}):
                    there = len({officer for d, _, officer, _ in turns if d == date})
                    yield from self._over(agency.id, "day", there, agency.lends_a_day, date)
            if agency.lends_a_week is not None:
                past = {(h.date, h.shift, h.officer, h.post) for h in problem.history} | set(turns)
                for week in sorted({(turn[0].isocalendar()[:2]) for turn in turns}):
                    mine = [t for t in past if t[2] in own and t[0].isocalendar()[:2] == week]
                    first = min(turn[0] for turn in turns if turn[0].isocalendar()[:2] == week)
                    yield from self._over(agency.id, "week", len(mine), agency.lends_a_week, first)
            if agency.lends_percent is not None:
                most = len(own) * agency.lends_percent // 100
                for date, shift in sorted({turn[:2] for turn in turns}):
                    there = len({officer for d, s, officer, _ in turns if (d, s) == (date, shift)})
                    yield from self._over(agency.id, "at-once", there, most, date, shift)

    def _over(
        self, agency: str, what: str, there: int, most: int, date: dt.date, shift: str | None = None
    ) -> Iterator[Violation]:
        if there > most:
            amount = Fraction(there - most)
            yield Violation(
                self.rule, what, Level.MUST, amount, amount, date,
                shift=shift, details=(("agency", agency), ("there", there), ("most", most)),
            )  # fmt: skip


class AgencyShare(Rule):
    """Agencies carry the shares of all duties that they agreed on.

    Each agency's ``share`` is its part out of the sum of all shares; the distance between its
    duties and its part of all duties costs ``price`` a duty. Agencies without a share do not count.
    Duties since the plan's ``fair_since`` count, and what an agency has ``carried`` from before.
    """

    rule: Literal["agency-share"] = "agency-share"
    price: Amount = 1
    level: PricedLevel = "fairness"

    def used_by(self, problem: Problem) -> bool:
        return any(_shares(problem).values())

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        sharing = _shares(problem)
        whole = sum(sharing.values())
        if not whole:
            return
        loads = {
            agency: columns.sum_of(
                ("agency-duties", agency),
                [
                    (turn, 1)
                    for officer in problem.officers_of[agency]
                    for day in range(len(problem.dates))
                    for _, turn in columns.turns(officer.id, day)
                ],
            )
            for agency in sharing
        }
        total = columns.sum_of(("shared-duties",), [(load, 1) for load in loads.values()])
        before = self._before(problem)
        brought = sum((before[agency] for agency in sharing), Fraction(0))
        for agency, share in sharing.items():
            part = Fraction(share, whole)
            past = part * brought - before[agency]
            yield Limit(
                [(loads[agency], 1), (total, -part)],
                at_least=past,
                at_most=past,
                level=Level[self.level.upper()],
                below=exact(self.price),
                above=exact(self.price),
            )

    def _before(self, problem: Problem) -> dict[str, Fraction]:
        """What each agency brings from before the plan, in duties."""
        found = {agency.id: exact(agency.carried) for agency in problem.agencies}
        since = problem.fair_since
        past = {(h.officer, h.date, h.shift, h.post) for h in problem.history}
        for officer, date, _, _ in past:
            if since is not None and date >= since:
                found[problem.officer_by_id[officer].agency] += 1
        return found

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        sharing = _shares(problem)
        whole = sum(sharing.values())
        if not whole:
            return
        agency_of = {officer.id: officer.agency for officer in problem.officers}
        duties = {a: n for a, n in self._before(problem).items() if a in sharing}
        for officer, turns in roster.turns.items():
            if agency_of[officer] in duties:
                duties[agency_of[officer]] += sum(
                    1 for date, _, _ in turns if problem.first <= date <= problem.last
                )
        total = sum(duties.values(), Fraction(0))
        for agency, n in duties.items():
            target = sharing[agency] * total / whole
            if n != target:
                amount = abs(n - target)
                yield Violation(
                    self.rule,
                    "above" if n > target else "below",
                    Level[self.level.upper()],
                    amount,
                    amount * exact(self.price),
                    details=(("agency", agency), ("duties", n), ("target", target)),
                )


def _shares(problem: Problem) -> dict[str, int]:
    """The share that each agency has agreed on."""
    return {agency.id: agency.share for agency in problem.agencies if agency.share is not None}
