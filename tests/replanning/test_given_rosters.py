"""Rosters that are handed in with a plan: of another plan, another version, or edited by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler import solve, write
from patrol_scheduler.cli import run
from patrol_scheduler.formats.plan_document import problem_to_json
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.variations import without_officer
from patrol_scheduler.texts import LANGUAGES
from tests.explaining.plans import day, on_leave, town
from tests.strategies import changed

COMMANDS = (
    "check PLAN ROSTER",
    "stats PLAN ROSTER",
    "charts PLAN ROSTER --format svg --out OUT",
    "explain PLAN --roster ROSTER",
    "why-not PLAN ROSTER CG1 2010-09-08 market",
    "replan PLAN --from ROSTER --frozen-until 2010-09-05 --out OUT",
    "substitutes PLAN ROSTER CG1 2010-09-14",
    "swap PLAN ROSTER CG1 2010-09-14 CG3 --out OUT --log LOG",
    "executed PLAN ROSTER RECORDS --until 2010-09-08",
    "diff PLAN ROSTER ROSTER",
    "publish ROSTER --plan PLAN --to OUT",
)
"""Every command that takes a plan and a roster made for it."""

CHANGED_PLANS = ("replan", "diff")
"""The commands for changed plans: their rosters may name what the plan no longer has."""

each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda line: line.split()[0])
each_language = pytest.mark.parametrize("lang", LANGUAGES)
each_remark = pytest.mark.parametrize(
    ("command", "lang"),
    [(line, "en") for line in COMMANDS] + [(COMMANDS[0], "zh-CN"), (COMMANDS[5], "zh-CN")],
    ids=lambda word: word.split()[0],
)
"""Every command in one language, one of each kind of command in the other."""
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan and the output folder of its roster."""
    folder = tmp_path_factory.mktemp("desk")
    write(town(), solve(town(), time_limit=10, gap=0.1, workers=1, seed=1), folder / "roster")
    plan(folder, town())
    return folder


@pytest.fixture
def here(desk: Path, tmp_path: Path) -> Path:
    """A copy of the roster's folder that a test may change."""
    for name in ("roster.json", "assignments.csv", "plan.json"):
        (tmp_path / name).write_bytes((desk / "roster" / name).read_bytes())
    (tmp_path / "records.csv").write_text("日期,片区,人员\n2010-09-08,market,GA1\n")
    return tmp_path


def plan(folder: Path, problem: Problem) -> Path:
    path = folder / "plan-now.json"
    path.write_text(problem_to_json(problem), encoding="utf-8")
    return path


def told(
    capsys: Capture, command: str, lang: str, here: Path, given: Path, roster: Path
) -> tuple[int, str, str]:
    """The exit status of a command line and what it said on both streams."""
    files = {
        "PLAN": given,
        "ROSTER": roster,
        "RECORDS": here / "records.csv",
        "OUT": here / "out",
        "LOG": here / "log.json",
    }
    capsys.readouterr()
    status = run([*(str(files.get(word, word)) for word in command.split()), "--lang", lang])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return status, out, err


