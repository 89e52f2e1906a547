"""The words that all outputs share: clean names, dates, day types, cadence readings."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from patrol_scheduler.days import DayType, NoDayTableError
from patrol_scheduler.formats.roster_json import CadenceReading, cadence_readings
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import catalogue, text

_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, broken code points, and the invisible marks that turn the direction of text
# around, so that a name shows as another one.
_DROP = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def clean(value: str) -> str:
    """The text without control characters; every kind of line break becomes one newline."""
    return _DROP.sub("", _BREAK.sub("\n", value).replace("\t", " ")).strip()


def one_line(value: str) -> str:
    """The text on one line, clean; runs of white space become one space."""
    return " ".join(clean(value).split())


def named(identifier: str, name: str) -> str:
    """What people call it: its name, or its id where it has none."""
    return one_line(name) or one_line(identifier)


class Names:
    """What people call the agencies, officers, areas, posts, shifts and kinds of a plan.

    Officers who share a name are told apart by their id.
    """

    def __init__(self, problem: Problem) -> None:
        self.agency = {a.id: named(a.id, a.name) for a in problem.agencies}
        self.area = {a.id: named(a.id, a.name) for a in problem.areas}
        self.post = {p.id: named(p.id, p.name) for p in problem.posts}
        self.shift = {s.id: named(s.id, s.name) for s in problem.shifts}
        self.kind = {k.id: named(k.id, k.name) for k in problem.violation_kinds}
        calls = {o.id: named(o.id, o.name) for o in problem.officers}
        times = Counter(calls.values())
        self.officer = {
            identifier: name if times[name] == 1 else f"{name} ({one_line(identifier)})"
            for identifier, name in calls.items()
        }


def has_auxiliaries(problem: Problem) -> bool:
    """Whether any officer of a plan is an auxiliary: on duty sheets these stand by themselves."""
    return any(officer.auxiliary for officer in problem.officers)


def vehicles_of(problem: Problem, area: str | None) -> list[str]:
    """What the cars are called that patrols of an area go by."""
    return [named(v.id, v.name) for v in problem.vehicles if area in v.areas]


def join(values: list[str] | tuple[str, ...], lang: str) -> str:
    """The values as an enumeration."""
    return text("outputs.list.separator", lang).join(values)


def long_date(date: dt.date, lang: str) -> str:
    """The date in words, with its year."""
    month = text(f"outputs.month.{date.month}", lang)
    return text("outputs.date.long", lang, year=date.year, month=month, day=date.day)


def short_date(date: dt.date, lang: str) -> str:
    """The date in words, without its year."""
    month = text(f"outputs.month.{date.month}", lang)
    return text("outputs.date.short", lang, month=month, day=date.day)


def year_month(date: dt.date, lang: str) -> str:
    """The month of a date in words, with its year."""
    month = text(f"outputs.month.{date.month}", lang)
    return text("outputs.date.month", lang, year=date.year, month=month)


def weekday(date: dt.date, lang: str) -> str:
    """The day of the week."""
    return text(f"outputs.weekday.{date.isoweekday()}", lang)


def day_type(problem: Problem, date: dt.date) -> DayType | None:
    """The kind of day, or ``None`` where no arrangement is known."""
    try:
        return problem.day_table.day_type(date)
    except NoDayTableError:
        return None


def day_type_words(problem: Problem, date: dt.date, lang: str) -> str:
    """The kind of day in words; empty where no arrangement is known."""
    kind = day_type(problem, date)
    return text(f"outputs.day-type.{kind.value}", lang) if kind else ""


def mode_words(problem: Problem, date: dt.date, lang: str) -> str:
    """Whether the patrols of a date may impose penalties, in words; empty where all people may.

    Only a plan with auxiliaries has people who may not.
    """
    if not problem.staff.auxiliaries:
        return ""
    kind = "enforcement" if problem.enforces_on(date) else "presence"
    return text(f"outputs.mode.{kind}", lang)


def holiday(problem: Problem, date: dt.date, lang: str) -> str:
    """The holiday that a date belongs to, or an empty string; a name of the plan's own stays."""
    name = one_line(problem.day_table.name(date))
    return catalogue(lang).get(f"outputs.holiday.{name}", name)


def clock(minute: int) -> str:
    """Minutes from midnight as a time of day, 1440 as 00:00."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def cadence_sentences(problem: Problem, lang: str) -> tuple[str, ...]:
    """Which reading of "every so many days" was used, one sentence for each cadence in force."""
    readings = cadence_readings(problem)
    return tuple(_reading(problem, reading, len(readings) > 1, lang) for reading in readings)


def _reading(problem: Problem, reading: CadenceReading, scoped: bool, lang: str) -> str:
    sentence = text(
        f"outputs.cadence.{reading.counted}",
        lang,
        min_days=reading.min_days,
        max_days=reading.max_days,
        min_gap=reading.min_gap,
        max_gap=reading.max_gap,
    )
    if not scoped:
        return sentence
    phases = {p.id: named(p.id, p.name) for p in problem.phases}
    areas = Names(problem).area
    where = join([areas[area] for area in reading.areas], lang)
    return text(
        "outputs.cadence.scope", lang, phase=phases[reading.phase], areas=where, sentence=sentence
    )
