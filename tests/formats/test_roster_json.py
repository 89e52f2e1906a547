from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats.roster_json import (
    FORMAT,
    cadence_readings,
    read_roster,
    roster_document,
    roster_to_json,
)
from patrol_scheduler.problem import Cadence
from patrol_scheduler.result import LevelResult, Result
from patrol_scheduler.roster import Member, Patrol, PostDuty, Roster
from tests.outputs import sample

IDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=64
)
DATES = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ROLES = st.sampled_from(["leader", "driver", "leader-driver", "member"])

MEMBERS = st.lists(st.builds(Member, officer=IDS, role=ROLES), max_size=3).map(tuple)
PATROLS = st.lists(
    st.builds(Patrol, id=IDS, date=DATES, area=IDS, shift=IDS, members=MEMBERS),
    max_size=4,
    unique_by=lambda patrol: patrol.id,
).map(tuple)
POST_DUTIES = st.lists(
    st.builds(PostDuty, date=DATES, post=IDS, shift=IDS, officer=IDS), max_size=3
).map(tuple)
RESULTS = st.builds(
    Result,
    status=st.sampled_from(["optimal", "feasible", "short", "impossible", "unknown"]),
    roster=st.none() | st.builds(Roster, patrols=PATROLS, post_duties=POST_DUTIES),
    levels=st.lists(
        st.builds(
            LevelResult,
            level=st.sampled_from(["shortage", "fairness", "wishes"]),
            cost=NUMBERS,
            bound=NUMBERS,
            reason=st.text(),
        ),
        max_size=3,
    ).map(tuple),
    reason=st.text(),
    seed=st.integers(-(2**63), 2**63 - 1),
    workers=st.integers(1, 999),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RESULTS)
def test_a_result_reads_back_equal(tmp_path: Path, result: Result) -> None:
    path = tmp_path / "roster.json"
    path.write_bytes(roster_to_json(sample.problem(), result).encode())
    assert read_roster(path) == roster_document(sample.problem(), result)


def text_of(result: Result | None = None) -> str:
    return roster_to_json(sample.problem(), result or sample.result())


def test_the_document_says_what_it_was_made_from() -> None:
    document = json.loads(text_of())
    assert list(document) == [
        "format", "software", "plan", "plan_sha256", "roster_sha256", "cadences", "result",
    ]  # fmt: skip
    assert document["format"] == FORMAT == "patrol-scheduler roster 1"
    assert document["plan"] == "示例镇常规管理"
    assert document["software"].startswith("patrol-scheduler ")
    assert document["cadences"] == [
        {
            "phase": "P",
            "areas": ["A1", "A2"],
            "min_days": 2,
            "max_days": 3,
            "counted": "date-difference",
            "min_gap": 2,
            "max_gap": 3,
        }
    ]


def test_a_roster_knows_the_plan_it_was_made_from() -> None:
    document = roster_document(sample.problem(), sample.result())
    assert document.made_from(sample.problem())
    assert not document.made_from(sample.problem(issuer="另一单位"))


def test_a_roster_knows_whether_it_was_edited(path: Path) -> None:
    path.write_text(text_of(), encoding="utf-8")
    assert not read_roster(path).edited
    document = json.loads(text_of())
    first, second = document["result"]["roster"]["patrols"][:2]
    first["members"][0], second["members"][0] = second["members"][0], first["members"][0]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_roster(path).edited
    del document["roster_sha256"]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_roster(path).edited


def test_each_patrol_and_each_duty_is_one_line() -> None:
    """So that the difference of two rosters is the lines of the patrols that differ."""
    lines = text_of().splitlines()
    assert [line.strip()[:22] for line in lines if '"members"' in line] == [
        '{"id": "2010-09-30.A1"',
        '{"id": "2010-10-01.A2"',
        '{"id": "2010-10-03.A2"',
        '{"id": "2010-10-03.A1"',
    ]
    assert (
        '        {"date": "2010-10-03", "post": "K1", "shift": "early", "officer": "CG02"}' in lines
    )
    assert text_of().endswith("}\n")
    assert "示例镇" in text_of()


def test_areas_with_equal_cadences_stand_together() -> None:
    cadences = (
        Cadence(min_days=2, max_days=3, counted="free-days"),
        Cadence(min_days=1, max_days=1, areas=("A2",)),
    )
    readings = cadence_readings(sample.problem(cadences=cadences))
    assert [(r.areas, r.min_gap, r.max_gap) for r in readings] == [(("A1",), 3, 4), (("A2",), 1, 1)]


def test_a_reading_names_only_the_areas_of_its_phase() -> None:
    phase = sample.problem().phases[0].model_copy(update={"areas": ("A2",)})
    assert [r.areas for r in cadence_readings(sample.problem(phases=(phase,)))] == [("A2",)]


@pytest.mark.parametrize("cost", [float("nan"), float("inf"), float("-inf")])
def test_a_cost_that_is_no_number_is_not_written(cost: float) -> None:
    level = LevelResult(level="wishes", cost=cost, bound=0.0, reason="")
    with pytest.raises(ValueError, match="JSON"):
        text_of(sample.result(levels=(level,)))


# Files that are none


