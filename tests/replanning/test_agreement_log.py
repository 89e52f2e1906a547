"""The log of agreements: JSON or CSV, as its ending says, read back equal or refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from patrol_scheduler import Agreement, AgreementLog, InvalidInputError, read_agreements
from patrol_scheduler.replanning.agreement_log import ensure_ending, log_for, log_to_json
from tests.explaining.plans import day

TAKEN_OVER = Agreement(
    date=day("2010-09-08"), out="CG1", into="CG2", patrol="2010-09-08.market", by="王主任",
    why="=开会,\n\"下午\"", at=day("2010-09-01"),
)  # fmt: skip
AT_THE_GATE = Agreement(
    date=day("2010-09-10"), out="=CG3", into="CG4", post="gate", shift="day", swap="x"
)
LOG = AgreementLog(entries=(TAKEN_OVER, AT_THE_GATE))


@pytest.mark.parametrize("name", ["log.json", "log.csv", "LOG.CSV"])
def test_a_log_reads_back_equal(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for log in (AgreementLog(), LOG):
        path.write_bytes(log_for(path, log).encode())
        assert read_agreements(path) == log


def test_a_csv_log_is_a_table_that_no_spreadsheet_takes_for_formulas() -> None:
    words = log_for(Path("log.csv"), LOG)
    assert words.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(words.removeprefix("\ufeff"), newline=""))
    assert head[:4] == ["date", "out", "into", "patrol"]
    assert rows[0][:4] == ["2010-09-08", "CG1", "CG2", "2010-09-08.market"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_csv_log_may_have_been_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = "Date,OUT,into,patrol,by,at\r\n2010/9/8,CG1,CG2,2010-09-08.market,王主任,2010/9/1\r\n"
    path.write_bytes((rows + ",,,,,\r\n").encode("gb18030"))
    assert read_agreements(path).entries == (TAKEN_OVER.model_copy(update={"why": ""}),)


def test_a_json_log_under_the_other_ending_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(log_to_json(LOG), encoding="utf-8")
    assert read_agreements(path) == LOG


@pytest.mark.parametrize("name", ["log", "log.xlsx", "log.csv.bak"])
def test_a_log_has_no_other_ending(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"\.json or a \.csv"):
        ensure_ending(Path(name))


@pytest.mark.parametrize(
    ("words", "line", "place", "why"),
    [
        ("date,into\n", 1, "out", "missing"),
        ("date,out,into,note\n", 1, "note", "no column"),
        ("date,out,into,by,by\n", 1, "by", "twice"),
        ("date,out,into\n2010-09-08,CG1,CG2\nsoon,CG1,CG2\n", 3, "date", "soon"),
        ("date,out,into\n2010-09-08,CG1,\n", 2, "into", "tells nothing here"),
        ("date,out,into\n2010-09-08,CG1,CG2,x\n", 2, "", "more cells"),
        ("date,out,into,patrol\n2010-09-08,A,B,p\n\n2010-09-08,A,C,p\n", 4, "into", "earlier"),
    ],
)
def test_faults_of_a_csv_log_are_told_with_their_line(
    words: str, line: int, place: str, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(InvalidInputError) as wrong:
        read_agreements(path)
    assert [(fault.line, fault.place) for fault in wrong.value.faults] == [(line, place)]
    assert why in wrong.value.say("en")


def test_contradicting_agreements_are_refused(tmp_path: Path) -> None:
    entry = Agreement(date=day("2010-09-08"), out="CG1", into="CG2", patrol="2010-09-08.market")
    log = AgreementLog(entries=(entry, entry.model_copy(update={"into": "CG3"})))
    path = tmp_path / "log.json"
    path.write_text(log_to_json(log), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="earlier entry"):
        read_agreements(path)
    back = log.model_copy(update={"entries": (entry, Agreement(
        date=entry.date, out="CG2", into="CG1", patrol=entry.patrol), entry)})  # fmt: skip
    path.write_text(log_to_json(back), encoding="utf-8")
    assert read_agreements(path) == back


@pytest.mark.parametrize("words", ["", "{", "[]", '{"format": "other"}', '{"entries": [{}]}'])
def test_a_damaged_log_is_refused(words: str, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(InvalidInputError):
        read_agreements(path)
