"""Random lives of a roster, and what its feeds must show after each: written from the promises.

The oracle knows nothing of the ledger: it follows patrols by area and date, counts how often what
a calendar shows of them changed, and says which events each feed holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from patrol_scheduler.outputs.icalendar import Style, plan_id
from patrol_scheduler.problem import (
    Agency,
    Area,
    Cadence,
    Officer,
    Phase,
    Post,
    Problem,
    Shift,
    Team,
)
from patrol_scheduler.publishing.components import Component, parse, split_events, unfolded
from patrol_scheduler.publishing.edition import Edition, edition
from patrol_scheduler.publishing.folder import Tokens
from patrol_scheduler.publishing.ledger import Ledger
from patrol_scheduler.publishing.ledger_file import dump, load
from patrol_scheduler.publishing.lint import Linter
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster, patrol_id

FIRST = dt.date(2010, 8, 2)
DAYS = 6
CHINA = dt.timezone(dt.timedelta(hours=8))
AREAS, OFFICERS, SHIFTS = ("A1", "A2"), ("甲1", "甲2", "乙1", "乙2"), ("day", "night")

Place = tuple[dt.date, str]


@dataclass
class World:
    """A roster that can be edited: patrols by (date, area), a post's officers by date."""

    patrols: dict[Place, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    desk: dict[dt.date, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=lambda: {o: f"警{o}" for o in OFFICERS})
    now: dt.datetime = dt.datetime(2010, 8, 1, 12, tzinfo=CHINA)

    def problem(self) -> Problem:
        last = FIRST + dt.timedelta(days=DAYS - 1)
        return Problem(
            name="试排",
            start=FIRST,
            end=last,
            agencies=(Agency(id="甲"), Agency(id="乙")),
            officers=tuple(Officer(id=o, agency=o[0], name=self.names[o]) for o in OFFICERS),
            areas=tuple(Area(id=area) for area in AREAS),
            posts=(Post(id="K"),),
            shifts=(
                Shift(id="day", start=dt.time(8), end=dt.time(11)),
                Shift(id="night", start=dt.time(22), end=dt.time(2)),
            ),
            phases=(Phase(id="P", start=FIRST, end=last),),
            cadences=(Cadence(min_days=1, max_days=3),),
            teams=(Team(members={"甲": 1}),),
        )

    def roster(self) -> Roster:
        return Roster(
            patrols=tuple(
                Patrol(
                    id=patrol_id(date, area),
                    date=date,
                    area=area,
                    shift=shift,
                    members=tuple(Member(officer=officer) for officer in team),
                )
                for (date, area), (shift, team) in self.patrols.items()
            ),
            post_duties=tuple(
                PostDuty(date=date, post="K", shift="day", officer=officer)
                for date, team in self.desk.items()
                for officer in team
            ),
        )

    def edit(self, rng: Random) -> None:
        """One thing that happens to a roster, or nothing."""
        what = rng.choice(
            ["add", "add", "drop", "move", "team", "desk", "desk-drop", "rename", "time", "nothing"]
        )
        place = (FIRST + dt.timedelta(days=rng.randrange(DAYS)), rng.choice(AREAS))
        there = rng.choice(sorted(self.patrols)) if self.patrols else None
        team = tuple(rng.sample(OFFICERS, rng.randint(1, 3)))
        if what == "add":
            self.patrols.setdefault(place, (rng.choice(SHIFTS), team))
        elif what == "desk":
            self.desk[place[0]] = team[:2]
        elif what == "desk-drop":
            self.desk.pop(place[0], None)
        elif what == "rename":
            self.names[rng.choice(OFFICERS)] = rng.choice(["王, 芳", "李;\\n", "赵\r\n\r\nX", "𠮷"])
        elif what == "time":
            self.now += dt.timedelta(hours=rng.randint(1, 40))
        elif there is not None and what == "drop":
            del self.patrols[there]
        elif there is not None and what == "move":
            shift, members = self.patrols[there]
            self.patrols[there] = ("night" if shift == "day" else "day", members)
        elif there is not None and what == "team":
            self.patrols[there] = (self.patrols[there][0], team)

    def shows(self) -> dict[tuple[str, str, str], tuple[Any, dt.datetime]]:
        """By scope, date and place: what a calendar shows, and when its day has passed."""
        called = {o: self.names[o].split() for o in OFFICERS}
        twins = [called[o] for o in OFFICERS]
        found = {}
        happenings = [
            (date, area, shift, team) for (date, area), (shift, team) in self.patrols.items()
        ] + [(date, "K", "day", team) for date, team in self.desk.items()]
        for date, place, shift, team in happenings:
            # Officers who share a name are told apart by their ids, which shows.
            people = tuple((o, *called[o], twins.count(called[o]) > 1) for o in team)
            ends = dt.datetime.combine(date, dt.time(), CHINA) + dt.timedelta(days=1)
            if shift == "night":
                ends += dt.timedelta(hours=2)
            shown = ((shift, people), ends)
            for scope in {"", *(f"officer:{o}" for o in team), *(f"agency:{o[0]}" for o in team)}:
                found[scope, date.isoformat(), place] = shown
        return found


@dataclass
class Expected:
    """What must be known of one event: its number of changes, its state and what it shows."""

    sequence: int
    state: str
    shown: Any
    ends: dt.datetime


class Life:
    """A roster published again and again, with the oracle beside it."""

    def __init__(self, style: Style) -> None:
        self.world = World()
        self.style = style
        self.tokens = Tokens()
        self.ledger = Ledger(plan_id(self.world.problem()))
        self.disk: dict[str, bytes] = {}
        self.expected: dict[tuple[str, str, str], Expected] = {}

    def publish(self) -> Edition:
        made = edition(
            self.ledger,
            self.tokens,
            self.world.problem(),
            self.world.roster(),
            self.style,
            self.world.now,
            set(self.disk),
        )
        # As the next run finds it in the file.
        self.ledger = load(dump(made.ledger))
        self.disk.update(made.files)
        return made

    def expect(self) -> set[tuple[str, str, str]]:
        """Bring the oracle up to the roster; gives the events that must change."""
        now, shown = self.world.now, self.world.shows()
        changed = set()
        for key, (content, ends) in shown.items():
            old = self.expected.get(key)
            if old is None:
                self.expected[key] = Expected(0, "CONFIRMED", content, ends)
            elif (old.state, old.shown) != ("CONFIRMED", content):
                self.expected[key] = Expected(old.sequence + 1, "CONFIRMED", content, ends)
            else:
                continue
            changed.add(key)
        for key, old in self.expected.items():
            if key not in shown and old.state != "gone":
                if old.ends <= now:
                    old.state = "gone"
                elif old.state == "CONFIRMED":
                    old.state = "CANCELLED"
                    old.sequence += 1
                else:
                    continue
                changed.add(key)
        return changed

    def due(self, feed_key: str) -> dict[tuple[str, str, str], tuple[str, int]]:
        """The events that a feed must hold, with their states and numbers of changes."""
        kind, _, owner = feed_key.partition(":")
        scope = scope_of(feed_key)
        return {
            key: (known.state, known.sequence)
            for key, known in self.expected.items()
            if key[0] == scope
            and known.state != "gone"
            and (kind not in ("area", "post") or key[2] == owner)
        }


def scope_of(feed_key: str) -> str:
    return feed_key if feed_key.startswith(("agency", "officer")) else ""


def seen_in(feed_key: str, feed: bytes) -> dict[tuple[str, str, str], tuple[Component, bytes]]:
    """The events of a feed by scope, date and place, read and as they lie there."""
    found = {}
    for lines in split_events(feed)[1]:
        ((event,), _) = parse(unfolded(lines))
        day = dt.datetime.strptime(event.value("DTSTART")[:8], "%Y%m%d").date()
        key = (scope_of(feed_key), day.isoformat(), event.value("LOCATION"))
        assert key not in found
        found[key] = (event, lines)
    return found


def run(seed: int, publications: int) -> int:
    """One random life of so many publications; gives how many events changed in it.

    Raises ``AssertionError`` where anything is not as promised.
    """
    rng = Random(seed)  # noqa: S311  # not for secrets
    life = Life(Style(rng.choice(["zh-CN", "en"]), alarm=rng.choice([None, 30])))
    linter = Linter()
    uids: dict[tuple[str, str, str], str] = {}
    created: dict[str, str] = {}
    last: dict[str, dict[tuple[str, str, str], tuple[Component, bytes]]] = {}
    edits = 0
    for _ in range(publications):
        for _ in range(rng.randint(1, 3)):
            life.world.edit(rng)
        changed = life.expect()
        edits += len(changed)
        before = dict(life.disk)
        made = life.publish()
        for key, feed in made.files.items():
            assert feed != before.get(key), "written without need"
            assert linter.lint(feed) == (), key
        for key, feed in life.disk.items():
            now = seen_in(key, feed) if key in made.files else last[key]
            assert {
                place: (event.value("STATUS"), int(event.value("SEQUENCE")))
                for place, (event, _) in now.items()
            } == life.due(key)
            was = last.get(key, {})
            differ = {place for place in now if place not in was or was[place][1] != now[place][1]}
            assert differ | (was.keys() - now.keys()) == {
                place for place in changed if place in now or place in was
            }
            for place, (event, _) in now.items():
                # For ever the same, and no other event's.
                uid = event.value("UID")
                assert uids.setdefault(place, uid) == uid
                made_at = event.value("CREATED")
                assert created.setdefault(uid, made_at) == made_at <= event.value("LAST-MODIFIED")
            last[key] = now
        assert len(set(uids.values())) == len(uids)
        # Once more without any change: not one byte differs.
        again = life.publish()
        assert not again.files
        assert not again.changes
    return edits
