"""People on duty in a shift and the patrols formed of them."""

from __future__ import annotations

from random import Random

import pytest

from patrol_scheduler.solver.forming import Ask, Numbers, formed, swapped

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
    counts, asks = planted(Random(f"{patrols} {seed}"), patrols)  # noqa: S311
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
