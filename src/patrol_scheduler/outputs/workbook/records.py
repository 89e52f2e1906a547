"""Patrol record forms, filled in as far as the roster knows, to be completed on the road."""

from __future__ import annotations

from openpyxl import Workbook

from patrol_scheduler.formats.workbook_file import saved
from patrol_scheduler.outputs.wording import join, one_line, weekday, year_month
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.outputs.workbook.duties import Pages
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster

COLUMNS = (
    "date", "patrol", "planned-time", "actual-start", "actual-end", "weather", "leader", "people",
    "plate", "kilometres", "area", "kind", "where", "count", "handling", "open", "from", "to",
    "photos",
)  # fmt: skip
"""The columns of a record: planned ones first filled, then what the patrol notes."""

_OF_A_FINDING = ("kind", "where", "count", "handling", "open", "from", "to", "photos")
"""The columns that have a row for each kind; the others are of the whole patrol."""

_BOUNDS = (
    (11.5, 11.5), (13.0, 13.0), (12.5, 14.0), (7.0, 7.5), (7.0, 7.5), (6.5, 8.5), (8.0, 12.0),
    (18.0, 20.0), (8.0, 8.0), (6.0, 6.0), (13.0, 16.0), (11.0, 14.0), (12.0, 12.0), (6.0, 6.5),
    (11.0, 11.0), (7.0, 7.0), (7.0, 9.5), (7.0, 9.5), (7.0, 7.5),
)  # fmt: skip
"""How wide they are, at least and at most: narrow, so that a page can be read and written on."""


def record_forms(problem: Problem, roster: Roster, lang: str) -> bytes:
    """The record forms of every patrol as an ``.xlsx`` file: a sheet a month.

    A patrol has a row for each kind of violation that its area is patrolled for, so that every
    count stands beside one kind; what is of the whole patrol is one merged cell over them. The
    patrol's id links the record to the plan; columns of what was found are left empty.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    pages = Pages(problem, roster, lang, book)
    months: dict[str, list[int]] = {}
    for place, event in enumerate(pages.events):
        if event.area is not None:
            months.setdefault(f"{event.date:%Y-%m}", []).append(place)
    for month, places in months.items():
        sheet = book.create_sheet(f"{pages.say('sheet.records')} {month}")
        heads = [pages.say(f"record.{name}") for name in COLUMNS]
        heading = pages.say(
            "records-title",
            plan=one_line(problem.name),
            month=year_month(pages.events[places[0]].date, lang),
        )
        row = style.title(sheet, heading, len(COLUMNS), [pages.say("records-note")])
        style.header(sheet, row, heads, since=1)
        head = row
        blocks: list[tuple[int, int]] = []
        for place in places:
            event = pages.events[place]
            kinds: list[str | None] = [
                pages.names.kind[kind] for kind in problem.area_by_id[event.area or ""].targets
            ]
            leaders = [pages.names.officer[officer] for officer in event.leaders]
            planned: dict[str, object] = {
                "date": f"{event.date.isoformat()} {weekday(event.date, lang)}",
                "patrol": event.patrol,
                "planned-time": pages.time(event.shift),
                "leader": join(leaders, lang),
                "people": pages.people(event),
                "area": pages.place(event),
            }
            first = row + 1
            for kind in kinds or [None]:
                row += 1
                given = {**planned, "kind": kind} if row == first else {"kind": kind}
                style.line(sheet, row, [given.get(name) for name in COLUMNS])
            if row > first:
                for column, name in enumerate(COLUMNS, start=1):
                    if name not in _OF_A_FINDING:
                        sheet.merge_cells(None, first, column, row, column)
            blocks.append((first, row))
        style.fit(sheet, head, row, _BOUNDS)
        sheet.row_dimensions[head].height = max(sheet.row_dimensions[head].height, 48)
        for first, last in blocks:
            style.at_least(sheet, first, last, 62)
        style.page(sheet, footer=one_line(problem.name))
    if not months:
        book.create_sheet(pages.say("sheet.records"))
    return saved(book, problem.name)
