"""A roster made legal again with the fewest changed duties."""

from __future__ import annotations

import datetime as dt

import pytest

from patrol_scheduler import Agreement, InvalidInputError, Roster, check, replan, solve
from patrol_scheduler.days import DayType
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    OwedRest,
    PatrolDate,
    Phase,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.replanning.changes import cells
from patrol_scheduler.replanning.variations import with_longest_gap, without_officer
from patrol_scheduler.roster import CompensatoryRest, Member, Patrol
from patrol_scheduler.rules import DutiesAtMost, HoursAtLeast, PatrolDays
from patrol_scheduler.texts import LANGUAGES
from patrol_scheduler.validation import faults_of, notices_of
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.strategies import changed

BEFORE = day("2010-09-05")


@pytest.fixture
def roster() -> Roster:
    return DRAWN


def changed_cells(before: Roster, after: Roster | None) -> int:
    assert after is not None
    return len(set(cells(before)) ^ set(cells(after)))


def test_a_legal_roster_stays_as_it_is(roster: Roster) -> None:
    again = replan(town(), roster, BEFORE)
    assert again.roster == roster
    assert (again.changed_duties, again.proven, again.notice_days) == (0, True, None)


def test_one_absence_is_mended_with_the_fewest_changes_and_says_why(roster: Roster) -> None:
    absent = roster.patrols[4].members[0].officer
    date = roster.patrols[4].date.isoformat()
    ill = on_leave(town(), (absent,), date, date)
    again = replan(ill, roster, BEFORE)
    assert again.status == "complete"
    assert again.roster is not None
    assert check(ill, again.roster).complete
    assert (again.changed_duties, again.bound, again.proven) == (2, 2, True)
    change = again.changes[0]
    assert (change.out, change.reason) == (absent, "finding")
    assert change.said is not None
    assert change.said.violation.rule == "leave"
    assert [p.id for p in again.roster.patrols] == [p.id for p in roster.patrols]


def test_frozen_days_stay_even_where_they_break_a_rule(roster: Roster) -> None:
    patrol = roster.patrols[3]
    ill = on_leave(
        town(), (patrol.members[0].officer,), patrol.date.isoformat(), patrol.date.isoformat()
    )
    again = replan(ill, roster, patrol.date)
    assert again.roster == roster
    assert [f.violation.rule for f in again.kept_breaches] == ["leave"]


def test_the_plan_may_say_itself_what_is_published(roster: Roster) -> None:
    until = BEFORE + dt.timedelta(days=5)
    published = changed(town(), frozen_until=until)
    assert replan(published, roster).frozen_until == until
    assert replan(published, roster, BEFORE).frozen_until == BEFORE
    with pytest.raises(InvalidInputError) as raised:
        replan(town(), roster)
    assert [fault.what for fault in raised.value.faults] == ["faults_change.frozen-not-told"]
    assert [n.what for n in notices_of(published)].count("frozen-in-plan") == 1
    assert "frozen-in-plan" not in [n.what for n in notices_of(town())]


def test_a_lost_person_is_replaced_everywhere_and_named(roster: Roster) -> None:
    smaller = without_officer(town(), "CG3")
    again = replan(smaller, roster, BEFORE)
    assert again.roster is not None
    assert check(smaller, again.roster).complete
    assert all(duty.officer != "CG3" for duty in again.roster.duties)
    lost = [change for change in again.changes if change.out == "CG3"]
    assert lost
    assert {change.reason for change in lost} == {"left-plan"}


def test_who_departs_anyway_does_not_stay_for_being_lost_later() -> None:
    departs = {"CG3": day("2010-09-10")}
    plan = changed(
        town(),
        officers=tuple(
            o.model_copy(update={"departs": departs.get(o.id)}) for o in town().officers
        ),
    )
    for officer, last in (("CG3", "2010-09-10"), ("CG4", "2010-09-20")):
        gone = without_officer(plan, officer, day("2010-09-20"))
        assert gone.officer_by_id[officer].departs == day(last)
    earlier = without_officer(plan, "CG3", day("2010-09-08"))
    assert earlier.officer_by_id["CG3"].departs == day("2010-09-08")


