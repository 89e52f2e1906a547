"""The roster's workbook: it prints as an office expects, reads back, and holds no formula."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from patrol_scheduler import statistics
from patrol_scheduler.checking import check
from patrol_scheduler.outputs.lunar import lunar_day
from patrol_scheduler.outputs.workbook import figures, record_forms, roster_workbook, style
from patrol_scheduler.problem import Problem, Vehicle
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Member, Roster
from patrol_scheduler.rules import ALL
from patrol_scheduler.sightings import Sighting
from patrol_scheduler.texts import LANGUAGES, catalogue, text

from . import sample

SHEETS = ["排班总表 2010-09", "排班总表 2010-10", "人员日历", "明细", "部门表", "个人单", "统计",
          "统计（分月）", "公平性", "公平性（分月）", "统计明细", "未满足", "说明", "变更",
          "参数"]  # fmt: skip


def book(problem: Problem, result: Result, lang: str = "zh-CN") -> Any:
    return openpyxl.load_workbook(io.BytesIO(roster_workbook(problem, result, lang)))


def test_the_sheets_of_the_office(problem: Problem, result: Result) -> None:
    made = book(problem, result)
    assert made.sheetnames == SHEETS
    for sheet in made.worksheets:
        assert sheet.page_setup.paperSize in (9, "9")
        tall = {"人员日历": None} | dict.fromkeys(SHEETS[:2], 1)  # a month is on one page
        assert sheet.page_setup.fitToHeight == tall.get(sheet.title, 0)
    duties = made[SHEETS[0]]
    assert duties.page_setup.orientation == "landscape"
    assert duties.print_title_rows is not None


def test_a_long_month_is_not_made_too_small_to_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    style.page(sheet)
    style.widths(sheet, [150.0])  # a page shrunk to about its height of 44 rows
    style.on_one_page(sheet, 40)
    assert sheet.page_setup.fitToHeight == 1
    style.page(sheet)
    style.on_one_page(sheet, 80)
    assert sheet.page_setup.fitToHeight == 0


def test_titles_and_headings_repeat_on_every_page(problem: Problem, result: Result) -> None:
    made = book(problem, result)
    for name in (SHEETS[0], "部门表", "个人单", "未满足", "变更", "参数"):
        last = int(str(made[name].print_title_rows).rsplit("$", 1)[1])
        assert str(made[name].print_title_rows).startswith("$1:")
        assert all(cell.value for cell in made[name][last])


def test_the_calendar_of_officers_prints_a_month_a_page(problem: Problem, result: Result) -> None:
    sheet = book(problem, result)["人员日历"]
    starts = [4, *(brk.id + 1 for brk in sheet.col_breaks.brk)]
    assert [sheet.cell(1, column).value for column in starts] == [
        "示例镇常规管理人员日历（2010年9月）",
        "示例镇常规管理人员日历（2010年10月）",
    ]
    assert [sheet.cell(3, column).value for column in starts] == ["9/30", "10/1"]
    assert sheet.print_title_cols == "$A:$C"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage  # it would know no breaks


def test_each_slip_is_one_page(problem: Problem, result: Result) -> None:
    sheet = book(problem, result)["个人单"]
    names = [row[0].value for row in sheet.iter_rows(min_row=3)]
    starts = [3, *(brk.id + 1 for brk in sheet.row_breaks.brk)]
    assert [names[row - 3] for row in starts] == list(dict.fromkeys(names))


def test_a_row_is_as_high_as_its_lines() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    style.line(sheet, 2, ["镇区西片（居民区及背街小巷）", "short"])
    style.line(sheet, 3, ["一", "word " * 12])
    style.fit(sheet, 1, 3, [(10, 40), (10, 20)])
    assert sheet.column_dimensions["A"].width > 2 * 14
    one, three = (sheet.row_dimensions[row].height for row in (2, 3))
    assert one == 15.5
    assert three == 15.5 * 3  # four words a line


def test_the_duty_sheet_has_lunar_dates_leaders_phones_and_agencies(
    problem: Problem, result: Result
) -> None:
    leader = problem.officers[0].model_copy(update={"phone": "13800000000"})
    problem = problem.model_copy(update={"officers": (leader, *problem.officers[1:])})
    sheet = book(problem, result)[SHEETS[1]]
    rows = [[cell.value for cell in row] for row in sheet.rows]
    heads = next(row for row in rows if row[0] == "日期")
    assert heads[:8] == ["日期", "星期", "农历/节日", "阶段", "片区", "时段", "带队", "带队电话"]
    assert heads[8:] == ["公安", "交警", "城管", "备注"]  # no vehicles are known
    october = next(row for row in rows if getattr(row[0], "day", 0) == 1)
    assert october[2] == "八月廿四 国庆节"
    assert any(row[7] == "13800000000" for row in rows)


def test_the_leader_on_duty_of_a_day_stands_beside_the_leaders_of_its_patrols(
    problem: Problem, result: Result
) -> None:
    posts = tuple(p.model_copy(update={"kind": "leader-on-duty"}) for p in problem.posts)
    problem = problem.model_copy(update={"posts": posts})
    assert result.roster is not None
    (duty,) = result.roster.post_duties
    rows = [[cell.value for cell in row] for row in book(problem, result)[SHEETS[1]].rows]
    heads = next(row for row in rows if row[0] == "日期")
    # Nobody has a telephone, so there is no column of telephone numbers.
    assert heads[6:9] == ["带班领导", "带队", "公安"]
    days = [row for row in rows if isinstance(row[0], dt.datetime)]
    told = {row[0].date(): row[6] for row in days if row[6]}
    assert told == {duty.date: problem.officer_by_id[duty.officer].name}


def test_remarks_on_a_phase_stand_below_its_duty_sheet_and_those_on_officers_nowhere(
    problem: Problem, result: Result
) -> None:
    phases = tuple(p.model_copy(update={"remarks": "=雨天改日"}) for p in problem.phases)
    officers = tuple(o.model_copy(update={"remarks": "腰伤"}) for o in problem.officers)
    problem = problem.model_copy(update={"phases": phases, "officers": officers})
    made = book(problem, result)
    told = [str(cell.value) for row in made[SHEETS[1]].rows for cell in row]
    assert [words for words in told if words.endswith("：=雨天改日")]
    everything = [str(cell.value) for sheet in made for row in sheet.rows for cell in row]
    assert not [words for words in everything if "腰伤" in words]


def test_lunar_days() -> None:
    assert lunar_day(sample.date("2010-02-14"), "zh-CN") == "正月初一"
    assert lunar_day(sample.date("2010-09-22"), "zh-CN") == "八月十五"
    assert lunar_day(sample.date("2010-09-22"), "en") == "lunar 8-15"
    assert lunar_day(sample.date("2009-06-23"), "en") == "lunar 5+-1"  # a second fifth month
    assert lunar_day(sample.date("1800-01-01"), "en") == ""


def test_pandas_reads_one_row_for_each_duty(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    content = io.BytesIO(roster_workbook(problem, result, "zh-CN"))
    table = pd.read_excel(content, sheet_name="明细")
    assert len(table) == len(result.roster.duties)
    patrols = {patrol.id for patrol in result.roster.patrols}
    assert set(table["计划编号"].dropna()) == patrols


def test_the_list_of_duties_tells_the_office_held(problem: Problem, result: Result) -> None:
    chief = problem.officers[0].model_copy(update={"position": "所长"})
    problem = problem.model_copy(update={"officers": (chief, *problem.officers[1:])})
    rows = list(book(problem, result)["明细"].iter_rows(values_only=True))
    assert rows[0][13] == "职务"
    assert {row[13] for row in rows[1:] if row[9] == chief.id} == {"所长"}


def test_every_duty_stands_in_the_calendar_of_officers(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    sheet = book(problem, result)["人员日历"]
    totals = {row[1].value: row[2].value for row in sheet.rows if isinstance(row[2].value, int)}
    for officer in problem.officers:
        assert totals[officer.name] == len(result.roster.turns.get(officer.id, ()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_roster_gives_the_same_bytes(problem: Problem, result: Result, lang: str) -> None:
    made = roster_workbook(problem, result, lang)
    assert roster_workbook(problem, result, lang) == made
    assert result.roster is not None
    records = record_forms(problem, result.roster, lang)
    assert record_forms(problem, result.roster, lang) == records


def test_no_cell_is_a_formula_whatever_people_are_called() -> None:
    wicked = sample.problem()
    officers = tuple(
        officer.model_copy(update={"name": mark + "1+1" + sample.WICKED.replace("\r\n", " ")})
        for officer, mark in zip(wicked.officers, "=+-@=+-", strict=True)
    )
    problem = wicked.model_copy(update={"officers": officers, "name": "=1+1"})
    result = sample.result()
    assert result.roster is not None
    for content in (
        roster_workbook(problem, result, "en"),
        record_forms(problem, result.roster, "en"),
    ):
        made = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in made.worksheets:
            for row in sheet.rows:
                for cell in row:
                    assert cell.data_type != "f"
                    if isinstance(cell.value, str) and cell.value.startswith(tuple("=+-@")):
                        assert cell.quotePrefix


def test_numbers_are_those_of_the_document(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    document = statistics.document(problem, result.roster, check(problem, result.roster))
    sheet = book(problem, result)["统计"]
    values = {cell.value for row in sheet.rows for cell in row}
    tables = document["tables"]
    assert isinstance(tables, dict)
    for row in tables["area_cadence"]:
        assert row["patrol_days"] in values


def test_every_table_of_the_statistics_has_its_place() -> None:
    placed = {name for names in figures.SHEETS.values() for name in names}
    assert placed == {statistics.split_of(name)[0] for name in statistics.TABLES}
    assert sum(map(len, figures.SHEETS.values())) == len(placed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_with_rows_stands_under_its_heading(
    problem: Problem, result: Result, lang: str
) -> None:
    again = problem.phases[-1].model_copy(
        update={"id": "P9", "name": "", "start": sample.date("2010-10-02")}
    )
    before = problem.phases[-1].model_copy(update={"end": sample.date("2010-10-01")})
    phases = (*problem.phases[:-1], before, again)
    problem = problem.model_copy(update={"phases": phases})
    assert result.roster is not None
    tables = statistics.tables(problem, result.roster)
    headings = {
        cell.value
        for sheet in book(problem, result, lang)
        for (cell,) in sheet.iter_rows(max_col=1)
        if cell.font.b
    }
    said = {str(heading).split("：")[0].split(": ")[0] for heading in headings}
    for name, table in tables.items():
        idle = name.startswith(("market_coverage", "auxiliary_exposure"))  # the plan has neither
        assert (statistics.heading(name, lang) in said) == (len(table) > 0 and not idle), name


def test_officers_have_a_column_for_each_month(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    rows = list(book(problem, result)["公平性（分月）"].iter_rows(values_only=True))
    top = next(n for n, row in enumerate(rows) if row[0] == "人员勤务表（分月）：勤务次数")
    assert rows[top + 2][:5] == ("统计范围", "部门", "人员", "2010-09", "2010-10")
    told = [row[2:5] for row in takewhile(any, rows[top + 3 :]) if row[0] == "全部勤务"]
    counts = Counter((duty.officer, duty.date.month) for duty in result.roster.duties)
    away = "CG03"  # on leave on all the days of September
    assert told == [
        (f"{o.name}（{o.id}）", counts[o.id, 9] if o.id != away else None, counts[o.id, 10])
        for o in problem.officers
    ]


def test_auxiliaries_and_cars_have_columns_of_their_own(problem: Problem, result: Result) -> None:
    officers = tuple(
        o.model_copy(update={"status": "assistant" if o.id == "CG01" else "enforcement"})
        for o in problem.officers
    )
    cars = (Vehicle(id="V1", name="湘A0001", areas=("A1",)),)
    problem = problem.model_copy(update={"officers": officers, "vehicles": cars})
    sheet = book(problem, result)[SHEETS[1]]
    rows = [[cell.value for cell in row] for row in sheet.rows]
    heads = next(row for row in rows if row[0] == "日期")
    assert heads[7:] == ["公安", "交警", "城管", "辅助", "车辆", "备注"]
    patrols = [row for row in rows if row[4] in ("东街片区", "西街片区")]
    assert "城管01" in {row[10] for row in patrols}
    assert all("城管01" not in (row[9] or "") for row in patrols)
    assert {(row[4], row[11]) for row in patrols} == {("东街片区", "湘A0001"), ("西街片区", None)}


def test_each_agency_begins_a_page_with_its_contact_above(problem: Problem, result: Result) -> None:
    first = problem.agencies[0].model_copy(update={"contact": "王主任", "phone": "0731-1"})
    problem = problem.model_copy(update={"agencies": (first, *problem.agencies[1:])})
    sheet = book(problem, result)["部门表"]
    assert sheet.cell(2, 1).value == "公安联系人：王主任 0731-1"
    starts = {brk.id + 1 for brk in sheet.row_breaks.brk}
    assert {sheet.cell(row, 1).value for row in starts} == {"交警", "城管"}


def test_what_took_place_has_a_sheet_where_it_is_known(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    actual = Roster(patrols=result.roster.patrols[1:])
    seen = (Sighting(actual.patrols[0].date, "A1", actual.patrols[0].id, "stalls", "东门", 3),)
    document = statistics.document(
        problem, result.roster, actual=actual, sightings=seen, until=problem.last
    )
    content = roster_workbook(problem, result, "zh-CN", document=document)
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert "计划与实际" not in book(problem, result).sheetnames
    rows = list(made["计划与实际"].iter_rows(values_only=True))
    assert rows[1][0] == f"截至{problem.last}；标有“实际”的各表只计到这一天。"
    done = made["统计（实际）"].iter_rows(values_only=True)
    assert rows[0][0] != next(done)[0] == "示例镇常规管理统计（实际）"
    total = next(row for row in rows if row[0] == "合计")
    planned = len(result.roster.patrols)
    assert total[1:3] == (planned, planned - 1)
    assert any(str(row[0]).startswith("占道经营") and row[1] == 3 for row in rows)


def test_a_roster_before_may_name_what_the_plan_no_longer_has(
    problem: Problem, result: Result
) -> None:
    roster = result.roster
    assert roster is not None
    first = roster.patrols[0]
    gone = first.model_copy(update={"area": "A9", "members": (Member(officer="XX99"),)})
    before = Roster(patrols=(gone, *roster.patrols[1:]), post_duties=roster.post_duties)
    content = roster_workbook(problem, result, "zh-CN", before=before)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["变更"]
    assert ("A9", "XX99") in {row[2:4] for row in sheet.iter_rows(values_only=True)}


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("zh-CN", {"编成人数", "个人意愿", "巡逻间隔"}),
        ("en", {"Composition of patrols", "Requests", "Gap between patrols"}),
    ],
)
def test_rules_are_named_as_people_call_them(
    problem: Problem, result: Result, lang: str, names: set[str]
) -> None:
    made = book(problem, result, lang)
    rows = made[text("workbook.sheet.unmet", lang)].iter_rows(values_only=True)
    unmet = {row[2] for row in rows if isinstance(row[0], int)}
    parameters = made[text("workbook.sheet.parameters", lang)].iter_rows(values_only=True)
    told = {row[2]: row[0] for row in parameters}
    assert unmet | {told["cadence"]} == names


def test_changes_against_the_roster_before(problem: Problem, result: Result) -> None:
    roster = result.roster
    assert roster is not None
    before = Roster(patrols=roster.patrols[1:], post_duties=roster.post_duties)
    content = roster_workbook(problem, result, "zh-CN", before=before)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["变更"]
    added = [row for row in sheet.iter_rows(values_only=True) if row[4] == "新增"]
    assert len(added) == len(roster.patrols[0].members)


def test_record_forms_are_filled_in_as_far_as_planned(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    made = openpyxl.load_workbook(io.BytesIO(record_forms(problem, result.roster, "zh-CN")))
    rows = [row for sheet in made.worksheets for row in sheet.iter_rows(values_only=True)]
    known = {patrol.id for patrol in result.roster.patrols}
    forms = [row for row in rows if row[1] in known]
    assert {row[1] for row in forms} == known
    assert all(row[5] is None and row[7] for row in forms)


def test_without_a_roster_there_is_no_workbook(problem: Problem) -> None:
    nothing = sample.result().model_copy(update={"roster": None, "status": "impossible"})
    with pytest.raises(ValueError, match="no workbook"):
        roster_workbook(problem, nothing, "en")


def test_the_files_are_among_the_outputs(problem: Problem, result: Result, tmp_path: Path) -> None:
    from patrol_scheduler.outputs import render

    assert {"roster.xlsx", "patrol-records.xlsx"} <= render(problem, result).keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_parameter_of_a_rule_has_its_word(lang: str) -> None:
    fields = {name for kind in ALL for name in kind.model_fields} - {"rule", "on", "remarks"}
    assert {f"workbook.parameter.{name}" for name in fields} <= catalogue(lang).keys()


def test_a_day_of_rest_stands_among_the_duties_of_its_officer(result: Result) -> None:
    problem, roster = sample.resting()
    made = book(problem, result.model_copy(update={"roster": roster}))
    rows = [row[:5] for row in made["个人单"].iter_rows(values_only=True) if row[0] == "城管01"]
    assert rows[-1][1].date().isoformat() == "2010-10-08"
    assert rows[-1][4] == "补休"
    days = {row[1]: row for row in made["人员日历"].iter_rows(values_only=True)}
    assert "休" in days["城管01"]
