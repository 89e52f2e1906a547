"""A smallest set of clashing demands: found in a window of days, shrunk, and verified twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrol_scheduler.explaining.counting import Reason
from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.oracle import Oracle
from patrol_scheduler.explaining.shrinking import Shrinking
from patrol_scheduler.rules import OneDutyADay
from patrol_scheduler.solver.budget import Budget

LENGTHS = (4, 16, 64)
"""Windows of so many days are looked at before the whole plan is: most clashes are local."""
TEAM_LENGTH = 2
"""Windows of so many days are looked at with every patrol's own team."""
MOST_PINNED = 20
"""So many days with pins are looked at before any window is."""
SHORT_WINDOW = 8
"""A window of so many days is small enough to shrink patrol by patrol from the start."""
SHARE_FOR_SHRINKING = 0.85
"""How much of the time left shrinking may take; the rest is for showing its outcome twice."""


@dataclass(frozen=True)
class Conflict:
    """Demands that cannot all be met, while without any one of them the others can.

    ``verified``: two solvers that work differently show that they cannot be met together, else only
    one did in its time; ``minimal``: for each demand left out, a solution of the others was found
    and held against them.
    """

    demands: tuple[Demand, ...]
    verified: bool
    minimal: bool

    @property
    def first(self) -> int:
        """The first day that the demands look at."""
        return min(demand.first for demand in self.demands)

    @property
    def last(self) -> int:
        """The last day that the demands look at."""
        return max(demand.last for demand in self.demands)


def find_conflict(
    demands: Demands, budget: Budget, *, first_look: Sequence[Reason] = ()
) -> Conflict | None:
    """A conflict of the problem, or ``None`` where none was found in the time.

    ``first_look`` is what counting found short: what it speaks of is asked by itself first.
    """
    for reason in first_look:
        first, last = reason.first, reason.last
        oracle = Oracle(demands, budget, (first, last))
        window = _reaching_into(demands, first, last)
        asked = [demand for demand in window if reason.asks(demand)]
        if oracle.refuted(asked):
            apart = [d for d in _taken_apart(demands, asked, reason.areas) if reason.asks(d)]
            found = _shrunk(demands, oracle, budget, apart)
            if found is not None:
                return found
        if oracle.refuted(window):
            return _shrunk(demands, oracle, budget, window)
        exact = _exactly(demands, window, first, last)
        if oracle.possible(exact) is False:
            return _shrunk(demands, oracle, budget, exact)
    oracle = Oracle(demands, budget)
    found = _by_teams(demands, oracle, budget, _days_with_pins(demands), days=1)
    if found is not None:
        return found
    for asked in _windows(demands):
        if budget.over():
            return None
        if oracle.refuted(asked):
            return _shrunk(demands, oracle, budget, asked)
    firsts = range(len(demands.problem.dates) - TEAM_LENGTH + 1)
    return _by_teams(demands, oracle, budget, firsts, days=TEAM_LENGTH)


def whole_conflict(demands: Demands, budget: Budget) -> Conflict | None:
    """A conflict shrunk from all demands; for problems shown impossible as a whole."""
    oracle = Oracle(demands, budget)
    asked = demands.loose()
    if oracle.possible(asked, effort=float("inf")) is False:
        return _shrunk(demands, oracle, budget, asked)
    exact = _exactly(demands, asked, 0, len(demands.problem.dates) - 1)
    if oracle.possible(exact, effort=float("inf")) is False:
        return _shrunk(demands, oracle, budget, exact)
    return None


def verify(demands: Demands, conflict: Sequence[Demand], budget: Budget) -> tuple[bool, bool]:
    """Whether demands clash, shown twice, and whether they are a smallest set that does."""
    oracle = Oracle(demands, budget)
    verified = oracle.impossible_too(conflict) and oracle.impossible(conflict)
    minimal = verified and all(
        oracle.possible([*conflict[:i], *conflict[i + 1 :]]) is True for i in range(len(conflict))
    )
    return verified, minimal


def _windows(demands: Demands) -> Iterator[list[Demand]]:
    """The demands inside ever longer windows, each overlapping the one before by half."""
    days = len(demands.problem.dates)
    for length in LENGTHS:
        if length >= days:
            break
        for start in range(0, days - length // 2, length // 2):
            yield _in_window(demands, start, start + length - 1)
    yield demands.loose()


def _by_teams(
    demands: Demands, oracle: Oracle, budget: Budget, firsts: Iterable[int], *, days: int
) -> Conflict | None:
    """A conflict of some days in a row that only shows once each patrol has its own team."""
    for first in firsts:
        if budget.over():
            return None
        last = first + days - 1
        exact = _exactly(demands, _in_window(demands, first, last), first, last)
        if oracle.possible(exact) is False:
            return _shrunk(demands, oracle, budget, exact)
    return None


def _days_with_pins(demands: Demands) -> list[int]:
    """The days with the most pins, which contradict each other or their teams most easily."""
    problem = demands.problem
    pins = Counter(problem.day(pin.date) for pin in problem.pins if pin.kind != "prefer")
    inside = range(len(problem.dates))
    return [day for day, _ in pins.most_common() if day in inside][:MOST_PINNED]


def _in_window(demands: Demands, first: int, last: int) -> list[Demand]:
    return [d for d in demands.loose() if first <= d.first and d.last <= last]


def _reaching_into(demands: Demands, first: int, last: int) -> list[Demand]:
    """The demands of some days, with what is asked of an officer on other days, too.

    A limit on the duties of a week holds on a part of it.
    """
    return [
        d
        for d in demands.loose()
        if (first <= d.first and d.last <= last)
        or (d.subject.officer and d.first <= last and first <= d.last)
    ]


def _exactly(demands: Demands, asked: Sequence[Demand], first: int, last: int) -> list[Demand]:
    """The demands with every team of their days asked by itself."""
    kept = [demand for demand in asked if not demand.summed]
    return kept + demands.of_teams(range(first, last + 1))


def _shrunk(
    demands: Demands, oracle: Oracle, budget: Budget, asked: Sequence[Demand]
) -> Conflict | None:
    """The smallest set inside demands that clash; a larger one where time runs out."""
    if any(demand.summed for demand in asked):
        asked = _taken_apart(demands, asked)
        if oracle.possible(asked):
            return None
    shrinking = budget.branch(budget.elapsed() + SHARE_FOR_SHRINKING * budget.left())
    kept, minimal = Shrinking(
        demands, Oracle(demands, shrinking, oracle.within), shrinking, asked
    ).run()
    verified = oracle.impossible_too(kept) and oracle.impossible(kept)
    return Conflict(kept, verified, minimal and verified)


def _taken_apart(
    demands: Demands, asked: Sequence[Demand], areas: Collection[str] | None = None
) -> list[Demand]:
    """Demands of whole shifts replaced by those of each patrol, and of nobody being in two.

    Only the patrols of some ``areas`` where they are given.
    """
    days = {demand.first for demand in asked if demand.summed}
    single = [
        demand
        for demand in demands.loose()
        if isinstance(demand.rule, OneDutyADay) and demand.first in days
    ]
    known = {id(demand) for demand in asked}
    return demands.exact([*asked, *(d for d in single if id(d) not in known)], areas)
