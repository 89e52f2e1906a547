"""Every slip of a spreadsheet that is mended, and every one that must not be guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import CellError

AUGUST = (dt.date(2010, 5, 1), dt.date(2010, 12, 31))
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"])
    | st.sampled_from("\n\t\"'=+-@、，；公安０１ 　_x00D_\ufeff"),
    max_size=12,
)
IDS = TEXTS.filter(
    lambda text: text and text == text.strip() and not any(char in text for char in "\n\r\t")
)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2010-08-01", dt.date(2010, 8, 1)),
        ("2010.8.1", dt.date(2010, 8, 1)),
        ("2010/8/1", dt.date(2010, 8, 1)),
        ("２０１０．８．１", dt.date(2010, 8, 1)),
        ("2010年8月1日", dt.date(2010, 8, 1)),
        ("8月1日", dt.date(2010, 8, 1)),
        ("8/1", dt.date(2010, 8, 1)),
        (40391, dt.date(2010, 8, 1)),
        ("40391", dt.date(2010, 8, 1)),
        (dt.datetime(2010, 8, 1), dt.date(2010, 8, 1)),
    ],
)
def test_dates_in_all_the_ways_people_write_them(written: cells.Cell, date: dt.date) -> None:
    read = cells.read_date(written, AUGUST)
    assert read.value == date
    plain = isinstance(written, dt.datetime) or written == "2010-08-01"
    assert bool(read.repairs) is not plain


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("下周", "not-a-date"),
        ("2010-02-30", "impossible-date"),
        ("3/1", "cell-year-unclear"),
        (3.5, "not-a-date"),
        (7, "not-a-date"),
        (True, "not-a-date"),
        (dt.datetime(2010, 8, 1, 9), "date-with-time"),
        ("", "not-a-date"),
    ],
)
def test_what_is_no_certain_date_is_refused(written: cells.Cell, what: str) -> None:
    with pytest.raises(CellError) as wrong:
        cells.read_date(written, AUGUST)
    assert wrong.value.what == what


def test_a_day_that_lies_in_two_years_of_the_plan_is_not_guessed() -> None:
    with pytest.raises(CellError):
        cells.read_date("8月1日", (dt.date(2010, 1, 1), dt.date(2011, 12, 31)))


@pytest.mark.parametrize(
    ("written", "clock"),
    [("１２：００", "12:00"), ("7:30", "07:30"), ("7点30分", "07:30"), ("8时", "08:00"),
     (0.3125, "07:30"), (dt.time(7, 30), "07:30"), ("24:00", "24:00"), (1, "24:00")],
)  # fmt: skip
def test_times_of_day(written: cells.Cell, clock: str) -> None:
    assert cells.read_clock(written).value == clock


@pytest.mark.parametrize("written", ["25:00", "7:75", "早上", "24:30", 7.5, dt.time(7, 30, 5)])
def test_what_is_no_time_is_refused(written: cells.Cell) -> None:
    with pytest.raises(CellError):
        cells.read_clock(written)


@pytest.mark.parametrize("yes", ["是", "√", "1", 1, 1.0, True, "Y", "ｙｅｓ"])
def test_marks_that_mean_yes(yes: cells.Cell) -> None:
    assert cells.read_flag(yes).value is True


@pytest.mark.parametrize("no", ["否", "×", 0, False, "No"])
def test_marks_that_mean_no(no: cells.Cell) -> None:
    assert cells.read_flag(no).value is False


def test_a_mark_that_may_mean_anything_is_refused() -> None:
    with pytest.raises(CellError):
        cells.read_flag("也许")


@pytest.mark.parametrize(
    ("written", "name", "repairs"),
    [
        ("张　三", "张三", ["repair-full-width", "repair-spaces"]),
        ("Ｇ０１", "G01", ["repair-full-width"]),
        ("王小明 ", "王小明", ["repair-trimmed"]),
        ("John Smith", "John Smith", []),
        (1001, "1001", []),
        (1001.0, "1001", []),
        ("'=cmd", "=cmd", []),
    ],
)
def test_names_are_freed_of_slips(written: cells.Cell, name: str, repairs: list[str]) -> None:
    read = cells.read_id(written)
    assert read.value == name
    assert bool(read.repairs) is bool(repairs)
    assert set(read.repairs) <= set(repairs)


@pytest.mark.parametrize("lost", ["1.38E+10", "1.38123e10"])
def test_a_number_in_scientific_notation_has_lost_digits(lost: str) -> None:
    with pytest.raises(CellError) as wrong:
        cells.read_id(lost)
    assert wrong.value.what == "cell-scientific"


@pytest.mark.parametrize(
    ("written", "number"), [("１２", 12), ("1,200", 1200), (3.0, 3), ("2.5", 2.5)]
)
def test_numbers(written: cells.Cell, number: float) -> None:
    assert cells.read_number(written).value == number


@pytest.mark.parametrize(
    ("written", "parts"),
    [("公安、交警", ["公安", "交警"]), ("公安，交警；城管", ["公安", "交警", "城管"]),
     ("公安,交警\n城管", ["公安", "交警", "城管"]), (" 公安 、", ["公安"]), (7, ["7"])],
)  # fmt: skip
def test_enumerations_with_any_separator(written: cells.Cell, parts: list[str]) -> None:
    assert cells.split(written) == parts


@given(TEXTS)
def test_every_text_is_written_so_that_it_reads_back_and_is_no_formula(text: str) -> None:
    written = cells.write_exact(text, cells.read_text)
    assert cells.read_text(written).value == text
    assert not written.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(IDS)
def test_every_id_is_written_so_that_it_reads_back_without_repairs(text: str) -> None:
    read = cells.read_id(cells.write_exact(text, cells.read_id))
    assert (read.value, read.repairs) == (text, [])


@given(st.lists(IDS, min_size=1, max_size=4))
def test_every_list_of_ids_reads_back(texts: list[str]) -> None:
    written = cells.write_list(texts)
    assert [cells.read_id(part).value for part in cells.split(written)] == texts
    assert not written.startswith(("=", "+", "-", "@"))


@given(st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.dates(), st.times()))
def test_no_cell_makes_a_reader_fail_otherwise(cell: cells.Cell) -> None:
    for read in (cells.read_text, cells.read_id, cells.read_number, cells.read_count,
                 cells.read_flag, cells.read_date, cells.read_clock):  # fmt: skip
        try:
            read(cell)
        except CellError as wrong:
            assert wrong.what  # noqa: PT017  # every other error is a failure
