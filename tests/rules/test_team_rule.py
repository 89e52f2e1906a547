"""What is asked of the teams of a shift together, before they are formed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import pytest

from patrol_scheduler.problem import Area, Officer, Phase, Problem, Team
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Columns, Composition, Leader, Level, Pairs, TeamRule, Violation
from patrol_scheduler.rules.team_rule import Need

from .worked import limit_costs, plan, roster


def test_a_need_counts_its_own_officers_only_unless_told() -> None:
    assert Need("leaders", (), 1) == Need("leaders", (), 1, None, (), 0)


def test_rules_that_only_forbid_miss_nobody() -> None:
    assert Pairs().a_miss == 0


def test_teams_of_one_shift_may_not_stand_in_for_each_other_before_they_are_formed() -> None:
    """Two patrols of one officer of each agency need two of each, however they are formed."""
    problem = plan(teams=(Team(members={"police": 1, "city": 1}),))
    columns = Columns(problem)
    limits = list(Composition().roster_limits(problem, columns))
    made = roster(problem, "2010-08-03 town day P1 P2", "2010-08-03 road day C1")
    values = columns.values(made)
    short = [
        limit
        for limit in limits
        if limit.at_least is not None
        and sum(weight * values[column] for column, weight in limit.terms) < limit.at_least
    ]
    assert [limit.level for limit in short] == [Level.SHORTAGE]
    assert short[0].below == 100
    assert (columns.on("C2", 1, "day"), 1) in short[0].terms
    assert (columns.patrol("town", 1, "day"), -1) in short[0].terms


def test_no_more_go_on_patrol_in_a_shift_than_its_teams_take() -> None:
    """Known before teams are formed, also where the phase leaves out an area without a team."""
    town = Team(members={"police": 1}, areas=("town",))
    phase = Phase(id="routine", start="2010-08-02", end="2010-08-15", areas=("town",))
    for problem in (
        plan(teams=(Team(members={"police": 1}),)),
        plan(teams=(town,), phases=(phase,)),
    ):
        columns = Columns(problem)
        limits = list(Composition().roster_limits(problem, columns))
        crowd = roster(problem, "2010-08-03 town day P1 P2")
        assert limit_costs(limits, columns, crowd) == (1, {})


def test_a_patrol_without_a_team_to_meet_takes_any_number() -> None:
    problem = plan(teams=(Team(members={"police": 1}, areas=("town",)),))
    columns = Columns(problem)
    limits = list(Composition().roster_limits(problem, columns))
    crowd = roster(problem, "2010-08-03 town day P1", "2010-08-03 road day P2 C1 C2")
    assert limit_costs(limits, columns, crowd) == (0, {})


def test_one_team_that_needs_a_leader_is_enough_to_ask_for_one_in_the_shift() -> None:
    teams = (Team(members={"police": 1}), Team(members={"police": 1}, leaders=1, areas=("road",)))
    problem = plan(teams=teams)
    columns = Columns(problem)
    limits = list(Leader().roster_limits(problem, columns))
    nobody = roster(problem, "2010-08-03 town day P1", "2010-08-03 road day P2")
    broken, costs = limit_costs(limits, columns, nobody)
    assert (broken, dict(costs)) == (0, {Level.SHORTAGE: Fraction(100)})


EVERYBODY = plan().officers


POLICE, P1 = EVERYBODY[:2], EVERYBODY[:1]


class Asked(TeamRule):
    """A rule from outside that asks of the patrols of areas what a test says."""

    rule: Literal["asked"] = "asked"
    of: dict[str, Need]

    @property
    def asked_on(self) -> Level:
        return Level.WISHES

    @property
    def a_miss(self) -> int:
        return 7

    def needs(
        self, problem: Problem, team: Team, date: dt.date, area: Area, shift: str
    ) -> Iterator[Need]:
        if area.id in self.of:
            yield self.of[area.id]

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        yield from ()


def police(at_least: int, *officers: Officer, against: tuple[Officer, ...] = ()) -> Need:
    return Need("some", officers or POLICE, at_least, against=against, worth=1)


@pytest.mark.parametrize(
    ("wished", "met", "counted"),
    [
        ({"town": police(2)}, {}, {"town": 2}),
        ({"town": police(2)}, {"road": police(1)}, {"town": 2, "road": 1}),
        ({"town": police(2)}, {"road": police(0)}, {"town": 2}),
        ({"town": police(2)}, {"road": police(1, *P1)}, {"town": 2, "road": 1}),
        ({"town": police(2)}, {"road": police(1, *EVERYBODY)}, {"town": 2}),
        ({"town": police(2)}, {"road": police(1, against=P1)}, {"town": 2}),
        ({"town": police(2)}, {"town": police(1)}, {"town": 2}),
        ({"town": police(1)}, {"town": police(2)}, {"town": 2}),
        ({"town": police(2), "road": police(0)}, {"road": police(1)}, {"town": 2, "road": 1}),
        ({"town": police(2, against=P1)}, {"road": police(1)}, {"town": 2}),
        ({"town": police(0)}, {"road": police(1)}, None),
    ],
)
def test_a_wish_is_not_met_by_whom_another_patrol_of_the_shift_needs(
    wished: dict[str, Need], met: dict[str, Need], counted: dict[str, int] | None
) -> None:
    """Counted of one group: what each patrol has, or should have, if what must be met is met."""
    problem = plan(teams=(Team(members={"police": 1}),))
    columns = Columns(problem)
    patrols = {columns.patrol(area, 1, "day"): area for area in ("town", "road")}
    limits = list(Asked(of=wished).shift_limits(problem, columns, 1, "day", [Asked(of=met)]))
    if counted is None:
        assert not limits
        return
    [limit] = limits
    assert (limit.at_least, limit.level, limit.below) == (0, Level.WISHES, 7)
    found = {patrols[column]: -weight for column, weight in limit.terms if column in patrols}
    assert found == counted
