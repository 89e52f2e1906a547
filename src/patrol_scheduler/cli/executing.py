"""``executed``: what took place against what was planned."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.given import plan_and_given, require_day
from patrol_scheduler.cli.progress import share
from patrol_scheduler.cli.terminal import say, say_raw, table
from patrol_scheduler.texts import text

FORMAT = "patrol-scheduler executed 1"
"""The first entry of the JSON document that ``executed --json`` writes."""


def executed(
    plan: Path,
    roster: Path,
    records: Path,
    lang: str,
    *,
    until: dt.date,
    out: Path | None,
    relapse_days: int,
    none_took_place: bool,
    as_json: bool,
) -> int:
    """Say what took place, what was missed and what was found; write the roster that goes on."""
    from patrol_scheduler import sightings
    from patrol_scheduler.formats.duties.patrol_records import read_records
    from patrol_scheduler.outputs import Done, ensure_replaceable
    from patrol_scheduler.replanning import executed as took_place
    from patrol_scheduler.rules.base import place_label

    problem, given = plan_and_given(plan, roster, lang)
    planned = given.roster
    require_day(problem, until)
    read = read_records(records, problem, planned, until=until, none_took_place=none_took_place)
    if out is not None:
        ensure_replaceable(out)
    actual = read.roster
    gone = took_place.missed(planned, actual, until)
    extra = took_place.unplanned(planned, actual)
    due = sum(1 for patrol in planned.patrols if patrol.date <= until)
    found = sightings.found_by_kind_and_place(read.sightings)
    again = sightings.relapses(read.sightings, days=relapse_days)
    rate = sightings.relapse_rate(read.sightings, days=relapse_days)
    for notice in read.notices:
        say(text("cli.notice", lang, notice=notice.say(lang)), err=True)
    if out is not None:
        merged = took_place.continued(planned, actual, until)
        done = Done(took_place.up_to(planned, until), actual, read.sightings, until, read.times)
        given.write(problem, merged, out, lang, done)
    if as_json:
        document = {
            "format": FORMAT,
            "until": until.isoformat(),
            "planned": due,
            "took_place": due - len(gone),
            "missed": [patrol.id for patrol in gone],
            "unplanned": [patrol.id for patrol in extra],
            "found": [
                {"kind": f.kind, "area": f.area, "place": f.place, "patrols": f.patrols,
                 "count": f.count, "open": f.open}
                for f in found
            ],
            "relapses": [
                {"kind": r.kind, "area": r.area, "place": r.place,
                 "before": r.before.isoformat(), "again": r.again.isoformat()}
                for r in again
            ],
            "relapse_rate": rate,
        }  # fmt: skip
        say_raw(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return Exit.SHORT if gone else Exit.COMPLETE
    say(
        text("executed.counts", lang, planned=due, done=due - len(gone), extra=len(extra),
             until=until)
    )  # fmt: skip
    for patrol in gone:
        area = place_label(problem, patrol.area)
        say("  " + text("executed.missed", lang, date=patrol.date, area=area, patrol=patrol.id))
    if found:
        head = [
            text(f"executed.{c}", lang)
            for c in ("kind", "area", "place", "patrols", "count", "open")
        ]
        rows = [
            [f.kind, place_label(problem, f.area), f.place, f.patrols, f.count, f.open]
            for f in found
        ]
        say("")
        for line in table(head, rows):
            say(line)
        told = share(rate) if rate is not None else "-"
        say(text("executed.relapse", lang, n=len(again), days=relapse_days, rate=told))
    return Exit.SHORT if gone else Exit.COMPLETE
