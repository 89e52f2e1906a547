"""Who goes with whom: teams of one shift exchange people so that the wishes about them cost less.

Every exchange keeps who is on duty and what must hold of both teams, so it changes nothing but what
these wishes cost. All shifts are gone through in a random order until nothing gets better.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Rule, TeamWish
from patrol_scheduler.rules.limits import exact
from patrol_scheduler.rules.together import Mark
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.forming import met, off
from patrol_scheduler.solver.roster_level import RosterLevel, ShiftKey, Teams
from patrol_scheduler.solver.team_level import ShiftTeams

# Rounds through all shifts without anything better, and in all.
PATIENCE, MOST_ROUNDS = 3, 60
# How often an exchange that changes no cost is made, so that the next can find something new.
SIDEWAYS = 0.1


def arranged(
    level: RosterLevel, rules: Sequence[Rule], teams: Teams, budget: Budget, *, seed: int
) -> Teams:
    """The teams with their people exchanged so that the wishes about who is in them cost less."""
    wishes = [rule for rule in rules if isinstance(rule, TeamWish)]
    draw = random.Random(seed)  # noqa: S311  # a search, not a secret
    return _Arrangement(level, wishes, teams, draw).improved(budget)


class _Tally:
    """The marks of one wish, and what they cost."""

    def __init__(self, wish: TeamWish, problem: Problem) -> None:
        self._wish, self._problem = wish, problem
        self._price = float(exact(wish.price))
        self._before = wish.before(problem)
        self._times: Counter[Mark] = Counter()

    @property
    def marked(self) -> bool:
        """Whether any patrol bears a mark."""
        return any(self._times.values())

    def marks(self, area: str, day: int, team: Sequence[str]) -> list[Mark]:
        return list(self._wish.marks(self._problem, area, self._problem.date(day), team))

    def add(self, marks: Sequence[Mark], step: int = 1) -> None:
        for mark in marks:
            self._times[mark] += step

    def change(self, old: Sequence[Mark], new: Sequence[Mark]) -> tuple[float, float]:
        """What it costs more to have the new marks in place of the old, and how it inclines."""
        steps = Counter(new)
        steps.subtract(old)
        units = inclined = 0
        wish, problem = self._wish, self._problem
        for mark, step in steps.items():
            if step:
                times, before = self._times[mark], self._before[mark]
                units += wish.charged(problem, mark, before, times + step)
                units -= wish.charged(problem, mark, before, times)
                inclined += wish.inclined(before, times + step) - wish.inclined(before, times)
        return units * self._price, inclined * self._price


class _Arrangement:
    def __init__(
        self, level: RosterLevel, wishes: list[TeamWish], teams: Teams, draw: random.Random
    ) -> None:
        self._level, self._draw = level, draw
        self._teams = {key: {a: list(team) for a, team in of.items()} for key, of in teams.items()}
        self._known: dict[ShiftKey, tuple[ShiftTeams, dict[str, int]]] = {}
        self._tallies = [_Tally(wish, level.problem) for wish in wishes]
        for (day, _), of in self._teams.items():
            for area, team in of.items():
                for tally in self._tallies:
                    tally.add(tally.marks(area, day, team))

    def improved(self, budget: Budget) -> Teams:
        if not any(tally.marked for tally in self._tallies):
            return self._teams  # nothing is wished for, or nothing is missing
        shifts = [key for key, of in self._teams.items() if len(of) > 1]
        without = 0
        for _ in range(MOST_ROUNDS):
            self._draw.shuffle(shifts)
            gain = 0
            for key in shifts:
                if budget.over():
                    return self._teams
                gain += self._shift_improved(key)
            without = 0 if gain else without + 1
            if without >= PATIENCE:
                break
        return self._teams

    def _shift_improved(self, key: ShiftKey) -> int:
        """Exchanges within one shift; how many gained something."""
        gain = 0
        teams = self._teams[key]
        pairs = list(combinations(teams, 2))
        self._draw.shuffle(pairs)
        for one, other in pairs:
            for i, j in self._places(teams[one], teams[other]):
                gain += self._exchanged(key, one, other, i, j)
        return gain

    def _places(self, team: list[str], other: list[str]) -> Iterator[tuple[int, int]]:
        places = [(i, j) for i in range(len(team)) for j in range(len(other))]
        self._draw.shuffle(places)
        return iter(places)

    def _exchanged(self, key: ShiftKey, one: str, other: str, i: int, j: int) -> bool:
        """Two people in each other's place where that costs no more; whether it gained."""
        day, teams = key[0], self._teams[key]
        old = {one: teams[one], other: teams[other]}
        new = {area: list(team) for area, team in old.items()}
        new[one][i], new[other][j] = old[other][j], old[one][i]
        if not self._allowed(key, old, new):
            return False
        marks = [
            (
                [mark for area, team in old.items() for mark in tally.marks(area, day, team)],
                [mark for area, team in new.items() for mark in tally.marks(area, day, team)],
            )
            for tally in self._tallies
        ]
        changes = [t.change(*m) for t, m in zip(self._tallies, marks, strict=True)]
        # Prices such as 0.1 do not add up exactly.
        more = round(sum(cost for cost, _ in changes), 6)
        inclined = round(sum(one for _, one in changes), 6)
        if (more, inclined) >= (0, 0) and (
            more > 0 or inclined > 0 or self._draw.random() >= SIDEWAYS
        ):
            return False
        for tally, (gone, come) in zip(self._tallies, marks, strict=True):
            tally.add(gone, -1)
            tally.add(come)
        teams.update(new)
        return more < 0 or inclined < 0

    def _asked(self, key: ShiftKey) -> tuple[ShiftTeams, dict[str, int]]:
        if key not in self._known:
            asked = self._level.best_teams.shift_teams(*key)
            self._known[key] = asked, asked.kind_of()
        return self._known[key]

    def _allowed(self, key: ShiftKey, old: dict[str, list[str]], new: dict[str, list[str]]) -> bool:
        """Whether both teams still have what they need, or miss no more than before."""
        asked, kind_of = self._asked(key)

        def counts(team: list[str]) -> tuple[int, ...]:
            found = Counter(kind_of[officer] for officer in team)
            return tuple(found[kind] for kind in range(len(asked.kinds)))

        before = {area: counts(team) for area, team in old.items()}
        after = {area: counts(team) for area, team in new.items()}
        return before == after or all(
            met(ask, after[area])
            and (ask.wish is None or off(ask, after[area]) <= off(ask, before[area]))
            for area in after
            for ask in asked.asks.get(area, ())
        )
