"""``check`` and ``stats``: any roster, also one made by hand, held against its plan."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import fitting_roster, plan_and_roster, require_day
from patrol_scheduler.cli.progress import amount
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from patrol_scheduler.checking import Check, Finding
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.roster import Roster
    from patrol_scheduler.sightings import Sighting, Went

FORMAT = "patrol-scheduler check 1"
"""The first entry of the JSON document that ``check --json`` writes."""


def check(plan: Path, assignments: Path, lang: str, *, as_json: bool) -> int:
    """Say every violation and every cost of a roster."""
    from patrol_scheduler import checking

    problem, roster = plan_and_roster(plan, assignments, lang)
    found = checking.check(problem, roster)
    if as_json:
        say_raw(json.dumps(_document(problem, found, lang), ensure_ascii=False, indent=2) + "\n")
    else:
        for line in _lines(problem, found, lang):
            say(line)
    return _status(found)


def stats(
    plan: Path,
    assignments: Path,
    lang: str,
    *,
    as_json: bool,
    actual: Path | None = None,
    records: Path | None = None,
    until: dt.date | None = None,
) -> int:
    """Say the statistics of a roster: the headline and three tables, or all of them as JSON.

    With ``actual``, the roster that took place, also what became of the planned patrols; with
    ``records``, the record sheet, also what was found. What took place is judged up to and
    including ``until``; without it, up to the last date of the records.
    """
    from patrol_scheduler import checking, statistics
    from patrol_scheduler.formats.duties.patrol_records import read_records
    from patrol_scheduler.replanning.executed import up_to

    problem, roster = plan_and_roster(plan, assignments, lang)
    done = fitting_roster(problem, actual, lang).roster if actual else None
    if until is not None:
        require_day(problem, until)
    seen: Sequence[Sighting] | None = None
    times: Mapping[str, Went] | None = None
    if records is not None:
        told = read_records(records, problem, roster)
        done, seen, times = done or told.roster, told.sightings, told.times
        until = until or max((patrol.date for patrol in told.roster.patrols), default=None)
    planned = roster
    if until is not None:
        planned, done = up_to(roster, until), up_to(done, until) if done else None
        seen = [one for one in seen if one.date <= until] if seen is not None else None
    found = checking.check(problem, roster)
    if as_json:
        document = statistics.document(
            problem,
            roster,
            found,
            planned=planned,
            actual=done,
            sightings=seen,
            times=times,
            until=until,
        )
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        for line in _statistics(problem, roster, found, lang):
            say(line)
        if done is not None:
            if until is not None:
                say("")
                say(text("cli.judged-until", lang, until=until))
            executed = statistics.execution(problem, planned, done, times)
            for line in _frame("execution", executed, problem, lang):
                say(line)
        if done is not None and seen is not None:
            found_there = statistics.findings(problem, done, seen, times=times)
            for line in _frame("findings", found_there, problem, lang):
                say(line)
    return _status(found)


def charts(plan: Path, assignments: Path, lang: str, *, out: Path, form: str) -> int:
    """Write the report's charts as files of their own, for other documents."""
    from patrol_scheduler.outputs import OutputError, replace_folder
    from patrol_scheduler.outputs.report import chart_pictures, report
    from patrol_scheduler.outputs.report.charts import NoFontError
    from patrol_scheduler.replanning import as_result

    problem, roster = plan_and_roster(plan, assignments, lang)
    result = as_result(problem, roster)
    try:
        if form == "png":
            made = {f"{n}.png": c for n, c in chart_pictures(problem, result, lang).items()}
        else:
            made = {
                name.removeprefix("charts/"): content
                for name, content in report(problem, result, lang).items()
                if name.startswith("charts/")
            }
        replace_folder(out, made)
    except NoFontError:
        say(text("cli.no-font", lang), err=True)
        return Exit.INVALID
    except OutputError as refused:
        say(refused.say(lang), err=True)
        return Exit.INVALID
    say(text("cli.written", lang, out=out), err=True)
    return Exit.COMPLETE


