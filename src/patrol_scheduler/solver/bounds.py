"""Lower bounds: what a level must cost at the least, each with the reason that proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import CadenceRule, Composition, Effort, Level, Rule
from patrol_scheduler.rules.leading import leader_posts
from patrol_scheduler.solver import highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.cells import Cells
from patrol_scheduler.solver.condensed import condensed
from patrol_scheduler.solver.fair_loads import Group, groups_of, hull, value_below
from patrol_scheduler.solver.goal import Goal
from patrol_scheduler.solver.missing import of_missing_people
from patrol_scheduler.solver.patrol_rows import patrol_rows
from patrol_scheduler.solver.program import Program, Vector
from patrol_scheduler.solver.roster_level import Entry, RosterLevel
from patrol_scheduler.solver.timetable import Timetable

# What floats may be off by.
SLIP = 1e-7
# So many totals of a group are looked at.
MOST_TOTALS = 50_000
# The linear relaxation of a larger program takes more memory and time than it is worth.
MOST_ENTRIES = 3_000_000
# What whole patrols cost at the prices of the last round is asked so often, and while that brings
# such a part of the bound.
ROUNDS, WORTH_A_ROUND = 4, 3e-4


@dataclass(frozen=True, slots=True)
class Bound:
    """A proven lower bound of a level's cost; ``reason`` names the argument."""

    value: float
    reason: str


@dataclass(frozen=True)
class Question:
    """A level whose cost is to be bounded: ``cost`` is that of the best roster so far."""

    level: RosterLevel
    goal: Goal
    budget: Budget
    table: Timetable | None
    cost: float
    program: Program = field(init=False)
    cells: Cells = field(init=False)

    def __post_init__(self) -> None:
        # The level's program may be built anew while a bound is counted beside.
        object.__setattr__(self, "program", self.level.program)
        object.__setattr__(self, "cells", self.level.cells)

    @cached_property
    def patrols(self) -> float:
        """What all patrols of a complete roster cost at the least, leaders on duty included."""
        return self.table.bound(self.budget) if self.table else -np.inf

    @property
    def led(self) -> bool:
        """Whether a day with patrols is known to need leaders on duty."""
        return self.table is not None and self.table.conditions.led

    @cached_property
    def cuts(self) -> list[highs.Cut]:
        """What whole duties and whole patrols ask for and their fractions do not."""
        # With leaders on duty the totals take longer to count than they bring.
        fair = () if self.led else self._fair_cuts()
        return [*fair, *self._patrol_cuts()]

    def _fair_cuts(self) -> Iterator[highs.Cut]:
        """Fair loads may not be too fair."""
        for group, first, costs in self.fair:
            prices = self.program.cost[self.goal.level][group.slacks]
            total = np.array([group.total])
            for slope, start in hull(first, costs):
                columns = np.append(group.slacks, group.total)
                yield highs.Cut(columns, np.append(prices, -slope), start)
            # A total outside the range belongs to a roster dearer than the best one.
            yield highs.Cut(total, np.array([1.0]), float(first))
            yield highs.Cut(total, np.array([-1.0]), -float(first + len(costs) - 1))

    def _patrol_cuts(self) -> Iterator[highs.Cut]:
        """Whole patrols on whole days, priced by their officers, cost more than fractions do."""
        table, budget = self.table, self.budget
        if table is None or self.level.soften:
            return
        missed = self._missed_patrols
        yield from self._dearer(table.conditions.costs, missed, table.bound(budget, led=False))
        if self.led:
            yield from self.cut_at(table.conditions.costs)

    def cut_at(self, prices: Mapping[Entry, float]) -> Iterator[highs.Cut]:
        """Whole patrols and their leaders on duty cost more than fractions do at such prices.

        At what patrols are worth to fair shares that tells which patrols the fractions make too
        much of.
        """
        if self.table is not None:
            beside = self._missed_patrols + self._price_of_leaders
            yield from self._dearer(prices, beside, self.table.bound(self.budget, prices=prices))

    @cached_property
    def _price_of_leaders(self) -> Vector:
        """The prices of the duties of leaders on duty, and of no others at posts."""
        posts = {post.id for post in leader_posts(self.level.problem)}
        cost, names = self.program.cost[self.goal.level], self.program.columns.names
        found = np.zeros(self.program.width)
        there = self.cells.duty & ~self.cells.patrol_duty & (self.program.upper > 0)
        for column in np.nonzero(there)[0].tolist():
            if names[column][4] in posts:
                found[column] = cost[column]
        return found

    @cached_property
    def _missed_patrols(self) -> Vector:
        """The prices of what rules that ask for patrols alone may be missed by."""
        cost = self.program.cost[self.goal.level]
        found = np.zeros(self.program.width)
        for row in patrol_rows(self.program, self.cells, self.level.rules, self.goal.level):
            found[list(row.slacks)] = cost[list(row.slacks)]
        return found

    def _dearer(
        self, prices: Mapping[Entry, float], beside: Vector, least: float
    ) -> Iterator[highs.Cut]:
        weights, names = beside.copy(), self.program.columns.names
        for column in np.nonzero(self.cells.patrol & (self.program.upper > 0))[0].tolist():
            _, area, day, shift = names[column]
            weights[column] = prices.get((str(area), int(str(day)), str(shift)), 0.0)
        columns = np.nonzero(weights)[0]
        if np.isfinite(least) and len(columns):
            yield highs.Cut(columns, weights[columns], least - SLIP * max(1.0, abs(least)))

    @cached_property
    def fair(self) -> list[tuple[Group, int, Vector]]:
        """Groups of fair loads, with the least cost of each total that they can have, from one on.

        Totals that only dearer rosters than the best one have are left out: a bound of the others
        is a bound.
        """
        program, goal, table = self.program, self.goal, self.table
        duties = program.cost[goal.level][self.cells.duty & (program.upper > 0)]
        if table is None or self.level.soften or not len(duties) or duties.min() <= 0:
            return []
        groups = list(groups_of(self.program, self.cells, goal.level))
        # The prices below are taken before what only a dearer roster would have to pay.
        room = self.cost - value_below(program, goal.level)
        found = []
        for group in groups:
            others = [
                g.officers for g in groups if g.days == group.days and g.officers != group.officers
            ]
            if any(group.officers & officers for officers in others):
                others = []
            least, most = table.duties_between(
                group.officers,
                others,
                group.days,
                self.budget,
                cost=room,
                a_duty=float(duties.min()),
            )
            if not np.isfinite([least, most]).all():  # none is cheaper, to within what floats tell
                continue
            # Loads that count only some of the duties, such as those at night, can be nothing.
            first = max(0, ceil(least - SLIP)) if group.whole else 0
            last = floor(min(most, room / duties.min()) + SLIP)
            if first <= last <= first + MOST_TOTALS:
                found.append((group, first, group.least(first, last)))
        return found


