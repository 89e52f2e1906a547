"""Makes patrol instances of any size and tightness from a seed, with a roster planted in each.

The tightness is the number of duties of the shortest possible roster over the most duties that the
officers could do, leave, rest and weekly limits counted. A planted instance is one in which the
generator has made a complete roster itself, so that it is known to be feasible.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.patrol_instance import (
    Instance,
    InstanceArea,
    InstanceOfficer,
    write_assignments,
    write_instance,
)

START = dt.date(2010, 8, 1)
DAYS = 152
REST = 2
DUTIES_A_WEEK = 3
AGENCIES = {"PS": 1, "TP": 1, "UM": 2}
CERTIFIED, DRIVERS, LEADERS, LARGER_TEAM = 0.8, 0.6, 0.33, 0.25
LEAVE_DAYS = 9
GAPS = (2, 3)
LONGEST_GAP = 30


@dataclass(frozen=True)
class Size:
    """What a preset stands for."""

    areas: int
    tightness: float


SIZES = {
    "hamlet": Size(1, 0.22),
    "village": Size(2, 0.35),
    "township": Size(4, 0.4),
    "town": Size(8, 0.53),
    "town-tight": Size(8, 0.68),
    "county": Size(80, 0.65),
    "county-tight": Size(80, 0.9),
    "city": Size(800, 0.65),
}
"""Instances like the public ones of these names."""


class TooTightError(Exception):
    """No complete roster could be planted."""


@dataclass
class _Person:
    id: str
    agency: str
    certified: bool
    driver: bool
    leader: bool
    leave: set[int]
    duties: list[int] = field(default_factory=list)

    def may(self, day: int) -> bool:
        return (
            day not in self.leave
            and (not self.duties or day - self.duties[-1] >= REST)
            and self._this_week(day) < DUTIES_A_WEEK
        )

    def _this_week(self, day: int) -> int:
        return sum(1 for d in self.duties if d // 7 == day // 7)

    def spare(self, day: int) -> int:
        """How many duties fewer than allowed there will be this week even if none is left out."""
        rest_of_week = range(day, day // 7 * 7 + 7)
        free = [d for d in rest_of_week if d not in self.leave]
        possible, before = 0, -REST
        for d in free:
            if d - before >= REST:
                possible, before = possible + 1, d
        return possible - (DUTIES_A_WEEK - self._this_week(day))


Rows = list[tuple[str, str, str]]


def generate(
    *,
    name: str,
    seed: int,
    areas: int,
    officers: int | None = None,
    tightness: float | None = None,
    days: int = DAYS,
    plant: bool = True,
) -> tuple[Instance, Rows]:
    """An instance and the roster planted in it (no rows without ``plant``).

    Of ``officers`` and ``tightness`` one is enough: without officers, as many are made as the
    tightness asks, or a few more where no roster can be planted with so few; with both, the gap
    windows are chosen so that the tightness comes out. Raises :class:`TooTightError` where the
    roster could not be planted.
    """
    rng = random.Random(seed)  # noqa: S311  # a benchmark, not a secret
    teams = [_team(rng) for _ in range(areas)]
    gaps = [GAPS] * areas
    if officers is not None and tightness is not None:
        gaps = _gaps(rng, days, teams, tightness * _a_person(days) * officers)
    count = officers or _officers(days, gaps, teams, tightness)
    while True:
        people = _people(rng, count, days, teams)
        dates = even_dates(days, gaps, [team.size for team in teams], rng)
        try:
            rows = _planted(rng, people, dates, teams) if plant else []
        except TooTightError:
            if officers is not None:
                raise
            count += max(1, count // 100)
        else:
            return _instance(name, days, people, gaps, teams), rows


def measured_tightness(given: Instance) -> float:
    """The fewest duties that the instance asks over the most that its officers could do."""
    days = (given.end - given.start).days + 1
    most = sum(
        _most_duties(
            days,
            {(date - given.start).days for date in officer.leave},
            officer.max_duties_per_week,
            given.min_days_between_duties,
        )
        for officer in given.officers
    )
    fewest = sum(
        _patrols(days, area.gap_days[1]) * (sum(area.team.values()) + area.extra_members)
        for area in given.areas
    )
    return fewest / most if most else float("inf")


@dataclass(frozen=True)
class _Team:
    members: dict[str, int]
    extra: int
    certified: int

    @property
    def size(self) -> int:
        return sum(self.members.values()) + self.extra


def _team(rng: random.Random) -> _Team:
    return _Team(dict(AGENCIES), int(rng.random() < LARGER_TEAM), rng.choice((1, 2)))


def _patrols(days: int, longest: int) -> int:
    """The fewest patrols with no ``longest`` days in a row without one."""
    return days // longest


def _fewest(days: int, gaps: list[tuple[int, int]], teams: list[_Team]) -> int:
    return sum(_patrols(days, g[1]) * team.size for g, team in zip(gaps, teams, strict=True))


def _a_person(days: int) -> float:
    """About how many duties an officer can do; of a week with leave some days are left."""
    return _most_duties(days, set()) * (1 - 0.4 * LEAVE_DAYS / DAYS)


def _officers(
    days: int, gaps: list[tuple[int, int]], teams: list[_Team], tightness: float | None
) -> int:
    wanted = _fewest(days, gaps, teams) / (_a_person(days) * (tightness or 0.5))
    return max(_least_officers(teams), round(wanted))


def _least_officers(teams: list[_Team]) -> int:
    """Two teams for the area with the largest one, so that one can rest."""
    return 2 * max(team.size for team in teams) + 3


def _gaps(
    rng: random.Random, days: int, teams: list[_Team], duties: float
) -> list[tuple[int, int]]:
    """Gap windows with which all areas together ask about ``duties`` duties."""
    mean = sum(team.size for team in teams) * days / max(duties, 1.0)
    mean = min(max(mean, 1.0), float(min(LONGEST_GAP, days)))
    found = []
    for _ in teams:
        longest = int(mean) + int(rng.random() < mean - int(mean))
        found.append((max(1, longest - 1), longest))
    return found


def _most_duties(days: int, leave: set[int], a_week: int = DUTIES_A_WEEK, rest: int = REST) -> int:
    """The most duties of one officer: as early as rest and the weekly limit allow."""
    done: list[int] = []
    for day in range(days):
        free = day not in leave and (not done or day - done[-1] >= rest)
        if free and sum(1 for d in done if d // 7 == day // 7) < a_week:
            done.append(day)
    return len(done)


def _people(rng: random.Random, officers: int, days: int, teams: list[_Team]) -> list[_Person]:
    shares = Counter[str]()
    for team in teams:
        shares.update(team.members)
        shares["UM"] += team.extra
    total = sum(shares.values())
    counts = {agency: max(1, round(officers * n / total)) for agency, n in shares.items()}
    counts["UM"] = max(1, officers - sum(n for agency, n in counts.items() if agency != "UM"))
    return [
        _Person(
            f"{agency}{number:04}",
            agency,
            certified=agency == "UM" and rng.random() < CERTIFIED,
            driver=rng.random() < DRIVERS,
            leader=rng.random() < LEADERS,
            leave=_leave(rng, days),
        )
        for agency, count in counts.items()
        for number in range(1, count + 1)
    ]


def _leave(rng: random.Random, days: int) -> set[int]:
    """A few stretches of leave, about ``LEAVE_DAYS`` in 152 days."""
    left, found = round(LEAVE_DAYS * days / DAYS * rng.uniform(0.5, 1.5)), set[int]()
    while left > 0:
        length, start = min(left, rng.randint(1, 6)), rng.randrange(days)
        found |= {day for day in range(start, start + length) if day < days}
        left -= length
    return found


def even_dates(
    days: int, gaps: Sequence[tuple[int, int]], sizes: Sequence[int], rng: random.Random
) -> list[list[int]]:
    """Patrol dates at the longest gaps, begun so that every day has about as many people out."""
    load = [0] * days
    found: list[list[int]] = [[] for _ in gaps]
    for i in rng.sample(range(len(gaps)), len(gaps)):
        longest = gaps[i][1]
        begins = rng.sample(range(min(longest, days)), min(longest, days))
        begin = min(begins, key=lambda b: (max(load[b::longest]), sum(load[b::longest])))
        found[i] = list(range(begin, days, longest))
        for day in found[i]:
            load[day] += sizes[i]
    return found


def _planted(
    rng: random.Random, people: list[_Person], dates: list[list[int]], teams: list[_Team]
) -> Rows:
    """A complete roster: whoever can hardly do without the day goes, then whoever has done least.

    What a patrol lacks is given to its people: somebody becomes a leader, a driver, certified.
    Where too few are free, somebody on leave comes back.
    """
    rows: Rows = []
    on: dict[int, list[int]] = {}
    for area, its_days in enumerate(dates):
        for day in its_days:
            on.setdefault(day, []).append(area)
    for day in sorted(on):
        rng.shuffle(on[day])
        waiting = sorted(
            (p for p in people if p.may(day)),
            key=lambda p: (p.spare(day), len(p.duties), rng.random()),
        )
        for area in on[day]:
            team = teams[area]
            wanted = Counter(team.members)
            wanted["UM"] += team.extra
            going = [
                one
                for agency, n in wanted.items()
                for one in _picked(waiting, people, agency, n, day)
            ]
            _qualified(going, team)
            for one in going:
                one.duties.append(day)
                rows.append((_date(day), f"A{area + 1:03}", one.id))
            chosen = {one.id for one in going}
            waiting = [one for one in waiting if one.id not in chosen]
    return rows


def _picked(
    waiting: list[_Person], people: list[_Person], agency: str, n: int, day: int
) -> list[_Person]:
    found = [one for one in waiting if one.agency == agency][:n]
    if len(found) < n:
        back = [
            one
            for one in people
            if one.agency == agency
            and day in one.leave
            and day not in one.duties
            and _may_but_for_leave(one, day)
        ][: n - len(found)]
        for one in back:
            one.leave.discard(day)
        found += back
    if len(found) < n:
        raise TooTightError(
            f"{_date(day)}: {agency} has only {len(found)} officers free for a patrol that needs "
            f"{n}; give more officers or a lower tightness"
        )
    return found


def _may_but_for_leave(one: _Person, day: int) -> bool:
    away = day in one.leave
    one.leave.discard(day)
    may = one.may(day)
    if away:
        one.leave.add(day)
    return may


def _qualified(going: list[_Person], team: _Team) -> None:
    """Give the people of a patrol what their team asks and they do not have."""
    if not any(one.leader for one in going):
        going[0].leader = True
    if not any(one.driver for one in going):
        going[-1].driver = True
    inspectors = [one for one in going if one.agency == "UM"]
    lacking = team.certified - sum(one.certified for one in inspectors)
    for one in [one for one in inspectors if not one.certified][: max(0, lacking)]:
        one.certified = True


def _date(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def _instance(
    name: str,
    days: int,
    people: list[_Person],
    gaps: list[tuple[int, int]],
    teams: list[_Team],
) -> Instance:
    return Instance(
        name=name,
        start=START,
        end=START + dt.timedelta(days=days - 1),
        min_days_between_duties=REST,
        officers=tuple(
            InstanceOfficer(
                id=one.id,
                agency=one.agency,
                certified=one.certified,
                driver=one.driver,
                leader=one.leader,
                leave=tuple(START + dt.timedelta(days=day) for day in sorted(one.leave)),
                max_duties_per_week=DUTIES_A_WEEK,
            )
            for one in people
        ),
        areas=tuple(
            InstanceArea(
                id=f"A{i + 1:03}",
                gap_days=gap,
                team=team.members,
                extra_members=team.extra,
                min_certified={"UM": team.certified},
                min_drivers=1,
                min_leaders=1,
            )
            for i, (gap, team) in enumerate(zip(gaps, teams, strict=True))
        ),
    )


def of_size(size: str, seed: int, *, plant: bool = True) -> tuple[Instance, Rows]:
    """An instance like the public one of that name."""
    preset = SIZES[size]
    return generate(
        name=f"{size}-{seed}",
        seed=seed,
        areas=preset.areas,
        tightness=preset.tightness,
        plant=plant,
    )


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks generate", description=__doc__)
    parser.add_argument("--size", choices=SIZES, help="as the public instance of that name")
    parser.add_argument("--areas", type=int)
    parser.add_argument("--officers", type=int)
    parser.add_argument("--tightness", type=float, help="duties asked over duties possible, 0 to 1")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--no-plant", action="store_true", help="make no roster: it may not be feasible"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.json")
    parser.add_argument("--roster", type=Path, metavar="OUT.csv", help="the planted roster")
    given = parser.parse_args(arguments)
    _refuse_what_is_out_of_range(parser, given)
    preset = SIZES.get(given.size)
    tightness = given.tightness
    if tightness is None and preset is not None and given.officers is None:
        tightness = preset.tightness
    try:
        made, rows = generate(
            name=given.out.stem,
            seed=given.seed,
            areas=given.areas or (preset.areas if preset else 4),
            officers=given.officers,
            tightness=tightness,
            days=given.days,
            plant=not given.no_plant,
        )
    except TooTightError as error:
        parser.error(str(error))
    write_instance(given.out, made)
    if given.roster is not None:
        write_assignments(given.roster, rows)
    return {
        "instance": str(given.out),
        "officers": len(made.officers),
        "areas": len(made.areas),
        "days": given.days,
        "tightness": round(measured_tightness(made), 3),
        "planted_duties": len(rows),
        "seed": given.seed,
    }


def _refuse_what_is_out_of_range(
    parser: argparse.ArgumentParser, given: argparse.Namespace
) -> None:
    for name, least, most in (
        ("areas", 1, 10_000),
        ("officers", 8, 100_000),
        ("days", 7, 3660),
        ("tightness", 0.01, 2.0),
    ):
        value = getattr(given, name)
        if value is not None and not least <= value <= most:
            parser.error(f"--{name} {value}: expected a number from {least} to {most}")
    if given.roster is not None and given.no_plant:
        parser.error("--roster needs a planted roster: leave --no-plant out")