_SHOWN = {
    "area_cadence": [
        "area", "patrol_days", "least_patrol_days", "most_patrol_days", "compliance",
        "overdue_days", "worst_gap", "expected_age",
    ],
    "patrol_strength": [
        "area", "patrols", "fill_rate", "composition_rate", "certificate_rate", "leader_rate",
    ],
    "duty_fairness": [
        "over", "agency", "officers", "duties", "least", "most", "outside", "jain",
    ],
}  # fmt: skip
"""The tables, and their columns, that fit a terminal."""


def _statistics(problem: Problem, roster: Roster, found: Check, lang: str) -> Iterator[str]:
    from patrol_scheduler import statistics

    yield from statistics.headline_sentences(problem, roster, lang, found)
    for name, columns in _SHOWN.items():
        frame = statistics.TABLES[name](problem, roster, found)[columns]
        if "agency" in columns:
            # Agencies share their own duties: over all, nobody is held to a common share.
            frame = frame[frame["agency"] != statistics.TOTAL]
        shown = statistics.readable(frame, problem, lang)
        yield ""
        yield statistics.heading(name, lang)
        rows = [list(map(_cell, columns, row)) for row in shown.itertuples(index=False)]
        yield from table(list(shown.columns), rows)


def _frame(name: str, frame: pd.DataFrame, problem: Problem, lang: str) -> Iterator[str]:
    from patrol_scheduler import statistics

    shown = statistics.readable(frame, problem, lang)
    yield ""
    yield statistics.heading(name, lang)
    rows = [list(map(_cell, frame.columns, row)) for row in shown.itertuples(index=False)]
    yield from table(list(shown.columns), rows)


def _cell(column: str, value: object) -> object:
    if not isinstance(value, float):
        return value
    from patrol_scheduler.statistics import is_share

    return f"{value:.1%}" if is_share(column) else amount(value)


def _status(found: Check) -> Exit:
    if found.broken:
        return Exit.IMPOSSIBLE
    return Exit.SHORT if found.shortages else Exit.COMPLETE


def _lines(problem: Problem, found: Check, lang: str) -> Iterator[str]:
    from patrol_scheduler.rules import Level

    verdict = "broken" if found.broken else "short" if found.shortages else "complete"
    yield text(f"cli.check.{verdict}", lang, broken=len(found.broken), short=len(found.shortages))
    for level in Level:
        findings = [f for f in found.findings if f.violation.level is level]
        if findings:
            yield ""
            yield text(
                f"cli.check.level.{level.name.lower()}",
                lang,
                n=len(findings),
                cost=amount(float(found.cost(level))),
            )
        for finding in findings:
            sentence = finding.say(problem, lang)
            if level is not Level.MUST:
                cost = amount(float(finding.violation.cost))
                sentence = text("cli.check.costs", lang, sentence=sentence, cost=cost)
            yield "  " + sentence


def _document(problem: Problem, found: Check, lang: str) -> dict[str, Any]:
    from patrol_scheduler.rules import Level

    return {
        "format": FORMAT,
        "complete": found.complete,
        "broken": len(found.broken),
        "short": len(found.shortages),
        "cost": {
            level.name.lower(): _number(found.cost(level))
            for level in Level
            if level is not Level.MUST
        },
        "cost_by_rule": {rule: _number(cost) for rule, cost in found.cost_by_rule().items()},
        "findings": [_finding(problem, finding, lang) for finding in found.findings],
    }


def _finding(problem: Problem, finding: Finding, lang: str) -> dict[str, Any]:
    violation = finding.violation
    return {
        "rule": violation.rule,
        "what": violation.what,
        "level": violation.level.name.lower(),
        "amount": _number(violation.amount),
        "cost": _number(violation.cost),
        "date": violation.date and violation.date.isoformat(),
        "officer": violation.officer,
        "area": violation.area,
        "shift": violation.shift,
        "details": {name: _plain(value) for name, value in violation.details},
        "text": finding.say(problem, lang),
    }


def _number(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return _number(value)
    return value if isinstance(value, (str, int, float, type(None))) else str(value)
