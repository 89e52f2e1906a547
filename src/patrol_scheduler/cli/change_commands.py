"""The commands for when it cannot be done and when things change, with their options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say

_Command = Callable[..., Any]
_Wrap = Callable[[_Command], _Command]


@dataclass(frozen=True)
class Kit:
    """What every command is made with: its name and help, arguments, options and refusals."""

    command: Callable[[str], Callable[[_Command], click.Command]]
    path: Callable[..., _Wrap]
    time_limit: Callable[..., _Wrap]
    as_json: _Wrap
    help_on: Callable[[str], str]
    refusing: Callable[[Callable[[], int], str], int]


YYYYMMDD = 8


class _Date(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # as its version has it
    """A date, written 2010-08-01, 20100801 or in another way that tables may have it.

    Not as the number that a spreadsheet keeps for it: who types a number did not mean a day by it.
    """

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, dt.date):
            return value
        from patrol_scheduler.formats.cells import CellError, read_date

        written = str(value).strip()
        with suppress(ValueError, CellError):
            if not written.isdecimal():
                return read_date(written).value
            if len(written) == YYYYMMDD:
                return dt.date.fromisoformat(written)
        return self.fail(f"{value!r} is not a date such as 2010-08-01.", param, ctx)


DATE = _Date()


def add_commands(kit: Kit) -> None:
    """Add explain, why-not, replan, substitutes, swap, executed, diff and what-if."""
    help_on = kit.help_on

    def refusing(work: Callable[[], int], lang: str) -> int:
        """Do the work; inputs that are refused and folders that must not be replaced are said."""
        from patrol_scheduler.outputs import OutputError

        try:
            return kit.refusing(work, lang)
        except OutputError as refused:
            say(refused.say(lang), err=True)
            return Exit.INVALID

    def out_file(name: str) -> _Wrap:
        return click.option(
            f"--{name}", type=click.Path(path_type=Path), metavar="FILE", help=help_on(name)
        )

    out = click.option(
        "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help=help_on("out")
    )
    shift = click.option("--shift", metavar="SHIFT", help=help_on("shift"))
    log = out_file("log")

    def told(command: _Command) -> _Command:
        for name in ("at", "why", "by"):
            kind: Any = DATE if name == "at" else str
            command = click.option(f"--{name}", type=kind, help=help_on(name))(command)
        return command

    @kit.command("explain")
    @kit.path("plan")
    @click.option("--roster", type=click.Path(path_type=Path), help=help_on("ledger-of"))
    @out_file("letter")
    @kit.time_limit(None, help_on("time-limit-by-size"))
    @kit.as_json
    def explain(plan: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.explaining import explain

        return refusing(lambda: explain(plan, lang, **options), lang)

    @kit.command("why-not")
    @kit.path("plan")
    @kit.path("roster")
    @click.argument("officer")
    @click.argument("date", type=DATE)
    @click.argument("area")
    @click.option("--shift", help=help_on("patrol-shift"))
    def why_not(plan: Path, roster: Path, lang: str, **seat: Any) -> int:
        from patrol_scheduler.cli.explaining import why_not

        return refusing(lambda: why_not(plan, roster, lang, **seat), lang)

    @kit.command("replan")
    @kit.path("plan")
    @click.option(
        "--from",
        "old",
        type=click.Path(path_type=Path),
        required=True,
        metavar="ROSTER",
        help=help_on("from"),
    )
    @click.option("--frozen-until", type=DATE, help=help_on("frozen-until"))
    @out
    @log
    @kit.time_limit(60.0)
    @kit.as_json
    def replan(plan: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.changing import replan

        return refusing(lambda: replan(plan, lang, **options), lang)

    @kit.command("substitutes")
    @kit.path("plan")
    @kit.path("roster")
    @click.argument("officer")
    @click.argument("date", type=DATE)
    @shift
    @click.option("--all", "everybody", is_flag=True, help=help_on("everybody"))
    @kit.as_json
    def substitutes(plan: Path, roster: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.changing import substitutes

        return refusing(lambda: substitutes(plan, roster, lang, **options), lang)

    @kit.command("swap")
    @kit.path("plan")
    @kit.path("roster")
    @click.argument("officer")
    @click.argument("date", type=DATE)
    @click.argument("other")
    @click.argument("other_date", type=DATE, required=False)
    @shift
    @click.option("--other-shift", metavar="SHIFT", help=help_on("other-shift"))
    @out
    @log
    @told
    def swap(plan: Path, roster: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.changing import swap

        return refusing(lambda: swap(plan, roster, lang, **options), lang)

    @kit.command("executed")
    @kit.path("plan")
    @kit.path("roster")
    @kit.path("records")
    @click.option("--until", type=DATE, required=True, help=help_on("until"))
    @click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=help_on("out"))
    @click.option("--relapse-days", type=click.IntRange(1, 366), default=7, show_default=True,
                  help=help_on("relapse-days"))  # fmt: skip
    @click.option("--none-took-place", is_flag=True, help=help_on("none-took-place"))
    @kit.as_json
    def executed(plan: Path, roster: Path, records: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.executing import executed

        return refusing(lambda: executed(plan, roster, records, lang, **options), lang)

    @kit.command("diff")
    @kit.path("plan")
    @kit.path("before")
    @kit.path("after")
    @out_file("html")
    @out_file("xlsx")
    @kit.as_json
    def diff(plan: Path, before: Path, after: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.comparing import diff

        return refusing(lambda: diff(plan, before, after, lang, **options), lang)

    @kit.command("what-if")
    @kit.path("plan")
    @click.option("--add-officer", "added", multiple=True, metavar="AGENCY", help=help_on("add"))
    @click.option("--add-like", "alike", multiple=True, metavar="ID", help=help_on("alike"))
    @click.option("--without-officer", "gone", multiple=True, metavar="ID", help=help_on("gone"))
    @click.option("--drop-rule", "dropped", multiple=True, metavar="RULE", help=help_on("drop"))
    @click.option("--longest-gap", type=click.IntRange(1, 366), help=help_on("longest-gap"))
    @click.option("--area", "areas", multiple=True, metavar="AREA", help=help_on("gap-areas"))
    @kit.time_limit(60.0)
    @kit.as_json
    def what_if(plan: Path, lang: str, **options: Any) -> int:
        from patrol_scheduler.cli.supposing import what_if

        return refusing(lambda: what_if(plan, lang, **options), lang)
