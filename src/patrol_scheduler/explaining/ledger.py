"""What each violation and each point of cost of a roster comes from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from patrol_scheduler.checking import Check, Finding, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """All that one rule finds about one subject: an officer, an area, or nobody in particular.

    ``cost`` is the sum of the findings' costs, on ``MUST`` of their amounts; ``share`` is it over
    the level's cost, 0 to 1.
    """

    level: Level
    rule: str
    officer: str | None
    area: str | None
    cost: Fraction
    share: float
    findings: tuple[Finding, ...]


def ledger(problem: Problem, roster: Roster, found: Check | None = None) -> tuple[LedgerLine, ...]:
    """Every point of cost by where it comes from: level by level, the dearest first.

    The lines of a level add up to exactly what the check says that the level costs.
    """
    found = found or check(problem, roster)
    groups: dict[tuple[Level, str, str | None, str | None], list[Finding]] = {}
    for finding in found.findings:
        v = finding.violation
        groups.setdefault((v.level, v.rule, v.officer, v.area), []).append(finding)
    totals = {level: found.cost(level) for level in Level}
    lines = []
    for (level, rule, officer, area), findings in groups.items():
        cost = sum((f.violation.cost for f in findings), Fraction(0))
        share = float(cost / totals[level]) if totals[level] else 0.0
        lines.append(LedgerLine(level, rule, officer, area, cost, share, tuple(findings)))

    def order(line: LedgerLine) -> tuple[object, ...]:
        return line.level, -line.cost, line.rule, line.officer or "", line.area or ""

    return tuple(sorted(lines, key=order))
