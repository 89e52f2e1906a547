"""The check: every violation and every cost of any roster, found without a solver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, Rule, Violation, rules_of


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation together with the rule that found it."""

    rule: Rule
    violation: Violation

    def say(self, problem: Problem, lang: str) -> str:
        """The finding as a sentence."""
        return self.rule.say(self.violation, problem, lang)


@dataclass(frozen=True, slots=True)
class Check:
    """All that is wrong with a roster and all that it costs.

    ``findings`` come in the order of the rules. ``cost`` is exact: a sum over a level's findings.
    """

    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What no roster may have: findings on level ``MUST``, in order of date."""
        return self._on(Level.MUST)

    @property
    def shortages(self) -> tuple[Finding, ...]:
        """What a complete roster has not, in order of date: seats not filled, days overdue."""
        return self._on(Level.SHORTAGE)

    def _on(self, level: Level) -> tuple[Finding, ...]:
        """The findings on a level in order of date, those about the whole plan at the end."""
        found = (f for f in self.findings if f.violation.level is level)
        return tuple(sorted(found, key=lambda f: f.violation.date or dt.date.max))

    @property
    def complete(self) -> bool:
        """Whether nothing is broken and nothing is short."""
        return not self.broken and not self.shortages

    def cost(self, level: Level) -> Fraction:
        """The cost on one level; on ``MUST`` the sum of the amounts."""
        return sum(
            (f.violation.cost for f in self.findings if f.violation.level is level), Fraction(0)
        )

    def cost_by_rule(self) -> dict[str, Fraction]:
        """The cost of each rule that found anything."""
        costs: dict[str, Fraction] = {}
        for finding in self.findings:
            name = finding.violation.rule
            costs[name] = costs.get(name, Fraction(0)) + finding.violation.cost
        return costs


def check(problem: Problem, roster: Roster) -> Check:
    """Everything wrong with a roster and everything it costs, by every rule of the plan.

    Every officer, area, post and shift that the roster names must be one of the problem's.
    """
    return Check(tuple(_findings(problem, roster)))


def _findings(problem: Problem, roster: Roster) -> Iterator[Finding]:
    for rule in rules_of(problem):
        for violation in rule.violations(problem, roster):
            yield Finding(rule, violation)
