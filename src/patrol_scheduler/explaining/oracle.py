"""Can these demands be met together? Asked of two solvers that work in different ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.witness import Name
from patrol_scheduler.rules import Columns, Limit, OneDutyADay
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.solver import cpsat, highs
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.program import Program, Vector

EFFORT = 20.0
"""CP-SAT's deterministic time for one question about a few days."""
SHARE = 0.25
"""How much of the time left one means may take before the other is asked."""

Found = tuple[Name, ...]
"""The single duties and patrols that a solution has."""
IMPOSSIBLE: Found = (("impossible",),)
"""Instead of a solution: there is none."""


class Oracle:
    """Answers whether a set of demands can be met, teams included.

    Besides the demands only facts hold that no rule could lift: an officer on patrol duty is in a
    patrol of that shift, and a patrol is one of an area.

    ``within`` are the first and the last of some days that all questions are about. Of what a limit
    allows at the most, such as duties in a month, only these days are then counted: what cannot be
    met so cannot be met at all, and a solution has to be held against the whole limits.
    """

    def __init__(
        self, demands: Demands, budget: Budget, within: tuple[int, int] | None = None
    ) -> None:
        self._demands, self._budget, self.within = demands, budget, within
        self._inside: dict[int, tuple[Limit, ...]] = {}

    def possible(self, asked: Sequence[Demand], *, effort: float = EFFORT) -> bool | None:
        """Whether a solution is found, which is held against every row, or shown not to exist.

        ``None`` where that cannot be told in the time.
        """
        found = self.solution(asked, effort=effort)
        return None if found is None else found is not IMPOSSIBLE

    def solution(self, asked: Sequence[Demand], *, effort: float = EFFORT) -> Found | None:
        """A solution, held against every row; ``IMPOSSIBLE`` where it is shown that none exists.

        Asked of HiGHS, whose linear programs see at once what counting shows, and where it cannot
        tell in its share of the time, of CP-SAT with this ``effort``. One worker, because an answer
        "infeasible" of many was seen to be wrong. ``None`` where neither can tell.
        """
        program, teams = self._built(asked)
        if program.contradicts_itself:
            return IMPOSSIBLE
        left, whole = self._budget.left(), program.whole()
        answers: tuple[Callable[[], cpsat.Answer | highs.Answer], ...] = (
            lambda: highs.search(whole, {}, self._budget, seconds=SHARE * left),
            lambda: cpsat.search(
                whole, None, self._budget, seconds=SHARE * left, effort=effort, presolve=False
            ),
        )
        for ask in answers:
            answer = ask()
            if answer.status == "infeasible":
                return IMPOSSIBLE
            if answer.x is not None and program.keeps(answer.x):
                return tuple(teams.duties(program, answer.x))
        return None

    def impossible(self, asked: Sequence[Demand]) -> bool:
        """Whether CP-SAT shows that the demands cannot be met together.

        First without presolve, whose answers were seen to blame what is not to blame; with it where
        that takes too long.
        """
        program = self.program(asked)
        if program.contradicts_itself:
            return True
        return any(
            cpsat.search(
                program.whole(),
                None,
                self._budget,
                seconds=share * self._budget.left(),
                presolve=presolve,
            ).status
            == "infeasible"
            for presolve, share in ((False, SHARE), (True, 1.0))
        )

    def impossible_too(self, asked: Sequence[Demand]) -> bool:
        """Whether HiGHS, by branch and bound over linear programs, shows it in half the time."""
        program = self.program(asked)
        if program.contradicts_itself:
            return True
        return highs.is_infeasible(program, self._budget, self._budget.left() / 2)

    def refuted(self, asked: Sequence[Demand]) -> bool:
        """Whether HiGHS shows at the first node that the demands cannot be met."""
        program = self.program(asked)
        if program.contradicts_itself:
            return True
        answer = highs.search(
            program.whole(), {}, self._budget, seconds=self._budget.left(), nodes=1, quick=True
        )
        return answer.status == "infeasible"

    def program(self, asked: Sequence[Demand]) -> Program:
        """The demands as a program of their own, over no more columns than they need."""
        return self._built(asked)[0]

    def _built(self, asked: Sequence[Demand]) -> tuple[Program, _Teams]:
        columns = Columns(self._demands.problem)
        builder = Builder(columns, soften=False)
        for demand in asked:
            if not demand.team:
                builder.add(self._moved(limit, columns) for limit in self._limits(demand))
        teams = _Teams(self._demands, columns, builder)
        if not any(demand.summed for demand in asked):
            teams.add(asked)
        return builder.build(), teams

    def _limits(self, demand: Demand) -> tuple[Limit, ...]:
        """The limits of a demand, without what the days asked about can do without."""
        if self.within is None or (
            self.within[0] <= demand.first and demand.last <= self.within[1]
        ):
            return demand.limits
        known = self._inside.get(id(demand))
        if known is None:
            known = self._inside[id(demand)] = tuple(map(self._cut, demand.limits))
        return known

    def _cut(self, limit: Limit) -> Limit:
        if self.within is None or limit.at_least is not None:
            return limit
        start, end = self.within
        kept = []
        for column, weight in limit.terms:
            first, last = self._demands.days_of(column)
            if weight < 0 or (first <= end and start <= last):
                kept.append((column, weight))
        return Limit(kept, at_most=limit.at_most, level=limit.level, above=limit.above)

    def _moved(self, limit: Limit, columns: Columns) -> Limit:
        terms = [(columns.like(self._demands.columns, c), w) for c, w in limit.terms]
        return Limit(terms, limit.at_least, limit.at_most, limit.level)


