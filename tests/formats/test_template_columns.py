"""Every sheet and column of the leader's workbook, by its Chinese and its English heading.

One workbook with all of them, filled in as an office would; what becomes of each column, and that
none can be left out without the plan being another one.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrol_scheduler.days import DayType, Market, SpecialDay
from patrol_scheduler.formats import PlanRead, look_through, written
from patrol_scheduler.formats.plans import Form
from patrol_scheduler.problem import (
    Agency,
    Area,
    Balance,
    Busy,
    Cadence,
    Certificate,
    CompetentPlace,
    Officer,
    Pair,
    PastDuty,
    Phase,
    Pin,
    Problem,
    Request,
    Shift,
    Team,
    ViolationKind,
)
from patrol_scheduler.rules import Certificates, HighRiskShifts, PatrolDays, RestDays, ShiftRotation
from patrol_scheduler.texts import LANGUAGES

D = dt.date.fromisoformat
T = dt.datetime.fromisoformat

Cells = tuple[object, ...]

# (sheet, its English name): (heading, its English name, the cells below it)
WORKBOOK: dict[tuple[str, str], tuple[tuple[str, str, Cells], ...]] = {
    ("1 方案", "plan"): (
        (
            "项目", "key",
            (
                ("方案名称", "name"), ("编制单位", "issuer"), ("开始日期", "start"),
                ("结束日期", "end"), ("时区", "tz"), ("间隔口径", "gap_convention"),
                ("计日方式", "day_basis"), ("随机种子", "seed"), ("已发布至", "frozen_until"),
            ),
        ),
        (
            "值", "value",
            ("某镇方案", "某镇人民政府", D("2010-08-02"), D("2010-08-31"), "Asia/Urumqi",
             "间隔天", "工作日", 7, D("2010-08-03")),
        ),
        ("说明", "note", ("显示在标题中",)),
    ),
    ("2 阶段", "phases"): (
        ("阶段", "phase", ("常规管理", "集中整治")),
        ("开始", "start", (D("2010-08-02"), D("2010-08-25"))),
        ("结束", "end", (D("2010-08-24"), D("2010-08-31"))),
        ("工作组", "group", ("巡逻组", "执法组")),
        ("最短间隔天", "gap_min", (1, 0)),
        ("最长间隔天", "gap_max", (3, 2)),
        ("巡逻性质", "mode", ("劝导", "执法")),
        ("编成规则", "composition", ("平时", "平时")),
        ("备注", "note", ("重在宣传", "")),
    ),
    ("3 部门", "departments"): (
        ("部门", "department", ("派出所", "城管队")),
        ("类别", "kind", ("公安", "城管")),
        ("每日最多抽调", "max_per_day", (2, None)),
        ("每周最多", "max_per_week", (9, None)),
        ("同时最多比例", "max_share", (0.5, None)),
        ("分担份额", "share", (1, 2)),
        ("值班后休息", "rest_after_home_duty", (12, None)),
        ("联系人", "contact", ("王主任", None)),
        ("电话", "phone", ("0731-1", None)),
    ),
    ("4 人员", "staff"): (
        ("工号", "id", ("G1", "G2", "C1", "C2")),
        ("姓名", "name", ("甲", "乙", "丙", "丁")),
        ("部门", "department", ("派出所", "派出所", "城管队", "城管队")),
        ("身份", "status", ("民警", "辅警", "执法员", "协管员")),
        ("职务", "post", ("所长", None, None, None)),
        ("可带班", "can_lead", ("√", None, None, None)),
        ("执法证号", "cert_no", ("证1", None, "证3", None)),
        ("证件起", "cert_from", (D("2009-01-01"), None, None, None)),
        ("证件止", "cert_to", (D("2012-12-31"), None, D("2011-12-31"), None)),
        ("驾驶", "driver", ("是", "是", None, None)),
        ("手机", "phone", ("13800000000", None, None, None)),
        ("到岗", "from", (D("2010-08-02"), None, None, None)),
        ("离岗", "to", (D("2010-08-30"), None, None, None)),
        ("承担比例", "fte", ("50%", None, None, None)),
        ("每周最多", "max_week", (3, None, None, None)),
        ("每月最多", "max_month", (9, None, None, None)),
        ("最短间隔", "min_spacing", (2, None, None, None)),
        ("夜间可排", "night_ok", ("否", "是", "是", "是")),
        ("备注", "note", ("只上白班", None, None, None)),
    ),
    ("5 片区", "areas"): (
        ("编号", "id", ("A", "B")),
        ("片区或路段", "name", ("镇中心", "国道")),
        ("类型", "kind", ("镇区", "主要公路")),
        ("优先级", "priority", (1, 2)),
        ("最短间隔", "gap_min", (None, 0)),
        ("最长间隔", "gap_max", (None, 3)),
        ("预计分钟", "minutes", (15, None)),
        ("首要违规", "targets", ("占道经营、乱停", "乱停")),
        ("必巡时段", "windows", ("ZS、WS", "")),
        ("经度", "lon", (112.95, None)),
        ("纬度", "lat", (28.5, None)),
        ("上次巡逻", "last_patrol", (D("2010-07-30"), None)),
    ),
    ("6 时段", "windows"): (
        ("代码", "code", ("ZS", "WS")),
        ("名称", "name", ("早市", "夜市")),
        ("开始", "start", ("07:00", "22:00")),
        ("结束", "end", ("10:00", "01:00")),
        ("次日", "next_day", ("否", "是")),
        ("工时折算", "credit", (3, 2)),
        ("难度分", "burden", (1, 1.5)),
        ("适用日", "day_types", ("工作日、调休上班", None)),
    ),
    ("7 编成", "composition"): (
        ("规则", "rule", ("其余", "平时", "平时", "加强", "加强")),
        ("阶段", "phase", (None, None, None, "集中整治", None)),
        ("片区", "area", (None, "A", None, "A", None)),
        ("时段", "window", (None, "ZS", None, None, None)),
        ("日期类型", "day_type", (None, "工作日", None, None, None)),
        ("部门", "department", ("派出所", "派出所", "城管队", "派出所", "城管队")),
        ("最少", "min", (1, 1, 1, 1, 1)),
        ("理想", "ideal", (None, None, None, 2, None)),
        ("最多", "max", (None, 2, None, None, 2)),
        ("最少持证", "min_certified", (None, None, 1, None, None)),
        ("辅助上限", "max_auxiliary", (None, 1, None, None, None)),
        ("须驾驶员", "need_driver", (None, "是", None, None, None)),
        ("级别", "level", (None, "硬", "中", "硬", "软")),
    ),
    ("8 违规", "violations"): (
        ("类型", "kind", ("占道经营", "乱停", "乱停")),
        ("场所", "place", (None, None, "主要公路")),
        ("主管部门", "competent", ("城管队", "城管队", "派出所")),
        ("协同", "support", (None, "派出所", None)),
        ("需持证", "certified", ("是", None, None)),
        ("高发时段", "windows", ("ZS", None, None)),
        ("权重", "weight", (3, None, None)),
    ),
    ("9 日历", "calendar"): (
        ("日期", "date", (D("2010-08-16"),)),
        ("类型", "day_type", ("法定节假日",)),
        ("名称", "name", ("镇庆",)),
        ("来源", "source", ("手工",)),
        ("状态", "state", ("暂定",)),
    ),
    ("10 集市", "markets"): (
        ("集市", "name", ("农历集", "公历集", "周集", "指定集")),
        ("片区", "area", ("A", "A", "B", "B")),
        ("规则", "rule", ("农历", "公历", "每周", "指定")),
        ("日子", "days", ("逢三、六、九", "1,4", "周一、星期四", "2010-08-09、8月19日")),
        ("时段", "window", (None, None, None, "ZS")),
        ("必巡", "must", (None, None, None, "是")),
    ),
    ("11 请假值班", "busy"): (
        ("工号或姓名", "person", ("甲", "乙", "C1")),
        ("开始", "start", (D("2010-08-05"), D("2010-08-06"), "2010-08-09 08:00")),
        ("结束", "end", (D("2010-08-06"), D("2010-08-06"), "2010-08-10 08:00")),
        ("时段", "window", (None, "ZS", None)),
        ("类型", "kind", ("公务", "培训", "本单位值班")),
        ("强制", "hard", ("否", "是", "是")),
        ("事由", "reason", ("开会", None, None)),
    ),
    ("12 意愿", "requests"): (
        ("人员", "person", ("甲", "丙")),
        ("日期或星期", "when", (D("2010-08-12"), "周日")),
        ("时段", "window", ("ZS", None)),
        ("意向", "want", ("希望", "不希望")),
        ("权重", "weight", (4, None)),
    ),
    ("13 固定", "pins"): (
        ("日期", "date", (D("2010-08-11"), D("2010-08-12"))),
        ("时段", "window", ("ZS", None)),
        ("片区", "area", ("A", None)),
        ("角色", "role", ("带班", None)),
        ("人员", "person", ("甲", "丙")),
        ("方式", "kind", ("必须", "禁止")),
    ),
    ("14 搭配", "pairs"): (
        ("甲", "a", ("G1",)),
        ("乙", "b", ("C1",)),
        ("关系", "kind", ("不得同组",)),
        ("依据", "reason", ("回避",)),
    ),
    ("15 历史", "history"): (
        ("日期", "date", (D("2010-07-30"), D("2010-07-29"), D("2010-07-31"))),
        ("时段", "window", ("ZS", "WS", None)),
        ("片区", "area", ("A", "B", None)),
        ("人员", "person", ("甲", "丙", "丙")),
        ("角色", "role", ("带班", "队员", None)),
        ("结转分", "carried", (0.5, -1, 2)),
        ("来源", "source", ("计划", "实际", None)),
    ),
    ("16 规则", "rules"): (
        ("代码", "code", ("rest-days", "certificates", "high-risk-shifts")),
        ("名称", "name", ("每周休息", "执法证", "高发时段")),
        ("启用", "on", ("否", "是", "是")),
        ("级别", "level", ("硬", "硬", "中")),
        ("参数", "value", ("free=2；days=7", None)),
        ("权重", "weight", (None, 80)),
        ("依据", "basis", ("劳动法第38条", "行政处罚法第42条")),
    ),
}  # fmt: skip

FOR_PEOPLE = {("plan", "note"), ("rules", "name"), ("windows", "next_day")}
"""Columns that say nothing new: remarks on the form, a rule's name, and what times tell as well."""


