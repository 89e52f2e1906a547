"""Reads a plan in any of its forms, and converts it from one to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path as FilePath
from typing import Any, Literal

from patrol_scheduler.faults import Fault, InvalidInputError, Notice, Remark
from patrol_scheduler.formats.plan_document import (
    FORMAT,
    problem_of,
    problem_to_json,
    read_document,
)
from patrol_scheduler.formats.plan_tables.csv_folder import plan_csvs, read_folder
from patrol_scheduler.formats.plan_tables.faults import damaged_by, further_faults, once
from patrol_scheduler.formats.plan_tables.reader import read_tables
from patrol_scheduler.formats.tables import Repair, Table
from patrol_scheduler.formats.workbook import is_workbook, read_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import DEFAULT_LANGUAGE
from patrol_scheduler.validation import in_order

Form = Literal["toml", "json", "xlsx", "csv"]
"""The forms of a plan; ``csv`` is a folder."""


def _as_it_is(remark: Notice) -> Notice:
    return remark


@dataclass(frozen=True)
class PlanRead:
    """What reading a plan found: the problem, or what is wrong; and what was mended.

    ``problem`` is missing exactly where there are ``faults``. ``repairs`` come from tables only.
    """

    problem: Problem | None
    faults: tuple[Fault, ...]
    repairs: tuple[Remark, ...]
    located: Callable[[Notice], Notice] = field(default=_as_it_is, compare=False, repr=False)
    """A remark on the plan with its place in the tables that it was read from."""

    @property
    def sound(self) -> Problem:
        """The problem; raises :class:`InvalidInputError` where there is none."""
        if self.problem is None:
            raise InvalidInputError(self.faults)
        return self.problem


def read(path: str | FilePath) -> Problem:
    """The plan in a ``.toml``, ``.json`` or ``.xlsx`` file, or in a folder of CSV files.

    Raises :class:`InvalidInputError` with every fault at once. What was mended in tables is told
    by :func:`look_through`.
    """
    return look_through(path).sound


def look_through(path: str | FilePath) -> PlanRead:
    """The plan in any form, with all faults and repairs.

    Raises :class:`InvalidInputError` for a file that cannot be opened at all.
    """
    if is_workbook(path):
        return _from_tables(str(path), read_workbook(path))
    if FilePath(path).is_dir():
        return _from_tables(str(path), read_folder(path))
    try:
        return PlanRead(read_document(path), (), ())
    except InvalidInputError as wrong:
        return PlanRead(None, wrong.faults, ())


def _from_tables(file: str, tables: list[Table]) -> PlanRead:
    found = read_tables(file, tables)
    repairs: tuple[Repair, ...] = tuple(found.repairs)
    if not found.document and found.faults:
        return PlanRead(None, tuple(found.faults), repairs)
    problem, faults = problem_of({"format": FORMAT, **found.document}, damaged_by(found))
    further = tuple(further_faults(found, in_order(faults)))
    every = once(found, (*found.faults, *further))
    return PlanRead(None if every else problem, every, repairs, found.located)


def written(problem: Problem, form: Form, lang: str = DEFAULT_LANGUAGE) -> bytes | dict[str, bytes]:
    """The plan in a form, as the bytes of a file; of ``csv`` the bytes of each file by its name.

    Every form reads back as an equal problem.
    """
    if form == "json":
        return problem_to_json(problem).encode()
    if form == "toml":
        return problem_to_toml(problem).encode()
    if form == "csv":
        return plan_csvs(problem, lang)
    from patrol_scheduler.formats.plan_tables.workbook_template import plan_workbook

    return plan_workbook(problem, lang)


def problem_to_toml(problem: Problem) -> str:
    """The plan as a TOML document that reads back equal; defaults are left out."""
    import tomli_w

    content = problem.model_dump(exclude_defaults=True)
    content["rules"] = [
        {"rule": rule.rule, **rule.model_dump(exclude_defaults=True)} for rule in problem.rules
    ]
    single = {k: v for k, v in content.items() if not _is_tables(v)}
    lists = {k: v for k, v in content.items() if _is_tables(v) and v}
    return tomli_w.dumps(_plain({"format": FORMAT, **single, **lists}), multiline_strings=False)


def _is_tables(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(v, Mapping) for v in value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value
    return value
