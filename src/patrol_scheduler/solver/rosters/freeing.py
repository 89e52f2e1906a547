"""Parts of a roster that are settled anew beside the rest: some officers, or some days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.solver.program import Vector
from patrol_scheduler.solver.rosters.dive import dive
from patrol_scheduler.solver.rosters.links import Links, OneRoster
from patrol_scheduler.solver.rosters.master import Master
from patrol_scheduler.solver.rosters.pricing import Decision, Pricer
from patrol_scheduler.solver.rosters.tree import Duties, Steps

# How many known rosters of each freed officer a part begins with.
KNOWN = 40


@dataclass
class Freed:
    """What is freed: a master program of its officers, and what stays as it is."""

    master: Master
    duties: Duties
    rest: tuple[OneRoster, ...] = ()
    settled: tuple[Decision, ...] = ()

    def better(
        self,
        than: float,
        steps: Steps,
        budget: Budget,
        *,
        weigh: Callable[[list[OneRoster]], float],
    ) -> list[OneRoster] | None:
        """Rosters of everybody that cost less ``than`` a cost, in the officers' order.

        ``weigh`` tells what rosters cost together; infinite where they break something. Dives aim
        at the bound first, then higher.
        """
        best, cost = list[list[OneRoster]](), than

        def found(mine: list[OneRoster]) -> float:
            nonlocal cost
            rosters = sorted((*self.rest, *mine), key=lambda one: one.officer)
            weight = weigh(rosters)
            if weight < cost - 1e-9:
                cost = weight
                best.append(rosters)
            return weight

        below = steps.below(than)
        bound = steps.rounded(self.master.generate(budget, until=below))
        for target in (bound, (bound + than) / 2, below):
            if bound > below or target > cost - 1e-6:
                break
            reached = dive(
                self.master,
                self.duties,
                steps,
                budget,
                target=target,
                found=found,
                settled=self.settled,
            )
            if reached:
                break
        return best[-1] if best else None


class Freeing:
    """Draws what is freed next."""

    def __init__(
        self, links: Links, pricers: Sequence[Pricer], duties: Duties, random: Random
    ) -> None:
        self._links, self._pricers, self._duties, self._random = links, pricers, duties, random
        self.days = 1 + max((day for _, day in duties), default=0)
        self.duals: Vector | None = None  # the prices at the root of the tree, once known

    def officers(self, best: Sequence[OneRoster], known: Sequence[OneRoster], size: int) -> Freed:
        """Some officers beside the others, who keep their rosters."""
        chosen = set(self._blamed(best, size))
        rest = tuple(one for one in best if one.officer not in chosen)
        master = Master(self._links, [self._pricers[o] for o in sorted(chosen)], None, rest)
        master.add(one for one in best if one.officer in chosen)
        mine = [one for one in known if one.officer in chosen]
        master.add(self._random.sample(mine, min(len(mine), KNOWN * size)))
        duties = {place: columns for place, columns in self._duties.items() if place[0] in chosen}
        return Freed(master, duties, rest)

    def some_days(self, best: Sequence[OneRoster], length: int) -> Freed:
        """Some days in a row, for everybody.

        It is quick, for what is done on the other days leaves few rosters.
        """
        first = self._random.randrange(self.days) - length // 2
        settled = tuple(
            _as_it_is(best[officer], day, columns)
            for (officer, day), columns in self._duties.items()
            if not first <= day < first + length
        )
        master = Master(self._links, self._pricers)
        master.add(best)
        master.decide(settled)
        return Freed(master, self._duties, settled=settled)

    def _blamed(self, best: Sequence[OneRoster], size: int) -> list[int]:
        """So many officers, most of them such whose rosters are dearer than they need to be.

        How much dearer is told by the prices at the root of the tree.
        """
        duals, draw = self.duals, self._random.random
        if duals is None:
            return self._random.sample(range(len(best)), size)
        price = self._links.price(duals)
        dear = [one.priced(duals) for one in best]
        least = [
            pricer.cheapest(price, mine + 1e-6, 1).bound
            for pricer, mine in zip(self._pricers, dear, strict=True)
        ]
        blame = [max(0.0, mine - low) for mine, low in zip(dear, least, strict=True)]
        usual = sum(blame) / len(blame) + 1e-9
        keys = [(draw() ** (1 / (usual / 2 + one)), o) for o, one in enumerate(blame)]
        return [o for _, o in sorted(keys, reverse=True)[:size]]


@dataclass
class Size:
    """How much is freed the next time.

    Less where that paid, for it is quicker; more where it did not, and after the most the least.
    """

    least: int
    most: int
    now: int = 0

    def __post_init__(self) -> None:
        self.now = self.least

    def took(self, *, better: bool) -> None:
        """Take note of whether the last size paid."""
        if better:
            self.now = max(self.least, self.now - 1)
        else:
            self.now = self.now + 1 if self.now < self.most else self.least


def together(
    base: Sequence[OneRoster], one: Sequence[OneRoster], other: Sequence[OneRoster]
) -> list[OneRoster]:
    """What ``one`` changes of ``base``, and what ``other`` changes of it beside that."""
    return [
        theirs if mine.held == was.held else mine
        for was, mine, theirs in zip(base, one, other, strict=True)
    ]


def _as_it_is(roster: OneRoster, day: int, columns: tuple[int, ...]) -> Decision:
    """That an officer does on a day what a roster says; ``columns`` are the duties there are."""
    held = tuple(column for column in columns if column in roster.held)
    return Decision(roster.officer, day, held or columns, bool(held))
