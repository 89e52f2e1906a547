"""Breaks the rules on purpose, one small change at a time, and lists the changes no test notices.

    python -m benchmarks.mutation [--only duty] [--workers 2]

Everything runs on a copy of the package made at the start; no file changes. A change inside a
function is tried by the tests of ``tests/rules`` that call this function, those written for its
module and the quickest first, in a process that starts with everything loaded (``noticing``); any
other change in a process that loads the changed module.

A survivor that means the same as the original has its reason in ``benchmarks/mutation_reasons``,
which holds for one survivor, or for as many as its ``times`` says where a line allows the same
change at several places. The exit status is 1 where a survivor has no reason or a reason has no
survivor. (Mutation tools that are kept up start Python anew for each mutant or leave out the
defaults of fields, which are what a leader reads as the rule.)
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.mutants import RULES, Mutant, mutants
from benchmarks.noticing import Key, noticed_by_calls, noticed_on_loading, ready

ROOT = Path(__file__).parents[1]
REASONS = Path(__file__).with_name("mutation_reasons")


def excused(modules: Sequence[str]) -> Counter[Key]:
    """How many survivors have a reason, by module, line and change."""
    found: Counter[Key] = Counter()
    for module in modules:
        path = REASONS / f"{module}.toml"
        entries = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for entry in entries.get("equivalent", ()):
            assert entry["reason"]
            found[module, entry["source"], entry["change"]] += entry.get("times", 1)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation run over the rules")
    parser.add_argument("--only", action="append", help="a file of the rules, such as duty")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as copied:
        for part in ("src", "tests", "docs"):
            shutil.copytree(ROOT / part, Path(copied, part))
        shutil.copy(ROOT / "pyproject.toml", copied)
        os.chdir(copied)
        sys.path[:0] = [copied, str(Path(copied, "src"))]
        try:
            return run(asked.only, asked.workers)
        finally:
            os.chdir(ROOT)


def run(only: list[str] | None, workers: int) -> int:
    """Try every mutant of the rules in the working directory; the exit status."""
    began = time.monotonic()
    names = sorted(only or (path.stem for path in RULES.glob("*.py")))
    todo = [mutant for name in names for mutant in mutants(name)]
    known, tried = excused(names), Counter(mutant.key for mutant in todo)
    expected = {key for key, times in known.items() if times == tried[key]}
    survivors: Counter[Key] = Counter()
    for mutant in _survivors(todo, expected, workers):
        survivors[mutant.key] += 1
        if survivors[mutant.key] > known[mutant.key]:
            print(f"survived  {mutant.module}.py:{mutant.line}  {mutant.source}")
            print(f"          {mutant.change}", flush=True)
    without, stale = survivors - known, known - survivors
    for module, source, change in stale:
        print(f"needless reason  {module}.py  {source}")
        print(f"                 {change}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(
        f"{len(todo)} mutants, {survivors.total()} survivors, {without.total()} without a reason, "
        f"{stale.total()} needless reasons, {time.monotonic() - began:.0f} s, "
        f"{cpu:.0f} CPU s, {cpu / max(1, len(todo)):.2f} CPU s a mutant"
    )
    return 1 if without or stale else 0


def _survivors(todo: Sequence[Mutant], expected: set[Key], workers: int) -> Iterator[Mutant]:
    """The mutants that no test notices: first those of functions, then the others."""
    ready()
    others = []
    for mutant, noticed in noticed_by_calls(todo, expected, workers):
        if noticed is None:
            others.append(mutant)
        elif not noticed:
            yield mutant
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for mutant, dead in zip(others, pool.imap(noticed_on_loading, others), strict=True):
            if not dead:
                yield mutant


if __name__ == "__main__":
    raise SystemExit(main())
