"""The sheets of numbers: every table of the statistics, and what took place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from openpyxl.styles import Font

from patrol_scheduler import statistics
from patrol_scheduler.formats.workbook_file import put
from patrol_scheduler.outputs.wording import one_line
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.outputs.workbook.duties import Pages
from patrol_scheduler.statistics import By
from patrol_scheduler.texts import text

Rows = list[dict[str, Any]]
Tables = Mapping[str, Rows]

SHEETS = {
    "statistics": (
        "cadence_density", "area_cadence", "patrol_strength", "shift_strength", "area_share",
        "backup_coverage", "area_burden", "shift_coverage", "weekday_shift_coverage",
        "day_type_coverage", "market_coverage", "leader_on_duty", "agency_participation",
        "auxiliary_exposure", "kind_competence", "post_strength", "predictability", "spare_depth",
        "staffing", "labour_breaches",
    ),
    "fairness": (
        "officer_duties", "leader_turns", "duty_fairness", "fair_shares", "officer_hours",
        "compensatory_rest", "officer_spacing", "partner_diversity", "worst_off", "officer_costs",
    ),
    "details": ("cadence_readings", "intervals", "certificate_horizon", "breakdown"),
}  # fmt: skip
"""The sheets and their tables in their order; fairness begins with the plain one. Tables that share
a sheet share its columns: those that begin alike stand together, lists of single things last.

Each has a sheet more for its tables by phase and one for those by month.
"""

EXECUTED = ("execution", "findings")
"""The tables of the sheet of what took place against the plan."""

_STRENGTH = (
    "patrols", "required_seats", "filled_seats", "fill_rate", "strength", "composition_rate",
    "enforcement_patrols", "certificate_rate", "leader_rate", "driver_rate",
)  # fmt: skip
_PRINTED = {
    "area_cadence": (
        "area", "days", "patrol_days", "least_patrol_days", "most_patrol_days", "gaps",
        "compliance", "overdue_days", "mean_gap", "worst_gap", "mean_idleness", "expected_age",
    ),
    "duty_fairness": (
        "over", "agency", "officers", "duties", "least", "most", "range", "mad", "outside", "cv",
        "gini", "jain",
    ),
    "intervals": (
        "area", "from", "to", "days", "open", "min_gap", "max_gap", "too_short", "overdue_days",
    ),
    "patrol_strength": ("area", *_STRENGTH),
    "shift_strength": ("shift", *_STRENGTH),
}  # fmt: skip
"""The columns of wide tables that fit a printed page; statistics.json has them all."""

_ACROSS = {
    "officer_duties": (("over", "agency", "officer"), ("duties", "deviation")),
    "fair_shares": (("rule", "over", "measure", "agency", "officer"), ("balance",)),
    "officer_hours": (("agency", "officer"), ("hours", "overtime_hours")),
    "compensatory_rest": (("agency", "officer"), ("earned", "taken", "owed", "overdue")),
    "officer_spacing": (("over", "agency", "officer"), ("least_spacing",)),
    "officer_costs": (("agency", "officer"), ("cost",)),
}  # fmt: skip
"""Tables of officers that are split: what names their rows, and the numbers of which each is laid
out with a column for each period. statistics.json has the others."""


@dataclass(frozen=True)
class _Block:
    """A table as it stands on a sheet; ``shares`` are the columns of percentages."""

    heading: str
    sentences: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    shares: frozenset[int]


def statistics_sheets(pages: Pages, document: Mapping[str, Any]) -> None:
    """Every table of the statistics, by phase and month where there are several; then, where it
    is known, what took place against the plan and every table of that."""
    said = {
        "statistics": statistics.sentences_of(pages.problem, document, pages.lang),
        "fairness": [pages.say("fairness-note")],
    }
    _every_sheet(pages, document["tables"], said)
    actual = document["actual"]
    if actual:
        against = {name: actual[name] or [] for name in EXECUTED}
        blocks = [block for name in EXECUTED for block in _blocks(pages, name, against[name])]
        until = [pages.say("executed-until", date=actual["until"])] if actual["until"] else []
        _sheet(pages, pages.say("sheet.executed"), _titled(pages, "executed"), until, blocks)
        _every_sheet(pages, actual["tables"], {}, took_place=True)


def _every_sheet(
    pages: Pages,
    tables: Tables,
    said: Mapping[str, Sequence[str]],
    *,
    took_place: bool = False,
) -> None:
    """The sheets of a roster's tables, with what is said above some of them."""
    for sheet, whole in SHEETS.items():
        for by in (None, *get_args(By)):
            names = [name if by is None else f"{name}_by_{by}" for name in whole]
            found = {name: tables[name] for name in names if name in tables}
            if by and len({row[by] for rows in found.values() for row in rows}) < 2:
                continue  # it would say what the whole says

            def named(heading: str, by: By | None = by) -> str:
                if by:
                    heading = text(f"statistics.split.{by}", pages.lang, heading=heading)
                return pages.say("took-place", heading=heading) if took_place else heading

            blocks = [block for name in found for block in _blocks(pages, name, found[name])]
            _sheet(
                pages,
                named(pages.say(f"sheet.{sheet}")),
                named(_titled(pages, sheet)),
                () if by else said.get(sheet, ()),
                blocks,
            )


