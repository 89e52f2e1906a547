"""What may be changed in a plan that cannot be met, each kind of change in sizes."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from patrol_scheduler.problem import Agency, Problem
from patrol_scheduler.replanning.variations import (
    Mark,
    changed,
    with_longest_gap,
    with_mark,
    with_officers,
    without_leave,
    without_pins,
)
from patrol_scheduler.rules import Rule

MOST_AREAS_ALONE = 3
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Eased:
    """One thing that is changed, by how much or to what: ``number``.

    ``before`` is what a limit of a ``rule`` was; ``days`` are the first and the last day, both
    inclusive, where they are not those of the whole change.
    """

    number: int
    agency: str = ""
    marks: tuple[Mark, ...] = ()
    areas: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rule: Rule | None = None
    before: int = 0
    days: Days | None = None


@dataclass(frozen=True)
class Easing(ABC):
    """A kind of change of a plan, dates inclusive; its parts come in sizes from 0 to ``most``."""

    kind: ClassVar[str]
    one_is_enough: ClassVar[bool] = False
    """Whether an easing of this kind need not be tried once a smaller one was enough."""
    enlarges: ClassVar[bool] = False
    """Whether the plan grows by it, which makes it slower to fill."""
    start: dt.date
    end: dt.date
    most: tuple[int, ...]

    @abstractmethod
    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan with the change."""

    @abstractmethod
    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """What is changed, part by part."""

    def narrower(self, sizes: Sequence[int]) -> Iterator[Easing]:
        """Easings of the same kind that change less in these sizes.

        Those of a narrower easing are the same in the same order, without that one.
        """
        del sizes
        yield from ()


@dataclass(frozen=True)
class MoreOfficers(Easing):
    """Further officers of each of some agencies, with the marks that are needed."""

    kind = "officers"
    enlarges = True
    agencies: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...]

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan with them from ``start`` to ``end``."""
        for part in self.parts(sizes):
            if part.number:
                plan = with_officers(
                    plan,
                    part.agency,
                    part.number,
                    joins=self.start,
                    departs=self.end,
                    certified="certified" in part.marks,
                    leader="leader" in part.marks,
                    driver="driver" in part.marks,
                )
        return plan

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """How many of each agency."""
        told = zip(sizes, self.agencies, self.marks, strict=True)
        return [Eased(number, agency=agency, marks=marks) for number, agency, marks in told]

    def narrower(self, sizes: Sequence[int]) -> Iterator[Easing]:
        """The same without one of the marks."""
        for place, (number, marks) in enumerate(zip(sizes, self.marks, strict=True)):
            for mark in marks if number else ():
                fewer = tuple(other for other in marks if other != mark)
                yield replace(self, marks=(*self.marks[:place], fewer, *self.marks[place + 1 :]))


@dataclass(frozen=True)
class MoreMarks(Easing):
    """A certificate, leading or driving for officers who are there already."""

    kind = "marks"
    marks: tuple[Mark, ...]
    people: tuple[tuple[str, ...], ...]

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan in which the first of those people have the mark."""
        for part in self.parts(sizes):
            plan = with_mark(plan, part.people, part.marks[0])
        return plan

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """Who gets which mark."""
        told = zip(sizes, self.marks, self.people, strict=True)
        return [Eased(n, marks=(mark,), people=people[:n]) for n, mark, people in told]


@dataclass(frozen=True)
class MoreLending(Easing):
    """Agencies that lend more officers a day or a week."""

    agencies: tuple[Agency, ...]
    per: Literal["day", "week"]

    @property
    def kind(self) -> str:  # type: ignore[override]  # a class's own word for the others
        """The key of the sentence."""
        return f"lends-a-{self.per}"

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan in which they do."""
        lent = {part.agency: part.number for part in self.parts(sizes)}
        return changed(
            plan,
            agencies=tuple(
                agency.model_copy(update={f"lends_a_{self.per}": lent.get(agency.id)})
                if agency.id in lent
                else agency
                for agency in plan.agencies
            ),
        )

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """How many each of them lends."""
        return [
            Eased((getattr(agency, f"lends_a_{self.per}") or 0) + more, agency=agency.id)
            for agency, more in zip(self.agencies, sizes, strict=True)
            if more
        ]


@dataclass(frozen=True)
class LooserRule(Easing):
    """A limit of the plan's own making, eased step by step."""

    kind = "rule"
    rule: Rule
    field: str
    step: int

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan with the rule as eased as that."""
        kind, eased = type(self.rule), self._eased(sizes[0])
        stated = [eased if rule == self.rule else rule for rule in kind.in_force(plan)]
        return changed(plan, rules=(*(r for r in plan.rules if type(r) is not kind), *stated))

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """The limit as it is and as it would be."""
        now, eased = (getattr(rule, self.field) for rule in (self.rule, self._eased(sizes[0])))
        return [Eased(eased, rule=self.rule, before=now)]

    def _eased(self, steps: int) -> Rule:
        now = getattr(self.rule, self.field)
        return self.rule.model_copy(update={self.field: now + self.step * steps})


@dataclass(frozen=True)
class LongerGap(Easing):
    """Areas that may wait longer than ``longest`` days from patrol to patrol."""

    kind = "gap"
    one_is_enough = True
    areas: tuple[str, ...]
    longest: int

    def narrower(self, sizes: Sequence[int]) -> Iterator[Easing]:
        """The same for one of the first areas alone."""
        del sizes
        if len(self.areas) > 1:
            for area in self.areas[:MOST_AREAS_ALONE]:
                yield replace(self, areas=(area,))

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan in which they may from ``start`` to ``end``."""
        return with_longest_gap(plan, self.areas, self.start, self.end, self.longest + sizes[0])

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """The areas and their longest gap."""
        return [Eased(self.longest + sizes[0], areas=self.areas)]


@dataclass(frozen=True)
class LessLeave(Easing):
    """People who are on duty from ``start`` to ``end`` after all.

    ``leave`` is what each of them has of it in these days, one entry a leave.
    """

    kind = "leave"
    people: tuple[str, ...]
    leave: tuple[tuple[Days, ...], ...]

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan without the leave of the first of them in these days."""
        return without_leave(plan, self.people[: sizes[0]], self.start, self.end)

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """Those people, together where they have leave on the same days."""
        together: dict[Days, list[str]] = {}
        for officer, leave in zip(self.people[: sizes[0]], self.leave, strict=False):
            for days in leave:
                together.setdefault(days, []).append(officer)
        return [Eased(len(who), people=tuple(who), days=days) for days, who in together.items()]


@dataclass(frozen=True)
class FewerPins(Easing):
    """People of whom nothing is settled beforehand on one day, from ``start`` to the same date."""

    kind = "pin"
    one_is_enough = True
    people: tuple[str, ...]

    def vary(self, plan: Problem, sizes: Sequence[int]) -> Problem:
        """The plan without the pins of the first of them on the day."""
        return without_pins(plan, self.people[: sizes[0]], self.start)

    def parts(self, sizes: Sequence[int]) -> list[Eased]:
        """Those people."""
        return [Eased(sizes[0], people=self.people[: sizes[0]])]
