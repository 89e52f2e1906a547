"""What is wrong with a plan, told of its tables: once, in their words, not what only follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from patrol_scheduler.faults import Fault, Path, Speller
from patrol_scheduler.formats.plan_tables.sheets import (
    ChoiceWord,
    Heading,
    SheetTitle,
    choice_word,
    sheets,
)
from patrol_scheduler.formats.tables import PlanTables
from patrol_scheduler.texts import LANGUAGES

NEEDED = ("phases", "agencies", "officers")
"""The sheets, beside that of the plan itself, without which there is none."""


def damaged_by(found: PlanTables) -> set[str]:
    """What of the plan is not known for sure, as :func:`.plan_faults` takes it.

    Cells that could not be read, columns whose heading is not known, sheets that are missing: what
    a look at the rest would find might only follow from these.
    """
    damaged: set[str] = set()
    for sheet in NEEDED:
        if sheet not in found.titles and found.titles:
            found.fault(None, None, "sheet-missing", sheet=SheetTitle(sheet))
            damaged |= {sheet, f"{sheet}.id"}
    names = {title: sheet for sheet, title in found.titles.items()}
    for title, _, column in found.unread:
        damaged.add(f"{names[title]}.{column}")
    for fault in found.faults:
        fields = [str(step) for step in fault.path if isinstance(step, str)]
        if len(fields) > 1:
            damaged.add(".".join(fields[:2]))
    return damaged


def once(found: PlanTables, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults, with those told once that follow from a list whose column of ids is gone."""
    listed = tuple(faults)
    for fault in listed:
        if fault.what == "tables.column-needed" and _column(fault.path)[1] == "id":
            what = f"unknown-{_SINGULAR.get(str(fault.path[0]))}"
            listed = tuple(f for f in listed if f.what.removeprefix("faults.") != what)
    for name in _without_ids(found):
        what = f"unknown-{_SINGULAR.get(name, name)}"
        same = [fault for fault in listed if fault.what.removeprefix("faults.") == what]
        if len(same) >= _SEVERAL:
            one = Fault(
                found.file, f"{found.titles[name]}!1", None, same[0].value, "tables.ids-needed",
                (("column", Heading(f"{name}:id")), ("n", len(same))),
            )  # fmt: skip
            listed = (one, *(fault for fault in listed if fault not in same))
    return listed


_SEVERAL = 3
_SINGULAR = {"officers": "officer", "areas": "area", "agencies": "agency", "phases": "phase"}


def _without_ids(found: PlanTables) -> list[str]:
    """The lists all of whose entries are called by their names, for want of ids."""
    lists: dict[str, list[bool]] = {}
    for path, at in found.places.items():
        if len(path) == 3 and path[2] == "id":
            named = found.places.get((*path[:2], "name")) == at
            lists.setdefault(str(path[0]), []).append(named)
    return [name for name, named in lists.items() if len(named) > 1 and all(named)]


def further_faults(found: PlanTables, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of the plan that its cells do not tell already, at their places in the tables."""
    told = {fault.path for fault in found.faults if fault.path}
    rest = [
        fault
        for fault in faults
        # What could not be read in its cell is not missing as well.
        if not any(fault.path[: len(path)] == path for path in told)
        and not _unread(found, fault)
        and not (fault.what == "missing" and fault.path and _sheet_missing(found, fault.path))
    ]
    columns = _empty_columns(found, rest)
    speller = Speller()
    for fault in rest:
        column = _column(fault.path)
        if fault.what == "missing" and column in columns:
            if columns[column]:
                columns[column] = False
                sheet, name = column
                yield Fault(
                    found.file, f"{found.titles[sheet]}!1", None, None, "tables.column-needed",
                    (("column", Heading(f"{sheet}:{name}")),), fault.path,
                )  # fmt: skip
            continue
        yield found.located(_with_words(fault, speller))


def _sheet_missing(found: PlanTables, path: Path) -> bool:
    return len(path) == 1 and path[0] in NEEDED and path[0] not in found.titles


def _column(path: Path) -> tuple[str, str]:
    return (str(path[0]), str(path[2])) if len(path) == 3 else ("", "")


def _unread(found: PlanTables, fault: Fault) -> bool:
    """Whether a value is only missing because its cell, or its heading, could not be read."""
    sheet, column = _column(fault.path)
    at = found.places.get(fault.path[:2])
    if fault.what != "missing" or not sheet or at is None:
        return False
    misspelt = {
        dict(one.values).get("nearest")
        for one in found.faults
        if one.what == "tables.unknown-column" and one.place.startswith(f"{at.table}!")
    }
    words = {Heading(f"{sheet}:{column}").say(lang) for lang in LANGUAGES}
    return (at.table, at.row, column) in found.unread or bool(misspelt & words)


def _empty_columns(found: PlanTables, faults: Iterable[Fault]) -> dict[tuple[str, str], bool]:
    """The columns in which every row of several misses what it needs, told once each."""
    missing: dict[tuple[str, str], int] = {}
    for fault in faults:
        if fault.what == "missing" and _column(fault.path)[0] in found.titles:
            column = _column(fault.path)
            missing[column] = missing.get(column, 0) + 1
    rows = {name: len(found.document.get(name, ())) for name, _ in missing}
    return {column: True for column, n in missing.items() if n > 1 and n == rows[column[0]]}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _with_words(fault: Fault, speller: Speller) -> Fault:
    """A fault about a choice with the words of the list to choose from instead of its values."""
    values = dict(fault.values)
    if fault.what != "not-a-choice":
        return fault
    name = next((str(s) for s in reversed(fault.path) if isinstance(s, str)), "")
    column = next(
        (
            column
            for sheet in sheets()
            for column in sheet.columns
            if column.name == name
            and set(column.choices) >= {str(value) for value in _listed(values["allowed"])}
        ),
        None,
    )
    if column is None:
        return fault
    values["allowed"] = tuple(ChoiceWord(f"{name}:{value}") for value in column.choices)
    words = [choice_word(name, value, lang) for value in column.choices for lang in LANGUAGES]
    values["nearest"] = speller.nearest(fault.value, words)
    return replace(fault, values=tuple(values.items()))
