"""The command: what it says, where it says it, and with which status it ends."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrol_scheduler import LevelResult, Member, Patrol, Progress, Result, Roster, solver, write
from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.progress import Bar, Lines
from patrol_scheduler.cli.terminal import table
from patrol_scheduler.formats import read
from patrol_scheduler.roster import patrol_id
from patrol_scheduler.texts import LANGUAGES, catalogue

PLAN = """\
format = "patrol-scheduler plan 1"
name = "试排方案"
start = 2010-08-02
end = 2010-08-07
calendar = "weekends"
agencies = [{ id = "城管" }]
officers = [{ id = "甲", agency = "城管" }, { id = "乙", agency = "城管", name = "NAME" }]
areas = [{ id = "街" }]
shifts = [{ id = "早", start = 07:30:00, end = 10:30:00 }]
phases = [{ id = "常规", start = 2010-08-02, end = 2010-08-06 }]
cadences = [{ min_days = 2, max_days = 3 }]
teams = [{ members = { "城管" = 1 } }]
"""
MONDAY = dt.date(2010, 8, 2)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Five days from Monday, one area every 2-3 days, two officers; Saturday is in no phase."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def roster(*duties: tuple[int, str]) -> Roster:
    """Patrols of the street by (day, officer)."""
    return Roster(
        patrols=tuple(
            Patrol(
                id=patrol_id(MONDAY + dt.timedelta(day), "街"),
                date=MONDAY + dt.timedelta(day),
                area="街",
                shift="早",
                members=(Member(officer=officer),),
            )
            for day, officer in duties
        )
    )


COMPLETE = roster((1, "甲"), (3, "乙"))
OVERDUE = roster((3, "乙"))
TOO_SOON = roster((1, "甲"), (2, "乙"), (4, "甲"))


def result(status: Any, of: Roster | None, reason: str = "complete") -> Result:
    level = LevelResult(level="fairness", cost=20, bound=19, reason="linear-relaxation")
    return Result(status=status, roster=of, levels=(level,), reason=reason, seed=7, workers=1)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Result]) -> list[dict]:
    """Put ``answer`` in the place of the solver; gives the options of every call."""
    calls: list[dict] = []

    def solve(_problem: object, **options: Any) -> Result:
        calls.append(options)
        return answer(**options)

    monkeypatch.setattr("patrol_scheduler.solver.solve", solve, raising=False)
    return calls


def assignments(plan: Path, of: Roster) -> Path:
    """The roster as the table that solve writes."""
    folder = plan.parent / "written"
    write(read(plan), result("feasible", of), folder)
    return folder / "assignments.csv"


@pytest.fixture(autouse=True)
def _default_language(monkeypatch):
    monkeypatch.delenv("PATROL_SCHEDULER_LANG", raising=False)


def in_new_process(*arguments: str, code: str = "", **more: Any) -> subprocess.CompletedProcess:
    """Run the command in an interpreter of its own, after ``code``."""
    command = f"{code}\nfrom patrol_scheduler.cli import main\nmain()"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", command, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        **more,
    )


# Help


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "排班并写出"), ("en", "Make a roster")])
def test_help_is_in_the_chosen_language(lang, word, capsys, monkeypatch):
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", lang)
    assert run(["--help"]) == 0
    assert word in capsys.readouterr().out


@pytest.mark.parametrize("command", ["init", "validate", "solve", "check", "stats"])
def test_every_command_has_help_in_both_languages(command, capsys):
    for lang in LANGUAGES:
        assert run([command, "--lang", lang, "--help"]) == 0
        assert catalogue(lang)[f"cli.help.{command}"][:20] in capsys.readouterr().out


def test_help_says_every_exit_status():
    for lang in LANGUAGES:
        said = catalogue(lang)["cli.help.exits"]
        assert [int(n) for n in re.findall(r"\d+", said)] == sorted(Exit)


def test_help_loads_no_library_that_it_does_not_need():
    code = (
        "import atexit, sys\n"
        "heavy = 'pydantic numpy pandas ortools highspy rich icalendar jinja2'.split()\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules], file=sys.stderr))"
    )
    ended = in_new_process("--help", code=code)
    assert ended.returncode == 0
    assert ended.stderr.decode().strip() == "[]"


def test_lang_on_the_command_line_wins_over_the_environment(plan, capsys, monkeypatch):
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "en")
    run(["validate", str(plan), "--lang", "zh-CN"])
    assert "方案有效" in capsys.readouterr().out
    run(["--lang", "zh-CN", "validate", str(plan)])
    assert "方案有效" in capsys.readouterr().out
    run(["validate", str(plan)])
    assert "The plan is valid" in capsys.readouterr().out


def test_an_unknown_language_in_the_environment_is_told(plan, capsys, monkeypatch):
    monkeypatch.setenv("PATROL_SCHEDULER_LANG", "en_US")
    assert run(["validate", str(plan)]) == Exit.INVALID
    assert "en_US" in capsys.readouterr().err


def test_every_reason_that_the_solver_gives_has_its_text():
    """Reasons are the words in the calls that make bounds and outcomes."""
    reasons = set()
    for module in Path(solver.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Bound", "_Outcome"):
                words = [ast.walk(part) for part in node.args]
                reasons |= {
                    word.value
                    for part in words
                    for word in part
                    if isinstance(word, ast.Constant) and isinstance(word.value, str)
                }
    assert {"complete", "time", "linear-relaxation"} <= reasons
    for lang in LANGUAGES:
        assert {f"result.{reason}" for reason in reasons} <= set(catalogue(lang))


# init and validate


@pytest.mark.parametrize("lang", LANGUAGES)
def test_init_writes_a_plan_that_is_valid(lang, tmp_path, capsys):
    path = tmp_path / "new.toml"
    assert run(["init", str(path), "--lang", lang]) == 0
    assert str(path) in capsys.readouterr().out
    assert run(["validate", str(path), "--lang", lang]) == 0


def test_init_never_overwrites(tmp_path, capsys):
    path = tmp_path / "plan.toml"
    path.write_text("mine")
    assert run(["init", str(path)]) == Exit.INVALID
    assert path.read_text() == "mine"
    assert str(path) in capsys.readouterr().err


def test_init_says_why_it_cannot_write(tmp_path, capsys):
    assert run(["init", str(tmp_path / "missing" / "plan.toml"), "--lang", "en"]) == Exit.INVALID
    assert "there is no such folder" in capsys.readouterr().err


def test_validate_tells_what_is_in_the_plan_and_what_is_odd(plan, capsys):
    assert run(["validate", str(plan), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "officers: 2" in said.out
    assert "2010-08-07" in said.out
    assert said.err == ""


@pytest.mark.parametrize("command", [["validate"], ["solve", "--out", "out"]])
def test_all_faults_are_told_at_once_on_standard_error(command, plan, capsys, monkeypatch):
    monkeypatch.chdir(plan.parent)
    plan.write_text(PLAN.replace('id = "甲"', 'id = "乙"').replace("min_days = 2", "min_days = -2"))
    assert run([*command, str(plan), "--lang", "en"]) == Exit.INVALID
    said = capsys.readouterr()
    assert said.out == ""
    assert "min_days" in said.err
    assert "officers[1]" in said.err
    assert not (plan.parent / "out").exists()


def test_of_many_faults_two_hundred_are_told_and_the_rest_counted(plan, capsys):
    requests = "\n".join(
        f'[[requests]]\nofficer = "x{n}"\nstart = 2010-08-02\nend = 2010-08-02\nwant = "on"'
        for n in range(205)
    )
    plan.write_text(PLAN + requests)
    assert run(["validate", str(plan), "--lang", "en"]) == Exit.INVALID
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 202
    assert lines[-1] == "... and 5 more."


def test_a_plan_that_does_not_exist_is_invalid_input(tmp_path, capsys):
    assert run(["validate", str(tmp_path / "none.toml")]) == Exit.INVALID
    assert "none.toml" in capsys.readouterr().err


# solve


@pytest.mark.parametrize(
    ("status", "of", "code"),
    [
        ("optimal", COMPLETE, 0),
        ("feasible", COMPLETE, 0),
        ("short", OVERDUE, 1),
        ("impossible", None, 3),
        ("unknown", None, 4),
    ],
)
def test_the_status_of_a_result_is_the_status_of_the_process(
    status, of, code, plan, tmp_path, capsys, monkeypatch
):
    answering(monkeypatch, lambda **_: result(status, of))
    out = tmp_path / "out"
    assert run(["solve", str(plan), "--out", str(out), "--lang", "en"]) == code
    said = capsys.readouterr().out
    assert catalogue("en")[f"result.status.{status}"] in said
    assert (out / "roster.json").exists() == (of is not None)
    assert str(out) in said


def test_the_summary_tells_costs_counts_and_shortages(plan, tmp_path, capsys, monkeypatch):
    answering(monkeypatch, lambda **_: result("short", OVERDUE))
    run(["solve", str(plan), "--out", str(tmp_path / "out"), "--lang", "en"])
    said = capsys.readouterr().out
    assert re.search(r"Fairness and effort +20 +19 +5\.00%", said)
    assert "Patrols: 1, duties: 1" in said
    assert "Short in 1 places" in said
    assert "(seed 7, workers 1)" in said


def test_quiet_says_nothing(plan, tmp_path, capsys, monkeypatch):
    answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    assert (tmp_path / "out" / "roster.json").exists()


def test_options_reach_the_solver(plan, tmp_path, monkeypatch):
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    options = ["--time-limit=2.5", "--gap=0", "--seed=3", "--workers=2", "--tolerance=0.1", "-q"]
    run(["solve", str(plan), "--out", str(tmp_path / "out"), *options])
    known = {k: v for k, v in calls[0].items() if k not in ("on_progress", "stop")}
    assert known == {"time_limit": 2.5, "gap": 0.0, "seed": 3, "workers": 2, "tolerance": 0.1}


@pytest.mark.parametrize(
    "option",
    [
        "--time-limit=0",
        "--time-limit=nan",
        "--time-limit=inf",
        "--gap=-0.1",
        "--gap=x",
        "--tolerance=-0.1",
        "--tolerance=1.5",
        "--seed=-1",
        "--workers=0",
        "--lang=fr",
        "--nonsense",
    ],
)
def test_bad_options_end_with_two_before_anything_is_done(
    option, plan, tmp_path, capsys, monkeypatch
):
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), option]) == Exit.INVALID
    assert option.split("=")[0] in capsys.readouterr().err
    assert calls == []


def test_a_folder_with_other_files_is_refused_before_the_search(
    plan, tmp_path, capsys, monkeypatch
):
    calls = answering(monkeypatch, lambda **_: result("feasible", COMPLETE))
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("keep me")
    assert run(["solve", str(plan), "--out", str(out)]) == Exit.INVALID
    assert str(out) in capsys.readouterr().err
    assert (out / "letter.txt").read_text() == "keep me"
    assert calls == []


def test_a_folder_lost_during_the_search_is_told(plan, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out"

    def answer(**_: Any) -> Result:
        out.write_text("somebody else was here first")
        return result("feasible", COMPLETE)

    answering(monkeypatch, answer)
    assert run(["solve", str(plan), "--out", str(out), "--lang", "en"]) == Exit.INVALID
    assert str(out) in capsys.readouterr().err


def test_the_first_interrupt_keeps_the_best_so_far(plan, tmp_path, capsys, monkeypatch):
    def answer(stop: Callable[[], bool], **_: Any) -> Result:
        os.kill(os.getpid(), signal.SIGINT)
        while not stop():
            pass
        return result("feasible", COMPLETE, "complete")

    answering(monkeypatch, answer)
    before = signal.getsignal(signal.SIGINT)
    assert run(["solve", str(plan), "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert (tmp_path / "out" / "roster.json").exists()
    said = capsys.readouterr()
    assert catalogue("en")["cli.stopping"] in said.err
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_interrupt_aborts_and_writes_nothing(plan, tmp_path):
    code = """
