"""What may be changed in a plan that cannot be met, and how much of it counting asks for."""

from __future__ import annotations

import pytest

from patrol_scheduler import Problem
from patrol_scheduler.explaining import shortfalls
from patrol_scheduler.explaining.candidates import easings
from patrol_scheduler.explaining.conflict import Conflict
from patrol_scheduler.explaining.counting import Shortfall, lacking
from patrol_scheduler.explaining.demands import Demand, Demands
from patrol_scheduler.explaining.easings import (
    Eased,
    Easing,
    LessLeave,
    LongerGap,
    LooserRule,
    MoreLending,
    MoreMarks,
    MoreOfficers,
)
from patrol_scheduler.explaining.mending import Mender
from patrol_scheduler.explaining.remedies import _Trial
from patrol_scheduler.problem import Cadence, Leave, Phase
from patrol_scheduler.rules import DaysBetweenDuties, DutiesAtMost
from patrol_scheduler.solver.budget import Budget
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

AWAY = ("CG1", "CG2", "CG3", "CG4", "CG5")
HARVEST = on_leave(town(), AWAY, "2010-09-13", "2010-09-15")
START, END = day("2010-09-13"), day("2010-09-15")
WHOLE = (town().first, town().last)


def of(kind: type[Easing], found: list[Easing]) -> list[Easing]:
    return [easing for easing in found if type(easing) is kind]


def clash(plan: Problem, *rules: str, areas: tuple[str, ...] = ()) -> Conflict:
    """Some demands of a plan, of these rules in the days of the harvest, as if they clashed."""
    demands = Demands(plan)

    def asked(demand: Demand) -> bool:
        inside = demand.first >= plan.day(START) and demand.last <= plan.day(END)
        return (
            demand.rule.rule in rules
            and inside
            and (demand.subject.area is None or not areas or demand.subject.area in areas)
        )

    loose = [demand for demand in demands.loose() if asked(demand)]
    return Conflict(tuple(demands.exact(loose)), verified=True, minimal=True)


# What each change does to a plan.


def test_further_officers_come_for_the_days_with_their_marks_and_no_more() -> None:
    more = MoreOfficers(START, END, (4, 4), ("cg", "ga"), (("certified",), ("leader", "driver")))
    varied = more.vary(town(), (2, 1))
    *old, first, second, third = varied.officers
    assert tuple(old) == town().officers
    assert [(o.agency, o.leader, o.driver, bool(o.certificates)) for o in (first, third)] == [
        ("cg", False, False, True), ("ga", True, True, False)
    ]  # fmt: skip
    assert second.agency == "cg"
    assert {(o.joins, o.departs) for o in (first, second, third)} == {(START, END)}
    assert len({o.id for o in varied.officers}) == len(varied.officers)
    assert more.vary(town(), (0, 0)) == town()
    assert more.parts((2, 1)) == [
        Eased(2, agency="cg", marks=("certified",)),
        Eased(1, agency="ga", marks=("leader", "driver")),
    ]
    # Each mark may turn out not to be needed, of those who come at all.
    fewer = [easing.marks for easing in more.narrower((2, 1)) if isinstance(easing, MoreOfficers)]
    assert fewer == [
        ((), ("leader", "driver")), (("certified",), ("driver",)), (("certified",), ("leader",))
    ]  # fmt: skip
    assert [e.marks for e in more.narrower((0, 1)) if isinstance(e, MoreOfficers)] == fewer[1:]


def test_marks_go_to_the_first_people_of_each_list() -> None:
    marks = MoreMarks(*WHOLE, (2, 3), ("leader", "driver"), (("CG2", "CG1"), ("GA1", "GA2", "GA3")))
    varied = marks.vary(town(), (1, 2))
    assert {o.id for o in varied.officers if o.leader} == {"GA1", "GA2", "GA3", "CG2"}
    assert {o.id for o in varied.officers if o.driver} == {"GA1", "GA2"}
    assert marks.parts((1, 2)) == [
        Eased(1, marks=("leader",), people=("CG2",)),
        Eased(2, marks=("driver",), people=("GA1", "GA2")),
    ]
    certified = MoreMarks(*WHOLE, (1,), ("certified",), (("GA1",),)).vary(town(), (1,))
    (officer,) = (o for o in certified.officers if o.id == "GA1")
    assert all(officer.certified_on(date) for date in town().dates)
    assert list(marks.narrower((1, 2))) == []