def _titled(pages: Pages, sheet: str) -> str:
    return pages.say(f"{sheet}-title", plan=one_line(pages.problem.name))


def _blocks(pages: Pages, table: str, given: Rows) -> Iterator[_Block]:
    """A table as it is printed; of officers by phase or month one for each of its numbers."""
    name, by = statistics.split_of(table)
    entries = _of_use(given)
    if not _says_something(pages, name, entries):
        return
    heading = statistics.heading(table, pages.lang)
    sentences = statistics.sentences(table, pages.lang)
    if by and name in _ACROSS:
        ids, numbers = _ACROSS[name]
        for number in numbers:
            called = text(f"statistics.columns.{number}", pages.lang)
            heads, rows = _across(pages, entries, (by, *ids), number)
            if rows:
                named = pages.say("table-of", table=heading, number=called)
                yield _Block(named, sentences, heads, rows, frozenset())
        return
    columns = [n for n in (by, *_PRINTED[name]) if n] if name in _PRINTED else list(entries[0])
    kept = [{n: row[n] for n in columns} for row in entries if _turn_may_come(row)]
    if not kept:
        return
    readable = statistics.readable_rows(kept, pages.problem, pages.lang)
    yield _Block(
        heading,
        sentences,
        list(readable[0]),
        [list(row.values()) for row in readable],
        frozenset(n for n, name in enumerate(columns, start=1) if statistics.is_share(name)),
    )


def _across(
    pages: Pages, entries: Rows, ids: Sequence[str], number: str
) -> tuple[list[str], list[list[object]]]:
    """Headings and rows with a column for each period, which is the first of ``ids``.

    A row without any number is left out.
    """
    kept = [
        {name: row[name] for name in ids} | {number: row[number] if _turn_may_come(row) else None}
        for row in entries
    ]
    readable = statistics.readable_rows(kept, pages.problem, pages.lang)
    found: dict[tuple[object, ...], dict[object, object]] = {}
    periods: dict[object, None] = {}
    for row in readable:
        period, *named, value = row.values()
        periods[period] = None
        found.setdefault(tuple(named), {})[period] = value
    heads = [*list(readable[0])[1:-1], *map(str, periods)]
    return heads, [
        [*named, *(own.get(period, "") for period in periods)]
        for named, own in found.items()
        if any(value != "" for value in own.values())
    ]


def _of_use(entries: Rows) -> Rows:
    """The rows without ways of looking at duties of which there are none at all."""
    counts = ("duties", "load", "spacings", "pairs")
    some = {row["over"] for row in entries if "over" in row and any(map(row.get, counts))}
    return [row for row in entries if "over" not in row or row["over"] in some]


def _turn_may_come(row: Mapping[str, Any]) -> bool:
    """Whether a row is about an officer who could have had a duty, or about anything else."""
    return row.get("available_days") != 0 or any(row.get(count) for count in ("duties", "turns"))


def _says_something(pages: Pages, table: str, entries: Rows) -> bool:
    """Whether a table is about anything that the plan has."""
    if table == "market_coverage":
        return bool(pages.problem.markets)
    if table == "post_strength":
        return bool(pages.problem.posts)
    if table == "auxiliary_exposure":
        return any(entry["auxiliary_hours"] for entry in entries)
    return bool(entries)


def _sheet(
    pages: Pages, name: str, heading: str, said: Sequence[str], blocks: Sequence[_Block]
) -> None:
    """Sentences, then tables, each with its heading, kept on one printed page where it fits."""
    sheet = pages.book.create_sheet(name)
    row = style.title(sheet, heading, 12)
    for sentence in said:
        put(sheet, row, 1, sentence)
        row += 1
    columns = max((len(block.heads) for block in blocks), default=1)
    wide = style.fitted(
        [block.heads for block in blocks],
        [line for block in blocks for line in block.rows],
        [(8, 48), (8, 48), *[(8, 24)] * (columns - 2)],
    )
    style.widths(sheet, wide)
    together: list[tuple[int, int]] = []
    for block in blocks:
        row += 1
        first = row
        put(sheet, row, 1, block.heading)
        sheet.cell(row, 1).font = Font(bold=True, size=13)
        for sentence in block.sentences:
            row += 1
            put(sheet, row, 1, sentence)
        row += 1
        style.header(sheet, row, block.heads)
        style.heights(sheet, row, [block.heads, *block.rows], wide)
        for line in block.rows:
            row += 1
            style.line(sheet, row, line, shares=block.shares)
        together.append((first, row))
        row += 1
    sheet.print_title_rows = None
    sheet.freeze_panes = "A2"
    style.page(sheet, footer=one_line(pages.problem.name))
    style.together(sheet, together, wide)
