"""The time zone blocks, held against the time zone data by another library's reading of them."""

from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]

from patrol_scheduler.outputs.timezone import timezone_component
from tests.outputs.sample import date

SHANGHAI = (
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def written(name: str, first: str, last: str) -> str:
    zone: bytes = timezone_component(name, date(first), date(last)).to_ical(sorted=False)
    return zone.decode()


def test_shanghai_is_one_constant_block() -> None:
    assert written("Asia/Shanghai", "2010-08-01", "2010-12-30") == SHANGHAI
    assert written("Asia/Shanghai", "2030-01-01", "2031-12-31") == SHANGHAI


def test_summer_time_begins_at_the_local_time_shown_before_it() -> None:
    """RFC 5545, 3.6.5: in Berlin 2010 summer time began on 28 March at 02:00, by the old offset."""
    berlin = written("Europe/Berlin", "2010-03-01", "2010-11-30")
    assert (
        "BEGIN:DAYLIGHT\r\nDTSTART:20100328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "TZNAME:CEST\r\nEND:DAYLIGHT\r\n"
    ) in berlin
    assert (
        "BEGIN:STANDARD\r\nDTSTART:20101031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "TZNAME:CET\r\nEND:STANDARD\r\n"
    ) in berlin


@pytest.mark.parametrize(
    "name",
    ["Asia/Shanghai", "Europe/Berlin", "UTC", "America/New_York", "Australia/Lord_Howe",
     "Asia/Kathmandu", "Africa/Casablanca"],
)  # fmt: skip
def test_every_hour_of_the_plan_has_the_offset_of_the_time_zone(name: str) -> None:
    zone = ZoneInfo(name)
    read = tzical(io.StringIO(written(name, "2024-01-01", "2024-12-31"))).get(name)
    moment = dt.datetime(2024, 1, 1)
    while moment < dt.datetime(2025, 1, 1):
        clear = (
            moment.replace(tzinfo=zone).utcoffset()
            == moment.replace(tzinfo=zone, fold=1).utcoffset()
        )
        if clear:  # an hour that is shown twice, or never, has no one offset
            assert (
                moment.replace(tzinfo=read).utcoffset() == moment.replace(tzinfo=zone).utcoffset()
            ), moment
        moment += dt.timedelta(hours=7)
