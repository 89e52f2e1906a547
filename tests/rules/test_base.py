"""What every rule can do: which rules a plan has, whom they look at, and what they say."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, ClassVar, Literal

import pytest

from patrol_scheduler.problem import Agency, Area, Officer, Phase, Post, Problem, RuleSetting, Shift
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
    PatrolsAtMost,
    Texts,
    Violation,
    WeekendsAtMost,
    WithinPhase,
    rules_of,
)
from patrol_scheduler.rules.base import place_label

from .worked import plan, roster


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
    assert "1 officer of navy needed" in Composition().say(short, plan(), "en")
    at = (("post", "pier"),)
    lost = Violation("within-phase", "post", Level.MUST, one, one, date, "P1", details=at)
    assert "P1 is at pier" in WithinPhase().say(lost, plan(), "en")


def test_rules_not_mentioned_work_with_their_defaults_in_the_order_of_the_list() -> None:
    found = rules_of(plan())
    assert found == tuple(rule for kind in ALL for rule in kind.defaults() if rule.on)
    off = {kind for kind in ALL if not any(rule.on for rule in kind.defaults())}
    assert off.issuperset((PatrolsAtMost, WeekendsAtMost))


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
    assert all(name in told for name in ("patrol of Town: ", "Morning (day)", "Police (police)"))


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
    about = (violation.date, violation.officer, violation.area, violation.shift)
    assert about == (None, None, None, None)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("东片", "西片"), ("东片", "西片")),
        (("东片", "东片"), ("东片（a）", "东片（b）")),
        (("东片", ""), ("东片", "b")),
        (("b", "西片"), ("b (a)", "西片")),
        ((" 东 \n 片", "东片"), ("东 片", "东片")),
    ],
)
def test_a_place_is_told_by_its_name_and_by_its_id_where_another_is_called_so(
    names: tuple[str, str], expected: tuple[str, str]
) -> None:
    areas = tuple(Area(id=one, name=name) for one, name in zip("ab", names, strict=True))
    unchecked: Any = Problem
    problem = unchecked.model_construct(areas=areas, posts=())
    assert tuple(place_label(problem, one) for one in "ab") == expected


def test_posts_that_are_called_alike_are_told_with_their_ids() -> None:
    posts = (Post(id="north", name="卡口"), Post(id="south", name="卡口"), Post(id="gate"))
    unchecked: Any = Problem
    problem = unchecked.model_construct(areas=(), posts=posts)
    told = [place_label(problem, post.id) for post in posts]
    assert told == ["卡口（north）", "卡口（south）", "gate"]
