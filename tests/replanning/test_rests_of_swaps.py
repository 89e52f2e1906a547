"""Days of compensatory rest of who gives a duty away and of who takes it are chosen anew."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

import pytest

from patrol_scheduler import (
    AgreementLog,
    Roster,
    check,
    replayed,
    substitute,
    substitutes,
    swap,
    why_not,
    write,
)
from patrol_scheduler.problem import Cadence, Officer, OwedRest, Problem, Team
from patrol_scheduler.replanning import as_result
from patrol_scheduler.replanning.replacing import RestsMoved, replaced, rested
from patrol_scheduler.roster import CompensatoryRest
from patrol_scheduler.rules import CompensatoryRests, rules_of
from patrol_scheduler.rules.compensation import with_rests
from tests.replanning.desk import plan as plan_file
from tests.replanning.desk import roster_of, said
from tests.replanning.test_seats import assert_judged
from tests.rules.worked import plan, roster
from tests.strategies import changed, random_problem, random_roster

SATURDAY = "2010-08-07"
MONDAY = "2010-08-09"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def civil(*owed: tuple[str, str], **changes: Any) -> Problem:
    """The small plan, Monday 2 to Sunday 15 August 2010, with three civil servants."""
    return plan(
        officers=tuple(
            Officer(id=one, name=name, agency="police", status="police")
            for one, name in (("P1", "李建"), ("P2", "王磊"), ("P3", "赵敏"))
        ),
        owed_rests=tuple(OwedRest(officer=one, earned=day(date)) for one, date in owed),
        **changes,
    )


def rests(made: Roster) -> set[str]:
    return {f"{rest.date} {rest.officer}" for rest in made.compensatory_rests}


def test_the_rest_goes_with_the_duty_that_earns_it() -> None:
    problem = civil()
    given = roster(problem, f"{SATURDAY} town day P1", f"{MONDAY} rest P1")
    found = substitutes(problem, given, "P1", day(SATURDAY))
    assert [(one.officer, one.legal) for one in found] == [("P2", True), ("P3", True)]
    agreed = substitute(problem, given, "P1", day(SATURDAY), "P2")
    assert agreed.legal
    assert rests(agreed.roster) == {f"{MONDAY} P2"}
    assert agreed.rests == (
        RestsMoved("P1", (day(MONDAY),), ()),
        RestsMoved("P2", (), (day(MONDAY),)),
    )
    assert replayed(problem, given, AgreementLog(entries=agreed.agreements)).roster == agreed.roster


@pytest.mark.parametrize(
    ("published", "at", "instead"),
    [
        (None, None, "2010-08-02"),
        ("2010-08-02", None, "2010-08-03"),
        ("2010-08-02", "2010-08-03", "2010-08-05"),
    ],
)
def test_a_day_of_rest_gives_way_to_a_duty(
    published: str | None, at: str | None, instead: str
) -> None:
    """P2 has rest on Wednesday 4 August, earned in July, and takes the duty of P1 that day."""
    problem = civil(("P2", "2010-07-31"), frozen_until=day(published) if published else None)
    given = roster(
        problem,
        "2010-08-04 town day P1",
        "2010-08-04 rest P2",
        f"{SATURDAY} town day P3",
        f"{MONDAY} rest P3",
    )
    agreed = substitute(problem, given, "P1", day("2010-08-04"), "P2", at=day(at) if at else None)
    assert agreed.legal
    assert rests(agreed.roster) == {f"{instead} P2", f"{MONDAY} P3"}
    assert not [
        f for f in check(problem, agreed.roster).broken if f.rule.rule == "compensatory-rest"
    ]
    ask = why_not(problem, given, "P2", day("2010-08-04"), "town")
    assert ask.possible
    assert not ask.own


@pytest.mark.parametrize(("published", "at"), [(MONDAY, None), (None, MONDAY)])
def test_a_day_of_rest_that_is_over_stays(published: str | None, at: str | None) -> None:
    problem = civil(frozen_until=day(published) if published else None)
    given = roster(problem, f"{SATURDAY} town day P1", f"{MONDAY} rest P1")
    agreed = substitute(problem, given, "P1", day(SATURDAY), "P2", at=day(at) if at else None)
    assert [(f.violation.what, f.violation.date) for f in agreed.broken] == [
        ("not-owed", day(MONDAY))
    ]
    # What P2 earns is taken on the first day that is not over.
    assert rests(agreed.roster) == {f"{MONDAY} P1", "2010-08-10 P2"}
    if published:
        assert not any(one.legal for one in substitutes(problem, given, "P1", day(SATURDAY)))


def test_a_day_that_is_over_counts_as_taken() -> None:
    """P1 took rest on Monday for Saturday, which P2 then takes over: Sunday's is used up by it."""
    problem = civil(frozen_until=day(MONDAY))
    given = roster(
        problem,
        f"{SATURDAY} town day P1", "2010-08-08 road day P1", f"{MONDAY} rest P1",
        "2010-08-10 rest P1",
    )  # fmt: skip
    agreed = substitute(problem, given, "P1", day(SATURDAY), "P2")
    assert agreed.legal
    assert rests(agreed.roster) == {f"{MONDAY} P1", "2010-08-10 P2"}


