"""Archives that strangers send: refused or neutralised, fast and with a sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import look_through, read, written
from patrol_scheduler.formats import workbook_archive as archive
from patrol_scheduler.texts import LANGUAGES

from .test_tables import replaced_part, small


def content() -> bytes:
    made = written(small(), "xlsx", "zh-CN")
    assert isinstance(made, bytes)
    return made


def with_part(name: str, part: bytes) -> bytes:
    target = io.BytesIO(content())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, part)
    return target.getvalue()


def refused(tmp_path: Path, made: bytes, name: str = "plan.xlsx") -> str:
    path = tmp_path / name
    path.write_bytes(made)
    with pytest.raises(InvalidInputError) as error:
        read(path)
    for lang in LANGUAGES:
        assert error.value.say(lang).startswith(str(path))
    return error.value.faults[0].what


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = with_part("xl/media/image1.png", b"\0" * (archive.LARGEST_PART + 1))
    assert len(bomb) < 200_000
    assert refused(tmp_path, bomb) == "tables.workbook-bomb"


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    target = io.BytesIO(content())
    with zipfile.ZipFile(target, "a") as book:
        for n in range(archive.MOST_PARTS):
            book.writestr(f"xl/media/{n}.png", b"")
    assert refused(tmp_path, target.getvalue()) == "tables.workbook-bomb"


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/VBAproject.BIN"])
def test_macros_are_refused(tmp_path: Path, part: str) -> None:
    assert refused(tmp_path, with_part(part, b"x")) == "tables.workbook-macros"


@pytest.mark.parametrize("kind", ["sheet.macroEnabled.main", "vbaProject", "macrosheet"])
def test_macros_are_refused_whatever_their_parts_are_called(tmp_path: Path, kind: str) -> None:
    part = f'<Override PartName="/xl/x.bin" ContentType="application/vnd.ms-{kind}+xml"/></Types>'
    made = replaced_part(
        content(),
        lambda name, old: (
            old.replace(b"</Types>", part.encode()) if name == "[Content_Types].xml" else old
        ),
    )
    assert refused(tmp_path, made) == "tables.workbook-macros"


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    made = replaced_part(
        content(),
        lambda name, part: (
            part.replace(b"<workbook", laughs + b"<workbook", 1)
            if name == "xl/workbook.xml"
            else part
        ),
    )
    assert refused(tmp_path, made) == "tables.workbook-entities"


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "tables.workbook-old"),
        (b"PK\x03\x04 but no archive", "tables.workbook-damaged"),
        (b"name,id\n", "tables.workbook-damaged"),
    ],
)
def test_what_is_no_workbook_is_told_so(tmp_path: Path, made: bytes, what: str) -> None:
    assert refused(tmp_path, made) == what


def test_a_workbook_cut_short_is_damaged(tmp_path: Path) -> None:
    whole = content()
    assert refused(tmp_path, whole[: len(whole) // 2]) == "tables.workbook-damaged"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml"])
def test_broken_parts_are_damaged(tmp_path: Path, part: str) -> None:
    made = replaced_part(content(), lambda name, old: old[: len(old) // 2] if name == part else old)
    assert refused(tmp_path, made) == "tables.workbook-damaged"


def test_links_to_other_files_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"))
    found = look_through(path)
    assert found.problem == small()
    assert "tables.repair-links" in {repair.what for repair in found.repairs}


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    styled = b'<row r="%d" s="1"><c r="A%d" s="1"/></row>'
    empty = b"".join(styled % (n, n) for n in range(400, 200_400))
    empty += b'<row r="1048576"/>' * 800_000
    made = replaced_part(
        content(),
        lambda name, part: (
            part.replace(b"</sheetData>", empty + b"</sheetData>")
            if name.endswith("sheet5.xml")
            else part
        ),
    )
    deflated = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as old,
        zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(deflated.getvalue())
    assert look_through(path).problem == small()


def test_too_many_rows_with_values_are_refused(tmp_path: Path) -> None:
    row = b'<row r="%d"><c r="A%d" t="n"><v>1</v></c></row>'
    rows = b"".join(row % (n, n) for n in range(400, 400 + archive.MANY_ROWS + 1))
    made = replaced_part(
        content(),
        lambda name, part: (
            part.replace(b"</sheetData>", rows + b"</sheetData>")
            if name.endswith("sheet5.xml")
            else part
        ),
    )
    assert refused(tmp_path, made) == "tables.workbook-rows"


def test_a_lone_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content()))
    sheet = book["4 人员"]
    assert isinstance(sheet, Worksheet)
    sheet.cell(1_048_576, 16_384).value = None
    sheet["XFD1048576"].number_format = "0"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    assert look_through(path).problem == small()


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"no \.csv file"):
        read(tmp_path)
