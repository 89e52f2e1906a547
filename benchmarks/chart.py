"""Draws the stored results: the gap of every contender over time, and how the program scales.

``python -m benchmarks chart`` reads ``benchmarks/results`` and writes pictures into
``docs/pictures`` and the tables between the markers of ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

from benchmarks.measure import above
from benchmarks.patrol_instance import write_text

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PICTURES = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "benchmarks.md"
STYLE = {
    "patrol-scheduler": ("#0b5394", "-", 2.4),
    "cp-sat": ("#cc4125", "--", 1.6),
    "highs": ("#38761d", "-.", 1.6),
    "timefold": ("#7f6000", ":", 1.8),
}
PANELS_ACROSS = 3
LEAST_SECONDS, LEAST_GAP, MOST_GAP = 0.1, 0.01, 300.0


def results(folder: Path, benchmark: str) -> list[dict[str, Any]]:
    """The stored results of a benchmark, in the order of their files."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [one for one in found if one.get("benchmark") == benchmark]


def draw_peers(found: list[dict[str, Any]], target: Path) -> None:
    """The gap over time, one panel an instance, small ones first; both axes logarithmic."""
    across = min(len(found), PANELS_ACROSS)
    down = math.ceil(len(found) / across)
    figure, panels = plt.subplots(
        down, across, figsize=(5.2 * across, 4.2 * down), squeeze=False, layout="constrained"
    )
    for panel in panels.flat[len(found) :]:
        panel.set_axis_off()
    for panel, one in zip(panels.flat, found, strict=False):
        limit, silent = one["time_limit"], []
        for name, contender in one["contenders"].items():
            color, line, width = STYLE[name]
            points = [
                (max(seconds, LEAST_SECONDS), max(100 * gap, LEAST_GAP))
                for seconds, cost in contender["trace"]
                if (gap := above(cost, one["bound"])) is not None
            ]
            if not points:
                silent.append(f"{name}: {_nothing(contender)}")
                continue
            x = [*(p[0] for p in points), max(limit, points[-1][0])]
            y = [*(p[1] for p in points), points[-1][1]]
            panel.plot(x, y, line, color=color, lw=width, drawstyle="steps-post", label=name)
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.set_xlim(LEAST_SECONDS, limit * 1.3)
        panel.set_ylim(LEAST_GAP / 1.5, MOST_GAP)
        panel.set_xlabel("seconds")
        panel.set_ylabel("above the best bound, %")
        panel.set_title(f"{one['instance']}: {one['officers']} officers, {one['areas']} areas")
        panel.grid(visible=True, which="major", color="#dddddd")
        panel.xaxis.set_major_formatter(lambda v, _: f"{v:g}")
        panel.yaxis.set_major_formatter(lambda v, _: f"{v:g}")
        panel.legend(loc="upper right", frameon=False, fontsize=9)
        panel.text(
            0.02, 0.06, "\n".join(silent), transform=panel.transAxes, fontsize=8, color="#555555"
        )
    _save(figure, target)


def _nothing(contender: dict[str, Any]) -> str:
    if contender["broken"]:
        return f"no legal roster ({contender['broken']} rules broken at the end)"
    return "no roster" if contender["note"] is None else str(contender["note"])


def draw_scale(one: dict[str, Any], target: Path) -> None:
    """Seconds and memory over officers, areas and days."""
    axes = one["axes"]
    figure, panels = plt.subplots(
        2, len(axes), figsize=(3.9 * len(axes), 6), squeeze=False, layout="constrained"
    )
    rows = (
        ("seconds", (("seconds_to_build", "building"), ("seconds_to_complete", "first roster"))),
        ("MiB", (("mib_to_build", "program"), ("peak_memory_mib", "search, all in all"))),
    )
    for column, (growing, axis) in enumerate(axes.items()):
        over = "officers" if growing == "sizes" else growing
        for row, (unit, lines) in enumerate(rows):
            panel = panels[row][column]
            for (key, label), color in zip(lines, ("#0b5394", "#cc4125"), strict=True):
                points = [(p[over], p[key]) for p in axis["points"] if p.get(key)]
                if points:
                    panel.plot(*zip(*points, strict=True), "o-", color=color, label=label, ms=4)
            panel.set_xscale("log")
            panel.set_yscale("log")
            panel.set_xlabel("officers (areas grow, too)" if growing == "sizes" else over)
            panel.set_ylabel(unit)
            panel.grid(visible=True, which="major", color="#dddddd")
            ticks = _apart([p[over] for p in axis["points"]])
            panel.set_xticks(ticks, [str(n) for n in ticks])
            panel.minorticks_off()
            panel.yaxis.set_major_formatter(lambda v, _: f"{v:g}")
            low, high = panel.get_ylim()
            panel.set_ylim(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)))
            if panel.lines:
                panel.legend(loc="upper left", frameon=False, fontsize=8)
    _save(figure, target)


