"""Reads a home unit's duty list (值班表) as the times at which its people are taken up."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from patrol_scheduler.faults import InvalidInputError, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError
from patrol_scheduler.formats.files import csv_rows, decode_table, read_bytes
from patrol_scheduler.formats.tables import (
    MOST_HEADER_ROWS,
    At,
    PlanTables,
    Repair,
    Table,
    heading_key,
)
from patrol_scheduler.formats.workbook import is_workbook, read_workbook
from patrol_scheduler.problem import Busy, Problem

WHOLE = (8 * 60, 32 * 60)
"""A duty whose hours nobody tells: from 08:00 to 08:00 of the next day, in minutes."""

_DAY = dt.timedelta(days=1)
_BEFORE = dt.timedelta(days=2)
"""Duties shortly before the first rostered day count, for the rest after them."""

_DATE = {"日期", "值班日期", "date", "day"}
_START = {"开始", "开始时间", "开始日期", "值班开始", "值班开始时间", "起始时间", "start", "from"}
_END = {"结束", "结束时间", "结束日期", "值班结束", "值班结束时间", "截止时间", "end", "to"}
_HOURS = {"时间", "值班时间", "时段", "班次", "hours", "time"}
_OTHER = re.compile(
    r"电话|手机|号码|星期|农历|节日|地点|备注|序号|编号|说明|车|职务|部门|单位"
    r"|phone|tel|mobile|weekday|lunar|place|note|remark|^no$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"领导|值班|带班|班长|民警|辅警|队员|白班|夜班|早班|中班|晚班|上午|下午|夜间|人员|姓名|主班|副班|备勤"
    r"|leader|officer|person|name|duty|shift|staff",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(\d{1,2})\s*[:时点]\s*(\d{2})?\s*分?\s*[-–—~至到]+\s*(?:次日|第二天|翌日)?\s*"
    r"(\d{1,2})\s*[:时点]?\s*(\d{2})?"
)
_TITLE_MONTH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月")
_WEEKDAY = re.compile(r"[(\s]*(?:星期|周|礼拜)[一二三四五六日天][)\s]*$")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})\s*[日号]?")
_BETWEEN = re.compile(r"[、，,；;/\n]+")
_REMARK = re.compile(r"[(\[【].*?[)\]】]|\d{5,}[\d-]*")


@dataclass(frozen=True)
class HomeDuty:
    """The busy times that a duty list tells of a plan's officers, and remarks on reading it."""

    busy: tuple[Busy, ...]
    repairs: tuple[Repair, ...]


def read_home_duty(path: str | FilePath, problem: Problem, agency: str | None = None) -> HomeDuty:
    """When the officers of a plan have duty at home, by a duty list in ``.xlsx`` or ``.csv``.

    A list has a row of headings with a date, or a start and an end, and columns of people: leader
    on duty, duty officers, day and night shift. Hours stand in the heading (夜班 18:00-08:00), in a
    column of their own or in start and end; otherwise a duty lasts from 08:00 to 08:00 of the next
    day. People are told by their name or id; with ``agency`` only its officers are meant. Those who
    are not in the plan are passed over, and so are dates outside its rostered days. Titles above
    the headings may tell year and month. Raises :class:`InvalidInputError` with every fault.
    """
    file = str(path)
    reader = _Reader(file, problem, agency)
    if is_workbook(path):
        tables = read_workbook(path)
    else:
        rows = csv_rows(file, decode_table(file, read_bytes(path)))
        tables = [Table(FilePath(file).stem, [(line, list(row)) for line, row in rows])]
    read = [reader.read(table) for table in tables]
    if not any(read):
        reader.told.fault(At(tables[0].name, 1) if tables else None, None, "home-duty-no-header")
    if reader.told.faults:
        raise InvalidInputError(reader.told.faults)
    return HomeDuty(tuple(sorted(reader.busy, key=_order)), tuple(reader.told.repairs))


def _order(busy: Busy) -> tuple[dt.datetime, str]:
    return busy.start, busy.officer


@dataclass(frozen=True)
class _Header:
    """What the columns hold, by their place: people with the hours their headings tell."""

    row: int
    date: int | None
    start: int | None
    end: int | None
    hours: int | None
    people: dict[int, tuple[int, int] | None]
    others: dict[int, str]


