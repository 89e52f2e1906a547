"""What a rule is: limits for the solvers, violations for the check, a sentence for people."""

from __future__ import annotations

import datetime as dt
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import ClassVar, Literal, Self

from patrol_scheduler.problem import Area, LabourProfile, Officer, Problem, RuleSetting, Team
from patrol_scheduler.records import Id
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import text

Number = int | Fraction


class Level(IntEnum):
    """What comes first: a later level never costs an earlier one anything."""

    MUST = 0
    """Holds in every roster."""
    SHORTAGE = 1
    """Holds in every complete roster; priced once it is shown that none exists."""
    FAIRNESS = 2
    WISHES = 3


PricedLevel = Literal["fairness", "wishes"]
Texts = Mapping[str, Mapping[str, str]]
"""Texts by language and key."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A weighted count of columns with bounds.

    ``terms`` are (column, weight). On level ``MUST`` the bounds hold; on the other levels each unit
    below ``at_least`` costs ``below`` and each unit above ``at_most`` costs ``above``.
    """

    terms: Sequence[tuple[int, Number]]
    at_least: Number | None = None
    at_most: Number | None = None
    level: Level = Level.MUST
    below: Number = 0
    above: Number = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with a roster in one place, or what it costs there.

    ``what`` names the sentence of the rule; ``amount`` is in the rule's unit, ``cost`` is amount
    times price. ``details`` hold the further values of the sentence.
    """

    rule: str
    what: str
    level: Level
    amount: Fraction
    cost: Fraction
    date: dt.date | None = None
    officer: str | None = None
    area: str | None = None
    shift: str | None = None
    details: tuple[tuple[str, object], ...] = ()


def exact(number: float | int | Fraction) -> Fraction:
    """The number as a fraction, decimals as they are written: 0.1 is one tenth."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


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
        problem, yes = self.problem, set[tuple[object, ...]]()
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


class Rule(RuleSetting, ABC):
    """A rule: its fields are its parameters, its docstring says what it asks.

    ``limits`` and ``violations`` say the same twice, independently: the solvers read the first,
    the check the second, and one test holds them equal on random rosters.
    """

    texts: ClassVar[Texts] = {}
    """What a rule from outside the package says, by language: ``sentence``, which says what it
    asks, one text for each ``what`` of its violations, with the violation's values in ``{}``, and
    ``name``, if it has one.
    """

    @classmethod
    def defaults(cls) -> tuple[Self, ...]:
        """The rule as it works when a plan does not mention it."""
        return (cls(),)  # type: ignore[call-arg]  # every rule gives its name a default

    @classmethod
    def in_force(cls, problem: Problem) -> tuple[Self, ...]:
        """The rule as a plan states it, once for each statement, or else with its defaults.

        A statement with ``on = false`` switches it off.
        """
        stated = tuple(rule for rule in problem.rules if type(rule) is cls)
        return tuple(rule for rule in stated or cls.defaults() if rule.on)

    def used_by(self, problem: Problem) -> bool:
        """Whether a plan gives the rule anything to ask."""
        del problem
        return True

    @abstractmethod
    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """What the rule asks, exactly, as limits over columns."""

    def roster_limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """What the rule asks before teams are formed; never more than ``limits``."""
        return self.limits(problem, columns)

    @abstractmethod
    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        """What is wrong with a roster, and what it costs, found by walking it."""

    def say(self, violation: Violation, problem: Problem, lang: str) -> str:
        """The violation as a sentence."""
        return self._text(violation.what, lang, **_told(violation, problem, lang))

    def title(self, lang: str) -> str:
        """What people call the rule; one from outside may go by its code."""
        own = self.texts.get(lang)
        return self._text("name", lang) if own is None or "name" in own else self.rule

    def sentence(self, lang: str) -> str:
        """What the rule asks, in one sentence."""
        return self._text("sentence", lang)

    def _text(self, what: str, lang: str, **values: object) -> str:
        own = self.texts.get(lang)
        if own is not None:
            return own[what].format(**values)
        return text(f"rules.{self.rule}.{what}", lang, **values)


