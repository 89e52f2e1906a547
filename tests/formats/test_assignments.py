"""Rosters made by hand: what is read, and what is said about rows that do not fit the plan."""

from __future__ import annotations

import datetime as dt
import tempfile
import tomllib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import read_assignments
from patrol_scheduler.formats.plan_document import problem_of
from patrol_scheduler.outputs.workbook import roster_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster
from patrol_scheduler.texts import LANGUAGES
from tests.formats.small_plan import spoiled
from tests.outputs import sample

HEADER = "date,start,end,area,shift,officer,agency,role,patrol\n"


def problem(*changes: tuple[str, str]) -> Problem:
    """The small plan with a road before the town, and a desk."""
    plan = spoiled(
        ("[[areas]]", '[[posts]]\nid = "值班室"\n\n[[areas]]\nid = "公路"\n\n[[areas]]'), *changes
    )
    found, faults = problem_of(tomllib.loads(plan))
    assert found is not None, faults
    return found


def roster(
    folder: Path, content: str | bytes, plan: Problem | None = None, encoding: str = "utf-8"
) -> Roster:
    path = folder / "assignments.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_assignments(path, plan or problem())


def complaints(folder: Path, content: str | bytes) -> list[tuple[int | None, str, str]]:
    """(line, column, what) of every fault."""
    with pytest.raises(InvalidInputError) as caught:
        roster(folder, content)
    for fault in caught.value.faults:
        assert fault.file == str(folder / "assignments.csv")
        assert fault.say("zh-CN") != fault.say("en")
    return [(fault.line, fault.place, fault.what) for fault in caught.value.faults]


ROWS = HEADER + (
    "2010-08-03,17:30,20:30,镇区,晚班,CG01,城管,member,\n"
    "2010-08-02,07:30,10:30,镇区,早班,GA01,公安,leader-driver,2010-08-02.镇区\n"
    "2010-08-02,07:30,10:30,镇区,早班,CG01,城管,,2010-08-02.镇区\n"
    "2010-08-02,07:30,10:30,公路,早班,CG01,城管,member,P1\n"
    "2010-08-01,17:30,20:30,值班室,晚班,GA01,公安,member,\n"
)


def test_rows_become_patrols_and_post_duties_in_order(tmp_path: Path) -> None:
    assert roster(tmp_path, ROWS) == Roster(
        patrols=(
            Patrol(
                id="P1",
                date=dt.date(2010, 8, 2),
                area="公路",
                shift="早班",
                members=(Member(officer="CG01"),),
            ),
            Patrol(
                id="2010-08-02.镇区",
                date=dt.date(2010, 8, 2),
                area="镇区",
                shift="早班",
                members=(Member(officer="GA01", role="leader-driver"), Member(officer="CG01")),
            ),
            Patrol(
                id="2010-08-03.镇区",
                date=dt.date(2010, 8, 3),
                area="镇区",
                shift="晚班",
                members=(Member(officer="CG01"),),
            ),
        ),
        post_duties=(
            PostDuty(date=dt.date(2010, 8, 1), post="值班室", shift="晚班", officer="GA01"),
        ),
    )


