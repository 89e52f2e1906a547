"""Lunar dates, as duty sheets write them beside the solar ones."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from borax.calendars.lunardate import LunarDate

from patrol_scheduler.texts import text


@lru_cache(maxsize=8192)  # some ten years of days; a roster asks for each of its days many times
def lunar_day(date: dt.date, lang: str) -> str:
    """The lunar month and day, such as 六月廿一; empty outside 1900-01-31 to 2100-12-31."""
    try:
        found = LunarDate.from_solar(date)
    except ValueError:
        return ""
    month = text(f"outputs.lunar.month.{found.month}", lang)
    if found.leap:
        month = text("outputs.lunar.leap", lang, month=month)
    day = text(f"outputs.lunar.day.{found.day}", lang)
    return text("outputs.lunar.date", lang, month=month, day=day)
