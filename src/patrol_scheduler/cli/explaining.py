"""``explain`` and ``why-not``: why it cannot be done, and why not this person."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import plan_and_roster, told_by_name, written_aside
from patrol_scheduler.cli.progress import amount, share
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.explaining import Explanation
    from patrol_scheduler.problem import Problem


def explain(
    plan: Path,
    lang: str,
    *,
    roster: Path | None,
    letter: Path | None,
    time_limit: float | None,
    as_json: bool,
) -> int:
    """Say what clashes in a plan; with a roster, what its violations and costs come from."""
    from patrol_scheduler.explaining import explain as explained
    from patrol_scheduler.formats import read

    if roster is not None:
        return _ledger(plan, roster, lang, as_json=as_json)
    told: list[str] = []

    def on_clash(so_far: Explanation) -> None:
        told.extend(so_far.say_clash(lang))
        for line in told:
            say(line)
        say(text("explain.goes-on", lang), err=True)

    found = explained(read(plan), time_limit=time_limit, on_clash=None if as_json else on_clash)
    if as_json:
        say_raw(json.dumps(found.document(lang), ensure_ascii=False, indent=2) + "\n")
    else:
        lines = found.say(lang)
        for line in lines[len(told) :] if lines[: len(told)] == told else lines:
            say(line)
    if letter is not None:
        words = found.letter(lang)
        if words:
            written_aside(letter, words, lang)
        else:
            why = "no-letter" if found.verdict == "possible" else "nothing-to-tell"
            say(text(f"explain.{why}", lang), err=True)
    return {
        "possible": Exit.COMPLETE,
        "impossible": Exit.IMPOSSIBLE,
        "unknown": Exit.UNKNOWN,
    }[found.verdict]


def _ledger(plan: Path, roster: Path, lang: str, *, as_json: bool) -> int:
    from patrol_scheduler.explaining import ledger
    from patrol_scheduler.rules import Level

    problem, given = plan_and_roster(plan, roster, lang)
    lines = ledger(problem, given)
    if as_json:
        document = [
            {
                "level": line.level.name.lower(),
                "rule": line.rule,
                "officer": line.officer,
                "area": line.area,
                "cost": float(line.cost),
                "share": round(line.share, 6),
                "findings": [finding.say(problem, lang) for finding in line.findings],
            }
            for line in lines
        ]
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return Exit.COMPLETE
    head = [text(f"explain.ledger.{c}", lang) for c in ("level", "rule", "who", "cost", "share")]
    rows = [
        [
            text(f"explain.ledger.levels.{line.level.name.lower()}", lang),
            line.findings[0].rule.title(lang),
            _who(problem, line.officer or line.area),
            amount(float(line.cost)),
            share(line.share),
        ]
        for line in lines
    ]
    for row in table(head, rows):
        say(row)
    # What must hold or is short is told one by one; what has a price is told above in sum.
    for line in lines:
        if line.level <= Level.SHORTAGE:
            for finding in line.findings:
                say(finding.say(problem, lang))
    return Exit.COMPLETE


def _who(problem: Problem, name: str | None) -> str:
    from patrol_scheduler.rules.base import place_label
    from patrol_scheduler.texts.labels import label

    officer = problem.officer_by_id.get(name or "")
    if officer is None:
        return place_label(problem, name or "")
    return label(name, officer.name)


def why_not(
    plan: Path,
    roster: Path,
    lang: str,
    *,
    officer: str,
    date: dt.date,
    area: str,
    shift: str | None,
) -> int:
    """Say why an officer is not in the patrol of an area on a date."""
    from patrol_scheduler.replanning.why_not import why_not as reasons

    problem, given = plan_and_roster(plan, roster, lang)
    (officer,), (area,) = told_by_name(problem.officers, officer), told_by_name(problem.areas, area)
    for line in reasons(problem, given, officer, date, area, shift=shift).say(lang):
        say(line)
    return Exit.COMPLETE