def from_prices(question: Question) -> Bound:
    """Every column at its cheapest: costs are never negative, so this needs no search."""
    program, goal = question.program, question.goal
    cost = program.cost[goal.level]
    cheapest = np.where(cost < 0, program.upper, program.lower)
    priced = cost != 0
    value = float(cost[priced] @ cheapest[priced]) + program.constant[goal.level]
    return Bound(value, "prices")


def from_missing_people(question: Question) -> Bound:
    """What people that counting misses leave empty or overdue costs, at its cheapest."""
    level = question.level
    if question.goal.level is not Level.SHORTAGE or not level.soften:
        return Bound(-np.inf, "missing-people")
    return Bound(float(of_missing_people(level.problem, level.rules)), "missing-people")


def from_counting(question: Question) -> Bound:
    """The patrols that the cadences need, times the people that the teams need; and shares that
    whole duties cannot meet.
    """
    if question.table is None or question.level.soften:
        return Bound(-np.inf, "counting")
    below = value_below(question.program, question.goal.level)
    if not np.isfinite(question.patrols):
        return Bound(-np.inf, "counting")
    unfair = sum(float(costs.min()) for _, _, costs in question.fair)
    value = min(below + question.patrols + unfair, question.cost)
    return Bound(value - SLIP * max(1.0, abs(value)), "counting")


