"""What was agreed stays agreed, however often the roster is made anew around it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from patrol_scheduler import (
    Agreement,
    AgreementLog,
    Problem,
    Roster,
    check,
    read_agreements,
    replan,
    substitute,
    swap,
)
from patrol_scheduler.days import DayType, SpecialDay
from patrol_scheduler.replanning.agreement_log import log_to_json
from patrol_scheduler.replanning.agreements import standing
from patrol_scheduler.replanning.variations import without_officer
from patrol_scheduler.rules import DutiesAtMost, PatrolDays
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.strategies import changed

MARKET = "2010-09-14.market"
FROZEN = day("2010-09-05")
WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY, DayType.REST_DAY)


@pytest.fixture
def agreed(tmp_path: Path) -> tuple[Roster, AgreementLog]:
    """CG3 takes over from CG1 on 14 September; CG2 and CG4 change areas on the 22nd."""
    first = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    both = swap(town(), first.roster, ("CG2", day("2010-09-22")), ("CG4", day("2010-09-22")))
    assert first.legal
    assert both.legal
    path = tmp_path / "log.json"
    log = AgreementLog(entries=(*first.agreements, *both.agreements))
    path.write_text(log_to_json(log), encoding="utf-8")
    return both.roster, read_agreements(path)


def team(roster: Roster, patrol: str) -> set[str]:
    return next({m.officer for m in p.members} for p in roster.patrols if p.id == patrol)


def on_duty(roster: Roster, date: str) -> set[str]:
    return {duty.officer for duty in roster.duties if duty.date == day(date)}


def goes_on(
    problem: Problem, roster: Roster, log: AgreementLog, frozen: dt.date = FROZEN
) -> Roster:
    """The complete roster after a change, in which everything agreed still stands."""
    found = replan(problem, roster, frozen, agreements=log.entries)
    assert found.status == "complete"
    assert found.given_up == ()
    assert found.roster is not None
    assert found.roster != roster
    assert check(problem, found.roster).complete
    assert "CG3" in team(found.roster, MARKET)
    assert "CG1" not in team(found.roster, MARKET)
    assert "CG4" in team(found.roster, "2010-09-22.market")
    assert "CG2" in team(found.roster, "2010-09-22.road")
    return found.roster


def test_what_was_agreed_survives_one_replan_after_the_other(
    agreed: tuple[Roster, AgreementLog],
) -> None:
    roster, log = agreed
    # CG2 is ill on the 14th; CG1, who gave the duty away, is not called back.
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    roster = goes_on(ill, roster, log)
    assert "CG4" in team(roster, MARKET)
    # GA1 is away for a week.
    away = on_leave(ill, ("GA1",), "2010-09-13", "2010-09-19")
    roster = goes_on(away, roster, log)
    # CG6 leaves after the 18th, when the days up to the 17th are over.
    gone = without_officer(away, "CG6", day("2010-09-18"))
    roster = goes_on(gone, roster, log, day("2010-09-17"))


def test_what_was_agreed_moves_with_its_patrol(agreed: tuple[Roster, AgreementLog]) -> None:
    # The 14th becomes a holiday without patrols: the patrol keeps its name and its people.
    roster, log = agreed
    free = SpecialDay(date=day("2010-09-14"), day_type=DayType.STATUTORY_HOLIDAY, name="")
    closed = (PatrolDays(day_types=WORKING),)
    holiday = changed(town(), calendar="weekends", days=(free,), rules=closed)
    after = goes_on(holiday, roster, log)
    moved = next(patrol for patrol in after.patrols if patrol.id == MARKET)
    assert moved.date in (day("2010-09-13"), day("2010-09-15"))


def test_only_what_cannot_stay_is_given_up_and_named(agreed: tuple[Roster, AgreementLog]) -> None:
    roster, log = agreed
    # CG3 is ill that day: somebody else goes, but not CG1; the exchange of the 22nd stays.
    ill = on_leave(town(), ("CG3",), "2010-09-14", "2010-09-14")
    found = replan(ill, roster, FROZEN, agreements=log.entries)
    assert found.roster is not None
    assert [entry.into for entry in found.given_up] == ["CG3"]
    assert "CG4" in team(found.roster, MARKET)
    assert "CG4" in team(found.roster, "2010-09-22.market")
    assert found.proven
    # CG4 as well: the patrol goes with CG3 a day earlier or later before CG1 is called back.
    more = on_leave(ill, ("CG4",), "2010-09-14", "2010-09-14")
    found = replan(more, roster, FROZEN, agreements=log.entries)
    assert found.status == "complete"
    assert found.given_up == ()
    # Both for longer: only CG1 is left.
    longer = on_leave(more, ("CG3", "CG4"), "2010-09-12", "2010-09-16")
    found = replan(longer, roster, FROZEN, agreements=log.entries)
    assert found.status == "complete"
    assert found.roster is not None
    assert [entry.into for entry in found.given_up] == ["CG3"]
    assert "CG1" in team(found.roster, MARKET)
    assert "CG4" in team(found.roster, "2010-09-22.market")


def test_the_bound_holds_for_rosters_that_keep_what_was_agreed() -> None:
    # CG2 and CG4 are ill on the 14th. With CG1, who gave the duty away, two duties change.
    first = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    ill = on_leave(town(), ("CG2", "CG4"), "2010-09-14", "2010-09-14")
    free = replan(ill, first.roster, FROZEN)
    assert (free.changed_duties, free.bound, free.proven, free.agreed) == (2, 2, True, False)
    kept = replan(ill, first.roster, FROZEN, agreements=first.agreements)
    assert kept.given_up == ()
    assert kept.proven
    assert kept.agreed
    assert kept.bound > free.changed_duties
    # The road is patrolled on two days instead of one: the second patrol is a new one.
    old = {patrol.id for patrol in first.roster.patrols}
    new = [change for change in kept.changes if change.patrol and change.patrol not in old]
    assert {change.why(ill, "en") for change in new} == {"the area needs a patrol that day."}


def test_a_duty_taken_back_is_free_again() -> None:
    there = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    back = substitute(town(), there.roster, "CG3", day("2010-09-14"), "CG1")
    for patrol in DRAWN.patrols:
        assert team(back.roster, patrol.id) == {member.officer for member in patrol.members}
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    log = (*there.agreements, *back.agreements)
    found = replan(ill, back.roster, FROZEN, agreements=log)
    assert found.roster is not None
    assert found.given_up == ()
    assert "CG1" in team(found.roster, MARKET)
    # Now CG3 gave the duty away, and is not asked again.
    assert "CG3" not in team(found.roster, MARKET)


def test_who_gave_a_duty_away_stays_spared_when_it_is_handed_on() -> None:
    # On the 14th CG1 gives the market to CG3, who hands it on to CG4.
    first = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    second = substitute(town(), first.roster, "CG3", day("2010-09-14"), "CG4")
    log = (*first.agreements, *second.agreements)
    kept = standing(second.roster, log)
    assert [(one.entry.out, one.duty.officer, one.last) for one in kept] == [
        ("CG1", "CG4", False),
        ("CG3", "CG4", True),
    ]
    # The roster from before CG3 handed it on keeps the first agreement only.
    assert [one.entry.into for one in standing(first.roster, log)] == ["CG3"]
    # CG2 is ill: neither CG1 nor CG3 is called back as long as there is another way.
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    found = replan(ill, second.roster, FROZEN, agreements=log)
    assert found.status == "complete"
    assert found.given_up == ()
    assert found.roster is not None
    assert "CG4" in team(found.roster, MARKET)
    assert not {"CG1", "CG3"} & on_duty(found.roster, "2010-09-14")
    # Nobody else is left for days: one is called back, and that agreement is named.
    longer = on_leave(ill, ("CG2", "CG5", "CG6"), "2010-09-12", "2010-09-16")
    found = replan(longer, second.roster, FROZEN, agreements=log)
    assert found.roster is not None
    assert len(found.given_up) == 1
    back = {"CG1", "CG3"} & on_duty(found.roster, "2010-09-14")
    assert {entry.out for entry in found.given_up} == back
    # CG3 is away as well: CG1, who was first to give the duty away, has to come and is named.
    alone = on_leave(longer, ("CG3",), "2010-09-12", "2010-09-16")
    found = replan(alone, second.roster, FROZEN, agreements=log)
    assert found.roster is not None
    assert "CG4" in team(found.roster, MARKET)
    assert [(entry.out, entry.into) for entry in found.given_up] == [("CG1", "CG3")]


def test_who_took_a_duty_back_is_not_spared() -> None:
    there = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    back = substitute(town(), there.roster, "CG3", day("2010-09-14"), "CG1")
    (kept,) = standing(back.roster, (*there.agreements, *back.agreements))
    assert (kept.entry.out, kept.duty.officer, kept.last) == ("CG3", "CG1", True)


def test_who_took_a_duty_over_gives_up_another_one() -> None:
    # CG3 has duties on the 14th and the 19th, of which one is allowed from now on. The later one
    # would change with the longer notice, but it was agreed.
    there = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3").roster
    roster = substitute(town(), there, "CG1", day("2010-09-19"), "CG3").roster
    log = (Agreement(date=day("2010-09-19"), out="GA9", into="CG3", patrol="2010-09-19.market"),)
    one = changed(town(), rules=(DutiesAtMost(duties=1, per="week", officers=("CG3",)),))
    free = replan(one, roster, FROZEN)
    assert free.roster is not None
    assert "CG3" not in team(free.roster, "2010-09-19.market")
    assert "week of 2010-09-14" in " ".join(
        c.say(one, "en") for c in free.changes if c.date.day == 19
    )
    kept = replan(one, roster, FROZEN, agreements=log)
    assert kept.roster is not None
    assert kept.given_up == ()
    assert "CG3" in team(kept.roster, "2010-09-19.market")
    assert "CG3" not in team(kept.roster, MARKET)


def test_who_gave_a_duty_away_is_not_asked_though_having_fewest() -> None:
    # CG4 has one duty more than CG1, who would be next in turn when CG2 is ill on the 14th.
    first = substitute(town(), DRAWN, "CG1", day("2010-09-14"), "CG3")
    more = substitute(town(), first.roster, "CG2", day("2010-09-19"), "CG4")
    assert more.legal
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    free = replan(ill, more.roster, FROZEN).roster
    assert free is not None
    assert "CG1" in team(free, MARKET)
    kept = replan(ill, more.roster, FROZEN, agreements=first.agreements)
    assert kept.roster is not None
    assert kept.given_up == ()
    assert team(kept.roster, MARKET) == {"GA1", "CG3", "CG4"}
