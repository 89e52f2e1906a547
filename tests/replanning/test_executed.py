"""What took place: the record sheet, missed patrols, findings and relapses."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler import (
    InvalidInputError,
    Roster,
    check,
    continued,
    missed,
    read_records,
    replan,
)
from patrol_scheduler.needs import Shift
from patrol_scheduler.replanning.executed import unplanned, up_to
from patrol_scheduler.roster import CompensatoryRest, Member, Patrol, PostDuty
from patrol_scheduler.sightings import Sighting, found_by_kind_and_place, relapse_rate, relapses
from tests.explaining.plans import day, town

HEADER = "日期,计划编号,片区,人员,类型,地点,数量,处理,未办结\n"


def patrol(date: str, area: str, *officers: str) -> Patrol:
    """A patrol that the first of its officers leads."""
    roles = ("leader", *("member" for _ in officers[1:]))
    members = tuple(Member(officer=o, role=r) for o, r in zip(officers, roles, strict=True))
    return Patrol(id=f"{date}.{area}", date=day(date), area=area, shift="am", members=members)


PLANNED = Roster(
    patrols=(
        patrol("2010-09-06", "road", "GA1", "CG1", "CG2"),
        patrol("2010-09-07", "market", "GA2", "CG3", "CG4"),
        patrol("2010-09-09", "road", "GA1", "CG5", "CG6"),
        patrol("2010-09-10", "market", "GA3", "CG1", "CG2"),
    )
)


def sheet(tmp_path: Path, rows: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "records.csv"
    path.write_bytes((HEADER + rows).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_sheet_gives_patrols_findings_and_notices(tmp_path: Path, encoding: str) -> None:
    rows = (
        "2010-09-06,2010-09-06.road,公路,警1、城1 CG2,占道经营,东门,3,劝导,1\n"
        "2010.9.6,,road,警1，城1，城2,乱停乱靠,东门,2,,\n"
        "2010年9月8日,,集市,城3；城4,,,,,\n"
    )
    read = read_records(sheet(tmp_path, rows, encoding), town(), PLANNED)
    assert [p.id for p in read.roster.patrols] == ["2010-09-06.road", "2010-09-08.market"]
    assert [m.officer for m in read.roster.patrols[0].members] == ["GA1", "CG1", "CG2"]
    assert [(s.kind, s.count, s.open) for s in read.sightings] == [
        ("占道经营", 3, 1),
        ("乱停乱靠", 2, 0),
    ]
    assert [n.value for n in read.notices] == ["2010-09-08.market"]
    assert "never planned" in read.notices[0].say("en")


def test_every_fault_of_a_sheet_is_told_with_its_line(tmp_path: Path) -> None:
    rows = "2010-09-31,,公路,警1,,,,,\n2010-09-06,,公路,警9,占道经营,,many,,\n,,码头,,,,,,\n"
    with pytest.raises(InvalidInputError) as refused:
        read_records(sheet(tmp_path, rows), town(), PLANNED)
    told = [(f.line, f.place) for f in refused.value.faults]
    assert (2, "日期") in told
    assert {(3, "人员"), (3, "数量"), (4, "日期"), (4, "片区")} <= set(told)


@pytest.mark.parametrize("name", ["a\x07b", "x" * 101])
def test_what_cannot_name_a_patrol_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    rows = f"2010-09-08,{name},集市,警1,,,,,\n"
    with pytest.raises(InvalidInputError, match="cannot name a patrol") as refused:
        read_records(sheet(tmp_path, rows), town(), PLANNED)
    assert [(f.line, f.place) for f in refused.value.faults] == [(2, "计划编号")]


@pytest.mark.parametrize("until", [None, "2010-09-05", "2010-09-06", "2010-09-09"])
def test_a_sheet_left_empty_is_not_a_sheet_of_missed_patrols(
    tmp_path: Path, until: str | None
) -> None:
    """Only when it is said that none took place, every patrol was missed."""
    last = None if until is None else day(until)
    with pytest.raises(InvalidInputError, match="recorded in this sheet"):
        read_records(sheet(tmp_path, ""), town(), PLANNED, until=last)
    told = read_records(sheet(tmp_path, ""), town(), PLANNED, until=last, none_took_place=True)
    assert told.roster.patrols == ()


def test_what_counts_as_recorded_is_what_took_place_or_was_due_up_to_the_date(
    tmp_path: Path,
) -> None:
    road, until = "2010-09-09,,公路,警1,,,,,\n", day("2010-09-08")
    with pytest.raises(InvalidInputError, match="no patrol up to 2010-09-08"):
        read_records(sheet(tmp_path, road), town(), PLANNED, until=until)
    none = read_records(sheet(tmp_path, road), town(), PLANNED, until=until, none_took_place=True)
    assert [patrol.date.day for patrol in none.roster.patrols] == [9]
    on_its_day = read_records(sheet(tmp_path, road), town(), PLANNED, until=day("2010-09-09"))
    assert [patrol.date.day for patrol in on_its_day.roster.patrols] == [9]
    late = "2010-09-09,2010-09-07.market,集市,警2,,,,,\n"
    read = read_records(sheet(tmp_path, late), town(), PLANNED, until=until)
    assert missed(PLANNED, read.roster, until) == PLANNED.patrols[:1]


def test_that_none_took_place_is_not_said_beside_one_that_did(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="is recorded here") as refused:
        read_records(
            sheet(tmp_path, "2010-09-06,,公路,警1,,,,,\n"), town(), PLANNED, none_took_place=True
        )
    assert [(f.line, f.place) for f in refused.value.faults] == [(2, "计划编号")]


TIMED = "日期,片区,时段,人员,实际开始,实际结束\n"


@pytest.mark.parametrize(
    ("row", "shift"),
    [
        ("2010-09-08,集市,晚上,警1,,", "pm"),
        ("2010-09-08,集市,,警1,17:20,20:40", "pm"),
        ("2010-09-08,集市,,警1,08:30,", "am"),
        ("2010-09-08,集市,,警1,,", None),
        ("2010-09-08,集市,,警1,12:00,13:00", None),
        ("2010-09-08,集市,,警1,10:00,18:00", None),
        # Planned in the forenoon; on Saturdays the evening has no duties.
        ("2010-09-07,集市,,警1,,", "am"),
        ("2010-09-11,集市,,警1,,", "am"),
    ],
)
def test_the_shift_of_an_unplanned_patrol_is_asked_for_where_there_is_more_than_one(
    tmp_path: Path, row: str, shift: str | None
) -> None:
    evening = Shift(id="pm", name="晚上", start="17:30", end="20:30", day_types=("working-day",))
    problem = town(shifts=(*town().shifts, evening))
    path = tmp_path / "records.csv"
    path.write_text(TIMED + row + "\n", encoding="utf-8")
    if shift is None:
        with pytest.raises(InvalidInputError, match="several shifts on 2010-09-08") as refused:
            read_records(path, problem, PLANNED)
        assert [(f.line, f.place) for f in refused.value.faults] == [(2, "时段")]
        assert "上午" in refused.value.say("zh-CN")
        assert "晚上" in refused.value.say("zh-CN")
    else:
        assert read_records(path, problem, PLANNED).roster.patrols[0].shift == shift


def test_further_findings_of_an_unplanned_patrol_need_not_repeat_its_shift(tmp_path: Path) -> None:
    evening = Shift(id="pm", name="晚上", start="17:30", end="20:30")
    problem = town(shifts=(*town().shifts, evening))
    path = tmp_path / "records.csv"
    rows = "2010-09-08,集市,pm,警1,占道经营\n2010-09-08,集市,,警1,乱停乱靠\n"
    path.write_text("日期,片区,时段,人员,类型\n" + rows, encoding="utf-8")
    read = read_records(path, problem, PLANNED)
    assert [(p.shift, len(read.sightings)) for p in read.roster.patrols] == [("pm", 2)]


def test_what_was_found_is_never_lost_for_want_of_its_kind(tmp_path: Path) -> None:
    rows = "2010-09-06,,公路,警1,,东门,3,,\n2010-09-07,,集市,警2,,东门,,,\n"
    with pytest.raises(InvalidInputError, match="but 3 were found") as refused:
        read_records(sheet(tmp_path, rows), town(), PLANNED)
    assert [(f.line, f.place) for f in refused.value.faults] == [(2, "类型")]


def test_a_sheet_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    for words in ("", "date,area\n", "\0", '"'):
        path.write_text(words, encoding="utf-8")
        with pytest.raises(InvalidInputError):
            read_records(path, town(), PLANNED)


def test_missed_and_unplanned_patrols() -> None:
    actual = Roster(
        patrols=(PLANNED.patrols[0], patrol("2010-09-08", "market", "GA2", "CG3", "CG4"))
    )
    assert missed(PLANNED, actual, day("2010-09-09")) == PLANNED.patrols[1:3]
    assert unplanned(PLANNED, actual) == actual.patrols[1:]
    goes_on = continued(PLANNED, actual, day("2010-09-09"))
    assert [p.date.day for p in goes_on.patrols] == [6, 8, 10]


def moved(of: Patrol, date: str, name: str) -> Patrol:
    return of.model_copy(update={"date": day(date), "id": name})


def test_a_patrol_took_place_by_its_name_or_by_area_date_and_shift() -> None:
    road, market, *_ = PLANNED.patrols
    until = day("2010-09-07")
    # Two days late under its own name; on its day under another name.
    by_name, by_slot = moved(road, "2010-09-08", road.id), moved(market, "2010-09-07", "M1")
    assert missed(PLANNED, Roster(patrols=(by_name, by_slot)), until) == ()
    assert unplanned(PLANNED, Roster(patrols=(by_name, by_slot))) == ()
    # Of another area, in another shift, on another day it is another patrol.
    others = (
        by_slot.model_copy(update={"area": "road"}),
        by_slot.model_copy(update={"shift": "pm"}),
        by_slot.model_copy(update={"date": day("2010-09-08")}),
    )
    for other in others:
        assert missed(PLANNED, Roster(patrols=(road, other)), until) == (market,)
        assert unplanned(PLANNED, Roster(patrols=(road, other))) == (other,)


def test_area_and_shift_of_a_patrol_are_told_apart() -> None:
    one = moved(PLANNED.patrols[0], "2010-09-06", "one").model_copy(
        update={"area": "a|b", "shift": "c"}
    )
    other = one.model_copy(update={"id": "other", "area": "a", "shift": "b|c"})
    planned, actual = Roster(patrols=(one,)), Roster(patrols=(other,))
    assert missed(planned, actual, day("2010-09-06")) == (one,)
    assert unplanned(planned, actual) == (other,)


def test_what_goes_on_is_what_took_place_up_to_the_date_and_the_plan_after_it() -> None:
    done = (
        patrol("2010-09-06", "road", "GA1", "CG1"),
        patrol("2010-09-07", "road", "GA2", "CG2"),
        patrol("2010-09-08", "market", "GA3", "CG3"),
    )
    goes_on = continued(PLANNED, Roster(patrols=done), day("2010-09-07"))
    assert goes_on.patrols == done[:2] + PLANNED.patrols[2:]


def test_posts_go_on_as_planned_where_nothing_is_told_of_them() -> None:
    planned, done = (
        Roster(
            post_duties=tuple(
                PostDuty(date=day(f"2010-09-{date:02}"), post="desk", shift="am", officer=officer)
                for date in (6, 7, 8)
            ),
            compensatory_rests=rests,
        )
        for officer, rests in (
            ("GA4", (CompensatoryRest(date=day("2010-09-09"), officer="GA4"),)),
            ("GA5", ()),
        )
    )
    until = day("2010-09-07")
    assert continued(planned, Roster(), until) == planned
    goes_on = continued(planned, done, until)
    assert goes_on.post_duties == done.post_duties[:2] + planned.post_duties[2:]
    assert goes_on.compensatory_rests == planned.compensatory_rests


def test_up_to_a_date_counts_that_day_and_nothing_later() -> None:
    desk = tuple(
        PostDuty(date=day(date), post="desk", shift="am", officer="GA4")
        for date in ("2010-09-06", "2010-09-07", "2010-09-08")
    )
    rests = tuple(
        CompensatoryRest(date=day(date), officer="GA4") for date in ("2010-09-07", "2010-09-09")
    )
    planned = PLANNED.model_copy(update={"post_duties": desk, "compensatory_rests": rests})
    assert up_to(planned, day("2010-09-07")) == Roster(
        patrols=PLANNED.patrols[:2], post_duties=desk[:2], compensatory_rests=rests[:1]
    )


def test_the_clock_restarts_from_what_took_place() -> None:
    # The market was patrolled on the 8th instead of the 7th, so the 10th is right again, and the
    # road, missed on the 9th, comes back on the 10th at the latest.
    actual = Roster(
        patrols=(PLANNED.patrols[0], patrol("2010-09-08", "market", "GA2", "CG3", "CG4"))
    )
    goes_on = continued(PLANNED, actual, day("2010-09-09"))
    again = replan(town(), goes_on, day("2010-09-09"))
    assert again.roster is not None
    assert again.status == "complete"
    assert {f.violation.rule for f in again.kept_breaches} == {"cadence"}
    assert day("2010-09-10") in again.roster.patrol_dates["road"]
    assert not check(town(), again.roster).broken


def sighting(date: str, count: int = 1, place: str = "东门") -> Sighting:
    return Sighting(day(date), "road", f"{date}.road", "占道经营", place, count)


def test_relapse_is_the_same_kind_at_the_same_place_within_some_days() -> None:
    some = [sighting("2010-09-06", 2), sighting("2010-09-09"), sighting("2010-09-20"),
            sighting("2010-09-21", place=""), sighting("2010-09-22", count=0)]  # fmt: skip
    again = relapses(some, days=7)
    assert [(r.before.day, r.again.day) for r in again] == [(6, 9)]
    assert relapse_rate(some) == pytest.approx(1 / 3)
    assert relapse_rate([]) is None
    first = found_by_kind_and_place(some)[0]
    assert (first.kind, first.place, first.count, first.patrols) == ("占道经营", "东门", 4, 3)
