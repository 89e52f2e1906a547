"""Breaks the rules on purpose, one small change at a time, and lists the changes no test notices.

    python -m benchmarks.mutation [--only duty] [--workers 2]

Every mutant lives in memory, in a process of its own that runs ``tests/rules`` on a copy of the
package made at the start; no file changes.
A survivor that means the same as the original has its reason in ``mutation_reasons.toml``. The
exit status is 1 where a survivor has no reason or a reason has no survivor. (Mutation tools that
are kept up start Python anew for each mutant or leave out the defaults of fields, which are what a
leader reads as the rule.)
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[1]
RULES = Path("src", "patrol_scheduler", "rules")  # in the copy, where everything runs
REASONS = Path(__file__).with_name("mutation_reasons.toml")
FIRST_TESTS = {
    "cadence": ["test_cadence.py"],
    "cover": ["test_cover.py"],
    "duty": ["test_duty.py", "test_workload.py"],
    "fairness": ["test_fairness.py"],
    "team": ["test_team.py"],
}
CPU_SECONDS = 120  # a mutant that computes longer is taken as noticed: it never ends

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
TOLD_APART = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
RENAMED = {
    "min": "max", "max": "min", "any": "all", "all": "any",
    "at_least": "at_most", "at_most": "at_least", "below": "above", "above": "below",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where, the line it is in, what turns into what, and the compiled module."""

    module: str
    line: int
    source: str
    change: str
    code: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.source, self.change