def test_a_patrol_that_did_not_take_place_comes_back_as_soon_as_it_may(roster: Roster) -> None:
    gone = roster.patrols[5]
    without = Roster(patrols=tuple(p for p in roster.patrols if p != gone))
    again = replan(town(), without, gone.date)
    assert again.roster is not None
    dates = again.roster.patrol_dates[gone.area]
    assert gone.date + dt.timedelta(days=1) in dates
    assert any(change.into for change in again.changes)


def test_agreed_duties_stay(roster: Roster) -> None:
    patrol = roster.patrols[6]
    absent, *others = (member.officer for member in patrol.members)
    ill = on_leave(town(), (absent,), patrol.date.isoformat(), patrol.date.isoformat())
    agreed = [
        Agreement(date=patrol.date, out="GA9", into=officer, patrol=patrol.id) for officer in others
    ]
    again = replan(ill, roster, BEFORE, agreements=agreed)
    assert again.roster is not None
    assert {(o, patrol.date) for o in others} <= {(d.officer, d.date) for d in again.roster.duties}
    assert again.given_up == ()


def test_where_no_complete_roster_exists_the_least_short_one_is_given(roster: Roster) -> None:
    # One 城管 for two areas that each need two of them by 13 September, and a frozen roster before.
    ill = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")
    again = replan(ill, roster, day("2010-09-09"), time_limit=60)
    assert (again.status, again.reason, again.least_short) == ("short", "no-complete-roster", True)
    assert again.roster is not None
    found = check(ill, again.roster)
    assert not found.broken
    assert again.gaps == found.shortages
    dates = [finding.violation.date for finding in again.gaps]
    assert len(set(dates)) > 1
    assert dates == sorted(dates, key=str)
    assert {f.violation.date for f in again.gaps} <= set(ill.dates)
    assert not again.proven
    before = [patrol for patrol in roster.patrols if patrol.date <= day("2010-09-09")]
    assert [p for p in again.roster.patrols if p.date <= day("2010-09-09")] == before


def test_what_is_short_of_the_days_after_the_plan_is_a_gap_and_no_frozen_day() -> None:
    # The road was patrolled on the 2nd; of the 3rd and 4th only the 4th leads on to the market day
    # of the 6th two days later, and everybody is away then.
    everybody = tuple(officer.id for officer in town().officers)
    plan = changed(
        town(),
        start=day("2010-09-03"),
        end=day("2010-09-04"),
        phases=(Phase(id="routine", start=day("2010-09-03"), end=day("2010-09-04")),),
        areas=(Area(id="road", last_patrol=day("2010-09-02")),),
        patrol_dates=(PatrolDate(want="must", dates=(day("2010-09-06"),)),
                      PatrolDate(want="forbidden", dates=(day("2010-09-05"),))),
    )  # fmt: skip
    away = on_leave(plan, everybody, "2010-09-03", "2010-09-04")
    for frozen in ("2010-09-02", "2010-09-03"):
        found = replan(away, Roster(), day(frozen))
        assert (found.status, found.reason) == ("short", "no-complete-roster")
        assert found.roster == Roster()
        assert {f.violation.rule for f in found.gaps} == {"look-ahead"}
        assert [f.violation.date for f in found.gaps] == [day("2010-09-02")]
        assert found.kept_breaches == ()


def test_what_no_roster_can_keep_is_impossible_and_shown_twice(roster: Roster) -> None:
    # CG1 owes ten hours and is on leave all the time.
    owing = changed(
        on_leave(town(), ("CG1",), "2010-09-06", "2010-09-26"),
        rules=(HoursAtLeast(hours=10, officers=("CG1",)),),
    )
    again = replan(owing, roster, BEFORE)
    assert (again.status, again.reason, again.roster) == ("impossible", "impossible", None)
    assert again.changes == ()
    assert not again.proven


