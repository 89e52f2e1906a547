"""Rows of leave and busy times that tell more than days: hours, a shift, duty elsewhere, a wish."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from patrol_scheduler.faults import Path, Speller
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell, CellError
from patrol_scheduler.formats.plan_tables.rows import SheetRows
from patrol_scheduler.formats.plan_tables.sheets import Column, Sheet, choice_spellings
from patrol_scheduler.formats.plan_tables.values import CellReader
from patrol_scheduler.formats.tables import At, PlanTables, Row
from patrol_scheduler.problem import LEAVE_KINDS, Shift


class BusyRows:
    """Reads busy times into ``found``, from a sheet of their own or from among leave."""

    def __init__(
        self,
        found: PlanTables,
        reader: CellReader,
        sheets: Mapping[str, SheetRows],
        speller: Speller,
    ) -> None:
        self.found, self.cells, self.sheets, self.speller = found, reader, sheets, speller

    def is_busy(self, sheet: Sheet, row: Row) -> bool:
        """Whether a row of leave tells more than days: hours, a shift, duty elsewhere, a wish."""
        kind, hard = (
            cells.folded(cells.plain(row.cells[name][0])) if name in row.cells else ""
            for name in ("kind", "hard")
        )
        column = sheet.column("kind")
        away = choice_spellings(column).get(kind.casefold(), kind) if column else kind
        return (
            "shift" in row.cells
            or away not in ("", *LEAVE_KINDS)
            or (bool(hard) and not _says_yes(row.cells["hard"][0]))
            or any(_has_time(row.cells[name][0]) for name in ("start", "end") if name in row.cells)
        )

    def read(self, sheet: Sheet, row: Row) -> None:
        """A row of busy times, read like one of leave."""
        officer = None
        if "officer" in row.cells:
            cell, at = row.cells["officer"]
            path = ("busy", len(self.found.document["busy"]), "officer")
            self.found.places[path] = at
            officer = self.cells.read(Column("officer", "reference", target="officers"), cell, at)
        self.add(sheet, row, officer)

    def add(self, sheet: Sheet, row: Row, officer: object) -> None:
        """The busy times of a row: one stretch, or one a day in the hours of a shift."""
        listed: list[dict[str, Any]] = self.found.document.setdefault("busy", [])
        path: Path = ("busy", len(listed))
        self.found.places[path] = At(self.sheets[sheet.name].title, row.number)
        entry: dict[str, Any] = {"officer": officer} if officer is not None else {}
        for name in ("kind", "hard", "reason", "remarks"):
            column = sheet.column(name)
            if column and name in row.cells:
                cell, at = row.cells[name]
                self.cells.value(column, cell, at, entry, (*path, name))
        for name, end in (("start", False), ("end", True)):
            source = name if name in row.cells or "shift" not in row.cells else "start"
            if source in row.cells:
                cell, at = row.cells[source]
                found = self.cells.moment(cell, at, (*path, name), end=end)
                if found is not None:
                    entry[name] = found
        shift = self._shift_of(sheet, row)
        if shift is None or not isinstance(entry.get("start"), dt.datetime) or "end" not in entry:
            listed.append(entry)
            return
        first, last = entry["start"].date(), (entry["end"] - dt.timedelta(minutes=1)).date()
        for n in range(min((last - first).days, 3660) + 1):
            day = dt.datetime.combine(first + dt.timedelta(days=n), dt.time())
            times = {
                "start": day + dt.timedelta(minutes=shift.start_minute),
                "end": day + dt.timedelta(minutes=shift.end_minute),
            }
            self.found.places["busy", len(listed)] = self.found.places[path]
            listed.append(entry | times)

    def _shift_of(self, sheet: Sheet, row: Row) -> Shift | None:
        """The shift that a row names, where its hours can be read."""
        column = sheet.column("shift")
        if column is None or "shift" not in row.cells:
            return None
        cell, at = row.cells["shift"]
        found = self.cells.read(column, cell, at)
        told = [s for s in self.found.document.get("shifts", ()) if s.get("id") == found]
        if not told and found is not None:
            known = [str(s.get("id", "")) for s in self.found.document.get("shifts", ())]
            nearest = self.speller.nearest(str(found), known)
            self.found.fault(at, found, "unknown-shift", nearest=nearest)
        try:
            return Shift(id="-", start=told[0]["start"], end=told[0]["end"])
        except (IndexError, KeyError, ValueError):
            return None


def _says_yes(cell: Cell) -> bool:
    try:
        return bool(cells.read_flag(cell).value)
    except CellError:
        return False


def _has_time(cell: Cell) -> bool:
    """Whether a cell tells a time of day beside a date."""
    if isinstance(cell, dt.datetime):
        return cell.time() != dt.time()
    return isinstance(cell, str) and bool(re.search(r"\d\s*[:时点T]", cells.folded(cell)))
