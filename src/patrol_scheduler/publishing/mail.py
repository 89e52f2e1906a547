"""Writes invitations and cancellations as messages that any mail program sends (iTIP, RFC 6047).

Each officer gets a message for every duty that is new, changed or cancelled since the last time.
Sending stays with whoever runs the office's mail.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from patrol_scheduler.outputs.filenames import slugs
from patrol_scheduler.outputs.icalendar import FeedWriter, Style, Version, event_bytes, stamp
from patrol_scheduler.outputs.wording import Names
from patrol_scheduler.problem import Problem
from patrol_scheduler.publishing.components import event_components
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.folder import Folder, write_beside
from patrol_scheduler.publishing.ledger import CANCELLED, LIVE, Entry, Ledger
from patrol_scheduler.publishing.lint import Linter
from patrol_scheduler.texts import text

FORMAT = "patrol-scheduler mailed 1"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: the officer, the event in its version, whether it is an invitation
    (``REQUEST``) or a cancellation (``CANCEL``), the calendar in it, and its bytes."""

    officer: str
    uid: str
    sequence: int
    method: str
    calendar: bytes
    content: bytes


def write_mail(
    folder: Path,
    ledger: Ledger,
    problem: Problem,
    style: Style,
    to: Path,
    *,
    sender: str,
    addresses: Mapping[str, str],
    now: dt.datetime,
) -> tuple[Mail, ...]:
    """Write a message file for every officer's duty that changed since messages were last written.

    ``to`` is the folder of the messages, ``OFFICER/UID-CHANGES.eml``; ``addresses`` are the mail
    addresses by officer, ``sender`` is the office's own. Officers without an address get none. What
    was written is kept beside the ledger of ``folder``; running again writes nothing twice. Raises
    :class:`PublishingError` where the system refuses; what is written then is written again.
    """
    place = Folder(folder)
    mailed = _mailed(place)
    with place.locked():
        mails = tuple(messages(ledger, problem, style, sender, addresses, mailed, now))
        folders, linter = slugs(addresses), Linter()
        for mail in mails:
            found = linter.lint(mail.calendar, method=mail.method)
            if found:
                raise PublishingError("faulty", findings=tuple((mail.uid, what) for what in found))
        for mail in mails:
            name = f"{mail.uid.partition('@')[0]}-{mail.sequence}.eml"
            write_beside(to / folders[mail.officer] / name, mail.content)
            mailed[mail.uid] = mail.sequence
        place.commit({place.mailed: _dumped(mailed)}, {}, [])
    return mails


def messages(
    ledger: Ledger,
    problem: Problem,
    style: Style,
    sender: str,
    addresses: Mapping[str, str],
    mailed: Mapping[str, int],
    now: dt.datetime,
) -> Iterator[Mail]:
    """The messages that are due: what is coming is invited to, what was mailed is called off."""
    writer, names = FeedWriter(problem, style, ledger.plan), Names(problem).officer
    for officer, address in addresses.items():
        entries = ledger.entries.get(f"officer:{officer}", {})
        for uid, entry in sorted(entries.items(), key=lambda item: item[1].starts):
            if not _due(entry, mailed.get(uid), stamp(now)):
                continue
            method = "REQUEST" if entry.state == LIVE else "CANCEL"
            content = ledger.contents[entry.content]
            content = writer.addressed(content, sender, address, names.get(officer, officer))
            version = Version(entry.sequence, entry.created, entry.modified)
            calendar = writer.object(event_bytes(uid, version, content), method)
            message = _message(calendar, method, uid, entry, sender, address, style.lang)
            yield Mail(officer, uid, entry.sequence, method, calendar, message)


def _due(entry: Entry, mailed: int | None, now: str) -> bool:
    """Whether a message is due: what has passed, or was never asked for, is not called off."""
    if entry.ends <= now or (mailed is not None and mailed >= entry.sequence):
        return False
    return entry.state == LIVE or (entry.state == CANCELLED and mailed is not None)


def _message(
    calendar: bytes, method: str, uid: str, entry: Entry, sender: str, to: str, lang: str
) -> bytes:
    (event,) = event_components(calendar)

    def plain(name: str) -> str:
        return _unescaped(event.value(name))

    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, to
    message["Subject"] = " ".join(plain("SUMMARY").split())
    moment = dt.datetime.strptime(entry.modified, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{uid.partition('@')[0]}.{entry.sequence}@patrol-scheduler.invalid>"
    said = text(
        "publishing.mail.body",
        lang,
        summary=plain("SUMMARY"),
        time=_time(event.value("DTSTART"), event.value("DTEND"), lang),
        description=plain("DESCRIPTION"),
    )
    message.set_content(said.strip() + "\n")
    message.add_alternative(
        calendar.decode(), subtype="calendar", params={"method": method}, cte="base64"
    )
    # The boundary between parts is otherwise drawn at random: the same duty gives the same bytes.
    message.set_boundary(f"=_{uid.partition('@')[0]}_{entry.sequence}")
    return message.as_bytes()


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def _time(start: str, end: str, lang: str) -> str:
    """From when to when, or the date of a whole day."""
    if "T" not in start:
        return f"{start[:4]}-{start[4:6]}-{start[6:]}"
    return text("publishing.mail.time", lang, start=_shown(start), end=_shown(end))


def _shown(value: str) -> str:
    zone = " UTC" if value.endswith("Z") else ""
    return f"{value[:4]}-{value[4:6]}-{value[6:8]} {value[9:11]}:{value[11:13]}{zone}"


def _mailed(place: Folder) -> dict[str, int]:
    """The number of changes that each event was last mailed with."""
    kept = place.read(place.mailed)
    if kept is None:
        return {}
    try:
        data = json.loads(kept)
        if data["format"] != FORMAT:
            raise ValueError("another format")
        return {str(uid): int(sequence) for uid, sequence in data["events"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PublishingError("mailed-damaged", place.mailed) from error


def _dumped(mailed: Mapping[str, int]) -> bytes:
    return (json.dumps({"format": FORMAT, "events": mailed}, indent=0) + "\n").encode()
