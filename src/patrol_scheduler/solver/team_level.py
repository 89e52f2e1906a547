"""The team level: one shift's people on duty put into that shift's patrols.

Officers whom no team rule of the shift tells apart form a kind; teams are formed of numbers of each
kind, and only then of people. A shift whose people cannot be put into teams is given back to the
roster level as exact rows over the same numbers.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from patrol_scheduler.problem import Area, Problem, Role, Team
from patrol_scheduler.roster import Member
from patrol_scheduler.rules import Columns, Level, Limit, Rule, TeamRule
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.rules.pins import pinned_roles, rank
from patrol_scheduler.rules.team_rule import Need
from patrol_scheduler.solver.builder import Builder
from patrol_scheduler.solver.forming import Ask, Numbers, best_formed, formed, off, swapped

FAR_MORE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A limit on one patrol: the weight of each officer in it, and of the patrol itself."""

    weights: Mapping[str, Number]
    patrol: Number
    limit: Limit

    def over(self, kinds: Sequence[Sequence[str]]) -> Ask:
        """The limit over numbers of each kind, for a patrol that takes place."""
        least, most = self.limit.at_least, self.limit.at_most
        return Ask(
            tuple(self.weights.get(officers[0], 0) for officers in kinds),
            None if least is None else least - self.patrol,
            None if most is None else most - self.patrol,
            self.limit.below if self.limit.level is Level.SHORTAGE else None,
            self._wish(),
        )

    def _wish(self) -> Number | None:
        """What a miss costs where that is all; a goal that comes first weighs far more."""
        limit = self.limit
        if limit.level <= Level.SHORTAGE:
            return None
        price = limit.below if limit.at_least is not None else limit.above
        return price * (FAR_MORE if limit.level is Level.FAIRNESS else 1)