def replacements(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare() if isinstance(parent, ast.If) and isinstance(node.ops[0], TOLD_APART):
            return  # the condition itself becomes true and false
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                for other in COMPARED[type(operator)]:
                    new = copy.deepcopy(node)
                    new.ops[i] = other()
                    yield new
        case ast.BinOp() | ast.AugAssign() if type(node.op) in COMPUTED:
            new = copy.deepcopy(node)
            new.op = COMPUTED[type(node.op)]()
            yield new
        case ast.BoolOp():
            new = copy.deepcopy(node)
            new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield new
            for i in range(len(node.values)):
                rest = node.values[:i] + node.values[i + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant(value=bool()):
            yield ast.Constant(value=not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(value=node.value + 1)
            if node.value > 1:
                yield ast.Constant(value=node.value - 1)
        case ast.Constant(value=str()) if not isinstance(parent, ast.Expr):
            yield ast.Constant(value=f"{node.value}-x")
        case ast.Name() if node.id in RENAMED and isinstance(parent, ast.Call):
            if parent.func is node:
                yield ast.Name(id=RENAMED[node.id], ctx=ast.Load())
        case ast.keyword() if node.arg in RENAMED:
            yield ast.keyword(arg=RENAMED[node.arg], value=node.value)
    yield from _other_statements(node)


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    never = ast.Constant(value=False)
    match node:
        case ast.If() | ast.comprehension():
            yield from _other_conditions(node)
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.If(test=never, body=[node], orelse=[])
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass()


def _other_conditions(node: ast.If | ast.comprehension) -> Iterator[ast.AST]:
    if isinstance(node, ast.If):
        for value in (True, False):
            new = copy.copy(node)
            new.test = ast.Constant(value=value)
            yield new
    else:
        for i in range(len(node.ifs)):
            new = copy.copy(node)
            new.ifs = node.ifs[:i] + node.ifs[i + 1 :]
            yield new


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node below ``tree`` that may change: its parent, field, index and the node."""
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns", "decorator_list", "type_comment", "bases"}:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if isinstance(node, ast.Assign) and getattr(tree, "name", "") == "":
                targets = {getattr(target, "id", "") for target in node.targets}
                if isinstance(tree, ast.Module) and targets != {"ALL"}:
                    continue  # type aliases and __all__
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                continue
            yield tree, field, index, node
            yield from places(node)


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of one file of the rules."""
    text = (RULES / f"{module}.py").read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    for holder, field, index, node in places(tree):
        for new in replacements(node, holder):
            line = getattr(node, "lineno", 0) or getattr(_first_located(node), "lineno", 0)
            change = f"{_told(node)} -> {_told(new)}"
            _put(holder, field, index, ast.fix_missing_locations(ast.copy_location(new, node)))
            try:
                code = marshal.dumps(compile(tree, f"{module}.py", "exec", dont_inherit=True))
            except SyntaxError:  # such as one keyword given twice
                continue
            finally:
                _put(holder, field, index, node)
            yield Mutant(module, line, lines[line - 1].strip(), change, code)


def _put(holder: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[index] = node


def _first_located(node: ast.AST) -> ast.AST | None:
    return next((child for child in ast.walk(node) if hasattr(child, "lineno")), None)


def _told(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    short = " ".join(text.split())
    return short if len(short) <= 90 else f"{short[:60]} ... {short[-25:]}"


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads one module as a mutant instead of from its file."""

    code: bytes

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        code = marshal.loads(self.code)  # noqa: S302  # made above
        assert isinstance(code, CodeType)
        return code


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        package = "patrol_scheduler.rules"
        is_package = mutant.module == "__init__"
        self.name = package if is_package else f"{package}.{mutant.module}"
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


def noticed(mutant: Mutant) -> bool:
    """Whether the tests of the rules fail on a mutant, the likeliest first."""
    text = (RULES / f"{mutant.module}.py").read_text(encoding="utf-8")
    classes = [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    first = [f"tests/rules/{name}" for name in FIRST_TESTS.get(mutant.module, ["test_base.py"])]
    pairs = ["tests/rules/test_pairs.py", "-k", " or ".join(classes or ["Composition"])]
    return any(_fails(mutant, tests) for tests in (first, pairs, ["tests/rules"]))


def _fails(mutant: Mutant, tests: list[str]) -> bool:
    child = os.fork()
    if not child:
        _run(mutant, tests)
    return os.waitpid(child, 0)[1] != 0


def _run(mutant: Mutant, tests: list[str]) -> None:
    """In a process of its own: load the mutant, run the tests, end with their status."""
    status = 1
    try:
        import pytest

        # Of its own time, not the clock's: on a busy machine nothing is taken as noticed for that.
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.meta_path.insert(0, _Finder(mutant))
        # Hypothesis is loaded before pytest could rewrite its assertions; that is meant.
        already = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
        status = int(pytest.main(["-x", "--tb=no", "-W", already, *tests]))
    finally:
        os._exit(status)


def _warm_up() -> None:
    """Load what no mutant changes, so that each process starts with it."""
    import hypothesis
    import pytest  # noqa: F401

    import patrol_scheduler.roster
    import patrol_scheduler.texts  # noqa: F401

    # A counterexample need not be made small here.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutation", phases=phases)
    hypothesis.settings.load_profile("mutation")


def reasons() -> dict[tuple[str, str, str], str]:
    """Why a survivor means the same as the original, by module, line and change."""
    if not REASONS.exists():
        return {}
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("equivalent", [])
    return {(e["module"], e["source"], e["change"]): e["reason"] for e in entries}


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
    _warm_up()
    names = sorted(only or (path.stem for path in RULES.glob("*.py")))
    whole = compile((RULES / "base.py").read_text("utf-8"), "base.py", "exec", dont_inherit=True)
    if noticed(Mutant("base", 0, "", "", marshal.dumps(whole))):
        print("the tests of the rules fail without any change")
        return 1
    todo = [mutant for name in names for mutant in mutants(name)]
    known = {key: why for key, why in reasons().items() if key[0] in names}
    began = time.monotonic()
    survivors = []
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for mutant, dead in zip(todo, pool.imap(noticed, todo), strict=True):
            if not dead:
                survivors.append(mutant)
                if mutant.key not in known:
                    print(f"survived  {mutant.module}.py:{mutant.line}  {mutant.source}")
                    print(f"          {mutant.change}", flush=True)
    without = [mutant for mutant in survivors if mutant.key not in known]
    stale = [key for key in known if key not in {mutant.key for mutant in survivors}]
    for module, source, change in stale:
        print(f"needless reason  {module}.py  {source}")
        print(f"                 {change}")
    print(
        f"{len(todo)} mutants, {len(survivors)} survivors, {len(without)} without a reason, "
        f"{len(stale)} needless reasons, {time.monotonic() - began:.0f} s"
    )
    return 1 if without or stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
