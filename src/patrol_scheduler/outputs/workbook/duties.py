"""The sheets of who goes where: the duty sheet by month, the flat list, agencies, people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from patrol_scheduler.days import DayType
from patrol_scheduler.formats.workbook_file import put, put_in
from patrol_scheduler.outputs.events import Event, Rest, events
from patrol_scheduler.outputs.feeds import events_by_feed
from patrol_scheduler.outputs.lunar import lunar_day
from patrol_scheduler.outputs.wording import (
    Names,
    clock,
    day_type,
    day_type_words,
    holiday,
    join,
    named,
    one_line,
    weekday,
    year_month,
)
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import text


@dataclass
class Pages:
    """What all sheets need: the plan, its roster, the words, and the book they go into."""

    problem: Problem
    roster: Roster
    lang: str
    book: Workbook
    names: Names = field(init=False)
    events: tuple[Event, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.problem)
        self.events = events(self.problem, self.roster)

    def say(self, key: str, **values: object) -> str:
        """A text of the workbook."""
        return text(f"workbook.{key}", self.lang, **values)

    def time(self, shift_id: str) -> str:
        """Start and end of a shift; an end on the next day is marked."""
        shift = self.problem.shift_by_id[shift_id]
        end = clock(shift.end_minute)
        if shift.end_minute >= 1440:
            end = "24:00" if shift.end_minute == 1440 else self.say("next-day", time=end)
        return f"{clock(shift.start_minute)}–{end}"

    def shift(self, event: Event) -> str:
        """The shift of an event with its times."""
        return f"{self.names.shift[event.shift]} {self.time(event.shift)}"

    def place(self, event: Event) -> str:
        """The area or post of an event."""
        if event.area is not None:
            return self.names.area[event.area]
        return self.names.post[event.post or ""]

    def off(self, date: dt.date) -> bool:
        """Whether a date is a rest day or a statutory holiday."""
        return day_type(self.problem, date) in (DayType.REST_DAY, DayType.STATUTORY_HOLIDAY)

    def people(
        self, event: Event, agency: str | None = None, *, auxiliary: bool | None = None
    ) -> str:
        """The officers of an event, of one agency or kind where given; drivers are marked."""
        officers = self.problem.officer_by_id
        found = [
            officer
            for officer in event.officers
            if agency in (None, officers[officer].agency)
            and auxiliary in (None, officers[officer].auxiliary)
        ]
        drivers = set(event.drivers)
        return join(
            [
                text("outputs.sheet.driver-mark", self.lang, officer=self.names.officer[o])
                if o in drivers
                else self.names.officer[o]
                for o in found
            ],
            self.lang,
        )

    def day_words(self, date: dt.date) -> str:
        """The lunar date, with the holiday where there is one."""
        return " ".join(part for part in (lunar_day(date, self.lang), self._holiday(date)) if part)

    def _holiday(self, date: dt.date) -> str:
        kind = day_type(self.problem, date)
        if kind in (DayType.STATUTORY_HOLIDAY, DayType.MAKE_UP_WORKING_DAY):
            words = day_type_words(self.problem, date, self.lang)
            name = (
                holiday(self.problem, date, self.lang) if kind is DayType.STATUTORY_HOLIDAY else ""
            )
            return name or words
        return ""


def officer_days(pages: Pages) -> None:
    """Who is on duty when: a row an officer, a column a date, a printed page a month."""
    problem, dates = pages.problem, pages.problem.dates
    sheet = pages.book.create_sheet(pages.say("sheet.officer-days"))
    months = [
        [column for column, _ in found]
        for _, found in groupby(
            enumerate(dates, start=4), key=lambda entry: (entry[1].year, entry[1].month)
        )
    ]
    for columns in months:
        month = year_month(dates[columns[0] - 4], pages.lang)
        heading = pages.say("officer-days-title", plan=one_line(problem.name), month=month)
        style.band(sheet, 1, columns, heading, large=True)
        style.band(sheet, 2, columns, pages.say("officer-days-note"))
    heads = [pages.say(f"column.{name}") for name in ("agency", "officer", "total")]
    style.header(sheet, 3, heads)
    put(sheet, 4, 2, pages.say("column.weekday"))
    for column, date in enumerate(dates, start=4):
        style.dress(sheet.cell(3, column), frame="day-head")
        put(sheet, 3, column, f"{date.month}/{date.day}")
        name = weekday(date, pages.lang)
        style.dress(sheet.cell(4, column), fill=style.OFF if pages.off(date) else None, frame="day")
        put(sheet, 4, column, name[-1:] if pages.lang == "zh-CN" else name[:2])
    duties = _by_day(pages)
    rests = {(rest.officer, rest.date) for rest in pages.roster.compensatory_rests}
    row = 4
    for agency, officers in problem.officers_of.items():
        for officer in officers:
            row += 1
            own = duties.get(officer.id, {})
            total = sum(len(found) for found in own.values())
            style.line(
                sheet, row, [pages.names.agency[agency], pages.names.officer[officer.id], total]
            )
            for column, date in enumerate(dates, start=4):
                cell, found = sheet.cell(row, column), own.get(date)
                if found:
                    leads = any(leads for _, leads in found)
                    style.dress(cell, fill=style.LEAD if leads else style.DUTY, frame="day")
                    put_in(cell, "/".join(word for word, _ in found))
                elif (officer.id, date) in rests:
                    style.dress(cell, fill=style.AWAY, frame="day")
                    put_in(cell, pages.say("rest-mark"))
                else:
                    away = not officer.available_on(date)
                    style.dress(cell, fill=style.AWAY if away else None, frame="day")
    style.fit(sheet, 3, row, [(10, 24), (10, 24), (7, 8), *([(5.2, 5.2)] * len(dates))])
    sheet.freeze_panes = "D5"
    sheet.print_title_rows = "1:4"
    sheet.print_title_cols = "A:C"
    style.page(sheet, footer=one_line(problem.name))
    style.side_by_side(sheet, [columns[0] for columns in months])


def _by_day(pages: Pages) -> dict[str, dict[dt.date, list[tuple[str, bool]]]]:
    """Each officer's duties by date: the shift in short, and whether the officer leads."""
    short = {shift.id: _short(pages.names.shift[shift.id]) for shift in pages.problem.shifts}
    duties: dict[str, dict[dt.date, list[tuple[str, bool]]]] = {}
    for event in pages.events:
        for member in event.members:
            on_day = duties.setdefault(member.officer, {}).setdefault(event.date, [])
            on_day.append((short[event.shift], member.officer in event.leaders))
    return duties


