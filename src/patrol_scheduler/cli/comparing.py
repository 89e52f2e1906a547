"""``diff`` and ``what-if``: two rosters of one plan, or one plan in two forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import roster_for, told_by_name, written_aside
from patrol_scheduler.cli.progress import amount
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.faults import Fault, InvalidInputError
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem


def diff(
    plan: Path,
    before: Path,
    after: Path,
    lang: str,
    *,
    html: Path | None,
    xlsx: Path | None,
    as_json: bool,
) -> int:
    """Say how two rosters of a plan differ, change by change and goal by goal."""
    from patrol_scheduler.formats import read
    from patrol_scheduler.replanning.difference import difference

    problem = read(plan)
    was, now = (roster_for(problem, path, lang, strict=False) for path in (before, after))
    old, new = was.roster, now.roster
    plan_changes = (was if was.before else now).plan_changes(problem, lang)
    found = difference(problem, old, new)
    if html is not None:
        from patrol_scheduler.outputs.change_report import change_report

        written_aside(html, change_report(problem, found.told(lang), lang), lang)
    if xlsx is not None:
        from patrol_scheduler.outputs.workbook import roster_workbook
        from patrol_scheduler.replanning import as_result
        from patrol_scheduler.replanning.changes import reasons

        because = reasons(found.changes, problem, lang)
        result = as_result(problem, new)
        book = roster_workbook(problem, result, lang, before=old, because=because)
        written_aside(xlsx, book, lang)
    if as_json:
        document = found.document(lang)
        document["plan_changes"] = [change.document(lang) for change in plan_changes]
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return Exit.COMPLETE
    if plan_changes:
        say(text("replan.plan-changes", lang, n=len(plan_changes)))
        for change in plan_changes:
            say("  " + change.say(lang))
        say("")
    told = found.told(lang)
    say(told.summary)
    for line in told.changes:
        say("  " + line)
    say("")
    for line in table(told.head, told.levels):
        say(line)
    return Exit.COMPLETE


def what_if(
    plan: Path,
    lang: str,
    *,
    added: Sequence[str],
    gone: Sequence[str],
    dropped: Sequence[str],
    longest_gap: int | None,
    areas: Sequence[str],
    time_limit: float,
    as_json: bool,
) -> int:
    """Say what each goal would cost with the plan changed, and whether that is certain."""
    from patrol_scheduler.formats import read
    from patrol_scheduler.replanning.what_if import what_if as compared

    problem = read(plan)
    other = _varied(problem, added, gone, dropped, longest_gap, areas)
    found = compared(problem, other, time_limit=time_limit)
    if as_json:
        document = {
            "format": "patrol-scheduler what-if 1",
            "before": found.before.status,
            "after": found.after.status,
            "levels": [
                {
                    "level": change.level.name.lower(),
                    "before": change.before,
                    "after": change.after,
                    "bound_before": change.bound_before,
                    "bound_after": change.bound_after,
                    "certain": change.certain,
                }
                for change in found.levels
            ],
        }
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return Exit.COMPLETE
    for name, result in (("before", found.before), ("after", found.after)):
        status = text(f"result.status.{result.status}", lang)
        say(text(f"what-if.{name}-status", lang, status=status))
    head = [text(f"what-if.{c}", lang) for c in ("level", "before", "after", "certain")]
    rows = [
        [
            text(f"result.level.{change.level.name.lower()}", lang),
            "-" if change.before is None else amount(change.before),
            "-" if change.after is None else amount(change.after),
            text(f"what-if.{'yes' if change.certain else 'no'}", lang),
        ]
        for change in found.levels
    ]
    for line in table(head, rows):
        say(line)
    return Exit.COMPLETE


def _varied(
    problem: Problem,
    added: Sequence[str],
    gone: Sequence[str],
    dropped: Sequence[str],
    longest_gap: int | None,
    areas: Sequence[str],
) -> Problem:
    from patrol_scheduler.replanning import variations
    from patrol_scheduler.replanning.seats import unknown
    from patrol_scheduler.rules import REGISTRY

    gone = told_by_name(problem.officers, *gone)
    areas = told_by_name(problem.areas, *areas)
    known = {
        "agency": ([agency.id for agency in problem.agencies], added),
        "officer": (list(problem.officer_by_id), gone),
        "rule": (list(REGISTRY), dropped),
        "area": (list(problem.area_by_id), areas),
    }
    faults = [
        unknown(kind, name, names)
        for kind, (names, asked) in known.items()
        for name in asked
        if name not in names
    ]
    if not (added or gone or dropped or longest_gap):
        faults.append(Fault("", "what-if", None, None, "faults_change.nothing-asked"))
    elif areas and not longest_gap:
        faults.append(Fault("", "area", None, None, "faults_change.area-without-gap"))
    if faults:
        raise InvalidInputError(faults)
    other = problem
    for agency in added:
        other = variations.with_officers(other, agency)
    for officer in gone:
        other = variations.without_officer(other, officer)
    for rule in dropped:
        other = variations.without_rule(other, rule)
    if longest_gap:
        where = tuple(areas) or tuple(problem.area_by_id)
        other = variations.with_longest_gap(other, where, problem.first, problem.last, longest_gap)
    return other
