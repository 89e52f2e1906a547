"""Opens the archive of a workbook that a stranger sent: bounded, without macros or entities."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from patrol_scheduler.formats.files import refuse

MOST_PARTS = 2_000
LARGEST_PART = 64 * 1024 * 1024
LARGEST_TOTAL = 128 * 1024 * 1024
"""The most that a workbook may unpack to, in bytes."""

MANY_ROWS = 20_000
"""From so many rows on, those without a value are left out before the sheet is read."""

_MACROS = (b"macroEnabled", b"vbaProject", b"macrosheet")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ROW = re.compile(rb"<row\b[^>]*?(?:/>|>(?:\s*<c\b[^>]*?(?:/>|>\s*</c>))*\s*</row>)")


def safe_archive(file: str, content: bytes) -> tuple[bytes, bool]:
    """The workbook as an archive that can be opened without harm, and whether it has links.

    Refused, as :class:`InvalidInputError`: what is no workbook, old or encrypted ones, macros,
    parts or totals beyond the limits (whatever sizes the archive claims), document types and
    entities. Rows without any value are dropped where there are very many.
    """
    if content.startswith(_OLD):
        refuse(file, "tables.workbook-old")
    try:
        return _checked(file, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        refuse(file, "tables.workbook-damaged")


def _checked(file: str, content: bytes) -> tuple[bytes, bool]:
    parts: dict[str, bytes] = {}
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_PARTS:
            refuse(file, "tables.workbook-bomb")
        names = {entry.filename for entry in entries}
        if len(names) < len(entries):
            refuse(file, "tables.workbook-damaged")
        if "[Content_Types].xml" not in names:
            refuse(file, "tables.workbook-damaged")
        if any(name.lower().endswith(".bin") and "vba" in name.lower() for name in names):
            refuse(file, "tables.workbook-macros")
        for entry in entries:
            if entry.is_dir():
                continue
            with archive.open(entry) as stream:
                part = stream.read(LARGEST_PART + 1)
            total += len(part)
            if len(part) > LARGEST_PART or total > LARGEST_TOTAL:
                refuse(file, "tables.workbook-bomb")
            parts[entry.filename] = part
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            start = part[:2]
            if start in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                refuse(file, "tables.workbook-entities")
    if any(kind in parts["[Content_Types].xml"] for kind in _MACROS):
        refuse(file, "tables.workbook-macros")
    links = any("externalLinks/" in name for name in parts)
    many = [
        name
        for name, part in parts.items()
        if name.startswith("xl/worksheets/") and part.count(b"<row") > MANY_ROWS
    ]
    if not many:
        return content, links
    for name in many:
        parts[name] = _EMPTY_ROW.sub(b"", parts[name])
        if parts[name].count(b"<row") > MANY_ROWS:
            refuse(file, "tables.workbook-rows", most=MANY_ROWS)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as slim:
        for name, part in parts.items():
            slim.writestr(name, part)
    return target.getvalue(), links
