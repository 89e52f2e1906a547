"""How long a search may take, whether it was told to stop, and what it reports."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

from patrol_scheduler.result import Progress

Stage = Literal["roster", "shortage", "fairness", "wishes"]


LOOK_EVERY = 0.05  # seconds between two looks whether a running solver was told to stop


class Budget:
    """The time of one search.

    The clock decides only when to give up, never what to prefer, so a search that ends before its
    time limit is the same on every machine.
    """

    def __init__(
        self,
        time_limit: float,
        stop: Callable[[], bool] | None,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._started = time.monotonic()
        self._time_limit = time_limit
        self._stop = stop
        self._on_progress = on_progress
        self._stopped = False
        self._thread = threading.get_ident()

    def elapsed(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._started

    def left(self) -> float:
        """Seconds until the time limit, never below 0."""
        return max(0.0, self._time_limit - self.elapsed())

    def branch(self, until: float | None = None) -> Branch:
        """The same time, or what there is ``until`` a second, for a search that ends by itself."""
        return Branch(self, self._time_limit if until is None else min(until, self._time_limit))

    def told_to_stop(self) -> bool:
        """Whether the caller asked to stop; once asked, it stays so.

        The caller's ``stop`` is only called from the thread that began the search.
        """
        mine = threading.get_ident() == self._thread
        if not self._stopped and self._stop is not None and mine:
            self._stopped = self._stop()
        return self._stopped

    def over(self) -> bool:
        """Whether the search has to end now."""
        return self.told_to_stop() or self.left() <= 0

    def tell(self, stage: Stage, best: float | None, bound: float | None) -> None:
        """Report how far the search has come."""
        if self._on_progress is None:
            return
        gap = None
        if best is not None and bound is not None:
            gap = 0.0 if best <= bound else (best - bound) / abs(best)
        self._on_progress(Progress(self.elapsed(), stage, best, bound, gap))


def run_beside(work: Callable[[], object], budget: Budget, cancel: Callable[[], None]) -> None:
    """Run a solver in a thread of its own, which ``cancel`` ends when the search is told to stop.

    Raises ``MemoryError`` where not even a thread has room.
    """
    thread = threading.Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise MemoryError(str(error)) from error
    while thread.is_alive():
        thread.join(LOOK_EVERY)
        if budget.told_to_stop():
            cancel()


class Branch(Budget):
    """The budget of one search among several."""

    def __init__(self, trunk: Budget, time_limit: float) -> None:
        super().__init__(time_limit, None, None)
        self._started, self._trunk = trunk._started, trunk
        self._ended = False

    def end(self) -> None:
        """Tell the search to end now."""
        self._ended = True

    def told_to_stop(self) -> bool:
        """Whether this search, or the whole one, was told to stop."""
        return self._ended or self._trunk.told_to_stop()
