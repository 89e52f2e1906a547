"""Every kind of bad plan, with the sentences that people get to read, word for word."""
# ruff: noqa: E501 (sentences stand as they are said)

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler.faults import InvalidInputError, listed
from patrol_scheduler.formats import read
from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.rules import BY_NAME
from tests.formats.small_plan import PLAN, complaints, spoiled

Change = tuple[str, str]

# Sentences list what would be right; what that is, the records and the rules say.
OFFICER_KEYS, PLAN_KEYS = (listed(tuple(kind.model_fields)) for kind in (Officer, Problem))
RULE_NAMES = listed(tuple(BY_NAME))

CASES: dict[str, tuple[list[Change], list[str], list[str]]] = {
    "unknown key": (
        [
            ("leader = true", "leadr = true"),
        ],
        [
            f'plan.toml:15: officers[0].leadr (GA01): the key "leadr" is not known here, one of {OFFICER_KEYS} is expected. Correct or delete it. Did you mean "leader"?',
        ],
        [
            f'plan.toml:15: officers[0].leadr (GA01): 此处不认识键 "leadr"，应为 {OFFICER_KEYS} 之一。请改正或删去。最接近的写法是 "leader"，是否应为它？',
        ],
    ),
    "unknown top-level key": (
        [
            ('name = "示例"', 'name = "示例"\ncolour = "red"'),
        ],
        [
            f'plan.toml:3: colour: the key "colour" is not known here, one of {PLAN_KEYS} is expected. Correct or delete it.',
        ],
        [
            f'plan.toml:3: colour: 此处不认识键 "colour"，应为 {PLAN_KEYS} 之一。请改正或删去。',
        ],
    ),
    "unknown agency": (
        [
            ('agency = "城管"', 'agency = "城菅"'),
        ],
        [
            'plan.toml:20: officers[1].agency (CG01): no agency has the id "城菅", the id of an agency of this plan is expected. Correct it or add the agency. Did you mean "城管"?',
        ],
        [
            'plan.toml:20: officers[1].agency (CG01): 没有编号为 "城菅" 的部门，应为本方案中某个部门的编号。请改正，或补上该部门。最接近的写法是 "城管"，是否应为它？',
        ],
    ),
    "duplicate id": (
        [
            ("[[shifts]]", '[[officers]]\nid = "GA01"\nagency = "公安"\n\n[[shifts]]'),
        ],
        [
            'plan.toml:24: officers[2].id: the id "GA01" is already given to officers[0], each id is expected once. Give one of them another id.',
        ],
        [
            'plan.toml:24: officers[2].id: 编号 "GA01" 已用于 officers[0]，每个编号只能使用一次。请为其中之一改用别的编号。',
        ],
    ),
    "officer in two agencies": (
        [
            ("[[shifts]]", '[[officers]]\nid = "GA01"\nagency = "城管"\n\n[[shifts]]'),
        ],
        [
            'plan.toml:25: officers[2].agency (GA01): "GA01" is of "城管" here and of "公安" at officers[0], an officer of one agency is expected: nobody can be on duty for two at once. Delete the entry of the agency that does not lend the officer; if they are two people, give each an id and a phone of their own.',
        ],
        [
            'plan.toml:25: officers[2].agency (GA01): "GA01" 在此处属于 "城管"，在 officers[0] 又属于 "公安"；一人只应属于一个部门，不能同时代表两个部门出勤。请保留实际抽调该人的部门那一条，删去另一条；如果是两个人，请各用自己的编号和电话。',
        ],
    ),
    "area and post with one id": (
        [
            ("[[areas]]", '[[posts]]\nid = "镇区"\n\n[[areas]]'),
        ],
        [
            'plan.toml:34: posts[0].id: the id "镇区" is already given to areas[0], each id is expected once. Give one of them another id.',
        ],
        [
            'plan.toml:34: posts[0].id: 编号 "镇区" 已用于 areas[0]，每个编号只能使用一次。请为其中之一改用别的编号。',
        ],
    ),
    "impossible date": (
        [
            ("end = 2010-08-31", "end = 2010-09-31"),
        ],
        [
            'plan.toml:4: end: "2010-09-31" is not a date of the calendar, a date such as 2010-08-01 is expected. Correct it.',
        ],
        [
            'plan.toml:4: end: "2010-09-31" 不是历法上存在的日期，应为 2010-08-01 这样的日期。请改正。',
        ],
    ),
    "impossible date in quotation marks": (
        [
            ("valid_to = 2011-12-31", 'valid_to = "2011-02-30"'),
        ],
        [
            'plan.toml:21: officers[1].certificates[0].valid_to (CG01): "2011-02-30" is not a date of the calendar, a date such as 2010-08-01 is expected. Correct it.',
        ],
        [
            'plan.toml:21: officers[1].certificates[0].valid_to (CG01): "2011-02-30" 不是历法上存在的日期，应为 2010-08-01 这样的日期。请改正。',
        ],
    ),
    "phase reversed": (
        [
            (
                'id = "常规管理"\nstart = 2010-08-01\nend = 2010-08-31',
                'id = "常规管理"\nstart = 2010-08-31\nend = 2010-08-01',
            ),
        ],
        [
            "plan.toml:39: phases[0].end (常规管理): the end 2010-08-01 lies before the start 2010-08-31, a date from 2010-08-31 on is expected. Swap or correct them.",
        ],
        [
            "plan.toml:39: phases[0].end (常规管理): 结束日期 2010-08-01 早于开始日期 2010-08-31，应不早于 2010-08-31。请对调或改正。",
        ],
    ),
    "shifts overlap": (
        [
            ('start = "17:30"', 'start = "10:00"'),
        ],
        [
            'plan.toml:30: shifts[1].start (晚班): the shift starts at 10:00, but the shift "早班" lasts from 07:30 to 10:30; shifts of a day do not overlap. Correct the times or set shifts_may_overlap = true.',
        ],
        [
            'plan.toml:30: shifts[1].start (晚班): 本时段 10:00 开始，而时段 "早班" 为 07:30 至 10:30；同一天的时段不应重叠。请改正时间，或设 shifts_may_overlap = true。',
        ],
    ),
    "shifts overlap past midnight": (
        [
            ('start = "17:30"\nend = "20:30"', 'start = "22:00"\nend = "08:00"'),
        ],
        [
            'plan.toml:31: shifts[1].end (晚班): the shift ends at 08:00 on the next day, but the shift "早班" lasts from 07:30 to 10:30 then; shifts do not overlap. Correct the times or set shifts_may_overlap = true.',
        ],
        [
            'plan.toml:31: shifts[1].end (晚班): 本时段至次日 08:00 结束，而次日的时段 "早班" 为 07:30 至 10:30；时段不应重叠。请改正时间，或设 shifts_may_overlap = true。',
        ],
    ),
    "gap window upside down": (
        [
            ("min_days = 2\nmax_days = 3", "min_days = 3\nmax_days = 2"),
        ],
        [
            "plan.toml:42: cadences[0].min_days: min_days is 3 but max_days is 2, min_days is expected to be at most 2. Swap or correct them.",
        ],
        [
            "plan.toml:42: cadences[0].min_days: min_days 为 3 而 max_days 为 2，min_days 应不大于 2。请对调或改正。",
        ],
    ),
    "negative count": (
        [
            ('"公安" = 1', '"公安" = -1'),
        ],
        [
            "plan.toml:46: teams[0].members.公安: -1 is negative, a number from 0 is expected. Correct it.",
        ],
        [
            "plan.toml:46: teams[0].members.公安: -1 是负数，应为不小于 0 的数。请改正。",
        ],
    ),
    "team larger than its agency": (
        [
            ('"公安" = 1', '"公安" = 5'),
        ],
        [
            'plan.toml:46: teams[0].members.公安: the team asks for 5 from "公安", which has 1 in all. Correct the number or add officers.',
        ],
        [
            'plan.toml:46: teams[0].members.公安: 要求 "公安" 出 5 人，而该部门只有 1 人。请改正人数，或补充人员。',
        ],
    ),
    "expired certificate": (
        [
            ("valid_to = 2011-12-31", "valid_to = 2010-07-31"),
        ],
        [
            'plan.toml:21: officers[1].certificates[0].valid_to (CG01): the certificate of "CG01" expires on 2010-07-31, before the first rostered day 2010-08-01. Enter the renewed certificate or delete this one.',
        ],
        [
            'plan.toml:21: officers[1].certificates[0].valid_to (CG01): "CG01" 的执法证于 2010-07-31 到期，早于排班首日 2010-08-01。请填写换发的证件，或删去此证。',
        ],
    ),
    "text in a number": (
        [
            ("max_days = 3", 'max_days = "3天"'),
        ],
        [
            'plan.toml:43: cadences[0].max_days: "3天" is text, a number is expected. Write it with the digits 0 to 9 and without quotation marks.',
        ],
        [
            'plan.toml:43: cadences[0].max_days: "3天" 是文字，此处应为数字。请用 0 到 9 的半角数字书写，不加引号。',
        ],
    ),
    "word without quotation marks": (
        [
            ("leader = true", "leader = yes"),
        ],
        [
            'plan.toml:15: officers[0].leader (GA01): "yes" is a text without quotation marks, a value is expected. Put it in quotation marks; true and false are written without.',
        ],
        [
            'plan.toml:15: officers[0].leader (GA01): "yes" 是没有加引号的文字，此处应为一个值。请加上英文引号；true 和 false 不加引号。',
        ],
    ),
    "key without quotation marks": (
        [
            ('"公安" = 1', "公安 = 1"),
        ],
        [
            'plan.toml:46: teams[0].members.公安: "公安" stands before = without quotation marks, which only plain Latin names can. Put it in quotation marks.',
        ],
        [
            'plan.toml:46: teams[0].members.公安: 等号前的 "公安" 没有加引号，只有纯拉丁字母的名称才可以不加。请加上英文引号。',
        ],
    ),
    "time without quotation marks": (
        [
            ('start = "07:30"', "start = 07:30"),
        ],
        [
            'plan.toml:25: shifts[0].start (早班): "07:30" stands without quotation marks. Write a time of day as "08:00".',
        ],
        [
            'plan.toml:25: shifts[0].start (早班): "07:30" 没有加引号。时刻应写作 "08:00"。',
        ],
    ),
    "missing key": (
        [
            ('agency = "公安"\n', ""),
        ],
        [
            "plan.toml:12: officers[0].agency (GA01): the key is missing, a value is expected. Add it.",
        ],
        [
            "plan.toml:12: officers[0].agency (GA01): 缺少这个键，此处应有值。请补上。",
        ],
    ),
    "unknown choice": (
        [
            ('id = "镇区"', 'id = "镇区"\nkind = "twon"'),
        ],
        [
            'plan.toml:35: areas[0].kind (镇区): "twon" is not one of "town", "main-road", "market", "school", "other". Choose one of them. Did you mean "town"?',
        ],
        [
            'plan.toml:35: areas[0].kind (镇区): "twon" 不在 "town", "main-road", "market", "school", "other" 之中。请选用其中之一。最接近的写法是 "town"，是否应为它？',
        ],
    ),
    "unknown rule": (
        [
            ("[[teams]]", '[[rules]]\nrule = "rest-day"\n\n[[teams]]'),
        ],
        [
            f'plan.toml:46: rules[0].rule: there is no rule "rest-day", one of {RULE_NAMES} is expected. Choose one of them. Did you mean "rest-days"?',
        ],
        [
            f'plan.toml:46: rules[0].rule: 没有名为 "rest-day" 的规则，应为 {RULE_NAMES} 之一。请选用其中之一。最接近的写法是 "rest-days"，是否应为它？',
        ],
    ),
    "rule parameter": (
        [
            ("[[teams]]", '[[rules]]\nrule = "rest-days"\nfree = -1\n\n[[teams]]'),
        ],
        [
            "plan.toml:47: rules[0].free (rest-days): -1 is negative, a number from 0 is expected. Correct it.",
        ],
        [
            "plan.toml:47: rules[0].free (rest-days): -1 是负数，应为不小于 0 的数。请改正。",
        ],
    ),
    "one bracket": (
        [
            ("[[teams]]", "[teams]"),
        ],
        [
            "plan.toml:45: teams: {members = {公安 = 1, 城管 = 1}, certified = {城管 = 1}} is found, a list of tables is expected. Write [[teams]] with two brackets above each entry.",
        ],
        [
            "plan.toml:45: teams: 此处应为若干个表，读到的却是 {members = {公安 = 1, 城管 = 1}, certified = {城管 = 1}}。请在每一项上方写双层方括号 [[teams]]。",
        ],
    ),
    "no format": (
        [
            ('format = "patrol-scheduler plan 1"\n', ""),
        ],
        [
            'plan.toml: format: the key is missing. Begin the document with format = "patrol-scheduler plan 1".',
        ],
        [
            'plan.toml: format: 缺少这个键。请在文件开头写上 format = "patrol-scheduler plan 1"。',
        ],
    ),
    "newer format": (
        [
            ('plan 1"', 'plan 2"'),
        ],
        [
            'plan.toml:1: format: "patrol-scheduler plan 2" is not what is read here, "patrol-scheduler plan 1" is expected. Give a plan, or use the version of the program that wrote this document.',
        ],
        [
            'plan.toml:1: format: "patrol-scheduler plan 2" 不是此处能读的格式，应为 "patrol-scheduler plan 1"。请改用方案文件，或使用写出该文件的程序版本。',
        ],
    ),
    "unknown timezone": (
        [
            ('name = "示例"', 'name = "示例"\ntimezone = "Asia/Shanghia"'),
        ],
        [
            'plan.toml:3: timezone: "Asia/Shanghia" is not a time zone, a name such as "Asia/Shanghai" is expected. Correct it. Did you mean "Asia/Shanghai"?',
        ],
        [
            'plan.toml:3: timezone: "Asia/Shanghia" 不是时区，应为 "Asia/Shanghai" 这样的名称。请改正。最接近的写法是 "Asia/Shanghai"，是否应为它？',
        ],
    ),
    "year without holidays": (
        [
            (
                "start = 2010-08-01\nend = 2010-08-31\n\n[[ag",
                "start = 2027-08-01\nend = 2027-08-31\n\n[[ag",
            ),
            (
                "start = 2010-08-01\nend = 2010-08-31\n\n[[cad",
                "start = 2027-08-01\nend = 2027-08-31\n\n[[cad",
            ),
            ("valid_to = 2011-12-31", "valid_to = 2029-12-31"),
        ],
        [
            'plan.toml: calendar: the calendar "china" has no holiday arrangement for 2027 (31 rostered days). Add each of these dates under [[days]], name the year in provisional_years, or set calendar = "weekends".',
        ],
        [
            'plan.toml: calendar: 日历 "china" 中没有 2027 年的放假安排（涉及 31 个排班日）。请在 [[days]] 中逐日写明，或把该年写入 provisional_years，或设 calendar = "weekends"。',
        ],
    ),
    "unclosed list": (
        [
            ('members = { "公安" = 1, "城管" = 1 }', 'members = { "公安" = 1, '),
        ],
        [
            'plan.toml:46: "members = { "公安" = 1," cannot be read as TOML from column 23 on, key = value is expected. Check quotation marks, brackets and commas.',
        ],
        [
            'plan.toml:46: "members = { "公安" = 1," 从第 23 列起不符合 TOML 写法，应为“键 = 值”。请检查引号、括号和逗号。',
        ],
    ),
    "full-width mark": (
        [
            ("max_days = 3", "max_days ＝ 3"),
        ],
        [
            'plan.toml:43: "max_days ＝ 3" has a full-width mark near column 10, plain " = , [ ] are expected. Type the mark again with the input method switched off.',
        ],
        [
            'plan.toml:43: "max_days ＝ 3" 在第 10 列附近有全角符号，应为半角的 " = , [ ]。请切换到英文输入法重新输入该符号。',
        ],
    ),
    "key twice": (
        [
            ("max_days = 3", "max_days = 3\nmax_days = 4"),
        ],
        [
            'plan.toml:44: "max_days = 4" is given twice, each key is expected once. Delete or rename one of them.',
        ],
        [
            'plan.toml:44: "max_days = 4" 写了两次，每个键只应写一次。请删去或改名其中一个。',
        ],
    ),
}


