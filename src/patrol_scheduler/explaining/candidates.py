"""Which changes of a plan are worth trying: those that what is short and what clashes speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from patrol_scheduler.explaining.conflict import Conflict
from patrol_scheduler.explaining.counting import Shortfall
from patrol_scheduler.explaining.demands import Demand
from patrol_scheduler.explaining.easings import (
    Easing,
    FewerPins,
    LessLeave,
    LongerGap,
    LooserRule,
    MoreLending,
    MoreMarks,
    MoreOfficers,
)
from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.replanning.variations import Mark, has_mark
from patrol_scheduler.rules import (
    DaysBetweenDuties,
    DutiesAtMost,
    PatrolsAtMost,
    PinnedPatrols,
    Pins,
    Rule,
)
from patrol_scheduler.solver.most_duties import Group

ONE_DAY = dt.timedelta(days=1)
LOCAL = 31
"""What reaches over so many days at the most is mended there alone; else in the whole plan."""
MOST_EXTRA_DAYS = 3
MOST_STEPS = 31
FEWEST_OFFERED = 4
"""So many further officers may be needed even of a small agency."""
MARK_OF_GROUP: dict[Group, Mark] = {
    "certified": "certified",
    "leaders": "leader",
    "drivers": "driver",
}
MARK_OF_RULE: dict[str, Mark] = {
    "certificates": "certified",
    "leader": "leader",
    "driver": "driver",
}
LOOSER: dict[type[Rule], tuple[str, int]] = {
    DutiesAtMost: ("duties", 1),
    DaysBetweenDuties: ("days", -1),
    PatrolsAtMost: ("patrols", 1),
}
"""Limits that may be eased where a plan states them: their field, and by how much a step.

