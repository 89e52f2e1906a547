"""The words of the command line itself in the chosen language: click's own are English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from patrol_scheduler.texts import catalogue, text

_WRONG = {
    "missing-option": r"Missing option '(?P<name>[^']+)'.*",
    "missing-argument": r"Missing argument '(?P<name>[^']+)'.*",
    "missing-command": r"Missing command\.",
    "unknown-option": r"No such option:? '?(?P<name>[^' ]+?)'?\.?(?P<near> .*)?",
    "unknown-command": r"No such command '(?P<name>[^']*)'\.(?P<near> .*)?",
    "needs-value": r"Option '(?P<name>[^']+)' requires an argument\.",
    "takes-no-value": r"Option '(?P<name>[^']+)' does not take a value\.",
    "too-many": r"Got unexpected extra arguments? \((?P<value>.*)\)",
    "not-a-number": r"Invalid value for '(?P<name>[^']+)': '(?P<value>.*)' is not a valid float.*",
    "not-whole": r"Invalid value for '(?P<name>[^']+)': '(?P<value>.*)' is not a valid int.*",
    "not-finite": r"Invalid value for '(?P<name>[^']+)': (?P<value>\S+) is not a finite number\.",
    "out-of-range": r"Invalid value for '(?P<name>[^']+)': (?P<value>\S+) is not in the range "
    r"(?P<range>.*)\.",
    "not-a-date": r"Invalid value for '(?P<name>[^']+)': '(?P<value>.*)' is not a date such as "
    r"2010-08-01\.",
    "no-choice": r"Invalid value for '(?P<name>[^']+)': '(?P<value>.*)' is not one of "
    r"(?P<range>.*)\.",
}
"""What click says of wrong options, by the key of our sentence."""

_NEAR = re.compile(r"'([^']+)'|(--?[\w-]+)")


def wrong_usage(wrong: click.ClickException, lang: str) -> Iterator[str]:
    """The lines that tell what is wrong with the options; what is not known stays as it is."""
    context = getattr(wrong, "ctx", None)
    if context is not None:
        yield from context.get_usage().splitlines()
        yield ""
    message = wrong.format_message()
    for key, pattern in _WRONG.items():
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            values = found.groupdict("")
            values |= {"name": _told_by(wrong)} if _told_by(wrong) else {}
            near = ["".join(pair) for pair in _NEAR.findall(values.pop("near", ""))]
            message = text(f"cli.usage.{key}", lang, **values)
            if near:
                message += text("cli.usage.nearest", lang, nearest=", ".join(near))
            break
    yield text("cli.usage.wrong", lang, message=message)


def _told_by(wrong: click.ClickException) -> str:
    """The environment variable whose value is wrong, if it is one's."""
    context, option = getattr(wrong, "ctx", None), getattr(wrong, "param", None)
    if context is None or option is None or option.name is None:
        return ""
    told_by = context.get_parameter_source(option.name)
    environment = click.core.ParameterSource.ENVIRONMENT
    return str(option.envvar) if told_by is environment else ""


_HELP = {
    "usage": r"^Usage: ",
    "options": r"^Options:",
    "commands": r"^Commands:",
    "any-options": r"\[OPTIONS\]",
    "any-command": r"\[?COMMAND\]? \[ARGS\]\.\.\.",
    "default": r"(?<=\[)default: ?",
    "required": r"(?<=[\[ ])required(?=\])",
}
"""The words on a help page that are click's own."""


def group_class(lang: str) -> type[click.Group]:
    """A group whose help pages, and those of its commands, are in the language throughout."""
    words = catalogue(lang)

    class Formatter(click.HelpFormatter):
        def getvalue(self) -> str:
            page = super().getvalue()
            for key, pattern in _HELP.items():
                word = words[f"cli.usage.{key}"].replace("\\", r"\\")
                page = re.sub(pattern, word, page, flags=re.MULTILINE)
            return page

    class Context(click.Context):
        formatter_class = Formatter

    class Command(click.Command):
        context_class = Context

    class Group(click.Group):
        context_class = Context
        command_class = Command

    return Group
