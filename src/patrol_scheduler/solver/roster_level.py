"""The roster level: which area is patrolled when, and who is on duty when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Patrol, PostDuty, Roster, patrol_id
from patrol_scheduler.rules import Columns, Level, Limit, OneDutyADay, Rule, TeamRule, WithinPhase
from patrol_scheduler.rules.columns import Number, names_in
from patrol_scheduler.solver.builder import Builder, price_of
from patrol_scheduler.solver.cells import Cells, cells_of
from patrol_scheduler.solver.program import CLOSE, Indices, Program, Vector
from patrol_scheduler.solver.team_level import Roles, TeamLevel

SMALL_PROGRAM = 1_000_000
"""Matrix entries of a program that is quickly built anew."""

ShiftKey = tuple[int, str]
"""(day, shift)."""

Entry = tuple[str, int, str]
"""(area, day, shift) of one patrol."""
Teams = dict[ShiftKey, dict[str, list[str]]]
"""The officers in the patrol of each area, shift by shift."""


@dataclass(frozen=True)
class _Places:
    """Columns of one kind in a shift, and whom or what each is about."""

    columns: Indices
    names: tuple[str, ...]

    def any_in(self, x: Vector) -> bool:
        return bool((x[self.columns] > 0.5).any())

    def named_in(self, x: Vector) -> list[str]:
        """The names whose column is yes."""
        return list(self.in_use(x))

    def in_use(self, x: Vector) -> dict[str, int]:
        """The columns that are yes, by their names."""
        used = np.nonzero(x[self.columns] > 0.5)[0].tolist()
        return {self.names[i]: int(self.columns[i]) for i in used}


def _sum(limit: Limit, x: Vector) -> Number:
    return sum(weight * round(float(x[column])) for column, weight in limit.terms)


def _must_be_met(rule: Rule) -> TypeGuard[TeamRule]:
    """Whether a rule asks something of every patrol of a complete roster."""
    return isinstance(rule, TeamRule) and rule.asked_on <= Level.SHORTAGE


class RosterLevel:
    """The program of a problem, and the way from its solutions to rosters.

    With ``soften`` seats may stay empty and areas overdue, at their price. ``exact`` are the shifts
    whose team rules the program holds as they are; in the others it holds their sums.
    """

    def __init__(self, problem: Problem, rules: Sequence[Rule], *, soften: bool) -> None:
        self.problem = problem
        self.soften = soften
        self.teams = TeamLevel(problem, rules)
        self._wishing = any(
            isinstance(rule, TeamRule) and rule.asked_on > Level.SHORTAGE and rule.used_by(problem)
            for rule in rules
        )
        self.exact: set[ShiftKey] = set()
        self.rules = tuple(rules)
        self.program = self._built()

    def _built(self) -> Program:
        columns = Columns(self.problem)
        builder = Builder(columns, soften=self.soften)
        # Where no seat stays empty, who fills one cannot meet what is wished of another patrol.
        musts = [rule for rule in self.rules if _must_be_met(rule)]
        beside = [rule for rule in musts if not self.soften and rule.used_by(self.problem)]
        for place, rule in enumerate(self.rules):
            # What is only wished of teams is not held exactly: its sums cost nothing to keep.
            if _must_be_met(rule) and self.exact:
                for day in range(len(self.problem.dates)):
                    for shift in self.problem.shifts:
                        if (day, shift.id) not in self.exact:
                            limits = rule.shift_limits(self.problem, columns, day, shift.id)
                            builder.add(limits, place)
            elif isinstance(rule, TeamRule) and not _must_be_met(rule):
                builder.add(rule.roster_limits(self.problem, columns, beside), place)
            else:
                builder.add(rule.roster_limits(self.problem, columns), place)
        for day, shift_id in sorted(self.exact):
            self.teams.add_exactly(builder, columns, day, shift_id)
        if any(isinstance(rule, WithinPhase) for rule in self.rules):
            builder.add(self._nobody_without_patrols(columns))
        return builder.build()

    def _nobody_without_patrols(self, columns: Columns) -> Iterator[Limit]:
        """Nobody is on patrol in a shift in which no area may be patrolled."""
        problem = self.problem
        for day, date in enumerate(problem.dates if problem.areas else ()):
            for shift in problem.shifts:
                if not any(problem.patrols_allowed(a.id, date, shift.id) for a in problem.areas):
                    for officer in problem.officers:
                        yield Limit([(columns.on(officer.id, day, shift.id), 1)], at_most=0)

    @property
    def quickly_built(self) -> bool:
        """Whether the program is small enough to be built anew during a search."""
        return len(self.program.row_index) <= SMALL_PROGRAM

    def hold_exactly(self, shifts: Sequence[ShiftKey], x: Vector) -> Vector:
        """Rebuild the program with more shifts held exactly; gives ``x`` in its new columns."""
        if not shifts:
            return x
        before = self.program
        self.exact |= set(shifts)
        self.program = self._built()
        for name in ("cells", "_places", "_blamed", "_sums"):
            self.__dict__.pop(name, None)
        return self.moved(before, x)

    def moved(self, before: Program, x: Vector) -> Vector:
        """A solution of an earlier program of this level in the columns of today's."""
        old = dict(zip(before.columns.names, x.tolist(), strict=False))
        columns = self.program.columns
        moved = np.array([old.get(name, 0.0) for name in columns.names])
        moved = np.concatenate((moved, np.zeros(self.program.width - len(moved))))
        for day, shift in sorted(self.exact):
            formed = self._formed(moved, day, shift)
            if formed is None:
                continue
            kind_of = self.teams.shift_teams(day, shift).kind_of()
            seats = [
                columns.count(("seats", kind_of[officer], area, day, shift))
                for area, team in formed.items()
                for officer in team
            ]
            moved[seats] = 0.0
            for column in seats:
                moved[column] += 1.0
            moved[self._sent_home(moved, day, shift)] = 0.0
        return self.program.settled(moved)

    @cached_property
    def cells(self) -> Cells:
        """Where the decided columns lie."""
        return cells_of(self.program, self.problem)

    @cached_property
    def most_a_day(self) -> int:
        """The most duties that the rules let an officer have on one day."""
        one = any(
            isinstance(rule, OneDutyADay) and not rule.officers and not rule.agencies
            for rule in self.rules
        )
        return 1 if one else len(self.problem.shifts)

    def blame(self, priced: Level, x: Vector) -> Vector:
        """What each officer's own priced limits cost, too little with a minus."""
        slacks, program = self.program.slacks, self.program
        signs = np.where(slacks.above, 1.0, -1.0)
        costs = program.cost[priced][slacks.columns] * x[slacks.columns] * signs
        mine = self._blamed >= 0
        return np.bincount(
            self._blamed[mine], weights=costs[mine], minlength=len(self.problem.officers)
        ).astype(float)

    @cached_property
    def _blamed(self) -> Indices:
        """The one officer whom each slack column is about, or -1."""
        program, owner = self.program, self.cells.owner.copy()
        for column, parts in program.columns.sum_parts.items():
            owners = set(owner[[part for part, _ in parts]].tolist())
            if len(owners) == 1:
                owner[column] = owners.pop()
        found = np.full(len(program.slacks.columns), -1, dtype=np.int64)
        for place, row in enumerate(program.slacks.rows.tolist()):
            entries = program.row_index[program.row_start[row] : program.row_start[row + 1]]
            owners = set(owner[entries].tolist()) - {-1}
            if len(owners) == 1:
                found[place] = owners.pop()
        return found

    def unformable(
        self, x: Vector, among: set[int] | None = None, *, over: Callable[[], bool] = lambda: False
    ) -> list[ShiftKey]:
        """The shifts of a solution whose people cannot be put into their patrols.

        ``among`` limits the look to some days. Once the time is ``over``, the teams of the other
        shifts are formed in haste.
        """
        return [key for key in self._used(x, among) if self._formed(x, *key, haste=over()) is None]

    def misjudged(self, x: Vector, among: set[int] | None = None) -> list[ShiftKey]:
        """The shifts that are unformable, or whose patrols lack more than the program prices.

        Where seats may stay empty, what one patrol has too many of does not help another. Lacks are
        not looked at in a program that could not quickly be built anew with these shifts held
        exactly.
        """
        if not self.soften or not self.quickly_built:
            found = self.unformable(x, among)
        else:
            found = [key for key in self._used(x, among) if self._is_misjudged(x, key)]
        return [*found, *(key for key in self.turned_away(x, among) if key not in found)]

    def turned_away(self, x: Vector, among: set[int] | None = None) -> list[ShiftKey]:
        """The shifts that send people home whose duty something that must hold asks for.

        Where seats may stay empty, who fits into no patrol is sent home; but a rule may want the
        officer on duty, such as that on duty days in a row.
        """
        home: dict[ShiftKey, list[int]] = {}
        for key in self._used(x, among) if self.soften else ():
            if key not in self.exact and (people := self._sent_home(x, *key)):
                home[key] = people
        without = x.copy()
        without[[column for columns in home.values() for column in columns]] = 0.0
        return [] if not home or self.program.keeps(self.program.settled(without)) else list(home)

    def _sent_home(self, x: Vector, day: int, shift: str) -> list[int]:
        """The columns of those on duty in a shift for whom no patrol has a seat."""
        formed = self._formed(x, day, shift)
        if formed is None:
            return []
        seated = {officer for team in formed.values() for officer in team}
        on_duty = self._places[0][day, shift].in_use(x)
        return [column for officer, column in on_duty.items() if officer not in seated]

    def _used(self, x: Vector, among: set[int] | None) -> list[ShiftKey]:
        """The shifts in which a solution has anybody on patrol or any area patrolled."""
        duties, patrols = self._places
        return [
            key
            for key in sorted(duties.keys() | patrols.keys())
            if (among is None or key[0] in among)
            and (duties[key].any_in(x) or patrols[key].any_in(x))
        ]

    def _is_misjudged(self, x: Vector, key: ShiftKey) -> bool:
        formed = self._formed(x, *key)
        if formed is None or key in self.exact:
            return formed is None
        lacking = self.teams.lacking(*key, formed)
        return lacking > 0 and lacking > self._lacking_in_all(x, key) + CLOSE

    def _lacking_in_all(self, x: Vector, key: ShiftKey) -> float:
        """What the patrols of a shift lack in all, at its price."""
        limits = self._sums.get(key)
        if limits is None:
            columns = self.program.columns
            limits = self._sums[key] = [
                limit
                for rule in self.rules
                if _must_be_met(rule) and rule.used_by(self.problem)
                for limit in rule.shift_limits(self.problem, columns, *key)
                if limit.at_least is not None
            ]
        return float(sum(price_of(_sum(limit, x), limit) for limit in limits))

    @cached_property
    def _sums(self) -> dict[ShiftKey, list[Limit]]:
        """What is asked of all patrols of a shift together, shift by shift as it is looked at."""
        return {}

    @cached_property
    def _places(self) -> tuple[dict[ShiftKey, _Places], dict[ShiftKey, _Places]]:
        """The columns of patrol duties, and those of patrols, shift by shift."""
        names = self.program.columns.names
        found: list[dict[ShiftKey, list[int]]] = [{}, {}]
        for mask, places in zip((self.cells.duty, self.cells.patrol), found, strict=True):
            for column in np.nonzero(mask)[0].tolist():
                _, _, day, shift, *post = names[column]
                if post in ([], [None]):
                    places.setdefault((int(str(day)), str(shift)), []).append(column)
        keys = found[0].keys() | found[1].keys()
        duties, patrols = (
            {
                key: _Places(
                    np.array(places.get(key, []), dtype=np.int64),
                    tuple(str(names[column][1]) for column in places.get(key, ())),
                )
                for key in keys
            }
            for places in found
        )
        return duties, patrols

    def _formed(
        self,
        x: Vector,
        day: int,
        shift: str,
        among: TeamLevel | None = None,
        *,
        haste: bool = False,
    ) -> dict[str, list[str]] | None:
        duties, patrols = (places[day, shift].named_in(x) for places in self._places)
        teams = among or self.teams
        return teams.form(day, shift, duties, patrols, short=self.soften, haste=haste)

    def entries(self, x: Vector) -> set[Entry]:
        """The patrols of a solution."""
        names = self.program.columns.names
        columns = np.nonzero(self.cells.patrol & (x > 0.5))[0].tolist()
        return {(str(n[1]), int(str(n[2])), str(n[3])) for n in map(names.__getitem__, columns)}

    @cached_property
    def best_teams(self) -> TeamLevel:
        """The teams as they are formed in the end: as near to what is wished of each as can be."""
        return TeamLevel(self.problem, self.rules, wishes=True) if self._wishing else self.teams

    def teams_of(self, x: Vector, *, over: Callable[[], bool] = lambda: False) -> Teams:
        """The teams of a solution whose every shift can be formed, by shift and area, in order.

        Once the time is ``over``, those not formed yet are formed in haste.
        """
        areas_of = {
            key: named for key, places in self._places[1].items() if (named := places.named_in(x))
        }
        shift_order = {shift.id: i for i, shift in enumerate(self.problem.shifts)}
        found: Teams = {}
        for day, shift in sorted(areas_of, key=lambda key: (key[0], shift_order[key[1]])):
            formed = self._formed(x, day, shift, among=self.best_teams, haste=over()) or {}
            found[day, shift] = {area: formed.get(area, []) for area in areas_of[day, shift]}
        return found

    def roster(self, x: Vector, teams: Teams) -> Roster:
        """The roster of a solution with these teams."""
        problem, roles = self.problem, Roles(self.problem)
        patrols = []
        for (day, shift), formed in teams.items():
            date = problem.date(day)
            for area, team in formed.items():
                patrols.append(
                    Patrol(
                        id=patrol_id(date, area),
                        date=date,
                        area=area,
                        shift=shift,
                        members=roles.members(team, area, date, shift),
                    )
                )
        return Roster(patrols=tuple(patrols), post_duties=tuple(self._post_duties(x)))

    def solution_of(self, roster: Roster) -> Vector:
        """The duties and patrols of a roster as a solution, which may break rows of the program."""
        program, named = self.program, names_in(self.problem, roster)
        x = program.lower.copy()
        yes = [column for column, name in enumerate(program.columns.names) if name in named]
        x[yes] = 1.0
        return program.settled(np.clip(x, program.lower, program.upper))

    def _post_duties(self, x: Vector) -> list[PostDuty]:
        found = []
        names = self.program.columns.names
        for column in np.nonzero(self.cells.duty & (x > 0.5))[0]:
            _, officer, day, shift, post = names[column]
            if post is not None:
                date = self.problem.date(int(str(day)))
                found.append(
                    PostDuty(date=date, post=str(post), shift=str(shift), officer=str(officer))
                )
        return sorted(found, key=lambda d: (d.date, d.shift, d.post, d.officer))
