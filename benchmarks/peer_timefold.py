"""Timefold as a peer: it is given the patrol dates and fills the seats.

Its Python package describes the seats as planning entities and the rules as constraint streams.
The dates are the fewest that the cadences allow, spread evenly: what is hard for it is left out, so
it is compared kindly. Importing this module needs Java 17 and the extra ``peers``.
"""

# Its annotations are read while the classes are made, so they must not be put off.
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

from benchmarks.generator import even_dates
from benchmarks.patrol_instance import Instance
from benchmarks.peer_program import days_off, length, weekend
from benchmarks.peers import Found, Rows

# Its scores are whole numbers: a hundredth of a duty is the unit of fairness.
SCALE = 100
ANY = -1


@dataclass(frozen=True)
class Person:
    """An officer; the shares are duties in hundredths."""

    id: str
    agency: int
    certified: bool
    driver: bool
    leader: bool
    off: frozenset
    a_week: int
    share: int
    weekend_share: int


@planning_entity
@dataclass
class Seat:
    """A seat of a patrol to be filled; ``agency`` is ``ANY`` where anybody may sit."""

    id: Annotated[int, PlanningId]
    patrol: int
    day: int
    week: int
    weekend: bool
    agency: int
    inspectors: int
    certified: int
    drivers: int
    leaders: int
    person: Annotated[Person | None, PlanningVariable] = field(default=None)


@planning_solution
@dataclass
class Plan:
    """All people and all seats."""

    people: Annotated[list[Person], ProblemFactCollectionProperty, ValueRangeProvider]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


HARD, SOFT = HardSoftScore.ONE_HARD, HardSoftScore.ONE_SOFT


def _patrol(factory: ConstraintFactory, name: str, needed: Any, has: Any) -> Any:
    """A patrol has as many of a kind as it needs."""
    return (
        factory.for_each(Seat)
        .group_by(lambda s: s.patrol, needed, ConstraintCollectors.sum(has))
        .filter(lambda _patrol, needed, n: n < needed)
        .penalize(HARD, lambda _patrol, needed, n: needed - n)
        .as_constraint(name)
    )


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Any]:
    """The rules of the instance; nobody is on two days in a row."""
    return [
        factory.for_each(Seat)
        .filter(lambda s: s.agency >= 0 and s.person.agency != s.agency)
        .penalize(HARD)
        .as_constraint("agency"),
        factory.for_each(Seat)
        .filter(lambda s: s.day in s.person.off)
        .penalize(HARD)
        .as_constraint("leave"),
        factory.for_each_unique_pair(Seat, Joiners.equal(lambda s: s.person))
        .filter(lambda a, b: abs(a.day - b.day) < 2)
        .penalize(HARD)
        .as_constraint("rest"),
        factory.for_each(Seat)
        .group_by(lambda s: s.person, lambda s: s.week, ConstraintCollectors.count())
        .filter(lambda person, _week, n: n > person.a_week)
        .penalize(HARD, lambda person, _week, n: n - person.a_week)
        .as_constraint("week"),
        _patrol(factory, "leader", lambda s: s.leaders, lambda s: 1 if s.person.leader else 0),
        _patrol(factory, "driver", lambda s: s.drivers, lambda s: 1 if s.person.driver else 0),
        _patrol(
            factory,
            "certified",
            lambda s: s.certified,
            lambda s: 1 if s.person.certified and s.person.agency == s.inspectors else 0,
        ),
        factory.for_each(Seat)
        .group_by(lambda s: s.person, ConstraintCollectors.count())
        .penalize(SOFT, lambda person, n: 2 * abs(100 * n - person.share))
        .as_constraint("fair"),
        factory.for_each(Seat)
        .filter(lambda s: s.weekend)
        .group_by(lambda s: s.person, ConstraintCollectors.count())
        .penalize(SOFT, lambda person, n: 3 * abs(100 * n - person.weekend_share))
        .as_constraint("fair weekends"),
    ]


def run(given: Instance, seconds: float, workers: int, seed: int, found: Found) -> float | None:
    """Timefold on the seats; it proves no bound."""
    del workers  # its Python package moves on one thread
    assert given.min_days_between_duties == 2, "the rule about rest is written for two days"
    seats, areas = _seats(given, seed)
    people = _people(given, seats)

    def rows(plan: Any) -> Rows:
        return [
            ((given.start + timedelta(days=s.day)).isoformat(), areas[s.patrol], s.person.id)
            for s in plan.seats
            if s.person is not None
        ]

    solver = SolverFactory.create(
        SolverConfig(
            solution_class=Plan,
            entity_class_list=[Seat],
            score_director_factory_config=ScoreDirectorFactoryConfig(
                constraint_provider_function=rules
            ),
            termination_config=TerminationConfig(
                spent_limit=Duration(milliseconds=int(seconds * 1000))
            ),
        )
    ).build_solver()
    solver.add_event_listener(lambda event: found(rows(event.new_best_solution), None))
    found(rows(solver.solve(Plan(people, seats))), None)
    return None


def _seats(given: Instance, seed: int) -> tuple[list[Seat], list[str]]:
    """The seats of all patrols, and the area of each patrol."""
    days, rests = length(given), set(weekend(given))
    dates = even_dates(
        days,
        [area.gap_days for area in given.areas],
        [sum(area.team.values()) + area.extra_members for area in given.areas],
        random.Random(seed),  # noqa: S311  # a benchmark, not a secret
    )
    seats: list[Seat] = []
    areas: list[str] = []
    number = _numbers(given)
    for area, its_days in zip(given.areas, dates, strict=True):
        agencies = [number[g] for g, n in area.team.items() for _ in range(n)]
        agencies += [ANY] * area.extra_members
        for day in its_days:
            for agency in agencies:
                seats.append(
                    Seat(
                        id=len(seats),
                        patrol=len(areas),
                        day=day,
                        week=day // 7,
                        weekend=day in rests,
                        agency=agency,
                        inspectors=number.get(next(iter(area.min_certified), ""), ANY),
                        certified=next(iter(area.min_certified.values()), 0),
                        drivers=area.min_drivers,
                        leaders=area.min_leaders,
                    )
                )
            areas.append(area.id)
    return seats, areas


def _numbers(given: Instance) -> dict[str, int]:
    """The agencies by number: its constraint streams compare numbers, not texts, reliably."""
    return {name: i for i, name in enumerate(sorted({o.agency for o in given.officers}))}


def _people(given: Instance, seats: list[Seat]) -> list[Person]:
    off, number = days_off(given), _numbers(given)

    def share(agency: str, officer: str, span: set[int]) -> int:
        free = {o.id: len(span - off[o.id]) for o in given.officers if o.agency == agency}
        wanted = sum(1 for s in seats if s.agency == number[agency] and s.day in span)
        return round(SCALE * wanted * free[officer] / max(1, sum(free.values())))

    return [
        Person(
            o.id,
            number[o.agency],
            o.certified,
            o.driver,
            o.leader,
            frozenset(off[o.id]),
            o.max_duties_per_week,
            share(o.agency, o.id, set(range(length(given)))),
            share(o.agency, o.id, set(weekend(given))),
        )
        for o in given.officers
    ]
