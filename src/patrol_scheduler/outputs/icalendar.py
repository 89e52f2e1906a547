"""Calendar feeds: the duties of a roster as iCalendar objects that telephones can subscribe to."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as CalendarEvent

from patrol_scheduler.outputs.events import Event
from patrol_scheduler.outputs.timezone import timezone_component
from patrol_scheduler.outputs.wording import Names, cadence_sentences, join, one_line
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import text

PRODID = "-//patrol-scheduler//roster feed//ZH"
"""What made the feed. It holds no version, so that a new version changes no feed."""

NAMESPACE = uuid.UUID("0b7dd1f4-6c1c-5d0b-9d43-0a6f2b8f5e11")
"""The namespace of all event UIDs. Changing it doubles every event in every subscribed calendar."""

# PUBLISH asks for one organizer (RFC 5546, 3.2.1) and a plan has no mail address; `invalid` is the
# domain that never exists (RFC 2606).
_NOBODY = "mailto:noreply@patrol-scheduler.invalid"

_REFRESH = dt.timedelta(hours=6)
_END = b"END:VCALENDAR\r\n"
_EVENT = b"BEGIN:VEVENT\r\n"

# Some readers cut a quoted parameter at these, and a category at an escaped comma.
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", '"': "＂", "^": "＾", "\\": "＼"})


def event_uid(problem: Problem, event: Event, officer: str | None = None) -> str:
    """The UID of an event: the same for the same plan, issuer and patrol, whatever its time.

    In the feed of one officer it is another one, so that cancelling one officer's duty never
    cancels the patrol of the others in a calendar that shows both feeds.
    """
    name = [problem.name, problem.issuer, *event.key, *(() if officer is None else (officer,))]
    kind = "event" if officer is None else "duty"
    return f"{uuid.uuid5(NAMESPACE, json.dumps([kind, *name]))}@patrol-scheduler"


class FeedWriter:
    """Writes the feeds of one plan; an event that stands in many feeds is written once."""

    def __init__(self, problem: Problem, lang: str) -> None:
        self._problem = problem
        self._lang = lang
        self._names = Names(problem)
        self._agency = {officer.id: officer.agency for officer in problem.officers}
        self._targets = {
            area.id: [self._names.kind[kind] for kind in area.targets] for area in problem.areas
        }
        # The date of the document, never the clock: the same roster gives the same bytes.
        stamp = problem.issued or problem.first
        self._stamp = dt.datetime(stamp.year, stamp.month, stamp.day, tzinfo=dt.UTC)
        self._timezone = timezone_component(problem.timezone, problem.first, problem.last)
        self._written: dict[tuple[str, ...], bytes] = {}

    def feed(
        self, events: Iterable[Event], *, name: str, color: str, officer: str | None = None
    ) -> bytes:
        """One feed; see :func:`calendar_bytes`."""
        head = self._head(name, color).to_ical(sorted=False).removesuffix(_END)
        return b"".join([head, *(self._event(event, officer) for event in events), _END])

    def _head(self, name: str, color: str) -> Calendar:
        problem, lang = self._problem, self._lang
        title = one_line(name)
        about = text(
            "outputs.calendar.about",
            lang,
            plan=one_line(problem.name),
            issuer=one_line(problem.issuer or problem.name),
            cadence=" ".join(cadence_sentences(problem, lang)),
        ).strip()
        calendar = Calendar()
        calendar.add("VERSION", "2.0")
        calendar.add("PRODID", PRODID)
        calendar.add("CALSCALE", "GREGORIAN")
        calendar.add("METHOD", "PUBLISH")
        # Texts by their type: in X properties the library would leave separators as they are.
        calendar.add("NAME", vText(title))
        calendar.add("X-WR-CALNAME", vText(title))
        calendar.add("DESCRIPTION", vText(about))
        calendar.add("X-WR-CALDESC", vText(about))
        calendar.add("X-WR-TIMEZONE", problem.timezone)
        calendar.add("COLOR", color)
        calendar.add("LAST-MODIFIED", self._stamp)
        calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", "PT6H")
        calendar.add_component(self._timezone)
        return calendar

    def _event(self, event: Event, officer: str | None) -> bytes:
        """The event's lines; in an officer's own feed only the UID differs."""
        lines = self._written.get(event.key)
        if lines is None:
            component = self._component(event).to_ical(sorted=False)
            lines = self._written[event.key] = component.removeprefix(_EVENT)
        uid = event_uid(self._problem, event, officer)
        return _EVENT + f"UID:{uid}\r\n".encode() + lines

    def _component(self, event: Event) -> CalendarEvent:
        shift = self._problem.shift_by_id[event.shift]
        midnight = dt.datetime(event.date.year, event.date.month, event.date.day)
        zone = {"TZID": self._problem.timezone}
        place = self._place(event)
        component = CalendarEvent()
        component.add("DTSTAMP", self._stamp)
        component.add("CREATED", self._stamp)
        component.add("LAST-MODIFIED", self._stamp)
        component.add("SEQUENCE", 0)
        component.add("STATUS", "CONFIRMED")
        component.add("SUMMARY", self.summary(event))
        start = midnight + dt.timedelta(minutes=shift.start_minute)
        component.add("DTSTART", start, parameters=zone)
        end = midnight + dt.timedelta(minutes=shift.end_minute)
        component.add("DTEND", end, parameters=zone)
        component.add("LOCATION", place)
        component.add("DESCRIPTION", self._description(event))
        component.add("CATEGORIES", self._categories(event))
        if event.members:
            component.add("CONTACT", self._contact(event))
        component.add("ORGANIZER", self._organizer())
        component.add("TRANSP", "OPAQUE")
        return component

    def summary(self, event: Event) -> str:
        """The one line that a calendar shows of an event."""
        kind = "patrol" if event.area is not None else "post"
        shift, place = self._names.shift[event.shift], self._place(event)
        return text(f"outputs.calendar.summary-{kind}", self._lang, shift=shift, place=place)

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
        if event.area is not None and self._targets[event.area]:
            kinds = join(self._targets[event.area], lang)
            lines.append(text("outputs.calendar.targets", lang, kinds=kinds))
        if event.patrol is not None:
            lines.append(text("outputs.calendar.patrol", lang, patrol=one_line(event.patrol)))
        return "\n".join(lines)

    def _categories(self, event: Event) -> list[str]:
        names = self._names
        kind = "patrol" if event.area is not None else "post"
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

    def _organizer(self) -> vCalAddress:
        organizer = vCalAddress(_NOBODY)
        issuer = one_line(self._problem.issuer or self._problem.name)
        organizer.params["CN"] = issuer.translate(_WIDE)
        return organizer


def calendar_bytes(
    problem: Problem,
    events: Iterable[Event],
    *,
    name: str,
    lang: str,
    color: str = "teal",
    officer: str | None = None,
) -> bytes:
    """One feed of ``events``, complete, in UTF-8 with CRLF and lines of at most 75 octets.

    ``name`` is what a calendar shows for the feed, ``color`` a CSS colour name; with ``officer``
    the events are that officer's own. Times are local with the plan's time zone; a shift past
    midnight ends on the next day. A feed without events is valid and empty.
    """
    return FeedWriter(problem, lang).feed(events, name=name, color=color, officer=officer)
