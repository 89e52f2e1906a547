"""``publish``, ``rotate``, ``revoke``, ``serve``, ``lint``: calendars that people subscribe to."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import plan_and_roster
from patrol_scheduler.cli.terminal import say
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.texts import text

if TYPE_CHECKING:
    from patrol_scheduler.problem import Problem
    from patrol_scheduler.publishing import Mail, Publication, Pushed
    from patrol_scheduler.roster import Roster

PLAN = "plan.json"
"""The plan that ``solve`` writes beside a roster."""

FAILURES_SHOWN = 50
"""So many events that did not reach a server are said one by one."""
FINDINGS_SHOWN = 20
"""So many things that a roster breaks, and so many that it lacks, are said one by one."""


def now() -> dt.datetime:
    """The moment that stamps what changed; the one place where publishing reads the clock."""
    return dt.datetime.now(dt.UTC)


CALDAV_VARIABLE = "PATROL_SCHEDULER_CALDAV_PASSWORD"
"""The environment variable with the password for the CalDAV server; others see arguments."""


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
    with_breaches: bool,
    caldav: str | None,
    caldav_user: str | None,
    caldav_feed: str,
    mail: Path | None,
    mail_from: str | None,
    mail_to: Path | None,
) -> int:
    """Publish the feeds of a roster, push and mail them where asked to, and say what changed.

    A roster that breaks what must hold is refused, unless only on days that the plan calls
    published already, or with ``with_breaches``; what is broken or short is said either way.
    """
    from patrol_scheduler import publishing
    from patrol_scheduler.formats.mail_addresses import is_mail_address, read_mail_addresses

    plan = plan or roster.parent / PLAN
    if not plan.is_file():
        say(text("publishing.done.no-plan", lang, roster=roster), err=True)
        return Exit.INVALID
    problem, made = plan_and_roster(plan, roster, lang)
    if mail is not None and (mail_to is None or not is_mail_address(mail_from or "")):
        say(PublishingError("mail-sender", mail_from or "").say(lang), err=True)
        return Exit.INVALID
    addresses = read_mail_addresses(mail_to, problem) if mail_to is not None else {}
    ends = _looked_through(problem, made, lang, with_breaches=with_breaches)
    if ends is Exit.IMPOSSIBLE:
        return ends
    style, moment = publishing.Style(lang, utc=utc, alarm=alarm), now()

    def work() -> int:
        done = publishing.publish(
            problem, made, to, style=style, now=moment, url=url, force=force, rebuild=rebuild
        )
        _told(done, lang)
        if mail is not None:
            mails = publishing.write_mail(
                to,
                done.ledger,
                problem,
                style,
                mail,
                sender=mail_from or "",
                addresses=addresses,
                now=moment,
            )
            _told_mail(mails, mail, len(problem.officers) - len(addresses), lang)
        if caldav is not None:
            pushed = publishing.push(
                done.ledger,
                problem,
                style,
                caldav,
                user=caldav_user or "",
                password=os.environ.get(CALDAV_VARIABLE, ""),
                feed=caldav_feed,
            )
            return max(ends, _told_push(pushed, lang))
        return ends

    return _refusing(work, lang)


def _looked_through(problem: Problem, roster: Roster, lang: str, *, with_breaches: bool) -> Exit:
    """Say what a roster breaks or lacks, and whether it may be published: not ``IMPOSSIBLE``."""
    from patrol_scheduler.checking import check

    found = check(problem, roster)
    known = problem.frozen_until or dt.date.min
    ahead = [f for f in found.broken if f.violation.date is None or f.violation.date > known]
    refused = bool(ahead) and not with_breaches
    for what, findings in (("breaks", found.broken), ("lacks", found.shortages)):
        if findings:
            how = "refused" if refused and what == "breaks" else what
            say(text(f"publishing.done.{how}", lang, n=len(findings)), err=True)
        for finding in findings[:FINDINGS_SHOWN]:
            say("  " + finding.say(problem, lang), err=True)
        if len(findings) > FINDINGS_SHOWN:
            more = len(findings) - FINDINGS_SHOWN
            say("  " + text("publishing.done.more", lang, n=more), err=True)
    if refused:
        return Exit.IMPOSSIBLE
    return Exit.COMPLETE if found.complete else Exit.SHORT


def _told_mail(mails: Sequence[Mail], to: Path, without: int, lang: str) -> None:
    invitations = sum(mail.method == "REQUEST" for mail in mails)
    say(
        text(
            "publishing.done.mailed",
            lang,
            invitations=invitations,
            cancellations=len(mails) - invitations,
            path=to,
            without=without,
        )
    )


def _told_push(pushed: Pushed, lang: str) -> Exit:
    say(
        text(
            "publishing.done.pushed",
            lang,
            sent=pushed.sent,
            same=pushed.same,
            removed=pushed.removed,
            failed=len(pushed.failures),
        )
    )
    for failure in pushed.failures[:FAILURES_SHOWN]:
        what = f"{failure.starts} {failure.title}".strip() or failure.uid
        why = text("publishing.done.gone", lang) if failure.why == "gone" else failure.why
        say(text("publishing.done.failure", lang, what=what, why=why), err=True)
    if not pushed.failures:
        return Exit.COMPLETE
    say(text("publishing.done.again", lang), err=True)
    return Exit.SHORT


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
    try:
        return work()
    except PublishingError as refused:
        for line in refused.say(lang).split("\n"):
            say(line, err=True)
        return Exit.INVALID
