"""Reads a plan: a document whose keys are the fields of a problem, and its rules by their names."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from patrol_scheduler.faults import Fault, InvalidInputError, Speller
from patrol_scheduler.formats.field_faults import field_faults
from patrol_scheduler.formats.toml_json import load
from patrol_scheduler.problem import Problem, RuleSetting
from patrol_scheduler.rules import REGISTRY, OwnRuleError
from patrol_scheduler.validation import faults_of, in_order, plan_faults
from patrol_scheduler.validation.entries import entry_faults, fault
from patrol_scheduler.validation.strength import sizes

FORMAT = "patrol-scheduler plan 1"
"""What a plan's ``format`` says: the kind of document and the version of its keys."""

_NEEDED: dict[str, Any] = {"name": "", "start": "2000-01-01", "end": "2000-01-01"}
"""What stands in for a required value that cannot be read, while the rest is looked through."""


def read_document(path: str | Path) -> Problem:
    """The plan in a ``.toml`` or ``.json`` file.

    Raises :class:`InvalidInputError` with every fault of the file at once, in document order.
    """
    document = load(path)
    problem, faults = problem_of(document.content)
    if problem is not None and not faults and not document.faults:
        return problem
    told = {one.path for one in document.faults if one.what != "unquoted-key"}
    located = [replace(one, file=document.file, line=document.line(one.path)) for one in faults]
    # A word without quotation marks is one mistake, even where it would not do with them either.
    kept = [one for one in located if one.path not in told]
    raise InvalidInputError(in_order([*document.faults, *kept]))


def problem_of(
    content: object, damaged: Collection[str] = ()
) -> tuple[Problem | None, tuple[Fault, ...]]:
    """The problem in a decoded document, and everything wrong with it, without files and lines.

    There is a problem only where nothing is wrong. Where an entry cannot be read, the others are
    still looked through, as far as they do not depend on it.
    """
    if not isinstance(content, Mapping):
        return None, (Fault("", "", None, content, "not-a-plan"),)
    format_fault = _format_fault(content)
    if format_fault and format_fault.what == "format-other":
        return None, (format_fault,)
    document = {key: value for key, value in content.items() if key != "format"}
    too_many = tuple(sizes(document))
    if too_many:
        return None, too_many
    reader = _Reader(document)
    reader.damaged |= set(damaged)
    problem = reader.problem()
    if problem is not None and not (reader.faults or reader.damaged) and format_fault is None:
        faults = faults_of(problem)
        return (None if faults else problem), faults
    faults = tuple(reader.faults)
    places = {one.path for one in faults}
    further = list(entry_faults(document, reader.damaged, reader.speller))
    if problem is not None:
        further += plan_faults(problem, reader.damaged)
    faults += tuple(one for one in further if one.path not in places)
    return None, in_order(([format_fault] if format_fault else []) + list(faults))


def _format_fault(content: Mapping[str, Any]) -> Fault | None:
    if "format" not in content:
        return Fault("", "format", None, None, "format-missing", (), ("format",))
    found = content["format"]
    if found == FORMAT:
        return None
    known = isinstance(found, str) and found.startswith("patrol-scheduler ")
    what = "format-other" if known else "format-unknown"
    return Fault("", "format", None, found, what, (), ("format",))


class _Reader:
    """Builds a problem from a document and, if that fails, from what is left of it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.damaged: set[str] = set()
        self.speller = Speller()

    def problem(self) -> Problem | None:
        """The problem, faulty parts left out; ``None`` where too little is left."""
        data = dict(self.document)
        if isinstance(data.get("rules"), list):
            data["rules"] = self._rules(data["rules"])
        for attempt in range(4):
            try:
                return Problem.model_validate(data)
            except ValidationError as error:
                found = list(field_faults(error, Problem, data, self.speller))
            if attempt == 0:
                self.faults += found
            for one in found:
                self._damage(one)
            data = self._without(data, found)
        return None

    def _rules(self, entries: list[Any]) -> list[RuleSetting]:
        rules: list[RuleSetting] = []
        for i, entry in enumerate(entries):
            path = ("rules", i)
            if not isinstance(entry, Mapping):
                found = [fault(self.document, path, entry, "not-a-table")]
            elif "rule" not in entry:
                found = [fault(self.document, (*path, "rule"), None, "missing")]
            elif not isinstance(entry["rule"], str) or entry["rule"] not in REGISTRY:
                name, names = entry["rule"], tuple(REGISTRY)
                nearest = self.speller.nearest(name, names)
                found = [
                    fault(
                        self.document,
                        (*path, "rule"),
                        name,
                        "unknown-rule",
                        rules=names,
                        nearest=nearest,
                    )
                ]
            else:
                kind: type[RuleSetting] = RuleSetting
                try:
                    kind = REGISTRY[entry["rule"]]
                    rules.append(kind.model_validate(entry))
                    continue
                except OwnRuleError as error:
                    at = (*path, "rule")
                    why = " ".join(str(error).split())
                    found = [fault(self.document, at, entry["rule"], "own-rule-broken", why=why)]
                except ValidationError as error:
                    found = list(field_faults(error, kind, self.document, self.speller, path))
            self.faults += found
            self.damaged.add("rules")
        return rules

    def _damage(self, one: Fault) -> None:
        path = one.path
        nearest = dict(one.values).get("nearest")
        if one.what == "unknown-key":
            # The value was meant for another key, if any.
            if isinstance(nearest, str):
                names = [str(step) for step in path[:-1] if isinstance(step, str)]
                self.damaged.add(".".join([*names, nearest][:2]))
                if not names:
                    self.damaged.add(f"{nearest}.id")
        elif len(path) == 1:
            self.damaged |= {str(path[0]), f"{path[0]}.id"}
        else:
            fields = [str(step) for step in path if isinstance(step, str)]
            self.damaged.add(".".join(fields[:2]))

    def _without(self, data: dict[str, Any], found: list[Fault]) -> dict[str, Any]:
        """The data without what is at fault; entries that cannot be without it go whole."""
        left = {
            name: list(value) if isinstance(value, list) else value for name, value in data.items()
        }
        dropped: set[tuple[str, int]] = set()
        for one in found:
            name = str(one.path[0])
            if len(one.path) == 1:
                left.pop(name, None)
                if name in _NEEDED:
                    left[name] = _NEEDED[name]
                elif name in Problem.model_fields and Problem.model_fields[name].is_required():
                    left[name] = []
                continue
            position = one.path[1]
            if not isinstance(position, int):
                continue
            entry = left[name][position]
            needed = one.what == "missing" and len(one.path) == 3
            if isinstance(entry, dict) and len(one.path) > 2 and not needed:
                left[name][position] = {k: v for k, v in entry.items() if k != one.path[2]}
            else:
                dropped.add((name, position))
        for name, position in sorted(dropped, reverse=True):
            del left[name][position]
            self.damaged.add(name)
        return left


def problem_to_json(problem: Problem) -> str:
    """The plan as a JSON document that reads back equal; it ends with a line break."""
    content = problem.model_dump(mode="json", exclude_none=True)
    for shift in content["shifts"]:
        shift |= {"start": shift["start"][:5], "end": shift["end"][:5]}
    return json.dumps({"format": FORMAT, **content}, ensure_ascii=False, indent=2) + "\n"
