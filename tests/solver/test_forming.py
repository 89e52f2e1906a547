"""People on duty in a shift and the patrols formed of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product
from random import Random

import pytest

from patrol_scheduler.problem import Area, Cadence, Officer, Pair, Phase, Pin, Team
from patrol_scheduler.rules import Auxiliaries, rules_of
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.solver.forming import Ask, Numbers, best_formed, formed, swapped
from patrol_scheduler.solver.team_level import TeamLevel
from tests.rules.worked import plan

# Kinds: plain 公安, leading 公安, plain 城管, certified 城管, certified 城管 who leads.
PS, PS_LEADS, UM, UM_CERTIFIED, UM_ALL = range(5)


def ask(kinds: tuple[int, ...], least: int, most: int | None = None) -> Ask:
    return Ask(tuple(int(k in kinds) for k in range(5)), least, most, 100)


def team(certified: int, size: int = 3) -> tuple[Ask, ...]:
    return (
        ask((PS, PS_LEADS), 1),
        ask((UM, UM_CERTIFIED, UM_ALL), 2),
        ask((UM_CERTIFIED, UM_ALL), certified),
        ask((PS_LEADS, UM_ALL), 1),
        ask(tuple(range(5)), size if size > 3 else 0, size),
    )


def counted(row: tuple[int, ...], kinds: tuple[int, ...]) -> int:
    return sum(row[k] for k in kinds)


def assert_lawful(
    numbers: Numbers, counts: tuple[int, ...], asks: tuple[tuple[Ask, ...], ...]
) -> None:
    assert tuple(sum(column) for column in zip(*numbers, strict=True)) == counts
    for row, mine in zip(numbers, asks, strict=True):
        for one in mine:
            have = sum(w * n for w, n in zip(one.weights, row, strict=True))
            assert one.at_least is None or have >= one.at_least
            assert one.at_most is None or have <= one.at_most


def planted(rng: Random, patrols: int) -> tuple[tuple[int, ...], tuple[tuple[Ask, ...], ...]]:
    """A shift's people, known to fit its patrols."""
    counts, asks = [0] * 5, []
    for _ in range(patrols):
        certified, size = rng.randint(0, 2), rng.choice((3, 3, 4))
        leads = rng.random() < 0.5
        row = [PS_LEADS if leads else PS]
        row += [rng.choice((UM_CERTIFIED, UM_ALL)) for _ in range(certified)]
        row += [rng.choice((UM, UM_CERTIFIED)) for _ in range(3 - len(row))]
        row += [rng.randrange(5) for _ in range(size - 3)]
        if not {PS_LEADS, UM_ALL} & set(row):
            row[-1] = UM_ALL if row[-1] >= UM else PS_LEADS
        for kind in row:
            counts[kind] += 1
        asks.append(team(certified, size))
    return tuple(counts), tuple(asks)


@pytest.mark.parametrize("patrols", [1, 2, 7, 30, 120])
@pytest.mark.parametrize("seed", range(4))
def test_people_who_fit_are_put_into_lawful_patrols(patrols: int, seed: int) -> None:
    counts, asks = planted(Random(f"{patrols} {seed}"), patrols)  # noqa: S311  # no secret
    numbers = formed(counts, asks, short=False)
    assert numbers is not None
    assert_lawful(numbers, counts, asks)


def test_two_patrols_that_need_a_leader_each_cannot_share_one() -> None:
    asks = (team(1), team(1))
    assert formed((1, 1, 2, 2, 0), asks, short=False) is None
    assert formed((0, 2, 2, 2, 0), asks, short=False) is not None


def test_a_newcomer_takes_the_seat_of_whoever_left() -> None:
    asks = (team(1), team(1))
    before = (0, 2, 2, 2, 0)
    numbers = formed(before, asks, short=False)
    assert numbers is not None
    after = (0, 2, 1, 3, 0)
    changed = swapped(numbers, before, after, asks)
    assert changed is not None
    assert_lawful(changed, after, asks)
    # Without the second leader no exchange keeps both patrols lawful.
    assert swapped(numbers, before, (1, 1, 2, 2, 0), asks) is None


def test_short_patrols_are_formed_at_the_least_price() -> None:
    asks = (team(2), team(0))
    numbers = formed((1, 1, 0, 2, 0), asks, short=True)
    assert numbers is not None
    # One certificate each costs more than both in the patrol that asks for two.
    assert counted(numbers[0], (UM_CERTIFIED, UM_ALL)) == 2


