"""``python -m benchmarks NAME [ARGUMENTS]`` runs one benchmark and prints one JSON document.

A benchmark is a function of its arguments that returns what it measured, and raises
``AssertionError`` where a value that it asserts is missed. A new one is one entry below.
"""

from __future__ import annotations

import importlib
import sys

from benchmarks.compare import WorseError
from benchmarks.measure import document
from patrol_scheduler import InvalidInputError

BENCHMARKS = {
    "bishi": ("benchmarks.bishi", "main", "the Bishi example: search, bounds, outputs, start-up"),
    "patrol": ("benchmarks.patrol", "main", "a patrol instance: roster, bound, gap over time"),
    "cadence": ("benchmarks.cadence", "main", "can areas be served by so few patrols a day"),
    "documents": ("benchmarks.documents", "main", "workbook, report and plan tables: time, size"),
    "peers": ("benchmarks.peers", "main", "a patrol instance given to this library and its peers"),
    "scale": ("benchmarks.scale", "main", "time and memory against officers, areas and days"),
    "compare": ("benchmarks.compare", "main", "fails where a stored result got worse"),
    "chart": ("benchmarks.chart", "main", "draws the stored results into the docs"),
    "generate": ("benchmarks.generator", "main", "makes a patrol instance of any size from a seed"),
    "nrp24": ("benchmarks.nrp24", "main", "a public shift-scheduling instance: roster and bound"),
    "calendars": ("benchmarks.calendars", "main", "a city's feeds: publishing, and random lives"),
    "explaining": ("benchmarks.explaining", "main", "smallest conflicts, held against a judge"),
    "replanning": ("benchmarks.replanning", "main", "the fewest changes, and substitutes"),
    "smoke": ("benchmarks.smoke", "main", "every benchmark's quick check of its values"),
}
"""Name, then module, function and what it measures."""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in BENCHMARKS:
        for name, (_, _, about) in BENCHMARKS.items():
            print(f"{name:10} {about}", file=sys.stderr)
        return 2
    module, function, _ = BENCHMARKS[arguments[0]]
    try:
        measured = getattr(importlib.import_module(module), function)(arguments[1:])
    except InvalidInputError as error:
        print(error.say("en"), file=sys.stderr)
        return 2
    except WorseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 2
    except MemoryError:
        print("memory ran out before there was anything to keep", file=sys.stderr)
        return 3
    print(document(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
