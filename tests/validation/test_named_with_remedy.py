"""What a township gets wrong most often is told with the rule, the place and the remedy."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_scheduler.days import DayType, Market
from patrol_scheduler.problem import Cadence, Certificate, LunarDay, Officer, PatrolDate, Team
from patrol_scheduler.rules import PatrolDays
from patrol_scheduler.validation import faults_of
from tests.validation.plans import day, officer, phase, plan


def from_to(start: str, end: str) -> dict[str, Any]:
    return {
        "start": day(start),
        "end": day(end),
        "phases": [phase(start=start, end=end)],
        "cadences": [Cadence(min_days=2, max_days=3)],
    }


OF_URBAN_MANAGEMENT = Officer(id="CG01", agency="CG", certificates=(Certificate(number="1"),))

# What is changed; the place, the rules, what was found and which keys the remedy names.
ROWS: dict[str, tuple[dict[str, Any], str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "a market on each day with 1, 4 or 7": (
        {
            **from_to("2010-08-01", "2010-10-31"),
            "markets": [
                Market(id="fair", areas=("town",), every="solar-digit", digits=(1, 4, 7), must=True)
            ],
        },
        "markets[0].must (fair)",
        ("market-days", "cadence"),
        ("2010-08-31", "2010-09-01", "2"),
        ("must", "min_days"),
    ),
    "working days only, with the week of October 1": (
        {
            **from_to("2010-09-25", "2010-10-31"),
            "rules": [PatrolDays(day_types=(DayType.WORKING_DAY, DayType.MAKE_UP_WORKING_DAY))],
        },
        "rules[0].day_types (patrol-days)",
        ("patrol-days", "cadence"),
        ("2010-09-30", "2010-10-08", "3"),
        ("max_days",),
    ),
    "an auxiliary as the only member of an enforcement team": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": officer(status="auxiliary-police"),
            "teams": [Team(members={"GA": 1})],
        },
        "teams[0].members",
        ("auxiliaries",),
        ("1",),
        ("members", "status", "presence"),
    ),
    "a certificate without dates": (
        {
            "phases": [phase(mode="enforcement")],
            "officers": [*officer()[:1], OF_URBAN_MANAGEMENT],
            "teams": [Team(members={"GA": 1, "CG": 1}, certified={"CG": 1})],
        },
        "officers[1].certificates[0].valid_to (CG01)",
        ("certificates",),
        ('"CG01"', '"CG"'),
        ("valid_from", "valid_to"),
    ),
    "a lunar date in a year without that leap month": (
        {
            "patrol_dates": [
                PatrolDate(want="must", lunar=(LunarDay(year=2010, month=6, day=1, leap=True),))
            ]
        },
        "patrol_dates[0].lunar[0]",
        ("patrol-dates",),
        ("2010", "6"),
        ("leap",),
    ),
    "an officer of two agencies": (
        {"officers": [*officer(), Officer(id="GA01", agency="CG")]},
        "officers[2].agency (GA01)",
        (),
        ('"GA01"', '"CG"', '"GA"', "officers[0]"),
        (),
    ),
}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("row", ROWS)
def test_rule_place_and_remedy_are_told(row: str, lang: str) -> None:
    changes, place, rules, found, keys = ROWS[row]
    [fault] = faults_of(plan(**changes))
    assert fault.place == place
    line = fault.say(lang)
    what, _, remedy = line.partition("请" if lang == "zh-CN" else ". ")
    assert all(rule in what for rule in rules)
    assert all(value in what for value in found)
    assert remedy
    assert all(key in remedy for key in keys)
