"""Substitutions and swaps, checked on every side, and what of them a roster keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from patrol_scheduler.checking import Finding
from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats.field_faults import field_faults
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.agreement_log import Agreement, AgreementLog, name_of
from patrol_scheduler.replanning.replacing import (
    RestsMoved,
    new_findings,
    replaced,
    rested,
    rests_moved,
)
from patrol_scheduler.replanning.seats import duty_of, no_officer, told_by_name
from patrol_scheduler.roster import Duty, Roster


@dataclass(frozen=True)
class Agreed:
    """A roster after a substitution or swap, with what it would break on either side.

    ``rests`` tells the days of compensatory rest that are other ones now.
    """

    roster: Roster
    agreements: tuple[Agreement, ...]
    broken: tuple[Finding, ...]
    rests: tuple[RestsMoved, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether nothing is broken and no seat is left short."""
        return not self.broken


Missed = Literal["no-officer", "no-patrol", "not-there", "breaks", "other-half"]


@dataclass(frozen=True)
class Replayed:
    """A roster with the agreements of a log carried out anew.

    ``missed`` are those that could not be, each with its reason: ``no-officer`` and ``no-patrol``
    are no longer in plan or roster, ``not-there``: neither officer has the duty, ``breaks`` a rule
    or leaves a seat short, ``other-half``: the other half of the swap cannot be.
    """

    roster: Roster
    carried_out: tuple[Agreement, ...]
    missed: tuple[tuple[Agreement, Missed], ...]


def substitute(
    problem: Problem,
    roster: Roster,
    officer: str,
    date: dt.date,
    into: str,
    *,
    shift: str | None = None,
    by: str = "",
    why: str = "",
    at: dt.date | None = None,
) -> Agreed:
    """Let one officer take over another's duty on a date, and tell what that breaks.

    Both are told by id, or by a name that only one officer has. Their days of compensatory rest are
    chosen anew where they must be, but for those published or over on the day ``at``.

    Raises :class:`InvalidInputError` where there is no such duty or officer.
    """
    duty = duty_of(problem, roster, officer, date, shift)
    into = _known(problem, into)
    if into == duty.officer:
        raise InvalidInputError(
            [Fault("", "officer", None, into, "faults_change.swap-with-oneself")]
        )
    after = rested(problem, replaced(problem, roster, duty, into), (duty.officer, into), at)
    agreement = _agreement(duty, into, None, by, why, at)
    broken = new_findings(problem, roster, after)
    return Agreed(after, (agreement,), broken, rests_moved(roster, after))


def swap(
    problem: Problem,
    roster: Roster,
    first: tuple[str, dt.date] | tuple[str, dt.date, str | None],
    second: tuple[str, dt.date] | tuple[str, dt.date, str | None],
    *,
    by: str = "",
    why: str = "",
    at: dt.date | None = None,
) -> Agreed:
    """Let two officers take each other's duty, and tell what that breaks.

    Each is (officer, date), with the shift as well where there are several duties that day. Days of
    compensatory rest are chosen anew as by :func:`substitute`.

    Raises :class:`InvalidInputError` where one of them has no such duty.
    """
    mine, theirs = (duty_of(problem, roster, *one) for one in (first, second))
    if mine.officer == theirs.officer:
        fault = Fault("", "officer", None, mine.officer, "faults_change.swap-with-oneself")
        raise InvalidInputError([fault])
    after = _exchanged(problem, roster, mine, theirs)
    after = rested(problem, after, (mine.officer, theirs.officer), at)
    name = f"{mine.date.isoformat()}.{mine.officer}-{theirs.date.isoformat()}.{theirs.officer}"
    agreements = (
        _agreement(mine, theirs.officer, name, by, why, at),
        _agreement(theirs, mine.officer, name, by, why, at),
    )
    broken = new_findings(problem, roster, after)
    return Agreed(after, agreements, broken, rests_moved(roster, after))


def replayed(problem: Problem, roster: Roster, log: AgreementLog) -> Replayed:
    """Carry out the agreements of a log in a roster made anew.

    Each is bound to its patrol's name, or to its post, shift and date; of a swap both halves are
    carried out or neither. One that is already carried out stays; one whose patrol or officer is
    not there, or that would break a rule now, is missed.
    """
    done: list[Agreement] = []
    missed: list[tuple[Agreement, Missed]] = []
    known = {officer.id for officer in problem.officers}
    for unit in _units(log.entries):
        open_: dict[Agreement, Duty] = {}
        why: dict[Agreement, Missed] = {}
        for entry in unit:
            holders = {duty.officer: duty for duty in roster.duties if is_of(entry, duty)}
            if entry.into not in known:
                why[entry] = "no-officer"
            elif not holders:
                why[entry] = "no-patrol"
            elif entry.out in holders:
                open_[entry] = holders[entry.out]
            elif entry.into not in holders:
                why[entry] = "not-there"
        hindered: Missed | None = "other-half" if why else None
        if open_ and not hindered:
            after = _all_replaced(problem, roster, open_)
            if new_findings(problem, roster, after):
                hindered = "breaks"
            else:
                roster = after
        if hindered:
            why = dict.fromkeys(open_, hindered) | why
        done += [entry for entry in unit if entry not in why]
        missed += [(entry, why[entry]) for entry in unit if entry in why]
    return Replayed(roster, tuple(done), tuple(missed))


