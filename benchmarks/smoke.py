"""The quick check of every benchmark: the values hold, whatever the time."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks import (
    bishi,
    cadence,
    calendars,
    documents,
    explaining,
    nrp24,
    patrol,
    peers,
    replanning,
    scale,
)
from benchmarks.measure import document
from benchmarks.patrol_instance import write_text

CHECKS = {
    "bishi": bishi.smoke,
    "patrol": patrol.smoke,
    "cadence": cadence.smoke,
    "documents": documents.smoke,
    "nrp24": nrp24.smoke,
    "peers": peers.smoke,
    "scale": scale.smoke,
    "calendars": calendars.smoke,
    "explaining": explaining.smoke,
    "replanning": replanning.smoke,
}
"""A benchmark's quick check; it raises ``AssertionError`` where a value is missed."""


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks smoke", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CHECKS, default=list(CHECKS), metavar="NAME")
    parser.add_argument("--out", type=Path, metavar="OUT.json", help="keep the result, for compare")
    given = parser.parse_args(arguments)
    found = {name: CHECKS[name]() for name in given.only}
    if given.out is not None:
        write_text(given.out, document(found) + "\n")
    return found