def faults_of(path: Path, content: str | bytes, **more: Any) -> list[tuple[str, str]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidInputError) as caught:
        read_roster(path, **more)
    for fault in caught.value.faults:
        for lang in ("zh-CN", "en"):
            assert fault.say(lang).startswith(str(path))
    return [(fault.place, fault.what) for fault in caught.value.faults]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.json"


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(InvalidInputError):
        read_roster(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", '{"format": "\u4e00'.encode()[:-1]])
def test_a_file_that_is_no_text_is_refused(path: Path, content: bytes) -> None:
    assert faults_of(path, content)


@pytest.mark.parametrize(
    "content", ["{", '{"a": 1,}', "[1, 2", "[" * 100_000, "NaN", '{"a": Infinity}', "9" * 5000]
)
def test_a_file_that_is_no_json_is_refused(path: Path, content: str) -> None:
    assert faults_of(path, content) == [("", "faults_roster.syntax")]


def test_a_syntax_error_has_its_line(path: Path) -> None:
    path.write_text('{\n"a": 1,\n}')
    with pytest.raises(InvalidInputError) as caught:
        read_roster(path)
    assert caught.value.faults[0].line == 3


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("[]", "no-format"),
        ("{}", "no-format"),
        ("1", "no-format"),
        ('{"format": "patrol-scheduler roster 2"}', "format"),
        ('{"format": ["x"]}', "format"),
    ],
)
def test_another_document_or_version_is_refused(path: Path, content: str, what: str) -> None:
    assert faults_of(path, content) == [("format", f"faults_roster.{what}")]


def test_the_version_fault_says_what_is_expected(path: Path) -> None:
    path.write_text('{"format": "patrol-scheduler roster 2"}')
    with pytest.raises(InvalidInputError) as caught:
        read_roster(path)
    assert caught.value.faults[0].say("zh-CN") == (
        f'{path}: format: 是 "patrol-scheduler roster 2"，应为 "patrol-scheduler roster 1"；'
        "请使用本版本程序写出的 roster.json"
    )


def test_all_faults_are_told_at_once(path: Path) -> None:
    document = json.loads(text_of())
    del document["plan"]
    document["extra"] = 1
    document["result"]["roster"]["patrols"][1]["date"] = "2010-02-30"
    document["result"]["roster"]["patrols"][2]["members"][0]["role"] = "cook"
    assert sorted(faults_of(path, json.dumps(document))) == [
        ("extra", "faults_roster.unknown-key"),
        ("plan", "faults_roster.missing"),
        ("result.roster.patrols[1].date", "faults_roster.wrong"),
        ("result.roster.patrols[2].members[0].role", "faults_roster.wrong"),
    ]


def test_two_patrols_of_one_id_are_refused(path: Path) -> None:
    made = sample.roster()
    twice = made.model_copy(update={"patrols": made.patrols[:1] * 2})
    assert faults_of(path, text_of(sample.result(twice))) == [
        ("result.roster.patrols[1].id", "faults_roster.repeated")
    ]


def test_a_roster_of_another_plan_is_refused(path: Path) -> None:
    other = sample.problem(
        officers=tuple(o for o in sample.problem().officers if o.id != "CG02"),
        posts=(),
        areas=sample.problem().areas[:1],
        shifts=sample.problem().shifts[:2],
    )
    assert set(faults_of(path, text_of(), problem=other)) == {
        ("result.roster.patrols[1].area", "faults_roster.unknown-area"),
        ("result.roster.patrols[1].shift", "faults_roster.unknown-shift"),
        ("result.roster.patrols[1].members[2].officer", "faults_roster.unknown-officer"),
        ("result.roster.patrols[2].area", "faults_roster.unknown-area"),
        ("result.roster.post_duties[0].post", "faults_roster.unknown-post"),
        ("result.roster.post_duties[0].officer", "faults_roster.unknown-officer"),
    }


def moved(*dates: str | None) -> Roster:
    """The sample with its patrols on other days."""
    made = sample.roster()
    patrols = [
        patrol.model_copy(update={"date": dt.date.fromisoformat(date)}) if date else patrol
        for patrol, date in zip(made.patrols, dates, strict=True)
    ]
    return made.model_copy(update={"patrols": tuple(patrols)})


def test_a_day_outside_the_plan_is_refused_in_its_place(path: Path) -> None:
    beside = text_of(sample.result(moved("2011-08-02", None, "2009-08-02", None)))
    assert faults_of(path, beside, problem=sample.problem()) == [
        ("result.roster.patrols[0].date", "faults_roster.outside-plan"),
        ("result.roster.patrols[2].date", "faults_roster.outside-plan"),
    ]


def test_a_roster_of_other_days_altogether_is_told_as_a_whole(path: Path) -> None:
    elsewhere = moved("2011-08-02", "2011-08-03", "2011-08-04", "2011-08-05").model_copy(
        update={"post_duties": ()}
    )
    assert faults_of(path, text_of(sample.result(elsewhere)), problem=sample.problem()) == [
        ("result.roster", "faults_roster.other-days")
    ]


def test_a_document_without_a_roster_does_not_fit_a_plan(path: Path) -> None:
    nothing = sample.result().model_copy(update={"roster": None, "status": "impossible"})
    path.write_text(text_of(nothing))
    assert read_roster(path).result.roster is None
    assert faults_of(path, text_of(nothing), problem=sample.problem()) == [
        ("result.roster", "faults_roster.no-roster")
    ]


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_document_is_refused_or_read_and_nothing_else(
    path: Path, data: st.DataObject
) -> None:
    content = bytearray(text_of().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["cut", "flip", "drop"])):
            case "cut":
                del content[at + 1 :]
            case "flip":
                content[at] = data.draw(st.integers(0, 255))
            case _:
                del content[at : at + data.draw(st.integers(1, 40))]
                content = content or bytearray(b" ")
    path.write_bytes(bytes(content))
    with contextlib.suppress(InvalidInputError):
        read_roster(path, sample.problem())
