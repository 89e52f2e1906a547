"""What a duty that moves from one officer to another costs in a rule about fair shares."""

from __future__ import annotations

from fractions import Fraction

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Duty, Roster
from patrol_scheduler.rules.sharing import ZERO, SharingRule


class Shares:
    """A rule about fair shares with everybody's loads, so that a moved duty is weighed quickly."""

    def __init__(self, rule: SharingRule, problem: Problem, roster: Roster) -> None:
        self.rule, self._problem = rule, problem
        self._share = rule.shares(problem)
        self._group: dict[str, str] = {}
        self._load: dict[str, Fraction] = {}
        self._members: dict[str, list[str]] = {}
        self._total: dict[str, Fraction] = {}
        for group, loads in rule.loads(problem, roster):
            self._members[group] = [one.officer for one in loads]
            self._total[group] = sum((one.load for one in loads), ZERO)
            self._group |= {one.officer: group for one in loads}
            self._load |= {one.officer: one.load for one in loads}
        self._sums: dict[tuple[str, Fraction], Fraction] = {}

    def debt(self, officer: str) -> Fraction:
        """The officer's fair share minus what the officer has."""
        if officer not in self._group:
            return ZERO
        return self._share[officer] * self._total[self._group[officer]] - self._load[officer]

    def moved(self, duty: Duty, into: str) -> Fraction:
        """What it costs more when a duty moves from one officer to another."""
        worth = self.rule.worth(self._problem, duty.date, duty.shift, duty.post)
        if not worth:
            return ZERO
        steps = {duty.officer: -worth, into: worth}
        total: dict[str, Fraction] = {}
        for officer, step in steps.items():
            if officer in self._group:
                group = self._group[officer]
                total[group] = total.get(group, ZERO) + step
        cost = ZERO
        for group, more in total.items():
            mine = {o: step for o, step in steps.items() if self._group.get(o) == group}
            if more:
                cost += self._sum(group, more) - self._sum(group, ZERO)
            cost += sum(
                (self._off(o, more, step) - self._off(o, more) for o, step in mine.items()),
                ZERO,
            )
        return cost

    def _off(self, officer: str, total: Fraction, load: Fraction = ZERO) -> Fraction:
        """What an officer's distance from the share costs when the total and the load change."""
        share, group = self._share[officer], self._group[officer]
        away = self._load[officer] + load - share * (self._total[group] + total)
        return self.rule.missed(share, away, len(self._members[group]))[1]

    def _sum(self, group: str, total: Fraction) -> Fraction:
        if (group, total) not in self._sums:
            self._sums[group, total] = sum(
                (self._off(officer, total) for officer in self._members[group]), ZERO
            )
        return self._sums[group, total]