class _Reader:
    def __init__(self, file: str, problem: Problem, agency: str | None) -> None:
        self.told = PlanTables(file)
        self.busy: set[Busy] = set()
        self.problem = problem
        self.speller = Speller()
        self.near = (problem.first - dt.timedelta(days=60), problem.last + dt.timedelta(days=60))
        self.known: dict[str, list[str]] = {}
        for officer in problem.officers:
            if agency in (None, officer.agency):
                for word in {officer.id, "".join(officer.name.split())} - {""}:
                    self.known.setdefault(word, []).append(officer.id)

    def read(self, table: Table) -> bool:
        """Read one sheet; tells whether it is a duty list at all."""
        header, below, month = _header(table)
        if header is None:
            return False
        before = len(self.busy)
        strangers: Counter[str] = Counter()
        outside = 0
        unknown_hours = False
        last: dt.date | None = None
        for number, row in below:
            people = {c: _at(row, c) for c in header.people if not cells.blank(_at(row, c))}
            if not people or self._unreadable(table, number, header):
                continue
            meant = {
                c: self._people(At(table.name, number, c + 1), cell, strangers)
                for c, cell in people.items()
            }
            if not any(meant.values()):
                last = self._date(table, number, header, row, month, last, quiet=True) or last
                continue
            span = self._row_span(table, number, header, row)
            date = last
            if span is None:
                date = self._date(table, number, header, row, month, last)
                if date is None:
                    continue
                last = date
            for place, officers in meant.items():
                if span is not None:
                    start, end = span
                else:
                    hours = self._hours(header, row) or header.people[place]
                    unknown_hours |= hours is None and bool(officers)
                    start, end = _times(date or self.problem.first, hours or WHOLE)
                if not self.problem.first - _BEFORE <= start.date() <= self.problem.last:
                    outside += len(officers)
                    continue
                self.busy |= {
                    Busy(officer=officer, start=start, end=end, kind="home-duty")
                    for officer in officers
                }
        at = At(table.name, header.row)
        self.told.repair(at, None, "home-duty-read", n=len(self.busy) - before,
                         strangers=sum(strangers.values()), outside=outside)  # fmt: skip
        if unknown_hours:
            self.told.repair(at, None, "home-duty-hours")
        for place, label in header.others.items():
            self.told.repair(At(table.name, header.row, place + 1), label, "home-duty-column")
        return True

    def _unreadable(self, table: Table, number: int, header: _Header) -> bool:
        """Whether a cell of the row is a formula that fails or has no stored result."""
        places = {header.date, header.start, header.end, header.hours, *header.people} - {None}
        wrong = {c: table.faulty.get((number, c + 1)) for c in places if c is not None}
        for place, what in sorted(wrong.items()):
            if what:
                at = At(table.name, number, place + 1)
                self.told.fault(at, _at(_row(table, number), place), what)
        return any(wrong.values())

    def _people(self, at: At, cell: Cell, strangers: Counter[str]) -> list[str]:
        """The officers of the plan that a cell names; the others are counted as strangers."""
        found: list[str] = []
        for name in self._names(cells.plain(cell)):
            ids = self.known.get(name, [])
            if len(ids) > 1:
                self.told.fault(at, name, "name-not-unique", ids=tuple(ids))
            elif ids:
                found.append(ids[0])
            else:
                nearest = self.speller.nearest(name, self.known)
                if nearest and name not in strangers and len(name) > 1:
                    self.told.repair(at, name, "home-duty-near", nearest=nearest)
                strangers[name] += 1
        return found

    def _names(self, text: str) -> Iterator[str]:
        """The names in a cell, without remarks, phones and inner spaces."""
        for part in _BETWEEN.split(cells.unguarded(text)):
            plain = _REMARK.sub("", cells.folded(part)).strip()
            closed = "".join(plain.split())
            words = plain.split()
            if closed in self.known or len(words) < 2 or not any(w in self.known for w in words):
                words = [closed]
            yield from (word for word in words if word)

    def _row_span(
        self, table: Table, number: int, header: _Header, row: Sequence[Cell]
    ) -> tuple[dt.datetime, dt.datetime] | None:
        """From a row's start to its end, where it tells both with their dates."""
        if header.start is None or header.end is None or self._hours(header, row):
            return None
        ends = []
        for place, minute in ((header.start, WHOLE[0]), (header.end, WHOLE[1])):
            try:
                ends.append(self._moment(_at(row, place), minute))
            except CellError as wrong:
                at = At(table.name, number, place + 1)
                self.told.fault(at, _at(row, place), wrong.what, (), **wrong.values)
                return None
        if ends[0] >= ends[1]:
            self.told.fault(At(table.name, number), None, "home-duty-backwards")
            return None
        return ends[0], ends[1]

    def _moment(self, cell: Cell, minute: int) -> dt.datetime:
        try:
            date = cells.read_date(cell, self.near).value
        except CellError:
            return dt.datetime.fromisoformat(str(cells.read_moment(cell, self.near).value))
        return dt.datetime.combine(dt.date.fromisoformat(str(date)), dt.time()) + dt.timedelta(
            minutes=minute
        )

    def _date(
        self,
        table: Table,
        number: int,
        header: _Header,
        row: Sequence[Cell],
        month: tuple[int, int] | None,
        last: dt.date | None,
        *,
        quiet: bool = False,
    ) -> dt.date | None:
        """The date of a row; an empty cell continues the day above it."""
        place = header.date if header.date is not None else header.start
        cell = _at(row, place) if place is not None else None
        at = At(table.name, number, (place or 0) + 1)
        if cells.blank(cell):
            if last is None and not quiet:
                self.told.fault(at, None, "missing")
            return last
        if isinstance(cell, str):
            cell = _WEEKDAY.sub("", cells.folded(cell))
        day = _DAY_OF_MONTH.fullmatch(cells.plain(cell))
        try:
            if day and month:
                return dt.date(*month, int(day[1]))
            found = cells.read_date(cell, self.near).value
            return found if isinstance(found, dt.date) else None
        except CellError as wrong:
            if not quiet:
                self.told.fault(at, cell, wrong.what, (), **wrong.values)
        except ValueError:
            if not quiet:
                self.told.fault(at, cell, "impossible-date")
        return None

    def _hours(self, header: _Header, row: Sequence[Cell]) -> tuple[int, int] | None:
        """The hours that a row tells, in one cell or as start and end beside its date."""
        if header.date is not None and header.start is not None and header.end is not None:
            ends = [_at(row, header.start), _at(row, header.end)]
            if not any(isinstance(cell, dt.datetime) for cell in ends):
                try:
                    return span_of("-".join(str(cells.read_clock(cell).value) for cell in ends))
                except CellError:
                    pass
        if header.hours is None:
            return None
        return span_of(cells.plain(_at(row, header.hours)))


