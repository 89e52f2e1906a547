"""Calendar feeds: the duties of a roster as iCalendar objects that telephones can subscribe to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import vCalAddress
from icalendar.parser import Contentline, Parameters

from patrol_scheduler.outputs.events import Event, Rest
from patrol_scheduler.outputs.timezone import timezone_lines
from patrol_scheduler.outputs.wording import (
    Names,
    cadence_sentences,
    join,
    long_date,
    mode_words,
    one_line,
)
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules.leading import leader_posts
from patrol_scheduler.texts import text

PRODID = "-//patrol-scheduler//roster feed//ZH"
"""What made the feed. It holds no version, so that a new version changes no feed."""

NAMESPACE = uuid.UUID("0b7dd1f4-6c1c-5d0b-9d43-0a6f2b8f5e11")
"""The namespace of all event UIDs. Changing it doubles every event in every subscribed calendar."""

PLAN_MARK = "X-PATROL-SCHEDULER-PLAN"
"""The property of a feed that names its plan, by which a lost ledger is found again."""

FEED_MARK = "X-PATROL-SCHEDULER-FEED"
"""The property of a feed that says whose it is: kind and id."""

ALL = ()
"""The scope of the feeds that everybody shares."""

Scope = tuple[()] | tuple[str, str]
"""For whom an event is written: everybody, or one agency or officer (kind and id)."""

# PUBLISH asks for one organizer (RFC 5546, 3.2.1) and a plan has no mail address; `invalid` is the
# domain that never exists (RFC 2606).
NOBODY = "noreply@patrol-scheduler.invalid"

# In just this form: with any other one some calendars refuse the feed (RFC 7986, 5.7).
_REFRESH = b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\nX-PUBLISHED-TTL:PT6H\r\n"
_END = b"END:VCALENDAR\r\n"

# Some readers cut a quoted parameter at these, and a category at an escaped comma.
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", '"': "＂", "^": "＾", "\\": "＼"})


@dataclass(frozen=True, slots=True)
class Style:
    """How feeds are written: their language, times as local or UTC, minutes from alarm to duty.

    An alarm is only ever written into the feed of one officer.
    """

    lang: str
    utc: bool = False
    alarm: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """How often an event was changed, and when it was made and changed; by it calendars tell old
    from new. Times are UTC, written 20100920T000000Z."""

    sequence: int
    created: str
    modified: str


def stamp(moment: dt.datetime) -> str:
    """A moment as calendars write it, in UTC and whole seconds."""
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def issued_stamp(problem: Problem) -> str:
    """The date of the document as a moment: where no ledger is kept, it stamps every event."""
    date = problem.issued or problem.first
    return f"{date:%Y%m%d}T000000Z"


def plan_id(problem: Problem) -> uuid.UUID:
    """The name of a plan for programs: the same for the same title and issuer."""
    return uuid.uuid5(NAMESPACE, json.dumps([problem.name, problem.issuer]))


def event_uid(plan: uuid.UUID, event: Event | Rest, scope: Scope = ALL) -> str:
    """The UID of an event: the same for the same plan and patrol, whatever its time and team.

    In the feed of an officer or agency it is another one, so that cancelling one officer's duty
    never cancels the patrol of the others in a calendar that shows both feeds.
    """
    # A city has tens of thousands: what many of them share is worked out once.
    place = "" if isinstance(event, Rest) else event.area or event.post or ""
    name = f"{_opened(event.key, place)}{_closed(scope)}"
    return f"{_uuid5(plan, name)}@patrol-scheduler"


def _uuid5(namespace: uuid.UUID, name: str) -> str:
    """``uuid.uuid5`` as text, without the object in between: a city needs it very often."""
    digest = bytearray(
        hashlib.sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()[:16]
    )
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=100_000)
def _opened(key: tuple[str, ...], place: str) -> str:
    return json.dumps([*key, place])[:-1]


@lru_cache(maxsize=10_000)
def _closed(scope: Scope) -> str:
    return "".join(f", {json.dumps(word)}" for word in scope) + "]"


def event_bytes(uid: str, version: Version, content: bytes) -> bytes:
    """An event with what it says, as :meth:`FeedWriter.content` or :func:`cancelled` gives it."""
    head = (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{version.modified}\r\nCREATED:{version.created}\r\n"
        f"LAST-MODIFIED:{version.modified}\r\nSEQUENCE:{version.sequence}\r\n"
    )
    return head.encode() + content + b"END:VEVENT\r\n"


def cancelled(content: bytes, lang: str) -> bytes:
    """What an event says once it is cancelled: its title says so, and it takes up no time."""
    kept: list[bytes] = []
    for line in content.partition(b"BEGIN:VALARM\r\n")[0].replace(b"\r\n ", b"").splitlines():
        name, _, value = line.partition(b":")
        if name == b"STATUS":
            kept.append(b"STATUS:CANCELLED\r\n")
        elif name == b"TRANSP":
            kept.append(b"TRANSP:TRANSPARENT\r\n")
        elif name == b"SUMMARY":
            title = text("outputs.calendar.cancelled", lang, summary=value.decode())
            kept.append(folded_line(f"SUMMARY:{title}"))
        else:
            kept.append(folded_line(line.decode()))
    return b"".join(kept)


def feed_bytes(head: bytes, events: Iterable[bytes]) -> bytes:
    """A feed of its head and its events, as :func:`event_bytes` gives them, in their order."""
    return b"".join([head.removesuffix(_END), *events, _END])


class FeedWriter:
    """Writes the feeds of one plan; what an event says is written once for all feeds it is in."""

    def __init__(self, problem: Problem, style: Style, plan: uuid.UUID | None = None) -> None:
        self.plan = plan or plan_id(problem)
        self._problem = problem
        self._led = {post.id for post in leader_posts(problem)}
        self._lang = style.lang
        self._alarm = style.alarm
        self._utc = style.utc or problem.timezone == "UTC"
        self._names = Names(problem)
        self._agency = {officer.id: officer.agency for officer in problem.officers}
        self._targets = {
            area.id: [self._names.kind[kind] for kind in area.targets] for area in problem.areas
        }
        self._zone = ZoneInfo(problem.timezone)
        self._timezone = timezone_lines(problem.timezone, problem.first.year, problem.last.year)
        self._issuer = problem.issuer or problem.name
        self._organizer = _person("ORGANIZER", NOBODY, self._issuer)
        self._written: dict[tuple[str, ...], bytes] = {}

    def head(
        self, *, name: str, color: str, modified: str, mark: str = "", source: str = ""
    ) -> bytes:
        """A feed without any event.

        ``name`` is what a calendar shows for it, ``color`` a CSS colour name, ``mark`` tells whose
        it is, ``source`` is its address.
        """
        problem, lang = self._problem, self._lang
        title = one_line(name)
        about = text(
            "outputs.calendar.about",
            lang,
            plan=one_line(problem.name),
            issuer=one_line(problem.issuer or problem.name),
            cadence=" ".join(cadence_sentences(problem, lang)),
        ).strip()
        lines = [
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
            f"PRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n".encode(),
            _line("NAME", title),
            _line("X-WR-CALNAME", title),
            _line("DESCRIPTION", about),
            _line("X-WR-CALDESC", about),
            f"X-WR-TIMEZONE:{problem.timezone}\r\nCOLOR:{color}\r\n".encode(),
            f"LAST-MODIFIED:{modified}\r\n".encode(),
            _REFRESH,
        ]
        if source:
            lines.append(folded_line(f"SOURCE;VALUE=URI:{source}"))
        lines.append(f"{PLAN_MARK}:{self.plan}\r\n".encode())
        if mark:
            lines.append(folded_line(f"{FEED_MARK}:{mark}"))
        # Also where times are UTC: a calendar without any component is none (RFC 5545, 3.6).
        return b"".join([*lines, self._timezone, _END])

    def object(self, event: bytes, method: str | None = None) -> bytes:
        """One event by itself, as it lies on a CalDAV server or, with a method, goes by mail."""
        head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n"
        said = f"METHOD:{method}\r\n" if method else ""
        return b"".join([(head + said).encode(), self._timezone, event, _END])

    def addressed(self, content: bytes, organizer: str, attendee: str, name: str) -> bytes:
        """What an event says, from one mail address to another (both bare), for an invitation."""
        sender = _person("ORGANIZER", organizer, self._issuer)
        guest = _person("ATTENDEE", attendee, name, RSVP="FALSE")
        return content.replace(self._organizer, sender + guest, 1)

    def content(self, event: Event | Rest, scope: Scope = ALL) -> bytes:
        """What an event says, as folded lines: everything but its UID and version.

        The same for every scope but for the alarm, which only an officer's own duty has.
        """
        lines = self._written.get(event.key)
        if lines is None:
            found = self._rest(event) if isinstance(event, Rest) else self._lines(event)
            lines = self._written[event.key] = b"".join(found)
        if isinstance(event, Rest):
            return lines
        if self._alarm is not None and scope and scope[0] == "officer":
            return lines + self._alarm_lines(event)
        return lines

    def _lines(self, event: Event) -> Iterable[bytes]:
        shift = self._problem.shift_by_id[event.shift]
        yield b"STATUS:CONFIRMED\r\n"
        yield _line("SUMMARY", self.summary(event))
        yield self._time("DTSTART", event.date, shift.start_minute)
        yield self._time("DTEND", event.date, shift.end_minute)
        yield _line("LOCATION", self._place(event))
        area = self._problem.area_by_id.get(event.area or "")
        if area is not None and area.longitude is not None and area.latitude is not None:
            yield f"GEO:{area.latitude:.6f};{area.longitude:.6f}\r\n".encode()
        yield _line("DESCRIPTION", self._description(event))
        yield folded_line("CATEGORIES:" + ",".join(map(_escaped, self._categories(event))))
        if event.members:
            yield _line("CONTACT", self._contact(event))
        yield self._organizer
        yield b"TRANSP:OPAQUE\r\n"

    def _rest(self, rest: Rest) -> Iterable[bytes]:
        """A day of rest, whole and without an hour; it keeps the day from other work."""
        called = text("outputs.calendar.rest", self._lang)
        yield b"STATUS:CONFIRMED\r\n"
        yield _line("SUMMARY", called)
        yield f"DTSTART;VALUE=DATE:{rest.date:%Y%m%d}\r\n".encode()
        yield f"DTEND;VALUE=DATE:{rest.date + dt.timedelta(days=1):%Y%m%d}\r\n".encode()
        if rest.earned is not None:
            earned = long_date(rest.earned, self._lang)
            yield _line("DESCRIPTION", text("outputs.calendar.rest-for", self._lang, date=earned))
        yield folded_line("CATEGORIES:" + _escaped(called.translate(_WIDE)))
        yield self._organizer
        yield b"TRANSP:OPAQUE\r\n"

    def _alarm_lines(self, event: Event) -> bytes:
        head = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{self._alarm}M\r\n".encode()
        return head + _line("DESCRIPTION", self.summary(event)) + b"END:VALARM\r\n"

    def _time(self, name: str, date: dt.date, minute: int) -> bytes:
        moment = dt.datetime(date.year, date.month, date.day) + dt.timedelta(minutes=minute)
        if self._utc:
            return f"{name}:{stamp(moment.replace(tzinfo=self._zone))}\r\n".encode()
        return f"{name};TZID={self._problem.timezone}:{moment:%Y%m%dT%H%M%S}\r\n".encode()

    def summary(self, event: Event) -> str:
        """The one line that a calendar shows of an event."""
        kind = self._kind(event)
        shift, place = self._names.shift[event.shift], self._place(event)
        return text(f"outputs.calendar.summary-{kind}", self._lang, shift=shift, place=place)

    def _kind(self, event: Event) -> str:
        if event.area is not None:
            return "patrol"
        return "leader" if event.post in self._led else "post"

    def _place(self, event: Event) -> str:
        if event.area is not None:
            return self._names.area[event.area]
        return self._names.post[event.post or ""]

    def _description(self, event: Event) -> str:
        lang, names = self._lang, self._names
        lines = []
        for agency in self._problem.agencies:
            people = []
            for member in event.members:
                if self._agency[member.officer] == agency.id:
                    key = f"outputs.calendar.{member.role}"
                    people.append(text(key, lang, officer=names.officer[member.officer]))
            if people:
                values = {"agency": names.agency[agency.id], "people": join(people, lang)}
                lines.append(text("outputs.calendar.agency", lang, **values))
        mode = mode_words(self._problem, event.date, lang)
        if event.area is not None and mode:
            lines.append(mode)
        if event.area is not None and self._targets[event.area]:
            kinds = join(self._targets[event.area], lang)
            lines.append(text("outputs.calendar.targets", lang, kinds=kinds))
        if event.patrol is not None:
            lines.append(text("outputs.calendar.patrol", lang, patrol=one_line(event.patrol)))
        return "\n".join(lines)

    def _categories(self, event: Event) -> list[str]:
        names = self._names
        kind = self._kind(event)
        present = {self._agency[officer] for officer in event.officers}
        agencies = [names.agency[a.id] for a in self._problem.agencies if a.id in present]
        category = text(f"outputs.calendar.category-{kind}", self._lang)
        all_of_them = [category, names.shift[event.shift], *agencies]
        return [entry.translate(_WIDE) for entry in all_of_them]

    def _contact(self, event: Event) -> str:
        people = [
            text(
                "outputs.calendar.contact",
                self._lang,
                officer=self._names.officer[officer],
                agency=self._names.agency[self._agency[officer]],
            )
            for officer in event.officers
        ]
        return join(people, self._lang)


def _line(name: str, value: str) -> bytes:
    """A text property. The library's own takes ten times as long, for a city half a minute."""
    return folded_line(f"{name}:{_escaped(value)}")


def _escaped(value: str) -> str:
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(mark, written)
    return value


def folded_line(line: str) -> bytes:
    """A property as it stands in a file: lines of at most 75 octets cut between characters."""
    octets = line.encode()
    if len(octets) <= 75:
        return octets + b"\r\n"
    pieces, start, room = [], 0, 75
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, 74
    return b"\r\n ".join([*pieces, octets[start:]]) + b"\r\n"


def _person(name: str, address: str, called: str, **params: str) -> bytes:
    """A person or office with its mail address, as an organizer or attendee."""
    written = Parameters({"CN": one_line(called).translate(_WIDE), **params})
    return folded_line(
        str(Contentline.from_parts(name, written, vCalAddress(f"mailto:{address}"), False))
    )
