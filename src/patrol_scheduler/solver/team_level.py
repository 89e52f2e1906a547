"""The team level: one shift's people on duty put into that shift's patrols.

Officers whom no team rule of the shift tells apart form a kind; teams are formed of numbers of each
kind, and only then of people. A shift whose people cannot be put into teams is given back to the
roster level as exact rows over the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Member, Role
from patrol_scheduler.rules import Columns, Level, Limit, Rule, TeamRule
from patrol_scheduler.rules.base import Number
from patrol_scheduler.solver.program import Builder

# A shift has few patrols and few kinds; a search that takes longer than this is not one of them.
EFFORT = 10.0
SCALE = 1000


@dataclass(frozen=True, slots=True)
class Ask:
    """A limit on one patrol, over numbers of each kind."""

    weights: tuple[Number, ...]
    at_least: Number | None
    at_most: Number | None
    price: Number | None


@dataclass(frozen=True, slots=True)
class ShiftTeams:
    """What the team rules ask of the patrols of one shift, with officers grouped into kinds."""

    day: int
    shift: str
    kinds: tuple[tuple[str, ...], ...]
    asks: Mapping[str, tuple[Ask, ...]]

    def kind_of(self) -> dict[str, int]:
        """The kind of each officer."""
        return {officer: k for k, officers in enumerate(self.kinds) for officer in officers}


class TeamLevel:
    """Forms the patrols of a problem shift by shift."""

    def __init__(self, problem: Problem, rules: Sequence[Rule]) -> None:
        self._problem = problem
        self._rules = tuple(rule for rule in rules if isinstance(rule, TeamRule))
        self._shifts: dict[tuple[int, str], ShiftTeams] = {}
        self._formed: dict[object, tuple[tuple[int, ...], ...] | None] = {}

    def shift_teams(self, day: int, shift: str) -> ShiftTeams:
        """What is asked of the patrols of a shift."""
        found = self._shifts.get((day, shift))
        if found is None:
            found = self._shifts[day, shift] = self._grouped(day, shift)
        return found

    def _grouped(self, day: int, shift: str) -> ShiftTeams:
        problem, columns = self._problem, Columns(self._problem)
        date = problem.date(day)
        areas = [area.id for area in problem.areas if problem.patrols_allowed(area.id, date, shift)]
        limits: dict[str, list[tuple[Limit, dict[str, Number], Number]]] = {}
        marks: dict[str, list[object]] = {officer.id: [] for officer in problem.officers}
        for area in areas:
            patrol = columns.patrol(area, day, shift)
            member = {columns.member(o, area, day, shift): o for o in marks}
            for rule in self._rules:
                for limit in rule.team_limits(problem, columns, area, day, shift):
                    weights = {member[c]: w for c, w in limit.terms if c in member}
                    asked = sum((w for c, w in limit.terms if c == patrol), 0)
                    limits.setdefault(area, []).append((limit, weights, asked))
                    for officer, mark in marks.items():
                        mark.append(weights.get(officer, 0))
        kinds: dict[tuple[object, ...], list[str]] = {}
        for officer, mark in marks.items():
            kinds.setdefault(tuple(mark), []).append(officer)
        grouped = tuple(tuple(officers) for officers in kinds.values())
        return ShiftTeams(
            day,
            shift,
            grouped,
            {
                area: tuple(
                    Ask(
                        tuple(weights.get(officers[0], 0) for officers in grouped),
                        None if limit.at_least is None else limit.at_least - asked,
                        None if limit.at_most is None else limit.at_most - asked,
                        limit.below if limit.level is Level.SHORTAGE else None,
                    )
                    for limit, weights, asked in asks
                )
                for area, asks in limits.items()
            },
        )

    def form(
        self, day: int, shift: str, officers: Sequence[str], areas: Sequence[str], *, short: bool
    ) -> dict[str, list[str]] | None:
        """The people on duty in a shift put into its patrols, or ``None`` where they do not fit.

        With ``short`` an ask may be missed at its price and people may be sent home; the cheapest
        teams are formed.
        """
        teams = self.shift_teams(day, shift)
        kind_of = teams.kind_of()
        present: list[list[str]] = [[] for _ in teams.kinds]
        for officer in officers:
            present[kind_of[officer]].append(officer)
        counts = tuple(len(people) for people in present)
        asks = tuple(teams.asks.get(area, ()) for area in areas)
        key = (counts, asks, short)
        if key not in self._formed:
            self._formed[key] = _numbers(counts, asks, short=short)
        numbers = self._formed[key]
        if numbers is None:
            return None
        formed: dict[str, list[str]] = {area: [] for area in areas}
        for place, people in enumerate(present):
            given = iter(people)
            for area, row in zip(areas, numbers, strict=True):
                formed[area] += [next(given) for _ in range(row[place])]
        return formed

    def add_exactly(self, builder: Builder, columns: Columns, day: int, shift: str) -> None:
        """Add a shift's team rules to a program as they are, over numbers of each kind."""
        teams = self.shift_teams(day, shift)
        seats: dict[tuple[int, str], int] = {}
        for k, officers in enumerate(teams.kinds):
            on = tuple(columns.on(officer, day, shift) for officer in officers)
            for area in teams.asks:
                name = ("seats", k, area, day, shift)
                seats[k, area] = builder.count(name, len(officers), on)
            terms = [(seats[k, area], 1) for area in teams.asks]
            builder.add([Limit([*terms, *((c, -1) for c in on)], at_least=0, at_most=0)])
        for area in teams.asks:
            patrol = columns.patrol(area, day, shift)
            member = {
                columns.member(officers[0], area, day, shift): seats[k, area]
                for k, officers in enumerate(teams.kinds)
            }
            for rule in self._rules:
                for limit in rule.team_limits(self._problem, columns, area, day, shift):
                    kept = [
                        (member.get(c, c), w) for c, w in limit.terms if c in member or c == patrol
                    ]
                    builder.add(
                        [
                            Limit(
                                kept,
                                limit.at_least,
                                limit.at_most,
                                limit.level,
                                limit.below,
                                limit.above,
                            )
                        ]
                    )