@pytest.mark.parametrize("per", ["day", "week"])
def test_an_agency_lends_so_many_more(per: str) -> None:
    field = f"lends_a_{per}"
    lenders = tuple(
        agency.model_copy(update={field: most})
        for agency, most in zip(town().agencies, (2, 3), strict=True)
    )
    plan = changed(town(), agencies=lenders)
    lending = MoreLending(*WHOLE, (3, 6), lenders, per)  # type: ignore[arg-type]
    assert lending.kind == f"lends-a-{per}"
    assert [getattr(a, field) for a in lending.vary(plan, (0, 2)).agencies] == [2, 5]
    assert [getattr(a, field) for a in lending.vary(plan, (1, 2)).agencies] == [3, 5]
    assert lending.parts((0, 2)) == [Eased(5, agency="cg")]
    other = "lends_a_week" if per == "day" else "lends_a_day"
    assert {getattr(a, other) for a in lending.vary(plan, (1, 2)).agencies} == {None}


def test_only_the_limit_that_is_eased_changes() -> None:
    weekly, monthly = DutiesAtMost(per="week", duties=2), DutiesAtMost(per="month", duties=6)
    apart = DaysBetweenDuties(days=3)
    plan = changed(town(), rules=(weekly, apart, monthly))
    looser = LooserRule(*WHOLE, (2,), weekly, "duties", 1)
    assert {(r.per, r.duties) for r in looser.vary(plan, (2,)).rules
            if isinstance(r, DutiesAtMost) and r.on and r.per in ("week", "month")} >= {
        ("week", 4), ("month", 6)
    }  # fmt: skip
    assert apart in looser.vary(plan, (2,)).rules
    assert weekly not in looser.vary(plan, (2,)).rules
    assert looser.parts((2,)) == [Eased(4, rule=weekly, before=2)]
    sooner = LooserRule(*WHOLE, (2,), apart, "days", -1)
    assert [r.days for r in sooner.vary(plan, (2,)).rules if isinstance(r, DaysBetweenDuties)][
        -1
    ] == 1  # fmt: skip
    assert sooner.parts((1,)) == [Eased(2, rule=apart, before=3)]


def longest(plan: Problem, area: str, date: str) -> int:
    phase = plan.phase_on(day(date))
    assert phase is not None
    cadence = plan.cadence(phase.id, area)
    assert cadence is not None
    return cadence.max_gap


def test_areas_wait_longer_in_those_days_only() -> None:
    longer = LongerGap(START, END, (3,), ("market", "road"), 3)
    varied = longer.vary(town(), (2,))
    assert [longest(varied, area, "2010-09-14") for area in ("market", "road")] == [5, 5]
    assert [longest(varied, "road", date) for date in ("2010-09-12", "2010-09-16")] == [3, 3]
    assert longer.parts((2,)) == [Eased(5, areas=("market", "road"))]
    assert longer.one_is_enough
    narrower = [easing.areas for easing in longer.narrower((2,)) if isinstance(easing, LongerGap)]
    assert narrower == [("market",), ("road",)]
    alone = LongerGap(START, END, (3,), ("market",), 3)
    assert list(alone.narrower((2,))) == []


def test_the_first_people_put_off_their_leave_of_those_days() -> None:
    first, second = (START, END), (day("2010-09-14"), END)
    less = LessLeave(START, END, (3,), ("CG2", "CG1", "CG3"), ((first,), (second,), (first,)))
    varied = less.vary(HARVEST, (2,))
    assert {o.id for o in varied.officers if o.leave} == {"CG3", "CG4", "CG5"}
    assert less.parts((2,)) == [
        Eased(1, people=("CG2",), days=first), Eased(1, people=("CG1",), days=second)
    ]  # fmt: skip
    assert less.parts((3,)) == [
        Eased(2, people=("CG2", "CG3"), days=first), Eased(1, people=("CG1",), days=second)
    ]  # fmt: skip


# Which changes are offered.


