"""``diff``: two rosters of one plan."""

from __future__ import annotations

import json
from pathlib import Path

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import roster_for, written_aside
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.texts import text


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
    for passage in told.changes:
        for line in passage.lines():
            say("  " + line)
    say("")
    for line in table(told.head, told.levels):
        say(line)
    return Exit.COMPLETE
