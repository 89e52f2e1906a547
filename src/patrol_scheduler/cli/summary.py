"""What is said about a result at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.progress import amount, share
from patrol_scheduler.cli.terminal import table
from patrol_scheduler.texts import catalogue, text

if TYPE_CHECKING:
    from patrol_scheduler.checking import Check
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.result import Result

SHORTAGES_SHOWN = 20
"""So many shortages are said one by one; the outputs hold all of them."""


def summary(
    problem: Problem, result: Result, seconds: float, out: Path, lang: str
) -> Iterator[str]:
    """The lines that tell how solving ended and where the roster is."""
    from patrol_scheduler.checking import check
    from patrol_scheduler.statistics import headline_sentences

    yield text(f"result.status.{result.status}", lang)
    yield reason(result.reason, lang)
    if result.roster is None:
        yield text("cli.nothing-written", lang, out=out)
        return
    yield ""
    yield from table(
        [text(f"cli.levels.{column}", lang) for column in ("level", "cost", "bound", "gap")]
        + [text("cli.levels.reason", lang)],
        [
            (
                text(f"result.level.{level.level}", lang),
                amount(level.cost),
                amount(level.bound),
                share(level.gap),
                reason(level.reason, lang),
            )
            for level in result.levels
        ],
    )
    yield ""
    yield text(
        "cli.counts",
        lang,
        patrols=len(result.roster.patrols),
        duties=len(result.roster.duties),
        seconds=f"{seconds:.1f}",
        seed=result.seed,
        workers=result.workers,
    )
    found = check(problem, result.roster)
    yield from headline_sentences(problem, result.roster, lang, found)
    yield from _shortages(problem, found, lang)
    yield ""
    yield text("cli.written", lang, out=out)


def reason(key: str, lang: str) -> str:
    """The sentence of a reason."""
    return catalogue(lang).get(f"result.{key}", key)


def _shortages(problem: Problem, found: Check, lang: str) -> Iterator[str]:
    short = found.shortages
    if short:
        yield text("cli.short", lang, n=len(short))
    for finding in short[:SHORTAGES_SHOWN]:
        yield "  " + finding.say(problem, lang)
    if len(short) > SHORTAGES_SHOWN:
        yield text("cli.more-short", lang, n=len(short) - SHORTAGES_SHOWN)
