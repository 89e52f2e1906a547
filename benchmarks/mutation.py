"""Breaks a package on purpose, one small change at a time, and lists what no test notices.

    python -m benchmarks.mutation [rules] [--only duty] [--workers 2]
    python -m benchmarks.mutation replanning --only seats --every 3 --patience 10

Everything runs on a copy of the package made at the start; no file changes. A change inside a
function is tried by the tests of the package that call this function, those written for its module
and the quickest first, in a process that starts with everything loaded (``noticing``); any other
change in a process that loads the changed module. ``mutated`` holds the packages and their tests.

A survivor that means the same as the original has its reason in ``benchmarks/mutation_reasons``,
which holds for one survivor, or for as many as its ``times`` says where a line allows the same
change at several places. The exit status is 1 where a survivor has no reason or a reason has no
survivor. Where tests take long, ``--tests`` names the files that are asked, ``--patience`` the
seconds that those of one mutant may take together, and ``--every N`` tries each Nth mutant; a
survivor of these may still be noticed by what was not asked. (Mutation tools that are kept up start
Python anew for each mutant or leave out the defaults of fields, which are what a leader reads as
the rule.)
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
from functools import partial
from pathlib import Path

from benchmarks.mutants import Mutant, mutants
from benchmarks.mutated import PACKAGES, Package
from benchmarks.noticing import Key, Trial, noticed_by_calls, noticed_on_loading, ready

ROOT = Path(__file__).parents[1]
REASONS = Path(__file__).with_name("mutation_reasons")


def excused(package: Package, modules: Sequence[str]) -> Counter[Key]:
    """How many survivors have a reason, by module, line and change."""
    found: Counter[Key] = Counter()
    for module in modules:
        path = REASONS / package.name / f"{module}.toml"
        entries = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for entry in entries.get("equivalent", ()):
            assert entry["reason"]
            found[module, entry["source"], entry["change"]] += entry.get("times", 1)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation run over a package")
    parser.add_argument("package", nargs="?", default="rules", choices=sorted(PACKAGES))
    parser.add_argument("--only", action="append", help="a module, such as duty")
    parser.add_argument("--tests", action="append", default=[], help="a file, such as test_duty.py")
    parser.add_argument("--patience", type=float, help="seconds that a mutant's tests may take")
    parser.add_argument("--every", type=int, default=1, help="try each mutant of so many")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    package = PACKAGES[asked.package]
    trial = Trial(package, asked.workers, tuple(asked.tests), asked.patience)
    with tempfile.TemporaryDirectory() as copied:
        for part in ("src", "tests", "docs"):
            shutil.copytree(ROOT / part, Path(copied, part))
        shutil.copy(ROOT / "pyproject.toml", copied)
        os.chdir(copied)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = copied
        sys.path[:0] = [copied, str(Path(copied, "src"))]
        try:
            return run(trial, asked.only or package.modules(), asked.every)
        finally:
            os.chdir(ROOT)


def run(trial: Trial, names: Sequence[str], every: int = 1) -> int:
    """Try every mutant of some modules in the working directory; the exit status."""
    began = time.monotonic()
    whole = [mutant for name in sorted(names) for mutant in mutants(trial.package, name)]
    todo, tried = whole[::every], Counter(mutant.key for mutant in whole[::every])
    excuses = excused(trial.package, names)
    known = excuses if every == 1 else excuses & tried
    expected = {key for key, times in known.items() if times == tried[key]}
    survivors: Counter[Key] = Counter()
    for mutant in _survivors(trial, todo, expected):
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


def _survivors(trial: Trial, todo: Sequence[Mutant], expected: set[Key]) -> Iterator[Mutant]:
    """The mutants that no test notices: first those of functions, then the others."""
    ready(trial.package)
    others = []
    for mutant, noticed in noticed_by_calls(trial, todo, expected):
        if noticed is None:
            others.append(mutant)
        elif not noticed:
            yield mutant
    with multiprocessing.get_context("fork").Pool(trial.workers) as pool:
        answers = pool.imap(partial(noticed_on_loading, trial), others)
        for mutant, dead in zip(others, answers, strict=True):
            if not dead:
                yield mutant


if __name__ == "__main__":
    raise SystemExit(main())
