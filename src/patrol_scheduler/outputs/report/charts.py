"""The charts of the report: as SVG in every language and colour scheme, or as pictures."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from patrol_scheduler.outputs.report.drawers import DRAWERS
from patrol_scheduler.outputs.report.drawing import COLOURS, LIGHT, Drawing, Spoken, Words
from patrol_scheduler.outputs.wording import one_line
from patrol_scheduler.texts import LANGUAGES, text

CHARTS = ("areas", "officers", "fairness", "weekdays", "gaps")
"""The charts by name, in the order of the report."""

EXECUTED = ("execution", "findings")
"""The charts of what took place, where that is known; they come before the others."""


def charts_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The charts that a document of statistics has, in the order of the report."""
    actual = document["actual"] or {}
    return (*(name for name in EXECUTED if actual.get(name)), *CHARTS)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of a chart that fits on a page, as an SVG with tokens for texts and colours.

    ``name`` is that of the chart where it has one part, else with the number of the part.
    """

    chart: str
    name: str
    svg: str
    words: Words


def charts(drawing: Drawing) -> list[Drawn]:
    """Every chart in its parts, as SVG."""
    import matplotlib as mpl

    made = []
    for chart, name, part in _parts(drawing):
        words = Words()
        settings = {"svg.fonttype": "none", "svg.hashsalt": name, "svg.image_inline": True}
        with mpl.rc_context(_settings(drawing.colours) | settings):
            figure = DRAWERS[chart].draw(drawing, words, part)
            target = io.StringIO()
            figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
        made.append(Drawn(chart, name, _slim(target.getvalue()), words))
    return made


def _parts(drawing: Drawing) -> Iterator[tuple[str, str, range]]:
    """Each part of each chart: the chart, the part's name and its rows."""
    for chart in charts_of(drawing.document):
        parts = DRAWERS[chart].parts(drawing)
        for n, part in enumerate(parts, start=1):
            yield chart, chart if len(parts) == 1 else f"{chart}-{n}", part


def _settings(colours: Mapping[str, str]) -> dict[Any, Any]:
    ink, grid = colours["ink"], colours["grid"]
    return {
        "font.size": 9, "axes.edgecolor": grid, "text.color": ink, "axes.labelcolor": ink,
        "xtick.color": ink, "ytick.color": ink, "grid.color": grid,
    }  # fmt: skip


FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Source Han Sans CN",
    "PingFang SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Noto Serif CJK SC", "Noto Serif CJK JP", "SimSun",
)  # fmt: skip
"""Fonts with Chinese characters, of which a picture takes the first that the machine has."""


class NoFontError(Exception):
    """This machine has no font with Chinese characters, which a picture needs."""


def pictures(drawing: Drawing, lang: str) -> dict[str, bytes]:
    """Every chart in its parts as PNG in one language, dark on white, by the names of the parts.

    Unlike an SVG a picture needs the machine's fonts: raises :class:`NoFontError` where none has
    Chinese characters.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    font = next((name for name in FONTS if name in known), None)
    if font is None:
        raise NoFontError
    light = Drawing(drawing.problem, drawing.names, drawing.events, drawing.document, LIGHT)
    made = {}
    for chart, name, part in _parts(light):
        with mpl.rc_context(_settings(LIGHT) | {"font.family": [font, "DejaVu Sans"]}):
            figure = DRAWERS[chart].draw(light, Spoken(lang=lang), part)
            figure.suptitle(title_of(drawing, chart, lang), y=1.0, va="bottom", fontsize=11)
            target = io.BytesIO()
            figure.savefig(
                target,
                format="png",
                dpi=150,
                bbox_inches="tight",
                pad_inches=0.15,
                metadata={"Software": None},
            )
        made[name] = target.getvalue()
    return made


def on_page(drawn: Drawn) -> str:
    """A part of a chart for the page: both languages inside, colours by the page's variables."""
    svg = drawn.svg
    for name, colour in COLOURS.items():
        svg = svg.replace(colour, f"var(--{name})")
    spans = [
        "".join(f'<tspan class="{lang}">{html.escape(said[lang])}</tspan>' for lang in LANGUAGES)
        if len(set(said.values())) > 1
        else html.escape(next(iter(said.values())))
        for said in drawn.words.found
    ]
    svg = re.sub(r"@@(\d+)@@", lambda found: spans[int(found.group(1))], svg)
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="chart-{drawn.chart}" ', 1)


def title_of(drawing: Drawing, chart: str, lang: str) -> str:
    """What a chart by itself is called: the plan, and what it shows."""
    heading = text(f"report.chart.{chart}", lang)
    return text("report.of-plan", lang, plan=one_line(drawing.problem.name), heading=heading)


def standing_alone(drawn: Drawn, title: str, lang: str) -> str:
    """A part of a chart as a file of its own in one language, dark on white, under its title."""
    svg = _titled(drawn.svg, title)
    for name, colour in COLOURS.items():
        svg = svg.replace(colour, LIGHT[name])
    said = [html.escape(found[lang]) for found in drawn.words.found]
    return re.sub(r"@@(\d+)@@", lambda found: said[int(found.group(1))], svg)


_ROOM = 24
"""How much higher a title makes a chart, in points."""


def _titled(svg: str, title: str) -> str:
    """The drawing with a title above it, for eyes and for screen readers."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None  # noqa: S101  # the library writes one
    wide, high = float(box[1]), float(box[2])
    higher = f'viewBox="0 {-_ROOM} {wide:g} {high + _ROOM:g}"'
    words = html.escape(title)
    above = (
        f"<title>{words}</title>\n"
        f'<rect y="{-_ROOM}" width="{wide:g}" height="{high + _ROOM:g}" fill="#ffffff"/>\n'
        f'<text x="{wide / 2:g}" y="-8" text-anchor="middle" '
        f'style="font: bold 12px sans-serif; fill: {COLOURS["ink"]}">{words}</text>\n'
    )
    end = svg.index(">", svg.index("<svg ")) + 1
    return svg[:end].replace(box[0], higher) + "\n" + above + svg[end:]


def _slim(svg: str) -> str:
    """The drawing without what a page does not need: ids of no use, fonts of this machine."""
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="(?!m[0-9a-f]{10}|p[0-9a-f]{10}|h[0-9a-f]{10}|[\w]+--)[^"]*"', "", svg)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px sans-serif", svg)
    svg = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r"(\.\d\d)\d+", r"\1", svg)  # hundredths of a point
    return re.sub(r"\n\s*", "\n", svg)
