"""Numbers of officers of each kind put into the patrols of one shift."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from patrol_scheduler.rules.columns import Number
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.linear import Linear
from patrol_scheduler.solver.program import INFINITE, Vector
from patrol_scheduler.solver.seating import Seating

# A shift has few patrols and few kinds; a search that takes longer than this is not one of them.
NODES, SECONDS = 1000, 10.0
# Some patrols of many: where they cannot be formed soon, more of them are taken together.
NODES_OF_SOME = 20
# What a person sent home costs: less than anything that is asked.
HOME = 0.001
# What the first of two prices may rise by, in rounding, while the second is brought down.
ROUNDED = 1e-6
# So many patrols are formed anew together with those that cannot be filled seat by seat.
FEW = 8
# So many that may be short are weighed at once, in 0.3 s; 400 took 5 s.
MOST_AT_ONCE = 100
# People who may change before teams are formed from the beginning.
MOST_SWAPS = 12
# No patrol is off by more officers.
MOST_OFF = 10_000

Numbers = tuple[tuple[int, ...], ...]
"""How many of each kind are in each patrol."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A limit on one patrol, over numbers of each kind.

    A ``price`` is what a miss costs where teams may be short; one with a ``wish`` may always be
    missed, at that price.
    """

    weights: tuple[Number, ...]
    at_least: Number | None
    at_most: Number | None
    price: Number | None
    wish: Number | None = None


def formed(
    counts: tuple[int, ...], asks: tuple[tuple[Ask, ...], ...], *, short: bool, haste: bool = False
) -> Numbers | None:
    """How many of each kind go into each patrol, or ``None`` where there is no way.

    In ``haste`` it is not weighed which of the teams that may be ``short`` should lack somebody.
    """
    if not asks:
        return () if short or not any(counts) else None
    if len(asks) == 1 and not short:
        return (counts,) if all(met(ask, counts) for ask in asks[0]) else None
    by_seats = haste or not short or len(asks) > MOST_AT_ONCE
    seated = Seating(counts, asks).seated() if by_seats else None
    numbers: Numbers | None = None
    if seated is not None and not short:
        numbers = _completed(counts, asks, *seated)
    elif seated is not None:
        numbers = _nearly(counts, asks, *seated, haste=haste)
    return numbers or _searched(counts, asks, short=short)


def _nearly(
    counts: tuple[int, ...],
    asks: tuple[tuple[Ask, ...], ...],
    seats: list[tuple[int, ...]],
    unfilled: list[int],
    *,
    haste: bool,
) -> Numbers | None:
    """Seats that may be short: patrols that lack somebody weighed by price with as many others."""
    lacking, free = _open(counts, asks, seats, unfilled)
    if haste:
        lawful = _seat_more(asks, seats, free)
        # Who may only go together finds no seat one by one; few patrols are soon searched.
        return tuple(seats) if lawful and not (any(free) and len(asks) <= FEW) else None
    others = sorted(set(range(len(seats))) - set(lacking))
    draw = random.Random(0)  # noqa: S311  # a search, not a secret
    for start in range(0, max(1, len(lacking)), MOST_AT_ONCE // 2):
        some = lacking[start : start + MOST_AT_ONCE // 2]
        together = some + draw.sample(others, min(MOST_AT_ONCE // 2, len(others)))
        if not _formed_anew(together, asks, seats, free, short=True):
            return None
    return tuple(seats)


def _formed_anew(
    together: Sequence[int],
    asks: Sequence[tuple[Ask, ...]],
    seats: list[tuple[int, ...]],
    free: list[int],
    *,
    short: bool,
) -> bool:
    """Form some patrols anew of their people and those who are free; whether there is a way."""
    there = tuple(n + sum(seats[p][place] for p in together) for place, n in enumerate(free))
    chosen = tuple(asks[p] for p in together)
    found = _searched(there, chosen, short=short, nodes=NODES_OF_SOME)
    if found is None:
        return False
    for p, row in zip(together, found, strict=True):
        seats[p] = row
    free[:] = [n - sum(row[place] for row in found) for place, n in enumerate(there)]
    return True


def _seat_more(
    asks: Sequence[Sequence[Ask]], seats: list[tuple[int, ...]], free: list[int]
) -> bool:
    """Give whoever has no seat one where somebody is still missing; whether the teams may be so.

    Then whoever is left, where a patrol lacks no more with one more: the duty may be wanted by a
    pin, or by a rule on hours.
    """
    for patrol, mine in enumerate(asks):
        lack = _lack(mine, seats[patrol])
        for kind in range(len(free)):
            while free[kind] and lack != 0:
                row = _with_one(seats[patrol], kind)
                less = _lack(mine, row)
                if less is None or (lack is not None and less >= lack):
                    break
                seats[patrol], lack = row, less
                free[kind] -= 1
        if lack is None:
            return False
    for patrol, mine in enumerate(asks):
        lack = _lack(mine, seats[patrol])
        for kind in range(len(free)):
            while free[kind] and _lack(mine, row := _with_one(seats[patrol], kind)) == lack:
                seats[patrol] = row
                free[kind] -= 1
    return True


def _with_one(row: tuple[int, ...], kind: int) -> tuple[int, ...]:
    """The team with one more of a kind."""
    return (*row[:kind], row[kind] + 1, *row[kind + 1 :])


def _lack(asks: Sequence[Ask], counts: tuple[int, ...]) -> Number | None:
    """What a patrol lacks, at its price, or ``None`` where it misses what must be met."""
    found: Number = 0
    for ask in asks:
        if ask.wish is None and (missed := off(ask, counts)):
            if ask.price is None or ask.at_least is None or _above(ask, counts):
                return None
            found += ask.price * missed
    return found


def _above(ask: Ask, counts: tuple[int, ...]) -> bool:
    have = sum(w * n for w, n in zip(ask.weights, counts, strict=True))
    return ask.at_most is not None and have > ask.at_most


def _open(
    counts: tuple[int, ...],
    asks: tuple[tuple[Ask, ...], ...],
    seats: list[tuple[int, ...]],
    unfilled: list[int],
) -> tuple[list[int], list[int]]:
    """The patrols that lack something, and how many of each kind have no seat."""
    used = [sum(column) for column in zip(*seats, strict=True)]
    lacking = [
        p
        for p, row in enumerate(seats)
        if p in unfilled or not all(met(ask, row) for ask in asks[p])
    ]
    return lacking, [n - m for n, m in zip(counts, used, strict=True)]


def best_formed(
    counts: tuple[int, ...], asks: tuple[tuple[Ask, ...], ...], *, short: bool, haste: bool = False
) -> Numbers | None:
    """The teams that miss the least of what is wished, or the nearest to them in the time."""
    if (haste and short) or (len(asks) == 1 and not short):
        return formed(counts, asks, short=short, haste=haste)
    return _searched(counts, asks, short=short, wished=True) or formed(counts, asks, short=short)


def _completed(
    counts: tuple[int, ...],
    asks: tuple[tuple[Ask, ...], ...],
    seats: list[tuple[int, ...]],
    unfilled: list[int],
) -> Numbers | None:
    """Seats with the unfilled patrols formed anew, together with ever more of the others."""
    open_patrols, over = _open(counts, asks, seats, unfilled)
    draw = random.Random(0)  # noqa: S311  # a search, not a secret
    more = FEW
    while open_patrols or any(over):
        others = sorted(set(range(len(seats))) - set(open_patrols))
        if not others or more > 2 * len(others):
            return None
        together = open_patrols + draw.sample(others, min(more, len(others)))
        if _formed_anew(together, asks, seats, over, short=False):
            break
        more *= 2
    return tuple(seats)


def _searched(
    counts: tuple[int, ...],
    asks: tuple[tuple[Ask, ...], ...],
    *,
    short: bool,
    nodes: int = NODES,
    wished: bool = False,
) -> Numbers | None:
    model = Linear()
    seats = [[model.column(n) for n in counts] for _ in asks]
    missed: dict[int, float] = {}
    wishes: dict[int, float] = {}
    for place, n in enumerate(counts):
        given = [(row[place], 1.0) for row in seats]
        if short:
            # A person sent home is a loss, however small, so that nobody is without a reason.
            home = model.column(n)
            missed[home] = HOME
            given.append((home, 1.0))
        model.row(given, n, n)
    for row, patrol_asks in zip(seats, asks, strict=True):
        for ask in patrol_asks:
            have = [(seat, float(w)) for seat, w in zip(row, ask.weights, strict=True) if w]
            least = -INFINITE if ask.at_least is None else float(ask.at_least)
            most = INFINITE if ask.at_most is None else float(ask.at_most)
            if ask.wish is not None:
                if wished:
                    off = model.column(MOST_OFF, whole=False)
                    wishes[off] = float(ask.wish)
                    model.row([*have, (off, 1.0)], least, INFINITE)
                    model.row([*have, (off, -1.0)], -INFINITE, most)
            elif ask.at_least is not None and ask.price is not None and short:
                lack = model.column(max(0.0, least), whole=False)
                missed[lack] = float(ask.price)
                model.row([*have, (lack, 1.0)], least, INFINITE)
                model.row(have, -INFINITE, most)
            else:
                model.row(have, least, most)
    x: Vector | None = None
    for prices in filter(None, (missed, wishes)) if missed or wishes else ({},):
        model.reprice(prices)
        found = model.minimised(
            Budget(SECONDS, None, None), seconds=SECONDS, nodes=nodes, start=x
        ).values
        if found is None:
            return None
        x = found
        spent = sum(price * x[column] for column, price in prices.items())
        model.row(prices.items(), -INFINITE, spent + ROUNDED)
    assert x is not None  # noqa: S101  # at least one search was made
    return tuple(tuple(round(x[seat]) for seat in row) for row in seats)


def swapped(
    numbers: Numbers,
    before: tuple[int, ...],
    counts: tuple[int, ...],
    asks: Sequence[Sequence[Ask]],
) -> Numbers | None:
    """Teams for slightly different people, each newcomer in the seat of somebody who left."""
    gone = [
        k for k, (old, new) in enumerate(zip(before, counts, strict=True)) for _ in range(old - new)
    ]
    come = [
        k for k, (old, new) in enumerate(zip(before, counts, strict=True)) for _ in range(new - old)
    ]
    if len(gone) != len(come) or len(gone) > MOST_SWAPS:
        return None
    seats = list(numbers)
    for newcomer in come:
        found = _seat_for(newcomer, gone, seats, asks)
        if found is None:
            return None
        patrol, left = found
        seats[patrol] = _exchanged(seats[patrol], left, newcomer)
        gone.remove(left)
    return tuple(seats)


def _seat_for(
    newcomer: int,
    gone: Sequence[int],
    seats: Sequence[tuple[int, ...]],
    asks: Sequence[Sequence[Ask]],
) -> tuple[int, int] | None:
    """A patrol, and who has left it, where a newcomer takes the seat and nothing is missed."""
    for left in dict.fromkeys(gone):
        for patrol, seat in enumerate(seats):
            if seat[left]:
                row = _exchanged(seat, left, newcomer)
                if all(met(ask, row) for ask in asks[patrol]):
                    return patrol, left
    return None


def _exchanged(seat: tuple[int, ...], left: int, newcomer: int) -> tuple[int, ...]:
    row = list(seat)
    row[left] -= 1
    row[newcomer] += 1
    return tuple(row)


def off(ask: Ask, counts: tuple[int, ...]) -> Number:
    """By how much a patrol misses an ask, whether it must be met or is wished."""
    have = sum(w * n for w, n in zip(ask.weights, counts, strict=True))
    least = 0 if ask.at_least is None else max(0, ask.at_least - have)
    return least if ask.at_most is None else max(least, have - ask.at_most)


def met(ask: Ask, counts: tuple[int, ...]) -> bool:
    """Whether a patrol of so many officers of each kind meets an ask; a wish always is met."""
    if ask.wish is not None:
        return True
    have = sum(w * n for w, n in zip(ask.weights, counts, strict=True))
    return (ask.at_least is None or have >= ask.at_least) and (
        ask.at_most is None or have <= ask.at_most
    )
