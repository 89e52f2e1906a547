"""The quick check of every benchmark: the values hold, whatever the time."""

from __future__ import annotations

from typing import Any

from benchmarks import bishi, cadence, documents, nrp24, patrol

CHECKS = {
    "bishi": bishi.smoke,
    "patrol": patrol.smoke,
    "cadence": cadence.smoke,
    "documents": documents.smoke,
    "nrp24": nrp24.smoke,
}
"""A benchmark's quick check; it raises ``AssertionError`` where a value is missed."""


def main(_arguments: list[str]) -> dict[str, Any]:
    return {name: check() for name, check in CHECKS.items()}
