"""The leader's documents in the programs that open them: Chromium for the report, LibreOffice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from patrol_scheduler import read, statistics
from patrol_scheduler.formats import written
from patrol_scheduler.outputs.change_report import change_report
from patrol_scheduler.outputs.report import report
from patrol_scheduler.outputs.workbook import record_forms, roster_workbook
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.difference import difference
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.sightings import Sighting
from patrol_scheduler.texts import LANGUAGES, text
from tests.parts import need

AXE = Path(__file__).parents[1] / "judges" / "node_modules" / "axe-core" / "axe.min.js"
BISHI = Path(__file__).parents[2] / "examples" / "bishi" / "plan.toml"


@pytest.fixture
def opened(problem: Problem, result: Result, tmp_path: Path) -> Iterator[Any]:
    """The report in headless Chromium, from a file, with every complaint a failure at the end."""
    need("chromium")
    need("axe-core")
    from playwright.sync_api import sync_playwright

    # With what took place, so that every part of the report is there.
    assert result.roster is not None
    done = Roster(patrols=result.roster.patrols[1:])
    first = done.patrols[0]
    seen = (Sighting(first.date, first.area, first.id, "stalls", "东门", 3, open=1),)
    told = statistics.document(problem, result.roster, result=result, actual=done, sightings=seen)
    path = tmp_path / "report.html"
    path.write_bytes(report(problem, result, "zh-CN", document=told)["report.html"])
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.getuid() == 0 else [],
        )
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        yield page
        browser.close()
    assert said == []


def shown(page: Any) -> int:
    return int(re.findall(r"\d+", page.inner_text("#shown"))[0])


def test_the_report_is_filtered_switched_and_printed(
    opened: Any, problem: Problem, result: Result, tmp_path: Path
) -> None:
    assert result.roster is not None
    page = opened
    everything = shown(page)
    officer = result.roster.patrols[0].members[0].officer
    place = [o.id for o in problem.officers].index(officer)
    page.select_option("#officer", str(place))
    assert shown(page) == len(result.roster.turns[officer]) < everything
    assert page.locator("svg .away").count() > 0
    page.click("#clear")
    page.select_option("#area", "0")
    area = problem.areas[0].id
    assert shown(page) == sum(patrol.area == area for patrol in result.roster.patrols)
    page.click("#clear")
    assert shown(page) == everything

    assert page.locator("h2:has-text('月历')").is_visible()
    page.click("#language")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Calendar" in page.inner_text("main")
    assert "月历" not in page.inner_text("main")
    page.click("#theme")
    assert page.locator("html").get_attribute("data-theme") in ("dark", "light")

    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    need("pdftotext")
    printed = text_of(tmp_path / "report.pdf")
    assert "Duties and fair shares" in printed
    assert "Patrols planned and done" in printed
    assert "not settled" in printed
    assert "Clear filters" not in printed


def test_the_report_is_printed_dark_on_white_and_no_chart_is_taller_than_a_page(
    opened: Any,
) -> None:
    millimetre = 96 / 25.4
    opened.emulate_media(media="print", color_scheme="dark")
    opened.set_viewport_size({"width": round(273 * millimetre), "height": 700})
    paper = "getComputedStyle(document.body).backgroundColor"
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"
    opened.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"
    tall = "[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().height)"
    assert 0 < max(opened.evaluate(tall)) <= 151 * millimetre


def test_the_report_can_be_used_from_the_keyboard(opened: Any) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    for expected in ("agency", "area", "officer", "clear", "language"):
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.id") == expected
    opened.keyboard.press("Enter")
    assert opened.locator("html").get_attribute("lang") == "en"


def speak(page: Any, lang: str) -> None:
    if page.get_attribute("html", "lang") != lang:
        page.click("#language")


def test_axe_finds_nothing_in_any_language_theme_or_width(opened: Any) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    # The page forbids scripts from outside; this one comes through the debugger.
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    found = {}
    for lang, theme, wide in product(LANGUAGES, ("light", "dark"), (1280, 390)):
        opened.set_viewport_size({"width": wide, "height": 800})
        opened.emulate_media(color_scheme=theme)
        speak(opened, lang)
        found[lang, theme, wide] = opened.evaluate(
            "axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
        )
    assert not any(found.values()), found


def test_on_a_phone_a_month_is_a_list_and_nothing_sticks_out(opened: Any) -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    for lang in LANGUAGES:
        speak(opened, lang)
        assert opened.evaluate("document.documentElement.scrollWidth") == 390
        days = opened.locator(".month td:visible")
        assert days.count() == opened.locator(".month td:has(li)").count()
        assert days.first.bounding_box()["width"] > 300
        assert text("outputs.weekday.4", lang) in days.first.inner_text()  # 30 September 2010
        who = days.first.locator(".who").first
        assert who.bounding_box()["width"] > 50
    opened.set_viewport_size({"width": 1280, "height": 800})
    assert opened.locator(".who").first.bounding_box()["width"] <= 1  # on hover and read out
    opened.emulate_media(media="print")
    assert opened.locator(".who").first.bounding_box()["width"] > 50


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_in_the_report_of_changes(
    problem: Problem, result: Result, tmp_path: Path, lang: str
) -> None:
    need("chromium")
    need("axe-core")
    from playwright.sync_api import sync_playwright

    assert result.roster is not None
    told = difference(problem, Roster(), result.roster).told(lang)
    path = tmp_path / "changes.html"
    path.write_text(change_report(problem, told, lang), encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.getuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id))")
            assert found == []
        browser.close()


def text_of(pdf: Path) -> str:
    done = subprocess.run(  # noqa: S603
        [str(shutil.which("pdftotext")), str(pdf), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def test_libreoffice_opens_and_prints_the_workbooks(
    problem: Problem, result: Result, tmp_path: Path
) -> None:
    need("soffice")
    need("pdftotext")
    assert result.roster is not None
    made = {
        "roster": roster_workbook(problem, result, "zh-CN"),
        "records": record_forms(problem, result.roster, "zh-CN"),
        "plan": written(read(BISHI), "xlsx", "zh-CN"),
    }
    for name, content in made.items():
        assert isinstance(content, bytes)
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(  # noqa: S603
        [
            str(shutil.which("soffice")),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            *(str(tmp_path / f"{name}.xlsx") for name in made),
        ],
        check=True,
        capture_output=True,
        timeout=500,
    )
    expected = {"roster": "排班总表", "records": "巡查记录表", "plan": "排班方案填写说明"}
    for name, words in expected.items():
        assert words in text_of(tmp_path / f"{name}.pdf")