def _apart(values: list[int]) -> list[int]:
    """The values whose numbers do not lie on one another on a logarithmic axis."""
    kept = values[:1]
    for value in values[1:]:
        if value > 1.3 * kept[-1]:
            kept.append(value)
    return kept


def _save(figure: Any, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mpl.rcParams["svg.hashsalt"] = "patrol-scheduler"
    figure.savefig(target, metadata={"Date": None} if target.suffix == ".svg" else None, dpi=120)
    plt.close(figure)


def peers_table(found: list[dict[str, Any]]) -> str:
    lines = [
        _header("Instance", "Contender", "First complete, s", "Objective", "Above the bound")
        + " Ours had it, times sooner |",
        "|" + "---|" * 6,
    ]
    for one in found:
        for name, contender in one["contenders"].items():
            complete = contender["seconds_to_complete"]
            sooner = one["times_sooner"].get(name)
            cells = (
                one["instance"],
                name,
                "none" if complete is None else f"{complete:g}",
                _nothing(contender)
                if contender["objective"] is None
                else f"{contender['objective']:.2f}",
                "" if contender["gap"] is None else f"{100 * contender['gap']:.2f} %",
                "" if sooner is None else f"{sooner:g}",
            )
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def scale_table(one: dict[str, Any]) -> str:
    lines = [
        _header("Growing", "Officers", "Areas", "Days", "Entries", "Building, s", "Program, MiB")
        + " First complete, s | Gap | Peak, MiB |",
        "|" + "---|" * 10,
    ]
    for over, axis in one["axes"].items():
        for p in axis["points"]:
            gap = p.get("gap")
            cells = [over, *(str(p[key]) for key in ("officers", "areas", "days", "entries"))]
            cells += [f"{p['seconds_to_build']:.2f}", f"{p['mib_to_build']:g}"]
            cells += [_shown(p.get("seconds_to_complete"))]
            cells += ["" if gap is None else f"{100 * gap:.2f} %", _shown(p.get("peak_memory_mib"))]
            lines.append("| " + " | ".join(cells) + " |")
        lines.append(
            f"| {over}: exponent | | | | 1 | {_shown(axis['build']['exponent'])} | "
            f"{_shown(axis['memory']['exponent'])} | | | |"
        )
    return "\n".join(lines)


def patrol_table(found: list[dict[str, Any]]) -> str:
    lines = [
        _header("Instance", "Officers", "Areas", "Limit, s", "First complete, s", "To 1 %, s")
        + " Objective | Bound | Above the bound | Peak, MiB |",
        "|" + "---|" * 10,
    ]
    for one in found:
        gap = one["gap"]
        cells = [one["instance"], *(str(one[key]) for key in ("officers", "areas"))]
        cells += [f"{one['time_limit']:g}", _shown(one["seconds_to_complete"])]
        cells += [_shown(one["seconds_to_1_percent"]), _shown(one["objective"])]
        cells += [_shown(one["bound"]), "" if gap is None else f"{100 * gap:.2f} %"]
        lines.append("| " + " | ".join([*cells, _shown(one["peak_memory_mib"])]) + " |")
    return "\n".join(lines)


def _header(*names: str) -> str:
    return "| " + " | ".join(names) + " |"


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def filled(page: str, name: str, table: str) -> str:
    """The page with a table between its markers."""
    pattern = rf"(<!-- table: {name} -->\n).*?(<!-- end -->)"
    if not re.search(pattern, page, re.DOTALL):
        raise ValueError(f"{PAGE.name} has no marker for the table {name}")
    return re.sub(pattern, lambda m: f"{m[1]}\n{table}\n\n{m[2]}", page, flags=re.DOTALL)


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks chart", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--pictures", type=Path, default=PICTURES)
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args(arguments)
    page = given.page.read_text(encoding="utf-8")
    written = []
    peers = results(given.results, "peers")
    if peers := sorted(peers, key=lambda one: (one["officers"], one["instance"])):
        draw_peers(peers, given.pictures / "peers.svg")
        page = filled(page, "peers", peers_table(peers))
        written.append("peers.svg")
    if scale := results(given.results, "scale"):
        draw_scale(scale[-1], given.pictures / "scale.svg")
        page = filled(page, "scale", scale_table(scale[-1]))
        written.append("scale.svg")
    if patrol := results(given.results, "patrol"):
        page = filled(page, "patrol", patrol_table(patrol))
    write_text(given.page, page)
    return {"pictures": written, "page": str(given.page)}
