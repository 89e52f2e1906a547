"""The report: one file, every language, no name of a stranger taken for markup."""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET

import pytest
from matplotlib import font_manager

from patrol_scheduler import statistics
from patrol_scheduler.outputs.report import chart_pictures, report
from patrol_scheduler.outputs.report.charts import CHARTS, FONTS, NoFontError
from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Sighting
from patrol_scheduler.texts import LANGUAGES, text

from . import sample


def page(problem: Problem, result: Result, lang: str = "zh-CN") -> str:
    return report(problem, result, lang)["report.html"].decode()


def test_the_page_needs_nothing_from_outside(problem: Problem, result: Result) -> None:
    html = page(problem, result)
    outside = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\'#)\s>]+)', html)
    assert [place for place in outside if not place.startswith("data:")] == []
    assert "default-src 'none'" in html


def test_both_languages_are_on_the_page_and_it_begins_with_one(
    problem: Problem, result: Result
) -> None:
    for lang in LANGUAGES:
        html = page(problem, result, lang)
        assert f'<html lang="{lang}">' in html
        assert "月历" in html
        assert "Calendar" in html


def test_every_duty_stands_in_the_calendar(problem: Problem, result: Result) -> None:
    assert result.roster is not None
    html = page(problem, result)
    posts = {(d.date, d.post, d.shift) for d in result.roster.post_duties}
    assert html.count('<li data-area="') == len(result.roster.patrols) + len(posts)


def test_every_chart_is_a_drawing_of_its_own(problem: Problem, result: Result) -> None:
    files = report(problem, result, "en")
    for name in CHARTS:
        svg = files[f"charts/{name}.svg"].decode()
        ET.fromstring(svg)  # noqa: S314  # our own drawing
        assert "@@" not in svg
        assert "var(--" not in svg
        assert "#0a0b0" not in svg
    assert "@@" not in files["report.html"].decode()


def test_a_long_chart_is_drawn_in_parts_that_fit_a_page(problem: Problem, result: Result) -> None:
    many = tuple(
        problem.officers[n % 7].model_copy(update={"id": f"X{n:03}", "name": f"队员{n:03}"})
        for n in range(63)
    )
    problem = problem.model_copy(update={"officers": (*problem.officers, *many)})
    files = report(problem, result, "zh-CN")
    html = files["report.html"].decode()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for chart in ("officers", "fairness"):
        names = [name for name in files if name.startswith(f"charts/{chart}")]
        assert names == [f"charts/{chart}-{n}.svg" for n in (1, 2, 3)]
        drawn = [files[name].decode() for name in names]
        for officer in problem.officers:
            assert sum(f">{officer.name}<" in svg for svg in drawn) == 1
        heights = [
            float(re.findall(r'viewBox="0 [-\d]+ [\d.]+ ([\d.]+)"', svg)[0]) for svg in drawn
        ]
        assert max(heights) < 186 / 25.4 * 72  # points of A4 on its side between its margins
    assert len(re.findall(r'<svg role="img" aria-labelledby="chart-officers"', html)) == 3


def test_bars_of_all_parts_have_one_scale(problem: Problem, result: Result) -> None:
    idle = tuple(
        problem.officers[-1].model_copy(update={"id": f"X{n:03}", "name": ""}) for n in range(40)
    )  # of the last agency: they fill the second part
    problem = problem.model_copy(update={"officers": (*problem.officers, *idle)})
    files = report(problem, result, "en")
    first, second = (
        re.findall(r">([\d.]+)</text>", files[f"charts/fairness-{n}.svg"].decode()) for n in (1, 2)
    )
    assert first == second