def test_of_many_patrols_only_those_lack_somebody_who_must() -> None:
    # Twelve patrols of a leading 公安 and two 城管; of the 24 城管 needed three are missing.
    asks = tuple(
        (ask((PS, PS_LEADS), 1), ask((UM,), 2), ask((PS_LEADS,), 1), ask(tuple(range(5)), 0, 3))
        for _ in range(12)
    )
    numbers = formed((0, 12, 21, 0, 0), asks, short=True)
    assert numbers is not None
    assert [sum(column) for column in zip(*numbers, strict=True)] == [0, 12, 21, 0, 0]
    assert all(row[PS_LEADS] == 1 for row in numbers)
    assert sum(2 - row[UM] for row in numbers) == 3


def test_where_most_of_many_patrols_lack_somebody_nobody_stays_at_home() -> None:
    # Forty patrols of a leading 公安 and two 城管, for whom there are 30 and 20.
    asks = tuple(
        (ask((PS, PS_LEADS), 1), ask((UM,), 2), ask((PS_LEADS,), 1), ask(tuple(range(5)), 0, 3))
        for _ in range(40)
    )
    numbers = formed((0, 30, 20, 0, 0), asks, short=True)
    assert numbers is not None
    assert [sum(column) for column in zip(*numbers, strict=True)] == [0, 30, 20, 0, 0]
    assert sum(2 - min(2, row[UM]) for row in numbers) == 80 - 20
    assert sum(1 - min(1, row[PS_LEADS]) for row in numbers) == 10


def test_in_haste_short_patrols_keep_what_must_hold_and_nobody_needed_stays_at_home() -> None:
    # Forty patrols as above; the first may not have the leading 公安, who is kept from it.
    usual = (ask((PS, PS_LEADS), 1), ask((UM,), 2), ask((PS_LEADS,), 1), ask(tuple(range(5)), 0, 3))
    kept_away = Ask((0, 1, 0, 0, 0), None, 0, None)
    asks = ((*usual, kept_away), *(usual,) * 39)
    counts = (0, 30, 20, 0, 0)
    numbers = formed(counts, asks, short=True, haste=True)
    assert numbers is not None
    assert numbers[0][PS_LEADS] == 0
    assert all(sum(row) <= 3 for row in numbers)
    assert [sum(column) for column in zip(*numbers, strict=True)] == list(counts)


def test_in_haste_whoever_helps_nothing_still_has_a_seat_where_there_is_one() -> None:
    """A pin may want the second 公安 on duty; the patrols lack no more with both of them."""
    two, three = (2, 0, 0, 0, 0), (3, 0, 0, 0, 0)
    seated = team(certified=0)
    assert formed(two, (seated,), short=True, haste=True) == (two,)
    full = (*seated, ask(tuple(range(5)), 0, 2))
    assert formed(three, (full,), short=True, haste=True) == (two,)
    both = formed(three, (full, seated), short=True, haste=True)
    assert both == (two, (1, 0, 0, 0, 0))


def test_in_haste_two_who_may_only_go_together_go() -> None:
    """Neither has a seat alone: one by one they would both be sent home."""
    together = (Ask((1, -1), None, 0, None), Ask((-1, 1), None, 0, None))
    two = (Ask((1, 1), 2, 2, 100), *together)
    assert formed((1, 1), (two,), short=True, haste=True) == ((1, 1),)


def test_in_haste_few_patrols_keep_what_is_wished_of_them() -> None:
    # Of two patrols of a 公安 and a 城管 or two, the second wishes for the third person.
    usual = (ask((PS, PS_LEADS), 1), ask((UM,), 1, 2))
    wished = Ask((0, 0, 1, 0, 0), 2, None, None, wish=15)
    for asks, third in (((usual, (*usual, wished)), 1), (((*usual, wished), usual), 0)):
        numbers = best_formed((2, 0, 3, 0, 0), asks, short=False, haste=True)
        assert numbers is not None
        assert [row[UM] for row in numbers] == [2 if i == third else 1 for i in range(2)]


def test_in_haste_whoever_must_be_in_a_patrol_is() -> None:
    # The last patrol must have its certified 城管, who would fill a seat of any other as well.
    usual = (ask((PS, PS_LEADS), 1), ask((UM, UM_CERTIFIED), 2), ask(tuple(range(5)), 0, 3))
    must = Ask((0, 0, 0, 1, 0), 1, None, None)
    asks = (*(usual,) * 19, (*usual, must))
    numbers = formed((10, 0, 8, 1, 0), asks, short=True, haste=True)
    assert numbers is not None
    assert numbers[-1][UM_CERTIFIED] == 1


