"""What a rule is: limits for the solvers, violations for the check, a sentence for people."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from patrol_scheduler.problem import LabourProfile, Officer, Problem, RuleSetting
from patrol_scheduler.records import Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.columns import Columns
from patrol_scheduler.rules.limits import Level, Limit
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label, plain

Texts = Mapping[str, Mapping[str, str]]
"""Texts by language and key."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with a roster in one place, or what it costs there.

    ``what`` names the sentence of the rule; ``amount`` is in the rule's unit, ``cost`` is amount
    times price. ``details`` hold the further values of the sentence.
    """

    rule: str
    what: str
    level: Level
    amount: Fraction
    cost: Fraction
    date: dt.date | None = None
    officer: str | None = None
    area: str | None = None
    shift: str | None = None
    details: tuple[tuple[str, object], ...] = ()


class Rule(RuleSetting, ABC):
    """A rule: its fields are its parameters, its docstring says what it asks.

    ``limits`` and ``violations`` say the same twice, independently: the solvers read the first,
    the check the second, and one test holds them equal on random rosters.
    """

    texts: ClassVar[Texts] = {}
    """What a rule from outside the package says, by language: ``sentence``, which says what it
    asks, one text for each ``what`` of its violations, with the violation's values in ``{}``, and
    ``name``, if it has one.
    """

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """The rule as it works when a plan does not mention it."""
        return (cls(),)  # type: ignore[call-arg]  # every rule gives its name a default

    @classmethod
    def in_force(cls, problem: Problem) -> tuple[Self, ...]:
        """The rule as a plan states it, once for each statement, or else with its defaults.

        A statement with ``on = false`` switches it off.
        """
        stated = tuple(rule for rule in problem.rules if type(rule) is cls)
        return tuple(rule for rule in stated or cls.defaults() if rule.on)

    def used_by(self, problem: Problem) -> bool:
        """Whether a plan gives the rule anything to ask."""
        del problem
        return True

    @abstractmethod
    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """What the rule asks, exactly, as limits over columns."""

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """What the rule asks before teams are formed; never more than ``limits``."""
        return self.limits(problem, columns)

    @abstractmethod
    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        """What is wrong with a roster, and what it costs, found by walking it."""

    def say(self, violation: Violation, problem: Problem, lang: str) -> str:
        """The violation as a sentence."""
        return self._text(violation.what, lang, **_told(violation, problem, lang))

    def title(self, lang: str) -> str:
        """What people call the rule; one from outside may go by its code."""
        own = self.texts.get(lang)
        return self._text("name", lang) if own is None or "name" in own else self.rule

    def sentence(self, lang: str) -> str:
        """What the rule asks, in one sentence."""
        return self._text("sentence", lang)

    def _text(self, what: str, lang: str, **values: object) -> str:
        own = self.texts.get(lang)
        if own is not None:
            return own[what].format(**values)
        return text(f"rules.{self.rule}.{what}", lang, **values)


def place_label(problem: Problem, place: str | None) -> str:
    """What people call an area or post: its name, with the id where others are called so, too."""
    place = place or ""
    if place in problem.sole_names:
        return problem.sole_names[place]
    area = problem.area_by_id.get(place)
    posts = (post.name for post in problem.posts if post.id == place)
    return label(place, area.name if area else next(posts, ""))


def _told(violation: Violation, problem: Problem, lang: str) -> dict[str, object]:
    """The values of a sentence, with labels that people know."""
    officer = problem.officer_by_id.get(violation.officer or "")
    shift = problem.shift_by_id.get(violation.shift or "")
    agencies = {agency.id: agency.name for agency in problem.agencies}
    told: dict[str, object] = {
        "date": violation.date,
        "officer": label(violation.officer, officer.name if officer else ""),
        "area": place_label(problem, violation.area),
        "shift": label(violation.shift, shift.name if shift else ""),
        "amount": plain(violation.amount),
    }
    for name, value in violation.details:
        if name == "agency":
            told[name] = label(str(value), agencies.get(str(value), ""))
        elif name == "post":
            told[name] = place_label(problem, str(value))
        elif isinstance(value, tuple):
            told[name] = text("outputs.list.separator", lang).join(value)
        elif name == "partner":
            told[name] = label(str(value), problem.officer_by_id[str(value)].name)
        else:
            told[name] = plain(value) if isinstance(value, (float, Fraction)) else value
    return told


class OfficerRule(Rule):
    """A rule about single officers; empty ``officers`` and ``agencies`` mean everybody.

    Of these ``labour`` keeps those with one of its profiles; empty: all of them. Each of its
    violations follows from one officer's own duties and rests, and names the officer.
    """

    officers: tuple[Id, ...] = ()
    agencies: tuple[Id, ...] = ()
    labour: tuple[LabourProfile, ...] = ()

    def who(self, problem: Problem) -> tuple[Officer, ...]:
        """The officers that the rule looks at."""
        everybody: Sequence[Officer] = problem.officers
        if len(self.officers) == 1 and not self.agencies:
            # Asked of single officers many times over where a substitute is looked for.
            only = problem.officer_by_id.get(self.officers[0])
            everybody = () if only is None else (only,)
        return tuple(
            officer
            for officer in everybody
            if (
                (not self.officers and not self.agencies)
                or officer.id in self.officers
                or officer.agency in self.agencies
            )
            and (not self.labour or officer.labour_profile in self.labour)
        )