def _told(violation: Violation, problem: Problem, lang: str) -> dict[str, object]:
    """The values of a sentence, with labels that people know."""
    officer = problem.officer_by_id.get(violation.officer or "")
    area = problem.area_by_id.get(violation.area or "")
    shift = problem.shift_by_id.get(violation.shift or "")
    agencies = {agency.id: agency.name for agency in problem.agencies}
    posts = {post.id: post.name for post in problem.posts}
    told: dict[str, object] = {
        "date": violation.date,
        "officer": label(violation.officer, officer.name if officer else ""),
        "area": label(violation.area, area.name if area else ""),
        "shift": label(violation.shift, shift.name if shift else ""),
        "amount": plain(violation.amount),
    }
    for name, value in violation.details:
        if name == "agency":
            told[name] = label(str(value), agencies.get(str(value), ""))
        elif name == "post":
            told[name] = label(str(value), posts.get(str(value), ""))
        elif isinstance(value, tuple):
            told[name] = text("outputs.list.separator", lang).join(value)
        elif name == "partner":
            told[name] = label(str(value), problem.officer_by_id[str(value)].name)
        else:
            told[name] = plain(value) if isinstance(value, (float, Fraction)) else value
    return told


def at_most(terms: Sequence[tuple[int, Number]], most: Number) -> Limit:
    """At most ``most`` in all; where the history alone has more, nothing may be added to it."""
    past = sum((weight for column, weight in terms if column == Columns.YES), 0)
    return Limit([t for t in terms if t[0] != Columns.NO], at_most=max(most, past))


def never(column: int) -> Limit:
    """A column that is no in every roster."""
    return Limit([(column, 1)], at_most=0)


def label(identifier: str | None, name: str) -> str:
    """A name with the id behind it, on one line, as people and systems can both find it.

    Behind a name with wide characters, such as Chinese ones, the brackets are wide.
    """
    if not identifier:
        return ""
    name = " ".join(name.split())
    if not name or name == identifier:
        return identifier
    wide = any(unicodedata.east_asian_width(letter) in ("W", "F") for letter in name)
    return f"{name}（{identifier}）" if wide else f"{name} ({identifier})"


def plain(number: float | Fraction) -> str:
    """The number with at most two decimals and without a needless decimal part."""
    number = exact(number)
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.2f}"


@dataclass(frozen=True, slots=True)
class Need:
    """What a team rule asks of one patrol: enough officers out of a group, or not too many.

    ``key`` tells the needs of one patrol apart; those of a shift's patrols with one key name the
    same officers and add up. Each officer of ``against`` takes ``worth`` away from the count, or
    adds to it where ``worth`` is negative. Needs of a rule keep the tuples of their officers from
    call to call, so that days that ask the same are known to.
    """

    key: object
    officers: tuple[Officer, ...]
    at_least: int
    at_most: int | None = None
    against: tuple[Officer, ...] = ()
    worth: int = 0


