"""The sheets of numbers: statistics, fairness, what took place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.styles import Font

from patrol_scheduler import statistics
from patrol_scheduler.formats.workbook_file import put
from patrol_scheduler.outputs.wording import one_line
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.outputs.workbook.duties import Pages

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
