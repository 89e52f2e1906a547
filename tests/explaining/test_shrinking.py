"""A clash made smaller until each demand in it is shown to be needed."""

from __future__ import annotations

from collections.abc import Sequence

from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.oracle import EFFORT, Found, Oracle
from patrol_scheduler.explaining.shrinking import Shrinking
from patrol_scheduler.explaining.witness import Values
from patrol_scheduler.problem import Problem
from patrol_scheduler.solver.budget import Budget
from tests.explaining.judge import Judge
from tests.explaining.plans import day, on_leave, town

AWAY = ("CG1", "CG2", "CG3", "CG4", "CG5")
HARVEST = on_leave(town(), AWAY, "2010-09-13", "2010-09-15")
"""One of six 城管 is there on three days; each of two areas needs two of them once."""
FIRST, LAST = ((day(d) - day("2010-09-06")).days for d in ("2010-09-13", "2010-09-15"))


class Counted(Oracle):
    """An oracle that counts how often it is asked."""

    asked = 0

    def solution(self, asked: Sequence[Demand], *, effort: float = EFFORT) -> Found | None:
        self.asked += 1
        return super().solution(asked, effort=effort)


def shrunk(
    problem: Problem,
    first: int,
    last: int,
    seconds: float = 60.0,
    shrinking: type[Shrinking] = Shrinking,
) -> tuple[Demands, list[Demand], tuple[Demand, ...], bool, int]:
    """What some days ask, what is kept of it, whether that was shown, and the questions asked."""
    demands, budget = Demands(problem), Budget(seconds, None, None)
    asked = demands.exact(d for d in demands.loose() if first <= d.first and d.last <= last)
    oracle = Counted(demands, budget)
    kept, shown = shrinking(demands, oracle, budget, asked).run()
    return demands, asked, kept, shown, oracle.asked


def test_what_is_kept_clashes_and_without_any_one_of_it_does_not() -> None:
    demands, asked, kept, shown, _ = shrunk(HARVEST, FIRST, LAST)
    judge = Judge(demands)
    assert shown
    assert len(kept) < len(asked)
    assert not judge.possible(kept)
    for n in range(len(kept)):
        assert judge.possible([*kept[:n], *kept[n + 1 :]])


def test_what_has_nothing_to_do_with_it_is_left_out() -> None:
    # The week before is asked as well, and the 公安 of whom enough are there.
    demands, _, kept, shown, _ = shrunk(HARVEST, 0, LAST)
    officers = {d.subject.officer for d in kept if d.subject.officer}
    agency = demands.problem.officer_by_id
    assert shown
    assert all(d.first >= FIRST and d.last <= LAST for d in kept)
    assert {agency[officer].agency for officer in officers} == {"cg"}
    # Two certified 城管 in one patrol are one too many: one area is enough to show it.
    assert len({d.subject.area for d in kept if d.subject.area}) == 1


class ByAskingOnly(Shrinking):
    """Shrinking that exchanges nobody."""

    def _spread(self, values: Values, missed: frozenset[int]) -> None:
        pass


def test_who_is_alike_is_shown_to_be_needed_by_exchange_instead_of_asking_again() -> None:
    _, _, kept, shown, questions = shrunk(HARVEST, FIRST, LAST)
    _, _, by_asking, _, more = shrunk(HARVEST, FIRST, LAST, shrinking=ByAskingOnly)
    assert shown
    assert {d.subject.officer for d in kept if d.rule.rule == "leave"} == set(AWAY)
    assert len(by_asking) == len(kept)
    assert questions < more


def test_without_time_everything_is_kept_and_nothing_is_claimed() -> None:
    _, asked, kept, shown, questions = shrunk(HARVEST, FIRST, LAST, seconds=0.0)
    assert list(kept) == asked
    assert not shown
    assert questions == 0


def test_demands_that_do_not_clash_are_not_called_needed() -> None:
    _, asked, kept, shown, _ = shrunk(town(), FIRST, LAST)
    assert list(kept) == asked
    assert not shown
