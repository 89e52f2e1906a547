"""What patrols found on the road, and what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a patrol found: so many offences of a kind at a place, and what was done about them.

    ``open`` counts those not settled.
    """

    date: dt.date
    area: str
    patrol: str
    kind: str
    place: str
    count: int
    handling: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True)
class Went:
    """When a patrol really began and ended, in minutes from the midnight of its date.

    ``None`` where it was not noted; an end after midnight is above 1440.
    """

    start: int | None = None
    end: int | None = None

    def minutes(self, planned: int) -> int:
        """How long it took, or the minutes ``planned`` where that is not known."""
        return planned if self.start is None or self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True)
class Found:
    """How much was found of a kind at a place of an area, and how much is not settled."""

    kind: str
    area: str
    place: str
    patrols: int
    count: int
    open: int


def found_by_kind_and_place(sightings: Iterable[Sighting]) -> tuple[Found, ...]:
    """Findings by kind and place, the most frequent first."""
    groups: dict[tuple[str, str, str], list[Sighting]] = {}
    for sighting in sightings:
        if not sighting.count:
            continue
        groups.setdefault((sighting.kind, sighting.area, sighting.place), []).append(sighting)
    rows = [
        Found(
            kind,
            area,
            place,
            len({s.patrol for s in some}),
            sum(s.count for s in some),
            sum(s.open for s in some),
        )
        for (kind, area, place), some in groups.items()
    ]
    return tuple(sorted(rows, key=lambda r: (-r.count, r.kind, r.area, r.place)))


@dataclass(frozen=True, slots=True)
class Relapse:
    """The same kind found again at the same place within some days."""

    kind: str
    area: str
    place: str
    before: dt.date
    again: dt.date


def relapses(sightings: Iterable[Sighting], *, days: int = 7) -> tuple[Relapse, ...]:
    """Every finding of a kind at a place where the same was found at most ``days`` days before.

    Findings without a place are left out: nobody can tell whether they are the same.
    """
    last: dict[tuple[str, str, str], dt.date] = {}
    found = []
    for sighting in sorted(sightings, key=lambda s: s.date):
        if not sighting.place or not sighting.count:
            continue
        key = (sighting.kind, sighting.area, sighting.place)
        before = last.get(key)
        if before is not None and 0 < (sighting.date - before).days <= days:
            found.append(Relapse(*key, before, sighting.date))
        last[key] = sighting.date
    return tuple(found)


def relapse_rate(sightings: Iterable[Sighting], *, days: int = 7) -> float | None:
    """Relapses over findings with a place, 0 to 1; ``None`` where there are none."""
    placed = [s for s in sightings if s.place and s.count]
    return len(relapses(placed, days=days)) / len(placed) if placed else None
