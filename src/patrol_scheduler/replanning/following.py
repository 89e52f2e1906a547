"""One plan after another: what the roster before means for the plan that follows it."""

from __future__ import annotations

from patrol_scheduler.problem import OwedRest, PastDuty, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import rules_of
from patrol_scheduler.rules.compensation import ledger_of


def following(problem: Problem, before: Problem, roster: Roster) -> Problem:
    """The plan with everything that a roster of the plan before leaves to it.

    Its history gets the duties of ``roster`` and the history of ``before``, its areas their last
    patrols, its people what compensatory rest they are owed; what the plan itself states stays.
    Only what lies before the plan's first rostered day counts, so that the two may overlap, and
    only people, shifts, areas and posts that the plan knows.
    """
    first = problem.first
    people = {officer.id for officer in problem.officers}
    past = [
        PastDuty(
            date=d.date,
            shift=d.shift,
            officer=d.officer,
            area=d.area,
            post=d.post,
            role=d.role if d.area else None,
        )
        for d in roster.duties
    ]
    shifts, areas = {shift.id for shift in problem.shifts}, {area.id for area in problem.areas}
    places = areas | {post.id for post in problem.posts}
    known = (
        duty
        for duty in (*before.history, *past)
        if duty.date < first
        and duty.officer in people
        and duty.shift in shifts
        and (duty.area or duty.post) in places
    )
    history: dict[tuple[object, ...], PastDuty] = {}
    for duty in (*problem.history, *sorted(known, key=lambda duty: duty.date)):
        history.setdefault((duty.date, duty.shift, duty.officer, duty.area, duty.post), duty)
    patrols = {
        area.id: [
            date
            for date in (
                area.last_patrol,
                before.last_patrol.get(area.id),
                *roster.patrol_dates.get(area.id, ()),
            )
            if date is not None and date < first
        ]
        for area in problem.areas
    }
    owed = {(entry.officer, entry.earned): entry for entry in problem.owed_rests}
    for entry in ledger_of(before, rules_of(before), roster):
        if entry.officer in people and entry.earned < first:
            taken = entry.taken if entry.taken and entry.taken < first else None
            new = OwedRest(officer=entry.officer, earned=entry.earned, taken=taken)
            owed.setdefault((entry.officer, entry.earned), new)
    return problem.model_copy(
        update={
            "history": tuple(history.values()),
            "areas": tuple(
                area.model_copy(update={"last_patrol": max(patrols[area.id], default=None)})
                for area in problem.areas
            ),
            "owed_rests": tuple(owed.values()),
        }
    )
