"""What a rule says to the solvers: weighted counts of columns with bounds and prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Literal

from patrol_scheduler.rules.columns import Columns, Number


class Level(IntEnum):
    """What comes first: a later level never costs an earlier one anything."""

    MUST = 0
    """Holds in every roster."""
    SHORTAGE = 1
    """Holds in every complete roster; priced once it is shown that none exists."""
    FAIRNESS = 2
    WISHES = 3


PricedLevel = Literal["fairness", "wishes"]
"""The levels on which a plan may set a price."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A weighted count of columns with bounds.

    ``terms`` are (column, weight). On level ``MUST`` the bounds hold; on the other levels each unit
    below ``at_least`` costs ``below`` and each unit above ``at_most`` costs ``above``. ``allowed``
    is what the rule itself allows where the history alone has more, which ``at_most`` then bears.
    """

    terms: Sequence[tuple[int, Number]]
    at_least: Number | None = None
    at_most: Number | None = None
    level: Level = Level.MUST
    below: Number = 0
    above: Number = 0
    allowed: Number | None = None


def at_most(terms: Sequence[tuple[int, Number]], most: Number) -> Limit:
    """At most ``most`` in all; where the history alone has more, nothing may be added to it."""
    past = sum((weight for column, weight in terms if column == Columns.YES), 0)
    kept = [t for t in terms if t[0] != Columns.NO]
    return Limit(kept, at_most=max(most, past), allowed=most if past > most else None)


def never(column: int) -> Limit:
    """A column that is no in every roster."""
    return Limit([(column, 1)], at_most=0)


def exact(number: float | int | Fraction) -> Fraction:
    """The number as a fraction, decimals as they are written: 0.1 is one tenth."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)