def edited(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The roster document with something changed by hand."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["result"]["roster"])
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@each_language
@each_command
def test_a_roster_of_another_plan_is_refused(
    command: str, lang: str, desk: Path, here: Path, capsys: Capture
) -> None:
    other = plan(here, changed(town(), name="另一份"))
    status, _, err = told(capsys, command, lang, here, other, here / "roster.json")
    assert status == 2
    assert '"另一份"' in err
    assert '"小镇"' in err
    assert not (here / "out").exists()
    assert not (here / "log.json").exists()


@each_language
@each_command
def test_a_roster_of_other_months_is_refused(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    october = {"start": day("2010-10-04"), "end": day("2010-10-24")}
    phases = (town().phases[0].model_copy(update=october),)
    given = plan(here, changed(town(), phases=phases, **october))
    status, _, err = told(capsys, command, lang, here, given, here / "roster.json")
    assert status == 2
    assert "2010-10-04" in err
    assert not (here / "out").exists()


@each_remark
@pytest.mark.parametrize("name", ["roster.json", "assignments.csv"])
def test_a_roster_of_another_version_is_told_with_what_changed_in_the_plan(
    command: str, lang: str, name: str, here: Path, capsys: Capture
) -> None:
    given = plan(here, on_leave(town(), ("GA3",), "2010-09-21", "2010-09-23"))
    status, out, err = told(capsys, command, lang, here, given, here / name)
    assert status in (0, 1, 3)
    leave = {"en": "Officer GA3, Start 2010-09-21", "zh-CN": "人员 GA3，开始 2010-09-21"}[lang]
    assert leave in (out if command.startswith(CHANGED_PLANS) else err)
    assert "GA3" in out + err


@each_remark
def test_where_the_earlier_version_is_not_there_that_is_told(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    given = plan(here, on_leave(town(), ("GA3",), "2010-09-21", "2010-09-23"))
    (here / "plan.json").unlink()
    _, _, err = told(capsys, command, lang, here, given, here / "roster.json")
    assert {"en": "what changed is not known", "zh-CN": "无法说明方案改了什么"}[lang] in err


@each_remark
def test_who_is_no_longer_in_the_plan_is_refused_save_by_replan_and_diff(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    given = plan(here, without_officer(town(), "CG6"))
    for name in ("roster.json", "assignments.csv"):
        status, out, err = told(capsys, command, lang, here, given, here / name)
        if command.startswith(CHANGED_PLANS):
            assert status in (0, 1)
            assert {"en": "Officers: no longer:", "zh-CN": "人员：不再有："}[lang] in out
        else:
            assert status == 2
            assert '"CG6"' in err


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "officer": lambda roster: roster["patrols"][0]["members"][0].update(officer="GA9"),
    "area": lambda roster: roster["patrols"][0].update(area="docks"),
    "shift": lambda roster: roster["patrols"][0].update(shift="pm"),
    "day": lambda roster: roster["patrols"][0].update(date="2010-12-25"),
    "no-day": lambda roster: roster["patrols"][0].update(date="2010-09-31"),
    "role": lambda roster: roster["patrols"][0]["members"][0].update(role="boss"),
    "id": lambda roster: roster["patrols"][1].update(id=roster["patrols"][0]["id"]),
    "control": lambda roster: roster["patrols"][0].update(id="2010-09-08\x07market"),
    "line": lambda roster: roster["patrols"][0].update(id="a\nATTENDEE:mailto:x@example.org"),
    "long": lambda roster: roster["patrols"][0].update(id="9" * 1000),
    "nameless": lambda roster: roster["patrols"][0].update(id=""),
    "nothing": lambda roster: roster.pop("patrols") and roster.update(patrols=None),
}


@each_language
@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[5]], ids=["check", "replan"])
@pytest.mark.parametrize("slip", EDITS)
def test_a_slip_of_an_editor_is_refused_in_its_place(
    command: str, lang: str, slip: str, here: Path, capsys: Capture
) -> None:
    roster = edited(here / "roster.json", EDITS[slip])
    status, _, err = told(capsys, command, lang, here, plan(here, town()), roster)
    assert status == 2
    assert "result.roster.patrols" in err
    assert not (here / "out").exists()


def two_change_places(roster: dict[str, Any]) -> None:
    """Officers of one agency take each other's place: nothing is broken, no cost is changed."""
    first, other = roster["patrols"][0]["members"], roster["patrols"][1]["members"]
    first[1], other[1] = other[1], first[1]


@each_remark
def test_an_edited_roster_is_taken_and_told(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    roster = edited(here / "roster.json", two_change_places)
    status, _, err = told(capsys, command, lang, here, plan(here, town()), roster)
    assert status in (0, 1)
    assert {"en": "was changed after it was made", "zh-CN": "生成后被改动过"}[lang] in err


@each_remark
def test_an_edited_table_is_taken_and_told(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    table = here / "assignments.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    mine = next(n for n, line in enumerate(lines) if ",GA" in line)
    lines[mine] = lines[mine].replace("GA1", "GA0").replace("GA2", "GA1").replace("GA0", "GA2")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, _, err = told(capsys, command, lang, here, plan(here, town()), table)
    assert status in (0, 1, 3)
    assert {"en": "2 duties differ", "zh-CN": "相差 2 人次"}[lang] in err


@each_command
@pytest.mark.parametrize("name", ["roster.json", "assignments.csv"])
def test_nothing_is_remarked_on_a_roster_as_it_was_made(
    command: str, name: str, here: Path, capsys: Capture
) -> None:
    status, _, err = told(capsys, command, "en", here, plan(here, town()), here / name)
    assert status in (0, 1)
    assert not any("roster was" in line or "table was" in line for line in err.splitlines())


@each_language
@each_command
def test_a_document_of_another_format_is_refused(
    command: str, lang: str, here: Path, capsys: Capture
) -> None:
    path = here / "roster.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"format": "patrol-scheduler roster 99"}))
    status, _, err = told(capsys, command, lang, here, plan(here, town()), path)
    assert status == 2
    assert '"patrol-scheduler roster 1"' in err


@pytest.mark.parametrize("command", [COMMANDS[7], COMMANDS[8] + " --out OUT"])
@pytest.mark.parametrize("there", [True, False], ids=["earlier plan there", "earlier plan lost"])
def test_a_roster_of_an_earlier_version_stays_one_until_it_is_replanned(
    command: str, there: bool, here: Path, capsys: Capture
) -> None:
    ill = plan(here, on_leave(town(), ("GA1",), "2010-09-17", "2010-09-17"))
    if not there:
        (here / "plan.json").unlink()
    assert told(capsys, command, "en", here, ill, here / "roster.json")[0] in (0, 1)
    after = here / "out" / "roster.json"
    again = "replan PLAN --from ROSTER --frozen-until 2010-09-08 --out AGAIN"
    _, out, err = told(capsys, again.replace("AGAIN", str(here / "new")), "en", here, ill, after)
    if there:
        assert "Officer GA1, Start 2010-09-17" in out
    else:
        assert "what changed is not known" in err
    # The new one is of the plan as it is now.
    _, _, err = told(capsys, COMMANDS[0], "en", here, ill, here / "new" / "roster.json")
    assert "another version" not in err
