"""All calendar feeds of a roster: everything, and one per area, post, agency and officer."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from patrol_scheduler.outputs.events import Event, Rest, events, rests
from patrol_scheduler.outputs.filenames import slugs
from patrol_scheduler.outputs.icalendar import (
    ALL,
    FeedWriter,
    Scope,
    Style,
    Version,
    event_bytes,
    event_uid,
    feed_bytes,
    issued_stamp,
)
from patrol_scheduler.outputs.tables import csv_text
from patrol_scheduler.outputs.wording import Names, one_line
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import text

FOLDER = "calendars"

# CSS names; one colour for each kind of feed.
_COLORS = {
    "all": "teal",
    "area": "forestgreen",
    "post": "saddlebrown",
    "agency": "steelblue",
    "officer": "darkorange",
}
_FOLDERS = {"area": "areas", "post": "posts", "agency": "agencies", "officer": "officers"}


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that people subscribe to: whose it is and what it is called.

    ``id`` is empty in the feed of everything; ``name`` is what people call the owner, ``title``
    what a calendar shows.
    """

    kind: str
    id: str
    name: str
    title: str

    @property
    def key(self) -> str:
        """Kind and id in one word: ``all``, ``officer:GA01``."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def mark(self) -> str:
        """Whose it is, for programs: the key in plain letters, whatever the id."""
        return f"{self.kind}:{quote(self.id, safe='')}"

    @property
    def color(self) -> str:
        """Its colour, a CSS name."""
        return _COLORS[self.kind]

    @property
    def scope(self) -> Scope:
        """For whom its events are written."""
        return (self.kind, self.id) if self.kind in ("agency", "officer") else ALL


def feeds_of(problem: Problem, lang: str) -> tuple[Feed, ...]:
    """Every feed of a plan. What the plan names has one, also an officer without any duty."""
    names, plan = Names(problem), one_line(problem.name)
    found = [Feed("all", "", plan, text("outputs.calendar.name-all", lang, plan=plan))]
    for kind, called in (
        ("area", names.area),
        ("post", names.post),
        ("agency", names.agency),
        ("officer", names.officer),
    ):
        for identifier, name in called.items():
            title = text("outputs.calendar.name", lang, plan=plan, name=name)
            found.append(Feed(kind, identifier, name, title))
    return tuple(found)


def events_by_feed(problem: Problem, roster: Roster) -> dict[tuple[str, str], list[Event | Rest]]:
    """The events of each feed, in order, by the feed's kind and id; where none, no entry."""
    agency = {officer.id: officer.agency for officer in problem.officers}
    found: dict[tuple[str, str], list[Event | Rest]] = {}
    for rest in rests(problem, roster):
        found.setdefault(("officer", rest.officer), []).append(rest)
    resting = list(found)
    for event in events(problem, roster):
        place = ("area", event.area) if event.area is not None else ("post", event.post or "")
        owners = [("all", ""), place]
        owners += dict.fromkeys(("agency", agency[officer]) for officer in event.officers)
        owners += (("officer", officer) for officer in event.officers)
        for owner in owners:
            found.setdefault(owner, []).append(event)
    for owner in resting:
        found[owner].sort(key=lambda event: event.date)
    return found


def feeds(problem: Problem, roster: Roster, lang: str) -> dict[str, bytes]:
    """Every feed by its path below the output folder, and ``calendars/index.csv``.

    The index lists ``kind,id,name,file``. Every event is the first version of itself, stamped with
    the document's date; publishing keeps count of the versions.
    """
    writer, modified = FeedWriter(problem, Style(lang)), issued_stamp(problem)
    first = Version(0, modified, modified)
    mine = events_by_feed(problem, roster)
    everything = feeds_of(problem, lang)
    file_of = {
        kind: slugs(feed.id for feed in everything if feed.kind == kind) for kind in _FOLDERS
    }
    files, index = {}, []
    for feed in everything:
        folder = _FOLDERS.get(feed.kind)
        path = f"{folder}/{file_of[feed.kind][feed.id]}.ics" if folder else "all.ics"
        lines = (
            event_bytes(
                event_uid(writer.plan, event, feed.scope), first, writer.content(event, feed.scope)
            )
            for event in mine.get((feed.kind, feed.id), ())
        )
        head = writer.head(name=feed.title, color=feed.color, modified=modified, mark=feed.mark)
        files[f"{FOLDER}/{path}"] = feed_bytes(head, lines)
        index.append((feed.kind, feed.id, feed.name, path))
    # With a byte order mark: people open the index with a spreadsheet.
    table = csv_text(("kind", "id", "name", "file"), index)
    files[f"{FOLDER}/index.csv"] = table.encode("utf-8-sig")
    return files
