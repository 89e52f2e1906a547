"""A plan with a roster that was made for it, as the commands for changes are given them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.terminal import say
from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.result import Result
    from patrol_scheduler.roster import Roster


def plan_and_roster(plan: Path, roster: Path, lang: str) -> tuple[Problem, Roster]:
    """A plan and a roster that names only what the plan has.

    Raises :class:`InvalidInputError` where the roster is of another plan; says on the error stream
    when it is of another version of the plan, or was changed after it was made.
    """
    from patrol_scheduler.formats import read

    problem = read(plan)
    return problem, roster_for(problem, roster, lang, strict=True)


def roster_for(problem: Problem, path: Path, lang: str, *, strict: bool) -> Roster:
    """The roster in a file; unless ``strict`` it may name what the plan no longer has."""
    from patrol_scheduler.formats import read_assignments
    from patrol_scheduler.formats.roster_json import read_roster

    if path.suffix.lower() != ".json":
        return read_assignments(path, problem)
    document = read_roster(path)
    if document.plan != problem.name:
        values = (("expected", problem.name),)
        fault = Fault(str(path), "plan", None, document.plan, "replan.other-plan", values)
        raise InvalidInputError([fault])
    if strict:
        document = read_roster(path, problem)
    roster = document.result.roster
    if roster is None:
        values = (("value", document.result.status),)
        raise InvalidInputError(
            [Fault(str(path), "result.roster", None, document.result.status,
                   "faults_roster.no-roster", values)]
        )  # fmt: skip
    if not document.made_from(problem):
        say(text("replan.plan-changed", lang), err=True)
    elif _edited(problem, document.result):
        say(text("replan.edited", lang), err=True)
    return roster


def _edited(problem: Problem, result: Result) -> bool:
    """Whether the roster's costs are no longer those that the result states."""
    from patrol_scheduler.checking import check
    from patrol_scheduler.rules import Level

    assert result.roster is not None  # noqa: S101  # asked before
    found = check(problem, result.roster)
    if found.broken and result.complete:
        return True
    return any(
        abs(float(found.cost(Level[entry.level.upper()])) - entry.cost)
        > 1e-4 * max(1.0, abs(entry.cost))
        for entry in result.levels
    )


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
    except (OSError, ValueError) as wrong:
        why = getattr(wrong, "strerror", None) or str(wrong)
        fault = Fault(str(path), "", None, None, "faults_change.not-written", (("why", why),))
        raise InvalidInputError([fault]) from None
    say(text("cli.written", lang, out=path), err=True)
