"""Who can take a duty: judged officer by officer, without checking the whole roster each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from patrol_scheduler.checking import Finding
from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats.names import ids_by_name
from patrol_scheduler.problem import Area, Officer, Problem
from patrol_scheduler.replanning.replacing import replaced, replaced_members, rested, worse
from patrol_scheduler.replanning.rows import RowJudge
from patrol_scheduler.replanning.shares import Shares
from patrol_scheduler.roster import Duty, Patrol, Roster
from patrol_scheduler.rules import (
    CadenceRule,
    CoverRule,
    FairShare,
    FamiliarAreas,
    HighRiskShifts,
    KeepPartners,
    LeaderOnDuty,
    Lending,
    Level,
    LookAhead,
    MarketDays,
    MixPartners,
    PatrolCount,
    PatrolDates,
    PatrolDays,
    PatrolsAtMost,
    Pins,
    SharedCar,
    ShiftDays,
    ShiftRotation,
    TeamRule,
    Violation,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.rules.base import OfficerRule
from patrol_scheduler.rules.sharing import ZERO, SharingRule

COUNT_ONLY = (
    WithinPhase,
    CadenceRule,
    LookAhead,
    MarketDays,
    PatrolDates,
    PatrolDays,
    PatrolCount,
    PatrolsAtMost,
    ShiftRotation,
    SharedCar,
    HighRiskShifts,
)
"""Rules that look at how many there are or when, never at who: one person for another is the same
to them."""
NEARBY = (
    CoverRule,
    FamiliarAreas,
    KeepPartners,
    LeaderOnDuty,
    Lending,
    MixPartners,
    Pins,
    ShiftDays,
)
"""Rules each of whose violations looks at one week from Monday to Sunday, or at the patrols that
two officers have together: one person for another only changes those of that week or of theirs."""

NEAREST = 6
"""How many dates of an officer's duties are told to somebody who asked for another date."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """An officer who would take over a duty.

    ``broken`` is what that would break, ``fairness`` and ``wishes`` what it would cost more, or
    less where negative. ``debt`` is how many duties fewer than a fair share the officer has.
    """

    officer: str
    broken: tuple[Finding, ...]
    fairness: Fraction
    wishes: Fraction
    debt: Fraction

    @property
    def legal(self) -> bool:
        """Whether no rule would be broken and no seat left short."""
        return not self.broken


def duty_of(
    problem: Problem, roster: Roster, officer: str, date: dt.date, shift: str | None = None
) -> Duty:
    """The one duty of an officer, told by id or unique name, on a date; in ``shift`` if given.

    Raises :class:`InvalidInputError` when the plan has no such officer, or the officer has no duty
    then, or several of which the shift does not tell one.
    """
    faults = []
    (officer,) = told_by_name(problem.officers, officer)
    if officer not in problem.officer_by_id:
        faults.append(no_officer(problem, officer))
    if shift is not None and shift not in problem.shift_by_id:
        faults.append(unknown("shift", shift, problem.shift_by_id))
    if faults:
        raise InvalidInputError(faults)
    mine = [d for d in roster.duties if d.officer == officer and d.date == date]
    duties = [d for d in mine if shift is None or d.shift == shift]
    if len(duties) != 1:
        what = "several-duties" if duties else "other-shift" if mine else "no-duty"
        known = {d.date for d in roster.duties if d.officer == officer}
        near = tuple(sorted(sorted(known, key=lambda day: (abs(day - date), day))[:NEAREST]))
        values = (("officer", officer), ("dates", near), ("shifts", tuple(d.shift for d in mine)))
        raise InvalidInputError([Fault("", "date", None, date, f"faults_change.{what}", values)])
    return duties[0]


def told_by_name(entries: Iterable[Officer | Area], *words: str) -> tuple[str, ...]:
    """The ids of officers or areas that are told by id, or by a name that only one of them has.

    Spaces in names do not count. Words that tell nobody, or several, stay as they are.
    """
    ids = ids_by_name((entry.id, entry.name) for entry in entries)
    return tuple(ids.get(word) or ids.get(_unspaced(word), word) for word in words)


def _unspaced(name: str) -> str:
    return "".join(name.split())


def no_officer(problem: Problem, value: str) -> Fault:
    """The fault of asking for an officer that there is not, or by a name that several have."""
    ids = tuple(o.id for o in problem.officers if _unspaced(o.name) == _unspaced(value) != "")
    if ids:
        return Fault("", "officer", None, value, "faults_change.several-officers", (("ids", ids),))
    names = {officer.name for officer in problem.officers if officer.name}
    return unknown("officer", value, [*problem.officer_by_id, *sorted(names)])


def no_area(problem: Problem, value: str) -> Fault:
    """The fault of asking for an area that there is not; told are the nearest id or name."""
    names = {area.name for area in problem.areas if area.name}
    return unknown("area", value, [*problem.area_by_id, *sorted(names)])


def unknown(kind: str, value: str, known: Collection[str]) -> Fault:
    """The fault of asking for an officer, area, agency, rule or shift that there is not."""
    nearest = (("nearest", Speller().nearest(value, known)),)
    return Fault("", kind, None, value, f"faults_change.no-{kind}", nearest)


def substitutes(
    problem: Problem, roster: Roster, officer: str, date: dt.date, *, shift: str | None = None
) -> tuple[Substitute, ...]:
    """Everybody who could take over an officer's duty on a date, the best first.

    The days of rest of both are chosen anew, as in a new roster, unless published.
    First those who break no rule, by what the change costs in fairness, then in wishes, then by who
    owes most duties; then the others, by how much they would break. Raises
    :class:`InvalidInputError` where there is no such duty.
    """
    duty = duty_of(problem, roster, officer, date, shift)
    found = SeatJudge(problem, roster).instead_of(duty)
    order = {other.id: n for n, other in enumerate(problem.officers)}
    return tuple(
        sorted(
            found,
            key=lambda s: (len(s.broken), s.fairness, s.wishes, -s.debt, order[s.officer]),
        )
    )


class SeatJudge:
    """Tells what one officer instead of another breaks and costs, from their own duties alone."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self._problem, self._roster = problem, roster
        self._rules = rules_of(problem)
        self._shares = [
            Shares(rule, problem, roster)
            for rule in self._rules
            if isinstance(rule, SharingRule) and rule.used(problem)
        ]
        self._others = [
            rule
            for rule in self._rules
            if not isinstance(rule, (OfficerRule, SharingRule, TeamRule, *COUNT_ONLY))
            and rule.used_by(problem)
        ]
        # Each looks at one patrol by itself.
        self._of_teams = [
            rule for rule in self._rules if isinstance(rule, TeamRule) and rule.used_by(problem)
        ]
        self._rows = RowJudge(problem, roster, self._rules)
        self._patrol_of = {patrol.id: patrol for patrol in roster.patrols}
        self._given: dict[Duty, tuple[list[Finding], list[Finding]]] = {}

    def instead_of(self, duty: Duty) -> list[Substitute]:
        """Everybody else in place of the officer who has the duty."""
        self._rows.ask_everybody(duty)
        others = (officer for officer in self._problem.officers if officer.id != duty.officer)
        return [self.instead(duty, officer) for officer in others]

    def instead(self, duty: Duty, officer: Officer) -> Substitute:
        """The officer in place of the one who has the duty."""
        broken: list[Finding] = []
        cost: dict[Level, Fraction] = dict.fromkeys(Level, ZERO)
        for gone, new in (self._given_up(duty), self._rows.taking(officer.id, duty)):
            broken += worse(gone, new)
            for finding in new:
                cost[finding.violation.level] += finding.violation.cost
            for finding in gone:
                cost[finding.violation.level] -= finding.violation.cost
        broken += self._team(duty, officer.id, cost)
        for share in self._shares:
            cost[Level[share.rule.level.upper()]] += share.moved(duty, officer.id)
        if self._others and not broken:
            broken += self._rest(duty, officer.id, cost)
        return Substitute(
            officer.id,
            tuple(broken),
            cost[Level.FAIRNESS],
            cost[Level.WISHES],
            self.debt(officer.id),
        )

    def adding(self, duty: Duty) -> tuple[Finding, ...]:
        """What one more duty breaks in the officer's own row of duties."""
        return worse(*self._rows.taking(duty.officer, duty))

    def without(self, duty: Duty) -> tuple[Finding, ...]:
        """What is wrong in the officer's row that is not without this one; days of rest stay."""
        return tuple(self._rows.giving(duty, rests_stay=True)[0])

    def _given_up(self, duty: Duty) -> tuple[list[Finding], list[Finding]]:
        """What giving up a duty changes in its officer's own row; the same whoever takes it."""
        if duty not in self._given:
            self._given[duty] = self._rows.giving(duty)
        return self._given[duty]

    def debt(self, officer: str) -> Fraction:
        """How many duties fewer than a fair share the officer has; negative: more."""
        mine = (share for share in self._shares if isinstance(share.rule, FairShare))
        return next((share.debt(officer) for share in mine), ZERO)

    def _team(self, duty: Duty, officer: str, cost: dict[Level, Fraction]) -> list[Finding]:
        """What the team of a patrol lacks with one officer in place of another.

        What is only wished of it is added to ``cost``.
        """
        if duty.patrol is None:
            return []
        patrol = self._patrol_of[duty.patrol]
        members = replaced_members(self._problem, patrol, duty.officer, officer)
        changed = patrol.model_copy(update={"members": members})
        for rule in self._of_teams:
            if rule.asked_on > Level.SHORTAGE:
                for step, which in ((-1, patrol), (1, changed)):
                    for violation in rule.violations(self._problem, _only(which)):
                        cost[violation.level] += step * violation.cost
        return self.team_changes(patrol, changed)

    def team_changes(self, patrol: Patrol, changed: Patrol) -> list[Finding]:
        """What a patrol lacks that it did not lack before, or not as much of it."""
        was, now = (
            [
                Finding(rule, violation)
                for rule in self._of_teams
                if rule.asked_on <= Level.SHORTAGE
                for violation in rule.violations(self._problem, _only(one))
            ]
            for one in (patrol, changed)
        )
        return list(worse(was, now))

    def _rest(self, duty: Duty, officer: str, cost: dict[Level, Fraction]) -> list[Finding]:
        """What the rules say that look at more than one officer or team: asked before and after."""
        broken: list[Finding] = []
        nearby: tuple[Roster, Roster] | None = None
        whole: Roster | None = None
        for rule in self._others:
            if isinstance(rule, CoverRule) and duty.post is None:
                continue
            if isinstance(rule, NEARBY):
                nearby = nearby or self._nearby(duty, officer)
                was, now = (Counter(rule.violations(self._problem, part)) for part in nearby)
            else:
                nearby = nearby or self._nearby(duty, officer)
                whole = whole or self._whole(duty, officer, nearby[1])
                was = self._whole_before[id(rule)]
                now = Counter(rule.violations(self._problem, whole))
            gone, new = list((was - now).elements()), list((now - was).elements())
            broken += worse(*([Finding(rule, v) for v in some] for some in (gone, new)))
            for sign, some in ((1, new), (-1, gone)):
                for violation in some:
                    cost[violation.level] += sign * violation.cost
        return broken

    def _whole(self, duty: Duty, officer: str, part: Roster) -> Roster:
        """The roster with the officer in place of the other, and days of rest chosen anew.

        They depend on the duties of both alone, all of which are in the part of it.
        """
        rests = {"compensatory_rests": self._roster.compensatory_rests}
        part = rested(self._problem, part.model_copy(update=rests), (duty.officer, officer))
        rests["compensatory_rests"] = part.compensatory_rests
        after = replaced(self._problem, self._roster, duty, officer)
        return after.model_copy(update=rests)

    def _nearby(self, duty: Duty, officer: str) -> tuple[Roster, Roster]:
        """The week of a duty and all duties of both officers, as they are and exchanged."""
        both = (duty.officer, officer)
        week = duty.date.isocalendar()[:2]
        ids = self._weeks.get(week, set()).union(
            *({patrol.id for patrol in self._rows.patrols_of(one)} for one in both)
        )
        part = Roster.model_construct(
            patrols=tuple(self._patrol_of[one] for one in sorted(ids)),
            post_duties=tuple(
                post
                for post in self._roster.post_duties
                if post.officer in both or post.date.isocalendar()[:2] == week
            ),
            compensatory_rests=(),
        )
        return part, replaced(self._problem, part, duty, officer)

    @cached_property
    def _weeks(self) -> dict[tuple[int, int], set[str]]:
        """The patrols of each week, by its year and number."""
        found: dict[tuple[int, int], set[str]] = {}
        for patrol in self._roster.patrols:
            found.setdefault(patrol.date.isocalendar()[:2], set()).add(patrol.id)
        return found

    @cached_property
    def _whole_before(self) -> dict[int, Counter[Violation]]:
        return {
            id(rule): Counter(rule.violations(self._problem, self._roster))
            for rule in self._others
            if not isinstance(rule, NEARBY)
        }


def _only(patrol: Patrol) -> Roster:
    return Roster.model_construct(patrols=(patrol,), post_duties=())
