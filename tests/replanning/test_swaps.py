"""Substitutions and swaps carried out, and carried out anew from a log, on days with dates."""

from __future__ import annotations

import pytest

from patrol_scheduler import (
    Agreement,
    AgreementLog,
    InvalidInputError,
    Roster,
    replayed,
    substitute,
    swap,
)
from patrol_scheduler.problem import Post, Problem, Shift
from patrol_scheduler.replanning.agreements import Replayed, is_of
from patrol_scheduler.replanning.replacing import replaced
from patrol_scheduler.replanning.variations import without_officer
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.rules.worked import roster as worked
from tests.strategies import changed

MARKET = "2010-09-14.market"
DESK = changed(
    town(),
    posts=(Post(id="desk", name="值班室"),),
    shifts=(*town().shifts, Shift(id="pm", start="14:00", end="17:00")),
)


def replay(
    problem: Problem, roster: Roster, *entries: Agreement
) -> tuple[Roster, list[str], list[tuple[str, str]]]:
    """The roster, who took over, and who did not with the reason."""
    found: Replayed = replayed(problem, roster, AgreementLog(entries=entries))
    return (
        found.roster,
        [entry.into for entry in found.carried_out],
        [(entry.into, why) for entry, why in found.missed],
    )


def teams(roster: Roster, date: str) -> dict[str, list[str]]:
    return {
        patrol.area: [member.officer for member in patrol.members]
        for patrol in roster.patrols
        if patrol.date == day(date)
    }


def test_an_agreement_tells_the_duty_who_why_and_when() -> None:
    agreed = substitute(
        town(), DRAWN, "CG1", day("2010-09-14"), "CG3", by="王主任", why="体检",
        at=day("2010-09-01"),
    )  # fmt: skip
    assert agreed.legal
    assert agreed.agreements == (
        Agreement(date=day("2010-09-14"), out="CG1", into="CG3", patrol=MARKET, shift="am",
                  by="王主任", why="体检", at=day("2010-09-01")),
    )  # fmt: skip
    assert teams(agreed.roster, "2010-09-14")["market"] == ["GA1", "CG3", "CG2"]
    # Nobody else, on no other day.
    changed_ = [p.id for p, q in zip(DRAWN.patrols, agreed.roster.patrols, strict=True) if p != q]
    assert changed_ == [MARKET]


def test_both_halves_of_a_swap_bear_its_name() -> None:
    both = swap(town(), DRAWN, ("CG2", day("2010-09-22")), ("CG4", day("2010-09-25")),
                by="王主任", why="家事", at=day("2010-09-01"))  # fmt: skip
    name = "2010-09-22.CG2-2010-09-25.CG4"
    assert [(a.out, a.into, str(a.date), a.patrol, a.swap) for a in both.agreements] == [
        ("CG2", "CG4", "2010-09-22", "2010-09-22.market", name),
        ("CG4", "CG2", "2010-09-25", "2010-09-25.road", name),
    ]
    assert {(a.by, a.why, a.at) for a in both.agreements} == {("王主任", "家事", day("2010-09-01"))}


def test_a_swap_of_one_day_is_carried_out_anew() -> None:
    # Half of it alone would give one of them two duties that day.
    both = swap(town(), DRAWN, ("CG2", day("2010-09-14")), ("CG6", day("2010-09-14")))
    assert both.legal
    assert teams(both.roster, "2010-09-14") == {
        "market": ["GA1", "CG1", "CG6"], "road": ["GA3", "CG5", "CG2"]
    }  # fmt: skip
    assert replay(town(), DRAWN, *both.agreements) == (both.roster, ["CG6", "CG2"], [])
    # What is carried out already stays.
    assert replay(town(), both.roster, *both.agreements) == (both.roster, ["CG6", "CG2"], [])


def test_of_a_swap_neither_half_is_carried_out_where_one_cannot_be() -> None:
    # CG6 takes the 22nd for CG2, CG2 the 11th for CG6, who then is on leave on the 22nd.
    both = swap(town(), DRAWN, ("CG2", day("2010-09-22")), ("CG6", day("2010-09-11")))
    assert both.legal
    ill = on_leave(town(), ("CG6",), "2010-09-22", "2010-09-22")
    assert replay(ill, DRAWN, *both.agreements) == (
        DRAWN, [], [("CG6", "breaks"), ("CG2", "breaks")]
    )  # fmt: skip
    gone = without_officer(town(), "CG6")
    less = Roster(patrols=tuple(p for p in DRAWN.patrols if p.area == "market"))
    assert replay(gone, less, *both.agreements) == (
        less, [], [("CG6", "no-officer"), ("CG2", "no-patrol")]
    )  # fmt: skip
    assert replay(town(), less, *both.agreements) == (
        less, [], [("CG6", "other-half"), ("CG2", "no-patrol")]
    )  # fmt: skip
    # A half that is carried out already does not hinder the other.
    first, second = both.agreements
    half = replay(town(), DRAWN, Agreement(**{**dict(first), "swap": None}))
    assert half[1:] == (["CG6"], [])
    assert replay(town(), half[0], first, second) == (both.roster, ["CG6", "CG2"], [])