def test_the_plan_itself_is_sound(tmp_path: Path) -> None:
    assert complaints(tmp_path, PLAN, "en") == []


@pytest.mark.parametrize("case", CASES)
def test_the_whole_sentence_is_said_in_both_languages(case: str, tmp_path: Path) -> None:
    changes, english, chinese = CASES[case]
    content = spoiled(*changes)
    assert complaints(tmp_path, content, "en") == english
    assert complaints(tmp_path, content, "zh-CN") == chinese


# One fault of each kind in one plan, in its order: what stands there, what is written instead.
EVERY_KIND = (
    ('competent = ["城管"]', 'competent = ["城管队"]', "unknown-agency"),
    ('kind = "main-road"', 'knd = "main-road"', "unknown-key"),
    ('id = "晚班"\nstart = 17:30:00', 'id = "晚班"\nstart = 09:30:00', "shifts-overlap"),
    ("2010-06-01\nend = 2010-07-30", "2010-07-30\nend = 2010-06-01", "dates-reversed"),
    ("min_days = 2\nmax_days = 3", "min_days = 4\nmax_days = 3", "gap-upside-down"),
    ('"城管" = 3 }', '"城管" = 30 }', "team-above-members"),
    ("leaders = 1", "leaders = -1", "negative"),
    ("duties = 12", 'duties = "十二"', "text-for-number"),
    ("valid_to = 2012-12-31", "valid_to = 2009-12-31", "certificate-expired"),
    ("start = 2010-11-15", 'start = "2010-11-31"', "impossible-date"),
    ('id = "公安02"', 'id = "公安01"', "duplicate-id"),
)


def test_no_fault_hides_another_of_a_different_kind(tmp_path: Path) -> None:
    plan = Path(__file__).parents[2] / "examples" / "bishi" / "plan.toml"
    content = plan.read_text(encoding="utf-8")
    for right, wrong, _ in EVERY_KIND:
        assert right in content
        content = content.replace(right, wrong, 1)
    path = tmp_path / "plan.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError) as raised:
        read(path)
    assert [fault.what for fault in raised.value.faults] == [what for *_, what in EVERY_KIND]
