"""The commands for changes, as a leader runs them one after the other."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrol_scheduler import read, read_agreements, solve, write
from patrol_scheduler.cli import run
from patrol_scheduler.problem import Area
from patrol_scheduler.replanning.variations import with_officers
from patrol_scheduler.texts import LANGUAGES, text
from patrol_scheduler.validation import faults_of
from tests.explaining.plans import on_leave, town
from tests.replanning.desk import plan, roster_of, said
from tests.strategies import changed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_replan_writes_the_new_roster_and_says_each_change(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    patrol = roster_of(desk / "roster").patrols[4]
    absent, date = patrol.members[0].officer, patrol.date.isoformat()
    ill = plan(tmp_path, "ill", on_leave(town(), (absent,), date, date))
    old, new = str(desk / "roster" / "roster.json"), tmp_path / "new"
    asked = ["replan", ill, "--from", old, "--frozen-until", "2010-09-05", "--out", str(new)]
    assert run([*asked, "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert absent in told
    assert date in told
    column = {text(f"workbook.column.{n}", lang): n for n in ("officer", "reason", "approved")}
    rows = openpyxl.load_workbook(new / "roster.xlsx")[text("workbook.sheet.changes", lang)]
    head, *below = list(rows.iter_rows(min_row=3, values_only=True))
    noted: list[dict[str, Any]] = [
        {column[str(name)]: cell for name, cell in zip(head, row, strict=True) if name in column}
        for row in below
        if row[0]
    ]
    assert len(noted) == 2
    for row in noted:
        assert row["reason"] in told
        assert row["approved"] in (None, "")
    assert run([*asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["status"], document["proven"], document["changed_duties"]) == (
        "complete",
        True,
        2,
    )
    again = str(new / "roster.json")
    page = tmp_path / "diff.html"
    assert run(["diff", ill, old, again, "--html", str(page), "--lang", lang]) == 0
    assert absent in capsys.readouterr().out
    assert "<script" not in page.read_text(encoding="utf-8")
    assert run(["diff", ill, old, again, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed_duties"] == 2


def test_a_substitution_is_carried_out_and_logged_and_an_illegal_one_is_not(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, roster = str(desk / "plan.json"), str(desk / "roster" / "roster.json")
    patrol = roster_of(desk / "roster").patrols[4]
    officer = next(m.officer for m in patrol.members if m.officer.startswith("CG"))
    date, out, log = patrol.date.isoformat(), tmp_path / "out", tmp_path / "log.json"
    assert run(["substitutes", given, roster, officer, date, "--json"]) == 0
    best = json.loads(capsys.readouterr().out)[0]
    assert best["legal"]
    more = ["--out", str(out), "--log", str(log)]
    assert run(["swap", given, roster, officer, date, "GA1", *more]) == 3
    assert not out.exists()
    assert not log.exists()
    why = ["--by", "王", "--why", "孩子发烧"]
    assert run(["swap", given, roster, officer, date, best["officer"], *more, *why]) == 0
    assert json.loads(log.read_text(encoding="utf-8"))["entries"][0]["by"] == "王"
    sheet = openpyxl.load_workbook(out / "roster.xlsx")["变更"]
    noted = [row[4:] for row in sheet.iter_rows(min_row=4, max_row=5, values_only=True)]
    assert sorted(noted) == [("取消", "孩子发烧", "王"), ("新增", "孩子发烧", "王")]
    assert run(["swap", given, roster, officer, date, best["officer"], *more]) == 2
    assert run(["why-not", given, roster, best["officer"], date, patrol.area]) == 0
    assert run(["explain", given, "--roster", roster]) == 0
    assert run(["explain", given, "--roster", roster, "--json"]) == 0


def test_executed_patrols_are_read_and_replanned_from(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, roster = str(desk / "plan.json"), str(desk / "roster" / "roster.json")
    planned = roster_of(desk / "roster").patrols
    rows = [
        f"{p.date},{p.id},{p.area},{'、'.join(m.officer for m in p.members)},占道经营,东门,2"
        for p in planned[:2]
    ]
    records = tmp_path / "records.csv"
    head = "日期,计划编号,片区,人员,类型,地点,数量"
    records.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    until, out = planned[2].date.isoformat(), tmp_path / "went"
    asked = ["executed", given, roster, str(records), "--until", until, "--out", str(out)]
    assert run([*asked, "--json"]) == 1
    assert planned[2].id in json.loads(capsys.readouterr().out)["missed"]
    told = json.loads((out / "statistics.json").read_text(encoding="utf-8"))["actual"]
    due = sum(patrol.date.isoformat() <= until for patrol in planned)
    assert (told["execution"][-1]["planned"], told["execution"][-1]["took_place"]) == (due, 2)
    assert told["findings"][-1]["found"] == 4
    assert told["until"] == until
    assert 'id="chart-execution"' in (out / "report.html").read_text(encoding="utf-8")
    sheets = openpyxl.load_workbook(out / "roster.xlsx")
    assert "计划与实际" in sheets.sheetnames
    old = str(out / "roster.json")
    new = str(tmp_path / "new")
    assert run(["replan", given, "--from", old, "--frozen-until", until, "--out", new]) == 0
    changes = openpyxl.load_workbook(Path(new) / "roster.xlsx")["变更"]
    assert any(row[4] in ("新增", "取消") for row in changes.iter_rows(values_only=True))
    book = tmp_path / "diff.xlsx"
    both = [roster, str(Path(new) / "roster.json")]
    assert run(["diff", given, *both, "--xlsx", str(book)]) == 0
    assert "变更" in openpyxl.load_workbook(book).sheetnames
    capsys.readouterr()
    assert run(["stats", given, roster, "--records", str(records), "--lang", "en"]) in (0, 1, 3)
    said = capsys.readouterr().out
    assert "Found and dealt with" in said
    assert f"judged up to {planned[1].date}" in said  # the last day of the records
    asked = ["stats", given, roster, "--records", str(records), "--until", until, "--json"]
    assert run(asked) in (0, 1, 3)
    told = json.loads(capsys.readouterr().out)["actual"]
    assert told["until"] == until
    assert (told["execution"][-1]["planned"], told["execution"][-1]["took_place"]) == (due, 2)
    assert run([*asked[:-2], "2031-01-01"]) == 2


def test_a_roster_of_another_plan_an_edited_one_and_another_version_are_told(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = desk / "roster" / "roster.json"
    other = plan(tmp_path, "other", changed(town(), name="另一份"))
    assert run(["substitutes", other, str(roster), "CG1", "2010-09-08", "--lang", "en"]) == 2
    assert "made from another plan" in capsys.readouterr().err
    edited = json.loads(roster.read_text(encoding="utf-8"))
    edited["result"]["roster"]["patrols"].pop()
    path = tmp_path / "edited.json"
    path.write_text(json.dumps(edited, ensure_ascii=False), encoding="utf-8")
    date = edited["result"]["roster"]["patrols"][0]
    officer = date["members"][0]["officer"]
    run(["substitutes", str(desk / "plan.json"), str(path), officer, date["date"], "--lang", "en"])
    assert "changed after it was made" in capsys.readouterr().err
    edited["format"] = "patrol-scheduler roster 99"
    path.write_text(json.dumps(edited), encoding="utf-8")
    assert run(["substitutes", str(desk / "plan.json"), str(path), "CG1", "2010-09-08"]) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "command",
    [
        ("explain", "PLAN", "--roster", "ROSTER"),
        ("why-not", "PLAN", "ROSTER", "CG1", "2010-09-08", "market"),
        ("replan", "PLAN", "--from", "ROSTER", "--frozen-until", "2010-09-08", "--out", "OUT"),
        ("substitutes", "PLAN", "ROSTER", "CG1", "2010-09-08"),
        ("swap", "PLAN", "ROSTER", "CG1", "2010-09-08", "CG2", "--out", "OUT", "--log", "LOG"),
        ("executed", "PLAN", "ROSTER", "RECORDS", "--until", "2010-09-08", "--out", "OUT"),
        ("diff", "PLAN", "ROSTER", "ROSTER"),
    ],
    ids=lambda command: command[0],
)
def test_no_command_takes_the_roster_of_another_plan(
    command: tuple[str, ...],
    lang: str,
    desk: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "records.csv").write_text("日期,片区,人员\n", encoding="utf-8")
    files = {
        "PLAN": plan(tmp_path, "other", changed(town(), name="另一份")),
        "ROSTER": str(desk / "roster" / "roster.json"),
        "OUT": str(tmp_path / "out"),
        "LOG": str(tmp_path / "log.json"),
        "RECORDS": str(tmp_path / "records.csv"),
    }
    assert run([*(files.get(word, word) for word in command), "--lang", lang]) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "roster.json" in told
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "log.json").exists()


@pytest.mark.parametrize("agency", ["公安", "交警", "城管"])
def test_an_officer_added_to_the_example_may_enforce_in_every_phase(agency: str) -> None:
    plan = Path(__file__).parents[2] / "examples" / "bishi" / "plan.toml"
    more = with_officers(read(plan), agency)
    assert faults_of(more) == ()
    assert more.officers[-1].agency == agency


def test_what_if_compares_the_goals_and_refuses_what_it_does_not_know(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = str(desk / "plan.json")
    assert run(["what-if", given, "--drop-rule", "fair-share", "--time-limit", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [entry["level"] for entry in document["levels"]] == ["shortage", "fairness", "wishes"]
    assert document["supposed"] == "假设：不适用规则“公平分担（fair-share）”。"
    assert run(["what-if", given, "--add-officer", "gg", "--drop-rule", "x", "--lang", "en"]) == 2
    assert capsys.readouterr().err.count("no agency") == 1
    assert run(["what-if", given]) == 2


@pytest.mark.parametrize(("lang", "name"), [("zh-CN", "驾驶员"), ("en", "Driver")])
def test_what_if_takes_a_rule_by_its_name_and_tells_the_names_there_are(
    desk: Path, capsys: pytest.CaptureFixture[str], lang: str, name: str
) -> None:
    asked = ["what-if", desk / "plan.json", "--time-limit", "1", "--drop-rule"]
    status, told = said(capsys, *asked, "驾驶", lang=lang)
    assert status == 2
    assert "驾驶员" in told  # the nearest
    status, told = said(capsys, *asked, "司机", lang=lang)
    assert status == 2
    assert name in told
    assert "（driver）" in said(capsys, *asked, "驾驶员", lang="zh-CN")[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_replan_frozen_beyond_the_end_says_that_nothing_was_left(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    old = desk / "roster" / "roster.json"
    asked = ["replan", desk / "plan.json", "--from", old, "--out", tmp_path / "new"]
    left, hint = {
        "en": ("complete and legal again", "nothing left to replan"),
        "zh-CN": ("已恢复完整", "没有可重新安排的日子"),
    }[lang]
    for until, none_left in (("2010-10-09", True), ("2010-09-26", True), ("2010-09-25", False)):
        status, told = said(capsys, *asked, "--frozen-until", until, lang=lang)
        assert (status, hint in told, left in told) == (0, none_left, not none_left)


def test_what_if_takes_an_area_by_its_name(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["what-if", str(desk / "plan.json"), "--longest-gap", "9", "--time-limit", "1"]
    assert run([*asked, "--area", "集市", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["levels"]
    assert run([*asked, "--area", "集市场", "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "or a name that only one of them has" in told
    assert '"集市"' in told  # the nearest name, not an id in another script


def test_the_shortage_letter_has_the_form_of_the_office(tmp_path: Path) -> None:
    bad = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")
    letter = tmp_path / "letter.txt"
    given = plan(tmp_path, "bad", changed(bad, issuer="某镇人民政府"))
    assert run(["explain", given, "--time-limit", "60", "--letter", str(letter)]) == 3
    words = letter.read_text(encoding="utf-8")
    assert words.startswith("关于《小镇》巡逻人员缺口的函")
    assert "增派 1 名城管（cg）人员（持执法证）" in words
    assert "\n某镇人民政府\n" in words.split("附件：缺口明细")[1]


def test_a_folder_of_others_is_not_replaced(desk: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.doc").write_text("important", encoding="utf-8")
    old = str(desk / "roster" / "roster.json")
    asked = ["replan", str(desk / "plan.json"), "--from", old, "--frozen-until", "2010-09-05"]
    assert run([*asked, "--out", str(mine)]) == 2
    assert (mine / "letter.doc").read_text(encoding="utf-8") == "important"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_frozen_day_that_breaks_a_rule_is_kept_and_reported(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    patrol = roster_of(desk / "roster").patrols[0]
    absent, date = patrol.members[0].officer, patrol.date.isoformat()
    ill = plan(tmp_path, "ill", on_leave(town(), (absent,), date, date))
    old, new = desk / "roster" / "roster.json", tmp_path / "new"
    asked = ["replan", ill, "--from", old, "--frozen-until", date, "--out", new]
    status, told = said(capsys, *asked, lang=lang)
    assert status == 0
    assert {"en": f"After {date} the roster", "zh-CN": f"{date} 之后的排班"}[lang] in told
    assert told.count(absent) == 2  # the leave in the plan, and the breach
    assert roster_of(new).patrols[0] == patrol


@pytest.mark.parametrize(
    ("lang", "name"), list(zip(LANGUAGES, ("log.csv", "log.json"), strict=True))
)
def test_swaps_that_contradict_the_log_are_refused(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, name: str
) -> None:
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    log, out = tmp_path / name, tmp_path / "out"
    more = ["--out", out, "--log", log]
    first = ["swap", given, old, "CG1", "2010-09-14"]
    assert said(capsys, *first, "CG3", *more)[0] == 0
    before = log.read_bytes()
    status, told = said(capsys, *first, "CG4", "--out", tmp_path / "other", "--log", log, lang=lang)
    assert status == 2
    assert {"en": "roster that was written then", "zh-CN": "当时写出的排班"}[lang] in told
    assert (log.read_bytes(), (tmp_path / "other").exists()) == (before, False)
    back = ["swap", given, out / "roster.json", "CG3", "2010-09-14", "CG1", *more]
    assert said(capsys, *back)[0] == 0
    # What was agreed first stands before what was agreed later, in the form of the file's ending.
    assert [(e.out, e.into) for e in read_agreements(log).entries] == [
        ("CG1", "CG3"),
        ("CG3", "CG1"),
    ]
    assert log.read_bytes().startswith({".csv": b"\xef\xbb\xbfdate,", ".json": b"{"}[log.suffix])
    other = ["--out", tmp_path / "other", "--log", tmp_path / "log.xlsx"]
    status, told = said(capsys, *first, "CG4", *other, lang=lang)
    assert (status, ".csv" in told) == (2, True)
    assert not (tmp_path / "other").exists()


def test_replan_refuses_a_log_that_is_not_there(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = desk / "roster" / "roster.json"
    asked = ["replan", desk / "plan.json", "--from", old, "--frozen-until", "2010-09-06"]
    status, told = said(capsys, *asked, "--out", tmp_path / "new", "--log", tmp_path / "none.json")
    assert status == 2
    assert "none.json" in told
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("substitutes PLAN ROSTER CG10 2010-09-14", 'Did you mean "CG1"?'),
        ("substitutes PLAN ROSTER CG1 2010-09-14 --shift pm", 'no shift "pm"'),
        ("why-not PLAN ROSTER CG1 2010-09-14 markt", 'Did you mean "market"?'),
        ("why-not PLAN ROSTER CG1 2010-09-14 market --shift pm", 'no shift "pm"'),
        ("swap PLAN ROSTER CG1 2010-09-14 CG30 --out OUT", 'no officer "CG30"'),
        ("swap PLAN ROSTER CG1 2010-09-14 CG3 --shift pm --out OUT", 'no shift "pm"'),
        ("executed PLAN ROSTER ROSTER --until 2027-01-01", "not a rostered day"),
        ("what-if PLAN --drop-rule fair-share --area market", "--longest-gap"),
        ("diff PLAN ROSTER .", "directory"),
        ("diff PLAN ROSTER ROSTER --html OUT/none/page.html", "no such folder"),
    ],
)
def test_slips_are_told_with_what_to_do(
    words: str, told: str, desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"PLAN": desk / "plan.json", "ROSTER": desk / "roster" / "roster.json"}
    line = [str(files.get(w, w)).replace("OUT", str(tmp_path / "out")) for w in words.split()]
    status, found = said(capsys, *line)
    assert status == 2
    assert told in found


def test_a_date_that_is_none_is_told_in_the_language(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A spreadsheet keeps 8 September 2010 as 40429.
    for word in ("2010-13-01", "20101301", "40429", "９月"):
        line = ["substitutes", desk / "plan.json", desk / "roster" / "roster.json", "CG1", word]
        assert "不是日期" in said(capsys, *line, lang="zh-CN")[1]
        assert "is not a date such as" in said(capsys, *line)[1]


@pytest.mark.parametrize("option", ["--by", "--why"])
def test_words_that_no_log_can_hold_are_refused_before_anything_is_written(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    given, old, out = desk / "plan.json", desk / "roster" / "roster.json", tmp_path / "new"
    # Bytes that are no UTF-8, as a terminal set to GB18030 sends them, and a page of text.
    for words, why in (("\udcc0\udcee", "\\uDCC0\\uDCEE"), ("因" * 2001, "2000")):
        asked = ["swap", given, old, "CG1", "2010-09-14", "CG3", "--out", out, option, words]
        status, told = said(capsys, *asked)
        assert status == 2
        assert f"{option[2:]}: " in told
        assert why in told
        assert not out.exists()


def test_a_swap_is_not_said_to_be_what_the_rules_ask_for(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    out = tmp_path / "out"
    assert said(capsys, "swap", given, old, "CG1", "2010-09-14", "CG3", "--out", out)[0] == 0
    told = said(capsys, "diff", given, old, out / "roster.json")[1]
    assert "agreed or decided" in told
    assert "fewest changes" not in told


def test_what_is_no_record_sheet_does_not_make_every_patrol_missed(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    wrong = desk / "roster" / "roster.xlsx"
    asked = ["executed", given, old, wrong, "--until", "2010-09-10", "--out", tmp_path / "went"]
    for lang in LANGUAGES:
        status, told = said(capsys, *asked, lang=lang)
        assert status == 2
        assert "patrol-records.xlsx" in told
    assert not (tmp_path / "went").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_record_forms_as_written_are_refused_unless_it_is_said_that_none_took_place(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    given, roster = desk / "plan.json", desk / "roster" / "roster.json"
    until, out = "2010-09-10", tmp_path / "went"
    header_only = tmp_path / "header.csv"
    header_only.write_text("日期,片区,人员\n", encoding="utf-8")
    for records in (desk / "roster" / "patrol-records.xlsx", header_only):
        asked = ["executed", given, roster, records, "--until", until, "--out", out]
        status, told = said(capsys, *asked, lang=lang)
        assert (status, out.exists()) == (2, False)
        assert "--none-took-place" in told
        assert until in told
        assert said(capsys, "stats", given, roster, "--records", records, lang=lang)[0] == 2
    status, told = said(capsys, *asked, "--none-took-place", lang=lang)
    assert status == 1
    due = [p for p in roster_of(desk / "roster").patrols if p.date.isoformat() <= until]
    assert all(patrol.id in told for patrol in due)
    assert min(p.date.isoformat() for p in roster_of(out).patrols) > until


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_filled_in_forms_restart_the_clock_and_bring_missed_patrols_back(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """Of the patrols up to September 11 one took place; the market was patrolled unplanned."""
    named = changed(
        town(), areas=(Area(id="market", name="Market square"), Area(id="road", name="公路"))
    )
    given, folder = plan(tmp_path, "named", named), tmp_path / "made"
    write(named, solve(named, time_limit=10, gap=0.1, workers=1, seed=1), folder, lang=lang)
    planned = roster_of(folder).patrols
    book = openpyxl.load_workbook(folder / "patrol-records.xlsx")
    sheet = book.worksheets[0]
    rows = {sheet.cell(row, 2).value: row for row in range(3, sheet.max_row + 1)}
    first = rows[planned[0].id]
    for column, value in ((4, "08:00"), (6, "rain"), (12, "占道经营"), (13, "East gate"), (14, 3)):
        sheet.cell(first, column).value = value
    extra = ["2010-09-10", None, None, "08:00", "11:00", None, None, "GA1, CG1, CG2"]
    sheet.append([*extra, None, None, "Market square", "占道经营", "East gate", 2, None, 1])
    records = tmp_path / "records.xlsx"
    book.save(records)
    out, until = tmp_path / "went", "2010-09-11"
    asked = ["executed", given, folder / "roster.json", records, "--until", until]
    status, told = said(capsys, *asked, "--out", out, lang=lang)
    assert status == 1
    assert {"en": "was never planned", "zh-CN": "不在"}[lang] in told
    assert ["占道经营", "Market", "square"] in [line.split()[:3] for line in told.splitlines()]
    status, told = said(capsys, *asked, "--json")
    document = json.loads(told[told.index("{") : told.rindex("}") + 1])
    due = [patrol for patrol in planned if patrol.date.isoformat() <= until]
    assert (document["planned"], document["took_place"]) == (len(due), 1)
    assert document["missed"] == [patrol.id for patrol in due[1:]]
    assert document["unplanned"] == ["2010-09-10.market"]
    new = tmp_path / "new"
    line = ["replan", given, "--from", out / "roster.json", "--frozen-until", until, "--out", new]
    assert said(capsys, *line)[0] == 0
    after = roster_of(new).patrol_dates
    gaps = [b - a for a, b in pairwise(d.toordinal() for d in after["market"] if d.day >= 10)]
    assert set(gaps) <= {2, 3}
    assert min(d.day for d in after["road"] if d.day > 11) == 12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_and_areas_may_be_told_by_their_names(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    given = [desk / "plan.json", desk / "roster" / "roster.json"]
    by_id = said(capsys, "substitutes", *given, "CG1", "2010-09-14", lang=lang)
    assert said(capsys, "substitutes", *given, "城1", "2010-09-14", lang=lang) == by_id
    by_id = said(capsys, "why-not", *given, "CG6", "2010-09-14", "market", lang=lang)
    assert said(capsys, "why-not", *given, "城 6", "2010-09-14", "集市", lang=lang) == by_id
    out = tmp_path / "out"
    assert said(capsys, "swap", *given, "城1", "2010-09-14", "城3", "--out", out)[0] == 0
    # A name that two people bear tells neither of them.
    two = [o.model_copy(update={"name": "城1"}) if o.id == "CG2" else o for o in town().officers]
    same = plan(tmp_path, "same", changed(town(), officers=tuple(two)))
    status, told = said(capsys, "substitutes", same, given[1], "城1", "2010-09-14", lang=lang)
    assert status == 2
    assert {"en": "more than one officer", "zh-CN": "不止一人"}[lang] in told
    assert told.count("CG1") >= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_only_supposed_is_told_as_supposed(
    desk: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    patrol = roster_of(old.parent).patrols[4]
    police = patrol.members[0].officer
    supposed = {"en": "the check would say:", "zh-CN": "检查将指出："}[lang]
    _, told = said(capsys, "substitutes", given, old, police, patrol.date, "--all", lang=lang)
    assert supposed in told
    for line in told.splitlines():
        # Whatever the check would find stands below the officer who is supposed.
        assert line.startswith("  ") == ("2010-" in line), line
    outsider = next(
        o.id for o in town().officers if o.id not in {m.officer for m in patrol.members}
    )
    asked = ["why-not", given, old, outsider, patrol.date, patrol.area]
    _, told = said(capsys, *asked, lang=lang)
    assert supposed in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_columns_of_substitutes_say_their_units(
    desk: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    patrol = roster_of(old.parent).patrols[4]
    officer = next(m.officer for m in patrol.members if m.officer.startswith("CG"))
    _, told = said(capsys, "substitutes", given, old, officer, patrol.date, lang=lang)
    assert {"en": "Owes, duties", "zh-CN": "少出勤务（次）"}[lang] in told
    assert {"en": "than a fair share", "zh-CN": "比公平份额"}[lang] in told


@pytest.mark.parametrize(
    "date", ["2010/9/8", "2010-9-8", "2010.9.8", "2010年9月8日", "2010-09-08", "20100908"]
)
def test_a_date_may_be_written_as_in_tables(
    desk: Path, capsys: pytest.CaptureFixture[str], date: str
) -> None:
    asked = ["why-not", desk / "plan.json", desk / "roster" / "roster.json", "GA1", date, "road"]
    assert said(capsys, *asked)[0] == 0


def test_who_has_no_duty_that_day_is_told_the_nearest_ones(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = {d.date for d in roster_of(desk / "roster").duties if d.officer == "GA1"}
    free = next(date for date in town().dates if date not in mine and date.day > 15)
    old = desk / "roster" / "roster.json"
    _, told = said(capsys, "substitutes", desk / "plan.json", old, "GA1", free)
    near = sorted(sorted(mine, key=lambda date: abs((date - free).days))[:2])
    assert all(date.isoformat() in told for date in near)


def test_explain_says_how_long_it_looks_where_nothing_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, told = said(capsys, "explain", "--help")
    assert "up to 120 for a county" in " ".join(told.split())
