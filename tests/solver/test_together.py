"""Who goes with whom is decided by the wishes about it, at no cost to anything else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import chain, combinations
from random import Random
from typing import Any

import pytest

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Agency, Area, Cadence, Officer, PastDuty, Phase, Problem, Team
from patrol_scheduler.rules import FamiliarAreas, KeepPartners, Level, MixPartners, rules_of
from patrol_scheduler.solver import solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.roster_level import RosterLevel
from patrol_scheduler.solver.together import arranged
from tests.rules.worked import plan as worked_plan


def plan(days: int = 4, **changes: Any) -> Problem:
    """Two areas patrolled on the same days by one of the police and one of the city each."""
    first = dt.date(2010, 8, 2)
    given: dict[str, Any] = {
        "end": (first + dt.timedelta(days=days - 1)).isoformat(),
        "agencies": (Agency(id="police"), Agency(id="city")),
        "areas": (Area(id="town"), Area(id="road")),
        "posts": (),
        "shifts": worked_plan().shifts[:1],
        "phases": (Phase(id="routine", start=first, end=first + dt.timedelta(days=days - 1)),),
        "cadences": (Cadence(min_days=1, max_days=1),),
        "teams": (Team(members={"police": 1, "city": 1}),),
    }
    return worked_plan(**(given | changes))


def pairs(problem: Problem, **options: Any) -> tuple[Counter[tuple[str, str]], float]:
    """How often each two go together in the roster found, and what its wishes cost."""
    result = solve(problem, time_limit=20, workers=1, **options)
    assert result.roster is not None
    found = check(problem, result.roster)
    assert found.complete
    met = Counter(
        pair
        for patrol in result.roster.patrols
        for pair in combinations(sorted(m.officer for m in patrol.members), 2)
    )
    return met, float(found.cost(Level.WISHES))


def test_partners_are_mixed_evenly() -> None:
    """Four days of two patrols are eight meetings of four pairs: two each."""
    met, cost = pairs(plan(rules=(MixPartners(times=2),)))
    assert set(met.values()) == {2}
    assert len(met) == 4
    assert cost == 0


def test_partners_keep_together() -> None:
    met, cost = pairs(plan(rules=(KeepPartners(price=2),)))
    assert sorted(met.values()) == [4, 4]
    assert cost == 4


def test_partners_of_july_stay_partners() -> None:
    past = tuple(
        PastDuty(date=dt.date(2010, 7, 30), shift="day", officer=o, area=area)
        for o, area in (("P1", "town"), ("C2", "town"), ("P2", "road"), ("C1", "road"))
    )
    met, cost = pairs(plan(rules=(KeepPartners(),), history=past))
    assert met == {("C2", "P1"): 4, ("C1", "P2"): 4}
    assert cost == 0


def test_each_area_gets_an_officer_who_knows_it() -> None:
    """C1 knows the town and P2 the road; C2 and P1 know nothing."""
    officers = (
        Officer(id="P1", agency="police"),
        Officer(id="P2", agency="police", familiar=("road",)),
        Officer(id="C1", agency="city", familiar=("town",)),
        Officer(id="C2", agency="city"),
    )
    problem = plan(officers=officers)
    result = solve(problem, time_limit=20, workers=1)
    assert result.roster is not None
    assert not list(FamiliarAreas().violations(problem, result.roster))


def test_whoever_knows_an_area_goes_on_duty_when_it_is_patrolled() -> None:
    """One area every day and three of the city for it: the one who knows it every other day."""
    officers = (
        Officer(id="P1", agency="police"),
        *(Officer(id=f"C{n}", agency="city", familiar=("town",) * (n < 3)) for n in (1, 2, 3)),
    )
    problem = plan(days=4, areas=(Area(id="town"),), officers=officers)
    result = solve(problem, time_limit=20, workers=1)
    assert result.roster is not None
    found = check(problem, result.roster)
    assert found.cost(Level.WISHES) == sum(
        1 for p in result.roster.patrols if not {"C1", "C2"} & {m.officer for m in p.members}
    )


@pytest.mark.parametrize("seed", range(4))
def test_exchanges_keep_everybody_on_duty_and_every_team_as_asked(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    officers = tuple(
        Officer(
            id=f"{agency[0].upper()}{n}",
            agency=agency,
            leader=rng.random() < 0.6,
            familiar=tuple(a for a in ("town", "road", "lane") if rng.random() < 0.4),
        )
        for agency in ("police", "city")
        for n in range(6)
    )
    problem = plan(
        days=5,
        officers=officers,
        areas=(Area(id="town"), Area(id="road"), Area(id="lane")),
        teams=(Team(members={"police": 1, "city": 1}, leaders=1),),
        rules=(MixPartners(times=1), FamiliarAreas(price=3)),
    )
    result = solve(problem.model_copy(update={"rules": ()}), time_limit=20, workers=1)
    assert result.roster is not None
    rules = rules_of(problem)
    level = RosterLevel(problem, rules, soften=False)
    shift = problem.shifts[0].id
    teams = {
        (day, shift): {
            p.area: [m.officer for m in p.members]
            for p in result.roster.patrols
            if p.date == problem.date(day)
        }
        for day in range(5)
    }
    budget = Budget(60, None, None)
    after = arranged(level, rules, teams, budget, seed=seed)
    assert after == arranged(level, rules, teams, budget, seed=seed)
    leaders = {officer.id for officer in officers if officer.leader}
    for key, formed in after.items():
        on_duty = [sorted(chain(*of.values())) for of in (formed, teams[key])]
        assert on_duty[0] == on_duty[1]
        for team in formed.values():
            assert sorted(officer[0] for officer in team) == ["C", "P"]
            assert leaders & set(team)

    def cost(formed: Any) -> int:
        """What the wishes cost, by the rules' own counting."""
        total = 0
        for rule in (MixPartners(times=1), FamiliarAreas(price=3)):
            marks = Counter(
                mark
                for (day, _), of in formed.items()
                for area, team in of.items()
                for mark in rule.marks(problem, area, problem.date(day), team)
            )
            total += sum(rule.charged(problem, m, 0, n) for m, n in marks.items()) * int(rule.price)
        return total

    assert cost(after) <= cost(teams)
