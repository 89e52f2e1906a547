"""What is supposed in a what-if: each change of a plan, which can be carried out and told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from patrol_scheduler.problem import Problem, Status
from patrol_scheduler.replanning.variations import (
    Mark,
    with_longest_gap,
    with_officer_like,
    with_officers,
    without_officer,
    without_rule,
)
from patrol_scheduler.rules import REGISTRY
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label


class Supposition(ABC):
    """One change of a plan that is supposed."""

    @abstractmethod
    def vary(self, problem: Problem) -> Problem:
        """The plan with the change."""

    @abstractmethod
    def say(self, problem: Problem, lang: str) -> str:
        """The change, as a part of a sentence."""


@dataclass(frozen=True)
class OneMore(Supposition):
    """One more officer of an agency, with certificates valid all the time, leading or driving."""

    agency: str
    marks: tuple[Mark, ...] = ("certified",)
    status: Status | None = None

    def vary(self, problem: Problem) -> Problem:
        """The plan with the officer."""
        return with_officers(
            problem,
            self.agency,
            certified="certified" in self.marks,
            leader="leader" in self.marks,
            driver="driver" in self.marks,
            status=self.status,
        )

    def say(self, problem: Problem, lang: str) -> str:
        """The officer's agency, status and marks."""
        names = {agency.id: agency.name for agency in problem.agencies}
        status = text(f"sheets.choices.status.{self.status}", lang).lower() if self.status else ""
        words = [status] if status else []
        words += [text(f"explain.remedy.who.{mark}", lang) for mark in self.marks]
        if "certified" not in self.marks:
            words.append(text("what-if.supposed.uncertified", lang))
        told = text("explain.comma", lang).join(words)
        agency = label(self.agency, names.get(self.agency, ""))
        return text("what-if.supposed.one-more", lang, agency=agency, marks=told)


@dataclass(frozen=True)
class OneMoreLike(Supposition):
    """One more officer who may do all that another may, and is never on leave."""

    officer: str

    def vary(self, problem: Problem) -> Problem:
        """The plan with the officer."""
        return with_officer_like(problem, self.officer)

    def say(self, problem: Problem, lang: str) -> str:
        """Whom the officer is like."""
        return text("what-if.supposed.one-more-like", lang, officer=_who(problem, self.officer))


@dataclass(frozen=True)
class OneLess(Supposition):
    """An officer who takes no part."""

    officer: str

    def vary(self, problem: Problem) -> Problem:
        """The plan without the officer."""
        return without_officer(problem, self.officer)

    def say(self, problem: Problem, lang: str) -> str:
        """Who it is."""
        return text("what-if.supposed.one-less", lang, officer=_who(problem, self.officer))


@dataclass(frozen=True)
class RuleDropped(Supposition):
    """A rule that does not hold."""

    rule: str

    def vary(self, problem: Problem) -> Problem:
        """The plan without the rule."""
        return without_rule(problem, self.rule)

    def say(self, problem: Problem, lang: str) -> str:
        """The rule by its title."""
        rule = next(iter(REGISTRY[self.rule].in_force(problem)), None)
        title = label(self.rule, rule.title(lang)) if rule else self.rule
        return text("what-if.supposed.rule-dropped", lang, rule=title)


@dataclass(frozen=True)
class GapLonger(Supposition):
    """Areas that may wait so many days from one patrol to the next all through the plan.

    ``days`` is a difference of dates; areas that may wait longer already stay as they are.
    """

    days: int
    areas: tuple[str, ...]

    def vary(self, problem: Problem) -> Problem:
        """The plan with that longest gap."""
        return with_longest_gap(problem, self.areas, problem.first, problem.last, self.days)

    def say(self, problem: Problem, lang: str) -> str:
        """The areas and the days."""
        every = len(self.areas) == len(problem.areas)
        names = (place_label(problem, area) for area in self.areas)
        areas = text("explain.comma", lang).join(names)
        if every:
            areas = text("explain.remedy.every-area", lang)
        return text("what-if.supposed.gap", lang, areas=areas, n=self.days)


def supposed(problem: Problem, changes: Sequence[Supposition]) -> Problem:
    """The plan with all of the changes."""
    for change in changes:
        problem = change.vary(problem)
    return problem


def say_supposed(problem: Problem, changes: Sequence[Supposition], lang: str) -> str:
    """All of the changes in one sentence."""
    parts = text("what-if.supposed.and", lang).join(c.say(problem, lang) for c in changes)
    return text("what-if.supposed.sentence", lang, changes=parts)


def _who(problem: Problem, officer: str) -> str:
    return label(officer, problem.officer_by_id[officer].name)
