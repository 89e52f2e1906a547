"""Ids of a plan's entries by the names that people write instead."""

from __future__ import annotations

from collections.abc import Iterable


def ids_by_name(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Ids by themselves and by the names, without spaces, that only one of them has."""
    found: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for entry, name in entries:
        found[entry] = entry
        names.setdefault("".join(name.split()), []).append(entry)
    for name, ids in names.items():
        if name and len(ids) == 1:
            found.setdefault(name, ids[0])
    return found