def test_teams_are_formed_as_wished_where_they_can_be() -> None:
    pairs = (
        Pair(a="P1", b="C1", kind="rather-apart"),
        Pair(a="P1", b="C2", kind="rather-together"),
    )
    pin = Pin(date=dt.date(2010, 8, 2), officer="P2", kind="prefer", area="town")
    problem = plan(pairs=pairs, pins=(pin,), teams=(Team(members={"police": 1, "city": 1}),))
    teams = TeamLevel(problem, rules_of(problem), wishes=True)
    formed = teams.form(0, "day", ["P1", "P2", "C1", "C2"], ["town", "road"], short=False)
    assert formed is not None
    assert {area: sorted(team) for area, team in formed.items()} == {
        "town": ["C1", "P2"],
        "road": ["C2", "P1"],
    }


def test_officers_beyond_the_least_go_where_the_ideal_is_missed() -> None:
    teams = (
        Team(members={"police": 1}, most={"police": 3}),
        Team(members={"police": 1}, ideal={"police": 2}, most={"police": 3}, areas=("road",)),
    )
    officers = tuple(Officer(id=f"P{n}", agency="police") for n in range(3))
    problem = plan(teams=teams, officers=officers)
    level = TeamLevel(problem, rules_of(problem), wishes=True)
    formed = level.form(0, "day", ["P0", "P1", "P2"], ["town", "road"], short=False)
    assert formed is not None
    assert [len(formed[area]) for area in ("town", "road")] == [1, 2]


def test_many_patrols_of_varying_size_are_seated_with_auxiliaries_beside_regulars() -> None:
    areas = tuple(Area(id=f"A{n}") for n in range(12))
    officers = tuple(
        Officer(id=f"P{n}", agency="police", status="police" if n % 3 else "auxiliary-police")
        for n in range(30)
    )
    phase = Phase(id="p", start=dt.date(2010, 8, 2), end=dt.date(2010, 8, 3), mode="enforcement")
    problem = plan(
        areas=areas,
        officers=officers,
        phases=(phase,),
        cadences=(Cadence(min_days=1, max_days=3),),
        teams=(Team(members={"police": 2}, most={"police": 3}),),
        rules=(Auxiliaries(per_regular=1),),
    )
    names = [area.id for area in areas]
    level = TeamLevel(problem, rules_of(problem))
    formed = level.form(0, "day", [o.id for o in officers], names, short=False)
    assert formed is not None
    assert sorted(o for team in formed.values() for o in team) == sorted(o.id for o in officers)
    for team in formed.values():
        assert 2 <= len(team) <= 3
        helpers = sum(problem.officer_by_id[officer].auxiliary for officer in team)
        assert helpers <= len(team) - helpers


def test_without_a_patrol_nobody_can_be_put_into_one() -> None:
    # People on duty in a shift without patrols stay at home where that may be, else do not fit.
    for haste in (False, True):
        assert formed((1, 0, 2, 0, 0), (), short=False, haste=haste) is None
        assert formed((1, 0, 2, 0, 0), (), short=True, haste=haste) == ()
        assert formed((0, 0, 0, 0, 0), (), short=False, haste=haste) == ()


@pytest.mark.parametrize("seed", range(12))
def test_short_teams_cost_as_little_as_trying_every_way_shows(seed: int) -> None:
    draw = Random(seed)  # noqa: S311  # a test, no secret
    counts = tuple(draw.randint(0, 2) for _ in range(5))
    asks = tuple(team(draw.randint(0, 2), draw.choice((2, 3))) for _ in range(2))
    numbers = formed(counts, asks, short=True)
    assert numbers is not None

    def price(teams: Sequence[Sequence[int]]) -> tuple[Number, int] | None:
        missed: Number = 0
        for mine, row in zip(asks, teams, strict=True):
            for limit in mine:
                have = sum(w * n for w, n in zip(limit.weights, row, strict=True))
                lack = max(0, (limit.at_least or 0) - have)
                if (lack and limit.price is None) or have > (limit.at_most or 99):
                    return None
                missed += lack * (limit.price or 0)
        return missed, sum(counts) - sum(map(sum, teams))

    # Who is in the first patrol, and of the others who is in the second.
    ways = (
        (first, second)
        for first in product(*(range(n + 1) for n in counts))
        for second in product(*(range(n - m + 1) for n, m in zip(counts, first, strict=True)))
    )
    assert price(numbers) == min(filter(None, map(price, ways)))
