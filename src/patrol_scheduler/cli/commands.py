"""The commands and their options; what they do is imported when they run."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from patrol_scheduler import __version__
from patrol_scheduler.cli.change_commands import DATE, Kit, add_commands
from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.cli.usage import group_class
from patrol_scheduler.texts import LANGUAGES, text

if TYPE_CHECKING:
    from patrol_scheduler.faults import InvalidInputError

FAULTS_SHOWN = 200
"""So many faults of an input are shown one by one; of the rest the number is said."""

_Command = Callable[..., Any]


def _finite(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """The value itself; infinity and what is no number lie in no range, but pass for one."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"{value} is not a finite number.")
    return value


def commands(lang: str) -> click.Group:
    """The command with all its subcommands.

    ``lang``, found in the arguments or the environment beforehand, is the language of the help and
    of everything that a subcommand says; here ``--lang`` is only held to the known languages.
    """
    # The environment variable is named in the package; imported here it would be a circle.
    from patrol_scheduler.cli import LANGUAGE_VARIABLE

    def help_on(name: str) -> str:
        return text(f"cli.help.{name}", lang)

    def common(command: _Command) -> _Command:
        command = click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            default=lang,
            show_default=True,
            help=help_on("lang"),
        )(command)
        return click.option("--debug", is_flag=True, expose_value=False, help=help_on("debug"))(
            command
        )

    def path(name: str, **more: Any) -> Callable[[_Command], _Command]:
        return click.argument(name, type=click.Path(path_type=Path), **more)

    def time_limit(
        seconds: float | None, default: str | bool = True
    ) -> Callable[[_Command], _Command]:
        return click.option(
            "--time-limit",
            type=click.FloatRange(0, min_open=True),
            callback=_finite,
            default=seconds,
            show_default=default,
            metavar="S",
            help=help_on("time-limit"),
        )

    busy = click.option(
        "--busy", type=click.Path(path_type=Path), metavar="FOLDER", help=help_on("busy")
    )
    as_json = click.option("--json", "as_json", is_flag=True, help=help_on("json"))

    @click.group(
        cls=group_class(lang),
        help=help_on("all"),
        epilog=help_on("exits"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    @click.version_option(__version__, prog_name="patrol-scheduler", help=help_on("version"))
    @click.help_option("-h", "--help", help=help_on("help"))
    @click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        envvar=LANGUAGE_VARIABLE,
        expose_value=False,
        help=help_on("lang"),
    )
    def group() -> None: ...

    def command(name: str) -> Callable[[_Command], click.Command]:
        def make(function: _Command) -> click.Command:
            made = group.command(name, help=help_on(name), short_help=help_on(f"{name}-short"))
            shown = click.help_option("-h", "--help", help=help_on("help"))
            return made(common(shown(function)))

        return make

    @command("init")
    @path("path", required=False)
    @click.option("--format", "form", type=click.Choice(["toml", "xlsx"]), help=help_on("format"))
    def init(path: Path | None, form: str | None, lang: str) -> int:
        from patrol_scheduler.cli.files import init

        return init(path, form, lang)

    mark = click.option(
        "--mark", type=click.Path(path_type=Path), metavar="FILE", help=help_on("mark")
    )

    @command("validate")
    @path("plan")
    @mark
    def validate(plan: Path, mark: Path | None, lang: str) -> int:
        from patrol_scheduler.cli.files import validate

        return _refusing(lambda: validate(plan, mark, lang), lang)

    @command("convert")
    @path("source")
    @path("target")
    @busy
    def convert(source: Path, target: Path, busy: Path | None, lang: str) -> int:
        from patrol_scheduler.cli.files import convert

        return _refusing(lambda: convert(source, target, lang, busy=busy), lang)

    @command("solve")
    @path("plan")
    @click.option(
        "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help=help_on("out")
    )
    @time_limit(60.0)
    @click.option(
        "--gap",
        type=click.FloatRange(0),
        callback=_finite,
        default=0.005,
        show_default=True,
        metavar="G",
        help=help_on("gap"),
    )
    @click.option(
        "--seed",
        type=click.IntRange(0, 2**31 - 1),
        metavar="N",
        help=help_on("seed"),
    )
    @click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help=help_on("workers"))
    @click.option(
        "--tolerance",
        type=click.FloatRange(0, 1),
        callback=_finite,
        default=0.0,
        show_default=True,
        metavar="T",
        help=help_on("tolerance"),
    )
    @click.option(
        "--after", type=click.Path(path_type=Path), metavar="FOLDER", help=help_on("after")
    )
    @busy
    @mark
    @click.option("--quiet", "-q", is_flag=True, help=help_on("quiet"))
    def solve(plan: Path, out: Path, lang: str, quiet: bool, **options: Any) -> int:
        from patrol_scheduler.cli.solving import solve

        return _refusing(lambda: solve(plan, out, lang, quiet=quiet, **options), lang)

    @command("check")
    @path("plan")
    @path("assignments")
    @as_json
    def check(plan: Path, assignments: Path, as_json: bool, lang: str) -> int:
        from patrol_scheduler.cli.rosters import check

        return _refusing(lambda: check(plan, assignments, lang, as_json=as_json), lang)

    @command("stats")
    @path("plan")
    @path("assignments")
    @as_json
    @click.option(
        "--actual", type=click.Path(path_type=Path), metavar="FILE", help=help_on("actual")
    )
    @click.option(
        "--records", type=click.Path(path_type=Path), metavar="FILE", help=help_on("records")
    )
    @click.option("--until", type=DATE, help=help_on("stats-until"))
    def stats(plan: Path, assignments: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.rosters import stats

        return _refusing(lambda: stats(plan, assignments, lang, **options), lang)

    @command("charts")
    @path("plan")
    @path("assignments")
    @click.option(
        "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help=help_on("out")
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(["png", "svg"]),
        default="png",
        show_default=True,
        help=help_on("chart-format"),
    )
    def charts(plan: Path, assignments: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.rosters import charts

        return _refusing(lambda: charts(plan, assignments, lang, **options), lang)

    @command("publish")
    @path("roster")
    @click.option(
        "--to",
        type=click.Path(path_type=Path),
        required=True,
        metavar="DIR",
        help=help_on("publish-to"),
    )
    @click.option("--plan", type=click.Path(path_type=Path), help=help_on("publish-plan"))
    @click.option("--url", metavar="URL", help=help_on("publish-url"))
    @click.option(
        "--alarm", type=click.IntRange(0, 40320), metavar="MINUTES", help=help_on("publish-alarm")
    )
    @click.option("--utc", is_flag=True, help=help_on("publish-utc"))
    @click.option("--force", is_flag=True, help=help_on("publish-force"))
    @click.option("--rebuild", is_flag=True, help=help_on("publish-rebuild"))
    @click.option("--with-breaches", is_flag=True, help=help_on("publish-breaches"))
    @click.option("--caldav", metavar="URL", help=help_on("publish-caldav"))
    @click.option("--caldav-user", metavar="NAME", help=help_on("publish-caldav-user"))
    @click.option(
        "--caldav-feed",
        metavar="FEED",
        default="all",
        show_default=True,
        help=help_on("publish-caldav-feed"),
    )
    @click.option(
        "--mail", type=click.Path(path_type=Path), metavar="MAILDIR", help=help_on("publish-mail")
    )
    @click.option("--mail-from", metavar="ADDRESS", help=help_on("publish-mail-from"))
    @click.option(
        "--mail-to",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=help_on("publish-mail-to"),
    )
    def publish(roster: Path, to: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.publishing import publish

        return _refusing(lambda: publish(roster, to, lang, **options), lang)

    def feeds_argument(command: _Command) -> _Command:
        return click.argument("feeds", metavar="FEED...", nargs=-1, required=True)(command)

    @command("rotate")
    @path("folder", metavar="DIR")
    @feeds_argument
    def rotate(folder: Path, feeds: tuple[str, ...], lang: str) -> int:
        from patrol_scheduler.cli.publishing import rotate

        return rotate(folder, feeds, lang)

    @command("revoke")
    @path("folder", metavar="DIR")
    @feeds_argument
    def revoke(folder: Path, feeds: tuple[str, ...], lang: str) -> int:
        from patrol_scheduler.cli.publishing import revoke

        return revoke(folder, feeds, lang)

    @command("serve")
    @path("folder", metavar="DIR")
    @click.option("--host", default="127.0.0.1", show_default=True, help=help_on("serve-host"))
    @click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8080,
        show_default=True,
        help=help_on("serve-port"),
    )
    def serve(folder: Path, host: str, port: int, lang: str) -> int:
        from patrol_scheduler.cli.publishing import serve

        return serve(folder, host, port, lang)

    @command("lint")
    @click.argument(
        "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
    )
    def lint(files: tuple[Path, ...], lang: str) -> int:
        from patrol_scheduler.cli.publishing import lint

        return _refusing(lambda: lint(files, lang), lang)

    add_commands(Kit(command, path, time_limit, as_json, help_on, _refusing))
    return group


def _refusing(work: Callable[[], int], lang: str) -> int:
    """Do the work; an input that is refused is answered with all its faults."""
    from patrol_scheduler.faults import InvalidInputError

    try:
        return work()
    except InvalidInputError as refused:
        say_faults(refused, lang)
        return Exit.INVALID


def say_faults(refused: InvalidInputError, lang: str) -> None:
    """Write the faults of an input, the first :data:`FAULTS_SHOWN` one by one."""
    faults = refused.faults
    say(text("cli.faults", lang, n=len(faults)), err=True)
    for fault in faults[:FAULTS_SHOWN]:
        say("  " + fault.say(lang), err=True)
    if len(faults) > FAULTS_SHOWN:
        say(text("cli.more-faults", lang, n=len(faults) - FAULTS_SHOWN), err=True)
