"""How a plan differs from an earlier version of it, entry by entry, in the words of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from patrol_scheduler.faults import shown
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.plan_tables.sheets import (
    KEY,
    LEAVE,
    PLAN,
    Column,
    Sheet,
    choice_word,
    heading,
    sheet_word,
)
from patrol_scheduler.formats.plan_tables.writer import Laid, lay_out
from patrol_scheduler.problem import LEAVE_KINDS, Problem
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label

AWAY = (LEAVE, "busy")
"""The tables that tell when people are away."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One entry of a plan that is new, is no longer there, or has another value in one column.

    ``table`` names the list of the plan, such as ``officers`` or ``officers.leave``; ``entry`` says
    which one it is, empty for a single value of the plan. ``column``, ``before`` and ``after`` are
    empty unless ``kind`` is ``changed``. Words are in the language that :func:`plan_changes` was
    asked for.
    """

    table: str
    kind: Literal["new", "gone", "changed"]
    entry: str
    column: str = ""
    before: str = ""
    after: str = ""

    def say(self, lang: str) -> str:
        """The change as a sentence."""
        between = text("plan-change.between", lang)
        table = sheet_word(self.table, lang)
        return text(
            f"plan-change.{self.kind}",
            lang,
            place=between.join(filter(None, (table, self.entry))),
            table=table,
            entry=self.entry,
            column=self.column,
            before=self.before,
            after=self.after,
        )

    def document(self, lang: str) -> dict[str, Any]:
        """The change for other systems: what JSON can hold."""
        return {
            "table": self.table,
            "kind": self.kind,
            "entry": self.entry,
            "text": self.say(lang),
        }


def plan_changes(before: Problem, after: Problem, lang: str) -> tuple[PlanChange, ...]:
    """What a plan has that an earlier version had not, no longer has, or has otherwise.

    In the order of the plan's tables. Entries with an id are compared value by value; others, such
    as leave, are the same where all their values are. The order of entries does not count. Remarks
    and reasons for being away are the office's own: neither they nor their changes are told.
    """
    tables = list(zip(lay_out(before, lang), lay_out(after, lang), strict=True))
    ids = {old.sheet.name: (_ids(old), _ids(new)) for old, new in tables}
    found: list[PlanChange] = []
    for old, new in tables:
        was, now = ids.get(old.sheet.parent, (set(), set()))
        found += _table_changes(old, new, was ^ now, lang)
    return tuple(found)


def _ids(laid: Laid) -> set[Cell]:
    names = [column.name for column in laid.columns]
    return {row[names.index("id")] for row in laid.rows} if "id" in names else set()


def _table_changes(old: Laid, new: Laid, told: set[Cell], lang: str) -> Iterator[PlanChange]:
    """The changes of one table, but for the rows of owners that are told to be new or gone."""
    sheet, columns = old.sheet, old.columns
    names = [column.name for column in columns]
    # Numbers that only hold rows together change with what stands before them.
    number = KEY if sheet.grouped else ""
    was_rows, now_rows = (
        [
            tuple(
                None if name == number else _public(sheet.name, name, cell, lang)
                for name, cell in zip(names, row, strict=True)
            )
            for row in laid.rows
            if not (sheet.parent and row[0] in told)
        ]
        for laid in (old, new)
    )
    place = 0 if sheet.name == PLAN else names.index("id") if "id" in names else None
    if place is None:
        yield from _as_wholes(sheet, columns, was_rows, now_rows, lang)
        return
    was, now = ({str(row[place]): row for row in some} for some in (was_rows, now_rows))
    for key in [*was, *(key for key in now if key not in was)]:
        if key not in now:
            yield PlanChange(sheet.name, "gone", _entry(sheet, columns, was[key], lang))
        elif key not in was:
            yield PlanChange(sheet.name, "new", _entry(sheet, columns, now[key], lang))
        else:
            yield from _values(sheet, columns, key, was[key], now[key], lang)


def _public(sheet: str, column: str, cell: Cell, lang: str) -> Cell:
    """A value as others may read it: remarks, and why somebody is away, stand in the plan alone."""
    if column == "remarks" and sheet != "phases":  # a phase's are printed below the duty sheets
        return None
    if column == "reason" and sheet in AWAY:
        return None
    if sheet in AWAY and cell in {choice_word("kind", kind, lang) for kind in LEAVE_KINDS}:
        return text("busy.leave", lang)
    return cell


def _as_wholes(
    sheet: Sheet,
    columns: Sequence[Column],
    old: Sequence[tuple[Cell, ...]],
    new: Sequence[tuple[Cell, ...]],
    lang: str,
) -> Iterator[PlanChange]:
    was, now = Counter(old), Counter(new)
    for row in (was - now).elements():
        yield PlanChange(sheet.name, "gone", _entry(sheet, columns, row, lang))
    for row in (now - was).elements():
        yield PlanChange(sheet.name, "new", _entry(sheet, columns, row, lang))


def _values(
    sheet: Sheet,
    columns: Sequence[Column],
    key: str,
    was: tuple[Cell, ...],
    now: tuple[Cell, ...],
    lang: str,
) -> Iterator[PlanChange]:
    named = dict(zip((column.name for column in columns), now, strict=True))
    who = label(key, str(named.get("name") or ""))
    nothing = text("plan-change.nothing", lang)
    for column, old, new in zip(columns, was, now, strict=True):
        if old != new:
            single = sheet.name == PLAN
            yield PlanChange(
                sheet.name,
                "changed",
                "" if single else shown_plainly(who),
                shown_plainly(key) if single else heading(sheet.name, column.name, lang),
                nothing if old is None else shown_plainly(old),
                nothing if new is None else shown_plainly(new),
            )


def _entry(sheet: Sheet, columns: Sequence[Column], row: tuple[Cell, ...], lang: str) -> str:
    """An entry by the values that it has, each behind its heading; default flags are left out."""
    return text("plan-change.between", lang).join(
        f"{heading(sheet.name, column.name, lang)} {shown_plainly(cell)}"
        for column, cell in zip(columns, row, strict=True)
        if cell is not None and cell != _default_flag(column, lang)
    )


def _default_flag(column: Column, lang: str) -> str:
    """The word of a flag that a plan need not state."""
    if column.kind != "flag":
        return ""
    return text(f"statistics.values.{'yes' if column.default else 'no'}", lang)


def shown_plainly(cell: object) -> str:
    """A cell as a sentence shows it, without quotation marks."""
    words = shown(cell)
    return words[1:-1] if isinstance(cell, str) else words
