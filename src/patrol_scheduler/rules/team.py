"""Rules about who is together in one patrol."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from patrol_scheduler.problem import Area, Officer, Problem, Team
from patrol_scheduler.records import Amount
from patrol_scheduler.roster import Patrol, Roster
from patrol_scheduler.rules.base import Violation
from patrol_scheduler.rules.columns import Columns, Number
from patrol_scheduler.rules.limits import Level, Limit, PricedLevel, exact
from patrol_scheduler.rules.team_rule import Need, TeamRule


def patrols_of(problem: Problem, roster: Roster) -> Iterator[tuple[Patrol, Team, list[Officer]]]:
    """Every patrol that has a team to meet, with the officers in it, each once."""
    for patrol in roster.patrols:
        team = problem.team(patrol.area, patrol.date, patrol.shift)
        if team is not None:
            ids = dict.fromkeys(member.officer for member in patrol.members)
            yield patrol, team, [problem.officer_by_id[officer] for officer in ids]


class CountingRule(TeamRule):
    """What team rules share that ask for enough officers, each of whom costs when missing."""

    price: Amount = 100

    @property
    def a_miss(self) -> Number:
        return exact(self.price)

    def short(
        self, patrol: Patrol, what: str, needed: int, present: int, *more: tuple[str, object]
    ) -> Iterator[Violation]:
        """The officers that a patrol has too few, if any, as a shortage."""
        if present < needed:
            amount = Fraction(needed - present)
            yield self.violation(
                patrol, what, Level.SHORTAGE, amount, amount * exact(self.price),
                (("needed", needed), ("present", present), *more),
            )  # fmt: skip

    def violation(
        self,
        patrol: Patrol,
        what: str,
        level: Level,
        amount: Fraction,
        cost: Fraction,
        details: tuple[tuple[str, object], ...],
    ) -> Violation:
        """What is wrong with a patrol."""
        return Violation(
            self.rule,
            what,
            level,
            amount,
            cost,
            patrol.date,
            area=patrol.area,
            shift=patrol.shift,
            details=details,
        )


class TeamWishes(TeamRule):
    """What team rules share whose needs only have a price, on a goal of the plan's choice."""

    price: Amount
    level: PricedLevel = "wishes"

    @property
    def asked_on(self) -> Level:
        return Level[self.level.upper()]

    @property
    def a_miss(self) -> Number:
        return exact(self.price)


class Composition(CountingRule):
    """A patrol has the officers of each agency that its team needs, and the team's size."""

    rule: Literal["composition"] = "composition"

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for agency in team.agencies if team.varies else ():
            most = team.most_of(agency) + team.extra
            least = team.members.get(agency, 0)
            yield Need(("agency", agency), problem.officers_of[agency], least, most)
        for agency, needed in team.members.items() if not team.varies else ():
            yield Need(("agency", agency), problem.officers_of[agency], needed)
        if team.varies and (others := problem.staff.not_of(team.agencies)):
            yield Need(("others", team.agencies), others, 0, team.extra)
        # Without extra members the agencies' own numbers already give the size.
        yield Need("size", problem.officers, team.size if team.extra else 0, team.largest)

    def shift_limits(
        self,
        problem: Problem,
        columns: Columns,
        day: int,
        shift: str,
        beside: Sequence[TeamRule] = (),
    ) -> Iterator[Limit]:
        yield from super().shift_limits(problem, columns, day, shift, beside)
        # Where teams with and without extra members meet in a shift, only the sum of all sizes
        # keeps one patrol's extra members from standing in for another's agencies. Its price is
        # nothing, because the needs above already charge every empty seat.
        date = problem.date(day)
        sizes = [
            (columns.patrol(area.id, day, shift), team)
            for area in problem.areas
            if problem.patrols_allowed(area.id, date, shift)
            and (team := problem.team(area.id, date, shift)) is not None
        ]
        if len({bool(team.extra) for _, team in sizes}) > 1:
            terms: list[tuple[int, Number]] = [
                (columns.on(officer.id, day, shift), 1) for officer in problem.officers
            ]
            terms += [(patrol, -team.size) for patrol, team in sizes]
            yield Limit(terms, at_least=0, level=Level.SHORTAGE)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            for agency, needed in team.members.items():
                present = sum(1 for officer in officers if officer.agency == agency)
                yield from self.short(patrol, "agency", needed, present, ("agency", agency))
            if team.extra:
                yield from self.short(patrol, "size", team.size, len(officers))
            if team.varies:
                yield from self._too_many_of(problem, patrol, team, officers)
            if len(officers) > team.largest:
                amount = Fraction(len(officers) - team.largest)
                yield self.violation(
                    patrol, "too-many", Level.MUST, amount, amount,
                    (("needed", team.largest), ("present", len(officers))),
                )  # fmt: skip

    def _too_many_of(
        self, problem: Problem, patrol: Patrol, team: Team, officers: list[Officer]
    ) -> Iterator[Violation]:
        """Of a single agency, or of those that the team does not name together."""
        named = {agency: team.most_of(agency) for agency in team.agencies}
        for agency, most in [*named.items(), ("", 0)]:
            present = sum(1 for o in officers if (o.agency if o.agency in named else "") == agency)
            if present > most + team.extra:
                amount = Fraction(present - most - team.extra)
                yield self.violation(
                    patrol, "too-many-of" if agency else "others", Level.MUST, amount, amount,
                    (("needed", most + team.extra), ("present", present), ("agency", agency)),
                )  # fmt: skip


