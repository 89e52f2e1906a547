"""The report of what changed between two rosters: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from patrol_scheduler.faults import neutral
from patrol_scheduler.outputs.pages import template
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import text


class Passage(Protocol):
    """A sentence about changes, and what is told of people below it."""

    @property
    def sentence(self) -> str:
        """The sentence."""

    @property
    def people(self) -> Sequence[str]:
        """Sentences below it."""


class Told(Protocol):
    """A difference in words."""

    @property
    def summary(self) -> str:
        """One sentence."""

    @property
    def changes(self) -> Sequence[Passage]:
        """What changed."""

    @property
    def head(self) -> Sequence[str]:
        """The columns of the table of goals."""

    @property
    def levels(self) -> Sequence[Sequence[str]]:
        """The rows of the table of goals."""


def change_report(problem: Problem, told: Told, lang: str) -> str:
    """The page as HTML; every text in it is escaped."""
    return template("change_report.html.j2").render(
        lang=lang,
        title=text("diff.title", lang, plan=neutral(problem.name)),
        summary=told.summary,
        changes=[
            (neutral(one.sentence), [neutral(line) for line in one.people]) for one in told.changes
        ],
        head=told.head,
        levels=told.levels,
    )