def workbook(lang: str, without: tuple[str, str] | None = None) -> openpyxl.Workbook:
    """The workbook with headings of one language, one column left out if asked."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for (chinese, english), columns in WORKBOOK.items():
        sheet = book.create_sheet(chinese if lang == "zh-CN" else english)
        place = 0
        for heading, name, cells in columns:
            if (english, name) == without:
                continue
            place += 1
            sheet.cell(1, place).value = heading if lang == "zh-CN" else name
            for row, cell in enumerate(cells, start=2):
                value: Any = cell[lang != "zh-CN"] if isinstance(cell, tuple) else cell
                sheet.cell(row, place).value = value
    return book


def saved(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


WORKING = (DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY)


def expected() -> Problem:
    """What the workbook says, stated as a plan."""
    sundays = [D(f"2010-08-{day:02}") for day in (8, 15, 22, 29)]
    return Problem(
        name="某镇方案",
        issuer="某镇人民政府",
        start=D("2010-08-02"),
        end=D("2010-08-31"),
        timezone="Asia/Urumqi",
        seed=7,
        frozen_until=D("2010-08-03"),
        phases=(
            Phase(
                id="常规管理", start=D("2010-08-02"), end=D("2010-08-24"), group="巡逻组",
                mode="presence", remarks="重在宣传",
            ),
            Phase(
                id="集中整治", start=D("2010-08-25"), end=D("2010-08-31"), group="执法组",
                mode="enforcement",
            ),
        ),
        cadences=(
            Cadence(min_days=1, max_days=3, counted="free-days", phases=("常规管理",)),
            Cadence(min_days=0, max_days=2, counted="free-days", phases=("集中整治",)),
            Cadence(min_days=0, max_days=3, counted="free-days", areas=("B",)),
        ),
        agencies=(
            Agency(
                id="派出所", kind="public-security", lends_a_day=2, lends_a_week=9,
                lends_percent=50, share=1, rest_after_home_duty=12, contact="王主任",
                phone="0731-1",
            ),
            Agency(id="城管队", kind="urban-management", share=2),
        ),
        officers=(
            Officer(
                id="G1", name="甲", agency="派出所", status="police", position="所长",
                leader=True, driver=True, phone="13800000000", joins=D("2010-08-02"),
                departs=D("2010-08-30"), full_time_percent=50, duties_a_week=3,
                duties_a_month=9, days_between=2, night_ok=False, remarks="只上白班",
                certificates=(
                    Certificate(
                        number="证1", valid_from=D("2009-01-01"), valid_to=D("2012-12-31")
                    ),
                ),
            ),
            Officer(id="G2", name="乙", agency="派出所", status="auxiliary-police", driver=True),
            Officer(
                id="C1", name="丙", agency="城管队", status="enforcement",
                certificates=(Certificate(number="证3", valid_to=D("2011-12-31")),),
            ),
            Officer(id="C2", name="丁", agency="城管队", status="assistant"),
        ),
        areas=(
            Area(
                id="A", name="镇中心", kind="town", priority=1, minutes=15,
                targets=("占道经营", "乱停"), longitude=112.95, latitude=28.5,
                last_patrol=D("2010-07-30"),
            ),
            Area(id="B", name="国道", kind="main-road", priority=2, targets=("乱停",)),
        ),
        shifts=(
            Shift(
                id="ZS", name="早市", start="07:00", end="10:00", credit=3, burden=1,
                day_types=WORKING,
            ),
            Shift(id="WS", name="夜市", start="22:00", end="01:00", credit=2, burden=1.5),
        ),
        teams=(
            Team(name="其余", members={"派出所": 1}),
            Team(
                name="平时", phases=("常规管理", "集中整治"), areas=("A",), shifts=("ZS",),
                day_types=(DayType.WORKING_DAY,), members={"派出所": 1, "城管队": 1},
                most={"派出所": 2}, certified={"城管队": 1}, auxiliaries=1, drivers=1,
            ),
            Team(
                name="加强", phases=("集中整治",), areas=("A",), members={"派出所": 1},
                ideal={"派出所": 2, "城管队": 1}, most={"城管队": 2},
            ),
        ),
        violation_kinds=(
            ViolationKind(
                id="占道经营", competent=("城管队",), certified=True, shifts=("ZS",), weight=3
            ),
            ViolationKind(
                id="乱停", competent=("城管队",), support=("派出所",),
                places=(CompetentPlace(kind="main-road", agencies=("派出所",)),),
            ),
        ),
        days=(
            SpecialDay(
                date=D("2010-08-16"), day_type=DayType.STATUTORY_HOLIDAY, name="镇庆",
                source="手工", state="provisional",
            ),
        ),
        markets=(
            Market(
                id="农历集", name="农历集", areas=("A",), every="lunar-digit", digits=(3, 6, 9),
            ),
            Market(id="公历集", name="公历集", areas=("A",), every="solar-digit", digits=(1, 4)),
            Market(id="周集", name="周集", areas=("B",), every="weekday", weekdays=(1, 4)),
            Market(
                id="指定集", name="指定集", areas=("B",), every="date",
                dates=(D("2010-08-09"), D("2010-08-19")), shifts=("ZS",), must=True,
            ),
        ),
        busy=(
            Busy(
                officer="G1", start=T("2010-08-05T00:00"), end=T("2010-08-07T00:00"),
                kind="official", hard=False, reason="开会",
            ),
            Busy(
                officer="G2", start=T("2010-08-06T07:00"), end=T("2010-08-06T10:00"),
                kind="training",
            ),
            Busy(
                officer="C1", start=T("2010-08-09T08:00"), end=T("2010-08-10T08:00"),
                kind="home-duty",
            ),
        ),
        requests=(
            Request(
                officer="G1", start=D("2010-08-12"), end=D("2010-08-12"), want="on", shift="ZS",
                weight=4,
            ),
            *(Request(officer="C1", start=day, end=day, want="off") for day in sundays),
        ),
        pins=(
            Pin(
                date=D("2010-08-11"), officer="G1", kind="must", shift="ZS", area="A",
                role="leader",
            ),
            Pin(date=D("2010-08-12"), officer="C1", kind="forbidden"),
        ),
        pairs=(Pair(a="G1", b="C1", kind="never-together", reason="回避"),),
        history=(
            PastDuty(
                date=D("2010-07-30"), shift="ZS", area="A", officer="G1", role="leader",
                source="plan",
            ),
            PastDuty(
                date=D("2010-07-29"), shift="WS", area="B", officer="C1", role="member",
                source="actual",
            ),
        ),
        balances=(Balance(officer="G1", carried=0.5), Balance(officer="C1", carried=1)),
        rules=(
            RestDays(on=False, free=2, days=7, basis="劳动法第38条"),
            Certificates(price=80, basis="行政处罚法第42条"),
            HighRiskShifts(level="fairness"),
            ShiftRotation(shifts=("ZS",), areas=("A",), of=3),
            ShiftRotation(shifts=("WS",), areas=("A",), of=3),
            PatrolDays(day_types=WORKING),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_column_is_read_as_the_plan_has_it(tmp_path: Path, lang: str) -> None:
    found = look_through(saved(workbook(lang), tmp_path / "plan.xlsx"))
    assert [fault.say("en") for fault in found.faults] == []
    assert found.problem is not None
    for name in Problem.model_fields:
        assert getattr(found.problem, name) == getattr(expected(), name), name


def columns() -> Iterator[tuple[str, str]]:
    for (_, english), listed in WORKBOOK.items():
        for _, name, _ in listed:
            if (english, name) not in FOR_PEOPLE:
                yield english, name


@pytest.mark.parametrize("column", list(columns()), ids=lambda column: ".".join(column))
def test_no_column_is_read_for_nothing(tmp_path: Path, column: tuple[str, str]) -> None:
    found = look_through(saved(workbook("en", column), tmp_path / "plan.xlsx"))
    assert found.problem != expected()


def test_items_of_the_plan_are_each_read(tmp_path: Path) -> None:
    book = workbook("zh-CN")
    sheet = book["1 方案"]
    for row in range(2, sheet.max_row + 1):
        kept = sheet.cell(row, 2).value
        sheet.cell(row, 2).value = None
        assert look_through(saved(book, tmp_path / "plan.xlsx")).problem != expected(), row
        sheet.cell(row, 2).value = kept


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["toml", "json", "xlsx", "csv"])
def test_all_of_it_keeps_in_every_form(tmp_path: Path, form: Form, lang: str) -> None:
    content = written(expected(), form, lang)
    path = tmp_path / (f"plan.{form}" if isinstance(content, bytes) else "plan")
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.mkdir()
        for name, part in content.items():
            (path / name).write_bytes(part)
    assert look_through(path) == PlanRead(expected(), (), ())


def test_the_template_has_each_of_these_columns() -> None:
    content = written(expected(), "xlsx", "zh-CN")
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (chinese, english), listed in WORKBOOK.items():
        sheet = book[chinese]
        if english == "plan":
            shown = {str(sheet.cell(row, 1).value) for row in range(2, sheet.max_row + 1)}
            keys: list[Any] = [cell for _, name, told in listed if name == "key" for cell in told]
            wanted = {chinese for chinese, _ in keys}
            assert wanted <= shown
            continue
        words = {part for cell in sheet[1] for part in str(cell.value).split("\n")}
        aliases = {"适用日": "日期类型", "集市": "名称", "规则": "日子规则", "工号或姓名": "人员",
                   "日期或星期": "开始", "每周最多": "每周最多抽调", "须驾驶员": "驾驶员人数",
                   "最短间隔": "最短间隔天", "最长间隔": "最长间隔天", "类型": "违规",
                   "高发时段": "时段", "权重": "单价"}  # fmt: skip
        for heading, name, _ in listed:
            assert heading in words or aliases[heading] in words, (chinese, heading, name)
