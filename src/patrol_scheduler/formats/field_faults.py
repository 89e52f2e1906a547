"""Turns what the records say about a value that does not fit into faults that people can read."""

from __future__ import annotations

import datetime as dt
import re
import types
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from patrol_scheduler.faults import Fault, Path, Speller, Word, place_of
from patrol_scheduler.validation.entries import label_of

_DATE_LIKE = re.compile(r"\d{4}-\d\d-\d\d")


def field_faults(
    error: ValidationError,
    model: type[BaseModel],
    document: Mapping[str, Any],
    speller: Speller,
    prefix: Path = (),
) -> Iterator[Fault]:
    """A fault for each place that ``error`` names, in its order.

    ``model`` is the record that refused, ``prefix`` where its values stand in ``document``.
    """
    # A number may be whole or decimal, and both readings complain about the same place.
    found: dict[Path, list[tuple[str, Any, dict[str, Any], Any]]] = {}
    for details in error.errors(include_url=False):
        path, expected = _expected(model, details["loc"])
        entry = (details["type"], details["input"], details.get("ctx", {}), expected)
        found.setdefault(prefix + path, []).append(entry)
    for path, complaints in found.items():
        expected, value = complaints[0][3], complaints[0][1]
        kinds = {kind: context for kind, _, context, _ in complaints}
        what, values = _fault(kinds, value, expected, path, speller)
        if what == "missing":
            value = None
        elif what == "unknown-key":
            value = path[-1]
        yield Fault("", place_of(path, label_of(document, path)), None, value, what, values, path)


def _expected(model: type[BaseModel], location: Sequence[str | int]) -> tuple[Path, Any]:
    """The place in the document of a place in the records, and what the records expect there."""
    path: Path = ()
    expected: Any = model
    for step in location:
        arguments, origin = get_args(expected), get_origin(expected)
        if step == "[key]":
            return path, str
        if _is_record(expected):
            fields = expected.model_fields
            if step not in fields:
                return (*path, step), expected
            following = _bare(fields[str(step)].annotation)
        elif origin is tuple or (origin is dict and isinstance(step, str)):
            following = _bare(arguments[0] if origin is tuple else arguments[1])
        else:
            break  # the reading of a number that complains
        path, expected = (*path, step), following
    return path, expected


def _is_record(expected: Any) -> bool:
    return isinstance(expected, type) and issubclass(expected, BaseModel)


def _bare(annotation: Any) -> Any:
    """An annotation without its constraints and without ``None``."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        options = [_bare(a) for a in get_args(annotation) if a is not type(None)]
        return options[0] if len(options) == 1 else float
    return annotation


Said = tuple[str, tuple[tuple[str, object], ...]]


def _fault(
    kinds: Mapping[str, dict[str, Any]], value: Any, expected: Any, path: Path, speller: Speller
) -> Said:
    if "missing" in kinds:
        return "missing", ()
    if "extra_forbidden" in kinds:
        keys = tuple(expected.model_fields)
        return "unknown-key", (("keys", keys), ("nearest", speller.nearest(path[-1], keys)))
    if _is_record(expected) or get_origin(expected) is dict:
        return "not-a-table", ()
    if get_origin(expected) is tuple:
        entries = get_args(expected)[0]
        what = "not-tables" if _is_record(_bare(entries)) else "not-a-list"
        return what, (("name", Word(path[-1])),)
    if get_origin(expected) is Literal or issubclass(expected, Enum):
        allowed = tuple(getattr(a, "value", a) for a in (get_args(expected) or expected))
        return "not-a-choice", (("allowed", allowed), ("nearest", speller.nearest(value, allowed)))
    if issubclass(expected, dt.datetime):
        return "not-a-moment", ()
    if issubclass(expected, dt.date):
        return _date(value), ()
    if issubclass(expected, dt.time):
        return "not-a-time", ()
    if expected is bool:
        return "not-a-flag", ()
    if expected in (int, float):
        return _number(kinds, value, expected)
    return _text(kinds, value)


def _date(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "date-with-time"
    return "impossible-date" if isinstance(value, str) and _DATE_LIKE.match(value) else "not-a-date"


def _number(kinds: Mapping[str, dict[str, Any]], value: Any, expected: type) -> Said:
    if "greater_than_equal" in kinds:
        least = int(kinds["greater_than_equal"]["ge"])
        return ("negative", ()) if least == 0 else ("too-small", (("least", least),))
    if "less_than_equal" in kinds:
        return "too-large", (("most", int(kinds["less_than_equal"]["le"])),)
    if isinstance(value, str):
        return "text-for-number", ()
    return ("not-a-whole-number" if expected is int else "not-a-number"), ()


def _text(kinds: Mapping[str, dict[str, Any]], value: Any) -> Said:
    if not isinstance(value, str):
        return "not-a-text", ()
    if "string_too_long" in kinds:
        return "too-long", (("most", kinds["string_too_long"]["max_length"]),)
    if not value.strip():
        return "empty-text", ()
    seen = {unicodedata.category(char) for char in value if char not in "\n\r\t"}
    return ("unprintable" if seen & {"Cc", "Cs"} else "padded"), ()
