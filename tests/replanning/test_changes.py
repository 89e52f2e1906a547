"""What changed from one roster to another, duty by duty, each with its reason."""

from __future__ import annotations

import pytest

from patrol_scheduler import Problem, Roster
from patrol_scheduler.problem import Cover, PatrolDate, Post
from patrol_scheduler.replanning.changes import Change, cells, changes_between, reasons, within
from patrol_scheduler.replanning.difference import difference
from patrol_scheduler.replanning.variations import without_officer
from patrol_scheduler.roster import CompensatoryRest, Patrol, PostDuty
from patrol_scheduler.rules import DutiesAtMost, Level
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.rules.worked import roster as worked
from tests.strategies import changed

DESK = changed(town(), posts=(Post(id="desk", name="值班室"),))


def redrawn(plan: Problem | None = None, **teams: str | None) -> Roster:
    """The roster with other teams, such as ``market14="GA1 CG1"``; ``None`` where nobody goes."""
    lines = {
        f"{p.area}{p.date.day}": (p.date, p.area, " ".join(m.officer for m in p.members))
        for p in DRAWN.patrols
    }
    for place, team in teams.items():
        area = place.rstrip("0123456789")
        date = day(f"2010-09-{int(place[len(area) :]):02}")
        if team is None:
            del lines[place]
        else:
            lines[place] = (date, area, team)
    return worked(
        plan or town(),
        *(
            f"{date} {area} am {team.replace(' ', '=leader ', 1)}"
            for date, area, team in sorted(lines.values())
        ),
    )


BEFORE = redrawn()


def told(changes: tuple[Change, ...]) -> list[tuple[int, str, str | None, str | None, str]]:
    return [(c.date.day, c.place, c.out, c.into, c.reason) for c in changes]


def renamed(roster: Roster, old: str, new: str) -> Roster:
    """The roster in which a patrol bears the name of another, as it does when it moved."""
    patrols = tuple(p.model_copy(update={"id": new}) if p.id == old else p for p in roster.patrols)
    return roster.model_copy(update={"patrols": patrols})


def test_of_one_roster_nothing_changed() -> None:
    assert changes_between(town(), BEFORE, BEFORE) == ()
    assert changes_between(town(), BEFORE, DRAWN) == ()  # who leads is no change of duties


def test_one_for_another_in_a_patrol_is_one_change_of_two_duties() -> None:
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    (change,) = changes_between(ill, BEFORE, redrawn(market14="GA1 CG1 CG3"), fewest=True)
    assert told((change,)) == [(14, "market", "CG2", "CG3", "finding")]
    assert (change.duties, change.shift, change.patrol) == (2, "am", "2010-09-14.market")
    assert change.said is not None
    assert change.said.violation.rule == "leave"
    assert (change.said.violation.officer, change.said.violation.date) == (
        "CG2", day("2010-09-14")
    )  # fmt: skip
    assert change.say(ill, "en") == (
        "2010-09-14 上午（am）, 集市: 城3（CG3） instead of 城2（CG2）. Reason: "
        + change.said.say(ill, "en")
    )
    for lang in LANGUAGES:
        words = change.say(ill, lang)
        for said in ("2010-09-14", "城2（CG2）", "城3（CG3）", "集市", "上午"):
            assert said in words
    assert change.document(ill, "en") == {
        "date": "2010-09-14", "shift": "am", "place": "market", "patrol": "2010-09-14.market",
        "out": "CG2", "into": "CG3", "reason": "finding", "text": change.say(ill, "en"),
    }  # fmt: skip
    why = (change.why(ill, "en"), "")
    key = (day("2010-09-14"), "am", "market")
    assert reasons([change], ill, "en") == {(*key, "CG2"): why, (*key, "CG3"): why}