def test_an_exchange_within_one_patrol_changes_nothing() -> None:
    both = swap(town(), DRAWN, ("CG1", day("2010-09-14")), ("CG2", day("2010-09-14")))
    assert both.roster == DRAWN
    assert replay(town(), DRAWN, *both.agreements) == (DRAWN, ["CG2", "CG1"], [])
    two = worked(DESK, "2010-09-08 desk am CG1", "2010-09-08 desk am CG2")
    both = swap(DESK, two, ("CG1", day("2010-09-08")), ("CG2", day("2010-09-08")))
    assert both.roster == two


def test_agreements_are_carried_out_one_after_the_other_as_far_as_they_can() -> None:
    date = day("2010-09-14")
    here = {"date": date, "patrol": MARKET}
    handed_on = (Agreement(out="CG1", into="CG3", **here), Agreement(out="CG3", into="CG4", **here))
    roster, done, missed = replay(town(), DRAWN, *handed_on)
    assert (done, missed) == (["CG3", "CG4"], [])
    assert teams(roster, "2010-09-14")["market"] == ["GA1", "CG4", "CG2"]
    ill = on_leave(town(), ("CG3",), "2010-09-14", "2010-09-14")
    roster, done, missed = replay(ill, DRAWN, *handed_on)
    assert (done, missed) == ([], [("CG3", "breaks"), ("CG4", "not-there")])
    assert roster == DRAWN
    # The plan knows who takes over but the roster not who gave away: nobody is put in.
    assert replay(town(), DRAWN, Agreement(out="CG5", into="CG3", **here)) == (
        DRAWN, [], [("CG3", "not-there")]
    )  # fmt: skip
    assert replay(town(), DRAWN, Agreement(out="CG5", into="CG2", **here))[1:] == (["CG2"], [])


def test_an_agreement_at_a_post_is_bound_to_post_shift_and_date() -> None:
    manned = worked(
        DESK, "2010-09-08 desk am CG1", "2010-09-08 desk pm CG1", "2010-09-09 desk am CG1"
    )
    entry = Agreement(date=day("2010-09-08"), out="CG1", into="CG2", post="desk", shift="am")
    assert [is_of(entry, duty) for duty in manned.duties] == [True, False, False]
    agreed = substitute(DESK, manned, "CG1", day("2010-09-08"), "CG2", shift="pm")
    assert [(d.shift, d.date.day, d.officer) for d in agreed.roster.post_duties] == [
        ("am", 8, "CG1"), ("pm", 8, "CG2"), ("am", 9, "CG1")
    ]  # fmt: skip
    (told,) = agreed.agreements
    assert (told.patrol, told.post, told.shift) == (None, "desk", "pm")
    with pytest.raises(InvalidInputError):
        substitute(DESK, manned, "CG1", day("2010-09-08"), "CG2")  # two duties, no shift


def test_whoever_replaces_somebody_takes_the_role_that_only_they_can_have() -> None:
    duty = next(d for d in DRAWN.duties if (d.officer, d.patrol) == ("GA1", MARKET))
    (patrol,) = (p for p in replaced(town(), DRAWN, duty, "GA2").patrols if p.id == MARKET)
    assert {m.officer: m.role for m in patrol.members} == {
        "GA2": "leader", "CG1": "member", "CG2": "member"
    }  # fmt: skip
    # Somebody already in the patrol is there twice then, which the check will not let pass.
    (twice,) = (p for p in replaced(town(), DRAWN, duty, "CG1").patrols if p.id == MARKET)
    assert [m.officer for m in twice.members] == ["CG1", "CG1", "CG2"]
    assert not substitute(town(), DRAWN, "GA1", day("2010-09-14"), "CG1").legal


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_takes_over_from_oneself_and_nobody_unknown(lang: str) -> None:
    date = day("2010-09-14")
    with pytest.raises(InvalidInputError) as oneself:
        substitute(town(), DRAWN, "CG1", date, "城1")
    with pytest.raises(InvalidInputError) as twice:
        swap(town(), DRAWN, ("CG1", date), ("CG1", day("2010-09-17")))
    assert oneself.value.faults == twice.value.faults
    assert twice.value.faults[0].place == "officer"
    assert "CG1" in twice.value.say(lang)
    with pytest.raises(InvalidInputError) as nobody:
        substitute(town(), DRAWN, "CG1", date, "CG11")
    assert "CG11" in nobody.value.say(lang)
