"""What every rule is made of: numbers, columns, labels, and which rules a plan has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

import pytest

from patrol_scheduler.problem import Agency, Area, Officer, Phase, Problem, RuleSetting, Shift, Team
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import (
    ALL,
    Columns,
    Composition,
    DutiesAtMost,
    Effort,
    FairShare,
    Leader,
    Level,
    Limit,
    OneDutyADay,
    OnLeave,
    Pairs,
    PatrolsAtMost,
    TeamRule,
    Texts,
    Violation,
    WeekendsAtMost,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.rules.base import Need, at_most, exact, label, never, plain

from .worked import limit_costs, past, plan, roster


def test_levels_come_in_the_order_in_which_they_count() -> None:
    assert list(Level) == [Level.MUST, Level.SHORTAGE, Level.FAIRNESS, Level.WISHES]
    assert [level.value for level in Level] == [0, 1, 2, 3]


def test_a_limit_asks_and_charges_nothing_unless_told() -> None:
    assert Limit([]) == Limit([], None, None, Level.MUST, 0, 0)


def test_a_need_counts_its_own_officers_only_unless_told() -> None:
    assert Need("leaders", (), 1) == Need("leaders", (), 1, None, (), 0)


def test_decimals_mean_what_is_written() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(3) == 3
    assert exact(Fraction(1, 3)) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("number", "told"), [(3, "3"), (2.0, "2"), (2.5, "2.50"), (Fraction(4, 3), "1.33")]
)
def test_numbers_are_told_with_two_decimals_or_none(number: float, told: str) -> None:
    assert plain(number) == told


@pytest.mark.parametrize(
    ("identifier", "name", "told"),
    [
        ("P1", "甲", "甲（P1）"),
        ("P1", "", "P1"),
        ("甲", "甲", "甲"),
        (None, "甲", ""),
        ("P1", "甲 A", "甲 A（P1）"),
        ("P1", "Ａ", "Ａ（P1）"),
        ("P1", "line\nand\ttab ", "line and tab (P1)"),
    ],
)
def test_labels_hold_name_and_id_on_one_line(identifier: str | None, name: str, told: str) -> None:
    assert label(identifier, name) == told


def test_a_name_that_looks_like_a_place_in_a_sentence_is_told_as_it_is() -> None:
    problem = plan(
        agencies=(Agency(id="police"),),
        officers=(Officer(id="P1", agency="police", name="{date} {0} %s", joins="2010-09-01"),),
    )
    [violation] = OnLeave().violations(problem, roster(problem, "2010-08-03 town day P1"))
    assert OnLeave().say(violation, problem, "en") == (
        "{date} {0} %s (P1) is on leave or not in the group on 2010-08-03, "
        "but is on duty in shift day."
    )


def test_what_a_plan_no_longer_knows_is_told_by_its_id() -> None:
    one, date = Fraction(1), dt.date(2010, 8, 3)
    gone = Violation(
        "within-phase", "broken", Level.MUST, one, one, date, area="quay", shift="dawn"
    )
    assert WithinPhase().say(gone, plan(), "en").startswith("2010-08-03 dawn: quay cannot be")
    tired = Violation(
        "effort", "duties", Level.WISHES, one, one, officer="P9", details=(("duties", 1),)
    )
    assert Effort().say(tired, plan(), "en") == "Duties of P9: 1."
    needed = (("needed", 1), ("present", 0), ("agency", "navy"))
    short = Violation("composition", "agency", Level.SHORTAGE, one, one, date, details=needed)
    assert "1 officer(s) of navy needed" in Composition().say(short, plan(), "en")
    at = (("post", "pier"),)
    lost = Violation("within-phase", "post", Level.MUST, one, one, date, "P1", details=at)
    assert "P1 is at pier" in WithinPhase().say(lost, plan(), "en")


def test_a_limit_that_the_history_exceeds_lets_nothing_be_added() -> None:
    columns = Columns(plan())
    new = columns.on("P1", 0, "day")
    terms = [(Columns.YES, 2), (Columns.NO, 9), (Columns.YES, 1), (new, 1)]
    assert at_most(terms, 1) == Limit([(Columns.YES, 2), (Columns.YES, 1), (new, 1)], at_most=3)
    assert at_most(terms, 5).at_most == 5


def test_any_of_nothing_is_never_and_any_of_one_is_this_one() -> None:
    columns = Columns(plan())
    one = columns.patrol("town", 0, "day")
    assert columns.any_of(("nothing",), []) == Columns.NO
    assert columns.any_of(("one",), [one]) == one
    assert len(columns) == 3


def test_a_column_that_may_never_be_is_counted_at_most_no_time() -> None:
    columns = Columns(plan())
    limit = never(columns.patrol("town", 0, "day"))
    assert limit_costs([limit], columns, roster(plan(), "2010-08-02 town day P1")) == (1, {})
    assert limit_costs([limit], columns, roster(plan(), "2010-08-02 town night P1")) == (0, {})


def test_the_history_answers_for_the_days_before_the_plan() -> None:
    problem = plan(history=past("2010-08-01 town day P1", "2010-07-31 gate night C1"))
    columns = Columns(problem)
    yes, no = Columns.YES, Columns.NO
    assert columns.names == [("no",), ("yes",)]
    assert len(columns) == 2
    assert [columns.on("P1", -1, shift) for shift in ("day", "night")] == [yes, no]
    assert [columns.on("C1", -2, "night", post) for post in (None, "gate")] == [no, yes]
    assert [columns.works("P1", day) for day in (-1, -2)] == [yes, no]
    assert [columns.in_shift("C1", -2, shift) for shift in ("day", "night")] == [no, yes]
    assert [columns.visited("town", day) for day in (-1, -2)] == [yes, no]
    assert columns.visited("road", -1) == no
    assert len(columns) == 2, "constants need no column"


def test_columns_of_day_0_and_later_are_the_planners_to_decide() -> None:
    problem = plan(history=past("2010-08-01 town day P1"))
    columns = Columns(problem)
    assert columns.visited("town", 0) > 1
    assert columns.on("P1", 0, "day") > 1
    assert columns.works("P1", 0) > 1
    assert columns.in_shift("P1", 0, "day") > 1
    assert columns.on("P1", 0, "day") == columns.on("P1", 0, "day", None)
    assert columns.names[columns.on("P1", 0, "day", "gate")] == ("on", "P1", 0, "day", "gate")
    assert columns.names[columns.patrol("town", 0, "day")] == ("patrol", "town", 0, "day")
    assert columns.names[columns.visited("town", 0)] == ("visited", "town", 0)
    assert columns.names[columns.works("P1", 0)] == ("works", "P1", 0)
    assert columns.names[columns.in_shift("P1", 0, "day")] == ("in-shift", "P1", 0, "day")
    assert columns.names[columns.member("P1", "town", 0, "day")] == (
        "member", "P1", "town", 0, "day",
    )  # fmt: skip


def test_every_column_has_the_value_that_the_roster_gives_it() -> None:
    problem = plan()
    columns = Columns(problem)
    asked = {
        columns.patrol("town", 1, "day"): 1,
        columns.patrol("town", 1, "night"): 0,
        columns.member("P1", "town", 1, "day"): 1,
        columns.member("P1", "road", 1, "day"): 0,
        columns.on("P1", 1, "day"): 1,
        columns.on("P1", 1, "day", "gate"): 0,
        columns.on("C1", 1, "night", "gate"): 1,
        columns.visited("town", 1): 1,
        columns.visited("town", 2): 0,
        columns.works("P1", 1): 1,
        columns.works("C1", 1): 1,
        columns.works("C2", 1): 0,
        columns.in_shift("C1", 1, "night"): 1,
        columns.in_shift("C1", 1, "day"): 0,
    }
    load = [(columns.on(officer, 1, "day"), 2) for officer in ("P1", "P2")]
    asked[columns.sum_of(("twice",), load)] = 4
    made = roster(problem, "2010-08-03 town day P1 P2", "2010-08-03 gate night C1")
    values = columns.values(made)
    assert values[:2] == [0, 1]
    assert {column: values[column] for column in asked} == asked


def test_columns_are_carried_over_into_another_numbering() -> None:
    """With all that they follow from, which is numbered before them there, too."""
    problem = plan()
    here, there = Columns(problem), Columns(problem)
    there.patrol("road", 5, "night")  # so that numbers differ
    works = there.works("P1", 1)
    twice = there.sum_of(("twice",), [(works, 2), (there.on("P2", 1, "day"), 2)])
    assert [here.like(there, column) for column in (Columns.NO, Columns.YES)] == [0, 1]
    found = here.like(there, twice)
    assert here.names[2:] == [
        ("on", "P1", 1, "day", None),
        ("on", "P1", 1, "day", "gate"),
        ("on", "P1", 1, "night", None),
        ("on", "P1", 1, "night", "gate"),
        ("works", "P1", 1),
        ("on", "P2", 1, "day", None),
        ("twice",),
    ]
    assert found == here.sum_of(("twice",), []) == 8
    assert here.any_parts == {6: (2, 3, 4, 5)}
    assert here.sum_parts == {8: ((6, 2), (7, 2))}
    made = roster(problem, "2010-08-03 town day P2", "2010-08-03 gate night P1")
    assert here.values(made)[found] == 4


def test_a_past_patrol_is_a_turn_where_the_plan_itself_has_no_area() -> None:
    problem = plan(areas=(), cadences=(), history=past("2010-08-01 town day P1"))
    columns = Columns(problem)
    turns = [shift for shift, turn in columns.turns("P1", -1) if turn == Columns.YES]
    assert turns == ["day"]


def test_a_column_of_one_part_is_that_part() -> None:
    columns = Columns(plan(shifts=plan().shifts[:1]))
    assert columns.visited("town", 0) == columns.patrol("town", 0, "day")


def test_a_plan_without_areas_has_no_patrol_duty() -> None:
    columns = Columns(plan(areas=(), cadences=()))
    assert columns.places == ("gate",)
    assert columns.turns("P1", 0) == [
        (shift, columns.on("P1", 0, shift, "gate")) for shift in ("day", "night")
    ]
    assert Columns(plan()).places == (None, "gate")


def test_rules_not_mentioned_work_with_their_defaults_in_the_order_of_the_list() -> None:
    found = rules_of(plan())
    assert found == tuple(rule for kind in ALL for rule in kind.defaults() if rule.on)
    off = {kind for kind in ALL if not any(rule.on for rule in kind.defaults())}
    assert {PatrolsAtMost, WeekendsAtMost} <= off


def test_a_stated_rule_replaces_its_defaults_once_for_each_statement() -> None:
    stated = (DutiesAtMost(duties=3), DutiesAtMost(duties=9, per="month", agencies=("city",)))
    found = rules_of(plan(rules=(*stated, FairShare(on=False))))
    assert tuple(rule for rule in found if isinstance(rule, DutiesAtMost)) == stated
    assert not any(isinstance(rule, FairShare) for rule in found)


def test_the_scope_of_an_officers_rule_is_everybody_or_who_is_named() -> None:
    problem = plan()
    assert [o.id for o in Effort().who(problem)] == ["P1", "P2", "C1", "C2"]
    assert [o.id for o in Effort(officers=("P2",)).who(problem)] == ["P2"]
    assert [o.id for o in Effort(agencies=("city",)).who(problem)] == ["C1", "C2"]
    both = Effort(officers=("P2",), agencies=("city",))
    assert [o.id for o in both.who(problem)] == ["P2", "C1", "C2"]
    assert [o.id for o in Effort(officers=("C2", "P1")).who(problem)] == ["P1", "C2"]
    assert Effort(officers=("P9",)).who(problem) == ()


def test_of_those_in_the_scope_a_rule_may_keep_the_ones_with_some_labour_profile() -> None:
    staff = (
        Officer(id="P1", agency="police", status="police"),
        Officer(id="P2", agency="police", status="assistant"),
        Officer(id="C1", agency="city", status="assistant"),
        Officer(id="C2", agency="city"),
    )
    problem = plan(officers=staff)
    scopes = (
        Effort(labour=("contract",)),
        Effort(labour=("contract",), agencies=("city",)),
        Effort(labour=("contract",), officers=("P1", "P2")),
        Effort(labour=("civil-servant", "none")),
    )
    assert [[o.id for o in rule.who(problem)] for rule in scopes] == [
        ["P2", "C1"], ["C1"], ["P2"], ["P1", "C2"],
    ]  # fmt: skip


class Curfew(Leader):
    """A rule from outside that goes on from one of the package."""

    rule: Literal["curfew"] = "curfew"  # type: ignore[assignment]  # a name of its own
    texts: ClassVar[Texts] = {
        "en": {"sentence": "Home by ten.", "late": "{officer}, {partner}: {amount} h."},
        "zh-CN": {"sentence": "十点前回家。"},
    }


def test_a_rule_from_outside_works_as_stated_beside_the_one_it_goes_on_from() -> None:
    defaults = rules_of(plan())
    stated = (Curfew(price=7), Curfew(on=False), RuleSetting(rule="unheard-of"))
    assert rules_of(plan(rules=stated)) == (*defaults, Curfew(price=7))


def test_a_rule_that_brings_its_own_sentences_says_them() -> None:
    problem = plan(
        agencies=(Agency(id="police"),),
        officers=(
            Officer(id="P1", agency="police"),
            Officer(id="P2", agency="police", name="Two"),
        ),
    )
    amount, who = Fraction(3, 2), (("partner", "P2"),)
    late = Violation("curfew", "late", Level.MUST, amount, amount, officer="P1", details=who)
    assert Curfew().say(late, problem, "en") == "P1, Two (P2): 1.50 h."
    assert Curfew().sentence("en") == "Home by ten."
    assert Curfew().sentence("zh-CN") == "十点前回家。"
    assert Leader().sentence("en") != "Home by ten."


class Lantern(Leader):
    """A rule from outside with a name of its own in one language."""

    rule: Literal["lantern"] = "lantern"  # type: ignore[assignment]  # a name of its own
    texts: ClassVar[Texts] = {"en": {"name": "Lantern"}, "zh-CN": {"sentence": "带灯。"}}


def test_a_rule_goes_by_its_name_or_one_from_outside_by_its_code() -> None:
    assert [Lantern().title(lang) for lang in ("en", "zh-CN")] == ["Lantern", "lantern"]
    assert [Leader().title(lang) for lang in ("en", "zh-CN")] == ["Leader of a patrol", "带队人员"]


def test_areas_shifts_and_agencies_are_told_by_their_names() -> None:
    problem = plan(
        agencies=(Agency(id="police", name="Police"),),
        officers=(Officer(id="P1", agency="police"),),
        areas=(Area(id="town", name="Town"),),
        shifts=(Shift(id="day", name="Morning", start="08:00", end="16:00"),),
        cadences=(),
    )
    one, date = Fraction(1), dt.date(2010, 8, 3)
    needed = (("agency", "police"), ("needed", 1), ("present", 0))
    short = Violation(
        "composition", "agency", Level.SHORTAGE, one, one, date, None, "town", "day", needed
    )
    told = Composition().say(short, problem, "en")
    assert all(name in told for name in ("Town (town)", "Morning (day)", "Police (police)"))


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
    assert limit_costs(limits, columns, nobody) == (0, {Level.SHORTAGE: 100})


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


def test_before_teams_are_formed_only_one_duty_a_shift_counts_for_a_day() -> None:
    phases = (Phase(id="routine", start="2010-08-02", end="2010-08-02"),)
    for problem in (plan(phases=phases), plan(phases=phases, posts=())):
        columns = Columns(problem)
        limits = list(OneDutyADay(officers=("P1",)).roster_limits(problem, columns))
        turns = [(turn, 1) for _, turn in columns.turns("P1", 0)]
        assert limits == [Limit([*turns, (columns.works("P1", 0), -1)], at_most=0)]


def test_a_violation_is_told_with_exact_cost_and_amount() -> None:
    violation = Violation("effort", "duties", Level.FAIRNESS, Fraction(2), Fraction(1, 5))
    assert violation.details == ()
    assert violation.date is violation.officer is violation.area is violation.shift is None
