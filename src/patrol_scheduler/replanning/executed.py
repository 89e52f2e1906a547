"""What took place against what was planned, and what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from patrol_scheduler.formats.patrol_records import Sighting
from patrol_scheduler.roster import Patrol, Roster


def missed(planned: Roster, actual: Roster, until: dt.date) -> tuple[Patrol, ...]:
    """The planned patrols up to and including ``until`` that did not take place."""
    done = {patrol.id for patrol in actual.patrols}
    done |= {_slot(patrol) for patrol in actual.patrols}
    return tuple(
        patrol
        for patrol in planned.patrols
        if patrol.date <= until and patrol.id not in done and _slot(patrol) not in done
    )


def unplanned(planned: Roster, actual: Roster) -> tuple[Patrol, ...]:
    """The patrols that took place without having been planned."""
    known = {patrol.id for patrol in planned.patrols}
    known |= {_slot(patrol) for patrol in planned.patrols}
    return tuple(p for p in actual.patrols if p.id not in known and _slot(p) not in known)


def continued(planned: Roster, actual: Roster, until: dt.date) -> Roster:
    """What took place up to and including ``until``, and from then on what is planned.

    Replanning from it, frozen until then, counts every gap from the patrols that took place, and
    brings missed ones back.
    """
    return Roster(
        patrols=tuple(p for p in actual.patrols if p.date <= until)
        + tuple(p for p in planned.patrols if p.date > until),
        post_duties=planned.post_duties
        if not actual.post_duties
        else tuple(d for d in actual.post_duties if d.date <= until)
        + tuple(d for d in planned.post_duties if d.date > until),
    )


def _slot(patrol: Patrol) -> str:
    return f"{patrol.date.isoformat()}|{patrol.area}|{patrol.shift}"


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
