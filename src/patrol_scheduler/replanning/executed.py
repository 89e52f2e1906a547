"""What took place against what was planned."""

from __future__ import annotations

import datetime as dt

from patrol_scheduler.roster import Patrol, Roster


def missed(planned: Roster, actual: Roster, until: dt.date) -> tuple[Patrol, ...]:
    """The planned patrols up to and including ``until`` that did not take place."""
    done = _told_by(actual)
    return tuple(p for p in planned.patrols if p.date <= until and done.isdisjoint(_names(p)))


def unplanned(planned: Roster, actual: Roster) -> tuple[Patrol, ...]:
    """The patrols that took place without having been planned."""
    known = _told_by(planned)
    return tuple(p for p in actual.patrols if known.isdisjoint(_names(p)))


def up_to(planned: Roster, until: dt.date) -> Roster:
    """What is planned up to and including a date."""
    return Roster(
        patrols=tuple(patrol for patrol in planned.patrols if patrol.date <= until),
        post_duties=tuple(duty for duty in planned.post_duties if duty.date <= until),
        compensatory_rests=tuple(r for r in planned.compensatory_rests if r.date <= until),
    )


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
        compensatory_rests=planned.compensatory_rests,
    )


def _told_by(roster: Roster) -> set[object]:
    return {name for patrol in roster.patrols for name in _names(patrol)}


def _names(patrol: Patrol) -> tuple[object, ...]:
    """What tells a patrol: its name, or its area, date and shift."""
    return patrol.id, (patrol.date, patrol.area, patrol.shift)
