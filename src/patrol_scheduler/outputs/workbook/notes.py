"""The sheets of reasons and terms: what is unmet, changes, parameters, notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from patrol_scheduler import statistics
from patrol_scheduler.checking import Check, Finding
from patrol_scheduler.formats.workbook_file import put
from patrol_scheduler.outputs.wording import cadence_sentences, join, one_line
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.outputs.workbook.duties import Pages
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level, rules_of
from patrol_scheduler.texts import catalogue, text


def unmet_sheet(pages: Pages, found: Check) -> None:
    """What is broken, short or not granted, and by which rule."""
    sheet = pages.book.create_sheet(pages.say("sheet.unmet"))
    heads = [
        pages.say(f"column.{n}") for n in ("number", "level", "rule", "date", "sentence", "cost")
    ]
    row = style.title(sheet, pages.say("unmet-title", plan=one_line(pages.problem.name)), 6)
    style.header(sheet, row, heads, since=1)
    head = row
    told = [f for f in found.findings if f.violation.level is not Level.FAIRNESS]
    for number, finding in enumerate(told, start=1):
        row += 1
        style.line(sheet, row, _finding(pages, number, finding))
    if not told:
        put(sheet, row + 1, 1, text("outputs.sheet.nothing-unmet", pages.lang))
    style.fit(sheet, head, row, [(7, 7), (10, 14), (12, 28), (12, 12), (40, 100), (9, 12)])
    style.page(sheet, footer=one_line(pages.problem.name))


def _finding(pages: Pages, number: int, finding: Finding) -> list[object]:
    broken = finding.violation
    return [
        number,
        pages.say(f"level.{broken.level.name.lower()}"),
        finding.rule.title(pages.lang),
        broken.date,
        one_line(finding.say(pages.problem, pages.lang)),
        float(broken.cost),
    ]


Because = Mapping[tuple[dt.date, str, str, str], tuple[str, str]]
"""Why a duty changed, by date, shift, area or post, and officer, and who approved it."""


def changes_sheet(pages: Pages, before: Roster | None, because: Because) -> None:
    """What differs from the roster before and why, and room to note swaps by hand."""
    sheet = pages.book.create_sheet(pages.say("sheet.changes"))
    heads = [pages.say(f"column.{n}") for n in (
        "date", "shift", "area", "officer", "change", "reason", "approved")]  # fmt: skip
    row = style.title(sheet, pages.say("changes-title", plan=one_line(pages.problem.name)), 7,
                      [pages.say("changes-note" if before else "changes-none")])  # fmt: skip
    style.header(sheet, row, heads, since=1)
    head = row
    if before is not None:
        places = {**pages.names.area, **pages.names.post}
        for entry in statistics.rows(statistics.duty_changes(before, pages.roster)):
            row += 1
            date = dt.date.fromisoformat(str(entry["date"]))
            shift, place, officer = (str(entry[name]) for name in ("shift", "place", "officer"))
            style.line(sheet, row, [
                date, _known(pages.names.shift, shift), _known(places, place),
                _known(pages.names.officer, officer),
                text(f"statistics.values.change.{entry['change']}", pages.lang),
                *map(one_line, because.get((date, shift, place, officer), ("", ""))),
            ])  # fmt: skip
    for _ in range(12):
        row += 1
        style.line(sheet, row, [None] * len(heads))
    style.fit(sheet, head, row, [
        (13, 13), (12, 24), (16, 40), (14, 24), (10, 14), (40, 40), (16, 16)])  # fmt: skip
    style.page(sheet, footer=one_line(pages.problem.name))


def _known(names: Mapping[str, str], identifier: object) -> str:
    """What an id is called; the roster before may name what the plan no longer has."""
    return names.get(str(identifier)) or one_line(str(identifier))


def parameters_sheet(pages: Pages, result: Result, document: Mapping[str, Any]) -> None:
    """The rules in force with their parameters, and how the roster was found."""
    sheet = pages.book.create_sheet(pages.say("sheet.parameters"))
    row = style.title(sheet, pages.say("parameters-title", plan=one_line(pages.problem.name)), 4)
    heads = [pages.say(f"column.{n}") for n in ("rule", "sentence", "code", "parameters")]
    style.header(sheet, row, heads, since=1)
    head = row
    for rule in rules_of(pages.problem):
        row += 1
        told = rule.model_dump(mode="json", exclude={"rule", "on", "remarks"}, exclude_none=True)
        parameters = join(
            [
                _parameter(pages, name, value)
                for name, value in told.items()
                if value not in ([], {}, "")
            ],
            pages.lang,
        )
        style.line(
            sheet,
            row,
            [rule.title(pages.lang), rule.sentence(pages.lang), rule.rule, parameters],
        )
    solver: dict[str, Any] = document["solver"] or {}
    facts: list[tuple[str, object]] = [
        (pages.say("fact.status"), text(f"result.status.{result.status}", pages.lang)),
        (
            pages.say("fact.seed"),
            pages.say("fact.kept-back") if pages.problem.unpredictable else result.seed,
        ),
        (pages.say("fact.workers"), result.workers),
        (pages.say("fact.software"), solver.get("software")),
        (pages.say("fact.plan"), solver.get("plan_sha256")),
    ]
    facts += [
        (text(f"result.level.{level.level}", pages.lang),
         pages.say("fact.level", cost=f"{level.cost:g}", bound=f"{level.bound:g}",
                   gap=f"{level.gap:.2%}"))
        for level in result.levels
    ]  # fmt: skip
    row += 1
    for name, value in facts:
        row += 1
        style.line(sheet, row, [name, value, None, None])
    style.fit(sheet, head, row, [(16, 34), (40, 90), (16, 30), (24, 60)])
    style.page(sheet, footer=one_line(pages.problem.name))


def _parameter(pages: Pages, name: str, value: object) -> str:
    """A parameter of a rule in words; those of rules from outside go by their keys."""
    known = catalogue(pages.lang)
    own = pages.names
    names = {**own.agency, **own.officer, **own.area, **own.shift, **own.post}

    def word(one: object) -> str:
        said = known.get(f"{_VALUES.get(name)}.{one}")
        return said or names.get(str(one)) or one_line(str(one))

    values = value if isinstance(value, list) else [value]
    called = known.get(f"workbook.parameter.{name}", name)
    return f"{called} {'/'.join(map(word, values))}"


_VALUES = {
    "level": "workbook.level",
    "over": "statistics.values.over",
    "labour": "sheets.choices.labour",
    "day_types": "outputs.day-type",
    "per": "workbook.per",
    "week_starts": "workbook.week_starts",
}
"""Where the values of a parameter have their words."""


def about_sheet(pages: Pages) -> None:
    """What the sheets are, how gaps are counted, and what the colours mean."""
    sheet = pages.book.create_sheet(pages.say("sheet.about"))
    row = style.title(sheet, pages.say("about-title", plan=one_line(pages.problem.name)), 2)
    lines = [
        *(pages.say(f"about.{n}") for n in
          ("duties", "officer-days", "assignments", "statistics", "records", "changes", "legal")),
        *cadence_sentences(pages.problem, pages.lang),
    ]  # fmt: skip
    for said in lines:
        row += 1
        put(sheet, row, 1, said)
    for fill, name in ((style.DUTY, "duty"), (style.LEAD, "lead"), (style.AWAY, "away"),
                       (style.OFF, "off")):  # fmt: skip
        row += 1
        sheet.cell(row, 1).fill = fill
        put(sheet, row, 2, pages.say(f"colour.{name}"))
    style.widths(sheet, [10, 100])
    style.page(sheet, footer=one_line(pages.problem.name))