def test_people_come_for_whole_months_inside_the_plan() -> None:
    plan = changed(
        town(), start=day("2010-07-15"), end=day("2010-11-10"),
        phases=(Phase(id="routine", start=day("2010-07-15"), end=day("2010-11-10")),),
    )  # fmt: skip
    short = Shortfall("members", "cg", day("2010-08-31"), day("2010-09-02"), 4, 3)
    (more,) = of(MoreOfficers, easings(plan, None, (short,), ()))
    assert (more.start, more.end) == (day("2010-08-01"), day("2010-09-30"))
    late = Shortfall("members", "cg", day("2010-11-01"), day("2010-11-02"), 4, 3)
    (more,) = of(MoreOfficers, easings(plan, None, (late,), ()))
    assert (more.start, more.end) == (day("2010-11-01"), day("2010-11-10"))
    early = Shortfall("members", "cg", day("2010-07-20"), day("2010-07-31"), 4, 3)
    (more,) = of(MoreOfficers, easings(plan, None, (early,), (day("2010-12-31"),)))
    assert (more.start, more.end) == (day("2010-07-15"), day("2010-11-10"))


def test_every_agency_that_is_short_sends_somebody_with_what_is_short() -> None:
    groups = (("certified", "cg"), ("members", "cg"), ("members", "ga"), ("leaders", ""))
    short = [Shortfall(g, a, START, END, 4, 3) for g, a in groups]  # type: ignore[arg-type]
    (more,) = of(MoreOfficers, easings(HARVEST, None, short, ()))
    assert isinstance(more, MoreOfficers)
    assert more.agencies == ("cg", "ga")
    assert more.marks == (("certified", "leader"), ("leader",))
    assert more.most == (6, 4)  # as many as there are, four at the least


def test_leaders_may_come_from_the_agency_that_has_most_of_them() -> None:
    short = Shortfall("leaders", "", START, END, 2, 0)
    found = easings(town(), None, (short,), ())
    (more,) = of(MoreOfficers, found)
    assert isinstance(more, MoreOfficers)
    assert (more.agencies, more.marks) == (("ga",), (("leader",),))
    # Those who are there already may lead as well: of both agencies, who lack it.
    (marks,) = of(MoreMarks, found)
    assert isinstance(marks, MoreMarks)
    assert marks.marks == ("leader",)
    assert set(marks.people[0]) == {f"CG{n}" for n in range(1, 7)}
    assert marks.most == (6,)
    assert (marks.start, marks.end) == WHOLE


def test_nobody_is_offered_a_mark_where_people_are_short() -> None:
    short = [Shortfall(g, "cg", START, END, 4, 3) for g in ("certified", "members")]
    assert of(MoreMarks, easings(HARVEST, None, short, ())) == []
    (marks,) = of(MoreMarks, easings(bare(), None, short[:1], ()))
    assert isinstance(marks, MoreMarks)
    # Only of the agency that is short, no auxiliary; who is there most first.
    assert marks.people == (("CG4", "CG3", "CG1"),)


def bare() -> Problem:
    """CG1 to CG4 have no certificate; CG2 is an auxiliary, CG1 and CG3 are away for a while."""
    update: dict[str, dict[str, object]] = {
        "CG1": {"leave": (Leave(start=START, end=END), Leave(start=day("2010-09-20"),
                                                           end=day("2010-09-22")))},
        "CG2": {"status": "assistant"},
        "CG3": {"leave": (Leave(start=START, end=day("2010-09-17")),)},
        "CG4": {},
    }  # fmt: skip
    return changed(
        town(),
        officers=tuple(
            o.model_copy(update={"certificates": (), **update[o.id]}) if o.id in update else o
            for o in town().officers
        ),
    )


