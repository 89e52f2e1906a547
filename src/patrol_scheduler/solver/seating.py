"""One shift's people put into its patrols seat by seat: quick, and mostly right.

What is asked of patrols is met in order of scarcity, each seat by whoever also meets what else is
missing there and wastes the least of what is scarce elsewhere. A patrol that this cannot fill is
told, for a solver to fill together with some others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


class Ask(Protocol):
    """A limit on one patrol over numbers of each kind."""

    @property
    def weights(self) -> Sequence[object]:
        """What one of each kind counts for."""

    @property
    def at_least(self) -> object:
        """The least sum."""

    @property
    def at_most(self) -> object:
        """The largest sum."""


class Seating:
    """The patrols of one shift while they fill up."""

    def __init__(self, counts: Sequence[int], asks: Sequence[Sequence[Ask]]) -> None:
        self._left: Counts = np.array(counts, dtype=np.int64)
        rows = [
            (p, ask.weights, _number(ask.at_least, -np.inf), _number(ask.at_most, np.inf))
            for p, patrol_asks in enumerate(asks)
            for ask in patrol_asks
        ]
        self._patrol: Counts = np.array([row[0] for row in rows], dtype=np.int64)
        self._weights: Weights = np.array([row[1] for row in rows], dtype=float).reshape(
            len(rows), len(counts)
        )
        self._lack: Weights = np.array([row[2] for row in rows], dtype=float)
        self._room: Weights = np.array([row[3] for row in rows], dtype=float)
        # Rows that limit the size: whoever sits takes a seat.
        self._size = (self._weights == 1).all(axis=1)
        self._asks_of = [np.nonzero(self._patrol == p)[0] for p in range(len(asks))]
        self._weights_of = [self._weights[mine] for mine in self._asks_of]
        self._disjoint_of = [self._disjoint(mine) for mine in self._asks_of]
        counted = np.maximum(0.0, self._weights)
        self._groups, inverse = np.unique(counted, axis=0, return_inverse=True)
        self._group: Counts = inverse.ravel()
        self._seats = np.zeros((len(asks), len(counts)), dtype=np.int64)
        # What the patrols together still lack of each group of kinds.
        self._lacking: Weights = np.bincount(
            self._group, weights=np.maximum(0.0, self._lack), minlength=len(self._groups)
        ).astype(float)

    def seated(self) -> tuple[list[tuple[int, ...]], list[int]] | None:
        """How many of each kind go into each patrol, and the patrols that stay unfilled.

        Nobody is in an unfilled patrol; whoever is in no patrol is left over. ``None`` where asks
        weigh officers, which no seat by seat count can follow; officers who make room for others,
        as regular ones do for auxiliaries, are no such ask.
        """
        makes_room = (self._weights < 0) & (self._lack == -np.inf)[:, None]
        if np.any((self._weights != 0) & (self._weights != 1) & ~makes_room):
            return None
        unfilled: list[int] = []
        at_once = 1 + len(self._asks_of) // 20
        while len(open_asks := np.nonzero(self._lack > 0)[0]):
            scarce = self._scarcity()
            scarcest = self._group[open_asks[np.argmax(scarce[open_asks])]]
            for ask in open_asks[self._group[open_asks] == scarcest][:at_once].tolist():
                patrol = int(self._patrol[ask])
                if self._lack[ask] > 0 and not self._seat(patrol, scarce, ask):
                    self._give_up(patrol)
                    unfilled.append(patrol)
        scarce = self._scarcity()
        for patrol in range(len(self._asks_of)):
            while self._left.any() and self._seat(patrol, scarce, None):
                pass
        return [tuple(row) for row in self._seats.tolist()], unfilled

    def _give_up(self, patrol: int) -> None:
        """Send the people of a patrol back and ask for nobody there."""
        mine = self._asks_of[patrol]
        self._left += self._seats[patrol]
        self._seats[patrol] = 0
        np.subtract.at(self._lacking, self._group[mine], np.maximum(0.0, self._lack[mine]))
        self._lack[mine] = 0
        self._room[mine] = 0

    def _scarcity(self) -> Weights:
        """Of each ask, what all patrols together still lack of its kinds over what is left."""
        supply = np.maximum(self._groups @ self._left, 0.5)
        return np.asarray((self._lacking / supply)[self._group])

    def _seat(self, patrol: int, scarce: Weights, ask: int | None) -> bool:
        """Give one more seat of a patrol to the kind that suits best."""
        mine = self._asks_of[patrol]
        weights = self._weights_of[patrol]
        can = self._left > 0
        if ask is not None:
            can &= self._weights[ask] > 0
        can &= ~((weights > 0) & (self._room[mine] < 1)[:, None]).any(axis=0)
        # Groups of which nobody can be spared sit only where they are missing.
        wanted = self._lack[mine] > 0
        group = self._group[mine]
        spare = self._groups @ self._left - self._lacking
        scant = (spare < 1) & ~np.isin(np.arange(len(spare)), group[wanted])
        can &= ~(self._groups[scant] > 0).any(axis=0)
        # After this seat there must be seats left for everything that is still lacking.
        room = self._room[mine[self._size[mine]]].min(initial=np.inf)
        if np.isfinite(room):
            lacking = np.maximum(0.0, self._lack[mine][:, None] - weights)
            can &= self._least_seats(patrol, lacking) <= room - 1
        if not can.any():
            return False
        worth = np.where(wanted, scarce[mine], -scarce[mine])[:, None] * weights
        score = np.where(can, worth.sum(axis=0) + 1e-9 * self._left, -np.inf)
        kind = int(score.argmax())
        self._left[kind] -= 1
        self._seats[patrol, kind] += 1
        np.subtract.at(self._lacking, group[wanted], weights[wanted, kind])
        self._lack[mine] -= weights[:, kind]
        self._room[mine] -= weights[:, kind]
        return True

    def _disjoint(self, mine: Counts) -> list[int]:
        """Asks of one patrol that no one seat can meet two of."""
        found: list[int] = []
        taken = np.zeros(self._weights.shape[1], dtype=bool)
        for place, row in enumerate(self._weights[mine]):
            open_ended = self._room[mine[place]] == np.inf or not self._size[mine[place]]
            if open_ended and not (taken & (row > 0)).any():
                found.append(place)
                taken |= row > 0
        return found

    def _least_seats(self, patrol: int, lacking: Weights) -> Weights:
        """The least seats that what is lacking takes, after one of each kind."""
        together = lacking[self._disjoint_of[patrol]].sum(axis=0)
        return np.asarray(np.maximum(together, lacking.max(axis=0, initial=0.0)))


def _number(value: object, instead: float) -> float:
    return instead if value is None else float(value)  # type: ignore[arg-type]
