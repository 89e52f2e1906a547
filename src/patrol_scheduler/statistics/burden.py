"""How hard the duties are, area by area: the burden of the shift times the factor of the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Duty, Roster
from patrol_scheduler.rules import BurdenShare, rules_of
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


def burden_of(problem: Problem, roster: Roster) -> dict[Duty, Fraction]:
    """What each duty of a roster weighs: the shift's ``burden`` (else 1) times the day's factor.

    The factors are those of the plan's rule ``burden-share``, by default 1 on working days, 2 on
    rest days and 3 on statutory holidays; outside the rostered phases a duty weighs 0.
    """
    rule = next((r for r in rules_of(problem) if isinstance(r, BurdenShare)), BurdenShare())
    turns = {(duty.date, duty.shift, duty.post) for duty in roster.duties}
    worth = {turn: rule.worth(problem, *turn) for turn in turns}
    return {duty: worth[duty.date, duty.shift, duty.post] for duty in roster.duties}


def area_burden(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How much of the hard duty lies in each area.

    One row per area and one for all (area ``""``); with ``by`` per rostered phase or month.
    ``duties``: officers on patrol there, each once a patrol; ``burden`` = sum over them of the
    shift's burden times the day's factor (:func:`burden_of`); ``mean_burden`` = burden / duties;
    ``burden_share`` of the burden of all areas, 0 to 1.
    """
    duties: Counter[tuple[str, str]] = Counter()
    burden: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for duty, weight in burden_of(problem, roster).items():
        period = period_of(problem, duty.date, by)
        if duty.area is None or period is None or problem.phase_on(duty.date) is None:
            continue
        for area in (duty.area, TOTAL):
            duties[period, area] += 1
            burden[period, area] += weight
    rows: list[Row] = [
        period_cell(by, period)
        | {
            "area": area,
            "duties": duties[period, area],
            "burden": float(burden[period, area]),
            "mean_burden": ratio(float(burden[period, area]), duties[period, area]),
            "burden_share": ratio(float(burden[period, area]), float(burden[period, TOTAL])),
        }
        for period in periods(problem, by)
        for area in (*problem.area_by_id, TOTAL)
    ]
    numbers = dict.fromkeys(("burden", "mean_burden", "burden_share"), "number")
    return frame(rows, period_column(by) | {"area": "text", "duties": "count"} | numbers)
