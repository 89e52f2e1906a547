"""Writes a plan as the leader's workbook: headings in two languages, drop-downs, notes."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import TYPE_CHECKING

from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.plan_tables.sheets import (
    PLAN,
    Column,
    Sheet,
    choice_word,
    heading,
)
from patrol_scheduler.formats.plan_tables.writer import Laid, lay_out
from patrol_scheduler.formats.workbook_file import put, saved
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import LANGUAGES, catalogue, text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_SPARE_ROWS = 300
"""Drop-downs reach so many rows below the last filled one."""

_FIRST_EXCEL_DAY = dt.date(1900, 3, 1)
_CHOICES = "choices"


def plan_workbook(problem: Problem, lang: str) -> bytes:
    """The plan as an ``.xlsx`` file that reads back equal, made for filling in by hand.

    One sheet a list of the plan, each heading in ``lang`` with the key below it, required columns
    marked; choices and references have drop-downs, fed from ranges. Raises ``ValueError`` for an
    unknown language.
    """
    from openpyxl import Workbook

    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    book = Workbook()
    readme = book.active
    assert readme is not None  # noqa: S101  # a new workbook has a sheet
    _readme(readme, lang)
    tables = lay_out(problem, lang)
    for laid in tables:
        _sheet(book.create_sheet(laid.sheet.title(lang)), laid, lang)
    _drop_downs(book, tables, lang)
    return saved(book, problem.name)


def example_problem() -> Problem:
    """The plan of the Bishi example, with which the template is filled."""
    import tomllib

    from patrol_scheduler.formats.plan_document import problem_of

    entry = files("patrol_scheduler.formats").joinpath("plan_bishi.toml")
    problem, faults = problem_of(tomllib.loads(entry.read_text(encoding="utf-8")))
    assert problem is not None, faults  # noqa: S101  # a test holds the example valid
    return problem


def with_every_rule(problem: Problem) -> Problem:
    """The plan with the rules that it leaves to their defaults stated, so that each can be edited.

    A roster answers to the same rules.
    """
    from patrol_scheduler.rules import ALL

    stated = {type(rule) for rule in problem.rules}
    more = [rule for kind in ALL if kind not in stated for rule in kind.defaults()]
    return problem.model_copy(update={"rules": (*problem.rules, *more)})


def _readme(sheet: Worksheet, lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet.title = f"0 {text('sheets.readme.title', lang)}"
    lines = [k for k in catalogue(lang) if k.startswith("sheets.readme.line-")]
    put(sheet, 1, 1, text("sheets.readme.heading", lang))
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    for row, key in enumerate(sorted(lines), start=3):
        put(sheet, row, 1, text(key, lang))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    row = 4 + len(lines)
    for colour, key in (("FFDDEBF7", "required"), ("FFF2F2F2", "optional"),
                        ("FFFFC7CE", "fault"), ("FFFFEB9C", "repair")):  # fmt: skip
        put(sheet, row, 1, text(f"sheets.readme.{key}", lang))
        sheet.cell(row, 1).fill = PatternFill("solid", start_color=colour, end_color=colour)
        row += 1
    sheet.column_dimensions["A"].width = 110
    _page(sheet)


def _page(sheet: Worksheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _sheet(sheet: Worksheet, laid: Laid, lang: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="FFBFBFBF")
    required = PatternFill("solid", start_color="FFDDEBF7", end_color="FFDDEBF7")
    optional = PatternFill("solid", start_color="FFF2F2F2", end_color="FFF2F2F2")
    for number, column in enumerate(laid.columns, start=1):
        needed = column.required or laid.sheet.name == PLAN
        word = heading(laid.sheet.name, column.name, lang)
        put(sheet, 1, number, word if word == column.name else f"{word}\n{column.name}")
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        cell.fill = required if needed else optional
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(bottom=line, right=line)
        widest = max(
            [
                _width(word),
                _width(column.name),
                *(_width(row[number - 1]) for row in laid.rows[:200]),
            ]
        )
        sheet.column_dimensions[get_column_letter(number)].width = min(46, max(9, widest + 3))
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2" if laid.sheet.name == "officers" else "A2"
    for row, values in enumerate(laid.rows, start=2):
        for number, (column, value) in enumerate(zip(laid.columns, values, strict=True), 1):
            _put(sheet, row, number, column, value)
            sheet.cell(row, number).alignment = Alignment(vertical="top", wrap_text=True)
    for number, column in enumerate(laid.columns, start=1):
        if column.kind in ("id", "reference", "text", "references"):
            sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    sheet.print_title_rows = "1:1"
    _page(sheet)


def _put(sheet: Worksheet, row: int, number: int, column: Column, value: Cell) -> None:
    if isinstance(value, dt.date) and value < _FIRST_EXCEL_DAY:
        value = value.isoformat()
    put(sheet, row, number, value)
    cell = sheet.cell(row, number)
    if isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str) and column.kind != "flag":
        cell.number_format = "@"


def _width(value: Cell) -> int:
    """About how many Latin letters wide a text is."""
    text_ = "" if value is None else str(value)
    longest = max(text_.split("\n"), key=len, default="")
    return sum(2 if ord(char) > 0x2E80 else 1 for char in longest[:60])


def _drop_downs(book: Workbook, tables: list[Laid], lang: str) -> None:
    """Choices from a sheet of their own, references from the ids of the sheet they lead to."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    by_name = {laid.sheet.name: laid for laid in tables}
    choices = book.create_sheet(text("sheets.readme.choices", lang))
    ranges: dict[tuple[str, ...], str] = {}

    def listed(words: tuple[str, ...]) -> str:
        if words not in ranges:
            number = len(ranges) + 1
            letter = get_column_letter(number)
            for row, word in enumerate(words, start=1):
                put(choices, row, number, word)
            ranges[words] = f"'{choices.title}'!${letter}$1:${letter}${len(words)}"
        return ranges[words]

    def source(column: Column) -> str | None:
        if column.kind == "choice":
            return listed(tuple(choice_word(column.name, v, lang) for v in column.choices))
        if column.kind == "flag":
            return listed(tuple(text(f"statistics.values.{w}", lang) for w in ("yes", "no")))
        target = by_name.get(column.target)
        if column.kind != "reference" or target is None:
            return None
        letter = get_column_letter(_position(target.sheet, "id"))
        return f"'{target.sheet.title(lang)}'!${letter}$2:${letter}${len(target.rows) + 61}"

    for laid in tables:
        sheet = book[laid.sheet.title(lang)]
        for number, column in enumerate(laid.columns, start=1):
            letter = get_column_letter(number)
            fed: list[tuple[Column, str]] = [
                (column, f"{letter}2:{letter}{len(laid.rows) + 1 + _SPARE_ROWS}")
            ]
            if laid.sheet.name == PLAN:
                fed = [] if column.name != "value" else [
                    (item, f"{letter}{row}") for row, item in enumerate(laid.sheet.columns, 2)
                ]  # fmt: skip
            for item, cells in fed:
                formula = source(item)
                if formula:
                    rule = DataValidation("list", formula1=f"={formula}", allow_blank=True)
                    rule.showErrorMessage = item.kind in ("choice", "flag")
                    rule.errorTitle = heading(laid.sheet.name, item.name, lang)
                    rule.error = text("sheets.readme.choose", lang)
                    sheet.add_data_validation(rule)
                    rule.add(cells)
    choices.sheet_state = "hidden"


def _position(sheet: Sheet, name: str) -> int:
    return [column.name for column in sheet.columns].index(name) + 1


__all__ = ["example_problem", "plan_workbook", "with_every_rule"]