class Seats(TeamRule):
    """A patrol has no more officers than its car has seats.

    Of several cars of an area the largest counts. What the team's own size keeps is not asked
    again.
    """

    rule: Literal["seats"] = "seats"

    def used_by(self, problem: Problem) -> bool:
        return bool(problem.seats)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        seats = problem.seats.get(area.id)
        if seats is not None and seats < team.largest:
            yield Need(self.rule, problem.officers, 0, seats)

    def looks_at(self, problem: Problem, area: Area) -> int | None:
        return problem.seats.get(area.id)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            cars = [vehicle for vehicle in problem.vehicles if patrol.area in vehicle.areas]
            seats = [car.seats for car in cars if car.seats is not None]
            if not cars or len(seats) < len(cars):
                continue
            if max(seats) < min(len(officers), team.largest):
                amount = Fraction(len(officers) - max(seats))
                car = next(car for car in cars if car.seats == max(seats))
                yield Violation(
                    self.rule, "above", Level.MUST, amount, amount, patrol.date,
                    area=patrol.area, shift=patrol.shift,
                    details=(
                        ("vehicle", " ".join((car.name or car.id).split())),
                        ("seats", max(seats)),
                        ("present", len(officers)),
                    ),
                )  # fmt: skip


class IdealStrength(TeamWishes):
    """A patrol has the ideal number of officers of each agency; each one too few costs ``price``.

    On the goal ``fairness`` an officer more is worth it where ``price`` is above what a duty costs
    there, such as that of the rule ``effort``.
    """

    rule: Literal["ideal-strength"] = "ideal-strength"
    price: Amount = 15
    level: PricedLevel = "fairness"

    def used_by(self, problem: Problem) -> bool:
        return any(team.ideal for team in problem.teams)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for agency, ideal in team.ideal.items():
            yield Need((self.rule, agency), problem.officers_of[agency], ideal)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            for agency, ideal in team.ideal.items():
                present = sum(1 for officer in officers if officer.agency == agency)
                if present < ideal:
                    amount = Fraction(ideal - present)
                    yield Violation(
                        self.rule, "below", Level[self.level.upper()], amount,
                        amount * exact(self.price), patrol.date,
                        area=patrol.area, shift=patrol.shift,
                        details=(("ideal", ideal), ("present", present), ("agency", agency)),
                    )  # fmt: skip


