"""Lays a plan out as tables: the cells of a workbook or of CSV files, read back equal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.plan_tables.sheets import (
    CERTIFICATE,
    GAPS,
    KEY,
    PLAN,
    RULES,
    Column,
    Sheet,
    choice_spellings,
    choice_word,
    heading,
    sheets,
)
from patrol_scheduler.formats.plan_tables.short_columns import contracted
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import Rule
from patrol_scheduler.texts import catalogue, text

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Laid:
    """One table of a plan: its sheet, the columns used and the rows, cell by column."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def lay_out(problem: Problem, lang: str) -> list[Laid]:
    """Every table of a plan, also those without rows, in the order of the sheets.

    Choices and marks are words of ``lang``; ids and texts stay as they are. An empty cell stands
    for the value that a plan has without it.
    """
    document = problem.model_dump(exclude_defaults=True)
    document[RULES] = [
        {"rule": rule.rule, **rule.model_dump(exclude_defaults=True)} for rule in problem.rules
    ]
    titles = {rule.rule: rule.title(lang) for rule in problem.rules if isinstance(rule, Rule)}
    short = _Short(document, titles)
    return [_table(sheet, document | short.lists, short, lang) for sheet in sheets()]


class _Short:
    """What of a plan stands in short columns, and the lists that need rows for the rest.

    ``titles`` say what the rules are called, also those from outside.
    """

    def __init__(self, document: Entry, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.gaps, self.counted, cadences = _gaps(document)
        rules, self.must_shifts, working = contracted(document)
        self.lists: dict[str, Any] = {"cadences": cadences, RULES: rules}
        self.day_basis = "working-days" if working else "calendar-days"

    def of(self, sheet: Sheet, entry: Entry) -> dict[str, Any]:
        """The short columns of an entry."""
        found: dict[str, Any] = {}
        gap = self.gaps.get((sheet.name, entry.get("id", "")))
        if gap:
            found |= {GAPS[0]: gap["min_days"], GAPS[1]: gap["max_days"]}
        match sheet.name:
            case "officers":
                found |= _first_certificate(entry)
            case "areas":
                found["must_shifts"] = self.must_shifts.get(entry["id"])
            case "shifts":
                found["next_day"] = entry["end"] <= entry["start"]
        return found


def _table(
    sheet: Sheet,
    document: Entry,
    short: _Short,
    lang: str,
) -> Laid:
    if sheet.name == PLAN:
        columns = (Column("key", "text"), Column("value", "text"), Column("note", "text"))
        return Laid(sheet, columns, tuple(_plan_rows(sheet, document, short, lang)))
    entries: Sequence[Entry] = document.get(sheet.name, ())
    if sheet.parent:
        rows = [
            (cells.write_exact(owner["id"], cells.read_id), *_cells(sheet.columns[1:], entry, lang))
            for owner in document.get(sheet.parent, ())
            for entry in _further(sheet, owner)
        ]
        return Laid(sheet, sheet.columns, tuple(rows))
    if sheet.name == RULES:
        named = (
            _rule_row(sheet, rule, short.titles.get(rule["rule"], ""), lang) for rule in entries
        )
        return Laid(sheet, sheet.columns, tuple(named))
    if sheet.grouped:
        found = [row for n, entry in enumerate(entries, 1) for row in _group(sheet, n, entry, lang)]
        return Laid(sheet, sheet.columns, tuple(found))
    rows = [_cells(sheet.columns, {**entry, **short.of(sheet, entry)}, lang) for entry in entries]
    return Laid(sheet, sheet.columns, tuple(rows))


def _plan_rows(
    sheet: Sheet, document: Entry, short: _Short, lang: str
) -> Iterator[tuple[Cell, ...]]:
    texts = catalogue(lang)
    own: dict[str, object] = {"counted": short.counted, "day_basis": short.day_basis}
    for column in sheet.columns:
        value = own.get(column.name, document.get(column.name))
        if value is None and column.default is not None:
            value = column.default
        told = value is not None and (value not in ("", ()) or column.required)
        cell = _cell(column, value, lang) if told else None
        note = texts.get(f"sheets.notes.{column.name}", "")
        yield heading(PLAN, column.name, lang), cell, note or None


def _cells(columns: Sequence[Column], entry: Entry, lang: str) -> tuple[Cell, ...]:
    return tuple(
        _cell(column, entry[column.name], lang)
        if entry.get(column.name) is not None
        else _word(column, lang)
        for column in columns
    )


def _word(column: Column, lang: str) -> Cell:
    """What stands where the entry says nothing: a flag is told, everything else is left empty."""
    if column.kind == "flag" and column.default is not None:
        return _cell(column, column.default, lang)
    return None


def _cell(column: Column, value: Any, lang: str) -> Cell:
    match column.kind:
        case "text":
            return cells.write_exact(str(value), cells.read_text)
        case "id" | "reference":
            return cells.write_exact(str(value), cells.read_id)
        case "references" | "texts":
            return cells.write_list(list(value))
        case "counts":
            return cells.SEPARATOR.join(map(str, value))
        case "dates":
            return cells.SEPARATOR.join(date.isoformat() for date in value)
        case "flag":
            return text(f"statistics.values.{'yes' if value else 'no'}", lang)
        case "clock":
            return value.isoformat("minutes") if isinstance(value, dt.time) else str(value)
        case "moment":
            return value.isoformat() if isinstance(value, dt.datetime) else str(value)
        case "choice":
            return _chosen(column, value, lang)
        case "choices":
            return cells.SEPARATOR.join(_chosen(column, one, lang) for one in value)
        case "json" | "map":
            return json.dumps(value, ensure_ascii=True, default=_json)
        case _:
            if isinstance(value, float) and float(f"{value:.16g}") != value:
                return repr(value)  # workbooks keep sixteen digits of a number
            return value  # type: ignore[no-any-return]


def _chosen(column: Column, value: object, lang: str) -> str:
    """The word for a value of a choice."""
    plain = str(value.value if isinstance(value, Enum) else value)
    word = choice_word(column.name, plain, lang)
    return word if choice_spellings(column).get(word.casefold()) == plain else plain


def _json(value: object) -> object:
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(type(value).__name__)


def _first_certificate(officer: Entry) -> dict[str, Any]:
    certificates = officer.get("certificates", ())
    if not certificates or not certificates[0]:
        return {}
    names = {field: name for name, field in CERTIFICATE.items()}
    if not certificates[0].keys() <= names.keys():
        return {}
    return {names[field]: value for field, value in certificates[0].items()}


def _further(sheet: Sheet, owner: Entry) -> Sequence[Entry]:
    """The entries of an inner list that stand in its own sheet."""
    found: Sequence[Entry] = owner.get(sheet.field, ())
    own = sheet.name == "officers.certificates" and bool(_first_certificate(owner))
    return found[1:] if own else found


def _group(sheet: Sheet, number: int, entry: Entry, lang: str) -> Iterator[tuple[Cell, ...]]:
    """The rows of an entry with numbers for each agency; the first row has everything else."""
    agencies = list(dict.fromkeys(a for name in sheet.grouped for a in entry.get(name, {})))
    rest = [c for c in sheet.columns if c.name not in (KEY, "agency", *sheet.grouped)]
    for place, agency in enumerate(agencies or [None]):
        own: dict[str, Cell] = {KEY: _group_name(entry) or number}
        if agency is not None:
            own["agency"] = cells.write_exact(agency, cells.read_id)
        for name in sheet.grouped:
            own[name] = entry.get(name, {}).get(agency)
        if place == 0:
            own |= dict(zip([c.name for c in rest], _cells(rest, entry, lang), strict=True))
        yield tuple(own.get(column.name) for column in sheet.columns)


def _group_name(entry: Entry) -> str:
    """The name that holds the rows of an entry together; a name of digits is no number."""
    name = str(entry.get("name", ""))
    if cells.folded(name).strip().isdecimal():
        return cells.quoted(name)
    return cells.write_exact(name, cells.read_text) if name else ""


def _rule_row(sheet: Sheet, rule: Entry, title: str, lang: str) -> tuple[Cell, ...]:
    known = {column.name for column in sheet.columns}
    level = sheet.column("level")
    parameters = {
        name: value
        for name, value in rule.items()
        if name not in known
        or name == "title"
        or (name == "level" and level and value not in level.choices)
    }
    own = {name: value for name, value in rule.items() if name not in parameters}
    own["title"] = title
    if parameters:
        own["parameters"] = ", ".join(f"{n} = {_toml(v)}" for n, v in parameters.items())
    return _cells(sheet.columns, own, lang)


def _toml(value: Any) -> str:
    """A value of a rule as TOML on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Enum):
        return _toml(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, str):
        shown = json.dumps(value, ensure_ascii=False)
        return "".join(c if c != "\x7f" else "\\u007f" for c in shown)
    return repr(value)


def _gaps(
    document: Entry,
) -> tuple[dict[tuple[str, str], Entry], str | None, Sequence[Entry]]:
    """Cadences as columns of phases and areas where that says the same, else in their own sheet.

    Gives the cadence of each (list, id), the reading of them all, and those for their own sheet.
    """
    cadences = list(document.get("cadences", ()))
    found: dict[tuple[str, str], Entry] = {}
    for entry in cadences:
        owners = [(n, i) for n in ("phases", "areas") for i in entry.get(n, ())]
        plain = entry.keys() <= {"min_days", "max_days", "counted", "phases", "areas"}
        if len(owners) != 1 or owners[0] in found or not plain:
            return {}, None, cadences
        found[owners[0]] = entry
    order = [
        (name, entry["id"]) for name in ("phases", "areas") for entry in document.get(name, ())
    ]
    ways = {entry.get("counted") for entry in cadences}
    if [owner for owner in order if owner in found] != list(found) or len(ways) > 1:
        return {}, None, cadences
    return found, next(iter(ways), None), []
