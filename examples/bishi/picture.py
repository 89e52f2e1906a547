"""Draws the picture in the README: python examples/bishi/picture.py out docs/pictures/bishi.png"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

from patrol_scheduler import Problem, Roster, check, read, read_roster

mpl.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

GAPS = {2: "#2a9d8f", 3: "#8ab6d6"}
WRONG = "#d62828"
SHIFTS = ("#e9a23b", "#3d348b")
LEAVE, HOLIDAY = "#dddddd", "#fbeaea"


def main(out: Path, picture: Path) -> None:
    problem = read(Path(__file__).with_name("plan.toml"))
    roster = read_roster(out / "roster.json").result.roster
    if roster is None:
        sys.exit("there is no roster to draw")
    # The first font that a machine has is taken; labels are Chinese.
    mpl.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "SimHei", "PingFang SC", "DejaVu Sans"]
    mpl.rcParams["font.size"] = 8
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(13, 8), height_ratios=(5, 17), sharex=True, layout="constrained"
    )
    areas(above, problem, roster)
    officers(below, problem, roster)
    verdict = "complete" if check(problem, roster).complete else "short"
    figure.suptitle(
        f"Routine patrols {problem.first} to {problem.last}: "
        f"{len(roster.patrols)} patrols, {len(roster.duties)} duties, {verdict}",
        fontsize=11,
    )
    picture.parent.mkdir(parents=True, exist_ok=True)
    # No software version or date in the file, so that the same roster gives the same bytes.
    figure.savefig(picture, dpi=110, metadata={"Software": None})


def areas(axes: Axes, problem: Problem, roster: Roster) -> None:
    """One row an area: a mark a patrol, coloured by shift, over a bar coloured by the gap."""
    shift_colour = dict(zip(problem.shift_by_id, SHIFTS, strict=True))
    for row, area in enumerate(problem.areas):
        known = (problem.last_patrol.get(area.id), *roster.patrol_dates.get(area.id, ()))
        for before, after in pairwise(date for date in known if date):
            axes.barh(
                row,
                (after - before).days,
                left=mdates.date2num(before),
                height=0.8,
                color=GAPS.get((after - before).days, WRONG),
                edgecolor="white",
                linewidth=0.6,
            )
        for patrol in roster.patrols:
            if patrol.area == area.id:
                axes.plot(patrol.date, row, ".", color=shift_colour[patrol.shift], markersize=5)
    axes.set_yticks(range(len(problem.areas)), [area.id for area in problem.areas])
    axes.invert_yaxis()
    axes.set_title("When each area is patrolled", loc="left", fontsize=9)
    keys = [Patch(color=colour, label=f"{gap} days since the last") for gap, colour in GAPS.items()]
    keys += [Patch(color=WRONG, label="outside 2-3 days")]
    keys += [
        Patch(color=colour, label=f"{shift.id} {shift.start:%H:%M}-{shift.end:%H:%M}")
        for shift, colour in zip(problem.shifts, SHIFTS, strict=True)
    ]
    axes.legend(handles=keys, ncols=5, loc="lower right", bbox_to_anchor=(1, 1.0), frameon=False)


def officers(axes: Axes, problem: Problem, roster: Roster) -> None:
    """One row an officer: duties coloured by shift, grey while on leave; holidays behind."""
    shift_colour = dict(zip(problem.shift_by_id, SHIFTS, strict=True))
    rows = {officer.id: row for row, officer in enumerate(problem.officers)}
    for date in problem.dates:
        if problem.day_table.day_type(date).value == "statutory-holiday":
            axes.axvspan(*around(date), color=HOLIDAY, zorder=0)
        for officer in problem.officers:
            if not officer.available_on(date):
                axes.barh(rows[officer.id], 1, left=around(date)[0], color=LEAVE, height=1)
    for duty in roster.duties:
        left, colour = around(duty.date)[0], shift_colour[duty.shift]
        axes.barh(rows[duty.officer], 0.9, left=left, color=colour, height=0.8)
    loads = {officer: len(turns) for officer, turns in roster.turns.items()}
    labels = [f"{officer.id}  {loads.get(officer.id, 0)}" for officer in problem.officers]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_title(
        "Who is on duty, with the number of duties (grey: on leave; red: statutory holiday)",
        loc="left",
        fontsize=9,
    )
    axes.xaxis.set_major_locator(mdates.MonthLocator())
    axes.xaxis.set_minor_locator(mdates.WeekdayLocator(mdates.MO))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m-%d"))
    axes.set_xlim(around(problem.first)[0] - 2, around(problem.last)[1])


def around(date: object) -> tuple[float, float]:
    middle = float(mdates.date2num(date))
    return middle - 0.5, middle + 0.5


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
