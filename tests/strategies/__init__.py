"""Small random problems, rosters and rules, for whatever must hold for every plan.

Every function takes a source of randomness with the interface of ``random.Random``; hypothesis
gives one that shrinks (:func:`hypothesis.strategies.randoms`), a seeded one gives fixed samples.
"""

from tests.strategies.chances import chance
from tests.strategies.plans import (
    changed,
    random_problem,
    without_clashes,
    without_teams,
)
from tests.strategies.rosters import random_roster
from tests.strategies.tiny import tiny_problem
from tests.strategies.variants import VARIANTS

__all__ = [
    "VARIANTS",
    "chance",
    "changed",
    "random_problem",
    "random_roster",
    "tiny_problem",
    "without_clashes",
    "without_teams",
]
