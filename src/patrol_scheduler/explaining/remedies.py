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
from patrol_scheduler.explaining.mending import Mender
from patrol_scheduler.explaining.sentences import several
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label
from patrol_scheduler.validation import faults_of

Sizes = tuple[int, ...]
SHARE_OF_ONE = 0.9
"""The part of the time left that one kind of change may take while others are open."""


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
        what = f".{part.rule.rule}" if part.rule else ""
        if self.kind == "marks":
            what = f".{part.marks[0]}"
        per = getattr(part.rule, "per", "")
        every = len(part.areas) == len(problem.areas) > 1
        areas = comma.join(place_label(problem, a) for a in part.areas)
        return text(
            f"explain.remedy.{self.kind}{what}",
            lang,
            n=part.number,
            agency=label(part.agency, agencies.get(part.agency, "")),
            marks=text("explain.remedy.with", lang, marks=who) if who else "",
            start=start,
            end=end,
            areas=text("explain.remedy.every-area", lang) if every else areas,
            people=comma.join(label(o, problem.officer_by_id[o].name) for o in part.people),
            several=several(len(part.people), lang),
            before=part.before,
            per=text(f"explain.per.{per}", lang) if per else "",
        )


@dataclass(frozen=True)
class Sought:
    """Remedies that are enough by themselves, and the easings that time did not reach.

    An easing is left ``open`` where neither a size that is enough was found nor all sizes were
    tried.
    """

    found: tuple[Remedy, ...] = ()
    open: tuple[Easing, ...] = ()


def remedies(
    problem: Problem,
    conflict: Conflict | None,
    counted: Sequence[Shortfall],
    gap_dates: Sequence[dt.date] = (),
    *,
    least_bad: Roster | None = None,
    time_limit: float = 60.0,
) -> Sought:
    """Remedies that are enough by themselves, of each kind the smallest that was found enough.

    ``gap_dates`` are the dates of the gaps of the ``least_bad`` roster. How much is needed at the
    least is counted; then ever more is tried, each time by a complete roster of the plan with it,
    within ``time_limit`` seconds in all. A kind of which nothing was found enough is left out:
    another change may still be needed beside it.
    """
    budget = Budget(time_limit, None, None)
    mender = Mender(least_bad, gap_dates)
    trials = [
        _Trial(problem, easing, mender) for easing in easings(problem, conflict, counted, gap_dates)
    ]
    found: dict[_Trial, Remedy] = {}

    def wanted(trial: _Trial) -> bool:
        kinds = {remedy.kind for remedy in found.values()}
        return trial.open and not (trial.easing.one_is_enough and trial.easing.kind in kinds)

    for look in (_Trial.smallest, _Trial.searched):
        for trial in sorted(trials, key=lambda trial: trial.easing.enlarges):
            if not wanted(trial):
                continue
            still = sum(map(wanted, trials))
            part = SHARE_OF_ONE if still > 1 else 1.0
            share = budget.branch(budget.elapsed() + part * budget.left())
            remedy = look(trial, share)
            if remedy is not None:
                found[trial] = remedy
    told = tuple(found[trial] for trial in trials if trial in found)
    return Sought(told, tuple(trial.easing for trial in trials if wanted(trial)))


