"""Every text for people, one catalogue a language: a folder of TOML files."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "zh-CN"


COUNTED = re.compile(r"(\{(\w+)\} [^{}()]*)\(s\)")
"""A number and what it counts, such as ``{n} officer(s)``."""


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All texts of a language by dotted key; raises ``ValueError`` for an unknown language."""
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    texts: dict[str, str] = {}
    for entry in sorted(files(__package__).joinpath(lang).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            texts.update(_flat(tomllib.loads(entry.read_text(encoding="utf-8")), ""))
    return texts


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, value))
    return found


def text(key: str, lang: str, **values: object) -> str:
    """The text of ``key`` with ``values`` in its ``{places}``; values are never read as places.

    What a number counts, such as ``{n} officer(s)``, has its plural but where the number is 1.
    """

    def counted(found: re.Match[str]) -> str:
        return found[1] + ("" if str(values.get(found[2])) == "1" else "s")

    template = catalogue(lang)[key]
    if "(s)" in template:
        template = COUNTED.sub(counted, template)
    return template.format(**values)
