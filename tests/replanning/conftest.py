"""A desk with a plan and its roster, on which commands are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_scheduler import solve, write
from tests.explaining.plans import town
from tests.replanning.desk import plan


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan and its roster."""
    folder = tmp_path_factory.mktemp("desk")
    result = solve(town(), time_limit=10, gap=0.1, workers=1, seed=1)
    write(town(), result, folder / "roster")
    plan(folder, "plan", town())
    return folder
