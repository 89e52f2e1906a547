"""Whether the tests of the rules fail on a mutant, told with as little work as possible."""

from __future__ import annotations

import ast
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
from functools import cache, cached_property
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from benchmarks.mutants import RULES, Mutant

TESTS = "tests/rules"
PACKAGE = "patrol_scheduler.rules"
CPU_SECONDS = 120  # a mutant that computes longer is taken as noticed: it never ends
OWN_FILES = {
    "__init__": ("test_base.py", "test_documentation.py"),
    "cadence": ("test_cadence.py", "test_patrol_count.py"),
    "duty": ("test_duty.py", "test_labour.py", "test_workload.py"),
    "pairs": ("test_pairs_of_officers.py",),  # test_pairs.py is about every rule
    "sharing": ("test_sharing.py", "test_fairness.py", "test_leading.py"),
    "workload": ("test_workload.py", "test_labour.py"),
}
"""The files of tests written for a module where they are not just the one of its name."""

# Hypothesis is loaded before pytest could rewrite its assertions; that is meant.
OPTIONS = ["--tb=no", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]

Function = tuple[str, str]
"""A function of the rules: its module and its name inside it."""

Key = tuple[str, str, str]
"""What tells a mutant from others: module, line and change."""


def ready() -> None:
    """Load what no mutant changes, so that each process starts with it."""
    import hypothesis
    import pytest  # noqa: F401  # loaded, not used

    import patrol_scheduler.roster
    import patrol_scheduler.texts  # noqa: F401  # loaded, not used

    # A counterexample need not be made small here.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutation", phases=phases)
    hypothesis.settings.load_profile("mutation")


# Changes inside a function: its code is replaced where everything is loaded.


def noticed_by_calls(
    todo: Sequence[Mutant], expected: set[Key], workers: int
) -> Iterator[tuple[Mutant, bool | None]]:
    """Each mutant with whether a test that calls the changed function fails.

    ``None`` where that cannot be told: the change lies outside all functions, or in one that runs
    while tests and rules are loaded, too, and no later call is noticed. A mutant whose survival is
    ``expected`` is tried by the own tests of its module only. Raises ``SystemExit`` where a test
    fails without any change.
    """
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    server = context.Process(target=_serve, args=(todo, expected, workers, there))
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


def _serve(todo: Sequence[Mutant], expected: set[Key], workers: int, answer: Connection) -> None:
    """In a process of its own: collect the tests once and try every mutant in a copy of it."""
    import pytest

    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    pytest.main(
        ["-s", *OPTIONS, TESTS],
        plugins=[_Server(todo, expected, workers, answer)],
    )
    answer.close()


class _UnchangedError(Exception):
    """A test that fails on the rules as they are."""


def _first(entry: tuple[bool, float, Any]) -> tuple[bool, float]:
    return entry[:2]


class _Server:
    """A pytest plugin that runs the tests over and over, on a mutant each time."""

    def __init__(
        self, todo: Sequence[Mutant], expected: set[Key], workers: int, answer: Connection
    ) -> None:
        self.todo, self.expected, self.workers, self.answer = todo, expected, workers, answer
        modules = {mutant.module for mutant in todo}
        self.functions = dict(found for module in modules for found in _functions(module))
        self.watch = _Watch(self.functions)
        self.watch.begin()

    def pytest_runtestloop(self, session: Any) -> bool:
        self.loading = self.watch.end()
        if session.testsfailed:
            self.answer.send("the tests of the rules cannot be loaded")
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
        """The tests written for the module of a function, and for the rule that holds it."""
        modules = {module for module, _ in self.functions}
        rules = {module: _classes(module) for module in modules}
        files = {module: _own_files(module) for module in modules}
        spent: dict[Function, list[tuple[bool, float, Any]]] = {name: [] for name in self.functions}
        for item in items:
            rule = getattr(getattr(item, "callspec", None), "id", "")
            of = [
                (module, name)
                for module, name in self.functions
                if item.path.name in files[module]
                or (
                    rule in rules[module]
                    and name.partition(".")[0] not in {*rules[module]} - {rule}
                )
            ]
            if of:
                took = self._unchanged(item)
                for name in of:
                    spent[name].append((rule in rules[name[0]], took, item))
        return {name: [one[2] for one in sorted(of, key=_first)] for name, of in spent.items()}

    def _calling(self, items: Sequence[Any]) -> dict[Function, list[Any]]:
        """The tests that call each function, the quickest first."""
        spent: dict[Function, list[tuple[bool, float, Any]]] = {name: [] for name in self.functions}
        for item in items:
            self.watch.begin()
            took = self._unchanged(item)
            for name in self.watch.end():
                spent[name].append((False, took, item))
        return {name: [one[2] for one in sorted(of, key=_first)] for name, of in spent.items()}

    def _unchanged(self, item: Any) -> float:
        """The seconds of a test on the rules as they are; it may not fail."""
        began = time.process_time()
        if _fails([item]):
            raise _UnchangedError(item.nodeid)
        return time.process_time() - began

    def _survivors(self, numbers: list[int], tests: dict[Function, list[Any]]) -> list[int]:
        """The mutants that none of the tests notices and whose survival is not expected."""
        running: dict[int, int] = {}
        self.alive: list[int] = []
        for number in numbers:
            change = _changed_function(self.todo[number])
            if change is None or change[0] not in self.functions:
                self.answer.send((number, None))
                continue
            function, code = change
            if len(running) == self.workers:
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
        change = _changed_function(self.todo[number])
        assert change is not None
        self.answer.send((number, None if change[0] in self.loading else False))

    def _try(self, function: FunctionType, code: CodeType, tests: list[Any]) -> None:
        status = 1
        try:
            # Of its own time, not the clock's: on a busy machine nothing is noticed for that.
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
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


