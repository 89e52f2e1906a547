"""What is settled beforehand and cannot be: pins and pairs that contradict the plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from patrol_scheduler.days import NoDayTableError
from patrol_scheduler.faults import Fault, RuleLabel, Spoken, Word, place_of
from patrol_scheduler.problem import Officer, Pin, Problem
from patrol_scheduler.rules import OneDutyADay, OnLeave, PhaseGroup, Pins, rules_of
from patrol_scheduler.texts import text
from patrol_scheduler.validation.entries import fault


def pins(problem: Problem) -> Iterator[Fault]:
    """Pins that no roster can keep: on leave, where nothing is rostered, two places at once."""
    rules = rules_of(problem)
    if not any(isinstance(rule, Pins) for rule in rules):
        return
    on_leave = any(isinstance(rule, OnLeave) for rule in rules)
    by_group = any(isinstance(rule, PhaseGroup) for rule in rules)
    for i, pin in enumerate(problem.pins):
        officer = problem.officer_by_id.get(pin.officer)
        if pin.area is not None and pin.post is not None:
            yield fault(problem, ("pins", i, "post"), pin.post, "pin-two-places", area=pin.area)
        if pin.role is not None:
            yield from _role(problem, i, pin)
        phase = problem.phase_on(pin.date)
        if phase is None:
            yield fault(problem, ("pins", i, "date"), pin.date, "pin-not-rostered")
            continue
        if pin.kind != "must" or officer is None:
            continue
        if on_leave and not officer.available_on(pin.date):
            yield _about(problem, i, "pin-on-leave", officer,
                         rule=RuleLabel("pins"), other=RuleLabel("leave"))  # fmt: skip
        if by_group and officer.groups and phase.group not in officer.groups:
            yield _about(problem, i, "pin-other-group", officer, group=phase.group or phase.id,
                         rule=RuleLabel("pins"), other=RuleLabel("phase-group"))  # fmt: skip
        if pin.area in problem.area_by_id and not _open(problem, pin):
            shifts = tuple(shift.id for shift in problem.shifts if pin.shift in (None, shift.id))
            yield fault(
                problem, ("pins", i, "area"), pin.area, "pin-area-closed",
                phase=phase.name or phase.id, area=pin.area, officer=pin.officer, date=pin.date,
                shifts=shifts,
            )  # fmt: skip
    yield from _against_each_other(problem, any(isinstance(r, OneDutyADay) for r in rules))
    try:
        yield from _above_the_team(problem)
    except NoDayTableError:
        return  # told as such


def _role(problem: Problem, i: int, pin: Pin) -> Iterator[Fault]:
    """A role at a post or for who is kept off, or one that the officer cannot take."""
    path = ("pins", i, "role")
    parts = str(pin.role).split("-")
    officer = problem.officer_by_id.get(pin.officer)
    if pin.kind == "forbidden" or pin.post is not None:
        yield fault(problem, path, pin.role, "pin-role-without-patrol")
    elif officer is not None and (
        ("leader" in parts and not officer.leader) or ("driver" in parts and not officer.driver)
    ):
        yield fault(problem, path, pin.role, "pin-role-not-able", officer=pin.officer)
    for n, other in enumerate(problem.pins[:i]):
        if (other.date, other.area, other.shift) == (pin.date, pin.area, pin.shift):
            both = set(parts) & set(str(other.role).split("-")) - {"member"}
            if both and pin.area is not None and other.officer != pin.officer:
                where = Word(place_of(("pins", n)))
                yield fault(problem, path, pin.role, "pin-role-twice", other=where)


def _about(problem: Problem, i: int, what: str, officer: Officer, **more: object) -> Fault:
    date = problem.pins[i].date
    return fault(problem, ("pins", i, "date"), date, what, officer=officer.id, **more)


def _open(problem: Problem, pin: Pin) -> bool:
    return any(
        problem.patrols_allowed(pin.area or "", pin.date, shift.id)
        for shift in problem.shifts
        if pin.shift in (None, shift.id)
    )


def _within(inner: Pin, outer: Pin) -> bool:
    """Whether every duty that one pin means is one that the other means."""
    return all(
        getattr(outer, name) in (None, getattr(inner, name)) for name in ("shift", "area", "post")
    )


class _Kind(Spoken):
    """What a pin wants, in the words of the sheets."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        return text(f"sheets.choices.kind.{self}", lang)


