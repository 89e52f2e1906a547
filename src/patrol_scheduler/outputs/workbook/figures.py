"""The sheets of numbers and reasons: statistics, fairness, what is unmet, changes, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.styles import Font

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

STATISTICS = (
    "area_cadence", "area_cadence_by_month", "patrol_strength", "area_share", "backup_coverage",
    "shift_coverage", "weekday_shift_coverage", "day_type_coverage", "market_coverage",
    "leader_on_duty", "agency_participation", "auxiliary_exposure",
    "kind_competence", "post_strength", "certificate_horizon", "predictability", "spare_depth",
    "staffing", "labour_breaches", "compensatory_rest",
)  # fmt: skip
"""The tables of the sheet of statistics, in their order."""

_CADENCE = (
    "area", "days", "patrol_days", "least_patrol_days", "most_patrol_days", "gaps", "compliance",
    "overdue_days", "mean_gap", "worst_gap", "mean_idleness", "expected_age",
)  # fmt: skip
_PRINTED = {
    "area_cadence": _CADENCE,
    "area_cadence_by_month": ("month", *_CADENCE),
    "duty_fairness": (
        "over", "agency", "officers", "duties", "least", "most", "range", "mad", "outside", "cv",
        "gini", "jain",
    ),
    "patrol_strength": (
        "area", "patrols", "required_seats", "filled_seats", "fill_rate", "strength",
        "composition_rate", "enforcement_patrols", "certificate_rate", "leader_rate", "driver_rate",
    ),
}  # fmt: skip
"""The columns of wide tables that fit a printed page; statistics.json has them all."""

FAIRNESS = (
    "officer_duties", "leader_turns", "duty_fairness", "officer_hours", "compensatory_rest",
    "officer_spacing", "partner_diversity", "worst_off",
)  # fmt: skip
"""The tables of the sheet of fairness: the plain one first."""


EXECUTED = ("execution", "findings")
"""The tables of the sheet of what took place."""


def statistics_sheet(pages: Pages, document: Mapping[str, Any]) -> None:
    """The headline in sentences, then the tables, each with its heading."""
    said = statistics.sentences_of(pages.problem, document, pages.lang)
    _tables(pages, "statistics", STATISTICS, document, said)


def fairness_sheet(pages: Pages, document: Mapping[str, Any]) -> None:
    """How the duties are shared."""
    _tables(pages, "fairness", FAIRNESS, document, [pages.say("fairness-note")])


def executed_sheet(pages: Pages, document: Mapping[str, Any]) -> None:
    """What took place against the plan, and what was found; no sheet where nothing is known."""
    actual = document["actual"]
    if actual:
        tables = {name: actual[name] or [] for name in EXECUTED}
        _tables(pages, "executed", EXECUTED, {"tables": tables}, [])


def _tables(
    pages: Pages, name: str, tables: Sequence[str], document: Mapping[str, Any], said: list[str]
) -> None:
    sheet = pages.book.create_sheet(pages.say(f"sheet.{name}"))
    row = style.title(sheet, pages.say(f"{name}-title", plan=one_line(pages.problem.name)), 12)
    for sentence in said:
        put(sheet, row, 1, sentence)
        row += 1
    heads: list[list[str]] = []
    shown: list[list[object]] = []
    blocks: list[tuple[int, int, int]] = []
    for table in tables:
        entries = _of_use(document["tables"][table])
        if not _says_something(pages, table, entries):
            continue
        if table in _PRINTED:
            entries = [{name: row[name] for name in _PRINTED[table]} for row in entries]
        readable = statistics.readable_rows(entries, pages.problem, pages.lang)
        row += 1
        first = row
        put(sheet, row, 1, statistics.heading(table, pages.lang))
        sheet.cell(row, 1).font = Font(bold=True, size=13)
        row += 1
        for sentence in statistics.sentences(table, pages.lang):
            put(sheet, row, 1, sentence)
            row += 1
        style.header(sheet, row, list(readable[0]))
        head = row
        heads.append(list(readable[0]))
        shares = [n for n, name in enumerate(entries[0], start=1) if statistics.is_share(name)]
        for entry in readable:
            row += 1
            style.line(sheet, row, list(entry.values()), shares=shares)
            shown.append(list(entry.values()))
        blocks.append((first, head, row))
        row += 1
    columns = max((len(names) for names in heads), default=1)
    wide = style.fitted(heads, shown, [(8, 48), (8, 48), *[(8, 24)] * (columns - 2)])
    style.widths(sheet, wide)
    for _, head, last in blocks:
        style.heights(sheet, head, style.values(sheet, head, last, columns), wide)
    sheet.print_title_rows = None
    sheet.freeze_panes = "A2"
    style.page(sheet, footer=one_line(pages.problem.name))
    style.together(sheet, [(first, last) for first, _, last in blocks], wide)


def _of_use(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without ways of looking at duties of which there are none at all."""
    some = {row["over"] for row in entries if "over" in row
            and any(row.get(count) for count in ("duties", "spacings", "pairs"))}  # fmt: skip
    return [row for row in entries if "over" not in row or row["over"] in some]


def _says_something(pages: Pages, table: str, entries: list[dict[str, Any]]) -> bool:
    """Whether a table is about anything that the plan has."""
    if table == "market_coverage":
        return bool(pages.problem.markets)
    if table == "auxiliary_exposure":
        return any(entry["auxiliary_hours"] for entry in entries)
    return bool(entries)


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


def changes_sheet(pages: Pages, before: Roster | None) -> None:
    """What differs from the roster before, and room to note swaps by hand."""
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
            style.line(sheet, row, [
                entry["date"], _known(pages.names.shift, entry["shift"]),
                _known(places, entry["place"]), _known(pages.names.officer, entry["officer"]),
                text(f"statistics.values.change.{entry['change']}", pages.lang), None, None,
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
          ("duties", "officer-days", "assignments", "records", "changes", "legal")),
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
