"""The leader's tables: every form holds the same plan; slips are mended, faults located."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from patrol_scheduler.days import Market
from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import PlanRead, look_through, read, written
from patrol_scheduler.formats.plan_document import problem_of
from patrol_scheduler.formats.plan_tables.sheets import (
    PLAN,
    choice_spellings,
    choice_word,
    heading,
    sheet_word,
    sheets,
)
from patrol_scheduler.formats.plan_tables.workbook_template import (
    example_problem,
    plan_workbook,
    with_every_rule,
)
from patrol_scheduler.formats.plans import Form
from patrol_scheduler.formats.workbook import mark
from patrol_scheduler.problem import Problem, ViolationKind
from patrol_scheduler.rules import ALL, rules_of
from patrol_scheduler.texts import LANGUAGES
from tests.formats.small_plan import PLAN as SMALL
from tests.formats.test_round_trip import problems

BISHI = Path(__file__).parents[2] / "examples" / "bishi" / "plan.toml"


def small() -> Problem:
    problem, faults = problem_of(tomllib.loads(SMALL))
    assert problem is not None, faults
    return problem


def written_to(folder: Path, problem: Problem, form: Form, lang: str) -> Path:
    content = written(problem, form, lang)
    if isinstance(content, bytes):
        path = folder / f"plan.{form}"
        path.write_bytes(content)
        return path
    path = folder / "csv"
    path.mkdir()
    for name, part in content.items():
        (path / name).write_bytes(part)
    return path


@settings(max_examples=12, deadline=None)
@given(problems())
def test_every_form_of_a_plan_reads_back_equal_and_without_repairs(problem: Problem) -> None:
    for form in ("toml", "json", "xlsx", "csv"):
        with tempfile.TemporaryDirectory() as folder:
            path = written_to(Path(folder), problem, form, LANGUAGES[form == "csv"])
            found = look_through(path)
            assert found.faults == ()
            assert found.repairs == ()
            assert found.problem == problem


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["toml", "json", "xlsx", "csv"])
def test_the_bishi_example_goes_through_every_form(tmp_path: Path, form: Form, lang: str) -> None:
    problem = read(BISHI)
    assert look_through(written_to(tmp_path, problem, form, lang)) == PlanRead(problem, (), ())
    assert written(problem, form, lang) == written(problem, form, lang)


def test_the_template_is_the_bishi_example() -> None:
    assert example_problem() == read(BISHI)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_states_every_rule_and_asks_what_the_example_asks(
    tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(with_every_rule(example_problem()), lang))
    found = look_through(path)
    assert found.problem is not None
    assert (found.faults, found.repairs) == ((), ())
    assert {type(rule) for rule in found.problem.rules} == set(ALL)
    assert rules_of(found.problem) == rules_of(example_problem())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_and_column_has_a_heading_of_its_own(lang: str) -> None:
    for sheet in sheets():
        assert sheet_word(sheet.name, lang) != sheet.name, sheet.name
        names = [heading(sheet.name, column.name, lang) for column in sheet.columns]
        assert len(set(names)) == len(names), sheet.name
        for column, name in zip(sheet.columns, names, strict=True):
            assert name != column.name or lang == "en", (sheet.name, column.name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_choice_has_words_that_mean_nothing_else(lang: str) -> None:
    for sheet in sheets():
        for one in sheet.columns:
            words = [choice_word(one.name, value, lang) for value in one.choices]
            assert len(set(words)) == len(words), (sheet.name, one.name)
            for value, word in zip(one.choices, words, strict=True):
                assert choice_spellings(one)[word.casefold()] == value
                assert word != value or lang == "en", (sheet.name, one.name, value)


def as_workbook(problem: Problem) -> bytes:
    content = written(problem, "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    return content


def test_choices_and_references_have_drop_downs_from_ranges() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(small())))
    rules = [v for sheet in book.worksheets for v in sheet.data_validations.dataValidation]
    assert len(rules) > 15
    assert all("!$" in rule.formula1 for rule in rules)
    assert book["选项"].sheet_state == "hidden"


def test_pandas_reads_the_workbook() -> None:
    content = io.BytesIO(as_workbook(read(BISHI)))
    staff = pd.read_excel(content, sheet_name="4 人员")
    assert staff["工号\nid"].tolist()[0] == "公安01"
    assert staff["证件止\ncert_to"][0] == pd.Timestamp("2012-12-31")


@pytest.mark.parametrize("form", ["toml", "json", "xlsx", "csv"])
def test_contacts_places_and_market_days_keep_in_every_form(tmp_path: Path, form: Form) -> None:
    problem = small()
    market = Market(id="集", areas=("镇区",), every="lunar-digit", digits=(3, 6, 9))
    problem = problem.model_copy(
        update={
            "officers": (
                problem.officers[0].model_copy(update={"position": "所长", "remarks": "=只上白班"}),
                *problem.officers[1:],
            ),
            "agencies": (
                problem.agencies[0].model_copy(update={"contact": "王主任", "phone": "0731-123"}),
                *problem.agencies[1:],
            ),
            "areas": (
                problem.areas[0].model_copy(
                    update={"priority": 1, "minutes": 15, "longitude": 112.95, "latitude": 28.0}
                ),
            ),
            "shifts": tuple(shift.model_copy(update={"credit": 0.5}) for shift in problem.shifts),
            "phases": tuple(
                phase.model_copy(update={"remarks": "重在宣传\n不处罚"}) for phase in problem.phases
            ),
            "violation_kinds": (ViolationKind(id="占道", weight=3),),
            "markets": (
                market,
                Market(id="日", areas=("镇区",), every="weekday", weekdays=(1, 4)),
                Market(id="支", areas=("镇区",), every="branch", branches=("子", "午")),
            ),
        }
    )
    assert look_through(written_to(tmp_path, problem, form, "zh-CN")) == PlanRead(problem, (), ())


def test_days_of_a_market_read_as_people_write_them(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        values = {"id": "集", "areas": "镇区", "every": "每周", "weekdays": "周一、星期四"}
        for name, value in values.items():
            at(book, "10 集市", name).value = value
        assert book["1 方案"].cell(2, 2).value == "示例"
        assert "[]" not in {cell.value for row in book["1 方案"].rows for cell in row}

    found = look_through(filled(tmp_path, change))
    assert found.problem is not None, [fault.say("en") for fault in found.faults]
    assert found.problem.markets[0].weekdays == (1, 4)


# A workbook as somebody filled it in


def filled(tmp_path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """The small plan as a workbook, changed by hand."""
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(small())))
    change(book)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    return path


def column(sheet: Worksheet, name: str) -> int:
    for number, cell in enumerate(sheet[1], start=1):
        if name in str(cell.value).split("\n"):
            return number
    raise AssertionError(name)


def at(book: openpyxl.Workbook, sheet: str, name: str, row: int = 2) -> Any:
    return book[sheet].cell(row, column(book[sheet], name))


def whats(found: PlanRead) -> set[str]:
    return {remark.what.removeprefix("tables.") for remark in (*found.faults, *found.repairs)}


def test_slips_are_mended_and_each_is_told_with_its_cell(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "4 人员", "name").value = "王小明"
        at(book, "4 人员", "leader").value = "√"
        at(book, "4 人员", "id").value = "ＧＡ０１"
        at(book, "2 阶段", "start").value = 40391
        at(book, "2 阶段", "start").number_format = "General"
        at(book, "6 时段", "start").value = "０７：３０"
        at(book, "1 方案", "value", 3).value = "2010.8.1"

    found = look_through(filled(tmp_path, change))
    assert found.faults == ()
    assert found.problem is not None
    assert found.problem.officers[0].id == "GA01"
    assert found.problem.phases[0].start == dt.date(2010, 8, 1)
    assert found.problem.shifts[0].start == dt.time(7, 30)
    assert {
        "repair-full-width", "repair-serial-date", "repair-clock", "repair-date"
    } <= whats(found)  # fmt: skip
    places = {repair.place for repair in found.repairs}
    assert any(place.startswith("4 人员!A2") for place in places)
    for repair in found.repairs:
        assert all(repair.say(lang) for lang in LANGUAGES)


def test_merged_cells_titles_hidden_and_blank_rows(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        staff = book["4 人员"]
        staff.insert_rows(1, 2)
        staff.cell(1, 1).value = "某镇巡逻人员名单"
        cadence = at(book, "6 时段", "name")
        cadence.value, book["6 时段"].cell(3, cadence.column).value = "时段", "时段"
        column = cadence.column
        book["6 时段"].merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
        staff.row_dimensions[4].hidden = True
        staff.cell(300, 1).value = "  "

    found = look_through(filled(tmp_path, change))
    assert found.problem is not None
    assert found.problem.officers == small().officers
    assert [shift.name for shift in found.problem.shifts] == ["时段", "时段"]
    assert {"repair-title-rows", "repair-merged", "repair-hidden"} <= whats(found)


def test_headings_have_synonyms_and_columns_any_order(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "4 人员", "name", 1).value = "值班人员"
        at(book, "4 人员", "agency", 1).value = " 单 位 *"
        book["4 人员"].title = "人员名单"
        book["7 编成"].title = "编组"
        book.move_sheet("3 部门", 5)

    assert look_through(filled(tmp_path, change)).problem == small()


def test_people_are_named_by_name_where_only_one_bears_it(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "4 人员", "name").value = "张三"
        sheet = book["11 请假值班"]
        for name, value in {"entry": "张　三", "start": "8月9日", "end": "8/10"}.items():
            at(book, "11 请假值班", name, sheet.max_row + (name == "entry")).value = value

    found = look_through(filled(tmp_path, change))
    assert found.problem is not None, [f.say("en") for f in found.faults]
    officer = found.problem.officers[0]
    assert officer.leave[-1].start == dt.date(2010, 8, 9)
    assert {"repair-spaces", "repair-year"} <= whats(found)


def test_two_people_with_one_name_and_no_number_are_refused(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for row in (2, 3):
            at(book, "4 人员", "id", row).value = None
            at(book, "4 人员", "name", row).value = "张三"

    found = look_through(filled(tmp_path, change))
    same = [f for f in found.faults if f.what == "tables.name-twice"]
    assert [f.place.split("(")[0].strip() for f in same] == ["4 人员!C2", "4 人员!C3"]


def test_a_name_serves_as_number_where_there_is_none(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "5 片区", "id").value = None
        at(book, "5 片区", "name").value = "新片区"

    assert "repair-name-as-id" in whats(look_through(filled(tmp_path, change)))


def test_all_that_must_not_be_guessed_is_told_at_once(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "4 人员", "id").value = "1.38E+10"
        at(book, "4 人员", "phone", 3).value = "1.38E+10"
        at(book, "4 人员", "joins", 3).value = "月底"
        at(book, "4 人员", "leader", 3).value = "也许"
        at(book, "4 人员", "agency", 3).value = "公按"
        at(book, "6 时段", "start").value = "=1/3"
        at(book, "5 片区", "kind").value = "#REF!"
        at(book, "5 片区", "kind").data_type = "e"
        at(book, "1 方案", "key", 2).value = "方案名字"
        book["4 人员"].cell(1, 30).value = "血型"
        book["4 人员"].cell(2, 30).value = "A"
        book["4 人员"].cell(3, 31).value = "?"

    found = look_through(filled(tmp_path, change))
    assert found.problem is None
    told = {f.what.rpartition(".")[2] for f in found.faults}
    assert {
        "cell-scientific", "not-a-date", "cell-not-a-flag", "unknown-agency", "cell-formula",
        "cell-error", "unknown-item", "unknown-column", "column-without-heading",
    } <= told  # fmt: skip
    assert sum(f.what == "tables.cell-scientific" for f in found.faults) == 2
    for fault in found.faults:
        for lang in LANGUAGES:
            assert fault.say(lang).startswith(str(tmp_path / "plan.xlsx"))
    agency = next(f for f in found.faults if f.what.endswith("unknown-agency"))
    assert agency.place.startswith("4 人员!")
    assert "公安" in agency.say("zh-CN")


def test_the_marked_copy_has_each_fault_in_its_cell_and_loses_nothing(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        at(book, "4 人员", "joins", 3).value = "月底"
        at(book, "6 时段", "start").value = "７:30"

    path = filled(tmp_path, change)
    found = look_through(path)
    copy = openpyxl.load_workbook(io.BytesIO(mark(path, (*found.faults, *found.repairs), "zh-CN")))
    wrong = at(copy, "4 人员", "joins", 3)
    assert wrong.fill.start_color.rgb == "FFFFC7CE"
    assert "2010-08-01" in wrong.comment.text
    mended = at(copy, "6 时段", "start")
    assert mended.fill.start_color.rgb == "FFFFEB9C"
    before = openpyxl.load_workbook(path)
    for sheet in before.worksheets:
        values = [[c.value for c in row] for row in sheet.rows]
        assert [[c.value for c in row] for row in copy[sheet.title].rows] == values


def test_a_formula_with_a_stored_result_is_read_and_told(tmp_path: Path) -> None:
    content = written(small(), "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    changed = replaced_part(
        content, lambda name, part: part.replace(b"<v>1</v></c>", b"<f>0+1</f><v>1</v></c>", 1)
        if name.endswith("sheet8.xml") else part,
    )  # fmt: skip
    path = tmp_path / "plan.xlsx"
    path.write_bytes(changed)
    found = look_through(path)
    assert found.problem == small()
    assert "repair-formula" in whats(found)


def replaced_part(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return target.getvalue()


def test_names_that_look_like_formulas_stay_names(tmp_path: Path) -> None:
    wicked = '=HYPERLINK("http://x","y")'
    problem = small()
    officer = problem.officers[0].model_copy(update={"name": wicked})
    problem = problem.model_copy(update={"officers": (officer, *problem.officers[1:])})
    path = written_to(tmp_path, problem, "xlsx", "zh-CN")
    book = openpyxl.load_workbook(path)
    assert all(c.data_type != "f" for sheet in book.worksheets for row in sheet.rows for c in row)
    assert look_through(path).problem == problem


def test_a_plan_without_its_first_sheet_says_what_is_missing(tmp_path: Path) -> None:
    path = filled(tmp_path, lambda book: book.remove(book["1 方案"]))
    with pytest.raises(InvalidInputError) as refused:
        read(path)
    assert "tables.no-plan-sheet" in {f.what for f in refused.value.faults}
    assert PLAN == "plan"


def test_csv_in_gb18030_and_names_of_files(tmp_path: Path) -> None:
    folder = written_to(tmp_path, small(), "csv", "zh-CN")
    for path in folder.iterdir():
        text = path.read_bytes().decode("utf-8-sig")
        path.write_bytes(text.encode("gb18030"))
    assert look_through(folder).problem == small()


def test_a_wish_for_a_weekday_stands_for_each_such_day(tmp_path: Path) -> None:
    """August 2010 has five Mondays: the 2nd, 9th, 16th, 23rd and 30th."""

    def change(book: openpyxl.Workbook) -> None:
        row = book["12 意愿"].max_row + 1
        for name, value in {"officer": "GA01", "start": "周一", "want": "不希望"}.items():
            at(book, "12 意愿", name, row).value = value

    found = look_through(filled(tmp_path, change))
    assert found.problem is not None, [f.say("en") for f in found.faults]
    wishes = found.problem.requests[len(small().requests) :]
    assert [wish.start.day for wish in wishes] == [2, 9, 16, 23, 30]
    assert all(wish.start == wish.end and wish.want == "off" for wish in wishes)
    assert "repair-weekday" in whats(found)
