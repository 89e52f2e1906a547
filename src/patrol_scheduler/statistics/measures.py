"""The measures of inequality, each as a plain formula over numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Numbers = Sequence[int | float | Fraction]


def gini(values: Numbers) -> float | None:
    """How unequal, from 0 (all equal) to (n - 1) / n (one has everything).

    sum_i sum_j |y_i - y_j| / (2 n^2 mean(y)) (Gini 1912), y >= 0; missing without values or when
    all are 0. Computed from the sorted values: sum_k (2 k - n - 1) y_(k) / (n sum y).
    """
    total, n = sum(values), len(values)
    if not total:
        return None
    ranked = sum((2 * k - n - 1) * y for k, y in enumerate(sorted(values), start=1))
    return float(ranked / (n * total))


def jain(values: Numbers) -> float | None:
    """How equal, from 1/n (one has everything) to 1 (all equal).

    (sum y)^2 / (n sum y^2) (Jain, Chiu, Hawe 1984, DEC-TR-301), y >= 0; missing without values or
    when all are 0.
    """
    squares = sum(y * y for y in values)
    if not squares:
        return None
    return float(sum(values) ** 2 / (len(values) * squares))


def variation(values: Numbers) -> float | None:
    """The coefficient of variation sigma / mu, from 0 (all equal) to sqrt(n - 1).

    sigma is over all values, not a sample; missing without values or when all are 0.
    """
    total, n = sum(values), len(values)
    if not total:
        return None
    squares = sum((n * y - total) ** 2 for y in values)
    return math.sqrt(squares / n) / float(total)


def leximax(values: Sequence[int]) -> list[int]:
    """The loads from the largest to the smallest.

    Of two rosters of the same plan, the fairer one has the smaller number in the first place where
    they differ (Timefold's definition of load balancing by leximax).
    """
    return sorted(values, reverse=True)
