"""What it costs at the least that people are missing, told by counting alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import CadenceRule, Rule
from patrol_scheduler.rules.limits import exact
from patrol_scheduler.rules.team import CountingRule
from patrol_scheduler.solver.most_duties import Counts
from patrol_scheduler.solver.weighing import RULE_OF, Weighed, Weighing

MOST = 2**61
"""No sum of prices of a stretch may be larger."""


def of_missing_people(problem: Problem, rules: Sequence[Rule]) -> Fraction:
    """What people missing cost any roster at the least, in prices of shortage.

    Stretches of days that share no day lack people by themselves, so what they cost adds up; of all
    ways to choose such stretches the dearest counts. No other shortage takes anything off: none has
    a price below 0.
    """
    weighing = Weighing(problem)
    overdue = sum((exact(r.price) for r in rules if isinstance(r, CadenceRule)), Fraction(0))
    prices = {kind: _price(rules, kind) for kind in RULE_OF.values()}
    short = [
        (prices[RULE_OF[group]], (group, agency))
        for group, agency in (weighing.groups() if weighing.asked and overdue else ())
        if prices[RULE_OF[group]]
    ]
    scale = lcm(overdue.denominator, *(price.denominator for price in prices.values()))
    # All of it is counted in whole numbers of 64 bits: finer prices are rounded down.
    widest = [
        weighing.weighed(*group, whole=whole) for _, group in short for whole in (False, True)
    ]
    dearest = sum(price for price, _ in short) * max(
        (int(w.needed.max()) for w in widest), default=0
    )
    scale = min(scale, max(1, MOST // dearest)) if dearest else scale
    groups = [(int(scale * price), group) for price, group in short]
    best = 0
    # An officer whom the size of a patrol lacks is one whom its agencies lack: it costs once.
    for other in ("members", "officers"):
        together = [one for one in groups if one[1][0] != other]
        if not together:
            continue
        near, whole = (
            _least(
                [(price, weighing.weighed(*group, whole=whole)) for price, group in together],
                int(scale * overdue),
            )
            for whole in (False, True)
        )
        best = max(best, _dearest(near, whole, len(problem.dates)))
    return Fraction(best, scale)


def _price(rules: Sequence[Rule], kind: type[Rule]) -> Fraction:
    """What a seat costs that rules of one kind find empty, each by itself."""
    mine = (rule for rule in rules if type(rule) is kind and isinstance(rule, CountingRule))
    return sum((exact(rule.price) for rule in mine), Fraction(0))


def _least(groups: Sequence[tuple[int, Weighed]], overdue: int) -> Counts:
    """What each stretch costs at the least that lacks people of groups, each with its price.

    An area has to be patrolled once in each longest gap, else it is overdue on the gap's last day.
    So each patrol left out costs ``overdue`` at the least, and spares a group no more duties than
    any one patrol lacks or needs. What is then still lacking stays empty, each seat at the group's
    price. Whatever number of patrols is left out, it costs at least the least of these sums. Groups
    are told short one by one, so that their prices add up.
    """
    prices = np.array([price for price, _ in groups])[:, None]
    lacking = np.array([one.lacking for _, one in groups])
    somewhere = lacking.any(axis=(0, 1))
    lacking = lacking[:, :, somewhere]
    spared = np.array([one.spared[:, somewhere] for _, one in groups])
    cost = (prices * lacking.max(axis=1)).sum(axis=0)
    left_out = 1
    while left_out * overdue < cost.max(initial=0):
        lacking = np.maximum(0, lacking - spared)
        seats = (prices * lacking.max(axis=1)).sum(axis=0)
        cost = np.minimum(cost, left_out * overdue + seats)
        left_out += 1
    found = np.zeros(somewhere.shape, dtype=np.int64)
    found[somewhere] = cost
    return found


def _dearest(near: Counts, whole: Counts, days: int) -> int:
    """The most that stretches cost together of which no two share a day.

    ``near`` are those from each day on, ``whole`` those from day 0, by their length less one.
    """
    best = [0]
    for day in range(days):
        lengths = range(1, min(len(near), day + 1) + 1)
        ending = (best[day + 1 - n] + int(near[n - 1, day + 1 - n]) for n in lengths)
        from_first = (int(mine[0]) for mine in whole[day : day + 1])
        best.append(max(best[day], *ending, *from_first))
    return best[days]
