"""A plan with a roster that was made for it, as the commands for changes are given them."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.terminal import say
from patrol_scheduler.faults import Fault, InvalidInputError, SystemReason
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.formats.roster_json import RosterDocument
    from patrol_scheduler.outputs import Because, Done
    from patrol_scheduler.problem import Area, Officer, Problem
    from patrol_scheduler.replanning.plan_changes import PlanChange
    from patrol_scheduler.roster import Roster

SHOWN = 20
"""How many changes of a plan a command lists beside its own answer."""


@dataclass(frozen=True)
class Given:
    """A roster as it was handed in, and what its plan was then.

    ``before`` is the earlier version of the plan, where the roster was made from one and it lies
    beside the roster; ``made_from`` the SHA-256 of that version, also where it does not.
    """

    roster: Roster
    before: Problem | None = None
    made_from: str | None = None

    def plan_changes(self, problem: Problem, lang: str) -> tuple[PlanChange, ...]:
        """What changed in the plan since the roster was made, as far as that is known."""
        from patrol_scheduler.replanning.plan_changes import plan_changes

        return () if self.before is None else plan_changes(self.before, problem, lang)

    def write(
        self,
        problem: Problem,
        roster: Roster,
        out: Path,
        lang: str,
        done: Done | None = None,
        because: Because | None = None,
    ) -> None:
        """Write a roster in which something was changed that had not to do with the plan.

        It stays one of the version that it was made from, so that a replan tells what the plan
        changed since; where that version is not there, or does not know everybody, this plan's
        names are written.
        """
        from patrol_scheduler.outputs import write
        from patrol_scheduler.replanning import as_result
        from patrol_scheduler.replanning.changes import within

        if self.before is not None and within(self.before, roster) == roster:
            problem = self.before
        result = as_result(problem, roster)
        write(problem, result, out, lang=lang, before=self.roster, done=done,
              because=because, made_from=self.made_from)  # fmt: skip
        say(text("cli.written", lang, out=out), err=True)


def plan_and_roster(plan: Path, roster: Path, lang: str) -> tuple[Problem, Roster]:
    """A plan and a roster that names only what the plan has; see :func:`plan_and_given`."""
    problem, given = plan_and_given(plan, roster, lang)
    return problem, given.roster


def plan_and_given(plan: Path, roster: Path, lang: str) -> tuple[Problem, Given]:
    """A plan and a roster that names only what the plan has, with the version that it is of.

    Raises :class:`InvalidInputError` where the roster is of another plan; says on the error stream
    when it is of another version of the plan, and what changed, or was changed after it was made.
    """
    from patrol_scheduler.formats import read

    problem = read(plan)
    return problem, fitting_roster(problem, roster, lang)


def fitting_roster(problem: Problem, path: Path, lang: str) -> Given:
    """The roster in a file, which names only what the plan has; remarks as for both."""
    given = roster_for(problem, path, lang, strict=True)
    changes = given.plan_changes(problem, lang)
    if changes:
        say(text("replan.plan-changed", lang, file=path), err=True)
    for change in changes[:SHOWN]:
        say("  " + change.say(lang), err=True)
    if len(changes) > SHOWN:
        say("  " + text("replan.plan-changed-more", lang, n=len(changes) - SHOWN), err=True)
    return given


def roster_for(problem: Problem, path: Path, lang: str, *, strict: bool) -> Given:
    """The roster in a file; unless ``strict`` it may name what the plan no longer has.

    Says on the error stream when it was changed, or is of a version of the plan that is not there.
    """
    from patrol_scheduler.formats import read_assignments
    from patrol_scheduler.formats.roster_json import days_elsewhere, read_roster
    from patrol_scheduler.replanning.changes import cells

    table = path.suffix.lower() != ".json"
    document = _beside(path) if table else read_roster(path)
    other = document is not None and not document.made_from(problem)
    before = _plan_before(path, document) if document is not None and other else None
    # What the plan no longer has was there before; what neither version has is a slip.
    known = problem if strict or not other else before
    if table or document is None:  # only tables lack a document
        roster = read_assignments(path, known or problem)
    else:
        roster = _roster_of(path, document, problem, known)
    if fault := days_elsewhere(str(path), roster, problem):
        raise InvalidInputError([fault])
    if other and before is None:
        say(text("replan.plan-changed-unknown", lang, file=path), err=True)
    if document is not None:
        made = document.result.roster
        if table and made is not None:
            n = len(cells(roster).keys() ^ cells(made).keys())
            if n:
                say(text("replan.edited-table", lang, file=path, n=n), err=True)
        elif document.edited:
            say(text("replan.edited", lang, file=path), err=True)
    return Given(roster, before, document.plan_sha256 if document and other else None)


def _roster_of(
    path: Path, document: RosterDocument, problem: Problem, known: Problem | None
) -> Roster:
    """The roster of a document of this plan, held against the version that it must fit."""
    from patrol_scheduler.formats.roster_json import read_roster

    if document.plan != problem.name:
        values = (("expected", problem.name),)
        fault = Fault(str(path), "plan", None, document.plan, "replan.other-plan", values)
        raise InvalidInputError([fault])
    if known is not None:
        document = read_roster(path, known)
    roster = document.result.roster
    if roster is None:
        values = (("value", document.result.status),)
        raise InvalidInputError(
            [Fault(str(path), "result.roster", None, document.result.status,
                   "faults_roster.no-roster", values)]
        )  # fmt: skip
    return roster


def _beside(path: Path) -> RosterDocument | None:
    """The roster document that a table of assignments was written with, if it is still there."""
    from patrol_scheduler.formats.roster_json import read_roster

    document = path.parent / "roster.json"
    if path.name != "assignments.csv" or not document.is_file():
        return None
    try:
        return read_roster(document)
    except InvalidInputError:
        return None


def _plan_before(path: Path, document: RosterDocument) -> Problem | None:
    """The plan that a roster was made from, if it lies beside it as it was written."""
    from patrol_scheduler.formats import read

    plan = path.parent / "plan.json"
    if not plan.is_file():
        return None
    try:
        problem = read(plan)
    except InvalidInputError:
        return None
    return problem if document.made_from(problem) else None


def told_by_name(entries: Iterable[Officer | Area], *words: str) -> tuple[str, ...]:
    """The ids of officers or areas that are told by id, or by a name that only one of them has."""
    from patrol_scheduler.replanning.seats import told_by_name as told

    return told(entries, *words)


def written_aside(path: Path, content: str | bytes, lang: str) -> None:
    """Write a file to the side and move it into place.

    Raises :class:`InvalidInputError` where it cannot be written; nothing is lost then.
    """
    try:
        folder = path.parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        why = SystemReason("EISDIR") if path.is_dir() else SystemReason.of(wrong)
        fault = Fault(str(path), "", None, why, "faults_change.not-written")
        raise InvalidInputError([fault]) from None
    except ValueError:  # a NUL in the path
        fault = Fault(str(path), "", None, SystemReason("EINVAL"), "faults_change.not-written")
        raise InvalidInputError([fault]) from None
    say(text("cli.written", lang, out=path), err=True)


def require_day(problem: Problem, until: dt.date) -> None:
    """Refuse a date that is no day of the plan."""
    if not problem.first <= until <= problem.last:
        days = (("first", problem.first), ("last", problem.last))
        raise InvalidInputError([Fault("", "until", None, until, "faults_change.no-day", days)])
