"""Draws each chart of the report as a matplotlib figure."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from patrol_scheduler.outputs.report.drawing import Drawing, Words
from patrol_scheduler.outputs.wording import one_line
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import LANGUAGES, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE = 11.0
_ROW = 0.2


def _figure(rows: float, *, left: float, wide: float = _WIDE) -> tuple[Figure, Axes]:
    """A figure with room for ``rows`` rows and ``left`` inches of names."""
    from matplotlib.figure import Figure as Made

    top, bottom = 0.35, 0.45
    height = rows + top + bottom
    figure = Made(figsize=(wide, height))
    axes = figure.add_axes(
        (left / wide, bottom / height, (wide - left - 0.2) / wide, rows / height)
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    return figure, axes


def _room(names: Sequence[str]) -> float:
    """Inches for the longest name."""
    widest = max((sum(2 if ord(c) > 0x2E80 else 1 for c in n) for n in names), default=4)
    return 0.25 + min(44, widest) * 0.075


def _months(axes: Axes, problem: Problem, words: Words) -> None:
    """A tick and a line at the first day of each month."""
    starts = [0] + [n for n, date in enumerate(problem.dates) if date.day == 1 and n]
    labels = [
        words.token({
            lang: f"{text(f'outputs.month.{problem.date(start).month}', lang)}"
            + (f" {problem.date(start).day}" if start == 0 and problem.date(start).day > 1 else "")
            for lang in LANGUAGES
        })
        for start in starts
    ]  # fmt: skip
    axes.set_xticks([start - 0.5 for start in starts], labels, ha="left")
    axes.grid(axis="x", linewidth=0.6)
    axes.set_xlim(-0.5, len(problem.dates) - 0.5)


def _strokes(
    axes: Axes, row: float, days: Sequence[int], colour: str, gid: str, tall: float
) -> None:
    """Marks of one row as a single path: one stroke a day."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if not days:
        return
    vertices = [point for day in days for point in ((day - 0.42, row), (day + 0.42, row))]
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(days))
    patch = PathPatch(path, fill=False, edgecolor=colour, linewidth=tall, capstyle="butt")
    patch.set_gid(gid)
    # Not add_patch, which looks through every stroke for limits that are set already.
    axes.add_artist(patch)


def _areas(drawing: Drawing, words: Words, part: range) -> Figure:
    """Each area's patrols by date; days that end overdue are marked."""
    problem = drawing.problem
    areas = [problem.areas[n] for n in part]
    names = [drawing.names.area[area.id] for area in areas]
    figure, axes = _figure(max(1, len(names)) * _ROW * 1.4, left=_room(names))
    for row, (place, area) in enumerate(zip(part, areas, strict=True)):
        gid = f"areas--area-{place}"
        days = sorted({problem.day(e.date) for e in drawing.events if e.area == area.id})
        late = _overdue(drawing, area.id)
        _strokes(axes, row, late, drawing.colours["warn"], f"{gid}-late", 4)
        _strokes(axes, row, days, drawing.colours["mark"], gid, 13)
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    _months(axes, problem, words)
    return figure


def _overdue(drawing: Drawing, area: str) -> list[int]:
    """The days of an area that end overdue, from its intervals."""
    problem = drawing.problem
    found: list[int] = []
    for row in drawing.document["tables"]["intervals"]:
        if row["area"] == area and row["overdue_days"]:
            last = (
                problem.day(dt.date.fromisoformat(row["to"])) if row["to"] else len(problem.dates)
            )
            found += range(max(0, last - row["overdue_days"]), last)
    return found


def _officers(drawing: Drawing, words: Words, part: range) -> Figure:
    """Each officer's duties by date; leading in a second colour, days away in grey."""
    problem = drawing.problem
    officers = [(a, o) for a, agency in enumerate(problem.agencies)
                for o in problem.officers_of[agency.id]][part.start : part.stop]  # fmt: skip
    places = {officer.id: n for n, officer in enumerate(problem.officers)}
    names = [drawing.names.officer[officer.id] for _, officer in officers]
    figure, axes = _figure(max(1, len(names)) * _ROW, left=_room(names))
    duties: dict[str, set[int]] = {}
    leads: dict[str, set[int]] = {}
    for event in drawing.events:
        for officer_id in event.officers:
            kind = leads if officer_id in event.leaders else duties
            kind.setdefault(officer_id, set()).add(problem.day(event.date))
    for row, (agency, officer) in enumerate(officers):
        gid = f"officers--officer-{places[officer.id]}-{agency}"
        away = [n for n, date in enumerate(problem.dates) if not officer.available_on(date)]
        _strokes(axes, row, away, drawing.colours["soft"], f"{gid}-away", 10)
        _strokes(axes, row, sorted(duties.get(officer.id, ())), drawing.colours["mark"], gid, 10)
        _strokes(
            axes,
            row,
            sorted(leads.get(officer.id, ())),
            drawing.colours["second"],
            f"{gid}-lead",
            10,
        )
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    _months(axes, problem, words)
    return figure


