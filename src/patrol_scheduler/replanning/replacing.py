"""A roster with one officer in place of another, and what a full check finds new in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Duty, Member, Patrol, Roster
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.rules.compensation import with_rests_of
from patrol_scheduler.rules.roles import with_roles


def replaced(problem: Problem, roster: Roster, duty: Duty, officer: str) -> Roster:
    """The roster with an officer in place of the one who has the duty; roles are given anew."""
    patrols = tuple(
        patrol.model_copy(
            update={"members": replaced_members(problem, patrol, duty.officer, officer)}
        )
        if duty.patrol is not None and patrol.id == duty.patrol
        else patrol
        for patrol in roster.patrols
    )
    posts = tuple(
        post.model_copy(update={"officer": officer})
        if duty.post is not None
        and (post.date, post.shift, post.post, post.officer)
        == (duty.date, duty.shift, duty.post, duty.officer)
        else post
        for post in roster.post_duties
    )
    return roster.model_copy(update={"patrols": patrols, "post_duties": posts})


def rested(
    problem: Problem, roster: Roster, officers: Collection[str], at: dt.date | None = None
) -> Roster:
    """The roster with the days of rest of officers chosen anew whose duties changed.

    What the plan has published stays, and what is over on the day ``at``.
    """
    frozen = max(at or dt.date.min, problem.frozen_until or dt.date.min)
    return with_rests_of(problem, rules_of(problem), roster, officers, frozen)


@dataclass(frozen=True, slots=True)
class RestsMoved:
    """An officer's days of compensatory rest that are no longer any, and those that are new."""

    officer: str
    gone: tuple[dt.date, ...]
    new: tuple[dt.date, ...]


def rests_moved(before: Roster, after: Roster) -> tuple[RestsMoved, ...]:
    """Whose days of rest differ between two rosters, by officer; dates in their order."""
    was, now = (set(roster.compensatory_rests) for roster in (before, after))
    return tuple(
        RestsMoved(
            officer,
            tuple(sorted(rest.date for rest in was - now if rest.officer == officer)),
            tuple(sorted(rest.date for rest in now - was if rest.officer == officer)),
        )
        for officer in sorted({rest.officer for rest in was ^ now})
    )


def replaced_members(problem: Problem, patrol: Patrol, out: str, into: str) -> tuple[Member, ...]:
    """The members of a patrol with one officer in place of another, and roles given anew."""
    members = tuple(
        Member(officer=into, role=m.role) if m.officer == out else m for m in patrol.members
    )
    if any(member.officer == into for member in patrol.members):
        return members  # twice in one patrol, which the check will not let pass
    slot = (patrol.date, patrol.area, patrol.shift)
    return with_roles(problem, patrol.members, [member.officer for member in members], slot)


def new_findings(problem: Problem, before: Roster, after: Roster) -> tuple[Finding, ...]:
    """What a full check finds broken or short in one roster and not, or less, in the other."""
    return worse(*(check(problem, roster).findings for roster in (before, after)))


def worse(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is broken or short after a change and was not before, or not by as much.

    Who gives away the fourth of two duties allowed in a week breaks nothing by it.
    """
    known: dict[object, list[Fraction]] = {}
    for finding in before:
        known.setdefault(_about(finding), []).append(finding.violation.amount)
    for amounts in known.values():
        amounts.sort()
    findings, found = tuple(after), set[int]()
    for n in sorted(range(len(findings)), key=lambda n: -findings[n].violation.amount):
        finding = findings[n]
        amounts = known.get(_about(finding), [])
        was = amounts.pop() if amounts else 0
        if finding.violation.amount > was and finding.violation.level <= Level.SHORTAGE:
            found.add(n)
    return tuple(finding for n, finding in enumerate(findings) if n in found)


def _about(finding: Finding) -> object:
    """What a finding is about, without how much of it there is."""
    violation = finding.violation
    named = tuple(detail for detail in violation.details if isinstance(detail[1], str))
    subject = violation.officer, violation.area, violation.date, violation.shift
    return finding.rule, violation.what, subject, named