def _units(entries: Iterable[Agreement]) -> Iterable[list[Agreement]]:
    """The agreements one by one, those of a swap together, where its first one is."""
    units: dict[object, list[Agreement]] = {}
    for n, entry in enumerate(entries):
        units.setdefault(n if entry.swap is None else entry.swap, []).append(entry)
    return units.values()


def _all_replaced(problem: Problem, roster: Roster, open_: dict[Agreement, Duty]) -> Roster:
    if len({name_of(entry) for entry in open_}) < len(open_):
        return roster  # an exchange within one patrol
    for entry, duty in open_.items():
        roster = replaced(problem, roster, duty, entry.into)
    officers = {officer for entry in open_ for officer in (entry.out, entry.into)}
    at = max((entry.at for entry in open_ if entry.at), default=None)
    return rested(problem, roster, officers, at)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement that a roster keeps.

    ``duty`` is the one that was taken over, as whoever took it last has it; ``last`` tells that
    this is the agreement by which.
    """

    entry: Agreement
    duty: Duty
    last: bool


def standing(roster: Roster, entries: Iterable[Agreement]) -> tuple[Standing, ...]:
    """The agreements that a roster keeps, in their order.

    The last who took a duty over has it, and nobody who gave it away before is there. One that was
    taken back, or whose patrol is no more, does not stand.
    """
    found: dict[int, Standing] = {}
    for links in _handed_on(entries):
        holders = {duty.officer: duty for duty in roster.duties if is_of(links[0][1], duty)}
        while links and links[-1][1].into not in holders:
            links.pop()
        for n, entry in links:
            if entry.out not in holders:
                last, keeper = links[-1][0], links[-1][1].into
                found[n] = Standing(entry, holders[keeper], n == last)
    return tuple(found[n] for n in sorted(found))


def _handed_on(entries: Iterable[Agreement]) -> Iterable[list[tuple[int, Agreement]]]:
    """The agreements of each seat with their places, as it went from one officer to the next."""
    links: dict[tuple[object, str], list[tuple[int, Agreement]]] = {}
    for n, entry in enumerate(entries):
        seat = (name_of(entry), entry.into)
        before = links.pop((name_of(entry), entry.out), [])
        links[seat] = [*links.get(seat, []), *before, (n, entry)]
    return links.values()


def is_of(entry: Agreement, duty: Duty) -> bool:
    """Whether an agreement is about the patrol of a duty, or its post, shift and date."""
    if entry.patrol is not None:
        return duty.patrol == entry.patrol
    return (duty.post, duty.date, duty.shift) == (entry.post, entry.date, entry.shift)


def _agreement(
    duty: Duty, into: str, swap_: str | None, by: str, why: str, at: dt.date | None
) -> Agreement:
    said = {
        "date": duty.date,
        "out": duty.officer,
        "into": into,
        "patrol": duty.patrol,
        "post": duty.post,
        "shift": duty.shift,
        "swap": swap_,
        "by": by,
        "why": why,
        "at": at,
    }
    try:
        return Agreement.model_validate(said)
    except ValidationError as error:
        raise InvalidInputError(field_faults(error, Agreement, said, Speller())) from None


def _exchanged(problem: Problem, roster: Roster, mine: Duty, theirs: Duty) -> Roster:
    """Both duties with their officers exchanged, also where both are of one shift."""
    mine_at, their_at = ((d.patrol, d.post, d.date, d.shift) for d in (mine, theirs))
    if mine_at == their_at:
        return roster
    after = replaced(problem, roster, mine, theirs.officer)
    # The officer who moved keeps the own duty until it is given away; patrols tell the two apart.
    return replaced(problem, after, theirs, mine.officer)


def _known(problem: Problem, officer: str) -> str:
    """The id of an officer who is told by id or by a name that only one has."""
    (known,) = told_by_name(problem.officers, officer)
    if known not in problem.officer_by_id:
        raise InvalidInputError([no_officer(problem, officer)])
    return known
