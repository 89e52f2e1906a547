"""The record forms come back: filled in by patrols, in the workbook that was written for them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats.duties.patrol_records import read_records
from patrol_scheduler.outputs.workbook import record_forms
from patrol_scheduler.problem import Problem
from patrol_scheduler.sightings import Went
from patrol_scheduler.texts import LANGUAGES, text
from tests.outputs import sample


def columns_of(sheet: Worksheet) -> dict[object, int]:
    """The number of each column by its heading, which stands in one of the first rows."""
    rows = sheet.iter_rows(max_row=5)
    return {cell.value: n for row in rows for n, cell in enumerate(row, start=1)}


def forms(
    tmp_path: Path, lang: str, *filled: dict[str, Any], problem: Problem | None = None
) -> Path:
    """The forms of the sample's roster, the first rows filled in by the names of columns."""
    problem = problem or sample.problem()
    book = openpyxl.load_workbook(io.BytesIO(record_forms(problem, sample.roster(), lang)))
    rows = [
        (sheet, number)
        for sheet in book.worksheets
        for number, row in enumerate(sheet.iter_rows(), start=1)
        if str(row[0].value).startswith("2010-")
    ]
    for (sheet, number), values in zip(rows, filled, strict=False):
        heads = columns_of(sheet)
        for name, value in values.items():
            sheet.cell(number, heads[text(f"workbook.record.{name}", lang)]).value = value
    path = tmp_path / "patrol-records.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_forms_tell_who_went_and_what_was_found(tmp_path: Path, lang: str) -> None:
    planned = sample.roster()
    done = {"actual-start": "07:40", "weather": "晴"}
    found = {**done, "kind": "占道经营", "where": "东门", "count": 3, "open": 1}
    read = read_records(forms(tmp_path, lang, done, found), sample.problem(), planned)
    by_id = {patrol.id: patrol for patrol in planned.patrols}
    assert len(read.roster.patrols) == 2
    for patrol in read.roster.patrols:
        wanted = {member.officer for member in by_id[patrol.id].members}
        assert {member.officer for member in patrol.members} == wanted
    assert [(s.kind, s.place, s.count, s.open) for s in read.sightings] == [
        ("stalls", "东门", 3, 1)
    ]
    assert read.notices == ()


def test_forms_that_nobody_filled_in_are_refused_unless_none_is_said_to_have_gone_out(
    tmp_path: Path,
) -> None:
    path = forms(tmp_path, "zh-CN")
    with pytest.raises(InvalidInputError, match="nothing is recorded"):
        read_records(path, sample.problem(), sample.roster())
    read = read_records(path, sample.problem(), sample.roster(), none_took_place=True)
    assert read.roster.patrols == ()


def two_kinds() -> Problem:
    """The sample with two kinds for each of which its first area is patrolled."""
    given = sample.problem()
    kinds = tuple(kind.id for kind in given.violation_kinds)[:2]
    assert len(kinds) == 2
    areas = tuple(area.model_copy(update={"targets": kinds}) for area in given.areas)
    return given.model_copy(update={"areas": areas})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_has_a_row_in_which_its_count_is_told(tmp_path: Path, lang: str) -> None:
    """Only the second kind of the first patrol was found: its count stands beside it."""
    problem = two_kinds()
    book = openpyxl.load_workbook(io.BytesIO(record_forms(problem, sample.roster(), lang)))
    sheet = book.worksheets[0]
    first = next(n for n, row in enumerate(sheet.iter_rows()) if str(row[0].value)[:5] == "2010-")
    heads = columns_of(sheet)
    sheet.cell(first + 2, heads[text("workbook.record.count", lang)]).value = 4
    path = tmp_path / "forms.xlsx"
    book.save(path)
    read = read_records(path, problem, sample.roster())
    (patrol,) = read.roster.patrols
    planned = next(p for p in sample.roster().patrols if p.id == patrol.id)
    assert {m.officer for m in patrol.members} == {m.officer for m in planned.members}
    second = problem.violation_kinds[1].id
    assert [(s.patrol, s.kind, s.count) for s in read.sightings] == [(patrol.id, second, 4)]


def test_actual_times_are_read_however_they_are_written(tmp_path: Path) -> None:
    times: list[tuple[dict[str, Any], Went]] = [
        ({"actual-start": "07:40", "actual-end": "11：30"}, Went(460, 690)),
        ({"actual-start": dt.time(21, 55), "actual-end": dt.time(2, 10)}, Went(1315, 1570)),
        ({"actual-start": 0.3125}, Went(450, None)),
    ]
    path = forms(tmp_path, "zh-CN", *(cells for cells, _ in times))
    read = read_records(path, sample.problem(), sample.roster())
    assert [read.times[patrol.id] for patrol in read.roster.patrols] == [went for _, went in times]


def test_an_end_before_the_start_is_a_fault(tmp_path: Path) -> None:
    path = forms(tmp_path, "zh-CN", {"actual-start": "09:40", "actual-end": "08:30"})
    with pytest.raises(InvalidInputError) as refused:
        read_records(path, sample.problem(), sample.roster())
    (fault,) = refused.value.faults
    assert fault.what == "faults_change.ends-before"
    assert fault.place.endswith("实际结束")
    assert "09:40" in fault.say("zh-CN")


def test_start_and_end_may_stand_in_one_column_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("日期,片区,人员,起止时间\n2010-09-30,A1,PS01,8:05-11:50\n", encoding="utf-8")
    read = read_records(path, sample.problem(), sample.roster())
    assert list(read.times.values()) == [Went(485, 710)]


def test_several_kinds_beside_one_count_are_not_guessed(tmp_path: Path) -> None:
    path = forms(tmp_path, "zh-CN", {"kind": "乱停乱靠、占道经营", "count": 2})
    with pytest.raises(InvalidInputError) as refused:
        read_records(path, sample.problem(), sample.roster())
    (fault,) = refused.value.faults
    assert fault.what == "faults_change.several-kinds"
    assert "!" in fault.place


def test_namesakes_are_told_apart_by_the_id_in_brackets(tmp_path: Path) -> None:
    given = sample.problem()
    alike = tuple(officer.model_copy(update={"name": "张三"}) for officer in given.officers)
    problem = given.model_copy(update={"officers": alike})
    path = forms(tmp_path, "zh-CN", {"weather": "雨"}, problem=problem)
    (patrol,) = read_records(path, problem, sample.roster()).roster.patrols
    planned = next(p for p in sample.roster().patrols if p.id == patrol.id)
    assert {m.officer for m in patrol.members} == {m.officer for m in planned.members}


def test_names_may_hold_spaces(tmp_path: Path) -> None:
    """English forms name areas, shifts and people in several words, which lists part by commas."""
    made = sample.problem()
    areas = tuple(a.model_copy(update={"name": f"Area {a.id} side"}) for a in made.areas)
    officers = tuple(o.model_copy(update={"name": f"John {o.id}"}) for o in made.officers)
    problem = sample.problem(areas=areas, officers=officers)
    path = forms(tmp_path, "en", {"weather": "rain"}, problem=problem)
    read = read_records(path, problem, sample.roster())
    first = sample.roster().patrols[0]
    assert [patrol.id for patrol in read.roster.patrols] == [first.id]
    assert {m.officer for m in read.roster.patrols[0].members} == {m.officer for m in first.members}
