"""How fair whole duties can be: worked out, and tried out."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from patrol_scheduler.solver.fair_loads import Group, hull

NOBODY: frozenset[int] = frozenset()


def group(
    shares: list[float],
    below: float = 2.0,
    above: float = 2.0,
    offset: list[float] | None = None,
) -> Group:
    n = len(shares)
    return Group(
        total=0,
        share=np.array(shares),
        offset=np.zeros(n) if offset is None else np.array(offset),
        below=np.full(n, below),
        above=np.full(n, above),
        officers=NOBODY,
        days=NOBODY,
        whole=True,
        slacks=np.zeros(0, dtype=np.int64),
    )


def tried(given: Group, total: int) -> float:
    """The least cost of all ways to share out ``total`` duties."""
    n, best = len(given.share), float("inf")
    for loads in product(range(total + 1), repeat=n - 1):
        last = total - sum(loads)
        if last < 0:
            continue
        miss = np.array([*loads, last]) - given.share * total - given.offset
        cost = float(np.where(miss > 0, given.above * miss, -given.below * miss).sum())
        best = min(best, cost)
    return best


def test_three_officers_share_ten_duties_with_one_third_and_two_thirds_missing() -> None:
    # 3.33 each: 3, 3 and 4 duties miss by 1/3 + 1/3 + 2/3 at 2 a duty.
    assert group([1 / 3] * 3).least(10, 10)[0] == pytest.approx(8 / 3)
    assert group([1 / 3] * 3).least(9, 9)[0] == pytest.approx(0.0)


@pytest.mark.parametrize("seed", range(30))
def test_the_least_unfairness_is_that_of_all_ways_to_share(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    days = [rng.randint(0, 9) for _ in range(rng.randint(1, 4))]
    shares = [d / sum(days) for d in days] if sum(days) else [1.0, *([0.0] * (len(days) - 1))]
    given = group(shares, below=rng.choice([1.0, 2.0]), above=rng.choice([2.0, 3.0]))
    for total, least in enumerate(given.least(0, 8)):
        assert least == pytest.approx(tried(given, total), abs=1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_the_least_unfairness_counts_what_was_before_and_is_never_more_than_the_truth(
    seed: int,
) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    n = rng.randint(2, 4)
    brought = [rng.choice([0.0, 0.5, 1.0, 2.0, 3.5]) for _ in range(n)]
    # The target is the share of everything less what was brought.
    given = group([1 / n] * n, offset=[sum(brought) / n - b for b in brought])
    for total, least in enumerate(given.least(0, 10)):
        truth = tried(given, total)
        assert least <= truth + 1e-6
        if all(sum(brought) / n + total / n >= b for b in brought):  # nobody owes less than nothing
            assert least == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_the_hull_is_convex_below_every_cost_and_touches_the_ends(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    costs = np.array([rng.randint(0, 9) for _ in range(rng.randint(1, 8))], dtype=float)
    lines = hull(5, costs)
    value = [max(slope * t + start for slope, start in lines) for t in range(5, 5 + len(costs))]
    assert all(v <= c + 1e-9 for v, c in zip(value, costs, strict=True))
    assert value[0] == pytest.approx(costs[0])
    assert value[-1] == pytest.approx(costs[-1])
    assert [slope for slope, _ in lines] == sorted(slope for slope, _ in lines)
