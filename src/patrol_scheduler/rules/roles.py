"""Who leads and who drives a patrol: roles are given when its team is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from patrol_scheduler.problem import Problem, Role
from patrol_scheduler.roster import Member, Roster
from patrol_scheduler.rules.pins import ROLE_OF, pinned_roles, rank

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
    role: dict[str, Role] = {
        m.officer: m.role for m in before if m.officer in team and m.officer not in asked
    }
    taken = [part for o, wanted in asked.items() if o in team for part in wanted.split("-")]
    for officer, old in role.items():
        can = {part for part in ("leader", "driver") if getattr(officers[officer], part)}
        kept = [part for part in old.split("-") if part in can and part not in taken]
        role[officer] = ROLE_OF[frozenset(kept)]
    role |= {officer: wanted for officer, wanted in asked.items() if officer in team}
    # In the old order, with each newcomer where somebody left.
    stay = [m.officer if m.officer in team else None for m in before]
    new = [officer for officer in team if officer not in role]
    order = [officer if officer is not None else (new.pop(0) if new else None) for officer in stay]
    line = [officer for officer in order if officer is not None] + new

    def some(wanted: str) -> bool:
        return any(wanted in given for given in role.values())

    newcomers_first = sorted(line, key=lambda o: o in role)
    if not some("leader"):
        able = [o for o in newcomers_first if officers[o].leader]
        able.sort(key=lambda o: rank(asked, o, "leader"))
        if able:
            role[able[0]] = "leader-driver" if role.get(able[0]) == "driver" else "leader"
    if not some("driver"):
        able = [o for o in newcomers_first if officers[o].driver]
        # Whoever leads drives only where nobody else can.
        able.sort(key=lambda o: (rank(asked, o, "driver"), "leader" in role.get(o, "")))
        if able:
            role[able[0]] = "leader-driver" if role.get(able[0]) == "leader" else "driver"
    return tuple(Member(officer=o, role=role.get(o, "member")) for o in line)
