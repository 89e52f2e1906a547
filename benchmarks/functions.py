"""The functions of modules: which there are, which are called, and which one a mutant changes."""

from __future__ import annotations

import ast
import importlib
import marshal
import sys
from collections.abc import Iterator
from functools import cache, cached_property
from types import CodeType, FrameType, FunctionType, ModuleType

from benchmarks.mutants import Mutant
from benchmarks.mutated import Package

Function = tuple[str, str]
"""A function of a package: its module and its name inside it."""


@cache
def classes(package: Package, module: str) -> tuple[str, ...]:
    """The classes that a module holds, such as rules."""
    tree = ast.parse(package.path(module).read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    return tuple(name for name in names if not name.startswith("_"))


def ids(package: Package, module: str) -> Iterator[str]:
    """What parametrized tests call the rules of a module: their classes and their own names."""
    yield from classes(package, module)
    for node in ast.walk(ast.parse(package.path(module).read_text(encoding="utf-8"))):
        match node:
            case ast.AnnAssign(target=ast.Name(id="rule"), value=ast.Constant(value=str(name))):
                yield name


class Watch:
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


def functions(package: Package, module: str) -> Iterator[tuple[Function, FunctionType]]:
    """The functions and methods of a module, those behind properties and class methods too."""
    loaded = importlib.import_module(package.full_name(module))
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


def changed_function(mutant: Mutant) -> tuple[Function, CodeType] | None:
    """The one function that differs from the original, with its new code."""
    text = mutant.package.path(mutant.module).read_text(encoding="utf-8")
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
