"""A home unit's duty list as busy time, in the shapes that offices and their systems export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import read_home_duty, with_busy_folder
from patrol_scheduler.formats.busy.home_duty import span_of
from patrol_scheduler.problem import Busy, Problem
from patrol_scheduler.texts import LANGUAGES
from tests.formats.test_tables import small


def plan(*more: str) -> Problem:
    """The small plan with named officers: 张三 and 李四 of the police, 王五 of the city office."""
    problem = small()
    first, second = problem.officers
    names = ["李四", *more]
    officers = (
        first.model_copy(update={"name": "张三"}),
        *(
            first.model_copy(update={"id": f"GA{n:02d}", "name": name})
            for n, name in enumerate(names, 2)
        ),
        second.model_copy(update={"name": "王五"}),
    )
    return problem.model_copy(update={"officers": officers})


def list_of(tmp_path: Path, *rows: Sequence[object], name: str = "公安") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    path = tmp_path / f"{name}.xlsx"
    book.save(path)
    return path


def duty(officer: str, start: str, end: str) -> Busy:
    moments = (dt.datetime.fromisoformat(f"2010-08-{when}") for when in (start, end))
    return Busy(officer=officer, start=next(moments), end=next(moments), kind="home-duty")


def whats(path: Path, problem: Problem) -> list[str]:
    return [r.what.rpartition(".")[2] for r in read_home_duty(path, problem).repairs]


def test_columns_of_leader_and_shifts_as_ruoyi_imports_them(tmp_path: Path) -> None:
    path = list_of(
        tmp_path,
        ["日期", "星期", "带班领导", "带班领导电话", "值班长", "值班长电话", "白班一(8:00-18:00)",
         "白班二(8:00-18:00)", "夜班一 18:00-次日8:00", "夜班二 18:00-次日8:00"],
        [dt.date(2010, 8, 2), "星期一", "赵某", "13800000000", "张三", "13900000000", "李 四",
         "钱某", "孙某", None],
        ["2010.8.3", "星期二", "赵某", None, "孙某", None, None, None, "张三", "李四"],
    )  # fmt: skip
    found = read_home_duty(path, plan())
    assert found.busy == (
        duty("GA01", "02T08:00", "03T08:00"),
        duty("GA02", "02T08:00", "02T18:00"),
        duty("GA01", "03T18:00", "04T08:00"),
        duty("GA02", "03T18:00", "04T08:00"),
    )
    assert whats(path, plan()) == ["home-duty-read", "home-duty-hours"]
    for remark in found.repairs:
        assert all(remark.say(lang) for lang in LANGUAGES)


def test_starts_and_ends_as_seeyon_imports_them(tmp_path: Path) -> None:
    path = list_of(
        tmp_path,
        ["开始", "结束", "地点", "带班领导", "电话", "值班人员", "电话"],
        [dt.datetime(2010, 8, 5, 8), dt.datetime(2010, 8, 6, 8), "值班室", "赵某", None,
         "张三、李四 13900000000", None],
        ["2010-08-07 20:00", "2010-08-08 08:00", "值班室", "张三", None, "钱某", None],
    )  # fmt: skip
    assert read_home_duty(path, plan()).busy == (
        duty("GA01", "05T08:00", "06T08:00"),
        duty("GA02", "05T08:00", "06T08:00"),
        duty("GA01", "07T20:00", "08T08:00"),
    )


def test_days_of_a_month_that_the_title_tells_as_newcosmos_prints_them(tmp_path: Path) -> None:
    path = list_of(
        tmp_path,
        ["某派出所2010年8月值班表"],
        [
            "日期",
            "星期与农历",
            "领导姓名",
            "领导电话",
            "主班民警1",
            "主班民警2",
            "夜间班辅警",
            "备注",
        ],
        ["1日", "星期日 廿一", "张三", "139", None, None, None, None],
        [2, "星期一 廿二", None, None, "李四", "钱某", None, None],
        ["8月3日（星期二）", "廿三", None, None, "钱某", "张三", None, None],
        ["注：交接班时间为每日上午8时", None, None, None, None, None, None, None],
    )
    assert read_home_duty(path, plan()).busy == (
        duty("GA01", "01T08:00", "02T08:00"),
        duty("GA02", "02T08:00", "03T08:00"),
        duty("GA01", "03T08:00", "04T08:00"),
    )


def test_hours_in_a_column_of_their_own_and_dates_told_once(tmp_path: Path) -> None:
    path = list_of(
        tmp_path,
        ["日期", "值班时间", "值班人员"],
        ["8月2日", "08:00-20:00", "张三"],
        [None, "20:00-08:00", "李四"],
    )
    assert read_home_duty(path, plan()).busy == (
        duty("GA01", "02T08:00", "02T20:00"),
        duty("GA02", "02T20:00", "03T08:00"),
    )


def test_start_and_end_as_times_beside_a_date(tmp_path: Path) -> None:
    path = list_of(
        tmp_path,
        ["值班日期", "开始时间", "结束时间", "值班人员"],
        [dt.date(2010, 8, 2), dt.time(8), dt.time(20), "张三"],
        ["8月3日", "20:00", "8:00", "李四"],
    )
    assert read_home_duty(path, plan()).busy == (
        duty("GA01", "02T08:00", "02T20:00"),
        duty("GA02", "03T20:00", "04T08:00"),
    )


def test_a_formula_without_a_stored_result_is_no_stranger(tmp_path: Path) -> None:
    path = list_of(tmp_path, ["日期", "值班人员"], ["2010-08-02", "=VLOOKUP(1,A1:B2,2)"])
    with pytest.raises(InvalidInputError) as refused:
        read_home_duty(path, plan())
    (fault,) = refused.value.faults
    assert (fault.what, fault.place) == ("tables.cell-formula", "Sheet!B2")
    assert "VLOOKUP" in fault.say("en")


def test_a_csv_in_gb18030_is_a_duty_list_too(tmp_path: Path) -> None:
    path = tmp_path / "公安.csv"
    path.write_bytes("日期,值班人员\n2010/8/9,张三\n".encode("gb18030"))
    assert read_home_duty(path, plan()).busy == (duty("GA01", "09T08:00", "10T08:00"),)


def test_other_days_and_strangers_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = list_of(
        tmp_path, ["日期", "值班人员"], ["2010-07-01", "张三"], ["2010-08-31", "李四"],
        ["2010-09-01", "张三"], ["2010-08-04", "周某"],
    )  # fmt: skip
    found = read_home_duty(path, plan())
    assert [busy.officer for busy in found.busy] == ["GA02"]
    told = dict(found.repairs[0].values)
    assert (told["n"], told["strangers"], told["outside"]) == (1, 1, 2)


def test_nothing_uncertain_is_guessed_and_all_of_it_is_told_at_once(tmp_path: Path) -> None:
    path = list_of(
        tmp_path, ["日期", "值班人员"], ["月初", "李四"], ["2010-08-04", "张三"],
        ["2010-02-30", "李四"],
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        read_home_duty(path, plan("张三"))
    faults = refused.value.faults
    assert [f.what.rpartition(".")[2] for f in faults] == [
        "not-a-date", "name-not-unique", "impossible-date",
    ]  # fmt: skip
    assert [f.place for f in faults] == ["Sheet!A2", "Sheet!B3", "Sheet!A4"]


def test_two_of_one_name_are_told_apart_by_their_agency(tmp_path: Path) -> None:
    path = list_of(tmp_path, ["日期", "值班人员"], ["2010-08-04", "王五"], name="城管")
    with pytest.raises(InvalidInputError):
        read_home_duty(path, plan("王五"))
    assert [b.officer for b in read_home_duty(path, plan("王五"), "城管").busy] == ["CG01"]


def test_a_file_that_is_no_duty_list_is_refused(tmp_path: Path) -> None:
    path = list_of(tmp_path, ["物品", "数量"], ["手电", 3])
    with pytest.raises(InvalidInputError) as refused:
        read_home_duty(path, plan())
    assert refused.value.faults[0].what == "tables.home-duty-no-header"


def test_a_folder_of_lists_and_calendars_names_their_owners(tmp_path: Path) -> None:
    list_of(tmp_path, ["日期", "值班人员"], ["2010-08-04", "张三"])
    list_of(tmp_path, ["日期", "值班人员"], ["2010-08-05", "王五"], name="城管")
    problem = plan()
    once = with_busy_folder(problem, tmp_path).problem
    assert {busy.officer for busy in once.busy} == {"GA01", "CG01"}
    assert with_busy_folder(once, tmp_path).problem.busy == once.busy
    (tmp_path / "交通.csv").write_text("日期,值班人员\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        with_busy_folder(problem, tmp_path)
    assert refused.value.faults[0].what == "unknown-agency"


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("夜班(18:00-8:00)", (18 * 60, 32 * 60)),
        ("上午8时—12时", (480, 720)),
        ("０８：３０～次日０８：３０", (510, 1950)),
        ("主班民警1-4", None),
        ("25:00-26:00", None),
    ],
)
def test_hours_in_words(said: str, span: tuple[int, int] | None) -> None:
    assert span_of(said) == span