def test_a_change_is_explained_by_the_rule_about_several_days_that_asks_for_it(
    roster: Roster,
) -> None:
    # GA3 has duties on the 14th, 17th and 19th of September; two are allowed in a week.
    rule = DutiesAtMost(duties=2, per="week", officers=("GA3",))
    again = replan(changed(town(), rules=(rule,)), roster, BEFORE)
    assert again.proven
    assert again.changes
    for change in again.changes:
        assert change.reason == "finding"
        assert "Duties of 警3（GA3） in the week of" in change.say(town(), "en")


def test_a_longer_gap_for_one_week_changes_only_that_week() -> None:
    relaxed = with_longest_gap(town(), ("road",), day("2010-09-13"), day("2010-09-19"), 4)
    assert not faults_of(relaxed)

    def gap(date: str, area: str) -> int:
        phase = relaxed.phase_on(day(date))
        assert phase is not None
        cadence = relaxed.cadence(phase.id, area)
        assert cadence is not None
        return cadence.max_gap

    assert [gap("2010-09-12", "road"), gap("2010-09-15", "road"), gap("2010-09-20", "road")] == [
        3,
        4,
        3,
    ]
    assert gap("2010-09-15", "market") == 3


def test_the_days_of_a_longer_gap_get_ids_that_are_free_and_not_too_long() -> None:
    long = "x" * 64
    cut = dt.timedelta(days=7)
    names = ("a", "a+1", long)
    phases = tuple(
        Phase(id=name, start=day("2010-09-06") + n * cut, end=day("2010-09-12") + n * cut)
        for n, name in enumerate(names)
    )
    plan = changed(town(), phases=phases)
    relaxed = with_longest_gap(plan, ("road",), day("2010-09-08"), day("2010-09-24"), 4)
    assert not faults_of(relaxed)
    ids = [phase.id for phase in relaxed.phases]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) == 64
    for date, gap in (("2010-09-07", 3), ("2010-09-16", 4), ("2010-09-22", 4), ("2010-09-25", 3)):
        phase = relaxed.phase_on(day(date))
        assert phase is not None
        cadence = relaxed.cadence(phase.id, "road")
        assert cadence is not None
        assert cadence.max_gap == gap


def test_a_plan_that_contradicts_itself_is_refused(roster: Roster) -> None:
    with pytest.raises(InvalidInputError):
        replan(changed(town(), officers=()), roster, BEFORE)


def test_a_moved_patrol_keeps_its_name(roster: Roster) -> None:
    patrol = roster.patrols[4]
    # The day becomes impossible for the area: its phase no longer has it then.
    shifted = tuple(
        Patrol(**{**dict(p), "date": p.date - dt.timedelta(days=2)}) if p == patrol else p
        for p in roster.patrols
    )
    again = replan(town(), Roster(patrols=shifted), BEFORE)
    assert again.roster is not None
    assert check(town(), again.roster).complete
    names = [p.id for p in again.roster.patrols]
    assert len(set(names)) == len(names)


def test_a_changed_copy_of_an_officer_forgets_what_was_known_of_the_old_one() -> None:
    officer = town().officers[0]
    assert officer.available_on(BEFORE)
    gone = officer.model_copy(update={"departs": day("2010-09-01")})
    assert not gone.available_on(BEFORE)
    assert officer.available_on(BEFORE)


