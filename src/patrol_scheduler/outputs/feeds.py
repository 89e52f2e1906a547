"""All calendar feeds of a roster: everything, and one per area, post, agency and officer."""

from __future__ import annotations

from collections.abc import Iterable

from patrol_scheduler.outputs.events import Event, events
from patrol_scheduler.outputs.filenames import slugs
from patrol_scheduler.outputs.icalendar import FeedWriter
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


def feeds(problem: Problem, roster: Roster, lang: str) -> dict[str, bytes]:
    """Every feed by its path below the output folder, and ``calendars/index.csv``.

    The index lists ``kind,id,name,file``. Everything the plan names has a feed, also an officer
    without any duty.
    """
    writer, names = FeedWriter(problem, lang), Names(problem)
    everything = events(problem, roster)
    plan = one_line(problem.name)
    files = {
        f"{FOLDER}/all.ics": writer.feed(
            everything,
            name=text("outputs.calendar.name-all", lang, plan=plan),
            color=_COLORS["all"],
        )
    }
    index = [("all", "", plan, "all.ics")]
    for kind, called in (
        ("area", names.area),
        ("post", names.post),
        ("agency", names.agency),
        ("officer", names.officer),
    ):
        mine = _by(kind, everything, problem)
        files_of = slugs(called)
        for identifier, name in called.items():
            path = f"{_FOLDERS[kind]}/{files_of[identifier]}.ics"
            files[f"{FOLDER}/{path}"] = writer.feed(
                mine.get(identifier, ()),
                name=text("outputs.calendar.name", lang, plan=plan, name=name),
                color=_COLORS[kind],
                officer=identifier if kind == "officer" else None,
            )
            index.append((kind, identifier, name, path))
    # With a byte order mark: people open the index with a spreadsheet.
    table = csv_text(("kind", "id", "name", "file"), index)
    files[f"{FOLDER}/index.csv"] = table.encode("utf-8-sig")
    return files


def _by(kind: str, everything: Iterable[Event], problem: Problem) -> dict[str, list[Event]]:
    """The events of each area, post, agency or officer, in order."""
    agency = {officer.id: officer.agency for officer in problem.officers}
    found: dict[str, list[Event]] = {}
    for event in everything:
        if kind == "area":
            owners = [event.area]
        elif kind == "post":
            owners = [event.post]
        elif kind == "agency":
            owners = [agency[officer] for officer in event.officers]
        else:
            owners = list(event.officers)
        for owner in dict.fromkeys(owners):
            if owner is not None:
                found.setdefault(owner, []).append(event)
    return found
