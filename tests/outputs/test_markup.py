"""Names of strangers that look like markup: shown as they are written, in every output."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from patrol_scheduler.outputs import render
from patrol_scheduler.outputs.change_report import change_report
from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.difference import difference
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import LANGUAGES

from . import sample

MARKUP = "<script>alert(1)</script><b onload='x'>&lt;\"]]>&P{{ 7*7 }}"
PLAIN = "n" * len(MARKUP)


class Elements(HTMLParser):
    """What a page is built of, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.said += [value for _, value in attrs if value]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def written(name: str, lang: str) -> dict[str, bytes]:
    return render(sample.renamed(name), sample.result(), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_are_built_alike_whatever_people_are_called(lang: str) -> None:
    marked, plain = written(MARKUP, lang), written(PLAIN, lang)
    pages = [path for path in marked if path.endswith((".html", ".svg"))]
    assert {"report.html", "duty-sheet.html", "charts/areas.svg"} <= set(pages)
    for path in pages:
        page = Elements(marked[path].decode())
        assert page.tags == Elements(plain[path].decode()).tags, path
        if path.endswith(".html"):
            assert any(MARKUP in said for said in page.said), path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_workbooks_hold_the_name_to_the_letter(lang: str) -> None:
    marked = written(MARKUP, lang)
    for path in ("roster.xlsx", "patrol-records.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(marked[path]))
        cells = [cell for sheet in book for row in sheet.rows for cell in row]
        assert any(MARKUP in str(cell.value) for cell in cells), path
        assert all(cell.data_type != "f" for cell in cells)
        # "&P" would print the number of the page.
        sheets: list[Any] = list(book)
        footers = {sheet.oddFooter.left.text for sheet in sheets}
        assert footers == {MARKUP.replace("&", "&&")}, path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_calendars_say_the_name_as_text_and_have_no_html(lang: str) -> None:
    feeds = [content for path, content in written(MARKUP, lang).items() if path.endswith(".ics")]
    assert feeds
    told = ""
    for feed in feeds:
        for event in Calendar.from_ical(feed).walk("VEVENT"):
            assert not [name for name in event if name.startswith("X-ALT") or name == "ATTACH"]
            told += str(event["LOCATION"]) + str(event["DESCRIPTION"])
    assert MARKUP in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_of_changes_shows_the_name(lang: str, result: Result) -> None:
    roster = result.roster
    assert roster is not None
    before = Roster(patrols=roster.patrols[1:])

    def page(of: Problem) -> Elements:
        return Elements(change_report(of, difference(of, before, roster).told(lang), lang))

    marked = page(sample.renamed(MARKUP))
    assert marked.tags == page(sample.renamed(PLAIN)).tags
    assert any(MARKUP in said for said in marked.said)
