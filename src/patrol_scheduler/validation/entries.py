"""What is wrong with single entries of a plan: ids given twice, ids that nothing has, dates
the wrong way round.

These checks read a problem and also the plain tables of a document, so that they work where
other entries of the document could not be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from patrol_scheduler.faults import Fault, Path, Speller, Word, place_of

Plan = Any
"""A :class:`Problem` or a document's mapping of keys to plain values."""

_LABELS = ("id", "rule", "officer", "post", "date")

LISTS_WITH_IDS = (
    "agencies",
    "officers",
    "shifts",
    "phases",
    "areas",
    "posts",
    "violation_kinds",
    "markets",
    "vehicles",
)

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("officers", "agency", "agencies"),
    ("officers", "familiar", "areas"),
    ("phases", "areas", "areas"),
    ("phases", "shifts", "shifts"),
    ("areas", "targets", "violation_kinds"),
    ("violation_kinds", "competent", "agencies"),
    ("violation_kinds", "support", "agencies"),
    ("violation_kinds", "shifts", "shifts"),
    ("violation_kinds.places", "agencies", "agencies"),
    ("vehicles", "areas", "areas"),
    ("cadences", "phases", "phases"),
    ("cadences", "areas", "areas"),
    ("markets", "areas", "areas"),
    ("markets", "shifts", "shifts"),
    ("patrol_dates", "areas", "areas"),
    ("patrol_dates", "shifts", "shifts"),
    ("teams", "members", "agencies"),
    ("teams", "certified", "agencies"),
    ("teams", "phases", "phases"),
    ("teams", "areas", "areas"),
    ("teams", "shifts", "shifts"),
    ("covers", "post", "posts"),
    ("covers", "shifts", "shifts"),
    ("requests", "officer", "officers"),
    ("requests", "shift", "shifts"),
    ("busy", "officer", "officers"),
    ("pins", "officer", "officers"),
    ("pins", "shift", "shifts"),
    ("pins", "area", "areas"),
    ("pins", "post", "posts"),
    ("pairs", "a", "officers"),
    ("pairs", "b", "officers"),
    ("posts", "shifts", "shifts"),
    ("history", "shift", "shifts"),
    ("history", "officer", "officers"),
    ("history", "area", "areas"),
    ("history", "post", "posts"),
    ("owed_rests", "officer", "officers"),
    ("balances", "officer", "officers"),
    ("rules", "officers", "officers"),
    ("rules", "agencies", "agencies"),
    ("rules", "areas", "areas"),
    ("rules", "shifts", "shifts"),
    ("rules", "next_shifts", "shifts"),
    ("rules", "posts", "posts"),
)
"""(list, field, the list that the field's ids come from)."""

_UNKNOWN = {
    "agencies": "unknown-agency",
    "officers": "unknown-officer",
    "shifts": "unknown-shift",
    "phases": "unknown-phase",
    "areas": "unknown-area",
    "posts": "unknown-post",
    "violation_kinds": "unknown-violation-kind",
}

_SPANS: tuple[tuple[str, str, str, str], ...] = (
    ("owed_rests", "", "earned", "taken"),
    ("hot_days", "", "start", "end"),
    ("phases", "", "start", "end"),
    ("requests", "", "start", "end"),
    ("officers", "", "joins", "departs"),
    ("officers", "leave", "start", "end"),
    ("officers", "certificates", "valid_from", "valid_to"),
)
"""(list, list inside its entries if any, first date, last date)."""


def get(entry: Any, name: str) -> Any:
    """A field of a record or of a document's table; ``None`` where there is none."""
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def entries(plan: Plan, name: str) -> Sequence[Any]:
    """A list of a plan; empty where the document has no such list."""
    found = get(plan, name)
    return found if isinstance(found, (list, tuple)) else ()


def label_of(plan: Plan, path: Path) -> str:
    """What people call the entry that a path leads into, as far as it can be told."""
    if len(path) < 2 or not isinstance(path[1], int):
        return ""
    found = entries(plan, str(path[0]))
    if path[1] >= len(found):
        return ""
    for name in _LABELS:
        value = get(found[path[1]], name)
        if isinstance(value, (str, dt.date)) and value != "" and path[2:] != (name,):
            return str(value)
    return ""


def fault(plan: Plan, path: Path, value: object, what: str, **values: object) -> Fault:
    """A fault at a place of a plan, named as people find it there."""
    place = place_of(path, label_of(plan, path))
    return Fault("", place, None, value, what, tuple(values.items()), path)


def entry_faults(
    plan: Plan, damaged: Collection[str] = (), speller: Speller | None = None
) -> Iterator[Fault]:
    """Every fault of a single entry. Ids of lists whose ``list.id`` is damaged are not judged."""
    speller = speller or Speller()
    ids = {name: _ids(plan, name) for name in LISTS_WITH_IDS}
    yield from _given_twice(plan, ids)
    yield from _of_two_agencies(plan, ids)
    for source, name, target in REFERENCES:
        if f"{target}.id" not in damaged:
            yield from _unknown(plan, source, name, target, ids[target], speller)
    for source, inner, first, last in _SPANS:
        yield from _reversed(plan, source, inner, first, last)
    start, end = _date(get(plan, "start")), _date(get(plan, "end"))
    if start and end and start > end:
        yield fault(plan, ("end",), end, "dates-reversed", start=start)