Days off and hours of rest come from the law; they are not offered. Neither is more than what a rule
asks by itself, which is what the law allows.
"""


def easings(
    problem: Problem,
    conflict: Conflict | None,
    counted: Sequence[Shortfall],
    gap_dates: Sequence[dt.date],
) -> list[Easing]:
    """What may be changed, one of each kind and subject, the easiest first.

    ``gap_dates`` are the dates of the gaps of a roster.
    """
    short = _Short(problem, conflict, counted, gap_dates)
    kinds = (_pins, _leave, _marks, _officers, _lending, _looser_rules, _longer_gaps)
    return [easing for kind in kinds for easing in kind(short)] if short.dates else []


class _Short:
    """Where and of what a plan is short."""

    def __init__(
        self,
        problem: Problem,
        conflict: Conflict | None,
        counted: Sequence[Shortfall],
        gap_dates: Sequence[dt.date],
    ) -> None:
        self.problem = problem
        self.demands = conflict.demands if conflict else ()
        self.rules = {demand.rule.rule for demand in self.demands}
        self.groups: tuple[tuple[Group, str], ...] = tuple(
            dict.fromkeys((s.group, s.agency) for s in counted)
        )
        self.dates = [*gap_dates, *(date for s in counted for date in (s.start, s.end))]
        if conflict is not None:
            last = len(problem.dates) - 1
            days = max(0, conflict.first), min(conflict.last, last)
            self.dates += [problem.date(day) for day in days]
        self.start = min(self.dates, default=problem.first)
        self.end = max(self.dates, default=problem.last)

    @property
    def local(self) -> bool:
        """Whether all of it lies within a month or so."""
        return (self.end - self.start).days < LOCAL

    def months(self) -> tuple[dt.date, dt.date]:
        """The whole months around it: people are seconded by the month."""
        following = (self.end.replace(day=28) + 4 * ONE_DAY).replace(day=1)
        first, last = self.start.replace(day=1), following - ONE_DAY
        return max(first, self.problem.first), min(last, self.problem.last)

    def marks(self) -> tuple[Mark, ...]:
        """What the patrols that clash ask of their people."""
        return tuple(mark for rule, mark in MARK_OF_RULE.items() if rule in self.rules)

    def agencies(self) -> tuple[str, ...]:
        """The agencies that the patrols that clash ask people of."""
        team = [d for d in self.demands if d.team and d.limits and d.limits[0].at_least is not None]
        return self._named_by(team or self.demands)

    def lenders(self) -> tuple[str, ...]:
        """The agencies whose lending clashes, or that counting finds short."""
        clashing = self._named_by(d for d in self.demands if d.rule.rule == "lending")
        return (*clashing, *(agency for _, agency in self.groups))

    def _named_by(self, demands: Iterable[Demand]) -> tuple[str, ...]:
        of = self.problem.officer_by_id
        return tuple(
            dict.fromkeys(
                d.subject.agency or of[d.subject.officer or ""].agency
                for d in demands
                if d.subject.agency or d.subject.officer
            )
        )


def _pins(short: _Short) -> Iterator[Easing]:
    """What is settled beforehand given up, on one day of as few people as can be."""
    problem = short.problem
    settled: dict[dt.date, dict[str, None]] = {}
    for pin in problem.pins:
        if pin.kind != "prefer" and any(
            d.subject.officer == pin.officer and d.first == problem.day(pin.date)
            for d in short.demands
            if isinstance(d.rule, (Pins, PinnedPatrols))
        ):
            settled.setdefault(pin.date, {})[pin.officer] = None
    for date, who in settled.items():
        yield FewerPins(date, date, (len(who),), tuple(who))


def _leave(short: _Short) -> Iterator[Easing]:
    """Leave put off by as few people as can be."""
    start, end, of = short.start, short.end, short.problem.officer_by_id
    who = [str(d.subject.officer) for d in short.demands if d.rule.rule == "leave"]
    inside = {
        officer: tuple(
            (max(leave.start, start), min(leave.end, end))
            for leave in of[officer].leave
            if leave.start <= end and start <= leave.end
        )
        for officer in dict.fromkeys(who)
    }
    people = tuple(officer for officer, leave in inside.items() if leave)
    if people:
        leave = tuple(inside[officer] for officer in people)
        yield LessLeave(start, end, (len(people),), people, leave)


def _marks(short: _Short) -> Iterator[Easing]:
    """Officers who are there already given what is short: a certificate, leading, driving."""
    groups = [(group, agency) for group, agency in short.groups if group in MARK_OF_GROUP]
    if len(groups) < len(short.groups):
        return  # people are short, not only what they may do
    if groups:
        yield from _given(short, [(MARK_OF_GROUP[g], a) for g, a in groups])
        return
    for mark in short.marks():
        for agency in short.agencies() or ("",):
            yield from _given(short, [(mark, agency)])


def _given(short: _Short, wanted: list[tuple[Mark, str]]) -> Iterator[Easing]:
    people = tuple(_without(short.problem, mark, agency) for mark, agency in wanted)
    if all(people):
        marks, most = tuple(mark for mark, _ in wanted), tuple(map(len, people))
        yield MoreMarks(short.problem.first, short.problem.last, most, marks, people)


def _without(problem: Problem, mark: Mark, agency: str) -> tuple[str, ...]:
    """Officers who lack a mark, those first who have the other marks and are there most."""
    others = [other for other in MARK_OF_RULE.values() if other != mark]

    def order(officer: Officer) -> tuple[int, int]:
        absent = sum((leave.end - leave.start).days + 1 for leave in officer.leave)
        return -sum(has_mark(officer, other) for other in others), absent

    return tuple(
        officer.id
        for officer in sorted(problem.officers, key=order)
        if agency in ("", officer.agency) and not has_mark(officer, mark) and not officer.auxiliary
    )


def _officers(short: _Short) -> Iterator[Easing]:
    """Further officers of every agency that is short."""
    problem = short.problem
    start, end = short.months()
    if not short.groups:
        for agency in short.agencies():
            yield MoreOfficers(start, end, (FEWEST_OFFERED,), (agency,), (short.marks(),))
        return
    shared = _marks_of(group for group, agency in short.groups if not agency)
    wanted: dict[str, tuple[Group, ...]] = {}
    for group, agency in short.groups:
        if agency:
            wanted[agency] = (*wanted.get(agency, ()), group)
    if not wanted:
        # Who may be of any agency comes from the one that has most of them.
        most_of_them = max(
            problem.agencies,
            key=lambda a: sum(
                all(has_mark(o, m) for m in shared) for o in problem.officers_of[a.id]
            ),
        )
        wanted[most_of_them.id] = ()
        shared = tuple(dict.fromkeys((*shared, *short.marks())))
    marks = tuple(tuple(dict.fromkeys((*_marks_of(groups), *shared))) for groups in wanted.values())
    most = tuple(max(FEWEST_OFFERED, len(problem.officers_of[agency])) for agency in wanted)
    yield MoreOfficers(start, end, most, tuple(wanted), marks)


def _marks_of(groups: Iterable[Group]) -> tuple[Mark, ...]:
    return tuple(MARK_OF_GROUP[group] for group in groups if group in MARK_OF_GROUP)


def _lending(short: _Short) -> Iterator[Easing]:
    """Agencies that lend more officers a day, or a week."""
    problem = short.problem
    limits: tuple[Literal["day", "week"], ...] = ("day", "week")
    for per in limits:
        lenders = tuple(
            agency
            for agency in problem.agencies
            if getattr(agency, f"lends_a_{per}") is not None and agency.id in short.lenders()
        )
        most = tuple(len(problem.officers_of[agency.id]) for agency in lenders)
        if lenders:
            yield MoreLending(problem.first, problem.last, most, lenders, per)


def _looser_rules(short: _Short) -> Iterator[Easing]:
    """Limits that the plan itself states, eased as far as the law allows."""
    problem = short.problem
    for rule in {id(demand.rule): demand.rule for demand in short.demands}.values():
        if type(rule) in LOOSER and rule in problem.rules:
            field, step = LOOSER[type(rule)]
            steps = min([MOST_STEPS, *(step * room for room in _room_in_law(rule, field))])
            if steps > 0:
                yield LooserRule(problem.first, problem.last, (steps,), rule, field, step)


def _room_in_law(rule: Rule, field: str) -> Iterator[int]:
    """How far a limit is from what its rule asks of the same period by itself."""
    for lawful in type(rule).defaults():
        if lawful.on and getattr(lawful, "per", None) == getattr(rule, "per", None):
            yield getattr(lawful, field) - getattr(rule, field)


def _longer_gaps(short: _Short) -> Iterator[Easing]:
    """Areas that may wait longer: those that clash, else all."""
    problem = short.problem
    areas = tuple(
        dict.fromkeys(
            str(d.subject.area)
            for d in short.demands
            if d.rule.rule == "cadence" and d.subject.area
        )
    )
    start, end = problem.first, problem.last
    if short.local:
        start, end = max(short.start - 6 * ONE_DAY, start), min(short.end + 6 * ONE_DAY, end)
    gaps = [
        cadence.max_gap
        for area in areas
        for phase in problem.rostered_phases
        if phase.start <= end and start <= phase.end
        if (cadence := problem.cadence(phase.id, area)) is not None
    ]
    for group in dict.fromkeys((areas, tuple(problem.area_by_id))) if gaps else ():
        yield LongerGap(start, end, (MOST_EXTRA_DAYS,), group, max(gaps))