def test_without_a_column_of_roles_whoever_can_leads_and_drives(tmp_path: Path) -> None:
    plan = problem()
    leads = plan.model_copy(
        update={
            "officers": tuple(
                o.model_copy(update={"leader": o.id == "GA01", "driver": True})
                for o in plan.officers
            )
        }
    )
    rows = "date,area,shift,officer\n2010-08-02,镇区,早班,CG01\n2010-08-02,镇区,早班,GA01\n"
    (patrol,) = roster(tmp_path, rows, leads).patrols
    assert [(m.officer, m.role) for m in patrol.members] == [("CG01", "driver"), ("GA01", "leader")]
    # A column that says nothing says that nobody was named.
    rows = "date,area,shift,officer,role\n2010-08-02,镇区,早班,CG01,\n2010-08-02,镇区,早班,GA01,\n"
    (patrol,) = roster(tmp_path, rows, leads).patrols
    assert {m.role for m in patrol.members} == {"member"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_spreadsheets_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    assert roster(tmp_path, ROWS, encoding=encoding) == roster(tmp_path, ROWS)


def test_spreadsheets_forms_are_read(tmp_path: Path) -> None:
    content = (
        " Date ,AREA,officer,shift,start,end,note\r\n"
        '2010/8/2, 镇区 ,"GA01",早班,7:30,10:30:00,"a\r\nb"\r\n'
        ",,,,,,\r\n"
        "\r\n"
        "2010.8.2,镇区,CG01,早班,,,\r\n"
    )
    (patrol,) = roster(tmp_path, content).patrols
    assert patrol.date == dt.date(2010, 8, 2)
    assert [member.officer for member in patrol.members] == ["GA01", "CG01"]


def test_the_order_of_rows_changes_only_the_order_of_members(tmp_path: Path) -> None:
    lines = ROWS.splitlines(keepends=True)
    turned = roster(tmp_path, "".join([lines[0], *reversed(lines[1:])]))
    straight = roster(tmp_path, ROWS)
    assert [patrol.id for patrol in turned.patrols] == [patrol.id for patrol in straight.patrols]
    assert turned.post_duties == straight.post_duties


def test_the_shift_may_be_left_out_where_it_is_plain(tmp_path: Path) -> None:
    rows = "date,area,officer,start\n2010-08-02,镇区,GA01,17:30\n"
    assert roster(tmp_path, rows).patrols[0].shift == "晚班"
    one = problem(('[[shifts]]\nid = "晚班"\nstart = "17:30"\nend = "20:30"\n', ""))
    rows = "date,area,officer\n2010-08-02,镇区,GA01\n"
    assert roster(tmp_path, rows, one).patrols[0].shift == "早班"
    assert complaints(tmp_path, rows) == [(2, "shift", "shift-not-told")]


def test_a_shift_may_end_at_midnight(tmp_path: Path) -> None:
    late = problem(('end = "20:30"', 'end = "24:00"'))
    for end in ("24:00", "00:00", "0:00"):
        rows = f"date,area,officer,shift,end\n2010-08-02,镇区,GA01,晚班,{end}\n"
        assert len(roster(tmp_path, rows, late).patrols) == 1


def test_new_names_keep_clear_of_given_ones(tmp_path: Path) -> None:
    rows = HEADER + (
        "2010-08-02,,,镇区,早班,GA01,,,\n2010-08-02,,,镇区,晚班,CG01,,,2010-08-02.镇区\n"
    )
    names = [(patrol.shift, patrol.id) for patrol in roster(tmp_path, rows).patrols]
    assert names == [("早班", "2010-08-02.镇区.2"), ("晚班", "2010-08-02.镇区")]


def test_a_guard_against_formulas_is_taken_off(tmp_path: Path) -> None:
    plan = problem(('id = "GA01"', 'id = "=GA01"'))
    for cell in ("=GA01", "'=GA01"):
        rows = f"date,area,officer,shift\n2010-08-02,镇区,{cell},早班\n"
        assert roster(tmp_path, rows, plan).patrols[0].members[0].officer == "=GA01"


def test_a_header_alone_is_an_empty_roster(tmp_path: Path) -> None:
    assert roster(tmp_path, HEADER) == Roster()


ROW = "2010-08-02,07:30,10:30,镇区,早班,GA01,公安,leader,"
BAD: list[tuple[str, str, str]] = [
    ("2010-08-02,,,镇区,早班,GA02,,,", "officer", "unknown-officer"),
    ("2010-08-02,,,镇区,早班,,,,", "officer", "empty-cell"),
    ("2010-08-02,,,镇曲,早班,GA01,,,", "area", "unknown-place"),
    ("2010-08-02,,,,早班,GA01,,,", "area", "empty-cell"),
    ("2010-08-02,,,镇区,中班,GA01,,,", "shift", "unknown-shift"),
    ("2010-08-02,08:00,,镇区,,GA01,,,", "shift", "shift-not-told"),
    (",,,镇区,早班,GA01,,,", "date", "empty-cell"),
    ("2010-08-32,,,镇区,早班,GA01,,,", "date", "impossible-date"),
    ("8月2日,,,镇区,早班,GA01,,,", "date", "not-a-date"),
    ("2010-07-31,,,镇区,早班,GA01,,,", "date", "outside-rostered-days"),
    ("2010-09-01,,,镇区,早班,GA01,,,", "date", "outside-rostered-days"),
    ("2010-08-02,07:31,,镇区,早班,GA01,,,", "start", "start-differs"),
    ("2010-08-02,,10:31,镇区,早班,GA01,,,", "end", "end-differs"),
    ("2010-08-02,7点,,镇区,早班,GA01,,,", "start", "not-a-time"),
    ("2010-08-02,,25:00,镇区,早班,GA01,,,", "end", "not-a-time"),
    ("2010-08-02,,,镇区,早班,GA01,城管,,", "agency", "agency-differs"),
    ("2010-08-02,,,镇区,早班,GA01,,chief,", "role", "unknown-role"),
    ("2010-08-02,,,镇区,早班,GA01,,,,x", "", "row-too-long"),
    ('2010-08-02,,,镇区,早班,"GA01,,,', "", "csv-syntax"),
]


@pytest.mark.parametrize(("row", "column", "what"), BAD)
def test_a_row_that_does_not_fit_is_named_by_line_and_column(
    row: str, column: str, what: str, tmp_path: Path
) -> None:
    good = "2010-08-04,07:30,10:30,镇区,早班,GA01,公安,leader,\n"
    assert complaints(tmp_path, HEADER + good + row + "\n") == [(3, column, what)]


def test_all_faults_of_all_rows_are_told_at_once(tmp_path: Path) -> None:
    rows = "2010-08-32,1,2,x,y,z,,chief,\n" + ROW + "\n2010-08-02,,,镇区,早班,GA1,,,\n"
    assert complaints(tmp_path, HEADER + rows) == [
        (2, "date", "impossible-date"),
        (2, "area", "unknown-place"),
        (2, "start", "not-a-time"),
        (2, "end", "not-a-time"),
        (2, "shift", "unknown-shift"),
        (2, "officer", "unknown-officer"),
        (2, "role", "unknown-role"),
        (4, "officer", "unknown-officer"),
    ]


def test_the_sentence_names_file_line_value_and_nearest_spelling(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "2010-08-02,,,镇区,早班,GA1,,,\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_assignments(path, problem())
    assert caught.value.say("en") == (
        f'{path}:2: officer: no officer has the id "GA1", the id of an officer of this plan is '
        'expected. Correct it or add the officer. Did you mean "GA01"?'
    )
    assert caught.value.say("zh-CN") == (
        f'{path}:2: officer: 没有编号为 "GA1" 的人员，应为本方案中某名人员的编号。'
        '请改正，或补上该人员。最接近的写法是 "GA01"，是否应为它？'
    )


def test_nobody_is_twice_in_one_place(tmp_path: Path) -> None:
    rows = HEADER + f"{ROW}\n{ROW}\n" + "2010-08-02,,,值班室,早班,CG01,,,\n" * 2
    assert complaints(tmp_path, rows) == [
        (3, "officer", "officer-twice"),
        (5, "officer", "officer-twice"),
    ]


def test_the_names_of_patrols_agree(tmp_path: Path) -> None:
    rows = HEADER + (
        "2010-08-02,,,镇区,早班,GA01,,,A\n"
        "2010-08-02,,,镇区,早班,CG01,,,B\n"
        "2010-08-04,,,镇区,早班,CG01,,,A\n"
    )
    assert complaints(tmp_path, rows) == [
        (3, "patrol", "patrol-differs"),
        (4, "patrol", "patrol-name-taken"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(None, "", "file-empty")]),
        (b"\n \n", [(None, "", "file-empty")]),
        (b",,\n", [(None, "", "file-empty")]),
        (b"date,area\0,officer\n", [(None, "", "nul-byte")]),
        (HEADER.encode("utf-16"), [(1, "", "file-not-utf8")]),
        (b"date,\xff\xff,officer\n", [(1, "", "file-not-text")]),
        (HEADER.encode() + "\n公".encode()[:-1], [(3, "", "file-cut-short")]),
        (b"a,b,c\n1,2,3\n", [(1, "", "no-header")]),
        (b"date,aera,officer\n", [(1, "area", "column-missing")]),
        (b"\ndate,x\n", [(2, "area", "column-missing"), (2, "officer", "column-missing")]),
    ],
)
def test_files_that_are_no_assignments(
    content: bytes, expected: list[tuple[int | None, str, str]], tmp_path: Path
) -> None:
    assert complaints(tmp_path, content) == expected


