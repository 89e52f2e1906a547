from __future__ import annotations

import pytest

from patrol_scheduler.problem import Problem
from patrol_scheduler.result import Result
from patrol_scheduler.roster import Roster
from tests.outputs import sample


@pytest.fixture
def problem() -> Problem:
    return sample.problem()


@pytest.fixture
def roster() -> Roster:
    return sample.roster()


@pytest.fixture
def result(roster: Roster) -> Result:
    return sample.result(roster)
