"""What solving gives: a status, the roster, and for each level its cost and bound."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from patrol_scheduler.records import Record
from patrol_scheduler.roster import Roster

Status = Literal["optimal", "feasible", "short", "impossible", "unknown"]
"""``optimal``: complete, proven best; ``feasible``: complete; ``short``: the least-bad roster, with
seats unfilled or days overdue; ``impossible``: no roster keeps what must hold, shown twice by
different means; ``unknown``: nothing found in the time given."""


class LevelResult(Record):
    """One priced level of a roster: what it costs and what it cannot cost less than.

    ``cost`` is the check's. ``bound`` is proven, given what the earlier levels cost; ``reason``
    names the argument that proves it.
    """

    level: Literal["shortage", "fairness", "wishes"]
    cost: float
    bound: float
    reason: str

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, 0 to 1; 0 where the cost is 0."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / abs(self.cost)


class Result(Record):
    """The outcome of solving a problem.

    ``roster`` is missing where the status is ``impossible`` or ``unknown``. ``reason`` names, as a
    key of the texts under ``result.``, why the search ended as it did. ``bound`` is what a complete
    roster costs at the least on the level ``fairness``, told where the status is ``unknown``.
    ``seed`` is kept back, ``None``, in documents of a plan that asks to be unpredictable.
    """

    status: Status
    roster: Roster | None
    levels: tuple[LevelResult, ...]
    reason: str
    seed: int | None
    workers: int
    bound: float | None = None

    @property
    def gap(self) -> float:
        """The largest gap of any level, 0 to 1."""
        return max((level.gap for level in self.levels), default=0.0)

    @property
    def complete(self) -> bool:
        """Whether there is a roster in which nothing is short."""
        return self.status in ("optimal", "feasible")


class Servable(Record):
    """Whether every area can be patrolled as often as its cadence asks, whoever goes.

    ``dates`` are patrol dates of each area where the status is ``feasible``. Where it is
    ``impossible``, shown twice by different means, ``until`` is the last date up to which all areas
    could be served, missing where not even the first day can. ``unknown``: not found out in time.
    """

    status: Literal["feasible", "impossible", "unknown"]
    dates: dict[str, tuple[dt.date, ...]] = Field(default_factory=dict)
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come, as it is told to a progress callback.

    ``stage`` is a level, or ``roster`` while the first complete roster is looked for. ``best`` and
    ``bound`` are costs on that level, ``gap`` is (best - bound) / best.
    """

    seconds: float
    stage: Literal["roster", "shortage", "fairness", "wishes"]
    best: float | None
    bound: float | None
    gap: float | None