def _own_files(module: str) -> list[str]:
    names = OWN_FILES.get(module, (f"test_{module}.py",))
    return [name for name in names if Path(TESTS, name).exists()]


@cache
def _classes(module: str) -> tuple[str, ...]:
    """The rules that a module holds."""
    tree = ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    return tuple(name for name in names if not name.startswith("_"))


def _ids(module: str) -> Iterator[str]:
    """What parametrized tests call the rules of a module: their classes and their own names."""
    yield from _classes(module)
    for node in ast.walk(ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))):
        match node:
            case ast.AnnAssign(target=ast.Name(id="rule"), value=ast.Constant(value=str(name))):
                yield name


class _Watch:
    """Which functions are called between ``begin`` and ``end``."""

    def __init__(self, functions: dict[Function, FunctionType]) -> None:
        self.names = {id(function.__code__): name for name, function in functions.items()}
        self.called: set[Function] = set()

    def begin(self) -> None:
        self.called = set()
        sys.setprofile(self._see)

    def end(self) -> set[Function]:
        sys.setprofile(None)
        return self.called

    def _see(self, frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and (name := self.names.get(id(frame.f_code))):
            self.called.add(name)


def _functions(module: str) -> Iterator[tuple[Function, FunctionType]]:
    """The functions and methods of a module, those behind properties and class methods too."""
    loaded = importlib.import_module(_full_name(module))
    for name, function in _inside(loaded, loaded.__name__):
        yield (module, name), function


def _inside(holder: ModuleType | type, module: str) -> Iterator[tuple[str, FunctionType]]:
    for value in vars(holder).values():
        if isinstance(value, type) and value.__module__ == module and value is not holder:
            yield from _inside(value, module)
            continue
        match value:
            case property():
                function = value.fget
            case cached_property():
                function = value.func
            case classmethod() | staticmethod():
                function = value.__func__
            case _:
                function = value
        if isinstance(function, FunctionType) and function.__module__ == module:
            yield function.__qualname__, function


def _changed_function(mutant: Mutant) -> tuple[Function, CodeType] | None:
    """The one function that differs from the original, with its new code."""
    text = (RULES / f"{mutant.module}.py").read_text(encoding="utf-8")
    whole = compile(ast.parse(text), f"{mutant.module}.py", "exec", dont_inherit=True)
    frame, functions = _taken_apart(whole)
    new_frame, new_functions = _taken_apart(marshal.loads(mutant.code))  # noqa: S302  # our own
    changed = [name for name, code in new_functions.items() if functions.get(name) != code]
    if frame != new_frame or len(changed) != 1:
        return None
    [name] = changed
    if functions[name].co_freevars != new_functions[name].co_freevars:
        return None
    return (mutant.module, name), new_functions[name]


def _taken_apart(code: CodeType) -> tuple[CodeType, dict[str, CodeType]]:
    """The code of a module or class without that of its functions, and the functions."""
    functions: dict[str, CodeType] = {}
    rest: list[object] = []
    for value in code.co_consts:
        if not isinstance(value, CodeType):
            rest.append(value)
        elif value.co_flags & 2 and not value.co_name.startswith("<"):  # CO_NEWLOCALS: a function
            functions[value.co_qualname] = value
            rest.append(None)
        elif value.co_name.startswith("<"):
            rest.append(value)
        else:
            frame, inner = _taken_apart(value)
            functions |= inner
            rest.append(frame)
    return code.replace(co_consts=tuple(rest)), functions


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
        is_package = mutant.module == "__init__"
        self.name = _full_name(mutant.module)
        path = str(RULES / f"{mutant.module}.py")
        loader = _Loader(self.name, path)
        loader.code = mutant.code
        self.spec = importlib.util.spec_from_file_location(
            self.name,
            path,
            loader=loader,
            submodule_search_locations=[str(RULES)] if is_package else None,
        )

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return self.spec if fullname == self.name else None


def _full_name(module: str) -> str:
    return PACKAGE if module == "__init__" else f"{PACKAGE}.{module}"


def noticed_on_loading(mutant: Mutant) -> bool:
    """Whether the tests fail where the changed module is loaded, its own tests first."""
    own = [f"{TESTS}/{name}" for name in _own_files(mutant.module)]
    paired = " or ".join(_ids(mutant.module)) or "Composition"
    pairs = [f"{TESTS}/test_documentation.py", f"{TESTS}/test_pairs.py", "-k", paired]
    return any(_fails_anew(mutant, tests) for tests in (own, pairs, [TESTS]) if tests)


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
