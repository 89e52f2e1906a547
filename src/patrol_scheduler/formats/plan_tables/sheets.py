"""Which sheets and columns a plan has as tables: derived from its records, so none is forgotten."""

from __future__ import annotations

import datetime as dt
import tomllib
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from patrol_scheduler.faults import Spoken
from patrol_scheduler.problem import Area, BusyKind, Problem
from patrol_scheduler.texts import LANGUAGES, catalogue

Kind = Literal[
    "id", "reference", "references", "text", "texts", "count", "counts", "number", "flag", "date",
    "dates", "moment", "clock", "choice", "choices", "map", "json",
]  # fmt: skip
"""What the cells of a column hold."""

# Fields that hold the id of an entry of another list, one or several.
_REFERENCES = {
    "agency": "agencies", "officer": "officers", "area": "areas", "post": "posts",
    "shift": "shifts", "phase": "phases", "competent": "agencies", "targets": "violation_kinds",
    "agencies": "agencies", "officers": "officers", "areas": "areas", "posts": "posts",
    "shifts": "shifts", "phases": "phases", "a": "officers", "b": "officers",
    "familiar": "areas", "support": "agencies",
}  # fmt: skip

# Texts that are names of people or numbers to dial and look up: read and mended like ids.
_NAMES = {
    "agencies": ("name", "contact", "phone"),
    "officers": ("name", "phone"),
    "officers.certificates": ("number",),
}

# The places of DOMAIN's template; sheets that are not named follow in the order of the plan's keys.
_NUMBERS = {
    "plan": 1, "phases": 2, "agencies": 3, "officers": 4, "areas": 5, "shifts": 6, "teams": 7,
    "violation_kinds": 8, "days": 9, "markets": 10, "officers.leave": 11, "requests": 12,
    "pins": 13, "pairs": 14, "history": 15, "rules": 16,
}  # fmt: skip

PLAN = "plan"
"""The sheet of single values: one row for each."""

RULES = "rules"
"""The sheet of rules, whose parameters share one cell."""

KEY = "entry"
"""The column that holds together the rows of one entry, or names the entry that rows belong to."""

LEAVE = "officers.leave"
"""The sheet of leave; rows that tell hours, a shift or a kind of duty elsewhere are busy times."""

GAPS = ("gap_min", "gap_max")
"""Columns of phases and areas that stand for a cadence of their own."""

WORKING_DAYS = ("working-day", "make-up-working-day")
"""The kinds of day on which there are patrols where working days alone count."""


