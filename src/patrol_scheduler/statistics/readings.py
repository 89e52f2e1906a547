"""What the cadences of a plan ask, before anything is rostered."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.statistics.frames import Row, frame


def cadence_readings(problem: Problem) -> pd.DataFrame:
    """Which cadence applies to each area in each rostered phase, and how its days are counted.

    ``counted`` names the reading of "every 2-3 days" (see :class:`Cadence`); ``min_gap`` and
    ``max_gap`` are the allowed differences of two consecutive patrol dates in days.
    """
    rows: list[Row] = []
    for phase in problem.rostered_phases:
        for area in problem.areas:
            cadence = problem.cadence(phase.id, area.id)
            if cadence is not None and (not phase.areas or area.id in phase.areas):
                rows.append(
                    {
                        "phase": phase.id,
                        "area": area.id,
                        "min_days": cadence.min_days,
                        "max_days": cadence.max_days,
                        "counted": cadence.counted,
                        "min_gap": cadence.min_gap,
                        "max_gap": cadence.max_gap,
                    }
                )
    return frame(
        rows,
        {
            "phase": "text",
            "area": "text",
            "min_days": "count",
            "max_days": "count",
            "counted": "text",
            "min_gap": "count",
            "max_gap": "count",
        },
    )


def cadence_density(problem: Problem) -> pd.DataFrame:
    """How many patrols a day the cadences ask for, at least and on average, in each phase.

    ``density`` = sum over the areas of 1 / g_max, in patrols a day, from 0; ``most_density`` = the
    same with 1 / g_min. ``patrols_a_day`` = density rounded up: in a long phase some days must have
    so many. ``one_a_day``: whether one patrol a day can serve all areas: no if density > 1; yes if
    density <= 5/6 and no area has a smallest gap above 1 (pinwheel scheduling: Kawamura 2024);
    missing where neither is known.
    """
    rows: list[Row] = []
    for phase in problem.rostered_phases:
        found = [
            problem.cadence(phase.id, area.id)
            for area in problem.areas
            if not phase.areas or area.id in phase.areas
        ]
        kept = [cadence for cadence in found if cadence is not None]
        density = sum((Fraction(1, cadence.max_gap) for cadence in kept), Fraction(0))
        most = sum((Fraction(1, cadence.min_gap) for cadence in kept), Fraction(0))
        one: bool | None = None
        if density > 1:
            one = False
        elif density <= Fraction(5, 6) and all(cadence.min_gap == 1 for cadence in kept):
            one = True
        rows.append(
            {
                "phase": phase.id,
                "areas": len(kept),
                "density": float(density),
                "most_density": float(most),
                "patrols_a_day": math.ceil(density),
                "one_a_day": one,
            }
        )
    return frame(
        rows,
        {
            "phase": "text",
            "areas": "count",
            "density": "number",
            "most_density": "number",
            "patrols_a_day": "count",
            "one_a_day": "flag",
        },
    )