def _told(pin: Pin) -> tuple[str, ...]:
    """A pin in the words of the plan: its kind, then where and in which shift, as far as given."""
    return (_Kind(pin.kind), *(given for given in (pin.area, pin.post, pin.shift) if given))


def _against_each_other(problem: Problem, one_a_day: bool) -> Iterator[Fault]:
    """Pins of one officer on one date that cannot both be kept."""
    days: dict[tuple[str, dt.date], list[int]] = {}
    for i, pin in enumerate(problem.pins):
        days.setdefault((pin.officer, pin.date), []).append(i)
    for mine in days.values():
        for i, n in combinations(mine, 2):
            one, other = problem.pins[i], problem.pins[n]
            kinds = {one.kind, other.kind}
            if kinds == {"must", "forbidden"}:
                must, ban = (one, other) if one.kind == "must" else (other, one)
                clash = _within(must, ban)
            else:
                places = {(p.area, p.post) for p in (one, other)} - {(None, None)}
                shifts = {p.shift for p in (one, other)} - {None}
                clash = kinds == {"must"} and (
                    (one_a_day and (len(places) > 1 or len(shifts) > 1))
                    or (len(places) > 1 and len(shifts) == 1 and one.shift == other.shift)
                )
            if clash:
                yield fault(
                    problem, ("pins", n, "date"), one.date, "pins-clash", officer=one.officer,
                    this=_told(other), other=Word(place_of(("pins", i))), that=_told(one),
                )  # fmt: skip


def _above_the_team(problem: Problem) -> Iterator[Fault]:
    """More officers pinned to one patrol than its team has room for."""
    for (area, date), pinned in problem.pinned.items():
        must = {p.officer for p in pinned if p.kind == "must"} & problem.officer_by_id.keys()
        shifts = {p.shift for p in pinned if p.kind == "must" and p.shift} or {
            shift.id for shift in problem.shifts
        }
        teams = [problem.team(area, date, s) for s in shifts if area in problem.area_by_id]
        asked = [team for team in teams if team is not None]
        if not must or not asked or len(asked) < len(teams):
            continue
        agencies = Counter(problem.officer_by_id[officer].agency for officer in must)
        rooms = [
            sum(max(0, n - team.members.get(a, 0)) for a, n in agencies.items()) - team.extra
            for team in asked
        ]
        if min(rooms) > 0:
            i = next(i for i, p in enumerate(problem.pins) if p in pinned and p.kind == "must")
            yield fault(
                problem, ("pins", i, "area"), area, "pins-above-team",
                date=date, officers=tuple(sorted(must)),
                rule=RuleLabel("pinned-patrols"), other=RuleLabel("composition"),
            )  # fmt: skip


def pairs(problem: Problem) -> Iterator[Fault]:
    """Pairs of one officer, pairs said twice, and officers kept apart without a ground."""
    seen: dict[frozenset[str], int] = {}
    for i, pair in enumerate(problem.pairs):
        both = frozenset((pair.a, pair.b))
        if len(both) == 1:
            yield fault(problem, ("pairs", i, "b"), pair.b, "pair-of-one")
        elif seen.setdefault(both, i) != i:
            where = Word(place_of(("pairs", seen[both])))
            yield fault(problem, ("pairs", i, "b"), pair.b, "pair-twice", a=pair.a, other=where)
        if pair.kind == "never-together" and not pair.reason.strip():
            yield fault(
                problem, ("pairs", i, "reason"), None, "pair-without-reason", a=pair.a, b=pair.b
            )
