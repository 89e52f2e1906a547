from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.formats.duties.assignments import read_assignments
from patrol_scheduler.outputs.tables import assignments_csv, gap_days, patrols_csv, safe_cell
from patrol_scheduler.problem import Agency, Officer, Problem
from patrol_scheduler.roster import Roster
from tests.outputs import sample
from tests.outputs.sample import date

ASSIGNMENTS = """\
date,start,end,area,shift,officer,agency,role,patrol
2010-09-30,07:30,10:30,A1,early,PS01,PS,leader-driver,2010-09-30.A1
2010-09-30,07:30,10:30,A1,early,TP01,TP,member,2010-09-30.A1
2010-09-30,07:30,10:30,A1,early,CG01,CG,member,2010-09-30.A1
2010-10-01,22:00,02:00,A2,night,PS02,PS,leader,2010-10-01.A2
2010-10-01,22:00,02:00,A2,night,TP02,TP,driver,2010-10-01.A2
2010-10-01,22:00,02:00,A2,night,CG02,CG,member,2010-10-01.A2
2010-10-03,07:30,10:30,A2,early,PS02,PS,leader,2010-10-03.A2
2010-10-03,07:30,10:30,A2,early,TP02,TP,driver,2010-10-03.A2
2010-10-03,20:00,00:00,A1,late,PS01,PS,leader,2010-10-03.A1
2010-10-03,20:00,00:00,A1,late,TP01,TP,driver,2010-10-03.A1
2010-10-03,20:00,00:00,A1,late,CG01,CG,member,2010-10-03.A1
2010-10-03,07:30,10:30,K1,early,CG02,CG,member,
"""

PATROLS = """\
计划编号,日期,星期,日类型,开始,结束,片区编号,片区,时段,人数,人员,带队,驾驶员,距上次天数
2010-09-30.A1,2010-09-30,星期四,工作日,07:30,10:30,A1,东街片区,早班,3,公安01、交警01、城管01,公安01,公安01,2
2010-10-01.A2,2010-10-01,星期五,法定节假日,22:00,02:00,A2,西街片区,夜班,3,公安02、交警02、城管02,公安02,交警02,
2010-10-03.A2,2010-10-03,星期日,法定节假日,07:30,10:30,A2,西街片区,早班,2,公安02、交警02,公安02,交警02,2
2010-10-03.A1,2010-10-03,星期日,法定节假日,20:00,00:00,A1,东街片区,晚班,3,公安01、交警01、城管01,公安01,交警01,3
"""


def test_assignments_have_one_row_for_each_duty(problem: Problem, roster: Roster) -> None:
    assert assignments_csv(problem, roster) == ASSIGNMENTS


def test_patrols_have_one_row_each_with_names(problem: Problem, roster: Roster) -> None:
    assert patrols_csv(problem, roster, "zh-CN") == PATROLS


def test_an_empty_roster_has_the_header_alone(problem: Problem) -> None:
    assert assignments_csv(problem, Roster()).count("\n") == 1
    assert patrols_csv(problem, Roster(), "en").count("\n") == 1


def test_assignments_read_back_as_the_same_roster(
    problem: Problem, roster: Roster, tmp_path: Path
) -> None:
    path = tmp_path / "assignments.csv"
    path.write_bytes(assignments_csv(problem, roster).encode())
    assert read_assignments(path, problem) == roster


def test_ids_that_look_like_formulas_are_guarded_and_read_back(tmp_path: Path) -> None:
    given_plan = sample.problem()
    officers = tuple(
        Officer(id=name, agency="-CG", leader=True, driver=True) for name in ("=1+1", "@x", "+y")
    )
    areas = tuple(
        area.model_copy(update={"id": name})
        for area, name in zip(given_plan.areas, ["-A1", 'A2,"quoted"'], strict=True)
    )
    plan = given_plan.model_copy(
        update={"agencies": (Agency(id="-CG"),), "officers": officers, "areas": areas}
    )
    made = Roster(
        patrols=(
            sample.patrol("2010-09-30", "-A1", "early", ("=1+1", "leader"), ("@x", "member")),
            sample.patrol("2010-09-30", 'A2,"quoted"', "early", ("+y", "leader-driver")),
        )
    )
    text = assignments_csv(plan, made)
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert not any(cell.startswith(tuple("=+-@")) for cell in row)
    path = tmp_path / "assignments.csv"
    path.write_bytes(text.encode())
    assert read_assignments(path, plan) == made


@pytest.mark.parametrize("start", [*"=+-@\t\r", *"＝＋－＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\r\t=+-@\"',")))
def test_whatever_the_names_a_patrol_is_one_row_without_formulas(name: str) -> None:
    text = patrols_csv(sample.renamed(name), sample.roster(), "zh-CN")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in rows] == [14] * 5
    assert text.count("\n") == 5
    assert not any(cell.startswith(tuple("=+-@＝＋－＠")) for row in rows for cell in row)


def test_a_gap_counts_from_the_patrol_before_or_the_last_known_one(
    problem: Problem, roster: Roster
) -> None:
    assert gap_days(problem, roster) == {
        ("A1", date("2010-09-30")): 2,
        ("A1", date("2010-10-03")): 3,
        ("A2", date("2010-10-01")): None,
        ("A2", date("2010-10-03")): 2,
    }


def test_two_patrols_of_one_day_have_the_same_gap(problem: Problem) -> None:
    first, second = (
        sample.patrol("2010-09-30", "A1", shift, ("PS01", "leader")) for shift in ("early", "late")
    )
    both = Roster(patrols=(first, second.model_copy(update={"id": "2010-09-30.A1.2"})))
    assert gap_days(problem, both) == {("A1", date("2010-09-30")): 2}
    assert patrols_csv(problem, both, "en").count(",2\n") == 2


def test_a_patrol_id_with_a_line_break_stays_one_row(problem: Problem, roster: Roster) -> None:
    odd = roster.patrols[0].model_copy(update={"id": "a\nb"})
    text = patrols_csv(problem, Roster(patrols=(odd,)), "zh-CN")
    assert text.splitlines()[1].startswith("a b,2010-09-30,")