import os, signal, patrol_scheduler.solver
def solve(problem, *, stop, **options):
    os.kill(os.getpid(), signal.SIGINT)
    while not stop():
        pass
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass
patrol_scheduler.solver.solve = solve
"""
    ended = in_new_process("solve", str(plan), "--out", str(tmp_path / "out"), code=code)
    assert ended.returncode == Exit.ABORTED
    assert not (tmp_path / "out").exists()
    assert "已中止" in ended.stderr.decode()


def test_a_fault_of_the_program_is_short_and_its_trace_is_for_those_who_ask(
    plan, tmp_path, capsys, monkeypatch
):
    def answer(**_: Any) -> Result:
        raise RuntimeError("the solver fell over")

    answering(monkeypatch, answer)
    command = ["solve", str(plan), "--out", str(tmp_path / "out"), "-q"]
    assert run(command) == Exit.UNEXPECTED
    said = capsys.readouterr().err
    assert "the solver fell over" in said
    assert "Traceback" not in said
    assert run([*command, "--debug"]) == Exit.UNEXPECTED
    assert "Traceback" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# Progress


def test_without_a_terminal_a_stage_is_one_line_and_then_one_every_ten_seconds(capsys):
    lines = Lines("en")
    lines.show(0.0, None)
    for tenth in range(250):
        seconds = tenth / 10
        stage: Any = "roster" if seconds < 2 else "fairness"
        lines.show(seconds, Progress(seconds, stage, 120.0, 100.0, 1 / 6))
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == ["0 s", "2 s", "12 s", "22 s"]
    assert said[1] == "2 s: fairness, best 120, bound 100, gap 16.67%"


def test_on_a_terminal_a_bar_shows_seconds_stage_best_bound_and_gap(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with Bar("en", 60) as bar:
        bar.show(0.1, None)
        bar.show(31.4, Progress(31.4, "wishes", 12.5, 10, 0.2))
    assert "31 s · wishes · best 12.5 · bound 10 · gap 20.00%" in screen.getvalue()


# check and stats


@pytest.mark.parametrize(
    ("of", "code", "word"),
    [(COMPLETE, 0, "is complete"), (OVERDUE, 1, "short in 1"), (TOO_SOON, 3, "in 1 places")],
)
def test_check_says_every_violation_and_every_cost(of, code, word, plan, capsys):
    path = assignments(plan, of)
    assert run(["check", str(plan), str(path), "--lang", "en"]) == code
    said = capsys.readouterr().out
    assert word in said.splitlines()[0]
    assert run(["check", str(plan), str(path), "--lang", "en", "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == "patrol-scheduler check 1"
    assert document["complete"] is (code == 0)
    assert len(document["findings"]) > 0
    for finding in document["findings"]:
        assert finding["text"] in said
    assert list(document["cost"]) == ["shortage", "fairness", "wishes"]
    for level, cost in document["cost"].items():
        costs = [f["cost"] for f in document["findings"] if f["level"] == level]
        assert cost == pytest.approx(sum(costs))


def test_check_reads_both_forms_of_a_roster(plan, capsys):
    table_path = assignments(plan, OVERDUE)
    said = []
    for path in (table_path, table_path.with_name("roster.json")):
        assert run(["check", str(plan), str(path)]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_check_refuses_a_roster_that_names_strangers(plan, capsys):
    path = assignments(plan, COMPLETE)
    path.write_text(path.read_text(encoding="utf-8").replace("甲", "丙"), encoding="utf-8")
    assert run(["check", str(plan), str(path)]) == Exit.INVALID
    assert "丙" in capsys.readouterr().err


def test_stats_are_the_statistics_that_solve_writes(plan, capsys):
    path = assignments(plan, COMPLETE)
    assert run(["stats", str(plan), str(path), "--json"]) == 0
    written = path.with_name("statistics.json").read_text(encoding="utf-8")
    told = json.loads(capsys.readouterr().out)
    # How a roster was found is not known of a table of assignments.
    assert told["solver"] is None
    assert told == json.loads(written) | {"solver": None}


def test_stats_are_readable_tables_with_shares_as_percentages(plan, capsys):
    path = assignments(plan, COMPLETE)
    assert run(["stats", str(plan), str(path), "--lang", "en"]) == 0
    headline, *tables = capsys.readouterr().out.split("\n\n")
    assert "2 patrols" in headline
    cadence, strength, fairness = (page.splitlines() for page in tables)
    assert strength[2].split()[1:4] == ["2", "100.0%", "100.0%"]
    assert "100.0%" in cadence[2]
    # No row over all agencies: each shares its own duties.
    assert not [line for line in fairness if " All " in line]


# Strangers' names and odd terminals


def test_names_can_neither_move_the_cursor_nor_forge_a_line(plan, capsys):
    name = r"x\r\nThe roster is complete\t[bold]y"
    plan.write_text(PLAN.replace("NAME", name), encoding="utf-8")
    run(["check", str(plan), str(assignments(plan, OVERDUE)), "--lang", "en"])
    said = capsys.readouterr().out
    assert "[bold]y" in said
    assert not [line for line in said.splitlines() if line.startswith("The roster is complete")]
    assert "\r" not in said


def test_a_plan_can_not_say_more_than_its_name(plan, capsys):
    plan.write_text(PLAN.replace("试排方案", r"x\nNotice: all is well"), encoding="utf-8")
    run(["validate", str(plan), "--lang", "en"])
    assert "Notice: all is well" not in capsys.readouterr().out.splitlines()


def test_a_table_keeps_every_cell_whole_and_plain():
    lines = list(table(["片区", "n"], [["[red]街[/red]\x1b[2J", 5], ["长" * 90, 12]]))
    assert lines[1].startswith(r"[red]街[/red]\u001B[2J")
    assert lines[2].startswith("长" * 90)
    assert lines[0].endswith(" n")


def test_a_reader_who_goes_away_is_no_fault(plan):
    path = assignments(plan, COMPLETE)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = subprocess.run(  # noqa: S603
            [
                sys.executable,
                "-c",
                "from patrol_scheduler.cli import main; main()",
                "check",
                str(plan),
                str(path),
            ],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ended.stderr == b""
    assert ended.returncode == Exit.COMPLETE


def test_a_terminal_without_chinese_gets_escapes(plan):
    ended = in_new_process(
        "validate", str(plan), env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert ended.returncode == 0
    assert rb"\u65b9\u6848\u6709\u6548" in ended.stdout
    assert ended.stderr == b""


# Workbooks


def test_a_workbook_is_written_converted_marked_and_solved_like_any_plan(tmp_path, capsys):
    book, csvs, toml = tmp_path / "plan.xlsx", tmp_path / "tables", tmp_path / "plan.toml"
    assert run(["init", str(book), "--lang", "en"]) == 0
    assert run(["init", str(book)]) == Exit.INVALID  # what exists is left alone
    assert run(["convert", str(book), str(csvs)]) == 0
    assert run(["convert", str(csvs), str(toml)]) == 0
    assert read(toml) == read(book)
    assert run(["convert", str(book), str(tmp_path / "plan.docx")]) == Exit.INVALID
    assert run(["convert", str(book), str(toml)]) == Exit.INVALID
    ours = csvs / "ours.csv"
    ours.write_text("kept by hand", encoding="utf-8")
    assert run(["convert", str(book), str(csvs)]) == Exit.INVALID
    assert ours.read_text(encoding="utf-8") == "kept by hand"
    capsys.readouterr()
    assert run(["validate", str(book), "--lang", "en"]) == 0
    assert "Mended" not in capsys.readouterr().err


def test_faults_of_a_workbook_are_told_and_marked(tmp_path, capsys):
    book, copy = tmp_path / "plan.xlsx", tmp_path / "marked.xlsx"
    run(["init", str(book)])
    sheet = openpyxl.load_workbook(book)
    staff = sheet["4 人员"]
    staff["A2"].value, staff["B3"].value = "Ｘ０１", "公按"
    sheet.save(book)
    capsys.readouterr()
    assert run(["validate", str(book), "--mark", str(copy), "--lang", "en"]) == Exit.INVALID
    said = capsys.readouterr()
    assert "4 人员!B3" in said.err
    assert "Mended" in said.err
    assert openpyxl.load_workbook(copy)["4 人员"]["B3"].comment is not None
    again, out = tmp_path / "again.xlsx", tmp_path / "out"
    assert run(["solve", str(book), "--out", str(out), "--mark", str(again)]) == Exit.INVALID
    assert openpyxl.load_workbook(again)["4 人员"]["B3"].comment is not None
    assert not out.exists()
    toml = tmp_path / "plan.toml"
    run(["init", str(toml)])
    assert run(["validate", str(toml), "--mark", str(tmp_path / "c.xlsx")]) == Exit.INVALID


def test_charts_are_written_for_other_documents(plan, tmp_path):
    path = assignments(plan, COMPLETE)
    out = tmp_path / "svg"
    asked = ["charts", str(plan), str(path), "--out", str(out), "--format", "svg", "--lang", "en"]
    assert run(asked) == Exit.COMPLETE
    assert {p.stem for p in out.glob("*.svg")} >= {"areas", "officers", "fairness"}
    assert run([*asked, "--format", "png"]) in (Exit.COMPLETE, Exit.INVALID)


def test_stats_tell_what_took_place(plan, capsys):
    path = assignments(plan, COMPLETE)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = lines[1].rsplit(",", 1)[1]
    actual = plan.with_name("actual.csv")
    rest = [line for line in lines[1:] if line.rsplit(",", 1)[1] != first]
    actual.write_text("".join([lines[0], *rest]), encoding="utf-8")
    run(["stats", str(plan), str(path), "--actual", str(actual), "--json"])
    done = json.loads(capsys.readouterr().out)["actual"]["execution"][-1]
    assert (done["planned"], done["took_place"]) == (2, 1)
    run(["stats", str(plan), str(path), "--actual", str(actual), "--lang", "en"])
    assert "Plan against actual" in capsys.readouterr().out
