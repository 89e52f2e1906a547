"""How well a watcher could guess the next patrol of an area."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics.frames import (
    By,
    Row,
    frame,
    period_cell,
    period_column,
    periods,
    ratio,
)
from patrol_scheduler.statistics.gaps import Interval, intervals_of


def entropy(values: Sequence[Hashable]) -> float | None:
    """Shannon's entropy of the values' frequencies, in bits; missing without values."""
    if not values:
        return None
    n = len(values)
    return max(0.0, -sum(k / n * math.log2(k / n) for k in Counter(values).values()))


def conditional_entropy(values: Sequence[Hashable]) -> float | None:
    """H(next | one before), in bits, from the consecutive pairs; missing below two values."""
    pairs = list(pairwise(values))
    joint = entropy(pairs)
    first = entropy([before for before, _ in pairs])
    return None if joint is None or first is None else max(0.0, joint - first)


def growth(least: int, most: int) -> float:
    """The rho > 1 with sum of rho^-g = 1 over the gaps from ``least`` to ``most``; 1 for one gap.

    log2 rho is the most bits a day that any rule for the gaps can have: 0.4057 for gaps 2 and 3.
    """
    if most <= least:
        return 1.0
    low, high = 1.0, 2.0
    for _ in range(200):
        middle = (low + high) / 2
        if sum(middle**-gap for gap in range(least, most + 1)) > 1:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def predictability(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How random each area's patrols are against the most random rule that its window allows.

    One row per area with a gap between known patrols; with ``by`` per rostered phase or month, of
    the patrols in it and of the gaps that end in it.

    - ``gap_entropy`` = H(g_i+1 | g_i) in bits a patrol; ``day_entropy`` = the same / mean gap, bits
      a day; ``most_entropy`` = log2 rho of :func:`growth` for the window of the last gap;
      ``efficiency`` = day / most, 0 to about 1 (few gaps may go above); missing for a fixed gap.
    - ``weekday_entropy`` = H(weekday) / log2 7; ``shift_entropy`` = H(shift) / log2 (shifts); 0 to
      1; missing with one shift.
    - ``guess_same_gap``, ``guess_same_weekday``: how often "as the time before" hits the next gap,
      the next weekday; ``guess_first_order``: how often the best guess from the gap before does
      (judged on the same gaps, so that it flatters the watcher); ``guess_floor`` = rho^-g_min: what
      the best guess hits against the most random rule. 0 to 1, small is good.
    """
    known = {
        area.id: [i for i in intervals_of(problem, roster, area) if i.open == "no"]
        for area in problem.areas
    }
    went: dict[str, list[tuple[dt.date, str]]] = {area.id: [] for area in problem.areas}
    for patrol in sorted(roster.patrols, key=lambda p: (p.date, p.shift)):
        went[patrol.area].append((patrol.date, patrol.shift))
    rows: list[Row] = []
    for period, (first, last) in periods(problem, by).items():
        for area in problem.areas:
            found = [i for i in known[area.id] if first <= problem.date(i.counts_on) <= last]
            patrols = [turn for turn in went[area.id] if by is None or first <= turn[0] <= last]
            if found:
                rows.append(
                    period_cell(by, period)
                    | {"area": area.id, **_area_row(found, patrols, len(problem.shifts))}
                )
    columns = period_column(by) | {"area": "text", "gaps": "count"}
    numbers = (
        "gap_entropy",
        "day_entropy",
        "most_entropy",
        "efficiency",
        "weekday_entropy",
        "shift_entropy",
        "guess_same_gap",
        "guess_same_weekday",
        "guess_first_order",
        "guess_floor",
    )
    return frame(rows, columns | dict.fromkeys(numbers, "number"))


def _area_row(
    found: Sequence[Interval], patrols: Sequence[tuple[dt.date, str]], shifts: int
) -> Row:
    weekdays = [date.isoweekday() for date, _ in patrols]
    gaps = [i.days for i in found]
    bits = conditional_entropy(gaps)
    daily = None if bits is None else bits * len(gaps) / sum(gaps)
    rho = _growth(found[-1])
    most = math.log2(rho) if rho else None
    pairs = list(pairwise(gaps))
    return {
        "gaps": len(gaps),
        "gap_entropy": bits,
        "day_entropy": daily,
        "most_entropy": most,
        "efficiency": daily / most if daily is not None and most else None,
        "weekday_entropy": _over(entropy(weekdays), 7),
        "shift_entropy": _over(entropy([shift for _, shift in patrols]), shifts),
        "guess_same_gap": ratio(sum(a == b for a, b in pairs), len(pairs)),
        "guess_same_weekday": ratio(
            sum(a == b for a, b in pairwise(weekdays)), max(0, len(weekdays) - 1)
        ),
        "guess_first_order": _first_order(pairs),
        "guess_floor": rho ** -found[-1].stretch.min_gap(found[-1].counts_on) if rho else None,
    }


def _growth(last: Interval) -> float | None:
    day = last.counts_on
    longest = last.stretch.max_gap(day)
    return None if longest is None else growth(last.stretch.min_gap(day), longest)


def _over(bits: float | None, values: int) -> float | None:
    return bits / math.log2(values) if bits is not None and values > 1 else None


def _first_order(pairs: Sequence[tuple[int, int]]) -> float | None:
    following: dict[int, Counter[int]] = {}
    for before, after in pairs:
        following.setdefault(before, Counter())[after] += 1
    return ratio(sum(max(counts.values()) for counts in following.values()), len(pairs))
