"""Every rule says the same twice: its limits are broken exactly where its violations are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol_scheduler import rules
from patrol_scheduler.problem import Cadence, Phase, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    ALL,
    BY_NAME,
    Columns,
    Effort,
    Level,
    OneDutyADay,
    Rule,
    TeamRule,
    TeamWish,
    WithinPhase,
)
from patrol_scheduler.rules.limits import exact
from tests.strategies import VARIANTS, changed, random_problem, random_roster, without_teams

from .worked import limit_costs, plan, roster, violation_costs

EXAMPLES = tuple(
    example
    for module in sorted(Path(__file__).parent.glob("test_*.py"))
    if module.stem != "test_pairs" and module.stem != "test_documentation"
    for example in getattr(importlib.import_module(f"{__package__}.{module.stem}"), "EXAMPLES", ())
)
SAMPLES = 120
ALWAYS_CHARGES = {Effort}  # whoever goes out at all pays
RANDOM = st.randoms(use_true_random=False)
QUICK = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def sample(rng: Random, tidy: bool | None = None) -> tuple[Problem, Roster]:
    problem = random_problem(rng)
    if rng.random() < 0.1:
        problem = without_teams(rng, problem)
    return problem, random_roster(rng, problem, tidy=tidy)


@cache
def samples() -> tuple[tuple[Problem, Roster], ...]:
    return tuple(sample(Random(seed)) for seed in range(SAMPLES))  # noqa: S311  # no secret


def assert_pair(rule: Rule, problem: Problem, made: Roster) -> tuple[bool, bool]:
    """Assert that limits and violations agree; tell whether any is broken and any charged."""
    columns = Columns(problem)
    broken, costs = limit_costs(list(rule.limits(problem, columns)), columns, made)
    found, charged = violation_costs(list(rule.violations(problem, made)))
    assert (bool(broken), costs) == (bool(found), charged), f"{rule!r}"
    return bool(broken), bool(costs)


def assert_relaxed(rule: Rule, problem: Problem, made: Roster) -> None:
    """Assert that what is asked before teams are formed is never more than the rule asks."""
    columns = Columns(problem)
    limits = list(rule.roster_limits(problem, columns))
    broken, costs = limit_costs(limits, columns, made)
    violations = list(rule.violations(problem, made))
    found, charged = violation_costs(violations)
    assert found or not broken, f"{rule!r}"
    if isinstance(rule, TeamRule | TeamWish):
        assert all(cost <= charged.get(level, 0) for level, cost in costs.items()), f"{rule!r}"
    else:
        assert costs == charged, f"{rule!r}"
    if any(v.level <= Level.SHORTAGE for v in violations):
        return
    values = columns.values(made)
    for limit in limits:
        if limit.level <= Level.SHORTAGE:
            total = sum(weight * values[column] for column, weight in limit.terms)
            assert limit.at_least is None or total >= limit.at_least, f"{rule!r}"
            assert limit.at_most is None or total <= limit.at_most, f"{rule!r}"


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_limits_and_violations_agree_and_both_outcomes_occur(kind: type[Rule]) -> None:
    broken = charged = 0
    for seed, (problem, made) in enumerate(samples()):
        rule = VARIANTS[kind](Random(seed), problem)  # noqa: S311  # a seed, not a secret
        must, priced = assert_pair(rule, problem, made)
        broken, charged = broken + must, charged + priced
    counts = [count for count in (broken, charged) if count]
    assert counts
    for count in counts:
        assert 0.1 * SAMPLES <= count <= (0.95 if kind in ALWAYS_CHARGES else 0.85) * SAMPLES


@pytest.mark.parametrize(
    "kind", [kind for kind in ALL if issubclass(kind, TeamWish)], ids=lambda kind: kind.__name__
)
def test_the_marks_of_a_roster_cost_what_its_violations_cost(kind: type[TeamWish]) -> None:
    """The solver forms teams by their marks, the check counts violations."""
    charged = 0
    for seed, (problem, made) in enumerate(samples()):
        rule = VARIANTS[kind](Random(seed), problem)  # noqa: S311  # a seed, not a secret
        assert isinstance(rule, TeamWish)
        before, marks = rule.before(problem), rule.counted(problem, made)
        units = sum(rule.charged(problem, m, before[m], times) for m, times in marks.items())
        costs = [violation.cost for violation in rule.violations(problem, made)]
        assert units * exact(rule.price) == sum(costs)
        charged += bool(costs)
    assert charged >= 0.1 * SAMPLES


@QUICK
@given(RANDOM)
def test_limits_and_violations_agree_on_any_roster(rng: Random) -> None:
    problem, made = sample(rng)
    for kind in ALL:
        assert_pair(VARIANTS[kind](rng, problem), problem, made)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_what_is_asked_before_teams_are_formed_is_never_more(kind: type[Rule]) -> None:
    for seed in range(SAMPLES):
        rng = Random(f"tidy {seed}")  # noqa: S311  # a seed, not a secret
        problem, made = tidy_sample(seed)
        assert not list(WithinPhase().violations(problem, made))
        assert not list(OneDutyADay().violations(problem, made))
        assert_relaxed(VARIANTS[kind](rng, problem), problem, made)


@cache
def tidy_sample(seed: int) -> tuple[Problem, Roster]:
    return sample(Random(seed), tidy=True)  # noqa: S311  # a seed, not a secret


@QUICK
@given(RANDOM)
def test_what_is_asked_before_teams_are_formed_is_never_more_for_any_roster(rng: Random) -> None:
    problem, made = sample(rng, tidy=True)
    for kind in ALL:
        assert_relaxed(VARIANTS[kind](rng, problem), problem, made)


def test_every_rule_class_is_in_the_one_list() -> None:
    found = set()
    for module in pkgutil.iter_modules(rules.__path__):
        members = vars(importlib.import_module(f"{rules.__name__}.{module.name}")).values()
        found |= {
            member
            for member in members
            if inspect.isclass(member)
            and issubclass(member, Rule)
            and not inspect.isabstract(member)
            and not member.__name__.startswith("_")
        }
    assert found == set(ALL)
    assert len(ALL) == len(set(ALL)) == len(BY_NAME)
    assert all(BY_NAME[kind.model_fields["rule"].default] is kind for kind in ALL)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_rule_has_a_variant_and_two_worked_examples_with_dates(kind: type[Rule]) -> None:
    assert kind in VARIANTS
    mine = [example for example in EXAMPLES if type(example.rule) is kind]
    dated = [example for example in mine if any(line[:2] == "20" for line in example.lines)]
    assert len(dated) >= 2
    assert any(example.found for example in mine), "none on the far side of the edge"
    assert any(not example.found for example in mine), "none on the near side of the edge"


def test_lines_that_stand_twice_in_a_roster_made_by_hand_are_found() -> None:
    problem = plan()
    patrol = roster(problem, "2010-08-03 town day P1", "2010-08-03 town day P2")
    assert [v.what for v in WithinPhase().violations(problem, patrol)] == ["twice"]
    for lines in (["2010-08-03 town day P1 P1"], ["2010-08-03 gate day P1"] * 2):
        twice = roster(problem, *lines)
        assert [v.officer for v in OneDutyADay().violations(problem, twice)] == ["P1"]


@QUICK
@given(RANDOM)
def test_duties_before_and_after_the_plan_are_judged_without_failing(rng: Random) -> None:
    problem = random_problem(rng)
    made = random_roster(rng, problem)
    middle = problem.dates[len(problem.dates) // 2]
    one_day = Phase(id="one-day", start=middle, end=middle)
    shorter = changed(problem, phases=(one_day,), cadences=(Cadence(min_days=2, max_days=3),))
    for kind in ALL:
        for violation in VARIANTS[kind](rng, shorter).violations(shorter, made):
            assert violation.amount > 0
    outside = {d.date for d in made.duties} - set(shorter.dates)
    flagged = {v.date for v in WithinPhase().violations(shorter, made)}
    assert outside <= flagged