class Kinds:
    """Officers in groups that are split whenever a limit tells two of a group apart."""

    def __init__(self, officers: Iterable[str]) -> None:
        self._kind = dict.fromkeys(officers, 0)
        self._seen: set[tuple[object, ...]] = set()

    def split(self, weights: Mapping[str, Number]) -> None:
        """Tell apart officers of different weights."""
        mark = tuple(sorted(weights.items()))
        if mark in self._seen:
            return
        self._seen.add(mark)
        names: dict[tuple[int, Number], int] = {}
        for officer, kind in self._kind.items():
            key = (kind, weights.get(officer, 0))
            self._kind[officer] = names.setdefault(key, len(names))

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The groups, in the order of their first officers."""
        found: dict[int, list[str]] = {}
        for officer, kind in self._kind.items():
            found.setdefault(kind, []).append(officer)
        return tuple(tuple(officers) for officers in found.values())


def _told(team: Team) -> tuple[str, ...]:
    """What of a team its needs can depend on: all but the phases, areas and shifts it is for."""
    names = Team.model_fields.keys() - {"phases", "areas", "shifts"}
    return tuple(repr(getattr(team, name)) for name in sorted(names))


@dataclass(frozen=True, slots=True)
class ShiftTeams:
    """What the team rules ask of the patrols of one shift, with officers grouped into kinds."""

    day: int
    shift: str
    kinds: tuple[tuple[str, ...], ...]
    asks: Mapping[str, tuple[Ask, ...]]

    def kind_of(self) -> dict[str, int]:
        """The kind of each officer."""
        return {officer: k for k, officers in enumerate(self.kinds) for officer in officers}


class TeamLevel:
    """Forms the patrols of a problem shift by shift.

    With ``wishes`` also by the rules whose needs only have a price; without, these are not looked
    at.
    """

    def __init__(self, problem: Problem, rules: Sequence[Rule], *, wishes: bool = False) -> None:
        self._problem = problem
        self._wishes = wishes
        self._rules = tuple(
            rule
            for rule in rules
            if isinstance(rule, TeamRule) and rule.used_by(problem)
            if wishes or rule.asked_on <= Level.SHORTAGE
        )
        self._shifts: dict[tuple[int, str], ShiftTeams] = {}
        self._formed: dict[object, Numbers | None] = {}
        self._last: dict[
            tuple[int, str], tuple[tuple[int, ...], tuple[tuple[Ask, ...], ...], bool, Numbers]
        ] = {}
        self._alike: dict[
            object, tuple[tuple[tuple[str, ...], ...], dict[object, tuple[Ask, ...]], list[Need]]
        ] = {}
        self._told: dict[int, tuple[str, ...]] = {}
        self._looked: dict[str, tuple[object, ...]] = {}

    def shift_teams(self, day: int, shift: str) -> ShiftTeams:
        """What is asked of the patrols of a shift."""
        found = self._shifts.get((day, shift))
        if found is None:
            found = self._shifts[day, shift] = self._grouped(day, shift)
        return found

    def _grouped(self, day: int, shift: str) -> ShiftTeams:
        """Officers split into kinds, team by team: areas that need equal teams are looked at once,
        and so are days that ask the same. A rule that looks at the area itself is asked area by
        area and day by day.
        """
        problem = self._problem
        date = problem.date(day)
        first: dict[object, str] = {}
        team_of: dict[str, object] = {}
        for area in problem.areas:
            if problem.patrols_allowed(area.id, date, shift):
                team = problem.team(area.id, date, shift)
                team_of[area.id] = (
                    area.id
                    if team is None or self._by_area
                    else (self._told_by(team), self._looked_at(area))
                )
                first.setdefault(team_of[area.id], area.id)
        needs: list[Need] = []
        like: object = (day, shift)
        if not self._by_area:
            needs = [
                need
                for area in first.values()
                if (team := problem.team(area, date, shift)) is not None
                for rule in self._rules
                for need in rule.needs(problem, team, date, problem.area_by_id[area], shift)
            ]
            asked = [(id(n.officers), n.at_least, n.at_most, id(n.against), n.worth) for n in needs]
            like = (tuple(first), tuple(asked))
        if like not in self._alike:
            # The needs are kept, so that their officers keep their identity.
            self._alike[like] = (*self._asks(first, day, shift), needs)
        kinds, asks, _ = self._alike[like]
        return ShiftTeams(
            day, shift, kinds, {a: asks[team] for a, team in team_of.items() if asks[team]}
        )

    def _asks(
        self, first: Mapping[object, str], day: int, shift: str
    ) -> tuple[tuple[tuple[str, ...], ...], dict[object, tuple[Ask, ...]]]:
        """The kinds of officer, and what each different team asks over them."""
        kinds = Kinds(officer.id for officer in self._problem.officers)
        asked = {team: self._asked(area, day, shift) for team, area in first.items()}
        for asks in asked.values():
            for ask in asks:
                kinds.split(ask.weights)
        groups = kinds.groups()
        return groups, {team: tuple(a.over(groups) for a in asks) for team, asks in asked.items()}

    def _told_by(self, team: Team) -> tuple[str, ...]:
        found = self._told.get(id(team))
        if found is None:
            found = self._told[id(team)] = _told(team)
        return found

    def _looked_at(self, area: Area) -> tuple[object, ...]:
        """What of an area its rules look at, beside the team that its patrols need."""
        found = self._looked.get(area.id)
        if found is None:
            found = tuple(rule.looks_at(self._problem, area) for rule in self._rules)
            self._looked[area.id] = found
        return found

    @cached_property
    def _by_area(self) -> bool:
        """Whether a rule asks of a patrol what no need can say."""
        return any(type(rule).team_limits is not TeamRule.team_limits for rule in self._rules)

    def _asked(self, area: str, day: int, shift: str) -> list[Asked]:
        """What all rules ask of the patrol of an area, officer by officer."""
        problem, columns = self._problem, Columns(self._problem)
        patrol = columns.patrol(area, day, shift)
        member = {columns.member(o.id, area, day, shift): o.id for o in problem.officers}
        return [
            Asked(
                {member[c]: w for c, w in limit.terms if c in member},
                sum((w for c, w in limit.terms if c == patrol), 0),
                limit,
            )
            for rule in self._rules
            for limit in rule.team_limits(problem, columns, area, day, shift)
        ]

    def form(
        self,
        day: int,
        shift: str,
        officers: Sequence[str],
        areas: Sequence[str],
        *,
        short: bool,
        haste: bool = False,
    ) -> dict[str, list[str]] | None:
        """The people on duty in a shift put into its patrols, or ``None`` where they do not fit.

        With ``short`` an ask may be missed at its price and people may be sent home; the cheapest
        teams are formed, in ``haste`` any.
        """
        teams = self.shift_teams(day, shift)
        kind_of = teams.kind_of()
        present: list[list[str]] = [[] for _ in teams.kinds]
        for officer in officers:
            present[kind_of[officer]].append(officer)
        counts = tuple(len(people) for people in present)
        asks = tuple(teams.asks.get(area, ()) for area in areas)
        key = (counts, asks, short)
        if key not in self._formed:
            self._formed[key] = (
                best_formed(counts, asks, short=short, haste=haste)
                if self._wishes
                else self._from_last(day, shift, counts, asks, short=short)
                or formed(counts, asks, short=short, haste=haste)
            )
        numbers = self._formed[key]
        if numbers is not None:
            self._last[day, shift] = (counts, asks, short, numbers)
        if numbers is None:
            return None
        teams_of: dict[str, list[str]] = {area: [] for area in areas}
        for place, people in enumerate(present):
            given = iter(people)
            for area, row in zip(areas, numbers, strict=True):
                teams_of[area] += [next(given) for _ in range(row[place])]
        return teams_of

    def lacking(self, day: int, shift: str, formed: Mapping[str, Sequence[str]]) -> float:
        """What the patrols of a shift lack, at its price."""
        teams = self.shift_teams(day, shift)
        kind_of = teams.kind_of()
        found: Number = 0
        for area, team in formed.items():
            of_kind = Counter(kind_of[officer] for officer in team)
            counts = tuple(of_kind[kind] for kind in range(len(teams.kinds)))
            for ask in teams.asks.get(area, ()):
                if ask.price and ask.at_least is not None:
                    found += ask.price * off(ask, counts)
        return float(found)

    def _from_last(
        self,
        day: int,
        shift: str,
        counts: tuple[int, ...],
        asks: tuple[tuple[Ask, ...], ...],
        *,
        short: bool,
    ) -> Numbers | None:
        """Teams that differ little from those last formed in the shift."""
        last = self._last.get((day, shift))
        if last is None or short or last[2] or last[1] != asks:
            return None
        return swapped(last[3], last[0], counts, asks)

    def add_exactly(self, builder: Builder, columns: Columns, day: int, shift: str) -> None:
        """Add a shift's team rules to a program as they are, over numbers of each kind."""
        teams = self.shift_teams(day, shift)
        seats: dict[tuple[int, str], int] = {}
        for k, officers in enumerate(teams.kinds):
            on = tuple(columns.on(officer, day, shift) for officer in officers)
            for area in teams.asks:
                name = ("seats", k, area, day, shift)
                seats[k, area] = builder.count(name, len(officers), on)
            terms = [(seats[k, area], 1) for area in teams.asks]
            builder.add([Limit([*terms, *((c, -1) for c in on)], at_least=0, at_most=0)])
        for area in teams.asks:
            patrol = columns.patrol(area, day, shift)
            member = {
                columns.member(officers[0], area, day, shift): seats[k, area]
                for k, officers in enumerate(teams.kinds)
            }
            for rule in self._rules:
                for limit in rule.team_limits(self._problem, columns, area, day, shift):
                    kept = [
                        (member.get(c, c), w) for c, w in limit.terms if c in member or c == patrol
                    ]
                    builder.add(
                        [
                            Limit(
                                kept,
                                limit.at_least,
                                limit.at_most,
                                limit.level,
                                limit.below,
                                limit.above,
                            )
                        ]
                    )


