"""Tables as they come from a workbook or a folder of CSV files, and where each value stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from patrol_scheduler.faults import Fault, Path, Remark
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.texts import DEFAULT_LANGUAGE, catalogue

R = TypeVar("R", bound=Remark)

MOST_HEADER_ROWS = 30
"""The header stands in one of the first so many rows that are not empty."""

NOTES = {"备注", "note", "notes", "说明", "remark", "remarks", "名称#"}
"""Headings of columns for people; they are not read."""


class Repair(Remark):
    """Something in a table that was mended while reading; the author should know."""

    section = "repairs"


@dataclass
class Table:
    """A sheet as it came: ``rows`` are (row number, cells).

    ``faulty`` holds cells that cannot be read at all, as (row, column) with the sentence's name;
    ``repairs`` what was mended on the way; ``hidden`` tells that the whole sheet is,
    ``hidden_columns`` which columns are; ``beyond`` is the first cell with a value to the right of
    what is read, as (row, column); ``linked`` tells that links to other files were left out.
    """

    name: str
    rows: list[tuple[int, list[Cell]]]
    faulty: dict[tuple[int, int], str] = field(default_factory=dict)
    repairs: list[tuple[int, int | None, str]] = field(default_factory=list)
    linked: bool = False
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    beyond: tuple[int, int] | None = None


@dataclass(frozen=True)
class At:
    """The place of a value: table, row and column, counted from 1."""

    table: str
    row: int
    column: int | None = None
    label: str = ""

    def say(self) -> str:
        """The place as spreadsheets name it: ``4 人员!C7 (部门)``."""
        where = f"{letters(self.column)}{self.row}" if self.column else str(self.row)
        return f"{self.table}!{where}" + (f" ({self.label})" if self.label else "")


@dataclass
class Row:
    """One row of a known sheet: its number and, by column, the cell with its place."""

    number: int
    cells: dict[str, tuple[Cell, At]]


def letters(column: int) -> str:
    """The letters of a column, 1 is A."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def heading_key(word: str) -> str:
    """A heading without what does not matter: width, case, spaces, stars and remarks."""
    narrow = cells.folded(word).casefold()
    return re.sub(r"[\s*★:：_·.-]|[(\[【（].*?[)\]】）]|^\d+(?=\D)", "", narrow)


@dataclass
class PlanTables:
    """What the tables say: the document, where each value stands, and what was wrong or mended."""

    file: str
    document: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, At] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    unread: set[tuple[str, int, str]] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)

    def fault(
        self, at: At | None, value: object, what: str, path: Path = (), **values: object
    ) -> None:
        """Note what is wrong in a cell; ``what`` names its sentence, which ``values`` fill."""
        key = what if "." in what else _sentence(what)
        place = at.say() if at else ""
        self.faults.append(Fault(self.file, place, None, value, key, tuple(values.items()), path))
        if at and path:
            self.places[path] = at

    def repair(self, at: At, value: object, what: str, **values: object) -> None:
        """Note what was mended in a cell."""
        self.repairs.append(
            Repair(self.file, at.say(), None, value, f"tables.{what}", tuple(values.items()))
        )

    def at(self, path: Path) -> At | None:
        """Where the value of a path stands, or the nearest thing around it."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        return None

    def ids_unread(self, name: str) -> bool:
        """Whether the id of an entry of a list could not be read, so that more may be known."""
        title = self.titles.get(name)
        return any(table == title and column == "id" for table, _, column in self.unread) or any(
            fault.path[:1] == (name,) and fault.path[-1] == "id" for fault in self.faults
        )

    def _said(self, remark: Remark) -> str:
        known = _sentence(remark.what)
        return known if known.startswith("tables.") else remark.what

    def located(self, fault: R) -> R:
        """The fault with its place in the tables instead of the document."""
        at = self.at(fault.path)
        place = at.say() if at else self.titles.get(str(fault.path[0]) if fault.path else "", "")
        return replace(
            fault, file=self.file, place=place or fault.place, line=None, what=self._said(fault)
        )


_OWN = frozenset(
    {
        "sheet-missing", "column-needed", "ids-needed", "sheet-twice", "no-plan-sheet",
        "no-header-row", "unknown-column", "column-without-heading",
        "unknown-item", "item-twice", "agency-missing", "agency-twice", "name-twice",
        "name-not-unique", "parameters-unreadable", "cell-scientific", "cell-number-for-name",
        "cell-not-a-flag", "cell-year-unclear", "cell-not-a-moment", "cell-not-json",
        "cell-formula", "cell-error", "column-too-far", "unknown-team",
        "next-day-too-long", "next-day-needed", "carried-without-officer", "differs-from-above",
        "home-duty-no-header", "home-duty-backwards",
    }
)  # fmt: skip
"""Faults whose sentences speak of tables; the others speak of plans in any form."""


def _sentence(what: str) -> str:
    """The name of a fault's sentence: one that speaks of tables, where there is one."""
    if what in _OWN:
        return f"tables.{what}"
    of_tables = f"tables.plan.{what}"
    return of_tables if of_tables in catalogue(DEFAULT_LANGUAGE) else f"faults.{what}"


def column_of(cell: Cell, spelled: dict[str, str]) -> str | None:
    """The column of a heading: the whole cell, or a line of it."""
    if not isinstance(cell, str):
        return None
    for part in (cell, *re.split(r"[\n/·]", cell)):
        if heading_key(part) in spelled:
            return spelled[heading_key(part)]
    return None


def find_header(
    rows: Sequence[tuple[int, list[Cell]]], spelled: dict[str, str]
) -> tuple[int, dict[int, str]]:
    """The place of the row with most known headings, and the column of each position in it."""
    best: tuple[int, dict[int, str]] = (0, {})
    for place, (_, row) in enumerate(rows[:MOST_HEADER_ROWS]):
        named: dict[int, str] = {}
        for position, cell in enumerate(row):
            name = column_of(cell, spelled)
            if name and name not in named.values():
                named[position] = name
        if len(named) > len(best[1]):
            best = (place, named)
    return best
