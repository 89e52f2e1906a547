"""The best roster of a tiny plan, found by trying them all and asking only the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules import (
    Effort,
    FairShare,
    FamiliarAreas,
    HoursAtLeast,
    Level,
    LookAhead,
    OneDutyADay,
    Requests,
    Rule,
    TeamWish,
    rules_of,
)
from patrol_scheduler.rules.compensation import with_rests
from patrol_scheduler.rules.roles import with_roles
from patrol_scheduler.rules.sharing import SharingRule

from .strategies import changed

PRICED = (Level.SHORTAGE, Level.FAIRNESS, Level.WISHES)
Costs = tuple[Fraction, ...]
"""What a roster costs on these levels."""
NOBODY = Roster()
"""What every roster begins with."""


class TooManyError(Exception):
    """The plan has more rosters than may be tried."""


@dataclass(frozen=True)
class Best:
    """A roster that no other one beats: its costs are least in the order of the levels.

    A ``complete`` one leaves nothing short and comes before every other. Without a roster, none
    keeps what must hold.
    """

    roster: Roster | None
    costs: Costs
    complete: bool


def rosters_of_a_day(problem: Problem, date: dt.date) -> Iterator[Roster]:
    """Every roster of one date in which nobody has two duties, patrols without anybody included."""
    seats = [(place.id, shift.id) for place in problem.areas for shift in problem.shifts]
    desks = [(place.id, shift.id) for place in problem.posts for shift in problem.shifts]
    ids = [officer.id for officer in problem.officers]
    for chosen in product([None, *seats, *desks], repeat=len(ids)):
        at = dict(zip(ids, chosen, strict=True))
        empty = [seat for seat in seats if seat not in chosen]
        for extra in (part for n in range(len(empty) + 1) for part in combinations(empty, n)):
            patrols = tuple(
                Patrol(
                    id=patrol_id(date, area),
                    date=date,
                    area=area,
                    shift=shift,
                    members=with_roles(
                        problem,
                        (),
                        [o for o in ids if at[o] == (area, shift)],
                        (date, area, shift),
                    ),
                )
                for area, shift in seats
                if (area, shift) in chosen or (area, shift) in extra
            )
            duties = tuple(
                PostDuty(date=date, post=seat[0], shift=seat[1], officer=o)
                for o, seat in at.items()
                if seat in desks
            )
            yield Roster(patrols=patrols, post_duties=duties)


def joined(first: Roster, second: Roster) -> Roster:
    """Both rosters as one."""
    return Roster(
        patrols=first.patrols + second.patrols, post_duties=first.post_duties + second.post_duties
    )


def _up_to(problem: Problem, date: dt.date) -> Problem:
    """The plan as if it ended on ``date``, judged only by what must hold and what is short."""
    phases = tuple(
        phase.model_copy(update={"end": min(phase.end, date)})
        for phase in problem.rostered_phases
        if phase.start <= date
    )
    # Hours, and patrols from which the cadence leads on, can still come.
    later = Effort | SharingRule | Requests | HoursAtLeast | LookAhead
    kept = tuple(rule for rule in problem.rules if not isinstance(rule, later))
    free = (Effort(on=False), FairShare(on=False), Requests(on=False), LookAhead(on=False))
    return changed(problem, phases=phases, rules=kept + free)


def _choices(problem: Problem, date: dt.date) -> list[Roster]:
    """The rosters of one date that can be part of a best roster, those least short first.

    Only the team rules look at who is with whom, and only within the day; so of the rosters with
    the same officers on duty in the same shifts and the same areas patrolled in the same shifts,
    the one least short, and then the cheapest, stands for all. Where there are wishes about who is
    together, every roster stands for itself.
    """
    today = tuple(pin for pin in problem.pins if pin.date == date)
    until = changed(_up_to(problem, date), pins=today)
    rules = rules_of(until)
    wishes = any(isinstance(rule, TeamWish) for rule in rules_of(problem) if _asks(rule, problem))
    least: dict[object, tuple[Costs, Roster]] = {}
    for roster in rosters_of_a_day(problem, date):
        if _breaks(rules, until, roster):
            continue  # duties added on other days never mend what must hold
        found = check(until, roster)
        turns = tuple(sorted((o, t) for o, ts in roster.turns.items() for t in map(str, ts)))
        patrolled = tuple(sorted((patrol.area, patrol.shift) for patrol in roster.patrols))
        key = (turns, patrolled, roster if wishes else None)
        costs = tuple(found.cost(level) for level in PRICED)
        if key not in least or costs < least[key][0]:
            least[key] = (costs, roster)
    return [roster for _, roster in sorted(least.values(), key=lambda entry: entry[0])]


def _breaks(rules: tuple[Rule, ...], problem: Problem, roster: Roster) -> bool:
    """Whether the check would find a broken rule; most rosters of a day break one of the first."""
    found = (violation for rule in rules for violation in rule.violations(problem, roster))
    return any(violation.level is Level.MUST for violation in found)


def _asks(rule: Rule, problem: Problem) -> bool:
    return not isinstance(rule, FamiliarAreas) or bool(problem.staff.knowing)


class _Search:
    """Tries the rosters of a plan day by day, ``most`` partial ones in all.

    A roster of the first days with a broken rule, or short of more than a whole one known, is
    given up: what must hold is never mended by later duties, the fewest hours apart, and the plan
    cut off at a day owes nothing that a later duty could still pay.
    """

    def __init__(self, problem: Problem, most: int) -> None:
        assert any(rule == OneDutyADay() for rule in rules_of(problem))
        self.problem, self.most, self.tried = problem, most, 0
        self.horizons = [_up_to(problem, date) for date in problem.dates]
        self.choices: dict[int, list[Roster]] = {}

    def best(self, limit: Fraction | None, day: int = 0, roster: Roster = NOBODY) -> Best | None:
        """The best roster that begins with ``roster``; without a limit a complete one."""
        if day == len(self.horizons):
            whole = _judged(self.problem, roster)
            return whole if whole and (limit is not None or whole.complete) else None
        if day not in self.choices:
            self.choices[day] = _choices(self.problem, self.problem.dates[day])
        found: Best | None = None
        for choice in self.choices[day]:
            self.tried += 1
            if self.tried > self.most:
                raise TooManyError
            longer = joined(roster, choice)
            partial = check(self.horizons[day], longer)
            if partial.broken or (limit is None and partial.shortages):
                continue
            if limit is not None and partial.cost(Level.SHORTAGE) > limit:
                continue
            whole = self.best(limit, day + 1, longer)
            if whole and (found is None or whole.costs < found.costs):
                found = whole
                limit = None if limit is None else min(limit, found.costs[0])
        return found


def best_complete(problem: Problem, most: int) -> Best | None:
    """A best roster of those that leave nothing short, or nothing where there is none.

    Raises :class:`TooManyError` after ``most`` partial rosters.
    """
    return _Search(problem, most).best(limit=None)


def best(problem: Problem, most: int = 50_000) -> Best:
    """A best roster; raises :class:`TooManyError` after ``most`` partial rosters."""
    search = _Search(problem, most)
    nothing = _judged(problem, Roster())
    most_short = nothing.costs[0] if nothing else Fraction(10**9)
    return (
        search.best(limit=None)
        or search.best(limit=most_short)
        or nothing
        or Best(None, (Fraction(0),) * 3, complete=False)
    )


def best_of_all(problem: Problem) -> Best:
    """The same as :func:`best` without any thought: every roster is made and checked."""
    days = [list(rosters_of_a_day(problem, date)) for date in problem.dates]
    found: Best | None = None
    for parts in product(*days):
        roster = Roster()
        for part in parts:
            roster = joined(roster, part)
        one = _judged(problem, roster)
        if one is None:
            continue
        if found is None or (not one.complete, one.costs) < (not found.complete, found.costs):
            found = one
    return found or Best(None, (Fraction(0),) * 3, complete=False)


OnADay = frozenset[tuple[str, dt.date]]
"""Officers, each on a date."""


def closest(
    problem: Problem,
    old: Roster,
    frozen_until: dt.date,
    kept: OnADay = frozenset(),
    spared: OnADay = frozenset(),
    borne: Callable[[Finding], bool] = lambda _: False,
) -> tuple[int, int, int] | None:
    """How much of what was agreed is given up, how many duties change, and how many people's, in
    the complete roster closest to ``old``.

    Given up is each duty that somebody was to keep, and each new one of somebody who was to be
    spared. Every roster with the frozen days of ``old`` is looked at, the closest first; what is
    ``borne`` is no breach.
    """
    duties = {(d.date, d.shift, d.area or d.post, d.officer) for d in old.duties}
    days = []
    for date in problem.dates:
        today = {cell for cell in duties if cell[0] == date}
        if date <= frozen_until:
            same = Roster(
                patrols=tuple(p for p in old.patrols if p.date == date),
                post_duties=tuple(p for p in old.post_duties if p.date == date),
            )
            days.append([(set[object](), same)])
            continue
        days.append(
            [
                ({(d.date, d.shift, d.area or d.post, d.officer) for d in one.duties} ^ today, one)
                for one in rosters_of_a_day(problem, date)
            ]
        )

    def distance(parts: tuple[tuple[set[Any], Roster], ...]) -> tuple[int, int, int]:
        changed_cells = [cell for cells, _ in parts for cell in cells]
        given_up = sum(
            (cell[3], cell[0]) in (kept if cell in duties else spared) for cell in changed_cells
        )
        return given_up, len(changed_cells), len({cell[3] for cell in changed_cells})

    for parts in sorted(product(*days), key=distance):
        roster = Roster()
        for _, part in parts:
            roster = joined(roster, part)
        found = check(problem, with_rests(problem, rules_of(problem), roster)).findings
        if all(borne(f) for f in found if f.violation.level <= Level.SHORTAGE):
            return distance(parts)
    return None


def _judged(problem: Problem, roster: Roster) -> Best | None:
    """A roster with its costs; nothing where it breaks a rule.

    Days of rest are chosen afterwards: ``tests/rules/test_compensation.py`` shows that the choice
    is best.
    """
    roster = with_rests(problem, rules_of(problem), roster)
    found = check(problem, roster)
    if found.broken:
        return None
    costs = (found.cost(Level.SHORTAGE), found.cost(Level.FAIRNESS), found.cost(Level.WISHES))
    return Best(roster, costs, found.complete)
