"""Plans written as JSON read back equal, and spoiled plans are refused, never a crash."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import problem_to_json, read
from patrol_scheduler.formats.plan_document import problem_of
from patrol_scheduler.formats.template import template
from patrol_scheduler.problem import Problem
from patrol_scheduler.rules import ALL, PatrolsAtMost
from tests.formats.small_plan import PLAN

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\"'\\{}公安"), max_size=12
)
IDS = TEXTS.filter(
    lambda text: text and text == text.strip() and not any(char in text for char in "\n\r\t")
)
DATES = st.dates(dt.date(2010, 8, 1), dt.date(2010, 8, 31))
AMOUNTS = st.integers(0, 100) | st.floats(0, 100, allow_nan=False)


@st.composite
def spans(draw: st.DrawFn) -> dict[str, dt.date]:
    """A start and an end that is not before it."""
    start, end = sorted((draw(DATES), draw(DATES)))
    return {"start": start, "end": end}


@st.composite
def rules(draw: st.DrawFn) -> Any:
    """A rule of any kind with some parameters changed."""
    kind = draw(st.sampled_from(ALL))
    stated: dict[str, Any] = {"on": draw(st.booleans())}
    for name, values in {
        "price": AMOUNTS,
        "hours": AMOUNTS,
        "level": st.sampled_from(["fairness", "wishes"]),
        "per": st.sampled_from(
            ["day", "shift"] if kind is PatrolsAtMost else ["week", "month", "plan"]
        ),
        "duties": st.integers(0, 9),
        "days": st.integers(2, 9),
        "weekends": st.integers(0, 9),
        "over": st.sampled_from(["all-days", "rest-days", "statutory-holidays"]),
        "agencies": st.sampled_from([(), ("公安",)]),
    }.items():
        if name in kind.model_fields and draw(st.booleans()):
            stated[name] = draw(values)
    return kind(**stated)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A sound plan, each time different in what a plan may say."""
    content = tomllib.loads(PLAN)
    del content["format"]
    places = draw(st.lists(IDS, min_size=2, max_size=5, unique=True))
    numbers = st.integers(1, 3)
    content |= {
        "name": draw(TEXTS),
        "issuer": draw(TEXTS),
        "issued": draw(st.none() | DATES),
        "timezone": draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"])),
        "calendar": draw(st.sampled_from(["china", "weekends"])),
        "areas": [{"id": place, "name": draw(TEXTS)} for place in places[1:]],
        "posts": [{"id": places[0]}],
        "covers": [
            {"post": places[0], "at_least": 1, "dates": draw(st.lists(DATES, max_size=2))}
            | {"price_below": draw(st.none() | AMOUNTS)}
        ],
        "requests": [
            {"officer": "GA01", "want": draw(st.sampled_from(["on", "off"])), **draw(spans())}
            | {"shift": draw(st.none() | st.just("早班")), "weight": draw(numbers)}
        ],
        "days": [
            {"date": date, "day_type": "rest-day", "name": draw(TEXTS)}
            for date in draw(st.lists(DATES, max_size=2, unique=True))
        ],
        "history": [{"date": dt.date(2010, 7, 30), "shift": "晚班", "officer": "CG01"}
                    | draw(st.sampled_from([{"area": places[1]}, {"post": places[0]}]))],
        "rules": tuple(draw(st.lists(rules(), max_size=4))),
    }  # fmt: skip
    content["officers"][0]["leave"] = [draw(spans()) for _ in range(draw(st.integers(0, 2)))]
    content["cadences"][0]["counted"] = draw(st.sampled_from(["date-difference", "free-days"]))
    return Problem(**content)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_plan_written_as_json_reads_back_equal(problem: Problem) -> None:
    text = problem_to_json(problem)
    again, faults = problem_of(json.loads(text))
    assert faults == ()
    assert again == problem
    assert [type(rule) for rule in again.rules] == [type(rule) for rule in problem.rules]
    assert problem_to_json(again) == text


def test_json_is_written_for_people_and_machines() -> None:
    problem, _ = problem_of(tomllib.loads(PLAN))
    assert problem is not None
    text = problem_to_json(problem)
    assert text.startswith('{\n  "format": "patrol-scheduler plan 1",\n  "name": "示例",\n')
    assert text.endswith("}\n")
    assert '"start": "07:30"' in text
    assert "null" not in text


def refused_or_read(content: bytes, name: str) -> None:
    """Reads the content; anything but a problem or a refusal that can be said is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        refusal: InvalidInputError | None = None
        try:
            read(path)
        except InvalidInputError as error:
            refusal = error
        if refusal is not None:
            for lang in ("zh-CN", "en"):
                lines = refusal.say(lang).split("\n")
                assert len(lines) == len(refusal.faults) > 0
                assert all(line.startswith(str(path)) for line in lines)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | DATES.map(str),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(IDS, inner, max_size=2),
    max_leaves=4,
)


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, (dict, list)):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += places_of(inner, (*path, step))
    return found


JSON_PLAN = json.dumps(
    {**tomllib.loads(template("en")), "rules": [{"rule": "rest-days", "free": 1}]}, default=str
)
PLACES = places_of(json.loads(JSON_PLAN))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_plan_with_values_replaced_or_deleted_is_refused_or_read(data: st.DataObject) -> None:
    content = json.loads(JSON_PLAN)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(PLACES))
        inner = content
        try:
            for step in path[:-1]:
                inner = inner[step]
            if data.draw(st.booleans()):
                del inner[path[-1]]
            else:
                inner[path[-1]] = data.draw(VALUES)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    refused_or_read(json.dumps(content).encode(), "plan.json")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["plan.toml", "plan.json"]), st.data())
def test_a_plan_with_bytes_cut_or_flipped_is_refused_or_read(
    name: str, data: st.DataObject
) -> None:
    content = bytearray((PLAN if name == "plan.toml" else JSON_PLAN).encode())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 3))):
        if content:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] ^= data.draw(st.integers(1, 255))
    refused_or_read(bytes(content), name)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_plan_with_lines_mixed_up_is_refused_or_read(data: st.DataObject) -> None:
    lines = PLAN.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = data.draw(st.sampled_from(lines) | st.text("=\"[]{}#, '公1a.-", max_size=12))
        lines[at : at + data.draw(st.integers(0, 2))] = [line]
    refused_or_read("\n".join(lines).encode(), "plan.toml")