def test_both_rests_change_hands_where_two_exchange_a_saturday_and_a_weekday() -> None:
    problem = civil()
    given = roster(
        problem, f"{SATURDAY} town day P1", f"{MONDAY} rest P1", "2010-08-05 town day P2"
    )
    agreed = swap(problem, given, ("P1", day(SATURDAY)), ("P2", day("2010-08-05")))
    assert agreed.legal
    assert rests(agreed.roster) == {f"{MONDAY} P2"}
    assert replayed(problem, given, AgreementLog(entries=agreed.agreements)).roster == agreed.roster


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh-CN", ["李建（P1）取消补休：2010-08-09。",
                   "王磊（P2）的补休由 2010-08-04 改为 2010-08-02。"]),
        ("en", ["Compensatory rest of 李建（P1） no longer: 2010-08-09.",
                "Compensatory rest of 王磊（P2）: 2010-08-02 instead of 2010-08-04."]),
    ],
)  # fmt: skip
def test_the_command_tells_which_rest_moved(
    lang: str, told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = civil(
        ("P2", "2010-07-31"),
        cadences=(Cadence(min_days=1, max_days=14),),
        teams=(Team(members={"police": 1}),),
    )
    given = roster(
        problem, "2010-08-04 town day P1", "2010-08-04 rest P2", f"{SATURDAY} road day P2",
        f"{MONDAY} rest P2",
    )  # fmt: skip
    write(problem, as_result(problem, given), tmp_path / "old")
    desk, out = plan_file(tmp_path, "plan", problem), tmp_path / "new"
    words = ("swap", desk, tmp_path / "old" / "roster.json", "P1", "2010-08-04", "P2", "--out", out)
    status, lines = said(capsys, *words, lang=lang)
    assert status == 0, lines
    assert told[1] in lines.splitlines()
    assert rests(roster_of(out)) == {"2010-08-02 P2", f"{MONDAY} P2"}
    given = roster(problem, f"{SATURDAY} town day P1", f"{MONDAY} rest P1", "2010-08-04 rest P2")
    write(problem, as_result(problem, given), tmp_path / "older")
    words = ("swap", desk, tmp_path / "older" / "roster.json", "P1", SATURDAY, "P2", "--out", out)
    status, lines = said(capsys, *words, lang=lang)
    assert status == 0, lines
    assert told[0] in lines.splitlines()


@pytest.mark.parametrize("seed", range(24))
def test_the_quick_judge_and_a_choice_of_all_rests_agree(seed: int) -> None:
    """Where rest is due soon for everybody and some days are published or none."""
    rng = Random(seed)  # noqa: S311  # a seed, not a secret
    problem = random_problem(rng)
    everybody = CompensatoryRests(labour=(), days=rng.choice([1, 3, 7]))
    others = tuple(rule for rule in problem.rules if not isinstance(rule, CompensatoryRests))
    published = rng.choice([None, problem.first, problem.dates[len(problem.dates) // 2]])
    problem = changed(problem, rules=(*others, everybody), frozen_until=published)
    given = random_roster(rng, problem, tidy=True)
    duties = given.duties[:4]
    assert_judged(problem, given, duties)
    for duty in duties if len(problem.officers) > 1 else ():
        into = rng.choice([o.id for o in problem.officers if o.id != duty.officer])
        plain = replaced(problem, given, duty, into)
        after = rested(problem, plain, (duty.officer, into))
        both = {duty.officer, into}

        def of(made: Roster, *, mine: bool, both: set[str] = both) -> set[CompensatoryRest]:
            return {r for r in made.compensatory_rests if (r.officer in both) == mine}

        assert of(after, mine=False) == of(given, mine=False)
        if published is None:
            anew = with_rests(problem, rules_of(problem), plain, given.compensatory_rests)
            assert of(after, mine=True) == of(anew, mine=True)
        else:
            over = {r for r in given.compensatory_rests if r.date <= published}
            assert {r for r in after.compensatory_rests if r.date <= published} == over


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_where_nobody_can_step_in_the_command_points_to_replan(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """P2 and P3 are both on duty on Saturday 7 August themselves."""
    problem = civil(
        cadences=(Cadence(min_days=1, max_days=14),), teams=(Team(members={"police": 1}),)
    )
    given = roster(
        problem, f"{SATURDAY} town day P1", f"{SATURDAY} road day P2", f"{SATURDAY} gate day P3"
    )
    write(problem, as_result(problem, given), tmp_path / "old")
    desk = plan_file(tmp_path, "plan", problem)
    words = ("substitutes", desk, tmp_path / "old" / "roster.json", "P1", SATURDAY)
    status, lines = said(capsys, *words, lang=lang)
    assert status == 1, lines
    assert "replan" in lines