def _numbers(
    counts: tuple[int, ...], asks: tuple[tuple[Ask, ...], ...], *, short: bool
) -> tuple[tuple[int, ...], ...] | None:
    """How many of each kind go into each patrol, or ``None`` where there is no way."""
    if len(asks) == 1 and not short:
        return (counts,) if all(_met(ask, counts) for ask in asks[0]) else None
    model = cp_model.CpModel()
    seats = [[model.new_int_var(0, n, "") for n in counts] for _ in asks]
    missed = []
    for place, n in enumerate(counts):
        given = cp_model.LinearExpr.sum([row[place] for row in seats])
        if short:
            model.add(given <= n)
            # A person sent home is a loss, however small, so that nobody is without a reason.
            missed.append(n - given)
        else:
            model.add(given == n)
    for row, patrol_asks in zip(seats, asks, strict=True):
        for ask in patrol_asks:
            have = cp_model.LinearExpr.weighted_sum(row, [int(w) for w in ask.weights])
            if ask.at_most is not None:
                model.add(have <= int(ask.at_most))
            if ask.at_least is not None and ask.price is not None and short:
                lack = model.new_int_var(0, max(0, int(ask.at_least)), "")
                model.add(have + lack >= int(ask.at_least))
                missed.append(lack * round(ask.price * SCALE))
            elif ask.at_least is not None:
                model.add(have >= int(ask.at_least))
    if short:
        model.minimize(cp_model.LinearExpr.sum(missed))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = EFFORT
    solver.parameters.catch_sigint_signal = False
    if solver.status_name(solver.solve(model)) not in ("OPTIMAL", "FEASIBLE"):
        return None
    return tuple(tuple(solver.value(seat) for seat in row) for row in seats)


def _met(ask: Ask, counts: tuple[int, ...]) -> bool:
    have = sum(w * n for w, n in zip(ask.weights, counts, strict=True))
    return (ask.at_least is None or have >= ask.at_least) and (
        ask.at_most is None or have <= ask.at_most
    )


class Roles:
    """Gives out the roles of each patrol so that nobody always leads or always drives."""

    def __init__(self, problem: Problem) -> None:
        self._officers = problem.officer_by_id
        self._led: dict[str, int] = dict.fromkeys(self._officers, 0)
        self._driven: dict[str, int] = dict.fromkeys(self._officers, 0)

    def members(self, team: Sequence[str]) -> tuple[Member, ...]:
        """The team with its roles, leader first."""
        leaders = [o for o in team if self._officers[o].leader]
        leader = min(leaders, key=lambda o: (self._led[o], o), default=None)
        drivers = [o for o in team if self._officers[o].driver]
        # Whoever leads drives only where nobody else can.
        driver = min(drivers, key=lambda o: (o == leader, self._driven[o], o), default=None)
        if leader is not None:
            self._led[leader] += 1
        if driver is not None:
            self._driven[driver] += 1

        def role(officer: str) -> Role:
            if officer == leader:
                return "leader-driver" if officer == driver else "leader"
            return "driver" if officer == driver else "member"

        order = {"leader": 0, "leader-driver": 0, "driver": 1, "member": 2}
        members = [Member(officer=officer, role=role(officer)) for officer in team]
        return tuple(sorted(members, key=lambda m: order[m.role]))
