"""From a solution close to an old roster to the new roster: names of patrols and roles stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.closeness import Closeness, ShiftKey
from patrol_scheduler.roster import Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules.roles import Slot, with_roles
from patrol_scheduler.solver.program import Vector


def shifts_to_seat(closeness: Closeness, x: Vector) -> set[ShiftKey]:
    """The shifts that changed, but whose teams the solution does not decide officer by officer."""
    names = closeness.program.columns.names
    changed = np.nonzero(np.abs(x - closeness.old_solution)[: len(names)] > 0.5)[0]
    found: set[ShiftKey] = set()
    for column in changed:
        match names[column]:
            case ("on", _, int(day), str(shift), None) | ("patrol", _, int(day), str(shift)):
                found.add((day, shift))
    return found - closeness.exact


def formed(closeness: Closeness, x: Vector) -> Roster:
    """The roster of a solution whose every changed shift is decided officer by officer."""
    problem, old = closeness.problem, closeness.old
    teams: dict[Slot, list[str]] = {}
    duties: list[PostDuty] = []
    names = closeness.program.columns.names
    for column in np.nonzero(x[: len(names)] > 0.5)[0]:
        match names[column]:
            case ("patrol", str(area), int(day), str(shift)) if (day, shift) in closeness.exact:
                teams.setdefault((problem.date(day), area, shift), [])
            case ("member", str(officer), str(area), int(day), str(shift)):
                teams.setdefault((problem.date(day), area, shift), []).append(officer)
            case ("on", str(officer), int(day), str(shift), str(post)):
                duties.append(
                    PostDuty(date=problem.date(day), post=post, shift=shift, officer=officer)
                )
    exact = {(problem.date(day), shift) for day, shift in closeness.exact}
    frozen = problem.date(closeness.frozen)
    untouched = [
        patrol
        for patrol in old.patrols
        if (patrol.date, patrol.shift) not in exact or patrol.date <= frozen
    ]
    teams = {slot: team for slot, team in teams.items() if slot[0] > frozen}
    known = {officer.id for officer in problem.officers}
    patrols = [*untouched, *_named(problem, old, untouched, teams)]
    duties = [d for d in duties if d.date > frozen]
    duties += [d for d in old.post_duties if d.date <= frozen and d.officer in known]
    return in_order(problem, patrols, duties)


def in_order(problem: Problem, patrols: Sequence[Patrol], duties: Sequence[PostDuty]) -> Roster:
    """The roster of these, by date, shift and the plan's order of places."""
    shifts = {shift.id: n for n, shift in enumerate(problem.shifts)}
    areas = {area.id: n for n, area in enumerate(problem.areas)}
    return Roster(
        patrols=tuple(sorted(patrols, key=lambda p: (p.date, shifts[p.shift], areas[p.area]))),
        post_duties=tuple(
            sorted(duties, key=lambda d: (d.date, shifts[d.shift], d.post, d.officer))
        ),
    )


def _named(
    problem: Problem, old: Roster, untouched: Sequence[Patrol], teams: dict[Slot, list[str]]
) -> list[Patrol]:
    """The patrols of the teams; each keeps the name of the old patrol that it stays or becomes.

    A patrol moved to another day keeps its name, so that calendars move the event they have.
    """
    taken = {patrol.id for patrol in untouched}
    before = [patrol for patrol in old.patrols if patrol.id not in taken]
    was: dict[Slot, Patrol] = {}
    slots_of: dict[str, list[Slot]] = {}
    for slot in teams:
        slots_of.setdefault(slot[1], []).append(slot)

    def apart(patrol: Patrol, slot: Slot) -> tuple[int, bool, int]:
        """How far it would move: days, then another shift, then people who would not go along."""
        team = {member.officer for member in patrol.members}
        days = abs((slot[0] - patrol.date).days)
        return days, slot[2] != patrol.shift, -len(team.intersection(teams[slot]))

    pairs = [(patrol, slot) for patrol in before for slot in slots_of.get(patrol.area, ())]
    for patrol, slot in sorted(pairs, key=lambda pair: (*apart(*pair), pair[1], pair[0].id)):
        if slot not in was and patrol.id not in taken:
            was[slot] = patrol
            taken.add(patrol.id)
    found = []
    for slot, team in teams.items():
        date, area, shift = slot
        known = was.get(slot)
        name = known.id if known else _new_name(date, area, taken)
        taken.add(name)
        members = with_roles(problem, known.members if known else (), team, slot)
        found.append(Patrol(id=name, date=date, area=area, shift=shift, members=members))
    return found


def _new_name(date: dt.date, area: str, taken: set[str]) -> str:
    nth = 1
    while patrol_id(date, area, nth) in taken:
        nth += 1
    return patrol_id(date, area, nth)
