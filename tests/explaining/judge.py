"""An independent judge of clashing demands: officer by officer and patrol by patrol, in one model.

Where the library counts officers by kind and looks at windows of days, this model has one yes/no
variable for each officer in each patrol and knows no shortcut.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from patrol_scheduler.explaining import Demand, Demands
from patrol_scheduler.rules import Columns, OneDutyADay
from patrol_scheduler.solver.highs import QuietHighs


class Judge:
    """Whether demands can be met, by HiGHS over single officers."""

    def __init__(self, demands: Demands) -> None:
        self._demands, self._problem = demands, demands.problem
        self._names: dict[tuple[object, ...], int] = {}
        self._rows: list[tuple[list[tuple[int, float]], float, float]] = []
        self._upper: list[float] = []

    def possible(self, asked: Sequence[Demand]) -> bool:
        self._names, self._rows, self._upper = {}, [], []
        for demand in asked:
            if isinstance(demand.rule, OneDutyADay):
                self._one_duty(str(demand.subject.officer), demand.first)
                continue
            assert not demand.summed
            for limit in demand.limits:
                terms = [(self._of(column), float(weight)) for column, weight in limit.terms]
                low = -np.inf if limit.at_least is None else float(limit.at_least)
                high = np.inf if limit.at_most is None else float(limit.at_most)
                self._row(terms, low, high)
        self._facts()
        return self._solved()

    def _row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        self._rows.append((terms, low, high))

    def _column(self, name: tuple[object, ...], upper: float = 1) -> int:
        if name not in self._names:
            self._names[name] = len(self._upper)
            self._upper.append(upper)
        return self._names[name]

    def _of(self, column: int) -> int:
        columns = self._demands.columns
        if column == Columns.NO:
            return self._column(("no",), 0)
        if column == Columns.YES:
            yes = self._column(("yes",))
            self._row([(yes, 1)], 1, 1)
            return yes
        if column in columns.any_parts:
            parts = [self._of(part) for part in columns.any_parts[column]]
            mine = self._column(columns.names[column])
            self._row([*((part, 1.0) for part in parts), (mine, -1)], 0, np.inf)
            for part in parts:
                self._row([(part, 1), (mine, -1)], -np.inf, 0)
            return mine
        if column in columns.sum_parts:
            terms = [(self._of(part), float(w)) for part, w in columns.sum_parts[column]]
            mine = self._column(columns.names[column], 1e6)
            self._row([*terms, (mine, -1)], 0, 0)
            return mine
        return self._column(columns.names[column])

    def _one_duty(self, officer: str, day: int) -> None:
        turns = [
            (self._column(("member", officer, area.id, day, shift.id)), 1.0)
            for area in self._problem.areas
            for shift in self._problem.shifts
        ]
        turns += [
            (self._column(("on", officer, day, shift.id, post.id)), 1.0)
            for post in self._problem.posts
            for shift in self._problem.shifts
        ]
        self._row(turns, -np.inf, 1)

    def _facts(self) -> None:
        """An officer on patrol duty is in some patrol, and a patrol with officers takes place."""
        for name in [n for n in self._names if n[0] in ("on", "member")]:
            if name[0] == "on" and name[4] is not None:
                continue
            officer, day, shift = name[1], name[-2 if name[0] == "on" else 3], name[-1]
            if name[0] == "on":
                day, shift = name[2], name[3]
            duty = self._column(("on", officer, day, shift, None))
            seats = [
                self._column(("member", officer, area.id, day, shift))
                for area in self._problem.areas
            ]
            self._row([*((seat, 1.0) for seat in seats), (duty, -1)], 0, np.inf)
            for seat in seats:
                self._row([(seat, 1), (duty, -1)], -np.inf, 0)
        for name in [n for n in self._names if n[0] == "member"]:
            patrol = self._column(("patrol", name[2], name[3], name[4]))
            self._row([(self._names[name], 1), (patrol, -1)], -np.inf, 0)

    def _solved(self) -> bool:
        solver = QuietHighs()  # type: ignore[no-untyped-call]  # HiGHS has no types
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self._upper), len(self._rows)
        lp.col_cost_ = [0.0] * len(self._upper)
        lp.col_lower_, lp.col_upper_ = [0.0] * len(self._upper), self._upper
        lp.row_lower_ = [low for _, low, _ in self._rows]
        lp.row_upper_ = [high for _, _, high in self._rows]
        start, index, value = [0], [], []
        for terms, _, _ in self._rows:
            merged: dict[int, float] = {}
            for column, weight in terms:
                merged[column] = merged.get(column, 0.0) + weight
            index += list(merged)
            value += list(merged.values())
            start.append(len(index))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self._upper)
        solver.passModel(lp)
        solver.run()
        status = solver.getModelStatus()
        known = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        assert status in known or len(self._rows) == 0, status
        return status != highspy.HighsModelStatus.kInfeasible
