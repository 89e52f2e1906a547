"""How a new roster differs from an old one, change by change, each with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.seats import SeatJudge
from patrol_scheduler.roster import Duty, Roster
from patrol_scheduler.rules import Level
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label

Cell = tuple[dt.date, str, str, str]
"""(date, shift, area or post, officer)."""


def cells(roster: Roster) -> dict[Cell, Duty]:
    """Every duty by date, shift, place and officer."""
    return {(d.date, d.shift, d.area or d.post or "", d.officer): d for d in roster.duties}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a roster: who leaves a duty, who takes one, or one for the other.

    ``patrol`` names the patrol, or is ``None`` at a post; ``out`` and ``into`` are officers.
    ``reason`` is the name of the sentence under ``replan.reason``, and ``said`` the finding of the
    check that tells more, if there is one. ``other`` is the date of what the change makes room for.
    """

    date: dt.date
    shift: str
    place: str
    patrol: str | None
    out: str | None
    into: str | None
    reason: Literal[
        "finding", "left-plan", "moved", "makes-room", "added", "new-patrol", "other", "chosen"
    ]
    said: Finding | None = None
    other: dt.date | None = None

    @property
    def duties(self) -> int:
        """How many duties it changes: one dropped, one added, or both."""
        return (self.out is not None) + (self.into is not None)

    def say(
        self, problem: Problem, lang: str, *, out: Sequence[str] = (), into: Sequence[str] = ()
    ) -> str:
        """The change as a sentence; ``out`` or ``into`` are others who share it, and the reason."""
        comma = text("explain.comma", lang)
        gone = out or [self.out or ""]
        come = into or [self.into or ""]
        kind = "replaced" if self.out and self.into else "dropped" if self.out else "added"
        what = text(
            f"replan.change.{kind}",
            lang,
            date=self.date,
            shift=named_shift(problem, self.shift),
            place=place_label(problem, self.place),
            out=comma.join(named_officer(problem, one) for one in gone),
            into=comma.join(named_officer(problem, one) for one in come),
        )
        return text("replan.change.because", lang, what=what, why=self.why(problem, lang))

    def why(self, problem: Problem, lang: str) -> str:
        """The reason as a sentence."""
        said = self.said.say(problem, lang) if self.said else ""
        return text(f"replan.reason.{self.reason}", lang, said=said, other=self.other or "")

    def document(self, problem: Problem, lang: str) -> dict[str, Any]:
        """The change for other systems: what JSON can hold."""
        return {
            "date": self.date.isoformat(),
            "shift": self.shift,
            "place": self.place,
            "patrol": self.patrol,
            "out": self.out,
            "into": self.into,
            "reason": self.reason,
            "text": self.say(problem, lang),
        }


def named_officer(problem: Problem, officer: str | None) -> str:
    """An officer, also one whom the plan no longer has, as a sentence names them."""
    known = problem.officer_by_id.get(officer or "")
    return label(officer, known.name if known else "")


def named_shift(problem: Problem, shift: str) -> str:
    """A shift, also one that the plan no longer has, as a sentence names it."""
    known = problem.shift_by_id.get(shift)
    return label(shift, known.name if known else "")


def reasons(changes: Iterable[Change], problem: Problem, lang: str) -> dict[Cell, tuple[str, str]]:
    """Why each duty changed, as documents tell it; who approved that is not known."""
    return {
        (change.date, change.shift, change.place, officer): (change.why(problem, lang), "")
        for change in changes
        for officer in (change.out, change.into)
        if officer is not None
    }


def changes_between(
    problem: Problem, before: Roster, after: Roster, *, fewest: bool = False
) -> tuple[Change, ...]:
    """Every change from one roster to another in order of date, with its reason.

    ``fewest`` tells that no more was changed than the rules ask for; otherwise changes for which
    no rule asks were agreed or made by hand. A dropped and an added duty in the same patrol or at
    the same post make one change, of one agency where they can. Reasons are what the check finds
    wrong with the roster before; else what the officer does instead.
    """
    old, new = cells(before), cells(after)
    judge = _Reasons(problem, before, after, fewest=fewest)
    dropped = sorted(set(old) - set(new))
    added = sorted(set(new) - set(old))
    takers = _takers(problem, [old[cell] for cell in dropped], [new[cell] for cell in added])
    found = [judge.of_drop(cell, old[cell], takers.get(old[cell])) for cell in dropped]
    taken = {(cell[:3], takers[old[cell]]) for cell in dropped if old[cell] in takers}
    found += [
        judge.of_addition(cell, new[cell].patrol)
        for cell in added
        if (cell[:3], cell[3]) not in taken
    ]
    return tuple(sorted(found, key=lambda c: (c.date, c.shift, c.place, c.out or "", c.into or "")))


def _takers(problem: Problem, dropped: Sequence[Duty], added: Sequence[Duty]) -> dict[Duty, str]:
    """Who takes over a dropped duty: rather somebody of the same agency, never of another patrol.

    A patrol that moves takes its people along, so nobody there takes over from them.
    """
    slots: dict[str, set[tuple[dt.date, str]]] = {}
    for duty in (*dropped, *added):
        slots.setdefault(duty.patrol or "", set()).add((duty.date, duty.shift))
    stays = {patrol for patrol, where in slots.items() if not patrol or len(where) == 1}
    waiting: dict[tuple[dt.date, str, str], list[Duty]] = {}
    for duty in added:
        if (duty.patrol or "") in stays:
            where = (duty.date, duty.shift, duty.area or duty.post or "")
            waiting.setdefault(where, []).append(duty)

    def agency(officer: str) -> str | None:
        known = problem.officer_by_id.get(officer)
        return known.agency if known else None

    found: dict[Duty, str] = {}
    for alike in (True, False):
        for duty in dropped:
            there = waiting.get((duty.date, duty.shift, duty.area or duty.post or ""), [])
            if duty in found or (duty.patrol or "") not in stays:
                continue
            mine = agency(duty.officer)
            taker = next((t for t in there if not alike or agency(t.officer) == mine), None)
            if taker is not None:
                there.remove(taker)
                found[duty] = taker.officer
    return found


