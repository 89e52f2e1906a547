"""The Bishi example says what its source says, and the docs describe every key of a plan."""

from __future__ import annotations

import datetime as dt
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import patrol_scheduler
from patrol_scheduler import problem as given
from patrol_scheduler.days import DayType, Market, SpecialDay
from patrol_scheduler.formats import read
from patrol_scheduler.problem import Problem
from patrol_scheduler.records import Record
from patrol_scheduler.result import Result
from patrol_scheduler.texts import catalogue
from patrol_scheduler.validation import notices_of

ROOT = Path(__file__).parents[1]
BISHI = ROOT / "examples" / "bishi"
DOCS = ROOT / "docs" / "plan-format.md"


@pytest.fixture(scope="module")
def bishi() -> Problem:
    return read(BISHI / "plan.toml")


def day(month: int, number: int) -> dt.date:
    return dt.date(2010, month, number)


def in_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two weeks and a first roster are enough for a test; the benchmark solves all of it well."""
    solve = patrol_scheduler.solve

    def two_weeks(path: str | Path) -> Problem:
        problem = read(path)
        *carried, routine = problem.phases
        routine = routine.model_copy(update={"end": routine.start + dt.timedelta(13)})
        given_only = {name: getattr(problem, name) for name in Problem.model_fields}
        return Problem(**{**given_only, "phases": (*carried, routine)})

    def first_roster(problem: Problem, **options: Any) -> Result:
        return solve(problem, **{**options, "gap": 1.0})

    monkeypatch.setattr(patrol_scheduler, "read", two_weeks, raising=False)
    monkeypatch.setattr(patrol_scheduler, "solve", first_roster, raising=False)


# The source plan


def test_the_three_phases_are_those_of_the_source(bishi: Problem) -> None:
    assert [(p.id, p.start, p.end, p.mode, p.rostered) for p in bishi.phases] == [
        ("动员部署", day(5, 1), day(5, 30), "mobilisation", False),
        ("全面实施", day(6, 1), day(7, 30), "enforcement", False),
        ("常规管理", day(8, 1), day(12, 30), "enforcement", True),
    ]
    assert [p.group for p in bishi.phases] == ["", "执法领导小组", "常规管理巡逻小组"]
    assert all(p.purpose for p in bishi.phases)
    assert bishi.issued == day(5, 10)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_three_days_in_no_phase_are_noticed(bishi: Problem, lang: str) -> None:
    said = [notice.say(lang) for notice in notices_of(bishi)]
    in_no_phase = ["2010-05-31", "2010-07-31", "2010-12-31"]
    assert [date for date in in_no_phase if any(date in line for line in said)] == in_no_phase


def test_every_two_to_three_days_is_read_as_a_difference_of_dates(bishi: Problem) -> None:
    for area in bishi.areas:
        cadence = bishi.cadence("常规管理", area.id)
        assert cadence is not None
        assert (cadence.counted, cadence.min_gap, cadence.max_gap) == ("date-difference", 2, 3)


def test_every_patrol_has_all_three_agencies_and_two_certified_of_urban_management(
    bishi: Problem,
) -> None:
    assert [agency.id for agency in bishi.agencies] == ["公安", "交警", "城管"]
    for date in bishi.dates:
        for area in bishi.areas:
            for shift in bishi.shifts:
                team = bishi.team(area.id, date, shift.id)
                assert team is not None
                assert set(team.members) == {"公安", "交警", "城管"}
                assert all(team.members.values())
                assert team.certified["城管"] >= 2
                assert (team.leaders, team.drivers) == (1, 1)


def test_the_four_kinds_of_violation_have_competent_agencies(bishi: Problem) -> None:
    kinds = {kind.id: kind.competent for kind in bishi.violation_kinds}
    assert list(kinds) == ["乱停乱靠", "乱堆乱放", "乱泼乱倒", "占道经营"]
    assert "交警" in kinds["乱停乱靠"]
    assert all("城管" in competent for competent in kinds.values())


def test_there_are_areas_of_the_town_and_of_the_main_roads(bishi: Problem) -> None:
    kinds = [area.kind for area in bishi.areas]
    assert len(kinds) >= 4
    assert {"town", "main-road"} <= set(kinds)


def test_the_staff_is_evidently_fictional(bishi: Problem) -> None:
    assert 24 <= len(bishi.officers) <= 32
    for officer in bishi.officers:
        assert re.fullmatch(rf"{officer.agency}\d\d", officer.id)
        assert officer.name == ""
        assert all(c.number.startswith("示例-") for c in officer.certificates)


def test_one_certificate_expires_before_the_last_patrol(bishi: Problem) -> None:
    expiring = [
        officer.id
        for officer in bishi.officers
        for certificate in officer.certificates
        if certificate.valid_to and bishi.first < certificate.valid_to < bishi.last
    ]
    assert expiring == ["城管03"]


def test_the_national_day_and_its_make_up_days_are_known(bishi: Problem) -> None:
    kinds = [bishi.day_table.day_type(day(10, number)) for number in range(1, 8)]
    assert set(kinds) == {DayType.STATUTORY_HOLIDAY}
    assert bishi.day_table.day_type(day(9, 26)) is DayType.MAKE_UP_WORKING_DAY


def test_the_ten_lines_make_and_write_a_complete_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_brief(monkeypatch)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(BISHI / "ten_lines.py"), run_name="__main__")
    assert capsys.readouterr().out.split()[0] in ("optimal", "feasible")
    assert (tmp_path / "out" / "calendars" / "all.ics").exists()


# The docs of the plan document

SECTIONS: dict[str, type[BaseModel]] = {
    "Top level": Problem,
    "agencies": given.Agency,
    "officers": given.Officer,
    "officers.certificates": given.Certificate,
    "officers.leave": given.Leave,
    "violation_kinds": given.ViolationKind,
    "violation_kinds.places": given.CompetentPlace,
    "areas": given.Area,
    "posts": given.Post,
    "vehicles": given.Vehicle,
    "shifts": given.Shift,
    "phases": given.Phase,
    "cadences": given.Cadence,
    "markets": Market,
    "patrol_dates": given.PatrolDate,
    "patrol_dates.lunar": given.LunarDay,
    "hot_days": given.HotDays,
    "teams": given.Team,
    "covers": given.Cover,
    "requests": given.Request,
    "busy": given.Busy,
    "pins": given.Pin,
    "pairs": given.Pair,
    "history": given.PastDuty,
    "owed_rests": given.OwedRest,
    "balances": given.Balance,
    "days": SpecialDay,
}


def documented(page: Path, heading: str) -> dict[str, list[str]]:
    """The cells of each key in the table under a heading of a page."""
    text = page.read_text(encoding="utf-8")
    section = re.split(r"^#", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", section[0], flags=re.MULTILINE)
    return {key: [cell.strip() for cell in cells.split("|")] for key, cells in rows}


def default(field: FieldInfo) -> str:
    """A default as the docs show it."""
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and value:
        value = json.dumps(value)
    return "empty" if value in ((), "", {}) else f"`{value}`"


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_docs_show_every_key_of_a_plan_with_its_default(heading: str) -> None:
    shown = documented(DOCS, heading)
    if heading == "Top level":
        assert shown.pop("format")[-1] == "required"
    fields = SECTIONS[heading].model_fields
    assert {key: cells[-1] for key, cells in shown.items()} == {
        key: default(field) for key, field in fields.items()
    }
    assert all(all(cells) for cells in shown.values())
    headings = catalogue("zh-CN")
    for key, (chinese, *_) in shown.items():
        sheet = "plan" if heading == "Top level" else heading
        names = (f"names.{key}", f"names.{sheet}.{key}", f"columns.{sheet}.{key}")
        common = () if heading == "Top level" else (f"columns.common.{key}",)
        known = [headings[f"sheets.{n}"] for n in names + common if f"sheets.{n}" in headings]
        assert not known or chinese in known, key


def test_every_record_of_a_plan_has_its_section_in_the_docs() -> None:
    records = {
        record
        for record in vars(given).values()
        if isinstance(record, type)
        and issubclass(record, Record)
        and record not in (Record, given.RuleSetting)
    }
    assert records == set(SECTIONS.values())
