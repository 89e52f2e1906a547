from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.outputs.duty_sheet import duty_sheet
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import Roster
from tests.outputs import sample


class Page(HTMLParser):
    """The text of a page: headings, paragraphs, list entries, and tables as rows of cells."""

    VOID = frozenset({"meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said: list[tuple[str, str]] = []
        self.tables: list[list[list[str]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in self.VOID:
            return
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("h1", "h2", "p", "li"):
            self.said.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] in ("h1", "h2", "p", "li"):
            tag, text = self.said[-1]
            self.said[-1] = (tag, text + data)

    def all(self, tag: str) -> list[str]:
        return [text for found, text in self.said if found == tag]


@pytest.fixture
def page(problem: Problem, result: Result) -> Page:
    return Page(duty_sheet(problem, result, "zh-CN"))


def test_the_head_says_what_it_is(page: Page) -> None:
    assert page.all("h1") == ["示例镇常规管理排班总表"]
    assert page.all("li")[:3] == [
        "编制单位：示例镇综合治理办公室",
        "排班期间：2010年9月30日至2010年10月4日",
        "编制日期：2010年9月20日",
    ]
    assert page.all("p")[:2] == [
        "排班可用，但有缺口：下列“未满足事项”逐条列出。",
        "“每2至3天巡逻一次”按日期差计算：同一片区相邻两次巡逻的日期相差2至3天（自然日）。",
    ]


def test_each_month_has_its_table(page: Page) -> None:
    assert page.all("h2")[:2] == ["2010年9月勤务安排", "2010年10月勤务安排"]
    september, october = page.tables[:2]
    assert september == [
        ["日期", "星期", "日类型", "时段", "片区（岗位）", "带队", "公安", "交警", "城管", "备注"],
        [
            "9月30日",
            "星期四",
            "工作日",
            "早班 07:30–10:30",
            "东街片区",
            "公安01",
            "公安01（驾）",
            "交警01",
            "城管01",
            "距上次2天",
        ],
    ]
    assert october[1][:6] == [
        "10月1日",
        "星期五",
        "国庆节",
        "夜班 22:00–次日02:00",
        "西街片区",
        "公安02",
    ]
    # The other events of a date stand below it, without the date's three cells.
    assert october[3] == ["早班 07:30–10:30", "镇口卡点", "", "", "", "城管02", ""]
    assert october[4][:2] == ["晚班 20:00–24:00", "东街片区"]


def test_a_patrol_points_to_what_is_unmet_of_it(page: Page) -> None:
    row = page.tables[1][2]
    assert row[:5] == ["10月3日", "星期日", "国庆节", "早班 07:30–10:30", "西街片区"]
    assert row[-1] == "距上次2天、见未满足事项1"
    unmet = [text for text in page.all("li") if "2010-10-03" in text]
    assert len(unmet) == 1
    assert "西街片区" in unmet[0]


def test_officers_have_their_duties_beside_their_share(page: Page) -> None:
    officers = page.tables[2]
    assert officers[0] == [
        "单位", "人员", "合计", "应承担", "差额", "休息日", "法定节假日", "早班", "晚班", "夜班"
    ]  # fmt: skip
    # 城管: 5 + 5 + 2 available days of 12, 4 duties; 城管01 owes 5/12 of 4.
    assert officers[1:] == [
        ["公安", "公安01", "2", "2.0", "0.0", "0", "1", "1", "1", "0"],
        ["公安", "公安02", "2", "2.0", "0.0", "0", "2", "1", "0", "1"],
        ["交警", "交警01", "2", "2.0", "0.0", "0", "1", "1", "1", "0"],
        ["交警", "交警02", "2", "2.0", "0.0", "0", "2", "1", "0", "1"],
        ["城管", "城管01", "2", "1.7", "+0.3", "0", "1", "1", "1", "0"],
        ["城管", "城管02", "2", "1.7", "+0.3", "0", "2", "1", "0", "1"],
        ["城管", "城管03", "0", "0.7", "−0.7", "0", "0", "0", "0", "0"],
    ]


def test_areas_have_their_gaps(page: Page) -> None:
    assert page.tables[3][1:] == [
        ["东街片区", "2", "2–3", "2", "3", "0", "9月30日", "10月3日"],
        ["西街片区", "2", "2–3", "2", "2", "0", "10月1日", "10月3日"],
    ]


def test_an_overdue_area_is_counted_and_listed(problem: Problem, roster: Roster) -> None:
    """Without its patrol on the 3rd, A1 is overdue from the 3rd: 3 and 4 October, two days."""
    fewer = roster.model_copy(
        update={"patrols": tuple(p for p in roster.patrols if p.id != "2010-10-03.A1")}
    )
    page = Page(duty_sheet(problem, sample.result(fewer), "zh-CN"))
    assert page.tables[3][1] == ["东街片区", "1", "2–3", "2", "2", "2", "9月30日", "9月30日"]
    assert any("东街片区" in text for text in page.all("li"))


def test_wishes_that_could_not_be_met_are_listed(page: Page) -> None:
    assert "未能满足的意愿" in page.all("h2")
    assert "城管02" in page.all("li")[-1]


def test_a_complete_roster_says_so_with_its_distance_from_the_bound(problem: Problem) -> None:
    """(90.5 - 90.25) / 90.5 is 0.276 %: said as 0.3 %, rounded up."""
    plain = problem.model_copy(update={"requests": (), "covers": (), "cadences": ()})
    complete = Roster(patrols=sample.roster().patrols[:2])
    page = Page(duty_sheet(plain, sample.result(complete, status="feasible"), "zh-CN"))
    assert page.all("p")[0].endswith("各级代价与已证明的下界相差不超过0.3%。")
    assert "没有未满足事项。" in page.all("p")
    assert "未能满足的意愿" not in page.all("h2")


def test_the_sheet_speaks_english(problem: Problem, result: Result) -> None:
    page = Page(duty_sheet(problem, result, "en"))
    assert page.all("h1") == ["Duty sheet: 示例镇常规管理"]
    assert page.tables[1][1][:4] == [
        "1 October",
        "Friday",
        "National Day",
        "夜班 22:00–02:00 next day",
    ]


def test_an_empty_roster_has_a_sheet(problem: Problem) -> None:
    page = Page(duty_sheet(problem, sample.result(Roster()), "zh-CN"))
    assert "没有任何勤务。" in page.all("p")


def test_without_a_roster_there_is_no_sheet(problem: Problem) -> None:
    with pytest.raises(ValueError, match="no duty sheet"):
        duty_sheet(problem, sample.result(status="impossible").model_copy(
            update={"roster": None}), "en")  # fmt: skip


def test_the_sheet_needs_nothing_but_itself(problem: Problem, result: Result) -> None:
    html = duty_sheet(problem, result, "zh-CN")
    assert not Page(html).attributes & {"src", "href", "srcset", "action", "onload"}
    assert not re.search(r"https?:|url\(|@import|<script", html)


def test_certificate_numbers_and_reasons_of_leave_stay_out(
    problem: Problem, result: Result
) -> None:
    html = duty_sheet(problem, result, "zh-CN")
    assert "示例-PS-002" not in html
    assert "病假" not in html


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([sample.WICKED, "<script>alert(1)</script>", "{{ 7 * 7 }}", "a' onload='x", ""])
    | st.text(st.characters(exclude_categories=["Cc", "Cs"]))
)
def test_whatever_the_names_they_are_text_and_nothing_else(name: str) -> None:
    plain = Page(duty_sheet(sample.problem(), sample.result(), "zh-CN"))
    page = Page(duty_sheet(sample.renamed(name), sample.result(), "zh-CN"))
    assert page.tags == plain.tags
    assert page.attributes == plain.attributes
    assert [len(table) for table in page.tables] == [len(table) for table in plain.tables]
    shown = " ".join(name.split())
    if shown.isascii() and shown:
        assert page.tables[3][1][0] == shown


def test_what_is_broken_is_listed_and_pointed_to_by_its_patrol_alone(problem: Problem) -> None:
    """A1 on 30 September and again on 1 October, when A2 is patrolled too."""
    too_soon = sample.patrol("2010-10-01", "A1", "early", ("PS01", "leader-driver"),
                             ("TP01", "member"), ("CG01", "member"))  # fmt: skip
    first, second = sample.roster().patrols[:2]
    made = Roster(patrols=(first, too_soon, second))
    page = Page(duty_sheet(problem, sample.result(made), "zh-CN"))
    pointing = [row[-1] for table in page.tables[:2] for row in table if "未满足" in row[-1]]
    assert pointing == ["距上次1天、见未满足事项1"]
    assert page.tables[1][1][-1] == pointing[0]
    assert "东街片区" in page.all("li")[3]


def test_a_make_up_working_day_is_no_holiday() -> None:
    phase = sample.problem().phases[0].model_copy(update={"end": sample.date("2010-10-09")})
    problem = sample.problem(phases=(phase,))
    made = Roster(patrols=(sample.patrol("2010-10-09", "A1", "early", ("PS01", "leader")),))
    html = duty_sheet(problem, sample.result(made), "zh-CN")
    assert Page(html).tables[0][1][:3] == ["10月9日", "星期六", "调休上班"]
    assert 'class="day off"' not in html


def test_a_bound_that_proves_next_to_nothing_is_not_told(problem: Problem) -> None:
    level = LevelResult(level="wishes", cost=4.0, bound=0.0, reason="relaxation")
    result = sample.result(status="feasible", levels=(level,))
    assert Page(duty_sheet(problem, result, "zh-CN")).all("p")[0].endswith("尚未证明。")
