"""Whether areas can all be patrolled within their gap windows, at most so many of them a day.

Pinwheel scheduling (Holte, Mok, Rosier, Tulchinsky, Varvel 1989) with shortest gaps and a horizon.
The days are gone through one after the other; all that the days before decide about those after is
how many days each area's last patrol lies back. What was once shown to lead nowhere is not looked
at again, so the search ends with dates or with the proof that there are none. Exponential in the
number of areas in the worst case; eight areas take milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Literal

STATES = 100_000
"""How many states are looked at before the search gives up: some seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """What holds for an area on some days: gaps of ``shortest`` to ``longest`` days.

    ``first`` and ``last`` are days, both included; no ``longest`` days in a row from ``since`` on
    are without a patrol, as far as they end inside.
    """

    first: int
    last: int
    since: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Beat:
    """An area to be patrolled: its windows, in order, and the day of the last patrol, negative."""

    windows: tuple[Window, ...]
    last_patrol: int | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``most`` patrols a day of the areas in ``among``, named by their places."""

    among: frozenset[int]
    most: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``kept``: ``days`` are the patrol days of each area; ``impossible``: there are none."""

    status: Literal["kept", "impossible", "stopped"]
    days: tuple[tuple[int, ...], ...] = ()


def search(
    beats: Sequence[Beat],
    caps: Sequence[Cap],
    days: int,
    *,
    states: int = STATES,
    stop: Callable[[], bool] = lambda: False,
) -> Answer:
    """Patrol days from 0 to ``days - 1`` that keep every window and cap, or that there are none."""
    return _Search(beats, caps, days).run(states, stop)


Back = tuple[int, ...]
"""How many days the last patrol of each area lies back; negative: none is known, and the count of
the longest gap began as many days ago."""


class _Search:
    def __init__(self, beats: Sequence[Beat], caps: Sequence[Cap], days: int) -> None:
        self._beats, self._caps, self._days = beats, caps, days
        self._today: list[tuple[Window | None, ...]] = [
            tuple(
                next((w for w in beat.windows if w.first <= day <= w.last), None) for beat in beats
            )
            for day in range(days)
        ]
        # Where every area has one window for all days, only the days back matter, not the day.
        self._steady = all(
            [(w.first, w.last) for w in beat.windows] == [(0, days - 1)] for beat in beats
        )
        self._alike = self._groups()
        self._group_of = {i: n for n, group in enumerate(self._alike) for i in group}
        self._farthest = max((w.longest for b in beats for w in b.windows), default=1)
        self._dead: dict[object, int] = {}

    def _groups(self) -> list[list[int]]:
        """Areas that nothing but their days back tells apart."""

        def mark(i: int) -> tuple[object, ...]:
            return (*self._beats[i].windows, *(i in cap.among for cap in self._caps))

        places = sorted(range(len(self._beats)), key=lambda i: repr(mark(i)))
        return [list(group) for _, group in groupby(places, key=mark)]

    def _key(self, day: int, back: Back) -> object:
        state = tuple(tuple(sorted(back[i] for i in group)) for group in self._alike)
        return state if self._steady else (day, state)

    def _is_dead(self, day: int, back: Back) -> bool:
        return self._dead.get(self._key(day, back), -1) >= day

    def _bury(self, day: int, back: Back) -> None:
        """Note that a state leads nowhere; with more days left it does so all the more."""
        key = self._key(day, back)
        self._dead[key] = max(day, self._dead.get(key, -1))

    def run(self, states: int, stop: Callable[[], bool]) -> Answer:
        begin = tuple(-1 if beat.last_patrol is None else -beat.last_patrol for beat in self._beats)
        if not self._days:
            return Answer("kept", tuple(() for _ in self._beats))
        begin = self._started(0, begin)
        if self._too_much(0, begin):
            return Answer("impossible")
        path, chosen = [(begin, self._choices(0, begin))], list[tuple[int, ...]]()
        while path:
            back, choices = path[-1]
            day = len(path) - 1
            choice = next(choices, None)
            if choice is None:
                self._bury(day, back)
                path.pop()
                del chosen[day - 1 :]
                continue
            chosen.append(choice)
            if day + 1 == self._days:
                return Answer("kept", self._dates(chosen))
            states -= 1
            if states < 0 or (states % 512 == 0 and stop()):
                return Answer("stopped")
            back = self._tomorrow(day, back, choice)
            if self._is_dead(day + 1, back) or self._too_much(day + 1, back):
                self._bury(day + 1, back)
                chosen.pop()
            else:
                path.append((back, self._choices(day + 1, back)))
        return Answer("impossible")

    def _dates(self, chosen: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        days: list[list[int]] = [[] for _ in self._beats]
        for day, choice in enumerate(chosen):
            for i in choice:
                days[i].append(day)
        return tuple(map(tuple, days))

    def _tomorrow(self, day: int, back: Back, choice: tuple[int, ...]) -> Back:
        ahead = [n + 1 if n > 0 else n - 1 for n in back]
        for i in choice:
            ahead[i] = 1
        return self._started(day + 1, tuple(ahead))

    def _started(self, day: int, back: Back) -> Back:
        """Where no patrol is known, the count begins with the window that is open."""
        if self._steady and day:
            return back
        found = list(back)
        for i, window in enumerate(self._today[day]):
            if window is not None and back[i] < 0:
                found[i] = -(day - window.since + 1)
        return tuple(found)

    def _idle(self, day: int, back: int, window: Window) -> int:
        """How many days the window has been without a patrol, today included."""
        return min(abs(back), day - window.since + 1)

    def _choices(self, day: int, back: Back) -> Iterator[tuple[int, ...]]:
        """The sets of areas that can be patrolled on a day, the fullest and most urgent first."""
        due, may = [], []
        for i, window in enumerate(self._today[day]):
            if window is None:
                continue
            ready = back[i] < 0 or back[i] >= window.shortest
            if self._idle(day, back[i], window) >= window.longest:
                if not ready:
                    return
                due.append(i)
            elif ready:
                may.append((window.longest - self._idle(day, back[i], window), i))
        room = [(cap, cap.most - sum(1 for i in due if i in cap.among)) for cap in self._caps]
        if any(left < 0 for _, left in room):
            return
        order = [i for _, i in sorted(may)]
        most = min(len(order), sum(left for _, left in room))
        seen: set[object] = set()
        for size in range(most, -1, -1):
            for extra in combinations(order, size):
                mark = tuple(sorted((self._group_of[i], back[i]) for i in extra))
                if mark in seen:
                    continue
                seen.add(mark)
                if all(sum(1 for i in extra if i in cap.among) <= left for cap, left in room):
                    yield (*due, *extra)

    def _too_much(self, day: int, back: Back) -> bool:
        """Whether the next days need more patrols than they may have."""
        today = self._today[day]
        for cap in self._caps:
            asked = []
            for i in cap.among:
                window = today[i]
                if window is not None:
                    idle = min(self._idle(day, back[i], window), window.longest)
                    asked.append((idle - 1, window.longest, window.last - day + 1))
            for ahead in range(1, min(self._farthest, self._days - day) + 1):
                needed = sum((idle + min(ahead, left)) // longest for idle, longest, left in asked)
                if needed > cap.most * ahead:
                    return True
        return False
