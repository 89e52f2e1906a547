"""Changes told to a leader: one sentence for what befalls a whole patrol."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler import Problem, Roster, replan
from patrol_scheduler.outputs.change_report import change_report
from patrol_scheduler.problem import PatrolDate
from patrol_scheduler.replanning.changes import changes_between
from patrol_scheduler.replanning.difference import difference
from patrol_scheduler.replanning.telling import passages
from patrol_scheduler.roster import Member
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.strategies import changed

MARKET = next(p for p in DRAWN.patrols if p.area == "market" and p.date == day("2010-09-14"))
TEAM = [member.officer for member in MARKET.members]


def moved(to: str, *people: str) -> Roster:
    """The roster in which the market's patrol of the 14th goes out on another day."""
    members = tuple(Member(officer=one, role="member") for one in people)
    patrol = MARKET.model_copy(update={"date": day(to), "members": members})
    others = (p for p in DRAWN.patrols if p.id != MARKET.id)
    return Roster(patrols=tuple(sorted((*others, patrol), key=lambda p: p.date)))


def told(problem: Problem, after: Roster, lang: str = "en") -> list[list[str]]:
    changes = changes_between(problem, DRAWN, after)
    return [list(passage.lines()) for passage in passages(changes, problem, lang)]


def test_a_patrol_that_moves_with_its_people_is_one_sentence() -> None:
    old, new = "2010-09-14 上午（am）", "2010-09-15 上午（am）"
    for lang, begins in (
        ("en", f"集市: the patrol of {old} moves to {new}; going along (3): "),
        ("zh-CN", f"集市：{old}的巡逻改到 {new}；随同改期 3 人："),
    ):
        ((sentence,),) = told(town(), moved("2010-09-15", *TEAM), lang)
        assert sentence.startswith(begins)
        assert all(f"（{officer}）" in sentence for officer in TEAM)
    # For other systems each duty stays one: three dropped, three added.
    assert len(changes_between(town(), DRAWN, moved("2010-09-15", *TEAM))) == 6


def test_below_it_stand_who_no_longer_goes_and_who_is_new() -> None:
    new = next(o.id for o in town().officers if o.agency == "cg" and o.id not in TEAM)
    *stay, gone = TEAM
    ((sentence, *below),) = told(town(), moved("2010-09-15", *stay, new))
    assert "going along (2)" in sentence
    assert [line.split("（")[1] for line in below] == [f"{gone}）.", f"{new}）."]
    assert [line.split(":")[0] for line in below] == ["  No longer (1)", "  New (1)"]
    ((sentence, *_),) = told(town(), moved("2010-09-15", new))
    assert "moves to 2010-09-15 上午（am）, with other people." in sentence


def test_the_reason_of_a_move_is_told_once() -> None:
    closed = changed(town(), patrol_dates=(
        PatrolDate(areas=("market",), dates=(MARKET.date,), want="forbidden"),
    ))  # fmt: skip
    ((sentence,),) = told(closed, moved("2010-09-15", *TEAM))
    assert sentence.count("Reason:") == 1
    assert sentence.count("2010-09-14") == 2  # where it was, and that none may be there


def test_people_who_leave_together_for_one_reason_are_one_sentence() -> None:
    without = Roster(patrols=tuple(p for p in DRAWN.patrols if p.id != MARKET.id))
    ((sentence,),) = told(town(), without)
    assert all(f"（{officer}）" in sentence for officer in TEAM)
    # Who was on leave has a reason of their own.
    ill = on_leave(town(), (TEAM[0],), "2010-09-14", "2010-09-14")
    assert sorted(len(lines) for lines in told(ill, without)) == [1, 1]


def test_who_takes_over_is_rather_of_the_same_agency() -> None:
    police = next(o.id for o in town().officers if o.agency == "ga" and o.id not in TEAM)
    urban = next(o.id for o in town().officers if o.agency == "cg" and o.id not in TEAM)
    agency = {officer.id: officer.agency for officer in town().officers}
    stay = [officer for officer in TEAM if agency[officer] == "ga"]
    gone = [officer for officer in TEAM if agency[officer] == "cg"][-1]
    rest = [officer for officer in TEAM if officer not in (gone, *stay)]
    changes = changes_between(town(), DRAWN, moved("2010-09-14", *stay, *rest, police, urban))
    assert {(change.out, change.into) for change in changes} == {(gone, urban), (None, police)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_sets_people_below_their_patrol(lang: str) -> None:
    *stay, gone = TEAM
    found = difference(town(), DRAWN, moved("2010-09-15", *stay))
    page = change_report(town(), found.told(lang), lang)
    assert page.count("<li>") == 2
    assert f"（{gone}）" in page.partition("<ul>")[2]


def test_a_patrol_becomes_the_nearest_new_one_with_most_of_its_people() -> None:
    # The market may not be patrolled on the 14th any more: what comes instead nearby is that
    # patrol, not one of another week.
    closed = changed(town(), patrol_dates=(
        PatrolDate(areas=("market",), dates=(MARKET.date,), want="forbidden"),
    ))  # fmt: skip
    found = replan(closed, DRAWN, MARKET.date - dt.timedelta(days=2))
    assert found.roster is not None
    where = {patrol.id: patrol.date for patrol in found.roster.patrols}
    gone = [patrol for patrol in DRAWN.patrols if patrol.id not in where]
    far = [
        (patrol.id, where[patrol.id])
        for patrol in DRAWN.patrols
        if patrol.id in where and abs((where[patrol.id] - patrol.date).days) > 2
    ]
    assert not far
    assert len(gone) <= 1