def test_a_newly_published_holiday_arrangement_changes_only_the_days_it_touches() -> None:
    # Planned with weekends alone, without patrols on statutory holidays. Then the arrangement of
    # 2010 is published: 22 to 24 September are free, 19 and 25 September are working days.
    open_days = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY, DayType.REST_DAY)
    provisional = town(
        calendar="weekends",
        cadences=(Cadence(min_days=2, max_days=4),),
        rules=(PatrolDays(day_types=open_days),),
        patrol_dates=(PatrolDate(areas=("market",), dates=(day("2010-09-16"),), want="must"),),
    )
    drawn = solve(provisional, time_limit=5, gap=0.2, workers=1, seed=1).roster
    assert drawn is not None
    official = changed(provisional, calendar="china")
    found = replan(official, drawn, day("2010-09-17"), time_limit=30)
    assert found.status == "complete"
    assert found.proven
    assert found.roster is not None
    holidays = {day("2010-09-22"), day("2010-09-23"), day("2010-09-24")}
    planned = [patrol for patrol in drawn.patrols if patrol.date in holidays]
    assert planned
    assert not [patrol for patrol in found.roster.patrols if patrol.date in holidays]
    # What was published stays, and names of patrols that moved stay with them.
    early = [patrol for patrol in found.roster.patrols if patrol.date <= day("2010-09-17")]
    assert early == [patrol for patrol in drawn.patrols if patrol.date <= day("2010-09-17")]
    assert found.changes
    for lang in LANGUAGES:
        words = " ".join(change.say(official, lang) for change in found.changes)
        assert any(date.isoformat() in words for date in holidays)


def test_nobody_gives_up_a_day_of_compensatory_rest_while_somebody_else_can_step_in() -> None:
    # P0 falls ill on Wednesday the 8th. P1, who has had no duty yet, rests that day for Sunday the
    # 5th; P2 has had one on Monday.
    owed = Problem(
        name="rest",
        start=day("2010-09-06"),
        end=day("2010-09-10"),
        agencies=(Agency(id="police"),),
        officers=tuple(Officer(id=f"P{n}", agency="police", status="police") for n in range(3)),
        areas=(Area(id="town"),),
        shifts=(Shift(id="day", start="09:00", end="11:00"),),
        phases=(Phase(id="week", start=day("2010-09-06"), end=day("2010-09-10")),),
        cadences=(Cadence(min_days=2, max_days=2),),
        teams=(Team(members={"police": 1}),),
        owed_rests=(OwedRest(officer="P1", earned=day("2010-09-05")),),
    )
    drawn = Roster(
        patrols=tuple(
            Patrol(
                id=f"{date}-town",
                date=day(f"2010-09-{date}"),
                area="town",
                shift="day",
                members=(Member(officer=officer, role="member"),),
            )
            for date, officer in (("06", "P2"), ("08", "P0"), ("10", "P2"))
        ),
        compensatory_rests=(CompensatoryRest(officer="P1", date=day("2010-09-08")),),
    )
    ill = on_leave(owed, ("P0",), "2010-09-08", "2010-09-08")
    again = replan(ill, drawn, day("2010-09-07"))
    assert again.proven
    assert [(change.out, change.into) for change in again.changes] == [("P0", "P2")]
    assert again.roster is not None
    assert again.roster.compensatory_rests == drawn.compensatory_rests
    # Without that day of rest it would be P1's turn.
    worked = drawn.model_copy(update={"compensatory_rests": ()})
    again = replan(ill, worked, day("2010-09-07"))
    assert [(change.out, change.into) for change in again.changes] == [("P0", "P1")]


def test_who_leads_is_named_where_a_roster_made_by_hand_names_nobody() -> None:
    problem = changed(
        town(),
        officers=tuple(o.model_copy(update={"leader": True}) for o in town().officers),
        teams=tuple(team.model_copy(update={"leaders": 1}) for team in town().teams),
    )
    made = solve(problem, time_limit=10, gap=0.1, workers=1, seed=1).roster
    assert made is not None
    by_hand = made.model_copy(
        update={
            "patrols": tuple(
                patrol.model_copy(
                    update={
                        "members": tuple(
                            m.model_copy(update={"role": "member"}) for m in patrol.members
                        )
                    }
                )
                for patrol in made.patrols
            )
        }
    )
    frozen = made.patrols[0].date
    before = check(problem, by_hand)
    assert (before.broken, len(before.shortages)) == ((), len(made.patrols))
    found = replan(problem, by_hand, frozen)
    assert found.roster is not None
    assert (found.status, found.changed_duties) == ("complete", 0)
    # What was published names nobody, and that is told.
    assert {f.violation.date for f in found.kept_breaches} == {frozen}
    assert {f.violation.date for f in check(problem, found.roster).shortages} == {frozen}
