"""Why no complete roster exists: what counting shows, what clashes, and what would be enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from patrol_scheduler.checking import Finding, check
from patrol_scheduler.explaining.conflict import Conflict, find_conflict, verify, whole_conflict
from patrol_scheduler.explaining.counting import Shortfall, first_look, shortfalls
from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.ledger import LedgerLine, ledger
from patrol_scheduler.explaining.letter import asked, letter, relief
from patrol_scheduler.explaining.remedies import Remedy, Sought, remedies
from patrol_scheduler.explaining.sentences import conflict_sentences
from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Progress, Result
from patrol_scheduler.solver import solve
from patrol_scheduler.solver.budget import Budget
from patrol_scheduler.texts import text
from patrol_scheduler.validation import faults_of

SHARE_FOR_A_ROSTER = 0.25
SHARE_FOR_CONFLICT = 0.6
SHARE_FOR_REMEDIES = 0.35
SHARE_FOR_BETTER = 0.4
"""Once there is a roster, no better one is looked for after this part of the time for it."""
LEAST_PATIENCE = 2.0
PROVEN = 1e-4
"""A roster whose gaps cost so little more than their bound, as a part, is the least short."""
# Reading the plan and telling what was found take a little longer.
SHORTEST, LONGEST = 8.0, 107.0
TOWNSHIP = 30_000
"""Officers times areas times days of a plan that is explained in ``SHORTEST`` seconds."""
SHOWN = 20
"""So many stretches that counting shows short are told; every gap of a roster is."""
FORMAT = "patrol-scheduler explanation 1"
"""The first entry of the JSON document of an explanation."""


@dataclass(frozen=True)
class Explanation:
    """Whether a plan can be met, and why not.

    ``verdict`` is ``possible`` when a complete roster was found, ``impossible`` when two solvers
    have shown that there is none, else ``unknown``. ``counting`` holds what counting alone shows.
    ``conflict`` is the smallest set of clashing demands found in the time, and tells what was shown
    of it.
    ``least_bad`` is what solving gave: a complete roster, or the one with the fewest gaps.
    """

    problem: Problem
    verdict: Literal["possible", "impossible", "unknown"]
    counting: tuple[Shortfall, ...]
    conflict: Conflict | None
    least_bad: Result | None
    demands: Demands
    remedies: tuple[Remedy, ...] = ()
    untried: tuple[str, ...] = ()
    """The kinds of remedy that time did not reach."""

    @cached_property
    def gaps(self) -> tuple[Finding, ...]:
        """Every gap of the least-bad roster."""
        if self.least_bad is None or self.least_bad.roster is None:
            return ()
        return check(self.problem, self.least_bad.roster).shortages

    def document(self, lang: str) -> dict[str, Any]:
        """The explanation for other systems: what JSON can hold."""
        problem = self.problem
        conflict = self.conflict and {
            "verified": self.conflict.verified,
            "minimal": self.conflict.minimal,
            "demands": [_told(problem, demand) for demand in self.conflict.demands],
            "sentences": conflict_sentences(self.demands, self.conflict.demands, lang),
        }
        return {
            "format": FORMAT,
            "verdict": self.verdict,
            "counting": [
                {
                    "group": entry.group,
                    "agency": entry.agency,
                    "start": entry.start.isoformat(),
                    "end": entry.end.isoformat(),
                    "needed": entry.needed,
                    "there": entry.there,
                    "text": entry.say(problem, lang),
                }
                for entry in self.counting
            ],
            "conflict": conflict,
            "gaps": [finding.say(problem, lang) for finding in self.gaps],
            "remedies": [remedy.say(problem, lang) for remedy in self.remedies],
            "untried": list(self.untried),
        }

    def say(self, lang: str) -> list[str]:
        """The explanation, line by line."""
        return self.say_clash(lang) + self._told_gaps(lang) + self._told_remedies(lang)

    def say_clash(self, lang: str) -> list[str]:
        """The first lines of :meth:`say`: the verdict, what counting shows, and what clashes."""
        by_counting = self.verdict == "unknown" and self.counting
        lines = [text("explain.only-counted" if by_counting else f"explain.{self.verdict}", lang)]
        if self.counting:
            lines += ["", text("explain.counted", lang, n=len(self.counting))]
            lines += ["  " + entry for entry in (*self._counted(lang), self._more(lang)) if entry]
        if self.conflict:
            lines += ["", text(f"explain.{self._how_sure}", lang)]
            lines += [
                f"  {n}. {sentence}"
                for n, sentence in enumerate(
                    conflict_sentences(self.demands, self.conflict.demands, lang), start=1
                )
            ]
        elif self.verdict != "possible":
            lines += ["", text("explain.no-conflict", lang)]
        return lines

    @property
    def _how_sure(self) -> str:
        """The key of the words above the conflict: what was shown of it in the time."""
        if self.conflict is None or not self.conflict.verified:
            return "conflict-not-verified"
        return "conflict" if self.conflict.minimal else "conflict-not-minimal"

    def letter(self, lang: str) -> str:
        """The shortage letter, in the form of the office; empty where there is nothing to tell."""
        known = self.verdict == "impossible" or self.counting or self.conflict or self.gaps
        if self.verdict == "possible" or not known:
            return ""
        problem, clash = self.problem, self.conflict
        roster = None if self.least_bad is None else self.least_bad.roster
        return letter(
            problem,
            lang,
            shown=self.verdict == "impossible",
            agencies=asked(problem, self._lacking(), self.remedies),
            counted=self._counted(lang),
            more=self._more(lang),
            clash=conflict_sentences(self.demands, clash.demands, lang) if clash else (),
            gaps=self.gaps,
            people=relief(problem, roster, lang) if roster is not None else (),
            remedies=[remedy.say(problem, lang) for remedy in self.remedies],
        )

    def _lacking(self) -> tuple[str, ...]:
        """The agencies that counting finds short, else those whose people the clash is about."""
        counted = (entry.agency for entry in self.counting)
        clash = () if self.conflict is None else self.conflict.demands
        clashing = (demand.subject.agency for demand in clash)
        return tuple(dict.fromkeys(filter(None, counted)) or dict.fromkeys(filter(None, clashing)))

    def _counted(self, lang: str) -> list[str]:
        """What counting shows, the worst of it where it is much."""
        return [entry.say(self.problem, lang) for entry in self.counting[:SHOWN]]

    def _more(self, lang: str) -> str:
        """How much of what counting shows is not told, if any."""
        more = len(self.counting) - SHOWN
        return text("explain.more", lang, n=more) if more > 0 else ""

    def _told_remedies(self, lang: str) -> list[str]:
        if self.verdict == "possible" or not (self.conflict or self.counting):
            return []
        open_ = text("explain.comma", lang).join(
            text(f"explain.kind.{kind}", lang) for kind in self.untried
        )
        late = [text("explain.untried", lang, kinds=open_)] if open_ else []
        if not self.remedies:
            return ["", text("explain.no-remedy", lang), *late]
        told = [f"  {n}. {r.say(self.problem, lang)}" for n, r in enumerate(self.remedies, start=1)]
        return ["", text("explain.remedies", lang), *told, *late]

    def _told_gaps(self, lang: str) -> list[str]:
        if self.verdict == "possible" or self.least_bad is None:
            return []
        if self.least_bad.roster is None:
            impossible = self.least_bad.status == "impossible"
            return ["", text("explain.no-roster", lang)] if impossible else []
        gaps = self.gaps
        lines = ["", text("explain.gaps", lang, n=len(gaps))]
        return lines + ["  " + finding.say(self.problem, lang) for finding in gaps]


def _told(problem: Problem, demand: Demand) -> dict[str, Any]:
    subject, known = demand.subject, demand.last < len(problem.dates)
    return {
        "rule": demand.rule.rule,
        "area": subject.area,
        "officer": subject.officer,
        "agency": subject.agency,
        "post": subject.post,
        "shift": subject.shift,
        "first": problem.date(demand.first).isoformat() if known else None,
        "last": problem.date(demand.last).isoformat() if known else None,
    }


def explain(
    problem: Problem,
    *,
    time_limit: float | None = None,
    least_bad: bool = True,
    on_clash: Callable[[Explanation], None] | None = None,
) -> Explanation:
    """Why a plan has no complete roster, or a complete roster where it has one.

    Counts first; where that shows nothing, tries for a complete roster. Then looks for a smallest
    set of clashing demands, verified by two solvers, and then, with ``least_bad``, for the roster
    with the fewest gaps and for the smallest changes of the plan that are enough, all in
    ``time_limit`` seconds: without one some 10 of a township, up to 120 of a county. ``on_clash``
    is told the explanation as soon as a clash is verified, before roster and changes are sought.
    Raises :class:`InvalidInputError` for a problem that contradicts itself.
    """
    faults = faults_of(problem)
    if faults:
        raise InvalidInputError(faults)
    time_limit = _patience(problem) if time_limit is None else time_limit
    whole = Budget(time_limit, None, None)
    counted = shortfalls(problem)
    demands = Demands(problem)
    result: Result | None = None
    if not counted:
        # A roster is found sooner than every stretch of days is looked through for a clash.
        result = _least_short(problem, SHARE_FOR_A_ROSTER * time_limit)
        if result.complete:
            return Explanation(problem, "possible", (), None, result, demands)
    budget = Budget(SHARE_FOR_CONFLICT * whole.left(), None, None)
    conflict = find_conflict(demands, budget, first_look=first_look(problem, counted))
    if on_clash is not None and conflict is not None and conflict.verified:
        on_clash(Explanation(problem, "impossible", counted, conflict, None, demands))
    if (result is None or result.roster is None) and (conflict is None or least_bad):
        kept = SHARE_FOR_REMEDIES * time_limit if conflict else 0.0
        shown = conflict is not None and conflict.verified
        result = _least_short(problem, max(1.0, whole.left() - kept), known_short=shown)
        if result.complete:
            return Explanation(problem, "possible", (), None, result, demands)
    if conflict is None and whole.left() > 0:
        conflict = whole_conflict(demands, whole)
    found = Sought()
    told = Explanation(problem, "unknown", counted, conflict, result, demands)
    if least_bad and (counted or conflict):
        dates = [f.violation.date for f in told.gaps if f.violation.date]
        roster = None if result is None else result.roster
        found = remedies(
            problem,
            conflict,
            counted,
            dates,
            least_bad=roster,
            time_limit=max(1.0, whole.left()),
        )
    verdict: Literal["impossible", "unknown"] = "unknown"
    if conflict is not None and conflict.verified:
        verdict = "impossible"
    if result is not None and result.reason in ("no-complete-roster", "impossible"):
        verdict = "impossible"
    if least_bad and verdict == "impossible" and result is not None:
        told = replace(told, least_bad=_shorter(problem, result, whole.left()))
    untried = tuple(dict.fromkeys(easing.kind for easing in found.open))
    return replace(told, verdict=verdict, remedies=found.found, untried=untried)


def _patience(problem: Problem) -> float:
    """How many seconds an explanation may take: the more, the larger the plan."""
    size = len(problem.officers) * max(1, len(problem.areas)) * len(problem.dates)
    return float(min(LONGEST, max(SHORTEST, SHORTEST * (size / TOWNSHIP) ** 0.5)))


def _least_short(problem: Problem, seconds: float, *, known_short: bool = False) -> Result:
    """The roster with the fewest gaps; how fairly it shares out is not looked at here.

    The search is given up where it has brought nothing for as long as its first roster took.
    """
    clock = Budget(seconds, None, None)
    reached: list[Progress] = []
    better: list[float] = []

    def heard(progress: Progress) -> None:
        if progress.best is not None and (not reached or progress.best != reached[-1].best):
            better.append(clock.elapsed())
        reached.append(progress)

    def enough() -> bool:
        if reached and reached[-1].stage in ("fairness", "wishes"):
            return True
        if not better:
            return False
        patience = max(LEAST_PATIENCE, better[0])
        spent = clock.elapsed()
        return spent > SHARE_FOR_BETTER * seconds or spent - better[-1] > patience

    return solve(
        problem,
        time_limit=seconds,
        workers=1,
        known_short=known_short,
        on_progress=heard,
        stop=enough,
    )


def _shorter(problem: Problem, found: Result, seconds: float) -> Result:
    """A roster that is less short than the one found, where the time left over shows one.

    The first search was given only a part of the time, and less of it where others are at work.
    """
    short = next((entry for entry in found.levels if entry.level == "shortage"), None)
    if short is None or short.gap < PROVEN or seconds < LEAST_PATIENCE:
        return found
    again = _least_short(problem, seconds, known_short=True)
    now = next((entry for entry in again.levels if entry.level == "shortage"), None)
    better = now is not None and (now.cost, -now.bound) < (short.cost, -short.bound)
    return again if better else found


__all__ = [
    "Conflict",
    "Demand",
    "Demands",
    "Explanation",
    "LedgerLine",
    "Remedy",
    "Shortfall",
    "explain",
    "ledger",
    "remedies",
    "shortfalls",
    "verify",
]