def test_what_took_place_is_drawn_where_it_is_known(problem: Problem, result: Result) -> None:
    roster = result.roster
    assert roster is not None
    actual = Roster(patrols=roster.patrols[1:])
    seen = (
        Sighting(actual.patrols[0].date, "A1", actual.patrols[0].id, "stalls", "东门", 3, open=1),
        Sighting(actual.patrols[0].date, "A1", actual.patrols[0].id, "<b>$x", "", 1),
    )
    told = statistics.document(problem, roster, actual=actual, sightings=seen)
    files = report(problem, result, "en", document=told)
    html = files["report.html"].decode()
    assert html.index('id="chart-execution"') < html.index('id="chart-areas"')
    assert 'id="chart-findings"' in html
    assert "<b>$x" not in html
    assert "&lt;b&gt;$x" in html
    svg = files["charts/execution.svg"].decode()
    assert "took place" in svg
    assert 'id="chart-execution"' not in page(problem, result)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_by_itself_says_what_it_shows_and_of_which_plan(
    problem: Problem, result: Result, lang: str
) -> None:
    problem = problem.model_copy(update={"name": "某镇<b>方案"})
    made = report(problem, result, lang)
    for chart in CHARTS:
        svg = made[f"charts/{chart}.svg"].decode()
        heading = text(f"report.chart.{chart}", lang)
        assert re.search(f"<title>某镇&lt;b&gt;方案.*{heading}</title>", svg)
        ET.fromstring(svg)  # noqa: S314  # well formed


def test_every_chart_is_a_picture_too(problem: Problem, result: Result) -> None:
    if not any((entry.name in FONTS) for entry in font_manager.fontManager.ttflist):
        with pytest.raises(NoFontError):
            chart_pictures(problem, result, "zh-CN")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = chart_pictures(problem, result, "zh-CN")
    assert tuple(made) == CHARTS
    assert all(content.startswith(b"\x89PNG") for content in made.values())
    assert made == chart_pictures(problem, result, "zh-CN")


def test_a_picture_needs_a_font(
    problem: Problem, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    with pytest.raises(NoFontError):
        chart_pictures(problem, result, "zh-CN")


def test_marks_of_officers_and_areas_can_be_told_apart(problem: Problem, result: Result) -> None:
    html = page(problem, result)
    for n in range(len(problem.areas)):
        assert f'id="areas--area-{n}"' in html
    found = re.findall(r'id="officers--officer-(\d+)-(\d+)(?:-lead)?"', html)
    officers, agencies = list(problem.officers), [agency.id for agency in problem.agencies]
    assert found
    for officer, agency in found:
        assert officers[int(officer)].agency == agencies[int(agency)]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_same_roster_gives_the_same_bytes(problem: Problem, result: Result) -> None:
    assert report(problem, result, "en") == report(problem, result, "en")


def test_names_are_never_markup() -> None:
    problem = sample.problem()
    evil = "<script>alert(1)</script>@@0@@\"'&<b>"
    officers = tuple(o.model_copy(update={"name": evil + o.id}) for o in problem.officers)
    areas = tuple(a.model_copy(update={"name": evil + a.id}) for a in problem.areas)
    changed = problem.model_copy(update={"officers": officers, "areas": areas, "name": evil})
    files = report(changed, sample.result(), "zh-CN")
    for content in files.values():
        assert b"<script>alert" not in content
        assert b"&lt;script&gt;alert(1)" in content or b"@@" not in content
    for name in CHARTS:
        ET.fromstring(files[f"charts/{name}.svg"])  # noqa: S314


def test_an_empty_roster_has_a_report(problem: Problem, result: Result) -> None:
    empty = result.model_copy(update={"roster": Roster(), "status": "short"})
    html = page(problem, empty)
    assert "<li data-area" not in html


def test_without_a_roster_there_is_no_report(problem: Problem) -> None:
    nothing = sample.result().model_copy(update={"roster": None, "status": "impossible"})
    with pytest.raises(ValueError, match="no report"):
        report(problem, nothing, "en")


def test_that_no_complete_roster_exists_is_said_only_where_it_is_shown(
    problem: Problem, result: Result
) -> None:
    short = {"status": "short", "reason": "no-complete-roster"}
    proven = {"en": "Two different methods show", "zh-CN": "两种不同的方法都证明"}
    for lang in LANGUAGES:
        assert proven[lang] in page(problem, result.model_copy(update=short), lang)
        unknown = result.model_copy(update=short | {"reason": "none-found"})
        assert proven[lang] not in page(problem, unknown, lang)
