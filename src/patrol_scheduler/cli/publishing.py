"""``publish``, ``rotate``, ``revoke``, ``serve``, ``lint``: calendars that people subscribe to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.publishing import Publication
    from patrol_scheduler.roster import Roster

PLAN = "plan.json"
"""The plan that ``solve`` writes beside a roster."""


def now() -> dt.datetime:
    """The moment that stamps what changed; the one place where publishing reads the clock."""
    return dt.datetime.now(dt.UTC)


def publish(
    roster: Path,
    to: Path,
    lang: str,
    *,
    plan: Path | None,
    url: str | None,
    alarm: int | None,
    utc: bool,
    force: bool,
    rebuild: bool,
) -> int:
    """Publish the feeds of a roster and say what changed."""
    from patrol_scheduler import publishing

    plan = plan or roster.parent / PLAN
    if not plan.is_file():
        say(text("publishing.done.no-plan", lang, roster=roster), err=True)
        return Exit.INVALID
    problem, made = _both(plan, roster, lang)
    style = publishing.Style(lang, utc=utc, alarm=alarm)

    def work() -> int:
        done = publishing.publish(
            problem, made, to, style=style, now=now(), url=url, force=force, rebuild=rebuild
        )
        _told(done, lang)
        return Exit.COMPLETE

    return _refusing(work, lang)


def _both(plan: Path, roster: Path, lang: str) -> tuple[Problem, Roster]:
    from patrol_scheduler.formats import read, read_assignments
    from patrol_scheduler.formats.roster_json import read_roster

    problem = read(plan)
    if roster.suffix.lower() != ".json":
        return problem, read_assignments(roster, problem)
    document = read_roster(roster, problem)
    if not document.made_from(problem):
        say(text("publishing.done.other-plan", lang), err=True)
    made = document.result.roster
    assert made is not None  # noqa: S101  # for a plan, only documents with a roster are read
    return problem, made


def _told(done: Publication, lang: str) -> None:
    from patrol_scheduler.publishing.folder import Folder

    kinds = ("new", "changed", "restored", "cancelled", "dropped")
    say(text("publishing.done.counts", lang, **{kind: done.count(kind) for kind in kinds}))
    say(
        text(
            "publishing.done.files",
            lang,
            written=len(done.written),
            unchanged=done.unchanged,
            withdrawn=len(done.withdrawn),
        )
    )
    folder = Folder(done.folder)
    say(text("publishing.done.addresses", lang, path=folder.addresses, nginx=folder.nginx))


def rotate(folder: Path, feeds: tuple[str, ...], lang: str) -> int:
    """Give feeds new addresses and say them."""
    from patrol_scheduler import publishing

    def work() -> int:
        for key, address in publishing.rotate(folder, feeds).items():
            say(text("publishing.done.rotated", lang, feed=key, address=address))
        return Exit.COMPLETE

    return _refusing(work, lang)


def revoke(folder: Path, feeds: tuple[str, ...], lang: str) -> int:
    """Take feeds away."""
    from patrol_scheduler import publishing

    def work() -> int:
        for key in publishing.revoke(folder, feeds):
            say(text("publishing.done.revoked", lang, feed=key))
        return Exit.COMPLETE

    return _refusing(work, lang)


def serve(folder: Path, host: str, port: int, lang: str) -> int:
    """Show the feeds until Ctrl-C."""
    from patrol_scheduler.publishing.folder import Folder
    from patrol_scheduler.publishing.serve import server

    def work() -> int:
        try:
            made = server(folder, host=host, port=port, log=lambda line: say(line, err=True))
        except (OSError, OverflowError) as wrong:
            why = getattr(wrong, "strerror", None) or wrong
            say(text("publishing.done.no-port", lang, host=host, port=port, why=why), err=True)
            return Exit.INVALID
        url = f"http://{host}:{made.server_port}"
        say(text("publishing.done.serving", lang, url=url, path=Folder(folder).addresses))
        try:
            made.serve_forever()
        except KeyboardInterrupt:
            say(text("publishing.done.stopped", lang))
        finally:
            made.server_close()
        return Exit.COMPLETE

    return _refusing(work, lang)


def lint(files: tuple[Path, ...], lang: str) -> int:
    """Say what is wrong with feeds."""
    from patrol_scheduler.formats.files import read_bytes
    from patrol_scheduler.publishing.lint import finding_text, method_of
    from patrol_scheduler.publishing.lint import lint as found_in

    faulty = False
    for file in files:
        feed = read_bytes(file)
        found = found_in(feed, method=method_of(feed))
        faulty = faulty or bool(found)
        key = "findings" if found else "clean"
        say(text(f"publishing.done.{key}", lang, file=file, n=len(found)))
        for what in found:
            say("  " + finding_text(what, lang))
    return Exit.INVALID if faulty else Exit.COMPLETE


def _refusing(work: Callable[[], int], lang: str) -> int:
    """Do the work; where publishing refuses, say why."""
    from patrol_scheduler.publishing import PublishingError

    try:
        return work()
    except PublishingError as refused:
        for line in refused.say(lang).split("\n"):
            say(line, err=True)
        return Exit.INVALID