def _short(name: str) -> str:
    return name[:1] if ord(name[0]) > 0x2E80 else name[:2]


def assignments(pages: Pages) -> None:
    """One row for each officer on duty, with the patrol's id: for filters and other programs."""
    problem, say = pages.problem, pages.say
    sheet = pages.book.create_sheet(say("sheet.assignments"))
    # Nobody prints or filters a column in which nobody has anything.
    known = {
        "phone": any(officer.phone for officer in problem.officers),
        "position": any(officer.position for officer in problem.officers),
    }
    heads = [say(f"column.{name}") for name in (
        "patrol", "date", "weekday", "day-type", "phase", "area", "shift", "start", "end",
        "officer-id", "officer", "agency", "role", *(name for name in known if known[name]),
    )]  # fmt: skip
    style.header(sheet, 1, heads)
    phases = {phase.id: named(phase.id, phase.name) for phase in problem.phases}
    row = 1
    for event in pages.events:
        shift = problem.shift_by_id[event.shift]
        phase = problem.phase_on(event.date)
        for member in event.members:
            row += 1
            officer = problem.officer_by_id[member.officer]
            values = (
                event.patrol or "", event.date, weekday(event.date, pages.lang),
                day_type_words(problem, event.date, pages.lang),
                phases.get(phase.id, "") if phase else "", pages.place(event),
                pages.names.shift[event.shift], clock(shift.start_minute), clock(shift.end_minute),
                one_line(officer.id), pages.names.officer[officer.id],
                pages.names.agency[officer.agency], say(f"role.{member.role}"),
                *(one_line(getattr(officer, name)) for name in known if known[name]),
            )  # fmt: skip
            for column, value in enumerate(values, start=1):
                put(sheet, row, column, value)
            style.dress(sheet.cell(row, 2), shown=style.DATE, frame="text")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{max(row, 1)}"
    shown = style.values(sheet, 1, row, len(heads))
    wide = style.fitted(shown[:1], shown[1:], [(8, 40)] * len(heads))
    style.widths(sheet, wide)
    style.heights(sheet, 1, shown[:1], wide)
    style.page(sheet, footer=one_line(problem.name))


