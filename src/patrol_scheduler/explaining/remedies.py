"""The smallest changes of a plan that are enough, each verified by a complete roster with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from patrol_scheduler.explaining.candidates import easings
from patrol_scheduler.explaining.conflict import Conflict
from patrol_scheduler.explaining.counting import Shortfall, lacking
from patrol_scheduler.explaining.easings import Eased, Easing
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Progress
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import label
from patrol_scheduler.solver import solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.texts import text
from patrol_scheduler.validation import faults_of

LARGER = (0, 1, 3)
"""So much more than counting asks for is tried, one after the other."""


@dataclass(frozen=True)
class Remedy:
    """One change that is enough by itself, as the parts it consists of.

    Dates are inclusive. ``problem`` is the plan with the change; ``roster`` is the complete roster
    found for it, and has passed the check.
    """

    kind: str
    start: dt.date
    end: dt.date
    parts: tuple[Eased, ...]
    problem: Problem
    roster: Roster

    def say(self, problem: Problem, lang: str) -> str:
        """The remedy as a sentence."""
        told = (self._told(part, problem, lang) for part in self.parts)
        sentence = text("explain.remedy.and", lang).join(told) + text("explain.remedy.stop", lang)
        return sentence[0].upper() + sentence[1:]

    def _told(self, part: Eased, problem: Problem, lang: str) -> str:
        agencies = {agency.id: agency.name for agency in problem.agencies}
        comma = text("explain.comma", lang)
        who = comma.join(text(f"explain.remedy.who.{mark}", lang) for mark in part.marks)
        start, end = part.days or (self.start, self.end)
        rule = f".{part.rule.rule}" if part.rule else ""
        per = getattr(part.rule, "per", "")
        every = len(part.areas) == len(problem.areas) > 1
        areas = comma.join(label(a, problem.area_by_id[a].name) for a in part.areas)
        return text(
            f"explain.remedy.{self.kind}{rule}",
            lang,
            n=part.number,
            agency=label(part.agency, agencies.get(part.agency, "")),
            marks=text("explain.remedy.with", lang, marks=who) if who else "",
            mark=text(f"explain.remedy.become.{part.marks[0]}", lang) if part.marks else "",
            start=start,
            end=end,
            areas=text("explain.remedy.every-area", lang) if every else areas,
            people=comma.join(label(o, problem.officer_by_id[o].name) for o in part.people),
            before=part.before,
            per=text(f"explain.per.{per}", lang) if per else "",
        )


def remedies(
    problem: Problem,
    conflict: Conflict | None,
    counted: Sequence[Shortfall],
    gap_dates: Sequence[dt.date],
    *,
    time_limit: float = 60.0,
) -> tuple[Remedy, ...]:
    """Remedies that are enough by themselves, of each kind the smallest that was found enough.

    ``gap_dates`` are the dates of the least-bad roster's gaps. How much is needed at the least is
    counted; then ever more is tried, each time by solving the plan with it, within ``time_limit``
    seconds in all. A kind of which nothing was found enough is left out: another change may still
    be needed beside it.
    """
    budget = Budget(time_limit, None, None)
    found: list[Remedy] = []
    kinds = easings(problem, conflict, counted, gap_dates)
    for place, easing in enumerate(kinds):
        if budget.over():
            break
        if easing.one_is_enough and any(remedy.kind == easing.kind for remedy in found):
            continue
        share = budget.branch(budget.elapsed() + budget.left() / (len(kinds) - place))
        remedy = _smallest(problem, easing, share)
        if remedy is not None:
            found.append(remedy)
    return tuple(found)


def _smallest(problem: Problem, easing: Easing, budget: Budget) -> Remedy | None:
    """The change in the smallest sizes that are found enough, narrowed as far as it stays so."""
    sizes = [_counted_least(problem, easing, n, budget) for n in range(len(easing.most))]
    if any(size is None for size in sizes):
        return None
    least = [size for size in sizes if size is not None]
    if not any(least):  # counting sees nothing short
        least = [1] * len(least)
    for more in LARGER:
        tried = [min(size + more, most) for size, most in zip(least, easing.most, strict=True)]
        if budget.over():
            return None
        found = _tried(problem, easing, tried, budget)
        if found is not None:
            # What one part by itself lacks is its least; beside others it may need less.
            if more or len(tried) > 1:
                tried, found = _lessened(problem, easing, tried, found, budget)
            return _narrowed(problem, easing, tried, found, budget)
        if tried == list(easing.most):
            return None
    return None


def _lessened(
    problem: Problem, easing: Easing, sizes: list[int], found: Remedy, budget: Budget
) -> tuple[list[int], Remedy]:
    """The sizes and the remedy with each of its parts as small as is still enough."""
    for place in range(len(sizes)):
        while sizes[place] and sum(sizes) > 1 and not budget.over():
            less = [size - (n == place) for n, size in enumerate(sizes)]
            smaller = _tried(problem, easing, less, budget)
            if smaller is None:
                break
            sizes, found = less, smaller
    return sizes, found


def _narrowed(
    problem: Problem, easing: Easing, sizes: list[int], found: Remedy, budget: Budget
) -> Remedy:
    """The remedy, or one of the same sizes that changes less."""
    needed = 0  # so many of the narrower easings are not enough
    while not budget.over():
        narrower = next(islice(easing.narrower(sizes), needed, None), None)
        if narrower is None:
            break
        smaller = _tried(problem, narrower, sizes, budget)
        if smaller is None:
            needed += 1
        else:
            easing, found = narrower, smaller
    return found


def _counted_least(problem: Problem, easing: Easing, place: int, budget: Budget) -> int | None:
    """The smallest size of one part with which counting finds nothing short of what it is for."""
    most = easing.most[place]

    def short(size: int) -> bool:
        sizes = [size if n == place else 0 for n in range(len(easing.most))]
        return bool(lacking(easing.vary(problem, sizes), easing.groups[place]))

    if not easing.groups[place] or not short(0):
        return 0
    low, high = 0, 1
    while short(high):
        if high == most or budget.over():
            return None
        low, high = high, min(most, 2 * high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return high


def _tried(problem: Problem, easing: Easing, sizes: list[int], budget: Budget) -> Remedy | None:
    """The remedy of some sizes, where a complete roster is found with it."""
    varied = easing.vary(problem, sizes)
    if faults_of(varied) or lacking(varied):
        return None
    told: list[Progress] = []
    result = solve(
        varied,
        time_limit=max(1.0, budget.left()),
        workers=1,
        on_progress=told.append,
        # A first complete roster is enough; that there is none is known when seats stay empty.
        stop=lambda: bool(told) and told[-1].stage != "roster",
    )
    if result.roster is None or not result.complete:
        return None
    parts = tuple(part for part in easing.parts(sizes) if part.number)
    return Remedy(easing.kind, easing.start, easing.end, parts, varied, result.roster)
