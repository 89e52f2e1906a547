"""Whether patrols and posts are manned as asked, and whether they may act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from patrol_scheduler.checking import Check, check
from patrol_scheduler.problem import Officer, Problem, Team
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules import DutiesAtMost, HoursAtMost, Level
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_cell,
    period_column,
    period_of,
    periods,
    ratio,
)

TWO_OFFICERS = 2
"""Penalties are imposed by at least two certified officers (Administrative Penalty Law 2021,
art. 42; in 2010 the 1996 text, art. 37)."""


@dataclass(frozen=True, slots=True)
class _Manned:
    """A patrol, the team it needs and the officers in it, each once."""

    patrol: Patrol
    team: Team | None
    officers: tuple[Officer, ...]

    @property
    def required(self) -> int:
        return self.team.size if self.team else 0

    @property
    def filled(self) -> int:
        """Seats of the team that are taken: of each agency, then of any agency."""
        if self.team is None:
            return 0
        present = Counter(officer.agency for officer in self.officers)
        own = sum(min(needed, present[agency]) for agency, needed in self.team.members.items())
        return own + min(self.team.extra, len(self.officers) - own)

    def certified(self) -> Counter[str]:
        """Officers of each agency with a certificate valid on the date of the patrol."""
        date = self.patrol.date
        return Counter(o.agency for o in self.officers if o.certified_on(date))

    def enforces(self, problem: Problem) -> bool:
        """Whether the patrol is to enforce: so says its phase, or its team needs certificates."""
        phase = problem.phase_on(self.patrol.date)
        needs = self.team is not None and any(self.team.certified.values())
        return needs or (phase is not None and phase.mode == "enforcement")

    def competent(self, problem: Problem) -> set[str]:
        """The agencies competent for what the area is patrolled for.

        Where the plan names none, those whose certificates the team needs; failing these, all.
        """
        area = problem.area_by_id[self.patrol.area]
        found = {
            agency
            for kind in problem.violation_kinds
            if kind.id in area.targets
            for agency in kind.competent_in(area.kind)
        }
        if not found and self.team is not None:
            found = {agency for agency, needed in self.team.certified.items() if needed}
        return found or {agency.id for agency in problem.agencies}


def _manned(problem: Problem, roster: Roster) -> Iterator[_Manned]:
    for patrol in roster.patrols:
        ids = dict.fromkeys(member.officer for member in patrol.members)
        yield _Manned(
            patrol,
            problem.team(patrol.area, patrol.date, patrol.shift),
            tuple(problem.officer_by_id[officer] for officer in ids),
        )


def unsound_patrols(problem: Problem, roster: Roster, found: Check | None = None) -> set[int]:
    """The patrols that break a rule, as their places in ``roster.patrols``.

    The check's findings that must hold or are a shortage, and that name the patrol: by date, area
    and, where given, shift, or by an officer of it and the date of that duty. Not counted against
    a patrol: limits on an officer's week or month, and the days that went by before a late patrol.
    """
    wrong: set[tuple[object, ...]] = set()
    for finding in (found or check(problem, roster)).findings:
        broken = finding.violation
        if (
            broken.level > Level.SHORTAGE
            or isinstance(finding.rule, (DutiesAtMost, HoursAtMost))
            or (broken.rule, broken.what) == ("cadence", "overdue")
        ):
            continue
        if broken.officer is not None:
            wrong.add(("officer", broken.officer, broken.date, broken.shift))
        elif broken.area is not None:
            wrong.add(("area", broken.area, broken.date, broken.shift))
    dates = {date for *_, date, _ in wrong}
    return {
        place
        for place, patrol in enumerate(roster.patrols)
        if patrol.date in dates
        and any(
            (*name, patrol.date, shift) in wrong
            for name in (("area", patrol.area), *(("officer", m.officer) for m in patrol.members))
            for shift in (None, patrol.shift)
        )
    }


_STRENGTH = {
    "patrols": "count",
    "required_seats": "count",
    "filled_seats": "count",
    "fill_rate": "number",
    "present": "count",
    "strength": "number",
    "sound_patrols": "count",
    "composition_rate": "number",
    "enforcement_patrols": "count",
    "certified_patrols": "count",
    "certificate_rate": "number",
    "led_patrols": "count",
    "leader_rate": "number",
    "driven_patrols": "count",
    "driver_rate": "number",
}


def patrol_strength(
    problem: Problem,
    roster: Roster,
    by: By | None = None,
    *,
    certified: int = TWO_OFFICERS,
    found: Check | None = None,
) -> pd.DataFrame:
    """Whether the patrols have the officers they need and keep every rule.

    One row per area and one for all (area ``""``); with ``by`` one set of rows per rostered phase
    or month. ``found`` is the roster's check, if it is at hand. Every rate is 0 to 1, and missing
    where there is nothing to divide by.

    - ``fill_rate`` = filled / required seats: a seat asked of an agency is filled by its own
      officers only. Patrols that no team applies to have no seats.
    - ``strength`` = officers present / required seats; above 1 where more are present than asked.
    - ``composition_rate`` = patrols satisfying every rule / patrols (:func:`unsound_patrols`).
    - ``certificate_rate`` = enforcement patrols in which at least ``certified`` officers of one
      competent agency hold a certificate valid on the date / enforcement patrols. Enforcement
      patrols lie in a phase of that mode or have a team that needs certificates; competent is an
      agency named for an offence that the area is patrolled for.
    - ``leader_rate``, ``driver_rate`` = patrols with an officer who may lead, drive / patrols.
    """
    counts: dict[tuple[str, str], Counter[str]] = {
        (period, area): Counter()
        for period in periods(problem, by)
        for area in (*(area.id for area in problem.areas), TOTAL)
    }
    for patrol, some in _counted(problem, roster, certified, found):
        period = period_of(problem, patrol.date, by)
        if period is None:
            continue  # a patrol in no rostered phase counts in the undivided table only
        counts[period, patrol.area].update(some)
        counts[period, TOTAL].update(some)
    rows = [
        {"area": area} | dict(_strength_row(n)) | period_cell(by, period)
        for (period, area), n in counts.items()
    ]
    return frame(rows, period_column(by) | {"area": "text"} | _STRENGTH)


def shift_strength(
    problem: Problem,
    roster: Roster,
    *,
    certified: int = TWO_OFFICERS,
    found: Check | None = None,
) -> pd.DataFrame:
    """The same shift by shift: whether morning patrols are as strong as evening ones.

    One row per shift and one for all (shift ``""``); columns as in :func:`patrol_strength`.
    """
    counts = {shift: Counter[str]() for shift in (*(s.id for s in problem.shifts), TOTAL)}
    for patrol, some in _counted(problem, roster, certified, found):
        counts[patrol.shift].update(some)
        counts[TOTAL].update(some)
    rows = [{"shift": shift} | dict(_strength_row(n)) for shift, n in counts.items()]
    return frame(rows, {"shift": "text"} | _STRENGTH)


def _counted(
    problem: Problem, roster: Roster, certified: int, found: Check | None
) -> Iterator[tuple[Patrol, Counter[str]]]:
    """Each patrol with what it adds to the counts of its area and shift."""
    unsound = unsound_patrols(problem, roster, found)
    for place, manned in enumerate(_manned(problem, roster)):
        valid = manned.certified()
        enforces = manned.enforces(problem)
        yield (
            manned.patrol,
            Counter(
                patrols=1,
                required=manned.required,
                filled=manned.filled,
                present=len(manned.officers) if manned.team else 0,
                sound=int(place not in unsound),
                enforcing=int(enforces),
                certified=int(
                    enforces and any(valid[a] >= certified for a in manned.competent(problem))
                ),
                led=int(any(officer.leader for officer in manned.officers)),
                driven=int(any(officer.driver for officer in manned.officers)),
            ),
        )


def _strength_row(n: Counter[str]) -> Row:
    return {
        "patrols": n["patrols"],
        "required_seats": n["required"],
        "filled_seats": n["filled"],
        "fill_rate": ratio(n["filled"], n["required"]),
        "present": n["present"],
        "strength": ratio(n["present"], n["required"]),
        "sound_patrols": n["sound"],
        "composition_rate": ratio(n["sound"], n["patrols"]),
        "enforcement_patrols": n["enforcing"],
        "certified_patrols": n["certified"],
        "certificate_rate": ratio(n["certified"], n["enforcing"]),
        "led_patrols": n["led"],
        "leader_rate": ratio(n["led"], n["patrols"]),
        "driven_patrols": n["driven"],
        "driver_rate": ratio(n["driven"], n["patrols"]),
    }


def post_strength(problem: Problem, roster: Roster) -> pd.DataFrame:
    """Whether the posts have the officers they need, by post and shift, and in all (post ``""``).

    ``turns``: (date, shift) pairs for which a cover asks at least one officer;
    ``required_seats``: the sum of what they ask (of several covers the largest); ``filled_seats``:
    officers present there, at most as many as asked; ``fill_rate`` = filled / required, 0 to 1;
    ``turns_short``: turns with fewer officers than asked.
    """
    present: dict[tuple[str, object, str], set[str]] = {}
    for duty in roster.post_duties:
        present.setdefault((duty.post, duty.date, duty.shift), set()).add(duty.officer)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for post in problem.posts:
        for shift in problem.shifts:
            for date in problem.dates:
                asked = [cover.at_least for cover in problem.covers_on(post.id, date, shift.id)]
                required = max(asked, default=0)
                if required:
                    filled = min(required, len(present.get((post.id, date, shift.id), ())))
                    some = Counter(
                        turns=1, required=required, filled=filled, short=int(filled < required)
                    )
                    counts.setdefault((post.id, shift.id), Counter()).update(some)
    total: Counter[str] = Counter()
    for n in counts.values():
        total.update(n)
    rows = [
        {
            "post": post,
            "shift": shift,
            "turns": n["turns"],
            "required_seats": n["required"],
            "filled_seats": n["filled"],
            "fill_rate": ratio(n["filled"], n["required"]),
            "turns_short": n["short"],
        }
        for (post, shift), n in [*counts.items(), ((TOTAL, TOTAL), total)]
    ]
    return frame(
        rows,
        {
            "post": "text",
            "shift": "text",
            "turns": "count",
            "required_seats": "count",
            "filled_seats": "count",
            "fill_rate": "number",
            "turns_short": "count",
        },
    )
