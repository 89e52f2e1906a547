"""Rules of one's own: classes from outside the package, beside those that it has.

An installed distribution names its rule classes under the entry point group
``patrol_scheduler.rules``, each by the name that plans use; a program may also hand a class to
:func:`register`. A class is loaded only when a plan states its name, only from what is installed,
and a plan cannot name code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract

from patrol_scheduler.rules.base import Rule
from patrol_scheduler.texts import LANGUAGES

GROUP = "patrol_scheduler.rules"
"""The entry point group in which installed distributions name their rule classes."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class OwnRuleError(TypeError):
    """A class from outside that is no rule, or not a whole one; the message says what it lacks."""


class RuleRegistry(Mapping[str, type[Rule]]):
    """Every rule that a plan can state, by name: those of the package and those from outside.

    Looking up an installed rule loads it and raises :class:`OwnRuleError` where it is no whole one.
    """

    def __init__(self, built_in: Mapping[str, type[Rule]]) -> None:
        self._built_in = dict(built_in)
        self._own: dict[str, type[Rule]] = {}

    def __getitem__(self, name: str) -> type[Rule]:
        known = self._built_in.get(name) or self._own.get(name)
        return known or self._loaded(self._installed()[name])

    def __contains__(self, name: object) -> bool:
        # Without loading what is installed.
        return name in self._built_in or name in self._own or name in self._installed()

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._built_in, *sorted({*self._own, *self._installed()}))))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def register(self, kind: type[Rule]) -> type[Rule]:
        """Let plans state rules of a class; it may decorate the class.

        Raises :class:`OwnRuleError` for what is no whole rule or has the name of another one.
        """
        name = name_of(kind)
        known = self._built_in.get(name) or self._own.get(name)
        if known is not None and known is not kind:
            raise OwnRuleError(f"{kind.__qualname__}: another rule has the name {name!r}")
        self._own[name] = kind
        return kind

    def forget(self, kind: type[Rule]) -> None:
        """Take back a registered class; one that is not registered is no error."""
        self._own.pop(name_of(kind), None)

    def has(self, rule: object) -> bool:
        """Whether a rule is of the class that its name stands for, or a whole one from outside."""
        try:
            name = name_of(type(rule))
            return name not in self or self[name] is type(rule)
        except OwnRuleError:
            return type(rule) in self._built_in.values()

    def _installed(self) -> dict[str, EntryPoint]:
        # Of several of one name the last one is left: the first by its place.
        entries = sorted(entry_points(group=GROUP), key=lambda e: e.value, reverse=True)
        return {entry.name: entry for entry in entries}

    def _loaded(self, entry: EntryPoint) -> type[Rule]:
        try:
            kind: type[Rule] = entry.load()
        except Exception as error:
            # Whatever goes wrong in somebody else's module, the plan is told of it as a fault.
            raise OwnRuleError(f"{entry.value}: {type(error).__name__}: {error}") from error
        name = name_of(kind)
        if name != entry.name:
            raise OwnRuleError(f"{entry.value} is named {name!r}, its entry point {entry.name!r}")
        self._own[name] = kind
        return kind


def name_of(kind: object) -> str:
    """The name of a rule class; raises :class:`OwnRuleError` for what is no whole rule."""
    if not (isinstance(kind, type) and issubclass(kind, Rule)):
        raise OwnRuleError(f"{kind!r} is no subclass of patrol_scheduler.Rule")
    if isabstract(kind):
        lacking = ", ".join(sorted(kind.__abstractmethods__))
        raise OwnRuleError(f"{kind.__qualname__} does not define {lacking}")
    name = kind.model_fields["rule"].default
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise OwnRuleError(f"{kind.__qualname__}: give rule a default such as 'meeting-day'")
    if not kind.__module__.startswith("patrol_scheduler."):
        for lang in LANGUAGES:
            if not kind.texts.get(lang, {}).get("sentence"):
                raise OwnRuleError(f"{kind.__qualname__}: texts has no 'sentence' in {lang}")
    return name
