"""What the rules demand of a complete roster, each demand with its subject and days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class _About:
    """What the columns of a limit name."""

    officers: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    first: int = 10**9
    last: int = -1
    known: bool = True

    def add(self, other: _About) -> None:
        self.officers |= other.officers
        self.areas |= other.areas
        self.posts |= other.posts
        self.shifts |= other.shifts
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.known &= other.known


class Demands:
    """Every demand of a problem that a complete roster has to meet, found when asked for.

    What only has a price, fairness and wishes, demands nothing.
    """

    def __init__(self, problem: Problem, rules: Sequence[Rule] | None = None) -> None:
        self.problem = problem
        self.rules = tuple(rules_of(problem) if rules is None else rules)
        self.columns = Columns(problem)
        self._abouts: dict[int, _About] = {}
        self._agency = {officer.id: officer.agency for officer in problem.officers}
        self._loose: list[Demand] | None = None

    def loose(self) -> list[Demand]:
        """The demands on the roster level, where the patrols of a shift are asked together."""
        if self._loose is None:
            self._loose = list(self._found())
        return self._loose

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
        about = _About()
        for column, _ in limit.terms:
            if column not in (Columns.NO, Columns.YES):
                about.add(self._about(column))
        if about.last < 0 or not about.known:
            about.first, about.last = ANY_DAY

        def only(ids: set[str]) -> str | None:
            return next(iter(ids)) if len(ids) == 1 else None

        agencies = {self._agency[officer] for officer in about.officers}
        whole = len(about.officers) > 1 or about.areas
        return (
            Subject(
                area=only(about.areas),
                officer=only(about.officers) if pins or not about.areas else None,
                post=only(about.posts),
                agency=only(agencies) if whole else None,
                shift=only(about.shifts),
            ),
            about.first,
            about.last,
        )

    def _about(self, column: int) -> _About:
        found = self._abouts.get(column)
        if found is not None:
            return found
        about = _About()
        columns = self.columns
        if column in columns.any_parts:
            for part in columns.any_parts[column]:
                if part > Columns.YES:
                    about.add(self._about(part))
        elif column in columns.sum_parts:
            for part, _ in columns.sum_parts[column]:
                if part > Columns.YES:
                    about.add(self._about(part))
        else:
            match columns.names[column]:
                case ("on", str(officer), int(day), str(shift), post):
                    about = _About({officer}, set(), set(), {shift}, day, day)
                    if isinstance(post, str):
                        about.posts.add(post)
                case ("patrol", str(area), int(day), str(shift)):
                    about = _About(set(), {area}, set(), {shift}, day, day)
                case ("member", str(officer), str(area), int(day), str(shift)):
                    about = _About({officer}, {area}, set(), {shift}, day, day)
                case _:
                    about.known = False
        self._abouts[column] = about
        return about
