"""What is wrong with a plan as a whole, and what is worth knowing about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from patrol_scheduler.faults import Fault
from patrol_scheduler.problem import Problem
from patrol_scheduler.validation import dates, pins, strength, times
from patrol_scheduler.validation.entries import entry_faults
from patrol_scheduler.validation.notices import notices_of

CHECKS: tuple[tuple[Callable[[Problem], Iterator[Fault]], tuple[str, ...]], ...] = (
    (times.plan_length, ("start", "end")),
    (times.phases, ("start", "end", "phases")),
    (times.shifts, ("shifts", "shifts_may_overlap", "phases.shifts", "phases.rostered", "covers")),
    (times.cadences, ("cadences",)),
    (
        times.before_the_first_day,
        ("phases", "areas.last_patrol", "history", "owed_rests", "fair_since"),
    ),
    (times.busy, ("busy",)),
    (times.timezone, ("timezone",)),
    (times.holidays, ("phases", "calendar", "days")),
    (times.windows_of_rules, ("rules",)),
    (strength.nobody_and_nowhere, ("officers.id", "areas.id", "posts.id")),
    (strength.unknown_rules, ("rules",)),
    (strength.certificates, ("phases", "officers.certificates")),
    (
        strength.certificates_without_dates,
        (
            "areas",
            "officers.agency",
            "officers.certificates",
            "phases",
            "rules",
            "teams",
            "violation_kinds",
        ),
    ),
    (
        strength.teams,
        (
            "agencies",
            "teams",
            "phases",
            "officers.agency",
            "officers.certificates",
            "officers.joins",
            "officers.departs",
            "officers.leader",
            "officers.driver",
            "officers.familiar",
            "areas.id",
        ),
    ),
    (
        strength.auxiliaries,
        (
            "agencies",
            "teams",
            "phases",
            "officers.agency",
            "officers.certificates",
            "officers.status",
            "rules",
        ),
    ),
    (
        strength.seats,
        ("areas.id", "days", "calendar", "phases", "shifts", "teams", "vehicles", "rules"),
    ),
    (strength.teams_beyond_agencies, ("agencies", "teams.members", "officers.agency")),
    (strength.covers, ("covers", "officers.id", "posts")),
    (
        pins.pins,
        (
            "pins",
            "areas.id",
            "agencies",
            "officers",
            "phases",
            "posts.id",
            "rules",
            "shifts",
            "teams",
        ),
    ),
    (pins.pairs, ("pairs",)),
    (strength.leaders_on_duty, ("posts", "officers.leader_on_duty", "phases")),
    (dates.lunar_dates, ("patrol_dates",)),
    (dates.markets, ("markets",)),
    (
        dates.gaps,
        (
            "areas",
            "calendar",
            "cadences",
            "days",
            "history",
            "markets",
            "patrol_dates",
            "phases",
            "pins",
            "provisional_years",
            "rules",
            "shifts",
        ),
    ),
    (strength.nothing_said, ("phases", "areas.id", "shifts.id", "cadences", "teams")),
)
"""Every check of a whole plan, with the lists and ``list.field`` parts that it looks at."""


def faults_of(problem: Problem) -> tuple[Fault, ...]:
    """Everything wrong with a problem that its records cannot see by themselves.

    Works for every problem, read or made in Python; in document order, without files and lines.
    """
    too_many = tuple(strength.sizes(problem))
    if too_many:
        return too_many
    return in_order([*entry_faults(problem), *plan_faults(problem)])


def plan_faults(problem: Problem, damaged: Collection[str] = ()) -> Iterator[Fault]:
    """What the checks of the whole plan find that do not look at anything damaged.

    ``damaged`` names lists (``officers``: entries are missing) and fields (``officers.leave``).
    """
    for check, needs in CHECKS:
        if not any(_touches(need, part) for need in needs for part in damaged):
            yield from check(problem)


def _touches(need: str, part: str) -> bool:
    return need == part or need.startswith(f"{part}.") or part.startswith(f"{need}.")


_ORDER = {name: number for number, name in enumerate(Problem.model_fields)}


def in_order(faults: Collection[Fault]) -> tuple[Fault, ...]:
    """Faults by line where lines are known, else by list and entry; equal ones only once."""
    distinct: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        distinct.setdefault(
            (fault.path, fault.place, fault.line, fault.what, str(fault.value)), fault
        )
    return tuple(sorted(distinct.values(), key=_position))


def _position(fault: Fault) -> tuple[int, int, int]:
    name, entry = (*fault.path, 0, 0)[:2]
    number = _ORDER.get(name, -1) if isinstance(name, str) else -1
    return (fault.line or 0, number, entry if isinstance(entry, int) else 0)


__all__ = ["CHECKS", "faults_of", "in_order", "notices_of", "plan_faults"]
