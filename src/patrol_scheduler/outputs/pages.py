"""The HTML templates of the outputs: every value escaped, none forgotten."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def template(name: str) -> Template:
    """The template of a page, by the name of its file in ``templates/``."""
    environment = Environment(
        loader=PackageLoader("patrol_scheduler.outputs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)