class Roles:
    """Gives out the roles of each patrol so that nobody always leads or always drives.

    Roles of the history count, and a role that a pin names goes to whom it names.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._officers = problem.officer_by_id
        self._led: dict[str, int] = dict.fromkeys(self._officers, 0)
        self._driven: dict[str, int] = dict.fromkeys(self._officers, 0)
        for duty in problem.history:
            if duty.role:
                self._led[duty.officer] += "leader" in duty.role
                self._driven[duty.officer] += "driver" in duty.role

    def members(
        self, team: Sequence[str], area: str, date: dt.date, shift: str
    ) -> tuple[Member, ...]:
        """The team of a patrol with its roles, leader first."""
        asked = pinned_roles(self._problem, area, date, shift)
        leaders = [o for o in team if self._officers[o].leader]
        leader = min(
            leaders,
            key=lambda o: (rank(asked, o, "leader"), self._led[o], o),
            default=None,
        )
        drivers = [o for o in team if self._officers[o].driver]
        # Whoever leads drives only where nobody else can.
        driver = min(
            drivers,
            key=lambda o: (rank(asked, o, "driver"), o == leader, self._driven[o], o),
            default=None,
        )
        if leader is not None:
            self._led[leader] += 1
        if driver is not None:
            self._driven[driver] += 1

        def role(officer: str) -> Role:
            if officer == leader:
                return "leader-driver" if officer == driver else "leader"
            return "driver" if officer == driver else "member"

        order = {"leader": 0, "leader-driver": 0, "driver": 1, "member": 2}
        members = [Member(officer=officer, role=role(officer)) for officer in team]
        return tuple(sorted(members, key=lambda m: order[m.role]))
