"""``replan``, ``substitutes`` and ``swap``: a roster after something changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import (
    plan_and_given,
    plan_and_roster,
    roster_for,
    told_by_name,
    written_aside,
)
from patrol_scheduler.cli.progress import amount
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.replanning import Replan
    from patrol_scheduler.replanning.agreement_log import Agreement, AgreementLog
    from patrol_scheduler.replanning.plan_changes import PlanChange
    from patrol_scheduler.replanning.replacing import RestsMoved
    from patrol_scheduler.replanning.seats import Substitute

FORMAT = "patrol-scheduler replan 1"
"""The first entry of the JSON document that ``replan --json`` writes."""
EXITS = {
    "complete": Exit.COMPLETE,
    "short": Exit.SHORT,
    "impossible": Exit.IMPOSSIBLE,
    "unknown": Exit.UNKNOWN,
}
"""How ``replan`` ends, by the status of what it found."""


def replan(
    plan: Path,
    lang: str,
    *,
    old: Path,
    frozen_until: dt.date | None,
    out: Path,
    log: Path | None,
    time_limit: float,
    as_json: bool,
) -> int:
    """Make a roster legal again, write it, and say each change with its reason."""
    from patrol_scheduler.formats import read
    from patrol_scheduler.outputs import ensure_replaceable, write
    from patrol_scheduler.replanning import as_result
    from patrol_scheduler.replanning import replan as replanned
    from patrol_scheduler.replanning.agreement_log import read_agreements
    from patrol_scheduler.replanning.changes import reasons

    problem = read(plan)
    given = roster_for(problem, old, lang, strict=False)
    roster, plan_changes = given.roster, given.plan_changes(problem, lang)
    # A log that is not there would silently give up what was agreed.
    agreed = read_agreements(log).entries if log is not None else ()
    ensure_replaceable(out)
    found = replanned(problem, roster, frozen_until, time_limit=time_limit, agreements=agreed)
    if found.roster is not None:
        result = as_result(problem, found.roster, found.reason)
        because = reasons(found.changes, problem, lang)
        write(problem, result, out, lang=lang, before=roster, because=because)
        say(text("cli.written", lang, out=out), err=True)
    if as_json:
        document = _document(found, plan_changes, lang)
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        for line in _told(found, plan_changes, lang):
            say(line)
    return EXITS[found.status]


def _log(path: Path) -> AgreementLog:
    from patrol_scheduler.replanning.agreement_log import (
        AgreementLog,
        ensure_ending,
        read_agreements,
    )

    ensure_ending(path)
    return read_agreements(path) if path.exists() else AgreementLog()


def _told(found: Replan, plan_changes: Sequence[PlanChange], lang: str) -> Iterator[str]:
    from patrol_scheduler.replanning.telling import passages

    problem = found.problem
    if plan_changes:
        yield text("replan.plan-changes", lang, n=len(plan_changes))
        yield from ("  " + change.say(lang) for change in plan_changes)
        yield ""
    all_frozen = found.frozen_until >= problem.end
    if all_frozen:
        yield text("replan.all-frozen", lang, date=found.frozen_until, end=problem.end)
    elif found.status == "complete":
        key = "complete-after" if found.kept_breaches else "complete"
        yield text(f"replan.{key}", lang, date=found.frozen_until)
    else:
        yield text(f"replan.{found.reason}", lang)
    if found.roster is None:
        return
    if found.gaps:
        yield text("replan.least-short" if found.least_short else "replan.short", lang)
        yield text("replan.gaps", lang, n=len(found.gaps))
        yield from ("  " + gap.say(problem, lang) for gap in found.gaps)
        yield ""
    if not found.changes and not all_frozen:
        yield text("replan.same", lang)
    elif found.changes:
        yield text(
            "replan.counts",
            lang,
            n=found.changed_duties,
            people=found.people_touched,
            notice=found.notice_days,
        )
        key = "proven" if found.proven else "not-proven"
        if found.status == "complete":
            keeping = "-agreed" if found.agreed else ""
            yield text(f"replan.{key}{keeping}", lang, bound=found.bound)
        yield ""
        for passage in passages(found.changes, problem, lang):
            yield from ("  " + line for line in passage.lines())
    for one in found.given_up:
        yield text("replan.given-up", lang, **_named(problem, one))
    if found.kept_breaches:
        yield ""
        yield text("replan.kept", lang, n=len(found.kept_breaches))
        yield from ("  " + finding.say(problem, lang) for finding in found.kept_breaches)


def _document(found: Replan, plan_changes: Sequence[PlanChange], lang: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "plan_changes": [change.document(lang) for change in plan_changes],
        "status": found.status,
        "reason": found.reason,
        "changed_duties": found.changed_duties,
        "bound": found.bound,
        "proven": found.proven,
        "people_touched": found.people_touched,
        "notice_days": found.notice_days,
        "changes": [change.document(found.problem, lang) for change in found.changes],
        "gaps": [gap.say(found.problem, lang) for gap in found.gaps],
        "least_short": found.least_short,
        "kept_breaches": [finding.say(found.problem, lang) for finding in found.kept_breaches],
        "given_up": [one.model_dump(mode="json") for one in found.given_up],
    }


def substitutes(
    plan: Path,
    roster: Path,
    lang: str,
    *,
    officer: str,
    date: dt.date,
    shift: str | None,
    everybody: bool,
    as_json: bool,
) -> int:
    """Say who can take over a duty, the best first; with ``everybody`` also who cannot, and why."""
    from patrol_scheduler.replanning.seats import substitutes as ranked

    problem, given = plan_and_roster(plan, roster, lang)
    (officer,) = told_by_name(problem.officers, officer)
    found = ranked(problem, given, officer, date, shift=shift)
    shown = [s for s in found if s.legal or everybody]
    if as_json:
        document = [_substitute(problem, s, lang) for s in shown]
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    elif not shown:
        say(text("substitutes.nobody", lang))
    else:
        head = [text(f"substitutes.{c}", lang) for c in ("who", "fairness", "wishes", "owes")]
        rows = [
            [_who(problem, s.officer), amount(float(s.fairness)), amount(float(s.wishes)),
             amount(float(s.debt))]
            for s in shown if s.legal
        ]  # fmt: skip
        if not rows:
            say(text("substitutes.nobody", lang))
        for line in table(head, rows) if rows else ():
            say(line)
        if rows:
            say(text("substitutes.legend", lang))
        for s in shown:
            if s.broken:
                say(text("substitutes.cannot", lang, who=_who(problem, s.officer)))
            for finding in s.broken:
                say("  " + finding.say(problem, lang))
    return Exit.COMPLETE if any(s.legal for s in found) else Exit.SHORT


def _who(problem: Problem, officer: str) -> str:
    from patrol_scheduler.texts.labels import label

    known = problem.officer_by_id.get(officer)
    return label(officer, known.name if known else "")


def _named(problem: Problem, agreed: Agreement) -> dict[str, object]:
    """What a sentence about an agreement tells."""
    return {
        "into": _who(problem, agreed.into),
        "out": _who(problem, agreed.out),
        "date": agreed.date,
        "duty": agreed.patrol or agreed.post or "",
    }


def _rests(problem: Problem, moved: RestsMoved, lang: str) -> str:
    """Which days of rest an officer no longer has, and which instead."""
    comma = text("explain.comma", lang)
    gone, new = (comma.join(map(str, dates)) for dates in (moved.gone, moved.new))
    what = "moved" if gone and new else "gone" if gone else "new"
    who = _who(problem, moved.officer)
    return text(f"agreements.rests.{what}", lang, officer=who, gone=gone, new=new)


def _substitute(problem: Problem, found: Substitute, lang: str) -> dict[str, Any]:
    return {
        "officer": found.officer,
        "legal": found.legal,
        "fairness": float(found.fairness),
        "wishes": float(found.wishes),
        "owes": float(found.debt),
        "broken": [finding.say(problem, lang) for finding in found.broken],
    }


def swap(
    plan: Path,
    roster: Path,
    lang: str,
    *,
    officer: str,
    date: dt.date,
    other: str,
    other_date: dt.date | None,
    shift: str | None,
    other_shift: str | None,
    out: Path,
    log: Path | None,
    by: str | None,
    why: str | None,
    at: dt.date | None,
) -> int:
    """Let one officer take another's duty, or both each other's, and write the new roster."""
    from patrol_scheduler.faults import InvalidInputError
    from patrol_scheduler.outputs import ensure_replaceable
    from patrol_scheduler.replanning import agreement_log, agreements
    from patrol_scheduler.replanning.changes import cells

    problem, given = plan_and_given(plan, roster, lang)
    ensure_replaceable(out)
    officer, other = told_by_name(problem.officers, officer, other)
    known = _log(log) if log is not None else agreement_log.AgreementLog()
    said: dict[str, Any] = {"by": by or "", "why": why or "", "at": at}
    old = given.roster
    if other_date is None:
        agreed = agreements.substitute(problem, old, officer, date, other, shift=shift, **said)
    else:
        mine, theirs = (officer, date, shift), (other, other_date, other_shift)
        agreed = agreements.swap(problem, old, mine, theirs, **said)
    if not agreed.legal:
        say(text("agreements.refused", lang), err=True)
        for finding in agreed.broken:
            say("  " + finding.say(problem, lang), err=True)
        return Exit.IMPOSSIBLE
    entries = (*known.entries, *agreed.agreements)
    if faults := agreement_log.contradictions(str(log or ""), entries):
        # The roster given is the one before an agreement that the log already has.
        what = "faults_change.agreed-before"
        raise InvalidInputError(replace(fault, what=what) for fault in faults)
    because = {
        cell: (entry.why, entry.by)
        for entry in agreed.agreements
        for cell in cells(old).keys() ^ cells(agreed.roster).keys()
        if cell[0] == entry.date and cell[3] in (entry.out, entry.into)
    }
    given.write(problem, agreed.roster, out, lang, because=because)
    if log is not None:
        longer = known.model_copy(update={"entries": entries})
        written_aside(log, agreement_log.log_for(log, longer), lang)
    for entry in agreed.agreements:
        say(text("agreements.done", lang, **_named(problem, entry)))
    for moved in agreed.rests:
        say(_rests(problem, moved, lang))
    return Exit.COMPLETE
