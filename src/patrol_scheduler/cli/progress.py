"""How a search is drawn on the standard error stream while it runs."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from patrol_scheduler.cli.terminal import say
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from rich.progress import TaskID

    from patrol_scheduler.result import Progress

LINE_EVERY = 10.0
"""Where there is no terminal, seconds between two lines of one stage."""


class Display(Protocol):
    """Shows how far a search has come."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, seconds: float, latest: Progress | None) -> None:
        """Show the state after so many seconds; called several times a second."""


class Nothing:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def show(self, seconds: float, latest: Progress | None) -> None:
        """Do nothing."""


class Lines(Nothing):
    """A line whenever the stage changes, and one every ten seconds."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._stage = ""
        self._next = 0.0

    def show(self, seconds: float, latest: Progress | None) -> None:
        """Write a line if it is time for one."""
        if latest is None or (latest.stage == self._stage and seconds < self._next):
            return
        self._stage, self._next = latest.stage, seconds + LINE_EVERY
        say(text("cli.progress.line", self._lang, **_told(seconds, latest, self._lang)), err=True)


class Bar(Nothing):
    """A bar that fills with the time, followed by stage, best, bound and gap."""

    def __init__(self, lang: str, time_limit: float) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        self._lang, self._limit = lang, time_limit
        self._bar = Progress(
            BarColumn(bar_width=20),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            console=Console(stderr=True),
            transient=True,
            refresh_per_second=5,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("", total=self._limit)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, seconds: float, latest: Progress | None) -> None:
        """Move the bar and rewrite the words behind it."""
        if self._task is not None:
            told = _told(seconds, latest, self._lang)
            words = text("cli.progress.bar", self._lang, **told)
            self._bar.update(self._task, completed=min(seconds, self._limit), description=words)


def display(lang: str, time_limit: float, *, quiet: bool) -> Display:
    """The display that fits the standard error stream."""
    if quiet:
        return Nothing()
    return Bar(lang, time_limit) if sys.stderr.isatty() else Lines(lang)


def _told(seconds: float, latest: Progress | None, lang: str) -> dict[str, object]:
    none = text("cli.progress.none", lang)
    best = latest.best if latest else None
    bound = latest.bound if latest else None
    gap = latest.gap if latest else None
    return {
        "seconds": f"{seconds:.0f}",
        "stage": text(f"result.stage.{latest.stage if latest else 'roster'}", lang),
        "best": none if best is None else amount(best),
        "bound": none if bound is None else amount(bound),
        "gap": none if gap is None else share(gap),
    }


def amount(number: float) -> str:
    """A cost with up to two decimals and no needless ones."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def share(number: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{number:.2%}"
