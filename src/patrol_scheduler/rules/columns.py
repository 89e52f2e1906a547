"""What a roster decides, as numbered yes/no columns that rules ask for by name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster

Number = int | Fraction


class Columns:
    """Numbers the yes/no columns of a problem as rules ask for them.

    Column ``NO`` is always 0 and column ``YES`` always 1; days before day 0 are answered from the
    history with these two. ``any_of`` and ``sum_of`` give columns that follow from others.
    Officers, areas, posts and shifts are named by their ids, days by their numbers. ``places`` are
    where a duty can be: ``None``, on patrol, where there are areas, and the posts.
    """

    NO = 0
    YES = 1

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.names: list[tuple[object, ...]] = [("no",), ("yes",)]
        self._index: dict[tuple[object, ...], int] = {}
        self._turns: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.any_parts: dict[int, tuple[int, ...]] = {}
        self.sum_parts: dict[int, tuple[tuple[int, Number], ...]] = {}
        self._posts = tuple(post.id for post in problem.posts)
        self.places: tuple[str | None, ...] = (*([None] if problem.areas else []), *self._posts)
        self._shifts = tuple(shift.id for shift in problem.shifts)
        self._past_on = {(h.officer, problem.day(h.date), h.shift, h.post) for h in problem.history}
        self._past_works = {(o, day) for o, day, _, _ in self._past_on}
        self._past_shifts = {(o, day, shift) for o, day, shift, _ in self._past_on}
        self._past_visits = {(h.area, problem.day(h.date)) for h in problem.history if h.area}
        self._past_visits |= {(a, problem.day(date)) for a, date in problem.last_patrol.items()}

    def __len__(self) -> int:
        return len(self.names)

    def _column(self, name: tuple[object, ...]) -> int:
        column = self._index.get(name)
        if column is None:
            column = self._index[name] = len(self.names)
            self.names.append(name)
        return column

    def on(self, officer: str, day: int, shift: str, post: str | None = None) -> int:
        """The officer is on duty in the shift: on patrol, or at ``post``."""
        if day < 0:
            return self.YES if (officer, day, shift, post) in self._past_on else self.NO
        return self._column(("on", officer, day, shift, post))

    def patrol(self, area: str, day: int, shift: str) -> int:
        """The area is patrolled in the shift of a day from 0."""
        return self._column(("patrol", area, day, shift))

    def member(self, officer: str, area: str, day: int, shift: str) -> int:
        """The officer is in the patrol of the area in the shift of a day from 0."""
        return self._column(("member", officer, area, day, shift))

    def role(self, officer: str, area: str, day: int, shift: str, part: str) -> int:
        """The officer leads or drives (``part``) the patrol; given when its team is known."""
        return self._column(("role", officer, area, day, shift, part))

    def rest(self, officer: str, day: int) -> int:
        """The officer has a day of compensatory rest on a day from 0."""
        return self._column(("rest", officer, day))

    def any_of(self, name: tuple[object, ...], parts: Sequence[int]) -> int:
        """A column that is yes when any part is."""
        if not parts:
            return self.NO
        if len(parts) == 1:
            return parts[0]
        column = self._column(name)
        self.any_parts.setdefault(column, tuple(parts))
        return column

    def sum_of(self, name: tuple[object, ...], terms: Sequence[tuple[int, Number]]) -> int:
        """A whole-number column that is the weighted sum of ``terms``."""
        column = self._column(name)
        self.sum_parts.setdefault(column, tuple(terms))
        return column

    def count(self, name: tuple[object, ...]) -> int:
        """A whole-number column that only a solver needs; no roster gives it a value."""
        return self._column(name)

    def like(self, other: Columns, column: int) -> int:
        """The column here that is ``column`` in another numbering of the same problem."""
        if column in (self.NO, self.YES):
            return column
        name = other.names[column]
        if column in other.any_parts:
            return self.any_of(name, [self.like(other, part) for part in other.any_parts[column]])
        if column in other.sum_parts:
            terms = [(self.like(other, part), w) for part, w in other.sum_parts[column]]
            return self.sum_of(name, terms)
        return self._column(name)

    def turns(self, officer: str, day: int) -> list[tuple[str, int]]:
        """The (shift, column) pairs of everything the officer could do on a day, or has done."""
        found = self._turns.get((officer, day))
        if found is None:
            # The history may name a patrol where the plan itself has no area.
            places = self.places if day >= 0 else (None, *self._posts)
            found = self._turns[officer, day] = [
                (shift, self.on(officer, day, shift, post))
                for shift in self._shifts
                for post in places
            ]
        return found

    def works(self, officer: str, day: int) -> int:
        """The officer has any duty on the day."""
        if day < 0:
            return self.YES if (officer, day) in self._past_works else self.NO
        name = ("works", officer, day)
        known = self._index.get(name)
        if known is not None:
            return known
        return self.any_of(name, [column for _, column in self.turns(officer, day)])

    def in_shift(self, officer: str, day: int, shift: str) -> int:
        """The officer has a duty in the shift of the day, on patrol or at any post."""
        if day < 0:
            return self.YES if (officer, day, shift) in self._past_shifts else self.NO
        parts = [self.on(officer, day, shift, post) for post in self.places]
        return self.any_of(("in-shift", officer, day, shift), parts)

    def visited(self, area: str, day: int) -> int:
        """The area is patrolled at any time of the day."""
        if day < 0:
            return self.YES if (area, day) in self._past_visits else self.NO
        parts = [self.patrol(area, day, shift) for shift in self._shifts]
        return self.any_of(("visited", area, day), parts)

    def values(self, roster: Roster) -> list[Number]:
        """The value of every column in a roster, by column number."""
        yes = names_in(self.problem, roster)
        found: list[Number] = [0, 1]
        for column, name in enumerate(self.names[2:], start=2):
            # Parts are numbered before the columns that follow from them.
            if column in self.any_parts:
                found.append(int(any(found[part] for part in self.any_parts[column])))
            elif column in self.sum_parts:
                found.append(sum((w * found[part] for part, w in self.sum_parts[column]), 0))
            else:
                found.append(int(name in yes))
        return found


def names_in(problem: Problem, roster: Roster) -> set[tuple[object, ...]]:
    """The names of what a roster says yes to, but for columns that follow from others."""
    yes = set[tuple[object, ...]]()
    for patrol in roster.patrols:
        day = problem.day(patrol.date)
        yes.add(("patrol", patrol.area, day, patrol.shift))
        for member in patrol.members:
            yes.add(("member", member.officer, patrol.area, day, patrol.shift))
            yes.add(("on", member.officer, day, patrol.shift, None))
            for part in member.role.split("-"):
                yes.add(("role", member.officer, patrol.area, day, patrol.shift, part))
    for duty in roster.post_duties:
        yes.add(("on", duty.officer, problem.day(duty.date), duty.shift, duty.post))
    for rest in roster.compensatory_rests:
        yes.add(("rest", rest.officer, problem.day(rest.date)))
    return yes