def test_nobody_takes_over_at_another_place() -> None:
    # CG2 leaves the market, CG3 comes to the road: two changes.
    after = redrawn(market14="GA1 CG1", road14="GA3 CG5 CG6 CG3")
    changes = changes_between(town(), BEFORE, after)
    assert told(changes) == [
        (14, "market", "CG2", None, "chosen"),
        (14, "road", None, "CG3", "chosen"),
    ]
    assert [change.duties for change in changes] == [1, 1]
    assert [change.say(town(), "en").partition(" Reason:")[0] for change in changes] == [
        "2010-09-14 上午（am）, 集市: 城2（CG2） no longer.",
        "2010-09-14 上午（am）, 公路: 城3（CG3） in addition.",
    ]


def test_what_people_decided_has_the_breach_that_it_mends_as_reason() -> None:
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    (change,) = changes_between(ill, BEFORE, redrawn(market14="GA1 CG1 CG3"))
    assert change.said is not None
    assert (change.reason, change.said.violation.rule) == ("finding", "leave")
    # Somebody else's breach, or one of another day, is no reason.
    (other,) = changes_between(ill, BEFORE, redrawn(market17="GA1 CG1 CG3"))
    assert other.reason == "chosen"
    (other,) = changes_between(ill, BEFORE, redrawn(road14="GA3 CG5 CG3"))
    assert other.reason == "chosen"


def test_what_is_wrong_with_a_place_is_the_reason_of_who_goes() -> None:
    closed = changed(
        town(), patrol_dates=(PatrolDate(areas=("market",), dates=(day("2010-09-25"),),
                                         want="forbidden"),)
    )  # fmt: skip
    changes = changes_between(closed, BEFORE, redrawn(market25=None))
    assert {(c.out, c.reason) for c in changes} == {
        (officer, "finding") for officer in ("GA1", "CG1", "CG2")
    }
    assert {c.said.violation.rule for c in changes if c.said} == {"patrol-dates"}
    (other,) = changes_between(closed, BEFORE, redrawn(road25="GA2 CG3 CG6"))
    assert other.reason == "chosen"


def test_who_is_replaced_in_a_patrol_whose_name_moved_is_replaced_all_the_same() -> None:
    after = renamed(redrawn(market14="GA1 CG1 CG3"), "2010-09-14.market", "another")
    (change,) = changes_between(town(), BEFORE, after, fewest=True)
    assert told((change,)) == [(14, "market", "CG2", "CG3", "other")]


def test_changes_at_posts_tell_the_post_and_what_it_lacks() -> None:
    staffed = changed(DESK, covers=(Cover(post="desk", at_least=1, dates=(day("2010-09-14"),)),))
    manned, other, nobody = (
        redrawn_with(*posts) for posts in (["14 CG3", "15 CG3"], ["14 CG4", "15 CG4"], ["15 CG3"])
    )
    changes = changes_between(staffed, manned, other)
    assert told(changes) == [
        (14, "desk", "CG3", "CG4", "chosen"),
        (15, "desk", "CG3", "CG4", "finding"),  # nobody is asked for on the 15th
    ]
    assert {change.patrol for change in changes} == {None}
    assert "值班室" in changes[0].say(staffed, "zh-CN")
    (new,) = changes_between(staffed, nobody, manned, fewest=True)
    assert told((new,)) == [(14, "desk", None, "CG3", "finding")]
    assert new.said is not None
    assert new.said.violation.rule == "cover"
    (more,) = changes_between(staffed, manned, redrawn_with("14 CG3", "14 CG4", "15 CG3"),
                              fewest=True)  # fmt: skip
    assert (more.into, more.reason) == ("CG4", "added")


def redrawn_with(*posts: str) -> Roster:
    """The roster with officers at the desk, such as ``14 CG3``."""
    duties = tuple(
        PostDuty(date=day(f"2010-09-{date}"), post="desk", shift="am", officer=officer)
        for date, officer in (post.split() for post in posts)
    )
    return BEFORE.model_copy(update={"post_duties": duties})


def test_who_is_no_longer_in_the_plan_is_said_to_have_left() -> None:
    gone = without_officer(town(), "CG2")
    after = redrawn(
        market14="GA1 CG1 CG3", market17="GA1 CG1 CG3", market19="GA1 CG1 CG3",
        market22="GA1 CG1 CG5", market25="GA1 CG1 CG5",
    )  # fmt: skip
    changes = changes_between(gone, BEFORE, after, fewest=True)
    assert told(changes) == [
        (date, "market", "CG2", into, "left-plan")
        for date, into in ((14, "CG3"), (17, "CG3"), (19, "CG3"), (22, "CG5"), (25, "CG5"))
    ]
    assert "CG2" in changes[0].say(gone, "zh-CN")