class TeamRule(Rule):
    """A rule about who is in one patrol, stated as needs; a need not met is a shortage."""

    @property
    def asked_on(self) -> Level:
        """The level on which its needs count; beyond ``SHORTAGE`` they only have a price."""
        return Level.SHORTAGE

    @property
    def a_miss(self) -> Number:
        """What one officer too few costs; rules that only forbid have none too few."""
        return 0

    @abstractmethod
    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        """What a patrol of ``area`` that needs ``team`` asks on ``date`` in ``shift``."""

    def looks_at(self, problem: Problem, area: Area) -> object:
        """What of the area itself the needs depend on; areas of one value are asked alike."""
        del problem, area
        return None

    def team_limits(
        self, problem: Problem, columns: Columns, area: str, day: int, shift: str
    ) -> Iterator[Limit]:
        """What the rule asks of the patrol of one area in one shift."""
        date = problem.date(day)
        team = problem.team(area, date, shift)
        if team is None:
            return
        for need in self.needs(problem, team, date, problem.area_by_id[area], shift):
            terms: list[tuple[int, Number]] = [
                (columns.member(officer.id, area, day, shift), 1) for officer in need.officers
            ]
            terms += [
                (columns.member(officer.id, area, day, shift), -need.worth)
                for officer in need.against
            ]
            patrol = columns.patrol(area, day, shift)
            yield from self._between(terms, [(patrol, need.at_least)], [(patrol, need.at_most)])

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        if not self.used_by(problem):
            return
        for day in range(len(problem.dates)):
            for shift in problem.shifts:
                for area in problem.areas:
                    yield from self.team_limits(problem, columns, area.id, day, shift.id)

    def roster_limits(
        self, problem: Problem, columns: Columns, beside: Sequence[TeamRule] = ()
    ) -> Iterator[Limit]:
        if not self.used_by(problem):
            return
        for day in range(len(problem.dates)):
            for shift in problem.shifts:
                yield from self.shift_limits(problem, columns, day, shift.id, beside)

    def shift_limits(
        self,
        problem: Problem,
        columns: Columns,
        day: int,
        shift: str,
        beside: Sequence[TeamRule] = (),
    ) -> Iterator[Limit]:
        """The needs of all patrols of a shift added up, asked of everybody on patrol in it.

        ``beside`` are rules whose needs every patrol meets: whom these tie to another patrol is
        not counted here.
        """
        date = problem.date(day)
        summed: dict[object, list[tuple[Need, int]]] = {}
        met: dict[int, list[Need]] = {}
        capped, teams = True, 0
        for area in problem.areas:
            if not problem.patrols_allowed(area.id, date, shift):
                continue
            team = problem.team(area.id, date, shift)
            if team is None:
                capped = False
                continue
            teams += 1
            patrol = columns.patrol(area.id, day, shift)
            for need in self.needs(problem, team, date, area, shift):
                summed.setdefault(need.key, []).append((need, patrol))
            met[patrol] = [
                need for rule in beside for need in rule.needs(problem, team, date, area, shift)
            ]
        for needs in summed.values():
            (first, _), *_ = needs
            terms: list[tuple[int, Number]] = [
                (columns.on(officer.id, day, shift), 1) for officer in first.officers
            ]
            terms += [
                (columns.on(officer.id, day, shift), -first.worth) for officer in first.against
            ]
            # A patrol that does not ask it, or has no team to meet, takes any number.
            all_ask = capped and len(needs) == teams
            yield from self._between(
                terms,
                _least(needs, met),
                [(patrol, need.at_most if all_ask else None) for need, patrol in needs],
            )

    def _between(
        self,
        terms: list[tuple[int, Number]],
        least: list[tuple[int, int]],
        most: list[tuple[int, int | None]],
    ) -> Iterator[Limit]:
        if any(n for _, n in least):
            asked: list[tuple[int, Number]] = [(patrol, -n) for patrol, n in least]
            yield Limit(terms + asked, at_least=0, level=self.asked_on, below=self.a_miss)
        capped: list[tuple[int, Number]] = [(patrol, -n) for patrol, n in most if n is not None]
        if len(capped) == len(most):
            priced = self.asked_on > Level.SHORTAGE
            level, price = (self.asked_on, self.a_miss) if priced else (Level.MUST, 0)
            yield Limit(terms + capped, at_most=0, level=level, above=price)


def _least(
    needs: Sequence[tuple[Need, int]], met: Mapping[int, Sequence[Need]]
) -> list[tuple[int, int]]:
    """How many officers of one need's group each patrol of a shift has, or should have."""
    least = {patrol: need.at_least for need, patrol in needs}
    group = frozenset(officer.id for officer in needs[0][0].officers)
    if any(least.values()) and not needs[0][0].against:
        for patrol, others in met.items():
            for other in others:
                more = other.at_least > least.get(patrol, 0) and not other.against
                if more and group.issuperset(officer.id for officer in other.officers):
                    least[patrol] = other.at_least
    return list(least.items())


class OfficerRule(Rule):
    """A rule about single officers; empty ``officers`` and ``agencies`` mean everybody.

    Of these ``labour`` keeps those with one of its profiles; empty: all of them. Each of its
    violations follows from one officer's own duties and rests, and names the officer.
    """

    officers: tuple[Id, ...] = ()
    agencies: tuple[Id, ...] = ()
    labour: tuple[LabourProfile, ...] = ()

    def who(self, problem: Problem) -> tuple[Officer, ...]:
        """The officers that the rule looks at."""
        everybody: Sequence[Officer] = problem.officers
        if len(self.officers) == 1 and not self.agencies:
            # Asked of single officers many times over where a substitute is looked for.
            only = problem.officer_by_id.get(self.officers[0])
            everybody = () if only is None else (only,)
        return tuple(
            officer
            for officer in everybody
            if (
                (not self.officers and not self.agencies)
                or officer.id in self.officers
                or officer.agency in self.agencies
            )
            and (not self.labour or officer.labour_profile in self.labour)
        )


__all__ = [
    "Columns",
    "Level",
    "Limit",
    "Need",
    "Number",
    "OfficerRule",
    "PricedLevel",
    "Rule",
    "TeamRule",
    "Texts",
    "Violation",
    "at_most",
    "exact",
    "label",
    "never",
    "plain",
]