def test_a_misspelt_column_gets_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,aera,officer\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match='Did you mean "aera"') as caught:
        read_assignments(path, problem())
    assert caught.value.faults[0].say("zh-CN").endswith('最接近的写法是 "aera"，是否应为它？')


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no such file"):
        read_assignments(tmp_path / "none.csv", problem())


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patrol_scheduler.formats.files.MOST_ROWS", 2)
    rows = [f"2010-08-{day:02d},,,镇区,早班,GA01,,,\n" for day in (2, 4, 6)]
    assert len(roster(tmp_path, HEADER + "".join(rows[:2])).patrols) == 2
    assert complaints(tmp_path, HEADER + "".join(rows)) == [(None, "", "too-many-rows")]


ROSTERS = st.lists(
    st.tuples(
        st.integers(1, 31),
        st.sampled_from(["早班", "晚班"]),
        st.sampled_from(["镇区", "公路", "值班室"]),
        st.sampled_from(["GA01", "CG01"]),
        st.sampled_from(["leader", "driver", "leader-driver", "member"]),
    ),
    unique_by=lambda row: row[:4],
    max_size=12,
)


@settings(max_examples=40)
@given(ROSTERS)
def test_every_row_is_in_the_roster_once(rows: list[tuple[int, str, str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        text = "".join(f"2010-08-{d:02d},,,{a},{s},{o},,{r},\n" for d, s, a, o, r in rows)
        path.write_text(HEADER + text, encoding="utf-8")
        read = read_assignments(path, problem())
    found = sorted((x.date.day, x.shift, x.area or x.post, x.officer) for x in read.duties)
    assert found == sorted(row[:4] for row in rows)
    ids = [patrol.id for patrol in read.patrols]
    assert len(set(ids)) == len(ids)


def test_a_table_may_have_chinese_headings_and_names(tmp_path: Path) -> None:
    problem, made = sample.problem(), sample.roster()
    places = {area.id: area.name for area in problem.areas} | {p.id: p.name for p in problem.posts}
    roles = {"leader": "带队", "driver": "驾驶", "leader-driver": "带班兼驾驶", "member": "队员"}
    lines = ["日期,片区,时段,姓名,单位,角色"]
    lines += [
        ",".join(
            (
                duty.date.isoformat(), places[duty.area or duty.post or ""],
                problem.shift_by_id[duty.shift].name or duty.shift,
                problem.officer_by_id[duty.officer].name,
                problem.officer_by_id[duty.officer].agency, roles[duty.role],
            )
        )
        for duty in made.duties
    ]  # fmt: skip
    path = tmp_path / "值班.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    assert set(read_assignments(path, problem).duties) == set(made.duties)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_of_a_roster_reads_back_as_its_assignments(tmp_path: Path, lang: str) -> None:
    problem, made = sample.problem(), sample.roster()
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster_workbook(problem, sample.result(), lang))
    assert set(read_assignments(path, problem).duties) == set(made.duties)


def test_a_fault_in_a_workbook_names_its_sheet_and_heading(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "八月"
    for row in (
        ["八月值班表"],
        ["日期", "片区", "时段", "人员"],
        ["2010-09-30", "东街", "早", "无名"],
    ):
        sheet.append(row)
    path = tmp_path / "hand.xlsx"
    book.save(path)
    with pytest.raises(InvalidInputError) as refused:
        read_assignments(path, sample.problem())
    assert {(fault.place, fault.line) for fault in refused.value.faults} == {
        ("八月!片区", 3), ("八月!时段", 3), ("八月!人员", 3)
    }  # fmt: skip


def test_a_workbook_without_assignments_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    path = tmp_path / "phones.xlsx"
    book.save(path)
    with pytest.raises(InvalidInputError) as refused:
        read_assignments(path, sample.problem())
    assert refused.value.faults[0].what == "faults_roster.no-assignments"
