"""What one duty more or fewer changes in officers' own rows of duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from patrol_scheduler.checking import Finding
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import CompensatoryRest, Duty, Member, Patrol, PostDuty, Roster
from patrol_scheduler.rules import Rule, Violation
from patrol_scheduler.rules.base import OfficerRule
from patrol_scheduler.rules.compensation import with_rests_of

_Found = Counter[tuple[int, Violation]]
"""What is wrong in an officer's row: places of rules in their order, with violations."""
_NOTHING: _Found = Counter()


class RowJudge:
    """Asks the rules about single officers, to each of whom only the own duties matter.

    So one roster in which everybody has a duty tells at once what it would break for each. Days of
    rest that the plan has not published are chosen anew after each change.
    """

    def __init__(self, problem: Problem, roster: Roster, rules: Sequence[Rule]) -> None:
        self._problem, self._roster, self._rules = problem, roster, rules
        self._of_officers = [
            (n, rule, {officer.id for officer in rule.who(problem)})
            for n, rule in enumerate(rules)
            if isinstance(rule, OfficerRule)
        ]
        self._patrols: dict[str, list[Patrol]] = {}
        for patrol in roster.patrols:
            for member in patrol.members:
                self._patrols.setdefault(member.officer, []).append(patrol)
        self._posts: dict[str, list[PostDuty]] = {}
        for duty in roster.post_duties:
            self._posts.setdefault(duty.officer, []).append(duty)
        self._rests: dict[str, list[CompensatoryRest]] = {}
        for rest in roster.compensatory_rests:
            self._rests.setdefault(rest.officer, []).append(rest)
        self._before: dict[str, _Found] = {}
        self._everybody: dict[Duty, dict[str, _Found]] = {}

    def patrols_of(self, officer: str) -> Sequence[Patrol]:
        """The patrols that an officer is in."""
        return self._patrols.get(officer, ())

    def ask_everybody(self, duty: Duty) -> None:
        """Find for all officers at once what taking the duty changes, when it is asked later."""
        if not self._everybody:
            before = self._found_in(self._roster)
            self._before = {officer: before.get(officer, _NOTHING) for officer in self._officers}
        members = [Member.model_construct(officer=officer) for officer in self._officers]
        everybody = _with(self._roster, duty, members)
        self._everybody[duty] = self._found_in(self._rested(everybody, set(self._officers)))

    @property
    def _officers(self) -> Sequence[str]:
        return tuple(self._problem.officer_by_id)

    def taking(self, officer: str, duty: Duty) -> tuple[list[Finding], list[Finding]]:
        """What goes away and what is new in an officer's row with one more duty."""
        if duty in self._everybody:
            after = self._everybody[duty].get(officer, _NOTHING)
        else:
            member = Member.model_construct(officer=officer)
            more = _with(self._own(officer), duty, [member])
            after = self._alone(officer, self._rested(more, (officer,)))
        return self._changes(officer, after)

    def giving(
        self, duty: Duty, *, rests_stay: bool = False
    ) -> tuple[list[Finding], list[Finding]]:
        """What goes away and what is new in the row of a duty's officer without it."""
        own = self._own(duty.officer)
        fewer = Roster.model_construct(
            patrols=tuple(p for p in own.patrols if p.id != duty.patrol),
            post_duties=tuple(
                p
                for p in own.post_duties
                if (p.date, p.shift, p.post) != (duty.date, duty.shift, duty.post)
            ),
            compensatory_rests=own.compensatory_rests,
        )
        after = fewer if rests_stay else self._rested(fewer, (duty.officer,))
        return self._changes(duty.officer, self._alone(duty.officer, after))

    def _rested(self, roster: Roster, officers: Collection[str]) -> Roster:
        """The roster with days of rest of those officers chosen anew."""
        frozen = self._problem.frozen_until
        return with_rests_of(self._problem, self._rules, roster, officers, frozen)

    def _changes(self, officer: str, after: _Found) -> tuple[list[Finding], list[Finding]]:
        if officer not in self._before:
            self._before[officer] = self._alone(officer, self._own(officer))
        before = self._before[officer]
        return self._findings(before - after), self._findings(after - before)

    def _findings(self, found: _Found) -> list[Finding]:
        return [Finding(self._rules[n], violation) for n, violation in found.elements()]

    def _own(self, officer: str) -> Roster:
        """The officer's own duties and days of rest."""
        return Roster.model_construct(
            patrols=tuple(
                Patrol.model_construct(
                    **{
                        **dict(patrol),
                        "members": tuple(m for m in patrol.members if m.officer == officer),
                    }
                )
                for patrol in dict.fromkeys(self.patrols_of(officer))
            ),
            post_duties=tuple(self._posts.get(officer, ())),
            compensatory_rests=tuple(self._rests.get(officer, ())),
        )

    def _alone(self, officer: str, roster: Roster) -> _Found:
        """What is wrong in the row of one officer, who alone is in the roster."""
        found: _Found = Counter()
        only = {"officers": (officer,), "agencies": ()}
        for n, rule, asked in self._of_officers:
            if officer in asked:
                violations = rule.model_copy(update=only).violations(self._problem, roster)
                found.update((n, violation) for violation in violations)
        return found

    def _found_in(self, roster: Roster) -> dict[str, _Found]:
        """What is wrong in everybody's row."""
        found: dict[str, _Found] = {}
        for n, rule, _ in self._of_officers:
            for violation in rule.violations(self._problem, roster):
                # A rule about single officers says whose row it is about.
                mine = found.setdefault(violation.officer or "", Counter())
                mine[n, violation] += 1
        return found


def _with(roster: Roster, duty: Duty, members: Sequence[Member]) -> Roster:
    """The roster with some officers having a duty besides what they have."""
    patrols, posts = roster.patrols, roster.post_duties
    if duty.post is not None:
        more = (
            PostDuty.model_construct(
                date=duty.date, post=duty.post, shift=duty.shift, officer=member.officer
            )
            for member in members
        )
        posts = (*posts, *more)
    else:
        new = Patrol.model_construct(
            id=duty.patrol or "",
            date=duty.date,
            area=duty.area or "",
            shift=duty.shift,
            members=tuple(members),
        )
        patrols = (*patrols, new)
    return Roster.model_construct(
        patrols=patrols, post_duties=posts, compensatory_rests=roster.compensatory_rests
    )