def _fairness(drawing: Drawing, words: Words, part: range) -> Figure:
    """Everybody's duties as a bar, the fair share as a line."""
    problem = drawing.problem
    everybody = _shared(drawing)
    rows = everybody[part.start : part.stop]
    places = {officer.id: n for n, officer in enumerate(problem.officers)}
    agencies = {agency.id: n for n, agency in enumerate(problem.agencies)}
    names = [drawing.names.officer[row["officer"]] for row in rows]
    figure, axes = _figure(max(1, len(names)) * _ROW, left=_room(names))
    for n, row in enumerate(rows):
        gid = f"fairness--officer-{places[row['officer']]}-{agencies[row['agency']]}"
        (bar,) = axes.barh([n], [row["duties"]], height=0.7, color=drawing.colours["mark"])
        bar.set_gid(gid)
        (mark,) = axes.plot(
            [row["target"]] * 2, [n - 0.45, n + 0.45], color=drawing.colours["second"], lw=2
        )
        mark.set_gid(f"{gid}-target")
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    longest = (max(row["duties"], row["target"]) for row in everybody)
    axes.set_xlim(0, 1.05 * (max(longest, default=0) or 1))
    axes.grid(axis="x", linewidth=0.6)
    axes.set_xlabel(words.say("axis.duties"))
    return figure


def _shared(drawing: Drawing) -> list[dict[str, Any]]:
    """Everybody's duties of all days, with the fair share."""
    return [r for r in drawing.document["tables"]["officer_duties"] if r["over"] == "all-days"]


