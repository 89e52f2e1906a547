"""Whose duties, which days and which patrols the columns of a program are about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.solver.program import Indices, Mask, Program


@dataclass(frozen=True)
class Cells:
    """Where the columns of a program lie.

    ``duty`` marks duties, ``patrol_duty`` those on patrol, ``patrol`` patrols of areas, ``own``
    whatever one officer has on a day: duties and days of rest; ``day``,
    ``officer`` and ``area`` hold their day and their places in the problem's lists, or -1.
    ``owner`` and ``owner_day`` say so of every column about one officer's day, also of those that
    follow from duties; ``whole_day`` marks the ones that stand for all duties of the day.
    """

    duty: Mask
    patrol_duty: Mask
    patrol: Mask
    own: Mask
    day: Indices
    officer: Indices
    area: Indices
    owner: Indices
    owner_day: Indices
    whole_day: Mask


def cells_of(program: Program, problem: Problem) -> Cells:
    """Where the decided columns of a program lie."""
    width = program.width
    duty, patrol_duty, patrol, own, whole = (np.zeros(width, dtype=bool) for _ in range(5))
    day, officer, area, owner, owner_day = (np.full(width, -1, dtype=np.int64) for _ in range(5))
    officers = {o.id: i for i, o in enumerate(problem.officers)}
    areas = {a.id: i for i, a in enumerate(problem.areas)}
    for column, name in enumerate(program.columns.names):
        if name[0] in ("on", "works", "in-shift"):
            owner[column], owner_day[column] = officers[str(name[1])], int(str(name[2]))
            if name[0] == "on":
                duty[column], patrol_duty[column] = True, name[4] is None
                day[column], officer[column] = owner_day[column], owner[column]
            whole[column] = name[0] == "works"
        elif name[0] == "rest":
            own[column] = True
            day[column], officer[column] = int(str(name[2])), officers[str(name[1])]
        elif name[0] == "patrol":
            patrol[column] = True
            day[column], area[column] = int(str(name[2])), areas[str(name[1])]
    return Cells(duty, patrol_duty, patrol, own | duty, day, officer, area, owner, owner_day, whole)
