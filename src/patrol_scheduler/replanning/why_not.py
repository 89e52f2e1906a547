"""Why an officer does not have a certain seat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from patrol_scheduler.checking import Finding
from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.replacing import new_findings
from patrol_scheduler.replanning.seats import (
    SeatJudge,
    Substitute,
    no_area,
    no_officer,
    told_by_name,
    unknown,
)
from patrol_scheduler.roster import Duty, Patrol, Roster, patrol_id
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label, plain


@dataclass(frozen=True)
class Instead:
    """What happened if the officer took the seat of ``out``."""

    out: str
    outcome: Substitute


@dataclass(frozen=True)
class WhyNot:
    """Why an officer is not in an area's patrol on a date.

    ``there`` says that the officer is. ``patrolled`` says whether the area is patrolled then; where
    it is not, ``extra_patrol`` is what a patrol of it would break. ``own`` is what one more duty
    breaks in the officer's own row, and ``seats`` what happens seat by seat.
    """

    problem: Problem
    officer: str
    date: dt.date
    area: str
    there: bool
    patrolled: bool
    extra_patrol: tuple[Finding, ...]
    own: tuple[Finding, ...]
    seats: tuple[Instead, ...]

    @property
    def possible(self) -> bool:
        """Whether the officer could take some seat without breaking a rule."""
        return any(seat.outcome.legal for seat in self.seats)

    def say(self, lang: str) -> list[str]:
        """The reasons, line by line."""
        problem = self.problem

        def who(officer: str) -> str:
            return label(officer, problem.officer_by_id[officer].name)

        told = {
            "officer": who(self.officer),
            "date": self.date,
            "area": place_label(problem, self.area),
        }
        if self.there:
            return [text("why-not.there", lang, **told)]
        lines = []
        if not self.patrolled:
            key = "not-patrolled" if self.extra_patrol else "not-planned"
            lines.append(text(f"why-not.{key}", lang, **told))
            lines += ["  " + f.say(problem, lang) for f in self.extra_patrol]
        if self.own:
            lines.append(text("why-not.own", lang, **told))
            lines += ["  " + f.say(problem, lang) for f in self.own]
        for seat in self.seats:
            if seat.outcome.legal:
                cost = {
                    "out": who(seat.out),
                    "fairness": _signed(float(seat.outcome.fairness)),
                    "wishes": _signed(float(seat.outcome.wishes)),
                }
                lines.append(text("why-not.could", lang, **told, **cost))
            elif not self.own:
                lines.append(text("why-not.instead", lang, **told, out=who(seat.out)))
                lines += ["  " + f.say(problem, lang) for f in seat.outcome.broken]
        return lines or [text("why-not.nothing", lang, **told)]


def why_not(
    problem: Problem,
    roster: Roster,
    officer: str,
    date: dt.date,
    area: str,
    *,
    shift: str | None = None,
) -> WhyNot:
    """Why an officer is not in the patrol of an area on a date.

    Both are told by id, or by a name that only one has.

    Raises :class:`InvalidInputError` when the plan has no such officer, area, shift or rostered
    date.
    """
    (officer,), (area,) = told_by_name(problem.officers, officer), told_by_name(problem.areas, area)
    _known(problem, officer, date, area, shift)
    patrols = [
        patrol
        for patrol in roster.patrols
        if patrol.area == area and patrol.date == date and shift in (None, patrol.shift)
    ]
    there = any(m.officer == officer for patrol in patrols for m in patrol.members)
    judge = SeatJudge(problem, roster)
    own: tuple[Finding, ...] = ()
    extra: tuple[Finding, ...] = ()
    seats: list[Instead] = []
    if not there:
        first = patrols[0].shift if patrols else shift or problem.shifts[0].id
        name = patrols[0].id if patrols else patrol_id(date, area)
        own = judge.adding(Duty(date, first, officer, "member", area, None, name))
        if not patrols:
            new = Patrol(id=name, date=date, area=area, shift=first, members=())
            more = roster.model_copy(update={"patrols": (*roster.patrols, new)})
            extra = tuple(
                finding
                for finding in new_findings(problem, roster, more)
                if finding.violation.rule in ("cadence", "within-phase")
            )
        for patrol in patrols:
            for member in patrol.members:
                duty = Duty(date, patrol.shift, member.officer, member.role, area, None, patrol.id)
                outcome = judge.instead(duty, problem.officer_by_id[officer])
                seats.append(Instead(member.officer, outcome))
    return WhyNot(problem, officer, date, area, there, bool(patrols), extra, own, tuple(seats))


def _known(problem: Problem, officer: str, date: dt.date, area: str, shift: str | None) -> None:
    faults = []
    if officer not in problem.officer_by_id:
        faults.append(no_officer(problem, officer))
    if area not in problem.area_by_id:
        faults.append(no_area(problem, area))
    if shift is not None and shift not in problem.shift_by_id:
        faults.append(unknown("shift", shift, problem.shift_by_id))
    if not problem.first <= date <= problem.last:
        values = (("first", problem.first), ("last", problem.last))
        faults.append(Fault("", "date", None, date, "faults_change.no-day", values))
    if faults:
        raise InvalidInputError(faults)


def _signed(number: float) -> str:
    return ("+" if number > 0 else "") + plain(round(number, 2))
