"""The commented plan that a new user starts from."""

from __future__ import annotations

from importlib.resources import files

from patrol_scheduler.texts import LANGUAGES


def template(lang: str) -> str:
    """A small complete plan as TOML, each key explained in ``lang`` (``zh-CN`` or ``en``).

    Raises ``ValueError`` for an unknown language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    entry = files("patrol_scheduler.formats").joinpath(f"plan_template.{lang}.toml")
    return entry.read_text(encoding="utf-8")
