"""What charts are drawn from: a plan's events and statistics, texts by language, colours by use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from patrol_scheduler.outputs.events import Event
from patrol_scheduler.outputs.wording import Names
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import LANGUAGES, text

# Colours that no figure uses otherwise: each becomes a CSS variable on the page.
COLOURS = {
    "ink": "#0a0b01", "grid": "#0a0b02", "mark": "#0a0b03", "second": "#0a0b04",
    "warn": "#0a0b05", "soft": "#0a0b06", "paper": "#0a0b07",
}  # fmt: skip
LIGHT = {
    "ink": "#1b1b1b", "grid": "#c9c9c9", "mark": "#1f5fa8", "second": "#b4560f",
    "warn": "#b3261e", "soft": "#dce8f5", "paper": "#ffffff",
}  # fmt: skip
"""The colours by their use, for a page that is light or printed."""


@dataclass
class Words:
    """Texts of a chart in every language, each standing in the figure as a token."""

    found: list[Mapping[str, str]] = field(default_factory=list)

    def token(self, said: Mapping[str, str]) -> str:
        """The token of a text that differs by language."""
        self.found.append(said)
        return f"@@{len(self.found) - 1}@@"

    def same(self, name: str) -> str:
        """The token of a name, which is the same in every language."""
        return self.token(dict.fromkeys(LANGUAGES, name))

    def say(self, key: str, **values: object) -> str:
        """The token of a text of the report."""
        return self.token({lang: text(f"report.{key}", lang, **values) for lang in LANGUAGES})


@dataclass
class Spoken(Words):
    """Texts of a chart in one language, standing in the figure as they are."""

    lang: str = "en"

    def token(self, said: Mapping[str, str]) -> str:
        """The text in the language; a dollar sign would begin a formula."""
        return said[self.lang].replace("$", r"\$")


@dataclass(frozen=True)
class Drawing:
    """What all charts are drawn from; ``colours`` by their use."""

    problem: Problem
    names: Names
    events: Sequence[Event]
    document: Mapping[str, Any]
    colours: Mapping[str, str] = field(default_factory=lambda: COLOURS)
