"""A plan as a folder of CSV files, one a sheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path as FilePath

from patrol_scheduler.formats.cells import Cell, plain
from patrol_scheduler.formats.files import LARGEST, MOST_ROWS, decode_table, read_bytes, refuse
from patrol_scheduler.formats.plan_tables.sheets import heading
from patrol_scheduler.formats.plan_tables.writer import lay_out
from patrol_scheduler.formats.tables import Table
from patrol_scheduler.problem import Problem

MOST_FILES = 60


def read_folder(path: str | FilePath) -> list[Table]:
    """The ``.csv`` files of a folder as tables, named by their files.

    UTF-8 with or without a byte order mark, or GB18030. Raises :class:`InvalidInputError`.
    """
    file = str(path)
    try:
        found = sorted(p for p in FilePath(path).iterdir() if p.suffix.lower() == ".csv")
    except OSError:
        refuse(file, "file-missing")
    if not found or len(found) > MOST_FILES:
        refuse(file, "tables.folder-empty" if not found else "tables.folder-too-many")
    if sum(p.stat().st_size for p in found if p.is_file()) > LARGEST:
        refuse(file, "file-too-large", most=LARGEST // 1024 // 1024)
    return [_table(entry) for entry in found]


def _table(path: FilePath) -> Table:
    file = str(path)
    text = decode_table(file, read_bytes(path))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        for number, row in enumerate(reader, start=1):
            if len(rows) > MOST_ROWS:
                refuse(file, "too-many-rows", most=MOST_ROWS)
            if any(cell.strip() for cell in row):
                rows.append((number, [cell or None for cell in row]))
    except csv.Error:
        refuse(file, "csv-syntax", line=reader.line_num)
    return Table(path.stem, rows)


def plan_csvs(problem: Problem, lang: str) -> dict[str, bytes]:
    """The plan as CSV files by their names, UTF-8 with a byte order mark; empty sheets left out."""
    files: dict[str, bytes] = {}
    for laid in lay_out(problem, lang):
        if not laid.rows:
            continue
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow([heading(laid.sheet.name, c.name, lang) for c in laid.columns])
        writer.writerows([plain(cell) for cell in row] for row in laid.rows)
        files[f"{laid.sheet.title(lang)}.csv"] = target.getvalue().encode("utf-8-sig")
    return files
