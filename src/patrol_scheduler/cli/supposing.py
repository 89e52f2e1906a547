"""``what-if``: one plan as it is and with something changed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import told_by_name
from patrol_scheduler.cli.progress import amount
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.faults import Fault, InvalidInputError, RuleName, Speller
from patrol_scheduler.texts import LANGUAGES, catalogue, text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.replanning.supposing import OneMore, Supposition

MARKS = ("certified", "uncertified", "leader", "driver")
"""What may be said of an officer who is supposed, beside the status."""


def what_if(
    plan: Path,
    lang: str,
    *,
    added: Sequence[str],
    alike: Sequence[str],
    gone: Sequence[str],
    dropped: Sequence[str],
    longest_gap: int | None,
    areas: Sequence[str],
    time_limit: float,
    as_json: bool,
) -> int:
    """Say what each goal would cost with the plan changed, and whether that is certain."""
    from patrol_scheduler.formats import read
    from patrol_scheduler.replanning.supposing import say_supposed, supposed
    from patrol_scheduler.replanning.what_if import what_if as compared

    problem = read(plan)
    changes = suppositions(
        problem,
        added=added,
        alike=alike,
        gone=gone,
        dropped=dropped,
        longest_gap=longest_gap,
        areas=areas,
    )
    sentence = say_supposed(problem, changes, lang)
    found = compared(problem, supposed(problem, changes), time_limit=time_limit)
    if as_json:
        document = {
            "format": "patrol-scheduler what-if 1",
            "supposed": sentence,
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
    say(sentence)
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


def suppositions(
    problem: Problem,
    *,
    added: Sequence[str] = (),
    alike: Sequence[str] = (),
    gone: Sequence[str] = (),
    dropped: Sequence[str] = (),
    longest_gap: int | None = None,
    areas: Sequence[str] = (),
) -> list[Supposition]:
    """What is supposed, in the words of the options.

    Raises :class:`InvalidInputError` with every fault.
    """
    from patrol_scheduler.replanning import supposing
    from patrol_scheduler.replanning.seats import no_area, no_officer
    from patrol_scheduler.rules import REGISTRY

    faults: list[Fault] = []
    alike, gone = (told_by_name(problem.officers, *words) for words in (alike, gone))
    areas = told_by_name(problem.areas, *areas)
    more = [one for word in added if (one := _one_more(problem, word, faults)) is not None]
    faults += [
        no_officer(problem, word) for word in (*alike, *gone) if word not in problem.officer_by_id
    ]
    titles = {
        catalogue(lang).get(f"rules.{rule}.name", rule): rule
        for lang in LANGUAGES
        for rule in REGISTRY
    }
    dropped = [titles.get(word, word) for word in dropped]
    rules = tuple(RuleName(rule) for rule in REGISTRY if REGISTRY[rule].in_force(problem))
    speller = Speller()
    faults += [
        Fault("", "rule", None, word, "faults_change.no-rule",
              (("rules", rules), ("nearest", speller.nearest(word, [*REGISTRY, *titles]))))
        for word in dropped
        if word not in REGISTRY
    ]  # fmt: skip
    faults += [no_area(problem, word) for word in areas if word not in problem.area_by_id]
    if not (added or alike or gone or dropped or longest_gap):
        faults.append(Fault("", "what-if", None, None, "faults_change.nothing-asked"))
    elif areas and not longest_gap:
        faults.append(Fault("", "area", None, None, "faults_change.area-without-gap"))
    if faults:
        raise InvalidInputError(faults)
    where = tuple(dict.fromkeys(areas)) or tuple(problem.area_by_id)
    return [
        *more,
        *(supposing.OneMoreLike(officer) for officer in alike),
        *(supposing.OneLess(officer) for officer in dict.fromkeys(gone)),
        *(supposing.RuleDropped(rule) for rule in dict.fromkeys(dropped)),
        *([supposing.GapLonger(longest_gap, where)] if longest_gap else []),
    ]


def _one_more(problem: Problem, word: str, faults: list[Fault]) -> OneMore | None:
    """An officer told as an agency, by id or name, and after a colon what the officer may do."""
    from patrol_scheduler.formats.plan_tables.sheets import choice_spellings, sheets
    from patrol_scheduler.problem import Status
    from patrol_scheduler.replanning.seats import unknown
    from patrol_scheduler.replanning.supposing import OneMore
    from patrol_scheduler.replanning.variations import Mark

    agencies = {agency.id: agency.id for agency in problem.agencies}
    for agency in problem.agencies:
        agencies.setdefault(agency.name, agency.id)
    name, _, more = (word, "", "") if word in agencies else word.replace("：", ":").partition(":")
    column = next(sheet for sheet in sheets() if sheet.name == "officers").column("status")
    statuses = choice_spellings(column) if column else {}
    said = {text(f"what-if.words.{m}", lang).casefold(): m for m in MARKS for lang in LANGUAGES}
    known = said | {mark: mark for mark in MARKS} | statuses
    words = [one for one in re.split(r"[,，、;；\s]+", more.casefold()) if one]
    wrong = [unknown("mark", one, list(known)) for one in words if one not in known]
    if name not in agencies:
        wrong.insert(0, unknown("agency", name, list(agencies)))
    faults += wrong
    if wrong:
        return None
    values = [known[one] for one in words]
    status = next((status for status in get_args(Status) if status in values), None)
    # Auxiliaries and assistants enforce nothing, so they hold no certificate unless it is said.
    without = {"uncertified", "auxiliary-police", "assistant"} & set(values)
    marks = (mark for mark in get_args(Mark) if mark in values or mark == "certified")
    told = tuple(mark for mark in marks if mark in values or not without)
    return OneMore(agencies[name], told, status)
