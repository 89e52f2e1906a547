"""What the rules demand of a complete roster, each demand with its subject and days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import (
    Columns,
    Level,
    Limit,
    OneDutyADay,
    PinnedPatrols,
    Pins,
    Rule,
    TeamRule,
    rules_of,
)

ANY_DAY = (-1, 10**9)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and what a demand is about; what it does not single out is ``None``."""

    area: str | None = None
    officer: str | None = None
    post: str | None = None
    agency: str | None = None
    shift: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Demand:
    """One thing that one rule asks of one subject on some days; days count from day 0.

    ``limits`` say it over the columns of the :class:`Demands` it belongs to. A demand of a team
    rule is either about one patrol (``team``) or, ``summed``, about all patrols of a shift.
    """

    rule: Rule
    subject: Subject
    first: int
    last: int
    limits: tuple[Limit, ...]
    team: bool = False
    summed: bool = False

    @property
    def within_a_day(self) -> bool:
        """Whether the demand looks at one day only."""
        return self.first == self.last


_About = tuple[int, int, int, int, int, int, bool]
"""Whom and what a column names: a bit each for its officers, areas, posts and shifts, its first and
its last day, and whether all of that is known."""
NOTHING: _About = (0, 0, 0, 0, 10**9, -1, True)


class _Names:
    """Numbers names, so that many of them together are one number with a bit for each."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._bits: dict[str, int] = {}

    def bit(self, name: str) -> int:
        """The number of one name."""
        bit = self._bits.get(name)
        if bit is None:
            bit = self._bits[name] = 1 << len(self._names)
            self._names.append(name)
        return bit

    def only(self, bits: int) -> str | None:
        """The name, where it is just one."""
        return self._names[bits.bit_length() - 1] if bits and not bits & (bits - 1) else None


class Demands:
    """Every demand of a problem that a complete roster has to meet, found when asked for.

    What only has a price, fairness and wishes, demands nothing.
    """

    def __init__(self, problem: Problem, rules: Sequence[Rule] | None = None) -> None:
        self.problem = problem
        self.rules = tuple(rules_of(problem) if rules is None else rules)
        self.columns = Columns(problem)
        self._abouts: dict[int, _About] = {}
        self._officers, self._areas, self._posts, self._shifts = (_Names() for _ in range(4))
        self._members: dict[str, int] = {}
        for officer in problem.officers:
            bit = self._officers.bit(officer.id)
            self._members[officer.agency] = self._members.get(officer.agency, 0) | bit
        self._loose: list[Demand] | None = None

    def loose(self) -> list[Demand]:
        """The demands on the roster level, where the patrols of a shift are asked together."""
        if self._loose is None:
            self._loose = list(self._found())
        return self._loose

    def days_of(self, column: int) -> tuple[int, int]:
        """The first and the last day that a column is about; any day where that is not known."""
        *_, first, last, known = self._about(column)
        return (first, last) if known and last >= 0 else ANY_DAY

    def exact(
        self, demands: Iterable[Demand], areas: Collection[str] | None = None
    ) -> list[Demand]:
        """The same demands with those of whole shifts taken apart, patrol by patrol.

        Only the patrols of some ``areas`` where they are given.
        """
        found: list[Demand] = []
        shifts: dict[int, dict[tuple[int, str], None]] = {}
        for demand in demands:
            if demand.summed:
                key = (demand.first, str(demand.subject.shift))
                shifts.setdefault(self.rules.index(demand.rule), {})[key] = None
            else:
                found.append(demand)
        for index, keys in shifts.items():
            rule = self.rules[index]
            assert isinstance(rule, TeamRule)  # noqa: S101  # only these have summed demands
            for day, shift in keys:
                for area in self.problem.areas:
                    if areas is not None and area.id not in areas:
                        continue
                    limits = rule.team_limits(self.problem, self.columns, area.id, day, shift)
                    found += self._grouped(rule, limits, team=True)
        return found

    def of_teams(self, days: Iterable[int]) -> list[Demand]:
        """The demands of every single patrol of some days."""
        found: list[Demand] = []
        for rule in self.rules:
            if isinstance(rule, TeamRule):
                for day in days:
                    for shift in self.problem.shifts:
                        for area in self.problem.areas:
                            limits = rule.team_limits(
                                self.problem, self.columns, area.id, day, shift.id
                            )
                            found += self._grouped(rule, limits, team=True)
        return found

    def _found(self) -> Iterator[Demand]:
        for rule in self.rules:
            if isinstance(rule, Pins):
                yield from self._pinned(rule)
                continue
            limits = rule.roster_limits(self.problem, self.columns)
            if isinstance(rule, OneDutyADay):
                yield from self._one_duty(rule, limits)
            else:
                yield from self._grouped(rule, limits, summed=isinstance(rule, TeamRule))

    def _one_duty(self, rule: OneDutyADay, limits: Iterable[Limit]) -> Iterator[Demand]:
        """One demand an officer and day, also where the roster level has nothing to say.

        Nobody being in two patrols of one shift at once is a matter of teams, and the rule is what
        forbids it.
        """
        stated = {(d.subject.officer, d.first): d for d in self._grouped(rule, limits)}
        for officer in rule.who(self.problem):
            for day in range(len(self.problem.dates)):
                known = stated.get((officer.id, day))
                yield known or Demand(rule, Subject(officer=officer.id), day, day, ())

    def _pinned(self, rule: Pins) -> Iterator[Demand]:
        """One demand for each pin, about what the pin names."""
        for pin in self.problem.pins:
            asked = rule.asked_by(pin, self.problem, self.columns)
            limits = tuple(limit for limit in asked if limit.level <= Level.SHORTAGE)
            if limits:
                day = self.problem.day(pin.date)
                subject = Subject(pin.area, pin.officer, pin.post, shift=pin.shift)
                yield Demand(rule, subject, day, day, limits)

    def _grouped(
        self, rule: Rule, limits: Iterable[Limit], *, team: bool = False, summed: bool = False
    ) -> list[Demand]:
        """The limits of one subject on the same days as one demand; of pins, each by itself."""
        pins = team and isinstance(rule, PinnedPatrols)
        found: dict[tuple[object, ...], tuple[Subject, int, int, list[Limit]]] = {}
        for limit in limits:
            if limit.level > Level.SHORTAGE:
                continue
            subject, first, last = self._told(limit, pins=pins)
            sides = (limit.at_least is not None, limit.at_most is not None)
            # One officer's limits on one day, one for each turn, are one demand.
            alone = subject.officer is not None and first == last and subject.area is None
            kept = Subject(officer=subject.officer) if alone else subject
            key = (kept, first, last, sides, len(found) if pins else 0)
            found.setdefault(key, (kept, first, last, []))[3].append(limit)
        return [
            Demand(rule, subject, first, last, tuple(kept), team=team, summed=summed)
            for subject, first, last, kept in found.values()
        ]

    def _told(self, limit: Limit, *, pins: bool = False) -> tuple[Subject, int, int]:
        about = self._together(column for column, _ in limit.terms)
        officers, areas, posts, shifts, first, last, known = about
        if last < 0 or not known:
            first, last = ANY_DAY
        several = officers & (officers - 1) if officers else 0
        agency = None
        if several or areas:
            mine = (agency for agency, all_of in self._members.items() if not officers & ~all_of)
            agency = next(mine, None) if officers else None
        return (
            Subject(
                area=self._areas.only(areas),
                officer=self._officers.only(officers) if pins or not areas else None,
                post=self._posts.only(posts),
                agency=agency,
                shift=self._shifts.only(shifts),
            ),
            first,
            last,
        )

    def _together(self, of: Iterable[int]) -> _About:
        """Whom and what columns name, the two that are always yes or no apart."""
        officers, areas, posts, shifts, first, last, known = NOTHING
        abouts = self._abouts
        for column in of:
            if column <= Columns.YES:
                continue
            about = abouts.get(column)
            if about is None:
                about = self._about(column)
            officers |= about[0]
            areas |= about[1]
            posts |= about[2]
            shifts |= about[3]
            if about[4] < first:
                first = about[4]
            if about[5] > last:
                last = about[5]
            known &= about[6]
        return officers, areas, posts, shifts, first, last, known

    def _about(self, column: int) -> _About:
        found = self._abouts.get(column)
        if found is None:
            found = self._abouts[column] = self._found_about(column)
        return found

    def _found_about(self, column: int) -> _About:
        columns = self.columns
        if column in columns.any_parts:
            return self._together(columns.any_parts[column])
        if column in columns.sum_parts:
            return self._together(part for part, _ in columns.sum_parts[column])
        officer = area = post = 0
        match columns.names[column]:
            case ("on", str(who), int(day), str(shift), where):
                officer = self._officers.bit(who)
                post = self._posts.bit(where) if isinstance(where, str) else 0
            case ("patrol", str(where), int(day), str(shift)):
                area = self._areas.bit(where)
            case ("member", str(who), str(where), int(day), str(shift)):
                officer, area = self._officers.bit(who), self._areas.bit(where)
            case _:
                return (*NOTHING[:-1], False)
        return officer, area, post, self._shifts.bit(shift), day, day, True
