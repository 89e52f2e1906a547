"""The program whose solutions are legal rosters and whose cost is what they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Columns, Level, Limit, Rule, TeamRule, rules_of
from patrol_scheduler.rules.columns import Number, names_in
from patrol_scheduler.rules.compensation import CompensatoryRests
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.program import CLOSE, Indices, Mask, Part, Program, Vector

ShiftKey = tuple[int, str]
"""(day, shift)."""

CHANGES = Level.FAIRNESS
"""The level of a closeness program that counts changed duties; fairness itself is left out."""
AGREED = Level.MUST
"""The level that counts what was settled and changes; what must hold has rows, and so no price."""
COURTESY = Level.WISHES
"""The level that counts people touched, short notice, and duties given to those who had most."""
MOVED_DAYS = 3
"""A patrol that moves by no more days keeps its people, among equals."""
NOTICE_DAYS = 30
"""Notice of so many days is as good as any longer one."""


@dataclass(frozen=True)
class Settled:
    """What agreements settled: who keeps a duty that day, and who gets none that day.

    Each is (officer, day).
    """

    kept: frozenset[tuple[str, int]] = frozenset()
    spared: frozenset[tuple[str, int]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kept or self.spared)


class Closeness:
    """Legal rosters of a problem, priced by the duties they drop from and add to an old roster.

    Days up to ``frozen`` stay as they are; where they alone break a rule, nothing may be added to
    the breach. In the shifts of ``exact`` each patrol's team is decided officer by officer, in the
    others only who is on duty. With ``soften`` seats may stay empty and areas overdue, at their
    price. What is ``settled`` may not change, or, with ``loose``, at the price of ``AGREED``.
    """

    def __init__(
        self,
        problem: Problem,
        old: Roster,
        frozen: int,
        exact: Iterable[ShiftKey],
        *,
        soften: bool,
        settled: Settled,
        loose: bool = False,
        burden: dict[str, float] | None = None,
    ) -> None:
        self.problem, self.old, self.frozen, self.soften = problem, old, frozen, soften
        self.exact = frozenset(exact)
        self._settled, self._loose = settled, loose
        self._burden = burden or {}
        self.program = self._priced(self._built())

    def _built(self) -> Program:
        problem, columns = self.problem, Columns(self.problem)
        builder = Builder(columns, soften=self.soften)
        for rule in rules_of(problem):
            limits = self._limits(rule, columns)
            builder.add(limit for limit in limits if limit.level <= Level.SHORTAGE)
        for day, shift in sorted(self.exact):
            builder.add(self._seats(columns, day, shift))
        for officer in problem.officers:
            cells = [
                column
                for day in range(self.frozen + 1, len(problem.dates))
                for _, column in columns.turns(officer.id, day)
            ]
            touched = builder.count(("touched", officer.id), 1, tuple(cells))
            worked = [(c, -1 if self._was(columns, c) else 1) for c in cells]
            before = sum(1 for _, weight in worked if weight < 0)
            row: list[tuple[int, Number]] = [*worked, (touched, -max(1, len(cells)))]
            builder.add([Limit(row, at_most=-before)])
        for column, name in enumerate(columns.names if self.frozen >= 0 else ()):
            of = _day_of(name)
            if of is not None and of <= self.frozen:
                builder.hold(column, float(name in self._old_names))
        return builder.build()

    def _was(self, columns: Columns, column: int) -> bool:
        return columns.names[column] in self._old_names

    @cached_property
    def _old_names(self) -> set[tuple[object, ...]]:
        names = names_in(self.problem, self.old)
        return names if self._rests_count else {name for name in names if name[0] != "rest"}

    @cached_property
    def _rests(self) -> frozenset[tuple[str, int]]:
        """The days of compensatory rest in the old roster, as (officer, day)."""
        day = self.problem.day
        return frozenset((r.officer, day(r.date)) for r in self.old.compensatory_rests)

    @cached_property
    def _rests_count(self) -> bool:
        """Whether rest overdue makes a roster short; else its days are chosen after the duties."""
        return any(
            Level[rule.level.upper()] <= Level.SHORTAGE
            for rule in rules_of(self.problem)
            if isinstance(rule, CompensatoryRests)
        )

    def _limits(self, rule: Rule, columns: Columns) -> Iterator[Limit]:
        if not isinstance(rule, TeamRule):
            yield from rule.roster_limits(self.problem, columns)
            return
        for day in range(len(self.problem.dates)):
            for shift in self.problem.shifts:
                if (day, shift.id) in self.exact:
                    for area in self.problem.areas:
                        yield from rule.team_limits(self.problem, columns, area.id, day, shift.id)
                else:
                    yield from rule.shift_limits(self.problem, columns, day, shift.id)

    def _seats(self, columns: Columns, day: int, shift: str) -> Iterator[Limit]:
        """Whoever is on patrol duty sits in one patrol; only patrols that take place have seats."""
        areas, officers = self.problem.areas, self.problem.officers
        for officer in officers:
            seats: list[tuple[int, Number]] = [
                (columns.member(officer.id, area.id, day, shift), 1) for area in areas
            ]
            seats.append((columns.on(officer.id, day, shift), -1))
            yield Limit(seats, at_least=0, at_most=0)
        for area in areas:
            taken: list[tuple[int, Number]] = [
                (columns.member(officer.id, area.id, day, shift), 1) for officer in officers
            ]
            taken.append((columns.patrol(area.id, day, shift), -len(officers)))
            yield Limit(taken, at_most=0)

    def _priced(self, program: Program) -> Program:
        """The program with frozen days fixed, breaches of theirs allowed, and changes priced."""
        base = self._old(program)
        frozen = self._frozen(program)
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[frozen] = upper[frozen] = base[frozen]
        if not self._rests_count:
            upper[[c for c, name in enumerate(program.columns.names) if name[0] == "rest"]] = 0
        kept, spared = self._settled_columns(program)
        agreed, at_stake = np.zeros(program.width), 0.0
        if self._loose:
            agreed[kept], agreed[spared] = -1.0, 1.0
            at_stake = float(len(kept))
        else:
            lower[kept] = np.minimum(1, upper[kept])
            upper[spared] = np.maximum(0, lower[spared])
        changes, courtesy, constant = self._prices(program)
        cost = {**program.cost, AGREED: agreed, CHANGES: changes, COURTESY: courtesy}
        fixed = replace(
            program,
            lower=lower,
            upper=upper,
            cost=cost,
            constant={
                **program.constant,
                AGREED: at_stake,
                CHANGES: constant,
                COURTESY: 0.0,
            },
        )
        low, high = _bearable(fixed, frozen, base)
        return replace(fixed, low=low, high=high)

    def _old(self, program: Program) -> Vector:
        base = np.zeros(program.width)
        base[Columns.YES] = 1
        for column, name in enumerate(program.columns.names):
            base[column] = base[column] or name in self._old_names
        return program.settled(base)

    @cached_property
    def old_solution(self) -> Vector:
        """The old roster as a solution, legal or not."""
        return self._old(self.program)

    def _frozen(self, program: Program) -> Mask:
        """Columns of frozen days, and those that follow from nothing else."""
        days = self._days_of(program)
        frozen = (days >= 0) & (days <= self.frozen)
        frozen[: Columns.YES + 1] = True
        for follow in program.follows:
            if follow.kind != "count":
                frozen[follow.columns] = np.logical_and.reduceat(
                    frozen[follow.parts], follow.start[:-1]
                )
        return frozen

    @staticmethod
    def _days_of(program: Program) -> Indices:
        """The day of each decided column, -1 for the others."""
        days = np.full(program.width, -1, dtype=np.int64)
        for column, name in enumerate(program.columns.names):
            day = _day_of(name)
            if day is not None:
                days[column] = day
        return days

    @cached_property
    def days(self) -> Indices:
        """The day of each decided column, -1 for the others."""
        return self._days_of(self.program)

    def _settled_columns(self, program: Program) -> tuple[list[int], list[int]]:
        """The duties that agreements keep, and those that nobody is to be given by them."""
        kept: list[int] = []
        spared: list[int] = []
        for column, name in enumerate(program.columns.names if self._settled else ()):
            if name[0] in ("on", "member") and not self._seats_tell(name):
                who = (str(name[1]), int(str(name[2 if name[0] == "on" else 3])))
                if name not in self._old_names:
                    spared += [column] if who in self._settled.spared else []
                elif who in self._settled.kept:
                    kept.append(column)
        return kept, spared

    def _seats_tell(self, name: tuple[object, ...]) -> bool:
        """Whether a column is the patrol duty of an officer whose seats are counted instead."""
        return name[0] == "on" and name[4] is None and (name[2], name[3]) in self.exact

    def _prices(self, program: Program) -> tuple[Vector, Vector, float]:
        changes, courtesy = np.zeros(program.width), np.zeros(program.width)
        worth = 100.0 * NOTICE_DAYS * max(1, len(self.problem.officers))
        constant = 0.0
        for column, name in enumerate(program.columns.names):
            if name[0] == "touched":
                courtesy[column] = worth
                continue
            if name[0] == "rest":
                # A day of rest that somebody knows of is not taken back without need.
                courtesy[column] = -worth if name in self._old_names else 0.0
                continue
            if name[0] not in ("on", "member"):
                continue
            day = int(str(name[2 if name[0] == "on" else 3]))
            if day <= self.frozen:
                continue
            was = name in self._old_names
            if self._seats_tell(name):
                continue
            changes[column] = -1.0 if was else 1.0
            constant += was
            short_notice = max(0, NOTICE_DAYS - (day - self.frozen))
            courtesy[column] = changes[column] * short_notice
            if not was:
                if (str(name[1]), day) in self._rests and not self._rests_count:
                    courtesy[column] += worth  # a day of rest is taken back, as below
                # Among equals, whoever had least of a fair share steps in.
                courtesy[column] += 0.001 * self._burden.get(str(name[1]), 0.0)
                if name[0] == "member":
                    courtesy[column] -= 0.1 * self._moves_along(str(name[1]), str(name[2]), day)
        return changes, courtesy, constant

    def _moves_along(self, officer: str, area: str, day: int) -> int:
        """How near a patrol that the officer has in the area lies, if it may have moved here."""
        patrols = self._patrols_of.get(area, {})
        if day in patrols:
            return 0
        days = (abs(day - other) for other, team in patrols.items() if officer in team)
        near = (MOVED_DAYS + 1 - distance for distance in days if distance <= MOVED_DAYS)
        return max(near, default=0)

    @cached_property
    def _patrols_of(self) -> dict[str, dict[int, set[str]]]:
        """Who is in the patrols of each area, by day."""
        found: dict[str, dict[int, set[str]]] = {}
        for patrol in self.old.patrols:
            days = found.setdefault(patrol.area, {})
            team = days.setdefault(self.problem.day(patrol.date), set())
            team.update(member.officer for member in patrol.members)
        return found

    def free(self, days: Mask) -> Mask:
        """The decided columns of the days that are marked."""
        inside = (self.days > self.frozen) & days[np.maximum(self.days, 0)]
        return np.asarray(inside, dtype=bool)

    def held(self, days: Mask, *, exactly: bool = False) -> Part:
        """The part in which only these days may change, everything else staying as it was.

        ``exactly``: of patrols only those in the shifts of ``exact``.
        """
        free = self.free(days)
        if exactly:
            free &= ~self._counted
        return self.program.part(free, self.old_solution)

    @cached_property
    def _counted(self) -> Mask:
        """The patrols, and who is on patrol, in shifts whose teams are only counted."""
        counted = np.zeros(self.program.width, dtype=bool)
        for column, name in enumerate(self.program.columns.names):
            match name:
                case ("on", _, int(day), str(shift), None) | ("patrol", _, int(day), str(shift)):
                    counted[column] = (day, shift) not in self.exact
        return counted

    def open(self, days: Mask) -> Part:
        """The part of these days by themselves: what reaches beyond them is not asked.

        It asks less than the whole and the rest costs nothing less than nothing, so what it costs
        at the least, the whole does.
        """
        return self.program.alone(self.free(days), self.old_solution)

    def broken_days(self) -> set[int]:
        """The days, none of them frozen, of limits that the old roster does not keep."""
        program, x = self.program, self.old_solution
        activity = np.bincount(
            program.row_of,
            weights=program.row_value * x[program.row_index],
            minlength=program.height,
        )
        bad = (activity < program.low - CLOSE) | (activity > program.high + CLOSE)
        columns = set(program.row_index[bad[program.row_of]].tolist())
        columns |= set(np.nonzero((x < program.lower) | (x > program.upper))[0].tolist())
        parts: set[int] = set()
        for follow in program.follows:
            spans = zip(follow.columns, follow.start[:-1], follow.start[1:], strict=True)
            for column, first, last in spans:
                if int(column) in columns and follow.kind != "count":
                    parts |= set(follow.parts[first:last].tolist())
        days = self.days[list(columns | parts)] if columns | parts else np.array([], dtype=int)
        return {int(day) for day in days if day > self.frozen}


def _day_of(name: tuple[object, ...]) -> int | None:
    """The day of a decided column, by its name; ``None`` for the others."""
    at = {"on": 2, "patrol": 2, "member": 3, "rest": 2}.get(str(name[0]))
    return None if at is None else int(str(name[at]))


def _bearable(program: Program, frozen: Mask, base: Vector) -> tuple[Vector, Vector]:
    """Row bounds moved just as far as the frozen days alone already break them."""
    weight, column = program.row_value, program.row_index
    fixed = frozen[column]
    settled = np.bincount(
        program.row_of[fixed], weights=(weight * base[column])[fixed], minlength=program.height
    )
    least = np.where(weight > 0, weight * program.lower[column], weight * program.upper[column])
    most = np.where(weight > 0, weight * program.upper[column], weight * program.lower[column])
    loose = ~fixed
    lowest = settled + np.bincount(
        program.row_of[loose], weights=least[loose], minlength=program.height
    )
    highest = settled + np.bincount(
        program.row_of[loose], weights=most[loose], minlength=program.height
    )
    touched = np.bincount(program.row_of[fixed & (column > Columns.YES)], minlength=program.height)
    frozen_row = touched > 0
    low = np.where(frozen_row, np.minimum(program.low, highest), program.low)
    high = np.where(frozen_row, np.maximum(program.high, lowest), program.high)
    return low, high
