"""Plans in workbooks, from the template to the roster."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from patrol_scheduler.cli import run
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.formats import read


def test_a_workbook_is_written_converted_marked_and_solved_like_any_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_faults_of_a_workbook_are_told_and_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