class _Teams:
    """Adds who sits in which patrol, as numbers of each kind of officer.

    Officers of one shift whom no asked demand tells apart are of one kind. Those who are asked to
    have one duty a day sit in one patrol; the others may sit in several at once.
    """

    def __init__(self, demands: Demands, columns: Columns, builder: Builder) -> None:
        self._demands, self._columns, self._builder = demands, columns, builder
        self._kinds: dict[tuple[int, int, str], list[str]] = {}
        self._left_out: dict[tuple[int, str], list[str]] = {}

    def duties(self, program: Program, x: Vector) -> Iterator[Name]:
        """The single duties of a solution: every officer of a kind with a seat of its own."""
        names = program.columns.names
        free: dict[tuple[int, int, str], list[str]] = {}
        unseated: dict[tuple[str, int, str], None] = {}
        yes = [names[c] for c in np.nonzero(x[: len(names)] > 0.5)[0].tolist()]
        on = {name for name in yes if name[0] == "on"}
        for name in yes:
            match name:
                case ("on", str(officer), int(day), str(shift), None):
                    yield name
                    unseated[officer, day, shift] = None
                case ("on" | "patrol", *_):
                    yield name
        for column, name in enumerate(names):
            if name[0] != "seats" or x[column] < 0.5:
                continue
            k, area, day, shift = int(str(name[1])), name[2], int(str(name[3])), str(name[4])
            kind = (k, day, shift)
            if kind not in free:
                free[kind] = [o for o in self._kinds[kind] if ("on", o, day, shift, None) in on]
            # In turn, so that everybody has a seat before anybody has a second one.
            for _ in range(round(x[column])):
                officer = free[kind].pop(0)
                free[kind].append(officer)
                unseated.pop((officer, day, shift), None)
                yield ("member", officer, area, day, shift)
        for officer, day, shift in unseated:
            # In a patrol that no asked demand speaks of; where demands are about all of a shift's
            # patrols together, in one of those.
            patrolled = (str(n[1]) for n in yes if n[0] == "patrol" and n[2:] == (day, shift))
            for area in self._left_out.get((day, shift), patrolled):
                yield ("member", officer, area, day, shift)
                yield ("patrol", area, day, shift)
                break

    def add(self, asked: Sequence[Demand]) -> None:
        """Add the seats of every shift that the demands touch."""
        single = {
            (str(d.subject.officer), d.first) for d in asked if isinstance(d.rule, OneDutyADay)
        }
        teams: dict[tuple[int, str], dict[str, list[Limit]]] = {}
        for demand in asked:
            if demand.team:
                shift = (demand.first, str(demand.subject.shift))
                area = str(demand.subject.area)
                teams.setdefault(shift, {}).setdefault(area, []).extend(demand.limits)
        on: dict[tuple[int, str], list[str]] = {}
        patrols: dict[tuple[int, str], list[str]] = {}
        for name in list(self._columns.names):
            match name:
                case ("on", str(officer), int(day), str(shift_id), None):
                    on.setdefault((day, shift_id), []).append(officer)
                case ("patrol", str(area), int(day), str(shift_id)):
                    patrols.setdefault((day, shift_id), []).append(area)
        for key in sorted(on.keys() | patrols.keys() | teams.keys()):
            limits = teams.get(key, {})
            areas = list(dict.fromkeys([*patrols.get(key, ()), *limits]))
            seated = {name for members in limits.values() for name in self._named(members)}
            officers = list(dict.fromkeys([*on.get(key, ()), *sorted(seated)]))
            self._add_shift(key, officers, areas, limits, single)

    def _named(self, limits: Iterable[Limit]) -> Iterable[str]:
        names = self._demands.columns.names
        return (
            str(names[column][1])
            for limit in limits
            for column, _ in limit.terms
            if names[column][0] == "member"
        )

    def _add_shift(
        self,
        key: tuple[int, str],
        officers: list[str],
        areas: list[str],
        limits: dict[str, list[Limit]],
        single: set[tuple[str, int]],
    ) -> None:
        day, shift = key
        columns, names = self._columns, self._demands.columns.names
        marks: dict[str, list[object]] = {o: [(o, day) in single] for o in officers}
        weighed: list[tuple[str, Limit, dict[str, Number], Number]] = []
        for area, members in limits.items():
            for limit in members:
                weights: dict[str, Number] = {}
                asked: Number = 0
                for column, weight in limit.terms:
                    if names[column][0] == "member":
                        weights[str(names[column][1])] = weight
                    else:
                        asked += weight
                weighed.append((area, limit, weights, asked))
                for officer, mark in marks.items():
                    mark.append(weights.get(officer, 0))
        kinds: dict[tuple[object, ...], list[str]] = {}
        for officer, mark in marks.items():
            kinds.setdefault(tuple(mark), []).append(officer)
        seats: dict[tuple[int, str], int] = {}
        left_out = [a.id for a in self._demands.problem.areas if a.id not in set(areas)]
        self._left_out[key], elsewhere = left_out, bool(left_out)
        for k, (mark_, members_) in enumerate(kinds.items()):
            self._kinds[k, day, shift] = members_
            on = tuple(columns.on(officer, day, shift) for officer in members_)
            for area in areas:
                name = ("seats", k, area, day, shift)
                seat = self._builder.count(name, len(members_), on)
                seats[k, area] = seat
                patrol = columns.patrol(area, day, shift)
                self._builder.add([Limit([(seat, 1), (patrol, -len(members_))], at_most=0)])
            seated: list[tuple[int, Number]] = [(seats[k, area], 1) for area in areas]
            duties: list[tuple[int, Number]] = [(column, -1) for column in on]
            if mark_[0]:
                # In one patrol each; where areas are left out, perhaps in one of those.
                self._builder.add(
                    [Limit(seated + duties, at_least=None if elsewhere else 0, at_most=0)]
                )
            else:
                self._builder.add([Limit([seat_, *duties], at_most=0) for seat_ in seated])
                if not elsewhere:
                    self._builder.add([Limit(seated + duties, at_least=0)])
        for area, limit, weights, asked in weighed:
            terms: list[tuple[int, Number]] = [
                (seats[k, area], weights[people[0]])
                for k, people in enumerate(kinds.values())
                if weights.get(people[0])
            ]
            if asked:
                terms.append((columns.patrol(area, day, shift), asked))
            self._builder.add([Limit(terms, limit.at_least, limit.at_most, limit.level)])