def _weekdays(drawing: Drawing, words: Words, _part: range) -> Figure:
    """Patrols a day by weekday and shift, as a grid of shaded cells with their numbers."""
    from matplotlib.patches import Rectangle

    problem = drawing.problem
    rows = drawing.document["tables"]["weekday_shift_coverage"]
    shifts = {shift.id: n for n, shift in enumerate(problem.shifts)}
    names = [drawing.names.shift[shift.id] for shift in problem.shifts]
    figure, axes = _figure(max(1, len(names)) * 0.5, left=_room(names), wide=8)
    most = max((row["mean_patrols"] or 0 for row in rows), default=0) or 1
    for row in rows:
        x, y, value = row["weekday"] - 1, shifts[row["shift"]], row["mean_patrols"] or 0
        strong = value / most
        cell = Rectangle(
            (x - 0.48, y - 0.46), 0.96, 0.92, color=drawing.colours["mark"], alpha=strong * 0.55
        )
        axes.add_patch(cell)
        axes.text(x, y, f"{value:.1f}", ha="center", va="center")
    days = [words.token({lang: text(f"outputs.weekday.{n}", lang) for lang in LANGUAGES})
            for n in range(1, 8)]  # fmt: skip
    axes.set_xticks(range(7), days)
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_xlim(-0.5, 6.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    return figure


def _gaps(drawing: Drawing, words: Words, _part: range) -> Figure:
    """How many gaps of each length there are, the areas one above the other."""
    problem = drawing.problem
    found: Counter[tuple[str, int]] = Counter()
    for row in drawing.document["tables"]["intervals"]:
        if row["open"] == "no":
            found[row["area"], row["days"]] += 1
    lengths = sorted({days for _, days in found}) or [1]
    figure, axes = _figure(2.4, left=0.7, wide=8)
    below = Counter[int]()
    for n, area in enumerate(problem.areas):
        for days in lengths:
            times = found[area.id, days]
            if times:
                (bar,) = axes.bar(
                    [days],
                    [times],
                    bottom=[below[days]],
                    width=0.7,
                    color=drawing.colours["mark"],
                    edgecolor=drawing.colours["paper"],
                )
                bar.set_gid(f"gaps--area-{n}-{days}")
                below[days] += times
    for days in lengths:
        axes.text(days, below[days], str(below[days]), ha="center", va="bottom")
    axes.set_xticks(lengths)
    axes.set_xlim(min(lengths) - 1, max(lengths) + 1)
    axes.set_ylim(0, max(below.values(), default=1) * 1.15)
    axes.grid(axis="y", linewidth=0.6)
    axes.set_xlabel(words.say("axis.gap"))
    return figure


def _execution(drawing: Drawing, words: Words, part: range) -> Figure:
    """Patrols planned, taken place and on time, by area."""
    every = _carried_out(drawing)
    rows = every[part.start : part.stop]
    places = {area.id: n for n, area in enumerate(drawing.problem.areas)}
    names = [drawing.names.area[row["area"]] for row in rows]
    figure, axes = _figure(max(1.5, len(names) * _ROW * 2.6), left=_room(names))
    kinds = (("planned", "grid"), ("took_place", "mark"), ("on_time", "second"))
    for n, row in enumerate(rows):
        for place, (column, colour) in enumerate(kinds):
            at = n + (place - 1) * 0.27
            (bar,) = axes.barh([at], [row[column]], height=0.25, color=drawing.colours[colour])
            bar.set_gid(f"execution--area-{places[row['area']]}-{column}")
            axes.text(row[column], at, f" {row[column]}", va="center", fontsize=7)
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    most = max((row[column] for row in every for column, _ in kinds), default=0)
    axes.set_xlim(0, 1.05 * (most or 1))
    axes.grid(axis="x", linewidth=0.6)
    axes.set_xlabel(words.say("axis.patrols"))
    _legend(axes, drawing, words, kinds)
    return figure


def _carried_out(drawing: Drawing) -> list[dict[str, Any]]:
    """What became of the planned patrols of each area."""
    return [row for row in drawing.document["actual"]["execution"] if row["area"]]


def _findings(drawing: Drawing, words: Words, _part: range) -> Figure:
    """Offences found by kind, those not settled in a second colour."""
    rows = [row for row in drawing.document["actual"]["findings"] if row["violation_kind"]]
    kinds = drawing.names.kind
    names = [kinds.get(row["violation_kind"], one_line(row["violation_kind"])) for row in rows]
    figure, axes = _figure(max(1.0, len(names) * _ROW * 1.6), left=_room(names))
    for n, row in enumerate(rows):
        axes.barh([n], [row["found"]], height=0.7, color=drawing.colours["mark"])
        axes.barh([n], [row["unsettled"]], height=0.7, color=drawing.colours["second"])
        axes.text(row["found"], n, f" {row['found']}", va="center")
    axes.set_yticks(range(len(names)), [words.same(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="x", linewidth=0.6)
    axes.set_xlabel(words.say("axis.found"))
    _legend(axes, drawing, words, (("found", "mark"), ("unsettled", "second")))
    return figure


def _legend(axes: Axes, drawing: Drawing, words: Words, kinds: Sequence[tuple[str, str]]) -> None:
    """What each colour means, in one line above the chart at its right end."""
    from matplotlib.patches import Patch

    axes.legend(
        handles=[
            Patch(color=drawing.colours[colour], label=words.say(f"legend.{label}"))
            for label, colour in kinds
        ],
        loc="lower right", bbox_to_anchor=(1, 1), ncols=len(kinds), frameon=False,
        borderaxespad=0,
    )  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """How a chart is drawn: a range of its rows at a time, at most as many as fit on a page."""

    draw: Callable[[Drawing, Words, range], Figure]
    rows: Callable[[Drawing], int] = lambda _: 1
    most: int = 1

    def parts(self, drawing: Drawing) -> list[range]:
        """Its rows, divided evenly over as few pages as hold them."""
        rows = self.rows(drawing)
        pages = max(1, math.ceil(rows / self.most))
        ends = [rows * page // pages for page in range(pages + 1)]
        return [range(first, end) for first, end in pairwise(ends)]


DRAWERS: dict[str, Chart] = {
    "execution": Chart(_execution, lambda drawing: len(_carried_out(drawing)), most=12),
    "findings": Chart(_findings),
    "areas": Chart(_areas, lambda drawing: len(drawing.problem.areas), most=22),
    "officers": Chart(_officers, lambda drawing: len(drawing.problem.officers), most=32),
    "fairness": Chart(_fairness, lambda drawing: len(_shared(drawing)), most=32),
    "weekdays": Chart(_weekdays),
    "gaps": Chart(_gaps),
}
"""How each chart is drawn."""