def span_of(text: str) -> tuple[int, int] | None:
    """The hours that a text such as ``夜班 18:00-次日8:00`` tells, in minutes from midnight."""
    found = _SPAN.search(cells.folded(text))
    if not found:
        return None
    first, last = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
    if max(first, last) > 24 * 60 or first == 24 * 60:
        return None
    return first, last if last > first else last + 24 * 60


def _times(date: dt.date, hours: tuple[int, int]) -> tuple[dt.datetime, dt.datetime]:
    midnight = dt.datetime.combine(date, dt.time())
    return midnight + dt.timedelta(minutes=hours[0]), midnight + dt.timedelta(minutes=hours[1])


def _row(table: Table, number: int) -> Sequence[Cell]:
    return next((row for n, row in table.rows if n == number), [])


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _header(
    table: Table,
) -> tuple[_Header | None, list[tuple[int, list[Cell]]], tuple[int, int] | None]:
    """The header of a duty list, the rows below it, and the month that titles above it name."""
    rows = [(n, row) for n, row in table.rows if any(not cells.blank(cell) for cell in row)]
    month: tuple[int, int] | None = None
    for place, (number, row) in enumerate(rows[:MOST_HEADER_ROWS]):
        found = _columns(number, row)
        if found is not None:
            return found, rows[place + 1 :], month
        for cell in row:
            title = _TITLE_MONTH.search(cells.folded(cell)) if isinstance(cell, str) else None
            if title and 1 <= int(title[2]) <= 12:
                month = int(title[1]), int(title[2])
    return None, [], None


def _columns(number: int, row: Sequence[Cell]) -> _Header | None:
    single: dict[str, int] = {}
    people: dict[int, tuple[int, int] | None] = {}
    others: dict[int, str] = {}
    for place, cell in enumerate(row):
        if not isinstance(cell, str) or not cell.strip():
            continue
        key = heading_key(cell)
        kinds = (("date", _DATE), ("start", _START), ("end", _END), ("hours", _HOURS))
        kind = next((name for name, words in kinds if key in words), None)
        if kind is None and key.startswith("日期"):
            kind = "date"
        if kind is not None:
            single.setdefault(kind, place)
        elif _OTHER.search(key):
            continue
        elif _PERSON.search(key):
            people[place] = span_of(cell)
        else:
            others[place] = cell.strip()
    if not people or not ("date" in single or {"start", "end"} <= single.keys()):
        return None
    get = single.get
    return _Header(number, get("date"), get("start"), get("end"), get("hours"), people, others)
