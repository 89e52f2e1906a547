"""What the author of a sound plan gets to know."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.problem import (
    Area,
    Cadence,
    Certificate,
    Officer,
)
from patrol_scheduler.validation import notices_of
from tests.validation.plans import (
    day,
    notices,
    officer,
    phase,
    plan,
)

READING = ("cadences[0]", "reading-date-difference", "date-difference")


def test_dates_in_no_phase_are_told_run_by_run() -> None:
    problem = plan(
        start=day("2010-05-01"),
        end=day("2010-12-31"),
        phases=[
            phase("1", "2010-05-01", "2010-05-30", rostered=False),
            phase("2", "2010-06-01", "2010-07-30", rostered=False),
            phase("3", "2010-08-01", "2010-12-30"),
        ],
    )
    assert notices(problem) == [
        ("phases", "date-in-no-phase", day("2010-05-31")),
        ("phases", "date-in-no-phase", day("2010-07-31")),
        ("phases", "date-in-no-phase", day("2010-12-31")),
        READING,
    ]
    first = notices_of(problem)[0]
    assert first.say("en") == (
        "phases: 2010-05-31 lies in no phase of the plan; nothing is rostered on it. "
        "Extend a phase if that is not meant."
    )
    assert first.say("zh-CN") == (
        "phases: 2010-05-31 不属于方案的任何阶段，当日不排班。如非本意，请延长相应阶段。"
    )


def test_a_run_of_dates_in_no_phase_is_one_notice() -> None:
    problem = plan(phases=[phase(start="2010-08-04")])
    notice = notices_of(problem)[0]
    assert (notice.what, notice.value, notice.values) == (
        "dates-in-no-phase",
        day("2010-08-01"),
        (("last", day("2010-08-03")),),
    )


def test_a_plan_issued_after_its_first_phase_began() -> None:
    assert ("issued", "issued-late", day("2010-08-02")) in notices(plan(issued=day("2010-08-02")))
    assert notices(plan(issued=day("2010-08-01"))) == [READING]


def test_leave_and_wishes_of_a_year_that_the_plan_does_not_touch() -> None:
    """A mistyped year would put somebody on leave on duty; December before is nobody's mistake."""
    leave = [
        {"start": "2011-08-09", "end": "2011-08-13"},
        {"start": "2010-02-01", "end": "2010-02-05"},
        {"start": "2009-12-30", "end": "2010-01-02"},
    ]
    person = {"id": "P1", "agency": "police", "leave": leave}
    wish = {"officer": "P1", "start": "2001-08-04", "end": "2001-08-04", "want": "off"}
    told = [
        n for n in notices_of(plan(officers=[person], requests=[wish])) if n.what == "other-year"
    ]
    assert [(n.place, n.value) for n in told] == [
        ("officers[0].leave[0].start (P1)", day("2011-08-09")),
        ("requests[0].start (P1)", day("2001-08-04")),
    ]


def test_the_reading_of_the_cadence_is_told() -> None:
    free = Cadence(min_days=2, max_days=3, counted="free-days")
    (notice,) = notices_of(plan(cadences=[free]))
    assert notice.say("en") == (
        'cadences[0]: "every 2 to 3 days" is read as free days between: consecutive patrol dates '
        'of an area differ by 3 to 4 days. The other reading is counted = "date-difference".'
    )
    assert notice.say("zh-CN") == (
        "cadences[0]: “每 2-3 天巡查一次”按间隔天理解：同一片区相邻两次巡逻的日期相差 3 至 4 天。"
        '另一种理解为 counted = "date-difference"（日期差）。'
    )


def test_only_readings_in_use_are_told() -> None:
    road = Cadence(min_days=1, max_days=9, areas=("road",))
    fields: dict[str, Any] = {
        "areas": [Area(id="town"), Area(id="road")],
        "cadences": [Cadence(min_days=2, max_days=3), road],
    }
    assert [place for place, _, _ in notices(plan(**fields))] == ["cadences[0]", "cadences[1]"]
    town = Cadence(min_days=2, max_days=3, areas=("town",))
    again = plan(**{**fields, "cadences": [fields["cadences"][0], town]})
    assert [place for place, _, _ in notices(again)] == ["cadences[0]"]
    carried = Cadence(min_days=1, max_days=9, phases=("q",))
    phases = [phase(end="2010-08-20"), phase("q", "2010-08-21", rostered=False)]
    unrostered = plan(phases=phases, cadences=[Cadence(min_days=2, max_days=3), carried])
    assert [place for place, _, _ in notices(unrostered)] == ["cadences[0]"]
    fields["phases"] = [phase(areas=("town",))]
    assert [place for place, _, _ in notices(plan(**fields))] == ["cadences[0]"]


def test_a_cadence_that_later_ones_replace_everywhere() -> None:
    replaced = Cadence(min_days=1, max_days=9)
    assert notices(plan(cadences=[replaced, Cadence(min_days=2, max_days=3)])) == [
        ("cadences[0]", "cadence-replaced", None),
        ("cadences[1]", "reading-date-difference", "date-difference"),
    ]


def test_phases_that_share_dates() -> None:
    phases = [
        phase("1", "2010-08-01", "2010-08-10", rostered=False),
        phase("2", "2010-08-10", "2010-08-31"),
        phase("3", "2010-08-11", "2010-08-11", rostered=False),
    ]
    first, second, _ = notices_of(plan(phases=phases))
    assert first.say("en") == (
        'phases[1] (2): 2010-08-10 to 2010-08-10 lie in the phase "1" too. '
        "Correct the dates of one of them if that is not meant."
    )
    assert (second.place, second.value, dict(second.values)) == (
        "phases[2] (3)",
        day("2010-08-11"),
        {"last": day("2010-08-11"), "other": "2"},
    )


def test_one_certificate_number_of_two_officers_of_an_agency() -> None:
    def holders(*agencies: str) -> list[Officer]:
        held = (Certificate(number="A-1"), Certificate(number=""))
        return [
            Officer(id=f"{agency}{n}", agency=agency, certificates=held, leader=True, driver=True)
            for n, agency in enumerate(agencies)
        ]

    shared = [n for n in notices_of(plan(officers=holders("GA", "CG", "GA"))) if "shared" in n.what]
    assert [(n.place, n.value, dict(n.values)) for n in shared] == [
        ("officers[2].certificates[0].number (GA2)", "A-1", {"other": "GA0"})
    ]


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (["2010-08-01"], ["2010-08-01"]),
        (["2010-08-30"], ["2010-08-30"]),
        (["2010-08-31"], []),
        (["2010-08-10", "2011-01-01"], []),
        ([None], []),
    ],
)
def test_certificates_that_expire_within_the_rostered_days(
    ends: list[str | None], told: list[str]
) -> None:
    held = tuple(Certificate(valid_to=day(end) if end else None) for end in ends)
    found = notices(plan(officers=officer(certificates=held)))
    assert [value for _, what, value in found if what == "certificate-expires"] == [
        day(end) for end in told
    ]