@dataclass(frozen=True)
class Column:
    """One column: its field, what its cells hold, and what it needs.

    ``target`` is the list that references lead to; ``choices`` the values of a choice; ``default``
    what an empty cell means.
    """

    name: str
    kind: Kind
    required: bool = False
    target: str = ""
    choices: tuple[str, ...] = ()
    default: object = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: the list of the plan that it holds, and its columns.

    ``name`` is a key of the plan or, for a list inside entries, ``officers.leave``. ``grouped``
    columns hold one value for each agency, in rows of their own.
    """

    name: str
    number: int
    columns: tuple[Column, ...]
    grouped: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The list whose entries the rows belong to, empty where the list is the plan's own."""
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def field(self) -> str:
        """The field of the plan or of the parent."""
        return self.name.rpartition(".")[2]

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)

    def title(self, lang: str) -> str:
        """The name on the tab."""
        return f"{self.number} {sheet_word(self.name, lang)}"


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        options = [_bare(a) for a in get_args(annotation) if a is not type(None)]
        if len(options) == 1:
            return options[0]
        return float if set(options) <= {int, float} else Any
    return annotation


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _column(name: str, annotation: Any, required: bool, default: object) -> Column:
    bare = _bare(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    kind: Kind = "json"
    target = ""
    choices: tuple[str, ...] = ()
    if origin is Literal:
        kind, choices = "choice", tuple(str(a) for a in arguments)
    elif origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        entry = _bare(arguments[0])
        if entry is str:
            target = _REFERENCES.get(name, "")
            kind = "references" if target else "texts"
        elif entry is dt.date:
            kind = "dates"
        elif entry is int:
            kind = "counts"
        elif get_origin(entry) is Literal:
            kind = "texts"
        elif isinstance(entry, type) and issubclass(entry, Enum):
            kind, choices = "choices", tuple(str(one.value) for one in entry)
    elif origin is dict and _bare(arguments[0]) is str and _bare(arguments[1]) in (int, float):
        kind, target = "map", "agencies"
    elif isinstance(bare, type):
        if issubclass(bare, Enum):
            kind, choices = "choice", tuple(str(entry.value) for entry in bare)
        elif bare is str:
            target = _REFERENCES.get(name, "")
            kind = "id" if name == "id" else "reference" if target else "text"
        else:
            kinds: dict[Any, Kind] = {
                bool: "flag", int: "count", float: "number", dt.date: "date",
                dt.datetime: "moment", dt.time: "clock",
            }  # fmt: skip
            kind = kinds.get(bare, "json")
    return Column(name, kind, required, target, choices, default)


def _columns(record: type[BaseModel], leave_out: frozenset[str]) -> tuple[Column, ...]:
    return tuple(
        _column(
            name,
            field.annotation if not field.metadata else Annotated[field.annotation, None],
            field.is_required(),
            None if field.is_required() else field.get_default(call_default_factory=True),
        )
        for name, field in record.model_fields.items()
        if name not in leave_out
    )


def _entries(annotation: Any) -> type[BaseModel] | None:
    """The record whose entries a list field holds."""
    bare = _bare(annotation)
    if get_origin(bare) is tuple:
        entry = _bare(get_args(bare)[0])
        if _is_record(entry):
            found: type[BaseModel] = entry
            return found
    return None


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet of a plan, in the order of their numbers."""
    found: dict[str, tuple[tuple[Column, ...], tuple[str, ...]]] = {}
    lists = {n: r for n, f in Problem.model_fields.items() if (r := _entries(f.annotation))}
    plan = _columns(Problem, frozenset(lists))
    found[PLAN] = ((*plan, Column("counted", "choice", choices=_counted()), DAY_BASIS), ())
    for name, record in lists.items():
        if name == RULES:
            found[name] = (_RULE_COLUMNS, ())
            continue
        inner = {n: r for n, f in record.model_fields.items() if (r := _entries(f.annotation))}
        children = inner if "id" in record.model_fields else {}
        columns = _with_names(name, _columns(record, frozenset(children)))
        grouped = tuple(c.name for c in columns if c.kind == "map")
        if grouped:
            # The name of a group is what holds its rows together.
            columns = tuple(column for column in columns if column.name != "name")
            columns = (Column(KEY, "text"), *_with_agency(columns, grouped))
        columns = _before_remarks(columns, SHORT_COLUMNS.get(name, ()))
        if name == "officers":
            columns = _with_certificate(columns)
        found[name] = (columns, grouped)
        for child, entry in children.items():
            of_parent = Column(KEY, "reference", True, name)
            own = _with_names(f"{name}.{child}", _columns(entry, frozenset()))
            if f"{name}.{child}" == LEAVE:
                own = _before_remarks(own, BUSY_COLUMNS)
            found[f"{name}.{child}"] = ((of_parent, *own), ())
    next_number = max(_NUMBERS.values()) + 1
    made = []
    for name, (columns, grouped) in found.items():
        number = _NUMBERS.get(name)
        if number is None:
            number, next_number = next_number, next_number + 1
        made.append(Sheet(name, number, columns, grouped))
    return tuple(sorted(made, key=lambda sheet: sheet.number))


def _counted() -> tuple[str, ...]:
    from patrol_scheduler.problem import Cadence

    return tuple(get_args(Cadence.model_fields["counted"].annotation))


_RULE_COLUMNS = (
    Column("rule", "text", required=True),
    Column("title", "text"),
    Column("on", "flag", default=True),
    Column("price", "number"),
    Column("level", "choice", choices=("fairness", "wishes")),
    Column("parameters", "text"),
    Column("basis", "text", default=""),
    Column("remarks", "text", default=""),
)

BUSY_COLUMNS = (
    Column("shift", "reference", target="shifts"),
    Column("kind", "choice", choices=get_args(BusyKind)),
    Column("hard", "flag"),
)
"""Columns of the sheet of leave by which a row is a busy time."""

DAY_BASIS = Column("day_basis", "choice", choices=("calendar-days", "working-days"))
"""The item of the plan by which patrols take place on working days only."""

SHORT_COLUMNS: dict[str, tuple[Column, ...]] = {
    "phases": (*(Column(gap, "count") for gap in GAPS), Column("composition", "texts")),
    "areas": (
        *(Column(gap, "count") for gap in GAPS),
        Column("must_shifts", "references", target="shifts"),
    ),
    "shifts": (Column("next_day", "flag"),),
    "teams": (Column("level", "choice", choices=("hard", "medium", "soft")),),
    "violation_kinds": (
        Column("place", "choice", choices=get_args(Area.model_fields["kind"].annotation)),
    ),
    "markets": (Column("days", "text"),),
    "history": (Column("carried", "number"),),
    "busy": (Column("shift", "reference", target="shifts"),),
}
"""Columns that say in one cell what a plan states elsewhere; see ``short_columns``."""

CERTIFICATE = {"cert_number": "number", "cert_from": "valid_from", "cert_to": "valid_to"}
"""Columns of officers that stand for their first certificate."""


def _with_names(sheet: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    names = _NAMES.get(sheet, ())
    return tuple(replace(c, kind="id") if c.name in names else c for c in columns)


def _with_certificate(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    own: tuple[Column, ...] = (
        Column("cert_number", "id"), Column("cert_from", "date"), Column("cert_to", "date"),
    )  # fmt: skip
    place = next((i for i, c in enumerate(columns) if c.name == "driver"), len(columns) - 1) + 1
    return (*columns[:place], *own, *columns[place:])


def _before_remarks(columns: tuple[Column, ...], further: tuple[Column, ...]) -> tuple[Column, ...]:
    """Some columns more; remarks stay the last."""
    remarks = tuple(column for column in columns if column.name == "remarks")
    return (*(c for c in columns if c.name != "remarks"), *further, *remarks)


def _with_agency(columns: tuple[Column, ...], grouped: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, those of each agency first and led by the agency, as numbers."""
    by_agency = tuple(Column(c.name, "count", c.required) for c in columns if c.name in grouped)
    rest = tuple(c for c in columns if c.name not in grouped)
    return (Column("agency", "reference", False, "agencies"), *by_agency, *rest)


# Words


def sheet_word(name: str, lang: str) -> str:
    """What a sheet is called."""
    return catalogue(lang).get(f"sheets.names.{name}", name)


def heading(sheet: str, column: str, lang: str) -> str:
    """What a column is called: by the sheet's own word, else the common one, else its id."""
    texts = catalogue(lang)
    own = texts.get(f"sheets.columns.{sheet.replace('.', '-')}.{column}")
    return own or texts.get(f"sheets.columns.common.{column}") or column


def choice_word(column: str, value: str, lang: str) -> str:
    """What a value of a choice is called."""
    return catalogue(lang).get(f"sheets.choices.{column}.{value}", value)


class SheetTitle(Spoken):
    """The name on the tab of a sheet."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The name in the words of a language."""
        return next(sheet.title(lang) for sheet in sheets() if sheet.name == str(self))


class Heading(Spoken):
    """A column's heading, named as ``sheet:column``."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The heading in the words of a language."""
        sheet, _, column = self.partition(":")
        return heading(sheet, column, lang)


class ChoiceWord(Spoken):
    """A value of a choice, named as ``column:value``."""

    __slots__ = ()

    def say(self, lang: str) -> str:
        """The value in the words of a language."""
        column, _, value = self.partition(":")
        return choice_word(column, value, lang)


@cache
def synonyms() -> Mapping[str, Any]:
    """Other spellings of sheets, columns and values that people use."""
    entry = files("patrol_scheduler.formats.plan_tables").joinpath("synonyms.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))


def spellings(sheet: str, column: str) -> set[str]:
    """Every way to write a column's heading."""
    found = {column} | {heading(sheet, column, lang) for lang in LANGUAGES}
    known = synonyms().get("columns", {})
    return found | set(known.get(column, ())) | set(known.get(f"{sheet}.{column}", ()))


def sheet_spellings(name: str) -> set[str]:
    """Every way to write a sheet's name, without its number."""
    found = {name} | {sheet_word(name, lang) for lang in LANGUAGES}
    return found | set(synonyms().get("sheets", {}).get(name, ()))


def choice_spellings(column: Column) -> dict[str, str]:
    """Each way to write a value of a choice, with the value."""
    found: dict[str, str] = {}
    extra = synonyms().get("choices", {}).get(column.name, {})
    for value in column.choices:
        words = {choice_word(column.name, value, lang) for lang in LANGUAGES}
        for word in words | set(extra.get(value, ())):
            found.setdefault(word.casefold(), value)
    return found | {value.casefold(): value for value in column.choices}
