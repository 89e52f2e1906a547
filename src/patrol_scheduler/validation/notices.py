"""What the author of a sound plan should know about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from patrol_scheduler.faults import Notice, Path, place_of
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import dates_between
from patrol_scheduler.validation.entries import label_of
from patrol_scheduler.validation.times import rostered_span

ONE_DAY = dt.timedelta(days=1)


def notices_of(problem: Problem) -> tuple[Notice, ...]:
    """What is worth knowing about a plan without faults.

    Dates in no phase, one notice for each run of them; phases that share dates; a plan issued after
    its first phase began; how "every 2-3 days" is read, and cadences that later ones replace;
    certificates that expire within the rostered days or share their number; days that are
    published; leave and wishes in years that the plan does not touch.
    """
    return (
        *_no_phase(problem),
        *_shared_dates(problem),
        *_issued_late(problem),
        *_published(problem),
        *_readings(problem),
        *_expiring(problem),
        *_shared_certificates(problem),
        *_other_years(problem),
    )


def _notice(problem: Problem, path: Path, value: object, what: str, **values: object) -> Notice:
    place = place_of(path, label_of(problem, path))
    return Notice("", place, None, value, what, tuple(values.items()), path)


def _no_phase(problem: Problem) -> Iterator[Notice]:
    covered: set[dt.date] = set()
    for phase in problem.phases:
        start, end = max(phase.start, problem.start), min(phase.end, problem.end)
        covered.update(dates_between(start, end))
    runs: list[tuple[dt.date, dt.date]] = []
    for date in dates_between(problem.start, problem.end):
        if date in covered:
            continue
        if runs and runs[-1][1] + ONE_DAY == date:
            runs[-1] = (runs[-1][0], date)
        else:
            runs.append((date, date))
    for first, last in runs:
        if first == last:
            yield _notice(problem, ("phases",), first, "date-in-no-phase")
        else:
            yield _notice(problem, ("phases",), first, "dates-in-no-phase", last=last)


def _shared_dates(problem: Problem) -> Iterator[Notice]:
    """Phases that overlap; two rostered ones do not, that is a fault."""
    for i, phase in enumerate(problem.phases):
        for before in problem.phases[:i]:
            first, last = max(phase.start, before.start), min(phase.end, before.end)
            if first <= last:
                path = ("phases", i)
                yield _notice(problem, path, first, "shared-dates", last=last, other=before.id)


def _issued_late(problem: Problem) -> Iterator[Notice]:
    first = min((phase.start for phase in problem.phases), default=None)
    if problem.issued and first and first < problem.issued:
        yield _notice(problem, ("issued",), problem.issued, "issued-late", first=first)


def _published(problem: Problem) -> Iterator[Notice]:
    """Days that only replanning keeps."""
    span = rostered_span(problem)
    if problem.frozen_until is not None and span and problem.frozen_until >= span[0]:
        yield _notice(problem, ("frozen_until",), problem.frozen_until, "frozen-in-plan")


def _readings(problem: Problem) -> Iterator[Notice]:
    """One for each reading in use, at the first cadence that uses it, and each replaced cadence."""
    numbers = {id(cadence): i for i, cadence in enumerate(problem.cadences)}
    used = {
        numbers[id(cadence)]
        for phase in problem.rostered_phases
        for area in problem.areas
        if (not phase.areas or area.id in phase.areas)
        and (cadence := problem.cadence(phase.id, area.id)) is not None
    }
    applied = {
        numbers[id(cadence)]
        for phase in problem.phases
        for area in problem.areas
        if (cadence := problem.cadence(phase.id, area.id)) is not None
    }
    told: set[tuple[str, int, int]] = set()
    for i, cadence in enumerate(problem.cadences):
        if i not in applied:
            yield _notice(problem, ("cadences", i), None, "cadence-replaced")
        reading = (cadence.counted, cadence.min_days, cadence.max_days)
        if i in used and reading not in told:
            told.add(reading)
            yield _notice(
                problem,
                ("cadences", i),
                cadence.counted,
                f"reading-{cadence.counted}",
                min_days=cadence.min_days,
                max_days=cadence.max_days,
                min_gap=cadence.min_gap,
                max_gap=cadence.max_gap,
            )


def _expiring(problem: Problem) -> Iterator[Notice]:
    span = rostered_span(problem)
    if span is None:
        return
    for i, officer in enumerate(problem.officers):
        for n, certificate in enumerate(officer.certificates):
            end = certificate.valid_to
            if end and span[0] <= end < span[1] and not officer.certified_on(end + ONE_DAY):
                path = ("officers", i, "certificates", n, "valid_to")
                yield _notice(problem, path, end, "certificate-expires", last=span[1])


def _shared_certificates(problem: Problem) -> Iterator[Notice]:
    holders: dict[tuple[str, str], str] = {}
    for i, officer in enumerate(problem.officers):
        for n, certificate in enumerate(officer.certificates):
            key = officer.agency, certificate.number
            holder = holders.setdefault(key, officer.id)
            if certificate.number and holder != officer.id:
                path = ("officers", i, "certificates", n, "number")
                yield _notice(problem, path, certificate.number, "certificate-shared", other=holder)


def _other_years(problem: Problem) -> Iterator[Notice]:
    """Leave and wishes of another year are mostly mistyped."""
    spans: list[tuple[Path, dt.date, dt.date]] = [
        (("officers", i, "leave", n), leave.start, leave.end)
        for i, officer in enumerate(problem.officers)
        for n, leave in enumerate(officer.leave)
    ]
    wishes = enumerate(problem.requests)
    spans += [(("requests", n), wish.start, wish.end) for n, wish in wishes]
    first, last = problem.start.year, problem.end.year
    for path, start, end in spans:
        if end.year < first or start.year > last:
            place = (*path, "start")
            yield _notice(problem, place, start, "other-year", first=first, last=last)
