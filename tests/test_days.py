"""What kind of day a date is, the Chinese calendar, and the days of markets."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_scheduler import days
from patrol_scheduler.days import (
    DayTable,
    DayType,
    Market,
    NoDayTableError,
    NoLunarDateError,
    SpecialDay,
    branch,
    from_lunar,
    to_lunar,
)
from patrol_scheduler.records import dates_between


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CHINA = DayTable("china")
KINDS = {
    "2010-09-25": (DayType.MAKE_UP_WORKING_DAY, "中秋节"),
    "2010-10-01": (DayType.STATUTORY_HOLIDAY, "国庆节"),
    "2010-10-08": (DayType.WORKING_DAY, ""),
    "2010-10-09": (DayType.MAKE_UP_WORKING_DAY, "国庆节"),
    "2010-10-10": (DayType.REST_DAY, ""),
    "2024-02-09": (DayType.WORKING_DAY, ""),
    "2024-02-10": (DayType.STATUTORY_HOLIDAY, "春节"),
    "2024-02-18": (DayType.MAKE_UP_WORKING_DAY, "春节"),
}


@pytest.mark.parametrize("date", KINDS)
def test_days_are_those_that_the_state_council_arranged(date: str) -> None:
    assert (CHINA.day_type(day(date)), CHINA.name(day(date))) == KINDS[date]
    assert CHINA.state(day(date)) == "official"


def test_the_built_in_year_is_the_one_that_the_library_has() -> None:
    built_in = {date: (entry.day_type, entry.name[:2]) for date, entry in days._built_in().items()}
    import chinese_calendar as library

    for date in dates_between(day("2010-01-01"), day("2010-12-31")):
        off, name = library.get_holiday_detail(date)
        kind = DayType.STATUTORY_HOLIDAY if off else DayType.MAKE_UP_WORKING_DAY
        told = (kind, library.Holiday(name).chinese[:2]) if name else None
        assert built_in.get(date) == told, date


@pytest.mark.parametrize("date", ["2003-12-31", "2027-01-01"])
def test_a_year_that_nobody_arranged_is_never_guessed(date: str) -> None:
    with pytest.raises(NoDayTableError) as raised:
        CHINA.day_type(day(date))
    assert raised.value.date == day(date)
    with pytest.raises(NoDayTableError):
        CHINA.state(day(date))
    assert CHINA.name(day(date)) == ""


def test_a_provisional_year_has_the_holidays_of_the_law_and_no_make_up_days() -> None:
    table = DayTable("china", provisional_years=[2027, 2010])
    holidays = [
        date.isoformat()
        for date in dates_between(day("2027-01-01"), day("2027-12-31"))
        if table.day_type(date) is DayType.STATUTORY_HOLIDAY
    ]
    assert holidays == [
        "2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05",
        "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02",
        "2027-10-03",
    ]  # fmt: skip
    assert table.state(day("2027-03-01")) == table.state(day("2027-10-01")) == "provisional"
    assert table.day_type(day("2027-03-06")) is DayType.REST_DAY
    assert table.state(day("2010-10-01")) == "official"  # announced is announced
    assert table.name(day("2027-09-15")) == "中秋节"


def test_the_plan_overrides_every_table_and_tells_whether_it_is_official() -> None:
    own = SpecialDay(
        date=day("2010-10-08"), day_type=DayType.REST_DAY, state="provisional", name="校庆"
    )
    for calendar in ("china", "weekends"):
        table = DayTable(calendar, [own])
        assert table.day_type(own.date) is DayType.REST_DAY
        assert (table.state(own.date), table.name(own.date)) == ("provisional", "校庆")
    plain = DayTable("weekends")
    assert plain.day_type(day("2010-10-01")) is DayType.WORKING_DAY
    assert (plain.state(day("2030-01-01")), plain.name(day("2010-10-01"))) == ("official", "")


LUNAR = {
    "2010-08-01": "六月廿一",
    "2010-09-22": "八月十五",
    "2012-05-21": "闰四月初一",
    "2010-02-13": "腊月三十",
    "2010-02-14": "正月初一",
    "2010-12-06": "冬月初一",
}


@pytest.mark.parametrize("date", LUNAR)
def test_dates_of_the_chinese_calendar(date: str) -> None:
    found = to_lunar(day(date))
    assert found.text == LUNAR[date]
    assert from_lunar(found.year, found.month, found.day, found.leap) == day(date)


@given(st.dates(dt.date(1902, 1, 1), dt.date(2099, 1, 1)))
def test_there_and_back(date: dt.date) -> None:
    found = to_lunar(date)
    assert from_lunar(found.year, found.month, found.day, found.leap) == date


@pytest.mark.parametrize(
    "lunar", [(2010, 6, 1, True), (2010, 13, 1), (2010, 1, 31), (2010, 7, 30), (1900, 1, 1)]
)
def test_a_lunar_date_that_is_not_is_refused(lunar: tuple[int, int, int]) -> None:
    with pytest.raises(NoLunarDateError):
        from_lunar(*lunar)
    with pytest.raises(NoLunarDateError):
        to_lunar(day("1900-12-31"))


def test_branches_return_every_twelve_days() -> None:
    first = day("2010-08-06")
    assert branch(first) == "子"
    assert [branch(first + dt.timedelta(n)) for n in range(12)] == list(days.BRANCHES)
    assert branch(first + dt.timedelta(12)) == "子"


MARKETS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "lunar-digit": ({"digits": (3, 6, 9)}, ["03", "06", "09", "12", "15", "18"]),
    "solar-digit": ({"digits": (0, 1)}, ["01", "10", "11", "20"]),
    "weekday": ({"weekdays": (1, 7)}, ["01", "02", "08", "09", "15", "16"]),
    "branch": ({"branches": ("子", "未")}, ["01", "06", "13", "18"]),
    "date": ({"dates": ("2010-08-05",)}, ["05"]),
}


@pytest.mark.parametrize("every", MARKETS)
def test_markets_are_held_on_their_days(every: str) -> None:
    told, expected = MARKETS[every]
    market = Market(id="m", areas=("town",), every=every, **told)
    held = [
        f"{date.day:02}"
        for date in dates_between(day("2010-08-01"), day("2010-08-20"))
        if market.held_on(date)
    ]
    assert held == expected


@pytest.mark.parametrize("module", ["borax", "chinese_calendar"])
def test_a_plan_of_2010_needs_neither_library(module: str) -> None:
    code = (
        "import sys, datetime as dt; from patrol_scheduler.days import DayTable; "
        "DayTable('china').day_type(dt.date(2010, 10, 1)); "
        f"print({json.dumps(module)} in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False"
