"""Whether the tests of a package fail on a mutant, told with as little work as possible."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import CodeType, FunctionType
from typing import Any

from benchmarks.functions import Function, Watch, changed_function, classes, functions, ids
from benchmarks.mutants import Mutant
from benchmarks.mutated import Package

CPU_SECONDS = 120  # a mutant that computes longer is taken as noticed: it never ends

# Hypothesis is loaded before pytest could rewrite its assertions; that is meant.
OPTIONS = ["--tb=no", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]

Key = tuple[str, str, str]
"""What tells a mutant from others: module, line and change."""


@dataclass(frozen=True)
class Trial:
    """How mutants of a package are tried.

    ``files`` are the tests that are asked instead of all of the package. Of those that call what a
    mutant changes, the quickest are asked that together take ``patience`` seconds; all, where it is
    ``None``.
    """

    package: Package
    workers: int = 1
    files: tuple[str, ...] = ()
    patience: float | None = None

    @property
    def asked(self) -> list[str]:
        """The paths of the tests that are asked."""
        tests = self.package.tests
        return [f"{tests}/{name}" for name in self.files] or [tests]

    @property
    def cpu_seconds(self) -> int:
        """How long a mutant may compute."""
        longest = CPU_SECONDS if self.patience is None else 10 + 4 * self.patience
        return int(min(CPU_SECONDS, longest))


def ready(package: Package) -> None:
    """Load what no mutant changes, so that each process starts with it."""
    import hypothesis
    import pytest  # noqa: F401  # loaded, not used

    for name in package.loads:
        importlib.import_module(name)
    # A counterexample need not be made small here.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutation", phases=phases)
    hypothesis.settings.load_profile("mutation")


# Changes inside a function: its code is replaced where everything is loaded.


def noticed_by_calls(
    trial: Trial, todo: Sequence[Mutant], expected: set[Key]
) -> Iterator[tuple[Mutant, bool | None]]:
    """Each mutant with whether a test that calls the changed function fails.

    ``None`` where that cannot be told: the change lies outside all functions, or in one that runs
    while the tests are loaded, too, and no later call is noticed. A mutant whose survival is
    ``expected`` is tried by the own tests of its module only. Raises ``SystemExit`` where a test
    fails without any change.
    """
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    server = context.Process(target=_serve, args=(trial, todo, expected, there))
    server.start()
    there.close()
    try:
        while True:
            told = here.recv()
            if isinstance(told, str):
                raise SystemExit(told)
            number, noticed = told
            yield todo[number], noticed
    except EOFError:
        server.join()


def _serve(trial: Trial, todo: Sequence[Mutant], expected: set[Key], answer: Connection) -> None:
    """In a process of its own: collect the tests once and try every mutant in a copy of it."""
    import pytest

    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    pytest.main(
        ["-s", *OPTIONS, *trial.asked],
        plugins=[_Server(trial, todo, expected, answer)],
    )
    answer.close()


class _UnchangedError(Exception):
    """A test that fails without any change."""


def _first(entry: tuple[bool, float, Any]) -> tuple[bool, float]:
    return entry[:2]


class _Server:
    """A pytest plugin that runs the tests over and over, on a mutant each time."""

    def __init__(
        self, trial: Trial, todo: Sequence[Mutant], expected: set[Key], answer: Connection
    ) -> None:
        self.trial, self.todo, self.expected, self.answer = trial, todo, expected, answer
        self.package = trial.package
        modules = {mutant.module for mutant in todo}
        found = (one for module in modules for one in functions(self.package, module))
        self.functions = dict(found)
        self.watch = Watch(self.functions)
        self.known: dict[str, tuple[float, set[Function]]] = {}
        self.watch.begin()

    def pytest_runtestloop(self, session: Any) -> bool:
        self.loading = self.watch.end()
        if session.testsfailed:
            self.answer.send("the tests cannot be loaded")
            return True
        left = list(range(len(self.todo)))
        try:
            for find in (self._own, self._calling):
                left = self._survivors(left, find(session.items)) if left else []
        except _UnchangedError as failed:
            self.answer.send(f"{failed} fails without any change")
            return True
        for number in left:
            self._lives(number)
        return True

    def _own(self, items: Sequence[Any]) -> dict[Function, list[Any]]:
        """The tests written for the module of a function, and for the class that holds it."""
        modules = {module for module, _ in self.functions}
        held_by = {module: classes(self.package, module) for module in modules}
        files = {module: self.package.own_tests(module) for module in modules}
        spent: dict[Function, list[tuple[bool, float, Any]]] = {name: [] for name in self.functions}
        for item in items:
            held = getattr(getattr(item, "callspec", None), "id", "")
            of = [
                (module, name)
                for module, name in self.functions
                if item.path.name in files[module]
                or (
                    held in held_by[module]
                    and name.partition(".")[0] not in {*held_by[module]} - {held}
                )
            ]
            if of:
                took, called = self._unchanged(item)
                for function in called.intersection(of):
                    spent[function].append((held in held_by[function[0]], took, item))
        return {name: self._quickest(of) for name, of in spent.items()}

    def _calling(self, items: Sequence[Any]) -> dict[Function, list[Any]]:
        """The tests that call each function."""
        spent: dict[Function, list[tuple[bool, float, Any]]] = {name: [] for name in self.functions}
        for item in items:
            took, called = self._unchanged(item)
            for name in called:
                spent[name].append((False, took, item))
        return {name: self._quickest(of) for name, of in spent.items()}

    def _quickest(self, tests: list[tuple[bool, float, Any]]) -> list[Any]:
        """The tests in their order, the quickest first, as far as patience goes."""
        tests = sorted(tests, key=_first)
        so_far = accumulate(took for _, took, _ in tests)
        most = self.trial.patience
        return [
            test[2]
            for test, sum_ in zip(tests, so_far, strict=True)
            if most is None or sum_ <= most
        ]

    def _unchanged(self, item: Any) -> tuple[float, set[Function]]:
        """The seconds of a test without any change, and what it calls; it may not fail.

        It runs in a process of its own, so that nothing of it is left for the mutants.
        """
        if item.nodeid not in self.known:
            here, there = get_context("fork").Pipe(duplex=False)
            child = os.fork()
            if not child:
                self._watched(item, there)
            there.close()
            told = here.recv()
            os.waitpid(child, 0)
            if told is None:
                raise _UnchangedError(item.nodeid)
            self.known[item.nodeid] = told
        return self.known[item.nodeid]

    def _watched(self, item: Any, answer: Connection) -> None:
        told = None
        try:
            self.watch.begin()
            began = time.process_time()
            failed = _fails([item])
            took, called = time.process_time() - began, self.watch.end()
            told = None if failed else (took, called)
        finally:
            answer.send(told)
            answer.close()
            os._exit(0)

    def _survivors(self, numbers: list[int], tests: dict[Function, list[Any]]) -> list[int]:
        """The mutants that none of the tests notices and whose survival is not expected."""
        running: dict[int, int] = {}
        self.alive: list[int] = []
        for number in numbers:
            change = changed_function(self.todo[number])
            if change is None or change[0] not in self.functions:
                self.answer.send((number, None))
                continue
            function, code = change
            if len(running) == self.trial.workers:
                self._one_ends(running)
            child = os.fork()
            if not child:
                self._try(self.functions[function], code, tests[function])
            running[child] = number
        while running:
            self._one_ends(running)
        return sorted(self.alive)

    def _one_ends(self, running: dict[int, int]) -> None:
        child, status = os.wait()
        number = running.pop(child)
        if status:
            self.answer.send((number, True))
        elif self.todo[number].key in self.expected:
            self._lives(number)
        else:
            self.alive.append(number)

    def _lives(self, number: int) -> None:
        """Say that no test notices, or that this cannot be told of what runs at loading, too."""
        change = changed_function(self.todo[number])
        assert change is not None
        self.answer.send((number, None if change[0] in self.loading else False))

    def _try(self, function: FunctionType, code: CodeType, tests: list[Any]) -> None:
        status = 1
        try:
            # Of its own time, not the clock's: on a busy machine nothing is noticed for that.
            resource.setrlimit(resource.RLIMIT_CPU, (self.trial.cpu_seconds,) * 2)
            function.__code__ = code
            status = int(_fails(tests))
        finally:
            os._exit(status)


def _fails(items: Sequence[Any]) -> bool:
    from _pytest.runner import runtestprotocol

    return any(
        report.failed
        for item in items
        for report in runtestprotocol(item, log=False, nextitem=None)
    )


# Any other change: the tests start anew and load the changed module.


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads one module as a mutant instead of from its file."""

    code: bytes

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  # asked for by name
        code = marshal.loads(self.code)  # noqa: S302  # our own
        assert isinstance(code, CodeType)
        return code


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        package = mutant.package
        self.name = package.full_name(mutant.module)
        path = str(package.path(mutant.module))
        loader = _Loader(self.name, path)
        loader.code = mutant.code
        self.spec = importlib.util.spec_from_file_location(
            self.name,
            path,
            loader=loader,
            submodule_search_locations=(
                [str(package.folder)] if mutant.module == "__init__" else None
            ),
        )

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return self.spec if fullname == self.name else None


def noticed_on_loading(trial: Trial, mutant: Mutant) -> bool:
    """Whether the tests fail where the changed module is loaded, its own tests first."""
    package, module = trial.package, mutant.module
    own = [f"{package.tests}/{name}" for name in package.own_tests(module)]
    pairs: list[str] = []
    if package.name == "rules":
        paired = " or ".join(ids(package, module)) or "Composition"
        folder = package.tests
        pairs = [f"{folder}/test_documentation.py", f"{folder}/test_pairs.py", "-k", paired]
    return any(_fails_anew(mutant, tests) for tests in (own, pairs, trial.asked) if tests)


def _fails_anew(mutant: Mutant, tests: list[str]) -> bool:
    child = os.fork()
    if not child:
        _run(mutant, tests)
    return os.waitpid(child, 0)[1] != 0


def _run(mutant: Mutant, tests: list[str]) -> None:
    """In a process of its own: load the mutant, run the tests, end with their status."""
    status = 1
    try:
        import pytest

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.meta_path.insert(0, _Finder(mutant))
        status = int(pytest.main(["-x", *OPTIONS, *tests]))
    finally:
        os._exit(status)
