"""What is wrong with tables is told once, in their words, and nothing that only follows from it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrol_scheduler.formats import look_through, written
from patrol_scheduler.formats.plan_tables.workbook_template import example_problem
from patrol_scheduler.texts import LANGUAGES
from patrol_scheduler.validation import notices_of

STAFF = "4 人员"


def told(tmp_path: Path, change: Callable[[Any, Callable[[str], int]], None]) -> list[str]:
    """What is said of the Bishi workbook after a change to its sheet of staff."""
    content = written(example_problem(), "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[STAFF]
    columns = {str(cell.value).split("\n")[0]: n for n, cell in enumerate(sheet[1], start=1)}
    change(sheet, columns.__getitem__)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    found = look_through(path)
    assert (found.problem is None) == bool(found.faults)
    for fault in found.faults:
        assert fault.say("en")
    return [fault.say("zh-CN").removeprefix(f"{path}: ") for fault in found.faults]


def test_nobody_is_missed_because_an_id_cannot_be_read(tmp_path: Path) -> None:
    """公安02 is named on the sheet of leave, too; what is said is that the id is unreadable."""

    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.cell(3, column("工号")).value = 1.38e20

    (fault,) = told(tmp_path, change)
    assert fault.startswith("4 人员!A3 (工号): 1.38e+20")


def test_a_formula_without_a_value_is_not_an_empty_cell_as_well(tmp_path: Path) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.cell(3, column("部门")).value = "=A1"

    (fault,) = told(tmp_path, change)
    assert "没有保存计算结果" in fault


@pytest.mark.parametrize("heading", ["部门", "工号"])
def test_a_column_that_was_deleted_is_told_once(tmp_path: Path, heading: str) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.delete_cols(column(heading))

    assert told(tmp_path, change) == [
        f"{STAFF}!1: “{heading}”一列缺失或全部空着，而每一行都要填写。请补上这一列。"
    ]


def test_a_heading_that_is_misspelt_is_told_once(tmp_path: Path) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.cell(1, column("部门")).value = "部们"

    (fault,) = told(tmp_path, change)
    assert fault.startswith(f'{STAFF}!B1: 不认识列名 "部们"')
    assert '"部门"' in fault


def test_a_sheet_that_was_renamed_is_recognised_by_its_headings(tmp_path: Path) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.title = "全体职工"

    (fault,) = told(tmp_path, change)
    assert "没有工作表“4 人员”，而方案需要它" in fault
    (repair,) = look_through(tmp_path / "plan.xlsx").repairs
    assert repair.say("zh-CN").endswith("最接近的写法是 4 人员，是否应为它？")


def test_choices_are_told_in_the_words_of_the_list(tmp_path: Path) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.cell(3, column("身份")).value = "民井"

    (fault,) = told(tmp_path, change)
    assert "民警, 交警, 执法员, 辅警, 协管员, 干部" in fault
    assert fault.endswith('最接近的写法是 "民警"，是否应为它？')
    assert "police" not in fault


@pytest.mark.parametrize("lang", LANGUAGES)
def test_notices_name_cells_and_no_keys_of_other_forms(tmp_path: Path, lang: str) -> None:
    content = written(example_problem(), "xlsx", lang)
    assert isinstance(content, bytes)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    found = look_through(path)
    notices = [found.located(notice) for notice in notices_of(found.sound)]
    assert notices
    for notice in notices:
        assert notice.place[0].isdigit()  # the number of a sheet
        assert " = " not in notice.say(lang)


@pytest.mark.parametrize("sheet_name", ["11 请假值班", "13 固定"])
def test_a_misspelt_name_of_an_officer_finds_the_officer(tmp_path: Path, sheet_name: str) -> None:
    def change(sheet: Any, column: Callable[[str], int]) -> None:
        sheet.cell(3, column("姓名")).value = "李卫东"
        other = sheet.parent[sheet_name]
        heads = {str(cell.value).split("\n")[0]: n for n, cell in enumerate(other[1], start=1)}
        other.cell(2, heads["人员"]).value = "李卫冬"

    about = [fault for fault in told(tmp_path, change) if "李卫冬" in fault]
    assert len(about) == 1
    assert '最接近的写法是 "李卫东（' in about[0]
