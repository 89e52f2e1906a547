"""Rows that state rules, each with its parameters in one cell, as people write them."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from patrol_scheduler.faults import Path
from patrol_scheduler.formats import cells
from patrol_scheduler.formats.cells import Cell
from patrol_scheduler.formats.plan_tables.rows import SheetRows
from patrol_scheduler.formats.plan_tables.sheets import RULES, Sheet
from patrol_scheduler.formats.plan_tables.values import CellReader
from patrol_scheduler.formats.tables import At, PlanTables
from patrol_scheduler.rules import BY_NAME

HARD = ("硬", "hard", "must", "必须")
"""What the level of a rule without a price is called."""


class RuleRows:
    """Reads stated rules into ``found``."""

    def __init__(self, found: PlanTables, reader: CellReader) -> None:
        self.found, self.cells = found, reader

    def read(self, sheet: Sheet, table: SheetRows) -> None:
        """Read all rows of the sheet."""
        entries: list[dict[str, Any]] = []
        self.found.document[RULES] = entries
        for row in table.rows:
            path: Path = (RULES, len(entries))
            entry: dict[str, Any] = {}
            self.found.places[path] = At(table.title, row.number)
            for column in sheet.columns:
                if column.name in row.cells and column.name not in ("parameters", "title"):
                    cell, at = row.cells[column.name]
                    self.cells.value(column, cell, at, entry, (*path, column.name))
            if "parameters" in row.cells:
                cell, at = row.cells["parameters"]
                for name, value in self._parameters(cell, at).items():
                    entry[name] = value
                    self.found.places[*path, name] = at
            level = cells.folded(str(entry.get("level", ""))).casefold()
            kind = BY_NAME.get(str(entry.get("rule")))
            if level in HARD and kind is not None and "level" not in kind.model_fields:
                del entry["level"]  # the rule knows no other
            entries.append(entry)

    def _parameters(self, cell: Cell, at: At) -> dict[str, Any]:
        text = str(cells.read_text(cell).value)
        for attempt in (text, _loose(text)):
            try:
                read: dict[str, Any] = tomllib.loads(f"x = {{ {attempt} }}")["x"]
            except (ValueError, RecursionError):
                continue
            return read
        self.found.fault(at, text, "parameters-unreadable")
        return {}


def _loose(text: str) -> str:
    """Parameters as people write them: ``days=2；per=week``."""
    parts = []
    for part in re.split(r"[;；\n]|[,，、](?=\s*\w+\s*[=＝])", text):
        name, _, value = cells.folded(part).partition("=")
        if not name.strip():
            continue
        word = value.strip()
        try:
            tomllib.loads(f"x = {word}")
        except ValueError:
            word = json.dumps(word, ensure_ascii=False)
        parts.append(f"{name.strip()} = {word}")
    return ", ".join(parts)