def test_a_patrol_that_moves_says_from_where_and_to_where() -> None:
    after = renamed(
        redrawn(market14=None, market15="GA1 CG1 CG2"), "2010-09-15.market", "2010-09-14.market"
    )
    changes = changes_between(town(), BEFORE, after, fewest=True)
    assert {(c.date.day, c.reason, c.other) for c in changes} == {
        (14, "moved", day("2010-09-15")),
        (15, "moved", day("2010-09-14")),
    }
    assert len(changes) == 6
    assert "2010-09-15" in changes[0].why(town(), "en")
    assert "2010-09-14" in changes[-1].why(town(), "en")


@pytest.mark.parametrize(("fewest", "reason"), [(True, "other"), (False, "chosen")])
def test_a_patrol_that_is_gone_is_named_as_decided_unless_the_search_did(
    fewest: bool, reason: str
) -> None:
    changes = changes_between(town(), BEFORE, redrawn(road25=None), fewest=fewest)
    assert {(c.date.day, c.out, c.into, c.reason) for c in changes} == {
        (25, officer, None, reason) for officer in ("GA2", "CG3", "CG4")
    }


def test_who_makes_room_says_for_which_of_the_next_dates() -> None:
    # CG1 gives up the 17th; the nearest new duty is that of the 16th, not that of the 11th.
    ill = on_leave(town(), ("CG6",), "2010-09-11", "2010-09-11")
    after = redrawn(market17="GA1 CG2 CG3", road11="GA3 CG5 CG1", road16="GA3 CG1 CG4", road17=None)
    changes = changes_between(ill, BEFORE, after, fewest=True)
    (dropped,) = (c for c in changes if c.place == "market")
    assert (dropped.reason, dropped.other) == ("makes-room", day("2010-09-16"))
    assert "2010-09-16" in dropped.why(ill, "en")
    # Without a new duty anywhere there is no such reason; where people decide, that is the reason.
    (alone,) = changes_between(town(), BEFORE, redrawn(market17="GA1 CG2 CG3"), fewest=True)
    assert alone.reason == "other"
    (decided,) = (c for c in changes_between(ill, BEFORE, after) if c.place == "market")
    assert decided.reason == "chosen"


def test_a_rule_about_a_week_is_the_reason_of_what_mends_it() -> None:
    # CG1 has the 14th, 17th and 19th; two of a week are allowed.
    capped = changed(town(), rules=(DutiesAtMost(duties=2, per="week", officers=("CG1",)),))
    (change,) = changes_between(capped, BEFORE, redrawn(market17="GA1 CG2 CG3"), fewest=True)
    assert change.reason == "finding"
    assert change.said is not None
    assert change.said.violation.rule == "duties-at-most"
    # The 22nd is of another week, in which there is nothing wrong.
    (other,) = changes_between(capped, BEFORE, redrawn(market22="GA1 CG2 CG5"), fewest=True)
    assert other.reason == "other"
    # Of wishes and fair shares no duty needs to be mended.
    assert changes_between(town(), BEFORE, redrawn(market17="GA1 CG2 CG3"), fewest=True)[
        0
    ].said is None  # fmt: skip


def test_what_a_place_lacks_is_the_reason_of_who_comes() -> None:
    short = redrawn(market14="GA1 CG1")
    (change,) = changes_between(town(), short, BEFORE, fewest=True)
    assert told((change,)) == [(14, "market", None, "CG2", "finding")]
    assert change.said is not None
    assert (change.said.violation.area, change.said.violation.date) == (
        "market", day("2010-09-14")
    )  # fmt: skip


