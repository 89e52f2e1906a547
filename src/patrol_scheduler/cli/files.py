"""``init`` and ``validate``: the plan before anything is solved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem


def init(path: Path, lang: str) -> int:
    """Write a commented plan to start from; a file that exists is left alone."""
    from patrol_scheduler.faults import SystemReason
    from patrol_scheduler.formats.template import template

    words = template(lang)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(words)
    except FileExistsError:
        say(text("cli.init.exists", lang, path=path), err=True)
        return Exit.INVALID
    except (OSError, ValueError) as wrong:
        # A path with a NUL is refused before the system sees it.
        why = SystemReason.of(wrong).say(lang) if isinstance(wrong, OSError) else wrong
        say(text("cli.init.not-written", lang, path=path, why=why), err=True)
        return Exit.INVALID
    say(text("cli.init.written", lang, path=path))
    return Exit.COMPLETE


def validate(plan: Path, lang: str) -> int:
    """Read a plan, say what is in it and what its maker should know."""
    from patrol_scheduler.formats import read

    problem = read(plan)
    say(text("cli.valid", lang, name=problem.name))
    for line in contents(problem, lang):
        say(line)
    for line in notices(problem, lang):
        say(line)
    return Exit.COMPLETE


def contents(problem: Problem, lang: str) -> list[str]:
    """What a plan holds, in a few lines."""
    lines = [
        text(
            "cli.contents",
            lang,
            agencies=len(problem.agencies),
            officers=len(problem.officers),
            areas=len(problem.areas),
            posts=len(problem.posts),
            shifts=len(problem.shifts),
        )
    ]
    for phase in problem.phases:
        days = (phase.end - phase.start).days + 1
        lines.append(
            text(
                "cli.phase-rostered" if phase.rostered else "cli.phase-carried",
                lang,
                phase=phase.name or phase.id,
                start=phase.start,
                end=phase.end,
                days=days,
            )
        )
    return lines


def notices(problem: Problem, lang: str) -> list[str]:
    """What is odd about a valid plan, one line each."""
    from patrol_scheduler.validation import notices_of

    return [text("cli.notice", lang, notice=notice.say(lang)) for notice in notices_of(problem)]
