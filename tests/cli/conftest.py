"""What the tests of the command start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from .small_plan import PLAN


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Five days from Monday, one area every 2-3 days, two officers; Saturday is in no phase."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _default_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATROL_SCHEDULER_LANG", raising=False)