def from_classes_of_days(question: Question) -> Bound:
    """The cheapest numbers of duties of each officer on days that ask the same.

    The linear relaxation of a program much smaller than the whole one, and nearly as high.
    """
    program, goal = question.program, question.goal
    if len(program.row_index) > MOST_ENTRIES:
        return Bound(-np.inf, "classes-of-days")
    kept = [
        highs.Cut(np.nonzero(cost)[0], -cost[cost != 0], program.constant[level] - most - SLIP)
        for level, most in goal.keep.items()
        if (cost := program.cost[level]).any()
    ]
    small = condensed(program, question.cells, question.level.problem)
    table, cuts = question.table, [*question.cuts, *kept]
    rounds = ROUNDS if question.led and not question.level.soften else 0
    value = -np.inf
    for left in reversed(range(rounds + 1)):
        found = small.relaxed(goal.level, question.budget, cuts)
        if found is None or not np.isfinite(found.bound):
            break
        gained, value = found.bound - value, max(value, found.bound)
        if not left or table is None or gained <= WORTH_A_ROUND * abs(value):
            break
        cuts.extend(question.cut_at(table.patrols_priced(found.worth)))
    return Bound(min(value, question.cost), "classes-of-days")


def from_linear_relaxation(question: Question) -> Bound:
    """The cheapest roster in which duties may be fractions, but fair loads may not be too fair.

    Nor may the duties cost less than whole patrols do.

    It holds for whole rosters and for formed teams too: both only add to what must hold, and team
    costs are never negative. Where areas are patrolled, days that ask the same tell as much in a
    fraction of the time.
    """
    program, goal = question.program, question.goal
    if len(program.row_index) > MOST_ENTRIES:
        return Bound(-np.inf, "linear-relaxation")
    answer = highs.linear_bound(
        program, goal.level, question.budget, keep=goal.keep, cuts=question.cuts
    )
    if answer.bound is None:
        return Bound(-np.inf, "linear-relaxation")
    return Bound(min(answer.bound, question.cost), "linear-relaxation")


Bounding = Callable[[Question], Bound]
AT_ONCE: tuple[Bounding, ...] = (from_prices, from_missing_people)
"""Told before anything is searched, however little time there is."""
QUICK: tuple[Bounding, ...] = (from_counting,)
CONDENSED: tuple[Bounding, ...] = (from_classes_of_days,)
LINEAR: tuple[Bounding, ...] = (from_linear_relaxation,)


def bounds_of(question: Question) -> list[tuple[Bounding, ...]]:
    """The bounds of a level in the order in which they are worked out."""
    if question.led:
        return [CONDENSED, QUICK]
    return [QUICK, CONDENSED if question.level.problem.areas else LINEAR]


def best_bound(question: Question, bounds: tuple[Bounding, ...]) -> Bound:
    """The highest of some bounds of a goal's first level."""
    return max((bound(question) for bound in bounds), key=lambda bound: bound.value)


def of_the_fewest_patrols(problem: Problem, rules: Sequence[Rule]) -> float:
    """What a complete roster costs at the least in fairness, told without any search.

    Every area has the patrols that its longest gaps cannot do without, each with the smallest of
    its teams, each member at the least that a duty costs anybody. Never below 0.
    """
    fewest = all(phase.patrol_count == "fewest" for phase in problem.rostered_phases)
    if not fewest or not any(isinstance(rule, Composition) for rule in rules):
        return 0.0
    dearer = {officer.id: 0.0 for officer in problem.officers}
    for rule in rules:
        if isinstance(rule, Effort) and rule.level == "fairness":
            for officer in rule.who(problem):
                dearer[officer.id] += float(rule.price)
    duties = (_fewest_duties(problem, rule) for rule in rules if isinstance(rule, CadenceRule))
    return max(duties, default=0) * min(dearer.values(), default=0.0)


def _fewest_duties(problem: Problem, rule: CadenceRule) -> int:
    duties = 0
    for span in rule.spans(problem):
        days = span.last - max(span.first, span.since) + 1
        teams = [
            problem.team(span.area, date, shift.id)
            for date in problem.dates[span.first : span.last + 1]
            for shift in problem.shifts
            if problem.patrols_allowed(span.area, date, shift.id)
        ]
        smallest = min((0 if team is None else team.size for team in teams), default=0)
        duties += max(0, days) // span.cadence.max_gap * smallest
    return duties
