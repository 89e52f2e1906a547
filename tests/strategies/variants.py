"""A random variant of every rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any, get_args

from patrol_scheduler.days import DayType
from patrol_scheduler.problem import (
    Over,
    Problem,
)
from patrol_scheduler.rules import (
    AgencyShare,
    Auxiliaries,
    BurdenShare,
    BusyTimes,
    CadenceRule,
    Certificates,
    CompensatoryRests,
    Competent,
    Composition,
    ConsecutiveDutyDays,
    ConsecutiveFreeDays,
    CoverRule,
    DaysBetweenDuties,
    Driver,
    DutiesAtMost,
    Effort,
    FairShare,
    FamiliarAreas,
    FamiliarOfficers,
    Heat,
    HighRiskShifts,
    HoursAtLeast,
    HoursAtMost,
    HoursBetweenDuties,
    HoursTarget,
    IdealStrength,
    KeepPartners,
    LargestLoad,
    Leader,
    LeaderOnDuty,
    LeaderShare,
    Lending,
    LookAhead,
    MarketDays,
    MixPartners,
    NoNight,
    OneDutyADay,
    OnLeave,
    Overtime,
    OwnLimits,
    Pairs,
    PairWishes,
    PatrolCount,
    PatrolDates,
    PatrolDays,
    PatrolsAtMost,
    PhaseGroup,
    PinnedPatrols,
    Pins,
    PreferredPatrols,
    Requests,
    RestAfterHomeDuty,
    RestAfterNight,
    RestDays,
    Rule,
    Seats,
    SharedCar,
    ShiftDays,
    ShiftRotation,
    ShiftSuccession,
    WeekendsAtMost,
    WithinPhase,
)
from tests.strategies.chances import PRICES, chance, some


def _scope(rng: Random, problem: Problem) -> dict[str, Any]:
    """Everybody, some officers, one agency or one labour profile."""
    kind = rng.choice(["all", "all", "officers", "agency", "labour"])
    if kind == "labour":
        return {"labour": (rng.choice(["contract", "civil-servant", "none"]),)}
    if kind == "officers":
        return {"officers": tuple(o.id for o in some(rng, problem.officers, 1))}
    if kind == "agency":
        return {"agencies": (rng.choice(problem.agencies).id,)}
    return {}


def _period(rng: Random) -> dict[str, Any]:
    return {
        "per": rng.choice(["week", "month", "plan"]),
        "week_starts": rng.choice(["monday", "first-day"]),
    }


def _hours_period(rng: Random) -> dict[str, Any]:
    return {**_period(rng), "per": rng.choice(["day", "week", "month", "plan"])}


def _priced(rng: Random) -> dict[str, Any]:
    return {"price": rng.choice(PRICES), "level": rng.choice(["fairness", "wishes"])}


def _shifts(rng: Random, problem: Problem, often: float) -> tuple[str, ...]:
    """Some shifts of the plan, or none."""
    ids = tuple(shift.id for shift in problem.shifts)
    return some(rng, ids, 1) if chance(rng, often) else ()


def _rest(rng: Random) -> dict[str, Any]:
    days = rng.randint(1, 7)
    return {"days": days, "free": rng.randint(0, days)}


def _agencies(rng: Random, problem: Problem) -> tuple[str, ...]:
    """Some agencies, or none, which means all."""
    return some(rng, tuple(a.id for a in problem.agencies)) if chance(rng, 0.5) else ()


OVER: tuple[Over, ...] = get_args(Over)

Variant = Callable[[Random, Problem], Rule]

VARIANTS: dict[type[Rule], Variant] = {
    WithinPhase: lambda rng, problem: WithinPhase(),
    CadenceRule: lambda rng, problem: CadenceRule(price=rng.choice(PRICES)),
    PatrolCount: lambda rng, problem: PatrolCount(**_priced(rng)),
    PatrolsAtMost: lambda rng, problem: PatrolsAtMost(
        patrols=rng.randint(0, 1) if chance(rng, 0.8) else 2,
        per=rng.choice(["day", "shift"]),
        areas=tuple(area.id for area in some(rng, problem.areas)) if chance(rng, 0.3) else (),
        shifts=_shifts(rng, problem, 0.3),
    ),
    ShiftDays: lambda rng, problem: ShiftDays(),
    Heat: lambda rng, problem: Heat(
        stop_from=rng.choice([39, 40, 41]),
        limit_from=rng.choice([36.5, 37, 38]),
        hours=rng.choice([2, 4, 6, 7.5]),
        hottest_from=dt.time(rng.choice([11, 12])),
        hottest_to=dt.time(rng.choice([12, 15]), 30),
        posts=tuple(post.id for post in some(rng, problem.posts)),
    ),
    ShiftRotation: lambda rng, problem: ShiftRotation(
        shifts=some(rng, tuple(s.id for s in problem.shifts), 1),
        areas=some(rng, tuple(a.id for a in problem.areas)) if chance(rng, 0.5) else (),
        of=rng.randint(1, 3),
    ),
    SharedCar: lambda rng, problem: SharedCar(),
    HighRiskShifts: lambda rng, problem: HighRiskShifts(**_priced(rng)),
    RestAfterHomeDuty: lambda rng, problem: RestAfterHomeDuty(
        hours=rng.choice([12, 24, 48]), long_hours=rng.choice([1, 1, 24]), **_scope(rng, problem)
    ),
    PhaseGroup: lambda rng, problem: PhaseGroup(**_scope(rng, problem)),
    Lending: lambda rng, problem: Lending(),
    AgencyShare: lambda rng, problem: AgencyShare(**_priced(rng)),
    LookAhead: lambda rng, problem: LookAhead(
        days=rng.choice([1, 2, 3]), price=rng.choice(PRICES[1:])
    ),
    MarketDays: lambda rng, problem: MarketDays(price=rng.choice(PRICES)),
    PatrolDates: lambda rng, problem: PatrolDates(price=rng.choice(PRICES)),
    PatrolDays: lambda rng, problem: PatrolDays(
        day_types=some(rng, tuple(DayType), 2), areas=some(rng, tuple(a.id for a in problem.areas))
    ),
    Composition: lambda rng, problem: Composition(price=rng.choice(PRICES)),
    Certificates: lambda rng, problem: Certificates(price=rng.choice(PRICES)),
    Leader: lambda rng, problem: Leader(price=rng.choice(PRICES)),
    Driver: lambda rng, problem: Driver(price=rng.choice(PRICES)),
    FamiliarOfficers: lambda rng, problem: FamiliarOfficers(price=rng.choice(PRICES)),
    Competent: lambda rng, problem: Competent(price=rng.choice(PRICES)),
    Auxiliaries: lambda rng, problem: Auxiliaries(
        price=rng.choice(PRICES), per_regular=rng.randint(1, 2), alone_at_least=rng.randint(0, 3)
    ),
    IdealStrength: lambda rng, problem: IdealStrength(**_priced(rng)),
    PairWishes: lambda rng, problem: PairWishes(**_priced(rng)),
    PreferredPatrols: lambda rng, problem: PreferredPatrols(**_priced(rng)),
    Seats: lambda rng, problem: Seats(),
    Pairs: lambda rng, problem: Pairs(),
    PinnedPatrols: lambda rng, problem: PinnedPatrols(),
    Pins: lambda rng, problem: Pins(price=rng.choice(PRICES)),
    CoverRule: lambda rng, problem: CoverRule(**_priced(rng)),
    LeaderOnDuty: lambda rng, problem: LeaderOnDuty(price=rng.choice(PRICES)),
    BusyTimes: lambda rng, problem: BusyTimes(**_priced(rng), **_scope(rng, problem)),
    OnLeave: lambda rng, problem: OnLeave(**_scope(rng, problem)),
    OneDutyADay: lambda rng, problem: OneDutyADay(**_scope(rng, problem)),
    DaysBetweenDuties: lambda rng, problem: DaysBetweenDuties(
        days=rng.randint(1, 5), **_scope(rng, problem)
    ),
    HoursBetweenDuties: lambda rng, problem: HoursBetweenDuties(
        hours=rng.choice([0, 2, 12, 16.5, 24, 40, 60]), **_scope(rng, problem)
    ),
    DutiesAtMost: lambda rng, problem: DutiesAtMost(
        duties=rng.randint(0, 5),
        shifts=_shifts(rng, problem, 0.5),
        **_period(rng),
        **_scope(rng, problem),
    ),
    HoursAtMost: lambda rng, problem: HoursAtMost(
        hours=rng.choice([0, 8, 11.5, 12, 24, 40]), **_hours_period(rng), **_scope(rng, problem)
    ),
    HoursTarget: lambda rng, problem: HoursTarget(
        hours=rng.choice([0, 4, 8, 11.5, 24]),
        **_hours_period(rng),
        **_priced(rng),
        **_scope(rng, problem),
    ),
    Overtime: lambda rng, problem: Overtime(
        hours=rng.choice([0, 4, 7.5, 12]),
        day_hours=rng.choice([0, 2.5, 4, 8]),
        labour=rng.choice([("contract",), (), ("contract", "civil-servant")]),
        except_dates=some(rng, problem.dates[:3]) if chance(rng, 0.3) else (),
    ),
    OwnLimits: lambda rng, problem: OwnLimits(**_scope(rng, problem)),
    NoNight: lambda rng, problem: NoNight(**_scope(rng, problem)),
    RestAfterNight: lambda rng, problem: RestAfterNight(
        hours=rng.choice([0, 2, 24, 40]), **_scope(rng, problem)
    ),
    CompensatoryRests: lambda rng, problem: CompensatoryRests(
        labour=rng.choice([(), (), ("civil-servant", "none")]),
        days=rng.choice([1, 2, 3, 5]),
        **_priced(rng),
    ),
    RestDays: lambda rng, problem: RestDays(**_rest(rng), **_scope(rng, problem)),
    ShiftSuccession: lambda rng, problem: ShiftSuccession(
        shifts=_shifts(rng, problem, 0.9),
        next_shifts=_shifts(rng, problem, 0.9),
        **_scope(rng, problem),
    ),
    HoursAtLeast: lambda rng, problem: HoursAtLeast(
        hours=rng.choice([0, 2, 4.1, 8, 16]), **_scope(rng, problem)
    ),
    ConsecutiveDutyDays: lambda rng, problem: ConsecutiveDutyDays(
        days=rng.randint(1, 4), **_scope(rng, problem)
    ),
    ConsecutiveFreeDays: lambda rng, problem: ConsecutiveFreeDays(
        days=rng.randint(1, 4), **_scope(rng, problem)
    ),
    WeekendsAtMost: lambda rng, problem: WeekendsAtMost(
        weekends=rng.randint(0, 2), **_scope(rng, problem)
    ),
    FairShare: lambda rng, problem: FairShare(over=rng.choice(OVER), **_priced(rng)),
    BurdenShare: lambda rng, problem: BurdenShare(
        **_priced(rng), **{day: rng.choice(PRICES) for day in ("working_day", "rest_day")}
    ),
    LargestLoad: lambda rng, problem: LargestLoad(
        over=rng.choice(["all-days", *OVER]),
        price=rng.choice(PRICES[1:]),
        level=rng.choice(["fairness", "wishes"]),
        steps=rng.randint(1, 4),
    ),
    LeaderShare: lambda rng, problem: LeaderShare(
        over=rng.choice(["all-days", *OVER]),
        price=rng.choice(PRICES[1:]),
        level=rng.choice(["fairness", "wishes"]),
    ),
    Effort: lambda rng, problem: Effort(**_priced(rng), **_scope(rng, problem)),
    FamiliarAreas: lambda rng, problem: FamiliarAreas(
        price=rng.choice(PRICES[1:]), at_least=rng.choice([1, 1, 2])
    ),
    MixPartners: lambda rng, problem: MixPartners(
        price=rng.choice(PRICES[1:]), times=rng.randint(0, 2), agencies=_agencies(rng, problem)
    ),
    KeepPartners: lambda rng, problem: KeepPartners(
        price=rng.choice(PRICES[1:]), agencies=_agencies(rng, problem)
    ),
    Requests: lambda rng, problem: Requests(**_priced(rng), **_scope(rng, problem)),
}
"""A rule with random parameters, for every rule that there is."""
