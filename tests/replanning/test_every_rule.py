"""Every rule stated by itself in a random plan: each question about a roster has an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from random import Random

import pytest

from patrol_scheduler import (
    Problem,
    Roster,
    check,
    explain,
    replan,
    substitute,
    substitutes,
    swap,
    why_not,
)
from patrol_scheduler.explaining import ledger
from patrol_scheduler.replanning.replacing import new_findings
from patrol_scheduler.rules import ALL, Level, Rule, Violation
from patrol_scheduler.texts import LANGUAGES
from patrol_scheduler.validation import faults_of
from tests.strategies import VARIANTS, changed, random_problem, random_roster

SEEDS = 200


@cache
def stated(rule: type[Rule]) -> tuple[Problem, Roster]:
    """A sound random plan that states a rule, and a roster of it in which the rule finds much."""
    best: tuple[int, Problem, Roster] | None = None
    for seed in range(SEEDS):
        rng = Random(seed)  # noqa: S311  # a seed, not a secret
        problem = random_problem(rng, days=(4, 6), most_officers=4)
        problem = changed(problem, rules=(VARIANTS[rule](rng, problem),))
        if faults_of(problem):
            continue
        roster = random_roster(rng, problem, tidy=True)
        if not roster.duties:
            continue
        found = sum(v.rule == rule.model_fields["rule"].default for v in told(problem, roster))
        if best is None or found > best[0]:
            best = found, problem, roster
        if best[0] > 0 and seed > 5:
            break
    assert best is not None, rule
    return best[1], best[2]


def told(problem: Problem, roster: Roster) -> list[Violation]:
    return [finding.violation for finding in check(problem, roster).findings]


def assert_said(lines: dict[str, Iterable[str]]) -> None:
    """Both languages say as much, in words with nothing left to fill in."""
    said = {lang: list(mine) for lang, mine in lines.items()}
    assert len({len(mine) for mine in said.values()}) == 1
    for mine in said.values():
        for line in mine:
            assert "{" not in line
            assert "rules." not in line
    assert said["en"] != said["zh-CN"] or not any(line.strip() for line in said["en"])


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.model_fields["rule"].default)
def test_every_question_is_answered_with_every_rule(rule: type[Rule]) -> None:
    problem, roster = stated(rule)
    before = check(problem, roster)
    assert_said({x: [f.say(problem, x) for f in before.findings] for x in LANGUAGES})

    # What each point of cost comes from: the lines add up to what the check says.
    lines = ledger(problem, roster)
    for level in Level:
        assert sum(line.cost for line in lines if line.level is level) == before.cost(level)

    duty = roster.duties[0]
    for officer in problem.officers:
        for area in problem.areas:
            reasons = why_not(problem, roster, officer.id, duty.date, area.id)
            assert_said({lang: reasons.say(lang) for lang in LANGUAGES})

    for other in substitutes(problem, roster, duty.officer, duty.date, shift=duty.shift):
        assert_said({x: [f.say(problem, x) for f in other.broken] for x in LANGUAGES})
        agreed = substitute(
            problem, roster, duty.officer, duty.date, other.officer, shift=duty.shift
        )
        assert set(agreed.broken) == set(new_findings(problem, roster, agreed.roster))
        assert other.legal == (not agreed.broken)
    for second in roster.duties[1:4]:
        if second.officer != duty.officer and second.date != duty.date:
            agreed = swap(problem, roster, (duty.officer, duty.date), (second.officer, second.date))
            assert set(agreed.broken) == set(new_findings(problem, roster, agreed.roster))
            assert_said({x: [f.say(problem, x) for f in agreed.broken] for x in LANGUAGES})


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.model_fields["rule"].default)
def test_a_roster_is_replanned_or_its_plan_explained_with_every_rule(rule: type[Rule]) -> None:
    problem, roster = stated(rule)
    again = replan(problem, roster, problem.first - dt.timedelta(days=1), time_limit=20)
    assert_said({lang: [c.say(problem, lang) for c in again.changes] for lang in LANGUAGES})
    if again.roster is not None:
        assert not check(problem, again.roster).broken
        assert (again.status == "complete") == check(problem, again.roster).complete
    found = explain(problem, time_limit=20, least_bad=False)
    assert_said({lang: found.say(lang) for lang in LANGUAGES})
    assert (found.verdict == "possible") == (again.status == "complete")
