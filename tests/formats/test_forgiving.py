"""What a loader must forgive, slip by slip, and what it must never guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrol_scheduler.formats import PlanRead, look_through
from patrol_scheduler.problem import Busy, Leave, Problem
from patrol_scheduler.texts import LANGUAGES
from tests.formats.test_tables import at, column, filled, small

Change = Callable[[openpyxl.Workbook], None]


def put(sheet: str, name: str, value: Any, row: int = 2) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        at(book, sheet, name, row).value = value

    return change


def shortened(name: str, value: float) -> Change:
    """A number in a cell that shows three digits of it."""

    def change(book: openpyxl.Workbook) -> None:
        put("4 人员", name, value)(book)
        at(book, "4 人员", name).number_format = "0.00E+00"

    return change


def titles(book: openpyxl.Workbook) -> None:
    book["4 人员"].insert_rows(1, 2)
    book["4 人员"].cell(1, 1).value = "某镇巡逻人员名单"


def synonym(book: openpyxl.Workbook) -> None:
    at(book, "4 人员", "name", 1).value = "人员名称"
    at(book, "4 人员", "agency", 1).value = "单位"


def merged(book: openpyxl.Workbook) -> None:
    sheet = book["6 时段"]
    place = column(sheet, "name")
    sheet.cell(2, place).value = "时段"
    sheet.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)


def twins(book: openpyxl.Workbook) -> None:
    for row in (2, 3):
        at(book, "4 人员", "name", row).value = "张三"
    for name, value in {"entry": "张三", "start": "2010-08-02", "end": "2010-08-03"}.items():
        at(book, "11 请假值班", name).value = value


def hidden_row(book: openpyxl.Workbook) -> None:
    book["4 人员"].row_dimensions[3].hidden = True


def hidden_columns(book: openpyxl.Workbook) -> None:
    book["4 人员"].column_dimensions.group("B", "C", hidden=True)


def hidden_sheet(book: openpyxl.Workbook) -> None:
    book["5 片区"].sheet_state = "hidden"


def trailing(book: openpyxl.Workbook) -> None:
    book["4 人员"].cell(400, 2).value = " "
    book["4 人员"].cell(401, 1).value = "　"


FORGIVEN: dict[str, tuple[Change, str, Callable[[Problem], object], object]] = {
    "full-width digits": (put("6 时段", "start", "０７：３０"), "repair-clock",
                          lambda p: p.shifts[0].start, dt.time(7, 30)),
    "full-width letters": (put("4 人员", "id", "ＧＡ０１"), "repair-full-width",
                           lambda p: p.officers[0].id, "GA01"),
    "full-width separators": (put("4 人员", "groups", "一组；二组，三组"), "",
                              lambda p: p.officers[0].groups, ("一组", "二组", "三组")),
    "spaces inside the name of an officer": (
        put("4 人员", "name", "张　三"), "repair-full-width repair-spaces",
        lambda p: p.officers[0].name, "张三"),
    "full-width phone": (put("4 人员", "phone", "１３８００１３８０００"), "repair-full-width",
                         lambda p: p.officers[0].phone, "13800138000"),
    "a phone shown as 1.38E+10 that is there whole": (
        shortened("phone", 13_812_345_678), "", lambda p: p.officers[0].phone, "13812345678"),
    "spaces inside names": (put("4 人员", "agency", "公 安"), "repair-spaces",
                            lambda p: p.officers[0].agency, "公安"),
    "merged cells": (merged, "repair-merged", lambda p: [s.name for s in p.shifts], ["时段"] * 2),
    "title rows": (titles, "repair-title-rows", lambda p: p.officers, small().officers),
    "header synonyms": (synonym, "", lambda p: p.officers, small().officers),
    "serial dates": (put("4 人员", "joins", 40391), "repair-serial-date",
                     lambda p: p.officers[0].joins, dt.date(2010, 8, 1)),
    "2010.8.1": (put("4 人员", "joins", "2010.8.1"), "repair-date",
                 lambda p: p.officers[0].joins, dt.date(2010, 8, 1)),
    "8月1日": (put("4 人员", "joins", "8月1日"), "repair-year",
              lambda p: p.officers[0].joins, dt.date(2010, 8, 1)),
    "8/1": (put("4 人员", "joins", "8/1"), "repair-year",
            lambda p: p.officers[0].joins, dt.date(2010, 8, 1)),
    "√": (put("4 人员", "driver", "√", 3), "", lambda p: p.officers[1].driver, True),
    "是": (put("4 人员", "driver", "是", 3), "", lambda p: p.officers[1].driver, True),
    "1": (put("4 人员", "driver", 1, 3), "", lambda p: p.officers[1].driver, True),
    "blank trailing rows": (trailing, "", lambda p: p.officers, small().officers),
    "hidden row": (hidden_row, "repair-hidden", lambda p: p.officers, small().officers),
    "hidden columns": (hidden_columns, "repair-hidden-column", lambda p: p.officers,
                       small().officers),
    "hidden sheet": (hidden_sheet, "repair-hidden-sheet", lambda p: p.areas, small().areas),
}  # fmt: skip
"""Each slip: how it is made, the repairs that are told (none where nothing was changed), and what
the plan says afterwards. Weekdays and formulas with a stored value have tests of their own."""


def names(found: PlanRead) -> list[str]:
    return [remark.what.rpartition(".")[2] for remark in found.repairs]


@pytest.mark.parametrize("slip", FORGIVEN)
def test_every_slip_is_forgiven_and_each_repair_is_told(tmp_path: Path, slip: str) -> None:
    change, repair, read, expected = FORGIVEN[slip]
    found = look_through(filled(tmp_path, change))
    assert found.problem is not None, [fault.say("en") for fault in found.faults]
    assert read(found.problem) == expected
    assert set(names(found)) == set(repair.split())
    for remark in found.repairs:
        assert all("!" in remark.say(lang) for lang in LANGUAGES)


def test_hidden_columns_are_each_told_by_their_letter(tmp_path: Path) -> None:
    found = look_through(filled(tmp_path, hidden_columns))
    assert [r.place.split(" (")[0] for r in found.repairs] == ["4 人员!B1", "4 人员!C1"]


NEVER_GUESSED: dict[str, tuple[Change, str]] = {
    "a phone as 1.38E+10": (put("4 人员", "phone", "1.38E+10"), "cell-scientific"),
    "a phone of which 1.38E+10 is left": (shortened("phone", 1.38e10), "cell-scientific"),
    "a certificate of 18 digits as a number": (
        put("4 人员", "cert_number", 430_681_198_001_011_234), "cell-scientific"),
    "a number as 1.38E+10": (put("4 人员", "id", "1.38E+10"), "cell-scientific"),
    "text in a date cell": (put("4 人员", "joins", "月底"), "not-a-date"),
    "a formula without a value": (put("6 时段", "start", "=1/3"), "cell-formula"),
    "a mark that may mean anything": (put("4 人员", "leader", "也许"), "cell-not-a-flag"),
    "a name that more than one bears": (twins, "name-not-unique"),
    "a name typed after =": (put("4 人员", "name", "=张三"), "cell-formula"),
    "a day that is in no year": (put("4 人员", "joins", "2010-02-30"), "impossible-date"),
    "values far to the right": (
        lambda book: setattr(book["4 人员"].cell(2, 300), "value", "A"), "column-too-far"),
}  # fmt: skip


@pytest.mark.parametrize("slip", NEVER_GUESSED)
def test_what_is_uncertain_is_an_error_with_its_cell(tmp_path: Path, slip: str) -> None:
    change, what = NEVER_GUESSED[slip]
    found = look_through(filled(tmp_path, change))
    assert found.problem is None
    assert what in [fault.what.rpartition(".")[2] for fault in found.faults]
    assert all("!" in fault.place for fault in found.faults)


# The sheet of leave holds busy times, too


def with_leave(tmp_path: Path, **row: Any) -> PlanRead:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["11 请假值班"]
        for name, value in {"entry": "GA01", **row}.items():
            sheet.cell(2, column(sheet, name)).value = value

    return look_through(filled(tmp_path, change))


def test_days_of_leave_are_leave(tmp_path: Path) -> None:
    days = {"start": "2010-08-02", "end": "2010-08-04", "reason": "探亲"}
    for kind in ({}, {"kind": "年休"}, {"kind": "年休", "hard": "是"}):
        found = with_leave(tmp_path, **days, **kind)
        assert found.problem is not None, [f.say("en") for f in found.faults]
        leave = Leave(start=dt.date(2010, 8, 2), end=dt.date(2010, 8, 4), reason="探亲")
        assert found.problem.officers[0].leave == (leave,)
        assert found.problem.busy == ()


@pytest.mark.parametrize(
    ("row", "busy"),
    [
        (
            {"start": "2010-08-02 18:00", "end": "2010-08-03 08:00", "kind": "本单位值班"},
            [("2010-08-02T18:00", "2010-08-03T08:00", "home-duty", True)],
        ),
        (
            {"start": dt.date(2010, 8, 2), "end": dt.date(2010, 8, 3), "kind": "培训"},
            [("2010-08-02T00:00", "2010-08-04T00:00", "training", True)],
        ),
        (
            {"start": "8月2日", "end": "8月3日", "shift": "晚班"},
            [
                ("2010-08-02T17:30", "2010-08-02T20:30", "other", True),
                ("2010-08-03T17:30", "2010-08-03T20:30", "other", True),
            ],
        ),
        (
            {"start": "2010-08-02", "shift": "早班", "kind": "公务", "hard": "否"},
            [("2010-08-02T07:30", "2010-08-02T10:30", "official", False)],
        ),
    ],
)
def test_hours_shifts_and_duty_elsewhere_are_busy_times(
    tmp_path: Path, row: dict[str, Any], busy: list[tuple[str, str, str, bool]]
) -> None:
    found = with_leave(tmp_path, **row)
    assert found.problem is not None, [f.say("en") for f in found.faults]
    assert found.problem.officers[0].leave == ()
    assert found.problem.busy == tuple(
        Busy(
            officer="GA01",
            start=dt.datetime.fromisoformat(start),
            end=dt.datetime.fromisoformat(end),
            kind=kind,
            hard=hard,
        )
        for start, end, kind, hard in busy
    )


def test_what_is_wrong_in_a_busy_row_is_told_with_its_cell(tmp_path: Path) -> None:
    found = with_leave(tmp_path, start="2010-08-02", end="2010-08-03", shift="中班")
    assert [f.what for f in found.faults] == ["faults.unknown-shift"]
    assert found.faults[0].place.startswith("11 请假值班!")
    found = with_leave(tmp_path, start="2010-08-02 08:00", kind="公务")
    assert [f.what.rpartition(".")[2] for f in found.faults] == ["missing"]