class Certificates(CountingRule):
    """A patrol has enough officers of an agency whose certificate is valid on its date.

    Penalties need at least two certified officers (Administrative Penalty Law 2021, art. 42; in
    2010 the 1996 text, art. 37), of the agency that would act.
    """

    rule: Literal["certificates"] = "certificates"

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        for agency, needed in team.certified.items():
            yield Need((self.rule, agency), problem.staff.certified(agency, date), needed)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            for agency, needed in team.certified.items():
                valid = [
                    officer
                    for officer in officers
                    if officer.agency == agency and officer.certified_on(patrol.date)
                ]
                yield from self.short(patrol, "broken", needed, len(valid), ("agency", agency))


class NamedRole(CountingRule):
    """What the rules about leading and driving share: enough who can, and one of them is named.

    Roles are given when a team is known, so the search only counts who can; a roster from
    elsewhere may name nobody, or somebody who cannot.
    """

    part: ClassVar[Literal["leader", "driver"]]

    @abstractmethod
    def asked(self, team: Team) -> int:
        """How many a team needs."""

    @abstractmethod
    def able(self, problem: Problem) -> tuple[Officer, ...]:
        """Who can, in the whole plan."""

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        yield Need(self.rule, self.able(problem), self.asked(team))

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        yield from super().limits(problem, columns)
        for day, date in enumerate(problem.dates):
            for shift in problem.shifts:
                for area in problem.areas:
                    team = problem.team(area.id, date, shift.id)
                    if team is not None and self.asked(team):
                        yield self._named(problem, columns, (area.id, day, shift.id))

    def _named(self, problem: Problem, columns: Columns, patrol: tuple[str, int, str]) -> Limit:
        """Where somebody can, somebody who can is named."""
        able = [officer.id for officer in self.able(problem)]
        there = columns.any_of(
            ("able", self.part, *patrol), [columns.member(officer, *patrol) for officer in able]
        )
        named: list[tuple[int, Number]] = [
            (columns.role(officer, *patrol, self.part), 1) for officer in able
        ]
        return Limit(
            [*named, (there, -1)], at_least=0, level=Level.SHORTAGE, below=exact(self.price)
        )

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            needed = self.asked(team)
            can = [officer.id for officer in officers if getattr(officer, self.part)]
            yield from self.short(patrol, "broken", needed, len(can))
            named = {m.officer for m in patrol.members if self.part in m.role.split("-")}
            if needed and can and named.isdisjoint(can):
                cost = exact(self.price)
                yield self.violation(patrol, "unnamed", Level.SHORTAGE, Fraction(1), cost, ())


class Leader(NamedRole):
    """A patrol has enough officers who can lead it, and one of them is named as its leader."""

    rule: Literal["leader"] = "leader"
    part = "leader"

    def asked(self, team: Team) -> int:
        return team.leaders

    def able(self, problem: Problem) -> tuple[Officer, ...]:
        return problem.staff.leaders


class Driver(NamedRole):
    """A patrol has enough officers who can drive, and one of them is named as its driver."""

    rule: Literal["driver"] = "driver"
    part = "driver"

    def asked(self, team: Team) -> int:
        return team.drivers

    def able(self, problem: Problem) -> tuple[Officer, ...]:
        return problem.staff.drivers


class FamiliarOfficers(CountingRule):
    """A patrol has enough officers who know its area, where its team asks for them."""

    rule: Literal["familiar-officers"] = "familiar-officers"

    def used_by(self, problem: Problem) -> bool:
        return any(team.familiar_officers for team in problem.teams)

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        officers = problem.staff.familiar_with[area.id]
        yield Need((self.rule, area.id), officers, team.familiar_officers)

    def looks_at(self, problem: Problem, area: Area) -> object:
        return problem.staff.knowing.get(area.id)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        for patrol, team, officers in patrols_of(problem, roster):
            familiar = sum(1 for officer in officers if patrol.area in officer.familiar)
            yield from self.short(patrol, "broken", team.familiar_officers, familiar)
