"""The statistics of a roster as a JSON document."""

from __future__ import annotations

import json
from typing import Any


def statistics_json(document: dict[str, object]) -> str:
    """The document of :func:`patrol_scheduler.statistics.document` as JSON text, one row a line.

    It ends with a newline.
    """
    return _indented(document, "") + "\n"


def _indented(value: Any, indent: str) -> str:
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{_compact(key)}: {_indented(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(deeper + line for line in lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(deeper + _compact(item) for item in value) + f"\n{indent}]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
