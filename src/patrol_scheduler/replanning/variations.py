"""Plans changed in one respect, for what-if and for remedies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import count, islice
from typing import Any, Literal

from patrol_scheduler.problem import (
    Cadence,
    Certificate,
    Leave,
    Officer,
    Phase,
    Problem,
    RuleSetting,
    Status,
)
from patrol_scheduler.records import LONGEST_ID
from patrol_scheduler.rules import REGISTRY
from patrol_scheduler.rules.base import OfficerRule

Mark = Literal["certified", "leader", "driver"]
"""What an officer can have to fill a seat: a certificate, leading, driving."""


def changed(problem: Problem, **fields: Any) -> Problem:
    """The plan with other fields; nothing derived from the old ones is kept."""
    return Problem(**({name: getattr(problem, name) for name in Problem.model_fields} | fields))


def with_officers(
    problem: Problem,
    agency: str,
    number: int = 1,
    *,
    certified: bool = True,
    leader: bool = False,
    driver: bool = False,
    status: Status | None = None,
    joins: dt.date | None = None,
    departs: dt.date | None = None,
) -> Problem:
    """The plan with further officers of an agency, named ``new-1`` and so on.

    Those who are certified are so on every day of the plan.
    """
    certificate = Certificate(valid_from=problem.first, valid_to=problem.last)
    new = tuple(
        Officer(
            id=name,
            agency=agency,
            status=status,
            leader=leader,
            driver=driver,
            certificates=(certificate,) if certified else (),
            joins=joins,
            departs=departs,
        )
        for name in _new_ids(problem, number)
    )
    return changed(problem, officers=(*problem.officers, *new))


def with_officer_like(problem: Problem, officer: str) -> Problem:
    """The plan with one more officer who may do what another may: of the same agency and status.

    Roles, certificates, limits and groups are the same; name and leave are not.
    """
    own = {"name": "", "phone": "", "leave": (), "remarks": ""}
    new = problem.officer_by_id[officer].model_copy(update=own | {"id": _new_ids(problem, 1)[0]})
    return changed(problem, officers=(*problem.officers, new))


def _new_ids(problem: Problem, number: int) -> list[str]:
    """Ids that no officer has: ``new-1`` and so on."""
    free = (name for n in count(1) if (name := f"new-{n}") not in problem.officer_by_id)
    return list(islice(free, number))


def has_mark(officer: Officer, mark: Mark) -> bool:
    """Whether an officer holds a certificate, may lead, or may drive."""
    match mark:
        case "certified":
            return bool(officer.certificates)
        case "leader":
            return officer.leader
        case "driver":
            return officer.driver


def with_mark(problem: Problem, officers: Iterable[str], mark: Mark) -> Problem:
    """The plan in which officers hold a certificate, may lead, or may drive."""
    who = set(officers)
    valid = Certificate(valid_from=problem.first, valid_to=problem.last)

    def marked(officer: Officer) -> Officer:
        update: dict[str, object] = {mark: True}
        if mark == "certified":
            update = {"certificates": (*officer.certificates, valid)}
        return officer.model_copy(update=update)

    return changed(
        problem, officers=tuple(marked(o) if o.id in who else o for o in problem.officers)
    )


def without_officer(problem: Problem, officer: str, after: dt.date | None = None) -> Problem:
    """The plan in which an officer departs after a date, or does not take part at all."""
    if after is None:
        return changed(
            problem,
            officers=tuple(o for o in problem.officers if o.id != officer),
            pairs=tuple(p for p in problem.pairs if officer not in (p.a, p.b)),
            rules=tuple(_without(rule, officer) for rule in problem.rules),
            **{
                name: tuple(e for e in getattr(problem, name) if e.officer != officer)
                for name in ("requests", "busy", "pins", "history", "owed_rests", "balances")
            },
        )
    return changed(
        problem,
        officers=tuple(
            o.model_copy(update={"departs": min(after, o.departs or after)})
            if o.id == officer
            else o
            for o in problem.officers
        ),
    )


def _without(rule: RuleSetting, officer: str) -> RuleSetting:
    """A rule as it is for others; one for this officer alone is off, as nobody means everybody."""
    if not isinstance(rule, OfficerRule) or officer not in rule.officers:
        return rule
    others = tuple(one for one in rule.officers if one != officer)
    return rule.model_copy(update={"officers": others, "on": bool(others or rule.agencies)})


def without_leave(
    problem: Problem, officers: Iterable[str], start: dt.date, end: dt.date
) -> Problem:
    """The plan in which leave of these officers does not reach into some days."""
    who = set(officers)
    return changed(
        problem,
        officers=tuple(
            o.model_copy(update={"leave": _outside(o.leave, start, end)}) if o.id in who else o
            for o in problem.officers
        ),
    )


def without_pins(problem: Problem, officers: Iterable[str], date: dt.date) -> Problem:
    """The plan in which nothing of one day is settled beforehand of these officers."""
    who = set(officers)
    kept = (
        pin
        for pin in problem.pins
        if pin.officer not in who or pin.date != date or pin.kind == "prefer"
    )
    return changed(problem, pins=tuple(kept))


def _outside(leave: tuple[Leave, ...], start: dt.date, end: dt.date) -> tuple[Leave, ...]:
    found: list[Leave] = []
    one = dt.timedelta(days=1)
    for entry in leave:
        if entry.start < start:
            found.append(entry.model_copy(update={"end": min(entry.end, start - one)}))
        if entry.end > end:
            found.append(entry.model_copy(update={"start": max(entry.start, end + one)}))
    return tuple(found)


def without_rule(problem: Problem, rule: str) -> Problem:
    """The plan with a rule switched off."""
    kept = tuple(r for r in problem.rules if r.rule != rule)
    off = [entry.model_copy(update={"on": False}) for entry in REGISTRY[rule].defaults()[:1]]
    return changed(problem, rules=(*kept, *off))


def with_longest_gap(
    problem: Problem, areas: Iterable[str], start: dt.date, end: dt.date, longest: int
) -> Problem:
    """The plan in which areas may wait ``longest`` days between patrols from ``start`` to ``end``.

    ``longest`` is a difference of two patrol dates. The days become phases of their own, alike in
    everything else.
    """
    pieces: dict[str, tuple[str, ...]] = {}
    phases: list[Phase] = []
    inside: list[tuple[str, str]] = []  # the phase that is new, and the one that it was part of
    taken = {phase.id for phase in problem.phases}
    one = dt.timedelta(days=1)
    for phase in problem.phases:
        first, last = max(phase.start, start), min(phase.end, end)
        if not phase.rostered or first > last:
            phases.append(phase)
            continue
        during, after = _free_ids(phase.id, taken)
        spans = [
            (phase.id, phase.start, first - one),
            (during, first, last),
            (after, last + one, phase.end),
        ]
        made = [
            phase.model_copy(update={"id": name, "start": a, "end": b})
            for name, a, b in spans
            if a <= b
        ]
        inside.append((during, phase.id))
        pieces[phase.id] = tuple(p.id for p in made)
        phases += made
    entries: dict[str, Any] = {
        name: tuple(
            entry.model_copy(
                update={"phases": tuple(new for p in entry.phases for new in pieces.get(p, (p,)))}
            )
            if hasattr(entry, "phases")
            else entry
            for entry in getattr(problem, name)
        )
        for name in ("cadences", "teams", "rules")
    }
    longer = [
        Cadence(
            min_days=cadence.min_gap,
            max_days=max(longest, cadence.min_gap),
            phases=(phase,),
            areas=(area,),
        )
        for phase, whole in inside
        for area in areas
        if (cadence := problem.cadence(whole, area)) is not None
    ]
    entries["cadences"] = (*entries["cadences"], *longer)
    return changed(problem, phases=tuple(phases), **entries)


def _free_ids(name: str, taken: set[str]) -> tuple[str, str]:
    """Two ids like ``name`` that nothing has yet; from now on they are ``taken``."""
    like = (f"{name[: LONGEST_ID - len(mark)]}{mark}" for mark in (f"+{n}" for n in count(1)))
    free = tuple(islice((each for each in like if each not in taken), 2))
    taken.update(free)
    return free[0], free[1]
