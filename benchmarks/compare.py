"""Two stored results held against each other: fails where the new one is worse beyond its noise.

Every figure that a benchmark stores has a direction and a noise here: costs, gaps and broken
rules may not grow, bounds may not fall; seconds and memory may grow by as much as a busy machine
explains. A stored result can give its own noise: ``"noise": {"objective": 0.01}`` beside a figure.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from patrol_scheduler.formats.files import decode, read_bytes, refuse


@dataclass(frozen=True)
class Noise:
    """How much worse a figure may get: a part of it, and always so much; 1: lower is better."""

    sign: int
    part: float
    least: float


FIGURES = {
    "objective": Noise(1, 0.002, 1e-6),
    "bound": Noise(-1, 0.001, 1e-6),
    "gap": Noise(1, 0.0, 0.002),
    "broken": Noise(1, 0.0, 0.0),
    "short": Noise(1, 0.0, 0.0),
    "wrong": Noise(1, 0.0, 0.0),
    "unknown": Noise(1, 0.0, 0.0),
    "false_impossible": Noise(1, 0.0, 0.0),
    "satisfiable_conflicts": Noise(1, 0.0, 0.0),
    "conflicts_not_smallest": Noise(1, 0.0, 0.0),
    "seconds_to_complete": Noise(1, 1.0, 1.0),
    "seconds_to_1_percent": Noise(1, 1.0, 2.0),
    "processor_seconds": Noise(1, 0.5, 1.0),
    "peak_memory_mib": Noise(1, 0.3, 50.0),
    "exponent": Noise(1, 0.0, 0.15),
}
"""The figures that are held against each other, wherever they stand in a result."""

# Whom a change of this project cannot make worse, and what a result does not promise to repeat.
LEFT_OUT = ("cp-sat", "highs", "timefold", "trace", "versions", "noise")


class WorseError(AssertionError):
    """A stored result got worse by more than its noise."""


def figures(result: Any, place: str = "") -> Iterator[tuple[str, float | None, Noise]]:
    """Every figure of a result with its place and noise."""
    if isinstance(result, dict):
        own = result.get("noise", {})
        for name, value in result.items():
            here = f"{place}.{name}" if place else name
            if name in LEFT_OUT:
                continue
            if name in FIGURES and (value is None or isinstance(value, int | float)):
                noise = FIGURES[name]
                noise = replace(noise, part=own.get(name, noise.part))
                yield here, None if value is None else float(value), noise
            else:
                yield from figures(value, here)
    elif isinstance(result, list):
        for i, value in enumerate(result):
            yield from figures(value, f"{place}[{i}]")


def worse(old: Any, new: Any) -> list[str]:
    """Every figure of the old result that the new one has worse, with both values."""
    now, found = {place: value for place, value, _ in figures(new)}, []
    for place, before, noise in figures(old):
        after = now.get(place)
        if before is None:
            continue
        if after is None:
            found.append(f"{place}: {before:g} before, nothing now")
            continue
        allowed = max(noise.part * abs(before), noise.least)
        if noise.sign * (after - before) > allowed:
            found.append(f"{place}: {before:g} before, {after:g} now; {allowed:g} is its noise")
    return found


def load(path: Path) -> Any:
    """A stored result; raises :class:`InvalidInputError` for anything else."""
    text = decode(str(path), read_bytes(path))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        refuse(str(path), "json-syntax", None, error.lineno, column=error.colno)


def main(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks compare", description=__doc__)
    parser.add_argument("old", type=Path, metavar="OLD.json")
    parser.add_argument("new", type=Path, metavar="NEW.json")
    given = parser.parse_args(arguments)
    old, new = load(given.old), load(given.new)
    found = worse(old, new)
    if found:
        raise WorseError("\n".join(found))
    return {"compared": sum(1 for _ in figures(old)), "worse": []}
