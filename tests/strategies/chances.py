"""Draws that every random plan is made of."""

from __future__ import annotations

from random import Random
from typing import Any

PRICES: tuple[int | float, ...] = (0, 1, 3, 0.1, 2.5)


def chance(rng: Random, probability: float) -> bool:
    """True with the given probability."""
    return rng.random() < probability


def some(rng: Random, items: tuple[Any, ...], at_least: int = 0) -> tuple[Any, ...]:
    """A random part of the items, in their order."""
    kept = rng.sample(range(len(items)), rng.randint(at_least, len(items)))
    return tuple(items[i] for i in sorted(kept))
