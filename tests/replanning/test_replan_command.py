"""``replan`` as a leader runs it: how it ends, and what it says then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patrol_scheduler import read_roster
from patrol_scheduler.replanning.agreement_log import AgreementLog, log_to_json
from patrol_scheduler.rules import HoursAtLeast
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import on_leave, town
from tests.replanning.desk import plan, roster_of, said
from tests.strategies import changed

# All but one of the 城管 are away for three days, and each area needs two of them by then.
FIVE_ILL = on_leave(town(), ("CG1", "CG2", "CG3", "CG4", "CG5"), "2010-09-13", "2010-09-15")
HOURS_OF_ONE_ON_LEAVE = changed(
    on_leave(town(), ("CG1",), "2010-09-06", "2010-09-26"),
    rules=(HoursAtLeast(hours=10, officers=("CG1",)),),
)


def asked(desk: Path, plan_: str, new: Path, *more: str) -> list[object]:
    old = desk / "roster" / "roster.json"
    return ["replan", plan_, "--from", old, "--frozen-until", "2010-09-05", "--out", new, *more]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_short_roster_is_written_with_its_gaps_and_the_proof_that_none_is_complete(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    ill, new = plan(tmp_path, "ill", FIVE_ILL), tmp_path / "new"
    status, told = said(capsys, *asked(desk, ill, new), lang=lang)
    assert status == 1
    assert {"en": "Two different methods", "zh-CN": "两种不同的方法"}[lang] in told
    assert {"en": "no roster is less short", "zh-CN": "没有缺口更小的排班"}[lang] in told
    result = read_roster(new / "roster.json").result
    assert (result.status, result.reason) == ("short", "no-complete-roster")
    status, words = said(capsys, *asked(desk, ill, new, "--json"), lang=lang)
    document = json.loads(words[words.index("{") : words.rindex("}") + 1])
    assert (document["status"], document["reason"]) == ("short", "no-complete-roster")
    assert document["least_short"]
    assert document["gaps"]
    for gap in document["gaps"]:
        assert gap in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_no_roster_can_keep_is_said_to_be_impossible_and_nothing_is_written(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    owing, new = plan(tmp_path, "owing", HOURS_OF_ONE_ON_LEAVE), tmp_path / "new"
    status, told = said(capsys, *asked(desk, owing, new), lang=lang)
    assert status == 3
    assert {"en": "Two different methods", "zh-CN": "两种不同的方法"}[lang] in told
    assert not new.exists()
    told = said(capsys, *asked(desk, owing, new, "--json"))[1]
    document = json.loads(told)
    assert (document["status"], document["changes"]) == ("impossible", [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_roster_after_a_swap_is_replanned_with_the_log_and_says_what_is_given_up(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    out, log, new = tmp_path / "out", tmp_path / "log.json", tmp_path / "new"
    given, old = desk / "plan.json", desk / "roster" / "roster.json"
    swap = ["swap", given, old, "CG1", "2010-09-14", "CG3", "--out", out, "--log", log]
    assert said(capsys, *swap)[0] == 0
    ill = plan(tmp_path, "ill", on_leave(town(), ("CG3",), "2010-09-14", "2010-09-14"))
    line = ["replan", ill, "--from", out / "roster.json", "--frozen-until", "2010-09-05"]
    status, told = said(capsys, *line, "--out", new, "--log", log, lang=lang)
    assert status == 0
    assert {"en": "could not stay: 2010-09-14", "zh-CN": "无法保留：2010-09-14"}[lang] in told
    proven = {
        "en": "that keeps as much of what was agreed",
        "zh-CN": "在同样保留已商定换班的前提下",
    }
    assert proven[lang] in told
    day = next(p for p in roster_of(new).patrols if p.id == "2010-09-14.market")
    assert not {"CG1", "CG3"} & {m.officer for m in day.members}
    (tmp_path / "empty.json").write_text(log_to_json(AgreementLog()), encoding="utf-8")
    told = said(capsys, *line, "--out", new, "--log", tmp_path / "empty.json", lang=lang)[1]
    assert {"en": "could not stay", "zh-CN": "无法保留"}[lang] not in told
    assert proven[lang] not in told
