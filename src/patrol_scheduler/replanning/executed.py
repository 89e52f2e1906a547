"""What took place against what was planned."""

from __future__ import annotations

import datetime as dt

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


def _slot(patrol: Patrol) -> str:
    return f"{patrol.date.isoformat()}|{patrol.area}|{patrol.shift}"