def agency_duties(pages: Pages) -> None:
    """What each agency sends, day by day: to be cut and handed to the agency."""
    sheet = pages.book.create_sheet(pages.say("sheet.agencies"))
    heads = [
        pages.say(f"column.{n}") for n in ("agency", "date", "weekday", "area", "shift", "officer")
    ]
    contacts = [
        pages.say(
            "contact",
            agency=pages.names.agency[a.id],
            contact=" ".join(part for part in (one_line(a.contact), one_line(a.phone)) if part),
        )
        for a in pages.problem.agencies
        if a.contact or a.phone
    ]
    heading = pages.say("agencies-title", plan=one_line(pages.problem.name))
    row = style.title(sheet, heading, 6, contacts)
    style.header(sheet, row, heads, since=1 if len(contacts) < 4 else None)
    first = row
    for agency in pages.problem.agencies:
        style.new_page(sheet, row, first)
        for event in pages.events:
            people = pages.people(event, agency.id)
            if people:
                row += 1
                style.line(sheet, row, [
                    pages.names.agency[agency.id], event.date, weekday(event.date, pages.lang),
                    pages.place(event), pages.shift(event), people,
                ], fill=style.OFF if pages.off(event.date) else None)  # fmt: skip
    style.fit(sheet, first, row, [(12, 24), (12, 12), (9, 12), (16, 40), (16, 26), (16, 44)])
    style.page(sheet, landscape=False, footer=one_line(pages.problem.name))


def officer_slips(pages: Pages) -> None:
    """What each officer has to do: one block a person, in the order of the plan."""
    sheet = pages.book.create_sheet(pages.say("sheet.slips"))
    heads = [pages.say(f"column.{n}") for n in (
        "officer", "date", "weekday", "lunar", "area", "shift", "role", "partners")]  # fmt: skip
    row = style.title(sheet, pages.say("slips-title", plan=one_line(pages.problem.name)), 8)
    style.header(sheet, row, heads, since=1)
    own = events_by_feed(pages.problem, pages.roster)
    first = row
    for person in pages.problem.officers:
        mine = own.get(("officer", person.id), [])
        if mine:
            style.new_page(sheet, row, first)
        for event in mine:
            row += 1
            if isinstance(event, Rest):
                style.line(sheet, row, [
                    pages.names.officer[person.id], event.date, weekday(event.date, pages.lang),
                    pages.day_words(event.date), pages.say("rest"), "", "", "",
                ], fill=style.AWAY)  # fmt: skip
                continue
            role = next(m.role for m in event.members if m.officer == person.id)
            partners = [pages.names.officer[o] for o in event.officers if o != person.id]
            style.line(sheet, row, [
                pages.names.officer[person.id], event.date, weekday(event.date, pages.lang),
                pages.day_words(event.date), pages.place(event),
                pages.shift(event), pages.say(f"role.{role}"), join(partners, pages.lang),
            ], fill=style.OFF if pages.off(event.date) else None)  # fmt: skip
    style.fit(sheet, first, row, [
        (10, 24), (12, 12), (9, 12), (10, 34), (12, 40), (16, 26), (8, 18), (16, 48)])  # fmt: skip
    # On its long side, so that the duties of five months stand on one page.
    style.page(sheet, landscape=False, footer=one_line(pages.problem.name))
