"""Tables in which two headings name the same: a staff number and a name, an area and a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import read_assignments
from patrol_scheduler.outputs.workbook import roster_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import LANGUAGES
from tests.formats.test_assignments import problem, roster
from tests.outputs import sample

TOLD_TWICE = "日期,片区,时段,工号,人员\n2010-08-02,镇区,早班,{number},{name}\n"


def people(*names: str) -> Problem:
    """The small plan, in which GA01 and CG01 have these names."""
    plan = problem()
    officers = tuple(
        officer.model_copy(update={"name": name})
        for officer, name in zip(plan.officers, names, strict=True)
    )
    return plan.model_copy(update={"officers": officers})


@pytest.mark.parametrize(
    ("number", "name"),
    [("GA01", "李四"), ("GA01", "CG01"), ("GA01", "李思"), ("CG01", "张三")],
)
def test_a_number_and_the_name_of_somebody_else_are_refused(
    number: str, name: str, tmp_path: Path
) -> None:
    # Whoever puts a new name into the sheet and leaves the number means one of the two.
    with pytest.raises(InvalidInputError) as refused:
        roster(tmp_path, TOLD_TWICE.format(number=number, name=name), people("张三", "李四"))
    (fault,) = refused.value.faults
    assert (fault.line, fault.place) == (2, "人员")
    for lang in LANGUAGES:
        said = fault.say(lang)
        assert name in said
        assert number in said
        assert "工号" in said


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (("张三", "李四"), "张　三"),
        (("张三", "李四"), "GA01"),
        (("张三", "李四"), ""),
        (("张三", "张三"), "张三"),
        (("张三", "张三"), "张三 (GA01)"),
        (("", "李四"), "张三"),
    ],
    ids=["spaces", "number again", "empty", "namesake", "as the workbook writes it", "no name"],
)
def test_a_number_goes_with_everything_that_may_mean_the_same_officer(
    names: tuple[str, str], name: str, tmp_path: Path
) -> None:
    (patrol,) = roster(
        tmp_path, TOLD_TWICE.format(number="GA01", name=name), people(*names)
    ).patrols
    assert [member.officer for member in patrol.members] == ["GA01"]


def test_a_second_officer_in_a_row_is_not_passed_over(tmp_path: Path) -> None:
    rows = "日期,片区,时段,人员,人员\n2010-08-02,镇区,早班,张三,李四\n"
    with pytest.raises(InvalidInputError) as refused:
        roster(tmp_path, rows, people("张三", "李四"))
    assert [(f.line, f.place, f.value) for f in refused.value.faults] == [(2, "人员", "李四")]


def test_a_place_may_be_described_but_not_be_another_one(tmp_path: Path) -> None:
    rows = "日期,片区,时段,工号,地点\n2010-08-02,镇区,早班,GA01,{place}\n"
    (patrol,) = roster(tmp_path, rows.format(place="东门集合")).patrols
    assert patrol.area == "镇区"
    with pytest.raises(InvalidInputError) as refused:
        roster(tmp_path, rows.format(place="公路"))
    assert [(f.line, f.place, f.value) for f in refused.value.faults] == [(2, "地点", "公路")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_of_people_with_one_name_reads_back(tmp_path: Path, lang: str) -> None:
    made = sample.roster()
    officers = tuple(o.model_copy(update={"name": "张三"}) for o in sample.problem().officers)
    alike = sample.problem().model_copy(update={"officers": officers})
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster_workbook(alike, sample.result(), lang))
    assert set(read_assignments(path, alike).duties) == set(made.duties)
