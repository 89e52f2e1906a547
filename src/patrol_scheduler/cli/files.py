"""``init``, ``validate`` and ``convert``: the plan before anything is solved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.faults import Remark
    from patrol_scheduler.formats.plans import PlanRead
    from patrol_scheduler.problem import Problem


def init(path: Path | None, form: str | None, lang: str) -> int:
    """Write a plan to start from; a file that exists is left alone."""
    ending = path.suffix.lower().removeprefix(".") if path else ""
    if ending not in ("", "toml", "json", "xlsx") or (form and ending not in ("", form)):
        say(text("cli.init.form", lang, path=path), err=True)
        return Exit.INVALID
    if form is None:
        form = ending if ending in ("json", "xlsx") else "toml"
    target = path or Path(f"plan.{form}")
    if form == "json":
        from patrol_scheduler.formats import written
        from patrol_scheduler.formats.plan_tables.workbook_template import example_problem

        document = written(example_problem(), "json", lang)
        assert isinstance(document, bytes)  # noqa: S101  # of one file
        content = document
    elif form == "xlsx":
        from patrol_scheduler.formats.plan_tables.workbook_template import (
            example_problem,
            plan_workbook,
            with_every_rule,
        )

        content = plan_workbook(with_every_rule(example_problem()), lang)
    else:
        from patrol_scheduler.formats.template import template

        content = template(lang).encode()
    status = _write_new(target, content, lang)
    if status == Exit.COMPLETE:
        say(text("cli.init.written", lang, path=target))
    return status


def _write_new(path: Path, content: bytes, lang: str) -> Exit:
    """Write a file that must not be there yet; whole or not at all."""
    from patrol_scheduler.faults import SystemReason

    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        say(text("cli.init.exists", lang, path=path), err=True)
        return Exit.INVALID
    except (OSError, ValueError) as wrong:
        # A path with a NUL is refused before the system sees it.
        why = SystemReason.of(wrong).say(lang) if isinstance(wrong, OSError) else wrong
        say(text("cli.init.not-written", lang, path=path, why=why), err=True)
        return Exit.INVALID
    return Exit.COMPLETE


def validate(plan: Path, mark: Path | None, lang: str) -> int:
    """Read a plan, say what is in it and what its maker should know; see :func:`read_marking`."""
    found = read_marking(plan, mark, lang)
    if isinstance(found, Exit):
        return found
    problem = found.sound
    say(text("cli.valid", lang, name=problem.name))
    for line in contents(problem, lang):
        say(line)
    for line in notices(found, problem, lang):
        say(line)
    return Exit.COMPLETE


def read_marking(plan: Path, mark: Path | None, lang: str) -> PlanRead | Exit:
    """A sound plan in any form; with ``mark`` after a copy of it was written, whose faulty cells
    are coloured and commented. Where that could not be written, why is said, and how to end given.
    """
    from patrol_scheduler.faults import InvalidInputError
    from patrol_scheduler.formats import look_through

    found = look_through(plan)
    tell_repairs(found.repairs, lang)
    if mark is not None:
        status = _mark(plan, mark, (*found.faults, *found.repairs), lang)
        if status != Exit.COMPLETE:
            return status
    if found.problem is None:
        raise InvalidInputError(found.faults)
    return found


def _mark(plan: Path, copy: Path, remarks: tuple[Remark, ...], lang: str) -> Exit:
    from patrol_scheduler.formats.workbook import is_workbook, mark

    if not is_workbook(plan):
        say(text("cli.mark.no-workbook", lang, path=plan), err=True)
        return Exit.INVALID
    status = _write_new(copy, mark(plan, remarks, lang), lang)
    if status == Exit.COMPLETE:
        say(text("cli.mark.written", lang, path=copy))
    return status


def read_plan(plan: Path, lang: str) -> Problem:
    """The plan in any form; what was mended in it is told on the error stream."""
    from patrol_scheduler.faults import InvalidInputError
    from patrol_scheduler.formats import look_through

    found = look_through(plan)
    tell_repairs(found.repairs, lang)
    if found.problem is None:
        raise InvalidInputError(found.faults)
    return found.problem


def with_busy(problem: Problem, folder: Path | None, lang: str) -> Problem:
    """The plan with the busy times of a folder, where one is given; remarks are told."""
    if folder is None:
        return problem
    from patrol_scheduler.formats.busy.folder import with_busy_folder

    found = with_busy_folder(problem, folder)
    tell_repairs(found.repairs, lang)
    return found.problem


REPAIRS_SHOWN = 40
"""So many repairs are said one by one; of the rest the number is said."""


def tell_repairs(repairs: Sequence[Remark], lang: str) -> None:
    """Say what was mended while reading tables."""
    if repairs:
        say(text("cli.repairs", lang, n=len(repairs)), err=True)
    for repair in repairs[:REPAIRS_SHOWN]:
        say("  " + repair.say(lang), err=True)
    if len(repairs) > REPAIRS_SHOWN:
        say(text("cli.more-repairs", lang, n=len(repairs) - REPAIRS_SHOWN), err=True)


def convert(source: Path, target: Path, lang: str, *, busy: Path | None = None) -> int:
    """Write a plan in another form, told by the target's ending; without one, a CSV folder.

    With ``busy`` the plan takes up the busy times of a folder.
    """
    from patrol_scheduler.formats import written
    from patrol_scheduler.outputs import OutputError, replace_folder

    form = target.suffix.lower().removeprefix(".")
    if form not in ("", "toml", "json", "xlsx"):
        say(text("cli.convert.form", lang, path=target), err=True)
        return Exit.INVALID
    if not form and target.is_dir() and any(target.iterdir()):
        # People edit a folder of CSV files: it is left alone like any other plan.
        say(text("cli.init.exists", lang, path=target), err=True)
        return Exit.INVALID
    problem = with_busy(read_plan(source, lang), busy, lang)
    content = written(problem, form or "csv", lang)  # type: ignore[arg-type]
    if isinstance(content, bytes):
        status = _write_new(target, content, lang)
        if status != Exit.COMPLETE:
            return status
    else:
        try:
            replace_folder(target, content)
        except OutputError as refused:
            say(refused.say(lang), err=True)
            return Exit.INVALID
    say(text("cli.convert.written", lang, path=target))
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


def notices(found: PlanRead, problem: Problem, lang: str) -> list[str]:
    """What is odd about a valid plan, one line each, at the places where it was read from."""
    from patrol_scheduler.validation import notices_of

    return [
        text("cli.notice", lang, notice=found.located(notice).say(lang))
        for notice in notices_of(problem)
    ]
