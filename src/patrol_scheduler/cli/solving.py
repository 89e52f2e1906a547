"""``solve``: read, search, write, tell."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.files import notices, read_marking, with_busy
from patrol_scheduler.cli.given import plan_and_roster
from patrol_scheduler.cli.progress import display
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.result import Progress, Result

_STATUS = {
    "optimal": Exit.COMPLETE,
    "feasible": Exit.COMPLETE,
    "short": Exit.SHORT,
    "impossible": Exit.IMPOSSIBLE,
    "unknown": Exit.UNKNOWN,
}


def solve(
    plan: Path,
    out: Path,
    lang: str,
    *,
    time_limit: float,
    gap: float,
    seed: int | None,
    workers: int | None,
    tolerance: float,
    busy: Path | None,
    quiet: bool,
    after: Path | None = None,
    mark: Path | None = None,
) -> int:
    """Make the roster of a plan, around people's calendars if given, and write all its outputs."""
    from patrol_scheduler.cli.summary import summary
    from patrol_scheduler.outputs import OutputError, ensure_replaceable, write

    given = read_marking(plan, mark, lang)
    if isinstance(given, Exit):
        return given
    problem = with_busy(given.sound, busy, lang)
    if after is not None:
        problem = _following(problem, after, lang)
    try:
        # Asked before a long search, not after it.
        ensure_replaceable(out)
    except OutputError as refused:
        say(refused.say(lang), err=True)
        return Exit.INVALID
    if not quiet:
        for line in notices(given, problem, lang):
            say(line, err=True)
    began = time.monotonic()
    result = _search(
        problem, lang, quiet,
        time_limit=time_limit, gap=gap, seed=seed, workers=workers, tolerance=tolerance,
    )  # fmt: skip
    seconds = time.monotonic() - began
    if result.roster is not None:
        try:
            write(problem, result, out, lang=lang)
        except OutputError as refused:
            say(refused.say(lang), err=True)
            return Exit.INVALID
    if not quiet:
        for line in summary(problem, result, seconds, out, lang):
            say(line)
    return _STATUS[result.status]


def _following(problem: Problem, folder: Path, lang: str) -> Problem:
    """The plan as the one after the roster in an output folder."""
    from patrol_scheduler.faults import InvalidInputError
    from patrol_scheduler.replanning.following import following
    from patrol_scheduler.validation import faults_of

    before, roster = plan_and_roster(folder / "plan.json", folder / "roster.json", lang)
    found = following(problem, before, roster)
    if faults := faults_of(found):
        raise InvalidInputError(faults)
    return found


def _search(
    problem: Problem,
    lang: str,
    quiet: bool,
    *,
    time_limit: float,
    **options: Any,
) -> Result:
    """Solve beside the main thread, which alone hears Ctrl-C and draws the progress."""
    from patrol_scheduler import solver

    stop = threading.Event()
    latest: list[Progress | None] = [None]
    done: list[Result] = []
    failed: list[BaseException] = []

    def tell(progress: Progress) -> None:
        latest[0] = progress

    def work() -> None:
        try:
            done.append(
                solver.solve(
                    problem,
                    time_limit=time_limit,
                    **options,
                    on_progress=tell,
                    stop=stop.is_set,
                )
            )
        except BaseException as error:  # carried to the main thread
            failed.append(error)

    thread = threading.Thread(target=work, name="solve", daemon=True)
    began = time.monotonic()
    with _interrupts(stop, lang), display(lang, time_limit, quiet=quiet) as shown:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
            shown.show(time.monotonic() - began, latest[0])
    if failed:
        raise failed[0]
    return done[0]


@contextmanager
def _interrupts(stop: threading.Event, lang: str) -> Iterator[None]:
    """While inside, the first Ctrl-C asks the search to stop and the second ends the process."""

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            say(text("cli.aborted", lang), err=True)
            # The search is inside a solver's own code, which cannot be left in good order.
            os._exit(Exit.ABORTED)
        stop.set()
        say(text("cli.stopping", lang), err=True)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [signal.SIGINT, signal.SIGTERM]
    before: list[Callable[[int, FrameType | None], object] | int | None] = [
        signal.signal(number, interrupted) for number in heard
    ]
    try:
        yield
    finally:
        for number, handler in zip(heard, before, strict=True):
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
