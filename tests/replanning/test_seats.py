"""Substitutes, swaps and why not: what the quick judge says is what the full check says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from patrol_scheduler import (
    AgreementLog,
    InvalidInputError,
    Roster,
    check,
    read_agreements,
    replan,
    replayed,
    substitute,
    substitutes,
    swap,
    why_not,
)
from patrol_scheduler.problem import Cover, Pair, Pin, Post, Problem, Request, Team
from patrol_scheduler.replanning.agreement_log import Agreement, log_to_json
from patrol_scheduler.replanning.replacing import new_findings, replaced, rested, worse
from patrol_scheduler.replanning.seats import SeatJudge
from patrol_scheduler.roster import Duty, PostDuty
from patrol_scheduler.rules import DutiesAtMost, Level, OneDutyADay, Rule
from tests.explaining.plans import DRAWN, day, on_leave, town
from tests.strategies import VARIANTS, changed, random_problem, random_roster


@pytest.fixture
def roster() -> Roster:
    return DRAWN


@pytest.mark.parametrize("seed", [*range(40), 51, 91, 128, 144, 167, 230])
def test_the_quick_judge_agrees_with_the_full_check(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    problem = random_problem(rng)
    given = random_roster(rng, problem, tidy=True)
    assert_judged(problem, given, given.duties[:6])


WISHFUL = changed(
    town(),
    posts=(Post(id="desk"),),
    covers=(Cover(post="desk", at_least=1, at_most=2, price_below=3, price_above=1),),
    teams=(Team(members={"ga": 1, "cg": 2}, most={"cg": 3}, ideal={"cg": 3}, leaders=1),),
    officers=tuple(
        officer.model_copy(
            update={
                "familiar": ("road",) if n % 3 else ("market",),
                "driver": n % 2 == 0,
                "leader_on_duty": n < 4,
                "leader": n < 5,
            }
        )
        for n, officer in enumerate(town().officers)
    ),
    requests=(Request(officer="CG3", start=day("2010-09-14"), end=day("2010-09-14"), want="off"),
              Request(officer="CG4", start=day("2010-09-14"), end=day("2010-09-17"), want="on")),
    pairs=(Pair(a="CG1", b="CG4", kind="rather-apart"),
           Pair(a="CG1", b="CG6", kind="rather-together")),
)  # fmt: skip
MANNED = DRAWN.model_copy(
    update={
        "post_duties": tuple(
            PostDuty(date=day(date), post="desk", shift="am", officer=officer)
            for date, officer in (
                ("2010-09-09", "CG5"), ("2010-09-15", "CG5"), ("2010-09-15", "CG3"),
                ("2010-09-16", "GA2"),
            )
        )
    }
)  # fmt: skip


# Without one duty a day, two duties at once count as one in the whole roster.
EVERY_RULE = [rule for rule in VARIANTS if rule is not OneDutyADay]


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.__name__)
def test_the_quick_judge_agrees_with_the_full_check_on_every_rule(rule: type[Rule]) -> None:
    rng = Random(5)  # noqa: S311  # a seed, not a secret
    plan = changed(WISHFUL, rules=(VARIANTS[rule](rng, WISHFUL),))
    some = [d for d in MANNED.duties if (d.date.day, d.officer) in CHOSEN]
    assert len(some) == len(CHOSEN)
    assert_judged(plan, MANNED, some)


CHOSEN = {(14, "CG1"), (25, "CG4"), (15, "CG5")}


def assert_judged(problem: Problem, given: Roster, duties: Sequence[Duty]) -> None:
    """The quick judge says what the full check says, of everybody in place of who has a duty."""
    judge, before = SeatJudge(problem, given), check(problem, given)
    for duty in duties:
        # Asked together, everybody is judged as each is alone.
        together = {s.officer: s for s in SeatJudge(problem, given).instead_of(duty)}
        for officer in problem.officers:
            if officer.id == duty.officer:
                continue
            outcome = judge.instead(duty, officer)
            assert together.pop(officer.id) == outcome, duty
            after = replaced(problem, given, duty, officer.id)
            after = rested(problem, after, (duty.officer, officer.id))
            now = check(problem, after)
            broken = worse(before.findings, now.findings)
            assert bool(broken) == (not outcome.legal), (duty, officer.id, broken)
            if outcome.legal:
                for level, cost in (
                    (Level.FAIRNESS, outcome.fairness),
                    (Level.WISHES, outcome.wishes),
                ):
                    assert now.cost(level) - before.cost(level) == cost, (duty, officer.id, level)
        assert not together


def test_whoever_lessens_what_is_wrong_breaks_nothing(roster: Roster) -> None:
    # CG1 has the 14th, 17th and 19th, of which one is allowed from now on: whoever takes one over
    # leaves two, still too many, but fewer.
    capped = changed(town(), rules=(DutiesAtMost(duties=1, per="week", officers=("CG1",)),))
    for judged in (
        next(
            s for s in substitutes(capped, roster, "CG1", day("2010-09-17")) if s.officer == "CG3"
        ),
        substitute(capped, roster, "CG1", day("2010-09-17"), "CG3"),
    ):
        assert judged.legal
    # One duty more is worse, and told with how many there are then.
    more = substitute(capped, roster, "CG3", day("2010-09-11"), "CG1")
    assert more.legal  # of the week before, in which CG1 has none
    twice = substitute(capped, more.roster, "CG3", day("2010-09-08"), "CG1")
    assert [f.violation.rule for f in twice.broken] == ["duties-at-most"]
    assert "2" in twice.broken[0].say(capped, "en")


def test_nobody_takes_a_second_seat_of_one_patrol_whatever_rule_is_off() -> None:
    free = changed(town(), rules=(OneDutyADay(on=False),))
    others = substitutes(free, DRAWN, "CG1", day("2010-09-14"))
    (twice,) = (other for other in others if other.officer == "CG2")
    assert {finding.violation.rule for finding in twice.broken} >= {"composition"}
    assert not substitute(free, DRAWN, "CG1", day("2010-09-14"), "CG2").legal


def test_nobody_steps_in_at_a_post_that_only_a_pin_staffs() -> None:
    desk = changed(
        town(),
        posts=(Post(id="desk"),),
        pins=(Pin(officer="CG5", date=day("2010-09-09"), post="desk", kind="must", shift="am"),),
    )
    duty = PostDuty(date=day("2010-09-09"), post="desk", shift="am", officer="CG5")
    manned = DRAWN.model_copy(update={"post_duties": (duty,)})
    assert check(desk, manned).complete
    others = substitutes(desk, manned, "CG5", day("2010-09-09"))
    assert len(others) == 8
    assert not [other for other in others if other.legal]
    for other in others:
        after = replaced(desk, manned, manned.duties[-1], other.officer)
        assert {f.violation.rule for f in other.broken} & {
            f.violation.rule for f in new_findings(desk, manned, after)
        }


def test_substitutes_come_cheapest_first_and_owing_most(roster: Roster) -> None:
    patrol = roster.patrols[2]
    officer = next(m.officer for m in patrol.members if m.officer.startswith("CG"))
    ranked = substitutes(town(), roster, officer, patrol.date)
    legal = [s for s in ranked if s.legal]
    assert legal
    assert all(s.officer.startswith("CG") for s in legal)
    assert legal == sorted(legal, key=lambda s: (s.fairness, s.wishes, -s.debt))
    assert len(ranked) == len(town().officers) - 1


def test_there_is_no_substitute_for_a_duty_that_is_not_there(roster: Roster) -> None:
    free = next(
        d
        for d in town().dates
        if all(duty.date != d or duty.officer != "CG1" for duty in roster.duties)
    )
    with pytest.raises(InvalidInputError, match="has no duty on"):
        substitutes(town(), roster, "CG1", free)
    with pytest.raises(InvalidInputError, match="no officer"):
        substitutes(town(), roster, "nobody", free)


def test_a_substitution_is_logged_replayed_and_survives_a_replan(
    roster: Roster, tmp_path: Path
) -> None:
    patrol = roster.patrols[2]
    out = next(m.officer for m in patrol.members if m.officer.startswith("CG"))
    into = next(s.officer for s in substitutes(town(), roster, out, patrol.date) if s.legal)
    agreed = substitute(
        town(), roster, out, patrol.date, into, by="王主任", why="体检", at=day("2010-09-01")
    )
    assert agreed.legal
    log = AgreementLog(entries=agreed.agreements)
    path = tmp_path / "log.json"
    path.write_text(log_to_json(log), encoding="utf-8")
    assert read_agreements(path) == log
    again = replayed(town(), roster, log)
    assert again.missed == ()
    assert again.roster == agreed.roster
    other = next(o.id for o in town().officers if o.id not in (out, into) and o.id[:2] == "CG")
    ill = on_leave(town(), (other,), "2010-09-12", "2010-09-20")
    after = replan(ill, agreed.roster, day("2010-09-05"), agreements=log.entries)
    assert after.roster is not None
    kept = next(p for p in after.roster.patrols if p.id == patrol.id)
    assert into in {m.officer for m in kept.members}


def test_a_swap_checks_both_sides(roster: Roster) -> None:
    first, second = roster.patrols[0], roster.patrols[4]
    one = next(m.officer for m in first.members if m.officer.startswith("CG"))
    two = next(
        m.officer
        for m in second.members
        if m.officer.startswith("GA") and m.officer not in {x.officer for x in first.members}
    )
    wrong = swap(town(), roster, (one, first.date), (two, second.date))
    assert not wrong.legal
    assert {f.violation.date for f in wrong.broken} >= {first.date, second.date}
    with pytest.raises(InvalidInputError, match="oneself"):
        swap(town(), roster, (one, first.date), (one, first.date))


def test_people_are_told_by_a_name_that_only_one_has(roster: Roster) -> None:
    duty = next(d for d in roster.duties if d.officer.startswith("CG"))
    officers = {o.id: o for o in town().officers}
    into = next(o for o in officers.values() if o.id not in {d.officer for d in roster.duties
                if d.date == duty.date})  # fmt: skip
    name = officers[duty.officer].name
    by_id = substitute(town(), roster, duty.officer, duty.date, into.id)
    assert substitute(town(), roster, name, duty.date, into.name) == by_id
    # Spaces in a name do not count.
    spaced = " ".join(name)
    assert substitute(town(), roster, spaced, duty.date, into.id) == by_id
    assert substitutes(town(), roster, name, duty.date) == substitutes(
        town(), roster, duty.officer, duty.date
    )
    assert why_not(town(), roster, name, duty.date, "集市") == why_not(
        town(), roster, duty.officer, duty.date, "market"
    )
    with pytest.raises(InvalidInputError, match="oneself"):
        substitute(town(), roster, name, duty.date, duty.officer)
    # Where two have it, both ids are told.
    namesake = officers[into.id].model_copy(update={"name": name})
    two = changed(town(), officers=[namesake if o.id == into.id else o for o in town().officers])
    for told in (name, spaced):
        with pytest.raises(InvalidInputError, match="more than one officer") as wrong:
            substitute(two, roster, told, duty.date, into.id)
        assert {duty.officer, into.id} <= {*dict[str, Any](wrong.value.faults[0].values)["ids"]}


def test_replaying_names_what_could_not_be_carried_out(roster: Roster) -> None:
    patrol = roster.patrols[0]
    inside = patrol.members[0].officer
    date = patrol.date
    entries = (
        Agreement(date=date, out=inside, into="nobody", patrol=patrol.id),
        Agreement(date=date, out=inside, into="CG1", patrol="not a patrol"),
        Agreement(date=date, out="CG9", into="GA9", patrol=patrol.id),
    )
    missed = replayed(town(), roster, AgreementLog(entries=entries)).missed
    assert [why for _, why in missed] == ["no-officer", "no-patrol", "no-officer"]


def test_why_not_tells_the_rule_the_team_or_the_price(roster: Roster) -> None:
    patrol = roster.patrols[2]
    inside = patrol.members[0].officer
    assert why_not(town(), roster, inside, patrol.date, patrol.area).there
    busy = {duty.officer for duty in roster.duties if duty.date == patrol.date}
    free = next(o.id for o in town().officers if o.agency == "cg" and o.id not in busy)
    ill = on_leave(town(), (free,), patrol.date.isoformat(), patrol.date.isoformat())
    answer = why_not(ill, roster, free, patrol.date, patrol.area)
    assert "on leave" in "\n".join(answer.say("en"))
    assert not answer.possible
    assert why_not(town(), roster, free, patrol.date, patrol.area).possible
    date = next(d for d in town().dates[2:] if d not in roster.patrol_dates[patrol.area])
    answer = why_not(town(), roster, "CG6", date, patrol.area)
    assert not answer.patrolled
    assert any(f.violation.what == "too-soon" for f in answer.extra_patrol)
    with pytest.raises(InvalidInputError) as refused:
        why_not(town(), roster, "x", dt.date(2011, 1, 1), "y")
    assert len(refused.value.faults) == 3
