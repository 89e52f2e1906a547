"""``python -m benchmarks NAME [ARGUMENTS]`` runs one benchmark and prints one JSON document.

A benchmark is a function of its arguments that returns what it measured, and raises
``AssertionError`` where a value that it asserts is missed. A new one is one entry below.
"""

from __future__ import annotations

import importlib
import json
import sys

BENCHMARKS = {
    "bishi": ("benchmarks.bishi", "main", "the Bishi example: search, bounds, outputs, start-up"),
    "smoke": ("benchmarks.smoke", "main", "every benchmark's quick check of its values"),
}
"""Name, then module, function and what it measures."""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in BENCHMARKS:
        for name, (_, _, about) in BENCHMARKS.items():
            print(f"{name:10} {about}", file=sys.stderr)
        return 2
    module, function, _ = BENCHMARKS[arguments[0]]
    measured = getattr(importlib.import_module(module), function)(arguments[1:])
    print(json.dumps(measured, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