def _ids(plan: Plan, name: str) -> dict[str, int]:
    """The ids of a list, each with the position that has it first."""
    found: dict[str, int] = {}
    for i, entry in enumerate(entries(plan, name)):
        identifier = get(entry, "id")
        if isinstance(identifier, str):
            found.setdefault(identifier, i)
    return found


def _given_twice(plan: Plan, ids: Mapping[str, Mapping[str, int]]) -> Iterator[Fault]:
    for name in LISTS_WITH_IDS:
        for i, entry in enumerate(entries(plan, name)):
            identifier = get(entry, "id")
            if not isinstance(identifier, str):
                continue
            path: Path = (name, i, "id")
            if name == "officers" and _in_two_agencies(plan, ids, ids[name][identifier], i):
                continue  # told as such
            if ids[name][identifier] != i:
                other = Word(place_of((name, ids[name][identifier])))
                yield fault(plan, path, identifier, "duplicate-id", other=other)
            elif name == "posts" and identifier in ids["areas"]:
                other = Word(place_of(("areas", ids["areas"][identifier])))
                yield fault(plan, path, identifier, "duplicate-id", other=other)
    names: dict[str, int] = {}
    for i, team in enumerate(entries(plan, "teams")):
        name = get(team, "name")
        if isinstance(name, str) and name and names.setdefault(name, i) != i:
            other = Word(place_of(("teams", names[name])))
            yield fault(plan, ("teams", i, "name"), name, "duplicate-id", other=other)
    seen: dict[dt.date, int] = {}
    for i, entry in enumerate(entries(plan, "days")):
        date = _date(get(entry, "date"))
        if date and seen.setdefault(date, i) != i:
            other = Word(place_of(("days", seen[date])))
            yield fault(plan, ("days", i, "date"), date, "duplicate-date", other=other)


def _of_two_agencies(plan: Plan, ids: Mapping[str, Mapping[str, int]]) -> Iterator[Fault]:
    """Officers entered under two agencies: by the same id, or the same name and phone."""
    people: dict[tuple[str, str], int] = {}
    for i, entry in enumerate(entries(plan, "officers")):
        name, phone = _written(entry, "name"), _written(entry, "phone")
        identifier = get(entry, "id")
        first = ids["officers"].get(identifier, i) if isinstance(identifier, str) else i
        if first == i and name and phone:
            first = people.setdefault((name, phone), i)
        if _in_two_agencies(plan, ids, first, i):
            there = get(entries(plan, "officers")[first], "agency")
            yield fault(
                plan, ("officers", i, "agency"), get(entry, "agency"), "officer-in-two-agencies",
                officer=name or identifier,
                agency=there,
                other=Word(place_of(("officers", first))),
            )  # fmt: skip


def _in_two_agencies(
    plan: Plan, ids: Mapping[str, Mapping[str, int]], first: int, second: int
) -> bool:
    """Whether two entries with one id, or one name and phone, put a person into two agencies."""
    one, other = (entries(plan, "officers")[i] for i in (first, second))
    here, there = get(one, "agency"), get(other, "agency")
    two = here != there and all(isinstance(a, str) and a in ids["agencies"] for a in (here, there))
    names = {_written(entry, "name") for entry in (one, other)} - {""}
    return two and len(names) <= 1  # with two names they are two people


def _written(entry: Any, name: str) -> str:
    """A text of an entry without its spaces."""
    found = get(entry, name)
    return "".join(found.split()) if isinstance(found, str) else ""


def _unknown(
    plan: Plan, source: str, name: str, target: str, known: Mapping[str, int], speller: Speller
) -> Iterator[Fault]:
    called = {
        one: _written(entry, "name")
        for entry in entries(plan, target)
        if isinstance(one := get(entry, "id"), str)
    }
    for path_of_entry, entry in _entries_of(plan, source):
        value = get(entry, name)
        whole: Path = (*path_of_entry, name)
        places: list[tuple[Path, Any]] = [(whole, value)]
        if isinstance(value, Mapping):
            places = [((*whole, str(key)), key) for key in value]
        elif isinstance(value, (list, tuple)):
            places = [((*whole, n), one) for n, one in enumerate(value)]
        for path, one in places:
            if isinstance(one, str) and one not in known:
                nearest = speller.nearest_named(one, called)
                yield fault(plan, path, one, _UNKNOWN[target], nearest=nearest)


def _entries_of(plan: Plan, source: str) -> Iterator[tuple[Path, Any]]:
    """The entries of a list, or of a list inside its entries, with their places."""
    outer, _, inner = source.partition(".")
    for i, entry in enumerate(entries(plan, outer)):
        if not inner:
            yield (outer, i), entry
        for n, one in enumerate(entries(entry, inner) if inner else ()):
            yield (outer, i, inner, n), one


def _reversed(plan: Plan, source: str, inner: str, first: str, last: str) -> Iterator[Fault]:
    for i, entry in enumerate(entries(plan, source)):
        spans: list[tuple[Path, Any]] = [((source, i), entry)]
        if inner:
            spans = [((source, i, inner, n), one) for n, one in enumerate(entries(entry, inner))]
        for path, span in spans:
            start, end = _date(get(span, first)), _date(get(span, last))
            if start and end and start > end:
                yield fault(plan, (*path, last), end, "dates-reversed", start=start)


def _date(value: object) -> dt.date | None:
    """A date of a record or a document."""
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None