def test_only_agencies_with_a_limit_that_clashes_or_are_short_lend_more() -> None:
    police, urban = town().agencies
    plan = changed(town(), agencies=(
        police.model_copy(update={"lends_a_day": 1, "lends_a_week": 3}),
        urban.model_copy(update={"lends_a_day": 2}),
    ))  # fmt: skip
    short = Shortfall("members", "cg", START, END, 4, 3)
    assert [(e.kind, [a.id for a in e.agencies], e.most)
            for e in easings(plan, None, (short,), ()) if isinstance(e, MoreLending)] == [
        ("lends-a-day", ["cg"], (6,))
    ]  # fmt: skip
    clashing = clash(plan, "lending")
    assert {(e.kind, tuple(a.id for a in e.agencies))
            for e in easings(plan, clashing, (), ()) if isinstance(e, MoreLending)} == {
        ("lends-a-day", ("ga", "cg")), ("lends-a-week", ("ga",))
    }  # fmt: skip


def test_leave_is_put_off_only_by_those_whose_leave_clashes() -> None:
    clashing = clash(HARVEST, "leave")
    (less,) = of(LessLeave, easings(HARVEST, clashing, (), ()))
    assert isinstance(less, LessLeave)
    assert set(less.people) == set(AWAY)
    assert less.most == (5,)
    assert set(less.leave) == {((START, END),)}
    assert of(LessLeave, easings(HARVEST, None, shortfalls(HARVEST), ())) == []


def test_areas_that_clash_may_wait_up_to_a_week_around_what_is_short() -> None:
    clashing = clash(HARVEST, "cadence", areas=("road",))
    gaps = of(LongerGap, easings(HARVEST, clashing, (), ()))
    assert [(g.areas, g.longest, g.most) for g in gaps if isinstance(g, LongerGap)] == [
        (("road",), 3, (3,)), (("market", "road"), 3, (3,))
    ]  # fmt: skip
    assert {(g.start, g.end) for g in gaps} == {(day("2010-09-07"), day("2010-09-21"))}
    # What reaches over more than a month is mended in the whole plan.
    long = changed(
        HARVEST, end=day("2010-11-30"),
        phases=(Phase(id="routine", start=HARVEST.first, end=day("2010-11-30")),),
    )  # fmt: skip
    wide = of(LongerGap, easings(long, clash(long, "cadence"), (), (day("2010-11-01"),)))
    assert {(g.start, g.end) for g in wide} == {(HARVEST.first, day("2010-11-30"))}
    assert easings(HARVEST, None, (), ()) == []
    assert of(LongerGap, easings(HARVEST, None, shortfalls(HARVEST), ())) == []


# How much counting asks for.


def needed(plan: Problem, easing: Easing) -> tuple[int, ...] | None:
    return _Trial(plan, easing, Mender(None, ()))._counted_least(Budget(60, None, None))


@pytest.mark.parametrize("there", range(1, 6))
def test_counting_asks_for_as_few_officers_as_leave_nothing_short(there: int) -> None:
    # Every day both areas: four 城管 a day, of whom fewer are there in the whole plan.
    plan = changed(
        town(),
        cadences=(Cadence(min_days=1, max_days=1),),
        officers=tuple(o for o in town().officers if o.id[:2] == "GA" or int(o.id[2:]) <= there),
        teams=tuple(t.model_copy(update={"members": {"cg": 2}, "leaders": 0, "certified": {}})
                    for t in town().teams),
    )  # fmt: skip
    easing = MoreOfficers(*WHOLE, (8,), ("cg",), ((),))
    enough = [n for n in range(9) if not lacking(easing.vary(plan, (n,)))]
    assert needed(plan, easing) == (max(1, enough[0]),)
    few = MoreOfficers(*WHOLE, (enough[0] - 1,), ("cg",), ((),))
    if enough[0] > 1:
        assert needed(plan, few) is None


def test_of_several_agencies_none_is_asked_for_more_than_the_others_leave_short() -> None:
    plan = changed(
        town(),
        cadences=(Cadence(min_days=1, max_days=1),),
        officers=tuple(o for o in town().officers if o.id in ("GA1", "CG1", "CG2")),
    )
    easing = MoreOfficers(*WHOLE, (9, 9), ("cg", "ga"), (("certified",), ("leader",)))
    least = needed(plan, easing)
    assert least is not None
    assert not lacking(easing.vary(plan, least))
    for place in range(2):
        less = [n - (at == place) for at, n in enumerate(least)]
        assert lacking(easing.vary(plan, less))
    # Where counting sees nothing short, one of each is tried first.
    assert needed(town(), easing) == (1, 1)