class _Trial:
    """Tries one easing in its sizes.

    It is ``open`` until a size was found enough, or every size found not to be.
    """

    def __init__(self, problem: Problem, easing: Easing, mender: Mender) -> None:
        self._problem, self.easing, self._mender = problem, easing, mender
        self._not_enough = set[tuple[int, ...]]()
        self._sizes: list[Sizes] | None = None  # not tried yet, when counted
        self._undecided = list[Sizes]()
        self.open = True

    def smallest(self, budget: Budget) -> Remedy | None:
        """The change in the smallest sizes found enough, narrowed as far as it stays so.

        Only quick ways are tried: sizes they leave undecided are looked into by :meth:`searched`.
        """
        if self._sizes is None:
            least = self._counted_least(budget)
            if least is None:
                self.open = budget.over()
                return None
            self._sizes = _sizes(least, self.easing.most)
        while self._sizes:
            if budget.over():
                return None
            tried = self._sizes.pop(0)
            found = self._tried(self.easing, tried, budget)
            if found is not None:
                return self._reduced(tried, found, budget)
        self.open = bool(self._undecided)
        return None

    def searched(self, budget: Budget) -> Remedy | None:
        """The same, then by searching at length in the sizes that are undecided."""
        found = self.smallest(budget)
        while found is None and self._undecided and not self._sizes:
            tried = self._undecided[0]
            varied = self.easing.vary(self._problem, tried)
            attempt = self._mender.searched(varied, budget)
            if attempt.roster is not None:
                remedy = _remedy(self.easing, tried, varied, attempt.roster)
                return self._reduced(tried, remedy, budget)
            if not attempt.decided:
                return None
            del self._undecided[0]
            self.open = bool(self._undecided)
        return found

    def _reduced(self, sizes: Sizes, found: Remedy, budget: Budget) -> Remedy:
        """The remedy, or one that changes less and is enough too."""
        self.open = False
        # What one part by itself lacks is its least; beside others it may need less.
        sizes, found = self._lessened(sizes, found, budget)
        return self._narrowed(sizes, found, budget)

    def _lessened(self, sizes: Sizes, found: Remedy, budget: Budget) -> tuple[Sizes, Remedy]:
        """The sizes and the remedy with each of its parts as small as is still enough."""
        for place, found_enough in enumerate(sizes):
            not_enough = -1
            while sizes[place] - not_enough > 1 and not budget.over():
                # Close below first: what is needed is seldom much less.
                step = 1 + found_enough - sizes[place]
                size = max((not_enough + sizes[place]) // 2, sizes[place] - step)
                less = (*sizes[:place], size, *sizes[place + 1 :])
                smaller = None
                if any(less) and less not in self._not_enough:
                    smaller = self._tried(self.easing, less, budget)
                if smaller is None:
                    not_enough = size
                else:
                    sizes, found = less, smaller
        return sizes, found

    def _narrowed(self, sizes: Sizes, found: Remedy, budget: Budget) -> Remedy:
        """The remedy, or one of the same sizes that changes less."""
        easing = self.easing
        needed = 0  # so many of the narrower easings are not enough
        while not budget.over():
            narrower = next(islice(easing.narrower(sizes), needed, None), None)
            if narrower is None:
                break
            smaller = self._tried(narrower, sizes, budget)
            if smaller is None:
                needed += 1
            else:
                easing, found = narrower, smaller
        return found

    def _counted_least(self, budget: Budget) -> Sizes | None:
        """Sizes with which counting finds nothing short, none of which could be smaller by itself.

        One of each where counting sees nothing short as it is; ``None`` where it does with all.
        """
        easing = self.easing

        def short(*sizes: int) -> bool:
            return lacking(easing.vary(self._problem, sizes))

        most = easing.most
        if short(*most):
            return None
        if not short(*(0 for _ in most)):
            return (1,) * len(most)
        least = list(most)
        # Who may be of any agency is asked of the first part: the others need what is their own.
        for place in reversed(range(len(least))):
            before, after = least[:place], least[place + 1 :]
            low, high = -1, 0
            while high < most[place] and short(*before, high, *after):
                if budget.over():
                    return None
                low, high = high, min(most[place], max(1, 2 * high))
            while high - low > 1:
                middle = (low + high) // 2
                enough = not short(*before, middle, *after)
                low, high = (low, middle) if enough else (middle, high)
            least[place] = high
        return tuple(least)

    def _tried(self, easing: Easing, sizes: Sizes, budget: Budget) -> Remedy | None:
        """The remedy of some sizes, where a complete roster is quickly found with it."""
        varied = easing.vary(self._problem, sizes)
        if not faults_of(varied) and not lacking(varied):
            attempt = self._mender.complete(varied, budget)
            if attempt.roster is not None:
                return _remedy(easing, sizes, varied, attempt.roster)
            if easing is self.easing and not attempt.decided:
                self._undecided.append(sizes)
        self._not_enough.add(sizes)
        return None


def _remedy(easing: Easing, sizes: Sizes, varied: Problem, roster: Roster) -> Remedy:
    parts = tuple(part for part in easing.parts(sizes) if part.number)
    return Remedy(easing.kind, easing.start, easing.end, parts, varied, roster)


def _sizes(least: Sizes, most: Sizes) -> list[Sizes]:
    """What is tried: as much as counting asks for, somewhat more, and half as much again.

    What it asks of several agencies at once is seldom enough.
    """
    larger = (
        least,
        tuple(n + max(1, n // 8) for n in least),
        tuple(n + max(3, n // 2) for n in least),
    )
    tried = larger if len(least) == 1 else larger[1:]
    return list(dict.fromkeys(tuple(map(min, sizes, most)) for sizes in tried))