def test_who_comes_where_nothing_lacks() -> None:
    more = redrawn(market14="GA1 CG1 CG2 CG3")
    assert told(changes_between(town(), BEFORE, more, fewest=True)) == [
        (14, "market", None, "CG3", "added")
    ]
    # A new patrol where the area was not overdue, and one that mends the nearest overdue day.
    new = redrawn(road13="GA2 CG3 CG4")
    assert {c.reason for c in changes_between(town(), BEFORE, new, fewest=True)} == {"new-patrol"}
    assert {c.reason for c in changes_between(town(), BEFORE, new)} == {"chosen"}


def test_a_new_patrol_mends_the_overdue_day_that_is_nearest() -> None:
    overdue = redrawn(road14=None, road22=None)
    after = redrawn(road14=None, road13="GA3 CG5 CG6", road22=None,
                    road23="GA2 CG3 CG4")  # fmt: skip
    changes = changes_between(town(), overdue, after, fewest=True)
    near = {(c.date.day, c.said.violation.date) for c in changes if c.said is not None}
    assert near == {(13, day("2010-09-17")), (23, day("2010-09-25"))}
    assert {c.reason for c in changes} == {"finding"}


def test_only_what_a_plan_knows_is_within_it() -> None:
    alien = worked(
        changed(DESK, areas=(*DESK.areas, *[a.model_copy(update={"id": "hill"}) for a in
                DESK.areas[:1]])),
        "2010-09-06 market am GA1 CG1", "2010-09-26 road am GA2", "2010-09-14 hill am GA3",
        "2010-09-06 desk am GA1", "2010-09-26 desk am GA9", "2010-09-14 rest CG1",
        "2010-09-15 rest GA9",
    )  # fmt: skip
    late = Patrol(id="x", date=day("2010-09-27"), area="road", shift="am", members=())
    early = late.model_copy(update={"date": day("2010-09-05")})
    night = late.model_copy(update={"date": day("2010-09-14"), "shift": "pm"})
    gate = PostDuty(date=day("2010-09-14"), post="gate", shift="am", officer="GA1")
    desks = tuple(
        gate.model_copy(update={"post": "desk"} | change)
        for change in ({"shift": "pm"}, {"date": day("2010-09-27")}, {"date": day("2010-09-05")})
    )
    rests = tuple(
        CompensatoryRest(date=day(date), officer="CG1") for date in ("2010-09-05", "2010-09-27")
    )
    whole = Roster(
        patrols=(*alien.patrols, late, early, night),
        post_duties=(*alien.post_duties, gate, *desks),
        compensatory_rests=(*alien.compensatory_rests, *rests),
    )
    known = within(DESK, whole)
    assert [(p.date.day, p.area) for p in known.patrols] == [(6, "market"), (26, "road")]
    assert [(d.date.day, d.post, d.officer) for d in known.post_duties] == [(6, "desk", "GA1")]
    assert [(r.date.day, r.officer) for r in known.compensatory_rests] == [(14, "CG1")]
    fewer = within(without_officer(DESK, "CG1"), whole)
    assert [m.officer for m in fewer.patrols[0].members] == ["GA1"]
    assert set(cells(known)) <= set(cells(whole))


def test_a_difference_counts_duties_people_and_what_each_goal_costs() -> None:
    ill = on_leave(town(), ("CG2",), "2010-09-14", "2010-09-14")
    found = difference(ill, BEFORE, redrawn(market14="GA1 CG1 CG3", road17="GA3 CG5 CG3"))
    assert found.changed_duties == 4
    document = found.document("en")
    assert document["changed_duties"] == 4
    assert document["people_touched"] == 3  # CG2, CG3 and CG6
    assert [change["out"] for change in document["changes"]] == ["CG2", "CG6"]
    assert found.costs[Level.MUST] == (1.0, 0.0)
    assert document["costs"]["must"] == {"before": 1.0, "after": 0.0}
    assert set(document["costs"]) == {"must", "shortage", "fairness", "wishes"}
    for lang in LANGUAGES:
        told_ = found.told(lang)
        assert "4" in told_.summary
        assert "3" in told_.summary
        assert len(told_.changes) == 2
        assert len(told_.head) == 3
        assert next(row[1:] for row in told_.levels) == ("1", "0")
        assert len({row[0] for row in told_.levels}) == 4
