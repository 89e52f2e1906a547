"""The command ``patrol-scheduler`` and its subcommands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.texts import DEFAULT_LANGUAGE, LANGUAGES, text

LANGUAGE_VARIABLE = "PATROL_SCHEDULER_LANG"
"""The environment variable that sets the language where ``--lang`` is not given."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and end the process with one of the statuses of :class:`Exit`."""
    from patrol_scheduler.cli import terminal

    terminal.prepare()
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status; nothing but an interrupt gets past it."""
    import click

    from patrol_scheduler.cli import terminal, usage
    from patrol_scheduler.cli.commands import commands

    lang = language(arguments)
    try:
        # Without anything to do, what there is to do is told.
        given = list(arguments) or ["--help"]
        return int(commands(lang).main(given, "patrol-scheduler", standalone_mode=False))
    except click.ClickException as wrong:
        for line in usage.wrong_usage(wrong, lang):
            terminal.say(line, err=True)
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        terminal.say(text("cli.aborted", lang), err=True)
        return Exit.ABORTED
    except Exception as unexpected:
        if "--debug" in arguments:
            import traceback

            for line in traceback.format_exc().splitlines():
                terminal.say(line, err=True)
        what = f"{type(unexpected).__name__}: {unexpected}"
        terminal.say(text("cli.unexpected", lang, what=what[:500]), err=True)
        return Exit.UNEXPECTED


def language(arguments: Sequence[str]) -> str:
    """The language of the help texts and of errors found before the options are read."""
    wanted = os.environ.get(LANGUAGE_VARIABLE, "")
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--":
            break
        if argument == "--lang":
            wanted = following
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE
