"""The official duty sheet, one sheet a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from openpyxl.styles import Font

from patrol_scheduler.formats.workbook_file import put
from patrol_scheduler.outputs.events import Event
from patrol_scheduler.outputs.tables import gap_days
from patrol_scheduler.outputs.wording import (
    cadence_sentences,
    has_auxiliaries,
    join,
    long_date,
    mode_words,
    named,
    one_line,
    vehicles_of,
    weekday,
    year_month,
)
from patrol_scheduler.outputs.workbook import style
from patrol_scheduler.outputs.workbook.duties import Pages
from patrol_scheduler.rules.leading import leader_posts

_WIDTHS = {
    "date": (12.0, 12.0), "weekday": (9.0, 12.0), "lunar": (10.0, 34.0), "phase": (10.0, 22.0),
    "area": (12.0, 40.0), "shift": (16.0, 26.0), "vehicle": (9.0, 16.0), "remarks": (10.0, 30.0),
    "leader-on-duty": (9.0, 24.0), "phone": (8.0, 24.0),
    "leader": (9.0, 24.0), "leader-phone": (8.0, 24.0),
}  # fmt: skip
"""How wide the columns of the duty sheet are, at least and at most."""

_IF_ANY = ("phase", "leader-on-duty", "phone", "leader", "leader-phone", "vehicle")
"""The columns that are left away where the whole roster has nothing to say in them."""


@dataclass(frozen=True)
class _DutySheet:
    """What the rows of the duty sheet say, column by column."""

    pages: Pages

    @cached_property
    def _gaps(self) -> dict[tuple[str, dt.date], int | None]:
        return gap_days(self.pages.problem, self.pages.roster)

    @cached_property
    def _phases(self) -> dict[str, str]:
        return {phase.id: named(phase.id, phase.name) for phase in self.pages.problem.phases}

    @cached_property
    def _on_duty(self) -> dict[dt.date, list[str]]:
        """The leaders on duty of each date."""
        posts = {post.id for post in leader_posts(self.pages.problem)}
        found: dict[dt.date, list[str]] = {}
        for event in self.pages.events:
            if event.post in posts:
                found.setdefault(event.date, []).extend(event.officers)
        return found

    @cached_property
    def rows(self) -> list[tuple[Event, dict[str, object]]]:
        """Every event with its columns, and the officers of each agency under the agency's id."""
        return [(event, self._row(event)) for event in self.pages.events]

    @cached_property
    def heads(self) -> dict[str, str]:
        """The headings of the columns that say something, in their order."""
        pages = self.pages
        people = {f"agency {a.id}": pages.names.agency[a.id] for a in pages.problem.agencies}
        if has_auxiliaries(pages.problem):
            people["auxiliary"] = pages.say("column.auxiliary")
        before = ("date", "weekday", "lunar", "phase", "area", "shift",
                  "leader-on-duty", "phone", "leader", "leader-phone")  # fmt: skip
        found = {name: pages.say(f"column.{name}") for name in before} | people
        found |= {name: pages.say(f"column.{name}") for name in ("vehicle", "remarks")}
        empty = {name for name in _IF_ANY if not any(row[name] for _, row in self.rows)}
        return {name: head for name, head in found.items() if name not in empty}

    def phase_words(self, phase: str) -> str:
        """What a phase is called."""
        return self._phases[phase]

    def _row(self, event: Event) -> dict[str, object]:
        pages, problem, lang = self.pages, self.pages.problem, self.pages.lang
        phase = problem.phase_on(event.date)
        gap = self._gaps.get((event.area or "", event.date))
        remarks = [pages.say("gap", days=gap)] if gap is not None else []
        if event.area and (mode := mode_words(problem, event.date, lang)):
            remarks.insert(0, mode)
        on_duty = self._on_duty.get(event.date, []) if event.area else []
        apart = has_auxiliaries(problem)
        people = {
            f"agency {agency.id}": pages.people(
                event, agency.id, auxiliary=False if apart else None
            )
            for agency in problem.agencies
        }
        return {
            "date": event.date,
            "weekday": weekday(event.date, lang),
            "lunar": pages.day_words(event.date),
            "phase": self._phases.get(phase.id, "") if phase else "",
            "area": pages.place(event),
            "shift": pages.shift(event),
            "leader-on-duty": self._names(on_duty),
            "phone": self._phones(on_duty),
            "leader": self._names(event.leaders),
            "leader-phone": self._phones(event.leaders),
            **people,
            "auxiliary": pages.people(event, auxiliary=True),
            "vehicle": join(vehicles_of(problem, event.area), lang),
            "remarks": join(remarks, lang) if remarks else None,
        }

    def _names(self, officers: Sequence[str]) -> str:
        return join([self.pages.names.officer[officer] for officer in officers], self.pages.lang)

    def _phones(self, officers: Sequence[str]) -> str:
        known = [self.pages.problem.officer_by_id[officer].phone for officer in officers]
        return join([one_line(phone) for phone in known if phone], self.pages.lang)


def duty_months(pages: Pages) -> None:
    """The official duty sheet: one sheet a month, each row a patrol or a staffed post."""
    problem, say = pages.problem, pages.say
    told = _DutySheet(pages)
    heads = told.heads
    notes = [
        part
        for part in (
            say("issued-by", issuer=one_line(problem.issuer)) if problem.issuer else "",
            say("issued-on", date=long_date(problem.issued, pages.lang)) if problem.issued else "",
        )
        if part
    ]
    for (year, month), found in groupby(
        told.rows, key=lambda entry: (entry[0].date.year, entry[0].date.month)
    ):
        listed = list(found)
        sheet = pages.book.create_sheet(f"{say('sheet.duties')} {year}-{month:02d}")
        heading = say(
            "duty-title",
            plan=one_line(problem.name),
            month=year_month(listed[0][0].date, pages.lang),
        )
        row = style.title(sheet, heading, len(heads), ["    ".join(notes)] if notes else [])
        style.header(sheet, row, list(heads.values()), since=1)
        first = row + 1
        for event, values in listed:
            row += 1
            fill = style.OFF if pages.off(event.date) else None
            style.line(sheet, row, [values[name] for name in heads], fill=fill)
        style.fit(sheet, first - 1, row, [_WIDTHS.get(name, (10.0, 34.0)) for name in heads])
        here = dict.fromkeys(problem.phase_on(event.date) for event, _ in listed)
        notes_below = [*cadence_sentences(problem, pages.lang), say("duty-note")]
        notes_below += [say("vehicle-note")] if "vehicle" in heads else []
        notes_below += [
            say("phase-remarks", phase=told.phase_words(phase.id), remarks=one_line(phase.remarks))
            for phase in here
            if phase and phase.remarks
        ]
        for note in notes_below:
            row += 1
            put(sheet, row, 1, note)
            sheet.cell(row, 1).font = Font(size=9)
        style.page(sheet, footer=one_line(problem.name))
        style.on_one_page(sheet, row)
