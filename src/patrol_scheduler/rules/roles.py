"""Who leads and who drives a patrol: roles are given when its team is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Member, Roster
from patrol_scheduler.rules.pins import PARTS, ROLE_OF, pinned_roles

Slot = tuple[dt.date, str, str]
"""(date, area, shift) of a patrol."""


def named(problem: Problem, roster: Roster, frozen_until: dt.date) -> Roster:
    """The roster in which every patrol after a date names who leads and drives, as far as can be.

    Rosters made by hand need not name anybody; no duty is changed.
    """
    return roster.model_copy(
        update={
            "patrols": tuple(
                patrol.model_copy(
                    update={
                        "members": with_roles(
                            problem,
                            patrol.members,
                            [member.officer for member in patrol.members],
                            (patrol.date, patrol.area, patrol.shift),
                        )
                    }
                )
                if patrol.date > frozen_until
                else patrol
                for patrol in roster.patrols
            )
        }
    )


def with_roles(
    problem: Problem,
    before: Sequence[Member],
    team: Sequence[str],
    slot: Slot,
) -> tuple[Member, ...]:
    """A team with its roles: who stays and can keeps the role, what is vacant goes to who can.

    ``slot`` is the patrol's date, area and shift; roles that pins name come first.
    """
    officers = problem.officer_by_id
    date, area, shift = slot
    asked = pinned_roles(problem, area, date, shift)
    old = {member.officer: member.role for member in before}
    taken = [part for o in team if o in asked for part in PARTS if part in asked[o]]
    does: dict[str, set[str]] = {}
    for o in team:
        if o in asked:
            does[o] = {part for part in PARTS if part in asked[o]}
        else:
            kept = [part for part in PARTS if part in old.get(o, ()) and part not in taken]
            does[o] = {part for part in kept if getattr(officers[o], part)}
    # In the old order, with each newcomer where somebody left.
    new = [officer for officer in team if officer not in old]
    line = [o if o in does else new.pop(0) for o in (m.officer for m in before) if o in does or new]
    line += new
    for part in PARTS:
        able = [o for o in line if getattr(officers[o], part)]
        if able and not any(part in parts for parts in does.values()):
            # Newcomers first; who has the other part or is pinned only where nobody else can.
            does[min(able, key=lambda o: (o in asked, bool(does[o]), o in old))].add(part)
    return tuple(Member(officer=o, role=ROLE_OF[frozenset(does[o])]) for o in line)