class _Reasons:
    def __init__(self, problem: Problem, before: Roster, after: Roster, *, fewest: bool) -> None:
        self._problem, self._fewest = problem, fewest
        known = {officer.id for officer in problem.officers}
        self._known = known
        self._by_officer: dict[tuple[str, dt.date], Finding] = {}
        self._by_place: dict[tuple[str, dt.date], Finding] = {}
        for finding in _wrong(problem, before):
            violation = finding.violation
            if violation.date is None:
                continue
            if violation.officer:
                self._by_officer.setdefault((violation.officer, violation.date), finding)
            place = violation.area or dict(violation.details).get("post")
            if isinstance(place, str):
                self._by_place.setdefault((place, violation.date), finding)
        old, new = cells(before), cells(after)
        self._takes: dict[str, list[dt.date]] = {}
        for date, _, _, officer in set(new) - set(old):
            self._takes.setdefault(officer, []).append(date)
        self._old = before
        self._after = {p.id: p for p in after.patrols}
        self._before = {p.id: p for p in before.patrols}
        self._overdue = [f for f in self._by_place.values() if f.violation.rule == "cadence"]

    def of_drop(self, cell: Cell, duty: Duty, into: str | None) -> Change:
        (date, shift, place, officer), patrol = cell, duty.patrol
        if officer not in self._known:
            return Change(date, shift, place, patrol, officer, into, "left-plan")
        finding = self._by_officer.get((officer, date)) or self._by_place.get((place, date))
        if finding is not None:
            return Change(date, shift, place, patrol, officer, into, "finding", finding)
        moved = self._after.get(patrol or "")
        if patrol and into is None and (moved is None or moved.date != date):
            other = moved.date if moved else None
            reason: Literal["moved", "other", "chosen"] = (
                "moved" if moved else "other" if self._fewest else "chosen"
            )
            return Change(date, shift, place, patrol, officer, None, reason, None, other)
        takes = self._takes.get(officer)
        if not self._fewest:
            return Change(date, shift, place, patrol, officer, into, "chosen")
        if mended := self._mended(duty):
            return Change(date, shift, place, patrol, officer, into, "finding", mended)
        if takes:
            near = min(takes, key=lambda d: abs((d - date).days))
            return Change(date, shift, place, patrol, officer, into, "makes-room", None, near)
        return Change(date, shift, place, patrol, officer, into, "other")

    def _mended(self, duty: Duty) -> Finding | None:
        """What is wrong with the officer's duties together that is not without this one.

        A rule about weeks or distances tells the first or the last date that it looks at.
        """
        gone = self._judge.without(duty)
        return next((f for f in gone if f.violation.level <= Level.SHORTAGE), None)

    @cached_property
    def _judge(self) -> SeatJudge:
        return SeatJudge(self._problem, within(self._problem, self._old))

    def of_addition(self, cell: Cell, patrol: str | None) -> Change:
        date, shift, place, officer = cell
        finding = self._by_place.get((place, date))
        if finding is not None:
            return Change(date, shift, place, patrol, None, officer, "finding", finding)
        was = self._before.get(patrol or "")
        if was is not None and was.date != date:
            return Change(date, shift, place, patrol, None, officer, "moved", None, was.date)
        if was is None and patrol:
            overdue = [f for f in self._overdue if f.violation.area == place]
            if overdue:
                said = min(overdue, key=lambda f: abs(((f.violation.date or date) - date).days))
                return Change(date, shift, place, patrol, None, officer, "finding", said)
        reason: Literal["added", "new-patrol", "chosen"] = "chosen"
        if self._fewest:
            reason = "new-patrol" if was is None and patrol else "added"
        return Change(date, shift, place, patrol, None, officer, reason)


def within(problem: Problem, roster: Roster) -> Roster:
    """The roster without what the problem does not know: people, places, shifts, days."""
    officers = {officer.id for officer in problem.officers}
    areas, posts = {a.id for a in problem.areas}, {p.id for p in problem.posts}
    shifts = {shift.id for shift in problem.shifts}
    span = (problem.first, problem.last)
    return Roster(
        patrols=tuple(
            patrol.model_copy(
                update={"members": tuple(m for m in patrol.members if m.officer in officers)}
            )
            for patrol in roster.patrols
            if patrol.area in areas and patrol.shift in shifts and span[0] <= patrol.date <= span[1]
        ),
        post_duties=tuple(
            duty
            for duty in roster.post_duties
            if duty.officer in officers
            and duty.post in posts
            and duty.shift in shifts
            and span[0] <= duty.date <= span[1]
        ),
        compensatory_rests=tuple(
            rest
            for rest in roster.compensatory_rests
            if rest.officer in officers and span[0] <= rest.date <= span[1]
        ),
    )


def _wrong(problem: Problem, roster: Roster) -> Iterable[Finding]:
    found = check(problem, within(problem, roster))
    return (f for f in found.findings if f.violation.level <= Level.SHORTAGE)
