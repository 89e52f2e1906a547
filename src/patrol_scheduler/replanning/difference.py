"""How two rosters of one plan differ: as data and as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from patrol_scheduler.checking import check
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.changes import Change, changes_between, within
from patrol_scheduler.replanning.telling import Passage, passages
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Level
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import plain

FORMAT = "patrol-scheduler diff 1"
"""The first entry of the JSON document of a difference."""


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words: a summary, its changes, and a table of the goals."""

    summary: str
    changes: tuple[Passage, ...]
    head: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Difference:
    """Two rosters of one plan: their changes, and what each goal costs in them.

    ``costs`` are (before, after) by level; on ``MUST`` the amounts of what is broken.
    """

    problem: Problem
    changes: tuple[Change, ...]
    costs: dict[Level, tuple[float, float]]

    @property
    def changed_duties(self) -> int:
        """How many duties were dropped and added."""
        return sum(change.duties for change in self.changes)

    def document(self, lang: str) -> dict[str, Any]:
        """The difference for other systems: what JSON can hold."""
        return {
            "format": FORMAT,
            "changed_duties": self.changed_duties,
            "people_touched": self._people(),
            "changes": [change.document(self.problem, lang) for change in self.changes],
            "costs": {
                level.name.lower(): {"before": before, "after": after}
                for level, (before, after) in self.costs.items()
            },
        }

    def _people(self) -> int:
        return len({o for c in self.changes for o in (c.out, c.into) if o is not None})

    def told(self, lang: str) -> Told:
        """The difference in words."""
        return Told(
            text("diff.counts", lang, n=self.changed_duties, people=self._people()),
            passages(self.changes, self.problem, lang),
            tuple(text(f"diff.{column}", lang) for column in ("level", "before", "after")),
            tuple(
                (text(f"diff.levels.{level.name.lower()}", lang), plain(before), plain(after))
                for level, (before, after) in self.costs.items()
            ),
        )


def difference(problem: Problem, before: Roster, after: Roster) -> Difference:
    """How a roster differs from another of the same plan; either may break its rules.

    People, places and days that the plan does not have count as changed and cost nothing.
    """
    checks = [check(problem, within(problem, roster)) for roster in (before, after)]
    return Difference(
        problem,
        changes_between(problem, before, after),
        {level: (float(checks[0].cost(level)), float(checks[1].cost(level))) for level in Level},
    )
